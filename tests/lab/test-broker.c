/* test-broker.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rules: what is plugged in gets where it belongs, without a click, whatever happens meanwhile.
 */

#include "config.h"

#include <string.h>

#include "lab-hosts.h"
#include "lab.h"
#include "lodge-error.h"
#include "usb/lodge-usb-broker.h"

typedef struct
{
  LodgeHost       *host;
  LodgeMachine    *linux_guest;
  GListStore      *hosts;
  LodgeUsbMonitor *monitor;
  LodgeUsbBroker  *broker;
  char            *held_up;  /* the serial of a device of which the signal told */
} Fixture;

static void
held_up_cb (LodgeUsbBroker *broker,
            LodgeUsbPlug   *plug,
            LodgeMachine   *machine,
            Fixture        *fixture)
{
  g_free (fixture->held_up);
  fixture->held_up = g_strdup (lodge_usb_device_get_serial (lodge_usb_plug_get_device (plug)));
}

static void
failed_cb (LodgeUsbBroker *broker,
           LodgeUsbPlug   *plug,
           LodgeMachine   *machine)
{
  g_test_message ("%s failed for %s: %s", lodge_usb_device_get_name (lodge_usb_plug_get_device (plug)),
                  lodge_machine_get_name (machine), lodge_usb_plug_get_error (plug)->message);
}

/* As when Lodge starts. */
static void
start_broker (Fixture *fixture)
{
  g_autoptr(LodgeUsbRoute) route = lodge_usb_hostdev_route_new ();

  fixture->monitor = lodge_usb_monitor_new ();
  lab_await (lodge_usb_monitor_get_state (fixture->monitor) == LODGE_USB_MONITOR_RUNNING);
  fixture->broker = lodge_usb_broker_new (G_LIST_MODEL (fixture->monitor),
                                          G_LIST_MODEL (fixture->hosts));
  g_signal_connect (fixture->broker, "failed", G_CALLBACK (failed_cb), NULL);
  g_signal_connect (fixture->broker, "held-up", G_CALLBACK (held_up_cb), fixture);
  lodge_usb_broker_add_route (fixture->broker, route);
}

static void
stop_broker (Fixture *fixture)
{
  g_clear_object (&fixture->broker);
  g_clear_object (&fixture->monitor);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->host = lab_host_open ("qemu:///system");
  fixture->linux_guest = lab_machine (fixture->host, "linux");
  fixture->hosts = g_list_store_new (LODGE_TYPE_HOST);
  g_list_store_append (fixture->hosts, fixture->host);
  start_broker (fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  stop_broker (fixture);
  g_clear_object (&fixture->hosts);
  g_clear_object (&fixture->linux_guest);
  lodge_host_close (fixture->host);
  g_clear_object (&fixture->host);
  g_clear_pointer (&fixture->held_up, g_free);
}

static LodgeUsbPlug *
find_plug (Fixture    *fixture,
           const char *serial)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (fixture->broker)); i++)
    {
      g_autoptr(LodgeUsbPlug) plug = g_list_model_get_item (G_LIST_MODEL (fixture->broker), i);

      if (g_strcmp0 (lodge_usb_device_get_serial (lodge_usb_plug_get_device (plug)), serial) == 0)
        return g_steal_pointer (&plug);
    }

  return NULL;
}

/* Whether the device is in the guest, as the broker says. */
static gboolean
is_given (Fixture      *fixture,
          const char   *serial,
          LodgeMachine *machine)
{
  g_autoptr(LodgeUsbPlug) plug = find_plug (fixture, serial);

  return plug != NULL && lodge_usb_plug_get_state (plug) == LODGE_USB_PLUG_GIVEN &&
         lodge_usb_plug_get_machine (plug) == machine;
}

static void
done_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  lodge_usb_broker_finish (LODGE_USB_BROKER (object), result, &error);
  g_assert_no_error (error);
  *(gboolean *)user_data = TRUE;
}

static void
set_rule (Fixture         *fixture,
          const char      *serial,
          LodgeMachine    *machine,
          LodgeUsbVerdict  verdict)
{
  LodgeUsbPlug *plug = NULL;
  gboolean done = FALSE;

  lab_await (plug != NULL || (plug = find_plug (fixture, serial)) != NULL);
  lodge_usb_broker_set_verdict_async (fixture->broker, plug, machine, verdict, done_cb, &done);
  lab_await (done);
  g_object_unref (plug);
}

static void
take (Fixture    *fixture,
      const char *serial)
{
  g_autoptr(LodgeUsbPlug) plug = find_plug (fixture, serial);
  gboolean done = FALSE;

  lodge_usb_broker_take_async (fixture->broker, plug, done_cb, &done);
  lab_await (done);
}

static gboolean
has_nothing (const char *name)
{
  g_autofree char *devices = lab_devices_of (name);

  return devices[0] == '\0';
}

static gboolean
guest_sees_camera (void)
{
  g_autofree char *said = lab_linux_ask ("cat /sys/bus/usb/devices/*/idVendor");

  return strstr (said, "1209") != NULL;
}

static gboolean
guest_has_video (void)
{
  g_autofree char *said = lab_linux_ask ("ls /dev");

  return strstr (said, "video0") != NULL;
}

/* How often it is tried: a machine that has other things to do slows the laboratory down. */
#define MOST_TRIES 4

/* Nobody clicks, and the camera is in the guest within three seconds. */
static LabCamera *
plug_in_in_time (Fixture    *fixture,
                 const char *serial,
                 const char *more)
{
  for (guint i = 1; TRUE; i++)
    {
      g_autoptr(LabCamera) camera = lab_camera_plug (serial, more);
      gint64 begin = g_get_monotonic_time ();
      gint64 passed;

      lab_await (is_given (fixture, serial, fixture->linux_guest));
      passed = g_get_monotonic_time () - begin;
      g_test_message ("given after %u ms", (guint)(passed / 1000));
      if (passed < 3 * G_USEC_PER_SEC)
        return g_steal_pointer (&camera);
      g_assert_cmpuint (i, <, MOST_TRIES);

      g_clear_pointer (&camera, lab_camera_free);
      lab_await (has_nothing ("linux"));
    }
}

static void
test_rule (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(LabCamera) camera = lab_camera_plug ("RULE", "--port 1");
  g_autofree char *place = NULL;
  g_autoptr(LodgeUsbPlug) plug = NULL;

  set_rule (fixture, "RULE", fixture->linux_guest, LODGE_USB_VERDICT_ALWAYS);
  lab_await (is_given (fixture, "RULE", fixture->linux_guest));
  lab_await (guest_sees_camera ());
  plug = find_plug (fixture, "RULE");
  place = g_strdup (lodge_usb_device_get_place (lodge_usb_plug_get_device (plug)));
  g_clear_object (&plug);

  g_clear_pointer (&camera, lab_camera_free);
  lab_await (has_nothing ("linux"));
  lab_await (!guest_sees_camera ());

  /* Back, at another bus. */
  camera = plug_in_in_time (fixture, "RULE", "--port 17");
  plug = find_plug (fixture, "RULE");
  g_assert_cmpstr (lodge_usb_device_get_place (lodge_usb_plug_get_device (plug)), !=, place);
  lab_await (guest_sees_camera ());
  lab_await (guest_has_video ());
  g_assert_cmpuint (lab_linux_count_frames (), >=, 8);

  /* Taken back, it is this computer's. */
  take (fixture, "RULE");
  g_assert_true (has_nothing ("linux"));
  lab_await (lab_says ("video", "ls /dev"));
  lab_await (!guest_has_video ());
  lab_await (lodge_usb_plug_get_custody (plug) == NULL);
  g_assert_null (lodge_usb_plug_get_error (plug));
}

/* This computer's driver is not there when the device comes back. */
static void
test_no_driver (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(LabCamera) camera = lab_camera_plug ("RULE", NULL);
  g_autoptr(LodgeUsbPlug) plug = NULL;

  lab_await (is_given (fixture, "RULE", fixture->linux_guest));
  plug = find_plug (fixture, "RULE");
  /* Whoever looks at what was plugged in holds it for a moment. */
  lab_await (lab_says ("gone", "modprobe -r uvcvideo && echo gone"));
  take (fixture, "RULE");
  lab_await (lodge_usb_plug_get_custody (plug) != NULL);
  g_assert_false (lodge_usb_plug_get_custody (plug)->is_back);
  g_assert_null (lodge_usb_plug_get_custody (plug)->driver);
  g_assert_null (lodge_usb_plug_get_custody (plug)->program);

  g_free (lab_run ("modprobe uvcvideo"));
  lab_await (lodge_usb_plug_get_custody (plug) == NULL);
  lab_await (lab_says ("video", "ls /dev"));
}

/* What another Lodge has given is known to this one. */
static void
test_restart (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(LabCamera) camera = lab_camera_plug ("RULE", NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  lab_await (is_given (fixture, "RULE", fixture->linux_guest));
  before = lab_devices_of ("linux");

  stop_broker (fixture);
  start_broker (fixture);
  lab_await (is_given (fixture, "RULE", fixture->linux_guest));
  after = lab_devices_of ("linux");
  g_assert_cmpstr (before, ==, after);

  /* Unplugged while nobody looked: the ghost goes. */
  stop_broker (fixture);
  g_clear_pointer (&camera, lab_camera_free);
  g_assert_false (has_nothing ("linux"));
  start_broker (fixture);
  lab_await (has_nothing ("linux"));
}

/* However fast, in the end all agree. */
static void
test_replug (Fixture       *fixture,
             gconstpointer  data)
{
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr(LabCamera) camera = lab_camera_plug ("RULE", NULL);

      /* Some are gone before anybody has seen them, some are on their way into the guest. */
      for (guint turns = i % 5 * 8; turns > 0; turns--)
        lab_turn ();
    }

  lab_await (g_list_model_get_n_items (G_LIST_MODEL (fixture->broker)) == 0);
  lab_await (has_nothing ("linux"));

  {
    g_autoptr(LabCamera) camera = lab_camera_plug ("RULE", NULL);
    g_autoptr(LodgeUsbDevice) device = lab_device (fixture->monitor, "RULE");
    g_autofree char *devices = NULL;
    g_autofree char *only = g_strdup_printf ("%u:%u ", lodge_usb_device_get_bus (device),
                                             lodge_usb_device_get_address (device));

    lab_await (is_given (fixture, "RULE", fixture->linux_guest));
    devices = lab_devices_of ("linux");
    g_assert_cmpstr (devices, ==, only);
    lab_await (guest_sees_camera ());

    take (fixture, "RULE");
    g_assert_true (has_nothing ("linux"));
    lab_await (lab_says ("video", "ls /dev"));
    set_rule (fixture, "RULE", fixture->linux_guest, LODGE_USB_VERDICT_NONE);
  }
}

/* A guest that is off gets it when it has started, keeps it when it restarts, and gives it back. */
static void
test_guest_off (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(LabCamera) camera = lab_camera_plug ("OFF", NULL);
  LodgeMachine *machine = lab_machine_new (fixture->host, "later", 15);
  g_autofree char *said = lab_run ("virsh -q destroy later");

  lab_await (!lodge_machine_is_active (machine));
  set_rule (fixture, "OFF", machine, LODGE_USB_VERDICT_ALWAYS);
  g_assert_false (is_given (fixture, "OFF", machine));

  g_free (said);
  said = lab_run ("virsh -q start --paused later");
  lab_await (is_given (fixture, "OFF", machine));
  g_assert_false (has_nothing ("later"));

  g_free (said);
  said = lab_run ("virsh -q reset later && sleep 1");
  g_assert_true (is_given (fixture, "OFF", machine));
  g_assert_false (has_nothing ("later"));

  /* QEMU goes, and the device is this computer's again. */
  g_free (said);
  said = lab_run ("kill -9 $(cat /run/libvirt/qemu/later.pid)");
  lab_await (!lodge_machine_is_active (machine));
  lab_await (!is_given (fixture, "OFF", machine));
  lab_await (lab_says ("video", "ls /dev"));

  lab_machine_remove (machine);
  g_object_unref (machine);
}

static LodgeUsbPlug *
find_named (Fixture    *fixture,
            const char *name)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (fixture->broker)); i++)
    {
      g_autoptr(LodgeUsbPlug) plug = g_list_model_get_item (G_LIST_MODEL (fixture->broker), i);

      if (g_strcmp0 (lodge_usb_device_get_product_name (lodge_usb_plug_get_device (plug)), name) == 0)
        return g_steal_pointer (&plug);
    }

  return NULL;
}

static void
write_rule (Fixture         *fixture,
            LodgeUsbPlug    *plug,
            LodgeUsbVerdict  verdict)
{
  gboolean done = FALSE;

  lodge_usb_broker_set_verdict_async (fixture->broker, plug, fixture->linux_guest, verdict, done_cb, &done);
  lab_await (done);
}

/* Of two that are the same, the one gets into the guest that is where the rule says. */
static void
test_twins (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(LabCamera) one = lab_camera_plug ("", "--name One --port 2");
  g_autoptr(LabCamera) two = lab_camera_plug ("", "--name Two --port 3");
  LodgeUsbPlug *first = NULL, *second = NULL;

  lab_await ((first = find_named (fixture, "One")) != NULL);
  lab_await ((second = find_named (fixture, "Two")) != NULL);
  write_rule (fixture, second, LODGE_USB_VERDICT_ALWAYS);
  lab_await (lodge_usb_plug_get_state (second) == LODGE_USB_PLUG_GIVEN);
  g_assert_cmpint (lodge_usb_plug_get_state (first), ==, LODGE_USB_PLUG_HERE);
  g_clear_object (&first);
  g_clear_object (&second);

  /* Both go and come back. */
  g_clear_pointer (&one, lab_camera_free);
  g_clear_pointer (&two, lab_camera_free);
  lab_await (has_nothing ("linux"));
  two = lab_camera_plug ("", "--name Two --port 3");
  lab_await ((second = find_named (fixture, "Two")) != NULL);
  one = lab_camera_plug ("", "--name One --port 2");
  lab_await ((first = find_named (fixture, "One")) != NULL);
  lab_await (lodge_usb_plug_get_state (second) == LODGE_USB_PLUG_GIVEN);
  g_assert_cmpint (lodge_usb_plug_get_state (first), ==, LODGE_USB_PLUG_HERE);
  g_assert_true (lab_has ("linux", lodge_usb_plug_get_device (second)));
  g_assert_false (lab_has ("linux", lodge_usb_plug_get_device (first)));

  write_rule (fixture, second, LODGE_USB_VERDICT_NONE);
  g_clear_object (&first);
  g_clear_object (&second);
}

/* The one whose window was in front gets it, and one that has it keeps it. */
static void
test_conflict (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(LabCamera) camera = lab_camera_plug ("BOTH", "--port 1");
  LodgeMachine *machine = lab_machine_new (fixture->host, "rival", 15);
  g_autoptr(LodgeUsbPlug) plug = NULL;

  lodge_usb_broker_set_front (fixture->broker, machine);
  lodge_usb_broker_set_front (fixture->broker, fixture->linux_guest);
  set_rule (fixture, "BOTH", machine, LODGE_USB_VERDICT_ALWAYS);
  lab_await (is_given (fixture, "BOTH", machine));
  set_rule (fixture, "BOTH", fixture->linux_guest, LODGE_USB_VERDICT_ALWAYS);
  g_assert_true (is_given (fixture, "BOTH", machine));

  g_clear_pointer (&camera, lab_camera_free);
  lab_await (has_nothing ("rival"));
  /* At another port: what comes back at once where it was goes back to who had it. */
  camera = lab_camera_plug ("BOTH", "--port 2");
  lab_await (is_given (fixture, "BOTH", fixture->linux_guest));
  plug = find_plug (fixture, "BOTH");
  lab_await (lodge_usb_plug_get_contenders (plug) != NULL);
  g_assert_true (lodge_usb_plug_get_contenders (plug)[0] == machine);

  set_rule (fixture, "BOTH", fixture->linux_guest, LODGE_USB_VERDICT_NONE);
  g_clear_pointer (&camera, lab_camera_free);
  lab_await (has_nothing ("linux"));
  lab_machine_remove (machine);
  g_object_unref (machine);
}

/* Nothing is pulled from under the computer's own hands. */
static void
test_mounted (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *said = NULL;
  g_autoptr(LodgeUsbPlug) plug = NULL;

  lab_plug ("stick", "mounted", "MOUNTED");
  lab_await (lab_says ("there", "test -b /dev/sda && echo there"));
  said = lab_run ("mkfs.ext4 -q -F /dev/sda && mkdir -p /run/lab/mnt && mount /dev/sda /run/lab/mnt && "
                  "echo precious > /run/lab/mnt/file");

  set_rule (fixture, "MOUNTED", fixture->linux_guest, LODGE_USB_VERDICT_ALWAYS);
  lab_await (g_strcmp0 (fixture->held_up, "MOUNTED") == 0);
  g_assert_true (has_nothing ("linux"));
  plug = find_plug (fixture, "MOUNTED");
  g_assert_cmpint (lodge_usb_plug_get_safety (plug), ==, LODGE_USB_SAFETY_MOUNTED);
  g_assert_true (lab_says ("precious", "cat /run/lab/mnt/file"));

  /* Unmounted and plugged in again, the rule holds. */
  lab_await (lab_says ("gone", "umount /run/lab/mnt && echo gone"));
  lab_unplug ("mounted");
  lab_await (find_plug (fixture, "MOUNTED") == NULL);
  lab_plug ("stick", "mounted", "MOUNTED");
  lab_await (is_given (fixture, "MOUNTED", fixture->linux_guest));

  set_rule (fixture, "MOUNTED", fixture->linux_guest, LODGE_USB_VERDICT_NONE);
  take (fixture, "MOUNTED");
  lab_unplug ("mounted");
  lab_await (find_plug (fixture, "MOUNTED") == NULL);
}

#define ADD(name, function) \
  g_test_add ("/lab/broker/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  lab_init (&argc, &argv);
  ADD ("rule", test_rule);
  ADD ("no-driver", test_no_driver);
  ADD ("restart", test_restart);
  ADD ("replug", test_replug);
  ADD ("guest-off", test_guest_off);
  ADD ("twins", test_twins);
  ADD ("conflict", test_conflict);
  ADD ("mounted", test_mounted);

  return g_test_run ();
}
