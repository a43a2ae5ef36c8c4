/* lodge-machine-resources.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-core-enums.h"
#include "lodge-error.h"
#include "lodge-machine-private.h"
#include "lodge-machine-resources-private.h"

/**
 * LodgeMachineResources:
 *
 * Memory and cores of a machine: what was asked for, what is reached, and
 * what stands in the way.
 *
 * What is reached comes from the host alone. Looks at it never overlap, and
 * however many events come while one is under way, one more follows. Changes
 * are made one after the other; of each kind one waits at most, the newest.
 */

/* A guest that has not moved for so long does not move by itself. */
#define HELD_SECONDS 10

/* A guest that was asked for its figures has given them by then. */
#define SOON_SECONDS 3

/* What a balloon may be off by. */
#define TOLERANCE G_GUINT64_CONSTANT (1024)

typedef struct
{
  LodgeMachine         *machine;       /* weak */
  LodgeResourceFacts   *facts;         /* NULL before the first look */
  LodgeResourceFigures  figures;
  GListStore           *pending;
  GCancellable         *closing;       /* ends what is under way with this object */
  GQueue                waiting;       /* of GTask: changes */
  GTask                *running;
  gint64                moved_at;      /* when memory last moved or was asked for */
  guint                 held_id;
  guint                 touched_id;
  guint                 soon_id;
  guint64               memory_before; /* what was asked before the change under way */
  guint                 vcpus_before;
  guint                 reading : 1;
  guint                 again : 1;     /* one more look is needed */
  guint                 known : 1;     /* what was asked is more than a guess */
  guint                 arrived : 1;   /* it has been reached once */
  guint                 answered : 1;  /* the guest has moved, or talked, since it started */
  guint                 denied : 1;
} LodgeMachineResourcesPrivate;

typedef enum
{
  KIND_BOOLEAN,
  KIND_ENUM,
  KIND_FLAGS,
  KIND_UINT,
  KIND_UINT64,
} Kind;

typedef struct
{
  const char *name;
  Kind        kind;
  GType     (*type) (void);   /* of an enumeration */
  gsize       offset;
} Figure;

static const Figure table[] =
{
  { "agent-hangs", KIND_BOOLEAN, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, agent_hangs) },
  { "cores-cap", KIND_UINT, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, cores_cap) },
  { "growth-obstacle", KIND_ENUM, lodge_obstacle_get_type, G_STRUCT_OFFSET (LodgeResourceFigures, growth_obstacle) },
  { "growth-prepared", KIND_BOOLEAN, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, growth_prepared) },
  { "memory-asked", KIND_UINT64, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, memory_asked) },
  { "memory-boot", KIND_UINT64, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, memory_boot) },
  { "memory-floor", KIND_UINT64, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, memory_floor) },
  { "memory-floor-source", KIND_ENUM, lodge_floor_source_get_type, G_STRUCT_OFFSET (LodgeResourceFigures, memory_floor_source) },
  { "memory-live-maximum", KIND_UINT64, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, memory_live_maximum) },
  { "memory-obstacle", KIND_ENUM, lodge_obstacle_get_type, G_STRUCT_OFFSET (LodgeResourceFigures, memory_obstacle) },
  { "memory-offline", KIND_UINT64, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, memory_offline) },
  { "memory-reached", KIND_UINT64, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, memory_reached) },
  { "memory-state", KIND_ENUM, lodge_reach_get_type, G_STRUCT_OFFSET (LodgeResourceFigures, memory_state) },
  { "memory-step", KIND_UINT64, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, memory_step) },
  { "memory-stored", KIND_UINT64, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, memory_stored) },
  { "memory-stored-maximum", KIND_UINT64, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, memory_stored_maximum) },
  { "memory-way-obstacle", KIND_ENUM, lodge_obstacle_get_type, G_STRUCT_OFFSET (LodgeResourceFigures, memory_way_obstacle) },
  { "priority", KIND_ENUM, lodge_priority_get_type, G_STRUCT_OFFSET (LodgeResourceFigures, priority) },
  { "priority-obstacle", KIND_ENUM, lodge_obstacle_get_type, G_STRUCT_OFFSET (LodgeResourceFigures, priority_obstacle) },
  { "ready", KIND_BOOLEAN, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, ready) },
  { "vcpus-asked", KIND_UINT, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, vcpus_asked) },
  { "vcpus-maximum", KIND_UINT, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, vcpus_maximum) },
  { "vcpus-obstacle", KIND_ENUM, lodge_obstacle_get_type, G_STRUCT_OFFSET (LodgeResourceFigures, vcpus_obstacle) },
  { "vcpus-offline", KIND_UINT, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, vcpus_offline) },
  { "vcpus-reached", KIND_UINT, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, vcpus_reached) },
  { "vcpus-stored", KIND_UINT, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, vcpus_stored) },
  { "vcpus-stored-maximum", KIND_UINT, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, vcpus_stored_maximum) },
  { "ways", KIND_FLAGS, lodge_ways_get_type, G_STRUCT_OFFSET (LodgeResourceFigures, ways) },
};

#define N_FIGURES G_N_ELEMENTS (table)

/* The figures come first, as in the table. */
enum {
  PROP_MACHINE = N_FIGURES + 1,
  PROP_PENDING,
  N_PROPS
};

G_DEFINE_TYPE_WITH_PRIVATE (LodgeMachineResources, lodge_machine_resources, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];
static GQuark machine_quark;

static void read_begin (LodgeMachineResources *self);
static void change_next (LodgeMachineResources *self);

static guint64
figure_of (const LodgeResourceFigures *figures,
           gsize                       offset)
{
  return G_STRUCT_MEMBER (guint64, figures, offset);
}

static guint64
get_figure (LodgeMachineResources *self,
            gsize                  offset)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_MACHINE_RESOURCES (self), 0);

  return figure_of (&priv->figures, offset);
}

/* Takes over @figures and tells what is different. */
static void
set_figures (LodgeMachineResources      *self,
             const LodgeResourceFigures *figures)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);
  LodgeResourceFigures old = priv->figures;

  priv->figures = *figures;

  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = 0; i < N_FIGURES; i++)
    {
      if (figure_of (&old, table[i].offset) != figure_of (figures, table[i].offset))
        g_object_notify_by_pspec (G_OBJECT (self), properties[i + 1]);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

static gboolean
changes (LodgeMachineResources *self,
         LodgeChangeKind        kind)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  if (priv->running != NULL &&
      ((LodgeResourceChange *)g_task_get_task_data (priv->running))->kind == kind)
    return TRUE;

  for (GList *at = priv->waiting.head; at != NULL; at = at->next)
    {
      if (((LodgeResourceChange *)g_task_get_task_data (at->data))->kind == kind)
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_near (guint64 one,
         guint64 other,
         guint64 tolerance)
{
  return MAX (one, other) - MIN (one, other) <= tolerance;
}

static gboolean
held_cb (gpointer user_data)
{
  LodgeMachineResources *self = user_data;
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  priv->held_id = 0;
  read_begin (self);

  return G_SOURCE_REMOVE;
}

/* Looks whether what was asked is reached, and says when to look again. */
static void
find_memory_state (LodgeMachineResources *self,
                   LodgeResourceFigures  *figures)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);
  gint64 left = priv->moved_at + HELD_SECONDS * G_USEC_PER_SEC - g_get_monotonic_time ();

  g_clear_handle_id (&priv->held_id, g_source_remove);

  if (is_near (figures->memory_asked, figures->memory_reached,
               MAX (TOLERANCE, figures->memory_step)))
    {
      figures->memory_state = LODGE_REACH_SETTLED;
      priv->arrived = TRUE;
      return;
    }

  if (left > 0)
    {
      figures->memory_state = LODGE_REACH_MOVING;
      priv->held_id = g_timeout_add (left / 1000 + 100, held_cb, self);
      return;
    }

  figures->memory_state = LODGE_REACH_HELD;
  if (!priv->answered && figures->memory_way_obstacle == LODGE_OBSTACLE_NONE)
    figures->memory_way_obstacle = LODGE_OBSTACLE_NO_BALLOON_DRIVER;
}

/* Whether the balloon gave way because the guest was short of memory: then what was asked still
 * stands, as nobody has stored anything else.
 */
static gboolean
has_deflated (LodgeMachineResources      *self,
              const LodgeResourceFigures *figures)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  return priv->facts->live != NULL && priv->facts->live->deflates &&
         figures->memory_reached > figures->memory_asked &&
         is_near (figures->memory_stored, figures->memory_asked, TOLERANCE);
}

/* Somebody else may ask, too, and there is no telling but by what happens. */
static void
find_memory_asked (LodgeMachineResources *self,
                   LodgeResourceFigures  *figures,
                   guint64                before)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);
  gboolean moved = figures->memory_reached != before;
  gboolean away;

  if (moved)
    priv->moved_at = g_get_monotonic_time ();
  if (moved && priv->known)
    priv->answered = TRUE;

  if (changes (self, LODGE_CHANGE_MEMORY))
    return;

  if (!priv->known || priv->facts->live == NULL)
    {
      priv->known = TRUE;
      figures->memory_asked = figures->memory_reached;
      return;
    }

  /* Once there it stays, and until then it comes nearer. */
  away = moved && (priv->arrived ||
                   (figures->memory_reached > before) != (figures->memory_asked > before));
  if (away && !has_deflated (self, figures))
    figures->memory_asked = figures->memory_reached;
}

static void
find_vcpus_asked (LodgeMachineResources *self,
                  LodgeResourceFigures  *figures,
                  guint                  before)
{
  if (changes (self, LODGE_CHANGE_VCPUS))
    return;

  if (figures->vcpus_asked == 0 || figures->vcpus_reached != before)
    figures->vcpus_asked = figures->vcpus_reached;
}

static void
add_pending (GListStore       *store,
             LodgePendingKind  kind,
             guint64           now,
             guint64           later)
{
  g_autoptr(LodgePendingChange) change = NULL;

  if (now == later)
    return;

  change = lodge_pending_change_new (kind, now, later);
  g_list_store_append (store, change);
}

static guint64
topology_of (const LodgeResourceDefinition *definition)
{
  return definition->sockets != 0 ? definition->sockets : definition->vcpus_maximum;
}

static gboolean
same_topology (const LodgeResourceDefinition *live,
               const LodgeResourceDefinition *stored)
{
  return live->sockets == stored->sockets && live->dies == stored->dies &&
         live->cores == stored->cores && live->threads == stored->threads;
}

/* What the next start will change. Where memory and cores differ for a while, as the guest is on its
 * way, that is none of it.
 */
static void
collect_pending (LodgeMachineResources *self,
                 GListStore            *store)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);
  const LodgeResourceDefinition *live = priv->facts->live;
  const LodgeResourceDefinition *stored = priv->facts->stored;
  const LodgeResourceFigures *figures = &priv->figures;

  if (live == NULL || stored == NULL)
    return;

  if (figures->memory_stored > figures->memory_live_maximum)
    add_pending (store, LODGE_PENDING_MEMORY, figures->memory_reached, figures->memory_stored);
  add_pending (store, LODGE_PENDING_MEMORY_MAXIMUM, live->memory, stored->memory);
  if (stored->vcpus > live->vcpus_maximum)
    add_pending (store, LODGE_PENDING_VCPUS, figures->vcpus_reached, stored->vcpus);
  add_pending (store, LODGE_PENDING_VCPUS_MAXIMUM, live->vcpus_maximum, stored->vcpus_maximum);
  if (live->vcpus_removable == 0 && stored->vcpus_removable > 0)
    add_pending (store, LODGE_PENDING_VCPUS_REMOVABLE, 0, stored->vcpus_removable);
  if (!same_topology (live, stored) && live->vcpus_maximum == stored->vcpus_maximum)
    add_pending (store, LODGE_PENDING_TOPOLOGY, topology_of (live), topology_of (stored));
  add_pending (store, LODGE_PENDING_DEFLATE, live->deflates, stored->deflates);
  add_pending (store, LODGE_PENDING_REPORTING, live->reports, stored->reports);
  add_pending (store, LODGE_PENDING_BALLOON, live->has_balloon, stored->has_balloon);
}

static gboolean
same_pending (GListModel *one,
              GListModel *other)
{
  guint n = g_list_model_get_n_items (one);

  if (n != g_list_model_get_n_items (other))
    return FALSE;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(LodgePendingChange) a = g_list_model_get_item (one, i);
      g_autoptr(LodgePendingChange) b = g_list_model_get_item (other, i);

      if (lodge_pending_change_get_kind (a) != lodge_pending_change_get_kind (b) ||
          lodge_pending_change_get_now (a) != lodge_pending_change_get_now (b) ||
          lodge_pending_change_get_later (a) != lodge_pending_change_get_later (b))
        return FALSE;
    }

  return TRUE;
}

static void
update_pending (LodgeMachineResources *self)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);
  g_autoptr(GListStore) fresh = g_list_store_new (LODGE_TYPE_PENDING_CHANGE);
  g_autoptr(GPtrArray) items = NULL;

  collect_pending (self, fresh);
  if (same_pending (G_LIST_MODEL (fresh), G_LIST_MODEL (priv->pending)))
    return;

  items = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (fresh)); i++)
    g_ptr_array_add (items, g_list_model_get_item (G_LIST_MODEL (fresh), i));

  g_list_store_splice (priv->pending, 0, g_list_model_get_n_items (G_LIST_MODEL (priv->pending)),
                       items->pdata, items->len);
}

/* What stands in the way of everything, whatever the facts say. */
static void
add_obstacles (LodgeMachineResources *self,
               LodgeResourceFigures  *figures)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);
  LodgeObstacle obstacle = LODGE_OBSTACLE_NONE;

  if (priv->machine == NULL || !lodge_machine_is_reachable (priv->machine))
    obstacle = LODGE_OBSTACLE_UNREACHABLE;
  else if (priv->facts == NULL)
    obstacle = LODGE_OBSTACLE_UNKNOWN;
  else if (priv->denied)
    obstacle = LODGE_OBSTACLE_DENIED;

  if (obstacle != LODGE_OBSTACLE_NONE)
    figures->memory_obstacle = figures->vcpus_obstacle = figures->priority_obstacle =
      figures->growth_obstacle = obstacle;
}

/* Makes the figures anew from the facts. */
static void
update (LodgeMachineResources *self)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);
  LodgeResourceFigures figures = priv->figures;

  if (priv->facts != NULL)
    {
      lodge_resource_figures_read (&figures, priv->facts);
      find_memory_asked (self, &figures, priv->figures.memory_reached);
      find_vcpus_asked (self, &figures, priv->figures.vcpus_reached);
      find_memory_state (self, &figures);
    }

  add_obstacles (self, &figures);
  set_figures (self, &figures);

  if (priv->facts != NULL)
    update_pending (self);
}

static gboolean
soon_cb (gpointer user_data)
{
  LodgeMachineResources *self = user_data;
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  priv->soon_id = 0;
  read_begin (self);

  return G_SOURCE_REMOVE;
}

/* Takes @facts. */
static void
take_facts (LodgeMachineResources *self,
            LodgeResourceFacts    *facts)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);
  gboolean was_live = priv->facts != NULL && priv->facts->live != NULL;

  if (facts->live == NULL && facts->stored == NULL)
    {
      lodge_resource_facts_free (facts);
      return;
    }

  /* Another run of the guest: nothing of the last one counts. */
  if (was_live != (facts->live != NULL))
    {
      priv->known = FALSE;
      priv->arrived = FALSE;
      priv->answered = FALSE;
    }

  if (facts->usable != LODGE_NOT_KNOWN)
    priv->answered = TRUE;
  if (facts->soon && priv->soon_id == 0)
    priv->soon_id = g_timeout_add_seconds (SOON_SECONDS, soon_cb, self);

  g_clear_pointer (&priv->facts, lodge_resource_facts_free);
  priv->facts = facts;
  update (self);
}

static void
read_done_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  LodgeMachineResources *self = LODGE_MACHINE_RESOURCES (object);
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);
  LodgeResourceFacts *facts;

  facts = LODGE_MACHINE_RESOURCES_GET_CLASS (self)->read_finish (self, result, NULL);
  priv->reading = FALSE;

  /* What could not be read is read again when the machine is heard of. */
  if (facts != NULL)
    take_facts (self, facts);

  if (priv->again)
    read_begin (self);
}

static void
read_begin (LodgeMachineResources *self)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);
  LodgeMachineResourcesClass *klass = LODGE_MACHINE_RESOURCES_GET_CLASS (self);

  if (klass->read_async == NULL || priv->machine == NULL ||
      !lodge_machine_is_reachable (priv->machine))
    return;

  priv->again = priv->reading;
  if (priv->reading)
    return;

  priv->reading = TRUE;
  klass->read_async (self, priv->closing, read_done_cb, NULL);
}

static gboolean
touched_cb (gpointer user_data)
{
  LodgeMachineResources *self = user_data;
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  priv->touched_id = 0;
  read_begin (self);

  return G_SOURCE_REMOVE;
}

static void
reachable_cb (LodgeMachine          *machine,
              GParamSpec            *pspec,
              LodgeMachineResources *self)
{
  update (self);
  lodge_machine_resources_refresh (self);
}

/* A failed change has changed nothing: the asked value is what it was. */
static void
take_back (LodgeMachineResources *self,
           LodgeChangeKind        kind)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);
  LodgeResourceFigures figures = priv->figures;

  if (changes (self, kind))
    return;

  if (kind == LODGE_CHANGE_MEMORY)
    figures.memory_asked = priv->memory_before;
  else if (kind == LODGE_CHANGE_VCPUS)
    figures.vcpus_asked = priv->vcpus_before;
  else
    return;

  if (priv->facts != NULL)
    find_memory_state (self, &figures);
  set_figures (self, &figures);
}

static void
change_done_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  LodgeMachineResources *self = LODGE_MACHINE_RESOURCES (object);
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);
  g_autoptr(GTask) task = g_steal_pointer (&priv->running);
  LodgeResourceChange *change = g_task_get_task_data (task);
  LodgeResourceFacts *facts;
  GError *error = NULL;

  facts = LODGE_MACHINE_RESOURCES_GET_CLASS (self)->change_finish (self, result, &error);
  if (facts != NULL && facts->failure != NULL)
    error = g_steal_pointer (&facts->failure);

  if (error != NULL && error->domain == LODGE_ERROR && error->code == LODGE_ERROR_DENIED)
    priv->denied = TRUE;

  /* What has reached the guest stands, stored or not. */
  if (error == NULL || g_error_matches (error, LODGE_ERROR, LODGE_ERROR_NOT_STORED))
    {
      if (change->kind == LODGE_CHANGE_MEMORY)
        priv->memory_before = change->value;
      else if (change->kind == LODGE_CHANGE_VCPUS)
        priv->vcpus_before = change->value;
    }
  else
    take_back (self, change->kind);

  if (facts != NULL && facts->sent != 0 && !changes (self, LODGE_CHANGE_MEMORY))
    priv->figures.memory_asked = priv->memory_before = facts->sent;
  if (facts != NULL)
    take_facts (self, facts);

  change_next (self);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
change_next (LodgeMachineResources *self)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  if (priv->running != NULL || (priv->running = g_queue_pop_head (&priv->waiting)) == NULL)
    return;

  LODGE_MACHINE_RESOURCES_GET_CLASS (self)->change_async (self,
                                                          g_task_get_task_data (priv->running),
                                                          g_task_get_cancellable (priv->running),
                                                          change_done_cb, NULL);
}

/* A waiting change of the same kind is not needed any more. */
static void
supersede (LodgeMachineResources *self,
           LodgeChangeKind        kind)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  for (GList *at = priv->waiting.head; at != NULL; at = at->next)
    {
      GTask *task = at->data;

      if (((LodgeResourceChange *)g_task_get_task_data (task))->kind != kind)
        continue;

      g_queue_delete_link (&priv->waiting, at);
      g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_SUPERSEDED, "a newer value came");
      g_object_unref (task);
      return;
    }
}

static LodgeObstacle
obstacle_of (LodgeMachineResources *self,
             LodgeChangeKind        kind)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  switch (kind)
    {
    case LODGE_CHANGE_MEMORY:
    case LODGE_CHANGE_LIVE_MEMORY:
    case LODGE_CHANGE_STORED_MEMORY:
      return priv->figures.memory_obstacle;

    case LODGE_CHANGE_VCPUS:
      return priv->figures.vcpus_obstacle;

    case LODGE_CHANGE_PRIORITY:
      return priv->figures.priority_obstacle;

    case LODGE_CHANGE_GROWTH:
      return priv->figures.growth_obstacle;

    case LODGE_CHANGE_STORED_VCPUS:
    case LODGE_CHANGE_ONLINE:
    default:
      return LODGE_OBSTACLE_NONE;
    }
}

/* Whether @task can be sent at all; if not it has been ended. */
static gboolean
is_possible (LodgeMachineResources *self,
             GTask                 *task,
             LodgeChangeKind        kind)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);
  LodgeObstacle obstacle = obstacle_of (self, kind);

  if (priv->machine == NULL || !lodge_machine_is_reachable (priv->machine))
    {
      g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_DISCONNECTED,
                               "not connected to the host of this machine");
      return FALSE;
    }

  /* A refusal of before may have been lifted; and what has not been read yet is no obstacle. */
  if (LODGE_MACHINE_RESOURCES_GET_CLASS (self)->change_async == NULL ||
      (obstacle != LODGE_OBSTACLE_NONE && obstacle != LODGE_OBSTACLE_DENIED &&
       obstacle != LODGE_OBSTACLE_UNKNOWN))
    {
      g_autofree char *name = g_enum_to_string (LODGE_TYPE_OBSTACLE, obstacle);

      g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED,
                               "the machine does not allow it: %s", name);
      return FALSE;
    }

  return TRUE;
}

static GTask *
change_task (LodgeMachineResources *self,
             LodgeChangeKind        kind,
             guint64                value,
             guint64                second,
             GCancellable          *cancellable,
             GAsyncReadyCallback    callback,
             gpointer               user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  LodgeResourceChange *change = g_new0 (LodgeResourceChange, 1);

  change->kind = kind;
  change->value = value;
  change->second = second;
  g_task_set_source_tag (task, change_task);
  g_task_set_task_data (task, change, g_free);

  return task;
}

/* Takes @task. */
static void
change_begin (LodgeMachineResources *self,
              GTask                 *task)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);
  LodgeResourceChange *change = g_task_get_task_data (task);

  if (!is_possible (self, task, change->kind))
    {
      g_object_unref (task);
      return;
    }

  supersede (self, change->kind);
  g_queue_push_tail (&priv->waiting, task);
  change_next (self);
}

static gboolean
change_finish (LodgeMachineResources  *self,
               GAsyncResult           *result,
               GError                **error)
{
  g_return_val_if_fail (LODGE_IS_MACHINE_RESOURCES (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
refuse_value (GTask    *task,
              gboolean  wrong)
{
  if (wrong)
    {
      g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_INVALID, "no sensible amount");
      g_object_unref (task);
    }

  return wrong;
}

static void
lodge_machine_resources_dispose (GObject *object)
{
  LodgeMachineResources *self = (LodgeMachineResources *)object;
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  g_cancellable_cancel (priv->closing);
  g_clear_handle_id (&priv->held_id, g_source_remove);
  g_clear_handle_id (&priv->touched_id, g_source_remove);
  g_clear_handle_id (&priv->soon_id, g_source_remove);
  g_clear_weak_pointer (&priv->machine);

  G_OBJECT_CLASS (lodge_machine_resources_parent_class)->dispose (object);
}

static void
lodge_machine_resources_finalize (GObject *object)
{
  LodgeMachineResources *self = (LodgeMachineResources *)object;
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  g_clear_pointer (&priv->facts, lodge_resource_facts_free);
  g_clear_object (&priv->pending);
  g_clear_object (&priv->closing);

  G_OBJECT_CLASS (lodge_machine_resources_parent_class)->finalize (object);
}

static void
get_table_property (guint64  figure,
                    Kind     kind,
                    GValue  *value)
{
  switch (kind)
    {
    case KIND_BOOLEAN:
      g_value_set_boolean (value, figure != 0);
      break;

    case KIND_ENUM:
      g_value_set_enum (value, figure);
      break;

    case KIND_FLAGS:
      g_value_set_flags (value, figure);
      break;

    case KIND_UINT:
      g_value_set_uint (value, figure);
      break;

    case KIND_UINT64:
    default:
      g_value_set_uint64 (value, figure);
      break;
    }
}

static void
lodge_machine_resources_get_property (GObject    *object,
                                      guint       prop_id,
                                      GValue     *value,
                                      GParamSpec *pspec)
{
  LodgeMachineResources *self = LODGE_MACHINE_RESOURCES (object);
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  switch (prop_id)
    {
    case PROP_MACHINE:
      g_value_set_object (value, priv->machine);
      break;

    case PROP_PENDING:
      g_value_set_object (value, priv->pending);
      break;

    default:
      if (prop_id == 0 || prop_id > N_FIGURES)
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      else
        get_table_property (get_figure (self, table[prop_id - 1].offset),
                            table[prop_id - 1].kind, value);
    }
}

static void
lodge_machine_resources_set_property (GObject      *object,
                                      guint         prop_id,
                                      const GValue *value,
                                      GParamSpec   *pspec)
{
  LodgeMachineResources *self = LODGE_MACHINE_RESOURCES (object);
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  switch (prop_id)
    {
    case PROP_MACHINE:
      g_set_weak_pointer (&priv->machine, g_value_get_object (value));
      if (priv->machine != NULL)
        g_signal_connect_object (priv->machine, "notify::reachable",
                                 G_CALLBACK (reachable_cb), self, 0);
      update (self);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static GParamSpec *
table_property (const Figure *figure)
{
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  switch (figure->kind)
    {
    case KIND_BOOLEAN:
      return g_param_spec_boolean (figure->name, NULL, NULL, FALSE, flags);

    case KIND_ENUM:
      return g_param_spec_enum (figure->name, NULL, NULL, figure->type (), 0, flags);

    case KIND_FLAGS:
      return g_param_spec_flags (figure->name, NULL, NULL, figure->type (), 0, flags);

    case KIND_UINT:
      return g_param_spec_uint (figure->name, NULL, NULL, 0, G_MAXUINT, 0, flags);

    case KIND_UINT64:
    default:
      return g_param_spec_uint64 (figure->name, NULL, NULL, 0, G_MAXUINT64, 0, flags);
    }
}

static void
lodge_machine_resources_class_init (LodgeMachineResourcesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lodge_machine_resources_dispose;
  object_class->finalize = lodge_machine_resources_finalize;
  object_class->get_property = lodge_machine_resources_get_property;
  object_class->set_property = lodge_machine_resources_set_property;

  for (guint i = 0; i < N_FIGURES; i++)
    properties[i + 1] = table_property (&table[i]);

  properties[PROP_MACHINE] =
    g_param_spec_object ("machine", NULL, NULL,
                         LODGE_TYPE_MACHINE,
                         (G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS));

  properties[PROP_PENDING] =
    g_param_spec_object ("pending", NULL, NULL,
                         G_TYPE_LIST_MODEL,
                         (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);

  machine_quark = g_quark_from_static_string ("lodge-machine-resources");
}

static void
lodge_machine_resources_init (LodgeMachineResources *self)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  priv->pending = g_list_store_new (LODGE_TYPE_PENDING_CHANGE);
  priv->closing = g_cancellable_new ();
  priv->figures.priority = LODGE_PRIORITY_NORMAL;
  priv->figures.memory_step = 1;
  g_queue_init (&priv->waiting);
}

LodgeMachineResources *
lodge_machine_get_resources (LodgeMachine *machine)
{
  LodgeMachineResources *self;

  g_return_val_if_fail (LODGE_IS_MACHINE (machine), NULL);

  /* The class may not be there yet, and so the quark. */
  g_type_ensure (LODGE_TYPE_MACHINE_RESOURCES);
  g_type_class_unref (g_type_class_ref (LODGE_TYPE_MACHINE_RESOURCES));

  self = g_object_get_qdata (G_OBJECT (machine), machine_quark);
  if (self != NULL)
    return self;

  if (LODGE_MACHINE_GET_CLASS (machine)->create_resources != NULL)
    self = LODGE_MACHINE_GET_CLASS (machine)->create_resources (machine);
  else
    self = g_object_new (LODGE_TYPE_MACHINE_RESOURCES, "machine", machine, NULL);

  g_object_set_qdata_full (G_OBJECT (machine), machine_quark, self, g_object_unref);
  read_begin (self);

  return self;
}

gboolean
_lodge_machine_has_resources (LodgeMachine *machine)
{
  return machine_quark != 0 && g_object_get_qdata (G_OBJECT (machine), machine_quark) != NULL;
}

void
_lodge_machine_resources_touch (LodgeMachine *machine)
{
  LodgeMachineResources *self;

  if (machine_quark != 0 &&
      (self = g_object_get_qdata (G_OBJECT (machine), machine_quark)) != NULL)
    lodge_machine_resources_refresh (self);
}

/* Null before the first look. */
const LodgeResourceFacts *
_lodge_machine_resources_get_facts (LodgeMachineResources *self)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  g_assert (LODGE_IS_MACHINE_RESOURCES (self));

  return priv->facts;
}

const LodgeResourceFigures *
_lodge_machine_resources_get_figures (LodgeMachineResources *self)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  g_assert (LODGE_IS_MACHINE_RESOURCES (self));

  return &priv->figures;
}

/* Returns: (nullable) (transfer none): null once the machine is gone */
LodgeMachine *
lodge_machine_resources_get_machine (LodgeMachineResources *self)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_MACHINE_RESOURCES (self), NULL);

  return priv->machine;
}

GListModel *
lodge_machine_resources_get_pending (LodgeMachineResources *self)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_MACHINE_RESOURCES (self), NULL);

  return G_LIST_MODEL (priv->pending);
}

void
lodge_machine_resources_refresh (LodgeMachineResources *self)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  g_return_if_fail (LODGE_IS_MACHINE_RESOURCES (self));

  if (priv->touched_id == 0)
    priv->touched_id = g_idle_add (touched_cb, self);
}

/**
 * lodge_machine_resources_set_memory_async:
 * @self: a machine's resources
 * @kib: what it shall have; raised to the floor
 * @cancellable: (nullable): ends the wait, not what libvirt is doing
 * @callback: called on the main thread
 * @user_data: data for @callback
 *
 * Done when libvirt has taken it. The guest then needs a while, and may keep
 * some: #LodgeMachineResources:memory-reached tells.
 */
void
lodge_machine_resources_set_memory_async (LodgeMachineResources *self,
                                          guint64                kib,
                                          GCancellable          *cancellable,
                                          GAsyncReadyCallback    callback,
                                          gpointer               user_data)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);
  LodgeResourceFigures figures;
  LodgeResourceChange *change;
  GTask *task;

  g_return_if_fail (LODGE_IS_MACHINE_RESOURCES (self));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  figures = priv->figures;
  task = change_task (self, LODGE_CHANGE_MEMORY, kib, 0, cancellable, callback, user_data);
  if (refuse_value (task, kib == 0 || (priv->facts != NULL && priv->facts->live != NULL &&
                                       kib > figures.memory_live_maximum)))
    return;

  if (!is_possible (self, task, LODGE_CHANGE_MEMORY))
    {
      g_object_unref (task);
      return;
    }

  change = g_task_get_task_data (task);
  if (priv->facts != NULL && priv->facts->live != NULL)
    change->value = lodge_resource_figures_clamp_memory (&figures, kib);
  if (!changes (self, LODGE_CHANGE_MEMORY))
    priv->memory_before = figures.memory_asked;

  figures.memory_asked = change->value;
  priv->moved_at = g_get_monotonic_time ();
  priv->arrived = FALSE;
  priv->known = TRUE;
  change_begin (self, task);
  find_memory_state (self, &figures);
  set_figures (self, &figures);
}

gboolean
lodge_machine_resources_set_memory_finish (LodgeMachineResources  *self,
                                           GAsyncResult           *result,
                                           GError                **error)
{
  return change_finish (self, result, error);
}

/**
 * lodge_machine_resources_move_memory_async:
 * @self: a running machine's resources
 * @kib: what it shall have; raised to the floor
 * @cancellable: (nullable): ends the wait, not what libvirt is doing
 * @callback: called on the main thread
 * @user_data: data for @callback
 *
 * Like lodge_machine_resources_set_memory_async(), but leaves the stored
 * definition alone.
 */
void
lodge_machine_resources_move_memory_async (LodgeMachineResources *self,
                                           guint64                kib,
                                           GCancellable          *cancellable,
                                           GAsyncReadyCallback    callback,
                                           gpointer               user_data)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);
  GTask *task;

  g_return_if_fail (LODGE_IS_MACHINE_RESOURCES (self));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  task = change_task (self, LODGE_CHANGE_LIVE_MEMORY, kib, 0, cancellable, callback, user_data);
  if (refuse_value (task, kib == 0 || priv->facts == NULL || priv->facts->live == NULL ||
                          kib > priv->figures.memory_live_maximum))
    return;

  if (changes (self, LODGE_CHANGE_MEMORY))
    {
      g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_SUPERSEDED, "the user changes it");
      g_object_unref (task);
      return;
    }

  if (!is_possible (self, task, LODGE_CHANGE_LIVE_MEMORY))
    {
      g_object_unref (task);
      return;
    }

  priv->moved_at = g_get_monotonic_time ();
  priv->arrived = FALSE;
  priv->known = TRUE;
  change_begin (self, task);
}

gboolean
lodge_machine_resources_move_memory_finish (LodgeMachineResources  *self,
                                            GAsyncResult           *result,
                                            GError                **error)
{
  g_return_val_if_fail (LODGE_IS_MACHINE_RESOURCES (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
lodge_machine_resources_set_vcpus_async (LodgeMachineResources *self,
                                         guint                  vcpus,
                                         GCancellable          *cancellable,
                                         GAsyncReadyCallback    callback,
                                         gpointer               user_data)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);
  LodgeResourceFigures figures;
  GTask *task;

  g_return_if_fail (LODGE_IS_MACHINE_RESOURCES (self));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  figures = priv->figures;
  task = change_task (self, LODGE_CHANGE_VCPUS, vcpus, 0, cancellable, callback, user_data);
  if (refuse_value (task, vcpus == 0 || (priv->facts != NULL && vcpus > figures.vcpus_maximum)))
    return;

  if (!is_possible (self, task, LODGE_CHANGE_VCPUS))
    {
      g_object_unref (task);
      return;
    }

  if (!changes (self, LODGE_CHANGE_VCPUS))
    priv->vcpus_before = figures.vcpus_asked;

  figures.vcpus_asked = vcpus;
  set_figures (self, &figures);
  change_begin (self, task);
}

gboolean
lodge_machine_resources_set_vcpus_finish (LodgeMachineResources  *self,
                                          GAsyncResult           *result,
                                          GError                **error)
{
  return change_finish (self, result, error);
}

void
lodge_machine_resources_set_priority_async (LodgeMachineResources *self,
                                            LodgePriority          priority,
                                            GCancellable          *cancellable,
                                            GAsyncReadyCallback    callback,
                                            gpointer               user_data)
{
  g_return_if_fail (LODGE_IS_MACHINE_RESOURCES (self));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  change_begin (self, change_task (self, LODGE_CHANGE_PRIORITY, priority, 0,
                                   cancellable, callback, user_data));
}

gboolean
lodge_machine_resources_set_priority_finish (LodgeMachineResources  *self,
                                             GAsyncResult           *result,
                                             GError                **error)
{
  return change_finish (self, result, error);
}

static void
store_begin (LodgeMachineResources *self,
             LodgeChangeKind        kind,
             guint64                value,
             GCancellable          *cancellable,
             GAsyncReadyCallback    callback,
             gpointer               user_data)
{
  GTask *task = change_task (self, kind, value, 0, cancellable, callback, user_data);

  if (!refuse_value (task, value == 0))
    change_begin (self, task);
}

void
lodge_machine_resources_store_memory_async (LodgeMachineResources *self,
                                            guint64                kib,
                                            GCancellable          *cancellable,
                                            GAsyncReadyCallback    callback,
                                            gpointer               user_data)
{
  g_return_if_fail (LODGE_IS_MACHINE_RESOURCES (self));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  store_begin (self, LODGE_CHANGE_STORED_MEMORY, kib, cancellable, callback, user_data);
}

gboolean
lodge_machine_resources_store_memory_finish (LodgeMachineResources  *self,
                                             GAsyncResult           *result,
                                             GError                **error)
{
  return change_finish (self, result, error);
}

void
lodge_machine_resources_store_vcpus_async (LodgeMachineResources *self,
                                           guint                  vcpus,
                                           GCancellable          *cancellable,
                                           GAsyncReadyCallback    callback,
                                           gpointer               user_data)
{
  g_return_if_fail (LODGE_IS_MACHINE_RESOURCES (self));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  store_begin (self, LODGE_CHANGE_STORED_VCPUS, vcpus, cancellable, callback, user_data);
}

gboolean
lodge_machine_resources_store_vcpus_finish (LodgeMachineResources  *self,
                                            GAsyncResult           *result,
                                            GError                **error)
{
  return change_finish (self, result, error);
}

void
lodge_machine_resources_prepare_growth_async (LodgeMachineResources *self,
                                              guint64                memory,
                                              guint                  vcpus,
                                              GCancellable          *cancellable,
                                              GAsyncReadyCallback    callback,
                                              gpointer               user_data)
{
  g_return_if_fail (LODGE_IS_MACHINE_RESOURCES (self));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  change_begin (self, change_task (self, LODGE_CHANGE_GROWTH, memory, vcpus,
                                   cancellable, callback, user_data));
}

gboolean
lodge_machine_resources_prepare_growth_finish (LodgeMachineResources  *self,
                                               GAsyncResult           *result,
                                               GError                **error)
{
  return change_finish (self, result, error);
}

void
lodge_machine_resources_bring_online_async (LodgeMachineResources *self,
                                            GCancellable          *cancellable,
                                            GAsyncReadyCallback    callback,
                                            gpointer               user_data)
{
  g_return_if_fail (LODGE_IS_MACHINE_RESOURCES (self));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  change_begin (self, change_task (self, LODGE_CHANGE_ONLINE, 0, 0,
                                   cancellable, callback, user_data));
}

gboolean
lodge_machine_resources_bring_online_finish (LodgeMachineResources  *self,
                                             GAsyncResult           *result,
                                             GError                **error)
{
  return change_finish (self, result, error);
}

gboolean
lodge_machine_resources_get_agent_hangs (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, agent_hangs));
}

guint
lodge_machine_resources_get_cores_cap (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, cores_cap));
}

LodgeObstacle
lodge_machine_resources_get_growth_obstacle (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, growth_obstacle));
}

gboolean
lodge_machine_resources_get_growth_prepared (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, growth_prepared));
}

guint64
lodge_machine_resources_get_memory_asked (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, memory_asked));
}

guint64
lodge_machine_resources_get_memory_boot (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, memory_boot));
}

guint64
lodge_machine_resources_get_memory_floor (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, memory_floor));
}

LodgeFloorSource
lodge_machine_resources_get_memory_floor_source (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, memory_floor_source));
}

guint64
lodge_machine_resources_get_memory_live_maximum (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, memory_live_maximum));
}

LodgeObstacle
lodge_machine_resources_get_memory_obstacle (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, memory_obstacle));
}

guint64
lodge_machine_resources_get_memory_offline (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, memory_offline));
}

guint64
lodge_machine_resources_get_memory_reached (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, memory_reached));
}

LodgeReach
lodge_machine_resources_get_memory_state (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, memory_state));
}

guint64
lodge_machine_resources_get_memory_step (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, memory_step));
}

guint64
lodge_machine_resources_get_memory_stored (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, memory_stored));
}

guint64
lodge_machine_resources_get_memory_stored_maximum (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, memory_stored_maximum));
}

LodgeObstacle
lodge_machine_resources_get_memory_way_obstacle (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, memory_way_obstacle));
}

LodgePriority
lodge_machine_resources_get_priority (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, priority));
}

LodgeObstacle
lodge_machine_resources_get_priority_obstacle (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, priority_obstacle));
}

gboolean
lodge_machine_resources_is_ready (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, ready));
}

guint
lodge_machine_resources_get_vcpus_asked (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, vcpus_asked));
}

guint
lodge_machine_resources_get_vcpus_maximum (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, vcpus_maximum));
}

LodgeObstacle
lodge_machine_resources_get_vcpus_obstacle (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, vcpus_obstacle));
}

guint
lodge_machine_resources_get_vcpus_offline (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, vcpus_offline));
}

guint
lodge_machine_resources_get_vcpus_reached (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, vcpus_reached));
}

guint
lodge_machine_resources_get_vcpus_stored (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, vcpus_stored));
}

guint
lodge_machine_resources_get_vcpus_stored_maximum (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, vcpus_stored_maximum));
}

LodgeWays
lodge_machine_resources_get_ways (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, ways));
}
