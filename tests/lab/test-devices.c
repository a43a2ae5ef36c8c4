/* test-devices.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What Lodge knows of real USB devices: which they are, who has them, what of the computer is on them.
 */

#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "lab.h"
#include "lodge-error.h"
#include "usb/lodge-usb-access.h"
#include "usb/lodge-usb-custody.h"
#include "usb/lodge-usb-monitor.h"
#include "usb/lodge-usb-safety.h"

typedef struct
{
  LodgeUsbMonitor *monitor;
  LodgeUsbDevice  *last;      /* that was added */
  guint            n_added;
  guint            n_removed;
} Fixture;

static void
added_cb (LodgeUsbMonitor *monitor,
          LodgeUsbDevice  *device,
          Fixture         *fixture)
{
  gint64 passed = g_get_monotonic_time () - lodge_usb_device_get_since (device);

  g_test_message ("%s came %.1f ms after the kernel told of it", lodge_usb_device_get_port (device),
                  passed / 1000.0);
  fixture->n_added++;
  g_set_object (&fixture->last, device);
}

static void
removed_cb (LodgeUsbMonitor *monitor,
            LodgeUsbDevice  *device,
            Fixture         *fixture)
{
  fixture->n_removed++;
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->monitor = lodge_usb_monitor_new ();
  g_signal_connect (fixture->monitor, "device-added", G_CALLBACK (added_cb), fixture);
  g_signal_connect (fixture->monitor, "device-removed", G_CALLBACK (removed_cb), fixture);
  lab_await (lodge_usb_monitor_get_state (fixture->monitor) == LODGE_USB_MONITOR_RUNNING);
  fixture->n_added = 0;
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_clear_object (&fixture->last);
  g_clear_object (&fixture->monitor);
}

static guint
count (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fixture->monitor));
}

static LodgeUsbDevice *
plug (Fixture    *fixture,
      const char *kind,
      const char *name,
      const char *serial)
{
  guint n = fixture->n_added;

  lab_plug (kind, name, serial);
  lab_await (fixture->n_added == n + 1);

  return g_object_ref (fixture->last);
}

static void
unplug (Fixture    *fixture,
        const char *name)
{
  guint n = fixture->n_removed;

  lab_unplug (name);
  lab_await (fixture->n_removed == n + 1);
}

static void
test_kinds (Fixture       *fixture,
            gconstpointer  data)
{
  static const struct
  {
    const char   *what;
    LodgeUsbKind  kind;
    gboolean      may_be_input;
  } cases[] = {
    { "stick", LODGE_USB_KIND_STORAGE, FALSE },
    { "keyboard", LODGE_USB_KIND_INPUT, TRUE },
    { "mouse", LODGE_USB_KIND_INPUT, TRUE },
    { "tablet", LODGE_USB_KIND_INPUT, TRUE },
    { "phone", LODGE_USB_KIND_PHONE, FALSE },
    { "serial", LODGE_USB_KIND_SERIAL, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(LodgeUsbDevice) device = plug (fixture, cases[i].what, cases[i].what, "K1");
      g_autoptr(LodgeUsbAccess) access = lodge_usb_access_new (device);

      g_test_message ("%s: %s", cases[i].what, lodge_usb_device_get_name (device));
      /* A serial port is one when its driver has been loaded. */
      lab_await (lodge_usb_device_get_kind (device) == cases[i].kind);
      lab_await (lodge_usb_device_may_be_input (device) == cases[i].may_be_input);
      g_assert_nonnull (lodge_usb_device_get_name (device));
      g_assert_true (lodge_usb_device_is_new (device));
      g_assert_true (access->is_open);
      unplug (fixture, cases[i].what);
    }
}

static void
test_twins (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(LodgeUsbDevice) one = plug (fixture, "stick", "twin-a", "SAME");
  g_autoptr(LodgeUsbDevice) two = plug (fixture, "stick", "twin-b", "SAME");

  g_assert_cmpstr (lodge_usb_device_get_serial (one), ==, lodge_usb_device_get_serial (two));
  g_assert_cmpstr (lodge_usb_device_get_place (one), !=, lodge_usb_device_get_place (two));
  g_assert_true (lodge_usb_monitor_has_twin (fixture->monitor, one));
  unplug (fixture, "twin-a");
  g_assert_false (lodge_usb_monitor_has_twin (fixture->monitor, two));
  unplug (fixture, "twin-b");
}

/* The kernel's own list. */
static guint
count_real (void)
{
  g_autofree char *said = lab_run ("ls /sys/bus/usb/devices | grep -c '^[0-9]*-[1-9][0-9.]*$' || true");

  return atoi (said);
}

static void
test_cycles (Fixture       *fixture,
             gconstpointer  data)
{
  guint before = count (fixture);
  g_autofree char *place = NULL;

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr(LodgeUsbDevice) device = NULL;

      lab_plug_into (4, "stick", "cycle", "C1");
      lab_await (fixture->n_added == i + 1);
      device = g_object_ref (fixture->last);
      g_assert_cmpuint (count (fixture), ==, before + 1);
      if (place == NULL)
        place = g_strdup (lodge_usb_device_get_place (device));
      g_assert_cmpstr (lodge_usb_device_get_place (device), ==, place);
      unplug (fixture, "cycle");
      g_assert_false (lodge_usb_device_is_present (device));
      g_assert_cmpuint (count (fixture), ==, before);
    }

  /* Not waited for. */
  for (guint i = 0; i < 20; i++)
    {
      lab_plug ("stick", "cycle", "C1");
      lab_unplug ("cycle");
    }

  lab_await (count_real () == before && count (fixture) == before);
  g_assert_cmpuint (fixture->n_added, ==, fixture->n_removed);
}

/* What comes back in the same place at once is the same thing. */
static void
test_comes_back (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(LodgeUsbDevice) before = NULL;

  lab_plug_into (3, "stick", "back", "B1");
  lab_await (fixture->n_added == 1);
  before = g_object_ref (fixture->last);

  lab_unplug ("back");
  lab_plug_into (3, "stick", "back", "B1");
  lab_await (fixture->n_added == 2);
  g_assert_true (lodge_usb_device_get_predecessor (fixture->last) == before);
  unplug (fixture, "back");
}

static void
result_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  *(GAsyncResult **)user_data = g_object_ref (result);
}

static LodgeUsbSafety *
check (LodgeUsbDevice *device,
       const char     *guest_disc)
{
  const char *discs[] = { guest_disc, NULL };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  LodgeUsbSafety *safety;

  lodge_usb_safety_check_async (device, discs, NULL, result_cb, &result);
  lab_await (result != NULL);
  safety = lodge_usb_safety_check_finish (device, result, &error);
  g_assert_no_error (error);

  return safety;
}

static LodgeUsbSafetyVerdict
judge (LodgeUsbDevice *device)
{
  g_autoptr(LodgeUsbSafety) safety = check (device, NULL);

  return safety->verdict;
}

static LodgeUsbSafety *
unmount (LodgeUsbDevice  *device,
         GError         **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  lodge_usb_safety_unmount_async (device, NULL, NULL, result_cb, &result);
  lab_await (result != NULL);

  return lodge_usb_safety_unmount_finish (device, result, error);
}

/* The node of its disc, once the kernel has found that. */
static char *
await_node (LodgeUsbDevice *device)
{
  g_autofree char *said = NULL;

  lab_await (lab_says ("sd", "ls -d %s/*/host*/target*/*/block/sd* 2>/dev/null",
                       lodge_usb_device_get_sysfs_path (device)));
  said = lab_run ("basename %s/*/host*/target*/*/block/sd*",
                  lodge_usb_device_get_sysfs_path (device));

  return g_strconcat ("/dev/", g_strchomp (said), NULL);
}

/* Lab commands say nothing that is wanted. */
static void
run (const char *command,
     const char *node)
{
  g_autofree char *whole = g_strdup_printf ("%s %s", command, node);

  g_free (lab_run ("%s", whole));
}

#define POINT "/tmp/lab stick"

static void
test_mounted (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(LodgeUsbDevice) device = plug (fixture, "stick", "mounted", "M1");
  g_autofree char *node = await_node (device);
  g_autoptr(LodgeUsbSafety) safety = NULL;
  g_autoptr(LodgeUsbSafety) disc = NULL;
  g_autoptr(LodgeUsbSafety) after = NULL;
  g_autoptr(GError) error = NULL;
  int fd;

  g_assert_cmpint (judge (device), ==, LODGE_USB_SAFETY_FREE);
  lab_await (lodge_usb_device_is_settled (device));

  run ("mkfs.ext4 -q -F", node);
  g_free (lab_run ("mkdir -p '" POINT "' && mount %s '" POINT "'", node));
  safety = check (device, NULL);
  g_assert_cmpint (safety->verdict, ==, LODGE_USB_SAFETY_MOUNTED);
  g_assert_cmpstr (safety->mount_points[0], ==, POINT);
  g_assert_null (safety->mount_points[1]);

  disc = check (device, POINT "/guest.qcow2");
  g_assert_cmpint (disc->verdict, ==, LODGE_USB_SAFETY_GUEST_DISC);

  /* A program has a file open there. */
  fd = open (POINT "/file", O_CREAT | O_WRONLY, 0600);
  g_assert_cmpint (fd, >=, 0);
  g_assert_null (unmount (device, &error));
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_DEVICE_IN_USE);
  g_clear_error (&error);
  close (fd);

  after = unmount (device, &error);
  g_assert_no_error (error);
  g_assert_cmpint (after->verdict, ==, LODGE_USB_SAFETY_FREE);
  g_assert_false (lab_says (node, "cat /proc/mounts"));
  unplug (fixture, "mounted");
}

static void
test_swap (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(LodgeUsbDevice) device = plug (fixture, "stick", "swapped", "S1");
  g_autofree char *node = await_node (device);
  g_autoptr(LodgeUsbSafety) safety = NULL;

  run ("mkswap", node);
  run ("swapon", node);
  safety = check (device, NULL);
  g_assert_cmpint (safety->verdict, ==, LODGE_USB_SAFETY_SYSTEM);
  g_assert_cmpstr (safety->detail, ==, "swap");

  run ("swapoff", node);
  g_assert_cmpint (judge (device), ==, LODGE_USB_SAFETY_FREE);
  unplug (fixture, "swapped");
}

/* Mounted where this process cannot see it. */
static void
test_other_namespace (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(LodgeUsbDevice) device = plug (fixture, "stick", "elsewhere", "E1");
  g_autofree char *node = await_node (device);
  g_autofree char *command = g_strdup_printf ("mount --make-rprivate / && mkdir -p /tmp/elsewhere && "
                                              "mount %s /tmp/elsewhere && exec sleep 1000", node);
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;

  run ("mkfs.ext4 -q -F", node);
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, "unshare", "-m", "sh", "-c", command,
                              NULL);
  g_assert_no_error (error);
  lab_await (judge (device) == LODGE_USB_SAFETY_BUSY);

  g_subprocess_force_exit (process);
  lab_await (judge (device) == LODGE_USB_SAFETY_FREE);
  unplug (fixture, "elsewhere");
}

/* An image in a file on it, and a device made of it. */
static void
test_stacks (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(LodgeUsbDevice) device = plug (fixture, "stick", "stacked", "T1");
  g_autofree char *node = await_node (device);
  g_autoptr(LodgeUsbSafety) mapped = NULL;
  g_autoptr(LodgeUsbSafety) safety = NULL;
  g_autoptr(LodgeUsbSafety) after = NULL;
  g_autoptr(GError) error = NULL;

  g_free (lab_run ("modprobe dm-mod; dmsetup --noudevsync create lab-stack --table '0 8192 linear %s 0'", node));
  mapped = check (device, NULL);
  g_assert_cmpint (mapped->verdict, ==, LODGE_USB_SAFETY_BUSY);
  g_assert_cmpstr (mapped->detail, ==, "/dev/mapper/lab-stack");
  /* The system's own look at it may take longer than dmsetup tries. */
  lab_await (lab_says ("gone", "dmsetup --noudevsync remove --retry lab-stack && echo gone"));
  lab_await (judge (device) == LODGE_USB_SAFETY_FREE);

  run ("mkfs.ext4 -q -F", node);
  g_free (lab_run ("modprobe loop; mkdir -p '" POINT "' /tmp/lab-image && mount %s '" POINT "' && "
                   "truncate -s 4M '" POINT "/image' && mkfs.ext4 -q -F '" POINT "/image' && "
                   "mount -o loop '" POINT "/image' /tmp/lab-image", node));
  safety = check (device, NULL);
  g_assert_cmpint (safety->verdict, ==, LODGE_USB_SAFETY_MOUNTED);
  g_assert_cmpuint (g_strv_length (safety->mount_points), ==, 2);

  after = unmount (device, &error);
  g_assert_no_error (error);
  g_assert_cmpint (after->verdict, ==, LODGE_USB_SAFETY_FREE);
  unplug (fixture, "stacked");
}

static LodgeUsbCustody *
find_custody (LodgeUsbDevice *device)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  LodgeUsbCustody *custody;

  lodge_usb_custody_check_async (device, NULL, result_cb, &result);
  lab_await (result != NULL);
  custody = lodge_usb_custody_check_finish (device, result, &error);
  g_assert_no_error (error);

  return custody;
}

static gboolean
is_open (LodgeUsbDevice *device)
{
  g_autoptr(LodgeUsbCustody) custody = find_custody (device);

  return custody->program != NULL;
}

/* A program takes it from the kernel's driver and does not give it back when it is killed. */
static void
test_custody (Fixture       *fixture,
              gconstpointer  data)
{
  static const char program[] =
    "import fcntl, os, struct, sys, time\n"
    "fd = os.open(sys.argv[1], os.O_RDWR)\n"
    "fcntl.ioctl(fd, 0x8108551b, struct.pack('II256s', 0, 0, b''))\n"  /* USBDEVFS_DISCONNECT_CLAIM */
    "time.sleep(1000)\n";
  g_autoptr(LodgeUsbDevice) device = plug (fixture, "stick", "held", "H1");
  g_autoptr(LodgeUsbCustody) before = NULL;
  g_autoptr(LodgeUsbCustody) held = NULL;
  g_autoptr(LodgeUsbCustody) back = NULL;
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;

  lab_await (lodge_usb_device_get_holder (device) != NULL);
  before = find_custody (device);
  g_assert_true (before->is_back);
  g_assert_cmpstr (before->driver, ==, "usb-storage");

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, "/usr/bin/python3", "-c", program,
                              lodge_usb_device_get_node (device), NULL);
  g_assert_no_error (error);
  /* The kernel does not tell of what programs do. */
  lab_await (is_open (device));
  held = find_custody (device);
  g_assert_false (held->is_back);
  g_assert_cmpstr (held->program, ==, "python3");
  g_assert_cmpuint (held->pid, ==, atoi (g_subprocess_get_identifier (process)));

  g_subprocess_force_exit (process);
  lab_await (!is_open (device));
  back = find_custody (device);
  g_assert_true (back->is_back);
  g_assert_cmpstr (back->driver, ==, "usb-storage");
  unplug (fixture, "held");
}

#define ADD(name, func) \
  g_test_add ("/lab/devices/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  lab_init (&argc, &argv);

  ADD ("kinds", test_kinds);
  ADD ("twins", test_twins);
  ADD ("cycles", test_cycles);
  ADD ("comes-back", test_comes_back);
  ADD ("mounted", test_mounted);
  ADD ("swap", test_swap);
  ADD ("other-namespace", test_other_namespace);
  ADD ("stacks", test_stacks);
  ADD ("custody", test_custody);

  return g_test_run ();
}
