/* lodge-machine-resources-changes.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-core-enums.h"
#include "lodge-error.h"
#include "lodge-machine-resources-private.h"

/* What is asked for: the part of LodgeMachineResources that sends one change after the other. */

static void change_next (LodgeMachineResources *self);

/* A failed change has changed nothing: the asked value is what it was. */
static void
take_back (LodgeMachineResources *self,
           LodgeChangeKind        kind)
{
  LodgeMachineResourcesPrivate *priv = _lodge_machine_resources_get_private (self);
  LodgeResourceFigures figures = priv->figures;

  if (_lodge_machine_resources_has_change (self, kind))
    return;

  if (kind == LODGE_CHANGE_MEMORY)
    figures.memory_asked = priv->memory_before;
  else if (kind == LODGE_CHANGE_VCPUS)
    figures.vcpus_asked = priv->vcpus_before;
  else
    return;

  if (priv->facts != NULL)
    _lodge_machine_resources_find_memory_state (self, &figures);
  _lodge_machine_resources_set_figures (self, &figures);
}

static void
change_done_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  LodgeMachineResources *self = LODGE_MACHINE_RESOURCES (object);
  LodgeMachineResourcesPrivate *priv = _lodge_machine_resources_get_private (self);
  g_autoptr(GTask) task = g_steal_pointer (&priv->running);
  LodgeResourceChange *change = g_task_get_task_data (task);
  LodgeResourceFacts *facts;
  GError *error = NULL;

  facts = LODGE_MACHINE_RESOURCES_GET_CLASS (self)->change_finish (self, result, &error);
  if (facts != NULL && facts->failure != NULL)
    error = g_steal_pointer (&facts->failure);

  priv->denied = g_error_matches (error, LODGE_ERROR, LODGE_ERROR_DENIED);

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

  if (facts != NULL && facts->sent != 0 &&
      !_lodge_machine_resources_has_change (self, LODGE_CHANGE_MEMORY))
    {
      LodgeResourceFigures figures = priv->figures;

      /* A look of meanwhile may have seen the guest start, and forgotten what was asked. */
      figures.memory_asked = priv->memory_before = facts->sent;
      priv->known = TRUE;
      _lodge_machine_resources_set_figures (self, &figures);
    }
  if (facts != NULL)
    {
      priv->overtaken = priv->reading;
      _lodge_machine_resources_take_facts (self, facts);
    }

  change_next (self);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
change_next (LodgeMachineResources *self)
{
  LodgeMachineResourcesPrivate *priv = _lodge_machine_resources_get_private (self);

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
  LodgeMachineResourcesPrivate *priv = _lodge_machine_resources_get_private (self);

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
  LodgeMachineResourcesPrivate *priv = _lodge_machine_resources_get_private (self);

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
  LodgeMachineResourcesPrivate *priv = _lodge_machine_resources_get_private (self);
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
  LodgeMachineResourcesPrivate *priv = _lodge_machine_resources_get_private (self);
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
  LodgeMachineResourcesPrivate *priv = _lodge_machine_resources_get_private (self);
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
  if (!_lodge_machine_resources_has_change (self, LODGE_CHANGE_MEMORY))
    priv->memory_before = figures.memory_asked;

  figures.memory_asked = change->value;
  priv->moved_at = g_get_monotonic_time ();
  priv->arrived = FALSE;
  priv->known = TRUE;
  change_begin (self, task);
  _lodge_machine_resources_find_memory_state (self, &figures);
  _lodge_machine_resources_set_figures (self, &figures);
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
  LodgeMachineResourcesPrivate *priv = _lodge_machine_resources_get_private (self);
  GTask *task;

  g_return_if_fail (LODGE_IS_MACHINE_RESOURCES (self));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  task = change_task (self, LODGE_CHANGE_LIVE_MEMORY, kib, 0, cancellable, callback, user_data);
  if (refuse_value (task, kib == 0 || priv->facts == NULL || priv->facts->live == NULL ||
                          kib > priv->figures.memory_live_maximum))
    return;

  if (_lodge_machine_resources_has_change (self, LODGE_CHANGE_MEMORY))
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
  return change_finish (self, result, error);
}

void
lodge_machine_resources_set_vcpus_async (LodgeMachineResources *self,
                                         guint                  vcpus,
                                         GCancellable          *cancellable,
                                         GAsyncReadyCallback    callback,
                                         gpointer               user_data)
{
  LodgeMachineResourcesPrivate *priv = _lodge_machine_resources_get_private (self);
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

  if (!_lodge_machine_resources_has_change (self, LODGE_CHANGE_VCPUS))
    priv->vcpus_before = figures.vcpus_asked;

  figures.vcpus_asked = vcpus;
  _lodge_machine_resources_set_figures (self, &figures);
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
