/* lodge-clipboard.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <spice/vd_agent.h>

#include "lodge-clipboard-provider.h"
#include "lodge-clipboard-reader.h"
#include "lodge-clipboard-types.h"

/**
 * LodgeClipboard:
 *
 * Shares the clipboards of a display with a guest, both ways.
 *
 * Each side only says what it has ("grab"); content crosses when somebody pastes. The agent answers
 * requests of a selection in order and without a number, so that there is one at a time.
 */

#define N_SELECTIONS 2
#define MAX_TYPES 64

/* How long a guest may take to answer: it may have to draw a picture of 60 MB first. */
#define ANSWER_TIMEOUT_MS 30000

/* Agents that do not keep from releasing before each grab make clipboard managers of this side take
 * over in between, which the guest then takes for a new owner.
 */
#define RELEASE_DELAY_MS 500

typedef struct
{
  LodgeClipboard     *owner;
  GdkClipboard       *clipboard;
  GdkContentProvider *provider;
  GQueue              requests;
  guint               index;
  guint               answer_timeout;
  guint               release_delay;
  gboolean            offered;
} Selection;

struct _LodgeClipboard
{
  GObject           parent_instance;
  SpiceMainChannel *channel;
  GCancellable     *cancellable;
  Selection         selections[N_SELECTIONS];
  guint             timeout;
  gboolean          enabled;
};

G_DEFINE_FINAL_TYPE (LodgeClipboard, lodge_clipboard, G_TYPE_OBJECT)

static void lodge_clipboard_next_request (LodgeClipboard *self,
                                          Selection      *selection);

static gboolean
lodge_clipboard_agent_can (LodgeClipboard *self,
                           guint32         capability)
{
  g_assert (LODGE_IS_CLIPBOARD (self));

  return self->channel != NULL &&
         spice_main_channel_agent_test_capability (self->channel, capability);
}

/* The library complains when it is called without an agent, and the agent may be gone before its
 * signal has come.
 */
static gboolean
lodge_clipboard_can_talk (LodgeClipboard *self)
{
  gboolean connected = FALSE;

  g_assert (LODGE_IS_CLIPBOARD (self));

  if (!lodge_clipboard_agent_can (self, VD_AGENT_CAP_CLIPBOARD_BY_DEMAND))
    return FALSE;

  g_object_get (self->channel, "agent-connected", &connected, NULL);

  return connected;
}

/* The guest's requests fail; takes nothing from the wire. */
static void
lodge_clipboard_fail_requests (LodgeClipboard *self,
                               Selection      *selection,
                               const char     *message)
{
  GTask *task;

  g_assert (LODGE_IS_CLIPBOARD (self));

  g_clear_handle_id (&selection->answer_timeout, g_source_remove);

  while ((task = g_queue_pop_head (&selection->requests)) != NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", message);
      g_object_unref (task);
    }
}

/* The guest's content goes from the clipboard of this side, if it is still there. */
static void
lodge_clipboard_withdraw (LodgeClipboard *self,
                          Selection      *selection)
{
  g_autoptr(GdkContentProvider) provider = g_steal_pointer (&selection->provider);

  g_assert (LODGE_IS_CLIPBOARD (self));

  g_clear_handle_id (&selection->release_delay, g_source_remove);
  lodge_clipboard_fail_requests (self, selection, "The guest has this no more");

  if (provider == NULL)
    return;

  lodge_clipboard_provider_invalidate (LODGE_CLIPBOARD_PROVIDER (provider));
  if (gdk_clipboard_get_content (selection->clipboard) == provider)
    gdk_clipboard_set_content (selection->clipboard, NULL);
}

/* Tells the guest what this side has. */
static void
lodge_clipboard_offer (LodgeClipboard *self,
                       Selection      *selection)
{
  g_autoptr(GArray) types = NULL;

  g_assert (LODGE_IS_CLIPBOARD (self));

  if (!self->enabled || !lodge_clipboard_can_talk (self))
    return;

  types = lodge_clipboard_types_from_formats (gdk_clipboard_get_formats (selection->clipboard));

  if (types->len > 0)
    {
      spice_main_channel_clipboard_selection_grab (self->channel, selection->index,
                                                   (guint32 *)(gpointer)types->data,
                                                   (int)types->len);
      selection->offered = TRUE;
    }
  else if (selection->offered)
    {
      spice_main_channel_clipboard_selection_release (self->channel, selection->index);
      selection->offered = FALSE;
    }
}

static void
lodge_clipboard_changed_cb (GdkClipboard *clipboard,
                            Selection    *selection)
{
  LodgeClipboard *self = selection->owner;

  /* Our own doing. */
  if (selection->provider != NULL &&
      gdk_clipboard_get_content (clipboard) == selection->provider)
    return;

  /* Somebody took over from the guest; who still reads from it may finish. */
  g_clear_object (&selection->provider);
  lodge_clipboard_offer (self, selection);
}

static void
lodge_clipboard_grab_by_guest (LodgeClipboard *self,
                               Selection      *selection,
                               const guint32  *types,
                               guint           n_types)
{
  g_autoptr(GdkContentFormats) formats = lodge_clipboard_types_to_formats (types, n_types);
  g_autoptr(GdkContentProvider) former = g_steal_pointer (&selection->provider);

  g_assert (LODGE_IS_CLIPBOARD (self));

  g_clear_handle_id (&selection->release_delay, g_source_remove);
  lodge_clipboard_fail_requests (self, selection, "The guest has something else now");
  if (former != NULL)
    lodge_clipboard_provider_invalidate (LODGE_CLIPBOARD_PROVIDER (former));

  selection->offered = FALSE;

  /* First ours, then the clipboard's: it tells of the change at once. */
  selection->provider = lodge_clipboard_provider_new (self, selection->index, formats);
  gdk_clipboard_set_content (selection->clipboard, selection->provider);
}

static gboolean
lodge_clipboard_grab_cb (LodgeClipboard   *self,
                         guint             index,
                         gpointer          types,
                         guint             n_types,
                         SpiceMainChannel *channel)
{
  guint32 copy[MAX_TYPES];

  if (!self->enabled || index >= N_SELECTIONS)
    return FALSE;

  /* They lie in a message, at any address. */
  n_types = MIN (n_types, MAX_TYPES);
  memcpy (copy, types, n_types * sizeof *copy);
  lodge_clipboard_grab_by_guest (self, &self->selections[index], copy, n_types);

  return TRUE;
}

static gboolean
lodge_clipboard_release_delay_cb (gpointer user_data)
{
  Selection *selection = user_data;

  selection->release_delay = 0;
  lodge_clipboard_withdraw (selection->owner, selection);

  return G_SOURCE_REMOVE;
}

static void
lodge_clipboard_release_cb (LodgeClipboard   *self,
                            guint             index,
                            SpiceMainChannel *channel)
{
  Selection *selection;

  if (index >= N_SELECTIONS || self->selections[index].provider == NULL)
    return;

  selection = &self->selections[index];
  g_clear_handle_id (&selection->release_delay, g_source_remove);

  if (lodge_clipboard_agent_can (self, VD_AGENT_CAP_CLIPBOARD_NO_RELEASE_ON_REGRAB))
    lodge_clipboard_withdraw (self, selection);
  else
    selection->release_delay = g_timeout_add (RELEASE_DELAY_MS, lodge_clipboard_release_delay_cb,
                                              selection);
}

/* What somebody on this side waits for: the answer to come is the first one's. */

static gboolean
lodge_clipboard_answer_timeout_cb (gpointer user_data)
{
  Selection *selection = user_data;
  g_autoptr(GTask) task = g_queue_pop_head (&selection->requests);

  selection->answer_timeout = 0;
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                           "The guest did not give its clipboard in time");
  lodge_clipboard_next_request (selection->owner, selection);

  return G_SOURCE_REMOVE;
}

static void
lodge_clipboard_next_request (LodgeClipboard *self,
                              Selection      *selection)
{
  GTask *task = g_queue_peek_head (&selection->requests);

  g_assert (LODGE_IS_CLIPBOARD (self));

  if (task == NULL || selection->answer_timeout != 0)
    return;

  if (!self->enabled || !lodge_clipboard_can_talk (self))
    {
      lodge_clipboard_fail_requests (self, selection, "The guest's agent is not there");
      return;
    }

  selection->answer_timeout =
    g_timeout_add (self->timeout, lodge_clipboard_answer_timeout_cb, selection);
  spice_main_channel_clipboard_selection_request (self->channel, selection->index,
                                                  GPOINTER_TO_UINT (g_task_get_task_data (task)));
}

/* Runs on a thread: there may be much of it. */
static void
lodge_clipboard_convert_work (GTask        *task,
                              gpointer      source_object,
                              gpointer      task_data,
                              GCancellable *cancellable)
{
  gboolean crlf = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (task), "crlf"));
  GBytes *bytes = g_object_get_data (G_OBJECT (task), "bytes");

  g_task_return_pointer (task, lodge_clipboard_text_from_guest (bytes, crlf),
                         (GDestroyNotify)g_bytes_unref);
}

static void
lodge_clipboard_answer (LodgeClipboard *self,
                        GTask          *task,
                        guint           type,
                        gconstpointer   data,
                        guint           size)
{
  GBytes *bytes;

  g_assert (LODGE_IS_CLIPBOARD (self));

  if (type == VD_AGENT_CLIPBOARD_NONE)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                               "The guest has nothing of this kind");
      return;
    }

  if (size > LODGE_CLIPBOARD_MAX_SIZE)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                               "The guest's clipboard has %u MiB, %u can be pasted",
                               size / (1024 * 1024), LODGE_CLIPBOARD_MAX_SIZE / (1024 * 1024));
      return;
    }

  bytes = g_bytes_new (data, size);
  if (!lodge_clipboard_type_is_text (type))
    {
      g_task_return_pointer (task, bytes, (GDestroyNotify)g_bytes_unref);
      return;
    }

  g_object_set_data_full (G_OBJECT (task), "bytes", bytes, (GDestroyNotify)g_bytes_unref);
  g_object_set_data (G_OBJECT (task), "crlf", GINT_TO_POINTER (
    lodge_clipboard_agent_can (self, VD_AGENT_CAP_GUEST_LINEEND_CRLF)));
  g_task_run_in_thread (task, lodge_clipboard_convert_work);
}

static void
lodge_clipboard_data_cb (LodgeClipboard   *self,
                         guint             index,
                         guint             type,
                         gpointer          data,
                         guint             size,
                         SpiceMainChannel *channel)
{
  Selection *selection;
  g_autoptr(GTask) task = NULL;
  guint wanted;

  if (index >= N_SELECTIONS || self->selections[index].answer_timeout == 0)
    return;

  selection = &self->selections[index];
  wanted = GPOINTER_TO_UINT (g_task_get_task_data (g_queue_peek_head (&selection->requests)));

  /* The late answer to a request that was given up. */
  if (type != VD_AGENT_CLIPBOARD_NONE && type != wanted)
    return;

  task = g_queue_pop_head (&selection->requests);
  g_clear_handle_id (&selection->answer_timeout, g_source_remove);
  lodge_clipboard_answer (self, task, type, data, size);
  lodge_clipboard_next_request (self, selection);
}

typedef struct
{
  LodgeClipboard *self;
  guint32         type;
  guint           index;
} GuestRequest;

/* The guest always gets an answer, or whoever pastes there waits. */
static void
lodge_clipboard_collected_cb (GObject      *object,
                              GAsyncResult *result,
                              gpointer      user_data)
{
  GuestRequest *request = user_data;
  g_autoptr(LodgeClipboard) self = request->self;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  gconstpointer data = NULL;
  gsize size = 0;
  int max = 0;

  bytes = lodge_clipboard_reader_read_finish (GDK_CLIPBOARD (object), result, &error);
  if (bytes != NULL)
    data = g_bytes_get_data (bytes, &size);

  /* Cancelled: not for this guest any more. */
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
      self->enabled && lodge_clipboard_can_talk (self))
    {
      g_object_get (self->channel, "max-clipboard", &max, NULL);
      if (max >= 0 && size >= (gsize)max)
        size = 0;

      spice_main_channel_clipboard_selection_notify (self->channel, request->index,
                                                     size > 0 ? request->type
                                                              : VD_AGENT_CLIPBOARD_NONE,
                                                     size > 0 ? data : NULL, size);
    }

  g_free (request);
}

static gboolean
lodge_clipboard_request_cb (LodgeClipboard   *self,
                            guint             index,
                            guint             type,
                            SpiceMainChannel *channel)
{
  Selection *selection;
  GuestRequest *request;

  if (index >= N_SELECTIONS)
    return FALSE;

  selection = &self->selections[index];

  /* Not what the guest itself has put there, and nothing that was not offered. */
  if (!self->enabled || !selection->offered || selection->provider != NULL)
    {
      if (lodge_clipboard_can_talk (self))
        spice_main_channel_clipboard_selection_notify (channel, index, VD_AGENT_CLIPBOARD_NONE,
                                                       NULL, 0);
      return TRUE;
    }

  request = g_new0 (GuestRequest, 1);
  request->self = g_object_ref (self);
  request->index = index;
  request->type = type;
  lodge_clipboard_reader_read_async (selection->clipboard, type,
                                     lodge_clipboard_agent_can (self,
                                                                VD_AGENT_CAP_GUEST_LINEEND_CRLF),
                                     self->cancellable, lodge_clipboard_collected_cb, request);

  return TRUE;
}

/* Both sides forget what they know of each other. */
static void
lodge_clipboard_part (LodgeClipboard *self)
{
  g_assert (LODGE_IS_CLIPBOARD (self));

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();

  for (guint i = 0; i < N_SELECTIONS; i++)
    {
      Selection *selection = &self->selections[i];

      lodge_clipboard_withdraw (self, selection);

      if (selection->offered && lodge_clipboard_can_talk (self))
        spice_main_channel_clipboard_selection_release (self->channel, i);
      selection->offered = FALSE;
    }
}

static void
lodge_clipboard_dispose (GObject *object)
{
  LodgeClipboard *self = (LodgeClipboard *)object;

  lodge_clipboard_set_enabled (self, FALSE);
  lodge_clipboard_set_channel (self, NULL);

  for (guint i = 0; i < N_SELECTIONS; i++)
    if (self->selections[i].clipboard != NULL)
      {
        g_signal_handlers_disconnect_by_data (self->selections[i].clipboard, &self->selections[i]);
        g_clear_object (&self->selections[i].clipboard);
      }

  G_OBJECT_CLASS (lodge_clipboard_parent_class)->dispose (object);
}

static void
lodge_clipboard_finalize (GObject *object)
{
  LodgeClipboard *self = (LodgeClipboard *)object;

  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (lodge_clipboard_parent_class)->finalize (object);
}

static void
lodge_clipboard_class_init (LodgeClipboardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lodge_clipboard_dispose;
  object_class->finalize = lodge_clipboard_finalize;
}

static void
lodge_clipboard_init (LodgeClipboard *self)
{
  self->cancellable = g_cancellable_new ();
  self->timeout = ANSWER_TIMEOUT_MS;
}

LodgeClipboard *
lodge_clipboard_new (GdkDisplay *display)
{
  LodgeClipboard *self = g_object_new (LODGE_TYPE_CLIPBOARD, NULL);
  GdkClipboard *clipboards[N_SELECTIONS] = {
    [VD_AGENT_CLIPBOARD_SELECTION_CLIPBOARD] = gdk_display_get_clipboard (display),
    [VD_AGENT_CLIPBOARD_SELECTION_PRIMARY] = gdk_display_get_primary_clipboard (display),
  };

  for (guint i = 0; i < N_SELECTIONS; i++)
    {
      Selection *selection = &self->selections[i];

      selection->owner = self;
      selection->index = i;
      selection->clipboard = g_object_ref (clipboards[i]);
      g_queue_init (&selection->requests);
      /* Disconnected in dispose: the data is no object. */
      g_signal_connect (selection->clipboard, "changed",
                        G_CALLBACK (lodge_clipboard_changed_cb), selection);
    }

  return self;
}

void
lodge_clipboard_set_channel (LodgeClipboard   *self,
                             SpiceMainChannel *channel)
{
  g_return_if_fail (LODGE_IS_CLIPBOARD (self));

  if (self->channel == channel)
    return;

  if (self->channel != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->channel, self);
      self->channel = NULL;
      lodge_clipboard_part (self);
    }

  self->channel = channel;
  if (channel == NULL)
    return;

  g_object_set (channel, "max-clipboard", LODGE_CLIPBOARD_MAX_SIZE, NULL);
  g_signal_connect_object (channel, "main-clipboard-selection",
                           G_CALLBACK (lodge_clipboard_data_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (channel, "main-clipboard-selection-grab",
                           G_CALLBACK (lodge_clipboard_grab_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (channel, "main-clipboard-selection-release",
                           G_CALLBACK (lodge_clipboard_release_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (channel, "main-clipboard-selection-request",
                           G_CALLBACK (lodge_clipboard_request_cb), self, G_CONNECT_SWAPPED);
}

void
lodge_clipboard_set_enabled (LodgeClipboard *self,
                             gboolean        enabled)
{
  g_return_if_fail (LODGE_IS_CLIPBOARD (self));

  if (self->enabled == !!enabled)
    return;

  self->enabled = !!enabled;

  if (!enabled)
    {
      lodge_clipboard_part (self);
      return;
    }

  for (guint i = 0; i < N_SELECTIONS; i++)
    lodge_clipboard_offer (self, &self->selections[i]);
}

void
lodge_clipboard_set_timeout (LodgeClipboard *self,
                             guint           ms)
{
  g_return_if_fail (LODGE_IS_CLIPBOARD (self));

  self->timeout = ms;
}

void
lodge_clipboard_read_async (LodgeClipboard      *self,
                            guint                index,
                            const char          *mime_type,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  guint32 type = lodge_clipboard_type_from_mime (mime_type);

  g_return_if_fail (LODGE_IS_CLIPBOARD (self));
  g_return_if_fail (index < N_SELECTIONS);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lodge_clipboard_read_async);
  g_task_set_task_data (task, GUINT_TO_POINTER (type), NULL);

  if (type == VD_AGENT_CLIPBOARD_NONE)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                               "No guest has “%s”", mime_type);
      return;
    }

  g_queue_push_tail (&self->selections[index].requests, g_steal_pointer (&task));
  lodge_clipboard_next_request (self, &self->selections[index]);
}

/* Returns: (transfer full): the bytes */
GBytes *
lodge_clipboard_read_finish (LodgeClipboard  *self,
                             GAsyncResult    *result,
                             GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
