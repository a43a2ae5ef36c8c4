/* lodge-usb-read.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lodge-error.h"
#include "lodge-usb-facts-private.h"

/*
 * Reads what the kernel knows of a device. It read the strings when the
 * device was plugged in, so that nothing here talks to the device; but it may
 * have to wait while the kernel does.
 */

/* A device that is plugged out and in again while it is read is read again. */
#define MOST_READINGS 3

static char *
read_attribute (const char *folder,
                const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *contents = NULL;
  gsize length;

  if (!g_file_get_contents (path, &contents, &length, NULL))
    return NULL;

  if (length > 0 && contents[length - 1] == '\n')
    contents[length - 1] = '\0';

  return g_steal_pointer (&contents);
}

static gboolean
read_number (const char *folder,
             const char *name,
             guint       base,
             guint       most,
             guint      *number)
{
  g_autofree char *text = read_attribute (folder, name);
  guint64 value;

  if (text == NULL || !g_ascii_string_to_unsigned (g_strstrip (text), base, 0, most, &value, NULL))
    return FALSE;

  *number = value;

  return TRUE;
}

/* What a symbolic link in sysfs points to, by its last name. */
static char *
read_link (const char *folder,
           const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *target = g_file_read_link (path, NULL);

  return target != NULL ? g_path_get_basename (target) : NULL;
}

static gboolean
has_child (const char *folder,
           const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_IS_DIR);
}

static guint
read_reports (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "report_descriptor", NULL);
  g_autofree char *contents = NULL;
  gsize length;

  if (!g_file_get_contents (path, &contents, &length, NULL))
    return 0;

  return lodge_usb_report_parse ((const guint8 *)contents, length);
}

static void
read_interface (LodgeUsbFacts *facts,
                const char    *name)
{
  g_autofree char *folder = g_build_filename (facts->sysfs_path, name, NULL);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  LodgeUsbInterface *interface;
  guint number, class, subclass, protocol;
  const char *child;

  if (dir == NULL ||
      !read_number (folder, "bInterfaceNumber", 16, G_MAXUINT8, &number) ||
      !read_number (folder, "bInterfaceClass", 16, G_MAXUINT8, &class) ||
      !read_number (folder, "bInterfaceSubClass", 16, G_MAXUINT8, &subclass) ||
      !read_number (folder, "bInterfaceProtocol", 16, G_MAXUINT8, &protocol))
    return;

  interface = lodge_usb_facts_add_interface (facts);
  interface->number = number;
  interface->class = class;
  interface->subclass = subclass;
  interface->protocol = protocol;
  interface->driver = read_link (folder, "driver");
  interface->label = read_attribute (folder, "interface");
  interface->has_network = has_child (folder, "net");
  interface->has_serial = has_child (folder, "tty");

  while ((child = g_dir_read_name (dir)) != NULL)
    {
      if (g_str_has_prefix (child, "ttyUSB"))
        interface->has_serial = TRUE;

      if (class == 0x03 && strlen (child) > 4 && child[4] == ':')
        {
          g_autofree char *reports = g_build_filename (folder, child, NULL);

          interface->reports |= read_reports (reports);
        }
    }
}

static int
compare_interfaces (gconstpointer a,
                    gconstpointer b)
{
  const LodgeUsbInterface *one = *(LodgeUsbInterface * const *)a;
  const LodgeUsbInterface *other = *(LodgeUsbInterface * const *)b;

  return (int)one->number - (int)other->number;
}

static void
read_interfaces (LodgeUsbFacts *facts)
{
  g_autofree char *prefix = g_strconcat (facts->port, ":", NULL);
  g_autoptr(GDir) dir = g_dir_open (facts->sysfs_path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      if (g_str_has_prefix (name, prefix))
        read_interface (facts, name);
    }

  g_ptr_array_sort (facts->interfaces, compare_interfaces);
}

/* The number of a bus depends on which controller the kernel found first, so that a place is named
 * by the controller. Its ports for USB 2 and 3 are counted from one each.
 */
static char *
find_place (const char *sysfs_path,
            const char *port)
{
  g_auto(GStrv) names = g_strsplit (sysfs_path, "/", -1);
  g_autoptr(GString) root = g_string_new (NULL);
  const char *ports = strchr (port, '-') + 1;

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *controller = NULL;
      g_autofree char *version = NULL;
      g_autofree char *bus = NULL;
      guint64 number;

      if (i > 1 && g_str_has_prefix (names[i], "usb") &&
          g_ascii_string_to_unsigned (names[i] + 3, 10, 1, G_MAXUINT, &number, NULL))
        {
          controller = g_strdup (root->str);
          g_string_append_printf (root, "/%s", names[i]);
          bus = read_link (controller, "subsystem");
          version = read_attribute (root->str, "version");

          return g_strdup_printf ("%s-%s-usb%d-%s", bus != NULL ? bus : "bus", names[i - 1],
                                  version != NULL ? atoi (version) : 0, ports);
        }

      if (i > 0)
        g_string_append_c (root, '/');
      g_string_append (root, names[i]);
    }

  return g_strdup (port);
}

static gboolean
read_once (LodgeUsbFacts *facts)
{
  const char *folder = facts->sysfs_path;
  guint vendor, product, class = 0, address, number;
  g_autofree char *authorized = NULL;
  g_autofree char *driver = NULL;
  g_autofree char *speed = NULL;

  if (!read_number (folder, "devnum", 10, 255, &facts->address) ||
      !read_number (folder, "busnum", 10, 65535, &facts->bus) ||
      !read_number (folder, "idVendor", 16, G_MAXUINT16, &vendor) ||
      !read_number (folder, "idProduct", 16, G_MAXUINT16, &product))
    return FALSE;

  read_number (folder, "bDeviceClass", 16, G_MAXUINT8, &class);
  facts->vendor = vendor;
  facts->product = product;
  facts->class = class;
  facts->node = g_strdup_printf ("/dev/bus/usb/%03u/%03u", facts->bus, facts->address);
  facts->serial = read_attribute (folder, "serial");
  facts->vendor_name = read_attribute (folder, "manufacturer");
  facts->product_name = read_attribute (folder, "product");
  speed = read_attribute (folder, "speed");
  facts->speed = speed != NULL ? (guint)CLAMP (g_ascii_strtod (speed, NULL), 0, 1e6) * 1000 : 0;
  if (speed != NULL && g_str_has_prefix (speed, "1.5"))
    facts->speed = 1500;
  authorized = read_attribute (folder, "authorized");
  facts->authorized = g_strcmp0 (authorized, "0") != 0;
  facts->configured = read_number (folder, "bConfigurationValue", 10, 255, &number) && number > 0;
  driver = read_link (folder, "driver");
  facts->bound = driver != NULL;
  read_interfaces (facts);

  return read_number (folder, "devnum", 10, 255, &address) && address == facts->address;
}

/* Whether @name, in sysfs, is that of a device and not of an interface or of a controller's own hub. */
gboolean
lodge_usb_is_port (const char *name)
{
  const char *dash = strchr (name, '-');

  return dash != NULL && dash > name && g_ascii_isdigit (dash[1]) &&
         strspn (name, "0123456789") == (gsize)(dash - name) &&
         strspn (dash + 1, "0123456789.") == strlen (dash + 1);
}

/**
 * lodge_usb_read_device:
 * @sysfs: where sysfs is, "/sys"
 * @port: a device's name there, "3-1.2"
 * @error: return location
 *
 * May block while the kernel sets the device up.
 *
 * Returns: (transfer full): facts, or null with %LODGE_ERROR_GONE
 */
LodgeUsbFacts *
lodge_usb_read_device (const char  *sysfs,
                       const char  *port,
                       GError     **error)
{
  g_return_val_if_fail (lodge_usb_is_port (port), NULL);

  for (guint i = 0; i < MOST_READINGS; i++)
    {
      g_autofree char *link = g_build_filename (sysfs, "bus/usb/devices", port, NULL);
      g_autofree char *path = realpath (link, NULL);
      g_autoptr(LodgeUsbFacts) facts = NULL;

      if (path == NULL)
        break;

      facts = lodge_usb_facts_new ();
      facts->port = g_strdup (port);
      facts->sysfs_path = g_strdup (path);
      facts->place = find_place (path, port);

      if (read_once (facts))
        {
          lodge_usb_hwdb_look_up (facts->vendor, facts->product,
                                  &facts->vendor_known_as, &facts->product_known_as);
          return g_steal_pointer (&facts);
        }
    }

  g_set_error (error, LODGE_ERROR, LODGE_ERROR_GONE, "%s: not there any more", port);

  return NULL;
}

/**
 * lodge_usb_read_ports:
 * @sysfs: where sysfs is, "/sys"
 *
 * Returns: (transfer full) (nullable): the names of all devices that are plugged in, hubs, too;
 *   null if there is no USB bus
 */
GPtrArray *
lodge_usb_read_ports (const char *sysfs)
{
  g_autofree char *path = g_build_filename (sysfs, "bus/usb/devices", NULL);
  g_autoptr(GPtrArray) ports = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  gboolean has_bus = FALSE;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      has_bus |= g_str_has_prefix (name, "usb");

      if (lodge_usb_is_port (name))
        g_ptr_array_add (ports, g_strdup (name));
    }

  return has_bus || ports->len > 0 ? g_steal_pointer (&ports) : NULL;
}
