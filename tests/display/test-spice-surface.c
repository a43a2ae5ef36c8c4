/* test-spice-surface.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-framebuffer.h"
#include "spice-server/patterns.h"
#include "test-spice-server.h"

/* What a guest draws, pixel by pixel, whatever it does to its surface. */

typedef struct
{
  TestSpiceServer     *server;
  LodgeDisplaySession *session;
  GListModel          *screens;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  test_allow_library_messages ();
  fixture->server = test_spice_server_new (data, NULL);
  fixture->session = lodge_display_session_new ();
  fixture->screens = lodge_display_session_list_screens (fixture->session);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_assert_finalize_object (fixture->session);
  g_assert_finalize_object (fixture->server);
}

static LodgeScreen *
get_screen (Fixture *fixture,
            guint    position)
{
  g_autoptr(LodgeScreen) screen = g_list_model_get_item (fixture->screens, position);

  return screen;
}

static gboolean
has_size (Fixture *fixture,
          guint    position,
          int      width,
          int      height)
{
  LodgeScreen *screen = get_screen (fixture, position);
  GdkRectangle area;

  if (screen == NULL || !lodge_screen_get_ready (screen))
    return FALSE;

  lodge_screen_get_area (screen, &area);

  return area.width == width && area.height == height;
}

/* The pixels of a screen as 0xRRGGBB, or 0xffffffff outside of it. */
static guint32
get_pixel (LodgeScreen *screen,
           int          x,
           int          y)
{
  g_autoptr(GdkTexture) texture = lodge_screen_dup_texture (screen);
  g_autofree guint32 *pixels = NULL;
  int width;

  if (texture == NULL || x >= gdk_texture_get_width (texture) ||
      y >= gdk_texture_get_height (texture))
    return G_MAXUINT32;

  width = gdk_texture_get_width (texture);
  pixels = g_new (guint32, (gsize)width * (gsize)gdk_texture_get_height (texture));
  gdk_texture_download (texture, (guchar *)pixels, (gsize)width * 4);
  g_assert_cmphex (pixels[y * width + x] >> 24, ==, 0xff);

  return pixels[y * width + x] & 0xffffff;
}

static gboolean
shows_pixel (Fixture *fixture,
             int      x,
             int      y,
             guint32  pixel)
{
  LodgeScreen *screen = get_screen (fixture, 0);

  return screen != NULL && get_pixel (screen, x, y) == pixel;
}

/* Every pixel of the pattern, drawn over the whole surface, with the bits that @mask leaves. */
static void
assert_pattern (LodgeScreen *screen,
                guint        pattern,
                guint32      mask,
                int          offset_x,
                int          offset_y)
{
  g_autoptr(GdkTexture) texture = lodge_screen_dup_texture (screen);
  int width = gdk_texture_get_width (texture);
  int height = gdk_texture_get_height (texture);
  g_autofree guint32 *pixels = g_new (guint32, (gsize)width * (gsize)height);

  gdk_texture_download (texture, (guchar *)pixels, (gsize)width * 4);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      if (((pixels[y * width + x] ^ pattern_pixel (pattern, (guint)(x + offset_x),
                                                   (guint)(y + offset_y))) & mask) != 0)
        g_error ("%d,%d: %08x for %08x", x, y, pixels[y * width + x],
                 pattern_pixel (pattern, (guint)(x + offset_x), (guint)(y + offset_y)));
}

/* A surface has its size before anything is drawn on it. */
static void
await_pattern_on (Fixture *fixture,
                  guint    position,
                  guint    pattern,
                  guint32  mask,
                  int      width,
                  int      height)
{
  guint32 last = pattern_pixel (pattern, (guint)width - 1, (guint)height - 1);

  test_await_that (has_size (fixture, position, width, height) &&
                   (get_pixel (get_screen (fixture, position), width - 1, height - 1) & mask) ==
                   (last & mask));
  assert_pattern (get_screen (fixture, position), pattern, mask, 0, 0);
}

static void
await_pattern (Fixture *fixture,
               guint    pattern,
               guint32  mask,
               int      width,
               int      height)
{
  await_pattern_on (fixture, 0, pattern, mask, width, height);
}

static void
test_formats (Fixture       *fixture,
              gconstpointer  data)
{
  test_spice_server_do (fixture->server, "surface 0 640 480 32");
  test_spice_server_do (fixture->server, "draw 0 3 0 0 640 480");
  test_spice_server_open (fixture->server, fixture->session);
  await_pattern (fixture, 3, 0xffffff, 640, 480);

  /* 16 bits keep the upper five or six of eight. */
  test_spice_server_do (fixture->server, "surface 0 320 200 555");
  test_spice_server_do (fixture->server, "draw 0 4 0 0 320 200");
  await_pattern (fixture, 4, 0xf8f8f8, 320, 200);

  test_spice_server_do (fixture->server, "surface 0 322 201 565");
  test_spice_server_do (fixture->server, "draw 0 5 0 0 322 201");
  await_pattern (fixture, 5, 0xf8fcf8, 322, 201);
}

static void
test_damage (Fixture       *fixture,
             gconstpointer  data)
{
  test_spice_server_do (fixture->server, "surface 0 640 480 32");
  test_spice_server_do (fixture->server, "draw 0 3 0 0 640 480");
  test_spice_server_open (fixture->server, fixture->session);
  await_pattern (fixture, 3, 0xffffff, 640, 480);

  /* A caret: only what was drawn may change. */
  test_spice_server_do (fixture->server, "draw 0 9 100 50 2 16");
  test_await_that (shows_pixel (fixture, 101, 65, pattern_pixel (9, 101, 65)));
  g_assert_true (shows_pixel (fixture, 99, 50, pattern_pixel (3, 99, 50)));
  g_assert_true (shows_pixel (fixture, 102, 50, pattern_pixel (3, 102, 50)));
  g_assert_true (shows_pixel (fixture, 100, 49, pattern_pixel (3, 100, 49)));
  g_assert_true (shows_pixel (fixture, 100, 66, pattern_pixel (3, 100, 66)));
}

static void
test_replaced (Fixture       *fixture,
               gconstpointer  data)
{
  LodgeScreen *screen;
  LodgeFramebuffer *framebuffer;

  test_spice_server_do (fixture->server, "surface 0 640 480 32");
  test_spice_server_do (fixture->server, "draw 0 1 0 0 640 480");
  test_spice_server_open (fixture->server, fixture->session);
  await_pattern (fixture, 1, 0xffffff, 640, 480);
  screen = get_screen (fixture, 0);
  framebuffer = lodge_screen_get_framebuffer (screen);

  /* In the middle of a frame, to another size, to the same one, to none and back. */
  for (int i = 0; i < 20; i++)
    {
      int width = 200 + i % 3 * 111;

      test_spice_server_do (fixture->server, "draw 0 %d 0 0 100 100", i);
      test_spice_server_do (fixture->server, "surface 0 %d 300 %s", width, i % 4 ? "32" : "555");
      test_spice_server_do (fixture->server, "draw 0 %d 0 0 %d 300", i + 40, width);
      if (i % 5 == 0)
        await_pattern (fixture, (guint)i + 40, i % 4 ? 0xffffff : 0xf8f8f8, width, 300);
    }

  await_pattern (fixture, 59, 0xffffff, 311, 300);

  /* Gone: the last picture stays. */
  test_spice_server_do (fixture->server, "no-surface 0");
  test_run_for (200);
  assert_pattern (get_screen (fixture, 0), 59, 0xffffff, 0, 0);
  g_assert_true (lodge_screen_get_ready (screen));

  test_spice_server_do (fixture->server, "surface 0 64 48 32");
  test_spice_server_do (fixture->server, "draw 0 2 0 0 64 48");
  await_pattern (fixture, 2, 0xffffff, 64, 48);

  /* All of it on one screen, so that whoever shows it need not look for another. */
  g_assert_true (get_screen (fixture, 0) == screen);
  g_assert_true (lodge_screen_get_framebuffer (screen) == framebuffer);
  g_assert_cmpuint (g_list_model_get_n_items (fixture->screens), ==, 1);
}

static void
test_odd_sizes (Fixture       *fixture,
                gconstpointer  data)
{
  test_spice_server_do (fixture->server, "surface 0 1 1 32");
  test_spice_server_do (fixture->server, "draw 0 1 0 0 1 1");
  test_spice_server_open (fixture->server, fixture->session);
  await_pattern (fixture, 1, 0xffffff, 1, 1);

  test_spice_server_do (fixture->server, "surface 0 16384 16384 32");
  test_spice_server_do (fixture->server, "draw 0 6 16380 16380 4 4");
  test_await_that (has_size (fixture, 0, 16384, 16384));

  /* None at all, and back: what cannot be shown does no harm. */
  test_spice_server_do (fixture->server, "surface 0 0 0 32");
  test_spice_server_do (fixture->server, "no-surface 0");
  test_spice_server_do (fixture->server, "surface 0 3 5000 32");
  test_spice_server_do (fixture->server, "draw 0 7 0 0 3 5000");
  await_pattern (fixture, 7, 0xffffff, 3, 5000);
  g_assert_cmpint (lodge_display_session_get_state (fixture->session), ==,
                   LODGE_SESSION_STATE_CONNECTED);
}

static void
test_heads (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(LodgeScreen) first = NULL;
  GdkRectangle area;

  test_spice_server_do (fixture->server, "surface 0 800 300 32");
  test_spice_server_do (fixture->server, "draw 0 3 0 0 800 300");
  test_spice_server_do (fixture->server, "heads 0 0,500x300+0+0 1,300x200+500+0");
  test_spice_server_open (fixture->server, fixture->session);
  test_await_that (has_size (fixture, 0, 500, 300) && has_size (fixture, 1, 300, 200));

  first = g_object_ref (get_screen (fixture, 0));
  g_assert_cmpint (lodge_screen_get_id (first), ==, 0);
  g_assert_cmpint (lodge_screen_get_id (get_screen (fixture, 1)), ==, 1);
  test_await_that (get_pixel (get_screen (fixture, 1), 299, 199) == pattern_pixel (3, 799, 199));
  assert_pattern (first, 3, 0xffffff, 0, 0);
  assert_pattern (get_screen (fixture, 1), 3, 0xffffff, 500, 0);

  /* One goes, a third comes, and one reaches beyond the surface: it is cut. */
  test_spice_server_do (fixture->server, "heads 0 0,500x300+0+0 2,500x100+600+250");
  test_await_that (has_size (fixture, 1, 200, 50));
  g_assert_cmpint (lodge_screen_get_id (get_screen (fixture, 1)), ==, 2);
  g_assert_true (get_screen (fixture, 0) == first);
  lodge_screen_get_area (get_screen (fixture, 1), &area);
  g_assert_cmpint (area.x, ==, 600);
  g_assert_cmpint (area.y, ==, 250);

  test_spice_server_do (fixture->server, "heads 0 0,800x300+0+0");
  test_await_that (g_list_model_get_n_items (fixture->screens) == 1 &&
                   has_size (fixture, 0, 800, 300));
  g_assert_true (get_screen (fixture, 0) == first);
}

static void
test_channels (Fixture       *fixture,
               gconstpointer  data)
{
  test_spice_server_do (fixture->server, "surface 0 200 100 32");
  test_spice_server_open (fixture->server, fixture->session);
  test_await_that (has_size (fixture, 0, 200, 100));
  test_run_for (100);

  /* A card with nothing on it is no screen. */
  g_assert_cmpuint (g_list_model_get_n_items (fixture->screens), ==, 1);

  test_spice_server_do (fixture->server, "surface 2 300 100 32");
  test_spice_server_do (fixture->server, "draw 2 8 0 0 300 100");
  test_await_that (has_size (fixture, 1, 300, 100));
  g_assert_cmpint (lodge_screen_get_id (get_screen (fixture, 1)), ==, 2);

  test_spice_server_do (fixture->server, "surface 1 400 100 32");
  test_await_that (has_size (fixture, 1, 400, 100) && has_size (fixture, 2, 300, 100));
  g_assert_cmpint (lodge_screen_get_id (get_screen (fixture, 1)), ==, 1);
  await_pattern_on (fixture, 2, 8, 0xffffff, 300, 100);

  test_spice_server_do (fixture->server, "no-surface 1");
  test_await_that (g_list_model_get_n_items (fixture->screens) == 2);
  g_assert_cmpint (lodge_screen_get_id (get_screen (fixture, 1)), ==, 2);
}

static guint32
get_cursor_pixel (GdkTexture *cursor,
                  int         x,
                  int         y)
{
  int width = gdk_texture_get_width (cursor);
  g_autofree guint32 *pixels = g_new (guint32, (gsize)width *
                                               (gsize)gdk_texture_get_height (cursor));

  gdk_texture_download (cursor, (guchar *)pixels, (gsize)width * 4);

  return pixels[y * width + x];
}

static void
test_cursor (Fixture       *fixture,
             gconstpointer  data)
{
  LodgeScreen *screen;
  GdkTexture *cursor;
  int hotspot_x, hotspot_y, x, y;

  test_spice_server_do (fixture->server, "tablet");
  test_spice_server_do (fixture->server, "surface 0 640 480 32");
  test_spice_server_open (fixture->server, fixture->session);
  test_await_that (has_size (fixture, 0, 640, 480));
  screen = get_screen (fixture, 0);
  test_await_that (lodge_screen_get_mouse_mode (screen) == LODGE_MOUSE_MODE_CLIENT);

  test_spice_server_do (fixture->server, "cursor 0 12 20 30 4 5");
  test_await_that ((cursor = lodge_screen_get_cursor (screen, &hotspot_x, &hotspot_y)) != NULL);
  g_assert_cmpint (gdk_texture_get_width (cursor), ==, 20);
  g_assert_cmpint (gdk_texture_get_height (cursor), ==, 30);
  g_assert_cmpint (hotspot_x, ==, 4);
  g_assert_cmpint (hotspot_y, ==, 5);
  g_assert_true (lodge_screen_get_cursor_visible (screen));
  g_assert_cmphex (get_cursor_pixel (cursor, 7, 9), ==, 0xff000000 | pattern_pixel (12, 7, 9));

  test_spice_server_do (fixture->server, "cursor-hide 0");
  test_await_that (!lodge_screen_get_cursor_visible (screen));

  /* GDK refuses a hot spot outside of the shape. */
  test_spice_server_do (fixture->server, "cursor 0 13 16 16 16 16");
  test_await_that (lodge_screen_get_cursor_visible (screen));
  cursor = lodge_screen_get_cursor (screen, &hotspot_x, &hotspot_y);
  g_assert_cmpint (gdk_texture_get_width (cursor), ==, 16);
  g_assert_cmpint (hotspot_x, ==, 15);
  g_assert_cmpint (hotspot_y, ==, 15);

  test_spice_server_do (fixture->server, "heads 0 0,320x480+0+0 1,320x480+320+0");
  test_await_that (g_list_model_get_n_items (fixture->screens) == 2);
  g_assert_true (lodge_screen_get_cursor (get_screen (fixture, 1), NULL, NULL) == cursor);

  /* Where the guest places the cursor each head has its own origin, and what is hidden shows at the
   * next move.
   */
  test_spice_server_do (fixture->server, "no-tablet");
  test_await_that (lodge_screen_get_mouse_mode (screen) == LODGE_MOUSE_MODE_SERVER);
  test_spice_server_do (fixture->server, "cursor-hide 0");
  test_await_that (!lodge_screen_get_cursor_visible (screen));
  test_spice_server_do (fixture->server, "cursor 0 14 24 24 0 0");
  test_await_that (gdk_texture_get_width (lodge_screen_get_cursor (screen, NULL, NULL)) == 24);
  g_assert_false (lodge_screen_get_cursor_visible (screen));
  test_spice_server_do (fixture->server, "cursor-move 0 400 50");
  test_await_that ((lodge_screen_get_cursor_position (screen, &x, &y), x == 400 && y == 50));
  lodge_screen_get_cursor_position (get_screen (fixture, 1), &x, &y);
  g_assert_cmpint (x, ==, 80);
  g_assert_cmpint (y, ==, 50);
  g_assert_true (lodge_screen_get_cursor_visible (screen));

  test_spice_server_do (fixture->server, "cursor-reset 0");
  test_await_that (lodge_screen_get_cursor (screen, NULL, NULL) == NULL);
}

static void
test_killed_while_drawing (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(GdkTexture) before = NULL;
  const GError *error;

  test_spice_server_do (fixture->server, "surface 0 1280 1024 32");
  test_spice_server_do (fixture->server, "draw 0 3 0 0 1280 1024");
  test_spice_server_open (fixture->server, fixture->session);
  await_pattern (fixture, 3, 0xffffff, 1280, 1024);

  test_spice_server_do (fixture->server, "flood 0");
  test_run_for (300);
  test_spice_server_kill (fixture->server);
  test_await_that (lodge_display_session_get_state (fixture->session) == LODGE_SESSION_STATE_LOST);

  error = lodge_display_session_get_error (fixture->session);
  g_assert_error (error, LODGE_SESSION_ERROR, LODGE_SESSION_ERROR_ENDED);

  /* Whatever came last is there to look at, and stays. */
  g_assert_cmpuint (g_list_model_get_n_items (fixture->screens), ==, 1);
  g_assert_true (lodge_screen_get_ready (get_screen (fixture, 0)));
  before = lodge_screen_dup_texture (get_screen (fixture, 0));
  g_assert_nonnull (before);
  test_run_for (100);
  g_assert_cmpint (lodge_display_session_get_state (fixture->session), ==, LODGE_SESSION_STATE_LOST);
  g_assert_cmphex (get_pixel (get_screen (fixture, 0), 1279, 1023), !=, G_MAXUINT32);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  if (!test_spice_server_is_there ())
    return 0;

#define ADD(path, option, function) \
  g_test_add ("/display/spice-surface/" path, Fixture, option, fixture_set_up, function, \
              fixture_tear_down)
  ADD ("formats", NULL, test_formats);
  ADD ("damage", NULL, test_damage);
  ADD ("replaced", NULL, test_replaced);
  ADD ("odd-sizes", NULL, test_odd_sizes);
  ADD ("heads", NULL, test_heads);
  ADD ("channels", "--displays=3", test_channels);
  ADD ("cursor", NULL, test_cursor);
  ADD ("killed-while-drawing", NULL, test_killed_while_drawing);
#undef ADD

  return g_test_run ();
}
