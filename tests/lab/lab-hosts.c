/* lab-hosts.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>

#include "lab-hosts.h"
#include "lab.h"

static void
done_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **)user_data = g_object_ref (result);
}

LodgeHost *
lab_host_open (const char *uri)
{
  g_autoptr(LodgeHost) host = lodge_host_new_for_uri (uri);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  lodge_host_open_async (host, NULL, done_cb, &result);
  lab_await (result != NULL);
  lodge_host_open_finish (host, result, &error);
  g_assert_no_error (error);

  return g_steal_pointer (&host);
}

LodgeMachine *
lab_machine (LodgeHost  *host,
             const char *name)
{
  g_autoptr(LodgeMachine) machine = NULL;

  lab_await (machine != NULL || (machine = lodge_host_dup_machine (host, name)) != NULL);
  lab_await (lodge_machine_is_defined (machine));

  return g_steal_pointer (&machine);
}

/* What is asked of libvirt beside Lodge: virsh takes seconds to start here. */
typedef struct
{
  const char *uri;
  const char *name;
  const char *xml;   /* to be defined and started, or NULL: to be removed */
} Order;

static void
order_thread (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Order *order = task_data;
  virConnectPtr connect = virConnectOpen (order->uri);
  virDomainPtr domain = NULL;

  if (connect != NULL)
    domain = order->xml != NULL ? virDomainDefineXML (connect, order->xml)
                                : virDomainLookupByName (connect, order->name);
  if (domain == NULL)
    g_error ("%s: %s", order->name, virGetLastErrorMessage ());

  if (order->xml != NULL && virDomainCreateWithFlags (domain, VIR_DOMAIN_START_PAUSED) < 0)
    g_error ("%s: %s", order->name, virGetLastErrorMessage ());
  if (order->xml == NULL && virDomainIsActive (domain) == 1 && virDomainDestroy (domain) < 0)
    g_error ("%s: %s", order->name, virGetLastErrorMessage ());
  if (order->xml == NULL && virDomainUndefine (domain) < 0)
    g_error ("%s: %s", order->name, virGetLastErrorMessage ());

  virDomainFree (domain);
  virConnectClose (connect);
  g_task_return_boolean (task, TRUE);
}

static void
carry_out (Order *order)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  g_task_set_task_data (task, order, NULL);
  g_task_run_in_thread (task, order_thread);
  while (!g_task_get_completed (task))
    lab_turn ();
}

LodgeMachine *
lab_machine_new (LodgeHost  *host,
                 const char *name,
                 guint       ports)
{
  g_autofree char *model = ports > 0 ? g_strdup_printf ("model='qemu-xhci' ports='%u'", ports)
                                     : g_strdup ("model='none'");
  g_autofree char *xml =
    g_strdup_printf ("<domain type='qemu'><name>%s</name><memory unit='MiB'>32</memory>"
                     "<vcpu>1</vcpu><os><type arch='x86_64' machine='pc'>hvm</type></os><devices>"
                     "<controller type='usb' %s/><video><model type='none'/></video>"
                     "<memballoon model='none'/></devices></domain>", name, model);
  Order order = { lodge_host_get_uri (host), name, xml };
  LodgeMachine *machine;

  carry_out (&order);
  machine = lab_machine (host, name);
  lab_await (lodge_machine_get_state (machine) == LODGE_STATE_PAUSED);

  return machine;
}

void
lab_machine_remove (LodgeMachine *machine)
{
  g_autofree char *name = g_strdup (lodge_machine_get_name (machine));
  g_autofree char *uri = g_strdup (lodge_host_get_uri (lodge_machine_get_host (machine)));
  Order order = { uri, name, NULL };

  carry_out (&order);
}

LodgeUsbDevice *
lab_find_serial (LodgeUsbMonitor *monitor,
                 const char      *serial)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (monitor));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(LodgeUsbDevice) device = g_list_model_get_item (G_LIST_MODEL (monitor), i);

      if (g_strcmp0 (lodge_usb_device_get_serial (device), serial) == 0)
        return g_steal_pointer (&device);
    }

  return NULL;
}

LodgeUsbDevice *
lab_device (LodgeUsbMonitor *monitor,
            const char      *serial)
{
  LodgeUsbDevice *device = NULL;

  lab_await (device != NULL || (device = lab_find_serial (monitor, serial)) != NULL);

  return device;
}

void
lab_give (LodgeUsbRoute   *route,
          LodgeUsbDevice  *device,
          LodgeMachine    *machine,
          GError         **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) failure = NULL;
  gboolean given;

  lodge_usb_route_give_async (route, device, machine, NULL, done_cb, &result);
  lab_await (result != NULL);
  given = lodge_usb_route_give_finish (route, result, &failure);

  if (error == NULL)
    g_assert_no_error (failure);
  g_assert_true (given == (failure == NULL));
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
}

void
lab_take (LodgeUsbRoute   *route,
          LodgeUsbHolding *holding)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  lodge_usb_route_take_async (route, holding, NULL, done_cb, &result);
  lab_await (result != NULL);
  lodge_usb_route_take_finish (route, result, &error);
  g_assert_no_error (error);
}

/* virsh takes a second to start here. The daemon may have been killed meanwhile. */
static char *
dump_xml (const char *name)
{
  static virConnectPtr connect;
  virDomainPtr domain;
  char *xml;

  if (connect != NULL && virConnectIsAlive (connect) != 1)
    g_clear_pointer (&connect, virConnectClose);
  if (connect == NULL)
    connect = virConnectOpen ("qemu:///system");
  if (connect == NULL)
    g_error ("libvirt: %s", virGetLastErrorMessage ());

  domain = virDomainLookupByName (connect, name);
  xml = domain != NULL ? virDomainGetXMLDesc (domain, 0) : NULL;
  if (xml == NULL)
    g_error ("%s: %s", name, virGetLastErrorMessage ());
  virDomainFree (domain);

  return xml;
}

char *
lab_devices_of (const char *name)
{
  char *xml = dump_xml (name);
  g_autoptr(GRegex) regex = NULL;
  g_autoptr(GMatchInfo) match = NULL;
  g_autoptr(GString) all = g_string_new (NULL);

  regex = g_regex_new ("<hostdev[^>]*type='usb'.*?<address bus='(\\d+)' device='(\\d+)'",
                       G_REGEX_DOTALL, 0, NULL);
  for (g_regex_match (regex, xml, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    {
      g_autofree char *bus = g_match_info_fetch (match, 1);
      g_autofree char *address = g_match_info_fetch (match, 2);

      g_string_append_printf (all, "%s:%s ", bus, address);
    }

  g_clear_pointer (&match, g_match_info_free);
  free (xml);

  return g_string_free (g_steal_pointer (&all), FALSE);
}

gboolean
lab_has (const char     *name,
         LodgeUsbDevice *device)
{
  g_autofree char *all = lab_devices_of (name);
  g_autofree char *word = g_strdup_printf ("%u:%u ", lodge_usb_device_get_bus (device),
                                           lodge_usb_device_get_address (device));

  return strstr (all, word) != NULL;
}
