/* lodge-usb-broker-safety.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-error.h"
#include "lodge-host.h"
#include "lodge-machine-private.h"
#include "lodge-usb-broker-private.h"
#include "lodge-usb-device-private.h"

/* What the broker does about devices that the computer itself is using. */

/* While a host is being connected to for the first time, or a guest's definition was not read yet,
 * the guest's disc may be on any stick. What becomes known makes the broker look again.
 */
gboolean
_lodge_usb_broker_may_judge (LodgeUsbBroker *self,
                             LodgeUsbPlug   *plug)
{
  GHashTableIter iter;
  gpointer value;

  if (!_lodge_usb_device_may_have_discs (plug->device))
    return TRUE;

  for (guint i = 0; i < g_list_model_get_n_items (self->hosts); i++)
    {
      g_autoptr(LodgeHost) host = g_list_model_get_item (self->hosts, i);

      if (lodge_host_get_local (host) && lodge_host_get_state (host) == LODGE_HOST_STATE_CONNECTING)
        return FALSE;
    }

  g_hash_table_iter_init (&iter, self->guests);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      LodgeMachine *machine = _lodge_usb_guest_get_machine (value);
      LodgeHost *host = lodge_machine_get_host (machine);

      if (host != NULL && lodge_host_get_local (host) && lodge_machine_is_reachable (machine) &&
          !lodge_machine_is_defined (machine))
        return FALSE;
    }

  return TRUE;
}

/* Returns: (transfer full): paths of the discs of all guests of this computer, running or not */
char **
_lodge_usb_broker_dup_discs (LodgeUsbBroker *self)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->guests);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      LodgeMachine *machine = _lodge_usb_guest_get_machine (value);
      LodgeHost *host = lodge_machine_get_host (machine);
      const LodgeDefinition *definition = _lodge_machine_get_definition (machine);

      if (host != NULL && lodge_host_get_local (host) && definition != NULL &&
          definition->discs != NULL)
        g_strv_builder_addv (builder, (const char **)definition->discs);
    }

  return g_strv_builder_end (builder);
}

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(LodgeUsbBroker) self = user_data;
  LodgeUsbPlug *plug = lodge_usb_broker_find_plug (self, lodge_usb_device_get_id (LODGE_USB_DEVICE (object)));
  g_autoptr(LodgeUsbSafety) safety =
    lodge_usb_safety_check_finish (LODGE_USB_DEVICE (object), result, NULL);

  if (plug == NULL)
    return;

  plug->is_checking = FALSE;
  /* What is on its way is looked at by itself. */
  if (safety != NULL && !plug->is_busy)
    _lodge_usb_plug_set_safety (plug, safety);
  _lodge_usb_broker_queue_decide (self);
}

static void
look (LodgeUsbBroker     *self,
      LodgeUsbPlug       *plug,
      const char * const *discs)
{
  if (plug->is_checking)
    return;

  plug->is_checking = TRUE;
  lodge_usb_safety_check_async (plug->device, discs, self->cancellable, looked_cb, g_object_ref (self));
}

/* What is unmounted may be given now, if a rule wants it. */
static void
mounts_changed_cb (LodgeUsbBroker *self)
{
  g_auto(GStrv) discs = _lodge_usb_broker_dup_discs (self);

  for (guint i = 0; i < self->plugs->len; i++)
    {
      LodgeUsbPlug *plug = g_ptr_array_index (self->plugs, i);

      if (plug->safety != NULL)
        look (self, plug, (const char * const *)discs);
    }
}

/* The kernel tells of mounts by a file; nothing is looked at while no device is held up. */
void
_lodge_usb_broker_watch_mounts (LodgeUsbBroker *self)
{
  if (self->mounts != NULL)
    return;

  self->mounts = g_unix_mount_monitor_get ();
  g_signal_connect_object (self->mounts, "mounts-changed", G_CALLBACK (mounts_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
unmounted_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  LodgeUsbBroker *self = g_task_get_source_object (task);
  LodgeMachine *machine = g_task_get_task_data (task);
  LodgeUsbPlug *plug = lodge_usb_broker_find_plug (self, lodge_usb_device_get_id (LODGE_USB_DEVICE (object)));
  GError *error = NULL;
  g_autoptr(LodgeUsbSafety) safety =
    lodge_usb_safety_unmount_finish (LODGE_USB_DEVICE (object), result, &error);

  if (safety == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (plug == NULL)
    {
      g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_GONE, "The device was unplugged");
      return;
    }

  _lodge_usb_plug_set_safety (plug, safety);
  if (safety->verdict == LODGE_USB_SAFETY_FREE)
    _lodge_usb_broker_begin_to_give (self, plug, machine, task);
  else
    g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_DEVICE_IN_USE, "%s",
                             safety->detail != NULL ? safety->detail : safety->mount_points[0]);
}

/**
 * lodge_usb_broker_inspect:
 * @self: the broker
 * @plug: a device
 *
 * Finds out what of the computer uses @plug, for whoever wants to know before it is to be given. From
 * then on #LodgeUsbPlug:safety follows it. Who holds what should be this computer's is looked up anew.
 */
void
lodge_usb_broker_inspect (LodgeUsbBroker *self,
                          LodgeUsbPlug   *plug)
{
  g_auto(GStrv) discs = NULL;

  g_return_if_fail (LODGE_IS_USB_BROKER (self));
  g_return_if_fail (LODGE_IS_USB_PLUG (plug));

  /* Of programs that open and close it the kernel tells only where it changes hands at once. */
  if (lodge_usb_plug_get_custody (plug) != NULL)
    _lodge_usb_broker_find_custody (plug);

  /* What a guest has is none of the computer's. */
  if (plug->holding != NULL || plug->is_busy || !_lodge_usb_device_may_have_discs (plug->device))
    return;

  discs = _lodge_usb_broker_dup_discs (self);
  _lodge_usb_broker_watch_mounts (self);
  look (self, plug, (const char * const *)discs);
}

/**
 * lodge_usb_broker_unmount_and_give_async:
 * @self: the broker
 * @plug: a device that is mounted, as #LodgeUsbPlug:safety says
 * @machine: the guest that is to have it
 * @callback: called when the guest has it
 * @user_data: data for @callback
 *
 * Unmounts what is mounted of a device, which takes as long as there is something to be written to
 * it, and may ask the user for a password; then gives it as lodge_usb_broker_give_async() does. End it
 * with lodge_usb_broker_finish(), which says %LODGE_ERROR_DEVICE_IN_USE if a program has files open
 * there.
 */
void
lodge_usb_broker_unmount_and_give_async (LodgeUsbBroker      *self,
                                         LodgeUsbPlug        *plug,
                                         LodgeMachine        *machine,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_auto(GStrv) discs = NULL;

  g_return_if_fail (LODGE_IS_USB_BROKER (self));
  g_return_if_fail (LODGE_IS_USB_PLUG (plug));
  g_return_if_fail (LODGE_IS_MACHINE (machine));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, lodge_usb_broker_unmount_and_give_async);
  g_task_set_task_data (task, g_object_ref (machine), g_object_unref);
  discs = _lodge_usb_broker_dup_discs (self);
  lodge_usb_safety_unmount_async (plug->device, (const char * const *)discs, self->cancellable,
                                  unmounted_cb, g_steal_pointer (&task));
}
