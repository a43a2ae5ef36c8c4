/* test-usb-bus.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <string.h>

#include "test-usb-bus.h"

#define CONTROLLER "0000:00:14.0"
#define ROOT       "/sys/devices/" CONTROLLER "/usb3"

/* Returns: (transfer full): a bus with nothing on it */
UMockdevTestbed *
test_usb_bus_new (void)
{
  UMockdevTestbed *self = umockdev_testbed_new ();
  g_autofree char *controller =
    umockdev_testbed_add_device (self, "pci", CONTROLLER, NULL, NULL, NULL);
  g_autofree char *root =
    umockdev_testbed_add_device (self, "usb", "usb3", controller, "busnum", "3", "devnum", "1",
                                 "version", "2.00", "bDeviceClass", "09",
                                 NULL, "DEVTYPE", "usb_device", NULL);

  g_assert_true (umockdev_in_mock_environment ());
  g_assert_cmpstr (root, ==, ROOT);

  return self;
}

static char *
dup_path (const char *port)
{
  g_autoptr(GString) path = g_string_new (ROOT);

  for (const char *at = strchr (port, '-') + 1; at != NULL; at = strchr (at + 1, '.'))
    {
      const char *end = strchr (at + 1, '.');

      g_string_append_printf (path, "/%.*s",
                              (int)(end != NULL ? end - port : (gssize)strlen (port)), port);
    }

  return g_string_free (g_steal_pointer (&path), FALSE);
}

/* As the kernel does first: the device is there, and nothing has looked at it yet. */
void
test_usb_bus_add (UMockdevTestbed *self,
                  const char      *port,
                  guint            address,
                  guint            vendor,
                  guint            product,
                  const char      *serial)
{
  g_autofree char *path = dup_path (port);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autofree char *number = g_strdup_printf ("%u", address);
  g_autofree char *vendor_text = g_strdup_printf ("%04x", vendor);
  g_autofree char *product_text = g_strdup_printf ("%04x", product);
  g_autofree char *added =
    umockdev_testbed_add_device (self, "usb", port, parent,
                                 "busnum", "3", "devnum", number,
                                 "idVendor", vendor_text, "idProduct", product_text,
                                 "bDeviceClass", "00", "speed", "480", "authorized", "1",
                                 serial != NULL ? "serial" : "removable",
                                 serial != NULL ? serial : "removable",
                                 NULL, "DEVTYPE", "usb_device", NULL);

  g_assert_cmpstr (added, ==, path);
}

/* @driver: (nullable) */
void
test_usb_bus_add_interface (UMockdevTestbed *self,
                            const char      *port,
                            guint            number,
                            guint            class,
                            const char      *driver)
{
  g_autofree char *parent = dup_path (port);
  g_autofree char *name = g_strdup_printf ("%s:1.%u", port, number);
  g_autofree char *number_text = g_strdup_printf ("%02x", number);
  g_autofree char *class_text = g_strdup_printf ("%02x", class);
  g_autofree char *subclass_text = g_strdup (class == 9 ? "00" : "01");
  g_autofree char *added =
    umockdev_testbed_add_device (self, "usb", name, parent,
                                 "bInterfaceNumber", number_text, "bInterfaceClass", class_text,
                                 "bInterfaceSubClass", subclass_text, "bInterfaceProtocol", "00",
                                 NULL, "DEVTYPE", "usb_interface", NULL);

  g_assert_nonnull (added);
  if (driver != NULL)
    test_usb_bus_set_driver (self, port, number, driver);
}

/* The kernel's generic driver has done with the device. */
void
test_usb_bus_bind (UMockdevTestbed *self,
                   const char      *port)
{
  g_autofree char *path = dup_path (port);

  umockdev_testbed_set_attribute (self, path, "bConfigurationValue", "1");
  umockdev_testbed_set_attribute_link (self, path, "driver", "../../../../bus/usb/drivers/usb");
  umockdev_testbed_uevent (self, path, "bind");
}

void
test_usb_bus_set_driver (UMockdevTestbed *self,
                         const char      *port,
                         guint            number,
                         const char      *driver)
{
  g_autofree char *device = dup_path (port);
  g_autofree char *path = g_strdup_printf ("%s/%s:1.%u", device, port, number);
  g_autofree char *target = g_build_filename ("../../../../bus/usb/drivers", driver, NULL);

  g_autofree char *root = umockdev_testbed_get_root_dir (self);
  g_autofree char *old = g_build_filename (root, path, "driver", NULL);

  g_unlink (old);
  umockdev_testbed_set_attribute_link (self, path, "driver", target);
  umockdev_testbed_uevent (self, path, "bind");
}

/* All of it, with one interface. */
void
test_usb_bus_plug (UMockdevTestbed *self,
                   const char      *port,
                   guint            address,
                   guint            vendor,
                   guint            product,
                   const char      *serial,
                   guint            class,
                   const char      *driver)
{
  test_usb_bus_add (self, port, address, vendor, product, serial);
  test_usb_bus_add_interface (self, port, 0, class, driver);
  test_usb_bus_bind (self, port);
}

void
test_usb_bus_unplug (UMockdevTestbed *self,
                     const char      *port)
{
  g_autofree char *path = dup_path (port);

  g_autofree char *links = umockdev_testbed_get_root_dir (self);
  g_autofree char *folder = g_build_filename (links, "sys/bus/usb/devices", NULL);
  g_autoptr(GDir) dir = NULL;
  const char *name;

  umockdev_testbed_uevent (self, path, "remove");
  umockdev_testbed_remove_device (self, path);

  /* It forgets those of devices with interfaces. */
  dir = g_dir_open (folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *link = g_build_filename (folder, name, NULL);

      if (!g_file_test (link, G_FILE_TEST_EXISTS))
        g_unlink (link);
    }
}
