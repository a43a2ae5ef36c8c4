/* test-framebuffer.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "lodge-framebuffer-private.h"

typedef struct
{
  LodgeFramebuffer *framebuffer;
  GdkRectangle      damaged;
  guint             n_damaged;
  guint             n_resized;
} Fixture;

static void
damaged_cb (LodgeFramebuffer *framebuffer,
            int               x,
            int               y,
            int               width,
            int               height,
            Fixture          *fixture)
{
  fixture->damaged = (GdkRectangle) { x, y, width, height };
  fixture->n_damaged++;
}

static void
resized_cb (LodgeFramebuffer *framebuffer,
            Fixture          *fixture)
{
  fixture->n_resized++;
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->framebuffer = lodge_framebuffer_new ();
  g_signal_connect (fixture->framebuffer, "damaged", G_CALLBACK (damaged_cb), fixture);
  g_signal_connect (fixture->framebuffer, "resized", G_CALLBACK (resized_cb), fixture);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_assert_finalize_object (fixture->framebuffer);
}

/* A pixel as the renderer gets it. */
static guint32
shadow_pixel (LodgeFramebuffer *framebuffer,
              int               x,
              int               y)
{
  const guint32 *pixels = g_bytes_get_data (_lodge_framebuffer_get_bytes (framebuffer), NULL);

  return pixels[(gsize)y * lodge_framebuffer_get_width (framebuffer) + x];
}

/* A pixel as the user's screenshot has it. */
static guint32
texture_pixel (LodgeFramebuffer *framebuffer,
               int               x,
               int               y)
{
  g_autoptr(GdkTexture) texture =
    lodge_framebuffer_dup_texture (framebuffer, &(GdkRectangle) { x, y, 1, 1 });
  guint32 pixel;

  g_assert_cmpint (gdk_texture_get_width (texture), ==, 1);
  gdk_texture_download (texture, (guchar *)&pixel, 4);

  return pixel;
}

static void
test_xrgb32 (Fixture       *fixture,
             gconstpointer  data)
{
  const guint32 pixels[2][4] = {
    { 0x00000000, 0x00ffffff, 0x00123456, 0xdeadbeef },
    { 0x80800000, 0x00008000, 0x00000080, 0xff010203 },
  };

  g_assert_true (lodge_framebuffer_attach (fixture->framebuffer, LODGE_PIXEL_FORMAT_XRGB32,
                                           3, 2, sizeof pixels[0], (const guint8 *)pixels));
  g_assert_cmpint (lodge_framebuffer_get_width (fixture->framebuffer), ==, 3);
  g_assert_cmpint (lodge_framebuffer_get_height (fixture->framebuffer), ==, 2);
  g_assert_cmpuint (fixture->n_resized, ==, 1);

  /* Whatever the top byte was, the picture is opaque, and the padding of a row is not in it. */
  for (int y = 0; y < 2; y++)
    for (int x = 0; x < 3; x++)
      {
        guint32 expected = pixels[y][x] | 0xff000000;

        g_assert_cmphex (texture_pixel (fixture->framebuffer, x, y), ==, expected);
        g_assert_cmphex (shadow_pixel (fixture->framebuffer, x, y), ==, expected);
      }
}

/* Every one of the 65,536 pixels that there are. */
static void
assert_all_16_bits (Fixture          *fixture,
                    LodgePixelFormat  format,
                    int               green_bits)
{
  /* SPICE gives 16 bit rows the stride of 32 bit ones. */
  const gsize stride = 256 * 4;
  g_autofree guint8 *pixels = g_malloc0 (stride * 256);

  for (int i = 0; i < 65536; i++)
    {
      guint16 pixel = i;

      memcpy (pixels + i / 256 * stride + i % 256 * 2, &pixel, 2);
    }

  g_assert_true (lodge_framebuffer_attach (fixture->framebuffer, format, 256, 256, stride, pixels));

  for (int i = 0; i < 65536; i++)
    {
      int green_max = (1 << green_bits) - 1;
      int red = i >> (5 + green_bits) & 31, green = i >> 5 & green_max, blue = i & 31;
      guint32 got = shadow_pixel (fixture->framebuffer, i % 256, i / 256);

      /* Full scale maps to full scale, and nothing is off by more than rounding. */
      g_assert_cmphex (got >> 24, ==, 0xff);
      g_assert_cmpint (ABS ((int)(got >> 16 & 255) * 31 - red * 255), <=, 31);
      g_assert_cmpint (ABS ((int)(got >> 8 & 255) * green_max - green * 255), <=, green_max);
      g_assert_cmpint (ABS ((int)(got & 255) * 31 - blue * 255), <=, 31);
    }

  g_assert_cmphex (texture_pixel (fixture->framebuffer, 255, 255) & 0xff, ==, 0xff);
  lodge_framebuffer_detach (fixture->framebuffer);
}

static void
test_16_bits (Fixture       *fixture,
              gconstpointer  data)
{
  assert_all_16_bits (fixture, LODGE_PIXEL_FORMAT_RGB565, 6);
  assert_all_16_bits (fixture, LODGE_PIXEL_FORMAT_RGB555, 5);
}

/* Nobody promises alignment. */
static void
test_unaligned (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree guint8 *pixels = g_malloc0 (4 * (41 * 4 + 3) + 1);

  for (int y = 0; y < 4; y++)
    for (int x = 0; x < 41; x++)
      memcpy (pixels + 1 + y * (41 * 4 + 3) + x * 4, &(guint32) { y << 8 | x }, 4);

  g_assert_true (lodge_framebuffer_attach (fixture->framebuffer, LODGE_PIXEL_FORMAT_XRGB32,
                                           41, 4, 41 * 4 + 3, pixels + 1));

  for (int y = 0; y < 4; y++)
    for (int x = 0; x < 41; x++)
      g_assert_cmphex (shadow_pixel (fixture->framebuffer, x, y), ==, 0xff000000u | y << 8 | x);

  /* Cairo could not take these rows as they are: it is given the copy. */
  g_assert_true (cairo_image_surface_get_data (
                   _lodge_framebuffer_get_surface (fixture->framebuffer)) !=
                 pixels + 1);
}

static void
test_copies_only_damage (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autofree guint32 *pixels = g_new0 (guint32, 1024 * 768);
  guint64 before;

  lodge_framebuffer_attach (fixture->framebuffer, LODGE_PIXEL_FORMAT_XRGB32, 1024, 768, 1024 * 4,
                            (guint8 *)pixels);

  /* Nothing before somebody looks, all of it once, then nothing. */
  g_assert_cmpuint (_lodge_framebuffer_get_n_copied (fixture->framebuffer), ==, 0);
  _lodge_framebuffer_get_bytes (fixture->framebuffer);
  g_assert_cmpuint (_lodge_framebuffer_get_n_copied (fixture->framebuffer), ==, 1024 * 768);
  _lodge_framebuffer_get_bytes (fixture->framebuffer);
  g_assert_cmpuint (_lodge_framebuffer_get_n_copied (fixture->framebuffer), ==, 1024 * 768);

  /* A caret is a caret, even when it blinks twice before the next frame. */
  before = _lodge_framebuffer_get_n_copied (fixture->framebuffer);
  pixels[300 * 1024 + 500] = 0x123456;
  lodge_framebuffer_damage (fixture->framebuffer, 500, 300, 2, 18);
  lodge_framebuffer_damage (fixture->framebuffer, 500, 300, 2, 18);
  g_assert_cmpuint (_lodge_framebuffer_get_n_copied (fixture->framebuffer), ==, before);
  g_assert_cmphex (shadow_pixel (fixture->framebuffer, 500, 300), ==, 0xff123456);
  g_assert_cmpuint (_lodge_framebuffer_get_n_copied (fixture->framebuffer), ==, before + 36);

  /* Two far apart are two, not the rectangle around both. */
  before = _lodge_framebuffer_get_n_copied (fixture->framebuffer);
  lodge_framebuffer_damage (fixture->framebuffer, 0, 0, 1, 1);
  lodge_framebuffer_damage (fixture->framebuffer, 1023, 767, 1, 1);
  _lodge_framebuffer_get_bytes (fixture->framebuffer);
  g_assert_cmpuint (_lodge_framebuffer_get_n_copied (fixture->framebuffer), ==, before + 2);

  /* Across tiles. */
  pixels[255 * 1024 + 255] = pixels[256 * 1024 + 256] = 0x654321;
  lodge_framebuffer_damage (fixture->framebuffer, 255, 255, 2, 2);
  g_assert_cmphex (shadow_pixel (fixture->framebuffer, 255, 255), ==, 0xff654321);
  g_assert_cmphex (shadow_pixel (fixture->framebuffer, 256, 256), ==, 0xff654321);
}

/* The cairo renderer draws the server's own memory. */
static void
test_draws_without_copy (Fixture       *fixture,
                         gconstpointer  data)
{
  guint32 *pixels = g_new0 (guint32, 64 * 64);
  cairo_surface_t *surface, *window;
  guint generation;

  lodge_framebuffer_attach (fixture->framebuffer, LODGE_PIXEL_FORMAT_XRGB32, 64, 64, 64 * 4,
                            (guint8 *)pixels);
  surface = _lodge_framebuffer_get_surface (fixture->framebuffer);
  g_assert_true (cairo_image_surface_get_data (surface) == (guint8 *)pixels);
  g_assert_cmpint (cairo_image_surface_get_format (surface), ==, CAIRO_FORMAT_RGB24);
  g_assert_cmpuint (_lodge_framebuffer_get_n_copied (fixture->framebuffer), ==, 0);

  /* A recording such as GTK's nodes hold outlives the memory. */
  window = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
  {
    cairo_t *cr = cairo_create (window);

    cairo_set_source_surface (cr, surface, 0, 0);
    cairo_paint (cr);
    cairo_destroy (cr);
  }
  pixels[5] = 0x00abcdef;
  lodge_framebuffer_damage (fixture->framebuffer, 5, 0, 1, 1);
  generation = _lodge_framebuffer_get_generation (fixture->framebuffer);
  lodge_framebuffer_detach (fixture->framebuffer);
  memset (pixels, 0x77, 64 * 64 * 4);
  g_free (pixels);
  g_assert_cmpuint (_lodge_framebuffer_get_generation (fixture->framebuffer), !=, generation);

  {
    cairo_surface_t *image = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 64, 64);
    cairo_t *cr = cairo_create (image);

    cairo_set_source_surface (cr, window, 0, 0);
    cairo_paint (cr);
    cairo_destroy (cr);
    g_assert_cmphex (((guint32 *)cairo_image_surface_get_data (image))[5] & 0xffffff, ==, 0xabcdef);
    cairo_surface_destroy (image);
  }
  cairo_surface_destroy (window);

  /* And the last frame stays. */
  g_assert_cmphex (shadow_pixel (fixture->framebuffer, 5, 0), ==, 0xffabcdef);
  surface = _lodge_framebuffer_get_surface (fixture->framebuffer);
  g_assert_cmphex (((guint32 *)cairo_image_surface_get_data (surface))[5], ==, 0xffabcdef);
}

static void
test_damage_outside (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autofree guint32 *pixels = g_new0 (guint32, 100 * 50);

  /* Before there is anything. */
  lodge_framebuffer_damage (fixture->framebuffer, 0, 0, 10, 10);
  g_assert_cmpuint (fixture->n_damaged, ==, 0);

  lodge_framebuffer_attach (fixture->framebuffer, LODGE_PIXEL_FORMAT_XRGB32, 100, 50, 400,
                            (guint8 *)pixels);
  _lodge_framebuffer_get_bytes (fixture->framebuffer);

  lodge_framebuffer_damage (fixture->framebuffer, 100, 0, 10, 10);
  lodge_framebuffer_damage (fixture->framebuffer, 0, 50, 10, 10);
  lodge_framebuffer_damage (fixture->framebuffer, -10, -10, 10, 10);
  lodge_framebuffer_damage (fixture->framebuffer, 5, 5, 0, 10);
  lodge_framebuffer_damage (fixture->framebuffer, 5, 5, 10, -3);
  lodge_framebuffer_damage (fixture->framebuffer, G_MAXINT, G_MAXINT, G_MAXINT, G_MAXINT);
  lodge_framebuffer_damage (fixture->framebuffer, G_MININT, G_MININT, G_MAXINT, G_MAXINT);
  g_assert_cmpuint (fixture->n_damaged, ==, 0);

  lodge_framebuffer_damage (fixture->framebuffer, -5, 45, 10, G_MAXINT);
  g_assert_cmpuint (fixture->n_damaged, ==, 1);
  g_assert_true (gdk_rectangle_equal (&fixture->damaged, &(GdkRectangle) { 0, 45, 5, 5 }));

  lodge_framebuffer_damage (fixture->framebuffer, -G_MAXINT, -1, G_MAXINT, G_MAXINT);
  g_assert_cmpuint (fixture->n_damaged, ==, 1);
  lodge_framebuffer_damage (fixture->framebuffer, -7, -1, G_MAXINT, G_MAXINT);
  g_assert_true (gdk_rectangle_equal (&fixture->damaged, &(GdkRectangle) { 0, 0, 100, 50 }));

  /* Without a surface the last frame cannot change. */
  lodge_framebuffer_detach (fixture->framebuffer);
  lodge_framebuffer_damage (fixture->framebuffer, 0, 0, 10, 10);
  g_assert_cmpuint (fixture->n_damaged, ==, 2);
}

static void
test_detach_keeps_last_frame (Fixture       *fixture,
                              gconstpointer  data)
{
  guint32 *pixels = g_new0 (guint32, 300 * 300);

  lodge_framebuffer_attach (fixture->framebuffer, LODGE_PIXEL_FORMAT_XRGB32, 300, 300, 1200,
                            (guint8 *)pixels);
  _lodge_framebuffer_get_bytes (fixture->framebuffer);

  /* Damage that no frame has shown yet is part of the last frame. */
  pixels[299 * 300 + 299] = 0x00c0ffee;
  lodge_framebuffer_damage (fixture->framebuffer, 299, 299, 1, 1);
  lodge_framebuffer_detach (fixture->framebuffer);
  g_free (pixels);

  g_assert_cmphex (shadow_pixel (fixture->framebuffer, 299, 299), ==, 0xffc0ffee);
  g_assert_cmphex (texture_pixel (fixture->framebuffer, 299, 299), ==, 0xffc0ffee);
  g_assert_cmpint (lodge_framebuffer_get_width (fixture->framebuffer), ==, 300);

  /* Once more does no harm. */
  lodge_framebuffer_detach (fixture->framebuffer);
  g_assert_cmpuint (fixture->n_resized, ==, 2);
}

static void
test_sizes (Fixture       *fixture,
            gconstpointer  data)
{
  static const int sides[] = { 1, 2, 127, 128, 129, 255, 256, 257, 300, 511, 512, 513, 768, 1080 };
  g_autofree guint32 *pixels = g_new0 (guint32, 1080 * 1080);

  pixels[0] = 0x00abcdef;

  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    for (guint j = 0; j < G_N_ELEMENTS (sides); j++)
      {
        int width = sides[i], height = sides[j];
        LodgeTileGrid grid;

        g_assert_true (lodge_framebuffer_attach (fixture->framebuffer, LODGE_PIXEL_FORMAT_XRGB32,
                                                 width, height, width * 4, (guint8 *)pixels));
        g_assert_cmpint (lodge_framebuffer_get_width (fixture->framebuffer), ==, width);
        g_assert_cmpint (lodge_framebuffer_get_height (fixture->framebuffer), ==, height);
        g_assert_cmphex (shadow_pixel (fixture->framebuffer, 0, 0), ==, 0xffabcdef);
        lodge_framebuffer_damage (fixture->framebuffer, width - 1, height - 1, 1, 1);
        shadow_pixel (fixture->framebuffer, width - 1, height - 1);

        /* The grid covers the picture, and no tile is one for the icon atlas. */
        _lodge_framebuffer_get_grid (fixture->framebuffer, &grid);
        g_assert_cmpint (grid.n_columns * grid.tile_width, >=, width);
        g_assert_cmpint ((grid.n_columns - 1) * grid.tile_width, <, width);
        if (width > 128)
          g_assert_cmpint (width - (grid.n_columns - 1) * grid.tile_width, >, 128);
        if (height > 128)
          g_assert_cmpint (height - (grid.n_rows - 1) * grid.tile_height, >, 128);
      }

  lodge_framebuffer_detach (fixture->framebuffer);
}

/* No tile gets too small at any size that there is. */
static void
test_grid (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree guint16 *pixels = g_new0 (guint16, LODGE_FRAMEBUFFER_MAX);

  for (int width = 1; width <= LODGE_FRAMEBUFFER_MAX; width += width < 4096 ? 1 : 37)
    {
      LodgeTileGrid grid;

      g_assert_true (lodge_framebuffer_attach (fixture->framebuffer, LODGE_PIXEL_FORMAT_RGB565,
                                               width, 1, width * 2, (guint8 *)pixels));
      _lodge_framebuffer_get_grid (fixture->framebuffer, &grid);
      g_assert_cmpint (grid.n_columns * grid.tile_width, >=, width);
      g_assert_cmpint (width - (grid.n_columns - 1) * grid.tile_width, >=, MIN (width, 129));
    }

  lodge_framebuffer_detach (fixture->framebuffer);
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  static const struct { int width, height; gsize stride; } refused[] = {
    { 0, 0, 0 }, { 0, 10, 0 }, { 10, 0, 40 }, { -1, 10, 40 }, { 10, G_MININT, 40 },
    { 16385, 1, 16385 * 4 }, { 1, 16385, 4 }, { G_MAXINT, G_MAXINT, G_MAXSIZE }, { 10, 10, 39 },
  };
  guint32 pixels[100] = { 0x00112233, };

  g_assert_true (lodge_framebuffer_attach (fixture->framebuffer, LODGE_PIXEL_FORMAT_XRGB32,
                                           10, 10, 40, (guint8 *)pixels));

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_assert_false (lodge_framebuffer_attach (fixture->framebuffer, LODGE_PIXEL_FORMAT_XRGB32,
                                                refused[i].width, refused[i].height,
                                                refused[i].stride, (guint8 *)pixels));
      lodge_framebuffer_damage (fixture->framebuffer, 0, 0, 10, 10);
      g_assert_cmpint (lodge_framebuffer_get_width (fixture->framebuffer), ==, 10);
      g_assert_cmphex (texture_pixel (fixture->framebuffer, 0, 0), ==, 0xff112233);
    }

  g_assert_false (lodge_framebuffer_attach (fixture->framebuffer, LODGE_PIXEL_FORMAT_XRGB32,
                                            10, 10, 40, NULL));
}

/* 16384 × 16384 is taken; its memory is used only where somebody looks. */
static void
test_huge (Fixture       *fixture,
           gconstpointer  data)
{
  const gsize stride = LODGE_FRAMEBUFFER_MAX * 4;
  guint8 *pixels = g_try_malloc0 (stride * LODGE_FRAMEBUFFER_MAX);

  if (pixels == NULL)
    {
      g_test_skip ("no memory for the server's side of it");
      return;
    }

  if (lodge_framebuffer_attach (fixture->framebuffer, LODGE_PIXEL_FORMAT_XRGB32,
                                LODGE_FRAMEBUFFER_MAX, LODGE_FRAMEBUFFER_MAX, stride, pixels))
    {
      LodgeTileGrid grid;

      _lodge_framebuffer_get_grid (fixture->framebuffer, &grid);
      g_assert_cmpint (grid.n_columns, ==, 64);
      g_assert_cmpint (grid.tile_height, ==, 256);
      memset (pixels + stride * LODGE_FRAMEBUFFER_MAX - 4, 0x42, 4);
      lodge_framebuffer_damage (fixture->framebuffer, LODGE_FRAMEBUFFER_MAX - 1,
                                LODGE_FRAMEBUFFER_MAX - 1, 1, 1);
      g_assert_cmphex (texture_pixel (fixture->framebuffer, LODGE_FRAMEBUFFER_MAX - 1,
                                      LODGE_FRAMEBUFFER_MAX - 1),
                       ==, 0xff424242);
      g_assert_cmpuint (_lodge_framebuffer_get_n_copied (fixture->framebuffer), ==, 0);
    }

  /* Something small in its place gives the memory back before anything was copied to it. */
  g_clear_object (&fixture->framebuffer);
  fixture->framebuffer = lodge_framebuffer_new ();
  g_free (pixels);
}

static void
test_texture_is_independent (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autofree guint32 *pixels = g_new0 (guint32, 20 * 20);
  g_autoptr(GdkTexture) texture = NULL;
  guint32 copy[25];

  g_assert_null (lodge_framebuffer_dup_texture (fixture->framebuffer, NULL));

  lodge_framebuffer_attach (fixture->framebuffer, LODGE_PIXEL_FORMAT_XRGB32, 20, 20, 80,
                            (guint8 *)pixels);
  pixels[19 * 20 + 19] = 0x00111111;

  /* What sticks out is cut off. */
  texture = lodge_framebuffer_dup_texture (fixture->framebuffer, &(GdkRectangle) { 15, 15, 90, 90 });
  pixels[19 * 20 + 19] = 0x00222222;
  lodge_framebuffer_damage (fixture->framebuffer, 0, 0, 20, 20);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, 5);
  g_assert_cmpint (gdk_texture_get_height (texture), ==, 5);
  gdk_texture_download (texture, (guchar *)copy, 20);
  g_assert_cmphex (copy[24], ==, 0xff111111);

  g_assert_null (lodge_framebuffer_dup_texture (fixture->framebuffer,
                                                &(GdkRectangle) { 20, 0, 5, 5 }));
  lodge_framebuffer_detach (fixture->framebuffer);
}

#define ADD(path, func) \
  g_test_add ("/display/framebuffer/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("xrgb32", test_xrgb32);
  ADD ("16-bits", test_16_bits);
  ADD ("unaligned", test_unaligned);
  ADD ("copies-only-damage", test_copies_only_damage);
  ADD ("draws-without-copy", test_draws_without_copy);
  ADD ("damage-outside", test_damage_outside);
  ADD ("detach-keeps-last-frame", test_detach_keeps_last_frame);
  ADD ("sizes", test_sizes);
  ADD ("grid", test_grid);
  ADD ("refused", test_refused);
  ADD ("huge", test_huge);
  ADD ("texture-is-independent", test_texture_is_independent);

  return g_test_run ();
}
