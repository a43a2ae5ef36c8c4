/* test-typist.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-typist.h"
#include "test-await.h"
#include "test-screen.h"

typedef struct
{
  TestScreen  *screen;
  LodgeTypist *typist;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->screen = test_screen_new (640, 480);
  fixture->typist = lodge_typist_new ();
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_assert_finalize_object (fixture->typist);
  g_assert_finalize_object (fixture->screen);
}

static guint
type (Fixture    *fixture,
      const char *text,
      const char *expected)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *calls = NULL;
  guint n_skipped;

  lodge_typist_type_async (fixture->typist, LODGE_SCREEN (fixture->screen), text, NULL,
                           test_await_cb, &result);
  g_assert_true (lodge_typist_type_finish (fixture->typist, test_await (&result), &n_skipped,
                                           &error));
  g_assert_no_error (error);
  calls = test_screen_take_calls (fixture->screen);
  g_assert_cmpstr (calls, ==, expected);

  return n_skipped;
}

static void
test_text (Fixture       *fixture,
           gconstpointer  data)
{
  g_assert_cmpuint (type (fixture, "aA!", "press 1e; release 1e; "
                          "press 2a; press 1e; release 1e; release 2a; "
                          "press 2a; press 2; release 2; release 2a"), ==, 0);
  g_assert_cmpuint (type (fixture, "\t\r\n\n", "press f; release f; press 1c; release 1c; "
                          "press 1c; release 1c"), ==, 0);
  g_assert_cmpuint (type (fixture, "", ""), ==, 0);
}

static void
test_untypable (Fixture       *fixture,
                gconstpointer  data)
{
  g_assert_cmpuint (type (fixture, "xäß😀\033y", "press 2d; release 2d; press 15; release 15"),
                    ==, 4);
  g_assert_cmpuint (type (fixture, "\xff" "a", "press 1e; release 1e"), ==, 1);
}

static void
test_caps_lock (Fixture       *fixture,
                gconstpointer  data)
{
  _lodge_screen_set_guest_lock_keys (LODGE_SCREEN (fixture->screen), LODGE_LOCK_KEY_CAPS);
  type (fixture, "aA1", "press 2a; press 1e; release 1e; release 2a; press 1e; release 1e; "
        "press 2; release 2");
}

static void
test_queue (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(GAsyncResult) first = NULL;
  g_autoptr(GAsyncResult) second = NULL;
  g_autofree char *calls = NULL;

  lodge_typist_type_async (fixture->typist, LODGE_SCREEN (fixture->screen), "aa", NULL,
                           test_await_cb, &first);
  lodge_typist_type_async (fixture->typist, LODGE_SCREEN (fixture->screen), "b", NULL,
                           test_await_cb, &second);
  g_assert_true (lodge_typist_type_finish (fixture->typist, test_await (&first), NULL, NULL));
  g_assert_true (lodge_typist_type_finish (fixture->typist, test_await (&second), NULL, NULL));
  calls = test_screen_take_calls (fixture->screen);
  g_assert_cmpstr (calls, ==,
                   "press 1e; release 1e; press 1e; release 1e; press 30; release 30");
}

/* A guest that reads its keyboard a hundred times a second loses nothing. */
static void
test_pace (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GAsyncResult) result = NULL;
  gint64 begin = g_get_monotonic_time ();

  lodge_typist_type_async (fixture->typist, LODGE_SCREEN (fixture->screen), "0123456789", NULL,
                           test_await_cb, &result);
  g_assert_cmpuint (test_screen_get_n_calls (fixture->screen), ==, 0);
  g_assert_true (lodge_typist_type_finish (fixture->typist, test_await (&result), NULL, NULL));
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 10 * 9 * 1000);
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *calls = NULL;

  lodge_typist_type_async (fixture->typist, LODGE_SCREEN (fixture->screen), "Aaaaaaa", cancellable,
                           test_await_cb, &result);

  while (test_screen_get_n_calls (fixture->screen) == 0)
    g_main_context_iteration (NULL, TRUE);

  g_cancellable_cancel (cancellable);
  g_assert_false (lodge_typist_type_finish (fixture->typist, test_await (&result), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  calls = test_screen_take_calls (fixture->screen);
  g_assert_cmpstr (calls, ==, "press 2a; press 1e; release 1e; release 2a");
}

static void
test_stop (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GAsyncResult) first = NULL;
  g_autoptr(GAsyncResult) second = NULL;
  g_autoptr(GError) error = NULL;

  lodge_typist_type_async (fixture->typist, LODGE_SCREEN (fixture->screen), "aaaa", NULL,
                           test_await_cb, &first);
  lodge_typist_type_async (fixture->typist, LODGE_SCREEN (fixture->screen), "bbbb", NULL,
                           test_await_cb, &second);
  lodge_typist_stop (fixture->typist);
  g_assert_false (lodge_typist_type_finish (fixture->typist, test_await (&first), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_false (lodge_typist_type_finish (fixture->typist, test_await (&second), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_cmpuint (test_screen_get_n_calls (fixture->screen), ==, 0);

  g_assert_cmpuint (type (fixture, "a", "press 1e; release 1e"), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) \
  g_test_add ("/display/typist/" path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

  ADD ("text", test_text);
  ADD ("untypable", test_untypable);
  ADD ("caps-lock", test_caps_lock);
  ADD ("queue", test_queue);
  ADD ("pace", test_pace);
  ADD ("cancel", test_cancel);
  ADD ("stop", test_stop);

  return g_test_run ();
}
