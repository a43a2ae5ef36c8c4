/* lodge-start-failures.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-start-failures.h"

/**
 * LodgeStartFailures:
 *
 * A start may be asked for in the sidebar, on the page or on the command line; whoever shows the
 * machine shows why it failed.
 */

struct _LodgeStartFailures
{
  GObject     parent_instance;

  /* id of the machine → GError */
  GHashTable *errors;
};

enum {
  CHANGED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (LodgeStartFailures, lodge_start_failures, G_TYPE_OBJECT)

static guint signals[N_SIGNALS];

static void
lodge_start_failures_finalize (GObject *object)
{
  LodgeStartFailures *self = (LodgeStartFailures *)object;

  g_clear_pointer (&self->errors, g_hash_table_unref);

  G_OBJECT_CLASS (lodge_start_failures_parent_class)->finalize (object);
}

static void
lodge_start_failures_class_init (LodgeStartFailuresClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = lodge_start_failures_finalize;

  signals[CHANGED] =
    g_signal_new ("changed",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, LODGE_TYPE_MACHINE);
}

static void
lodge_start_failures_init (LodgeStartFailures *self)
{
  self->errors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify)g_error_free);
}

/**
 * lodge_start_failures_get_default:
 *
 * Returns: (transfer none): the one of the program
 */
LodgeStartFailures *
lodge_start_failures_get_default (void)
{
  static LodgeStartFailures *failures;

  if (failures == NULL)
    failures = g_object_new (LODGE_TYPE_START_FAILURES, NULL);

  return failures;
}

/**
 * lodge_start_failures_get:
 *
 * Returns: (transfer none) (nullable): why @machine did not start the last time
 */
const GError *
lodge_start_failures_get (LodgeStartFailures *self,
                          LodgeMachine       *machine)
{
  g_return_val_if_fail (LODGE_IS_START_FAILURES (self), NULL);
  g_return_val_if_fail (LODGE_IS_MACHINE (machine), NULL);

  return g_hash_table_lookup (self->errors, lodge_machine_get_id (machine));
}

/**
 * lodge_start_failures_set:
 * @error: (nullable): why it did not start, or %NULL to forget
 *
 * Remembers the failure for those who show @machine.
 */
void
lodge_start_failures_set (LodgeStartFailures *self,
                          LodgeMachine       *machine,
                          const GError       *error)
{
  g_return_if_fail (LODGE_IS_START_FAILURES (self));
  g_return_if_fail (LODGE_IS_MACHINE (machine));

  if (error != NULL)
    g_hash_table_insert (self->errors, g_strdup (lodge_machine_get_id (machine)),
                         g_error_copy (error));
  else if (!g_hash_table_remove (self->errors, lodge_machine_get_id (machine)))
    return;

  g_signal_emit (self, signals[CHANGED], 0, machine);
}
