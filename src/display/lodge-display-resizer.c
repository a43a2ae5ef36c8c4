/* lodge-display-resizer.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <math.h>

#include "lodge-display-resizer-private.h"

/* A window that is being dragged changes with every frame, and each change of resolution makes the
 * guest lay out its whole desktop.
 */
#define REST_MS 250

/* Guests that build their modes after VESA's CVT, whose cells are 8 pixels wide, round down to them;
 * others (virtio-gpu) take the width that they are asked for, and fill the window to its edges.
 */
#define CELL 8

/* The smallest mode that a guest's desktop is of use in. */
#define MIN_WIDTH  320
#define MIN_HEIGHT 200
#define MAX_SIDE 16384

struct _LodgeDisplayResizer
{
  LodgeDisplay *display;
  guint         rest_id;
  int           width;
  int           height;
};

/* The part of the monitor that so many device pixels take, in millimetres; as if it had 96 dots an
 * inch if it does not say.
 */
static void
get_millimetres (LodgeDisplayResizer *self,
                 int                 *width,
                 int                 *height)
{
  GtkWidget *widget = GTK_WIDGET (self->display);
  GdkSurface *surface = gtk_native_get_surface (gtk_widget_get_native (widget));
  GdkMonitor *monitor = gdk_display_get_monitor_at_surface (gtk_widget_get_display (widget),
                                                            surface);
  GdkRectangle geometry = { 0, };
  double horizontal = 25.4 / 96, vertical = 25.4 / 96;

  if (monitor != NULL)
    {
      gdk_monitor_get_geometry (monitor, &geometry);
      if (gdk_monitor_get_width_mm (monitor) > 0 && geometry.width > 0)
        horizontal = (double)gdk_monitor_get_width_mm (monitor) / geometry.width;
      if (gdk_monitor_get_height_mm (monitor) > 0 && geometry.height > 0)
        vertical = (double)gdk_monitor_get_height_mm (monitor) / geometry.height;
    }

  *width = MAX (1, round (gtk_widget_get_width (widget) * horizontal));
  *height = MAX (1, round (gtk_widget_get_height (widget) * vertical));
}

static void
lodge_display_resizer_ask (LodgeDisplayResizer *self)
{
  LodgeScreen *screen = lodge_display_get_screen (self->display);
  double scale = _lodge_display_get_device_scale (self->display) /
                 lodge_display_get_zoom (self->display);
  int width, height, width_mm, height_mm;
  GdkRectangle area;

  /* A hidden window's size is not what the user wants, and before the agent is there nobody hears:
   * mapping and can-resize bring us here again.
   */
  if (screen == NULL || !lodge_display_get_resize_guest (self->display) ||
      !lodge_screen_get_can_resize (screen) || !gtk_widget_get_mapped (GTK_WIDGET (self->display)))
    return;

  width = CLAMP (gtk_widget_get_width (GTK_WIDGET (self->display)) * scale, MIN_WIDTH, MAX_SIDE);
  height = CLAMP (gtk_widget_get_height (GTK_WIDGET (self->display)) * scale, MIN_HEIGHT, MAX_SIDE);

  if (self->width == width && self->height == height)
    return;

  lodge_screen_get_area (screen, &area);

  if (self->width == 0 && area.height == height &&
      (area.width == width || area.width == width - width % CELL))
    return;

  self->width = width;
  self->height = height;
  get_millimetres (self, &width_mm, &height_mm);
  lodge_screen_request_size (screen, width, height, width_mm, height_mm);
}

static gboolean
rest_cb (gpointer user_data)
{
  LodgeDisplayResizer *self = user_data;

  self->rest_id = 0;
  lodge_display_resizer_ask (self);

  return G_SOURCE_REMOVE;
}

void
_lodge_display_resizer_queue (LodgeDisplayResizer *self)
{
  g_clear_handle_id (&self->rest_id, g_source_remove);

  if (lodge_display_get_resize_guest (self->display) &&
      lodge_display_get_screen (self->display) != NULL)
    self->rest_id = g_timeout_add (REST_MS, rest_cb, self);
}

void
_lodge_display_resizer_start_over (LodgeDisplayResizer *self)
{
  self->width = self->height = 0;
  _lodge_display_resizer_queue (self);
}

LodgeDisplayResizer *
_lodge_display_resizer_new (LodgeDisplay *display)
{
  LodgeDisplayResizer *self = g_new0 (LodgeDisplayResizer, 1);

  self->display = display;

  return self;
}

void
_lodge_display_resizer_free (LodgeDisplayResizer *self)
{
  g_clear_handle_id (&self->rest_id, g_source_remove);
  g_free (self);
}
