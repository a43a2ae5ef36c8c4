/* lodge-definition-usb.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-definition-usb-private.h"
#include "lodge-xml-private.h"

/*
 * LodgeUsbDefinition:
 *
 * What a domain's XML says of USB (formatdomain.html, "Controllers", "USB /
 * PCI / SCSI devices", "Redirected devices"), and what Lodge writes there.
 */

/* Numbers of vendors and products are written as 0x46f4, those of buses as 3. */
static guint
read_id (xmlNode    *node,
         const char *attribute)
{
  g_autofree char *text = lodge_xml_dup_attribute (node, attribute);
  char *end = NULL;
  guint64 number = text != NULL ? g_ascii_strtoull (text, &end, 0) : 0;

  return end != NULL && *end == '\0' && number <= G_MAXUINT16 ? number : 0;
}

static void
hostdev_free (gpointer data)
{
  LodgeUsbHostdev *hostdev = data;

  g_free (hostdev->alias);
  g_free (hostdev);
}

/* One that is missing is in the XML only. */
static void
read_hostdevs (LodgeUsbDefinition *self,
               xmlNode            *devices)
{
  xmlNode *node = lodge_xml_child (devices, "hostdev");

  for (; node != NULL; node = lodge_xml_next (node->next, "hostdev"))
    {
      xmlNode *source = lodge_xml_child (node, "source");
      xmlNode *address = lodge_xml_child (source, "address");
      LodgeUsbHostdev *hostdev;

      if (!lodge_xml_attribute_is (node, "type", "usb") || address == NULL ||
          lodge_xml_attribute_is (source, "missing", "yes"))
        continue;

      hostdev = g_new0 (LodgeUsbHostdev, 1);
      hostdev->alias = lodge_xml_dup_attribute (lodge_xml_child (node, "alias"), "name");
      hostdev->bus = read_id (address, "bus");
      hostdev->address = read_id (address, "device");
      hostdev->vendor = read_id (lodge_xml_child (source, "vendor"), "id");
      hostdev->product = read_id (lodge_xml_child (source, "product"), "id");

      if (self->hostdevs == NULL)
        self->hostdevs = g_ptr_array_new_with_free_func (hostdev_free);
      g_ptr_array_add (self->hostdevs, hostdev);
    }
}

/* As many as libvirt reckons with (virDomainUSBAddressControllerModelToPorts). */
static guint
count_ports (xmlNode *controller)
{
  g_autofree char *model = lodge_xml_dup_attribute (controller, "model");

  if (g_strcmp0 (model, "none") == 0)
    return 0;

  if (model != NULL && g_str_has_suffix (model, "-xhci"))
    return lodge_xml_read_number (controller, "ports", 4);

  if (model != NULL && strstr (model, "ehci") != NULL)
    return 6;

  return 2;
}

static xmlNode *
find_controller (xmlNode *devices,
                 guint   *ports)
{
  xmlNode *node = lodge_xml_child (devices, "controller");
  xmlNode *best = NULL;

  *ports = 0;

  for (; node != NULL; node = lodge_xml_next (node->next, "controller"))
    {
      if (lodge_xml_attribute_is (node, "type", "usb") &&
          (best == NULL || count_ports (node) > *ports))
        {
          best = node;
          *ports = count_ports (node);
        }
    }

  return best;
}

static guint
count (xmlNode    *devices,
       const char *name,
       const char *attribute,
       const char *value)
{
  guint n = 0;

  for (xmlNode *node = lodge_xml_child (devices, name); node; node = lodge_xml_next (node->next, name))
    n += lodge_xml_attribute_is (node, attribute, value);

  return n;
}

/* @self: all zero; to be cleared */
void
lodge_usb_definition_read (LodgeUsbDefinition *self,
                           xmlNode            *domain)
{
  xmlNode *devices = lodge_xml_child (domain, "devices");

  g_return_if_fail (self != NULL);

  find_controller (devices, &self->ports);
  self->redirections = count (devices, "redirdev", "bus", "usb");
  self->has_spice = count (devices, "graphics", "type", "spice") > 0;

  /* Of a domain that does not run, these are wishes. */
  if (xmlHasProp (domain, (const xmlChar *)"id"))
    read_hostdevs (self, devices);
}

void
lodge_usb_definition_clear (LodgeUsbDefinition *self)
{
  g_clear_pointer (&self->hostdevs, g_ptr_array_unref);
}

static gboolean
hostdev_equal (const LodgeUsbHostdev *a,
               const LodgeUsbHostdev *b)
{
  return g_strcmp0 (a->alias, b->alias) == 0 && a->bus == b->bus && a->address == b->address &&
         a->vendor == b->vendor && a->product == b->product;
}

gboolean
lodge_usb_definition_equal (const LodgeUsbDefinition *self,
                            const LodgeUsbDefinition *other)
{
  guint n = self->hostdevs != NULL ? self->hostdevs->len : 0;

  if (self->ports != other->ports || self->redirections != other->redirections ||
      self->has_spice != other->has_spice ||
      n != (other->hostdevs != NULL ? other->hostdevs->len : 0))
    return FALSE;

  for (guint i = 0; i < n; i++)
    {
      if (!hostdev_equal (g_ptr_array_index (self->hostdevs, i),
                          g_ptr_array_index (other->hostdevs, i)))
        return FALSE;
    }

  return TRUE;
}

/* libvirt looks that a device with these numbers is at this place, and takes no other. */
char *
lodge_usb_hostdev_build_xml (const LodgeUsbHostdev *self)
{
  g_return_val_if_fail (self != NULL && self->alias != NULL, NULL);

  return g_strdup_printf ("<hostdev mode='subsystem' type='usb'>"
                          "<source startupPolicy='mandatory'>"
                          "<vendor id='0x%04x'/><product id='0x%04x'/>"
                          "<address bus='%u' device='%u'/>"
                          "</source>"
                          "<alias name='%s'/>"
                          "</hostdev>",
                          self->vendor, self->product, self->bus, self->address, self->alias);
}

static guint
find_free_index (xmlNode *devices)
{
  xmlNode *node = lodge_xml_child (devices, "controller");
  guint index = 0;

  for (; node != NULL; node = lodge_xml_next (node->next, "controller"))
    {
      if (lodge_xml_attribute_is (node, "type", "usb"))
        index = MAX (index, lodge_xml_read_number (node, "index", 0) + 1);
    }

  return index;
}

/* What is plugged into the controllers that are there stays where it is: an xHCI controller grows,
 * "none" becomes one, and beside all others there is one more.
 */
static void
add_controller (xmlNode *devices)
{
  guint ports;
  xmlNode *node = find_controller (devices, &ports);
  g_autofree char *model = lodge_xml_dup_attribute (node, "model");
  gboolean is_xhci = model != NULL && g_str_has_suffix (model, "-xhci");

  if (is_xhci && ports >= LODGE_USB_PORTS)
    return;

  if (node == NULL || (!is_xhci && ports > 0))
    {
      guint index = find_free_index (devices);

      node = lodge_xml_insert_after (devices, node, "controller");
      lodge_xml_set_attribute (node, "type", "usb");
      lodge_xml_set_number (node, "index", index);
    }

  if (!is_xhci)
    lodge_xml_set_attribute (node, "model", "qemu-xhci");

  lodge_xml_set_number (node, "ports", LODGE_USB_PORTS);
}

/**
 * lodge_definition_add_usb:
 * @xml: the XML of a domain
 * @error: return location for an error
 *
 * Gives the domain an xHCI controller with all its ports and, if it has a
 * SPICE screen, ways for redirected devices. What is there stays.
 *
 * Returns: (transfer full) (nullable): new XML, or null with @error set for what is no domain
 */
char *
lodge_definition_add_usb (const char  *xml,
                          GError     **error)
{
  g_autoptr(xmlDoc) document = NULL;
  xmlNode *devices, *last = NULL;

  g_return_val_if_fail (xml != NULL, NULL);

  if ((document = lodge_xml_parse_domain (xml, error)) == NULL)
    return NULL;

  devices = lodge_xml_ensure (xmlDocGetRootElement (document), "devices");
  add_controller (devices);

  for (xmlNode *node = devices->children; node != NULL; node = node->next)
    {
      if (node->type == XML_ELEMENT_NODE)
        last = node;
    }

  if (count (devices, "graphics", "type", "spice") > 0)
    {
      for (guint n = count (devices, "redirdev", "bus", "usb"); n < LODGE_USB_REDIRECTIONS; n++)
        {
          last = lodge_xml_insert_after (devices, last, "redirdev");
          lodge_xml_set_attribute (last, "bus", "usb");
          lodge_xml_set_attribute (last, "type", "spicevmc");
        }
    }

  return lodge_xml_serialize (document);
}
