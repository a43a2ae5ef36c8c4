/* test-usb-monitor.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lodge-usb-monitor.h"
#include "lodge-usb-uevents-private.h"
#include "test-usb-bus.h"
#include "test-wait.h"

#define CLASS_CAMERA  14
#define CLASS_STORAGE 8
#define CLASS_HUB     9

typedef struct
{
  UMockdevTestbed *bus;
  LodgeUsbMonitor *monitor;
  guint            n_added;
  guint            n_removed;
  LodgeUsbDevice  *last;      /* that was added */
} Fixture;

static void
added_cb (LodgeUsbMonitor *monitor,
          LodgeUsbDevice  *device,
          Fixture         *fixture)
{
  fixture->n_added++;
  g_set_object (&fixture->last, device);
  g_assert_true (lodge_usb_device_is_present (device));
  g_assert_true (lodge_usb_monitor_find_id (monitor, lodge_usb_device_get_id (device)) == device);
}

static void
removed_cb (LodgeUsbMonitor *monitor,
            LodgeUsbDevice  *device,
            Fixture         *fixture)
{
  fixture->n_removed++;
  g_assert_false (lodge_usb_device_is_present (device));
  g_assert_null (lodge_usb_monitor_find_id (monitor, lodge_usb_device_get_id (device)));
}

static void
start (Fixture *fixture)
{
  fixture->monitor = lodge_usb_monitor_new ();
  g_signal_connect (fixture->monitor, "device-added", G_CALLBACK (added_cb), fixture);
  g_signal_connect (fixture->monitor, "device-removed", G_CALLBACK (removed_cb), fixture);
  test_wait (lodge_usb_monitor_get_state (fixture->monitor) != LODGE_USB_MONITOR_STARTING);
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->bus = test_usb_bus_new ();
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_clear_object (&fixture->last);
  g_assert_finalize_object (fixture->monitor);
  g_object_unref (fixture->bus);
}

static guint
count (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fixture->monitor));
}

static void
test_there_before (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(LodgeUsbDevice) device = NULL;

  test_usb_bus_plug (fixture->bus, "3-1", 2, 0x05e3, 0x0610, NULL, CLASS_HUB, "hub");
  test_usb_bus_plug (fixture->bus, "3-1.2", 3, 0x04a9, 0x32cf, "0A1", CLASS_CAMERA, "uvcvideo");
  start (fixture);

  g_assert_cmpint (lodge_usb_monitor_get_state (fixture->monitor), ==, LODGE_USB_MONITOR_RUNNING);
  g_assert_cmpint (count (fixture), ==, 1);
  device = g_list_model_get_item (G_LIST_MODEL (fixture->monitor), 0);
  g_assert_cmpstr (lodge_usb_device_get_port (device), ==, "3-1.2");
  g_assert_cmpint (lodge_usb_device_get_kind (device), ==, LODGE_USB_KIND_CAMERA);
  g_assert_false (lodge_usb_device_is_new (device));
  g_assert_true (lodge_usb_monitor_find (fixture->monitor, 3, 3) == device);
  g_assert_null (lodge_usb_monitor_find (fixture->monitor, 3, 4));
}

static void
assert_order (Fixture    *fixture,
              const char *expected)
{
  g_autoptr(GString) ports = g_string_new (NULL);

  for (guint i = 0; i < count (fixture); i++)
    {
      g_autoptr(LodgeUsbDevice) device = g_list_model_get_item (G_LIST_MODEL (fixture->monitor), i);

      g_string_append_printf (ports, "%s%s", i > 0 ? " " : "", lodge_usb_device_get_port (device));
    }

  g_assert_cmpstr (ports->str, ==, expected);
}

/* By kind, name and port, however they were found; what comes later goes between, and nothing else
 * moves.
 */
static void
test_order (Fixture       *fixture,
            gconstpointer  data)
{
  test_usb_bus_plug (fixture->bus, "3-10", 2, 0x1234, 0x0001, "B", CLASS_STORAGE, NULL);
  test_usb_bus_plug (fixture->bus, "3-1", 3, 0x1234, 0x0001, "A", 3, NULL);
  test_usb_bus_plug (fixture->bus, "3-2", 4, 0x1234, 0x0001, "C", CLASS_STORAGE, NULL);
  test_usb_bus_plug (fixture->bus, "3-4", 5, 0x1234, 0x0001, "D", 0xff, NULL);
  test_usb_bus_plug (fixture->bus, "3-3", 6, 0x04a9, 0x32cf, "E", CLASS_CAMERA, NULL);
  start (fixture);
  assert_order (fixture, "3-3 3-2 3-10 3-4 3-1");

  test_usb_bus_plug (fixture->bus, "3-5", 7, 0x1234, 0x0001, "F", CLASS_STORAGE, NULL);
  test_wait (count (fixture) == 6);
  assert_order (fixture, "3-3 3-2 3-5 3-10 3-4 3-1");

  /* The same one again is where it was. */
  test_usb_bus_unplug (fixture->bus, "3-2");
  test_wait (count (fixture) == 5);
  test_usb_bus_plug (fixture->bus, "3-2", 8, 0x1234, 0x0001, "C", CLASS_STORAGE, NULL);
  test_wait (count (fixture) == 6);
  assert_order (fixture, "3-3 3-2 3-5 3-10 3-4 3-1");
}

/* It comes when the kernel has done with it, not before, and goes at once. */
static void
test_plug (Fixture       *fixture,
           gconstpointer  data)
{
  gint64 before;

  start (fixture);
  g_assert_cmpint (count (fixture), ==, 0);

  before = g_get_monotonic_time ();
  test_usb_bus_plug (fixture->bus, "3-2", 9, 0x04a9, 0x32cf, "0A1", CLASS_STORAGE, "usb-storage");
  test_usb_bus_add (fixture->bus, "3-1", 7, 0x04a9, 0x32cf, "0A2");
  test_wait (fixture->n_added == 1);
  g_assert_cmpint (lodge_usb_device_get_address (fixture->last), ==, 9);

  test_usb_bus_add_interface (fixture->bus, "3-1", 0, CLASS_CAMERA, "uvcvideo");
  test_usb_bus_bind (fixture->bus, "3-1");
  test_wait (fixture->n_added == 2);

  g_assert_cmpint (count (fixture), ==, 2);
  g_assert_cmpint (lodge_usb_device_get_kind (fixture->last), ==, LODGE_USB_KIND_CAMERA);
  g_assert_cmpstr (lodge_usb_device_get_holder (fixture->last), ==, "uvcvideo");
  g_assert_true (lodge_usb_device_is_new (fixture->last));
  g_assert_cmpint (lodge_usb_device_get_since (fixture->last), >=, before);
  g_assert_null (lodge_usb_device_get_predecessor (fixture->last));

  test_usb_bus_unplug (fixture->bus, "3-1");
  test_wait (fixture->n_removed == 1);
  g_assert_cmpint (count (fixture), ==, 1);
  g_assert_false (lodge_usb_device_is_present (fixture->last));
}

/* One that the kernel does not want, as USBGuard may decide, is shown all the same. */
static void
test_never_bound (Fixture       *fixture,
                  gconstpointer  data)
{
  start (fixture);
  test_usb_bus_add (fixture->bus, "3-1", 7, 0x04a9, 0x32cf, "0A2");
  test_wait (fixture->n_added == 1);
  g_assert_null (lodge_usb_device_get_holder (fixture->last));
}

static void
test_fast_cycles (Fixture       *fixture,
                  gconstpointer  data)
{
  start (fixture);

  for (guint i = 0; i < 20; i++)
    {
      test_usb_bus_plug (fixture->bus, "3-1", 10 + i, 0x04a9, 0x32cf, "0A1", CLASS_CAMERA, NULL);
      if (i % 3 > 0)
        g_main_context_iteration (NULL, FALSE);
      test_usb_bus_unplug (fixture->bus, "3-1");

      /* Before the socket is full. */
      if (i % 2 > 0)
        while (g_main_context_iteration (NULL, FALSE))
          ;
    }

  test_usb_bus_plug (fixture->bus, "3-1", 40, 0x04a9, 0x32cf, "0A1", CLASS_CAMERA, NULL);
  test_wait (count (fixture) == 1 && lodge_usb_device_get_address (fixture->last) == 40);
  g_assert_cmpint (fixture->n_added, ==, fixture->n_removed + 1);
  g_assert_true (lodge_usb_monitor_find (fixture->monitor, 3, 40) == fixture->last);

  /* Each time waited for. */
  for (guint i = 0; i < 20; i++)
    {
      guint n = fixture->n_added;

      test_usb_bus_unplug (fixture->bus, "3-1");
      test_wait (count (fixture) == 0);
      test_usb_bus_plug (fixture->bus, "3-1", 50 + i, 0x04a9, 0x32cf, "0A1", CLASS_CAMERA, NULL);
      test_wait (fixture->n_added == n + 1);
      g_assert_cmpint (count (fixture), ==, 1);
      g_assert_cmpint (lodge_usb_device_get_address (fixture->last), ==, 50 + i);
    }
}

/* Firmware was loaded into it: the same place, at once, with other numbers. */
static void
test_comes_back_as_another (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autoptr(LodgeUsbDevice) before = NULL;

  start (fixture);
  test_usb_bus_plug (fixture->bus, "3-1", 7, 0x04b4, 0x8613, NULL, 0xff, NULL);
  test_wait (fixture->n_added == 1);
  before = g_object_ref (fixture->last);

  test_usb_bus_unplug (fixture->bus, "3-1");
  test_usb_bus_plug (fixture->bus, "3-1", 8, 0x1d50, 0x608c, "X", CLASS_CAMERA, NULL);
  test_wait (fixture->n_added == 2);
  g_assert_true (lodge_usb_device_get_predecessor (fixture->last) == before);
  g_assert_cmpstr (lodge_usb_device_get_id (fixture->last), !=, lodge_usb_device_get_id (before));

  /* No other place is meant. */
  test_usb_bus_unplug (fixture->bus, "3-1");
  test_usb_bus_plug (fixture->bus, "3-2", 9, 0x1d50, 0x608c, "X", CLASS_CAMERA, NULL);
  test_wait (fixture->n_added == 3);
  g_assert_null (lodge_usb_device_get_predecessor (fixture->last));
}

static void
test_holder_changes (Fixture       *fixture,
                     gconstpointer  data)
{
  start (fixture);
  test_usb_bus_plug (fixture->bus, "3-1", 7, 0x04a9, 0x32cf, "0A1", CLASS_CAMERA, "uvcvideo");
  test_wait (fixture->n_added == 1);
  g_assert_false (lodge_usb_device_is_held_by_program (fixture->last));

  test_usb_bus_set_driver (fixture->bus, "3-1", 0, "usbfs");
  test_wait (lodge_usb_device_is_held_by_program (fixture->last));
  g_assert_null (lodge_usb_device_get_holder (fixture->last));

  test_usb_bus_set_driver (fixture->bus, "3-1", 0, "uvcvideo");
  test_wait (!lodge_usb_device_is_held_by_program (fixture->last));
  g_assert_cmpstr (lodge_usb_device_get_holder (fixture->last), ==, "uvcvideo");
  g_assert_cmpint (fixture->n_added, ==, 1);
}

static void
test_twins (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(LodgeUsbDevice) first = NULL;

  start (fixture);
  test_usb_bus_plug (fixture->bus, "3-1", 7, 0x04a9, 0x32cf, "0", CLASS_STORAGE, NULL);
  test_wait (fixture->n_added == 1);
  first = g_object_ref (fixture->last);
  g_assert_false (lodge_usb_monitor_has_twin (fixture->monitor, first));

  test_usb_bus_plug (fixture->bus, "3-2", 8, 0x04a9, 0x32cf, "0", CLASS_STORAGE, NULL);
  test_wait (fixture->n_added == 2);
  g_assert_true (lodge_usb_monitor_has_twin (fixture->monitor, first));
  g_assert_true (lodge_usb_monitor_has_twin (fixture->monitor, fixture->last));
  g_assert_cmpstr (lodge_usb_device_get_place (first), !=,
                   lodge_usb_device_get_place (fixture->last));
}

/* What was missed, as while the computer slept, is found by looking. */
static void
test_refresh (Fixture       *fixture,
              gconstpointer  data)
{
  start (fixture);
  test_usb_bus_plug (fixture->bus, "3-1", 7, 0x04a9, 0x32cf, "0", CLASS_STORAGE, NULL);
  test_wait (fixture->n_added == 1);

  umockdev_testbed_set_attribute (fixture->bus, "/sys/devices/0000:00:14.0/usb3/3-1", "devnum", "9");
  lodge_usb_monitor_refresh (fixture->monitor);
  lodge_usb_monitor_refresh (fixture->monitor);
  test_wait (fixture->n_added == 2);
  g_assert_cmpint (fixture->n_removed, ==, 1);
  g_assert_cmpint (lodge_usb_device_get_address (fixture->last), ==, 9);
  g_assert_true (lodge_usb_device_is_new (fixture->last));
}

/* While nothing is plugged, the program sleeps: no timers, nothing to read. */
static void
test_quiet (Fixture       *fixture,
            gconstpointer  data)
{
  GMainContext *context = g_main_context_default ();
  int timeout, priority;
  GPollFD fds[16];

  start (fixture);
  test_usb_bus_plug (fixture->bus, "3-1", 7, 0x04a9, 0x32cf, "0", CLASS_STORAGE, NULL);
  test_wait (fixture->n_added == 1);

  while (g_main_context_iteration (context, FALSE))
    ;

  g_assert_true (g_main_context_acquire (context));
  g_assert_false (g_main_context_prepare (context, &priority));
  g_main_context_query (context, G_MAXINT, &timeout, fds, G_N_ELEMENTS (fds));
  g_main_context_release (context);
  g_assert_cmpint (timeout, ==, -1);
}

static void
test_dropped_while_reading (Fixture       *fixture,
                            gconstpointer  data)
{
  test_usb_bus_plug (fixture->bus, "3-1", 7, 0x04a9, 0x32cf, "0", CLASS_STORAGE, NULL);

  for (guint i = 0; i < 20; i++)
    {
      LodgeUsbMonitor *monitor = lodge_usb_monitor_new ();

      for (guint k = 0; k < i % 4; k++)
        g_main_context_iteration (NULL, FALSE);
      g_assert_finalize_object (monitor);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }

  start (fixture);
}

static void
test_no_bus (void)
{
  g_autoptr(UMockdevTestbed) bus = umockdev_testbed_new ();
  g_autoptr(LodgeUsbMonitor) monitor = lodge_usb_monitor_dup_default ();
  g_autoptr(LodgeUsbMonitor) same = lodge_usb_monitor_dup_default ();
  g_autofree char *root = NULL;

  g_assert_true (monitor == same);
  test_wait (lodge_usb_monitor_get_state (monitor) == LODGE_USB_MONITOR_NO_BUS);
  g_assert_cmpint (g_list_model_get_n_items (G_LIST_MODEL (monitor)), ==, 0);

  /* A controller may be plugged in, too. */
  root = umockdev_testbed_add_device (bus, "usb", "usb3", NULL, "busnum", "3", NULL,
                                      "DEVTYPE", "usb_device", NULL);
  g_free (root);
  root = umockdev_testbed_add_device (bus, "usb", "3-1", "/sys/devices/usb3",
                                      "busnum", "3", "devnum", "2", "idVendor", "04a9",
                                      "idProduct", "32cf", NULL, "DEVTYPE", "usb_device", NULL);
  umockdev_testbed_set_attribute_link (bus, root, "driver", "../../../bus/usb/drivers/usb");
  umockdev_testbed_uevent (bus, root, "bind");
  test_wait (g_list_model_get_n_items (G_LIST_MODEL (monitor)) == 1);
  g_assert_cmpint (lodge_usb_monitor_get_state (monitor), ==, LODGE_USB_MONITOR_RUNNING);
}

#define ADD(name, func) \
  g_test_add ("/core/usb-monitor/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

/* What the kernel tells of anything else does not reach the program, which would wake up for it. */
static void
test_filter (void)
{
  static const struct
  {
    const char *message;
    gboolean    arrives;
  } messages[] = {
    { "add@/devices/virtual/bdi/0:45", FALSE },
    { "change@/devices/LNXSYSTM:00/device:00/PNP0C0A:00/power_supply/BAT0", FALSE },
    { "remove@/devices/pci0000:00/0000:00:14.0/usb3/3-1", TRUE },
    { "add@/devices/platform/vhci_hcd.0/usb4/4-1/4-1:1.0", TRUE },
    { "bind@/devices/pci0000:00/0000:00:07.0/0000:03:00.0/0000:04:02.0/0000:39:00.0/usb12/12-1", TRUE },
    { "", FALSE },
  };
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  g_assert_true (_lodge_usb_uevents_filter (fds[1]));

  for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
    {
      char buffer[256];

      g_assert_cmpint (send (fds[0], messages[i].message, strlen (messages[i].message) + 1, MSG_DONTWAIT), >, 0);
      g_assert_cmpint (recv (fds[1], buffer, sizeof buffer, MSG_DONTWAIT) > 0, ==, messages[i].arrives);
    }

  close (fds[0]);
  close (fds[1]);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("there-before", test_there_before);
  ADD ("order", test_order);
  ADD ("plug", test_plug);
  ADD ("never-bound", test_never_bound);
  ADD ("fast-cycles", test_fast_cycles);
  ADD ("comes-back-as-another", test_comes_back_as_another);
  ADD ("holder-changes", test_holder_changes);
  ADD ("twins", test_twins);
  ADD ("refresh", test_refresh);
  ADD ("quiet", test_quiet);
  ADD ("dropped-while-reading", test_dropped_while_reading);
  g_test_add_func ("/core/usb-monitor/filter", test_filter);
  g_test_add_func ("/core/usb-monitor/no-bus", test_no_bus);

  return g_test_run ();
}
