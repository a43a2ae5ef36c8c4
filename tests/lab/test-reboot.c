/* test-reboot.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A guest that restarts keeps what it has: its own kernel, booted anew, finds it again.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lab-hosts.h"
#include "lab.h"
#include "usb/lodge-usb-broker.h"

/* An emulator within an emulator takes minutes to boot Linux on a busy machine. */
#define BOOTS_PATIENTLY 5

/* The first thing that the guest says on its serial line after each boot. */
static guint
count_boots (void)
{
  g_autofree char *said = lab_run ("grep -c '^@0 0' /run/lab/linux.log || true");

  return atoi (said);
}

static gboolean
has_booted (guint before)
{
  return count_boots () > before;
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
await_boot (guint before)
{
  gint64 end = g_get_monotonic_time () + BOOTS_PATIENTLY * LAB_PATIENCE;

  while (!has_booted (before))
    {
      if (g_get_monotonic_time () > end)
        g_error ("the guest has not booted again");
      lab_turn_for (G_USEC_PER_SEC / 2);
    }
}

static gboolean
guest_says (const char *word,
            const char *command)
{
  g_autofree char *said = lab_linux_ask (command);

  return strstr (said, word) != NULL;
}

static void
test_reboot (void)
{
  g_autoptr(LodgeHost) host = lab_host_open ("qemu:///system");
  g_autoptr(LodgeMachine) machine = lab_machine (host, "linux");
  g_autoptr(GListStore) hosts = g_list_store_new (LODGE_TYPE_HOST);
  g_autoptr(LodgeUsbMonitor) monitor = lodge_usb_monitor_new ();
  g_autoptr(LodgeUsbRoute) route = lodge_usb_hostdev_route_new ();
  g_autoptr(LodgeUsbBroker) broker = NULL;
  g_autoptr(LabCamera) camera = lab_camera_plug ("REBOOT", NULL);
  g_autoptr(LodgeUsbPlug) plug = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gboolean done = FALSE;
  guint boots;

  g_list_store_append (hosts, host);
  broker = lodge_usb_broker_new (G_LIST_MODEL (monitor), G_LIST_MODEL (hosts));
  lodge_usb_broker_add_route (broker, route);
  lab_await (g_list_model_get_n_items (G_LIST_MODEL (broker)) == 1);
  plug = g_list_model_get_item (G_LIST_MODEL (broker), 0);
  lodge_usb_broker_set_verdict_async (broker, plug, machine, LODGE_USB_VERDICT_ALWAYS, done_cb, &done);
  lab_await (done);
  lab_await (lodge_usb_plug_get_state (plug) == LODGE_USB_PLUG_GIVEN);
  before = lab_devices_of ("linux");

  boots = count_boots ();
  g_free (lab_linux_ask ("(sleep 1; reboot -f) >/dev/null 2>&1 &"));
  await_boot (boots);

  lab_await (guest_says ("1209", "cat /sys/bus/usb/devices/*/idVendor"));
  lab_await (guest_says ("video0", "ls /dev"));
  g_assert_cmpuint (lab_linux_count_frames (), >=, 8);
  g_assert_cmpint (lodge_usb_plug_get_state (plug), ==, LODGE_USB_PLUG_GIVEN);
  after = lab_devices_of ("linux");
  g_assert_cmpstr (before, ==, after);

  done = FALSE;
  lodge_usb_broker_set_verdict_async (broker, plug, machine, LODGE_USB_VERDICT_NONE, done_cb, &done);
  lab_await (done);
  done = FALSE;
  lodge_usb_broker_take_async (broker, plug, done_cb, &done);
  lab_await (done);

  g_clear_object (&broker);
  lodge_host_close (host);
}

int
main (int    argc,
      char **argv)
{
  lab_init (&argc, &argv);
  g_test_add_func ("/lab/reboot", test_reboot);

  return g_test_run ();
}
