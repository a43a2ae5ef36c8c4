/* lodge-direct.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-direct-private.h"

/*
 * A frame of GTK's cairo renderer is drawn into memory that is cleared first, with the window's
 * background and all widgets (what is out of the clip costs time, too), and is then copied to what
 * X11 shares with us: the picture goes through memory five times, and a caret costs what a window
 * does. But where the picture is in front, what a frame changes is known to be guest's pixels and
 * nothing else, and these can be put in their place in one copy.
 *
 * The render nodes stay as they are, since they refer to the guest's pixels. Whatever GTK paints
 * later, for whatever reason, shows the same. What is covered, or clipped by a round corner, is left
 * to GTK.
 *
 * Only with X11 is there a way past GTK; elsewhere this never paints.
 */

#ifdef HAVE_X11

#include <cairo-xlib.h>
#include <gdk/x11/gdkx.h>

#include "lodge-cover-private.h"

struct _LodgeDirect
{
  /* What the window showed when it was looked at. */
  GskRenderNode   *picture;
  LodgeCover       cover;
  /* Not a reference: the widget forgets before it is gone. */
  GdkSurface      *target;
  Visual          *visual;
  int              depth;
  int              scale;
  cairo_surface_t *buffer;
  guint            n_frames;
};

LodgeDirect *
_lodge_direct_new (void)
{
  return g_new0 (LodgeDirect, 1);
}

void
_lodge_direct_free (LodgeDirect *self)
{
  _lodge_direct_forget (self);
  g_free (self);
}

void
_lodge_direct_forget (LodgeDirect *self)
{
  g_clear_pointer (&self->picture, gsk_render_node_unref);
  g_clear_pointer (&self->cover.open, cairo_region_destroy);
  g_clear_pointer (&self->buffer, cairo_surface_destroy);
  self->target = NULL;
}

/* The server is asked once for each window. */
static gboolean
lodge_direct_set_target (LodgeDirect *self,
                         GdkSurface  *target)
{
  GdkDisplay *display = gdk_surface_get_display (target);
  XWindowAttributes attributes;

  if (self->target == target)
    return TRUE;

  gdk_x11_display_error_trap_push (display);
  if (!XGetWindowAttributes (gdk_x11_display_get_xdisplay (display),
                             gdk_x11_surface_get_xid (target), &attributes))
    attributes.visual = NULL;
  if (gdk_x11_display_error_trap_pop (display) || attributes.visual == NULL)
    return FALSE;

  self->target = target;
  self->visual = attributes.visual;
  self->depth = attributes.depth;

  return TRUE;
}

void
_lodge_direct_look (LodgeDirect  *self,
                    GtkWidget    *widget,
                    LodgePainter *painter)
{
  GtkNative *native = gtk_widget_get_native (widget);
  GdkSurface *surface = native != NULL ? gtk_native_get_surface (native) : NULL;
  graphene_rect_t bounds;
  GskRenderNode *picture = _lodge_painter_get_picture (painter, &bounds);

  g_clear_pointer (&self->picture, gsk_render_node_unref);
  g_clear_pointer (&self->cover.open, cairo_region_destroy);

  if (surface == NULL || picture == NULL || !GDK_IS_X11_SURFACE (surface) ||
      !lodge_direct_set_target (self, surface))
    return;

  self->picture = gsk_render_node_ref (picture);
  self->scale = gdk_surface_get_scale_factor (surface);
  _lodge_cover_init (&self->cover, widget, picture, &bounds);
}

/* Memory that is shared with the server, in the form that the window has. */
static cairo_surface_t *
lodge_direct_get_buffer (LodgeDirect           *self,
                         cairo_surface_t       *window,
                         const graphene_rect_t *bounds)
{
  int width = bounds->size.width * self->scale + 0.5;
  int height = bounds->size.height * self->scale + 0.5;

  if (self->buffer != NULL && (cairo_image_surface_get_width (self->buffer) != width ||
                               cairo_image_surface_get_height (self->buffer) != height))
    g_clear_pointer (&self->buffer, cairo_surface_destroy);

  if (self->buffer == NULL)
    self->buffer = cairo_surface_create_similar_image (window, self->depth == 32 ?
                                                               CAIRO_FORMAT_ARGB32 :
                                                               CAIRO_FORMAT_RGB24,
                                                       width, height);

  return self->buffer;
}

static void
lodge_direct_put (LodgeDirect           *self,
                  LodgePainter          *painter,
                  LodgeFramebuffer      *framebuffer,
                  const graphene_rect_t *bounds,
                  const cairo_region_t  *damage)
{
  Display *xdisplay = gdk_x11_display_get_xdisplay (gdk_surface_get_display (self->target));
  cairo_surface_t *window =
    cairo_xlib_surface_create (xdisplay, gdk_x11_surface_get_xid (self->target), self->visual,
                               gdk_surface_get_width (self->target) * self->scale,
                               gdk_surface_get_height (self->target) * self->scale);
  cairo_surface_t *buffer = lodge_direct_get_buffer (self, window, bounds);
  cairo_t *cr = cairo_create (buffer);

  gdk_cairo_region (cr, damage);
  cairo_clip (cr);
  _lodge_painter_draw (painter, framebuffer, cr);
  cairo_destroy (cr);

  cr = cairo_create (window);
  cairo_translate (cr, self->cover.x, self->cover.y);
  gdk_cairo_region (cr, damage);
  cairo_set_source_surface (cr, buffer, 0, 0);
  cairo_set_operator (cr, CAIRO_OPERATOR_SOURCE);
  cairo_fill (cr);
  cairo_destroy (cr);
  cairo_surface_flush (window);
  cairo_surface_destroy (window);
  XFlush (xdisplay);
}

gboolean
_lodge_direct_paint (LodgeDirect      *self,
                     LodgePainter     *painter,
                     LodgeFramebuffer *framebuffer)
{
  cairo_region_t *damage;
  graphene_rect_t bounds;

  /* Elsewhere, or otherwise, than in the window: GTK's next frame brings it there. */
  if (self->cover.open == NULL || self->picture != _lodge_painter_get_picture (painter, &bounds))
    return FALSE;

  damage = _lodge_painter_take_damage (painter, framebuffer, self->cover.open);
  if (!cairo_region_is_empty (damage))
    {
      lodge_direct_put (self, painter, framebuffer, &bounds, damage);
      self->n_frames++;
    }
  cairo_region_destroy (damage);

  return !_lodge_painter_is_damaged (painter);
}

guint
_lodge_direct_get_n_frames (LodgeDirect *self)
{
  return self->n_frames;
}

#else

struct _LodgeDirect
{
  char nothing;
};

LodgeDirect *
_lodge_direct_new (void)
{
  return g_new0 (LodgeDirect, 1);
}

void
_lodge_direct_free (LodgeDirect *self)
{
  g_free (self);
}

void
_lodge_direct_forget (LodgeDirect *self)
{
}

void
_lodge_direct_look (LodgeDirect  *self,
                    GtkWidget    *widget,
                    LodgePainter *painter)
{
}

gboolean
_lodge_direct_paint (LodgeDirect      *self,
                     LodgePainter     *painter,
                     LodgeFramebuffer *framebuffer)
{
  return FALSE;
}

guint
_lodge_direct_get_n_frames (LodgeDirect *self)
{
  return 0;
}

#endif
