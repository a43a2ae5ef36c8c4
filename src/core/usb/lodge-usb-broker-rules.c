/* lodge-usb-broker-rules.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-error.h"
#include "lodge-machine-preferences.h"
#include "lodge-usb-broker-private.h"

/* What the broker does about rules: looking them up, and writing them. */

/**
 * lodge_usb_broker_get_rules:
 *
 * Returns: (transfer none) (nullable): the rules of @machine, which follow what is written in it
 */
LodgeUsbRules *
lodge_usb_broker_get_rules (LodgeUsbBroker *self,
                            LodgeMachine   *machine)
{
  LodgeUsbGuest *guest;

  g_return_val_if_fail (LODGE_IS_USB_BROKER (self), NULL);
  g_return_val_if_fail (LODGE_IS_MACHINE (machine), NULL);

  guest = _lodge_usb_broker_find_guest (self, lodge_machine_get_id (machine));

  return guest != NULL ? _lodge_usb_guest_get_rules (guest) : NULL;
}

static void
init_identity (LodgeUsbBroker   *self,
               LodgeUsbPlug     *plug,
               LodgeUsbIdentity *identity)
{
  lodge_usb_identity_init (identity, plug->device, FALSE);

  for (guint i = 0; i < self->plugs->len; i++)
    {
      LodgeUsbPlug *other = g_ptr_array_index (self->plugs, i);
      LodgeUsbIdentity another;

      lodge_usb_identity_init (&another, other->device, FALSE);
      identity->has_twin |= other != plug && lodge_usb_identity_is_twin (identity, &another);
    }
}

/**
 * lodge_usb_broker_get_verdict:
 * @self: the broker
 * @plug: a device
 * @machine: a guest
 * @match: (out) (optional): how well the rule fits
 *
 * Returns: what the guest's rules say of the device
 */
LodgeUsbVerdict
lodge_usb_broker_get_verdict (LodgeUsbBroker *self,
                              LodgeUsbPlug   *plug,
                              LodgeMachine   *machine,
                              LodgeUsbMatch  *match)
{
  LodgeUsbRules *rules = lodge_usb_broker_get_rules (self, machine);
  LodgeUsbMatch unused;
  LodgeUsbIdentity identity;

  if (match == NULL)
    match = &unused;
  *match = LODGE_USB_MATCH_NONE;

  if (rules == NULL)
    return LODGE_USB_VERDICT_NONE;

  init_identity (self, plug, &identity);

  return lodge_usb_rules_look_up (rules, &identity, match);
}

static void
rules_written_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  LodgeUsbBroker *self = g_task_get_source_object (task);
  LodgeMachine *machine = LODGE_MACHINE (object);
  LodgeUsbGuest *guest = _lodge_usb_broker_find_guest (self, lodge_machine_get_id (machine));
  g_autoptr(GError) error = NULL;

  if (!lodge_machine_set_usb_rules_xml_finish (machine, result, &error))
    {
      /* What is shown is what is written. */
      if (guest != NULL)
        _lodge_usb_guest_reload (guest);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_task_return_boolean (task, TRUE);
}

/* Writes the rules as they are now; what they say holds from now on. */
static void
write_rules (LodgeUsbBroker *self,
             LodgeUsbRules  *rules,
             LodgeMachine   *machine,
             GTask          *task)
{
  g_autofree char *xml = lodge_usb_rules_dup_xml (rules);

  lodge_machine_set_usb_rules_xml_async (machine, xml, NULL, rules_written_cb, g_object_ref (task));
  _lodge_usb_broker_queue_decide (self);
}

/* Returns: (nullable): the rules to be changed and, in @task, what is to be ended when they are written;
 * null if that has been ended already
 */
static LodgeUsbRules *
begin_rules (LodgeUsbBroker       *self,
             LodgeMachine         *machine,
             gpointer              source_tag,
             GAsyncReadyCallback   callback,
             gpointer              user_data,
             GTask               **task)
{
  LodgeUsbRules *rules = lodge_usb_broker_get_rules (self, machine);

  *task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (*task, source_tag);

  if (rules == NULL)
    g_task_return_new_error (*task, LODGE_ERROR, LODGE_ERROR_GONE, "The guest is not there any more");

  return rules;
}

/**
 * lodge_usb_broker_set_verdict_async:
 * @self: the broker
 * @plug: a device
 * @machine: a guest
 * @verdict: what is to happen when it is plugged in, or %LODGE_USB_VERDICT_NONE for no rule
 * @callback: called when it is written
 * @user_data: data for @callback
 *
 * Writes a rule for a device into a guest. It holds at once. End it with lodge_usb_broker_finish().
 */
void
lodge_usb_broker_set_verdict_async (LodgeUsbBroker      *self,
                                    LodgeUsbPlug        *plug,
                                    LodgeMachine        *machine,
                                    LodgeUsbVerdict      verdict,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  LodgeUsbRules *rules;
  LodgeUsbIdentity identity;

  g_return_if_fail (LODGE_IS_USB_BROKER (self));
  g_return_if_fail (LODGE_IS_USB_PLUG (plug));
  g_return_if_fail (LODGE_IS_MACHINE (machine));

  rules = begin_rules (self, machine, lodge_usb_broker_set_verdict_async, callback, user_data, &task);
  if (rules == NULL)
    return;

  init_identity (self, plug, &identity);
  lodge_usb_rules_set_for_device (rules, &identity, lodge_usb_device_get_name (plug->device), verdict);

  /* A new rule is a new word of the user's. */
  if (verdict == LODGE_USB_VERDICT_ALWAYS)
    _lodge_usb_broker_begin_wish (self, plug, plug->wanted_by, FALSE);
  else if (verdict == LODGE_USB_VERDICT_NEVER &&
           g_strcmp0 (plug->wanted_by, lodge_machine_get_id (machine)) == 0)
    _lodge_usb_broker_begin_wish (self, plug, NULL, FALSE);

  write_rules (self, rules, machine, task);
}

/**
 * lodge_usb_broker_set_kind_verdict_async:
 *
 * The same for all devices of a kind. Fails with LODGE_ERROR_INVALID for kinds that can have no
 * rule: see lodge_usb_kind_can_have_rule().
 */
void
lodge_usb_broker_set_kind_verdict_async (LodgeUsbBroker      *self,
                                         LodgeUsbKind         kind,
                                         LodgeMachine        *machine,
                                         LodgeUsbVerdict      verdict,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  LodgeUsbRules *rules;

  g_return_if_fail (LODGE_IS_USB_BROKER (self));
  g_return_if_fail (LODGE_IS_MACHINE (machine));

  rules = begin_rules (self, machine, lodge_usb_broker_set_kind_verdict_async, callback, user_data, &task);
  if (rules == NULL)
    return;

  if (!lodge_usb_rules_set_for_kind (rules, kind, verdict))
    {
      g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_INVALID, "No rule for devices of this kind");
      return;
    }

  write_rules (self, rules, machine, task);
}

/**
 * lodge_usb_broker_set_rule_verdict_async:
 *
 * Changes a rule of lodge_usb_broker_get_rules(); with %LODGE_USB_VERDICT_NONE it is removed. One that was
 * removed comes back.
 */
void
lodge_usb_broker_set_rule_verdict_async (LodgeUsbBroker      *self,
                                         LodgeUsbRule        *rule,
                                         LodgeMachine        *machine,
                                         LodgeUsbVerdict      verdict,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  LodgeUsbRules *rules;

  g_return_if_fail (LODGE_IS_USB_BROKER (self));
  g_return_if_fail (LODGE_IS_USB_RULE (rule));
  g_return_if_fail (LODGE_IS_MACHINE (machine));

  rules = begin_rules (self, machine, lodge_usb_broker_set_rule_verdict_async, callback, user_data, &task);
  if (rules == NULL)
    return;

  lodge_usb_rules_set_verdict (rules, rule, verdict);
  write_rules (self, rules, machine, task);
}
