/* bench-plug.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * bench-lab-plug [COUNT]: how long it takes from a stick being plugged in until QEMU says that the guest
 * whose rule wants it has it (DEVICE_ADDED), on the laboratory's clock, and how long libvirt's own call
 * takes for such a stick that has been there for a while.
 */

#include "config.h"

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdlib.h>

#include "lab-hosts.h"
#include "lab.h"
#include "usb/lodge-usb-broker.h"

#define RULED "bench-ruled"
#define FREE  "bench-free"

static gint64 added_time; /* of the last DEVICE_ADDED, µs */

static void
added_cb (virConnectPtr  connect,
          virDomainPtr   domain,
          const char    *alias,
          void          *user_data)
{
  added_time = g_get_monotonic_time ();
}

static LodgeUsbPlug *
find_plug (LodgeUsbBroker *broker,
           const char     *serial)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (broker)); i++)
    {
      g_autoptr(LodgeUsbPlug) plug = g_list_model_get_item (G_LIST_MODEL (broker), i);

      /* The broker has it as long as it is plugged in. */
      if (g_strcmp0 (lodge_usb_device_get_serial (lodge_usb_plug_get_device (plug)), serial) == 0)
        return plug;
    }

  return NULL;
}

static void
written_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  lodge_usb_broker_finish (LODGE_USB_BROKER (object), result, &error);
  g_assert_no_error (error);
  *(gboolean *)user_data = TRUE;
}

static gboolean
has_nothing (const char *guest)
{
  g_autofree char *devices = lab_devices_of (guest);

  return devices[0] == '\0';
}

static void
unplug (LodgeUsbBroker *broker,
        const char     *name,
        const char     *guest)
{
  lab_unplug (name);
  lab_await (find_plug (broker, name) == NULL);
  lab_await (has_nothing (guest));
}

static void
write_rule (LodgeUsbBroker *broker,
            LodgeMachine   *machine)
{
  gboolean written = FALSE;

  lab_plug ("stick", RULED, RULED);
  lab_await (find_plug (broker, RULED) != NULL);
  lodge_usb_broker_set_verdict_async (broker, find_plug (broker, RULED), machine,
                                      LODGE_USB_VERDICT_ALWAYS, written_cb, &written);
  lab_await (written);
  lab_await (added_time > 0);
  unplug (broker, RULED, lodge_machine_get_name (machine));
}

/* ms from the plugging to the kernel's word (@told), and from there to QEMU's (@added) */
static void
measure_rule (LodgeUsbBroker *broker,
              LodgeMachine   *machine,
              double         *told,
              double         *added)
{
  gint64 begin = g_get_monotonic_time ();
  gint64 since;

  added_time = 0;
  lab_plug ("stick", RULED, RULED);
  lab_await (added_time > 0);
  lab_await (find_plug (broker, RULED) != NULL);
  since = lodge_usb_device_get_since (lodge_usb_plug_get_device (find_plug (broker, RULED)));
  *told = (since - begin) / 1000.0;
  *added = (added_time - since) / 1000.0;
  unplug (broker, RULED, lodge_machine_get_name (machine));
}

typedef struct
{
  virDomainPtr  domain;
  char         *xml;
  double        took;
} Attach;

static void
attach_thread (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  Attach *attach = task_data;
  gint64 begin = g_get_monotonic_time ();

  if (virDomainAttachDeviceFlags (attach->domain, attach->xml, VIR_DOMAIN_AFFECT_LIVE) < 0)
    g_error ("attach: %s", virGetLastErrorMessage ());
  attach->took = (g_get_monotonic_time () - begin) / 1000.0;
  if (virDomainDetachDeviceFlags (attach->domain, attach->xml, VIR_DOMAIN_AFFECT_LIVE) < 0)
    g_error ("detach: %s", virGetLastErrorMessage ());
  g_task_return_boolean (task, TRUE);
}

/* ms that libvirt takes, asked by hand */
static double
measure_call (LodgeUsbBroker *broker,
              virDomainPtr    domain)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, NULL, NULL);
  Attach attach = { .domain = domain };
  LodgeUsbDevice *device;

  lab_plug ("stick", FREE, FREE);
  lab_await (find_plug (broker, FREE) != NULL);
  device = lodge_usb_plug_get_device (find_plug (broker, FREE));
  lab_await (lab_says ("sd", "ls -d %s/*/host*/target*/*/block/sd* 2>/dev/null",
                       lodge_usb_device_get_sysfs_path (device)));
  lab_await (lodge_usb_device_is_settled (device));
  attach.xml = g_strdup_printf ("<hostdev mode='subsystem' type='usb'><source><address bus='%u' device='%u'/>"
                                "</source></hostdev>", lodge_usb_device_get_bus (device),
                                lodge_usb_device_get_address (device));

  g_task_set_task_data (task, &attach, NULL);
  g_task_run_in_thread (task, attach_thread);
  lab_await (g_task_get_completed (task));
  g_free (attach.xml);
  unplug (broker, FREE, virDomainGetName (domain));

  return attach.took;
}

static int
compare (gconstpointer one,
         gconstpointer other)
{
  double a = *(const double *)one, b = *(const double *)other;

  return (a > b) - (a < b);
}

static double
print_figures (const char *what,
               double     *values,
               guint       n)
{
  qsort (values, n, sizeof *values, compare);
  g_print ("%-50s median %5.0f ms, 95th percentile %5.0f ms (%u)\n", what, values[n / 2],
           values[MIN (n - 1, n * 95 / 100)], n);

  return values[n / 2];
}

int
main (int    argc,
      char **argv)
{
  guint n = argc > 1 ? MAX (1, atoi (argv[1])) : 50;
  g_autofree double *told = g_new (double, n);
  g_autofree double *added = g_new (double, n);
  g_autofree double *called = g_new (double, n);
  g_autoptr(GListStore) hosts = g_list_store_new (LODGE_TYPE_HOST);
  g_autoptr(LodgeUsbMonitor) monitor = lodge_usb_monitor_new ();
  g_autoptr(LodgeUsbRoute) route = NULL;
  g_autoptr(LodgeUsbBroker) broker = NULL;
  LodgeHost *host;
  LodgeMachine *machine;
  virConnectPtr connect;
  virDomainPtr domain;
  double without, with;

  lab_quiet ();
  host = lab_host_open ("qemu:///system");
  machine = lab_machine_new (host, "bench", 15);
  route = lodge_usb_hostdev_route_new ();
  g_list_store_append (hosts, host);
  lab_await (lodge_usb_monitor_get_state (monitor) == LODGE_USB_MONITOR_RUNNING);
  broker = lodge_usb_broker_new (G_LIST_MODEL (monitor), G_LIST_MODEL (hosts));
  lodge_usb_broker_add_route (broker, route);

  connect = virConnectOpen ("qemu:///system");
  domain = virDomainLookupByName (connect, "bench");
  virConnectDomainEventRegisterAny (connect, domain, VIR_DOMAIN_EVENT_ID_DEVICE_ADDED,
                                    VIR_DOMAIN_EVENT_CALLBACK (added_cb), NULL, NULL);
  write_rule (broker, machine);

  for (guint i = 0; i < n; i++)
    {
      measure_rule (broker, machine, &told[i], &added[i]);
      called[i] = measure_call (broker, domain);
      g_print ("# %u: %.0f, %.0f, %.0f ms\n", i + 1, told[i], added[i], called[i]);
    }

  print_figures ("plugged in, until the kernel tells of it", told, n);
  with = print_figures ("from there until DEVICE_ADDED, by a rule", added, n);
  without = print_figures ("libvirt's own call for it", called, n);
  g_print ("%-50s median %5.0f ms (goal: less than 300 ms)\n", "what Lodge adds", with - without);

  virDomainFree (domain);
  virConnectClose (connect);
  lab_machine_remove (machine);
  g_object_unref (machine);
  lodge_host_close (host);
  g_object_unref (host);

  return 0;
}
