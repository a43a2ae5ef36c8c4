/* lodge-start-run.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-budget-private.h"
#include "lodge-core-enums.h"
#include "lodge-error.h"
#include "lodge-loan-private.h"
#include "lodge-machine-private.h"
#include "lodge-machine-resources.h"
#include "lodge-start-run.h"

/**
 * LodgeStartRun:
 *
 * Starts a machine in the way of a proposal.
 *
 * A guest that is asked for memory may take its time, or give nothing, so the
 * budget is watched until the host really has it. Until the machine runs, all
 * can be taken back.
 */

/* How often to look. */
#define LOOK_MILLISECONDS 500

/* A guest that has given nothing for so long will not. */
#define HELD_SECONDS 10

/* A system that starts may take so long until it knows of its balloon. */
#define SETTLE_SECONDS 120

/* What does not count, in KiB: balloons move whole pages, and some in bunches. */
#define TOLERANCE (G_GUINT64_CONSTANT (4) * 1024)

/* A guest that has less memory than before, or will have. */
typedef struct
{
  LodgeMachine *machine;
  char         *key;      /* in the budget */
  guint64       from;     /* KiB */
  guint64       to;
  guint64       share;    /* what it took of the host before */
} Donor;

struct _LodgeStartRun
{
  GObject            parent_instance;
  LodgeProposal     *proposal;
  LodgeBudget       *budget;
  LodgeMachine      *machine;
  GPtrArray         *donors;
  LodgeBudgetWatch  *watch;
  GTask             *task;
  GError            *failure;      /* why what was done is being taken back */
  gulong             changed_id;
  guint              look_id;
  guint              n_moves;      /* calls that have not come back */
  guint64            gained;       /* the most so far */
  gint64             gained_at;
  LodgeStartStage    stage;
  double             fraction;
};

enum {
  PROP_0,
  PROP_FRACTION,
  PROP_STAGE,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LodgeStartRun, lodge_start_run, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void take_back (LodgeStartRun *self,
                       GError        *error);

static void
donor_free (gpointer data)
{
  Donor *donor = data;

  g_object_unref (donor->machine);
  g_free (donor->key);
  g_free (donor);
}

static void
set_stage (LodgeStartRun   *self,
           LodgeStartStage  stage)
{
  if (self->stage == stage)
    return;

  self->stage = stage;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STAGE]);
}

static void
set_fraction (LodgeStartRun *self,
              double         fraction)
{
  fraction = CLAMP (fraction, 0, 1);
  if (self->fraction == fraction)
    return;

  self->fraction = fraction;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRACTION]);
}

static void
stop_looking (LodgeStartRun *self)
{
  g_clear_handle_id (&self->look_id, g_source_remove);
  g_clear_signal_handler (&self->changed_id, self->budget);
  g_clear_object (&self->watch);
}

/* What a guest takes of the host. */
static guint64
get_share (LodgeStartRun *self,
           const char    *key)
{
  LodgeTaker *taker = lodge_budget_find_taker (self->budget, key);
  LodgeCount count;

  if (taker == NULL)
    return 0;

  count = lodge_ledger_count (&self->budget->stock, &taker->claim);

  return count.memory + count.overhead;
}

static void
finish (LodgeStartRun   *self,
        LodgeStartStage  stage,
        GError          *error)
{
  g_autoptr(GTask) task = g_steal_pointer (&self->task);

  stop_looking (self);
  set_stage (self, stage);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/* It runs as it should; who has less for it is known until it has it back. */
static void
succeed (LodgeStartRun *self)
{
  for (guint i = 0; i < self->donors->len; i++)
    {
      Donor *donor = g_ptr_array_index (self->donors, i);

      _lodge_loan_begin (donor->machine, self->machine, donor->from, donor->to);
    }

  finish (self, LODGE_START_STAGE_DONE, NULL);
}

static GError *
held_error (LodgeMachine *machine)
{
  return g_error_new (LODGE_ERROR, LODGE_ERROR_HELD, "%s does not give its memory back",
                      lodge_machine_get_name (machine));
}

/* @gained: of @amount; whether the guests still move, or have had no reason to say otherwise */
static gboolean
makes_progress (LodgeStartRun *self,
                guint64        gained,
                guint64        amount,
                guint          seconds)
{
  gint64 now = g_get_monotonic_time ();

  set_fraction (self, amount > 0 ? (double)MIN (gained, amount) / amount : 1);

  if (gained > self->gained + 1024)
    {
      self->gained = gained;
      self->gained_at = now;
    }

  return now - self->gained_at < seconds * G_USEC_PER_SEC;
}

static void
settle (LodgeStartRun *self)
{
  guint64 wanted = lodge_proposal_get_memory (self->proposal);
  Donor *own = g_ptr_array_index (self->donors, 0);
  LodgeTaker *taker = lodge_budget_find_taker (self->budget, own->key);
  guint64 has = taker != NULL ? taker->claim.given : own->from;
  guint64 amount = own->from - wanted;
  guint64 gained = own->from > has ? own->from - has : 0;
  guint seconds = gained > TOLERANCE ? HELD_SECONDS : SETTLE_SECONDS;
  GError *error = NULL;

  if (g_cancellable_set_error_if_cancelled (g_task_get_cancellable (self->task), &error))
    finish (self, LODGE_START_STAGE_DONE, error);
  else if (!lodge_machine_is_active (self->machine))
    finish (self, LODGE_START_STAGE_DONE, NULL);
  else if (taker != NULL && gained + TOLERANCE >= amount)
    succeed (self);
  else if (!makes_progress (self, gained, amount, seconds))
    finish (self, LODGE_START_STAGE_DONE, held_error (self->machine));
}

static void
started_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(LodgeStartRun) self = user_data;
  GError *error = NULL;

  if (!lodge_machine_perform_finish (LODGE_MACHINE (object), result, &error))
    {
      take_back (self, error);
      return;
    }

  if (lodge_proposal_get_kind (self->proposal) != LODGE_PROPOSAL_LESS)
    {
      succeed (self);
      return;
    }

  self->gained = 0;
  self->gained_at = g_get_monotonic_time ();
  set_fraction (self, 0);
  set_stage (self, LODGE_START_STAGE_SETTLING);
}

static void
start (LodgeStartRun *self)
{
  GCancellable *cancellable = g_task_get_cancellable (self->task);

  set_stage (self, LODGE_START_STAGE_STARTING);

  if (lodge_proposal_get_kind (self->proposal) == LODGE_PROPOSAL_LESS)
    _lodge_machine_start_with_async (self->machine, lodge_proposal_get_memory (self->proposal),
                                     cancellable, started_cb, g_object_ref (self));
  else
    lodge_machine_perform_async (self->machine, LODGE_ACTION_START, cancellable,
                                 started_cb, g_object_ref (self));
}

static Donor *
find_slowest (LodgeStartRun *self)
{
  Donor *slowest = NULL;
  guint64 most = 0;

  for (guint i = 0; i < self->donors->len; i++)
    {
      Donor *donor = g_ptr_array_index (self->donors, i);
      guint64 share = get_share (self, donor->key);
      guint64 due = donor->share - MIN (donor->from - donor->to, donor->share);

      if (slowest == NULL || (share > due && share - due > most))
        {
          slowest = donor;
          most = share > due ? share - due : 0;
        }
    }

  return slowest;
}

/* What the host has gained is what the guests take less than before, whatever libvirt was told. */
static void
free_memory (LodgeStartRun *self)
{
  guint64 amount = 0, gained = 0;
  GError *error = NULL;

  for (guint i = 0; i < self->donors->len; i++)
    {
      Donor *donor = g_ptr_array_index (self->donors, i);
      guint64 share = get_share (self, donor->key);

      amount += donor->from - donor->to;
      gained += donor->share > share ? donor->share - share : 0;
    }

  if (g_cancellable_set_error_if_cancelled (g_task_get_cancellable (self->task), &error))
    take_back (self, error);
  else if (gained + TOLERANCE * self->donors->len >= amount)
    {
      set_fraction (self, 1);
      start (self);
    }
  else if (!makes_progress (self, gained, amount, HELD_SECONDS))
    take_back (self, held_error (find_slowest (self)->machine));
}

static void
look (LodgeStartRun *self)
{
  g_autoptr(LodgeStartRun) kept = g_object_ref (self);

  if (self->stage == LODGE_START_STAGE_FREEING && self->n_moves == 0)
    free_memory (self);
  else if (self->stage == LODGE_START_STAGE_SETTLING)
    settle (self);
}

static gboolean
look_cb (gpointer user_data)
{
  look (user_data);

  return G_SOURCE_CONTINUE;
}

/* The timer is for a host that does not tell anything any more. */
static void
begin_looking (LodgeStartRun *self)
{
  self->watch = lodge_budget_watch (self->budget, LOOK_MILLISECONDS);
  self->changed_id = g_signal_connect_object (self->budget, "changed",
                                              G_CALLBACK (look), self, G_CONNECT_SWAPPED);
  self->look_id = g_timeout_add_seconds (1, look_cb, self);
  self->gained_at = g_get_monotonic_time ();
}

static void
taken_back (LodgeStartRun *self)
{
  if (self->n_moves > 0)
    return;

  g_ptr_array_set_size (self->donors, 0);
  finish (self, LODGE_START_STAGE_FAILED, g_steal_pointer (&self->failure));
}

static void
taken_back_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(LodgeStartRun) self = user_data;
  g_autoptr(GError) error = NULL;

  /* A guest that has ended meanwhile has nothing to get; a user who moves it knows better. */
  if (!lodge_machine_resources_move_memory_finish (LODGE_MACHINE_RESOURCES (object), result, &error))
    g_debug ("Memory not given back: %s", error->message);

  self->n_moves--;
  taken_back (self);
}

/* It did not work because of @error (transfer full). */
static void
take_back (LodgeStartRun *self,
           GError        *error)
{
  gboolean own = lodge_proposal_get_kind (self->proposal) == LODGE_PROPOSAL_LESS;

  stop_looking (self);
  g_clear_error (&self->failure);
  self->failure = error;
  set_stage (self, LODGE_START_STAGE_UNDOING);

  /* Held back until all have been asked. */
  self->n_moves++;
  for (guint i = 0; !own && i < self->donors->len; i++)
    {
      Donor *donor = g_ptr_array_index (self->donors, i);

      self->n_moves++;
      lodge_machine_resources_move_memory_async (lodge_machine_get_resources (donor->machine),
                                                 donor->from, NULL,
                                                 taken_back_cb, g_object_ref (self));
    }

  self->n_moves--;
  taken_back (self);
}

static void
asked_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(LodgeStartRun) self = user_data;
  GError *error = NULL;

  self->n_moves--;
  if (!lodge_machine_resources_move_memory_finish (LODGE_MACHINE_RESOURCES (object), result, &error) &&
      self->failure == NULL)
    self->failure = g_steal_pointer (&error);

  g_clear_error (&error);

  if (self->n_moves > 0)
    return;

  if (self->failure != NULL)
    take_back (self, g_steal_pointer (&self->failure));
  else
    self->gained_at = g_get_monotonic_time ();
}

static void
ask_donors (LodgeStartRun *self)
{
  set_stage (self, LODGE_START_STAGE_FREEING);
  self->n_moves = self->donors->len;

  for (guint i = 0; i < self->donors->len; i++)
    {
      Donor *donor = g_ptr_array_index (self->donors, i);

      donor->share = get_share (self, donor->key);
      lodge_machine_resources_move_memory_async (lodge_machine_get_resources (donor->machine),
                                                 donor->to, g_task_get_cancellable (self->task),
                                                 asked_cb, g_object_ref (self));
    }
}

static void
lodge_start_run_dispose (GObject *object)
{
  LodgeStartRun *self = (LodgeStartRun *)object;

  if (self->budget != NULL)
    stop_looking (self);

  G_OBJECT_CLASS (lodge_start_run_parent_class)->dispose (object);
}

static void
lodge_start_run_finalize (GObject *object)
{
  LodgeStartRun *self = (LodgeStartRun *)object;

  g_clear_pointer (&self->donors, g_ptr_array_unref);
  g_clear_error (&self->failure);
  g_clear_object (&self->budget);
  g_clear_object (&self->machine);
  g_clear_object (&self->proposal);

  G_OBJECT_CLASS (lodge_start_run_parent_class)->finalize (object);
}

static void
lodge_start_run_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  LodgeStartRun *self = LODGE_START_RUN (object);

  switch (prop_id)
    {
    case PROP_FRACTION:
      g_value_set_double (value, self->fraction);
      break;

    case PROP_STAGE:
      g_value_set_enum (value, self->stage);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_start_run_class_init (LodgeStartRunClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lodge_start_run_dispose;
  object_class->finalize = lodge_start_run_finalize;
  object_class->get_property = lodge_start_run_get_property;

  properties[PROP_FRACTION] =
    g_param_spec_double ("fraction", NULL, NULL,
                         0, 1, 0,
                         (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  properties[PROP_STAGE] =
    g_param_spec_enum ("stage", NULL, NULL,
                       LODGE_TYPE_START_STAGE, LODGE_START_STAGE_NONE,
                       (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
lodge_start_run_init (LodgeStartRun *self)
{
  self->donors = g_ptr_array_new_with_free_func (donor_free);
}

static void
add_donor (LodgeStartRun *self,
           LodgeMachine  *machine,
           guint64        from,
           guint64        to)
{
  Donor *donor = g_new0 (Donor, 1);

  donor->machine = g_object_ref (machine);
  donor->key = lodge_budget_dup_key (machine);
  donor->from = from;
  donor->to = to;
  g_ptr_array_add (self->donors, donor);
}

/**
 * lodge_start_run_new:
 * @check: what was found out
 * @proposal: one of its proposals
 *
 * Returns: (transfer full): what can be run once
 */
LodgeStartRun *
lodge_start_run_new (LodgeStartCheck *check,
                     LodgeProposal   *proposal)
{
  LodgeStartRun *self;

  g_return_val_if_fail (LODGE_IS_START_CHECK (check), NULL);
  g_return_val_if_fail (LODGE_IS_PROPOSAL (proposal), NULL);

  self = g_object_new (LODGE_TYPE_START_RUN, NULL);
  self->proposal = g_object_ref (proposal);
  self->budget = g_object_ref (lodge_start_check_get_budget (check));
  self->machine = g_object_ref (lodge_start_check_get_machine (check));

  for (guint i = 0; i < lodge_proposal_get_n_donors (proposal); i++)
    {
      guint64 from, to;
      LodgeMachine *machine = lodge_proposal_get_donor (proposal, i, &from, &to);

      add_donor (self, machine, from, to);
    }

  if (lodge_proposal_get_kind (proposal) == LODGE_PROPOSAL_LESS)
    add_donor (self, self->machine, lodge_machine_get_memory (self->machine),
               lodge_proposal_get_memory (proposal));

  return self;
}

/* Returns: (transfer none) */
LodgeMachine *
lodge_start_run_get_machine (LodgeStartRun *self)
{
  g_return_val_if_fail (LODGE_IS_START_RUN (self), NULL);

  return self->machine;
}

/* Returns: (transfer none) */
LodgeProposal *
lodge_start_run_get_proposal (LodgeStartRun *self)
{
  g_return_val_if_fail (LODGE_IS_START_RUN (self), NULL);

  return self->proposal;
}

LodgeStartStage
lodge_start_run_get_stage (LodgeStartRun *self)
{
  g_return_val_if_fail (LODGE_IS_START_RUN (self), LODGE_START_STAGE_NONE);

  return self->stage;
}

double
lodge_start_run_get_fraction (LodgeStartRun *self)
{
  g_return_val_if_fail (LODGE_IS_START_RUN (self), 0);

  return self->fraction;
}

/**
 * lodge_start_run_run_async:
 * @self: a run that has not begun
 * @cancellable: (nullable): takes everything back, as long as the machine does not run
 * @callback: called on the main thread
 * @user_data: data for @callback
 */
void
lodge_start_run_run_async (LodgeStartRun       *self,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_return_if_fail (LODGE_IS_START_RUN (self));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));
  g_return_if_fail (self->stage == LODGE_START_STAGE_NONE);

  self->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, lodge_start_run_run_async);

  /* That something is over is told at once, and what was cancelled has to be taken back first. */
  g_task_set_check_cancellable (self->task, FALSE);
  begin_looking (self);

  if (lodge_proposal_get_kind (self->proposal) == LODGE_PROPOSAL_FREE)
    ask_donors (self);
  else
    start (self);
}

gboolean
lodge_start_run_run_finish (LodgeStartRun  *self,
                            GAsyncResult   *result,
                            GError        **error)
{
  g_return_val_if_fail (LODGE_IS_START_RUN (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
