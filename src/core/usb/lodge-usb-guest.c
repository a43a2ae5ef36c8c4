/* lodge-usb-guest.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-machine-preferences.h"
#include "lodge-usb-guest-private.h"

/**
 * LodgeUsbGuest:
 *
 * A guest as the broker sees it: its rules, and whether it can be given devices now.
 *
 * One that was just switched on gets nothing until its agent answers or firmware has surely handed
 * over to the guest's own system: there is firmware that hangs on a device that it does not know.
 */

#define FIRMWARE_SECONDS 8

struct _LodgeUsbGuest
{
  GObject        parent_instance;
  LodgeMachine  *machine;
  LodgeUsbRules *rules;
  guint          firmware_id;
  guint          start;         /* counts starts that were seen */
  guint          was_active : 1;
};

enum {
  CHANGED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (LodgeUsbGuest, lodge_usb_guest, G_TYPE_OBJECT)

static guint signals[N_SIGNALS];

static void
firmware_done (LodgeUsbGuest *self)
{
  g_clear_handle_id (&self->firmware_id, g_source_remove);
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
firmware_done_cb (gpointer user_data)
{
  LodgeUsbGuest *self = user_data;

  self->firmware_id = 0;
  firmware_done (self);

  return G_SOURCE_REMOVE;
}

static void
state_changed_cb (LodgeUsbGuest *self)
{
  gboolean active;

  g_assert (LODGE_IS_USB_GUEST (self));

  active = lodge_machine_is_active (self->machine);

  if (active && !self->was_active)
    {
      self->start++;
      if (self->firmware_id == 0)
        self->firmware_id = g_timeout_add_seconds (FIRMWARE_SECONDS, firmware_done_cb, self);
    }
  else if (!active)
    {
      g_clear_handle_id (&self->firmware_id, g_source_remove);
    }

  self->was_active = active;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
agent_connected_cb (LodgeUsbGuest *self)
{
  gboolean connected;

  g_assert (LODGE_IS_USB_GUEST (self));

  g_object_get (self->machine, "agent-connected", &connected, NULL);

  if (connected && self->firmware_id != 0)
    firmware_done (self);
}

static void
rules_changed_cb (LodgeUsbGuest *self)
{
  g_assert (LODGE_IS_USB_GUEST (self));

  _lodge_usb_guest_reload (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
lodge_usb_guest_dispose (GObject *object)
{
  LodgeUsbGuest *self = (LodgeUsbGuest *)object;

  g_clear_handle_id (&self->firmware_id, g_source_remove);
  if (self->machine != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->machine, self);
      g_signal_handlers_disconnect_by_data (lodge_machine_get_preferences (self->machine), self);
    }

  G_OBJECT_CLASS (lodge_usb_guest_parent_class)->dispose (object);
}

static void
lodge_usb_guest_finalize (GObject *object)
{
  LodgeUsbGuest *self = (LodgeUsbGuest *)object;

  g_clear_object (&self->machine);
  g_clear_object (&self->rules);

  G_OBJECT_CLASS (lodge_usb_guest_parent_class)->finalize (object);
}

static void
lodge_usb_guest_class_init (LodgeUsbGuestClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lodge_usb_guest_dispose;
  object_class->finalize = lodge_usb_guest_finalize;

  signals[CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
lodge_usb_guest_init (LodgeUsbGuest *self)
{
}

LodgeUsbGuest *
_lodge_usb_guest_new (LodgeMachine *machine)
{
  LodgeUsbGuest *self = g_object_new (LODGE_TYPE_USB_GUEST, NULL);

  self->machine = g_object_ref (machine);
  self->rules = lodge_usb_rules_new (lodge_machine_get_usb_rules_xml (machine));
  self->was_active = lodge_machine_is_active (machine);
  g_signal_connect_object (machine, "notify::state", G_CALLBACK (state_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (machine, "notify::agent-connected", G_CALLBACK (agent_connected_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (lodge_machine_get_preferences (machine), "notify::usb-rules",
                           G_CALLBACK (rules_changed_cb), self, G_CONNECT_SWAPPED);

  return self;
}

LodgeMachine *
_lodge_usb_guest_get_machine (LodgeUsbGuest *self)
{
  return self->machine;
}

LodgeUsbRules *
_lodge_usb_guest_get_rules (LodgeUsbGuest *self)
{
  return self->rules;
}

gboolean
_lodge_usb_guest_is_on (LodgeUsbGuest *self)
{
  LodgeState state = lodge_machine_get_state (self->machine);

  return self->firmware_id == 0 &&
    (state == LODGE_STATE_RUNNING || state == LODGE_STATE_PAUSED || state == LODGE_STATE_ASLEEP);
}

/* A number that is another one after each start that was seen. */
guint
_lodge_usb_guest_get_start (LodgeUsbGuest *self)
{
  return self->start;
}

/* Reads the rules again, as they are in the guest. */
void
_lodge_usb_guest_reload (LodgeUsbGuest *self)
{
  g_autofree char *mine = lodge_usb_rules_dup_xml (self->rules);
  const char *xml = lodge_machine_get_usb_rules_xml (self->machine);

  if (g_strcmp0 (mine, xml) != 0)
    lodge_usb_rules_load (self->rules, xml);
}
