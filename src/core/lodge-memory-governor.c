/* lodge-memory-governor.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-budget.h"
#include "lodge-error.h"
#include "lodge-host.h"
#include "lodge-machine-preferences-private.h"
#include "lodge-machine-resources.h"
#include "lodge-memory-governor.h"
#include "lodge-memory-policy.h"
#include "lodge-statistics.h"
#include "lodge-usage.h"

/**
 * LodgeMemoryGovernor:
 *
 * Moves the memory of machines by what their guests use.
 *
 * It brings the figures to the policy, which decides for all machines of one
 * computer together, and takes the decisions to the machines. While no machine
 * that is to have it automatic runs, it watches nothing and nothing wakes up.
 */

/* After a refusal it is not tried again for so long. */
#define REFUSED_SPAN (30 * G_USEC_PER_SEC)

/* A computer of which several connections tell is not looked at once for each. */
#define LEAST_SPAN   (G_USEC_PER_SEC / 2)

typedef struct
{
  LodgeMemoryGovernor  *governor;
  LodgeBudget          *budget;
  LodgeBudgetWatch     *watch;
  gulong                changed_id;
  guint                 seconds;   /* of the watch */
  gint64                time;      /* of the last decisions */
  gint64                promised;  /* KiB that were given back since the budget was computed */
} Computer;

/* A machine with automatic memory. */
typedef struct
{
  LodgeMemoryGovernor  *governor;
  LodgeMachine         *machine;
  LodgeStatisticsWatch *watch;     /* while it runs, else null */
  LodgeMemoryState      state;
  LodgeMemoryReason     reason;
  guint64               decided;
  gint64                refused_time;
  gboolean              moving;    /* a change of its memory is under way */
} Subject;

struct _LodgeMemoryGovernor
{
  GObject     parent_instance;
  GListModel *hosts;
  GHashTable *lists;       /* LodgeHost to its list of automatic machines */
  GHashTable *subjects;    /* LodgeMachine to Subject */
  GHashTable *computers;   /* LodgeBudget to Computer */
  gboolean    was_busy;
};

enum {
  PROP_0,
  PROP_BUSY,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LodgeMemoryGovernor, lodge_memory_governor, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void update_computers (LodgeMemoryGovernor *self);

static LodgeBudget *
get_budget (Subject *subject)
{
  LodgeHost *host = lodge_machine_get_host (subject->machine);

  return host != NULL ? lodge_host_get_budget (host) : NULL;
}

static void
say (Subject      *subject,
     const GError *problem)
{
  _lodge_machine_preferences_set_decision (lodge_machine_get_preferences (subject->machine),
                                           subject->reason, subject->decided, problem);
}

/* What the host could still give; negative if it is in its reserve. */
static gint64
get_host_free (LodgeBudget *budget)
{
  gint64 free = (gint64)lodge_budget_get_free (budget);

  if (!lodge_budget_is_known (budget))
    return 0;

  return free - (gint64)(lodge_budget_get_reserve (budget) - lodge_budget_get_reserve_left (budget)) -
         (gint64)lodge_budget_get_excess (budget);
}

static void
read_figures (Subject            *subject,
              LodgeMemoryFigures *figures)
{
  LodgeMachinePreferences *preferences = lodge_machine_get_preferences (subject->machine);
  LodgeMachineResources *resources = lodge_machine_get_resources (subject->machine);
  LodgeUsage *usage = lodge_machine_get_usage (subject->machine);

  figures->time = g_get_monotonic_time ();
  figures->priority = lodge_machine_get_priority (subject->machine);
  figures->floor = lodge_machine_preferences_get_memory_floor (preferences);
  figures->ceiling = lodge_machine_preferences_get_memory_ceiling (preferences);
  figures->maximum = lodge_machine_resources_get_memory_live_maximum (resources);
  figures->boot = lodge_machine_resources_get_memory_boot (resources);
  figures->target = lodge_machine_resources_get_memory_asked (resources);
  figures->actual = lodge_usage_get_actual (usage);
  figures->unused = lodge_usage_get_unused (usage);
  figures->usable = lodge_usage_get_usable (usage);
  figures->available = lodge_usage_get_available (usage);
  figures->swapped = lodge_usage_get_swapped (usage);
  figures->major_faults = lodge_usage_get_major_faults (usage);
  figures->last_update = lodge_usage_get_guest_time (usage);
}

static void
moved_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(LodgeMemoryGovernor) self = user_data;
  LodgeMachineResources *resources = LODGE_MACHINE_RESOURCES (object);
  LodgeMachine *machine = lodge_machine_resources_get_machine (resources);
  g_autoptr(GError) error = NULL;
  Subject *subject;
  gboolean done;

  done = lodge_machine_resources_move_memory_finish (resources, result, &error);

  if (machine == NULL || (subject = g_hash_table_lookup (self->subjects, machine)) == NULL)
    return;

  subject->moving = FALSE;
  if (done || g_error_matches (error, LODGE_ERROR, LODGE_ERROR_SUPERSEDED))
    return;

  subject->refused_time = g_get_monotonic_time ();
  say (subject, error);
}

static void
apply_decision (LodgeMemoryGovernor    *self,
                Subject                *subject,
                const LodgeMemoryGuest *guest)
{
  subject->reason = guest->decision.reason;
  subject->decided = guest->decision.target;

  if (guest->decision.target != guest->figures.target)
    {
      subject->moving = TRUE;
      lodge_machine_resources_move_memory_async (lodge_machine_get_resources (subject->machine),
                                                 guest->decision.target, NULL, moved_cb,
                                                 g_object_ref (self));
    }

  say (subject, NULL);
}

/* Whether it makes sense to decide anything about it now. */
static gboolean
is_ready (Subject *subject)
{
  LodgeMachineResources *resources = lodge_machine_get_resources (subject->machine);

  return subject->watch != NULL && !subject->moving &&
         lodge_machine_resources_is_ready (resources) &&
         lodge_machine_resources_get_memory_asked (resources) != 0 &&
         lodge_machine_resources_get_memory_obstacle (resources) == LODGE_OBSTACLE_NONE &&
         (subject->refused_time == 0 ||
          g_get_monotonic_time () - subject->refused_time > REFUSED_SPAN);
}

static void
set_pace (Computer *computer,
          guint     seconds)
{
  g_autoptr(LodgeBudgetWatch) old = NULL;

  if (computer->seconds == seconds)
    return;

  /* The new one first, lest nobody watches in between. */
  computer->seconds = seconds;
  old = g_steal_pointer (&computer->watch);
  computer->watch = lodge_budget_watch (computer->budget, seconds * 1000);
}

static void
decide (Computer *computer)
{
  LodgeMemoryGovernor *self = computer->governor;
  g_autoptr(GPtrArray) ready = g_ptr_array_new ();
  g_autofree LodgeMemoryGuest *guests = NULL;
  gint64 now = g_get_monotonic_time ();
  gboolean tight = FALSE;
  GHashTableIter iter;
  Subject *subject;

  computer->promised = 0;
  if (now - computer->time < LEAST_SPAN)
    return;
  computer->time = now;

  g_hash_table_iter_init (&iter, self->subjects);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&subject))
    {
      if (get_budget (subject) == computer->budget && is_ready (subject))
        g_ptr_array_add (ready, subject);
    }

  guests = g_new0 (LodgeMemoryGuest, MAX (ready->len, 1));
  for (guint i = 0; i < ready->len; i++)
    {
      subject = g_ptr_array_index (ready, i);
      guests[i].state = &subject->state;
      read_figures (subject, &guests[i].figures);
    }

  lodge_memory_policy_decide (guests, ready->len, get_host_free (computer->budget));

  for (guint i = 0; i < ready->len; i++)
    {
      tight |= guests[i].decision.tight;
      apply_decision (self, g_ptr_array_index (ready, i), &guests[i]);
    }

  set_pace (computer, tight ? LODGE_MEMORY_TICK_TIGHT : LODGE_MEMORY_TICK_CALM);
}

static void
budget_changed_cb (LodgeBudget *budget,
                   Computer    *computer)
{
  LodgeMemoryGovernor *self = computer->governor;

  /* This computer may have turned out to be another that is known already. */
  update_computers (self);

  if (g_hash_table_lookup (self->computers, budget) == computer)
    decide (computer);
}

static void
computer_free (gpointer data)
{
  Computer *computer = data;

  g_signal_handler_disconnect (computer->budget, computer->changed_id);
  g_clear_object (&computer->watch);
  g_object_unref (computer->budget);
  g_free (computer);
}

static void
add_computer (LodgeMemoryGovernor *self,
              LodgeBudget         *budget)
{
  Computer *computer = g_new0 (Computer, 1);

  computer->governor = self;
  computer->budget = g_object_ref (budget);
  computer->changed_id = g_signal_connect (budget, "changed", G_CALLBACK (budget_changed_cb),
                                           computer);
  set_pace (computer, LODGE_MEMORY_TICK_CALM);
  g_hash_table_insert (self->computers, budget, computer);
}

/* Watches the budgets of the computers where something is to be done, and no others. */
static void
update_computers (LodgeMemoryGovernor *self)
{
  g_autoptr(GHashTable) needed = g_hash_table_new (NULL, NULL);
  GHashTableIter iter;
  Subject *subject;
  gpointer budget;

  g_hash_table_iter_init (&iter, self->subjects);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&subject))
    {
      if (subject->watch != NULL && (budget = get_budget (subject)) != NULL)
        g_hash_table_add (needed, budget);
    }

  g_hash_table_iter_init (&iter, self->computers);
  while (g_hash_table_iter_next (&iter, &budget, NULL))
    {
      if (!g_hash_table_contains (needed, budget))
        g_hash_table_iter_remove (&iter);
    }

  g_hash_table_iter_init (&iter, needed);
  while (g_hash_table_iter_next (&iter, &budget, NULL))
    {
      if (!g_hash_table_contains (self->computers, budget))
        add_computer (self, budget);
    }

  if (lodge_memory_governor_is_busy (self) != self->was_busy)
    {
      self->was_busy = !self->was_busy;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
    }
}

static void
update_subject (Subject *subject)
{
  LodgeState state = lodge_machine_get_state (subject->machine);
  gboolean runs = lodge_machine_is_reachable (subject->machine) &&
                  (state == LODGE_STATE_RUNNING || state == LODGE_STATE_SHUTTING_DOWN);

  if (runs == (subject->watch != NULL))
    return;

  if (runs)
    {
      /* The first to ask makes it read. */
      lodge_machine_get_resources (subject->machine);
      subject->watch = lodge_machine_watch_usage (subject->machine, LODGE_MEMORY_TICK_CALM * 1000);
      subject->reason = LODGE_MEMORY_REASON_NO_FIGURES;
    }
  else
    {
      g_clear_object (&subject->watch);
      subject->state = (LodgeMemoryState) { 0, };
      subject->reason = LODGE_MEMORY_REASON_OFF;
      subject->refused_time = 0;
    }

  subject->decided = 0;
  say (subject, NULL);
  update_computers (subject->governor);
}

static void
state_changed_cb (LodgeMachine *machine,
                  GParamSpec   *pspec,
                  Subject      *subject)
{
  update_subject (subject);
}

static void
give_back_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  guint *left = g_task_get_task_data (task);

  lodge_machine_resources_move_memory_finish (LODGE_MACHINE_RESOURCES (object), result, NULL);

  if (--*left == 0)
    g_task_return_boolean (task, TRUE);
}

/* Gives a machine what the user said that it has, as far as there is so much. Nobody waits for it if
 * @task is null.
 */
static void
give_back (Subject *subject,
           GTask   *task)
{
  LodgeMachineResources *resources = lodge_machine_get_resources (subject->machine);
  guint64 asked = lodge_machine_resources_get_memory_asked (resources);
  guint64 wanted = MIN (lodge_machine_resources_get_memory_stored (resources),
                        lodge_machine_resources_get_memory_live_maximum (resources));
  LodgeBudget *budget = get_budget (subject);
  Computer *computer = NULL;
  gint64 free = 0;

  if (budget != NULL)
    computer = g_hash_table_lookup (subject->governor->computers, budget);
  if (computer != NULL)
    free = get_host_free (budget) - computer->promised;

  wanted = MIN (wanted, asked + (guint64)MAX (free, 0));
  if (subject->watch == NULL || asked == 0 || wanted <= asked)
    return;

  computer->promised += (gint64)(wanted - asked);
  if (task != NULL)
    ++*(guint *)g_task_get_task_data (task);

  lodge_machine_resources_move_memory_async (resources, wanted,
                                             task != NULL ? g_task_get_cancellable (task) : NULL,
                                             task != NULL ? give_back_cb : NULL,
                                             task != NULL ? g_object_ref (task) : NULL);
}

static void
subject_free (gpointer data)
{
  Subject *subject = data;

  g_signal_handlers_disconnect_by_data (subject->machine, subject);
  g_clear_object (&subject->watch);
  subject->reason = LODGE_MEMORY_REASON_OFF;
  subject->decided = 0;
  say (subject, NULL);
  g_object_unref (subject->machine);
  g_free (subject);
}

static void
add_subject (LodgeMemoryGovernor *self,
             LodgeMachine        *machine)
{
  Subject *subject = g_new0 (Subject, 1);

  subject->governor = self;
  subject->machine = g_object_ref (machine);
  g_hash_table_insert (self->subjects, machine, subject);
  g_signal_connect (machine, "notify::state", G_CALLBACK (state_changed_cb), subject);
  g_signal_connect (machine, "notify::reachable", G_CALLBACK (state_changed_cb), subject);
  update_subject (subject);
}

/* Makes the subjects those that are in the lists of the hosts. */
static void
update_subjects (LodgeMemoryGovernor *self)
{
  g_autoptr(GHashTable) found = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  GHashTableIter iter;
  gpointer list, machine, subject;

  g_hash_table_iter_init (&iter, self->lists);
  while (g_hash_table_iter_next (&iter, NULL, &list))
    {
      for (guint i = 0; i < g_list_model_get_n_items (list); i++)
        g_hash_table_add (found, g_list_model_get_item (list, i));
    }

  g_hash_table_iter_init (&iter, self->subjects);
  while (g_hash_table_iter_next (&iter, &machine, &subject))
    {
      if (g_hash_table_contains (found, machine))
        continue;

      give_back (subject, NULL);
      g_hash_table_iter_remove (&iter);
    }

  g_hash_table_iter_init (&iter, found);
  while (g_hash_table_iter_next (&iter, &machine, NULL))
    {
      if (!g_hash_table_contains (self->subjects, machine))
        add_subject (self, machine);
    }

  update_computers (self);
}

/* Follows the hosts that come and go. */
static void
update_hosts (LodgeMemoryGovernor *self)
{
  g_autoptr(GHashTable) found = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  GHashTableIter iter;
  gpointer host;

  for (guint i = 0; i < g_list_model_get_n_items (self->hosts); i++)
    g_hash_table_add (found, g_list_model_get_item (self->hosts, i));

  g_hash_table_iter_init (&iter, self->lists);
  while (g_hash_table_iter_next (&iter, &host, NULL))
    {
      if (!g_hash_table_contains (found, host))
        g_hash_table_iter_remove (&iter);
    }

  g_hash_table_iter_init (&iter, found);
  while (g_hash_table_iter_next (&iter, &host, NULL))
    {
      GListModel *list;

      if (g_hash_table_contains (self->lists, host))
        continue;

      list = lodge_host_list_automatic (host);
      g_signal_connect_object (list, "items-changed", G_CALLBACK (update_subjects), self,
                               G_CONNECT_SWAPPED);
      g_hash_table_insert (self->lists, g_object_ref (host), list);
    }

  update_subjects (self);
}

static void
stop (LodgeMemoryGovernor *self)
{
  if (self->hosts != NULL)
    g_signal_handlers_disconnect_by_func (self->hosts, update_hosts, self);

  g_clear_object (&self->hosts);
  g_hash_table_remove_all (self->lists);
  g_hash_table_remove_all (self->subjects);
  g_hash_table_remove_all (self->computers);
}

static void
lodge_memory_governor_dispose (GObject *object)
{
  stop ((LodgeMemoryGovernor *)object);

  G_OBJECT_CLASS (lodge_memory_governor_parent_class)->dispose (object);
}

static void
lodge_memory_governor_finalize (GObject *object)
{
  LodgeMemoryGovernor *self = (LodgeMemoryGovernor *)object;

  g_clear_pointer (&self->lists, g_hash_table_unref);
  g_clear_pointer (&self->subjects, g_hash_table_unref);
  g_clear_pointer (&self->computers, g_hash_table_unref);

  G_OBJECT_CLASS (lodge_memory_governor_parent_class)->finalize (object);
}

static void
lodge_memory_governor_get_property (GObject    *object,
                                    guint       prop_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  LodgeMemoryGovernor *self = LODGE_MEMORY_GOVERNOR (object);

  switch (prop_id)
    {
    case PROP_BUSY:
      g_value_set_boolean (value, lodge_memory_governor_is_busy (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_memory_governor_class_init (LodgeMemoryGovernorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lodge_memory_governor_dispose;
  object_class->finalize = lodge_memory_governor_finalize;
  object_class->get_property = lodge_memory_governor_get_property;

  properties[PROP_BUSY] =
    g_param_spec_boolean ("busy", NULL, NULL, FALSE,
                          (G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
lodge_memory_governor_init (LodgeMemoryGovernor *self)
{
  self->lists = g_hash_table_new_full (NULL, NULL, g_object_unref, g_object_unref);
  self->subjects = g_hash_table_new_full (NULL, NULL, NULL, subject_free);
  self->computers = g_hash_table_new_full (NULL, NULL, NULL, computer_free);
}

LodgeMemoryGovernor *
lodge_memory_governor_new (GListModel *hosts)
{
  LodgeMemoryGovernor *self = g_object_new (LODGE_TYPE_MEMORY_GOVERNOR, NULL);

  g_return_val_if_fail (G_IS_LIST_MODEL (hosts), self);

  self->hosts = g_object_ref (hosts);
  g_signal_connect_swapped (hosts, "items-changed", G_CALLBACK (update_hosts), self);
  update_hosts (self);

  return self;
}

gboolean
lodge_memory_governor_is_busy (LodgeMemoryGovernor *self)
{
  g_return_val_if_fail (LODGE_IS_MEMORY_GOVERNOR (self), FALSE);

  return g_hash_table_size (self->computers) > 0;
}

void
lodge_memory_governor_release_async (LodgeMemoryGovernor *self,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  GHashTableIter iter;
  gpointer subject;
  guint *left;

  g_return_if_fail (LODGE_IS_MEMORY_GOVERNOR (self));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lodge_memory_governor_release_async);
  left = g_new0 (guint, 1);
  *left = 1;
  g_task_set_task_data (task, left, g_free);

  g_hash_table_iter_init (&iter, self->subjects);
  while (g_hash_table_iter_next (&iter, NULL, &subject))
    give_back (subject, task);

  stop (self);

  if (--*left == 0)
    g_task_return_boolean (task, TRUE);
}

gboolean
lodge_memory_governor_release_finish (LodgeMemoryGovernor  *self,
                                      GAsyncResult         *result,
                                      GError              **error)
{
  g_return_val_if_fail (LODGE_IS_MEMORY_GOVERNOR (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
