/* lodge-display-cursor.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <math.h>

#include <gtk/gtk.h>
#ifdef GDK_WINDOWING_X11
#include <gdk/x11/gdkx.h>
#endif

#include "lodge-display-cursor-private.h"

/*
 * Over the picture the host's pointer has the guest's shape, where the guest follows our pointer.
 * With a relative mouse the guest draws its own pointer into the picture (LodgeDisplayPicture does
 * that for it), and ours is hidden as soon as it is locked.
 */

/* No desktop has larger ones, and a window system may refuse them. */
#define MAX_SIDE 256

struct _LodgeDisplayCursor
{
  LodgeDisplay       *display;
  GtkEventController *motion;
  double              x;
  double              y;
  gboolean            is_over;
  gboolean            is_inside;

  /* What the cursor that is shown was made of. */
  GdkTexture         *shape;
  double              factor;
  int                 hotspot_x;
  int                 hotspot_y;
};

GdkTexture *
_lodge_display_cursor_resize (GdkTexture *shape,
                              double      factor,
                              int        *hotspot_x,
                              int        *hotspot_y)
{
  int width = gdk_texture_get_width (shape), height = gdk_texture_get_height (shape);
  int new_width, new_height;
  g_autoptr(GBytes) bytes = NULL;
  cairo_surface_t *source, *dest;
  GdkTexture *resized;
  cairo_t *cr;

  factor = MIN (factor, (double)MAX_SIDE / MAX (width, height));
  new_width = CLAMP (round (width * factor), 1, MAX_SIDE);
  new_height = CLAMP (round (height * factor), 1, MAX_SIDE);

  /* Guests set hot spots just outside of their shapes; GDK then refuses the cursor. */
  *hotspot_x = (CLAMP (*hotspot_x, 0, width - 1) + 0.5) * new_width / width;
  *hotspot_y = (CLAMP (*hotspot_y, 0, height - 1) + 0.5) * new_height / height;
  *hotspot_x = MIN (*hotspot_x, new_width - 1);
  *hotspot_y = MIN (*hotspot_y, new_height - 1);

  if (new_width == width && new_height == height)
    return g_object_ref (shape);

  source = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  gdk_texture_download (shape, cairo_image_surface_get_data (source),
                        cairo_image_surface_get_stride (source));
  cairo_surface_mark_dirty (source);

  dest = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, new_width, new_height);
  cr = cairo_create (dest);
  cairo_scale (cr, (double)new_width / width, (double)new_height / height);
  cairo_set_source_surface (cr, source, 0, 0);
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  cairo_pattern_set_filter (cairo_get_source (cr),
                            new_width % width == 0 ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_GOOD);
  cairo_set_operator (cr, CAIRO_OPERATOR_SOURCE);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_flush (dest);

  bytes = g_bytes_new (cairo_image_surface_get_data (dest),
                       (gsize)cairo_image_surface_get_stride (dest) * new_height);
  resized = gdk_memory_texture_new (new_width, new_height, GDK_MEMORY_DEFAULT, bytes,
                                    cairo_image_surface_get_stride (dest));
  cairo_surface_destroy (dest);
  cairo_surface_destroy (source);

  return resized;
}

#if GTK_CHECK_VERSION (4, 16, 0)

typedef struct
{
  GdkTexture *shape;
  double      factor;
  int         hotspot_x;
  int         hotspot_y;
} CursorSource;

static void
cursor_source_free (gpointer data)
{
  CursorSource *source = data;

  g_object_unref (source->shape);
  g_free (source);
}

/* GDK asks with the scale of the surface the cursor is over, and wants its size in widget units. */
static GdkTexture *
get_cursor_texture (GdkCursor *cursor,
                    int        cursor_size,
                    double     scale,
                    int       *width,
                    int       *height,
                    int       *hotspot_x,
                    int       *hotspot_y,
                    gpointer   data)
{
  CursorSource *source = data;
  GdkTexture *texture;
  int x = source->hotspot_x, y = source->hotspot_y;

  texture = _lodge_display_cursor_resize (source->shape, source->factor, &x, &y);
  *width = MAX (1, (int)round (gdk_texture_get_width (texture) / scale));
  *height = MAX (1, (int)round (gdk_texture_get_height (texture) / scale));
  *hotspot_x = MIN ((int)(x / scale), *width - 1);
  *hotspot_y = MIN ((int)(y / scale), *height - 1);

  return texture;
}

static GdkCursor *
make_cursor (LodgeDisplay *display,
             GdkTexture   *shape,
             double        factor,
             int           hotspot_x,
             int           hotspot_y)
{
  CursorSource *source = g_new0 (CursorSource, 1);

  source->shape = g_object_ref (shape);
  source->factor = factor;
  source->hotspot_x = hotspot_x;
  source->hotspot_y = hotspot_y;

  return gdk_cursor_new_from_callback (get_cursor_texture, source, cursor_source_free, NULL);
}

#else

static GdkCursor *
make_cursor (LodgeDisplay *display,
             GdkTexture   *shape,
             double        factor,
             int           hotspot_x,
             int           hotspot_y)
{
  g_autoptr(GdkTexture) resized = NULL;

  /* A texture is taken for device pixels on X11, for widget units elsewhere. */
#ifdef GDK_WINDOWING_X11
  if (!GDK_IS_X11_DISPLAY (gtk_widget_get_display (GTK_WIDGET (display))))
#endif
    factor /= _lodge_display_get_device_scale (display);

  resized = _lodge_display_cursor_resize (shape, factor, &hotspot_x, &hotspot_y);

  return gdk_cursor_new_from_texture (resized, hotspot_x, hotspot_y, NULL);
}

#endif

static void
lodge_display_cursor_show_shape (LodgeDisplayCursor *self,
                                 GdkTexture         *shape,
                                 int                 hotspot_x,
                                 int                 hotspot_y)
{
  double factor = _lodge_display_get_factor (self->display);
  g_autoptr(GdkCursor) cursor = NULL;

  if (self->shape == shape && self->factor == factor &&
      self->hotspot_x == hotspot_x && self->hotspot_y == hotspot_y)
    return;

  cursor = make_cursor (self->display, shape, factor, hotspot_x, hotspot_y);
  gtk_widget_set_cursor (GTK_WIDGET (self->display), cursor);
  g_set_object (&self->shape, shape);
  self->factor = factor;
  self->hotspot_x = hotspot_x;
  self->hotspot_y = hotspot_y;
}

static void
lodge_display_cursor_show_named (LodgeDisplayCursor *self,
                                 const char         *name)
{
  GdkCursor *shown = gtk_widget_get_cursor (GTK_WIDGET (self->display));

  g_clear_object (&self->shape);

  if (name != NULL && shown != NULL && g_strcmp0 (gdk_cursor_get_name (shown), name) == 0)
    return;

  /* NULL is the parent's cursor, an arrow. */
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self->display), name);
}

void
_lodge_display_cursor_update (LodgeDisplayCursor *self)
{
  LodgeScreen *screen = lodge_display_get_screen (self->display);
  GdkTexture *shape = NULL;
  int hotspot_x = 0, hotspot_y = 0, x, y;

  self->is_inside = self->is_over &&
                    _lodge_display_pixel_at (self->display, self->x, self->y, &x, &y);

  if (screen != NULL)
    shape = lodge_screen_get_cursor (screen, &hotspot_x, &hotspot_y);

  if (lodge_display_get_grabbed (self->display) & LODGE_GRAB_POINTER)
    lodge_display_cursor_show_named (self, "none");
  else if (screen == NULL || !self->is_inside ||
           lodge_display_get_view_only (self->display) ||
           lodge_screen_get_read_only (screen) ||
           lodge_screen_get_mouse_mode (screen) == LODGE_MOUSE_MODE_SERVER)
    lodge_display_cursor_show_named (self, NULL);
  else if (!lodge_screen_get_cursor_visible (screen))
    lodge_display_cursor_show_named (self, "none");
  else if (shape == NULL)
    lodge_display_cursor_show_named (self, NULL);
  else
    lodge_display_cursor_show_shape (self, shape, hotspot_x, hotspot_y);
}

static void
motion_cb (LodgeDisplayCursor *self,
           double              x,
           double              y)
{
  gboolean was_inside = self->is_over && self->is_inside;
  int guest_x, guest_y;

  self->x = x;
  self->y = y;
  self->is_over = TRUE;

  if (_lodge_display_pixel_at (self->display, x, y, &guest_x, &guest_y) != was_inside)
    _lodge_display_cursor_update (self);
}

static void
leave_cb (LodgeDisplayCursor *self)
{
  self->is_over = FALSE;
  _lodge_display_cursor_update (self);
}

LodgeDisplayCursor *
_lodge_display_cursor_new (LodgeDisplay *display)
{
  LodgeDisplayCursor *self = g_new0 (LodgeDisplayCursor, 1);
  GtkEventController *motion = gtk_event_controller_motion_new ();

  self->display = display;

  gtk_event_controller_set_propagation_phase (motion, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (motion, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  self->motion = motion;
  gtk_widget_add_controller (GTK_WIDGET (display), motion);

  return self;
}

void
_lodge_display_cursor_free (LodgeDisplayCursor *self)
{
  gtk_widget_remove_controller (GTK_WIDGET (self->display), self->motion);
  g_clear_object (&self->shape);
  g_free (self);
}
