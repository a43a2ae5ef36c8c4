/* lodge-libvirt-host.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-host-private.h"
#include "lodge-libvirt-host-private.h"
#include "lodge-libvirt-machine-private.h"
#include "lodge-libvirt-refresh-private.h"

/*
 * LodgeLibvirtHost:
 *
 * A host behind a libvirt URI.
 *
 * It has one #LodgeLink at a time. When that is lost, the machines stay in
 * the list, unreachable, and another link is tried for with growing pauses;
 * with the new one the machines are listed again and compared by UUID.
 */

/* An attempt that takes longer is reported as failed, but may still succeed: ssh may be asking the
 * user for a password, a hung daemon may go on.
 */
#define ATTEMPT_SECONDS 15

#define LONGEST_PAUSE_SECONDS 30

/* For how long (µs) the definitions are read before the list is shown without the rest. */
#define DETAILS_TIME (G_USEC_PER_SEC / 10)

typedef struct
{
  LodgeLink *link;
  GPtrArray *all;
} Opened;

G_DEFINE_FINAL_TYPE (LodgeLibvirtHost, lodge_libvirt_host, LODGE_TYPE_HOST)

static void start_attempt (LodgeLibvirtHost *self);

static void
opened_free (gpointer data)
{
  Opened *opened = data;

  g_clear_pointer (&opened->all, lodge_found_array_release);
  g_clear_pointer (&opened->link, lodge_link_unref);
  g_free (opened);
}

static void
complete_waiters (LodgeLibvirtHost *self,
                  const GError     *error)
{
  g_autoptr(GPtrArray) waiters = g_steal_pointer (&self->waiters);

  self->waiters = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < waiters->len; i++)
    {
      GTask *task = g_ptr_array_index (waiters, i);

      if (error != NULL)
        g_task_return_error (task, g_error_copy (error));
      else
        g_task_return_boolean (task, TRUE);
    }
}

static gboolean
retry_cb (gpointer user_data)
{
  LodgeLibvirtHost *self = user_data;

  self->retry_id = 0;
  start_attempt (self);

  return G_SOURCE_REMOVE;
}

/* 1, 2, 4 … seconds from now. */
static gint64
schedule_retry (LodgeLibvirtHost *self)
{
  guint seconds = MIN (1u << MIN (self->failures, 10), LONGEST_PAUSE_SECONDS);

  g_clear_handle_id (&self->retry_id, g_source_remove);
  self->retry_id = g_timeout_add_seconds (seconds, retry_cb, self);
  self->failures++;

  return g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
}

/* What will not be better in a minute, and could lock an account. */
static gboolean
is_final (const GError *error)
{
  return g_error_matches (error, LODGE_ERROR, LODGE_ERROR_DENIED) ||
         g_error_matches (error, LODGE_ERROR, LODGE_ERROR_INVALID) ||
         g_error_matches (error, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED);
}

static void
make_workers (LodgeLibvirtHost *self)
{
  self->reader = lodge_worker_new (4);
  self->actions = lodge_worker_new (16);
  lodge_libvirt_host_watch_worker (self, self->reader);
  lodge_libvirt_host_watch_worker (self, self->actions);
  lodge_refresh_set_worker (self->events, self->reader);
  lodge_refresh_set_worker (self->details, self->reader);
}

static void
forget_attempt (LodgeLibvirtHost *self)
{
  g_clear_handle_id (&self->overdue_id, g_source_remove);
  self->overdue = FALSE;

  if (self->attempt != NULL)
    g_cancellable_cancel (self->attempt);

  g_clear_object (&self->attempt);
}

/* A daemon that hangs may keep threads for ever, so those are left to themselves. */
static void
replace_workers (LodgeLibvirtHost *self,
                 const GError     *error)
{
  g_autoptr(LodgeWorker) reader = g_steal_pointer (&self->reader);
  g_autoptr(LodgeWorker) actions = g_steal_pointer (&self->actions);

  make_workers (self);

  lodge_worker_set_watchdog (reader, 1, NULL, NULL);
  lodge_worker_set_watchdog (actions, 1, NULL, NULL);
  lodge_worker_abandon (reader, error);
  lodge_worker_abandon (actions, error);
}

static void
drop_link (LodgeLibvirtHost *self)
{
  GListModel *machines = G_LIST_MODEL (_lodge_host_get_store (LODGE_HOST (self)));
  guint n = g_list_model_get_n_items (machines);

  lodge_refresh_clear (self->events, 0);
  lodge_refresh_clear (self->details, 0);
  lodge_refresh_hold (self->events, TRUE);
  lodge_libvirt_host_stop_watch (self);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(LodgeMachine) machine = g_list_model_get_item (machines, i);

      lodge_libvirt_machine_set_domain (LODGE_LIBVIRT_MACHINE (machine), NULL, NULL);
      _lodge_machine_set_reachable (machine, FALSE);
    }

  g_clear_pointer (&self->link, lodge_link_unref);
}

/* The connection is gone; the way to another one begins. */
void
lodge_libvirt_host_lose (LodgeLibvirtHost *self,
                         const GError     *error)
{
  g_autoptr(GError) kept = g_error_copy (error);
  g_autoptr(GError) lost = g_error_new_literal (LODGE_ERROR, LODGE_ERROR_DISCONNECTED,
                                                error->message);

  drop_link (self);
  self->failures = 0;

  /* It may have been lost because the host was started again. */
  _lodge_host_set_acceleration (LODGE_HOST (self), LODGE_ACCELERATION_UNKNOWN);
  _lodge_host_set_state (LODGE_HOST (self), LODGE_HOST_STATE_LOST, kept, schedule_retry (self));
  replace_workers (self, lost);
}

static void
closed (gpointer      owner,
        guint         link,
        const GError *error)
{
  LodgeLibvirtHost *self = owner;

  /* One that is being opened can be lost before it is ours. */
  if (self->link == NULL)
    self->lost_link = link;
  else if (link == lodge_link_get_serial (self->link))
    lodge_libvirt_host_lose (self, error);
}

static const LodgeLinkEvents link_events =
{
  .domain_changed = lodge_libvirt_host_changed,
  .rebooted = lodge_libvirt_host_rebooted,
  .memory_changed = lodge_libvirt_host_memory_changed,
  .device_kept = lodge_libvirt_host_device_kept,
  .closed = closed,
};

/* Whatever keeps a connection from being made, if it has no better name. */
static void
name_open_error (GError *error)
{
  if (error->domain == LODGE_ERROR && error->code == LODGE_ERROR_FAILED)
    error->code = LODGE_ERROR_UNREACHABLE;
  else if (error->domain == LODGE_ERROR && error->code == LODGE_ERROR_DISCONNECTED)
    error->code = LODGE_ERROR_UNREACHABLE;
}

static gpointer
open_work (gpointer       source_object,
           gpointer       task_data,
           GCancellable  *cancellable,
           GError       **error)
{
  LodgeLibvirtHost *self = source_object;
  Opened *opened = g_new0 (Opened, 1);
  GError *failure = NULL;
  GWeakRef owner;

  g_weak_ref_init (&owner, self);
  opened->link = lodge_link_open (lodge_host_get_uri (LODGE_HOST (self)), &link_events, &owner,
                                  &failure);
  g_weak_ref_clear (&owner);

  if (opened->link != NULL)
    opened->all = lodge_libvirt_read_all (lodge_link_get_connect (opened->link),
                                          g_get_monotonic_time () + DETAILS_TIME, &failure);

  if (opened->all == NULL)
    {
      name_open_error (failure);
      g_propagate_error (error, failure);
      opened_free (opened);
      return NULL;
    }

  return opened;
}

static void
take_link (LodgeLibvirtHost *self,
           Opened           *opened)
{
  self->link = lodge_link_ref (opened->link);
  self->failures = 0;
  g_clear_handle_id (&self->retry_id, g_source_remove);
  lodge_refresh_clear (self->events, lodge_link_get_serial (self->link));

  lodge_libvirt_host_retain (self, opened->all);
  lodge_libvirt_host_apply (self, lodge_link_get_serial (self->link), opened->all);
  lodge_refresh_hold (self->events, FALSE);

  for (guint i = 0; i < opened->all->len; i++)
    {
      LodgeFound *found = g_ptr_array_index (opened->all, i);
      LodgeMachine *machine = lodge_libvirt_host_find (self, found->domain);

      if (machine != NULL && !found->has_details)
        lodge_refresh_add (self->details, lodge_link_get_serial (self->link), found->domain);
    }

  lodge_libvirt_host_start_watch (self);
  _lodge_host_set_state (LODGE_HOST (self), LODGE_HOST_STATE_OPEN, NULL, 0);
  complete_waiters (self, NULL);
}

static void
attempt_failed (LodgeLibvirtHost *self,
                const GError     *error)
{
  if (is_final (error))
    _lodge_host_set_state (LODGE_HOST (self), LODGE_HOST_STATE_CLOSED, error, 0);
  else
    _lodge_host_set_state (LODGE_HOST (self), LODGE_HOST_STATE_LOST, error, schedule_retry (self));

  complete_waiters (self, error);
}

static void
attempt_done_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  LodgeLibvirtHost *self = (LodgeLibvirtHost *)object;
  g_autoptr(GError) error = NULL;
  Opened *opened = g_task_propagate_pointer (G_TASK (result), &error);

  /* Somebody gave it up. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->attempt);
  g_clear_handle_id (&self->overdue_id, g_source_remove);
  self->overdue = FALSE;

  if (opened != NULL && lodge_link_get_serial (opened->link) == self->lost_link)
    g_set_error_literal (&error, LODGE_ERROR, LODGE_ERROR_DISCONNECTED,
                         "the connection was lost at once");

  if (error != NULL)
    attempt_failed (self, error);
  else
    take_link (self, opened);

  self->lost_link = 0;
  g_clear_pointer (&opened, opened_free);
}

static gboolean
overdue_cb (gpointer user_data)
{
  LodgeLibvirtHost *self = user_data;
  g_autoptr(GError) error = g_error_new_literal (LODGE_ERROR, LODGE_ERROR_TIMED_OUT,
                                                 "the host does not answer");

  self->overdue_id = 0;
  self->overdue = TRUE;
  _lodge_host_set_state (LODGE_HOST (self), LODGE_HOST_STATE_LOST, error, 0);
  complete_waiters (self, error);

  return G_SOURCE_REMOVE;
}

static void
start_attempt (LodgeLibvirtHost *self)
{
  LodgeHostState state = lodge_host_get_state (LODGE_HOST (self));
  g_autoptr(GTask) task = NULL;

  g_clear_handle_id (&self->retry_id, g_source_remove);
  forget_attempt (self);

  self->attempt = g_cancellable_new ();
  self->overdue_id = g_timeout_add_seconds (ATTEMPT_SECONDS, overdue_cb, self);

  task = g_task_new (self, self->attempt, attempt_done_cb, NULL);
  g_task_set_source_tag (task, start_attempt);
  lodge_worker_run (self->opener, task, open_work, opened_free);

  if (state == LODGE_HOST_STATE_LOST)
    _lodge_host_set_state (LODGE_HOST (self), state, lodge_host_get_error (LODGE_HOST (self)), 0);
  else
    _lodge_host_set_state (LODGE_HOST (self), LODGE_HOST_STATE_CONNECTING, NULL, 0);
}

static void
lodge_libvirt_host_open_async (LodgeHost           *host,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  LodgeLibvirtHost *self = (LodgeLibvirtHost *)host;
  g_autoptr(GTask) task = NULL;

  g_assert (LODGE_IS_LIBVIRT_HOST (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lodge_libvirt_host_open_async);

  if (self->link != NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  g_ptr_array_add (self->waiters, g_steal_pointer (&task));
  if (self->attempt == NULL || self->overdue)
    start_attempt (self);
}

static gboolean
lodge_libvirt_host_open_finish (LodgeHost     *host,
                                GAsyncResult  *result,
                                GError       **error)
{
  g_assert (g_task_is_valid (result, host));

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
lodge_libvirt_host_close (LodgeHost *host)
{
  LodgeLibvirtHost *self = (LodgeLibvirtHost *)host;
  g_autoptr(GPtrArray) none = g_ptr_array_new ();
  g_autoptr(GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "closed");

  g_assert (LODGE_IS_LIBVIRT_HOST (self));

  g_clear_handle_id (&self->retry_id, g_source_remove);
  forget_attempt (self);
  drop_link (self);
  self->failures = 0;
  lodge_libvirt_host_retain (self, none);
  _lodge_host_set_state (host, LODGE_HOST_STATE_CLOSED, NULL, 0);
  replace_workers (self, error);
  complete_waiters (self, error);
}

static void
lodge_libvirt_host_retry (LodgeHost *host)
{
  LodgeLibvirtHost *self = (LodgeLibvirtHost *)host;

  g_assert (LODGE_IS_LIBVIRT_HOST (self));

  if (self->link != NULL)
    {
      lodge_libvirt_host_check (self);
      return;
    }

  if (self->attempt != NULL && !self->overdue)
    return;

  self->failures = 0;
  start_attempt (self);
}

static void
refresh_done (gpointer   owner,
              guint      link,
              GPtrArray *all)
{
  lodge_libvirt_host_apply (owner, link, all);
}

static void
lodge_libvirt_host_dispose (GObject *object)
{
  LodgeLibvirtHost *self = (LodgeLibvirtHost *)object;

  g_clear_handle_id (&self->retry_id, g_source_remove);
  forget_attempt (self);
  lodge_libvirt_host_stop_watch (self);
  lodge_worker_set_watchdog (self->reader, 1, NULL, NULL);
  lodge_worker_set_watchdog (self->actions, 1, NULL, NULL);
  g_clear_pointer (&self->events, lodge_refresh_free);
  g_clear_pointer (&self->details, lodge_refresh_free);
  g_clear_pointer (&self->link, lodge_link_unref);

  G_OBJECT_CLASS (lodge_libvirt_host_parent_class)->dispose (object);
}

static void
lodge_libvirt_host_finalize (GObject *object)
{
  LodgeLibvirtHost *self = (LodgeLibvirtHost *)object;

  g_clear_pointer (&self->waiters, g_ptr_array_unref);
  g_clear_object (&self->actions);
  g_clear_object (&self->opener);
  g_clear_object (&self->reader);

  G_OBJECT_CLASS (lodge_libvirt_host_parent_class)->finalize (object);
}

static void
lodge_libvirt_host_class_init (LodgeLibvirtHostClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  LodgeHostClass *host_class = LODGE_HOST_CLASS (klass);

  object_class->dispose = lodge_libvirt_host_dispose;
  object_class->finalize = lodge_libvirt_host_finalize;

  host_class->open_async = lodge_libvirt_host_open_async;
  host_class->open_finish = lodge_libvirt_host_open_finish;
  host_class->close = lodge_libvirt_host_close;
  host_class->retry = lodge_libvirt_host_retry;
  host_class->define_machine_async = lodge_libvirt_host_define_machine_async;
  host_class->define_machine_finish = lodge_libvirt_host_define_machine_finish;
  host_class->probe_acceleration_async = lodge_libvirt_host_probe_async;
  host_class->probe_acceleration_finish = lodge_libvirt_host_probe_finish;
  host_class->read_sample_async = lodge_libvirt_host_read_sample_async;
  host_class->read_sample_finish = lodge_libvirt_host_read_sample_finish;
}

static void
lodge_libvirt_host_init (LodgeLibvirtHost *self)
{
  self->opener = lodge_worker_new (64);
  self->events = lodge_refresh_new (G_OBJECT (self), refresh_done);
  self->details = lodge_refresh_new (G_OBJECT (self), refresh_done);
  make_workers (self);
  self->waiters = g_ptr_array_new_with_free_func (g_object_unref);
  lodge_refresh_hold (self->events, TRUE);
}

/* Threads for what may take long: starting, saving, streams. */
LodgeWorker *
lodge_libvirt_host_get_actions (LodgeLibvirtHost *self)
{
  g_return_val_if_fail (LODGE_IS_LIBVIRT_HOST (self), NULL);

  return self->actions;
}
