/* lodge-definition-resources.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-definition-resources-private.h"
#include "lodge-xml-private.h"

/*
 * LodgeResourceDefinition:
 *
 * What a domain's XML says of its memory and cores (formatdomain.html), which
 * anybody may have written: whatever is missing or strange is read as absent.
 */

static guint
read_uint (xmlNode    *node,
           const char *attribute,
           guint       otherwise)
{
  return MIN (lodge_xml_read_number (node, attribute, otherwise), G_MAXUINT);
}

/* 0 or -1 mean that there is none. */
static gint64
read_signed (xmlNode *node)
{
  g_autofree char *text = lodge_xml_dup_text (node);
  gint64 number;

  if (text == NULL || !g_ascii_string_to_signed (text, 10, -1, G_MAXINT64, &number, NULL))
    return 0;

  return number;
}

static void
memory_device_free (gpointer data)
{
  LodgeMemoryDevice *device = data;

  g_free (device->alias);
  g_free (device);
}

static void
read_memory_devices (LodgeResourceDefinition *self,
                     xmlNode                 *devices)
{
  xmlNode *node = lodge_xml_child (devices, "memory");

  for (; node != NULL; node = lodge_xml_next (node->next, "memory"))
    {
      xmlNode *target = lodge_xml_child (node, "target");
      LodgeMemoryDevice *device;

      if (!lodge_xml_attribute_is (node, "model", "virtio-mem"))
        {
          self->other_devices++;
          continue;
        }

      device = g_new0 (LodgeMemoryDevice, 1);
      device->alias = lodge_xml_dup_attribute (lodge_xml_child (node, "alias"), "name");
      device->size = lodge_xml_read_kib (lodge_xml_child (target, "size"));
      device->block = MAX (lodge_xml_read_kib (lodge_xml_child (target, "block")), 1);
      device->requested = lodge_xml_read_kib (lodge_xml_child (target, "requested"));
      device->current = lodge_xml_read_kib (lodge_xml_child (target, "current"));
      g_ptr_array_add (self->devices, device);
    }
}

static void
read_vcpus (LodgeResourceDefinition *self,
            xmlNode                 *domain)
{
  xmlNode *vcpu = lodge_xml_child (domain, "vcpu");
  xmlNode *topology = lodge_xml_child (lodge_xml_child (domain, "cpu"), "topology");
  xmlNode *each = lodge_xml_child (lodge_xml_child (domain, "vcpus"), "vcpu");

  self->vcpus_maximum = read_uint (vcpu, NULL, 0);
  self->vcpus = read_uint (vcpu, "current", self->vcpus_maximum);

  for (; each != NULL; each = lodge_xml_next (each->next, "vcpu"))
    {
      if (lodge_xml_attribute_is (each, "enabled", "yes") &&
          lodge_xml_attribute_is (each, "hotpluggable", "yes"))
        self->vcpus_removable++;
    }

  if (topology != NULL)
    {
      self->sockets = read_uint (topology, "sockets", 1);
      self->dies = read_uint (topology, "dies", 1);
      self->cores = read_uint (topology, "cores", 1);
      self->threads = read_uint (topology, "threads", 1);
    }
}

/* Whether one of the elements called @name binds memory to a place. Strict is what libvirt takes where
 * nothing is said.
 */
static gboolean
is_bound (xmlNode    *numa,
          const char *name)
{
  xmlNode *node = lodge_xml_child (numa, name);

  for (; node != NULL; node = lodge_xml_next (node->next, name))
    {
      if (lodge_xml_attribute_is (node, "mode", NULL) ||
          lodge_xml_attribute_is (node, "mode", "strict") ||
          lodge_xml_attribute_is (node, "mode", "restrictive"))
        return TRUE;
    }

  return FALSE;
}

static void
read_tuning (LodgeResourceDefinition *self,
             xmlNode                 *domain)
{
  xmlNode *tune = lodge_xml_child (domain, "cputune");
  xmlNode *backing = lodge_xml_child (domain, "memoryBacking");
  xmlNode *numa = lodge_xml_child (domain, "numatune");

  self->shares = lodge_xml_read_number (lodge_xml_child (tune, "shares"), NULL, 0);
  self->global_quota = read_signed (lodge_xml_child (tune, "global_quota"));
  self->global_period = lodge_xml_read_number (lodge_xml_child (tune, "global_period"), NULL, 0);
  self->quota = read_signed (lodge_xml_child (tune, "quota"));
  self->period = lodge_xml_read_number (lodge_xml_child (tune, "period"), NULL, 0);
  self->locked = lodge_xml_child (backing, "locked") != NULL;
  self->huge_pages = lodge_xml_child (backing, "hugepages") != NULL;
  self->pinned = is_bound (numa, "memory") || is_bound (numa, "memnode");
}

static void
read_balloon (LodgeResourceDefinition *self,
              xmlNode                 *devices)
{
  xmlNode *balloon = lodge_xml_child (devices, "memballoon");
  g_autofree char *model = lodge_xml_dup_attribute (balloon, "model");

  /* QEMU's driver writes one into each definition; that for tests has memory which follows. */
  self->has_balloon = model != NULL ? g_str_has_prefix (model, "virtio")
                                    : g_strcmp0 (self->type, "test") == 0;
  self->deflates = lodge_xml_attribute_is (balloon, "autodeflate", "on");
  self->reports = lodge_xml_attribute_is (balloon, "freePageReporting", "on");
  self->balloon_period = read_uint (lodge_xml_child (balloon, "stats"), "period", 0);
}

/* A PCI device reads and writes the guest's memory by itself, so all of it stays where it is. */
static void
read_passthrough (LodgeResourceDefinition *self,
                  xmlNode                 *devices)
{
  xmlNode *node = lodge_xml_child (devices, "hostdev");

  for (; node != NULL; node = lodge_xml_next (node->next, "hostdev"))
    {
      if (lodge_xml_attribute_is (node, "type", "pci") ||
          lodge_xml_attribute_is (node, "type", "mdev"))
        self->passthrough = TRUE;
    }

  node = lodge_xml_child (devices, "interface");
  for (; node != NULL; node = lodge_xml_next (node->next, "interface"))
    {
      if (lodge_xml_attribute_is (node, "type", "hostdev") ||
          lodge_xml_attribute_is (node, "type", "vdpa"))
        self->passthrough = TRUE;
    }
}

static void
read_agent (LodgeResourceDefinition *self,
            xmlNode                 *devices)
{
  xmlNode *node = lodge_xml_child (devices, "channel");

  for (; node != NULL; node = lodge_xml_next (node->next, "channel"))
    {
      xmlNode *target = lodge_xml_child (node, "target");

      if (!lodge_xml_attribute_is (target, "name", "org.qemu.guest_agent.0"))
        continue;

      self->has_agent = TRUE;
      self->agent_connected |= lodge_xml_attribute_is (target, "state", "connected");
    }
}

static guint
count_cells (xmlNode *domain)
{
  xmlNode *numa = lodge_xml_child (lodge_xml_child (domain, "cpu"), "numa");
  xmlNode *cell = lodge_xml_child (numa, "cell");
  guint n = 0;

  for (; cell != NULL; cell = lodge_xml_next (cell->next, "cell"))
    n++;

  return n;
}

/* Returns NULL with @error set only for text that is no domain's XML. */
LodgeResourceDefinition *
lodge_resource_definition_parse (const char  *xml,
                                 GError     **error)
{
  g_autoptr(xmlDoc) document = NULL;
  LodgeResourceDefinition *self;
  xmlNode *domain, *devices, *current, *os_type;

  g_return_val_if_fail (xml != NULL, NULL);

  if ((document = lodge_xml_parse_domain (xml, error)) == NULL)
    return NULL;

  domain = xmlDocGetRootElement (document);
  devices = lodge_xml_child (domain, "devices");
  current = lodge_xml_child (domain, "currentMemory");
  os_type = lodge_xml_child (lodge_xml_child (domain, "os"), "type");

  self = g_new0 (LodgeResourceDefinition, 1);
  self->devices = g_ptr_array_new_with_free_func (memory_device_free);
  self->type = lodge_xml_dup_attribute (domain, "type");
  self->arch = lodge_xml_dup_attribute (os_type, "arch");
  self->machine = lodge_xml_dup_attribute (os_type, "machine");
  self->has_acpi = lodge_xml_child (lodge_xml_child (domain, "features"), "acpi") != NULL;
  self->memory = lodge_xml_read_kib (lodge_xml_child (domain, "memory"));
  self->current = current != NULL ? lodge_xml_read_kib (current) : self->memory;
  self->hotplug_maximum = lodge_xml_read_kib (lodge_xml_child (domain, "maxMemory"));
  self->cells = count_cells (domain);
  read_memory_devices (self, devices);
  read_vcpus (self, domain);
  read_tuning (self, domain);
  read_balloon (self, devices);
  read_passthrough (self, devices);
  read_agent (self, devices);

  return self;
}

void
lodge_resource_definition_free (LodgeResourceDefinition *self)
{
  g_clear_pointer (&self->devices, g_ptr_array_unref);
  g_free (self->arch);
  g_free (self->machine);
  g_free (self->type);
  g_free (self);
}

/* KiB that virtio-mem can add. */
guint64
lodge_resource_definition_get_pluggable (const LodgeResourceDefinition *self)
{
  guint64 sum = 0;

  for (guint i = 0; i < self->devices->len; i++)
    sum += ((LodgeMemoryDevice *)g_ptr_array_index (self->devices, i))->size;

  return sum;
}

/* KiB that virtio-mem has added if @live, or is to add. */
guint64
lodge_resource_definition_get_plugged (const LodgeResourceDefinition *self,
                                       gboolean                       live)
{
  guint64 sum = 0;

  for (guint i = 0; i < self->devices->len; i++)
    {
      LodgeMemoryDevice *device = g_ptr_array_index (self->devices, i);

      sum += live ? device->current : device->requested;
    }

  return sum;
}

/* KiB that it boots with when nothing is taken by the balloon. */
guint64
lodge_resource_definition_get_boot (const LodgeResourceDefinition *self)
{
  guint64 pluggable = lodge_resource_definition_get_pluggable (self);

  return self->memory > pluggable ? self->memory - pluggable : self->memory;
}

/* The element of the virtio-mem device called @alias, asking for @requested KiB, as
 * virDomainUpdateDeviceFlags() takes it. @alias: (nullable): in a stored definition there may be
 * none; then it is the device at @index.
 */
char *
lodge_definition_request_memory (const char *xml,
                                 const char *alias,
                                 guint       index,
                                 guint64     requested)
{
  g_autoptr(xmlDoc) document = lodge_xml_parse_domain (xml, NULL);
  xmlNode *devices, *node, *target;

  if (document == NULL)
    return NULL;

  devices = lodge_xml_child (xmlDocGetRootElement (document), "devices");
  node = lodge_xml_child (devices, "memory");
  for (; node != NULL; node = lodge_xml_next (node->next, "memory"))
    {
      if (!lodge_xml_attribute_is (node, "model", "virtio-mem"))
        continue;
      if (alias != NULL ? lodge_xml_attribute_is (lodge_xml_child (node, "alias"), "name", alias)
                        : index-- == 0)
        break;
    }

  if ((target = lodge_xml_child (node, "target")) == NULL)
    return NULL;

  lodge_xml_set_kib (lodge_xml_ensure (target, "requested"), requested);
  lodge_xml_remove (lodge_xml_child (target, "current"));

  return lodge_xml_dump (node);
}
