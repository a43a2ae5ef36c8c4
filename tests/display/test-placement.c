/* test-placement.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <math.h>

#include "lodge-placement-private.h"

static LodgePlacement
place (LodgeScaling scaling,
       double       zoom,
       int          guest_width,
       int          guest_height,
       int          width,
       int          height,
       double       device_scale)
{
  LodgePlacement placement;

  _lodge_placement_init (&placement, scaling, zoom, guest_width, guest_height, width, height,
                         device_scale, 0, 0);

  return placement;
}

#define assert_placement(placement, left, top, wide, high)                    \
  G_STMT_START {                                                              \
    g_assert_cmpfloat_with_epsilon ((placement).x, left, 1e-9);               \
    g_assert_cmpfloat_with_epsilon ((placement).y, top, 1e-9);                \
    g_assert_cmpfloat_with_epsilon ((placement).width, wide, 1e-9);           \
    g_assert_cmpfloat_with_epsilon ((placement).height, high, 1e-9);          \
  } G_STMT_END

static void
test_fit (void)
{
  LodgePlacement placement;

  placement = place (LODGE_SCALING_FIT, 1, 1024, 768, 1024, 768, 1);
  assert_placement (placement, 0, 0, 1024, 768);
  g_assert_true (placement.crisp);

  placement = place (LODGE_SCALING_FIT, 1, 1024, 768, 1600, 768, 1);
  assert_placement (placement, 288, 0, 1024, 768);

  placement = place (LODGE_SCALING_FIT, 1, 1000, 500, 750, 750, 1);
  assert_placement (placement, 0, 187, 750, 375);
  g_assert_false (placement.crisp);
  g_assert_cmpfloat (placement.factor, ==, 0.75);

  /* Twice as many device pixels: twice as large at the same number of units. */
  placement = place (LODGE_SCALING_FIT, 1, 1024, 768, 1024, 768, 2);
  assert_placement (placement, 0, 0, 1024, 768);
  g_assert_cmpfloat (placement.factor, ==, 2);
  g_assert_true (placement.crisp);

  /* The zoom is not for a picture that fits. */
  placement = place (LODGE_SCALING_FIT, 3, 1024, 768, 1024, 768, 1);
  g_assert_cmpfloat (placement.factor, ==, 1);
}

/* Almost a whole factor is one. */
static void
test_slack (void)
{
  for (int more = 0; more < 16; more++)
    {
      LodgePlacement placement = place (LODGE_SCALING_FIT, 1, 1024, 768,
                                        1024 + more, 768 + more, 1);

      g_assert_cmpfloat (placement.factor, ==, 1);
      g_assert_cmpfloat (placement.width, ==, 1024);
    }

  g_assert_false (place (LODGE_SCALING_FIT, 1, 1024, 768, 1023, 768, 1).crisp);
  g_assert_false (place (LODGE_SCALING_FIT, 1, 1024, 768, 1100, 800, 1).crisp);
  g_assert_true (place (LODGE_SCALING_FIT, 1, 640, 480, 1283, 967, 1).crisp);
}

static void
test_fit_down (void)
{
  LodgePlacement placement = place (LODGE_SCALING_FIT_DOWN, 1, 640, 480, 1280, 960, 1);

  assert_placement (placement, 320, 240, 640, 480);
  g_assert_true (placement.crisp);

  placement = place (LODGE_SCALING_FIT_DOWN, 1, 1280, 960, 640, 480, 1);
  assert_placement (placement, 0, 0, 640, 480);
}

static void
test_native (void)
{
  LodgePlacement placement = place (LODGE_SCALING_NATIVE, 1, 640, 480, 1280, 960, 2);

  assert_placement (placement, 480, 360, 320, 240);
  placement = place (LODGE_SCALING_NATIVE, 2, 640, 480, 640, 480, 2);
  assert_placement (placement, 0, 0, 640, 480);
  g_assert_true (placement.crisp);
  placement = place (LODGE_SCALING_NATIVE, 1.5, 640, 480, 100, 100, 1);
  assert_placement (placement, 0, 0, 960, 720);
}

/* At a scale such as 1.25 the picture still starts on a device pixel and a guest's pixel is still
 * one of the device's, wherever the widget stands.
 */
static void
test_fractional (void)
{
  static const double scales[] = { 1.25, 1.5, 1.75, 2.25 };

  for (guint i = 0; i < G_N_ELEMENTS (scales); i++)
    for (int origin = 0; origin < 50; origin++)
      {
        double scale = scales[i];
        LodgePlacement placement;
        double left, top;

        _lodge_placement_init (&placement, LODGE_SCALING_NATIVE, 1, 640, 480, 800, 601, scale,
                               origin, origin + 0.5);
        left = (origin + placement.x) * scale;
        top = (origin + 0.5 + placement.y) * scale;
        g_assert_cmpfloat_with_epsilon (left, round (left), 1e-6);
        g_assert_cmpfloat_with_epsilon (top, round (top), 1e-6);
        g_assert_cmpfloat_with_epsilon (placement.width * scale, 640, 1e-6);
        g_assert_cmpfloat_with_epsilon (placement.height * scale, 480, 1e-6);
        g_assert_cmpfloat (placement.x, >=, 0);
        g_assert_cmpfloat_with_epsilon (placement.x * scale, (800 * scale - 640) / 2, 1);
      }
}

static void
test_nothing (void)
{
  static const int sizes[][4] = {
    { 0, 0, 100, 100 }, { 100, 0, 100, 100 }, { 100, 100, 0, 100 }, { 100, 100, 100, -5 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      LodgePlacement placement = place (LODGE_SCALING_FIT, 1, sizes[i][0], sizes[i][1],
                                        sizes[i][2], sizes[i][3], 1);
      int x = -1, y = -1;

      assert_placement (placement, 0, 0, 0, 0);
      g_assert_false (_lodge_placement_find_pixel (&placement, sizes[i][0], sizes[i][1], 5, 5,
                                                   &x, &y));
      g_assert_cmpint (x, ==, 0);
      g_assert_cmpint (y, ==, 0);
    }

  /* Extremes are drawn somehow. */
  g_assert_cmpfloat (place (LODGE_SCALING_FIT, 1, 16384, 1, 100, 100, 1).height, ==, 1);
  g_assert_cmpfloat (place (LODGE_SCALING_FIT, 1, 1, 1, 1000, 500, 1).width, ==, 500);
}

/* The middle of each guest's pixel finds that pixel. */
static void
test_find_pixel (void)
{
  static const double zooms[] = { 0.1, 0.37, 1, 1.5, 2, 7 };

  for (guint i = 0; i < G_N_ELEMENTS (zooms); i++)
    {
      LodgePlacement placement = place (LODGE_SCALING_NATIVE, zooms[i], 320, 200, 500, 400, 1);

      for (int x = 0; x < 320; x++)
        {
          double position = placement.x + (x + 0.5) * placement.width / 320;
          int found_x, found_y;

          g_assert_true (_lodge_placement_find_pixel (&placement, 320, 200, position,
                                                      placement.y + placement.height - 1e-6,
                                                      &found_x, &found_y));
          g_assert_cmpint (found_x, ==, x);
          g_assert_cmpint (found_y, ==, 199);
        }

      {
        int x, y;

        g_assert_false (_lodge_placement_find_pixel (&placement, 320, 200, -1e12, 1e12, &x, &y));
        g_assert_cmpint (x, ==, 0);
        g_assert_cmpint (y, ==, 199);
      }
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/display/placement/fit", test_fit);
  g_test_add_func ("/display/placement/slack", test_slack);
  g_test_add_func ("/display/placement/fit-down", test_fit_down);
  g_test_add_func ("/display/placement/native", test_native);
  g_test_add_func ("/display/placement/fractional", test_fractional);
  g_test_add_func ("/display/placement/nothing", test_nothing);
  g_test_add_func ("/display/placement/find-pixel", test_find_pixel);

  return g_test_run ();
}
