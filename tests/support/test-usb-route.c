/* test-usb-route.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-usb-device-private.h"
#include "test-usb-route.h"

static void route_iface_init (LodgeUsbRouteInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestUsbRoute, test_usb_route, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LODGE_TYPE_USB_ROUTE, route_iface_init))

static LodgeUsbRouteKind
test_usb_route_get_kind (LodgeUsbRoute *route)
{
  return LODGE_USB_ROUTE_HOSTDEV;
}

static gboolean
test_usb_route_check (LodgeUsbRoute   *route,
                  LodgeUsbDevice  *device,
                  LodgeMachine    *machine,
                  GError         **error)
{
  if (!TEST_USB_ROUTE (route)->is_closed)
    return TRUE;

  g_set_error_literal (error, LODGE_ERROR, TEST_USB_ROUTE (route)->closed_as, "Permission denied");
  return FALSE;
}

static GPtrArray *
test_usb_route_dup_holdings (LodgeUsbRoute *route,
                         LodgeMachine  *machine)
{
  TestUsbRoute *self = TEST_USB_ROUTE (route);
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify)lodge_usb_holding_free);

  for (guint i = 0; i < self->holdings->len; i++)
    {
      LodgeUsbHolding *holding = g_ptr_array_index (self->holdings, i);

      if (holding->machine == machine)
        g_ptr_array_add (found, lodge_usb_holding_copy (holding));
    }

  return found;
}

void
test_usb_route_hold (TestUsbRoute   *self,
                     LodgeUsbDevice *device,
                     LodgeMachine   *machine,
                     gboolean        is_foreign)
{
  g_autofree char *alias = g_strdup_printf ("ua-%u", ++self->n_given);
  LodgeUsbHolding *holding = lodge_usb_holding_new (machine, alias);

  holding->bus = lodge_usb_device_get_bus (device);
  holding->address = lodge_usb_device_get_address (device);
  holding->is_foreign = is_foreign;
  g_ptr_array_add (self->holdings, holding);
}

static void
test_usb_route_give_async (LodgeUsbRoute       *route,
                       LodgeUsbDevice      *device,
                       LodgeMachine        *machine,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  TestUsbRoute *self = TEST_USB_ROUTE (route);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  if (self->awaited != NULL)
    {
      g_autoptr(LodgeMachine) other = lodge_host_dup_machine (self->awaited, "other");

      g_assert_nonnull (other);
      g_assert_true (lodge_machine_is_defined (other));
    }

  if (self->n_failures > 0)
    {
      self->n_failures--;
      g_task_return_new_error (task, LODGE_ERROR, self->failure, "Not this time");
      return;
    }

  test_usb_route_hold (self, device, machine, FALSE);
  g_task_return_boolean (task, TRUE);
}

static gboolean
test_usb_route_finish (LodgeUsbRoute  *route,
                   GAsyncResult   *result,
                   GError        **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
test_usb_route_take_async (LodgeUsbRoute       *route,
                       LodgeUsbHolding     *holding,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  TestUsbRoute *self = TEST_USB_ROUTE (route);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  if (self->n_take_failures > 0)
    {
      self->n_take_failures--;
      g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_TIMED_OUT, "It does not let go");
      return;
    }

  for (guint i = 0; i < self->holdings->len; i++)
    {
      LodgeUsbHolding *mine = g_ptr_array_index (self->holdings, i);

      if (g_str_equal (mine->alias, holding->alias))
        {
          g_ptr_array_remove_index (self->holdings, i);
          break;
        }
    }

  g_task_return_boolean (task, TRUE);
}

static void
route_iface_init (LodgeUsbRouteInterface *iface)
{
  iface->get_kind = test_usb_route_get_kind;
  iface->check = test_usb_route_check;
  iface->dup_holdings = test_usb_route_dup_holdings;
  iface->give_async = test_usb_route_give_async;
  iface->give_finish = test_usb_route_finish;
  iface->take_async = test_usb_route_take_async;
  iface->take_finish = test_usb_route_finish;
}

static void
test_usb_route_finalize (GObject *object)
{
  g_ptr_array_unref (TEST_USB_ROUTE (object)->holdings);

  G_OBJECT_CLASS (test_usb_route_parent_class)->finalize (object);
}

static void
test_usb_route_class_init (TestUsbRouteClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_usb_route_finalize;
}

static void
test_usb_route_init (TestUsbRoute *self)
{
  self->closed_as = LODGE_ERROR_DENIED;
  self->holdings = g_ptr_array_new_with_free_func ((GDestroyNotify)lodge_usb_holding_free);
}

TestUsbRoute *
test_usb_route_new (void)
{
  return g_object_new (TEST_TYPE_USB_ROUTE, NULL);
}

LodgeUsbDevice *
test_usb_device_new_at (const char *sysfs_path,
                        guint       address,
                        guint       interface_class,
                        const char *serial,
                        const char *product_name)
{
  LodgeUsbFacts *facts = lodge_usb_facts_new ();
  LodgeUsbInterface *interface;

  facts->port = g_strdup_printf ("3-%u", address);
  facts->place = g_strdup_printf ("pci-%u", address);
  facts->sysfs_path = g_strdup (sysfs_path);
  facts->node = g_strdup_printf ("/dev/bus/usb/003/%03u", address);
  facts->bus = 3;
  facts->address = address;
  facts->vendor = 0x04a9;
  facts->product = 0x32cf;
  facts->serial = g_strdup (serial);
  facts->product_name = g_strdup (product_name);
  facts->authorized = facts->configured = facts->bound = TRUE;
  interface = lodge_usb_facts_add_interface (facts);
  interface->class = interface_class;
  interface->reports = interface_class == 3 ? LODGE_USB_REPORT_INPUT : 0;

  return _lodge_usb_device_new (facts, TRUE, g_get_monotonic_time ());
}

LodgeUsbDevice *
test_usb_device_new (guint       address,
                     guint       interface_class,
                     const char *serial,
                     const char *product_name)
{
  g_autofree char *path = g_strdup_printf ("/sys/devices/none/3-%u", address);

  return test_usb_device_new_at (path, address, interface_class, serial, product_name);
}
