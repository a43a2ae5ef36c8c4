/* lodge-usb-broker-decide.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-error.h"
#include "lodge-usb-broker-private.h"

/* Puts how things are before the policy, and does what it says. */

/* What is left in a guest of a device that is not there any more. */
typedef struct
{
  LodgeUsbRoute   *route;
  LodgeUsbHolding *holding;
} Leftover;

static void
leftover_free (gpointer data)
{
  Leftover *leftover = data;

  lodge_usb_holding_free (leftover->holding);
  g_free (leftover);
}

static guint
find_rank (LodgeUsbBroker *self,
           const char     *id)
{
  for (guint i = 0; self->front[i] != NULL; i++)
    if (g_str_equal (self->front[i], id))
      return i;

  return G_MAXUINT;
}

static gboolean
is_of_a_plug (LodgeUsbBroker        *self,
              const LodgeUsbHolding *holding)
{
  for (guint i = 0; i < self->plugs->len; i++)
    {
      LodgeUsbPlug *plug = g_ptr_array_index (self->plugs, i);

      if (plug->holding != NULL && plug->holding->machine == holding->machine &&
          g_strcmp0 (plug->holding->alias, holding->alias) == 0)
        return TRUE;
    }

  return FALSE;
}

/* What was given by others is theirs, also when the device has gone. */
static void
collect_leftovers (LodgeUsbBroker *self,
                   LodgeUsbRoute  *route,
                   LodgeMachine   *machine,
                   GHashTable     *leftovers,
                   gboolean       *has_any)
{
  g_autoptr(GPtrArray) holdings = lodge_usb_route_dup_holdings (route, machine);

  *has_any |= holdings->len > 0;

  for (guint i = 0; i < holdings->len; i++)
    {
      LodgeUsbHolding *holding = g_ptr_array_index (holdings, i);
      Leftover *leftover;
      char *id;

      if (holding->is_foreign || is_of_a_plug (self, holding))
        continue;

      id = g_strdup_printf ("%s %s", lodge_machine_get_id (machine), holding->alias);
      if (g_hash_table_contains (self->taking, id))
        {
          g_free (id);
          continue;
        }

      leftover = g_new0 (Leftover, 1);
      leftover->route = route;
      leftover->holding = lodge_usb_holding_copy (holding);
      g_hash_table_insert (leftovers, id, leftover);
    }
}

static void
add_guests (LodgeUsbBroker *self,
            LodgeUsbWorld  *world,
            GHashTable     *leftovers)
{
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  g_hash_table_iter_init (&iter, self->guests);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      LodgeMachine *machine = _lodge_usb_guest_get_machine (value);
      LodgeUsbWorldGuest *guest;
      gboolean has_any = FALSE;

      for (guint i = 0; lodge_machine_is_active (machine) && i < self->routes->len; i++)
        collect_leftovers (self, g_ptr_array_index (self->routes, i), machine, leftovers, &has_any);

      guest = lodge_usb_world_add_guest (world, key, _lodge_usb_guest_get_rules (value));
      /* What it has it has, whether it may be given more or not. */
      guest->is_on = _lodge_usb_guest_is_on (value) || has_any;
      guest->rank = find_rank (self, key);
    }

  g_hash_table_iter_init (&iter, leftovers);
  while (g_hash_table_iter_next (&iter, &key, &value))
    lodge_usb_world_add_assignment (world, key,
                                    lodge_machine_get_id (((Leftover *)value)->holding->machine));
}

static void
add_plug (LodgeUsbBroker *self,
          LodgeUsbWorld  *world,
          LodgeUsbPlug   *plug)
{
  const char *id = lodge_usb_device_get_id (plug->device);
  LodgeUsbIdentity identity;
  LodgeUsbWorldDevice *device;

  /* What others gave is left to them until the user says otherwise. */
  if (lodge_usb_plug_is_foreign (plug) && plug->wanted_by == NULL && !plug->is_kept)
    return;

  lodge_usb_identity_init (&identity, plug->device, FALSE);
  device = lodge_usb_world_add_device (world, id, &identity);
  device->is_new = lodge_usb_device_is_new (plug->device);
  device->safety = lodge_usb_plug_get_safety (plug);
  device->wanted_by = g_strdup (plug->wanted_by);
  device->is_kept = plug->is_kept;
  device->returned_to = g_strdup (plug->returned_to);
  device->asked_about = g_strdup (plug->asked_about);
  device->failed_for = g_strdup (plug->failed_for);
  device->is_conflict_noted = plug->is_conflict_noted;
  device->is_held_up_noted = plug->is_held_up_noted;

  if (plug->machine != NULL)
    lodge_usb_world_add_assignment (world, id, lodge_machine_get_id (plug->machine));
}

static void
unref_machine (gpointer data)
{
  if (data != NULL)
    g_object_unref (data);
}

static int
compare_names (gconstpointer one,
               gconstpointer other)
{
  return g_strcmp0 (lodge_machine_get_name (*(LodgeMachine **)one),
                    lodge_machine_get_name (*(LodgeMachine **)other));
}

static gboolean
is_contender (LodgeUsbBroker *self,
              LodgeUsbPlug   *plug,
              LodgeUsbGuest  *guest)
{
  LodgeMachine *machine = _lodge_usb_guest_get_machine (guest);
  LodgeUsbMatch match;

  return machine != plug->machine && _lodge_usb_guest_is_on (guest) &&
         lodge_usb_broker_get_verdict (self, plug, machine, &match) == LODGE_USB_VERDICT_ALWAYS &&
         (match == LODGE_USB_MATCH_DEVICE || !lodge_usb_device_may_be_input (plug->device));
}

/* Who would have it, were it not for the one that has it. What the user has decided is no conflict. */
static void
update_contenders (LodgeUsbBroker *self,
                   LodgeUsbPlug   *plug)
{
  g_autoptr(GPtrArray) machines = g_ptr_array_new_with_free_func (unref_machine);
  GHashTableIter iter;
  gpointer guest;

  g_hash_table_iter_init (&iter, self->guests);
  while (plug->machine != NULL && plug->wanted_by == NULL && g_hash_table_iter_next (&iter, NULL, &guest))
    if (is_contender (self, plug, guest))
      g_ptr_array_add (machines, g_object_ref (_lodge_usb_guest_get_machine (guest)));

  if (machines->len == 0)
    {
      _lodge_usb_plug_set_contenders (plug, NULL);
      return;
    }

  g_ptr_array_sort (machines, compare_names);
  g_ptr_array_add (machines, NULL);
  _lodge_usb_plug_set_contenders (plug, g_steal_pointer (&machines));
}

static void
hold_up (LodgeUsbBroker *self,
         LodgeUsbPlug   *plug,
         LodgeMachine   *machine)
{
  g_autoptr(GError) error = g_error_new_literal (LODGE_ERROR, LODGE_ERROR_DEVICE_IN_USE,
                                                 "This computer is using the device");
  gboolean is_awaited = plug->waiters->len > 0;

  plug->is_held_up_noted = TRUE;
  g_clear_pointer (&plug->wanted_by, g_free);
  _lodge_usb_plug_set_error (plug, machine, error);
  _lodge_usb_plug_answer (plug, error);

  /* Who waits for it has been told by that. */
  if (!is_awaited)
    g_signal_emit_by_name (self, "held-up", plug, machine);
}

static gboolean
has_way (LodgeUsbBroker *self,
         LodgeUsbPlug   *plug,
         LodgeMachine   *machine)
{
  g_autoptr(GError) error = NULL;

  return lodge_usb_broker_find_route (self, plug, machine, &error) != NULL ||
         !g_error_matches (error, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED);
}

static void
act (LodgeUsbBroker *self,
     LodgeUsbAction *action)
{
  LodgeUsbPlug *plug = lodge_usb_broker_find_plug (self, action->device);
  LodgeUsbGuest *guest = _lodge_usb_broker_find_guest (self, action->guest);
  LodgeMachine *machine = guest != NULL ? _lodge_usb_guest_get_machine (guest) : NULL;

  if (plug == NULL || machine == NULL || plug->is_busy)
    return;

  switch (action->kind)
    {
    case LODGE_USB_ACTION_GIVE:
      /* One that is only on because it has something is not to get more yet. */
      if (plug->holding == NULL && plug->retry_id == 0 && _lodge_usb_guest_is_on (guest) &&
          _lodge_usb_broker_may_judge (self, plug))
        _lodge_usb_broker_give (self, plug, machine, action->reason);
      break;

    case LODGE_USB_ACTION_TAKE:
      if (plug->holding != NULL)
        _lodge_usb_broker_take (self, plug, plug->route, plug->holding);
      break;

    case LODGE_USB_ACTION_ASK:
      /* Where no answer could be followed, there is nothing to ask; there may be a way later. */
      if (!has_way (self, plug, machine))
        break;
      plug->asked_about = g_strdup (action->guest);
      g_signal_emit_by_name (self, "ask", plug, machine, action->reason);
      break;

    case LODGE_USB_ACTION_NOTE_CONFLICT:
      plug->is_conflict_noted = TRUE;
      break;

    case LODGE_USB_ACTION_NOTE_HELD_UP:
      hold_up (self, plug, machine);
      break;

    case LODGE_USB_ACTION_FORGET:
    default:
      break;
    }
}

/* What the user wants and what is so already needs no act to be answered. */
static void
answer_wishes (LodgeUsbBroker *self)
{
  for (guint i = 0; i < self->plugs->len; i++)
    {
      LodgeUsbPlug *plug = g_ptr_array_index (self->plugs, i);
      LodgeUsbGuest *wanting = _lodge_usb_broker_find_guest (self, plug->wanted_by);

      if (plug->is_busy || plug->retry_id != 0 || plug->waiters->len == 0)
        continue;

      if (plug->is_kept ? plug->holding == NULL
                        : wanting == NULL || !_lodge_usb_guest_is_on (wanting) ||
                          plug->machine == _lodge_usb_guest_get_machine (wanting))
        _lodge_usb_plug_answer (plug, NULL);
    }
}

void
_lodge_usb_broker_decide (LodgeUsbBroker *self)
{
  g_autoptr(LodgeUsbWorld) world = lodge_usb_world_new ();
  g_autoptr(GHashTable) leftovers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, leftover_free);
  g_autoptr(LodgeUsbBroker) alive = g_object_ref (self);
  g_autoptr(GPtrArray) actions = NULL;

  _lodge_usb_broker_update_places (self);
  add_guests (self, world, leftovers);
  for (guint i = 0; i < self->plugs->len; i++)
    add_plug (self, world, g_ptr_array_index (self->plugs, i));

  actions = lodge_usb_policy_decide (world);

  for (guint i = 0; i < actions->len; i++)
    {
      LodgeUsbAction *action = g_ptr_array_index (actions, i);
      Leftover *leftover = g_hash_table_lookup (leftovers, action->device);

      if (leftover == NULL)
        act (self, action);
      else if (action->kind == LODGE_USB_ACTION_TAKE)
        _lodge_usb_broker_take (self, NULL, leftover->route, leftover->holding);
    }

  for (guint i = 0; i < self->plugs->len; i++)
    update_contenders (self, g_ptr_array_index (self->plugs, i));
  answer_wishes (self);
  _lodge_usb_broker_update_needed (self);
}
