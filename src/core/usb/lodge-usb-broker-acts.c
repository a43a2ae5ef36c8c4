/* lodge-usb-broker-acts.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-error.h"
#include "lodge-usb-broker-private.h"

/* What the broker does: giving, taking, and the user's wishes. */

/* A device that was just plugged in is sometimes still being set up by the system. */
#define N_ATTEMPTS     4
#define RETRY_INTERVAL 200  /* ms */

/* Until udev has done with a device, its node may not be open to this user; #LodgeUsbDevice:settled
 * ends the waiting. Some rules take half a minute.
 */
#define SETTLE_INTERVAL 5000                  /* ms */
#define MOST_UNSETTLED  (60 * G_TIME_SPAN_SECOND)

/* What a call takes along. */
typedef struct
{
  LodgeUsbBroker *broker;
  LodgeUsbPlug   *plug;      /* nullable */
  LodgeMachine   *machine;
  LodgeUsbRoute  *route;     /* nullable */
  char           *id;        /* of what is taken, in the broker's set */
  LodgeUsbReason  reason;
} Act;

static Act *
act_new (LodgeUsbBroker *broker,
         LodgeUsbPlug   *plug,
         LodgeMachine   *machine)
{
  Act *self = g_new0 (Act, 1);

  self->broker = g_object_ref (broker);
  self->plug = plug != NULL ? g_object_ref (plug) : NULL;
  self->machine = g_object_ref (machine);

  return self;
}

static void
act_free (Act *self)
{
  g_object_unref (self->broker);
  g_clear_object (&self->plug);
  g_object_unref (self->machine);
  g_clear_object (&self->route);
  g_free (self->id);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Act, act_free)

static gboolean
retry_cb (gpointer user_data)
{
  Act *act = user_data;

  act->plug->retry_id = 0;
  _lodge_usb_broker_queue_decide (act->broker);

  return G_SOURCE_REMOVE;
}

static gboolean
has_plug (LodgeUsbBroker *self,
          LodgeUsbPlug   *plug)
{
  return g_ptr_array_find (self->plugs, plug, NULL);
}

/* Returns: in how many ms it may go better, or 0 */
static guint
find_retry (LodgeUsbBroker *broker,
            LodgeUsbPlug   *plug,
            const GError   *error)
{
  gint64 age = g_get_monotonic_time () - lodge_usb_device_get_since (plug->device);

  if (!lodge_usb_device_is_present (plug->device) || !has_plug (broker, plug))
    return 0;

  if (!lodge_usb_device_is_settled (plug->device) && age < MOST_UNSETTLED &&
      g_error_matches (error, LODGE_ERROR, LODGE_ERROR_DENIED))
    return SETTLE_INTERVAL;

  if (plug->n_attempts < N_ATTEMPTS && (g_error_matches (error, LODGE_ERROR, LODGE_ERROR_GONE) ||
                                        g_error_matches (error, LODGE_ERROR, LODGE_ERROR_FAILED)))
    return RETRY_INTERVAL;

  return 0;
}

static void given_cb (GObject      *object,
                      GAsyncResult *result,
                      gpointer      user_data);

/* Who may not open a device may be able to send it. */
static gboolean
go_another_way (Act          *act,
                const GError *error)
{
  GPtrArray *routes = act->broker->routes;
  guint position;

  if (!g_error_matches (error, LODGE_ERROR, LODGE_ERROR_DENIED) || act->route == NULL ||
      !has_plug (act->broker, act->plug) || !g_ptr_array_find (routes, act->route, &position))
    return FALSE;

  while (++position < routes->len)
    {
      LodgeUsbRoute *route = g_ptr_array_index (routes, position);
      Act *again;

      if (!lodge_usb_route_check (route, act->plug->device, act->machine, NULL))
        continue;

      again = act_new (act->broker, act->plug, act->machine);
      again->reason = act->reason;
      again->route = g_object_ref (route);
      act->plug->is_busy = TRUE;
      _lodge_usb_plug_place (act->plug, LODGE_USB_PLUG_GIVING, act->machine, route);
      lodge_usb_route_give_async (route, act->plug->device, act->machine, act->broker->cancellable,
                                  given_cb, again);
      return TRUE;
    }

  return FALSE;
}

static void
fail_to_give (Act          *act,
              const GError *error)
{
  LodgeUsbPlug *plug = act->plug;
  guint interval = find_retry (act->broker, plug, error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (interval > 0)
    {
      plug->retry_id = g_timeout_add_full (G_PRIORITY_DEFAULT, interval, retry_cb,
                                           act_new (act->broker, plug, act->machine),
                                           (GDestroyNotify)act_free);
      return;
    }

  if (go_another_way (act, error))
    return;

  g_free (plug->failed_for);
  plug->failed_for = g_strdup (lodge_machine_get_id (act->machine));
  if (g_strcmp0 (plug->wanted_by, plug->failed_for) == 0)
    g_clear_pointer (&plug->wanted_by, g_free);
  _lodge_usb_plug_set_error (plug, act->machine, error);
  _lodge_usb_plug_answer (plug, error);

  if (act->reason != LODGE_USB_REASON_USER && has_plug (act->broker, plug))
    g_signal_emit_by_name (act->broker, "failed", plug, act->machine);
}

static void
end_giving (Act          *act,
            const GError *error)
{
  LodgeUsbPlug *plug = act->plug;

  plug->is_busy = FALSE;
  _lodge_usb_broker_update_places (act->broker);

  if (error != NULL)
    {
      fail_to_give (act, error);
    }
  else
    {
      plug->n_attempts = 0;
      g_clear_pointer (&plug->returned_to, g_free);
      _lodge_usb_plug_set_error (plug, NULL, NULL);
      if (act->reason != LODGE_USB_REASON_USER)
        g_signal_emit_by_name (act->broker, "given", plug, act->machine);
    }

  _lodge_usb_broker_queue_decide (act->broker);
}

static void
given_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(Act) act = user_data;
  g_autoptr(GError) error = NULL;

  lodge_usb_route_give_finish (LODGE_USB_ROUTE (object), result, &error);
  end_giving (act, error);
}

/* It is not given, and the next decision says why. */
static void
hold_back (Act                  *act,
           const LodgeUsbSafety *safety)
{
  act->plug->is_busy = FALSE;
  act->plug->n_attempts = 0;
  _lodge_usb_plug_set_safety (act->plug, safety);
  _lodge_usb_broker_update_places (act->broker);
  _lodge_usb_broker_watch_mounts (act->broker);
  _lodge_usb_broker_queue_decide (act->broker);
}

static void
checked_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Act) act = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LodgeUsbSafety) safety =
    lodge_usb_safety_check_finish (LODGE_USB_DEVICE (object), result, &error);
  Act *kept;

  if (safety == NULL)
    {
      end_giving (act, error);
      return;
    }

  /* Nothing is given that was unplugged meanwhile: another device may have its address next. */
  if (!lodge_usb_device_is_present (act->plug->device) || !has_plug (act->broker, act->plug))
    {
      g_set_error_literal (&error, LODGE_ERROR, LODGE_ERROR_GONE, "The device was unplugged");
      end_giving (act, error);
      return;
    }

  if (safety->verdict != LODGE_USB_SAFETY_FREE)
    {
      hold_back (act, safety);
      return;
    }

  kept = g_steal_pointer (&act);
  lodge_usb_route_give_async (kept->route, kept->plug->device, kept->machine,
                              kept->broker->cancellable, given_cb, kept);
}

/* Mounts come and go by themselves, so that it is looked at in the last moment. */
void
_lodge_usb_broker_give (LodgeUsbBroker *self,
                        LodgeUsbPlug   *plug,
                        LodgeMachine   *machine,
                        LodgeUsbReason  reason)
{
  g_autoptr(GError) error = NULL;
  LodgeUsbRoute *route = lodge_usb_broker_find_route (self, plug, machine, &error);
  g_autoptr(Act) act = act_new (self, plug, machine);
  g_auto(GStrv) discs = NULL;

  act->reason = reason;
  plug->n_attempts++;

  if (route == NULL)
    {
      plug->n_attempts = N_ATTEMPTS;
      end_giving (act, error);
      return;
    }

  plug->is_busy = TRUE;
  _lodge_usb_plug_set_custody (plug, NULL);
  act->route = g_object_ref (route);
  discs = _lodge_usb_broker_dup_discs (self);
  _lodge_usb_plug_place (plug, LODGE_USB_PLUG_GIVING, machine, route);
  lodge_usb_safety_check_async (plug->device, (const char * const *)discs, self->cancellable,
                                checked_cb, g_steal_pointer (&act));
}

static void
taken_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(Act) act = user_data;
  g_autoptr(GError) error = NULL;

  lodge_usb_route_take_finish (LODGE_USB_ROUTE (object), result, &error);
  g_hash_table_remove (act->broker->taking, act->id);

  if (act->plug == NULL)
    {
      /* Not at once again: when the guest's devices change, or the next thing happens. */
      if (error == NULL)
        _lodge_usb_broker_queue_decide (act->broker);
      return;
    }

  act->plug->is_busy = FALSE;
  act->plug->was_released = error == NULL;
  _lodge_usb_broker_update_places (act->broker);

  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      /* It is where it was, and so is what is wanted of it. */
      act->plug->is_kept = FALSE;
      g_clear_pointer (&act->plug->wanted_by, g_free);
      _lodge_usb_plug_set_error (act->plug, act->machine, error);
      _lodge_usb_broker_find_custody (act->plug);
      _lodge_usb_plug_answer (act->plug, error);
      return;
    }

  _lodge_usb_broker_queue_decide (act->broker);
}

void
_lodge_usb_broker_take (LodgeUsbBroker        *self,
                        LodgeUsbPlug          *plug,
                        LodgeUsbRoute         *route,
                        const LodgeUsbHolding *holding)
{
  Act *act = act_new (self, plug, holding->machine);

  act->id = g_strdup_printf ("%s %s", lodge_machine_get_id (holding->machine), holding->alias);
  g_hash_table_add (self->taking, g_strdup (act->id));

  if (plug != NULL)
    {
      plug->is_busy = TRUE;
      _lodge_usb_plug_place (plug, LODGE_USB_PLUG_TAKING, holding->machine, route);
    }

  lodge_usb_route_take_async (route, (LodgeUsbHolding *)holding, self->cancellable, taken_cb, act);
}

/* The user's word is the last: what was noted before is void. */
void
_lodge_usb_broker_begin_wish (LodgeUsbBroker *self,
                              LodgeUsbPlug   *plug,
                              const char     *wanted_by,
                              gboolean        is_kept)
{
  g_autofree char *old = g_steal_pointer (&plug->wanted_by);

  plug->wanted_by = g_strdup (wanted_by);
  plug->is_kept = is_kept;
  plug->n_attempts = 0;
  plug->is_held_up_noted = FALSE;
  g_clear_pointer (&plug->failed_for, g_free);
  g_clear_pointer (&plug->returned_to, g_free);
  _lodge_usb_plug_set_error (plug, NULL, NULL);
  _lodge_usb_plug_set_safety (plug, NULL);
  _lodge_usb_plug_set_custody (plug, NULL);
  _lodge_usb_broker_queue_decide (self);
}

/* @task: ends when @machine has it */
void
_lodge_usb_broker_begin_to_give (LodgeUsbBroker *self,
                                 LodgeUsbPlug   *plug,
                                 LodgeMachine   *machine,
                                 GTask          *task)
{
  _lodge_usb_broker_begin_wish (self, plug, lodge_machine_get_id (machine), FALSE);
  _lodge_usb_plug_add_waiter (plug, task);
}

/**
 * lodge_usb_broker_give_async:
 * @self: the broker
 * @plug: a device
 * @machine: a guest; where it is off, it gets the device when it has started
 * @callback: called when the guest has it
 * @user_data: data for @callback
 *
 * Gives a device to a guest, from wherever it is, until it is unplugged or the user says otherwise.
 * Nothing is asked here. End it with lodge_usb_broker_finish().
 */
void
lodge_usb_broker_give_async (LodgeUsbBroker      *self,
                             LodgeUsbPlug        *plug,
                             LodgeMachine        *machine,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (LODGE_IS_USB_BROKER (self));
  g_return_if_fail (LODGE_IS_USB_PLUG (plug));
  g_return_if_fail (LODGE_IS_MACHINE (machine));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, lodge_usb_broker_give_async);
  _lodge_usb_broker_begin_to_give (self, plug, machine, task);
}

/**
 * lodge_usb_broker_take_async:
 * @self: the broker
 * @plug: a device
 * @callback: called when it is back
 * @user_data: data for @callback
 *
 * Takes a device back, and keeps it here until it is unplugged or the user says otherwise. End it
 * with lodge_usb_broker_finish().
 */
void
lodge_usb_broker_take_async (LodgeUsbBroker      *self,
                             LodgeUsbPlug        *plug,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (LODGE_IS_USB_BROKER (self));
  g_return_if_fail (LODGE_IS_USB_PLUG (plug));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, lodge_usb_broker_take_async);
  _lodge_usb_broker_begin_wish (self, plug, NULL, TRUE);
  _lodge_usb_plug_add_waiter (plug, task);
}

/**
 * lodge_usb_broker_keep:
 *
 * The user's answer that a device stays here until it is unplugged.
 */
void
lodge_usb_broker_keep (LodgeUsbBroker *self,
                       LodgeUsbPlug   *plug)
{
  g_return_if_fail (LODGE_IS_USB_BROKER (self));
  g_return_if_fail (LODGE_IS_USB_PLUG (plug));

  _lodge_usb_broker_begin_wish (self, plug, NULL, TRUE);
}

gboolean
lodge_usb_broker_finish (LodgeUsbBroker  *self,
                         GAsyncResult    *result,
                         GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
