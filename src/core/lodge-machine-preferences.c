/* lodge-machine-preferences.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-core-enums.h"
#include "lodge-error.h"
#include "lodge-machine-preferences-private.h"
#include "lodge-machine-private.h"

/**
 * LodgeMachinePreferences:
 *
 * What people want of a machine, as its definition tells.
 *
 * It is kept in the guest's metadata and goes where the guest goes. The
 * properties change when it is written there, by this program or any other;
 * setting one changes nothing by itself.
 */

struct _LodgeMachinePreferences
{
  GObject            parent_instance;
  LodgeMachine      *machine;       /* weak */
  LodgePreferences  *current;
  LodgeMemoryReason  memory_reason;
  guint64            memory_decided;
  GError            *memory_problem;
};

enum {
  PROP_0,
  PROP_AUTOMATIC_MEMORY,
  PROP_LOAN_AMOUNT,
  PROP_MEMORY_CEILING,
  PROP_MEMORY_DECIDED,
  PROP_MEMORY_FLOOR,
  PROP_MEMORY_PROBLEM,
  PROP_MEMORY_REASON,
  PROP_NOTICE,
  PROP_PRIORITY,
  PROP_USB_RULES,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LodgeMachinePreferences, lodge_machine_preferences, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void
lodge_machine_preferences_finalize (GObject *object)
{
  LodgeMachinePreferences *self = (LodgeMachinePreferences *)object;

  g_clear_weak_pointer (&self->machine);
  g_clear_pointer (&self->current, lodge_preferences_free);
  g_clear_error (&self->memory_problem);

  G_OBJECT_CLASS (lodge_machine_preferences_parent_class)->finalize (object);
}

static void
lodge_machine_preferences_get_property (GObject    *object,
                                        guint       prop_id,
                                        GValue     *value,
                                        GParamSpec *pspec)
{
  LodgeMachinePreferences *self = LODGE_MACHINE_PREFERENCES (object);

  switch (prop_id)
    {
    case PROP_AUTOMATIC_MEMORY:
      g_value_set_boolean (value, self->current->automatic_memory);
      break;

    case PROP_LOAN_AMOUNT:
      g_value_set_uint64 (value, lodge_machine_preferences_get_loan_amount (self));
      break;

    case PROP_MEMORY_CEILING:
      g_value_set_uint64 (value, self->current->memory_ceiling);
      break;

    case PROP_MEMORY_DECIDED:
      g_value_set_uint64 (value, self->memory_decided);
      break;

    case PROP_MEMORY_PROBLEM:
      g_value_set_boxed (value, self->memory_problem);
      break;

    case PROP_MEMORY_REASON:
      g_value_set_enum (value, self->memory_reason);
      break;

    case PROP_MEMORY_FLOOR:
      g_value_set_uint64 (value, self->current->memory_floor);
      break;

    case PROP_NOTICE:
      g_value_set_string (value, self->current->notice);
      break;

    case PROP_PRIORITY:
      g_value_set_enum (value, self->current->priority);
      break;

    case PROP_USB_RULES:
      g_value_set_string (value, self->current->usb_rules);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_machine_preferences_class_init (LodgeMachinePreferencesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = lodge_machine_preferences_finalize;
  object_class->get_property = lodge_machine_preferences_get_property;

  properties[PROP_AUTOMATIC_MEMORY] =
    g_param_spec_boolean ("automatic-memory", NULL, NULL,
                          FALSE,
                          (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  properties[PROP_LOAN_AMOUNT] =
    g_param_spec_uint64 ("loan-amount", NULL, NULL,
                         0, G_MAXUINT64, 0,
                         (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  properties[PROP_MEMORY_CEILING] =
    g_param_spec_uint64 ("memory-ceiling", NULL, NULL,
                         0, G_MAXUINT64, 0,
                         (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  properties[PROP_MEMORY_DECIDED] =
    g_param_spec_uint64 ("memory-decided", NULL, NULL,
                         0, G_MAXUINT64, 0,
                         (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  properties[PROP_MEMORY_FLOOR] =
    g_param_spec_uint64 ("memory-floor", NULL, NULL,
                         0, G_MAXUINT64, 0,
                         (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  properties[PROP_MEMORY_PROBLEM] =
    g_param_spec_boxed ("memory-problem", NULL, NULL,
                        G_TYPE_ERROR,
                        (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  properties[PROP_MEMORY_REASON] =
    g_param_spec_enum ("memory-reason", NULL, NULL,
                       LODGE_TYPE_MEMORY_REASON, LODGE_MEMORY_REASON_OFF,
                       (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  properties[PROP_NOTICE] =
    g_param_spec_string ("notice", NULL, NULL,
                         NULL,
                         (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  properties[PROP_PRIORITY] =
    g_param_spec_enum ("priority", NULL, NULL,
                       LODGE_TYPE_PRIORITY, LODGE_PRIORITY_NORMAL,
                       (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  properties[PROP_USB_RULES] =
    g_param_spec_string ("usb-rules", NULL, NULL,
                         NULL,
                         (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
lodge_machine_preferences_init (LodgeMachinePreferences *self)
{
  self->current = g_new0 (LodgePreferences, 1);
  lodge_preferences_init (self->current);
}

LodgeMachinePreferences *
_lodge_machine_preferences_new (LodgeMachine *machine)
{
  LodgeMachinePreferences *self = g_object_new (LODGE_TYPE_MACHINE_PREFERENCES, NULL);

  g_assert (LODGE_IS_MACHINE (machine));

  g_set_weak_pointer (&self->machine, machine);

  return self;
}

/* Takes over a copy of @preferences. */
void
_lodge_machine_preferences_apply (LodgeMachinePreferences *self,
                                  const LodgePreferences  *preferences)
{
  g_autoptr(LodgePreferences) old = self->current;
  gboolean changed[N_PROPS] = { FALSE, };

  g_assert (LODGE_IS_MACHINE_PREFERENCES (self));

  self->current = lodge_preferences_copy (preferences);
  changed[PROP_AUTOMATIC_MEMORY] = old->automatic_memory != preferences->automatic_memory;
  changed[PROP_LOAN_AMOUNT] = g_strcmp0 (old->loan_borrower, preferences->loan_borrower) != 0 ||
                              old->loan_from != preferences->loan_from ||
                              old->loan_amount != preferences->loan_amount;
  changed[PROP_MEMORY_CEILING] = old->memory_ceiling != preferences->memory_ceiling;
  changed[PROP_MEMORY_FLOOR] = old->memory_floor != preferences->memory_floor;
  changed[PROP_NOTICE] = g_strcmp0 (old->notice, preferences->notice) != 0;
  changed[PROP_PRIORITY] = old->priority != preferences->priority;
  changed[PROP_USB_RULES] = g_strcmp0 (old->usb_rules, preferences->usb_rules) != 0;

  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = PROP_0 + 1; i < N_PROPS; i++)
    {
      if (changed[i])
        g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

void
_lodge_machine_preferences_set_decision (LodgeMachinePreferences *self,
                                         LodgeMemoryReason        reason,
                                         guint64                  decided,
                                         const GError            *problem)
{
  g_assert (LODGE_IS_MACHINE_PREFERENCES (self));

  g_object_freeze_notify (G_OBJECT (self));

  if (self->memory_decided != decided)
    {
      self->memory_decided = decided;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MEMORY_DECIDED]);
    }

  if (self->memory_reason != reason)
    {
      self->memory_reason = reason;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MEMORY_REASON]);
    }

  if (self->memory_problem != NULL || problem != NULL)
    {
      g_clear_error (&self->memory_problem);
      self->memory_problem = problem != NULL ? g_error_copy (problem) : NULL;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MEMORY_PROBLEM]);
    }

  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * lodge_machine_preferences_get_machine:
 * @self: preferences
 *
 * Returns: (transfer none) (nullable): whose they are; null once it is gone
 */
LodgeMachine *
lodge_machine_preferences_get_machine (LodgeMachinePreferences *self)
{
  g_return_val_if_fail (LODGE_IS_MACHINE_PREFERENCES (self), NULL);

  return self->machine;
}

gboolean
lodge_machine_preferences_get_automatic_memory (LodgeMachinePreferences *self)
{
  g_return_val_if_fail (LODGE_IS_MACHINE_PREFERENCES (self), FALSE);

  return self->current->automatic_memory;
}

/* In KiB, or 0 if nobody has set it. */
guint64
lodge_machine_preferences_get_memory_floor (LodgeMachinePreferences *self)
{
  g_return_val_if_fail (LODGE_IS_MACHINE_PREFERENCES (self), 0);

  return self->current->memory_floor;
}

/* In KiB, or 0 if nobody has set it. */
guint64
lodge_machine_preferences_get_memory_ceiling (LodgeMachinePreferences *self)
{
  g_return_val_if_fail (LODGE_IS_MACHINE_PREFERENCES (self), 0);

  return self->current->memory_ceiling;
}

/* In KiB, or 0 if it gave nothing. */
guint64
lodge_machine_preferences_get_loan_amount (LodgeMachinePreferences *self)
{
  g_return_val_if_fail (LODGE_IS_MACHINE_PREFERENCES (self), 0);

  return self->current->loan_borrower != NULL ? self->current->loan_amount : 0;
}

const LodgePreferences *
_lodge_machine_preferences_get (LodgeMachinePreferences *self)
{
  g_assert (LODGE_IS_MACHINE_PREFERENCES (self));

  return self->current;
}

LodgePriority
lodge_machine_preferences_get_priority (LodgeMachinePreferences *self)
{
  g_return_val_if_fail (LODGE_IS_MACHINE_PREFERENCES (self), LODGE_PRIORITY_NORMAL);

  return self->current->priority;
}

/**
 * lodge_machine_preferences_get_notice:
 * @self: preferences
 *
 * Returns: (nullable): what is written in the definition and was ignored
 */
const char *
lodge_machine_preferences_get_notice (LodgeMachinePreferences *self)
{
  g_return_val_if_fail (LODGE_IS_MACHINE_PREFERENCES (self), NULL);

  return self->current->notice;
}

LodgeMemoryReason
lodge_machine_preferences_get_memory_reason (LodgeMachinePreferences *self)
{
  g_return_val_if_fail (LODGE_IS_MACHINE_PREFERENCES (self), LODGE_MEMORY_REASON_OFF);

  return self->memory_reason;
}

guint64
lodge_machine_preferences_get_memory_decided (LodgeMachinePreferences *self)
{
  g_return_val_if_fail (LODGE_IS_MACHINE_PREFERENCES (self), 0);

  return self->memory_decided;
}

/**
 * lodge_machine_preferences_get_memory_problem:
 * @self: preferences
 *
 * Returns: (nullable): why the machine's memory could not be moved the last time
 */
const GError *
lodge_machine_preferences_get_memory_problem (LodgeMachinePreferences *self)
{
  g_return_val_if_fail (LODGE_IS_MACHINE_PREFERENCES (self), NULL);

  return self->memory_problem;
}

static void
written_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  LodgeMachine *machine = LODGE_MACHINE (object);
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (LODGE_MACHINE_GET_CLASS (machine)->write_preferences_finish (machine, result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Ends @task when the parts of @preferences that @what names have been written. */
static void
write_preferences (LodgeMachine           *machine,
                   const LodgePreferences *preferences,
                   LodgePreferenceFlags    what,
                   GTask                  *task)
{
  if (machine == NULL)
    g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_GONE, "the machine is gone");
  else
    LODGE_MACHINE_GET_CLASS (machine)->write_preferences_async (machine, preferences, what,
                                                                g_task_get_cancellable (task),
                                                                written_cb, g_object_ref (task));
}

/**
 * lodge_machine_preferences_set_memory_range_async:
 * @self: preferences
 * @automatic: whether the memory is to follow what the guest uses
 * @floor: the least that it is left, in KiB; 0 for the default
 * @ceiling: the most that it is given, in KiB; 0 for the default
 * @cancellable: (nullable): a cancellable
 * @callback: called on the main thread
 * @user_data: data for @callback
 *
 * Writes the range of the automatic memory; it is kept while that is off.
 */
void
lodge_machine_preferences_set_memory_range_async (LodgeMachinePreferences *self,
                                                  gboolean                 automatic,
                                                  guint64                  floor,
                                                  guint64                  ceiling,
                                                  GCancellable            *cancellable,
                                                  GAsyncReadyCallback      callback,
                                                  gpointer                 user_data)
{
  LodgePreferences preferences;
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (LODGE_IS_MACHINE_PREFERENCES (self));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lodge_machine_preferences_set_memory_range_async);

  if ((ceiling != 0 && floor > ceiling) || MAX (floor, ceiling) > G_MAXUINT64 / 1024)
    {
      g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_INVALID,
                               "the least memory must not be more than the most");
      return;
    }

  lodge_preferences_init (&preferences);
  preferences.automatic_memory = automatic;
  preferences.memory_floor = floor;
  preferences.memory_ceiling = ceiling;
  write_preferences (self->machine, &preferences, LODGE_PREFERENCE_MEMORY, task);
}

gboolean
lodge_machine_preferences_set_memory_range_finish (LodgeMachinePreferences  *self,
                                                   GAsyncResult             *result,
                                                   GError                  **error)
{
  g_return_val_if_fail (LODGE_IS_MACHINE_PREFERENCES (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
lodge_machine_preferences_set_priority_async (LodgeMachinePreferences *self,
                                              LodgePriority            priority,
                                              GCancellable            *cancellable,
                                              GAsyncReadyCallback      callback,
                                              gpointer                 user_data)
{
  LodgePreferences preferences;
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (LODGE_IS_MACHINE_PREFERENCES (self));
  g_return_if_fail (priority <= LODGE_PRIORITY_FIRST);
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lodge_machine_preferences_set_priority_async);

  lodge_preferences_init (&preferences);
  preferences.priority = priority;
  write_preferences (self->machine, &preferences, LODGE_PREFERENCE_PRIORITY, task);
}

gboolean
lodge_machine_preferences_set_priority_finish (LodgeMachinePreferences  *self,
                                               GAsyncResult             *result,
                                               GError                  **error)
{
  g_return_val_if_fail (LODGE_IS_MACHINE_PREFERENCES (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* @borrower: (nullable): its id, or null for no loan */
void
_lodge_machine_preferences_set_loan (LodgeMachinePreferences *self,
                                     const char              *borrower,
                                     guint64                  from,
                                     guint64                  amount)
{
  g_auto(LodgePreferences) preferences = { 0, };
  g_autoptr(GTask) task = g_task_new (self, NULL, NULL, NULL);

  g_assert (LODGE_IS_MACHINE_PREFERENCES (self));

  g_task_set_source_tag (task, _lodge_machine_preferences_set_loan);
  preferences.loan_borrower = g_strdup (borrower);
  preferences.loan_from = from;
  preferences.loan_amount = amount;
  write_preferences (self->machine, &preferences, LODGE_PREFERENCE_LOAN, task);
}

/**
 * lodge_machine_get_usb_rules_xml:
 * @machine: a machine
 *
 * Returns: (nullable): the element <usb> of its metadata; LodgeMachinePreferences:usb-rules tells
 *   of changes
 */
const char *
lodge_machine_get_usb_rules_xml (LodgeMachine *machine)
{
  g_return_val_if_fail (LODGE_IS_MACHINE (machine), NULL);

  return lodge_machine_get_preferences (machine)->current->usb_rules;
}

/**
 * lodge_machine_set_usb_rules_xml_async:
 * @machine: a machine
 * @xml: (nullable): an element <usb>, or null for none
 * @cancellable: (nullable): a cancellable
 * @callback: called on the main thread
 * @user_data: data for @callback
 *
 * Writes the rules into the machine's metadata. Fails with
 * %LODGE_ERROR_INVALID for what is no such element.
 */
void
lodge_machine_set_usb_rules_xml_async (LodgeMachine        *machine,
                                       const char          *xml,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data)
{
  g_auto(LodgePreferences) preferences = { 0, };
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (LODGE_IS_MACHINE (machine));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (machine, cancellable, callback, user_data);
  g_task_set_source_tag (task, lodge_machine_set_usb_rules_xml_async);

  preferences.usb_rules = g_strdup (xml);
  write_preferences (machine, &preferences, LODGE_PREFERENCE_USB_RULES, task);
}

gboolean
lodge_machine_set_usb_rules_xml_finish (LodgeMachine  *machine,
                                        GAsyncResult  *result,
                                        GError       **error)
{
  g_return_val_if_fail (LODGE_IS_MACHINE (machine), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, machine), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
