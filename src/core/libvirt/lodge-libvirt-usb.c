/* lodge-libvirt-usb.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <grp.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lodge-libvirt-machine-private.h"
#include "usb/lodge-usb-hostdev-route.h"

/*
 * LodgeLibvirtUsb:
 *
 * The way of a device into a guest as a <hostdev>.
 *
 * Devices are plugged into the running guest alone, never into what is stored:
 * there, one that is absent or of which there are two keeps a guest from
 * starting, or makes QEMU take any other device instead. They are named by
 * where they are and what they are at once, so that libvirt itself refuses
 * another one that came to be there meanwhile, and have aliases by which they
 * are known again. What libvirt says of the running guest is what is so.
 */

/* QEMU lets go of a USB device at once; this is for a busy computer. */
#define TAKE_SECONDS 60

#define LODGE_TYPE_LIBVIRT_USB (lodge_libvirt_usb_get_type ())

G_DECLARE_FINAL_TYPE (LodgeLibvirtUsb, lodge_libvirt_usb, LODGE, LIBVIRT_USB, GObject)

struct _LodgeLibvirtUsb
{
  GObject    parent_instance;
  GPtrArray *takings;  /* of Taking, that wait for their proof */
  guint      changed_signal;
  gulong     changed_hook;
  guint      kept_signal;
  gulong     kept_hook;
};

typedef struct
{
  LodgeLibvirtUsb *route;
  LodgeUsbHolding *holding;
  GTask           *task;
  guint            timeout_id;
} Taking;

static void lodge_libvirt_usb_route_init (LodgeUsbRouteInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LodgeLibvirtUsb, lodge_libvirt_usb, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LODGE_TYPE_USB_ROUTE,
                                                      lodge_libvirt_usb_route_init))

static void
taking_free (gpointer data)
{
  Taking *taking = data;

  g_clear_handle_id (&taking->timeout_id, g_source_remove);
  lodge_usb_holding_free (taking->holding);
  g_object_unref (taking->task);
  g_free (taking);
}

/* With the last taking may go the last reference on @self.
 * @error: (transfer full) (nullable): why it was not taken
 */
static void
end_taking (LodgeLibvirtUsb *self,
            guint            position,
            GError          *error)
{
  Taking *taking = g_ptr_array_steal_index_fast (self->takings, position);

  if (error != NULL)
    g_task_return_error (taking->task, error);
  else
    g_task_return_boolean (taking->task, TRUE);

  taking_free (taking);
}

static LodgeUsbRouteKind
lodge_libvirt_usb_get_kind (LodgeUsbRoute *route)
{
  return LODGE_USB_ROUTE_HOSTDEV;
}

static const LodgeUsbDefinition *
get_usb (LodgeMachine *machine)
{
  const LodgeDefinition *definition = _lodge_machine_get_definition (machine);

  return definition != NULL ? &definition->usb : NULL;
}

/* Who may open the node of a device, for whoever is to be told why QEMU may not. */
static char *
describe_node (const char *node)
{
  struct stat status;
  struct group group, *found = NULL;
  char buffer[4096];

  if (stat (node, &status) != 0)
    return g_strdup (g_strerror (errno));

  getgrgid_r (status.st_gid, &group, buffer, sizeof buffer, &found);

  return found != NULL ? g_strdup_printf ("%04o, group %s", status.st_mode & 07777, found->gr_name)
                       : g_strdup_printf ("%04o", status.st_mode & 07777);
}

/* A session's QEMU is a program of the user like this one; the system's daemon sees to it that its
 * QEMU has the right.
 */
static gboolean
may_open (LodgeHost      *host,
          LodgeUsbDevice *device)
{
  const char *node = lodge_usb_device_get_node (device);

  return strstr (lodge_host_get_uri (host), "/session") == NULL || node == NULL ||
         access (node, R_OK | W_OK) == 0;
}

static gboolean
lodge_libvirt_usb_check (LodgeUsbRoute   *route,
                         LodgeUsbDevice  *device,
                         LodgeMachine    *machine,
                         GError         **error)
{
  const LodgeUsbDefinition *usb = get_usb (machine);
  LodgeHost *host = lodge_machine_get_host (machine);

  g_assert (LODGE_IS_LIBVIRT_USB (route));

  if (!LODGE_IS_LIBVIRT_MACHINE (machine) || host == NULL || !lodge_host_get_local (host) ||
      !g_str_has_prefix (lodge_host_get_uri (host), "qemu"))
    {
      g_set_error_literal (error, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED,
                           "only a QEMU of this computer can open its devices");
      return FALSE;
    }

  if (usb != NULL && usb->ports == 0)
    {
      g_set_error_literal (error, LODGE_ERROR, LODGE_ERROR_NO_USB_PORT,
                           "the machine has no USB controller");
      return FALSE;
    }

  if (!may_open (host, device))
    {
      g_set_error (error, LODGE_ERROR, LODGE_ERROR_DENIED, "%s: permission denied",
                   lodge_usb_device_get_node (device));
      return FALSE;
    }

  return TRUE;
}

static LodgeUsbHolding *
make_holding (LodgeMachine          *machine,
              const LodgeUsbHostdev *hostdev)
{
  LodgeUsbHolding *holding = lodge_usb_holding_new (machine, hostdev->alias);

  holding->bus = hostdev->bus;
  holding->address = hostdev->address;
  holding->vendor = hostdev->vendor;
  holding->product = hostdev->product;
  holding->is_foreign = hostdev->alias == NULL ||
                        !g_str_has_prefix (hostdev->alias, LODGE_USB_ALIAS_PREFIX);

  return holding;
}

static GPtrArray *
lodge_libvirt_usb_dup_holdings (LodgeUsbRoute *route,
                                LodgeMachine  *machine)
{
  GPtrArray *holdings = g_ptr_array_new_with_free_func ((GDestroyNotify)lodge_usb_holding_free);
  const LodgeUsbDefinition *usb = get_usb (machine);
  LodgeHost *host = lodge_machine_get_host (machine);

  /* Devices of another computer are none of ours, whatever their numbers. */
  if (usb == NULL || usb->hostdevs == NULL || !lodge_machine_is_active (machine) || host == NULL ||
      !lodge_host_get_local (host))
    return holdings;

  for (guint i = 0; i < usb->hostdevs->len; i++)
    g_ptr_array_add (holdings, make_holding (machine, g_ptr_array_index (usb->hostdevs, i)));

  return holdings;
}

static gboolean
has_alias (LodgeMachine *machine,
           const char   *alias)
{
  const LodgeUsbDefinition *usb = get_usb (machine);

  for (guint i = 0; usb != NULL && usb->hostdevs != NULL && i < usb->hostdevs->len; i++)
    {
      const LodgeUsbHostdev *hostdev = g_ptr_array_index (usb->hostdevs, i);

      if (g_strcmp0 (hostdev->alias, alias) == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
file_says (const char *folder,
           const char *name,
           guint       number,
           guint       base)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) && g_ascii_strtoull (text, NULL, base) == number;
}

/* Whether the device that is meant is where it was. */
static gboolean
is_there (const LodgeDomainCall *call)
{
  return file_says (call->path, "busnum", call->number >> 16, 10) &&
         file_says (call->path, "devnum", call->number & 0xffff, 10) &&
         file_says (call->path, "idVendor", call->value >> 16, 16) &&
         file_says (call->path, "idProduct", call->value & 0xffff, 16);
}

static void
fail_as_gone (LodgeDomainCall *call)
{
  g_set_error_literal (&call->failure, LODGE_ERROR, LODGE_ERROR_GONE, "the device was unplugged");
}

/* What QEMU says of a device that it may not open does not tell who may. */
static void
explain_denial (LodgeDomainCall *call)
{
  g_autofree char *node = NULL;
  g_autofree char *rights = NULL;

  if (!g_error_matches (call->failure, LODGE_ERROR, LODGE_ERROR_DENIED))
    return;

  node = g_strdup_printf ("/dev/bus/usb/%03u/%03u", call->number >> 16, call->number & 0xffff);
  rights = describe_node (node);
  g_prefix_error (&call->failure, "%s (%s): ", node, rights);
}

static gpointer
give_work (gpointer       source_object,
           gpointer       task_data,
           GCancellable  *cancellable,
           GError       **error)
{
  LodgeDomainCall *call = task_data;
  LodgeUsbHostdev hostdev = { .bus = call->number >> 16, .address = call->number & 0xffff,
                              .vendor = call->value >> 16, .product = call->value & 0xffff,
                              .alias = call->text };
  g_autofree char *xml = lodge_usb_hostdev_build_xml (&hostdev);

  if (!is_there (call))
    {
      fail_as_gone (call);
    }
  else if (virDomainAttachDeviceFlags (call->domain, xml, VIR_DOMAIN_AFFECT_LIVE) < 0)
    {
      lodge_libvirt_fail (&call->failure);
      if (!is_there (call))
        {
          g_clear_error (&call->failure);
          fail_as_gone (call);
        }
      explain_denial (call);
    }
  else if (!is_there (call))
    {
      /* Nobody tells of this, and it would stay in the guest for ever. */
      virDomainDetachDeviceAlias (call->domain, call->text, VIR_DOMAIN_AFFECT_LIVE);
      fail_as_gone (call);
    }

  return lodge_libvirt_read_again (call);
}

/* Ends @task with what went wrong, if it did. Returns whether it did. */
static gboolean
end_failed (LodgeMachine *machine,
            GAsyncResult *result,
            GTask        *task)
{
  LodgeDomainCall *call = g_task_get_task_data (G_TASK (result));
  GError *error = NULL;

  if (lodge_libvirt_machine_finish (machine, result, &error) && call->failure != NULL)
    error = g_steal_pointer (&call->failure);

  if (error == NULL)
    return FALSE;

  g_task_return_error (task, error);

  return TRUE;
}

static void
given_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  LodgeMachine *machine = LODGE_MACHINE (object);
  g_autoptr(GTask) task = user_data;
  LodgeDomainCall *call = g_task_get_task_data (G_TASK (result));

  if (end_failed (machine, result, task))
    return;

  if (has_alias (machine, call->text))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_FAILED,
                             "libvirt has plugged the device in, but the machine does not have it");
}

/* Aliases are never used twice: what is on its way out may still have the old one. */
static char *
make_alias (LodgeUsbDevice *device)
{
  return g_strdup_printf (LODGE_USB_ALIAS_PREFIX "%u-%u-%08x", lodge_usb_device_get_bus (device),
                          lodge_usb_device_get_address (device), g_random_int ());
}

static void
lodge_libvirt_usb_give_async (LodgeUsbRoute       *route,
                              LodgeUsbDevice      *device,
                              LodgeMachine        *machine,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (route, cancellable, callback, user_data);
  g_autoptr(GTask) call_task = NULL;
  GError *error = NULL;
  LodgeDomainCall *call;

  g_assert (LODGE_IS_LIBVIRT_USB (route));

  g_task_set_source_tag (task, lodge_libvirt_usb_give_async);

  if (!lodge_libvirt_usb_check (route, device, machine, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  call_task = g_task_new (machine, cancellable, given_cb, g_object_ref (task));
  g_task_set_source_tag (call_task, lodge_libvirt_usb_give_async);
  if ((call = lodge_libvirt_machine_begin (LODGE_LIBVIRT_MACHINE (machine), call_task)) == NULL)
    return;

  call->number = lodge_usb_device_get_bus (device) << 16 | lodge_usb_device_get_address (device);
  call->value = lodge_usb_device_get_vendor (device) << 16 | lodge_usb_device_get_product (device);
  call->text = make_alias (device);
  call->path = g_strdup (lodge_usb_device_get_sysfs_path (device));
  lodge_libvirt_machine_run (LODGE_LIBVIRT_MACHINE (machine), call_task, give_work,
                             (GDestroyNotify)lodge_found_array_release);
}

static gboolean
lodge_libvirt_usb_give_finish (LodgeUsbRoute  *route,
                               GAsyncResult   *result,
                               GError        **error)
{
  g_assert (g_task_is_valid (result, route));

  return g_task_propagate_boolean (G_TASK (result), error);
}

static gpointer
take_work (gpointer       source_object,
           gpointer       task_data,
           GCancellable  *cancellable,
           GError       **error)
{
  LodgeDomainCall *call = task_data;

  if (virDomainDetachDeviceAlias (call->domain, call->text, VIR_DOMAIN_AFFECT_LIVE) < 0)
    lodge_libvirt_fail (&call->failure);

  return lodge_libvirt_read_again (call);
}

static gboolean
is_taken (const Taking *taking)
{
  return !lodge_machine_is_active (taking->holding->machine) ||
         !has_alias (taking->holding->machine, taking->holding->alias);
}

static gboolean
take_timed_out_cb (gpointer user_data)
{
  Taking *taking = user_data;
  guint position;

  taking->timeout_id = 0;
  if (g_ptr_array_find (taking->route->takings, taking, &position))
    end_taking (taking->route, position,
                g_error_new_literal (LODGE_ERROR, LODGE_ERROR_NOT_RELEASED,
                                     "QEMU does not let go of the device"));

  return G_SOURCE_REMOVE;
}

static void
taken_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  LodgeMachine *machine = LODGE_MACHINE (object);
  g_autoptr(GTask) task = user_data;
  LodgeLibvirtUsb *self = g_task_get_source_object (task);
  LodgeDomainCall *call = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;
  gboolean was_read = lodge_libvirt_machine_finish (machine, result, &error);
  Taking *taking = g_new0 (Taking, 1);

  taking->route = self;
  taking->task = g_object_ref (task);
  taking->holding = lodge_usb_holding_copy (g_task_get_task_data (task));

  /* Whatever libvirt said: what the machine does not have any more was taken. */
  if (!was_read)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (is_taken (taking))
    g_task_return_boolean (task, TRUE);
  else if (call->failure != NULL)
    g_task_return_error (task, g_steal_pointer (&call->failure));
  else
    {
      /* libvirt has stopped waiting for QEMU; an event will tell. */
      taking->timeout_id = g_timeout_add_seconds (TAKE_SECONDS, take_timed_out_cb, taking);
      g_ptr_array_add (self->takings, taking);
      return;
    }

  taking_free (taking);
}

static void
lodge_libvirt_usb_take_async (LodgeUsbRoute       *route,
                              LodgeUsbHolding     *holding,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (route, cancellable, callback, user_data);
  g_autoptr(GTask) call_task = NULL;
  LodgeDomainCall *call;

  g_assert (LODGE_IS_LIBVIRT_USB (route));
  g_return_if_fail (LODGE_IS_LIBVIRT_MACHINE (holding->machine));

  g_task_set_source_tag (task, lodge_libvirt_usb_take_async);
  g_task_set_task_data (task, lodge_usb_holding_copy (holding),
                        (GDestroyNotify)lodge_usb_holding_free);

  call_task = g_task_new (holding->machine, cancellable, taken_cb, g_object_ref (task));
  g_task_set_source_tag (call_task, lodge_libvirt_usb_take_async);
  call = lodge_libvirt_machine_begin (LODGE_LIBVIRT_MACHINE (holding->machine), call_task);
  if (call == NULL)
    return;

  call->text = g_strdup (holding->alias);
  lodge_libvirt_machine_run (LODGE_LIBVIRT_MACHINE (holding->machine), call_task, take_work,
                             (GDestroyNotify)lodge_found_array_release);
}

static gboolean
lodge_libvirt_usb_take_finish (LodgeUsbRoute  *route,
                               GAsyncResult   *result,
                               GError        **error)
{
  g_assert (g_task_is_valid (result, route));

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
machine_changed (LodgeLibvirtUsb *self,
                 LodgeMachine    *machine)
{
  g_autoptr(LodgeLibvirtUsb) alive = g_object_ref (self);

  for (guint i = self->takings->len; i > 0; i--)
    {
      Taking *taking = g_ptr_array_index (self->takings, i - 1);

      if (taking->holding->machine == machine && is_taken (taking))
        end_taking (self, i - 1, NULL);
    }

  lodge_usb_route_changed (LODGE_USB_ROUTE (self), machine);
}

/* Of whatever machine of whatever host. */
static gboolean
usb_changed_cb (GSignalInvocationHint *hint,
                guint                  n_values,
                const GValue          *values,
                gpointer               user_data)
{
  LodgeMachine *machine = g_value_get_object (&values[0]);

  if (LODGE_IS_LIBVIRT_MACHINE (machine))
    machine_changed (user_data, machine);

  return TRUE;
}

/* libvirt had stopped waiting for the guest, which says no now. */
static gboolean
device_kept_cb (GSignalInvocationHint *hint,
                guint                  n_values,
                const GValue          *values,
                gpointer               user_data)
{
  LodgeLibvirtUsb *self = user_data;
  g_autoptr(LodgeLibvirtUsb) alive = g_object_ref (self);
  gpointer machine = g_value_get_object (&values[0]);
  const char *alias = g_value_get_string (&values[1]);

  for (guint i = self->takings->len; i > 0; i--)
    {
      Taking *taking = g_ptr_array_index (self->takings, i - 1);

      if ((gpointer)taking->holding->machine == machine &&
          g_strcmp0 (taking->holding->alias, alias) == 0)
        end_taking (self, i - 1,
                    g_error_new_literal (LODGE_ERROR, LODGE_ERROR_NOT_RELEASED,
                                         "the guest does not let go of the device"));
    }

  return TRUE;
}

static void
lodge_libvirt_usb_dispose (GObject *object)
{
  LodgeLibvirtUsb *self = (LodgeLibvirtUsb *)object;

  if (self->changed_hook != 0)
    g_signal_remove_emission_hook (self->changed_signal, self->changed_hook);
  self->changed_hook = 0;
  if (self->kept_hook != 0)
    g_signal_remove_emission_hook (self->kept_signal, self->kept_hook);
  self->kept_hook = 0;

  G_OBJECT_CLASS (lodge_libvirt_usb_parent_class)->dispose (object);
}

static void
lodge_libvirt_usb_finalize (GObject *object)
{
  LodgeLibvirtUsb *self = (LodgeLibvirtUsb *)object;

  g_ptr_array_unref (self->takings);

  G_OBJECT_CLASS (lodge_libvirt_usb_parent_class)->finalize (object);
}

static void
lodge_libvirt_usb_class_init (LodgeLibvirtUsbClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lodge_libvirt_usb_dispose;
  object_class->finalize = lodge_libvirt_usb_finalize;
}

static void
lodge_libvirt_usb_route_init (LodgeUsbRouteInterface *iface)
{
  iface->get_kind = lodge_libvirt_usb_get_kind;
  iface->check = lodge_libvirt_usb_check;
  iface->dup_holdings = lodge_libvirt_usb_dup_holdings;
  iface->give_async = lodge_libvirt_usb_give_async;
  iface->give_finish = lodge_libvirt_usb_give_finish;
  iface->take_async = lodge_libvirt_usb_take_async;
  iface->take_finish = lodge_libvirt_usb_take_finish;
}

static void
lodge_libvirt_usb_init (LodgeLibvirtUsb *self)
{
  /* Signals of a class that nobody has used yet are not known. */
  g_type_class_unref (g_type_class_ref (LODGE_TYPE_LIBVIRT_MACHINE));

  self->takings = g_ptr_array_new_with_free_func (taking_free);
  self->changed_signal = g_signal_lookup ("usb-changed", LODGE_TYPE_MACHINE);
  self->changed_hook =
    g_signal_add_emission_hook (self->changed_signal, 0, usb_changed_cb, self, NULL);
  self->kept_signal = g_signal_lookup ("device-kept", LODGE_TYPE_LIBVIRT_MACHINE);
  self->kept_hook = g_signal_add_emission_hook (self->kept_signal, 0, device_kept_cb, self, NULL);
}

/**
 * lodge_usb_hostdev_route_new:
 *
 * Returns: (transfer full): the way by which QEMU itself opens devices of this computer
 */
LodgeUsbRoute *
lodge_usb_hostdev_route_new (void)
{
  return g_object_new (LODGE_TYPE_LIBVIRT_USB, NULL);
}
