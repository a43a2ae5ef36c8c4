/* lodge-loan.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-budget.h"
#include "lodge-error.h"
#include "lodge-host.h"
#include "lodge-loan-private.h"
#include "lodge-machine-resources-private.h"

/**
 * LodgeLoan:
 *
 * Memory that a guest gave for a start, until it has it back.
 *
 * What is out is told by what the guest is asked to have: whoever gives it
 * memory, gives back.
 */

/* What does not count, in KiB: balloons move whole pages, and some in bunches. */
#define TOLERANCE (G_GUINT64_CONSTANT (4) * 1024)

struct _LodgeLoan
{
  GObject                parent_instance;
  LodgeMachineResources *lender;     /* weak: it owns this */
  LodgeMachine          *borrower;   /* weak */
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
lodge_loan_class_init (LodgeLoanClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lodge_loan_dispose;
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
  guint64 amount = lodge_loan_get_amount (self);

  if (amount > 0)
    self->given = TRUE;
  else if (self->given && self->lender != NULL)
    _lodge_machine_resources_set_loan (self->lender, NULL);
}

void
_lodge_loan_begin (LodgeMachine *lender,
                   LodgeMachine *borrower,
                   guint64       from,
                   guint64       to)
{
  LodgeMachineResources *resources = lodge_machine_get_resources (lender);
  LodgeLoan *before = lodge_machine_resources_get_loan (resources);
  g_autoptr(LodgeLoan) self = g_object_new (LODGE_TYPE_LOAN, NULL);

  g_set_weak_pointer (&self->lender, resources);
  g_set_weak_pointer (&self->borrower, borrower);
  self->from = before != NULL ? MAX (before->from, from) : from;
  self->lent = from - MIN (to, from) + (before != NULL ? before->lent : 0);
  self->given = lodge_loan_get_amount (self) > 0;
  g_signal_connect_object (resources, "notify::memory-asked", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (lender, "notify::state", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  _lodge_machine_resources_set_loan (resources, self);
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
  g_return_val_if_fail (LODGE_IS_LOAN (self), NULL);

  return self->borrower;
}

guint64
lodge_loan_get_amount (LodgeLoan *self)
{
  LodgeMachine *lender;
  guint64 asked;

  g_return_val_if_fail (LODGE_IS_LOAN (self), 0);

  lender = lodge_loan_get_lender (self);
  if (lender == NULL || !lodge_machine_is_active (lender))
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
