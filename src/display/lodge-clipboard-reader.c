/* lodge-clipboard-reader.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-clipboard-reader.h"
#include "lodge-clipboard-types.h"

/* Reads a clipboard of this side piece by piece, so that somebody who offers without end is not
 * collected without end.
 */

#define PIECE (64 * 1024)

typedef struct
{
  GInputStream *stream;
  GByteArray   *data;
  guint32       type;
  gboolean      crlf;
} ReadData;

static void
read_data_free (ReadData *data)
{
  g_clear_object (&data->stream);
  g_clear_pointer (&data->data, g_byte_array_unref);
  g_free (data);
}

/* Runs on a thread: there may be much of it. */
static void
convert_work (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  ReadData *data = task_data;
  g_autoptr(GBytes) raw = NULL;
  g_autoptr(GBytes) text = NULL;
  g_autofree char *terminated = NULL;
  GBytes *converted;
  gsize size;

  raw = g_byte_array_free_to_bytes (g_steal_pointer (&data->data));
  text = lodge_clipboard_text_from_guest (raw, FALSE);
  terminated = g_strndup (g_bytes_get_data (text, &size), g_bytes_get_size (text));
  converted = lodge_clipboard_text_to_guest (terminated, data->crlf);

  if (g_bytes_get_size (converted) > LODGE_CLIPBOARD_MAX_SIZE)
    {
      g_bytes_unref (converted);
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "Too much text");
      return;
    }

  g_task_return_pointer (task, converted, (GDestroyNotify)g_bytes_unref);
}

static void
piece_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ReadData *data = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr(GBytes) piece = NULL;
  GError *error = NULL;

  piece = g_input_stream_read_bytes_finish (data->stream, result, &error);
  if (piece == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (g_bytes_get_size (piece) == 0)
    {
      if (lodge_clipboard_type_is_text (data->type))
        g_task_run_in_thread (task, convert_work);
      else
        g_task_return_pointer (task, g_byte_array_free_to_bytes (g_steal_pointer (&data->data)),
                               (GDestroyNotify)g_bytes_unref);
      return;
    }

  g_byte_array_append (data->data, g_bytes_get_data (piece, NULL), (guint)g_bytes_get_size (piece));
  if (data->data->len > LODGE_CLIPBOARD_MAX_SIZE)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "Too much to copy");
      return;
    }

  g_input_stream_read_bytes_async (data->stream, PIECE, G_PRIORITY_DEFAULT, cancellable,
                                   piece_cb, g_steal_pointer (&task));
}

static void
opened_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ReadData *data = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;

  data->stream = gdk_clipboard_read_finish (GDK_CLIPBOARD (object), result, NULL, &error);
  if (data->stream == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_input_stream_read_bytes_async (data->stream, PIECE, G_PRIORITY_DEFAULT, cancellable,
                                   piece_cb, g_steal_pointer (&task));
}

void
lodge_clipboard_reader_read_async (GdkClipboard        *clipboard,
                                   guint32              type,
                                   gboolean             crlf,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  ReadData *data;

  g_return_if_fail (GDK_IS_CLIPBOARD (clipboard));

  task = g_task_new (clipboard, cancellable, callback, user_data);
  g_task_set_source_tag (task, lodge_clipboard_reader_read_async);
  data = g_new0 (ReadData, 1);
  data->data = g_byte_array_new ();
  data->type = type;
  data->crlf = crlf;
  g_task_set_task_data (task, data, (GDestroyNotify)read_data_free);

  if (lodge_clipboard_type_get_mimes (type)[0] == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "Type %u", type);
      return;
    }

  gdk_clipboard_read_async (clipboard, (const char **)lodge_clipboard_type_get_mimes (type),
                            G_PRIORITY_DEFAULT, cancellable, opened_cb, g_steal_pointer (&task));
}

/* Returns: (transfer full): the bytes */
GBytes *
lodge_clipboard_reader_read_finish (GdkClipboard  *clipboard,
                                    GAsyncResult  *result,
                                    GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, clipboard), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
