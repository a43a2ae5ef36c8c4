/* lodge-scanout.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <gio/gio.h>

#include "lodge-framebuffer-private.h"
#include "lodge-scanout-private.h"

/**
 * LodgeScanout:
 *
 * A picture that a GPU has drawn.
 *
 * The guest stands still from a draw to its answer, so each draw is answered once, whatever happens
 * to those who show it: the frame clock of a hidden window stops, a window may be closed, a second
 * draw may come early. A number tells the draws apart, so that an answer that comes late is not
 * taken for that to the next draw.
 */

/* A frame takes 17 ms; QEMU complains after 1 s. */
#define PATIENCE_MS 100

struct _LodgeScanout
{
  GObject   parent_instance;
  int       fd;
  int       width;
  int       height;
  guint     stride;
  guint32   fourcc;
  guint64   modifier;
  guint     n_holders;
  guint     draw;
  guint     timeout_id;
  guint     pending : 1;
  guint     y0_top : 1;
};

enum {
  DAMAGED,
  DONE,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (LodgeScanout, lodge_scanout, G_TYPE_OBJECT)

static guint signals[N_SIGNALS];

static void
lodge_scanout_answer (LodgeScanout *self)
{
  g_assert (LODGE_IS_SCANOUT (self));

  if (!self->pending)
    return;

  self->pending = FALSE;
  self->n_holders = 0;
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  g_signal_emit (self, signals[DONE], 0);
}

static gboolean
patience_cb (gpointer user_data)
{
  LodgeScanout *self = user_data;

  self->timeout_id = 0;
  lodge_scanout_answer (self);

  return G_SOURCE_REMOVE;
}

static void
lodge_scanout_dispose (GObject *object)
{
  LodgeScanout *self = (LodgeScanout *)object;

  lodge_scanout_answer (self);

  G_OBJECT_CLASS (lodge_scanout_parent_class)->dispose (object);
}

static void
lodge_scanout_finalize (GObject *object)
{
  LodgeScanout *self = (LodgeScanout *)object;

  if (self->fd >= 0)
    close (self->fd);

  G_OBJECT_CLASS (lodge_scanout_parent_class)->finalize (object);
}

static void
lodge_scanout_class_init (LodgeScanoutClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lodge_scanout_dispose;
  object_class->finalize = lodge_scanout_finalize;

  signals[DAMAGED] =
    g_signal_new ("damaged", LODGE_TYPE_SCANOUT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 4, G_TYPE_INT, G_TYPE_INT, G_TYPE_INT, G_TYPE_INT);

  signals[DONE] =
    g_signal_new ("done", LODGE_TYPE_SCANOUT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
lodge_scanout_init (LodgeScanout *self)
{
  self->fd = -1;
}

LodgeScanout *
lodge_scanout_new (int       fd,
                   int       width,
                   int       height,
                   guint     stride,
                   guint32   fourcc,
                   guint64   modifier,
                   gboolean  y0_top,
                   GError  **error)
{
  g_autoptr(LodgeScanout) self = g_object_new (LODGE_TYPE_SCANOUT, NULL);

  if (width <= 0 || width > LODGE_FRAMEBUFFER_MAX || height <= 0 || height > LODGE_FRAMEBUFFER_MAX)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "A scanout of %d × %d pixels", width, height);
      return NULL;
    }

  if ((self->fd = fcntl (fd, F_DUPFD_CLOEXEC, 3)) < 0)
    {
      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
      return NULL;
    }

  self->width = width;
  self->height = height;
  self->stride = stride;
  self->fourcc = fourcc;
  self->modifier = modifier;
  self->y0_top = !!y0_top;

  return g_steal_pointer (&self);
}

int
lodge_scanout_get_width (LodgeScanout *self)
{
  g_return_val_if_fail (LODGE_IS_SCANOUT (self), 0);

  return self->width;
}

int
lodge_scanout_get_height (LodgeScanout *self)
{
  g_return_val_if_fail (LODGE_IS_SCANOUT (self), 0);

  return self->height;
}

gboolean
lodge_scanout_get_y0_top (LodgeScanout *self)
{
  g_return_val_if_fail (LODGE_IS_SCANOUT (self), FALSE);

  return self->y0_top;
}

void
lodge_scanout_draw (LodgeScanout *self,
                    int           x,
                    int           y,
                    int           width,
                    int           height)
{
  g_return_if_fail (LODGE_IS_SCANOUT (self));

  g_object_ref (self);

  lodge_scanout_answer (self);
  self->pending = TRUE;
  self->draw++;
  g_signal_emit (self, signals[DAMAGED], 0, x, y, width, height);

  if (self->n_holders == 0)
    lodge_scanout_answer (self);
  else if (self->pending)
    self->timeout_id = g_timeout_add (PATIENCE_MS, patience_cb, self);

  g_object_unref (self);
}

guint
lodge_scanout_hold (LodgeScanout *self)
{
  g_return_val_if_fail (LODGE_IS_SCANOUT (self), 0);

  if (self->pending)
    self->n_holders++;

  return self->draw;
}

void
lodge_scanout_release (LodgeScanout *self,
                       guint         hold)
{
  g_return_if_fail (LODGE_IS_SCANOUT (self));

  if (!self->pending || self->draw != hold || self->n_holders == 0)
    return;

  if (--self->n_holders == 0)
    lodge_scanout_answer (self);
}

GdkTexture *
_lodge_scanout_copy_texture (GdkTexture         *texture,
                             gboolean            y0_top,
                             const GdkRectangle *area)
{
  GdkRectangle inside = { 0, 0, gdk_texture_get_width (texture), gdk_texture_get_height (texture) };
  gsize stride = (gsize)inside.width * 4, copy_stride;
  int last_row = inside.height - 1;
  g_autofree guint8 *pixels = g_try_malloc (stride * inside.height);
  g_autoptr(GBytes) bytes = NULL;
  guint8 *copy;

  if (pixels == NULL || !gdk_rectangle_intersect (area, &inside, &inside))
    return NULL;

  copy_stride = (gsize)inside.width * 4;
  copy = g_try_malloc (copy_stride * inside.height);
  if (copy == NULL)
    return NULL;

  gdk_texture_download (texture, pixels, stride);
  for (int y = 0; y < inside.height; y++)
    {
      int row = y0_top ? last_row - (inside.y + y) : inside.y + y;

      memcpy (copy + y * copy_stride, pixels + row * stride + (gsize)inside.x * 4, copy_stride);
    }

  bytes = g_bytes_new_take (copy, copy_stride * inside.height);

  return gdk_memory_texture_new (inside.width, inside.height, GDK_MEMORY_DEFAULT,
                                 bytes, copy_stride);
}

GdkTexture *
lodge_scanout_dup_picture (LodgeScanout        *self,
                           GdkDisplay          *display,
                           const GdkRectangle  *area,
                           GError             **error)
{
  g_autoptr(GdkTexture) texture = NULL;
  GdkTexture *picture;

  g_return_val_if_fail (LODGE_IS_SCANOUT (self), NULL);

  texture = lodge_scanout_dup_texture (self, display, error);
  if (texture == NULL)
    return NULL;

  picture = _lodge_scanout_copy_texture (texture, self->y0_top, area);
  if (picture == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "There is nothing to copy");

  return picture;
}

#if GTK_CHECK_VERSION (4, 14, 0)

gboolean
lodge_scanout_supported (GdkDisplay  *display,
                         GskRenderer *renderer)
{
  GdkDmabufFormats *formats;

  g_return_val_if_fail (GDK_IS_DISPLAY (display), FALSE);

  if (renderer != NULL && GSK_IS_CAIRO_RENDERER (renderer))
    return FALSE;

  if (renderer == NULL && g_strcmp0 (g_getenv ("GSK_RENDERER"), "cairo") == 0)
    return FALSE;

  formats = gdk_display_get_dmabuf_formats (display);

  return formats != NULL && gdk_dmabuf_formats_get_n_formats (formats) > 0;
}

GdkTexture *
lodge_scanout_dup_texture (LodgeScanout  *self,
                           GdkDisplay    *display,
                           GError       **error)
{
  g_autoptr(GdkDmabufTextureBuilder) builder = NULL;
  GdkTexture *texture;

  g_return_val_if_fail (LODGE_IS_SCANOUT (self), NULL);
  g_return_val_if_fail (GDK_IS_DISPLAY (display), NULL);

  builder = gdk_dmabuf_texture_builder_new ();
  gdk_dmabuf_texture_builder_set_display (builder, display);
  gdk_dmabuf_texture_builder_set_width (builder, self->width);
  gdk_dmabuf_texture_builder_set_height (builder, self->height);
  gdk_dmabuf_texture_builder_set_fourcc (builder, self->fourcc);
  /* The builder's own default is 0, linear: not what an unknown layout is. */
  gdk_dmabuf_texture_builder_set_modifier (builder, self->modifier);
  gdk_dmabuf_texture_builder_set_n_planes (builder, 1);
  gdk_dmabuf_texture_builder_set_fd (builder, 0, self->fd);
  gdk_dmabuf_texture_builder_set_stride (builder, 0, self->stride);
  gdk_dmabuf_texture_builder_set_offset (builder, 0, 0);

  /* The descriptor must stay open as long as the texture. */
  g_object_ref (self);
  texture = gdk_dmabuf_texture_builder_build (builder, g_object_unref, self, error);
  if (texture == NULL)
    g_object_unref (self);

  return texture;
}

#else

gboolean
lodge_scanout_supported (GdkDisplay  *display,
                         GskRenderer *renderer)
{
  return FALSE;
}

GdkTexture *
lodge_scanout_dup_texture (LodgeScanout  *self,
                           GdkDisplay    *display,
                           GError       **error)
{
  g_return_val_if_fail (LODGE_IS_SCANOUT (self), NULL);

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                       "GTK before 4.14 does not take dmabufs");

  return NULL;
}

#endif
