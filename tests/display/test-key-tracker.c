/* test-key-tracker.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-key-tracker.h"
#include "lodge-keymap.h"
#include "test-screen.h"

#define A 0x1e
#define B 0x30
#define SHIFT 0x2a
#define CTRL 0x1d
#define ALT 0x38

typedef struct
{
  TestScreen      *screen;
  LodgeKeyTracker *tracker;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->screen = test_screen_new (640, 480);
  fixture->tracker = lodge_key_tracker_new ();
  lodge_key_tracker_set_screen (fixture->tracker, LODGE_SCREEN (fixture->screen));
  _lodge_screen_set_key_press_delay (LODGE_SCREEN (fixture->screen), GPOINTER_TO_UINT (data));
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_assert_finalize_object (fixture->tracker);
  g_assert_finalize_object (fixture->screen);
}

static void
assert_sent (Fixture    *fixture,
             const char *expected)
{
  g_autofree char *calls = test_screen_take_calls (fixture->screen);

  g_assert_cmpstr (calls, ==, expected);
}

static void
press (Fixture *fixture,
       guint    scancode)
{
  lodge_key_tracker_press (fixture->tracker, scancode);
}

static void
release (Fixture *fixture,
         guint    scancode)
{
  lodge_key_tracker_release (fixture->tracker, scancode);
}

static void
test_press_release (Fixture       *fixture,
                    gconstpointer  data)
{
  press (fixture, A);
  g_assert_true (lodge_key_tracker_is_pressed (fixture->tracker, A));
  release (fixture, A);
  g_assert_false (lodge_key_tracker_is_pressed (fixture->tracker, A));
  assert_sent (fixture, "press 1e; release 1e");
}

static void
test_repeat (Fixture       *fixture,
             gconstpointer  data)
{
  press (fixture, A);
  press (fixture, A);
  press (fixture, A);
  release (fixture, A);
  release (fixture, A);
  assert_sent (fixture, "press 1e; press 1e; press 1e; release 1e");
}

static void
test_stray_release (Fixture       *fixture,
                    gconstpointer  data)
{
  release (fixture, A);
  press (fixture, 0);
  release (fixture, 0);
  assert_sent (fixture, "");
}

static void
test_release_all (Fixture       *fixture,
                  gconstpointer  data)
{
  press (fixture, CTRL);
  press (fixture, ALT);
  press (fixture, A);
  assert_sent (fixture, "press 1d; press 38; press 1e");
  lodge_key_tracker_release_all (fixture->tracker);
  assert_sent (fixture, "release 1e; release 38; release 1d");
  release (fixture, CTRL);
  lodge_key_tracker_release_all (fixture->tracker);
  assert_sent (fixture, "");
}

static void
test_screen_change (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(TestScreen) other = test_screen_new (640, 480);
  g_autofree char *calls = NULL;

  press (fixture, SHIFT);
  lodge_key_tracker_set_screen (fixture->tracker, LODGE_SCREEN (other));
  assert_sent (fixture, "press 2a; release 2a");
  release (fixture, SHIFT);
  press (fixture, A);
  lodge_key_tracker_set_screen (fixture->tracker, NULL);
  press (fixture, B);
  assert_sent (fixture, "");
  calls = test_screen_take_calls (other);
  g_assert_cmpstr (calls, ==, "press 1e; release 1e");
}

static void
test_pause (Fixture       *fixture,
            gconstpointer  data)
{
  press (fixture, LODGE_SCANCODE_PAUSE);
  press (fixture, LODGE_SCANCODE_PAUSE);
  release (fixture, LODGE_SCANCODE_PAUSE);
  assert_sent (fixture, "press 21d; press 45; release 21d; release 45");

  press (fixture, CTRL);
  press (fixture, LODGE_SCANCODE_PAUSE);
  release (fixture, LODGE_SCANCODE_PAUSE);
  release (fixture, CTRL);
  assert_sent (fixture, "press 1d; press 146; release 146; release 1d");
}

static void
test_print (Fixture       *fixture,
            gconstpointer  data)
{
  press (fixture, LODGE_SCANCODE_PRINT);
  release (fixture, LODGE_SCANCODE_PRINT);
  assert_sent (fixture, "press 137; release 137");

  /* The release is that of what was pressed, even if Alt went up before. */
  press (fixture, ALT);
  press (fixture, LODGE_SCANCODE_PRINT);
  release (fixture, ALT);
  press (fixture, LODGE_SCANCODE_PRINT);
  release (fixture, LODGE_SCANCODE_PRINT);
  assert_sent (fixture, "press 38; press 54; release 38; press 54; release 54");

  press (fixture, 0x138);
  press (fixture, LODGE_SCANCODE_PRINT);
  lodge_key_tracker_release_all (fixture->tracker);
  assert_sent (fixture, "press 138; press 54; release 54; release 138");
}

static void
test_suspend (Fixture       *fixture,
              gconstpointer  data)
{
  press (fixture, CTRL);
  press (fixture, SHIFT);
  lodge_key_tracker_suspend (fixture->tracker);
  assert_sent (fixture, "press 1d; press 2a; release 2a; release 1d");

  /* Shift goes up on the host, Ctrl is still held when the next key comes. */
  release (fixture, SHIFT);
  press (fixture, A);
  release (fixture, A);
  release (fixture, CTRL);
  assert_sent (fixture, "press 1d; press 1e; release 1e; release 1d");

  /* Twice in a row, then everything is let go of. */
  press (fixture, CTRL);
  lodge_key_tracker_suspend (fixture->tracker);
  lodge_key_tracker_suspend (fixture->tracker);
  assert_sent (fixture, "press 1d; release 1d");
  lodge_key_tracker_release_all (fixture->tracker);
  press (fixture, A);
  assert_sent (fixture, "press 1e");
}

static void
test_delay_tap (Fixture       *fixture,
                gconstpointer  data)
{
  press (fixture, A);
  assert_sent (fixture, "");
  g_assert_true (lodge_key_tracker_is_pressed (fixture->tracker, A));
  release (fixture, A);
  assert_sent (fixture, "tap 1e");

  press (fixture, A);
  lodge_key_tracker_release_all (fixture->tracker);
  assert_sent (fixture, "tap 1e");
}

static void
test_delay_order (Fixture       *fixture,
                  gconstpointer  data)
{
  /* Rolled over: the second key comes before the first is up. */
  press (fixture, A);
  press (fixture, B);
  release (fixture, A);
  release (fixture, B);
  assert_sent (fixture, "press 1e; press 30; release 1e; release 30");

  press (fixture, SHIFT);
  press (fixture, A);
  release (fixture, A);
  release (fixture, SHIFT);
  assert_sent (fixture, "press 2a; tap 1e; release 2a");

  press (fixture, SHIFT);
  press (fixture, A);
  release (fixture, SHIFT);
  release (fixture, A);
  assert_sent (fixture, "press 2a; press 1e; release 2a; release 1e");

  press (fixture, A);
  lodge_key_tracker_flush (fixture->tracker);
  assert_sent (fixture, "press 1e");
  release (fixture, A);
  assert_sent (fixture, "release 1e");
}

static void
test_delay_repeat (Fixture       *fixture,
                   gconstpointer  data)
{
  press (fixture, A);
  press (fixture, A);
  press (fixture, A);
  release (fixture, A);
  assert_sent (fixture, "press 1e; press 1e; press 1e; release 1e");
}

static void
test_delay_hold (Fixture       *fixture,
                 gconstpointer  data)
{
  press (fixture, A);

  while (test_screen_get_n_calls (fixture->screen) == 0)
    g_main_context_iteration (NULL, TRUE);

  assert_sent (fixture, "press 1e");
  release (fixture, A);
  assert_sent (fixture, "release 1e");
}

int
main (int   argc,
      char *argv[])
{
  const gpointer slow = GUINT_TO_POINTER (100 * 1000);
  const gpointer quick = GUINT_TO_POINTER (20);

  g_test_init (&argc, &argv, NULL);

#define ADD(path, data, function) \
  g_test_add ("/display/key-tracker/" path, Fixture, data, fixture_set_up, function, \
              fixture_tear_down)

  ADD ("press-release", NULL, test_press_release);
  ADD ("repeat", NULL, test_repeat);
  ADD ("stray-release", NULL, test_stray_release);
  ADD ("release-all", NULL, test_release_all);
  ADD ("screen-change", NULL, test_screen_change);
  ADD ("pause", NULL, test_pause);
  ADD ("print", NULL, test_print);
  ADD ("suspend", NULL, test_suspend);
  ADD ("delay/tap", slow, test_delay_tap);
  ADD ("delay/order", slow, test_delay_order);
  ADD ("delay/repeat", slow, test_delay_repeat);
  ADD ("delay/hold", quick, test_delay_hold);
  ADD ("delay/pause", slow, test_pause);
  ADD ("delay/print", slow, test_print);

  return g_test_run ();
}
