/* lodge-machine-resources-state.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-machine-resources-private.h"

/* What facts mean: the part of LodgeMachineResources that compares what was asked with what is. */

/* A guest that has not moved for so long does not move by itself. */
#define HELD_SECONDS 10

/* A guest that was asked for its figures has given them by then. */
#define SOON_SECONDS 3

/* What a balloon may be off by. */
#define TOLERANCE G_GUINT64_CONSTANT (1024)

gboolean
_lodge_machine_resources_has_change (LodgeMachineResources *self,
                                     LodgeChangeKind        kind)
{
  LodgeMachineResourcesPrivate *priv = _lodge_machine_resources_get_private (self);

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
  LodgeMachineResourcesPrivate *priv = _lodge_machine_resources_get_private (self);

  priv->held_id = 0;
  _lodge_machine_resources_read (self);

  return G_SOURCE_REMOVE;
}

/* Looks whether what was asked is reached, and says when to look again. */
void
_lodge_machine_resources_find_memory_state (LodgeMachineResources *self,
                                            LodgeResourceFigures  *figures)
{
  LodgeMachineResourcesPrivate *priv = _lodge_machine_resources_get_private (self);
  gint64 left = priv->moved_at + HELD_SECONDS * G_USEC_PER_SEC - g_get_monotonic_time ();

  g_clear_handle_id (&priv->held_id, g_source_remove);

  if (is_near (figures->memory_asked, figures->memory_reached,
               MAX (TOLERANCE, figures->memory_step)))
    {
      figures->memory_state = LODGE_REACH_SETTLED;

      /* Not while something else is about to be asked. */
      if (!_lodge_machine_resources_has_change (self, LODGE_CHANGE_LIVE_MEMORY))
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
  LodgeMachineResourcesPrivate *priv = _lodge_machine_resources_get_private (self);

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
  LodgeMachineResourcesPrivate *priv = _lodge_machine_resources_get_private (self);
  gboolean moved = figures->memory_reached != before;
  gboolean away;

  if (moved)
    priv->moved_at = g_get_monotonic_time ();
  if (moved && priv->known)
    priv->answered = TRUE;

  /* What moves while our own change is under way is its doing. */
  if (_lodge_machine_resources_has_change (self, LODGE_CHANGE_MEMORY) ||
      (priv->known && _lodge_machine_resources_has_change (self, LODGE_CHANGE_LIVE_MEMORY)))
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
  if (_lodge_machine_resources_has_change (self, LODGE_CHANGE_VCPUS))
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

/* What the next start will change. Where memory and cores differ while the guest is on its way, that
 * is none of it.
 */
static void
collect_pending (LodgeMachineResources *self,
                 GListStore            *store)
{
  LodgeMachineResourcesPrivate *priv = _lodge_machine_resources_get_private (self);
  const LodgeResourceDefinition *live = priv->facts->live;
  const LodgeResourceDefinition *stored = priv->facts->stored;
  const LodgeResourceFigures *figures = &priv->figures;

  if (live == NULL || stored == NULL)
    return;

  if (figures->memory_stored > figures->memory_live_maximum || lodge_machine_resources_get_memory_waits (self))
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
  LodgeMachineResourcesPrivate *priv = _lodge_machine_resources_get_private (self);
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
  LodgeMachineResourcesPrivate *priv = _lodge_machine_resources_get_private (self);
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
void
_lodge_machine_resources_update (LodgeMachineResources *self)
{
  LodgeMachineResourcesPrivate *priv = _lodge_machine_resources_get_private (self);
  LodgeResourceFigures figures = priv->figures;

  if (priv->facts != NULL)
    {
      lodge_resource_figures_read (&figures, priv->facts);
      find_memory_asked (self, &figures, priv->figures.memory_reached);
      find_vcpus_asked (self, &figures, priv->figures.vcpus_reached);
      _lodge_machine_resources_find_memory_state (self, &figures);
    }

  add_obstacles (self, &figures);
  _lodge_machine_resources_set_figures (self, &figures);

  if (priv->facts != NULL)
    update_pending (self);
}

static gboolean
soon_cb (gpointer user_data)
{
  LodgeMachineResources *self = user_data;
  LodgeMachineResourcesPrivate *priv = _lodge_machine_resources_get_private (self);

  priv->soon_id = 0;
  _lodge_machine_resources_read (self);

  return G_SOURCE_REMOVE;
}

/* Takes @facts. */
void
_lodge_machine_resources_take_facts (LodgeMachineResources *self,
                                     LodgeResourceFacts    *facts)
{
  LodgeMachineResourcesPrivate *priv = _lodge_machine_resources_get_private (self);
  gboolean was_live = priv->facts != NULL && priv->facts->live != NULL;

  if (facts->live == NULL && facts->stored == NULL)
    {
      lodge_resource_facts_free (facts);
      return;
    }

  /* Another run of the guest: nothing of the last one counts. */
  if (was_live != (facts->live != NULL))
    {
      /* But what was asked of this one, before it was known to run. */
      priv->known = facts->sent != 0;
      priv->arrived = FALSE;
      priv->answered = FALSE;
    }

  if (facts->usable != LODGE_NOT_KNOWN)
    priv->answered = TRUE;
  if (facts->denied)
    priv->denied = TRUE;
  if (facts->soon && priv->soon_id == 0)
    priv->soon_id = g_timeout_add_seconds (SOON_SECONDS, soon_cb, self);

  g_clear_pointer (&priv->facts, lodge_resource_facts_free);
  priv->facts = facts;
  _lodge_machine_resources_update (self);
}
