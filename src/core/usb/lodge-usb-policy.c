/* lodge-usb-policy.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-usb-policy.h"

/*
 * Who gets what. It looks at how things are and says what to do so that they
 * are as they should be; it keeps nothing, so that whatever happens (guests
 * that die, devices that come back, hosts that sleep) is answered by asking
 * it again. When all has been done, it has nothing more to say.
 *
 * Of several guests that always want a device, the one gets it whose window
 * was last in front; who has a device keeps it until it goes, is turned off,
 * or the user says otherwise.
 */

typedef struct
{
  char *device;
  char *guest;
} Assignment;

struct _LodgeUsbWorld
{
  GPtrArray *devices;
  GPtrArray *guests;
  GPtrArray *assignments;
};

/* What the guests want of one device. */
typedef struct
{
  GPtrArray          *always;       /* of those that are on, the one that comes first in front */
  LodgeUsbMatch       match;        /* of the first of them */
  LodgeUsbWorldGuest *asks;         /* the first that is on and has a rule to ask */
  LodgeUsbWorldGuest *front;        /* the first that is on and was ever in front */
  LodgeUsbVerdict     front_verdict;
  gboolean            is_awaited;   /* one that is off always wants it */
} Wishes;

static void
device_free (gpointer data)
{
  LodgeUsbWorldDevice *device = data;

  g_free (device->id);
  g_free ((char *)device->identity.serial);
  g_free ((char *)device->identity.place);
  g_free (device->wanted_by);
  g_free (device->returned_to);
  g_free (device->asked_about);
  g_free (device->failed_for);
  g_free (device);
}

static void
guest_free (gpointer data)
{
  LodgeUsbWorldGuest *guest = data;

  g_free (guest->id);
  g_clear_object (&guest->rules);
  g_free (guest);
}

static void
assignment_free (gpointer data)
{
  Assignment *assignment = data;

  g_free (assignment->device);
  g_free (assignment->guest);
  g_free (assignment);
}

LodgeUsbWorld *
lodge_usb_world_new (void)
{
  LodgeUsbWorld *self = g_new0 (LodgeUsbWorld, 1);

  self->devices = g_ptr_array_new_with_free_func (device_free);
  self->guests = g_ptr_array_new_with_free_func (guest_free);
  self->assignments = g_ptr_array_new_with_free_func (assignment_free);

  return self;
}

void
lodge_usb_world_free (LodgeUsbWorld *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->devices);
  g_ptr_array_unref (self->guests);
  g_ptr_array_unref (self->assignments);
  g_free (self);
}

void
lodge_usb_action_free (LodgeUsbAction *self)
{
  if (self == NULL)
    return;

  g_free (self->device);
  g_free (self->guest);
  g_strfreev (self->others);
  g_free (self);
}

/**
 * lodge_usb_world_add_device:
 * @self: a world
 * @id: the id of a device that is there
 * @identity: its identity, which is copied
 *
 * Returns: (transfer none): the device, whose other fields may be filled in; its strings are freed
 *   with it
 */
LodgeUsbWorldDevice *
lodge_usb_world_add_device (LodgeUsbWorld          *self,
                            const char             *id,
                            const LodgeUsbIdentity *identity)
{
  LodgeUsbWorldDevice *device;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (id != NULL && identity != NULL, NULL);

  device = g_new0 (LodgeUsbWorldDevice, 1);
  device->id = g_strdup (id);
  device->identity = *identity;
  device->identity.serial = g_strdup (identity->serial);
  device->identity.place = g_strdup (identity->place);
  g_ptr_array_add (self->devices, device);

  return device;
}

/**
 * lodge_usb_world_add_guest:
 * @self: a world
 * @id: the id of a guest
 * @rules: (nullable): its rules
 *
 * Returns: (transfer none): the guest, which is off and was never in front unless that is filled in
 */
LodgeUsbWorldGuest *
lodge_usb_world_add_guest (LodgeUsbWorld *self,
                           const char    *id,
                           LodgeUsbRules *rules)
{
  LodgeUsbWorldGuest *guest;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (id != NULL, NULL);
  g_return_val_if_fail (rules == NULL || LODGE_IS_USB_RULES (rules), NULL);

  guest = g_new0 (LodgeUsbWorldGuest, 1);
  guest->id = g_strdup (id);
  guest->rules = rules != NULL ? g_object_ref (rules) : NULL;
  guest->rank = G_MAXUINT;
  g_ptr_array_add (self->guests, guest);

  return guest;
}

/* Says that the guest has the device, or what is left of one that is not there any more. */
void
lodge_usb_world_add_assignment (LodgeUsbWorld *self,
                                const char    *device,
                                const char    *guest)
{
  Assignment *assignment;

  g_return_if_fail (self != NULL);
  g_return_if_fail (device != NULL && guest != NULL);

  assignment = g_new0 (Assignment, 1);
  assignment->device = g_strdup (device);
  assignment->guest = g_strdup (guest);
  g_ptr_array_add (self->assignments, assignment);
}

static LodgeUsbWorldDevice *
find_device (LodgeUsbWorld *self,
             const char    *id)
{
  for (guint i = 0; i < self->devices->len; i++)
    {
      LodgeUsbWorldDevice *device = g_ptr_array_index (self->devices, i);

      if (g_str_equal (device->id, id))
        return device;
    }

  return NULL;
}

static LodgeUsbWorldGuest *
find_guest_on (LodgeUsbWorld *self,
               const char    *id)
{
  for (guint i = 0; id != NULL && i < self->guests->len; i++)
    {
      LodgeUsbWorldGuest *guest = g_ptr_array_index (self->guests, i);

      if (g_str_equal (guest->id, id))
        return guest->is_on ? guest : NULL;
    }

  return NULL;
}

static void
find_twins (LodgeUsbWorld *self)
{
  for (guint i = 0; i < self->devices->len; i++)
    {
      LodgeUsbWorldDevice *device = g_ptr_array_index (self->devices, i);

      device->identity.has_twin = FALSE;

      for (guint k = 0; k < self->devices->len; k++)
        {
          LodgeUsbWorldDevice *other = g_ptr_array_index (self->devices, k);

          device->identity.has_twin |= other != device &&
            lodge_usb_identity_is_twin (&device->identity, &other->identity);
        }
    }
}

static LodgeUsbAction *
add_action (GPtrArray          *actions,
            LodgeUsbActionKind  kind,
            const char         *device,
            const char         *guest,
            LodgeUsbReason      reason)
{
  LodgeUsbAction *action = g_new0 (LodgeUsbAction, 1);

  action->kind = kind;
  action->device = g_strdup (device);
  action->guest = g_strdup (guest);
  action->reason = reason;
  g_ptr_array_add (actions, action);

  return action;
}

static LodgeUsbVerdict
look_up (LodgeUsbWorldGuest     *guest,
         const LodgeUsbIdentity *identity,
         LodgeUsbMatch          *match)
{
  *match = LODGE_USB_MATCH_NONE;

  return guest->rules != NULL ? lodge_usb_rules_look_up (guest->rules, identity, match)
                              : LODGE_USB_VERDICT_NONE;
}

/* A rule for a device elsewhere says nothing of this one if another rule is for just this one. */
static gboolean
is_meant (LodgeUsbWorld       *self,
          LodgeUsbWorldDevice *device)
{
  LodgeUsbMatch match;

  for (guint i = 0; i < self->guests->len; i++)
    {
      look_up (g_ptr_array_index (self->guests, i), &device->identity, &match);
      if (match == LODGE_USB_MATCH_DEVICE)
        return TRUE;
    }

  return FALSE;
}

static void
add_wish (Wishes             *wishes,
          LodgeUsbWorldGuest *guest,
          LodgeUsbMatch       match)
{
  LodgeUsbWorldGuest *first = wishes->always->len > 0 ? g_ptr_array_index (wishes->always, 0) : NULL;

  if (first == NULL || guest->rank < first->rank)
    {
      g_ptr_array_insert (wishes->always, 0, guest);
      wishes->match = match;
    }
  else
    {
      g_ptr_array_add (wishes->always, guest);
    }
}

static void
collect_wishes (LodgeUsbWorld       *self,
                LodgeUsbWorldDevice *device,
                Wishes              *wishes)
{
  gboolean exactly = is_meant (self, device);

  *wishes = (Wishes) { .always = g_ptr_array_new () };

  for (guint i = 0; i < self->guests->len; i++)
    {
      LodgeUsbWorldGuest *guest = g_ptr_array_index (self->guests, i);
      LodgeUsbMatch match;
      LodgeUsbVerdict verdict = look_up (guest, &device->identity, &match);

      if (exactly && match == LODGE_USB_MATCH_MODEL)
        verdict = LODGE_USB_VERDICT_NONE;

      if (!guest->is_on)
        {
          wishes->is_awaited |= verdict == LODGE_USB_VERDICT_ALWAYS;
          continue;
        }

      if (verdict == LODGE_USB_VERDICT_ALWAYS && g_strcmp0 (device->failed_for, guest->id) != 0)
        add_wish (wishes, guest, match);

      if (verdict == LODGE_USB_VERDICT_ASK &&
          (wishes->asks == NULL || guest->rank < wishes->asks->rank))
        wishes->asks = guest;

      if (guest->rank != G_MAXUINT &&
          (wishes->front == NULL || guest->rank < wishes->front->rank))
        {
          wishes->front = guest;
          wishes->front_verdict = verdict;
        }
    }
}

/* What the user has decided is none. */
static void
note_conflict (GPtrArray           *actions,
               LodgeUsbWorldDevice *device,
               Wishes              *wishes,
               const char          *winner)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) others = NULL;
  LodgeUsbAction *action;

  for (guint i = 0; i < wishes->always->len; i++)
    {
      LodgeUsbWorldGuest *guest = g_ptr_array_index (wishes->always, i);

      if (!g_str_equal (guest->id, winner))
        g_strv_builder_add (builder, guest->id);
    }

  others = g_strv_builder_end (builder);
  if (others[0] == NULL || device->is_conflict_noted ||
      g_strcmp0 (device->wanted_by, winner) == 0)
    return;

  action = add_action (actions, LODGE_USB_ACTION_NOTE_CONFLICT, device->id, winner,
                       LODGE_USB_REASON_RULE);
  action->others = g_steal_pointer (&others);
}

static void
ask (GPtrArray           *actions,
     LodgeUsbWorldDevice *device,
     LodgeUsbWorldGuest  *guest,
     LodgeUsbReason       reason)
{
  if (device->asked_about == NULL && (device->safety == LODGE_USB_SAFETY_FREE ||
                                      device->safety == LODGE_USB_SAFETY_MOUNTED))
    add_action (actions, LODGE_USB_ACTION_ASK, device->id, guest->id, reason);
}

/* Whatever says so, nothing is taken away from under the computer's own hands. */
static gboolean
give (GPtrArray           *actions,
      LodgeUsbWorldDevice *device,
      LodgeUsbWorldGuest  *guest,
      LodgeUsbReason       reason)
{
  if (g_strcmp0 (device->failed_for, guest->id) == 0)
    return FALSE;

  if (device->safety == LODGE_USB_SAFETY_FREE)
    {
      add_action (actions, LODGE_USB_ACTION_GIVE, device->id, guest->id, reason);
      return TRUE;
    }

  if (!device->is_held_up_noted)
    add_action (actions, LODGE_USB_ACTION_NOTE_HELD_UP, device->id, guest->id, reason);

  return FALSE;
}

static void
decide_by_rules (GPtrArray           *actions,
                 LodgeUsbWorldDevice *device,
                 Wishes              *wishes)
{
  if (wishes->always->len > 0)
    {
      LodgeUsbWorldGuest *guest = g_ptr_array_index (wishes->always, 0);

      if (device->identity.may_be_input && wishes->match != LODGE_USB_MATCH_DEVICE)
        {
          ask (actions, device, guest, LODGE_USB_REASON_INPUT);
          return;
        }

      if (give (actions, device, guest, LODGE_USB_REASON_RULE))
        note_conflict (actions, device, wishes, guest->id);
      return;
    }

  if (wishes->is_awaited || !device->is_new)
    return;

  if (wishes->asks != NULL)
    ask (actions, device, wishes->asks, LODGE_USB_REASON_RULE);
  else if (wishes->front != NULL && wishes->front_verdict == LODGE_USB_VERDICT_NONE &&
           !device->identity.may_be_input && device->identity.kind != LODGE_USB_KIND_HUB)
    ask (actions, device, wishes->front, LODGE_USB_REASON_NEW);
}

/* A device that no guest has. */
static void
decide_free (LodgeUsbWorld       *self,
             GPtrArray           *actions,
             LodgeUsbWorldDevice *device,
             Wishes              *wishes)
{
  LodgeUsbWorldGuest *guest;
  LodgeUsbMatch match;

  if (device->is_kept)
    return;

  if (device->wanted_by != NULL)
    {
      /* One that is off is waited for. */
      guest = find_guest_on (self, device->wanted_by);
      if (guest != NULL)
        give (actions, device, guest, LODGE_USB_REASON_USER);
      return;
    }

  guest = find_guest_on (self, device->returned_to);
  if (guest != NULL && look_up (guest, &device->identity, &match) != LODGE_USB_VERDICT_NEVER)
    {
      if (device->identity.may_be_input)
        ask (actions, device, guest, LODGE_USB_REASON_INPUT);
      else if (give (actions, device, guest, LODGE_USB_REASON_RETURNED))
        note_conflict (actions, device, wishes, guest->id);
      return;
    }

  decide_by_rules (actions, device, wishes);
}

/* Whether the guest that has the device may keep it, or why not. */
static LodgeUsbReason
find_reason_to_take (LodgeUsbWorld       *self,
                     LodgeUsbWorldDevice *device,
                     LodgeUsbWorldGuest  *guest)
{
  LodgeUsbMatch match;

  if (device->is_kept)
    return LODGE_USB_REASON_USER;

  if (g_strcmp0 (device->wanted_by, guest->id) == 0)
    return LODGE_USB_REASON_NONE;

  if (find_guest_on (self, device->wanted_by) != NULL &&
      g_strcmp0 (device->failed_for, device->wanted_by) != 0)
    return LODGE_USB_REASON_USER;

  if (look_up (guest, &device->identity, &match) == LODGE_USB_VERDICT_NEVER)
    return LODGE_USB_REASON_RULE;

  return LODGE_USB_REASON_NONE;
}

/* Ends assignments that do not hold any more. Returns: device id → the guest that has it */
static GHashTable *
decide_assignments (LodgeUsbWorld *self,
                    GPtrArray     *actions)
{
  GHashTable *holders = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < self->assignments->len; i++)
    {
      Assignment *assignment = g_ptr_array_index (self->assignments, i);
      LodgeUsbWorldDevice *device = find_device (self, assignment->device);
      LodgeUsbWorldGuest *guest = find_guest_on (self, assignment->guest);
      LodgeUsbActionKind kind = LODGE_USB_ACTION_TAKE;
      LodgeUsbReason reason;

      if (guest == NULL)
        {
          kind = LODGE_USB_ACTION_FORGET;
          reason = LODGE_USB_REASON_GUEST_OFF;
        }
      else if (device == NULL)
        reason = LODGE_USB_REASON_UNPLUGGED;
      else if (g_hash_table_contains (holders, device->id))
        reason = LODGE_USB_REASON_TWICE;
      else
        reason = find_reason_to_take (self, device, guest);

      if (reason != LODGE_USB_REASON_NONE)
        add_action (actions, kind, assignment->device, assignment->guest, reason);
      else
        g_hash_table_insert (holders, device->id, guest->id);
    }

  return holders;
}

/**
 * lodge_usb_policy_decide:
 * @world: how things are; only has_twin of its devices is changed
 *
 * Says what is to be done, in this order: what happens to one device depends
 * on what was to happen to it before.
 *
 * Returns: (transfer full) (element-type LodgeUsbAction): actions, none if all is as it should be
 */
GPtrArray *
lodge_usb_policy_decide (LodgeUsbWorld *world)
{
  g_autoptr(GPtrArray) actions = NULL;
  g_autoptr(GHashTable) holders = NULL;

  g_return_val_if_fail (world != NULL, NULL);

  actions = g_ptr_array_new_with_free_func ((GDestroyNotify)lodge_usb_action_free);
  find_twins (world);
  holders = decide_assignments (world, actions);

  for (guint i = 0; i < world->devices->len; i++)
    {
      LodgeUsbWorldDevice *device = g_ptr_array_index (world->devices, i);
      const char *holder = g_hash_table_lookup (holders, device->id);
      Wishes wishes;

      collect_wishes (world, device, &wishes);

      if (holder != NULL)
        note_conflict (actions, device, &wishes, holder);
      else
        decide_free (world, actions, device, &wishes);

      g_ptr_array_unref (wishes.always);
    }

  return g_steal_pointer (&actions);
}
