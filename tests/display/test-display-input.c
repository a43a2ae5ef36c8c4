/* test-display-input.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "test-await.h"
#include "test-input-fixture.h"

static void
test_view_only (Fixture       *fixture,
                gconstpointer  data)
{
  test_xtest_key (KEY_A, TRUE);
  expect (fixture, "press 1e");
  lodge_display_set_view_only (fixture->display, TRUE);
  expect (fixture, "release 1e");
  test_xtest_key (KEY_A, FALSE);
  g_assert_true (is_grabbed (fixture, LODGE_GRAB_NONE));

  test_xtest_move_to (100, 100);
  test_xtest_click (1);
  test_xtest_click (4);
  lodge_display_send_keys (fixture->display, (const char * const[]) { "a", NULL });
  test_wait (fixture->n_buttons == 2);
  expect_nothing (fixture);
  g_assert_true (is_grabbed (fixture, LODGE_GRAB_NONE));

  lodge_display_set_view_only (fixture->display, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (fixture->display));
  test_wait (is_grabbed (fixture, LODGE_GRAB_KEYBOARD));
  expect_only_key (fixture);

  _lodge_screen_set_read_only (LODGE_SCREEN (fixture->screen), TRUE);
  g_assert_true (is_grabbed (fixture, LODGE_GRAB_NONE));
  test_xtest_move_to (150, 150);
  test_xtest_click (1);
  test_wait (fixture->n_buttons == 4);
  expect_nothing (fixture);
  _lodge_screen_set_read_only (LODGE_SCREEN (fixture->screen), FALSE);
  test_wait (is_grabbed (fixture, LODGE_GRAB_KEYBOARD));
}

static void
test_screen_change (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(TestScreen) other = test_screen_new (640, 480);

  test_xtest_key (KEY_A, TRUE);
  expect (fixture, "press 1e");
  show_picture (other);
  lodge_display_set_screen (fixture->display, LODGE_SCREEN (other));
  expect (fixture, "release 1e");
  test_xtest_key (KEY_A, FALSE);
  test_xtest_tap (KEY_B);
  test_wait (g_strcmp0 (test_screen_get_last (other), "release 30") == 0);
  g_assert_cmpuint (test_screen_get_n_calls (fixture->screen), ==, 0);
}

static void
test_type_text (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  guint n_skipped;

  lodge_display_type_text_async (fixture->display, "aß", NULL, test_await_cb, &result);
  g_assert_true (lodge_display_type_text_finish (fixture->display, test_await (&result), &n_skipped,
                                                 &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_skipped, ==, 1);
  expect (fixture, "press 1e; release 1e");
  g_clear_object (&result);

  lodge_display_type_text_async (fixture->display, "aaaaaaaa", NULL, test_await_cb, &result);
  lodge_display_set_view_only (fixture->display, TRUE);
  g_assert_false (lodge_display_type_text_finish (fixture->display, test_await (&result), NULL,
                                                  &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&error);
  g_clear_object (&result);

  lodge_display_type_text_async (fixture->display, "a", NULL, test_await_cb, &result);
  g_assert_false (lodge_display_type_text_finish (fixture->display, test_await (&result), NULL,
                                                  &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
}

/* Closing the window ends the typing, and nothing is kept alive by it. */
static void
test_type_text_and_close (Fixture       *fixture,
                          gconstpointer  data)
{
  lodge_display_type_text_async (fixture->display, "aaaaaaaa", NULL, NULL, NULL);
  lodge_display_set_view_only (fixture->display, FALSE);
  test_wait (test_screen_get_n_calls (fixture->screen) > 0);
}

/* All that the hands do to the display and its window goes with them. */
static void
test_close (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *calls = NULL;
  int x, y;

  capture (fixture);
  test_xtest_key (KEY_A, TRUE);
  test_xtest_button (1, TRUE);
  expect (fixture, "press 1e; button-press 1 mask 1");
  gtk_window_set_child (fixture->window, NULL);
  calls = test_screen_take_calls (fixture->screen);
  g_assert_true (g_str_equal (calls, "button-release 1 mask 0; release 1e")
                 || g_str_equal (calls, "release 1e; button-release 1 mask 0"));
  g_assert_false (is_inhibited (fixture));
  test_xtest_key (KEY_A, FALSE);
  test_xtest_button (1, FALSE);

  gdk_display_sync (gtk_widget_get_display (GTK_WIDGET (fixture->window)));
  test_xtest_move_by (5, 5);
  test_xtest_get_pointer (&x, &y);
  g_assert_cmpint (x, ==, 305);
  test_wait (gtk_window_get_focus (fixture->window) == NULL);
  test_xtest_tap (KEY_F10);
  test_wait (fixture->n_accelerators == 1);

  /* For the tear-down. */
  fixture->display = LODGE_DISPLAY (lodge_display_new ());
  gtk_window_set_child (fixture->window, GTK_WIDGET (fixture->display));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) \
  g_test_add ("/display/display-input/" path, Fixture, NULL, fixture_set_up, function, \
              fixture_tear_down)

  ADD ("view-only", test_view_only);
  ADD ("screen-change", test_screen_change);
  ADD ("type-text", test_type_text);
  ADD ("type-text-and-close", test_type_text_and_close);
  ADD ("close", test_close);

  return run_on_desktop ();
}
