/* test-display.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Run with GSK_RENDERER=cairo and gl, each with GDK_SCALE=1 and 2: what the X server shows is
 * compared, in device pixels.
 */

#include "config.h"

#include <string.h>

#include "lodge-scanout.h"
#include "test-picture.h"
#include "test-wait.h"

typedef TestPicture Fixture;

static guint32
pixel_of_guest (Fixture *fixture,
                int      x,
                int      y)
{
  if (x < 0 || y < 0 || x >= fixture->width || y >= fixture->height)
    return 0;

  return fixture->pixels[(gsize)y * fixture->width + x];
}

static void
test_exact (Fixture       *fixture,
            gconstpointer  data)
{
  test_picture_show (fixture, 600, 400);
  test_picture_wait (fixture, pixel_of_guest, 0);
}

static guint32
pixel_in_letterbox (Fixture *fixture,
                    int      x,
                    int      y)
{
  return pixel_of_guest (fixture, x, y - 50);
}

static guint32
pixel_in_pillarbox (Fixture *fixture,
                    int      x,
                    int      y)
{
  return pixel_of_guest (fixture, x - 30, y);
}

static guint32
pixel_in_both (Fixture *fixture,
               int      x,
               int      y)
{
  return pixel_of_guest (fixture, x - 4, y - 2);
}

static void
test_letterbox (Fixture       *fixture,
                gconstpointer  data)
{
  test_picture_show (fixture, 600, 500);
  test_picture_wait (fixture, pixel_in_letterbox, 0);
}

static void
test_pillarbox (Fixture       *fixture,
                gconstpointer  data)
{
  test_picture_show (fixture, 660, 400);
  test_picture_wait (fixture, pixel_in_pillarbox, 0);
}

/* A guest that rounds its size down gets a border, not a blur. */
static void
test_nearly_exact (Fixture       *fixture,
                   gconstpointer  data)
{
  test_picture_show (fixture, 608, 404);
  test_picture_wait (fixture, pixel_in_both, 0);
}

static guint32
pixel_doubled (Fixture *fixture,
               int      x,
               int      y)
{
  return pixel_of_guest (fixture, x / 2, y / 2);
}

static guint32
pixel_tripled (Fixture *fixture,
               int      x,
               int      y)
{
  return pixel_of_guest (fixture, x / 3, y / 3);
}

static void
test_doubled (Fixture       *fixture,
              gconstpointer  data)
{
  test_picture_show (fixture, 1200, 800);
  test_picture_wait (fixture, pixel_doubled, 0);
  test_picture_fill (fixture, 255, 199, 3, 2, 0x00ff00);
  test_picture_wait (fixture, pixel_doubled, 0);
}

static void
test_native (Fixture       *fixture,
             gconstpointer  data)
{
  int minimum, natural;

  lodge_display_set_scaling (fixture->display, LODGE_SCALING_NATIVE);
  test_picture_show (fixture, 600, 400);
  test_picture_wait (fixture, pixel_of_guest, 0);

  /* The widget asks for what it needs; a scrolled window takes it from there. */
  gtk_widget_measure (GTK_WIDGET (fixture->display), GTK_ORIENTATION_HORIZONTAL, -1,
                      &minimum, &natural, NULL, NULL);
  g_assert_cmpint (minimum, ==, 600 / fixture->scale);
  lodge_display_set_zoom (fixture->display, 3);
  gtk_widget_measure (GTK_WIDGET (fixture->display), GTK_ORIENTATION_VERTICAL, -1,
                      &minimum, &natural, NULL, NULL);
  g_assert_cmpint (minimum, ==, 1200 / fixture->scale);
}

static void
test_scrolled (Fixture       *fixture,
               gconstpointer  data)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  lodge_display_set_scaling (fixture->display, LODGE_SCALING_NATIVE);
  lodge_display_set_zoom (fixture->display, 3);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled),
                                  GTK_POLICY_EXTERNAL, GTK_POLICY_EXTERNAL);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (fixture->display));
  test_picture_show_in (fixture, scrolled, 600, 400);
  test_picture_wait (fixture, pixel_tripled, 0);
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (fixture->display)), ==,
                   1800 / fixture->scale);

  /* What is scrolled out of sight may change. */
  test_picture_fill (fixture, 100, 50, 450, 300, 0x123456);
  test_picture_wait (fixture, pixel_tripled, 0);
}

static guint32
pixel_flat (Fixture *fixture,
            int      x,
            int      y)
{
  return 0x804020;
}

/* Wherever two tiles meet, nothing shines through. */
static void
test_no_seams (Fixture       *fixture,
               gconstpointer  data)
{
  static const int sizes[][2] = { { 420, 280 }, { 798, 532 }, { 234, 156 } };

  lodge_framebuffer_detach (fixture->framebuffer);
  g_free (fixture->pixels);
  fixture->pixels = g_new (guint32, 900 * 600);
  fixture->width = 900;
  fixture->height = 600;
  lodge_framebuffer_attach (fixture->framebuffer, LODGE_PIXEL_FORMAT_XRGB32, 900, 600, 3600,
                            (guint8 *)fixture->pixels);
  _lodge_screen_set_area (LODGE_SCREEN (fixture->screen), &(GdkRectangle) { 0, 0, 900, 600 });
  test_picture_fill (fixture, 0, 0, 900, 600, 0x804020);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      test_picture_show (fixture, sizes[i][0], sizes[i][1]);
      test_picture_wait (fixture, pixel_flat, 1);
      test_picture_hide (fixture);
    }
}

/* The gradient that a scaled picture should have. */
static guint32
pixel_gradient (Fixture *fixture,
                int      x,
                int      y)
{
  return (guint32)((x + 0.5) * 600 / 450 / 3) << 16 | (guint32)((y + 0.5) * 400 / 300 / 2) << 8;
}

static void
test_scaled_down (Fixture       *fixture,
                  gconstpointer  data)
{
  for (int y = 0; y < 400; y++)
    for (int x = 0; x < 600; x++)
      fixture->pixels[y * 600 + x] = x / 3 << 16 | y / 2 << 8;

  test_picture_show (fixture, 450, 300);
  test_picture_wait (fixture, pixel_gradient, 2);

  /* Damage is scaled with the picture. */
  test_picture_fill (fixture, 0, 0, 600, 400, 0x804020);
  test_picture_wait (fixture, pixel_flat, 1);
}

static void
test_damage (Fixture       *fixture,
             gconstpointer  data)
{
  test_picture_show (fixture, 600, 400);
  test_picture_wait (fixture, pixel_of_guest, 0);

  test_picture_fill (fixture, 0, 0, 1, 1, 0xff0000);
  test_picture_wait (fixture, pixel_of_guest, 0);
  test_picture_fill (fixture, 599, 399, 1, 1, 0xff0000);
  test_picture_wait (fixture, pixel_of_guest, 0);
  test_picture_fill (fixture, 298, 198, 5, 5, 0x00ff00);
  test_picture_wait (fixture, pixel_of_guest, 0);

  for (int i = 0; i < 60; i++)
    test_picture_fill (fixture, i % 10 * 58 + i, i / 10 * 60 + i / 2, 9, 7, 0x1234 * i);
  test_picture_wait (fixture, pixel_of_guest, 0);

  test_picture_fill (fixture, 0, 0, 600, 400, 0x336699);
  test_picture_wait (fixture, pixel_of_guest, 0);
  test_picture_fill (fixture, 20, 20, 1, 1, 0xffffff);
  test_picture_wait (fixture, pixel_of_guest, 0);
}

static guint32
pixel_with_old_corner (Fixture *fixture,
                       int      x,
                       int      y)
{
  if (x >= 590 && y >= 390)
    return test_picture_pattern (x, y);

  return pixel_of_guest (fixture, x, y);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

/* How many times something was brought to the window: by a node of GTK's, or past it. */
static guint
count_painted (Fixture *fixture)
{
  return _lodge_display_get_n_nodes (fixture->display) +
         _lodge_display_get_n_direct (fixture->display);
}

/* A caret costs a caret: one node, its own pixels, and nothing else is drawn anew. */
static void
test_caret (Fixture       *fixture,
            gconstpointer  data)
{
  guint64 copied;
  guint nodes;

  test_picture_show (fixture, 600, 400);
  test_picture_wait (fixture, pixel_of_guest, 0);
  copied = _lodge_framebuffer_get_n_copied (fixture->framebuffer);
  nodes = count_painted (fixture);

  /* Drawn in secret: would show if more was drawn than was told. */
  for (int y = 390; y < 400; y++)
    for (int x = 590; x < 600; x++)
      fixture->pixels[y * 600 + x] = 0xffffff;

  for (guint i = 1; i <= 5; i++)
    {
      test_picture_fill (fixture, 100, 100, 2, 18, i % 2 ? 0xffffff : 0x000000);
      test_picture_wait (fixture, pixel_with_old_corner, 0);
      g_assert_cmpuint (count_painted (fixture), ==, nodes + i);
      g_assert_cmpuint (_lodge_framebuffer_get_n_copied (fixture->framebuffer) - copied, ==,
                        test_picture_is_gl (fixture) ? i * 36 : 0);
    }
}

/* A full frame and then a caret: the caret does not bring the frame back. */
static void
test_caret_after_full (Fixture       *fixture,
                       gconstpointer  data)
{
  guint nodes;

  test_picture_show (fixture, 600, 400);
  test_picture_wait (fixture, pixel_of_guest, 0);
  test_picture_fill (fixture, 0, 0, 600, 400, 0x336699);
  test_picture_wait (fixture, pixel_of_guest, 0);

  for (int y = 390; y < 400; y++)
    for (int x = 590; x < 600; x++)
      fixture->pixels[y * 600 + x] = test_picture_pattern (x, y);
  lodge_framebuffer_damage (fixture->framebuffer, 590, 390, 10, 10);
  test_picture_wait (fixture, pixel_of_guest, 0);
  for (int y = 390; y < 400; y++)
    for (int x = 590; x < 600; x++)
      fixture->pixels[y * 600 + x] = 0;

  nodes = count_painted (fixture);
  test_picture_fill (fixture, 100, 100, 2, 18, 0xffffff);
  test_picture_wait (fixture, pixel_with_old_corner, 0);
  g_assert_cmpuint (count_painted (fixture), ==, nodes + 1);
}

static void
test_damage_unseen (Fixture       *fixture,
                    gconstpointer  data)
{
  test_picture_show (fixture, 600, 400);
  test_picture_wait (fixture, pixel_of_guest, 0);

  gtk_widget_set_visible (GTK_WIDGET (fixture->display), FALSE);
  test_picture_fill (fixture, 10, 10, 100, 100, 0xabcdef);
  gtk_widget_set_visible (GTK_WIDGET (fixture->display), TRUE);
  test_picture_wait (fixture, pixel_of_guest, 0);
}

/* The server takes its surface away: the last frame stays, and none of the old memory is used. */
static void
test_detach_and_attach (Fixture       *fixture,
                        gconstpointer  data)
{
  guint32 *copy = g_memdup2 (fixture->pixels, 600 * 400 * 4);

  test_picture_show (fixture, 600, 400);
  test_picture_wait (fixture, pixel_of_guest, 0);

  lodge_framebuffer_detach (fixture->framebuffer);
  memset (fixture->pixels, 0x55, 600 * 400 * 4);
  g_free (fixture->pixels);
  fixture->pixels = copy;
  gtk_widget_queue_draw (GTK_WIDGET (fixture->display));
  test_picture_wait (fixture, pixel_of_guest, 0);

  /* Another of the same size, as after a reboot. */
  copy = g_new (guint32, 600 * 400);
  for (int i = 0; i < 600 * 400; i++)
    copy[i] = test_picture_pattern (i * 3, i / 7);
  g_free (fixture->pixels);
  fixture->pixels = copy;
  lodge_framebuffer_attach (fixture->framebuffer, LODGE_PIXEL_FORMAT_XRGB32, 600, 400, 2400,
                            (guint8 *)copy);
  test_picture_wait (fixture, pixel_of_guest, 0);

  /* And a smaller one, which is crisp at twice its size. */
  lodge_framebuffer_detach (fixture->framebuffer);
  fixture->width = 300;
  fixture->height = 200;
  lodge_framebuffer_attach (fixture->framebuffer, LODGE_PIXEL_FORMAT_XRGB32, 300, 200, 1200,
                            (guint8 *)copy);
  _lodge_screen_set_area (LODGE_SCREEN (fixture->screen), &(GdkRectangle) { 0, 0, 300, 200 });
  test_picture_wait (fixture, pixel_doubled, 0);
}

static void
test_sizes (Fixture       *fixture,
            gconstpointer  data)
{
  static const int sizes[][2] = {
    { 1, 1 }, { 1, 400 }, { 16384, 2 }, { 2, 16384 }, { 129, 127 }, { 0, 0 }, { 600, 400 },
  };
  g_autofree guint32 *pixels = g_new0 (guint32, 600 * 400);

  test_picture_show (fixture, 600, 400);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      int width = sizes[i][0], height = sizes[i][1];
      GdkFrameClock *clock = gtk_widget_get_frame_clock (fixture->window);
      gint64 frame = gdk_frame_clock_get_frame_counter (clock);

      /* The area follows late, as a server's monitors do. */
      g_assert_true (lodge_framebuffer_attach (fixture->framebuffer, LODGE_PIXEL_FORMAT_XRGB32,
                                               width, height, (gsize)width * 4, (guint8 *)pixels) ==
                     (width > 0));
      gtk_widget_queue_draw (GTK_WIDGET (fixture->display));
      test_wait (gdk_frame_clock_get_frame_counter (clock) > frame);
      _lodge_screen_set_area (LODGE_SCREEN (fixture->screen),
                              &(GdkRectangle) { 0, 0, width, height });
      frame = gdk_frame_clock_get_frame_counter (clock);
      lodge_framebuffer_damage (fixture->framebuffer, width - 1, height - 1, 1, 1);
      gtk_widget_queue_draw (GTK_WIDGET (fixture->display));
      test_wait (gdk_frame_clock_get_frame_counter (clock) > frame);
    }

  memcpy (fixture->pixels, pixels, 600 * 400 * 4);
  test_picture_wait (fixture, pixel_of_guest, 0);
  lodge_framebuffer_detach (fixture->framebuffer);
}

static guint32
pixel_of_565 (Fixture *fixture,
              int      x,
              int      y)
{
  guint16 pixel = ((guint16 *)fixture->pixels)[y * 1200 + x];
  guint32 red = pixel >> 11, green = pixel >> 5 & 63, blue = pixel & 31;

  return (red * 255 / 31) << 16 | (green * 255 / 63) << 8 | (blue * 255 / 31);
}

static void
test_16_bits (Fixture       *fixture,
              gconstpointer  data)
{
  guint16 *pixels = (guint16 *)fixture->pixels;

  lodge_framebuffer_attach (fixture->framebuffer, LODGE_PIXEL_FORMAT_RGB565, 600, 400, 2400,
                            (guint8 *)fixture->pixels);
  test_picture_show (fixture, 600, 400);
  test_picture_wait (fixture, pixel_of_565, 1);

  for (int x = 290; x < 310; x++)
    pixels[250 * 1200 + x] = 0xffff;
  lodge_framebuffer_damage (fixture->framebuffer, 290, 250, 20, 1);
  test_picture_wait (fixture, pixel_of_565, 1);
}

static guint32
pixel_of_second_head (Fixture *fixture,
                      int      x,
                      int      y)
{
  return fixture->pixels[(y + 40) * 600 + x + 270];
}

/* Two heads are two parts of one surface. */
static void
test_area (Fixture       *fixture,
           gconstpointer  data)
{
  guint nodes;

  _lodge_screen_set_area (LODGE_SCREEN (fixture->screen), &(GdkRectangle) { 270, 40, 330, 360 });
  test_picture_show (fixture, 330, 360);
  test_picture_wait (fixture, pixel_of_second_head, 0);
  test_picture_fill (fixture, 260, 30, 20, 20, 0xffffff);
  test_picture_wait (fixture, pixel_of_second_head, 0);

  /* What changes on the other head is nothing to this one. */
  nodes = count_painted (fixture);
  test_picture_fill (fixture, 10, 100, 200, 20, 0xffffff);
  test_run_for (50);
  g_assert_cmpuint (count_painted (fixture), ==, nodes);
}

static guint32
pixel_of_two (Fixture *fixture,
              int      x,
              int      y)
{
  return pixel_of_guest (fixture, x, y % 400);
}

/* A thumbnail beside the screen, say. */
static void
test_two_displays (Fixture       *fixture,
                   gconstpointer  data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *second = lodge_display_new ();

  lodge_display_set_screen (LODGE_DISPLAY (second), LODGE_SCREEN (fixture->screen));
  gtk_box_set_homogeneous (GTK_BOX (box), TRUE);
  gtk_widget_set_vexpand (second, TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (fixture->display));
  gtk_box_append (GTK_BOX (box), second);
  test_picture_show_in (fixture, box, 600, 800);
  test_picture_wait (fixture, pixel_of_two, 0);
  test_picture_fill (fixture, 250, 200, 50, 20, 0xffffff);
  test_picture_wait (fixture, pixel_of_two, 0);
}

static guint32
pixel_dimmed (Fixture *fixture,
              int      x,
              int      y)
{
  guint32 pixel = pixel_of_guest (fixture, x, y);

  return (guint32)((pixel >> 16) * 0.4) << 16 | (guint32)((pixel >> 8 & 255) * 0.4) << 8 |
         (guint32)((pixel & 255) * 0.4);
}

static void
test_dimmed (Fixture       *fixture,
             gconstpointer  data)
{
  test_picture_show (fixture, 600, 400);
  lodge_display_set_dimmed (fixture->display, TRUE);
  test_picture_wait (fixture, pixel_dimmed, 2);
  test_picture_fill (fixture, 250, 200, 50, 20, 0xffffff);
  test_picture_wait (fixture, pixel_dimmed, 2);
  lodge_display_set_dimmed (fixture->display, FALSE);
  test_picture_wait (fixture, pixel_of_guest, 0);
}

static guint32
pixel_black (Fixture *fixture,
             int      x,
             int      y)
{
  return 0;
}

static void
test_no_screen (Fixture       *fixture,
                gconstpointer  data)
{
  lodge_display_set_screen (fixture->display, NULL);
  test_picture_show (fixture, 600, 400);
  test_picture_wait (fixture, pixel_black, 0);
  lodge_display_set_screen (fixture->display, LODGE_SCREEN (fixture->screen));
  test_picture_wait (fixture, pixel_of_guest, 0);
  lodge_display_set_screen (fixture->display, NULL);
  test_picture_wait (fixture, pixel_black, 0);
}

static void
test_idle (Fixture       *fixture,
           gconstpointer  data)
{
  guint n_frames = 0;

  test_picture_show (fixture, 600, 400);
  test_picture_settle (fixture);
  test_picture_fill (fixture, 250, 200, 50, 20, 0xffffff);
  test_picture_wait (fixture, pixel_of_guest, 0);
  g_signal_connect_swapped (gtk_widget_get_frame_clock (fixture->window), "before-paint",
                            G_CALLBACK (count_cb), &n_frames);
  test_run_for (300);
  g_assert_cmpuint (n_frames, ==, 0);
}

/* A frame that comes in two messages is painted once, or the window shows half of it meanwhile. */
static void
test_frame_in_pieces (Fixture       *fixture,
                      gconstpointer  data)
{
  guint n_frames = 0, n_direct;

  test_picture_show (fixture, 600, 400);
  test_picture_wait (fixture, pixel_of_guest, 0);
  g_signal_connect_swapped (gtk_widget_get_frame_clock (fixture->window), "before-paint",
                            G_CALLBACK (count_cb), &n_frames);

  for (guint i = 0; i < 50; i++)
    {
      gint64 begin;

      /* The guest is busy, the frame clock at rest. */
      test_picture_fill (fixture, 10, 10, 5, 5, i);
      test_run_for (50);
      n_frames = 0;
      n_direct = _lodge_display_get_n_direct (fixture->display);

      begin = g_get_monotonic_time ();
      test_picture_fill (fixture, 20, 20, 30, 30, i * 3);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      test_picture_fill (fixture, 400, 300, 30, 30, i * 5);
      if (g_get_monotonic_time () - begin > 700)
        continue;

      test_picture_wait (fixture, pixel_of_guest, 0);
      n_direct = _lodge_display_get_n_direct (fixture->display) - n_direct;
      g_assert_cmpuint (n_frames + n_direct, ==, 1);
      return;
    }

  g_test_skip ("The machine is too busy to send two messages within a millisecond");
}

static void
test_pixel_at (Fixture       *fixture,
               gconstpointer  data)
{
  double unit = 1.0 / fixture->scale;
  int x, y;

  test_picture_show (fixture, 1220, 800);
  test_wait (gtk_widget_get_width (GTK_WIDGET (fixture->display)) == 1220 / fixture->scale);

  /* A border of 10 on the left and the right, then twice the size. */
  g_assert_false (_lodge_display_pixel_at (fixture->display, 9 * unit, 0, &x, &y));
  g_assert_cmpint (x, ==, 0);
  g_assert_true (_lodge_display_pixel_at (fixture->display, 10 * unit, 0, &x, &y));
  g_assert_cmpint (x, ==, 0);
  g_assert_true (_lodge_display_pixel_at (fixture->display, 13 * unit, 5 * unit, &x, &y));
  g_assert_cmpint (x, ==, 1);
  g_assert_cmpint (y, ==, 2);
  g_assert_true (_lodge_display_pixel_at (fixture->display, 1209.9 * unit, 799.9 * unit, &x, &y));
  g_assert_cmpint (x, ==, 599);
  g_assert_cmpint (y, ==, 399);
  g_assert_false (_lodge_display_pixel_at (fixture->display, 1210 * unit, 801 * unit, &x, &y));
  g_assert_cmpint (x, ==, 599);
  g_assert_cmpint (y, ==, 399);
  g_assert_cmpfloat_with_epsilon (_lodge_display_get_scale (fixture->display),
                                  0.5 * fixture->scale, 1e-9);
}

static guint32
pixel_with_cursor (Fixture *fixture,
                   int      x,
                   int      y)
{
  /* At 50, 60 with the hot spot at 3, 2. */
  if (x >= 47 && x < 57 && y >= 58 && y < 68)
    return 0xff00ff;

  return pixel_of_guest (fixture, x, y);
}

static GdkTexture *
make_shape (int width,
            int height)
{
  g_autofree guint32 *pixels = g_new (guint32, width * height);
  g_autoptr(GBytes) bytes = NULL;

  for (int i = 0; i < width * height; i++)
    pixels[i] = 0xffff00ff;

  bytes = g_bytes_new (pixels, width * height * 4);

  return gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, width * 4);
}

/* With a relative mouse the guest's pointer is part of the picture, with a tablet it is not. */
static void
test_server_cursor (Fixture       *fixture,
                    gconstpointer  data)
{
  LodgeScreen *screen = LODGE_SCREEN (fixture->screen);
  g_autoptr(GdkTexture) shape = make_shape (10, 10);
  guint nodes;

  test_picture_show (fixture, 600, 400);
  _lodge_screen_set_mouse_mode (screen, LODGE_MOUSE_MODE_SERVER);
  _lodge_screen_set_cursor (screen, shape, 3, 2);
  _lodge_screen_set_cursor_position (screen, 5, 5);
  test_wait (_lodge_display_get_n_nodes (fixture->display) > 0);
  nodes = _lodge_display_get_n_nodes (fixture->display);
  _lodge_screen_set_cursor_position (screen, 50, 60);
  test_picture_wait (fixture, pixel_with_cursor, 0);
  g_assert_cmpuint (_lodge_display_get_n_nodes (fixture->display), ==, nodes);

  _lodge_screen_set_cursor_visible (screen, FALSE);
  test_picture_wait (fixture, pixel_of_guest, 0);
  _lodge_screen_set_cursor_visible (screen, TRUE);
  test_picture_wait (fixture, pixel_with_cursor, 0);
  _lodge_screen_set_mouse_mode (screen, LODGE_MOUSE_MODE_CLIENT);
  test_picture_wait (fixture, pixel_of_guest, 0);
}

/* Whatever can be shown of it, the guest is not kept waiting. */
static void
test_scanout (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(LodgeScanout) scanout =
    lodge_scanout_new (1, 600, 400, 2400, 0x34325258, LODGE_SCANOUT_MODIFIER_NONE, FALSE, NULL);
  guint n_done = 0;

  g_signal_connect_swapped (scanout, "done", G_CALLBACK (count_cb), &n_done);
  _lodge_screen_set_scanout (LODGE_SCREEN (fixture->screen), scanout);
  lodge_scanout_draw (scanout, 0, 0, 600, 400);
  g_assert_cmpuint (n_done, ==, 1);

  test_picture_show (fixture, 600, 400);
  for (guint i = 2; i < 5; i++)
    {
      lodge_scanout_draw (scanout, 0, 0, 600, 400);
      g_assert_cmpuint (n_done, ==, i - 1);
      test_wait (n_done == i);
    }

  /* Hidden while a draw is under way. */
  lodge_scanout_draw (scanout, 0, 0, 600, 400);
  gtk_widget_set_visible (GTK_WIDGET (fixture->display), FALSE);
  g_assert_cmpuint (n_done, ==, 5);
  gtk_widget_set_visible (GTK_WIDGET (fixture->display), TRUE);

  /* Replaced while a draw is under way. */
  lodge_scanout_draw (scanout, 0, 0, 600, 400);
  _lodge_screen_set_scanout (LODGE_SCREEN (fixture->screen), NULL);
  g_assert_cmpuint (n_done, ==, 6);
  test_picture_wait (fixture, pixel_of_guest, 0);
}

static void
test_accessible (Fixture       *fixture,
                 gconstpointer  data)
{
  lodge_display_set_label (fixture->display, "Screen of the guest");
  test_picture_show (fixture, 600, 400);
  gtk_test_accessible_assert_role (fixture->display, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (fixture->display, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Screen of the guest");
  g_assert_true (gtk_widget_grab_focus (GTK_WIDGET (fixture->display)));
  lodge_display_set_view_only (fixture->display, TRUE);
  g_assert_false (gtk_widget_get_focusable (GTK_WIDGET (fixture->display)));
}

static void
test_properties (Fixture       *fixture,
                 gconstpointer  data)
{
  static const char * const names[] = {
    "dimmed", "grab-keyboard", "grab-pointer", "label", "release-keys", "resize-guest", "scaling",
    "view-only", "zoom",
  };
  guint n_notified[G_N_ELEMENTS (names)] = { 0, };
  gboolean grab_keyboard, grab_pointer;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *signal = g_strconcat ("notify::", names[i], NULL);

      g_signal_connect_swapped (fixture->display, signal, G_CALLBACK (count_cb), &n_notified[i]);
    }

  for (int i = 0; i < 2; i++)
    g_object_set (fixture->display,
                  "dimmed", TRUE, "grab-keyboard", FALSE, "grab-pointer", FALSE, "label", "x",
                  "release-keys", "Control_R", "resize-guest", TRUE,
                  "scaling", LODGE_SCALING_FIT_DOWN, "view-only", TRUE, "zoom", 2.0, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpuint (n_notified[i], ==, 1);

  g_object_get (fixture->display, "grab-keyboard", &grab_keyboard, "grab-pointer", &grab_pointer,
                NULL);
  g_assert_false (grab_keyboard);
  g_assert_false (grab_pointer);
  g_assert_cmpint (lodge_display_get_grabbed (fixture->display), ==, LODGE_GRAB_NONE);
  lodge_display_set_zoom (fixture->display, 1000);
  g_assert_cmpfloat (lodge_display_get_zoom (fixture->display), ==, 10);
}

/* Nothing stays behind, whatever is dropped first. */
static void
test_no_leaks (void)
{
  for (int i = 0; i < 100; i++)
    {
      TestPicture picture = { NULL, };

      test_picture_init (&picture, 300, 200);
      if (i % 10 == 0)
        test_picture_show (&picture, 300, 200);
      if (i % 3 == 0)
        lodge_display_set_screen (picture.display, NULL);
      if (i % 20 == 0)
        {
          test_picture_hide (&picture);
          g_object_run_dispose (G_OBJECT (picture.display));
        }
      test_picture_clear (&picture);
    }
}

#define ADD(path, func) \
  g_test_add ("/display/display/" path, Fixture, NULL, test_picture_set_up, func, test_picture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_setenv ("GTK_A11Y", "test", TRUE);
  g_test_init (&argc, &argv, NULL);
  gtk_init ();

  ADD ("exact", test_exact);
  ADD ("letterbox", test_letterbox);
  ADD ("pillarbox", test_pillarbox);
  ADD ("nearly-exact", test_nearly_exact);
  ADD ("doubled", test_doubled);
  ADD ("native", test_native);
  ADD ("scrolled", test_scrolled);
  ADD ("no-seams", test_no_seams);
  ADD ("scaled-down", test_scaled_down);
  ADD ("damage", test_damage);
  ADD ("caret", test_caret);
  ADD ("caret-after-full", test_caret_after_full);
  ADD ("damage-unseen", test_damage_unseen);
  ADD ("detach-and-attach", test_detach_and_attach);
  ADD ("sizes", test_sizes);
  ADD ("16-bits", test_16_bits);
  ADD ("area", test_area);
  ADD ("two-displays", test_two_displays);
  ADD ("dimmed", test_dimmed);
  ADD ("no-screen", test_no_screen);
  ADD ("idle", test_idle);
  ADD ("frame-in-pieces", test_frame_in_pieces);
  ADD ("pixel-at", test_pixel_at);
  ADD ("server-cursor", test_server_cursor);
  ADD ("scanout", test_scanout);
  ADD ("accessible", test_accessible);
  ADD ("properties", test_properties);
  g_test_add_func ("/display/display/no-leaks", test_no_leaks);

  return g_test_run ();
}
