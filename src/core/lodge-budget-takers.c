/* lodge-budget-takers.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-budget-private.h"
#include "lodge-containers-private.h"
#include "lodge-docker-names-private.h"
#include "lodge-host-private.h"
#include "lodge-machine-private.h"
#include "lodge-machine-resources-private.h"

/* Who takes of a computer's memory and cores: guests, through however many connections, and
 * containers.
 */

#define CGROUPS   "/sys/fs/cgroup"
#define PROCESSES "/proc"

/* Containers are not looked at more often (µs), through however many connections figures come. */
#define CONTAINERS_PAUSE (G_USEC_PER_SEC * 9 / 10)

void
lodge_taker_free (LodgeTaker *taker)
{
  g_clear_object (&taker->machine);
  g_free (taker->key);
  g_free (taker->name);
  g_free (taker);
}

/* The daemon behind a URI: qemu:///system and qemu+ssh://box/system are ways to one of two. */
static char *
dup_daemon (LodgeHost *host)
{
  g_autoptr(GUri) uri = g_uri_parse (lodge_host_get_uri (host), G_URI_FLAGS_NON_DNS, NULL);
  g_auto(GStrv) scheme = NULL;
  const char *user;

  if (uri == NULL)
    return g_strdup (lodge_host_get_uri (host));

  scheme = g_strsplit (g_uri_get_scheme (uri), "+", 2);
  user = g_uri_get_userinfo (uri);

  /* Everybody has a session of their own. */
  if (g_str_equal (g_uri_get_path (uri), "/session"))
    return g_strdup_printf ("%s/session/%s", scheme[0], user != NULL ? user : g_get_user_name ());

  return g_strconcat (scheme[0], g_uri_get_path (uri), NULL);
}

char *
lodge_budget_dup_key (LodgeMachine *machine)
{
  LodgeHost *host = lodge_machine_get_host (machine);
  g_autofree char *daemon = host != NULL ? dup_daemon (host) : NULL;

  return g_strconcat ("machine:", daemon != NULL ? daemon : "", "/",
                      lodge_machine_get_id (machine), NULL);
}

/* What is being plugged in but is not there yet. */
static guint64
count_coming (const LodgeDefinition *definition)
{
  if (definition == NULL || definition->plugging <= definition->plugged)
    return 0;

  return definition->plugging - definition->plugged;
}

/* How many of @cores it can really use, as far as somebody has looked: some may be switched off, or its
 * time be capped.
 */
static guint
limit_cores (LodgeMachine *machine,
             guint         cores)
{
  LodgeMachineResources *resources;
  guint cap, reached;

  if (!_lodge_machine_has_resources (machine))
    return cores;

  resources = lodge_machine_get_resources (machine);
  if (!lodge_machine_resources_is_ready (resources))
    return cores;

  cap = lodge_machine_resources_get_cores_cap (resources);
  reached = lodge_machine_resources_get_vcpus_reached (resources);
  if (reached != 0 && reached < cores / 1000)
    cores = reached * 1000;

  return cap != 0 ? MIN (cap, cores) : cores;
}

static void
fill_machine (LodgeTaker   *taker,
              LodgeMachine *machine,
              guint64       memory)
{
  const LodgeDefinition *definition = _lodge_machine_get_definition (machine);
  const char *title = lodge_machine_get_title (machine);

  taker->machine = g_object_ref (machine);
  taker->name = g_strdup (title != NULL ? title : lodge_machine_get_name (machine));
  taker->claim.overhead =
    lodge_ledger_estimate_overhead (taker->claim.cores / 1000, memory,
                                    definition != NULL ? definition->video_memory : 0,
                                    lodge_machine_get_emulated (machine));
}

/* What @machine would take if it were started as it is defined. */
LodgeTaker *
lodge_budget_new_taker (LodgeMachine *machine)
{
  const LodgeDefinition *definition = _lodge_machine_get_definition (machine);
  guint64 maximum = lodge_machine_get_maximum_memory (machine);
  LodgeTaker *taker = g_new0 (LodgeTaker, 1);

  taker->key = lodge_budget_dup_key (machine);
  taker->claim.kind = LODGE_SHARE_MACHINE;
  taker->claim.maximum = maximum;
  taker->claim.cores = MIN (lodge_machine_get_vcpus (machine), G_MAXINT / 1000) * 1000;
  taker->claim.given = lodge_machine_get_memory (machine);

  /* Without a balloon it has all there is. */
  if (definition != NULL && !definition->has_balloon)
    taker->claim.given = maximum;

  fill_machine (taker, machine, MAX (maximum, taker->claim.given));

  if (definition != NULL && g_strcmp0 (definition->type, "lxc") == 0)
    {
      taker->claim.kind = LODGE_SHARE_SERVICE;
      taker->claim.overhead = 0;
      taker->claim.cores = 0;
    }

  return taker;
}

static LodgeTaker *
new_machine (LodgeHost          *host,
             const char         *daemon,
             const LodgeFigures *figures)
{
  LodgeMachine *machine = lodge_machine_store_lookup (_lodge_host_get_store (host), figures->id);
  LodgeTaker *taker = g_new0 (LodgeTaker, 1);
  double cores = -1;

  taker->key = g_strconcat ("machine:", daemon, "/", figures->id, NULL);
  taker->claim.kind = LODGE_SHARE_MACHINE;
  taker->claim.given = figures->actual;
  taker->claim.maximum = figures->maximum;
  taker->claim.resident = figures->resident;
  taker->claim.cores = MIN (figures->vcpus, G_MAXINT / 1000) * 1000;

  if (machine != NULL)
    {
      taker->claim.given += count_coming (_lodge_machine_get_definition (machine));
      cores = lodge_usage_get_cores_used (lodge_machine_get_usage (machine));
      fill_machine (taker, machine, MAX (figures->maximum, figures->actual));
      taker->claim.cores = limit_cores (machine, taker->claim.cores);
    }
  else
    {
      taker->name = g_strdup (figures->name);
      taker->claim.overhead = lodge_ledger_estimate_overhead (figures->vcpus, figures->actual, 0, FALSE);
    }

  taker->claim.load = cores > 0 ? cores * 1000 : 0;

  return taker;
}

/* A container of libvirt's. Its cores are no limit (libvirt's LXC driver does not keep to them). */
static LodgeTaker *
new_libvirt_container (LodgeHost          *host,
                       const char         *daemon,
                       const LodgeFigures *figures)
{
  LodgeTaker *taker = new_machine (host, daemon, figures);

  taker->engine = "libvirt-lxc";
  taker->claim.kind = LODGE_SHARE_SERVICE;
  taker->claim.given = figures->maximum;
  taker->claim.overhead = 0;
  taker->claim.cores = 0;

  return taker;
}

static void
collect_host (LodgeHost  *host,
              GPtrArray  *takers,
              GHashTable *seen)
{
  const LodgeSample *sample = _lodge_statistics_get_sample (lodge_host_get_statistics (host));
  g_autofree char *daemon = dup_daemon (host);

  for (guint i = 0; sample != NULL && i < sample->machines->len; i++)
    {
      const LodgeFigures *figures = g_ptr_array_index (sample->machines, i);
      LodgeTaker *taker = sample->containers ? new_libvirt_container (host, daemon, figures)
                                             : new_machine (host, daemon, figures);

      if (g_hash_table_add (seen, taker->key))
        g_ptr_array_add (takers, taker);
      else
        lodge_taker_free (taker);
    }
}

static gboolean
tells_of_containers (LodgeBudget *self)
{
  for (guint i = 0; i < self->hosts->len; i++)
    {
      LodgeHost *host = g_ptr_array_index (self->hosts, i);
      const LodgeSample *sample = _lodge_statistics_get_sample (lodge_host_get_statistics (host));

      if (sample != NULL && sample->containers &&
          lodge_host_get_state (host) != LODGE_HOST_STATE_CLOSED)
        return TRUE;
    }

  return FALSE;
}

static void
collect_containers (LodgeBudget *self,
                    GPtrArray   *takers)
{
  gboolean known = tells_of_containers (self);

  for (guint i = 0; self->containers != NULL && i < self->containers->len; i++)
    {
      LodgeContainer *container = g_ptr_array_index (self->containers, i);
      LodgeTaker *taker;

      if (known && g_str_equal (container->engine, "libvirt-lxc"))
        continue;

      taker = g_new0 (LodgeTaker, 1);
      taker->key = g_strconcat ("service:", container->engine, "/", container->id, NULL);
      taker->name = g_strdup (container->name);
      taker->engine = container->engine;
      taker->claim.kind = LODGE_SHARE_SERVICE;
      taker->claim.given = container->limit;
      taker->claim.resident = container->use;
      taker->claim.cores = container->cores;
      taker->claim.load = GPOINTER_TO_UINT (g_hash_table_lookup (self->container_loads,
                                                                 container->id));
      g_ptr_array_add (takers, taker);
    }
}

/* All that run, each once. A connection that stands is believed before one that is lost, of which the
 * guests go on running.
 */
GPtrArray *
lodge_budget_collect (LodgeBudget *self)
{
  static const LodgeHostState order[] =
    { LODGE_HOST_STATE_OPEN, LODGE_HOST_STATE_CONNECTING, LODGE_HOST_STATE_LOST };
  GPtrArray *takers = g_ptr_array_new_with_free_func ((GDestroyNotify)lodge_taker_free);
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint k = 0; k < G_N_ELEMENTS (order); k++)
    {
      for (guint i = 0; i < self->hosts->len; i++)
        {
          LodgeHost *host = g_ptr_array_index (self->hosts, i);

          if (lodge_host_get_state (host) == order[k])
            collect_host (host, takers, seen);
        }
    }

  collect_containers (self, takers);

  return takers;
}

static gpointer
read_containers_work (gpointer       source_object,
                      gpointer       task_data,
                      GCancellable  *cancellable,
                      GError       **error)
{
  GPtrArray *containers = lodge_containers_read (CGROUPS, PROCESSES);

  lodge_docker_names_apply (containers, LODGE_DOCKER_SOCKET);

  return containers;
}

/* How busy each has been since the reading before. */
static void
apply_loads (LodgeBudget *self,
             gint64       time)
{
  g_autoptr(GHashTable) before = g_steal_pointer (&self->container_times);

  self->container_times = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_remove_all (self->container_loads);

  for (guint i = 0; i < self->containers->len; i++)
    {
      LodgeContainer *container = g_ptr_array_index (self->containers, i);
      const guint64 *was = g_hash_table_lookup (before, container->id);
      double load;

      if (container->cpu_time == G_MAXUINT64)
        continue;

      g_hash_table_replace (self->container_times, g_strdup (container->id),
                            g_memdup2 (&container->cpu_time, sizeof container->cpu_time));
      if (was == NULL || *was > container->cpu_time || time <= self->containers_time)
        continue;

      /* ns by µs are thousandths. */
      load = (double)(container->cpu_time - *was) / (time - self->containers_time);
      g_hash_table_replace (self->container_loads, g_strdup (container->id),
                            GUINT_TO_POINTER ((guint)MIN (load, G_MAXINT)));
    }

  self->containers_time = time;
}

static void
containers_read_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  LodgeBudget *self = (LodgeBudget *)object;
  GPtrArray *containers = g_task_propagate_pointer (G_TASK (result), NULL);
  g_autoptr(GPtrArray) waiters = g_steal_pointer (&self->waiters);

  self->waiters = g_ptr_array_new_with_free_func (g_object_unref);
  self->containers_busy = FALSE;

  if (containers != NULL)
    {
      g_clear_pointer (&self->containers, g_ptr_array_unref);
      self->containers = containers;
      apply_loads (self, g_get_monotonic_time ());
      lodge_budget_compute (self);
    }

  for (guint i = 0; i < waiters->len; i++)
    g_task_return_boolean (g_ptr_array_index (waiters, i), TRUE);
}

/* Only those of this computer can be seen. @waiter: (transfer none) (nullable): a task to end with TRUE
 * when they have been.
 */
void
lodge_budget_read_containers (LodgeBudget *self,
                              GTask       *waiter)
{
  g_autoptr(GTask) task = NULL;

  if (waiter != NULL && !g_str_equal (self->id, "local"))
    g_task_return_boolean (waiter, TRUE);
  else if (waiter != NULL)
    g_ptr_array_add (self->waiters, g_object_ref (waiter));

  if (self->containers_busy || !g_str_equal (self->id, "local") ||
      (waiter == NULL && self->containers_time != 0 &&
       g_get_monotonic_time () - self->containers_time < CONTAINERS_PAUSE))
    return;

  self->containers_busy = TRUE;
  task = g_task_new (self, NULL, containers_read_cb, NULL);
  g_task_set_source_tag (task, lodge_budget_read_containers);
  lodge_worker_run (self->worker, task, read_containers_work, (GDestroyNotify)g_ptr_array_unref);
}
