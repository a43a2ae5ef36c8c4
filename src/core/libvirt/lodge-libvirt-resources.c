/* lodge-libvirt-resources.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-host.h"
#include "lodge-libvirt-resources-private.h"

/*
 * LodgeLibvirtResources:
 *
 * Memory and cores of a libvirt domain.
 */

#define LODGE_TYPE_LIBVIRT_RESOURCES (lodge_libvirt_resources_get_type ())

G_DECLARE_FINAL_TYPE (LodgeLibvirtResources, lodge_libvirt_resources,
                      LODGE, LIBVIRT_RESOURCES, LodgeMachineResources)

struct _LodgeLibvirtResources
{
  LodgeMachineResources parent_instance;
};

G_DEFINE_FINAL_TYPE (LodgeLibvirtResources, lodge_libvirt_resources, LODGE_TYPE_MACHINE_RESOURCES)

static gpointer
read_work (gpointer       source_object,
           gpointer       task_data,
           GCancellable  *cancellable,
           GError       **error)
{
  return lodge_libvirt_read_resources (task_data, error);
}

/* Looks, changes and looks again: what is asked for depends on how things are. */
static gpointer
change_work (gpointer       source_object,
             gpointer       task_data,
             GCancellable  *cancellable,
             GError       **error)
{
  LodgeDomainCall *call = task_data;
  g_autoptr(LodgeResourceFacts) before = lodge_libvirt_read_resources (call, error);
  LodgeResourceFacts *after;
  guint64 sent = 0;
  GError *failure = NULL;

  if (before == NULL)
    return NULL;

  lodge_libvirt_change (call, before, &sent, &failure);
  after = lodge_libvirt_read_resources (call, failure == NULL ? error : NULL);

  if (after == NULL && failure != NULL)
    g_propagate_error (error, failure);
  else if (after != NULL)
    {
      after->sent = sent;
      after->failure = failure;
    }

  return after;
}

/* Ends @task if there is no machine or no connection. Takes @task. */
static void
run (LodgeMachineResources     *resources,
     GTask                     *task,
     const LodgeResourceChange *change,
     LodgeWorkFunc              work)
{
  g_autoptr(GTask) owned = task;
  LodgeMachine *machine = lodge_machine_resources_get_machine (resources);
  LodgeHost *host = machine != NULL ? lodge_machine_get_host (machine) : NULL;
  LodgeDomainCall *call;

  if (host == NULL)
    {
      g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_GONE, "the machine is gone");
      return;
    }

  if ((call = lodge_libvirt_machine_begin (LODGE_LIBVIRT_MACHINE (machine), task)) == NULL)
    return;

  if (change != NULL)
    {
      call->number = change->kind;
      call->value = change->value;
    }

  call->second = lodge_host_get_local (host);
  lodge_libvirt_machine_run (LODGE_LIBVIRT_MACHINE (machine), task, work,
                             (GDestroyNotify)lodge_resource_facts_free);
}

static void
lodge_libvirt_resources_read_async (LodgeMachineResources *resources,
                                    GCancellable          *cancellable,
                                    GAsyncReadyCallback    callback,
                                    gpointer               user_data)
{
  GTask *task = g_task_new (resources, cancellable, callback, user_data);

  g_task_set_source_tag (task, lodge_libvirt_resources_read_async);
  run (resources, task, NULL, read_work);
}

static void
lodge_libvirt_resources_change_async (LodgeMachineResources     *resources,
                                      const LodgeResourceChange *change,
                                      GCancellable              *cancellable,
                                      GAsyncReadyCallback        callback,
                                      gpointer                   user_data)
{
  GTask *task = g_task_new (resources, cancellable, callback, user_data);

  g_task_set_source_tag (task, lodge_libvirt_resources_change_async);
  run (resources, task, change, change_work);
}

static LodgeResourceFacts *
lodge_libvirt_resources_finish (LodgeMachineResources  *resources,
                                GAsyncResult           *result,
                                GError                **error)
{
  g_assert (g_task_is_valid (result, resources));

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
lodge_libvirt_resources_class_init (LodgeLibvirtResourcesClass *klass)
{
  LodgeMachineResourcesClass *resources_class = LODGE_MACHINE_RESOURCES_CLASS (klass);

  resources_class->read_async = lodge_libvirt_resources_read_async;
  resources_class->read_finish = lodge_libvirt_resources_finish;
  resources_class->change_async = lodge_libvirt_resources_change_async;
  resources_class->change_finish = lodge_libvirt_resources_finish;
}

static void
lodge_libvirt_resources_init (LodgeLibvirtResources *self)
{
}

LodgeMachineResources *
lodge_libvirt_resources_new (LodgeMachine *machine)
{
  return g_object_new (LODGE_TYPE_LIBVIRT_RESOURCES, "machine", machine, NULL);
}
