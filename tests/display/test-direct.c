/* test-direct.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What a guest changes is brought to the window past GTK where nothing is in front of it. Run with
 * GSK_RENDERER=cairo and gl, each with GDK_SCALE=1 and 2: the X server's pixels are compared.
 */

#include "config.h"

#include "test-picture.h"
#include "test-wait.h"

typedef TestPicture Fixture;

static guint32
pixel_of_guest (Fixture *fixture,
                int      x,
                int      y)
{
  return fixture->pixels[y * fixture->width + x];
}

static void
count_cb (guint *count)
{
  (*count)++;
}

/* What a widget in front of the picture shows, at the top left. */
#define COVER_COLOUR 0x00c000
#define COVER_SIZE   100

static guint32
pixel_covered (Fixture *fixture,
               int      x,
               int      y)
{
  if (x < COVER_SIZE && y < COVER_SIZE)
    return COVER_COLOUR;

  return pixel_of_guest (fixture, x, y);
}

static void
draw_cover (GtkDrawingArea *area,
            cairo_t        *cr,
            int             width,
            int             height,
            gpointer        user_data)
{
  cairo_set_source_rgb (cr, 0, 192 / 255.0, 0);
  cairo_paint (cr);
}

static GtkWidget *
make_cover (Fixture *fixture)
{
  GtkWidget *cover = gtk_drawing_area_new ();

  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (cover), COVER_SIZE / fixture->scale);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (cover), COVER_SIZE / fixture->scale);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (cover), draw_cover, NULL, NULL);
  gtk_widget_set_halign (cover, GTK_ALIGN_START);
  gtk_widget_set_valign (cover, GTK_ALIGN_START);

  return cover;
}

/* What stands in front of the picture stays there, whatever the guest does behind it. */
static void
test_covered (Fixture       *fixture,
              gconstpointer  data)
{
  GtkWidget *overlay = gtk_overlay_new (), *cover = make_cover (fixture);

  gtk_overlay_set_child (GTK_OVERLAY (overlay), GTK_WIDGET (fixture->display));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), cover);
  test_picture_show_in (fixture, overlay, 600, 400);
  test_picture_wait (fixture, pixel_covered, 0);

  for (guint i = 0; i < 4; i++)
    {
      test_picture_fill (fixture, i * 40, i * 20, 70, 50, 0x112233 * (i + 1));
      test_picture_wait (fixture, pixel_covered, 0);
      test_picture_fill (fixture, 0, 0, 600, 400, 0x332211 * (i + 1));
      test_picture_wait (fixture, pixel_covered, 0);
    }

  gtk_widget_set_visible (cover, FALSE);
  test_picture_wait (fixture, pixel_of_guest, 0);
  test_picture_fill (fixture, 10, 20, 170, 150, 0xfedcba);
  test_picture_wait (fixture, pixel_of_guest, 0);
  gtk_widget_set_visible (cover, TRUE);
  test_picture_wait (fixture, pixel_covered, 0);
  test_picture_fill (fixture, 10, 20, 170, 150, 0xabcdef);
  test_picture_wait (fixture, pixel_covered, 0);
}

static guint32
pixel_half (Fixture *fixture,
            int      x,
            int      y)
{
  guint32 pixel = pixel_of_guest (fixture, x, y);

  return (pixel >> 17 & 127) << 16 | (pixel >> 9 & 127) << 8 | (pixel >> 1 & 127);
}

/* Seen through something, as while one page gives way to another. */
static void
test_translucent (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(GtkCssProvider) provider = gtk_css_provider_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *behind = gtk_overlay_new ();

  gtk_css_provider_load_from_data (provider, "overlay { background: black; }", -1);
  gtk_style_context_add_provider (gtk_widget_get_style_context (behind),
                                  GTK_STYLE_PROVIDER (provider),
                                  GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_widget_set_vexpand (GTK_WIDGET (fixture->display), TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (fixture->display));
  gtk_overlay_set_child (GTK_OVERLAY (behind), box);
  gtk_widget_set_opacity (box, 0.5);
  test_picture_show_in (fixture, behind, 600, 400);
  test_picture_wait (fixture, pixel_half, 2);
  test_picture_fill (fixture, 30, 40, 70, 50, 0xffffff);
  test_picture_wait (fixture, pixel_half, 2);
  gtk_widget_set_opacity (box, 1);
  test_picture_wait (fixture, pixel_of_guest, 0);
  test_picture_fill (fixture, 30, 40, 170, 150, 0x808080);
  test_picture_wait (fixture, pixel_of_guest, 0);
}

static guint32
pixel_in_frame (Fixture *fixture,
                int      x,
                int      y)
{
  /* Of the corner, what is surely inside and surely outside. */
  if (x < 30 && y < 30)
    return x + y < 10 ? 0x0000ff : x + y > 30 ? pixel_of_guest (fixture, x, y)
                                              : TEST_PIXEL_ANY;

  return pixel_of_guest (fixture, x, y);
}

/* A round corner stays round. */
static void
test_round_corner (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GtkCssProvider) provider = gtk_css_provider_new ();
  g_autofree char *css = g_strdup_printf ("overlay { background: #0000ff; }"
                                          "box { border-top-left-radius: %dpx; }",
                                          30 / fixture->scale);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *behind = gtk_overlay_new ();

  gtk_css_provider_load_from_data (provider, css, -1);
  gtk_style_context_add_provider (gtk_widget_get_style_context (behind),
                                  GTK_STYLE_PROVIDER (provider),
                                  GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_style_context_add_provider (gtk_widget_get_style_context (box),
                                  GTK_STYLE_PROVIDER (provider),
                                  GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_widget_set_overflow (box, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_vexpand (GTK_WIDGET (fixture->display), TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (fixture->display));
  gtk_overlay_set_child (GTK_OVERLAY (behind), box);
  test_picture_show_in (fixture, behind, 600, 400);
  test_picture_wait (fixture, pixel_in_frame, 0);
  test_picture_fill (fixture, 0, 0, 70, 50, 0xffffff);
  test_picture_wait (fixture, pixel_in_frame, 0);
  test_picture_fill (fixture, 0, 0, 600, 400, 0x00ff00);
  test_picture_wait (fixture, pixel_in_frame, 0);
}

/* Where cairo draws and nothing is in front, GTK has no work with what the guest changes, scaled or
 * not. With OpenGL all goes through GTK.
 */
static void
test_past_gtk (Fixture       *fixture,
               gconstpointer  data)
{
  static const int sizes[][2] = { { 600, 400 }, { 450, 300 }, { 1200, 800 }, { 640, 480 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      guint n_frames = 0, n_direct;

      test_picture_show (fixture, sizes[i][0], sizes[i][1]);
      g_signal_connect_swapped (gtk_widget_get_frame_clock (fixture->window), "before-paint",
                                G_CALLBACK (count_cb), &n_frames);
      test_picture_settle (fixture);
      n_frames = 0;
      n_direct = _lodge_display_get_n_direct (fixture->display);
      test_picture_fill (fixture, 50, 60, 400, 300, 0x123456 + i);

      if (test_picture_is_gl (fixture))
        {
          test_wait (n_frames > 0);
          test_picture_settle (fixture);
          g_assert_cmpuint (_lodge_display_get_n_direct (fixture->display), ==, 0);
        }
      else
        {
          test_wait (_lodge_display_get_n_direct (fixture->display) > n_direct);
          test_run_for (60);
          g_assert_cmpuint (n_frames, ==, 0);
          g_assert_cmpuint (_lodge_display_get_n_direct (fixture->display), ==, n_direct + 1);
        }

      test_picture_hide (fixture);
    }
}

#define ADD(path, func) \
  g_test_add ("/display/direct/" path, Fixture, NULL, test_picture_set_up, func, test_picture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gtk_init ();

  ADD ("covered", test_covered);
  ADD ("translucent", test_translucent);
  ADD ("round-corner", test_round_corner);
  ADD ("past-gtk", test_past_gtk);

  return g_test_run ();
}
