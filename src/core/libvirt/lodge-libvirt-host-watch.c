/* lodge-libvirt-host-watch.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-libvirt-host-private.h"

/*
 * Does the daemon still answer?
 *
 * A daemon that hangs, or a computer that is cut off, does not close the
 * connection. So a question that any daemon answers at once is asked when a
 * call takes long, and every now and then when there is none. Whoever does not
 * answer that is lost.
 */

/* How long a call may take before anybody wonders. */
#define LATE_SECONDS 3

static guint idle_seconds = 30;
static guint answer_seconds = 15;

static gpointer
ping_work (gpointer       source_object,
           gpointer       task_data,
           GCancellable  *cancellable,
           GError       **error)
{
  unsigned long version;

  /* An error is an answer, too; that the connection is closed is told elsewhere. */
  virConnectGetLibVersion (lodge_link_get_connect (task_data), &version);

  return GINT_TO_POINTER (TRUE);
}

static void
ping_done_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  LodgeLibvirtHost *self = (LodgeLibvirtHost *)object;
  g_autoptr(GError) error = NULL;

  g_task_propagate_pointer (G_TASK (result), &error);

  /* Nobody waits for it any more. */
  if (error != NULL)
    return;

  g_clear_object (&self->ping);
  g_clear_handle_id (&self->ping_id, g_source_remove);
}

static gboolean
unanswered_cb (gpointer user_data)
{
  LodgeLibvirtHost *self = user_data;
  g_autoptr(GError) error = g_error_new_literal (LODGE_ERROR, LODGE_ERROR_TIMED_OUT,
                                                 "the daemon does not answer");

  self->ping_id = 0;
  lodge_libvirt_host_lose (self, error);

  return G_SOURCE_REMOVE;
}

static void
ping (LodgeLibvirtHost *self)
{
  g_autoptr(GTask) task = NULL;

  if (self->link == NULL || self->ping != NULL)
    return;

  self->ping = g_cancellable_new ();
  /* After an answer that is there already: the main loop may have stood still for as long. */
  self->ping_id = g_timeout_add_seconds_full (G_PRIORITY_LOW, answer_seconds, unanswered_cb, self,
                                              NULL);

  task = g_task_new (self, self->ping, ping_done_cb, NULL);
  g_task_set_source_tag (task, ping);
  g_task_set_task_data (task, lodge_link_ref (self->link), (GDestroyNotify)lodge_link_unref);
  lodge_worker_run (self->opener, task, ping_work, NULL);
}

static gboolean
watch_cb (gpointer user_data)
{
  ping (user_data);

  return G_SOURCE_CONTINUE;
}

static void
call_is_late (gpointer worker,
              gpointer user_data)
{
  ping (user_data);
}

/* Asks now; who does not answer is lost. */
void
lodge_libvirt_host_check (LodgeLibvirtHost *self)
{
  g_assert (LODGE_IS_LIBVIRT_HOST (self));

  ping (self);
}

void
lodge_libvirt_host_start_watch (LodgeLibvirtHost *self)
{
  g_assert (LODGE_IS_LIBVIRT_HOST (self));
  g_assert (self->watch_id == 0);

  self->watch_id = g_timeout_add_seconds (idle_seconds, watch_cb, self);
}

void
lodge_libvirt_host_stop_watch (LodgeLibvirtHost *self)
{
  g_assert (LODGE_IS_LIBVIRT_HOST (self));

  g_clear_handle_id (&self->watch_id, g_source_remove);
  g_clear_handle_id (&self->ping_id, g_source_remove);

  if (self->ping != NULL)
    g_cancellable_cancel (self->ping);
  g_clear_object (&self->ping);
}

void
lodge_libvirt_host_watch_worker (LodgeLibvirtHost *self,
                                 LodgeWorker      *worker)
{
  g_assert (LODGE_IS_LIBVIRT_HOST (self));

  lodge_worker_set_watchdog (worker, LATE_SECONDS, call_is_late, self);
}

/* How often to ask while nothing happens, and how long to wait for the answer, from now on. */
void
lodge_libvirt_host_set_patience (guint new_idle_seconds,
                                 guint new_answer_seconds)
{
  idle_seconds = new_idle_seconds;
  answer_seconds = new_answer_seconds;
}
