/* lodge-statistics.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-balloon-watch-private.h"
#include "lodge-error.h"
#include "lodge-host-private.h"
#include "lodge-machine-private.h"
#include "lodge-statistics-private.h"

/**
 * LodgeStatistics:
 *
 * Samples the figures of a host and its machines while somebody looks.
 *
 * A sample begins only when the one before has come back. So a daemon that
 * hangs holds one thread and no more, and what it is late with is left out.
 */

struct _LodgeStatistics
{
  GObject       parent_instance;
  LodgeHost    *host;        /* weak */
  GPtrArray    *watches;     /* of LodgeStatisticsWatch, borrowed: each takes itself out */
  GPtrArray    *waiters;     /* tasks that end with the next sample */
  GPtrArray    *asking;      /* tasks that end with the one under way */
  LodgeSample  *sample;
  double        load;
  guint         interval;
  guint         tick_id;
  gboolean      busy;        /* a sample is under way */
  gboolean      identified;  /* which computer it is has been asked through this connection */
};

struct _LodgeStatisticsWatch
{
  GObject          parent_instance;
  LodgeStatistics *statistics;
  LodgeMachine    *machine;   /* (nullable): one whose balloon is to tell */
  guint            interval;
};

enum {
  PROP_0,
  PROP_CORES,
  PROP_INTERVAL,
  PROP_LOAD,
  PROP_MEMORY_FREE,
  PROP_MEMORY_TOTAL,
  PROP_WATCHED,
  N_PROPS
};

enum {
  SAMPLED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (LodgeStatistics, lodge_statistics, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE (LodgeStatisticsWatch, lodge_statistics_watch, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void begin_sample (LodgeStatistics *self);

LodgeSample *
lodge_sample_new (void)
{
  LodgeSample *sample = g_new0 (LodgeSample, 1);

  sample->machines = g_ptr_array_new_with_free_func ((GDestroyNotify)lodge_figures_free);

  return sample;
}

void
lodge_sample_free (LodgeSample *sample)
{
  g_ptr_array_unref (sample->machines);
  g_free (sample->node_name);
  g_free (sample->node_id);
  g_free (sample);
}

static void
notify (LodgeStatistics *self,
        guint            prop_id)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

static gboolean
is_open (LodgeStatistics *self)
{
  return self->host != NULL && lodge_host_get_state (self->host) == LODGE_HOST_STATE_OPEN;
}

static gboolean
tick_cb (gpointer user_data)
{
  LodgeStatistics *self = user_data;

  if (!self->busy)
    begin_sample (self);

  return G_SOURCE_CONTINUE;
}

static void
update_timer (LodgeStatistics *self)
{
  guint shortest = 0;

  for (guint i = 0; i < self->watches->len; i++)
    {
      LodgeStatisticsWatch *watch = g_ptr_array_index (self->watches, i);

      shortest = shortest == 0 ? watch->interval : MIN (shortest, watch->interval);
    }

  if (shortest != self->interval || (!is_open (self) && self->tick_id != 0))
    g_clear_handle_id (&self->tick_id, g_source_remove);

  if (shortest != 0 && self->tick_id == 0 && is_open (self))
    {
      /* Whole seconds come together with other timers. */
      if (shortest % 1000 == 0)
        self->tick_id = g_timeout_add_seconds (shortest / 1000, tick_cb, self);
      else
        self->tick_id = g_timeout_add (shortest, tick_cb, self);
    }

  if (shortest == self->interval)
    return;

  if ((shortest == 0) != (self->interval == 0))
    {
      self->interval = shortest;
      notify (self, PROP_WATCHED);
    }
  self->interval = shortest;
  notify (self, PROP_INTERVAL);
}

/* Whether somebody wants the guest's own figures. */
static gboolean
is_wanted (LodgeStatistics *self,
           LodgeMachine    *machine)
{
  for (guint i = 0; i < self->watches->len; i++)
    {
      LodgeStatisticsWatch *watch = g_ptr_array_index (self->watches, i);

      if (watch->machine == machine)
        return TRUE;
    }

  return FALSE;
}

/* The number of the run that @machine is in, or 0. */
static int
find_run (LodgeStatistics *self,
          LodgeMachine    *machine)
{
  const char *id = lodge_machine_get_id (machine);

  for (guint i = 0; self->sample != NULL && i < self->sample->machines->len; i++)
    {
      LodgeFigures *figures = g_ptr_array_index (self->sample->machines, i);

      if (g_str_equal (figures->id, id))
        return figures->run;
    }

  return 0;
}

static void
update_balloon (LodgeStatistics *self,
                LodgeMachine    *machine)
{
  _lodge_balloon_watch_update (machine, is_wanted (self, machine), find_run (self, machine));
}

/* Cores that were busy between two samples. */
static double
count_load (const LodgeSample *before,
            const LodgeSample *now)
{
  guint64 busy, all;

  if (before == NULL || now->cores == 0 || now->cpu_busy < before->cpu_busy ||
      now->cpu_idle < before->cpu_idle)
    return -1;

  busy = now->cpu_busy - before->cpu_busy;
  all = busy + now->cpu_idle - before->cpu_idle;

  return all == 0 ? -1 : (double)busy / all * now->cores;
}

static void
apply_machines (LodgeStatistics *self,
                LodgeSample     *sample,
                LodgeSample     *before)
{
  LodgeMachineStore *store = _lodge_host_get_store (self->host);
  g_autoptr(GHashTable) ended = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer id;

  for (guint i = 0; before != NULL && i < before->machines->len; i++)
    g_hash_table_add (ended, ((LodgeFigures *)g_ptr_array_index (before->machines, i))->id);

  for (guint i = 0; i < sample->machines->len; i++)
    {
      LodgeFigures *figures = g_ptr_array_index (sample->machines, i);
      LodgeMachine *machine = lodge_machine_store_lookup (store, figures->id);

      g_hash_table_remove (ended, figures->id);
      if (machine != NULL)
        _lodge_usage_apply (lodge_machine_get_usage (machine), figures, sample->time);
    }

  g_hash_table_iter_init (&iter, ended);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      LodgeMachine *machine = lodge_machine_store_lookup (store, id);

      if (machine != NULL)
        _lodge_usage_clear (lodge_machine_get_usage (machine));
    }
}

static void
apply_sample (LodgeStatistics *self,
              LodgeSample     *sample)
{
  g_autoptr(LodgeSample) before = g_steal_pointer (&self->sample);

  if (sample->node_name == NULL && before != NULL)
    {
      sample->node_name = g_steal_pointer (&before->node_name);
      sample->node_id = g_steal_pointer (&before->node_id);
    }

  self->identified = TRUE;
  self->load = count_load (before, sample);
  self->sample = sample;

  g_object_freeze_notify (G_OBJECT (self));
  if (before == NULL || before->memory_total != sample->memory_total)
    notify (self, PROP_MEMORY_TOTAL);
  if (before == NULL || before->memory_free != sample->memory_free)
    notify (self, PROP_MEMORY_FREE);
  if (before == NULL || before->cores != sample->cores)
    notify (self, PROP_CORES);
  notify (self, PROP_LOAD);

  apply_machines (self, sample, before);
  g_object_thaw_notify (G_OBJECT (self));
  g_signal_emit (self, signals[SAMPLED], 0);
}

static void
sample_done_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(LodgeStatistics) self = user_data;
  g_autoptr(GPtrArray) asking = g_steal_pointer (&self->asking);
  g_autoptr(GError) error = NULL;
  LodgeSample *sample;

  sample = _lodge_host_read_sample_finish (LODGE_HOST (object), result, &error);
  self->busy = FALSE;

  if (sample != NULL)
    {
      apply_sample (self, sample);

      for (guint i = 0; i < self->watches->len; i++)
        {
          LodgeStatisticsWatch *watch = g_ptr_array_index (self->watches, i);

          if (watch->machine != NULL)
            update_balloon (self, watch->machine);
        }
    }

  for (guint i = 0; i < asking->len; i++)
    {
      GTask *task = g_ptr_array_index (asking, i);

      if (error != NULL)
        g_task_return_error (task, g_error_copy (error));
      else
        g_task_return_boolean (task, TRUE);
    }

  /* Who asked while it was under way wants fresher figures. */
  if (self->waiters->len > 0 && !self->busy)
    begin_sample (self);
}

static void
begin_sample (LodgeStatistics *self)
{
  self->busy = TRUE;
  self->asking = g_steal_pointer (&self->waiters);
  self->waiters = g_ptr_array_new_with_free_func (g_object_unref);

  _lodge_host_read_sample_async (self->host, !self->identified, NULL, sample_done_cb, g_object_ref (self));
}

static void
lodge_statistics_dispose (GObject *object)
{
  LodgeStatistics *self = (LodgeStatistics *)object;

  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_weak_pointer (&self->host);

  G_OBJECT_CLASS (lodge_statistics_parent_class)->dispose (object);
}

static void
lodge_statistics_finalize (GObject *object)
{
  LodgeStatistics *self = (LodgeStatistics *)object;

  g_clear_pointer (&self->sample, lodge_sample_free);
  g_clear_pointer (&self->watches, g_ptr_array_unref);
  g_clear_pointer (&self->waiters, g_ptr_array_unref);
  g_clear_pointer (&self->asking, g_ptr_array_unref);

  G_OBJECT_CLASS (lodge_statistics_parent_class)->finalize (object);
}

static void
lodge_statistics_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  LodgeStatistics *self = LODGE_STATISTICS (object);

  switch (prop_id)
    {
    case PROP_CORES:
      g_value_set_uint (value, lodge_statistics_get_cores (self));
      break;

    case PROP_INTERVAL:
      g_value_set_uint (value, self->interval);
      break;

    case PROP_LOAD:
      g_value_set_double (value, self->load);
      break;

    case PROP_MEMORY_FREE:
      g_value_set_uint64 (value, lodge_statistics_get_memory_free (self));
      break;

    case PROP_MEMORY_TOTAL:
      g_value_set_uint64 (value, lodge_statistics_get_memory_total (self));
      break;

    case PROP_WATCHED:
      g_value_set_boolean (value, self->interval != 0);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_statistics_class_init (LodgeStatisticsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = lodge_statistics_dispose;
  object_class->finalize = lodge_statistics_finalize;
  object_class->get_property = lodge_statistics_get_property;

  properties[PROP_CORES] = g_param_spec_uint ("cores", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_INTERVAL] = g_param_spec_uint ("interval", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_LOAD] = g_param_spec_double ("load", NULL, NULL, -1, G_MAXDOUBLE, -1, flags);
  properties[PROP_MEMORY_FREE] =
    g_param_spec_uint64 ("memory-free", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_MEMORY_TOTAL] =
    g_param_spec_uint64 ("memory-total", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_WATCHED] = g_param_spec_boolean ("watched", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * LodgeStatistics::sampled:
   *
   * Another sample was taken.
   */
  signals[SAMPLED] =
    g_signal_new ("sampled",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
lodge_statistics_init (LodgeStatistics *self)
{
  self->watches = g_ptr_array_new ();
  self->waiters = g_ptr_array_new_with_free_func (g_object_unref);
  self->load = -1;
}

static void
lodge_statistics_watch_dispose (GObject *object)
{
  LodgeStatisticsWatch *self = (LodgeStatisticsWatch *)object;
  g_autoptr(LodgeStatistics) statistics = g_steal_pointer (&self->statistics);
  g_autoptr(LodgeMachine) machine = g_steal_pointer (&self->machine);

  if (statistics != NULL && g_ptr_array_remove (statistics->watches, self))
    {
      if (machine != NULL)
        update_balloon (statistics, machine);
      update_timer (statistics);
    }

  G_OBJECT_CLASS (lodge_statistics_watch_parent_class)->dispose (object);
}

static void
lodge_statistics_watch_class_init (LodgeStatisticsWatchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lodge_statistics_watch_dispose;
}

static void
lodge_statistics_watch_init (LodgeStatisticsWatch *self)
{
}

/* The host opened or closed its connection. */
static void
host_state_cb (LodgeStatistics *self)
{
  self->identified = FALSE;
  update_timer (self);

  if (self->interval != 0 && is_open (self) && !self->busy)
    begin_sample (self);
}

LodgeStatistics *
lodge_host_get_statistics (LodgeHost *host)
{
  static GQuark quark;
  LodgeStatistics *self;

  g_return_val_if_fail (LODGE_IS_HOST (host), NULL);

  if (quark == 0)
    quark = g_quark_from_static_string ("lodge-statistics");

  self = g_object_get_qdata (G_OBJECT (host), quark);
  if (self == NULL)
    {
      self = g_object_new (LODGE_TYPE_STATISTICS, NULL);
      g_set_weak_pointer (&self->host, host);
      g_signal_connect_object (host, "notify::state",
                               G_CALLBACK (host_state_cb), self, G_CONNECT_SWAPPED);
      g_object_set_qdata_full (G_OBJECT (host), quark, self, g_object_unref);
    }

  return self;
}

static LodgeStatisticsWatch *
add_watch (LodgeHost    *host,
           LodgeMachine *machine,
           guint         interval)
{
  LodgeStatistics *self = lodge_host_get_statistics (host);
  LodgeStatisticsWatch *token = g_object_new (LODGE_TYPE_STATISTICS_WATCH, NULL);
  gboolean first = self->watches->len == 0;

  token->statistics = g_object_ref (self);
  token->machine = machine != NULL ? g_object_ref (machine) : NULL;
  token->interval = MAX (interval, 100);
  g_ptr_array_add (self->watches, token);
  update_timer (self);
  if (machine != NULL)
    update_balloon (self, machine);

  /* Who looks first does not wait for the timer. */
  if (first && is_open (self) && !self->busy)
    begin_sample (self);

  return token;
}

LodgeStatisticsWatch *
lodge_host_watch_statistics (LodgeHost *host,
                             guint      interval)
{
  g_return_val_if_fail (LODGE_IS_HOST (host), NULL);

  return add_watch (host, NULL, interval);
}

LodgeStatisticsWatch *
lodge_machine_watch_usage (LodgeMachine *machine,
                           guint         interval)
{
  g_return_val_if_fail (LODGE_IS_MACHINE (machine), NULL);
  g_return_val_if_fail (lodge_machine_get_host (machine) != NULL, NULL);

  return add_watch (lodge_machine_get_host (machine), machine, interval);
}

gboolean
lodge_statistics_get_watched (LodgeStatistics *self)
{
  g_return_val_if_fail (LODGE_IS_STATISTICS (self), FALSE);

  return self->interval != 0;
}

guint
lodge_statistics_get_interval (LodgeStatistics *self)
{
  g_return_val_if_fail (LODGE_IS_STATISTICS (self), 0);

  return self->interval;
}

guint64
lodge_statistics_get_memory_total (LodgeStatistics *self)
{
  g_return_val_if_fail (LODGE_IS_STATISTICS (self), 0);

  return self->sample != NULL ? self->sample->memory_total : 0;
}

guint64
lodge_statistics_get_memory_free (LodgeStatistics *self)
{
  g_return_val_if_fail (LODGE_IS_STATISTICS (self), 0);

  return self->sample != NULL ? self->sample->memory_free : 0;
}

guint
lodge_statistics_get_cores (LodgeStatistics *self)
{
  g_return_val_if_fail (LODGE_IS_STATISTICS (self), 0);

  return self->sample != NULL ? self->sample->cores : 0;
}

double
lodge_statistics_get_load (LodgeStatistics *self)
{
  g_return_val_if_fail (LODGE_IS_STATISTICS (self), -1);

  return self->load;
}

gint64
lodge_statistics_get_time (LodgeStatistics *self)
{
  g_return_val_if_fail (LODGE_IS_STATISTICS (self), 0);

  return self->sample != NULL ? self->sample->time : 0;
}

const LodgeSample *
_lodge_statistics_get_sample (LodgeStatistics *self)
{
  g_assert (LODGE_IS_STATISTICS (self));

  return self->sample;
}

/**
 * lodge_statistics_sample_async:
 * @self: the statistics of a host
 * @cancellable: (nullable): a cancellable
 * @callback: called on the main thread
 * @user_data: data for @callback
 */
void
lodge_statistics_sample_async (LodgeStatistics     *self,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (LODGE_IS_STATISTICS (self));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lodge_statistics_sample_async);

  if (!is_open (self))
    {
      g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_DISCONNECTED, "not connected");
      return;
    }

  g_ptr_array_add (self->waiters, g_steal_pointer (&task));
  if (!self->busy)
    begin_sample (self);
}

gboolean
lodge_statistics_sample_finish (LodgeStatistics  *self,
                                GAsyncResult     *result,
                                GError          **error)
{
  g_return_val_if_fail (LODGE_IS_STATISTICS (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
