/* test-usb-tree.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "test-usb-tree.h"

#define CONTROLLER "devices/pci0000:00/0000:00:14.0"
#define BUS        CONTROLLER "/usb3"

static void
remove_all (const char *path)
{
  if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK) && g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
      const char *name;

      while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *child = g_build_filename (path, name, NULL);

          remove_all (child);
        }
    }

  g_remove (path);
}

TestUsbTree *
test_usb_tree_new (void)
{
  TestUsbTree *self = g_new0 (TestUsbTree, 1);
  g_autoptr(GError) error = NULL;

  self->root = g_dir_make_tmp ("lodge-usb-XXXXXX", &error);
  g_assert_no_error (error);
  self->sysfs = g_build_filename (self->root, "sys", NULL);
  self->bus = g_build_filename (self->sysfs, BUS, NULL);

  test_usb_tree_write (self, BUS "/version", " 2.00\n", -1);
  test_usb_tree_write (self, "bus/usb/uevent", "", -1);
  test_usb_tree_link (self, CONTROLLER "/subsystem", "../../../bus/pci");
  test_usb_tree_link (self, "bus/usb/devices/usb3", "../../../" BUS);

  return self;
}

void
test_usb_tree_free (TestUsbTree *self)
{
  remove_all (self->root);
  g_free (self->root);
  g_free (self->sysfs);
  g_free (self->bus);
  g_free (self);
}

static char *
make_path (TestUsbTree *self,
           const char  *path)
{
  char *full = g_build_filename (self->sysfs, path, NULL);
  g_autofree char *folder = g_path_get_dirname (full);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);

  return full;
}

void
test_usb_tree_write (TestUsbTree *self,
                     const char  *path,
                     const void  *contents,
                     gssize       length)
{
  g_autofree char *full = make_path (self, path);
  g_autoptr(GError) error = NULL;

  /* Without waiting for the disc. */
  g_remove (full);
  g_file_set_contents_full (full, contents, length, G_FILE_SET_CONTENTS_NONE, 0644, &error);
  g_assert_no_error (error);
}

void
test_usb_tree_link (TestUsbTree *self,
                    const char  *path,
                    const char  *target)
{
  g_autofree char *full = make_path (self, path);

  if (symlink (target, full) < 0)
    g_assert_cmpint (errno, ==, EEXIST);
}

/* The folder of a device: each port but the last is a hub on the way. */
static char *
dup_folder (const char *port)
{
  g_autoptr(GString) folder = g_string_new (BUS);

  for (const char *at = strchr (port, '-') + 1; at != NULL; at = strchr (at + 1, '.'))
    {
      const char *end = strchr (at + 1, '.');

      g_string_append_printf (folder, "/%.*s",
                              (int)(end != NULL ? end - port : (gssize)strlen (port)), port);
    }

  return g_string_free (g_steal_pointer (&folder), FALSE);
}

void
test_usb_tree_set (TestUsbTree *self,
                   const char  *port,
                   const char  *attribute,
                   const char  *value)
{
  g_autofree char *folder = dup_folder (port);
  g_autofree char *path = g_build_filename (folder, attribute, NULL);
  g_autofree char *line = g_strconcat (value, "\n", NULL);

  test_usb_tree_write (self, path, line, -1);
}

/* Returns: (transfer full): its folder, below "sys" */
char *
test_usb_tree_add_device (TestUsbTree *self,
                          const char  *port,
                          guint        address,
                          guint        vendor,
                          guint        product)
{
  g_autofree char *folder = dup_folder (port);
  g_autofree char *link = g_build_filename ("bus/usb/devices", port, NULL);
  g_autofree char *target = g_build_filename ("../../..", folder, NULL);
  g_autofree char *driver = g_build_filename (folder, "driver", NULL);
  g_autofree char *number = g_strdup_printf ("%u", address);
  g_autofree char *vendor_text = g_strdup_printf ("%04x", vendor);
  g_autofree char *product_text = g_strdup_printf ("%04x", product);

  test_usb_tree_set (self, port, "busnum", "3");
  test_usb_tree_set (self, port, "devnum", number);
  test_usb_tree_set (self, port, "idVendor", vendor_text);
  test_usb_tree_set (self, port, "idProduct", product_text);
  test_usb_tree_set (self, port, "bDeviceClass", "00");
  test_usb_tree_set (self, port, "bConfigurationValue", "1");
  test_usb_tree_set (self, port, "authorized", "1");
  test_usb_tree_set (self, port, "speed", "480");
  test_usb_tree_link (self, driver, "/sys/bus/usb/drivers/usb");
  test_usb_tree_link (self, link, target);

  return g_steal_pointer (&folder);
}

/* @driver: (nullable). Returns: (transfer full): the interface's folder, below "sys" */
char *
test_usb_tree_add_interface (TestUsbTree *self,
                             const char  *port,
                             guint        number,
                             guint        class,
                             guint        subclass,
                             guint        protocol,
                             const char  *driver)
{
  g_autofree char *folder = dup_folder (port);
  g_autofree char *name = g_strdup_printf ("%s:1.%u", port, number);
  g_autofree char *interface = g_build_filename (folder, name, NULL);
  const struct { const char *name; guint value; } attributes[] = {
    { "bInterfaceNumber", number },
    { "bInterfaceClass", class },
    { "bInterfaceSubClass", subclass },
    { "bInterfaceProtocol", protocol },
  };

  for (guint i = 0; i < G_N_ELEMENTS (attributes); i++)
    {
      g_autofree char *path = g_build_filename (interface, attributes[i].name, NULL);
      g_autofree char *text = g_strdup_printf ("%02x\n", attributes[i].value);

      test_usb_tree_write (self, path, text, -1);
    }

  if (driver != NULL)
    {
      g_autofree char *link = g_build_filename (interface, "driver", NULL);
      g_autofree char *target = g_build_filename ("/sys/bus/usb/drivers", driver, NULL);

      test_usb_tree_link (self, link, target);
    }

  return g_steal_pointer (&interface);
}

/* A device with a disc that is mounted at @point, as is written to the file @mountinfo. */
void
test_usb_tree_mount (TestUsbTree *self,
                     const char  *port,
                     const char  *mountinfo,
                     const char  *point)
{
  g_autofree char *folder = dup_folder (port);
  g_autofree char *name = g_strconcat (port, ":1.0", NULL);
  g_autofree char *disc = g_build_filename (folder, name, "block/sdb", NULL);
  g_autofree char *number = g_build_filename (disc, "dev", NULL);
  g_autofree char *target = g_build_filename ("../..", disc, NULL);
  g_autofree char *line = g_strdup_printf ("30 1 8:16 / %s rw - vfat /dev/sdb rw\n", point);

  test_usb_tree_write (self, number, "8:16\n", -1);
  test_usb_tree_link (self, "class/block/sdb", target);
  g_assert_true (g_file_set_contents (mountinfo, line, -1, NULL));
}
