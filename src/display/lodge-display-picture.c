/* lodge-display-picture.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <math.h>

#include "lodge-direct-private.h"
#include "lodge-display-picture-private.h"
#include "lodge-scanout.h"

/* How much of a dimmed picture is black. */
#define DIM 0.6f

/* A guest's frame comes in several messages, up to half a millisecond apart. Painted after the first
 * of them, and once more with what the others bring, it is torn at the price of two. So, where
 * frames follow each other, a frame is painted once nothing came for a millisecond, or has come for
 * too long, and no sooner after the last one than a screen could show it. What comes after a rest,
 * as the answer to a key, does not wait.
 */
#define GATHER_US      (1 * G_TIME_SPAN_MILLISECOND)
#define GATHER_LONG_US (6 * G_TIME_SPAN_MILLISECOND)
#define FRAME_US       (15 * G_TIME_SPAN_MILLISECOND)
#define REST_US        (100 * G_TIME_SPAN_MILLISECOND)

struct _LodgeDisplayPicture
{
  LodgeDisplay      *display;
  LodgePainter      *painter;
  LodgeDirect       *direct;
  LodgeScreen       *screen;

  LodgeFramebuffer  *framebuffer;
  GSignalGroup      *framebuffer_signals;

  LodgeScanout      *scanout;
  GSignalGroup      *scanout_signals;
  GdkTexture        *scanout_texture;
  guint              scanout_hold;
  gboolean           held;

  GdkFrameClock     *clock;
  gulong             paint_id;
  gulong             after_paint_id;

  GSource           *gather;
  gint64             gather_since;
  gint64             damaged_at;
  gint64             painted_at;
};

/* The part of the framebuffer, or of the scanout, that the screen is. */
gboolean
_lodge_display_picture_get_area (LodgeDisplayPicture *self,
                                 GdkRectangle        *area)
{
  GdkRectangle all = { 0, 0, 0, 0 };

  if (self->scanout != NULL)
    {
      all.width = lodge_scanout_get_width (self->scanout);
      all.height = lodge_scanout_get_height (self->scanout);
    }
  else if (self->framebuffer != NULL)
    {
      all.width = lodge_framebuffer_get_width (self->framebuffer);
      all.height = lodge_framebuffer_get_height (self->framebuffer);
    }

  *area = all;
  if (all.width == 0 || all.height == 0)
    return FALSE;

  lodge_screen_get_area (self->screen, area);
  if (area->width <= 0 || area->height <= 0)
    *area = all;

  /* A head may be announced before the surface that holds it. */
  return gdk_rectangle_intersect (area, &all, area);
}

/* The display's corner on its surface. */
static void
lodge_display_picture_get_origin (LodgeDisplayPicture *self,
                                  double              *x,
                                  double              *y)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self->display));
  graphene_point_t point = GRAPHENE_POINT_INIT (0, 0);

  *x = *y = 0;
  if (native == NULL ||
      !gtk_widget_compute_point (GTK_WIDGET (self->display), GTK_WIDGET (native), &point, &point))
    return;

  gtk_native_get_surface_transform (native, x, y);
  *x += point.x;
  *y += point.y;
}

gboolean
_lodge_display_picture_get_placement (LodgeDisplayPicture *self,
                                      GdkRectangle        *area,
                                      LodgePlacement      *placement)
{
  double scale = _lodge_display_get_device_scale (self->display);
  double x = 0, y = 0;

  if (!_lodge_display_picture_get_area (self, area))
    {
      *placement = (LodgePlacement) { 0, };
      return FALSE;
    }

  /* With whole scales every widget starts on a device pixel. */
  if (scale != floor (scale))
    lodge_display_picture_get_origin (self, &x, &y);

  _lodge_placement_init (placement, lodge_display_get_scaling (self->display),
                         lodge_display_get_zoom (self->display), area->width, area->height,
                         gtk_widget_get_width (GTK_WIDGET (self->display)),
                         gtk_widget_get_height (GTK_WIDGET (self->display)),
                         scale, x, y);

  return placement->width > 0;
}

static void
lodge_display_picture_paint (LodgeDisplayPicture *self)
{
  self->gather_since = 0;
  g_source_set_ready_time (self->gather, -1);

  if (!_lodge_direct_paint (self->direct, self->painter, self->framebuffer))
    gtk_widget_queue_draw (GTK_WIDGET (self->display));
}

static gboolean
gathered_cb (gpointer user_data)
{
  LodgeDisplayPicture *self = user_data;

  self->painted_at = g_get_monotonic_time ();
  lodge_display_picture_paint (self);

  return G_SOURCE_CONTINUE;
}

static gboolean
gather_dispatch (GSource     *source,
                 GSourceFunc  callback,
                 gpointer     user_data)
{
  return callback (user_data);
}

static GSourceFuncs gather_funcs = { .dispatch = gather_dispatch };

static void
lodge_display_picture_queue_paint (LodgeDisplayPicture *self)
{
  gint64 now = g_get_monotonic_time ();
  gboolean after_rest = now - self->damaged_at > REST_US;

  self->damaged_at = now;

  if (self->gather_since == 0 && after_rest)
    {
      lodge_display_picture_paint (self);
      return;
    }

  if (self->gather_since == 0)
    self->gather_since = now;

  g_source_set_ready_time (self->gather,
                           MAX (MIN (now + GATHER_US, self->gather_since + GATHER_LONG_US),
                                self->painted_at + FRAME_US));
}

static void
damaged_cb (LodgeFramebuffer    *framebuffer,
            int                  x,
            int                  y,
            int                  width,
            int                  height,
            LodgeDisplayPicture *self)
{
  GdkRectangle rectangle = { x, y, width, height };

  if (self->scanout != NULL || !gtk_widget_get_mapped (GTK_WIDGET (self->display)))
    return;

  if (_lodge_painter_damage (self->painter, &rectangle))
    lodge_display_picture_queue_paint (self);
}

static void
resized_cb (LodgeFramebuffer    *framebuffer,
            LodgeDisplayPicture *self)
{
  _lodge_display_picture_moved (self->display);
}

static void
lodge_display_picture_release_scanout (LodgeDisplayPicture *self)
{
  if (!self->held)
    return;

  self->held = FALSE;
  lodge_scanout_release (self->scanout, self->scanout_hold);
}

/* Comes after GTK's own, which was there first. */
static void
paint_cb (GdkFrameClock       *clock,
          LodgeDisplayPicture *self)
{
  _lodge_direct_look (self->direct, GTK_WIDGET (self->display), self->painter);
}

static void
after_paint_cb (GdkFrameClock       *clock,
                LodgeDisplayPicture *self)
{
  lodge_display_picture_release_scanout (self);
}

static void
scanout_damaged_cb (LodgeScanout        *scanout,
                    int                  x,
                    int                  y,
                    int                  width,
                    int                  height,
                    LodgeDisplayPicture *self)
{
  g_clear_object (&self->scanout_texture);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self->display)))
    return;

  self->scanout_hold = lodge_scanout_hold (scanout);
  self->held = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self->display));
}

/* Returns whether it is another one. */
static gboolean
lodge_display_picture_set_scanout (LodgeDisplayPicture *self,
                                   LodgeScanout        *scanout)
{
  if (self->scanout == scanout)
    return FALSE;

  lodge_display_picture_release_scanout (self);
  g_clear_object (&self->scanout_texture);
  g_set_object (&self->scanout, scanout);
  g_signal_group_set_target (self->scanout_signals, scanout);

  return TRUE;
}

static gboolean
lodge_display_picture_set_framebuffer (LodgeDisplayPicture *self,
                                       LodgeFramebuffer    *framebuffer)
{
  if (!g_set_object (&self->framebuffer, framebuffer))
    return FALSE;

  g_signal_group_set_target (self->framebuffer_signals, framebuffer);

  return TRUE;
}

/* Black where the picture is not. */
static void
lodge_display_picture_append_border (LodgeDisplayPicture  *self,
                                     GtkSnapshot          *snapshot,
                                     const LodgePlacement *placement)
{
  const GdkRGBA black = { 0, 0, 0, 1 };
  float width = gtk_widget_get_width (GTK_WIDGET (self->display));
  float height = gtk_widget_get_height (GTK_WIDGET (self->display));
  float x0 = placement->x, x1 = placement->x + placement->width;
  float y0 = placement->y, y1 = placement->y + placement->height;
  graphene_rect_t borders[] = {
    GRAPHENE_RECT_INIT (0, 0, width, y0),
    GRAPHENE_RECT_INIT (0, y1, width, height - y1),
    GRAPHENE_RECT_INIT (0, y0, x0, y1 - y0),
    GRAPHENE_RECT_INIT (x1, y0, width - x1, y1 - y0),
  };

  for (guint i = 0; i < G_N_ELEMENTS (borders); i++)
    if (borders[i].size.width > 0 && borders[i].size.height > 0)
      gtk_snapshot_append_color (snapshot, &black, &borders[i]);
}

static void
lodge_display_picture_append_scanout (LodgeDisplayPicture  *self,
                                      GtkSnapshot          *snapshot,
                                      const GdkRectangle   *area,
                                      const LodgePlacement *placement)
{
  double horizontal = placement->width / area->width;
  double vertical = placement->height / area->height;
  double height = lodge_scanout_get_height (self->scanout) * vertical;

  /* Where GTK cannot, the session was told not to ask for scanouts; a display that shows black is
   * then the server's doing.
   */
  if (self->scanout_texture == NULL)
    self->scanout_texture =
      lodge_scanout_dup_texture (self->scanout,
                                 gtk_widget_get_display (GTK_WIDGET (self->display)), NULL);

  if (self->scanout_texture == NULL)
    return;

  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (placement->x, placement->y,
                                                         placement->width, placement->height));
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT (placement->x - area->x * horizontal,
                                                placement->y - area->y * vertical));
  if (lodge_scanout_get_y0_top (self->scanout))
    {
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (0, height));
      gtk_snapshot_scale (snapshot, 1, -1);
    }
  gtk_snapshot_append_texture (snapshot, self->scanout_texture,
                               &GRAPHENE_RECT_INIT (0, 0,
                                                    lodge_scanout_get_width (self->scanout) *
                                                    horizontal,
                                                    height));
  gtk_snapshot_restore (snapshot);
  gtk_snapshot_pop (snapshot);
}

/* The guest's own cursor, where the guest says it is. */
static void
lodge_display_picture_append_cursor (LodgeDisplayPicture  *self,
                                     GtkSnapshot          *snapshot,
                                     const GdkRectangle   *area,
                                     const LodgePlacement *placement)
{
  double horizontal = placement->width / area->width;
  double vertical = placement->height / area->height;
  int x, y, hotspot_x, hotspot_y;
  GdkTexture *shape = lodge_screen_get_cursor (self->screen, &hotspot_x, &hotspot_y);

  if (shape == NULL || !lodge_screen_get_cursor_visible (self->screen) ||
      lodge_screen_get_mouse_mode (self->screen) != LODGE_MOUSE_MODE_SERVER)
    return;

  lodge_screen_get_cursor_position (self->screen, &x, &y);
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (placement->x, placement->y,
                                                         placement->width, placement->height));
  gtk_snapshot_append_texture (snapshot, shape,
                               &GRAPHENE_RECT_INIT (placement->x + (x - hotspot_x) * horizontal,
                                                    placement->y + (y - hotspot_y) * vertical,
                                                    gdk_texture_get_width (shape) * horizontal,
                                                    gdk_texture_get_height (shape) * vertical));
  gtk_snapshot_pop (snapshot);
}

void
_lodge_display_picture_snapshot (LodgeDisplayPicture *self,
                                 GtkSnapshot         *snapshot)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self->display));
  GskRenderer *renderer = native != NULL ? gtk_native_get_renderer (native) : NULL;
  GdkSurface *cairo_target = NULL;
  LodgePlacement placement;
  GdkRectangle area;
  gboolean has_picture = _lodge_display_picture_get_placement (self, &area, &placement);

  lodge_display_picture_append_border (self, snapshot, &placement);

  if (!has_picture)
    return;

  if (renderer != NULL && GSK_IS_CAIRO_RENDERER (renderer))
    cairo_target = gtk_native_get_surface (native);

  if (self->scanout != NULL)
    lodge_display_picture_append_scanout (self, snapshot, &area, &placement);
  else
    _lodge_painter_snapshot (self->painter, snapshot, self->framebuffer, &area, &placement,
                             cairo_target);

  lodge_display_picture_append_cursor (self, snapshot, &area, &placement);

  if (lodge_display_get_dimmed (self->display))
    gtk_snapshot_append_color (snapshot, &(GdkRGBA) { 0, 0, 0, DIM },
                               &GRAPHENE_RECT_INIT (placement.x, placement.y,
                                                    placement.width, placement.height));
}

void
_lodge_display_picture_set_screen (LodgeDisplayPicture *self,
                                   LodgeScreen         *screen)
{
  gboolean changed;

  /* Not a reference: the display has one. */
  self->screen = screen;

  /* Both before anybody asks where the picture is: what the last screen had is not on this one. */
  changed = lodge_display_picture_set_framebuffer (self,
                                                   screen ? lodge_screen_get_framebuffer (screen) : NULL);
  changed |= lodge_display_picture_set_scanout (self, screen ? lodge_screen_get_scanout (screen) : NULL);

  if (!changed)
    return;

  _lodge_painter_clear (self->painter);
  _lodge_display_picture_moved (self->display);
}

void
_lodge_display_picture_set_clock (LodgeDisplayPicture *self,
                                  GdkFrameClock       *clock)
{
  if (self->clock != NULL)
    {
      g_clear_signal_handler (&self->paint_id, self->clock);
      g_clear_signal_handler (&self->after_paint_id, self->clock);
    }

  if (!g_set_object (&self->clock, clock) || clock == NULL)
    return;

  self->paint_id = g_signal_connect (clock, "paint", G_CALLBACK (paint_cb), self);
  self->after_paint_id = g_signal_connect (clock, "after-paint",
                                           G_CALLBACK (after_paint_cb), self);
}

void
_lodge_display_picture_unmap (LodgeDisplayPicture *self)
{
  self->gather_since = 0;
  g_source_set_ready_time (self->gather, -1);
  _lodge_direct_forget (self->direct);
  _lodge_painter_clear (self->painter);
  g_clear_object (&self->scanout_texture);
  lodge_display_picture_release_scanout (self);
}

guint
_lodge_display_picture_get_n_direct (LodgeDisplayPicture *self)
{
  return _lodge_direct_get_n_frames (self->direct);
}

LodgePainter *
_lodge_display_picture_get_painter (LodgeDisplayPicture *self)
{
  return self->painter;
}

LodgeDisplayPicture *
_lodge_display_picture_new (LodgeDisplay *display)
{
  LodgeDisplayPicture *self = g_new0 (LodgeDisplayPicture, 1);

  self->display = display;
  self->painter = _lodge_painter_new ();
  self->direct = _lodge_direct_new ();

  self->gather = g_source_new (&gather_funcs, sizeof (GSource));
  g_source_set_priority (self->gather, GDK_PRIORITY_REDRAW);
  g_source_set_callback (self->gather, gathered_cb, self, NULL);
  g_source_set_static_name (self->gather, "guest's frame");
  g_source_attach (self->gather, NULL);

  self->framebuffer_signals = g_signal_group_new (LODGE_TYPE_FRAMEBUFFER);
  g_signal_group_connect (self->framebuffer_signals, "damaged", G_CALLBACK (damaged_cb), self);
  g_signal_group_connect (self->framebuffer_signals, "resized", G_CALLBACK (resized_cb), self);

  self->scanout_signals = g_signal_group_new (LODGE_TYPE_SCANOUT);
  g_signal_group_connect (self->scanout_signals, "damaged", G_CALLBACK (scanout_damaged_cb), self);

  return self;
}

void
_lodge_display_picture_free (LodgeDisplayPicture *self)
{
  _lodge_display_picture_set_clock (self, NULL);
  _lodge_display_picture_unmap (self);
  g_clear_object (&self->framebuffer_signals);
  g_clear_object (&self->framebuffer);
  g_clear_object (&self->scanout_signals);
  g_clear_object (&self->scanout);
  g_source_destroy (self->gather);
  g_clear_pointer (&self->gather, g_source_unref);
  _lodge_direct_free (self->direct);
  _lodge_painter_free (self->painter);
  g_free (self);
}
