/* test-usb-read.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <string.h>

#include "lodge-error.h"
#include "lodge-usb-device-private.h"
#include "lodge-usb-uevents-private.h"
#include "test-usb-tree.h"
#include "test-wait.h"

/* One interface: class, subclass, protocol. */
typedef struct
{
  guint8 class, subclass, protocol;
} Interface;

typedef struct
{
  const char   *what;
  guint         vendor, product;
  LodgeUsbKind  kind;
  gboolean      may_be_input;
  guint8        class;
  Interface     interfaces[6];
} Case;

/* Interfaces as real devices have them. */
static const Case cases[] = {
  { "webcam with microphone", 0x046d, 0x085e, LODGE_USB_KIND_CAMERA, FALSE, 0xef,
    { { 14, 1, 0 }, { 14, 2, 0 }, { 1, 1, 0 }, { 1, 2, 0 } } },
  { "webcam with buttons", 0x046d, 0x0892, LODGE_USB_KIND_CAMERA, FALSE, 0xef,
    { { 14, 1, 0 }, { 14, 2, 0 }, { 1, 1, 0 }, { 3, 0, 0 } } },
  { "photo camera", 0x04a9, 0x32cf, LODGE_USB_KIND_CAMERA, FALSE, 0, { { 6, 1, 1 } } },
  { "stick", 0x0781, 0x5581, LODGE_USB_KIND_STORAGE, FALSE, 0, { { 8, 6, 0x50 } } },
  { "fast disc", 0x152d, 0x0578, LODGE_USB_KIND_STORAGE, FALSE, 0, { { 8, 6, 0x62 } } },
  { "headset with buttons", 0x0b0e, 0x0412, LODGE_USB_KIND_AUDIO, FALSE, 0,
    { { 1, 1, 0 }, { 1, 2, 0 }, { 1, 2, 0 }, { 3, 0, 0 } } },
  { "MIDI", 0x1c75, 0x0288, LODGE_USB_KIND_AUDIO, FALSE, 0, { { 1, 1, 0 }, { 1, 3, 0 } } },
  { "Android, debugging on", 0x18d1, 0x4ee2, LODGE_USB_KIND_PHONE, FALSE, 0,
    { { 6, 1, 1 }, { 0xff, 0x42, 1 } } },
  { "Android sharing its network", 0x18d1, 0x4ee4, LODGE_USB_KIND_PHONE, FALSE, 0,
    { { 0xe0, 1, 3 }, { 10, 0, 0 }, { 0xff, 0x42, 1 } } },
  { "iPhone", 0x05ac, 0x12a8, LODGE_USB_KIND_PHONE, FALSE, 0,
    { { 6, 1, 1 }, { 0xff, 0xfe, 2 } } },
  { "printer with scanner and card slot", 0x04b8, 0x0883, LODGE_USB_KIND_PRINTER, FALSE, 0,
    { { 0xff, 0xff, 0xff }, { 7, 1, 2 }, { 8, 6, 0x50 } } },
  { "YubiKey", 0x1050, 0x0407, LODGE_USB_KIND_SECURITY_KEY, FALSE, 0,
    { { 3, 1, 1 }, { 3, 0, 0 }, { 11, 0, 0 } } },
  { "smart card reader", 0x076b, 0x3021, LODGE_USB_KIND_SECURITY_KEY, FALSE, 0, { { 11, 0, 0 } } },
  { "keyboard", 0x046d, 0xc31c, LODGE_USB_KIND_INPUT, TRUE, 0, { { 3, 1, 1 }, { 3, 0, 0 } } },
  { "mouse", 0x046d, 0xc077, LODGE_USB_KIND_INPUT, TRUE, 0, { { 3, 1, 2 } } },
  { "receiver", 0x046d, 0xc52b, LODGE_USB_KIND_INPUT, TRUE, 0,
    { { 3, 1, 1 }, { 3, 1, 2 }, { 3, 0, 0 } } },
  { "unknown HID", 0x1234, 0x0001, LODGE_USB_KIND_INPUT, TRUE, 0, { { 3, 0, 0 } } },
  { "stick that types", 0x1234, 0x0002, LODGE_USB_KIND_INPUT, TRUE, 0,
    { { 8, 6, 0x50 }, { 3, 1, 1 } } },
  { "camera that types", 0x1234, 0x0003, LODGE_USB_KIND_INPUT, TRUE, 0xef,
    { { 14, 1, 0 }, { 14, 2, 0 }, { 3, 1, 1 } } },
  { "hub", 0x05e3, 0x0610, LODGE_USB_KIND_HUB, FALSE, 9, { { 9, 0, 1 } } },
  { "network card", 0x0bda, 0x8153, LODGE_USB_KIND_NETWORK, FALSE, 0,
    { { 2, 6, 0 }, { 10, 0, 0 } } },
  { "modem", 0x1199, 0x9091, LODGE_USB_KIND_NETWORK, FALSE, 0,
    { { 0xff, 0, 0 }, { 2, 14, 0 }, { 10, 0, 2 } } },
  { "Arduino", 0x2341, 0x0043, LODGE_USB_KIND_SERIAL, FALSE, 2, { { 2, 2, 1 }, { 10, 0, 0 } } },
  { "something", 0x1234, 0x0004, LODGE_USB_KIND_OTHER, FALSE, 0xff, { { 0xff, 0, 0 } } },
  { "nothing", 0x1234, 0x0005, LODGE_USB_KIND_OTHER, FALSE, 0, { { 0 } } },
};

static LodgeUsbFacts *
read_facts (TestUsbTree *tree,
            const char  *port)
{
  g_autoptr(GError) error = NULL;
  LodgeUsbFacts *facts = lodge_usb_read_device (tree->sysfs, port, &error);

  g_assert_no_error (error);

  return facts;
}

static LodgeUsbDevice *
read_device (TestUsbTree *tree,
             const char  *port)
{
  return _lodge_usb_device_new (read_facts (tree, port), TRUE, 0);
}

static void
test_kinds (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TestUsbTree) tree = test_usb_tree_new ();
      g_autoptr(LodgeUsbDevice) device = NULL;
      g_autofree char *class = g_strdup_printf ("%02x", cases[i].class);

      g_free (test_usb_tree_add_device (tree, "3-1", 5, cases[i].vendor, cases[i].product));
      test_usb_tree_set (tree, "3-1", "bDeviceClass", class);

      for (guint k = 0; cases[i].interfaces[k].class != 0; k++)
        g_free (test_usb_tree_add_interface (tree, "3-1", k, cases[i].interfaces[k].class,
                                             cases[i].interfaces[k].subclass,
                                             cases[i].interfaces[k].protocol, NULL));

      g_test_message ("%s", cases[i].what);
      device = read_device (tree, "3-1");
      g_assert_cmpint (lodge_usb_device_get_kind (device), ==, cases[i].kind);
      g_assert_cmpint (lodge_usb_device_may_be_input (device), ==, cases[i].may_be_input);
    }
}

static void
add_report (TestUsbTree  *tree,
            const char   *interface,
            const guint8 *descriptor,
            gsize         length)
{
  g_autofree char *path = g_build_filename (interface, "0003:1234:0001.0001", "report_descriptor",
                                            NULL);

  test_usb_tree_write (tree, path, descriptor, length);
}

/* What a HID device is for stands in its report descriptor. */
static void
test_reports (void)
{
  static const guint8 fido[] = { 0x06, 0xd0, 0xf1, 0x09, 0x01, 0xa1, 0x01, 0x09, 0x20, 0xc0 };
  static const guint8 gamepad[] = { 0x05, 0x01, 0x09, 0x05, 0xa1, 0x01, 0x05, 0x09, 0xc0 };
  static const guint8 keyboard[] = { 0x05, 0x01, 0x09, 0x06, 0xa1, 0x01, 0x05, 0x07, 0xc0 };
  static const guint8 hidden[] = { 0x09, 0x06, 0x05, 0x01, 0xa1, 0x01, 0xc0 };
  static const guint8 second[] = { 0x05, 0x0c, 0x09, 0x01, 0xa1, 0x01, 0xc0,
                                   0x0b, 0x02, 0x00, 0x01, 0x00, 0xa1, 0x01, 0xc0 };
  static const struct
  {
    const guint8 *descriptor;
    gsize         length;
    LodgeUsbKind  kind;
    gboolean      may_be_input;
  } reports[] = {
    { fido, sizeof fido, LODGE_USB_KIND_SECURITY_KEY, FALSE },
    { gamepad, sizeof gamepad, LODGE_USB_KIND_INPUT, FALSE },
    { keyboard, sizeof keyboard, LODGE_USB_KIND_INPUT, TRUE },
    { hidden, sizeof hidden, LODGE_USB_KIND_INPUT, TRUE },
    { second, sizeof second, LODGE_USB_KIND_INPUT, TRUE },
    { fido, 3, LODGE_USB_KIND_INPUT, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (reports); i++)
    {
      g_autoptr(TestUsbTree) tree = test_usb_tree_new ();
      g_autoptr(LodgeUsbDevice) device = NULL;
      g_autofree char *interface = NULL;

      g_free (test_usb_tree_add_device (tree, "3-1", 5, 0x1234, 1));
      interface = test_usb_tree_add_interface (tree, "3-1", 0, 3, 0, 0, "usbhid");
      add_report (tree, interface, reports[i].descriptor, reports[i].length);

      device = read_device (tree, "3-1");
      g_assert_cmpint (lodge_usb_device_get_kind (device), ==, reports[i].kind);
      g_assert_cmpint (lodge_usb_device_may_be_input (device), ==, reports[i].may_be_input);
    }
}

static void
test_report_of_noise (void)
{
  for (guint round = 0; round < 20000; round++)
    {
      gsize length = g_test_rand_int_range (0, 64);
      g_autofree guint8 *noise = g_malloc (length);

      for (gsize i = 0; i < length; i++)
        noise[i] = g_test_rand_int_range (0, 256);

      g_assert_cmpint (lodge_usb_report_parse (noise, length), <=, 7);
    }
}

static void
test_names (void)
{
  static const struct
  {
    guint       vendor, product;
    const char *says_vendor, *says_product, *name;
  } names[] = {
    { 0x046d, 0x085e, "Logitech", "BRIO", "Logitech BRIO" },
    { 0x046d, 0x085e, "Logitech", "Logitech BRIO", "Logitech BRIO" },
    { 0x046d, 0x085e, "SanDisk Corp.", "SANDISK Ultra", "SANDISK Ultra" },
    { 0x046d, 0x0825, NULL, NULL, "Logitech, Inc. Webcam C270" },
    { 0x046d, 0x0825, "\x1b\x1b", "\xe2\x80\xae", "Logitech, Inc. Webcam C270" },
    { 0xfffe, 0xfffe, NULL, NULL, NULL },
    { 0xfffe, 0xfffe, NULL, "Only This", "Only This" },
    { 0xfffe, 0xfffe, "Only That", NULL, NULL },
    { 0xfffe, 0xfffe, "\xe2\x80\xae" "evil", "<b>cam</b>\nline", "evil <b>cam</b> line" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(TestUsbTree) tree = test_usb_tree_new ();
      g_autoptr(LodgeUsbDevice) device = NULL;

      g_free (test_usb_tree_add_device (tree, "3-1", 5, names[i].vendor, names[i].product));
      if (names[i].says_vendor != NULL)
        test_usb_tree_set (tree, "3-1", "manufacturer", names[i].says_vendor);
      if (names[i].says_product != NULL)
        test_usb_tree_set (tree, "3-1", "product", names[i].says_product);

      device = read_device (tree, "3-1");
      g_assert_cmpstr (lodge_usb_device_get_name (device), ==, names[i].name);
    }
}

static void
test_device (void)
{
  g_autoptr(TestUsbTree) tree = test_usb_tree_new ();
  g_autoptr(LodgeUsbDevice) device = NULL;

  g_free (test_usb_tree_add_device (tree, "3-1.2", 117, 0x04a9, 0x32cf));
  test_usb_tree_set (tree, "3-1.2", "serial", "A B%\n\xff");
  test_usb_tree_set (tree, "3-1.2", "speed", "1.5");
  g_free (test_usb_tree_add_interface (tree, "3-1.2", 0, 14, 1, 0, "uvcvideo"));
  g_free (test_usb_tree_add_interface (tree, "3-1.2", 1, 14, 2, 0, "uvcvideo"));
  g_free (test_usb_tree_add_interface (tree, "3-1.2", 10, 1, 1, 0, "snd-usb-audio"));

  device = read_device (tree, "3-1.2");
  g_assert_cmpint (lodge_usb_device_get_bus (device), ==, 3);
  g_assert_cmpint (lodge_usb_device_get_address (device), ==, 117);
  g_assert_cmpstr (lodge_usb_device_get_node (device), ==, "/dev/bus/usb/003/117");
  g_assert_cmpstr (lodge_usb_device_get_port (device), ==, "3-1.2");
  g_assert_cmpstr (lodge_usb_device_get_place (device), ==, "pci-0000:00:14.0-usb2-1.2");
  g_assert_cmpstr (lodge_usb_device_get_serial (device), ==, "A%20B%25%0a%ff");
  g_assert_cmpint (lodge_usb_device_get_speed (device), ==, 1500);
  g_assert_cmpstr (lodge_usb_device_get_holder (device), ==, "uvcvideo, snd-usb-audio");
  g_assert_false (lodge_usb_device_is_held_by_program (device));
  g_assert_true (lodge_usb_device_is_authorized (device));
}

/* What it was before a program took it, and who has it now. */
static void
test_given_and_taken_back (void)
{
  g_autoptr(TestUsbTree) tree = test_usb_tree_new ();
  g_autoptr(TestUsbTree) given = test_usb_tree_new ();
  static const guint8 fido[] = { 0x06, 0xd0, 0xf1, 0x09, 0x01, 0xa1, 0x01, 0xc0 };
  g_autofree char *interface = NULL;
  g_autoptr(LodgeUsbDevice) device = NULL;

  g_free (test_usb_tree_add_device (tree, "3-1", 5, 0x1234, 1));
  interface = test_usb_tree_add_interface (tree, "3-1", 0, 3, 0, 0, "usbhid");
  add_report (tree, interface, fido, sizeof fido);
  device = read_device (tree, "3-1");
  g_assert_cmpstr (lodge_usb_device_get_holder (device), ==, "usbhid");

  g_free (test_usb_tree_add_device (given, "3-1", 5, 0x1234, 1));
  g_free (test_usb_tree_add_interface (given, "3-1", 0, 3, 0, 0, "usbfs"));
  g_assert_true (_lodge_usb_device_apply (device, read_facts (given, "3-1")));
  g_assert_null (lodge_usb_device_get_holder (device));
  g_assert_true (lodge_usb_device_is_held_by_program (device));
  g_assert_cmpint (lodge_usb_device_get_kind (device), ==, LODGE_USB_KIND_SECURITY_KEY);

  g_assert_true (_lodge_usb_device_apply (device, read_facts (tree, "3-1")));
  g_assert_cmpstr (lodge_usb_device_get_holder (device), ==, "usbhid");
  g_assert_false (lodge_usb_device_is_held_by_program (device));

  /* Another one in the same place is not taken for it. */
  test_usb_tree_set (tree, "3-1", "devnum", "6");
  g_assert_false (_lodge_usb_device_apply (device, read_facts (tree, "3-1")));
}

static void
test_gone (void)
{
  g_autoptr(TestUsbTree) tree = test_usb_tree_new ();
  g_autofree char *empty = g_build_filename (tree->root, "empty", NULL);
  g_autoptr(GPtrArray) ports = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (lodge_usb_read_device (tree->sysfs, "3-7", &error));
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_GONE);

  ports = lodge_usb_read_ports (tree->sysfs);
  g_assert_cmpint (ports->len, ==, 0);
  g_assert_null (lodge_usb_read_ports (empty));
}

/* Attributes that are broken, or missing as they are for a moment while a device goes away. */
static void
test_broken (void)
{
  static const char * const attributes[] = { "busnum", "devnum", "idVendor", "idProduct" };
  static const char * const values[] = { "", "zz", "-1", "99999999999999999999", "1 2" };

  for (guint i = 0; i < G_N_ELEMENTS (attributes); i++)
    {
      for (guint k = 0; k < G_N_ELEMENTS (values); k++)
        {
          g_autoptr(TestUsbTree) tree = test_usb_tree_new ();
          g_autoptr(GError) error = NULL;

          g_free (test_usb_tree_add_device (tree, "3-1", 5, 0x1234, 1));
          test_usb_tree_set (tree, "3-1", attributes[i], values[k]);
          g_test_message ("%s \"%s\"", attributes[i], values[k]);
          g_assert_null (lodge_usb_read_device (tree->sysfs, "3-1", &error));
          g_assert_error (error, LODGE_ERROR, LODGE_ERROR_GONE);
        }
    }
}

/* Where there is no udev, as in a sandbox. */
static void
test_list_of_ids (void)
{
  static const char list[] =
    "# usb.ids\n\n"
    "04a8  Before\n\t32cf  Not This\n"
    "04a9  Canon, Inc.\n\t1005  BJ Printer\n\t32cf  EOS\n\t\t00  interface\n"
    "04aa  After\n\t1006  Not That\n"
    "C 0e  Video\n\t01  Video Control";
  static const struct { guint vendor, product; const char *vendor_name, *product_name; } entries[] = {
    { 0x04a9, 0x32cf, "Canon, Inc.", "EOS" },
    { 0x04a9, 0x1006, "Canon, Inc.", NULL },
    { 0x04aa, 0x1006, "After", "Not That" },
    { 0x04ab, 0x32cf, NULL, NULL },
    { 0x000e, 0x0001, NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      g_autofree char *vendor_name = NULL;
      g_autofree char *product_name = NULL;

      lodge_usb_hwdb_look_up_in_list (list, sizeof list - 1, entries[i].vendor, entries[i].product,
                                      &vendor_name, &product_name);
      g_assert_cmpstr (vendor_name, ==, entries[i].vendor_name);
      g_assert_cmpstr (product_name, ==, entries[i].product_name);
    }
}

static void
lost_cb (LodgeUsbUevent  event,
         const char     *port,
         gpointer        user_data)
{
  g_assert_cmpint (event, ==, LODGE_USB_UEVENT_LOST);
  ++*(guint *)user_data;
}

/* In a sandbox: nodes that come and go, also on a bus that was not there before. */
static void
test_nodes (void)
{
  g_autoptr(TestUsbTree) tree = test_usb_tree_new ();
  g_autofree char *nodes = g_build_filename (tree->sysfs, "nodes", NULL);
  g_autofree char *node = g_build_filename (nodes, "002", "007", NULL);
  g_autoptr(LodgeUsbUevents) uevents = NULL;
  g_autoptr(GError) error = NULL;
  guint n = 0, before;

  g_assert_null (_lodge_usb_uevents_new_for_nodes (nodes, lost_cb, &n, &error));
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED);

  test_usb_tree_write (tree, "nodes/001/001", "", -1);
  uevents = _lodge_usb_uevents_new_for_nodes (nodes, lost_cb, &n, NULL);
  g_assert_true (_lodge_usb_uevents_are_coarse (uevents));

  test_usb_tree_write (tree, "nodes/001/002", "", -1);
  test_wait (n > 0);

  before = n;
  test_usb_tree_write (tree, "nodes/002/001", "", -1);
  test_wait (n > before);

  before = n;
  test_usb_tree_write (tree, "nodes/002/007", "", -1);
  test_wait (n > before);

  while (g_main_context_iteration (NULL, FALSE))
    ;
  before = n;
  g_remove (node);
  test_wait (n > before);
}

static void
test_ports (void)
{
  g_assert_true (lodge_usb_is_port ("1-1"));
  g_assert_true (lodge_usb_is_port ("12-1.4.3"));
  g_assert_false (lodge_usb_is_port ("usb1"));
  g_assert_false (lodge_usb_is_port ("1-1:1.0"));
  g_assert_false (lodge_usb_is_port ("1-0:1.0"));
  g_assert_false (lodge_usb_is_port ("-1"));
  g_assert_false (lodge_usb_is_port ("1-"));
  g_assert_false (lodge_usb_is_port ("1-../../x"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/usb-read/kinds", test_kinds);
  g_test_add_func ("/core/usb-read/reports", test_reports);
  g_test_add_func ("/core/usb-read/report-of-noise", test_report_of_noise);
  g_test_add_func ("/core/usb-read/names", test_names);
  g_test_add_func ("/core/usb-read/device", test_device);
  g_test_add_func ("/core/usb-read/given-and-taken-back", test_given_and_taken_back);
  g_test_add_func ("/core/usb-read/gone", test_gone);
  g_test_add_func ("/core/usb-read/broken", test_broken);
  g_test_add_func ("/core/usb-read/list-of-ids", test_list_of_ids);
  g_test_add_func ("/core/usb-read/nodes", test_nodes);
  g_test_add_func ("/core/usb-read/ports", test_ports);

  return g_test_run ();
}
