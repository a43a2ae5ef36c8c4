/* lodge-loan.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-budget.h"
#include "lodge-error.h"
#include "lodge-host.h"
#include "lodge-loan-private.h"
#include "lodge-machine-preferences-private.h"
#include "lodge-machine-resources-private.h"

/**
 * LodgeLoan:
 *
 * Memory that a guest gave for a start, until it has it back.
 *
 * What is out is told by what the guest is asked to have: whoever gives it
 * memory, gives back. It is written into the guest's metadata for as long as
 * the guest runs, and so outlives this program.
 */

/* What does not count, in KiB: balloons move whole pages, and some in bunches. */
#define TOLERANCE (G_GUINT64_CONSTANT (4) * 1024)

struct _LodgeLoan
{
  GObject                parent_instance;
  LodgeMachineResources *lender;     /* weak: it owns this */
  LodgeMachine          *borrower;   /* weak; null before somebody asked for it */
  char                  *borrower_id;
  guint64                from;       /* KiB */
  guint64                lent;
  gboolean               limited;    /* the host has not enough to give all back */
  gboolean               given;      /* the guest is known to have less */
};

G_DEFINE_FINAL_TYPE (LodgeLoan, lodge_loan, G_TYPE_OBJECT)

static void
lodge_loan_dispose (GObject *object)
{
  LodgeLoan *self = (LodgeLoan *)object;

  g_clear_weak_pointer (&self->lender);
  g_clear_weak_pointer (&self->borrower);

  G_OBJECT_CLASS (lodge_loan_parent_class)->dispose (object);
}

static void
lodge_loan_finalize (GObject *object)
{
  LodgeLoan *self = (LodgeLoan *)object;

  g_clear_pointer (&self->borrower_id, g_free);

  G_OBJECT_CLASS (lodge_loan_parent_class)->finalize (object);
}

static void
lodge_loan_class_init (LodgeLoanClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lodge_loan_dispose;
  object_class->finalize = lodge_loan_finalize;
}

static void
lodge_loan_init (LodgeLoan *self)
{
}

/* A guest that has just been started with less is not known to have less before it has. */
static void
changed_cb (LodgeLoan *loan)
{
  g_autoptr(LodgeLoan) self = g_object_ref (loan);
  LodgeMachine *lender = lodge_loan_get_lender (self);

  if (lender == NULL || !lodge_machine_is_reachable (lender) ||
      !lodge_machine_resources_is_ready (self->lender))
    return;

  if (lodge_loan_get_amount (self) > 0)
    self->given = TRUE;
  else if (self->given)
    {
      _lodge_machine_resources_set_loan (self->lender, NULL);
      _lodge_machine_preferences_set_loan (lodge_machine_get_preferences (lender), NULL, 0, 0);
    }
}

static LodgeLoan *
loan_new (LodgeMachineResources *lender,
          LodgeMachine          *machine,
          const char            *borrower,
          guint64                from,
          guint64                lent)
{
  LodgeLoan *self = g_object_new (LODGE_TYPE_LOAN, NULL);

  g_set_weak_pointer (&self->lender, lender);
  self->borrower_id = g_strdup (borrower);
  self->from = from;
  self->lent = lent;
  g_signal_connect_object (lender, "notify::memory-asked", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (lender, "notify::ready", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (machine, "notify::state", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);

  return self;
}

void
_lodge_loan_begin (LodgeMachine *lender,
                   LodgeMachine *borrower,
                   guint64       from,
                   guint64       to)
{
  LodgeMachineResources *resources = lodge_machine_get_resources (lender);
  LodgeLoan *before = lodge_machine_resources_get_loan (resources);
  guint64 lent = from - MIN (to, from) + (before != NULL ? before->lent : 0);
  g_autoptr(LodgeLoan) self = NULL;

  from = before != NULL ? MAX (before->from, from) : from;
  self = loan_new (resources, lender, lodge_machine_get_id (borrower), from, MIN (lent, from));
  g_set_weak_pointer (&self->borrower, borrower);
  self->given = lodge_loan_get_amount (self) > 0;
  _lodge_machine_resources_set_loan (resources, self);
  _lodge_machine_preferences_set_loan (lodge_machine_get_preferences (lender), self->borrower_id,
                                       self->from, self->lent);
}

/* It was written down, by this program at another time or by another one. */
static void
written_cb (LodgeMachineResources   *lender,
            GParamSpec              *pspec,
            LodgeMachinePreferences *preferences)
{
  const LodgePreferences *written = _lodge_machine_preferences_get (preferences);
  LodgeLoan *known = lodge_machine_resources_get_loan (lender);
  g_autoptr(LodgeLoan) self = NULL;

  if (known != NULL && g_strcmp0 (known->borrower_id, written->loan_borrower) == 0 &&
      known->from == written->loan_from && known->lent == written->loan_amount)
    return;

  if (written->loan_borrower != NULL)
    {
      self = loan_new (lender, lodge_machine_preferences_get_machine (preferences), written->loan_borrower,
                       written->loan_from, written->loan_amount);
      self->given = TRUE;
    }

  _lodge_machine_resources_set_loan (lender, self);

  /* It may be over since. */
  if (self != NULL)
    changed_cb (self);
}

void
_lodge_loan_follow (LodgeMachineResources *lender,
                    LodgeMachine          *machine)
{
  LodgeMachinePreferences *preferences = lodge_machine_get_preferences (machine);

  g_signal_connect_object (preferences, "notify::loan-amount", G_CALLBACK (written_cb), lender, G_CONNECT_SWAPPED);
  if (lodge_machine_preferences_get_loan_amount (preferences) > 0)
    written_cb (lender, NULL, preferences);
}

LodgeMachine *
lodge_loan_get_lender (LodgeLoan *self)
{
  g_return_val_if_fail (LODGE_IS_LOAN (self), NULL);

  return self->lender != NULL ? lodge_machine_resources_get_machine (self->lender) : NULL;
}

LodgeMachine *
lodge_loan_get_borrower (LodgeLoan *self)
{
  LodgeMachine *lender;

  g_return_val_if_fail (LODGE_IS_LOAN (self), NULL);

  /* Its host may have told of it later than of the lender. */
  if (self->borrower == NULL && (lender = lodge_loan_get_lender (self)) != NULL &&
      lodge_machine_get_host (lender) != NULL)
    {
      g_autoptr(LodgeMachine) found = lodge_host_dup_machine (lodge_machine_get_host (lender), self->borrower_id);

      g_set_weak_pointer (&self->borrower, found);
    }

  return self->borrower;
}

guint64
lodge_loan_get_amount (LodgeLoan *self)
{
  LodgeMachine *lender;
  guint64 asked;

  g_return_val_if_fail (LODGE_IS_LOAN (self), 0);

  lender = lodge_loan_get_lender (self);
  if (lender == NULL || !lodge_machine_is_active (lender) || !lodge_machine_resources_is_ready (self->lender))
    return 0;

  asked = lodge_machine_resources_get_memory_asked (self->lender);

  /* Who takes more of it has other reasons. */
  return self->from > asked + TOLERANCE ? MIN (self->from - asked, self->lent) : 0;
}

static void
moved_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  LodgeLoan *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!lodge_machine_resources_move_memory_finish (LODGE_MACHINE_RESOURCES (object), result, &error))
    g_task_return_error (task, error);
  else if (self->limited)
    g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_MEMORY,
                             "the host has not enough free memory to give all back");
  else
    g_task_return_boolean (task, TRUE);
}

static void
refreshed_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  LodgeLoan *self = g_task_get_source_object (task);
  guint64 amount = lodge_loan_get_amount (self);
  GError *error = NULL;
  guint64 more;

  if (!lodge_budget_refresh_finish (LODGE_BUDGET (object), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  more = MIN (amount, lodge_budget_get_free (LODGE_BUDGET (object)));
  self->limited = more < amount;

  if (amount == 0)
    g_task_return_boolean (task, TRUE);
  else if (more < TOLERANCE)
    g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_MEMORY,
                             "the host has no free memory to give back");
  else
    lodge_machine_resources_move_memory_async (self->lender,
                                               lodge_machine_resources_get_memory_asked (self->lender) + more,
                                               g_task_get_cancellable (task), moved_cb, g_object_ref (task));
}

/**
 * lodge_loan_give_back_async:
 * @self: a loan
 * @cancellable: (nullable): a cancellable
 * @callback: called on the main thread
 * @user_data: data for @callback
 */
void
lodge_loan_give_back_async (LodgeLoan           *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  LodgeMachine *lender;

  g_return_if_fail (LODGE_IS_LOAN (self));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lodge_loan_give_back_async);

  /* Nobody is there to get it. */
  if ((lender = lodge_loan_get_lender (self)) == NULL)
    g_task_return_boolean (task, TRUE);
  else
    lodge_budget_refresh_async (lodge_host_get_budget (lodge_machine_get_host (lender)), cancellable,
                                refreshed_cb, g_object_ref (task));
}

gboolean
lodge_loan_give_back_finish (LodgeLoan     *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (LODGE_IS_LOAN (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
