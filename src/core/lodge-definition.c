/* lodge-definition.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-definition-private.h"
#include "lodge-xml-private.h"

/*
 * LodgeDefinition:
 *
 * What Lodge wants to know of a domain's XML, which anybody may have written.
 * Whatever is missing or strange is read as absent; only text that is not the
 * XML of a domain at all is an error.
 */

static guint
read_vcpus (xmlNode *node)
{
  g_autofree char *current = lodge_xml_dup_attribute (node, "current");
  g_autofree char *maximum = lodge_xml_dup_text (node);
  const char *text = current != NULL ? current : maximum;
  guint64 number;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT, &number, NULL))
    return 0;

  return number;
}

/* A port of -1 is one that libvirt will choose at start. */
static guint16
read_port (xmlNode    *node,
           const char *attribute)
{
  g_autofree char *text = lodge_xml_dup_attribute (node, attribute);
  guint64 port;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &port, NULL))
    return 0;

  return port;
}

static void
read_listen (LodgeGraphics *graphics,
             xmlNode       *node)
{
  xmlNode *listen = lodge_xml_child (node, "listen");
  g_autofree char *type = lodge_xml_dup_attribute (listen, "type");

  if ((graphics->socket = lodge_xml_dup_attribute (node, "socket")) != NULL)
    graphics->listen = LODGE_LISTEN_SOCKET;
  else if (g_strcmp0 (type, "socket") == 0)
    {
      graphics->listen = LODGE_LISTEN_SOCKET;
      graphics->socket = lodge_xml_dup_attribute (listen, "socket");
    }
  else if (g_strcmp0 (type, "none") == 0)
    graphics->listen = LODGE_LISTEN_NONE;
  else
    {
      /* For a listen of type network, libvirt tells the address while the guest runs. */
      graphics->listen = LODGE_LISTEN_ADDRESS;
      graphics->address = lodge_xml_dup_attribute (listen, "address");
      if (graphics->address == NULL)
        graphics->address = lodge_xml_dup_attribute (node, "listen");
    }

  if (graphics->address != NULL && *graphics->address == '\0')
    g_clear_pointer (&graphics->address, g_free);
}

static LodgeGraphicsType
graphics_type (xmlNode *node)
{
  if (lodge_xml_attribute_is (node, "type", "spice"))
    return LODGE_GRAPHICS_SPICE;

  if (lodge_xml_attribute_is (node, "type", "vnc"))
    return LODGE_GRAPHICS_VNC;

  /* Only makes QEMU render; there is nothing to connect to. */
  if (lodge_xml_attribute_is (node, "type", "egl-headless"))
    return LODGE_GRAPHICS_NONE;

  return LODGE_GRAPHICS_OTHER;
}

/* The better of two screens: SPICE before VNC before anything else. */
static gboolean
is_better (LodgeGraphicsType type,
           LodgeGraphicsType than)
{
  if (type == LODGE_GRAPHICS_NONE)
    return FALSE;

  return than == LODGE_GRAPHICS_NONE || type < than;
}

static void
read_graphics (LodgeGraphics *graphics,
               xmlNode       *devices)
{
  xmlNode *node = lodge_xml_child (devices, "graphics");
  xmlNode *best = NULL;

  for (guint i = 0; node != NULL; i++, node = lodge_xml_next (node->next, "graphics"))
    {
      if (is_better (graphics_type (node), graphics->type))
        {
          graphics->type = graphics_type (node);
          graphics->index = i;
          best = node;
        }
    }

  if (best == NULL)
    return;

  graphics->port = read_port (best, "port");
  graphics->tls_port = read_port (best, "tlsPort");
  graphics->has_password = xmlHasProp (best, (const xmlChar *)"passwd") != NULL;
  read_listen (graphics, best);
}

/* Libvirt opens a console only where a pty is behind it. A serial port and the console that is the
 * same are one; the port has the alias.
 */
static void
read_consoles (LodgeDefinition *self,
               xmlNode         *devices,
               const char      *kind)
{
  for (xmlNode *node = lodge_xml_child (devices, kind); node; node = lodge_xml_next (node->next, kind))
    {
      if (!lodge_xml_attribute_is (node, "type", "pty"))
        continue;

      self->has_console = TRUE;
      if (self->console == NULL)
        self->console = lodge_xml_dup_attribute (lodge_xml_child (node, "alias"), "name");
    }
}

static void
read_channels (LodgeDefinition *self,
               xmlNode         *devices)
{
  xmlNode *node = lodge_xml_child (devices, "channel");

  for (; node != NULL; node = lodge_xml_next (node->next, "channel"))
    {
      xmlNode *target = lodge_xml_child (node, "target");

      if (lodge_xml_attribute_is (target, "name", "com.redhat.spice.0"))
        self->has_agent_channel = TRUE;
      else if (lodge_xml_attribute_is (target, "name", "org.qemu.guest_agent.0"))
        self->agent_connected |= lodge_xml_attribute_is (target, "state", "connected");
    }
}

static guint64
read_number (xmlNode    *node,
             const char *attribute)
{
  g_autofree char *text = lodge_xml_dup_attribute (node, attribute);
  guint64 number;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT32, &number, NULL))
    return 0;

  return number;
}

/* Of what is on this computer; those in pools are known by names only. */
static char **
read_discs (xmlNode *devices)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (xmlNode *node = lodge_xml_child (devices, "disk"); node; node = lodge_xml_next (node->next, "disk"))
    {
      xmlNode *source = lodge_xml_child (node, "source");
      g_autofree char *file = lodge_xml_dup_attribute (source, "file");
      g_autofree char *device = lodge_xml_dup_attribute (source, "dev");
      const char *path = file != NULL ? file : device;

      if (path != NULL && g_path_is_absolute (path))
        g_strv_builder_add (builder, path);
    }

  return g_strv_builder_end (builder);
}

/* What of its devices has to do with the host's memory. */
static void
read_footprint (LodgeDefinition *self,
                xmlNode         *devices)
{
  xmlNode *balloon = lodge_xml_child (devices, "memballoon");
  xmlNode *node;

  self->has_balloon = balloon != NULL && !lodge_xml_attribute_is (balloon, "model", "none");
  self->balloon_period = read_number (lodge_xml_child (balloon, "stats"), "period");

  /* In KiB (formatdomain.html, "Video devices"). QXL's VGA memory is a part of its RAM. */
  for (node = lodge_xml_child (devices, "video"); node; node = lodge_xml_next (node->next, "video"))
    {
      xmlNode *model = lodge_xml_child (node, "model");
      guint64 ram = MAX (read_number (model, "ram"), read_number (model, "vgamem"));

      self->video_memory += ram + MAX (read_number (model, "vram"), read_number (model, "vram64"));
    }

  for (node = lodge_xml_child (devices, "memory"); node; node = lodge_xml_next (node->next, "memory"))
    {
      xmlNode *target = lodge_xml_child (node, "target");

      self->plugged += lodge_xml_read_kib (lodge_xml_child (target, "current"));
      self->plugging += lodge_xml_read_kib (lodge_xml_child (target, "requested"));
    }
}

/* Whether QEMU got processors besides those of its command line: they are plugged in later, also
 * where that was before the guest's first instruction.
 */
static gboolean
has_plugged_vcpus (xmlNode *domain)
{
  xmlNode *node = lodge_xml_child (lodge_xml_child (domain, "vcpus"), "vcpu");

  if (!xmlHasProp (domain, (const xmlChar *)"id"))
    return FALSE;

  for (; node != NULL; node = lodge_xml_next (node->next, "vcpu"))
    {
      if (lodge_xml_attribute_is (node, "enabled", "yes") && lodge_xml_attribute_is (node, "hotpluggable", "yes"))
        return TRUE;
    }

  return FALSE;
}

static void
read_domain (LodgeDefinition *self,
             xmlNode         *domain)
{
  xmlNode *devices = lodge_xml_child (domain, "devices");
  xmlNode *current = lodge_xml_child (domain, "currentMemory");

  self->type = lodge_xml_dup_attribute (domain, "type");
  self->name = lodge_xml_dup_text (lodge_xml_child (domain, "name"));
  self->title = lodge_xml_dup_text (lodge_xml_child (domain, "title"));
  self->description = lodge_xml_dup_text (lodge_xml_child (domain, "description"));
  self->maximum_memory = lodge_xml_read_kib (lodge_xml_child (domain, "memory"));
  self->memory = current != NULL ? lodge_xml_read_kib (current) : self->maximum_memory;
  self->vcpus = read_vcpus (lodge_xml_child (domain, "vcpu"));
  self->cores_changed = has_plugged_vcpus (domain);
  read_consoles (self, devices, "serial");
  read_consoles (self, devices, "console");
  self->has_sound = lodge_xml_child (devices, "sound") != NULL;
  read_channels (self, devices);
  read_footprint (self, devices);
  self->discs = read_discs (devices);
  read_graphics (&self->graphics, devices);
  lodge_usb_definition_read (&self->usb, domain);
  lodge_preferences_read (&self->preferences, lodge_xml_child (domain, "metadata"));
}

/* Returns NULL with @error set only for text that is no domain's XML. */
LodgeDefinition *
lodge_definition_parse (const char  *xml,
                        GError     **error)
{
  g_autoptr(LodgeDefinition) self = NULL;
  g_autoptr(xmlDoc) document = NULL;

  g_return_val_if_fail (xml != NULL, NULL);

  if ((document = lodge_xml_parse_domain (xml, error)) == NULL)
    return NULL;

  self = g_new0 (LodgeDefinition, 1);
  lodge_preferences_init (&self->preferences);
  read_domain (self, xmlDocGetRootElement (document));

  return g_steal_pointer (&self);
}

void
lodge_definition_free (LodgeDefinition *self)
{
  g_free (self->name);
  g_free (self->title);
  g_free (self->description);
  g_free (self->type);
  g_free (self->console);
  g_strfreev (self->discs);
  g_free (self->graphics.address);
  g_free (self->graphics.socket);
  lodge_usb_definition_clear (&self->usb);
  lodge_preferences_clear (&self->preferences);
  g_free (self);
}

/* Whether the processor is QEMU's software. */
gboolean
lodge_definition_is_emulated (LodgeDefinition *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_strcmp0 (self->type, "qemu") == 0;
}
