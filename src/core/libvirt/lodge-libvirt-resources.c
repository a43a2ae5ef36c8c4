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
 *
 * The guest agent is asked beside all else, as it may take its time: after
 * something was plugged in or out, or when it connects. What it said counts
 * until then.
 */

#define LODGE_TYPE_LIBVIRT_RESOURCES (lodge_libvirt_resources_get_type ())

G_DECLARE_FINAL_TYPE (LodgeLibvirtResources, lodge_libvirt_resources,
                      LODGE, LIBVIRT_RESOURCES, LodgeMachineResources)

struct _LodgeLibvirtResources
{
  LodgeMachineResources  parent_instance;
  LodgeGuestFacts        guest;
  guint64                plugged;        /* what the guest had when it was asked */
  guint64                requested;      /* and was to have */
  guint64                brought;        /* and when it was told to use it */
  guint                  vcpus;
  guint                  tried;          /* the link by which it is known whether changes are allowed */
  guint                  asked : 1;      /* the agent of this run */
  guint                  asking : 1;
  guint                  changed : 1;    /* it may use something else since it was asked */
  guint                  grows : 1;      /* Lodge has added memory */
};

G_DEFINE_FINAL_TYPE (LodgeLibvirtResources, lodge_libvirt_resources, LODGE_TYPE_MACHINE_RESOURCES)

static gpointer
read_work (gpointer       source_object,
           gpointer       task_data,
           GCancellable  *cancellable,
           GError       **error)
{
  LodgeDomainCall *call = task_data;
  LodgeResourceFacts *facts = lodge_libvirt_read_resources (call, error);

  if (facts != NULL && call->number != 0)
    facts->denied = lodge_libvirt_is_denied (call->domain, facts);

  return facts;
}

static gpointer
ask_work (gpointer       source_object,
          gpointer       task_data,
          GCancellable  *cancellable,
          GError       **error)
{
  LodgeDomainCall *call = task_data;
  LodgeGuestFacts *facts = g_new0 (LodgeGuestFacts, 1);

  lodge_libvirt_ask_guest (call->domain, facts);

  return facts;
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
     LodgeWorkFunc              work,
     GDestroyNotify             result_destroy)
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
      call->second = change->second;
      call->known = g_memdup2 (_lodge_machine_resources_get_figures (resources),
                               sizeof *call->known);
    }
  else if (work == read_work)
    {
      LodgeLibvirtResources *self = LODGE_LIBVIRT_RESOURCES (resources);
      guint serial = lodge_link_get_serial (call->link);

      call->number = self->tried != serial;
      self->tried = serial;
    }

  call->local = lodge_host_get_local (host);
  lodge_libvirt_machine_run (LODGE_LIBVIRT_MACHINE (machine), task, work, result_destroy);
}

static void
asked_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  LodgeLibvirtResources *self = LODGE_LIBVIRT_RESOURCES (object);
  g_autofree LodgeGuestFacts *facts = g_task_propagate_pointer (G_TASK (result), NULL);

  self->asking = FALSE;
  if (facts == NULL)
    return;

  lodge_machine_resources_refresh (LODGE_MACHINE_RESOURCES (self));

  /* Asked in the middle of a change: the next look asks again. */
  if (self->changed)
    return;

  self->asked = TRUE;
  self->guest = *facts;

  /* The kernel has left off what it was given. While memory is taken away, it is the kernel that
   * switches it off, and it is to stay so.
   */
  if (self->grows && facts->offline != 0 && facts->offline != LODGE_NOT_KNOWN &&
      self->brought != self->plugged && self->requested >= self->plugged)
    {
      self->brought = self->plugged;
      lodge_machine_resources_bring_online_async (LODGE_MACHINE_RESOURCES (self), NULL, NULL, NULL);
    }
}

/* Asks the agent where what it said may be wrong by now, and fills in what it said. */
static void
add_guest (LodgeLibvirtResources *self,
           LodgeResourceFacts    *facts)
{
  const LodgeResourceDefinition *live = facts->live;
  guint64 plugged;

  if (live == NULL || !live->agent_connected)
    {
      self->asked = FALSE;
      self->brought = 0;
      return;
    }

  plugged = lodge_resource_definition_get_plugged (live, TRUE);

  if (!self->asking &&
      (!self->asked || self->changed || self->plugged != plugged || self->vcpus != live->vcpus))
    {
      GTask *task = g_task_new (self, NULL, asked_cb, NULL);

      g_task_set_source_tag (task, add_guest);
      self->asking = TRUE;
      self->changed = FALSE;
      self->plugged = plugged;
      self->requested = lodge_resource_definition_get_plugged (live, FALSE);
      self->vcpus = live->vcpus;
      run (LODGE_MACHINE_RESOURCES (self), task, NULL, ask_work, g_free);
    }

  if (self->asked)
    {
      facts->guest_vcpus = self->guest.vcpus;
      facts->guest_offline = self->guest.offline;
      facts->agent_hangs = self->guest.hangs;
    }
}

static void
lodge_libvirt_resources_read_async (LodgeMachineResources *resources,
                                    GCancellable          *cancellable,
                                    GAsyncReadyCallback    callback,
                                    gpointer               user_data)
{
  GTask *task = g_task_new (resources, cancellable, callback, user_data);

  g_task_set_source_tag (task, lodge_libvirt_resources_read_async);
  run (resources, task, NULL, read_work, (GDestroyNotify)lodge_resource_facts_free);
}

static void
lodge_libvirt_resources_change_async (LodgeMachineResources     *resources,
                                      const LodgeResourceChange *change,
                                      GCancellable              *cancellable,
                                      GAsyncReadyCallback        callback,
                                      gpointer                   user_data)
{
  LodgeLibvirtResources *self = LODGE_LIBVIRT_RESOURCES (resources);
  GTask *task = g_task_new (resources, cancellable, callback, user_data);

  if (change->kind == LODGE_CHANGE_MEMORY || change->kind == LODGE_CHANGE_LIVE_MEMORY)
    self->grows = TRUE;

  g_task_set_source_tag (task, lodge_libvirt_resources_change_async);
  run (resources, task, change, change_work, (GDestroyNotify)lodge_resource_facts_free);
}

static LodgeResourceFacts *
lodge_libvirt_resources_read_finish (LodgeMachineResources  *resources,
                                     GAsyncResult           *result,
                                     GError                **error)
{
  LodgeResourceFacts *facts;

  g_assert (g_task_is_valid (result, resources));

  facts = g_task_propagate_pointer (G_TASK (result), error);
  if (facts != NULL)
    add_guest (LODGE_LIBVIRT_RESOURCES (resources), facts);
  else
    LODGE_LIBVIRT_RESOURCES (resources)->tried = 0;

  return facts;
}

/* What the agent says from now on is what counts: it may have been asked in the middle. */
static LodgeResourceFacts *
lodge_libvirt_resources_change_finish (LodgeMachineResources  *resources,
                                       GAsyncResult           *result,
                                       GError                **error)
{
  LODGE_LIBVIRT_RESOURCES (resources)->changed = TRUE;

  return lodge_libvirt_resources_read_finish (resources, result, error);
}

static void
lodge_libvirt_resources_class_init (LodgeLibvirtResourcesClass *klass)
{
  LodgeMachineResourcesClass *resources_class = LODGE_MACHINE_RESOURCES_CLASS (klass);

  resources_class->read_async = lodge_libvirt_resources_read_async;
  resources_class->read_finish = lodge_libvirt_resources_read_finish;
  resources_class->change_async = lodge_libvirt_resources_change_async;
  resources_class->change_finish = lodge_libvirt_resources_change_finish;
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
