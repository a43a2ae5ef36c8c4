/* test-zone-scale.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-zone-scale.h"
#include "test-wait.h"

/* A slider of 16, of which 2 must be kept and 10 can be had, at 4. */
typedef struct
{
  GtkWindow      *window;
  LodgeZoneScale *scale;
  guint           n_moved;
  guint           n_asked;
  double          asked;
} Fixture;

static void
moved_cb (LodgeZoneScale *scale,
          double          value,
          Fixture        *fixture)
{
  fixture->n_moved++;
}

static void
asked_cb (LodgeZoneScale *scale,
          double          value,
          Fixture        *fixture)
{
  fixture->n_asked++;
  fixture->asked = value;
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->scale = g_object_new (LODGE_TYPE_ZONE_SCALE, NULL);
  lodge_zone_scale_set_steps (fixture->scale, 0.5, 2);
  lodge_zone_scale_set_zones (fixture->scale, 2, 10, 16);
  lodge_zone_scale_set_value (fixture->scale, 4);
  g_signal_connect (fixture->scale, "moved", G_CALLBACK (moved_cb), fixture);
  g_signal_connect (fixture->scale, "asked", G_CALLBACK (asked_cb), fixture);

  fixture->window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_default_size (fixture->window, 400, 100);
  gtk_window_set_child (fixture->window, GTK_WIDGET (fixture->scale));
  gtk_window_present (fixture->window);
  test_wait (gtk_widget_get_mapped (GTK_WIDGET (fixture->scale)));
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  gtk_window_destroy (fixture->window);
}

/* As the keys do. */
static void
scroll (Fixture       *fixture,
        GtkScrollType  scroll_type)
{
  g_signal_emit_by_name (fixture->scale, "move-slider", scroll_type);
}

#define assert_value(fixture, value) \
  g_assert_cmpfloat (lodge_zone_scale_get_value ((fixture)->scale), ==, value)

static void
test_stops_at_what_is_others (Fixture       *fixture,
                              gconstpointer  data)
{
  scroll (fixture, GTK_SCROLL_STEP_RIGHT);
  assert_value (fixture, 4.5);
  /* GTK's pages end at ticks. */
  scroll (fixture, GTK_SCROLL_PAGE_RIGHT);
  assert_value (fixture, 5);
  scroll (fixture, GTK_SCROLL_END);
  assert_value (fixture, 10);
  scroll (fixture, GTK_SCROLL_STEP_RIGHT);
  assert_value (fixture, 10);
}

static void
test_stops_at_what_must_be_kept (Fixture       *fixture,
                                 gconstpointer  data)
{
  scroll (fixture, GTK_SCROLL_START);
  assert_value (fixture, 2);
  scroll (fixture, GTK_SCROLL_STEP_LEFT);
  assert_value (fixture, 2);
}

/* Assistive technology names a value, and no key or pointer leads there. */
static void
test_stops_whoever_sets_it (Fixture       *fixture,
                            gconstpointer  data)
{
  gtk_range_set_value (GTK_RANGE (fixture->scale), 15);
  assert_value (fixture, 10);
  test_wait (fixture->n_asked == 1);
  g_assert_cmpfloat (fixture->asked, ==, 10);

  gtk_range_set_value (GTK_RANGE (fixture->scale), 0);
  assert_value (fixture, 2);
  gtk_range_set_value (GTK_RANGE (fixture->scale), 7.3);
  assert_value (fixture, 7.5);
}

static void
test_asks_once_it_rests (Fixture       *fixture,
                         gconstpointer  data)
{
  gint64 last;

  for (int i = 0; i < 1000; i++)
    {
      scroll (fixture, i % 2 != 0 ? GTK_SCROLL_STEP_RIGHT : GTK_SCROLL_STEP_LEFT);
      g_main_context_iteration (NULL, FALSE);
    }
  scroll (fixture, GTK_SCROLL_STEP_RIGHT);
  last = g_get_monotonic_time ();

  g_assert_cmpuint (fixture->n_moved, ==, 1001);
  /* A machine that is slow may let it rest in between. */
  g_assert_cmpuint (fixture->n_asked, <, 20);
  fixture->n_asked = 0;
  g_assert_true (lodge_zone_scale_is_held (fixture->scale));

  test_wait (fixture->n_asked == 1);
  g_assert_cmpint (g_get_monotonic_time () - last, >=, 150 * 1000);
  g_assert_cmpfloat (fixture->asked, ==, 4.5);
  g_assert_false (lodge_zone_scale_is_held (fixture->scale));
  test_run_for (300);
  g_assert_cmpuint (fixture->n_asked, ==, 1);
}

static void
test_news_asks_nothing (Fixture       *fixture,
                        gconstpointer  data)
{
  lodge_zone_scale_set_value (fixture->scale, 8);
  assert_value (fixture, 8);
  lodge_zone_scale_set_zones (fixture->scale, 1, 5, 12);
  assert_value (fixture, 8);
  test_run_for (300);
  g_assert_cmpuint (fixture->n_moved, ==, 0);
  g_assert_cmpuint (fixture->n_asked, ==, 0);
}

/* What another window did meanwhile does not move the slider under the user's hand. */
static void
test_news_waits_for_the_user (Fixture       *fixture,
                              gconstpointer  data)
{
  scroll (fixture, GTK_SCROLL_STEP_RIGHT);
  lodge_zone_scale_set_value (fixture->scale, 9);
  assert_value (fixture, 4.5);

  test_wait (fixture->n_asked == 1);
  g_assert_cmpfloat (fixture->asked, ==, 4.5);
  lodge_zone_scale_set_value (fixture->scale, 9);
  assert_value (fixture, 9);
}

/* A guest that has more than there is, as one that was started elsewhere, only goes down. */
static void
test_a_value_outside_stays_until_moved (Fixture       *fixture,
                                        gconstpointer  data)
{
  lodge_zone_scale_set_value (fixture->scale, 14);
  assert_value (fixture, 14);
  scroll (fixture, GTK_SCROLL_STEP_RIGHT);
  assert_value (fixture, 14);
  scroll (fixture, GTK_SCROLL_STEP_LEFT);
  assert_value (fixture, 13.5);
}

static void
test_an_end_between_steps_is_reached (Fixture       *fixture,
                                      gconstpointer  data)
{
  lodge_zone_scale_set_zones (fixture->scale, 2.2, 9.8, 15.6);
  scroll (fixture, GTK_SCROLL_END);
  assert_value (fixture, 9.8);
  scroll (fixture, GTK_SCROLL_START);
  assert_value (fixture, 2.2);
}

static void
test_right_to_left (Fixture       *fixture,
                    gconstpointer  data)
{
  gtk_widget_set_direction (GTK_WIDGET (fixture->scale), GTK_TEXT_DIR_RTL);
  scroll (fixture, GTK_SCROLL_STEP_LEFT);
  assert_value (fixture, 4.5);
  scroll (fixture, GTK_SCROLL_STEP_RIGHT);
  assert_value (fixture, 4);
}

#define ADD(name, func) \
  g_test_add ("/panels/zone-scale/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  ADD ("stops-at-what-is-others", test_stops_at_what_is_others);
  ADD ("stops-at-what-must-be-kept", test_stops_at_what_must_be_kept);
  ADD ("stops-whoever-sets-it", test_stops_whoever_sets_it);
  ADD ("asks-once-it-rests", test_asks_once_it_rests);
  ADD ("news-asks-nothing", test_news_asks_nothing);
  ADD ("news-waits-for-the-user", test_news_waits_for_the_user);
  ADD ("a-value-outside-stays-until-moved", test_a_value_outside_stays_until_moved);
  ADD ("an-end-between-steps-is-reached", test_an_end_between_steps_is_reached);
  ADD ("right-to-left", test_right_to_left);

  return g_test_run ();
}
