/* test-display-resizer.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <stdio.h>

#include "test-picture.h"
#include "test-wait.h"

typedef TestPicture Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  test_picture_set_up (fixture, data);
  _lodge_screen_set_can_resize (LODGE_SCREEN (fixture->screen), TRUE);
  lodge_display_set_resize_guest (fixture->display, TRUE);
}

/* Other things may be asked of the screen too, such as lock keys. */
static guint
count_requests (Fixture *fixture)
{
  g_autofree char *calls = test_screen_dup_calls (fixture->screen);
  g_auto(GStrv) parts = g_strsplit (calls, "size ", -1);

  return MAX (g_strv_length (parts), 1) - 1;
}

static void
last_request (Fixture *fixture,
              int     *width,
              int     *height,
              int     *width_mm,
              int     *height_mm)
{
  g_autofree char *calls = test_screen_dup_calls (fixture->screen);
  const char *last = g_strrstr (calls, "size ");

  g_assert_nonnull (last);
  g_assert_cmpint (sscanf (last, "size %dx%d mm %dx%d", width, height, width_mm, height_mm), ==, 4);
}

static void
assert_last (Fixture *fixture,
             int      width,
             int      height)
{
  int got_width, got_height, width_mm, height_mm;

  last_request (fixture, &got_width, &got_height, &width_mm, &height_mm);
  g_assert_cmpint (got_width, ==, width);
  g_assert_cmpint (got_height, ==, height);
  g_assert_cmpint (width_mm, >, 0);
  g_assert_cmpint (height_mm, >, 0);
}

/* A window that is dragged gives one request, for the size it came to rest at, in device pixels. */
static void
test_at_rest (Fixture       *fixture,
              gconstpointer  data)
{
  test_picture_show (fixture, 700, 500);
  test_wait (count_requests (fixture) == 1);
  g_free (test_screen_take_calls (fixture->screen));

  for (int width = 700; width <= 812; width += 28)
    gtk_widget_allocate (GTK_WIDGET (fixture->display),
                         width / fixture->scale, 500 / fixture->scale, -1, NULL);

  g_assert_cmpuint (count_requests (fixture), ==, 0);
  test_wait (count_requests (fixture) > 0);
  g_assert_cmpuint (count_requests (fixture), ==, 1);
  /* To the pixel, so that a guest that can leaves no black edge. */
  assert_last (fixture, 812, 500);
}

/* The guest's answer is no reason to ask again, whatever it made of it. */
static void
test_no_loop (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree guint32 *pixels = g_new0 (guint32, 792 * 500);
  int minimum, natural;

  test_picture_show (fixture, 800, 500);
  test_wait (count_requests (fixture) == 1);

  lodge_framebuffer_detach (fixture->framebuffer);
  lodge_framebuffer_attach (fixture->framebuffer, LODGE_PIXEL_FORMAT_XRGB32, 792, 500, 792 * 4,
                            (guint8 *)pixels);
  _lodge_screen_set_area (LODGE_SCREEN (fixture->screen), &(GdkRectangle) { 0, 0, 792, 500 });
  test_run_for (400);
  g_assert_cmpuint (count_requests (fixture), ==, 1);

  /* Nor does the widget ask for the guest's size. */
  gtk_widget_measure (GTK_WIDGET (fixture->display), GTK_ORIENTATION_HORIZONTAL, -1,
                      &minimum, &natural, NULL, NULL);
  g_assert_cmpint (natural, ==, 1);
  lodge_framebuffer_detach (fixture->framebuffer);
}

/* What the guest has already is not asked for. */
static void
test_fits_already (Fixture       *fixture,
                   gconstpointer  data)
{
  test_picture_show (fixture, 600, 400);
  test_run_for (400);
  g_assert_cmpuint (count_requests (fixture), ==, 0);
}

/* Nor what it made of the same question: some only have widths that are multiples of 8. */
static void
test_rounded_already (Fixture       *fixture,
                      gconstpointer  data)
{
  test_picture_show (fixture, 606, 400);
  test_run_for (400);
  g_assert_cmpuint (count_requests (fixture), ==, 0);
}

/* The agent comes, goes and comes again: what it was told before, it may not have heard. */
static void
test_agent_comes_late (Fixture       *fixture,
                       gconstpointer  data)
{
  LodgeScreen *screen = LODGE_SCREEN (fixture->screen);

  _lodge_screen_set_can_resize (screen, FALSE);
  test_picture_show (fixture, 800, 500);
  test_run_for (400);
  g_assert_cmpuint (count_requests (fixture), ==, 0);

  _lodge_screen_set_can_resize (screen, TRUE);
  test_wait (count_requests (fixture) == 1);
  assert_last (fixture, 800, 500);

  _lodge_screen_set_can_resize (screen, FALSE);
  _lodge_screen_set_can_resize (screen, TRUE);
  test_wait (count_requests (fixture) == 2);
  assert_last (fixture, 800, 500);
}

static void
test_hidden (Fixture       *fixture,
             gconstpointer  data)
{
  _lodge_screen_set_can_resize (LODGE_SCREEN (fixture->screen), FALSE);
  test_picture_show (fixture, 800, 500);
  gtk_widget_set_visible (GTK_WIDGET (fixture->display), FALSE);
  _lodge_screen_set_can_resize (LODGE_SCREEN (fixture->screen), TRUE);
  test_run_for (400);
  g_assert_cmpuint (count_requests (fixture), ==, 0);
  gtk_widget_set_visible (GTK_WIDGET (fixture->display), TRUE);
  test_wait (count_requests (fixture) == 1);
}

static void
test_off_and_on (Fixture       *fixture,
                 gconstpointer  data)
{
  lodge_display_set_resize_guest (fixture->display, FALSE);
  test_picture_show (fixture, 800, 500);
  test_run_for (400);
  g_assert_cmpuint (count_requests (fixture), ==, 0);
  lodge_display_set_resize_guest (fixture->display, TRUE);
  test_wait (count_requests (fixture) == 1);
  assert_last (fixture, 800, 500);
}

/* Zoomed in, the guest gets fewer pixels, and they are larger. */
static void
test_zoom (Fixture       *fixture,
           gconstpointer  data)
{
  int before[4], after[4];

  test_picture_show (fixture, 960, 640);
  test_wait (count_requests (fixture) == 1);
  last_request (fixture, &before[0], &before[1], &before[2], &before[3]);
  lodge_display_set_zoom (fixture->display, 2);
  test_wait (count_requests (fixture) == 2);
  last_request (fixture, &after[0], &after[1], &after[2], &after[3]);
  g_assert_cmpint (after[0], ==, 480);
  g_assert_cmpint (after[1], ==, 320);
  g_assert_cmpint (after[2], ==, before[2]);
}

/* A desktop of a stamp's size is of use to nobody. */
static void
test_tiny (Fixture       *fixture,
           gconstpointer  data)
{
  lodge_display_set_zoom (fixture->display, 10);
  test_picture_show (fixture, 960, 640);
  test_wait (count_requests (fixture) == 1);
  assert_last (fixture, 320, 200);
}

static void
test_gone_before_rest (Fixture       *fixture,
                       gconstpointer  data)
{
  _lodge_screen_set_can_resize (LODGE_SCREEN (fixture->screen), FALSE);
  test_picture_show (fixture, 960, 640);
  _lodge_screen_set_can_resize (LODGE_SCREEN (fixture->screen), TRUE);
  test_picture_hide (fixture);
  lodge_display_set_screen (fixture->display, NULL);
  test_run_for (400);
  g_assert_cmpuint (count_requests (fixture), ==, 0);
}

#define ADD(path, func) \
  g_test_add ("/display/display-resizer/" path, Fixture, NULL, \
              fixture_set_up, func, test_picture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gtk_init ();

  ADD ("at-rest", test_at_rest);
  ADD ("no-loop", test_no_loop);
  ADD ("fits-already", test_fits_already);
  ADD ("rounded-already", test_rounded_already);
  ADD ("agent-comes-late", test_agent_comes_late);
  ADD ("hidden", test_hidden);
  ADD ("off-and-on", test_off_and_on);
  ADD ("zoom", test_zoom);
  ADD ("tiny", test_tiny);
  ADD ("gone-before-rest", test_gone_before_rest);

  return g_test_run ();
}
