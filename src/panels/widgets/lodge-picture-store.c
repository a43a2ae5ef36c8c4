/* lodge-picture-store.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "lodge-picture-store.h"
#include "lodge-worker.h"

/* Enough for the sidebar at twofold scale and for a dimmed picture behind a button. */
#define MAX_WIDTH 640

/**
 * LodgePictureStore:
 *
 * The last pictures of guests' screens, kept in files for the time when a guest is off.
 */

struct _LodgePictureStore
{
  GObject      parent_instance;

  LodgeWorker *worker;
  char        *folder;
};

enum {
  CHANGED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (LodgePictureStore, lodge_picture_store, G_TYPE_OBJECT)

static guint signals[N_SIGNALS];

typedef struct
{
  char   *path;
  char   *id;
  guchar *pixels;
  int     width;
  int     height;
} Job;

static void
job_free (Job *job)
{
  g_free (job->path);
  g_free (job->id);
  g_free (job->pixels);
  g_free (job);
}

/* An id comes from a host; it must not lead out of the folder. */
static char *
dup_path (LodgePictureStore *self,
          const char        *id)
{
  g_autofree char *name = g_strcanon (g_strdup (id), "0123456789abcdefABCDEF-", '_');
  g_autofree char *file = g_strconcat (name, ".png", NULL);

  return g_build_filename (self->folder, file, NULL);
}

/* The guest's screen has no transparency: four bytes (B, G, R, unused on little-endian machines,
 * as gdk_texture_download() has them) become three.
 */
static GdkPixbuf *
pack_pixels (const Job *job)
{
  GdkPixbuf *pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, job->width, job->height);
  guchar *out;
  gsize stride;

  if (pixbuf == NULL)
    return NULL;

  out = gdk_pixbuf_get_pixels (pixbuf);
  stride = gdk_pixbuf_get_rowstride (pixbuf);

  for (int y = 0; y < job->height; y++)
    for (int x = 0; x < job->width; x++)
      {
        guint32 pixel = ((const guint32 *)(gpointer)job->pixels)[(gsize)y * job->width + x];
        guchar *to = out + y * stride + 3 * x;

        to[0] = pixel >> 16;
        to[1] = pixel >> 8;
        to[2] = pixel;
      }

  return pixbuf;
}

static gpointer
save_work (gpointer       source_object,
           gpointer       task_data,
           GCancellable  *cancellable,
           GError       **error)
{
  LodgePictureStore *self = source_object;
  const Job *job = task_data;
  g_autoptr(GdkPixbuf) full = pack_pixels (job);
  g_autoptr(GdkPixbuf) small = NULL;
  g_autofree char *data = NULL;
  gsize length;

  if (full != NULL && job->width > MAX_WIDTH)
    small = gdk_pixbuf_scale_simple (full, MAX_WIDTH,
                                     MAX (1, (int)((gint64)job->height * MAX_WIDTH / job->width)),
                                     GDK_INTERP_BILINEAR);
  else
    g_set_object (&small, full);

  if (small == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "no memory for a picture");
      return NULL;
    }

  if (g_mkdir_with_parents (self->folder, 0700) != 0)
    {
      int saved_errno = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno), "%s: %s",
                   self->folder, g_strerror (saved_errno));
      return NULL;
    }

  /* What was on the screen is private: readable for the user alone. */
  if (!gdk_pixbuf_save_to_buffer (small, &data, &length, "png", error, "compression", "3", NULL) ||
      !g_file_set_contents_full (job->path, data, length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error))
    return NULL;

  return GINT_TO_POINTER (TRUE);
}

static gpointer
load_work (gpointer       source_object,
           gpointer       task_data,
           GCancellable  *cancellable,
           GError       **error)
{
  return gdk_texture_new_from_filename (((Job *)task_data)->path, error);
}

static void
lodge_picture_store_finalize (GObject *object)
{
  LodgePictureStore *self = (LodgePictureStore *)object;

  g_clear_object (&self->worker);
  g_clear_pointer (&self->folder, g_free);

  G_OBJECT_CLASS (lodge_picture_store_parent_class)->finalize (object);
}

static void
lodge_picture_store_class_init (LodgePictureStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = lodge_picture_store_finalize;

  signals[CHANGED] =
    g_signal_new ("changed",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED,
                  0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
lodge_picture_store_init (LodgePictureStore *self)
{
  /* One thread: a later picture of a guest is never overtaken by an earlier one. */
  self->worker = lodge_worker_new (1);
}

/**
 * lodge_picture_store_new:
 * @folder: where the files are; it need not exist
 *
 * Returns: (transfer full): a store
 */
LodgePictureStore *
lodge_picture_store_new (const char *folder)
{
  LodgePictureStore *self = g_object_new (LODGE_TYPE_PICTURE_STORE, NULL);

  self->folder = g_strdup (folder);

  return self;
}

/**
 * lodge_picture_store_get_default:
 *
 * Returns: (transfer none): the store in the user's cache folder
 */
LodgePictureStore *
lodge_picture_store_get_default (void)
{
  static LodgePictureStore *store;

  if (store == NULL)
    {
      g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "lodge", "pictures", NULL);

      store = lodge_picture_store_new (folder);
    }

  return store;
}

/**
 * lodge_picture_store_save_async:
 * @id: the UUID of the guest
 * @texture: its screen
 *
 * Keeps the picture, at most 640 pixels wide, in place of the last one.
 */
void
lodge_picture_store_save_async (LodgePictureStore   *self,
                                const char          *id,
                                GdkTexture          *texture,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Job *job;

  g_return_if_fail (LODGE_IS_PICTURE_STORE (self));
  g_return_if_fail (id != NULL);
  g_return_if_fail (GDK_IS_TEXTURE (texture));

  job = g_new0 (Job, 1);
  job->path = dup_path (self, id);
  job->id = g_strdup (id);
  job->width = gdk_texture_get_width (texture);
  job->height = gdk_texture_get_height (texture);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lodge_picture_store_save_async);
  g_task_set_task_data (task, job, (GDestroyNotify)job_free);

  /* Here and not on the thread: a GL texture belongs to the main thread. */
  job->pixels = g_try_malloc_n ((gsize)job->width * job->height, 4);

  if (job->pixels == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "no memory for a picture");
      return;
    }

  gdk_texture_download (texture, job->pixels, (gsize)job->width * 4);
  lodge_worker_run (self->worker, task, save_work, NULL);
}

gboolean
lodge_picture_store_save_finish (LodgePictureStore  *self,
                                 GAsyncResult       *result,
                                 GError            **error)
{
  const Job *job;

  g_return_val_if_fail (LODGE_IS_PICTURE_STORE (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  job = g_task_get_task_data (G_TASK (result));

  if (g_task_propagate_pointer (G_TASK (result), error) == NULL)
    return FALSE;

  g_signal_emit (self, signals[CHANGED], g_quark_from_string (job->id), job->id);

  return TRUE;
}

/**
 * lodge_picture_store_load_async:
 * @id: the UUID of the guest
 *
 * Reads and decodes the last picture off the main thread.
 */
void
lodge_picture_store_load_async (LodgePictureStore   *self,
                                const char          *id,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Job *job;

  g_return_if_fail (LODGE_IS_PICTURE_STORE (self));
  g_return_if_fail (id != NULL);

  job = g_new0 (Job, 1);
  job->path = dup_path (self, id);
  job->id = g_strdup (id);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lodge_picture_store_load_async);
  g_task_set_task_data (task, job, (GDestroyNotify)job_free);
  lodge_worker_run (self->worker, task, load_work, g_object_unref);
}

/**
 * lodge_picture_store_load_finish:
 *
 * Returns: (transfer full): the picture, or %NULL with @error set, for example where there is none
 */
GdkTexture *
lodge_picture_store_load_finish (LodgePictureStore  *self,
                                 GAsyncResult       *result,
                                 GError            **error)
{
  g_return_val_if_fail (LODGE_IS_PICTURE_STORE (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
