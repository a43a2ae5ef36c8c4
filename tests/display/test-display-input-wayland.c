/* test-display-input-wayland.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "test-input-fixture.h"

static gboolean
has_arrived (Fixture    *fixture,
             const char *call)
{
  g_autofree char *calls = test_screen_dup_calls (fixture->screen);

  return strstr (calls, call) != NULL;
}

/* Everything that was done has arrived when this key does. */
static void
flush (Fixture *fixture)
{
  test_xtest_tap (KEY_N);
  test_wait (has_arrived (fixture, "release 31"));
  g_free (test_screen_take_calls (fixture->screen));
}

static gboolean
reaches_by_key (Fixture *fixture)
{
  test_xtest_tap (KEY_B);

  return test_screen_get_n_calls (fixture->screen) > 0;
}

/* A first motion may only be an entering. */
static gboolean
reaches_by_pointer (Fixture *fixture)
{
  test_xtest_move_by (2, 0);
  test_xtest_move_by (-2, 0);

  return fixture->n_motions > 0;
}

/* Brings the pointer to a pixel of the picture, in the middle of it: the compositor has its own way
 * of rounding.
 */
static void
move_into (Fixture *fixture,
           int      x,
           int      y)
{
  /* It follows X's pointer by steps, from where that entered its window. */
  test_xtest_move_to (NOWHERE_X, NOWHERE_Y + 50);
  test_xtest_move_to (2 * x + 1, 2 * y + 1);
  fixture->n_motions = 0;
  test_wait (reaches_by_pointer (fixture));
  flush (fixture);
}

/* The compositor gives a window the whole of its screen, of 1000×700; the display has 800×700 of it
 * and fills it with its picture, two units a pixel.
 */
static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  create_window (fixture);
  fixture->screen = test_screen_new (640, 480);
  show_picture (fixture->screen);
  _lodge_screen_set_area (LODGE_SCREEN (fixture->screen), &(GdkRectangle) { 0, 0, 400, 350 });
  lodge_display_set_screen (fixture->display, LODGE_SCREEN (fixture->screen));
  gtk_window_present (fixture->window);
  gtk_widget_grab_focus (GTK_WIDGET (fixture->display));

  test_wait (gtk_window_is_active (fixture->window));
  test_wait (gtk_widget_get_height (GTK_WIDGET (fixture->display)) == 700);
  /* A compositor gives the pointer to the window that the user turned to. */
  test_xtest_move_to (NOWHERE_X, NOWHERE_Y + 50);
  test_xtest_move_to (900, 350);
  test_wait (reaches_by_pointer (fixture));
  test_xtest_click (1);
  test_wait (fixture->n_buttons == 2);
  gtk_widget_grab_focus (GTK_WIDGET (fixture->display));
  test_wait (is_grabbed (fixture, LODGE_GRAB_KEYBOARD));
  /* The compositor passes keys on once it knows whose they are. */
  test_wait (reaches_by_key (fixture));
  flush (fixture);
}

static void
test_keyboard (Fixture       *fixture,
               gconstpointer  data)
{
  test_xtest_key (KEY_LEFTCTRL, TRUE);
  test_xtest_tap (KEY_W);
  test_xtest_key (KEY_LEFTCTRL, FALSE);
  test_xtest_tap (KEY_F10);
  test_xtest_tap (KEY_DOWN);
  test_xtest_tap (KEY_102ND);
  expect (fixture, "press 1d; press 11; release 11; release 1d; press 44; release 44; "
          "press 150; release 150; press 56; release 56");
  g_assert_cmpuint (fixture->n_accelerators, ==, 0);

  let_go (fixture);
  expect (fixture, "press 1d; press 38; release 38; release 1d");
  expect_nothing (fixture);
}

static void
test_focus_loss (Fixture       *fixture,
                 gconstpointer  data)
{
  GtkWindow *other = GTK_WINDOW (gtk_window_new ());

  test_xtest_key (KEY_A, TRUE);
  expect (fixture, "press 1e");
  gtk_window_present (other);
  test_wait (is_grabbed (fixture, LODGE_GRAB_NONE));
  expect (fixture, "release 1e");
  test_xtest_key (KEY_A, FALSE);
  gtk_window_destroy (other);
  test_wait (is_grabbed (fixture, LODGE_GRAB_KEYBOARD));
}

static void
test_pointer (Fixture       *fixture,
              gconstpointer  data)
{
  move_into (fixture, 50, 60);
  test_xtest_move_by (200, 40);
  expect (fixture, "position 150,80 mask 0");
  test_xtest_click (3);
  expect (fixture, "position 150,80 mask 0; button-press 3 mask 4; "
          "position 150,80 mask 4; button-release 3 mask 0");
  test_xtest_click (5);
  expect (fixture, "button-press 5 mask 10; button-release 5 mask 0");
}

static void
test_capture (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *calls = NULL;
  g_auto(GStrv) list = NULL;
  int x, y, sum_x = 0, sum_y = 0;

  move_into (fixture, 200, 200);
  _lodge_screen_set_mouse_mode (LODGE_SCREEN (fixture->screen), LODGE_MOUSE_MODE_SERVER);
  test_xtest_click (1);
  test_wait (is_grabbed (fixture, LODGE_GRAB_KEYBOARD | LODGE_GRAB_POINTER));
  g_assert_cmpuint (test_screen_get_n_calls (fixture->screen), ==, 0);

  for (int i = 0; i < 20; i++)
    test_xtest_move_by (12, -4);

  test_xtest_click (3);
  test_wait (g_strcmp0 (test_screen_get_last (fixture->screen), "button-release 3 mask 0") == 0);
  calls = test_screen_take_calls (fixture->screen);
  list = g_strsplit (calls, "; ", -1);

  for (guint i = 0; list[i + 2] != NULL; i++)
    {
      g_assert_cmpint (sscanf (list[i], "motion %d,%d mask 0", &x, &y), ==, 2);
      sum_x += x;
      sum_y += y;
    }

  g_assert_cmpint (sum_x, ==, 20 * 12);
  g_assert_cmpint (sum_y, ==, 20 * -4);

  let_go (fixture);
  expect (fixture, "press 1d; press 38; release 38; release 1d");
}

/* The compositor takes the pointer and the keyboard away with the focus. */
static void
test_capture_lost (Fixture       *fixture,
                   gconstpointer  data)
{
  GtkWindow *other = GTK_WINDOW (gtk_window_new ());

  move_into (fixture, 200, 200);
  _lodge_screen_set_mouse_mode (LODGE_SCREEN (fixture->screen), LODGE_MOUSE_MODE_SERVER);
  test_xtest_click (1);
  test_wait (is_grabbed (fixture, LODGE_GRAB_KEYBOARD | LODGE_GRAB_POINTER));
  gtk_window_present (other);
  test_wait (is_grabbed (fixture, LODGE_GRAB_NONE));
  gtk_window_destroy (other);
  test_wait (is_grabbed (fixture, LODGE_GRAB_KEYBOARD));
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) \
  g_test_add ("/display/display-input-wayland/" path, Fixture, NULL, set_up, function, \
              fixture_tear_down)

  ADD ("keyboard", test_keyboard);
  ADD ("focus-loss", test_focus_loss);
  ADD ("pointer", test_pointer);
  ADD ("capture", test_capture);
  ADD ("capture-lost", test_capture_lost);

  test_desktop_start_wayland ();
  test_xtest_set_repeat (0, 0);
  gtk_init ();
  create_application ();
  status = g_test_run ();
  g_object_unref (application);
  test_desktop_stop ();

  return status;
}
