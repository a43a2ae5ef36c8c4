/* lodge-screenshot.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-screenshot.h"
#include "lodge-worker.h"

/**
 * lodge_screenshot_dup_file_name:
 * @machine_title: what people call the machine; may hold anything
 * @time: when the picture was taken
 *
 * Returns: (transfer full): a file name that every file system takes
 */
char *
lodge_screenshot_dup_file_name (const char *machine_title,
                                GDateTime  *time)
{
  g_autofree char *when = g_date_time_format (time, "%Y-%m-%d %H-%M-%S");
  g_autofree char *safe = g_strdelimit (g_strdup (machine_title), "/\\:*?\"<>|", '_');
  char *end = safe;

  /* 255 bytes is what most file systems take, and the date wants room; never half a character. */
  while (*end != '\0' && g_utf8_next_char (end) - safe <= 180)
    end = g_utf8_next_char (end);
  *end = '\0';

  return g_strdup_printf ("%s %s.png", *safe == '.' ? "_" : safe, when);
}

static gpointer
save_work (gpointer       source_object,
           gpointer       task_data,
           GCancellable  *cancellable,
           GError       **error)
{
  GFile *file = task_data;
  GdkTexture *texture = source_object;
  g_autoptr(GBytes) png = gdk_texture_save_to_png_bytes (texture);

  if (!g_file_replace_contents (file, g_bytes_get_data (png, NULL), g_bytes_get_size (png), NULL, FALSE,
                                G_FILE_CREATE_NONE, NULL, cancellable, error))
    return NULL;

  return GINT_TO_POINTER (TRUE);
}

/**
 * lodge_screenshot_save_async:
 * @texture: a picture that lies in memory, as lodge_screen_dup_texture() gives it
 * @file: where to; replaced if it is there
 *
 * Encodes and writes a PNG off the main thread.
 */
void
lodge_screenshot_save_async (GdkTexture          *texture,
                             GFile               *file,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(LodgeWorker) worker = lodge_worker_new (1);
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (GDK_IS_TEXTURE (texture));
  g_return_if_fail (G_IS_FILE (file));

  task = g_task_new (texture, cancellable, callback, user_data);
  g_task_set_source_tag (task, lodge_screenshot_save_async);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  lodge_worker_run (worker, task, save_work, NULL);
}

gboolean
lodge_screenshot_save_finish (GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (G_IS_TASK (result), FALSE);

  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}
