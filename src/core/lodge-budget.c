/* lodge-budget.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-budget-private.h"
#include "lodge-containers-private.h"
#include "lodge-error.h"
#include "lodge-host-private.h"
#include "lodge-machine.h"
#include "lodge-share-private.h"

/**
 * LodgeBudget:
 *
 * The memory and cores of one computer: who has how much, and what is left.
 *
 * The arithmetic is in lodge-ledger.c, who takes part in lodge-budget-takers.c,
 * and which connections are to the same computer in lodge-budget-computers.c.
 */

struct _LodgeBudgetWatch
{
  GObject      parent_instance;
  LodgeBudget *budget;
  guint        interval;
};

enum {
  PROP_0,
  PROP_CORES,
  PROP_EXCESS,
  PROP_FREE,
  PROP_FREE_CORES,
  PROP_HOST_USE,
  PROP_ID,
  PROP_KNOWN,
  PROP_LOAD,
  PROP_RESERVE,
  PROP_RESERVE_CORES,
  PROP_RESERVE_CORES_SETTING,
  PROP_RESERVE_LEFT,
  PROP_RESERVE_SETTING,
  PROP_TOTAL,
  N_PROPS
};

enum {
  CHANGED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (LodgeBudget, lodge_budget, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE (LodgeBudgetWatch, lodge_budget_watch, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* The newest figures of the computer itself, whichever connection they came through. */
static const LodgeSample *
find_sample (LodgeBudget *self)
{
  const LodgeSample *newest = NULL;

  for (guint i = 0; i < self->hosts->len; i++)
    {
      LodgeHost *host = g_ptr_array_index (self->hosts, i);
      const LodgeSample *sample = _lodge_statistics_get_sample (lodge_host_get_statistics (host));

      if (sample == NULL || sample->memory_total == 0 ||
          lodge_host_get_state (host) == LODGE_HOST_STATE_CLOSED)
        continue;

      if (newest == NULL || sample->time > newest->time)
        {
          newest = sample;
          self->load = lodge_statistics_get_load (lodge_host_get_statistics (host));
        }
    }

  return newest;
}

static void
read_stock (LodgeBudget *self)
{
  const LodgeSample *sample;

  self->load = -1;
  sample = find_sample (self);
  self->stock.total = sample != NULL ? sample->memory_total : 0;
  self->stock.cores = sample != NULL ? MIN (sample->cores, G_MAXINT / 1000) * 1000 : 0;
  self->memory_free = sample != NULL ? sample->memory_free : 0;

  self->stock.reserve = self->reserve_setting != 0
    ? self->reserve_setting : lodge_ledger_get_default_reserve (self->stock.total);
  self->stock.reserve_cores = self->reserve_cores_setting >= 0
    ? (guint)self->reserve_cores_setting : lodge_ledger_get_default_cores (self->stock.cores);
}

/* What everybody takes but the one known as @but (nullable). */
GArray *
lodge_budget_get_claims (LodgeBudget *self,
                         const char  *but)
{
  GArray *claims = g_array_new (FALSE, FALSE, sizeof (LodgeClaim));

  g_assert (LODGE_IS_BUDGET (self));

  for (guint i = 0; i < self->takers->len; i++)
    {
      LodgeTaker *taker = g_ptr_array_index (self->takers, i);

      if (but == NULL || !g_str_equal (taker->key, but))
        g_array_append_val (claims, taker->claim);
    }

  return claims;
}

/* Returns: (transfer none) (nullable): valid until the next computation */
LodgeTaker *
lodge_budget_find_taker (LodgeBudget *self,
                         const char  *key)
{
  g_assert (LODGE_IS_BUDGET (self));

  for (guint i = 0; i < self->takers->len; i++)
    {
      LodgeTaker *taker = g_ptr_array_index (self->takers, i);

      if (g_str_equal (taker->key, key))
        return taker;
    }

  return NULL;
}

static int
compare_facts (gconstpointer a,
               gconstpointer b)
{
  const LodgeShareFacts *one = *(const LodgeShareFacts * const *)a;
  const LodgeShareFacts *other = *(const LodgeShareFacts * const *)b;
  int order;

  if (one->kind != other->kind)
    return one->kind < other->kind ? -1 : 1;

  order = g_utf8_collate (one->name != NULL ? one->name : "", other->name != NULL ? other->name : "");

  return order != 0 ? order : g_strcmp0 (one->key, other->key);
}

static void
add_reserve (LodgeBudget *self,
             GPtrArray   *all)
{
  LodgeShareFacts *facts = lodge_share_facts_new (LODGE_SHARE_RESERVE, "reserve",
                                                  self->ledger.reserve,
                                                  self->reserve_setting != 0
                                                  ? LODGE_SHARE_SOURCE_SETTING
                                                  : LODGE_SHARE_SOURCE_DEFAULT);

  facts->cores = self->ledger.reserve_cores;
  if (self->load > 0)
    facts->load = MAX (self->load * 1000 - self->ledger.load, 0);
  g_ptr_array_add (all, facts);
}

static void
update_shares (LodgeBudget *self)
{
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify)lodge_share_facts_free);
  LodgeShareSource overhead_source = LODGE_SHARE_SOURCE_RESIDENT;
  LodgeShareFacts *facts;

  for (guint i = 0; i < self->takers->len; i++)
    {
      LodgeTaker *taker = g_ptr_array_index (self->takers, i);
      LodgeCount count = lodge_ledger_count (&self->stock, &taker->claim);

      facts = lodge_share_facts_new (taker->claim.kind, taker->key, count.memory, count.source);
      facts->name = g_strdup (taker->name);
      facts->engine = g_strdup (taker->engine);
      facts->machine = taker->machine != NULL ? g_object_ref (taker->machine) : NULL;
      facts->cores = count.cores;
      facts->load = taker->claim.load;
      g_ptr_array_add (all, facts);

      if (count.overhead != 0 && count.overhead_source == LODGE_SHARE_SOURCE_ESTIMATE)
        overhead_source = LODGE_SHARE_SOURCE_ESTIMATE;
    }

  if (self->stock.total != 0)
    {
      add_reserve (self, all);
      facts = lodge_share_facts_new (LODGE_SHARE_FREE, "free", self->ledger.free,
                                     LODGE_SHARE_SOURCE_REST);
      facts->cores = self->ledger.free_cores;
      g_ptr_array_add (all, facts);
    }

  if (self->ledger.overhead != 0)
    g_ptr_array_add (all, lodge_share_facts_new (LODGE_SHARE_OVERHEAD, "overhead",
                                                 self->ledger.overhead, overhead_source));

  g_ptr_array_sort (all, compare_facts);
  _lodge_share_sync (self->shares, all);
}

/* What is in use and belongs to no guest or container. A guest of which nothing is known but what it
 * was given may not touch all of that.
 */
static guint64
count_host_use (LodgeBudget *self)
{
  guint64 used = self->stock.total - MIN (self->memory_free, self->stock.total);

  if (self->memory_free == 0)
    return 0;

  for (guint i = 0; i < self->takers->len; i++)
    {
      LodgeTaker *taker = g_ptr_array_index (self->takers, i);
      guint64 theirs = taker->claim.resident != 0 ? taker->claim.resident : taker->claim.given;

      used -= MIN (theirs, used);
    }

  return used;
}

static void
notify_if (LodgeBudget *self,
           gboolean     changed,
           guint        prop_id)
{
  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

/* Everything anew, from what was last sampled. */
void
lodge_budget_compute (LodgeBudget *self)
{
  LodgeStock stock = self->stock;
  LodgeLedger ledger = self->ledger;
  guint64 host_use = self->host_use;
  double load = self->load;
  g_autoptr(GArray) claims = NULL;

  g_assert (LODGE_IS_BUDGET (self));

  read_stock (self);
  g_clear_pointer (&self->takers, g_ptr_array_unref);
  self->takers = lodge_budget_collect (self);
  claims = lodge_budget_get_claims (self, NULL);
  self->ledger = lodge_ledger_compute (&self->stock, (LodgeClaim *)claims->data, claims->len);
  self->host_use = count_host_use (self);

  g_object_freeze_notify (G_OBJECT (self));
  notify_if (self, (stock.total == 0) != (self->stock.total == 0), PROP_KNOWN);
  notify_if (self, stock.total != self->stock.total, PROP_TOTAL);
  notify_if (self, stock.reserve != self->stock.reserve, PROP_RESERVE);
  notify_if (self, stock.cores != self->stock.cores, PROP_CORES);
  notify_if (self, stock.reserve_cores != self->stock.reserve_cores, PROP_RESERVE_CORES);
  notify_if (self, ledger.reserve != self->ledger.reserve, PROP_RESERVE_LEFT);
  notify_if (self, ledger.free != self->ledger.free, PROP_FREE);
  notify_if (self, ledger.free_cores != self->ledger.free_cores, PROP_FREE_CORES);
  notify_if (self, ledger.excess != self->ledger.excess, PROP_EXCESS);
  notify_if (self, host_use != self->host_use, PROP_HOST_USE);
  notify_if (self, load != self->load, PROP_LOAD);
  update_shares (self);
  g_object_thaw_notify (G_OBJECT (self));

  g_signal_emit (self, signals[CHANGED], 0);
}

/* Watches the statistics of all hosts as often as the most curious wants. */
void
lodge_budget_update_watches (LodgeBudget *self)
{
  guint shortest = 0;

  g_assert (LODGE_IS_BUDGET (self));

  for (guint i = 0; i < self->watches->len; i++)
    {
      LodgeBudgetWatch *watch = g_ptr_array_index (self->watches, i);

      shortest = shortest == 0 ? watch->interval : MIN (shortest, watch->interval);
    }

  if (shortest == 0)
    {
      g_hash_table_remove_all (self->statistics);
      return;
    }

  for (guint i = 0; i < self->hosts->len; i++)
    {
      LodgeHost *host = g_ptr_array_index (self->hosts, i);

      g_hash_table_replace (self->statistics, host, lodge_host_watch_statistics (host, shortest));
    }
}

static void
lodge_budget_finalize (GObject *object)
{
  LodgeBudget *self = (LodgeBudget *)object;

  g_clear_pointer (&self->statistics, g_hash_table_unref);
  g_clear_pointer (&self->takers, g_ptr_array_unref);
  g_clear_pointer (&self->containers, g_ptr_array_unref);
  g_clear_pointer (&self->container_times, g_hash_table_unref);
  g_clear_pointer (&self->container_loads, g_hash_table_unref);
  g_clear_pointer (&self->waiters, g_ptr_array_unref);
  g_clear_pointer (&self->watches, g_ptr_array_unref);
  g_clear_pointer (&self->hosts, g_ptr_array_unref);
  g_clear_object (&self->shares);
  g_clear_object (&self->worker);
  g_clear_pointer (&self->id, g_free);

  G_OBJECT_CLASS (lodge_budget_parent_class)->finalize (object);
}

static void
lodge_budget_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  LodgeBudget *self = LODGE_BUDGET (object);

  switch (prop_id)
    {
    case PROP_CORES:
      g_value_set_uint (value, self->stock.cores);
      break;

    case PROP_EXCESS:
      g_value_set_uint64 (value, self->ledger.excess);
      break;

    case PROP_FREE:
      g_value_set_uint64 (value, self->ledger.free);
      break;

    case PROP_FREE_CORES:
      g_value_set_uint (value, self->ledger.free_cores);
      break;

    case PROP_HOST_USE:
      g_value_set_uint64 (value, self->host_use);
      break;

    case PROP_ID:
      g_value_set_string (value, self->id);
      break;

    case PROP_KNOWN:
      g_value_set_boolean (value, lodge_budget_is_known (self));
      break;

    case PROP_LOAD:
      g_value_set_double (value, self->load);
      break;

    case PROP_RESERVE:
      g_value_set_uint64 (value, self->stock.reserve);
      break;

    case PROP_RESERVE_CORES:
      g_value_set_uint (value, self->stock.reserve_cores);
      break;

    case PROP_RESERVE_CORES_SETTING:
      g_value_set_int (value, self->reserve_cores_setting);
      break;

    case PROP_RESERVE_LEFT:
      g_value_set_uint64 (value, self->ledger.reserve);
      break;

    case PROP_RESERVE_SETTING:
      g_value_set_uint64 (value, self->reserve_setting);
      break;

    case PROP_TOTAL:
      g_value_set_uint64 (value, self->stock.total);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_budget_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  LodgeBudget *self = LODGE_BUDGET (object);

  switch (prop_id)
    {
    case PROP_ID:
      self->id = g_value_dup_string (value);
      break;

    case PROP_RESERVE_CORES_SETTING:
      lodge_budget_set_reserve_cores_setting (self, g_value_get_int (value));
      break;

    case PROP_RESERVE_SETTING:
      lodge_budget_set_reserve_setting (self, g_value_get_uint64 (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static GParamSpec *
kib_property (const char  *name,
              GParamFlags  flags)
{
  return g_param_spec_uint64 (name, NULL, NULL, 0, G_MAXUINT64, 0,
                              (flags | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));
}

static GParamSpec *
cores_property (const char *name)
{
  return g_param_spec_uint (name, NULL, NULL, 0, G_MAXUINT, 0,
                            (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
lodge_budget_class_init (LodgeBudgetClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = lodge_budget_finalize;
  object_class->get_property = lodge_budget_get_property;
  object_class->set_property = lodge_budget_set_property;

  properties[PROP_CORES] = cores_property ("cores");
  properties[PROP_EXCESS] = kib_property ("excess", G_PARAM_READABLE);
  properties[PROP_FREE] = kib_property ("free", G_PARAM_READABLE);
  properties[PROP_FREE_CORES] = cores_property ("free-cores");
  properties[PROP_HOST_USE] = kib_property ("host-use", G_PARAM_READABLE);

  properties[PROP_ID] =
    g_param_spec_string ("id", NULL, NULL,
                         NULL,
                         (G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS));

  properties[PROP_KNOWN] = g_param_spec_boolean ("known", NULL, NULL, FALSE, readable);
  properties[PROP_LOAD] = g_param_spec_double ("load", NULL, NULL, -1, G_MAXDOUBLE, -1, readable);
  properties[PROP_RESERVE] = kib_property ("reserve", G_PARAM_READABLE);
  properties[PROP_RESERVE_CORES] = cores_property ("reserve-cores");

  properties[PROP_RESERVE_CORES_SETTING] =
    g_param_spec_int ("reserve-cores-setting", NULL, NULL,
                      -1, G_MAXINT, -1,
                      (G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));

  properties[PROP_RESERVE_LEFT] = kib_property ("reserve-left", G_PARAM_READABLE);
  properties[PROP_RESERVE_SETTING] = kib_property ("reserve-setting", G_PARAM_READWRITE);
  properties[PROP_TOTAL] = kib_property ("total", G_PARAM_READABLE);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * LodgeBudget::changed:
   *
   * All of it has been computed anew.
   */
  signals[CHANGED] =
    g_signal_new ("changed",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
lodge_budget_init (LodgeBudget *self)
{
  self->hosts = g_ptr_array_new ();
  self->watches = g_ptr_array_new ();
  self->statistics = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  self->shares = g_list_store_new (LODGE_TYPE_SHARE);
  self->takers = g_ptr_array_new_with_free_func ((GDestroyNotify)lodge_taker_free);
  self->waiters = g_ptr_array_new_with_free_func (g_object_unref);
  self->container_times = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->container_loads = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->worker = lodge_worker_new (1);
  self->reserve_cores_setting = -1;
  self->load = -1;
}

static void
lodge_budget_watch_dispose (GObject *object)
{
  LodgeBudgetWatch *self = (LodgeBudgetWatch *)object;
  g_autoptr(LodgeBudget) budget = g_steal_pointer (&self->budget);

  if (budget != NULL && g_ptr_array_remove (budget->watches, self))
    lodge_budget_update_watches (budget);

  G_OBJECT_CLASS (lodge_budget_watch_parent_class)->dispose (object);
}

static void
lodge_budget_watch_class_init (LodgeBudgetWatchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lodge_budget_watch_dispose;
}

static void
lodge_budget_watch_init (LodgeBudgetWatch *self)
{
}

LodgeBudgetWatch *
lodge_budget_watch (LodgeBudget *self,
                    guint        interval)
{
  LodgeBudgetWatch *watch;

  g_return_val_if_fail (LODGE_IS_BUDGET (self), NULL);

  watch = g_object_new (LODGE_TYPE_BUDGET_WATCH, NULL);
  watch->budget = g_object_ref (self);
  watch->interval = interval;
  g_ptr_array_add (self->watches, watch);
  lodge_budget_update_watches (self);

  return watch;
}

GListModel *
lodge_budget_get_shares (LodgeBudget *self)
{
  g_return_val_if_fail (LODGE_IS_BUDGET (self), NULL);

  return G_LIST_MODEL (self->shares);
}

const char *
lodge_budget_get_id (LodgeBudget *self)
{
  g_return_val_if_fail (LODGE_IS_BUDGET (self), NULL);

  return self->id;
}

gboolean
lodge_budget_is_known (LodgeBudget *self)
{
  g_return_val_if_fail (LODGE_IS_BUDGET (self), FALSE);

  return self->stock.total != 0;
}

guint64
lodge_budget_get_total (LodgeBudget *self)
{
  g_return_val_if_fail (LODGE_IS_BUDGET (self), 0);

  return self->stock.total;
}

guint64
lodge_budget_get_reserve (LodgeBudget *self)
{
  g_return_val_if_fail (LODGE_IS_BUDGET (self), 0);

  return self->stock.reserve;
}

guint64
lodge_budget_get_reserve_left (LodgeBudget *self)
{
  g_return_val_if_fail (LODGE_IS_BUDGET (self), 0);

  return self->ledger.reserve;
}

guint64
lodge_budget_get_free (LodgeBudget *self)
{
  g_return_val_if_fail (LODGE_IS_BUDGET (self), 0);

  return self->ledger.free;
}

guint64
lodge_budget_get_excess (LodgeBudget *self)
{
  g_return_val_if_fail (LODGE_IS_BUDGET (self), 0);

  return self->ledger.excess;
}

guint64
lodge_budget_get_host_use (LodgeBudget *self)
{
  g_return_val_if_fail (LODGE_IS_BUDGET (self), 0);

  return self->host_use;
}

guint
lodge_budget_get_cores (LodgeBudget *self)
{
  g_return_val_if_fail (LODGE_IS_BUDGET (self), 0);

  return self->stock.cores;
}

guint
lodge_budget_get_reserve_cores (LodgeBudget *self)
{
  g_return_val_if_fail (LODGE_IS_BUDGET (self), 0);

  return self->stock.reserve_cores;
}

guint
lodge_budget_get_free_cores (LodgeBudget *self)
{
  g_return_val_if_fail (LODGE_IS_BUDGET (self), 0);

  return self->ledger.free_cores;
}

double
lodge_budget_get_load (LodgeBudget *self)
{
  g_return_val_if_fail (LODGE_IS_BUDGET (self), -1);

  return self->load;
}

guint64
lodge_budget_get_reserve_setting (LodgeBudget *self)
{
  g_return_val_if_fail (LODGE_IS_BUDGET (self), 0);

  return self->reserve_setting;
}

/* @kib: what the host shall keep; 0 for the larger of 2 GiB and 20 % */
void
lodge_budget_set_reserve_setting (LodgeBudget *self,
                                  guint64      kib)
{
  g_return_if_fail (LODGE_IS_BUDGET (self));

  if (self->reserve_setting == kib)
    return;

  self->reserve_setting = kib;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RESERVE_SETTING]);
  lodge_budget_compute (self);
}

int
lodge_budget_get_reserve_cores_setting (LodgeBudget *self)
{
  g_return_val_if_fail (LODGE_IS_BUDGET (self), -1);

  return self->reserve_cores_setting;
}

/* @thousandths: of a core that the host shall keep; -1 for one core */
void
lodge_budget_set_reserve_cores_setting (LodgeBudget *self,
                                        int          thousandths)
{
  g_return_if_fail (LODGE_IS_BUDGET (self));

  thousandths = MAX (thousandths, -1);
  if (self->reserve_cores_setting == thousandths)
    return;

  self->reserve_cores_setting = thousandths;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RESERVE_CORES_SETTING]);
  lodge_budget_compute (self);
}

/* The claim of @machine: of the running one, or what it would have. */
static LodgeClaim
get_own (LodgeBudget  *self,
         LodgeMachine *machine,
         const char   *key)
{
  LodgeTaker *taker = lodge_budget_find_taker (self, key);
  LodgeClaim claim;

  if (taker != NULL)
    return taker->claim;

  taker = lodge_budget_new_taker (machine);
  claim = taker->claim;
  lodge_taker_free (taker);

  return claim;
}

guint64
lodge_budget_get_reachable_memory (LodgeBudget  *self,
                                   LodgeMachine *machine)
{
  g_autoptr(GArray) others = NULL;
  g_autofree char *key = NULL;
  LodgeClaim own;

  g_return_val_if_fail (LODGE_IS_BUDGET (self), 0);
  g_return_val_if_fail (LODGE_IS_MACHINE (machine), 0);

  if (self->stock.total == 0)
    return G_MAXUINT64;

  key = lodge_budget_dup_key (machine);
  own = get_own (self, machine, key);
  others = lodge_budget_get_claims (self, key);

  return lodge_ledger_reach_memory (&self->stock, (LodgeClaim *)others->data, others->len, &own);
}

guint
lodge_budget_get_reachable_cores (LodgeBudget  *self,
                                  LodgeMachine *machine)
{
  g_autoptr(GArray) others = NULL;
  g_autofree char *key = NULL;

  g_return_val_if_fail (LODGE_IS_BUDGET (self), 0);
  g_return_val_if_fail (LODGE_IS_MACHINE (machine), 0);

  if (self->stock.total == 0)
    return G_MAXUINT;

  key = lodge_budget_dup_key (machine);
  others = lodge_budget_get_claims (self, key);

  return lodge_ledger_reach_cores (&self->stock, (LodgeClaim *)others->data, others->len) / 1000;
}

typedef struct
{
  guint   n_left;
  guint   n_good;
  GError *error;
} Refresh;

static void
refresh_free (gpointer data)
{
  Refresh *refresh = data;

  g_clear_error (&refresh->error);
  g_free (refresh);
}

static void
refresh_step (GTask *task)
{
  LodgeBudget *self = g_task_get_source_object (task);
  Refresh *refresh = g_task_get_task_data (task);

  if (--refresh->n_left > 0)
    return;

  if (refresh->n_good > 0)
    lodge_budget_read_containers (self, task);
  else if (refresh->error != NULL)
    g_task_return_error (task, g_steal_pointer (&refresh->error));
  else
    g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_DISCONNECTED, "not connected");
}

static void
host_sampled_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Refresh *refresh = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (lodge_statistics_sample_finish (LODGE_STATISTICS (object), result, &error))
    refresh->n_good++;
  else if (refresh->error == NULL)
    refresh->error = g_steal_pointer (&error);

  refresh_step (task);
}

/**
 * lodge_budget_refresh_async:
 * @self: a budget
 * @cancellable: (nullable): a cancellable
 * @callback: called on the main thread, when all of the computer's connections that stand have been
 *   asked
 * @user_data: data for @callback
 */
void
lodge_budget_refresh_async (LodgeBudget         *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Refresh *refresh;

  g_return_if_fail (LODGE_IS_BUDGET (self));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lodge_budget_refresh_async);
  refresh = g_new0 (Refresh, 1);
  refresh->n_left = 1;
  g_task_set_task_data (task, refresh, refresh_free);

  for (guint i = 0; i < self->hosts->len; i++)
    {
      LodgeHost *host = g_ptr_array_index (self->hosts, i);

      if (lodge_host_get_state (host) != LODGE_HOST_STATE_OPEN)
        continue;

      refresh->n_left++;
      lodge_statistics_sample_async (lodge_host_get_statistics (host), cancellable,
                                     host_sampled_cb, g_object_ref (task));
    }

  refresh_step (task);
}

gboolean
lodge_budget_refresh_finish (LodgeBudget   *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (LODGE_IS_BUDGET (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
