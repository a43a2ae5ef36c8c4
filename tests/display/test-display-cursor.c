/* test-display-cursor.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <fcntl.h>
#include <unistd.h>

#include <gdk/x11/gdkx.h>

#include "lodge-display-cursor-private.h"
#include "lodge-scanout.h"
#include "test-picture.h"
#include "test-wait.h"

typedef TestPicture Fixture;

/* The user's hand on the mouse, in device pixels of the screen. */
static void
point_at (int x,
          int y)
{
  Display *display = gdk_x11_display_get_xdisplay (gdk_display_get_default ());

  XWarpPointer (display, None, DefaultRootWindow (display), 0, 0, 0, 0, x, y);
  XFlush (display);
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  point_at (1500, 1100);
  test_picture_set_up (fixture, data);
  test_picture_show (fixture, 600, 500);
}

static GdkTexture *
make_shape (int width,
            int height)
{
  g_autofree guint32 *pixels = g_new (guint32, width * height);
  g_autoptr(GBytes) bytes = NULL;

  for (int i = 0; i < width * height; i++)
    pixels[i] = 0xff000000 | i;

  bytes = g_bytes_new (pixels, width * height * 4);

  return gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, width * 4);
}

/* "none", "arrow" or "shape". */
static const char *
shown (Fixture *fixture)
{
  GdkCursor *cursor = gtk_widget_get_cursor (GTK_WIDGET (fixture->display));

  if (cursor == NULL)
    return "arrow";

  return gdk_cursor_get_name (cursor) ? gdk_cursor_get_name (cursor) : "shape";
}

#define assert_shown(fixture, name) \
  test_wait (g_str_equal (shown (fixture), name))

static void
test_over_the_picture (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(GdkTexture) shape = make_shape (16, 16);

  _lodge_screen_set_cursor (LODGE_SCREEN (fixture->screen), shape, 3, 4);
  assert_shown (fixture, "arrow");

  /* The picture starts 50 pixels below the border. */
  point_at (300, 200);
  assert_shown (fixture, "shape");
  point_at (300, 20);
  assert_shown (fixture, "arrow");
  point_at (300, 51);
  assert_shown (fixture, "shape");

  /* Out of the window and back. */
  point_at (1500, 1100);
  assert_shown (fixture, "arrow");
  point_at (300, 200);
  assert_shown (fixture, "shape");
}

static void
test_what_the_guest_does (Fixture       *fixture,
                          gconstpointer  data)
{
  LodgeScreen *screen = LODGE_SCREEN (fixture->screen);
  g_autoptr(GdkTexture) shape = make_shape (16, 16);
  g_autoptr(GdkCursor) before = NULL;

  point_at (300, 200);
  _lodge_screen_set_cursor (screen, shape, 3, 4);
  assert_shown (fixture, "shape");

  _lodge_screen_set_cursor_visible (screen, FALSE);
  assert_shown (fixture, "none");
  _lodge_screen_set_cursor_visible (screen, TRUE);
  assert_shown (fixture, "shape");

  /* With a relative mouse the pointer is not the guest's before it is locked. */
  _lodge_screen_set_mouse_mode (screen, LODGE_MOUSE_MODE_SERVER);
  assert_shown (fixture, "arrow");
  _lodge_display_set_grabbed (fixture->display, LODGE_GRAB_POINTER);
  assert_shown (fixture, "none");
  _lodge_display_set_grabbed (fixture->display, LODGE_GRAB_NONE);
  assert_shown (fixture, "arrow");
  _lodge_screen_set_mouse_mode (screen, LODGE_MOUSE_MODE_CLIENT);
  assert_shown (fixture, "shape");

  lodge_display_set_view_only (fixture->display, TRUE);
  assert_shown (fixture, "arrow");
  lodge_display_set_view_only (fixture->display, FALSE);
  assert_shown (fixture, "shape");
  _lodge_screen_set_read_only (screen, TRUE);
  assert_shown (fixture, "arrow");
  _lodge_screen_set_read_only (screen, FALSE);
  assert_shown (fixture, "shape");

  /* A new shape is a new cursor, the same one is not. */
  g_set_object (&before, gtk_widget_get_cursor (GTK_WIDGET (fixture->display)));
  lodge_display_set_dimmed (fixture->display, TRUE);
  _lodge_screen_set_area (screen, &(GdkRectangle) { 0, 0, 600, 400 });
  g_assert_true (gtk_widget_get_cursor (GTK_WIDGET (fixture->display)) == before);
  g_object_unref (shape);
  shape = make_shape (20, 20);
  _lodge_screen_set_cursor (screen, shape, 3, 4);
  g_assert_true (gtk_widget_get_cursor (GTK_WIDGET (fixture->display)) != before);

  _lodge_screen_set_cursor (screen, NULL, 0, 0);
  assert_shown (fixture, "arrow");
}

/* GDK refuses a cursor whose hot spot is outside; guests make them. */
static void
test_hot_spot (Fixture       *fixture,
               gconstpointer  data)
{
  static const struct { int width, height, x, y; double factor; } cases[] = {
    { 16, 16, 16, 16, 1 }, { 16, 16, -1, -7, 1 }, { 1, 1, 1, 1, 1 }, { 16, 16, 40, 3, 2 },
    { 32, 32, 32, 32, 0.4 }, { 64, 1, 63, 1, 0.1 }, { 300, 20, 299, 19, 1 },
    { 16, 16, 15, 15, 100 }, { 1, 200, 1, 200, 3 },
  };

  point_at (300, 200);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GdkTexture) shape = make_shape (cases[i].width, cases[i].height);
      g_autoptr(GdkTexture) resized = NULL;
      int x = cases[i].x, y = cases[i].y;

      resized = _lodge_display_cursor_resize (shape, cases[i].factor, &x, &y);
      g_assert_cmpint (gdk_texture_get_width (resized), <=, 256);
      g_assert_cmpint (gdk_texture_get_height (resized), <=, 256);
      g_assert_cmpint (x, >=, 0);
      g_assert_cmpint (y, >=, 0);
      g_assert_cmpint (x, <, gdk_texture_get_width (resized));
      g_assert_cmpint (y, <, gdk_texture_get_height (resized));

      /* And GDK takes it, or this test would end with its critical. */
      _lodge_screen_set_cursor (LODGE_SCREEN (fixture->screen), shape, cases[i].x, cases[i].y);
      assert_shown (fixture, "shape");
    }
}

/* The shape grows with the picture. */
static void
test_resized (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GdkTexture) shape = make_shape (16, 8);
  g_autoptr(GdkTexture) resized = NULL;
  guint32 pixels[32 * 16];
  int x = 3, y = 4;

  resized = _lodge_display_cursor_resize (shape, 2, &x, &y);
  g_assert_cmpint (gdk_texture_get_width (resized), ==, 32);
  g_assert_cmpint (gdk_texture_get_height (resized), ==, 16);
  g_assert_cmpint (x, ==, 7);
  g_assert_cmpint (y, ==, 9);
  gdk_texture_download (resized, (guchar *)pixels, 32 * 4);
  for (int i = 0; i < 32 * 16; i++)
    g_assert_cmphex (pixels[i], ==, 0xff000000 | (i / 32 / 2 * 16 + i % 32 / 2));
}

/* A guest that draws with a GPU, and whose screen goes while somebody points at it. */
static void
test_screen_goes (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(GdkTexture) shape = make_shape (16, 16);
  g_autoptr(LodgeScanout) scanout = NULL;
  int fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);

  point_at (300, 200);
  _lodge_screen_set_cursor (LODGE_SCREEN (fixture->screen), shape, 3, 4);
  assert_shown (fixture, "shape");

  scanout = lodge_scanout_new (fd, 600, 400, 2400, 0x34325258, LODGE_SCANOUT_MODIFIER_NONE, TRUE, NULL);
  close (fd);
  g_assert_nonnull (scanout);
  _lodge_screen_set_scanout (LODGE_SCREEN (fixture->screen), scanout);
  assert_shown (fixture, "shape");

  lodge_display_set_screen (fixture->display, NULL);
  assert_shown (fixture, "arrow");
  lodge_display_set_screen (fixture->display, LODGE_SCREEN (fixture->screen));
  assert_shown (fixture, "shape");
}

#define ADD(path, func) \
  g_test_add ("/display/display-cursor/" path, Fixture, NULL, \
              fixture_set_up, func, test_picture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gtk_init ();

  ADD ("over-the-picture", test_over_the_picture);
  ADD ("what-the-guest-does", test_what_the_guest_does);
  ADD ("hot-spot", test_hot_spot);
  ADD ("resized", test_resized);
  ADD ("screen-goes", test_screen_goes);

  return g_test_run ();
}
