/* lodge-start-check.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-budget-private.h"
#include "lodge-donation-private.h"
#include "lodge-host.h"
#include "lodge-machine-preferences.h"
#include "lodge-machine-private.h"
#include "lodge-machine-resources-private.h"
#include "lodge-proposal-private.h"
#include "lodge-start-check.h"

/**
 * LodgeStartCheck:
 *
 * What starting a machine would do to its host, and what can be done about it.
 *
 * The host is asked for fresh figures. Only if it has not enough, the guests
 * that run are asked what they can do without, which takes those a moment that
 * have not told it yet.
 */

/* How long to wait for guests that say nothing. */
#define PATIENCE_SECONDS 4

/* No system starts with less. */
#define LEAST_MEMORY (G_GUINT64_CONSTANT (256) * 1024)

/* Guests that are offered as donors one by one. */
#define MOST_DONORS 4

struct _LodgeStartCheck
{
  GObject            parent_instance;
  LodgeBudget       *budget;
  LodgeMachine      *machine;
  LodgeStartVerdict  verdict;
  guint64            needed;
  guint64            left;
  guint64            reserve;
  guint64            missing;
  guint64            reach;       /* what the machine could have */
  guint64            given;       /* what it is to have */
  GListStore        *proposals;
  GPtrArray         *candidates;  /* machines, while they are asked */
  GTask             *task;        /* while it waits for them */
  guint              patience_id;
};

G_DEFINE_FINAL_TYPE (LodgeStartCheck, lodge_start_check, G_TYPE_OBJECT)

static void
lodge_start_check_dispose (GObject *object)
{
  LodgeStartCheck *self = (LodgeStartCheck *)object;

  g_clear_handle_id (&self->patience_id, g_source_remove);

  G_OBJECT_CLASS (lodge_start_check_parent_class)->dispose (object);
}

static void
lodge_start_check_finalize (GObject *object)
{
  LodgeStartCheck *self = (LodgeStartCheck *)object;

  g_clear_object (&self->budget);
  g_clear_object (&self->machine);
  g_clear_object (&self->proposals);
  g_clear_pointer (&self->candidates, g_ptr_array_unref);

  G_OBJECT_CLASS (lodge_start_check_parent_class)->finalize (object);
}

static void
lodge_start_check_class_init (LodgeStartCheckClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lodge_start_check_dispose;
  object_class->finalize = lodge_start_check_finalize;
}

static void
lodge_start_check_init (LodgeStartCheck *self)
{
  self->proposals = g_list_store_new (LODGE_TYPE_PROPOSAL);
  self->candidates = g_ptr_array_new_with_free_func (g_object_unref);
}

/* Fills in the verdict. */
static void
judge (LodgeStartCheck *self)
{
  g_autofree char *key = lodge_budget_dup_key (self->machine);
  LodgeTaker *taker = lodge_budget_new_taker (self->machine);
  LodgeClaim own = taker->claim;
  LodgeCount count = lodge_ledger_count (&self->budget->stock, &own);
  g_autoptr(GArray) claims = lodge_budget_get_claims (self->budget, key);
  LodgeLedger with;

  lodge_taker_free (taker);
  self->given = own.given;
  self->needed = count.memory + count.overhead;
  self->reserve = self->budget->stock.reserve;
  self->reach = lodge_ledger_reach_memory (&self->budget->stock, (LodgeClaim *)claims->data,
                                           claims->len, &own);

  g_array_append_val (claims, own);
  with = lodge_ledger_compute (&self->budget->stock, (LodgeClaim *)claims->data, claims->len);
  self->left = with.reserve;
  self->missing = with.missing + with.excess;

  if (!lodge_budget_is_known (self->budget))
    self->verdict = LODGE_START_UNKNOWN;
  else if (self->missing == 0 || lodge_budget_find_taker (self->budget, key) != NULL)
    self->verdict = LODGE_START_FITS;
  else
    self->verdict = LODGE_START_RESERVE;
}

static guint64
get_wanted_floor (LodgeMachine *machine)
{
  return lodge_machine_preferences_get_memory_floor (lodge_machine_get_preferences (machine));
}

/* Whether nothing holds the machine's memory where it is, as far as that is known. */
static gboolean
can_shrink (LodgeMachine *machine)
{
  const LodgeDefinition *definition = _lodge_machine_get_definition (machine);
  LodgeMachineResources *resources = lodge_machine_get_resources (machine);
  const LodgeResourceFacts *facts = _lodge_machine_resources_get_facts (resources);
  const LodgeResourceDefinition *stored = facts != NULL ? facts->stored : NULL;

  if (definition == NULL || !definition->has_balloon ||
      lodge_machine_get_state (machine) == LODGE_STATE_SAVED ||
      (g_strcmp0 (definition->type, "kvm") != 0 && g_strcmp0 (definition->type, "qemu") != 0))
    return FALSE;

  return stored == NULL || !(stored->passthrough || stored->locked || stored->huge_pages);
}

static void
propose_less (LodgeStartCheck *self)
{
  guint64 least = MAX (MAX (LEAST_MEMORY, self->given / 4), get_wanted_floor (self->machine));
  guint64 kib = lodge_donation_shrink (self->given, self->reach, least);
  g_autoptr(LodgeProposal) proposal = NULL;

  if (kib == 0 || kib >= self->given || !can_shrink (self->machine))
    return;

  proposal = _lodge_proposal_new (LODGE_PROPOSAL_LESS, kib);
  g_list_store_append (self->proposals, proposal);
}

static LodgeDonor
get_donor (LodgeStartCheck *self,
           LodgeMachine    *machine)
{
  LodgeMachineResources *resources = lodge_machine_get_resources (machine);
  g_autofree char *key = lodge_budget_dup_key (machine);
  LodgeTaker *taker = lodge_budget_find_taker (self->budget, key);
  LodgeDonor donor = { 0, };

  if (taker == NULL || !lodge_machine_resources_is_ready (resources) ||
      lodge_machine_resources_get_memory_obstacle (resources) != LODGE_OBSTACLE_NONE ||
      lodge_machine_resources_get_memory_way_obstacle (resources) != LODGE_OBSTACLE_NONE)
    return donor;

  donor.given = MIN (taker->claim.given, lodge_machine_resources_get_memory_reached (resources));
  donor.floor = MAX (lodge_machine_resources_get_memory_floor (resources),
                     get_wanted_floor (machine));
  donor.step = lodge_machine_resources_get_memory_step (resources);

  return donor;
}

static void
propose_donors (LodgeStartCheck    *self,
                const LodgeDonor   *donors,
                const guint64      *targets)
{
  g_autoptr(LodgeProposal) proposal = _lodge_proposal_new (LODGE_PROPOSAL_FREE, self->missing);

  for (guint i = 0; i < self->candidates->len; i++)
    {
      if (targets[i] != 0)
        _lodge_proposal_add_donor (proposal, g_ptr_array_index (self->candidates, i),
                                   donors[i].given, targets[i]);
    }

  g_list_store_append (self->proposals, proposal);
}

/* Those who can do it alone, the richest first; or several together. */
static void
propose_freeing (LodgeStartCheck *self)
{
  guint n = self->candidates->len;
  g_autofree LodgeDonor *donors = g_new0 (LodgeDonor, n + 1);
  g_autofree guint64 *targets = g_new0 (guint64, n + 1);
  g_autofree gboolean *proposed = g_new0 (gboolean, n + 1);
  guint n_proposed = 0;

  for (guint i = 0; i < n; i++)
    donors[i] = get_donor (self, g_ptr_array_index (self->candidates, i));

  while (n_proposed < MOST_DONORS)
    {
      int best = -1;

      for (guint i = 0; i < n; i++)
        {
          guint64 most = lodge_donation_get_most (&donors[i]);

          if (!proposed[i] && most >= self->missing &&
              (best < 0 || most > lodge_donation_get_most (&donors[best])))
            best = i;
        }

      if (best < 0)
        break;

      proposed[best] = TRUE;
      n_proposed++;
      targets[best] = lodge_donation_get_target (&donors[best], self->missing);
      propose_donors (self, donors, targets);
      targets[best] = 0;
    }

  if (n_proposed == 0 && lodge_donation_divide (donors, n, self->missing, targets))
    propose_donors (self, donors, targets);
}

static void
conclude (LodgeStartCheck *self)
{
  g_autoptr(GTask) task = g_steal_pointer (&self->task);
  g_autoptr(LodgeProposal) anyway = NULL;

  g_clear_handle_id (&self->patience_id, g_source_remove);

  for (guint i = 0; i < self->candidates->len; i++)
    g_signal_handlers_disconnect_by_data (
      lodge_machine_get_resources (g_ptr_array_index (self->candidates, i)), self);

  /* The guests were asked for some seconds. */
  judge (self);

  if (self->verdict == LODGE_START_RESERVE)
    {
      propose_less (self);
      propose_freeing (self);
      anyway = _lodge_proposal_new (LODGE_PROPOSAL_ANYWAY, self->given);
      g_list_store_append (self->proposals, anyway);
    }

  g_ptr_array_set_size (self->candidates, 0);
  g_task_return_pointer (task, g_object_ref (self), g_object_unref);
}

static gboolean
has_told (LodgeMachine *machine)
{
  LodgeMachineResources *resources = lodge_machine_get_resources (machine);

  return lodge_machine_resources_is_ready (resources) &&
         (lodge_machine_resources_get_memory_floor_source (resources) == LODGE_FLOOR_GUEST ||
          lodge_machine_resources_get_memory_obstacle (resources) != LODGE_OBSTACLE_NONE);
}

static void
look_whether_all_told (LodgeStartCheck *self)
{
  if (self->task == NULL)
    return;

  for (guint i = 0; i < self->candidates->len; i++)
    {
      if (!has_told (g_ptr_array_index (self->candidates, i)))
        return;
    }

  conclude (self);
}

static gboolean
patience_over_cb (gpointer user_data)
{
  LodgeStartCheck *self = user_data;

  self->patience_id = 0;
  conclude (self);

  return G_SOURCE_REMOVE;
}

/* A guest that stands still cannot give anything. */
static void
find_candidates (LodgeStartCheck *self)
{
  for (guint i = 0; i < self->budget->takers->len; i++)
    {
      LodgeTaker *taker = g_ptr_array_index (self->budget->takers, i);

      if (taker->machine != NULL && taker->machine != self->machine &&
          taker->claim.kind == LODGE_SHARE_MACHINE &&
          lodge_machine_is_reachable (taker->machine) &&
          lodge_machine_get_state (taker->machine) == LODGE_STATE_RUNNING)
        g_ptr_array_add (self->candidates, g_object_ref (taker->machine));
    }
}

static void
ask_guests (LodgeStartCheck *self,
            GTask           *task)
{
  self->task = g_object_ref (task);
  self->patience_id = g_timeout_add_seconds (PATIENCE_SECONDS, patience_over_cb, self);
  find_candidates (self);

  /* That of the machine itself tells what holds its memory. */
  lodge_machine_get_resources (self->machine);

  for (guint i = 0; i < self->candidates->len; i++)
    {
      LodgeMachineResources *resources =
        lodge_machine_get_resources (g_ptr_array_index (self->candidates, i));

      g_signal_connect_object (resources, "notify",
                               G_CALLBACK (look_whether_all_told), self, G_CONNECT_SWAPPED);
      lodge_machine_resources_refresh (resources);
    }

  look_whether_all_told (self);
}

static void
refreshed_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  LodgeStartCheck *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (!lodge_budget_refresh_finish (LODGE_BUDGET (object), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  judge (self);

  if (self->verdict != LODGE_START_RESERVE)
    g_task_return_pointer (task, g_object_ref (self), g_object_unref);
  else
    ask_guests (self, task);
}

/**
 * lodge_budget_check_start_async:
 * @budget: the budget of the host of @machine
 * @machine: a machine to be started
 * @cancellable: (nullable): a cancellable
 * @callback: called on the main thread
 * @user_data: data for @callback
 */
void
lodge_budget_check_start_async (LodgeBudget         *budget,
                                LodgeMachine        *machine,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  LodgeStartCheck *self;
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (LODGE_IS_BUDGET (budget));
  g_return_if_fail (LODGE_IS_MACHINE (machine));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  self = g_object_new (LODGE_TYPE_START_CHECK, NULL);
  self->budget = g_object_ref (budget);
  self->machine = g_object_ref (machine);

  task = g_task_new (budget, cancellable, callback, user_data);
  g_task_set_source_tag (task, lodge_budget_check_start_async);
  g_task_set_task_data (task, self, g_object_unref);
  lodge_budget_refresh_async (budget, cancellable, refreshed_cb, g_steal_pointer (&task));
}

LodgeStartCheck *
lodge_budget_check_start_finish (LodgeBudget   *budget,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  g_return_val_if_fail (LODGE_IS_BUDGET (budget), NULL);
  g_return_val_if_fail (g_task_is_valid (result, budget), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Returns: (transfer none) */
LodgeMachine *
lodge_start_check_get_machine (LodgeStartCheck *self)
{
  g_return_val_if_fail (LODGE_IS_START_CHECK (self), NULL);

  return self->machine;
}

/* Returns: (transfer none) */
LodgeBudget *
lodge_start_check_get_budget (LodgeStartCheck *self)
{
  g_return_val_if_fail (LODGE_IS_START_CHECK (self), NULL);

  return self->budget;
}

LodgeStartVerdict
lodge_start_check_get_verdict (LodgeStartCheck *self)
{
  g_return_val_if_fail (LODGE_IS_START_CHECK (self), LODGE_START_UNKNOWN);

  return self->verdict;
}

guint64
lodge_start_check_get_needed (LodgeStartCheck *self)
{
  g_return_val_if_fail (LODGE_IS_START_CHECK (self), 0);

  return self->needed;
}

guint64
lodge_start_check_get_left (LodgeStartCheck *self)
{
  g_return_val_if_fail (LODGE_IS_START_CHECK (self), 0);

  return self->left;
}

guint64
lodge_start_check_get_reserve (LodgeStartCheck *self)
{
  g_return_val_if_fail (LODGE_IS_START_CHECK (self), 0);

  return self->reserve;
}

guint64
lodge_start_check_get_missing (LodgeStartCheck *self)
{
  g_return_val_if_fail (LODGE_IS_START_CHECK (self), 0);

  return self->missing;
}

GListModel *
lodge_start_check_get_proposals (LodgeStartCheck *self)
{
  g_return_val_if_fail (LODGE_IS_START_CHECK (self), NULL);

  return G_LIST_MODEL (self->proposals);
}
