/* lodge-definition.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "lodge-definition-private.h"
#include "lodge-error.h"

/*
 * LodgeDefinition:
 *
 * What Lodge wants to know of a domain's XML, which anybody may have written.
 * Whatever is missing or strange is read as absent; only text that is not the
 * XML of a domain at all is an error.
 */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlDoc, xmlFreeDoc)

static xmlNode *
next_named (xmlNode    *node,
            const char *name)
{
  for (; node != NULL; node = node->next)
    {
      if (node->type == XML_ELEMENT_NODE && g_strcmp0 ((const char *)node->name, name) == 0)
        return node;
    }

  return NULL;
}

static xmlNode *
child_named (xmlNode    *parent,
             const char *name)
{
  return parent != NULL ? next_named (parent->children, name) : NULL;
}

static char *
dup_attribute (xmlNode    *node,
               const char *name)
{
  xmlChar *value = node != NULL ? xmlGetNoNsProp (node, (const xmlChar *)name) : NULL;
  char *copy = g_strdup ((const char *)value);

  xmlFree (value);

  return copy;
}

static gboolean
attribute_is (xmlNode    *node,
              const char *name,
              const char *expected)
{
  g_autofree char *value = dup_attribute (node, name);

  return g_strcmp0 (value, expected) == 0;
}

/* Null for an element that is missing or has nothing but blanks in it. */
static char *
dup_text (xmlNode *node)
{
  xmlChar *content;
  char *text;

  if (node == NULL)
    return NULL;

  content = xmlNodeGetContent (node);
  text = g_strdup ((const char *)content);
  xmlFree (content);

  if (text != NULL && *g_strstrip (text) == '\0')
    g_clear_pointer (&text, g_free);

  return text;
}

/* Bytes in the units of libvirt's scaledInteger (formatdomain.html, "Memory allocation"):
 * KB is 1,000 and KiB or K is 1,024; without a unit it is KiB.
 */
static guint64
unit_in_bytes (const char *unit)
{
  static const char letters[] = "KMGTPE";
  guint64 base = 1024, bytes = 1;
  const char *letter;

  if (unit == NULL || *unit == '\0')
    return 1024;

  if (g_ascii_strcasecmp (unit, "b") == 0 || g_ascii_strcasecmp (unit, "bytes") == 0)
    return 1;

  letter = strchr (letters, g_ascii_toupper (*unit));
  if (letter == NULL)
    return 1024;

  if (g_ascii_toupper (unit[1]) == 'B')
    base = 1000;

  for (const char *at = letters; at <= letter; at++)
    bytes *= base;

  return bytes;
}

static guint64
read_kib (xmlNode *node)
{
  g_autofree char *text = dup_text (node);
  g_autofree char *unit = dup_attribute (node, "unit");
  guint64 number, bytes;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, &number, NULL))
    return 0;

  if (!g_uint64_checked_mul (&bytes, number, unit_in_bytes (unit)))
    return G_MAXUINT64 / 1024;

  return bytes / 1024;
}

static guint
read_vcpus (xmlNode *node)
{
  g_autofree char *current = dup_attribute (node, "current");
  g_autofree char *maximum = dup_text (node);
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
  g_autofree char *text = dup_attribute (node, attribute);
  guint64 port;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &port, NULL))
    return 0;

  return port;
}

static void
read_listen (LodgeGraphics *graphics,
             xmlNode       *node)
{
  xmlNode *listen = child_named (node, "listen");
  g_autofree char *type = dup_attribute (listen, "type");

  if ((graphics->socket = dup_attribute (node, "socket")) != NULL)
    graphics->listen = LODGE_LISTEN_SOCKET;
  else if (g_strcmp0 (type, "socket") == 0)
    {
      graphics->listen = LODGE_LISTEN_SOCKET;
      graphics->socket = dup_attribute (listen, "socket");
    }
  else if (g_strcmp0 (type, "none") == 0)
    graphics->listen = LODGE_LISTEN_NONE;
  else
    {
      /* For a listen of type network, libvirt tells the address while the guest runs. */
      graphics->listen = LODGE_LISTEN_ADDRESS;
      graphics->address = dup_attribute (listen, "address");
      if (graphics->address == NULL)
        graphics->address = dup_attribute (node, "listen");
    }

  if (graphics->address != NULL && *graphics->address == '\0')
    g_clear_pointer (&graphics->address, g_free);
}

static LodgeGraphicsType
graphics_type (xmlNode *node)
{
  if (attribute_is (node, "type", "spice"))
    return LODGE_GRAPHICS_SPICE;

  if (attribute_is (node, "type", "vnc"))
    return LODGE_GRAPHICS_VNC;

  /* Only makes QEMU render; there is nothing to connect to. */
  if (attribute_is (node, "type", "egl-headless"))
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
  xmlNode *node = child_named (devices, "graphics");
  xmlNode *best = NULL;

  for (guint i = 0; node != NULL; i++, node = next_named (node->next, "graphics"))
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
  for (xmlNode *node = child_named (devices, kind); node; node = next_named (node->next, kind))
    {
      if (!attribute_is (node, "type", "pty"))
        continue;

      self->has_console = TRUE;
      if (self->console == NULL)
        self->console = dup_attribute (child_named (node, "alias"), "name");
    }
}

static void
read_channels (LodgeDefinition *self,
               xmlNode         *devices)
{
  xmlNode *node = child_named (devices, "channel");

  for (; node != NULL; node = next_named (node->next, "channel"))
    {
      xmlNode *target = child_named (node, "target");

      if (attribute_is (target, "name", "com.redhat.spice.0"))
        self->has_agent_channel = TRUE;
      else if (attribute_is (target, "name", "org.qemu.guest_agent.0"))
        self->agent_connected |= attribute_is (target, "state", "connected");
    }
}

static guint64
read_number (xmlNode    *node,
             const char *attribute)
{
  g_autofree char *text = dup_attribute (node, attribute);
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

  for (xmlNode *node = child_named (devices, "disk"); node; node = next_named (node->next, "disk"))
    {
      xmlNode *source = child_named (node, "source");
      g_autofree char *file = dup_attribute (source, "file");
      g_autofree char *device = dup_attribute (source, "dev");
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
  xmlNode *balloon = child_named (devices, "memballoon");
  xmlNode *node;

  self->has_balloon = balloon != NULL && !attribute_is (balloon, "model", "none");
  self->balloon_period = read_number (child_named (balloon, "stats"), "period");

  /* In KiB (formatdomain.html, "Video devices"). QXL's VGA memory is a part of its RAM. */
  for (node = child_named (devices, "video"); node; node = next_named (node->next, "video"))
    {
      xmlNode *model = child_named (node, "model");
      guint64 ram = MAX (read_number (model, "ram"), read_number (model, "vgamem"));

      self->video_memory += ram + MAX (read_number (model, "vram"), read_number (model, "vram64"));
    }

  for (node = child_named (devices, "memory"); node; node = next_named (node->next, "memory"))
    {
      xmlNode *target = child_named (node, "target");

      self->plugged += read_kib (child_named (target, "current"));
      self->plugging += read_kib (child_named (target, "requested"));
    }
}

/* Whether QEMU got processors besides those of its command line: they are plugged in later, also
 * where that was before the guest's first instruction.
 */
static gboolean
has_plugged_vcpus (xmlNode *domain)
{
  xmlNode *node = child_named (child_named (domain, "vcpus"), "vcpu");

  if (!xmlHasProp (domain, (const xmlChar *)"id"))
    return FALSE;

  for (; node != NULL; node = next_named (node->next, "vcpu"))
    {
      if (attribute_is (node, "enabled", "yes") && attribute_is (node, "hotpluggable", "yes"))
        return TRUE;
    }

  return FALSE;
}

static void
read_domain (LodgeDefinition *self,
             xmlNode         *domain)
{
  xmlNode *devices = child_named (domain, "devices");
  xmlNode *current = child_named (domain, "currentMemory");

  self->type = dup_attribute (domain, "type");
  self->id = dup_text (child_named (domain, "uuid"));
  self->name = dup_text (child_named (domain, "name"));
  self->title = dup_text (child_named (domain, "title"));
  self->description = dup_text (child_named (domain, "description"));
  self->maximum_memory = read_kib (child_named (domain, "memory"));
  self->memory = current != NULL ? read_kib (current) : self->maximum_memory;
  self->vcpus = read_vcpus (child_named (domain, "vcpu"));
  self->cores_changed = has_plugged_vcpus (domain);
  read_consoles (self, devices, "serial");
  read_consoles (self, devices, "console");
  self->has_sound = child_named (devices, "sound") != NULL;
  read_channels (self, devices);
  read_footprint (self, devices);
  self->discs = read_discs (devices);
  read_graphics (&self->graphics, devices);
  lodge_preferences_read (&self->preferences, child_named (domain, "metadata"));
}

/* Returns NULL with @error set only for text that is no domain's XML. */
LodgeDefinition *
lodge_definition_parse (const char  *xml,
                        GError     **error)
{
  g_autoptr(LodgeDefinition) self = NULL;
  g_autoptr(xmlDoc) document = NULL;
  xmlNode *root;

  g_return_val_if_fail (xml != NULL, NULL);

  document = xmlReadMemory (xml, strlen (xml), NULL, NULL,
                            (XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                             XML_PARSE_NOCDATA));
  root = document != NULL ? xmlDocGetRootElement (document) : NULL;

  if (root == NULL || g_strcmp0 ((const char *)root->name, "domain") != 0)
    {
      g_set_error_literal (error, LODGE_ERROR, LODGE_ERROR_INVALID, "not the XML of a domain");
      return NULL;
    }

  self = g_new0 (LodgeDefinition, 1);
  lodge_preferences_init (&self->preferences);
  read_domain (self, root);

  return g_steal_pointer (&self);
}

void
lodge_definition_free (LodgeDefinition *self)
{
  g_free (self->id);
  g_free (self->name);
  g_free (self->title);
  g_free (self->description);
  g_free (self->type);
  g_free (self->console);
  g_strfreev (self->discs);
  g_free (self->graphics.address);
  g_free (self->graphics.socket);
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
