/* test-usb-safety.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <string.h>

#include "lodge-error.h"
#include "lodge-usb-access.h"
#include "lodge-usb-device-private.h"
#include "lodge-usb-safety-private.h"
#include "test-await.h"
#include "test-bus.h"
#include "test-usb-tree.h"

#define STICK "devices/pci0000:00/0000:00:14.0/usb3/3-1/3-1:1.0/host6/target6:0:0/6:0:0:0/block/sdb"
#define DISC  "devices/pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/sda"

/* A stick, sdb, with two partitions, beside the computer's own disc, sda. */
typedef struct
{
  TestUsbTree     *tree;
  LodgeUsbSources  sources;
  char            *mountinfo;
  char            *swaps;
  char            *stick;
  LodgeUsbSafety  *safety;
} Fixture;

static void
add_block (Fixture    *fixture,
           const char *path,
           const char *number,
           gboolean    is_partition)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *dev = g_build_filename (path, "dev", NULL);
  g_autofree char *partition = g_build_filename (path, "partition", NULL);
  g_autofree char *link = g_build_filename ("class/block", name, NULL);
  g_autofree char *target = g_build_filename ("../..", path, NULL);
  g_autofree char *line = g_strconcat (number, "\n", NULL);

  test_usb_tree_write (fixture->tree, dev, line, -1);
  if (is_partition)
    test_usb_tree_write (fixture->tree, partition, "1\n", -1);
  test_usb_tree_link (fixture->tree, link, target);
}

/* Something made of @part by the device mapper. */
static void
add_mapped (Fixture    *fixture,
            const char *part,
            const char *name,
            const char *number,
            const char *label)
{
  g_autofree char *path = g_build_filename ("devices/virtual/block", name, NULL);
  g_autofree char *holder = g_build_filename (part, "holders", name, NULL);
  g_autofree char *label_path = g_build_filename (path, "dm/name", NULL);
  g_autofree char *target = g_build_filename ("/sys", path, NULL);

  add_block (fixture, path, number, FALSE);
  test_usb_tree_link (fixture->tree, holder, target);
  test_usb_tree_write (fixture->tree, label_path, label, -1);
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->tree = test_usb_tree_new ();
  fixture->mountinfo = g_build_filename (fixture->tree->root, "mountinfo", NULL);
  fixture->swaps = g_build_filename (fixture->tree->root, "swaps", NULL);
  fixture->stick = g_build_filename (fixture->tree->bus, "3-1", NULL);
  fixture->sources = (LodgeUsbSources) {
    .sysfs = fixture->tree->sysfs,
    .mountinfo = fixture->mountinfo,
    .swaps = fixture->swaps,
    .home = "/home/user",
  };

  g_free (test_usb_tree_add_device (fixture->tree, "3-1", 5, 0x0781, 0x5581));
  g_free (test_usb_tree_add_interface (fixture->tree, "3-1", 0, 8, 6, 0x50, "usb-storage"));
  add_block (fixture, STICK, "8:16", FALSE);
  add_block (fixture, STICK "/sdb1", "8:17", TRUE);
  add_block (fixture, STICK "/sdb2", "8:18", TRUE);
  add_block (fixture, DISC, "8:0", FALSE);
  add_block (fixture, DISC "/sda1", "8:1", TRUE);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_clear_pointer (&fixture->safety, lodge_usb_safety_free);
  test_usb_tree_free (fixture->tree);
  g_free (fixture->mountinfo);
  g_free (fixture->swaps);
  g_free (fixture->stick);
}

#define ROOT_ON_SDA "20 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"

static void
set_mounts (Fixture    *fixture,
            const char *mounts)
{
  g_autoptr(GError) error = NULL;

  g_file_set_contents (fixture->mountinfo, mounts, -1, &error);
  g_assert_no_error (error);
}

static LodgeUsbSafetyVerdict
inspect (Fixture    *fixture,
         const char *guest_disc)
{
  const char *discs[] = { guest_disc, NULL };
  g_autoptr(LodgeUsbBlocks) blocks = _lodge_usb_blocks_new (&fixture->sources, fixture->stick);

  g_clear_pointer (&fixture->safety, lodge_usb_safety_free);
  fixture->safety = _lodge_usb_safety_inspect (blocks, discs);

  return fixture->safety->verdict;
}

static void
test_free (Fixture       *fixture,
           gconstpointer  data)
{
  set_mounts (fixture, ROOT_ON_SDA);
  g_assert_cmpint (inspect (fixture, "/var/lib/libvirt/images/sdb"), ==, LODGE_USB_SAFETY_FREE);
  g_assert_null (fixture->safety->mount_points[0]);
}

static void
test_mounted (Fixture       *fixture,
              gconstpointer  data)
{
  set_mounts (fixture, ROOT_ON_SDA
              "30 20 8:17 / /run/media/user/My\\040Stick\\134\\012x rw,nosuid shared:2 master:1 - "
              "vfat /dev/sdb1 rw\n"
              "31 20 8:18 / /mnt rw - ext4 /dev/sdb2 rw\n"
              "broken line\n");

  g_assert_cmpint (inspect (fixture, NULL), ==, LODGE_USB_SAFETY_MOUNTED);
  g_assert_cmpint (g_strv_length (fixture->safety->mount_points), ==, 2);
  g_assert_cmpstr (fixture->safety->mount_points[0], ==, "/run/media/user/My Stick\\\nx");
  g_assert_cmpstr (fixture->safety->mount_points[1], ==, "/mnt");
}

static void
test_system (Fixture       *fixture,
             gconstpointer  data)
{
  static const char * const points[] = {
    "/", "/boot", "/boot/efi", "/home", "/home/user", "/usr", "/var", "/run/live/medium",
  };

  for (guint i = 0; i < G_N_ELEMENTS (points); i++)
    {
      g_autofree char *mounts = g_strdup_printf ("30 1 8:17 / %s rw - ext4 /dev/root rw\n", points[i]);

      set_mounts (fixture, mounts);
      g_assert_cmpint (inspect (fixture, NULL), ==, LODGE_USB_SAFETY_SYSTEM);
      g_assert_true (g_str_has_prefix (fixture->safety->detail, points[i]));
    }

  /* Of two mounts in one place, only the upper one counts for what is there now. */
  set_mounts (fixture, ROOT_ON_SDA
              "30 20 8:17 / /home/user/stick rw - ext4 /dev/sdb1 rw\n");
  g_assert_cmpint (inspect (fixture, NULL), ==, LODGE_USB_SAFETY_MOUNTED);
}

static void
test_swap (Fixture       *fixture,
           gconstpointer  data)
{
  static const char heading[] = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";
  static const struct { const char *line; gboolean is_swap; } lines[] = {
    { "/dev/sdb2                               partition\t1000\t0\t-2\n", TRUE },
    { "/dev/sda2                               partition\t1000\t0\t-2\n", FALSE },
    { "/mnt/a\\040b/swapfile                   file\t1000\t0\t-2\n", TRUE },
    { "/swapfile                               file\t1000\t0\t-2\n", FALSE },
  };

  set_mounts (fixture, ROOT_ON_SDA "30 20 8:17 / /mnt/a\\040b rw - ext4 /dev/sdb1 rw\n");

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *contents = g_strconcat (heading, lines[i].line, NULL);

      g_assert_true (g_file_set_contents (fixture->swaps, contents, -1, NULL));
      g_assert_cmpint (inspect (fixture, NULL), ==,
                       lines[i].is_swap ? LODGE_USB_SAFETY_SYSTEM : LODGE_USB_SAFETY_MOUNTED);
      g_assert_cmpstr (fixture->safety->detail, ==, lines[i].is_swap ? "swap" : NULL);
    }
}

static void
test_guest_disc (Fixture       *fixture,
                 gconstpointer  data)
{
  static const struct { const char *disc; LodgeUsbSafetyVerdict verdict; } discs[] = {
    { "/dev/sdb", LODGE_USB_SAFETY_GUEST_DISC },
    { "/dev/sdb2", LODGE_USB_SAFETY_GUEST_DISC },
    { "/mnt/images/arch.qcow2", LODGE_USB_SAFETY_GUEST_DISC },
    { "/mnt2/arch.qcow2", LODGE_USB_SAFETY_MOUNTED },
    { "/mnt/other/arch.qcow2", LODGE_USB_SAFETY_MOUNTED },
    { "/dev/sda1", LODGE_USB_SAFETY_MOUNTED },
    { "relative", LODGE_USB_SAFETY_MOUNTED },
  };

  set_mounts (fixture, ROOT_ON_SDA
              "30 20 8:17 / /mnt rw - ext4 /dev/sdb1 rw\n"
              "31 30 8:1 / /mnt/other rw - ext4 /dev/sda1 rw\n");

  for (guint i = 0; i < G_N_ELEMENTS (discs); i++)
    {
      g_assert_cmpint (inspect (fixture, discs[i].disc), ==, discs[i].verdict);
      if (discs[i].verdict == LODGE_USB_SAFETY_GUEST_DISC)
        g_assert_cmpstr (fixture->safety->detail, ==, discs[i].disc);
    }
}

/* An unlocked volume with LVM in it, which is mounted, and one that is only unlocked. */
static void
test_stacks (Fixture       *fixture,
             gconstpointer  data)
{
  add_mapped (fixture, STICK "/sdb2", "dm-0", "254:0", "luks-1234\n");
  set_mounts (fixture, ROOT_ON_SDA);
  g_assert_cmpint (inspect (fixture, NULL), ==, LODGE_USB_SAFETY_BUSY);
  g_assert_cmpstr (fixture->safety->detail, ==, "/dev/mapper/luks-1234");

  add_mapped (fixture, "devices/virtual/block/dm-0", "dm-1", "254:1", "vg-home\n");
  set_mounts (fixture, ROOT_ON_SDA "30 20 254:1 / /mnt rw - ext4 /dev/mapper/vg-home rw\n");
  g_assert_cmpint (inspect (fixture, NULL), ==, LODGE_USB_SAFETY_MOUNTED);
  g_assert_cmpstr (fixture->safety->mount_points[0], ==, "/mnt");
  g_assert_cmpint (inspect (fixture, "/dev/mapper/vg-home"), ==, LODGE_USB_SAFETY_GUEST_DISC);

  set_mounts (fixture, "30 20 254:1 / / rw - ext4 /dev/mapper/vg-home rw\n");
  g_assert_cmpint (inspect (fixture, NULL), ==, LODGE_USB_SAFETY_SYSTEM);
}

/* They have a number that is no block device's, and name one disc of several. */
static void
test_btrfs (Fixture       *fixture,
            gconstpointer  data)
{
  set_mounts (fixture, ROOT_ON_SDA "30 20 0:45 /@ /mnt rw - btrfs /dev/sdb1 rw,subvol=/@\n");
  g_assert_cmpint (inspect (fixture, NULL), ==, LODGE_USB_SAFETY_MOUNTED);

  set_mounts (fixture, "30 1 0:45 /@ / rw - btrfs /dev/sda1 rw,subvol=/@\n");
  g_assert_cmpint (inspect (fixture, NULL), ==, LODGE_USB_SAFETY_FREE);

  test_usb_tree_link (fixture->tree, "fs/btrfs/uuid/devices/sda1", "/");
  test_usb_tree_link (fixture->tree, "fs/btrfs/uuid/devices/sdb2", "/");
  g_assert_cmpint (inspect (fixture, NULL), ==, LODGE_USB_SAFETY_SYSTEM);
}

/* A computer that was started from the stick. */
static void
test_live_system (Fixture       *fixture,
                  gconstpointer  data)
{
  add_block (fixture, "devices/virtual/block/loop0", "7:0", FALSE);
  test_usb_tree_write (fixture->tree, "devices/virtual/block/loop0/loop/backing_file",
                       "/run/some/live/filesystem.squashfs\n", -1);
  set_mounts (fixture,
              "25 1 8:17 / /run/some rw - vfat /dev/sdb1 rw\n"
              "26 1 7:0 / /run/rootfs ro - squashfs /dev/loop0 ro\n"
              "27 1 0:30 / / rw - overlay overlay rw,lowerdir=/run/rootfs,upperdir=/run/cow/rw\n");
  g_assert_cmpint (inspect (fixture, NULL), ==, LODGE_USB_SAFETY_SYSTEM);
  g_assert_cmpstr (fixture->safety->detail, ==, "/");
}

/* What is plugged into a hub is not on the hub. */
static void
test_hub (Fixture       *fixture,
          gconstpointer  data)
{
  g_free (test_usb_tree_add_device (fixture->tree, "3-2", 6, 0x05e3, 0x0610));
  test_usb_tree_write (fixture->tree,
                       "devices/pci0000:00/0000:00:14.0/usb3/3-2/3-2.1/3-2.1:1.0/block/sdc/dev",
                       "8:32\n", -1);
  test_usb_tree_link (fixture->tree, "class/block/sdc",
                      "../../devices/pci0000:00/0000:00:14.0/usb3/3-2/3-2.1/3-2.1:1.0/block/sdc");
  set_mounts (fixture, "30 20 8:32 / / rw - ext4 /dev/sdc rw\n");

  g_free (fixture->stick);
  fixture->stick = g_build_filename (fixture->tree->bus, "3-2", NULL);
  g_assert_cmpint (inspect (fixture, NULL), ==, LODGE_USB_SAFETY_FREE);

  g_free (fixture->stick);
  fixture->stick = g_build_filename (fixture->tree->bus, "3-2", "3-2.1", NULL);
  g_assert_cmpint (inspect (fixture, NULL), ==, LODGE_USB_SAFETY_SYSTEM);
}

/* UDisks, as far as it is needed: it writes down what it is asked, and unmounts. */
typedef struct
{
  Fixture         *fixture;
  GTestDBus       *bus;
  GDBusConnection *connection;
  GString         *calls;
  const char      *fails_with;
  const char      *mounts_after;
} Disks;

static const char introspection[] =
  "<node>"
  "<interface name='org.freedesktop.UDisks2.Manager'><method name='ResolveDevice'>"
  "<arg type='a{sv}' direction='in'/><arg type='a{sv}' direction='in'/>"
  "<arg type='ao' direction='out'/></method></interface>"
  "<interface name='org.freedesktop.UDisks2.Filesystem'><method name='Unmount'>"
  "<arg type='a{sv}' direction='in'/></method></interface>"
  "<interface name='org.freedesktop.UDisks2.Encrypted'><method name='Lock'>"
  "<arg type='a{sv}' direction='in'/></method></interface>"
  "</node>";

static void
called_cb (GDBusConnection       *connection,
           const char            *sender,
           const char            *path,
           const char            *interface,
           const char            *method,
           GVariant              *parameters,
           GDBusMethodInvocation *invocation,
           gpointer               user_data)
{
  Disks *disks = user_data;
  g_autoptr(GVariant) specification = NULL;
  g_autofree char *object = NULL;
  const char *node;

  if (g_str_equal (method, "ResolveDevice"))
    {
      specification = g_variant_get_child_value (parameters, 0);
      g_assert_true (g_variant_lookup (specification, "path", "&s", &node));
      object = g_strconcat ("/org/freedesktop/UDisks2/block_devices", node + strlen ("/dev"), NULL);
      g_dbus_method_invocation_return_value (invocation,
                                             g_variant_new_parsed ("([%o],)", object));
      return;
    }

  g_string_append_printf (disks->calls, "%s %s;", method, strrchr (path, '/') + 1);

  if (disks->fails_with != NULL)
    {
      g_dbus_method_invocation_return_dbus_error (invocation, disks->fails_with, "target is busy");
      return;
    }

  if (g_str_equal (method, "Unmount"))
    set_mounts (disks->fixture, disks->mounts_after);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("()"));
}

static void
disks_start (Disks   *disks,
             Fixture *fixture)
{
  static const char * const volumes[] = { "sdb1", "sdb2", "dm_2d0" };

  *disks = (Disks) { .fixture = fixture, .calls = g_string_new (NULL),
                     .mounts_after = ROOT_ON_SDA };
  disks->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (disks->bus);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", g_test_dbus_get_bus_address (disks->bus), TRUE);

  disks->connection = test_bus_connect (disks->bus);
  test_bus_serve (disks->connection, "/org/freedesktop/UDisks2/Manager", introspection, 0, called_cb, disks);
  for (guint i = 0; i < G_N_ELEMENTS (volumes); i++)
    {
      g_autofree char *path = g_strconcat ("/org/freedesktop/UDisks2/block_devices/", volumes[i], NULL);

      test_bus_serve (disks->connection, path, introspection, 1, called_cb, disks);
    }
  test_bus_serve (disks->connection, "/org/freedesktop/UDisks2/block_devices/sdb2", introspection, 2, called_cb,
                  disks);
  test_bus_own (disks->connection, "org.freedesktop.UDisks2");
  _lodge_usb_safety_use_sources (&fixture->sources);
}

static void
disks_stop (Disks *disks)
{
  _lodge_usb_safety_use_sources (NULL);
  g_string_free (disks->calls, TRUE);
  g_dbus_connection_close_sync (disks->connection, NULL, NULL);
  g_object_unref (disks->connection);
  g_test_dbus_stop (disks->bus);
  g_object_unref (disks->bus);
}

static LodgeUsbDevice *
read_stick (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  LodgeUsbFacts *facts = lodge_usb_read_device (fixture->tree->sysfs, "3-1", &error);

  g_assert_no_error (error);

  return _lodge_usb_device_new (facts, TRUE, 0);
}

static LodgeUsbSafety *
unmount (LodgeUsbDevice  *device,
         const char      *disc,
         GError         **error)
{
  const char *discs[] = { disc, NULL };
  g_autoptr(GAsyncResult) result = NULL;

  lodge_usb_safety_unmount_async (device, discs, NULL, test_await_cb, &result);

  return lodge_usb_safety_unmount_finish (device, test_await (&result), error);
}

static void
test_unmount (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(LodgeUsbDevice) stick = read_stick (fixture);
  g_autoptr(LodgeUsbSafety) safety = NULL;
  g_autoptr(LodgeUsbSafety) refused = NULL;
  g_autoptr(LodgeUsbSafety) again = NULL;
  g_autoptr(GError) error = NULL;
  Disks disks;

  disks_start (&disks, fixture);
  set_mounts (fixture, ROOT_ON_SDA
              "30 20 8:17 / /mnt rw - ext4 /dev/sdb1 rw\n"
              "31 30 8:18 / /mnt/inner rw - ext4 /dev/sdb2 rw\n");

  /* A guest's disc is there: nothing is touched. */
  refused = unmount (stick, "/mnt/inner/disc.img", &error);
  g_assert_no_error (error);
  g_assert_cmpint (refused->verdict, ==, LODGE_USB_SAFETY_GUEST_DISC);
  g_assert_cmpstr (disks.calls->str, ==, "");

  /* A program has a file open there. */
  disks.fails_with = "org.freedesktop.UDisks2.Error.DeviceBusy";
  g_assert_null (unmount (stick, NULL, &error));
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_DEVICE_IN_USE);
  g_assert_cmpstr (error->message, ==, "target is busy");
  g_clear_error (&error);

  disks.fails_with = "org.freedesktop.UDisks2.Error.NotAuthorizedDismissed";
  g_assert_null (unmount (stick, NULL, &error));
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_DEVICE_IN_USE);
  g_clear_error (&error);

  disks.fails_with = NULL;
  g_string_truncate (disks.calls, 0);
  safety = unmount (stick, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (safety->verdict, ==, LODGE_USB_SAFETY_FREE);
  g_assert_cmpstr (disks.calls->str, ==, "Unmount sdb2;Unmount sdb1;");

  /* There is nothing to do any more. */
  again = unmount (stick, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (again->verdict, ==, LODGE_USB_SAFETY_FREE);

  /* What was unlocked is locked. */
  g_clear_pointer (&again, lodge_usb_safety_free);
  g_string_truncate (disks.calls, 0);
  add_mapped (fixture, STICK "/sdb2", "dm-0", "254:0", "luks-1234\n");
  again = unmount (stick, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (disks.calls->str, ==, "Lock sdb2;");
  g_assert_cmpint (again->verdict, ==, LODGE_USB_SAFETY_BUSY);

  disks_stop (&disks);
}

static gboolean
found_cb (gpointer user_data)
{
  add_block (user_data, STICK, "8:16", FALSE);

  return G_SOURCE_REMOVE;
}

/* A stick that was just plugged in has no disc yet, and one of a guest is not there. */
static void
test_awaits_discs (Fixture       *fixture,
                   gconstpointer  data)
{
  const char *discs[] = { "/dev/disk-that-is-not-there", "/dev/sdb", NULL };
  g_autofree char *block = g_build_filename (fixture->tree->sysfs, STICK, NULL);
  g_autofree char *hidden = g_build_filename (fixture->tree->root, "hidden", NULL);
  g_autoptr(LodgeUsbDevice) stick = read_stick (fixture);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  set_mounts (fixture, ROOT_ON_SDA);
  _lodge_usb_safety_use_sources (&fixture->sources);
  g_assert_cmpint (g_rename (block, hidden), ==, 0);

  g_timeout_add (200, found_cb, fixture);
  lodge_usb_safety_check_async (stick, discs, NULL, test_await_cb, &result);
  fixture->safety = lodge_usb_safety_check_finish (stick, test_await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpint (fixture->safety->verdict, ==, LODGE_USB_SAFETY_GUEST_DISC);
  g_assert_cmpstr (fixture->safety->detail, ==, "/dev/sdb");

  _lodge_usb_safety_use_sources (NULL);
}

static void
test_access (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(LodgeUsbDevice) stick = read_stick (fixture);
  g_autofree char *rule = lodge_usb_access_dup_rule (stick);
  g_autofree char *node = g_build_filename (fixture->tree->root, "node", NULL);
  g_autoptr(LodgeUsbAccess) none = lodge_usb_access_new_for_node (node);
  g_autoptr(LodgeUsbAccess) some = NULL;

  g_assert_false (none->is_there);
  g_assert_false (none->is_open);

  g_assert_true (g_file_set_contents (node, "", -1, NULL));
  some = lodge_usb_access_new_for_node (node);
  g_assert_true (some->is_there);
  g_assert_true (some->is_open);
  g_assert_null (some->group);

  g_assert_cmpstr (rule, ==,
                   "SUBSYSTEM==\"usb\", ENV{DEVTYPE}==\"usb_device\", "
                   "ATTR{idVendor}==\"0781\", ATTR{idProduct}==\"5581\", TAG+=\"uaccess\"");
}

#define ADD(name, func) \
  g_test_add ("/core/usb-safety/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("free", test_free);
  ADD ("mounted", test_mounted);
  ADD ("system", test_system);
  ADD ("swap", test_swap);
  ADD ("guest-disc", test_guest_disc);
  ADD ("stacks", test_stacks);
  ADD ("btrfs", test_btrfs);
  ADD ("live-system", test_live_system);
  ADD ("hub", test_hub);
  ADD ("unmount", test_unmount);
  ADD ("awaits-discs", test_awaits_discs);
  ADD ("access", test_access);

  return g_test_run ();
}
