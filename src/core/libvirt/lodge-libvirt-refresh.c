/* lodge-libvirt-refresh.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "lodge-libvirt-refresh-private.h"

/*
 * LodgeRefresh:
 *
 * The domains of a host that have to be looked at again.
 *
 * However many events tell of a domain, it is looked at once, and while one
 * look is under way at most one more waits. A few dozen at a time go to the
 * worker, so that thousands neither hold up the main loop nor keep the first
 * of them waiting.
 */

#define BATCH 64

struct _LodgeRefresh
{
  GObject          *owner;     /* not referenced; it owns this */
  LodgeWorker      *worker;
  LodgeRefreshFunc  func;
  GHashTable       *waiting;   /* the ID in an Entry → the Entry */
  GQueue            order;     /* the same, the first one in front */
  GCancellable     *running;
  guint             idle_id;
  gboolean          held;
};

typedef struct
{
  char          id[VIR_UUID_STRING_BUFLEN];
  guint         link;
  virDomainPtr  domain;
} Entry;

typedef struct
{
  guint      link;
  GPtrArray *all;
} Batch;

static void refresh_schedule (LodgeRefresh *self);

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  lodge_libvirt_release_domain (entry->domain);
  g_free (entry);
}

static void
batch_free (gpointer data)
{
  Batch *batch = data;

  lodge_found_array_release (batch->all);
  g_free (batch);
}

static gpointer
refresh_work (gpointer       source_object,
              gpointer       task_data,
              GCancellable  *cancellable,
              GError       **error)
{
  Batch *batch = task_data;

  for (guint i = 0; i < batch->all->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      LodgeFound *found = g_ptr_array_index (batch->all, i);
      g_autoptr(GError) failure = NULL;

      if (!lodge_libvirt_read_domain (found, &failure))
        found->gone = g_error_matches (failure, LODGE_ERROR, LODGE_ERROR_GONE);
    }

  return g_ptr_array_ref (batch->all);
}

static void
refresh_done_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  LodgeRefresh *self = user_data;
  Batch *batch = g_task_get_task_data (G_TASK (result));
  GPtrArray *all = g_task_propagate_pointer (G_TASK (result), NULL);

  /* Cancelled means freed, too. The error does not tell: a host that is closed ends its calls with
   * the same.
   */
  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;

  g_clear_object (&self->running);

  if (all != NULL)
    {
      self->func (self->owner, batch->link, all);
      lodge_found_array_release (all);
    }

  refresh_schedule (self);
}

static gboolean
refresh_idle_cb (gpointer user_data)
{
  LodgeRefresh *self = user_data;
  g_autoptr(GTask) task = NULL;
  Batch *batch = g_new0 (Batch, 1);
  Entry *entry = g_queue_peek_head (&self->order);

  self->idle_id = 0;
  self->running = g_cancellable_new ();

  batch->link = entry->link;
  batch->all = g_ptr_array_new_with_free_func ((GDestroyNotify)lodge_found_free);

  while (batch->all->len < BATCH &&
         (entry = g_queue_peek_head (&self->order)) != NULL && entry->link == batch->link)
    {
      g_queue_pop_head (&self->order);
      g_ptr_array_add (batch->all, lodge_found_new (entry->domain));
      g_hash_table_remove (self->waiting, entry->id);
    }

  task = g_task_new (self->owner, self->running, refresh_done_cb, self);
  g_task_set_source_tag (task, refresh_idle_cb);
  g_task_set_task_data (task, batch, batch_free);
  lodge_worker_run (self->worker, task, refresh_work, (GDestroyNotify)lodge_found_array_release);

  return G_SOURCE_REMOVE;
}

static void
refresh_schedule (LodgeRefresh *self)
{
  if (self->held || self->running != NULL || self->idle_id != 0 || g_queue_is_empty (&self->order))
    return;

  self->idle_id = g_idle_add_full (G_PRIORITY_DEFAULT, refresh_idle_cb, self, NULL);
}

/* @func: called on the main thread with what was found. */
LodgeRefresh *
lodge_refresh_new (GObject          *owner,
                   LodgeRefreshFunc  func)
{
  LodgeRefresh *self = g_new0 (LodgeRefresh, 1);

  self->owner = owner;
  self->func = func;
  self->waiting = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, entry_free);
  g_queue_init (&self->order);

  return self;
}

void
lodge_refresh_free (LodgeRefresh *self)
{
  if (self->running != NULL)
    g_cancellable_cancel (self->running);

  g_clear_object (&self->running);
  g_clear_handle_id (&self->idle_id, g_source_remove);
  g_queue_clear (&self->order);
  g_hash_table_unref (self->waiting);
  g_clear_object (&self->worker);
  g_free (self);
}

/* Has @domain, got through @link, looked at. If it waits already, the newer handle is taken, at the
 * same place.
 */
void
lodge_refresh_add (LodgeRefresh *self,
                   guint         link,
                   virDomainPtr  domain)
{
  char id[VIR_UUID_STRING_BUFLEN];
  Entry *entry;

  if (virDomainGetUUIDString (domain, id) < 0)
    return;

  entry = g_hash_table_lookup (self->waiting, id);

  if (entry == NULL)
    {
      entry = g_new0 (Entry, 1);
      memcpy (entry->id, id, sizeof id);
      g_queue_push_tail (&self->order, entry);
      g_hash_table_insert (self->waiting, entry->id, entry);
    }
  else
    lodge_libvirt_release_domain (entry->domain);

  virDomainRef (domain);
  entry->domain = domain;
  entry->link = link;

  refresh_schedule (self);
}

/* Forgets the domains of other links than that with the number @except. */
void
lodge_refresh_clear (LodgeRefresh *self,
                     guint         except)
{
  GList *next;

  for (GList *at = self->order.head; at != NULL; at = next)
    {
      Entry *entry = at->data;

      next = at->next;

      if (entry->link != except)
        {
          g_queue_delete_link (&self->order, at);
          g_hash_table_remove (self->waiting, entry->id);
        }
    }

  if (g_queue_is_empty (&self->order))
    g_clear_handle_id (&self->idle_id, g_source_remove);
}

/* Where the looking is done from now on. */
void
lodge_refresh_set_worker (LodgeRefresh *self,
                          LodgeWorker  *worker)
{
  g_set_object (&self->worker, worker);
}

/* While held, domains are only gathered. */
void
lodge_refresh_hold (LodgeRefresh *self,
                    gboolean      held)
{
  self->held = held;

  if (held)
    g_clear_handle_id (&self->idle_id, g_source_remove);
  else
    refresh_schedule (self);
}
