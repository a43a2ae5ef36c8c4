/* test-hostdev.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Devices of the computer in guests, by libvirt: what is given is there, what is taken is back, and
 * nothing else is ever taken.
 */

#include "config.h"

#include <string.h>

#include "lab-hosts.h"
#include "lab.h"
#include "lodge-error.h"
#include "usb/lodge-usb-custody.h"

typedef struct
{
  LodgeHost       *host;
  LodgeMachine    *linux_guest;
  LodgeUsbMonitor *monitor;
  LodgeUsbRoute   *route;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->host = lab_host_open ("qemu:///system");
  fixture->linux_guest = lab_machine (fixture->host, "linux");
  fixture->monitor = lodge_usb_monitor_new ();
  fixture->route = lodge_usb_hostdev_route_new ();
  lab_await (lodge_usb_monitor_get_state (fixture->monitor) == LODGE_USB_MONITOR_RUNNING);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_object (&fixture->route);
  g_clear_object (&fixture->monitor);
  g_clear_object (&fixture->linux_guest);
  lodge_host_close (fixture->host);
  g_clear_object (&fixture->host);
}

static LodgeUsbHolding *
only_holding (Fixture      *fixture,
              LodgeMachine *machine)
{
  g_autoptr(GPtrArray) holdings = lodge_usb_route_dup_holdings (fixture->route, machine);

  g_assert_cmpuint (holdings->len, ==, 1);

  return lodge_usb_holding_copy (g_ptr_array_index (holdings, 0));
}

static guint
count_holdings (Fixture      *fixture,
                LodgeMachine *machine)
{
  g_autoptr(GPtrArray) holdings = lodge_usb_route_dup_holdings (fixture->route, machine);

  return holdings->len;
}

static gboolean
guest_says (const char *word,
            const char *command)
{
  g_autofree char *said = lab_linux_ask (command);

  return strstr (said, word) != NULL;
}

static void
test_camera (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(LabCamera) camera = lab_camera_plug ("CAM1", NULL);
  g_autoptr(LodgeUsbDevice) device = lab_device (fixture->monitor, "CAM1");
  g_autoptr(LodgeUsbHolding) holding = NULL;

  lab_await (lab_says ("video0", "ls /dev"));
  lab_give (fixture->route, device, fixture->linux_guest, NULL);
  g_assert_true (lab_has ("linux", device));
  holding = only_holding (fixture, fixture->linux_guest);
  g_assert_cmpuint (holding->bus, ==, lodge_usb_device_get_bus (device));
  g_assert_cmpuint (holding->address, ==, lodge_usb_device_get_address (device));
  g_assert_cmpuint (holding->vendor, ==, 0x1209);
  g_assert_cmpuint (holding->product, ==, 0x0c0a);
  g_assert_false (holding->is_foreign);
  g_assert_false (lab_says ("lodge-usb", "virsh -q dumpxml linux --inactive"));

  /* The guest's own kernel has it, and its pictures come through. */
  lab_await (guest_says ("video0", "ls /dev"));
  g_assert_cmpuint (lab_linux_count_frames (), >=, 8);

  lab_take (fixture->route, holding);
  g_assert_false (lab_has ("linux", device));
  g_assert_cmpuint (count_holdings (fixture, fixture->linux_guest), ==, 0);

  /* The computer's driver has it again, and the guest has not. */
  lab_await (lab_says ("video", "ls /dev"));
  lab_await (!guest_says ("video0", "ls /dev"));
}

static void
test_stick (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(LodgeUsbDevice) device = NULL;
  g_autoptr(LodgeUsbHolding) holding = NULL;
  g_autofree char *said = NULL;

  lab_plug ("stick", "written", "WRITTEN");
  device = lab_device (fixture->monitor, "WRITTEN");
  lab_await (lab_says ("sda", "ls /sys/block"));
  said = lab_run ("echo 'from outside' | dd of=/dev/sda bs=512 conv=sync,fsync 2>/dev/null");

  lab_give (fixture->route, device, fixture->linux_guest, NULL);
  lab_await (!lab_says ("sd", "ls /sys/block"));
  lab_await (guest_says ("sda", "ls /sys/block"));
  lab_await (guest_says ("from outside", "head -c 12 /dev/sda; echo"));

  holding = only_holding (fixture, fixture->linux_guest);
  lab_take (fixture->route, holding);
  lab_await (lab_says ("sd", "ls /sys/block"));
  lab_unplug ("written");
  lab_await (!lodge_usb_device_is_present (device));
}

/* Neither is taken for the other, though nothing tells them apart but where they are. */
static void
test_twins (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(LabCamera) one = lab_camera_plug ("", "--name One");
  g_autoptr(LabCamera) two = lab_camera_plug ("", "--name Two");
  LodgeUsbDevice *first = NULL, *second = NULL;
  g_autoptr(LodgeUsbHolding) holding = NULL;
  g_autoptr(GPtrArray) both = NULL;
  LodgeMachine *other = lab_machine_new (fixture->host, "other", 15);

  lab_await (g_list_model_get_n_items (G_LIST_MODEL (fixture->monitor)) == 2);
  first = g_list_model_get_item (G_LIST_MODEL (fixture->monitor), 0);
  second = g_list_model_get_item (G_LIST_MODEL (fixture->monitor), 1);
  g_assert_true (lodge_usb_monitor_has_twin (fixture->monitor, first));

  lab_give (fixture->route, second, fixture->linux_guest, NULL);
  g_assert_true (lab_has ("linux", second));
  g_assert_false (lab_has ("linux", first));
  lab_give (fixture->route, first, other, NULL);
  g_assert_true (lab_has ("other", first));

  holding = only_holding (fixture, fixture->linux_guest);
  lab_take (fixture->route, holding);
  g_assert_false (lab_has ("linux", second));
  g_assert_true (lab_has ("other", first));

  g_object_unref (first);
  g_object_unref (second);
  lab_machine_remove (other);
  g_object_unref (other);
}

static void
test_in_use (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(LabCamera) camera = lab_camera_plug ("CAM2", NULL);
  g_autoptr(LodgeUsbDevice) device = lab_device (fixture->monitor, "CAM2");
  g_autoptr(GError) error = NULL;
  LodgeMachine *other = lab_machine_new (fixture->host, "holder", 15);

  lab_give (fixture->route, device, other, NULL);
  lab_give (fixture->route, device, fixture->linux_guest, &error);
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_DEVICE_IN_USE);
  g_assert_nonnull (strstr (error->message, "holder"));
  g_assert_false (lab_has ("linux", device));
  g_assert_true (lab_has ("holder", device));

  /* With the guest the device is free. */
  lab_machine_remove (other);
  g_object_unref (other);
  lab_await (lab_says ("video", "ls /dev"));
  g_clear_error (&error);
  lab_give (fixture->route, device, fixture->linux_guest, NULL);
  g_assert_true (lab_has ("linux", device));
}

/* The one before has left its camera as a ghost in the guest. */
static void
test_stale (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(LodgeUsbHolding) ghost = NULL;
  g_autoptr(LabCamera) camera = NULL;
  g_autoptr(LodgeUsbDevice) device = NULL;
  g_autoptr(LodgeUsbHolding) holding = NULL;

  lab_await (count_holdings (fixture, fixture->linux_guest) == 1);
  ghost = only_holding (fixture, fixture->linux_guest);
  lab_await (lodge_usb_monitor_find (fixture->monitor, ghost->bus, ghost->address) == NULL);
  g_assert_false (ghost->is_foreign);
  g_assert_cmpuint (ghost->vendor, ==, 0x1209);

  lab_take (fixture->route, ghost);
  g_assert_cmpuint (count_holdings (fixture, fixture->linux_guest), ==, 0);

  /* Once more is as good. */
  lab_take (fixture->route, ghost);

  /* Plugged in again, it is the only one there. */
  camera = lab_camera_plug ("CAM2", NULL);
  device = lab_device (fixture->monitor, "CAM2");
  lab_give (fixture->route, device, fixture->linux_guest, NULL);
  holding = only_holding (fixture, fixture->linux_guest);
  lab_take (fixture->route, holding);
}

static void
test_absent (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(LabCamera) one = lab_camera_plug ("ABSENT", NULL);
  g_autoptr(LodgeUsbDevice) absent = lab_device (fixture->monitor, "ABSENT");
  g_autoptr(LabCamera) two = lab_camera_plug ("PRESENT", "--product 0c0b");
  g_autoptr(LodgeUsbDevice) present = lab_device (fixture->monitor, "PRESENT");
  g_autoptr(GError) error = NULL;
  g_autofree char *devices = NULL;
  g_autofree char *said = NULL;

  g_clear_pointer (&one, lab_camera_free);
  lab_give (fixture->route, absent, fixture->linux_guest, &error);
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_GONE);

  /* Nor one that is at a place where another was. */
  said = lab_run ("echo '<hostdev mode=\"subsystem\" type=\"usb\"><source startupPolicy=\"mandatory\">"
                  "<vendor id=\"0x1209\"/><product id=\"0x0c0a\"/><address bus=\"%u\" device=\"%u\"/>"
                  "</source></hostdev>' > /run/lab/absent.xml; "
                  "virsh -q attach-device linux /run/lab/absent.xml --live 2>&1 || echo refused",
                  lodge_usb_device_get_bus (present), lodge_usb_device_get_address (present));
  g_assert_nonnull (strstr (said, "refused"));

  devices = lab_devices_of ("linux");
  g_assert_cmpstr (devices, ==, "");
  g_assert_cmpstr (lodge_usb_device_get_holder (present), !=, "usbfs");
}

static void
test_no_room (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(LabCamera) one = lab_camera_plug ("ROOM1", NULL);
  g_autoptr(LabCamera) two = lab_camera_plug ("ROOM2", NULL);
  g_autoptr(LodgeUsbDevice) first = lab_device (fixture->monitor, "ROOM1");
  g_autoptr(LodgeUsbDevice) second = lab_device (fixture->monitor, "ROOM2");
  LodgeMachine *none = lab_machine_new (fixture->host, "without", 0);
  LodgeMachine *small = lab_machine_new (fixture->host, "small", 1);
  g_autoptr(GError) error = NULL;
  guint ports, redirections;

  g_assert_false (lodge_usb_route_check (fixture->route, first, none, &error));
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_NO_USB_PORT);
  g_clear_error (&error);
  g_assert_false (lodge_usb_has_room (none, &ports, NULL));
  g_assert_cmpuint (ports, ==, 0);

  /* It has ports, and fewer channels than a guest with a screen gets from Lodge. */
  g_assert_false (lodge_usb_has_room (fixture->linux_guest, &ports, &redirections));
  g_assert_cmpuint (ports, ==, 15);
  g_assert_cmpuint (redirections, ==, 1);

  lab_give (fixture->route, first, small, NULL);
  lab_give (fixture->route, second, small, &error);
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_NO_USB_PORT);
  g_assert_true (lab_has ("small", first));

  lab_machine_remove (none);
  lab_machine_remove (small);
  g_object_unref (none);
  g_object_unref (small);
}

static void
room_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  gboolean needs_restart;

  g_assert_true (lodge_usb_add_room_finish (LODGE_MACHINE (object), result, &needs_restart, &error));
  g_assert_no_error (error);
  *(int *)user_data = needs_restart;
}

static void
test_add_room (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(LabCamera) camera = lab_camera_plug ("ROOM3", NULL);
  g_autoptr(LodgeUsbDevice) device = lab_device (fixture->monitor, "ROOM3");
  LodgeMachine *machine = lab_machine_new (fixture->host, "grows", 0);
  g_autofree char *said = NULL;
  int needs_restart = -1;

  lodge_usb_add_room_async (machine, NULL, room_cb, &needs_restart);
  lab_await (needs_restart >= 0);
  g_assert_true (needs_restart);

  said = lab_run ("virsh -q destroy grows && virsh -q start --paused grows");
  lab_await (lodge_usb_has_room (machine, NULL, NULL) &&
             lodge_machine_get_state (machine) == LODGE_STATE_PAUSED);
  lab_give (fixture->route, device, machine, NULL);
  g_assert_true (lab_has ("grows", device));

  lab_machine_remove (machine);
  g_object_unref (machine);
}

/* A device that somebody else has given is shown, and known as theirs. */
static void
test_foreign (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(LabCamera) camera = lab_camera_plug ("FOREIGN", NULL);
  g_autoptr(LodgeUsbDevice) device = lab_device (fixture->monitor, "FOREIGN");
  g_autoptr(LodgeUsbHolding) holding = NULL;
  g_autofree char *said = NULL;

  said = lab_run ("echo '<hostdev mode=\"subsystem\" type=\"usb\"><source><address bus=\"%u\" "
                  "device=\"%u\"/></source></hostdev>' > /run/lab/foreign.xml && "
                  "virsh -q attach-device linux /run/lab/foreign.xml --live",
                  lodge_usb_device_get_bus (device), lodge_usb_device_get_address (device));
  lab_await (count_holdings (fixture, fixture->linux_guest) == 1);
  holding = only_holding (fixture, fixture->linux_guest);
  g_assert_true (holding->is_foreign);
  g_assert_cmpuint (holding->address, ==, lodge_usb_device_get_address (device));

  lab_take (fixture->route, holding);
  g_assert_false (lab_has ("linux", device));
}

static void
changed_cb (LodgeUsbRoute *route,
            LodgeMachine  *machine,
            guint         *count)
{
  (*count)++;
}

static void
checked_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  *(GAsyncResult **)user_data = g_object_ref (result);
}

/* QEMU that was killed leaves its device to nobody; whoever looks offers it to the drivers. */
static gboolean
is_back (LodgeUsbDevice *device)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(LodgeUsbCustody) custody = NULL;

  lodge_usb_custody_check_async (device, NULL, checked_cb, &result);
  lab_await (result != NULL);
  custody = lodge_usb_custody_check_finish (device, result, &error);
  g_assert_no_error (error);

  return custody->is_back;
}

/* Whatever happens to QEMU and to the daemon, what is said is so. */
static void
test_faults (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(LabCamera) camera = lab_camera_plug ("FAULTS", NULL);
  g_autoptr(LodgeUsbDevice) device = lab_device (fixture->monitor, "FAULTS");
  LodgeMachine *machine = lab_machine_new (fixture->host, "victim", 15);
  g_autoptr(GError) error = NULL;
  g_autofree char *said = NULL;
  guint count = 0;

  lab_give (fixture->route, device, machine, NULL);
  g_assert_cmpuint (count_holdings (fixture, machine), ==, 1);

  /* The daemon goes, and comes back. */
  said = lab_run ("kill -9 $(cat /run/libvirtd.pid); while kill -0 $(cat /run/libvirtd.pid) 2>/dev/null; "
                  "do sleep 0.1; done");
  lab_await (!lodge_machine_is_reachable (machine));
  lab_give (fixture->route, device, fixture->linux_guest, &error);
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_DISCONNECTED);
  g_clear_pointer (&said, g_free);
  said = lab_run ("libvirtd -d");
  lab_await (lodge_machine_is_reachable (machine));
  lab_await (count_holdings (fixture, machine) == 1);

  /* QEMU goes. */
  g_signal_connect (fixture->route, "changed", G_CALLBACK (changed_cb), &count);
  g_clear_pointer (&said, g_free);
  said = lab_run ("kill -9 $(cat /run/libvirt/qemu/victim.pid)");
  lab_await (count_holdings (fixture, machine) == 0);
  lab_await (count > 0);
  lab_await (is_back (device));
  lab_await (lab_says ("video", "ls /dev"));

  lab_machine_remove (machine);
  g_object_unref (machine);
}

/* QEMU of an ordinary user's session, which may not open the device's node. */
static void
test_session (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(LabCamera) camera = lab_camera_plug ("SESSION", NULL);
  g_autoptr(LodgeUsbDevice) device = lab_device (fixture->monitor, "SESSION");
  g_autoptr(LodgeHost) host = NULL;
  LodgeMachine *machine;
  g_autoptr(GError) error = NULL;
  g_autofree char *said = NULL;

  said = lab_run ("mkdir -p /run/lab/home /run/lab/run && chown nobody /run/lab/home /run/lab/run && "
                  "mkdir -p /run/lab/home/.config/libvirt && "
                  "echo 'stdio_handler = \"file\"' > /run/lab/home/.config/libvirt/qemu.conf && "
                  "chown -R nobody /run/lab/home && "
                  "HOME=/run/lab/home XDG_RUNTIME_DIR=/run/lab/run setpriv --reuid=nobody "
                  "--regid=nogroup --clear-groups libvirtd -d");
  lab_await (g_file_test ("/run/lab/run/libvirt/libvirt-sock", G_FILE_TEST_EXISTS));
  host = lab_host_open ("qemu+unix:///session?socket=/run/lab/run/libvirt/libvirt-sock");
  machine = lab_machine_new (host, "denied", 15);

  lab_give (fixture->route, device, machine, &error);
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_DENIED);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, lodge_usb_device_get_node (device)));
  g_assert_nonnull (strstr (error->message, "group root"));
  g_assert_cmpuint (count_holdings (fixture, machine), ==, 0);

  /* What a udev rule with the tag uaccess does. */
  g_clear_pointer (&said, g_free);
  said = lab_run ("setfacl -m u:nobody:rw %s", lodge_usb_device_get_node (device));
  lab_give (fixture->route, device, machine, NULL);
  g_assert_cmpuint (count_holdings (fixture, machine), ==, 1);

  lab_machine_remove (machine);
  g_object_unref (machine);
  lodge_host_close (host);
}

#define ADD(name, function) \
  g_test_add ("/lab/hostdev/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  lab_init (&argc, &argv);
  ADD ("camera", test_camera);
  ADD ("stick", test_stick);
  ADD ("twins", test_twins);
  ADD ("in-use", test_in_use);
  ADD ("stale", test_stale);
  ADD ("absent", test_absent);
  ADD ("no-room", test_no_room);
  ADD ("add-room", test_add_room);
  ADD ("foreign", test_foreign);
  ADD ("faults", test_faults);
  ADD ("session", test_session);

  return g_test_run ();
}
