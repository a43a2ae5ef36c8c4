/* lodge-clipboard-provider.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-clipboard-provider.h"

/**
 * LodgeClipboardProvider:
 *
 * What a guest has in its clipboard, as content of one of ours.
 *
 * Nothing crosses before somebody pastes. All of it is asynchronous: a guest that is slow or hangs
 * keeps the one who pastes waiting, and nobody else.
 */

#define PIECE (64 * 1024)

struct _LodgeClipboardProvider
{
  GdkContentProvider  parent_instance;
  GdkContentFormats  *formats;
  LodgeClipboard     *clipboard;
  guint               selection;
};

G_DEFINE_FINAL_TYPE (LodgeClipboardProvider, lodge_clipboard_provider, GDK_TYPE_CONTENT_PROVIDER)

static GdkContentFormats *
lodge_clipboard_provider_ref_formats (GdkContentProvider *provider)
{
  return gdk_content_formats_ref (LODGE_CLIPBOARD_PROVIDER (provider)->formats);
}

/* Nothing to leave behind when this program ends: by then the guest is out of reach. */
static GdkContentFormats *
lodge_clipboard_provider_ref_storable_formats (GdkContentProvider *provider)
{
  return gdk_content_formats_new (NULL, 0);
}

typedef struct
{
  GOutputStream *stream;
  GBytes        *bytes;
  gsize          offset;
} WriteData;

static void
write_data_free (WriteData *data)
{
  g_clear_object (&data->stream);
  g_clear_pointer (&data->bytes, g_bytes_unref);
  g_free (data);
}

static void write_next (GTask *task);

static gboolean
write_next_cb (gpointer user_data)
{
  write_next (user_data);

  return G_SOURCE_REMOVE;
}

static void
written_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  WriteData *data = g_task_get_task_data (task);
  GError *error = NULL;
  gssize n = g_output_stream_write_finish (G_OUTPUT_STREAM (object), result, &error);

  if (n < 0)
    {
      g_task_return_error (task, error);
      return;
    }

  data->offset += (gsize)n;

  /* From an idle: this may be a call from within GDK's stream, which for X11 does not take another
   * write before it has returned (an assertion, in 4.8).
   */
  g_idle_add_full (g_task_get_priority (task), write_next_cb, g_object_ref (task), g_object_unref);
}

/* Piece by piece: more than an X11 request can hold (16 MB) that is written at once never arrives,
 * since GDK waits for the reader and the reader for GDK.
 */
static void
write_next (GTask *task)
{
  WriteData *data = g_task_get_task_data (task);
  gsize size;
  const guint8 *bytes = g_bytes_get_data (data->bytes, &size);

  if (g_task_return_error_if_cancelled (task))
    return;

  if (data->offset == size)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  g_output_stream_write_async (data->stream, bytes + data->offset,
                               MIN (size - data->offset, PIECE), g_task_get_priority (task),
                               g_task_get_cancellable (task), written_cb, g_object_ref (task));
}

static void
lodge_clipboard_provider_read_cb (GObject      *object,
                                  GAsyncResult *result,
                                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  WriteData *data = g_task_get_task_data (task);
  GError *error = NULL;

  data->bytes = lodge_clipboard_read_finish (LODGE_CLIPBOARD (object), result, &error);
  if (data->bytes == NULL)
    g_task_return_error (task, error);
  else
    write_next (task);
}

static void
lodge_clipboard_provider_write_async (GdkContentProvider  *provider,
                                      const char          *mime_type,
                                      GOutputStream       *stream,
                                      int                  io_priority,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  LodgeClipboardProvider *self = LODGE_CLIPBOARD_PROVIDER (provider);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  WriteData *data = g_new0 (WriteData, 1);

  g_task_set_source_tag (task, lodge_clipboard_provider_write_async);
  g_task_set_priority (task, io_priority);
  data->stream = g_object_ref (stream);
  g_task_set_task_data (task, data, (GDestroyNotify)write_data_free);

  if (self->clipboard == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                               "The guest has this no more");
      return;
    }

  lodge_clipboard_read_async (self->clipboard, self->selection, mime_type, cancellable,
                              lodge_clipboard_provider_read_cb, g_steal_pointer (&task));
}

static gboolean
lodge_clipboard_provider_write_finish (GdkContentProvider  *provider,
                                       GAsyncResult        *result,
                                       GError             **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
lodge_clipboard_provider_dispose (GObject *object)
{
  LodgeClipboardProvider *self = (LodgeClipboardProvider *)object;

  g_clear_weak_pointer (&self->clipboard);

  G_OBJECT_CLASS (lodge_clipboard_provider_parent_class)->dispose (object);
}

static void
lodge_clipboard_provider_finalize (GObject *object)
{
  LodgeClipboardProvider *self = (LodgeClipboardProvider *)object;

  g_clear_pointer (&self->formats, gdk_content_formats_unref);

  G_OBJECT_CLASS (lodge_clipboard_provider_parent_class)->finalize (object);
}

static void
lodge_clipboard_provider_class_init (LodgeClipboardProviderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GdkContentProviderClass *provider_class = GDK_CONTENT_PROVIDER_CLASS (klass);

  object_class->dispose = lodge_clipboard_provider_dispose;
  object_class->finalize = lodge_clipboard_provider_finalize;

  provider_class->ref_formats = lodge_clipboard_provider_ref_formats;
  provider_class->ref_storable_formats = lodge_clipboard_provider_ref_storable_formats;
  provider_class->write_mime_type_async = lodge_clipboard_provider_write_async;
  provider_class->write_mime_type_finish = lodge_clipboard_provider_write_finish;
}

static void
lodge_clipboard_provider_init (LodgeClipboardProvider *self)
{
}

GdkContentProvider *
lodge_clipboard_provider_new (LodgeClipboard    *clipboard,
                              guint              selection,
                              GdkContentFormats *formats)
{
  LodgeClipboardProvider *self = g_object_new (LODGE_TYPE_CLIPBOARD_PROVIDER, NULL);

  g_set_weak_pointer (&self->clipboard, clipboard);
  self->selection = selection;
  self->formats = gdk_content_formats_ref (formats);

  return GDK_CONTENT_PROVIDER (self);
}

void
lodge_clipboard_provider_invalidate (LodgeClipboardProvider *self)
{
  g_return_if_fail (LODGE_IS_CLIPBOARD_PROVIDER (self));

  g_clear_weak_pointer (&self->clipboard);
}
