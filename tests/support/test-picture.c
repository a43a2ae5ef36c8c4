/* test-picture.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <cairo-xlib.h>
#include <gdk/x11/gdkx.h>

#include "test-picture.h"
#include "test-wait.h"

guint32
test_picture_pattern (int x,
                      int y)
{
  return ((x * 7 + y) & 255) << 16 | ((y * 5 + x / 3) & 255) << 8 | ((x ^ y) & 255);
}

void
test_picture_init (TestPicture *self,
                   int          width,
                   int          height)
{
  self->width = width;
  self->height = height;
  self->pixels = g_new (guint32, (gsize)width * height);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      self->pixels[(gsize)y * width + x] = test_picture_pattern (x, y);

  self->screen = test_screen_new (width, height);
  self->framebuffer = lodge_screen_get_framebuffer (LODGE_SCREEN (self->screen));
  g_assert_true (lodge_framebuffer_attach (self->framebuffer, LODGE_PIXEL_FORMAT_XRGB32,
                                           width, height, (gsize)width * 4,
                                           (guint8 *)self->pixels));

  self->display = LODGE_DISPLAY (g_object_ref_sink (lodge_display_new ()));
  lodge_display_set_screen (self->display, LODGE_SCREEN (self->screen));

  self->scale = g_getenv ("GDK_SCALE") != NULL ? atoi (g_getenv ("GDK_SCALE")) : 1;
}

void
test_picture_show (TestPicture *self,
                   int          window_width,
                   int          window_height)
{
  test_picture_show_in (self, GTK_WIDGET (self->display), window_width, window_height);
}

void
test_picture_show_in (TestPicture *self,
                      GtkWidget   *child,
                      int          window_width,
                      int          window_height)
{
  self->window = gtk_window_new ();
  gtk_window_set_decorated (GTK_WINDOW (self->window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (self->window),
                               window_width / self->scale, window_height / self->scale);
  gtk_window_set_child (GTK_WINDOW (self->window), child);
  gtk_window_present (GTK_WINDOW (self->window));
  test_wait (gtk_widget_get_mapped (GTK_WIDGET (self->display)) &&
             gtk_widget_get_width (self->window) == window_width / self->scale);
}

void
test_picture_hide (TestPicture *self)
{
  GtkWidget *window = g_steal_pointer (&self->window);

  if (window != NULL)
    gtk_window_destroy (GTK_WINDOW (window));
}

void
test_picture_clear (TestPicture *self)
{
  test_picture_hide (self);
  g_assert_finalize_object (self->display);
  lodge_framebuffer_detach (self->framebuffer);
  g_clear_pointer (&self->pixels, g_free);
  g_assert_finalize_object (self->screen);
}

void
test_picture_set_up (TestPicture   *self,
                     gconstpointer  data)
{
  test_picture_init (self, 600, 400);
}

void
test_picture_tear_down (TestPicture   *self,
                        gconstpointer  data)
{
  test_picture_clear (self);
}

void
test_picture_fill (TestPicture *self,
                   int          x,
                   int          y,
                   int          width,
                   int          height,
                   guint32      colour)
{
  for (int row = y; row < y + height; row++)
    for (int column = x; column < x + width; column++)
      self->pixels[(gsize)row * self->width + column] = colour;

  lodge_framebuffer_damage (self->framebuffer, x, y, width, height);
}

guint32 *
test_picture_read (TestPicture *self,
                   int         *width,
                   int         *height)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (self->window));
  Display *display = gdk_x11_display_get_xdisplay (gdk_surface_get_display (surface));
  Window window = gdk_x11_surface_get_xid (surface);
  XWindowAttributes attributes;
  cairo_surface_t *source, *copy;
  guint32 *pixels;
  cairo_t *cr;

  XGetWindowAttributes (display, window, &attributes);
  *width = attributes.width;
  *height = attributes.height;
  pixels = g_new (guint32, (gsize)*width * *height);
  source = cairo_xlib_surface_create (display, window, attributes.visual, *width, *height);
  copy = cairo_image_surface_create_for_data ((guint8 *)pixels, CAIRO_FORMAT_RGB24,
                                              *width, *height, *width * 4);
  cr = cairo_create (copy);
  cairo_set_source_surface (cr, source, 0, 0);
  cairo_set_operator (cr, CAIRO_OPERATOR_SOURCE);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (copy);
  cairo_surface_destroy (source);

  for (gsize i = 0; i < (gsize)*width * *height; i++)
    pixels[i] |= 0xff000000u;

  return pixels;
}

static gboolean
is_near (guint32 a,
         guint32 b,
         int     tolerance)
{
  for (int shift = 0; shift < 24; shift += 8)
    if (ABS ((int)(a >> shift & 255) - (int)(b >> shift & 255)) > tolerance)
      return FALSE;

  return TRUE;
}

/* What is wrong with the window, or NULL. */
static char *
find_wrong_pixel (TestPicture   *self,
                  TestPixelFunc  func,
                  int            tolerance)
{
  int width, height;
  g_autofree guint32 *pixels = test_picture_read (self, &width, &height);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        guint32 expected = func (self, x, y);

        if (expected == TEST_PIXEL_ANY)
          continue;

        expected |= 0xff000000u;
        if (!is_near (pixels[(gsize)y * width + x], expected, tolerance))
          return g_strdup_printf ("at %d, %d of %d × %d is %08x, not %08x", x, y, width, height,
                                  pixels[(gsize)y * width + x], expected);
      }

  return NULL;
}

void
test_picture_wait (TestPicture   *self,
                   TestPixelFunc  func,
                   int            tolerance)
{
  gint64 end = g_get_monotonic_time () + TEST_WAIT_SECONDS * G_USEC_PER_SEC;

  for (;;)
    {
      g_autofree char *wrong = find_wrong_pixel (self, func, tolerance);

      if (wrong == NULL)
        return;

      if (g_get_monotonic_time () > end)
        g_error ("The picture is not as it should be: %s", wrong);

      test_run_for (20);
    }
}

void
test_picture_settle (TestPicture *self)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (self->window);
  gint64 end = g_get_monotonic_time () + TEST_WAIT_SECONDS * G_USEC_PER_SEC;
  gint64 frame;

  do
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      frame = gdk_frame_clock_get_frame_counter (clock);
      test_run_for (60);
    }
  while (gdk_frame_clock_get_frame_counter (clock) != frame);
}

gboolean
test_picture_is_gl (TestPicture *self)
{
  return !GSK_IS_CAIRO_RENDERER (gtk_native_get_renderer (GTK_NATIVE (self->window)));
}
