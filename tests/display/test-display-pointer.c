/* test-display-pointer.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-display-pointer.h"
#include "test-input-fixture.h"

static void
test_position (Fixture       *fixture,
               gconstpointer  data)
{
  /* 1.25 units for each pixel of the guest. */
  move_and_expect (fixture, 0, 0, "position 0,0 mask 0");
  move_and_expect (fixture, 799, 599, "position 639,479 mask 0");
  move_and_expect (fixture, 400, 300, "position 320,240 mask 0");
  move_and_expect (fixture, 124, 126, "position 99,100 mask 0");

  /* With bars above and below, 100 high. */
  _lodge_screen_set_area (LODGE_SCREEN (fixture->screen), &(GdkRectangle) { 0, 0, 1600, 800 });
  move_and_expect (fixture, 0, 100, "position 0,0 mask 0");
  move_and_expect (fixture, 799, 499, "position 1598,798 mask 0");
  test_xtest_move_to (400, 99);
  expect_only_key (fixture);
  test_xtest_move_to (400, 500);
  test_xtest_click (1);
  test_xtest_click (4);
  expect_only_key (fixture);
  move_and_expect (fixture, 10, 110, "position 20,20 mask 0");
}

/* A drag that leaves picture, widget and window stays at the picture's edge. */
static void
test_drag (Fixture       *fixture,
           gconstpointer  data)
{
  _lodge_screen_set_area (LODGE_SCREEN (fixture->screen), &(GdkRectangle) { 0, 0, 1600, 800 });
  move_and_expect (fixture, 400, 300, "position 800,400 mask 0");
  test_xtest_button (1, TRUE);
  expect (fixture, "position 800,400 mask 0; button-press 1 mask 1");
  move_and_expect (fixture, 400, 20, "position 800,0 mask 1");
  move_and_expect (fixture, NOWHERE_X, 300, "position 1599,400 mask 1");
  move_and_expect (fixture, NOWHERE_X, NOWHERE_Y, "position 1599,799 mask 1");
  test_xtest_button (1, FALSE);
  expect (fixture, "button-release 1 mask 0");
}

static void
test_buttons (Fixture       *fixture,
              gconstpointer  data)
{
  static const struct
  {
    guint            button;
    LodgeMouseButton sent;
    guint            mask;
  } buttons[] = {
    { 1, LODGE_MOUSE_BUTTON_LEFT, 1 }, { 2, LODGE_MOUSE_BUTTON_MIDDLE, 2 },
    { 3, LODGE_MOUSE_BUTTON_RIGHT, 4 }, { 8, LODGE_MOUSE_BUTTON_SIDE, 0x20 },
    { 9, LODGE_MOUSE_BUTTON_EXTRA, 0x40 },
  };

  move_and_expect (fixture, 0, 0, "position 0,0 mask 0");

  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++)
    {
      g_autofree char *expected =
        g_strdup_printf ("position 0,0 mask 0; button-press %d mask %x; position 0,0 mask %x; "
                         "button-release %d mask 0",
                         buttons[i].sent, buttons[i].mask, buttons[i].mask, buttons[i].sent);

      test_xtest_click (buttons[i].button);
      expect (fixture, expected);
    }

  test_xtest_button (1, TRUE);
  test_xtest_button (3, TRUE);
  test_xtest_button (1, FALSE);
  test_xtest_button (3, FALSE);
  expect (fixture, "position 0,0 mask 0; button-press 1 mask 1; "
          "position 0,0 mask 1; button-press 3 mask 5; "
          "position 0,0 mask 5; button-release 1 mask 4; "
          "position 0,0 mask 4; button-release 3 mask 0");
}

static void
test_buttons_let_go (Fixture       *fixture,
                     gconstpointer  data)
{
  move_and_expect (fixture, 0, 0, "position 0,0 mask 0");
  test_xtest_button (1, TRUE);
  test_xtest_button (9, TRUE);
  expect (fixture, "position 0,0 mask 0; button-press 1 mask 1; "
          "position 0,0 mask 1; button-press 7 mask 41");
  lodge_display_ungrab (fixture->display);
  expect (fixture, "button-release 1 mask 40; button-release 7 mask 0");
  test_xtest_button (1, FALSE);
  test_xtest_button (9, FALSE);
  expect_nothing (fixture);

  test_xtest_button (1, TRUE);
  expect (fixture, "position 0,0 mask 0; button-press 1 mask 1");
  gtk_widget_grab_focus (fixture->button);
  expect (fixture, "button-release 1 mask 0");
  test_xtest_button (1, FALSE);
  expect_nothing (fixture);
}

static void
test_wheel (Fixture       *fixture,
            gconstpointer  data)
{
  move_and_expect (fixture, 0, 0, "position 0,0 mask 0");
  test_xtest_click (4);
  expect (fixture, "button-press 4 mask 8; button-release 4 mask 0");
  test_xtest_click (5);
  test_xtest_click (5);
  expect (fixture, "button-press 5 mask 10; button-release 5 mask 0; "
          "button-press 5 mask 10; button-release 5 mask 0");

  test_xtest_button (1, TRUE);
  test_xtest_click (4);
  test_xtest_button (1, FALSE);
  expect (fixture, "position 0,0 mask 0; button-press 1 mask 1; "
          "button-press 4 mask 9; button-release 4 mask 1; "
          "position 0,0 mask 1; button-release 1 mask 0");

  /* With Shift, it is still the guest that decides what it means. */
  test_xtest_key (KEY_LEFTSHIFT, TRUE);
  test_xtest_click (5);
  test_xtest_key (KEY_LEFTSHIFT, FALSE);
  expect (fixture, "press 2a; button-press 5 mask 10; button-release 5 mask 0; release 2a");
}

static void
test_capture (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *calls = NULL;
  g_auto(GStrv) list = NULL;
  int x, y, sum_x = 0, sum_y = 0;

  capture (fixture);

  for (int i = 0; i < 50; i++)
    test_xtest_move_by (25, -3);

  test_xtest_get_pointer (&x, &y);
  g_assert_cmpint (x, ==, 300);
  g_assert_cmpint (y, ==, 200);

  test_xtest_click (3);
  test_wait (g_strcmp0 (test_screen_get_last (fixture->screen), "button-release 3 mask 0") == 0);
  calls = test_screen_take_calls (fixture->screen);
  g_assert_true (g_str_has_suffix (calls, "; button-press 3 mask 4; button-release 3 mask 0"));
  list = g_strsplit (calls, "; ", -1);

  for (guint i = 0; list[i + 2] != NULL; i++)
    {
      g_assert_cmpint (sscanf (list[i], "motion %d,%d mask 0", &x, &y), ==, 2);
      sum_x += x;
      sum_y += y;
    }

  g_assert_cmpint (sum_x, ==, 50 * 25);
  g_assert_cmpint (sum_y, ==, 50 * -3);

  /* With a button held. */
  test_xtest_button (1, TRUE);
  test_xtest_move_by (-7, 9);
  test_xtest_button (1, FALSE);
  test_xtest_click (4);
  expect (fixture, "button-press 1 mask 1; motion -7,9 mask 1; button-release 1 mask 0; "
          "button-press 4 mask 8; button-release 4 mask 0");

  let_go (fixture);
  expect (fixture, "press 1d; press 38; release 38; release 1d");
  gdk_display_sync (gtk_widget_get_display (GTK_WIDGET (fixture->display)));
  test_xtest_move_by (40, 50);
  test_xtest_get_pointer (&x, &y);
  g_assert_cmpint (x, ==, 340);
  g_assert_cmpint (y, ==, 250);
  expect_nothing (fixture);
}

static void
test_capture_ends (Fixture       *fixture,
                   gconstpointer  data)
{
  int x, y;

  capture (fixture);
  test_xtest_button (1, TRUE);
  expect (fixture, "button-press 1 mask 1");
  gtk_widget_grab_focus (fixture->button);
  expect (fixture, "button-release 1 mask 0");
  g_assert_true (is_grabbed (fixture, LODGE_GRAB_NONE));
  test_xtest_button (1, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (fixture->display));
  test_wait (is_grabbed (fixture, LODGE_GRAB_KEYBOARD));

  capture (fixture);
  _lodge_screen_set_mouse_mode (LODGE_SCREEN (fixture->screen), LODGE_MOUSE_MODE_CLIENT);
  g_assert_true (is_grabbed (fixture, LODGE_GRAB_KEYBOARD));

  capture (fixture);
  g_object_set (fixture->display, "grab-pointer", FALSE, NULL);
  g_assert_true (is_grabbed (fixture, LODGE_GRAB_KEYBOARD));
  g_object_set (fixture->display, "grab-pointer", TRUE, NULL);

  capture (fixture);
  gtk_widget_set_visible (GTK_WIDGET (fixture->display), FALSE);
  g_assert_true (is_grabbed (fixture, LODGE_GRAB_NONE));
  gtk_widget_set_visible (GTK_WIDGET (fixture->display), TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (fixture->display));
  test_wait (is_grabbed (fixture, LODGE_GRAB_KEYBOARD));
  test_wait (gtk_widget_get_height (GTK_WIDGET (fixture->display)) == HEIGHT);

  capture (fixture);
  lodge_display_set_screen (fixture->display, NULL);
  g_assert_true (is_grabbed (fixture, LODGE_GRAB_NONE));
  gdk_display_sync (gtk_widget_get_display (GTK_WIDGET (fixture->display)));
  test_xtest_move_by (1, 1);
  test_xtest_get_pointer (&x, &y);
  g_assert_cmpint (x, ==, 301);
}

/* Where the pointer may not be locked, the guest follows it, in its own pixels. */
static void
test_no_capture (Fixture       *fixture,
                 gconstpointer  data)
{
  g_object_set (fixture->display, "grab-pointer", FALSE, NULL);
  _lodge_screen_set_mouse_mode (LODGE_SCREEN (fixture->screen), LODGE_MOUSE_MODE_SERVER);
  test_xtest_move_to (100, 100);
  expect_only_key (fixture);
  move_and_expect (fixture, 200, 150, "motion 80,40 mask 0");
  /* Half a pixel waits for the other half. */
  move_and_expect (fixture, 198, 148, "motion -1,-1 mask 0");
  move_and_expect (fixture, 196, 146, "motion -2,-2 mask 0");
  test_xtest_click (1);
  expect (fixture, "button-press 1 mask 1; button-release 1 mask 0");
}

static void
test_touch (Fixture       *fixture,
            gconstpointer  data)
{
  LodgeDisplayPointer *pointer = lodge_display_pointer_new (fixture->display);
  int first, second;

  lodge_display_pointer_set_screen (pointer, LODGE_SCREEN (fixture->screen));
  g_assert_true (lodge_display_pointer_touch (pointer, GDK_TOUCH_BEGIN, &first, 100, 100));
  expect (fixture, "position 80,80 mask 0; button-press 1 mask 1");
  lodge_display_pointer_touch (pointer, GDK_TOUCH_UPDATE, &first, 200, 100);
  lodge_display_pointer_touch (pointer, GDK_TOUCH_BEGIN, &second, 300, 300);
  lodge_display_pointer_touch (pointer, GDK_TOUCH_UPDATE, &second, 400, 300);
  lodge_display_pointer_touch (pointer, GDK_TOUCH_END, &second, 400, 300);
  lodge_display_pointer_touch (pointer, GDK_TOUCH_UPDATE, &first, -50, 700);
  lodge_display_pointer_touch (pointer, GDK_TOUCH_END, &first, -50, 700);
  expect (fixture, "position 160,80 mask 1; position 0,479 mask 1; "
          "button-release 1 mask 0");

  lodge_display_pointer_touch (pointer, GDK_TOUCH_BEGIN, &first, 100, 100);
  lodge_display_pointer_let_go (pointer);
  lodge_display_pointer_touch (pointer, GDK_TOUCH_END, &first, 100, 100);
  expect (fixture, "position 80,80 mask 0; button-press 1 mask 1; "
          "button-release 1 mask 0");

  _lodge_screen_set_mouse_mode (LODGE_SCREEN (fixture->screen), LODGE_MOUSE_MODE_SERVER);
  g_assert_false (lodge_display_pointer_touch (pointer, GDK_TOUCH_BEGIN, &first, 100, 100));
  expect_only_key (fixture);

  lodge_display_pointer_shut_down (pointer);
  g_assert_finalize_object (pointer);
}

/* Two heads of one guest side by side: a drag goes from one to the other. Another guest's screen is
 * none of them.
 */
static void
test_heads (Fixture       *fixture,
            gconstpointer  data)
{
  GtkWidget *box = gtk_window_get_child (fixture->window);
  LodgeDisplay *other = LODGE_DISPLAY (lodge_display_new ());
  g_autoptr(TestScreen) screen = test_screen_new (640, 480);

  gtk_widget_set_visible (fixture->button, FALSE);
  gtk_widget_set_size_request (GTK_WIDGET (fixture->display), 400, HEIGHT);
  gtk_widget_set_size_request (GTK_WIDGET (other), 400, HEIGHT);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (other));
  show_picture (screen);
  lodge_display_set_screen (other, LODGE_SCREEN (screen));
  _lodge_screen_set_area (LODGE_SCREEN (screen), &(GdkRectangle) { 0, 0, 400, HEIGHT });
  _lodge_screen_set_area (LODGE_SCREEN (fixture->screen), &(GdkRectangle) { 0, 0, 400, HEIGHT });
  test_wait (gtk_widget_get_width (GTK_WIDGET (fixture->display)) == 400);

  move_and_expect (fixture, 200, 100, "position 200,100 mask 0");
  test_xtest_button (1, TRUE);
  expect (fixture, "position 200,100 mask 0; button-press 1 mask 1");
  move_and_expect (fixture, 500, 120, "position 399,120 mask 1");

  _lodge_screen_set_framebuffer (LODGE_SCREEN (screen),
                                 lodge_screen_get_framebuffer (LODGE_SCREEN (fixture->screen)));
  test_xtest_move_to (510, 130);
  test_wait (test_screen_get_n_calls (screen) == 1);
  g_assert_cmpstr (test_screen_get_last (screen), ==, "position 110,130 mask 1");
  move_and_expect (fixture, 210, 130, "position 210,130 mask 1");
  test_xtest_button (1, FALSE);
  expect (fixture, "button-release 1 mask 0");
}

static GtkEventController *
find_scroll_controller (Fixture *fixture)
{
  g_autoptr(GListModel) controllers =
    gtk_widget_observe_controllers (GTK_WIDGET (fixture->display));

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr(GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_SCROLL (controller))
        return controller;
    }

  g_assert_not_reached ();
}

static void
scroll (Fixture    *fixture,
        double      dy,
        const char *expected)
{
  g_autofree char *calls = NULL;
  gboolean handled;

  g_signal_emit_by_name (find_scroll_controller (fixture), "scroll", 0.0, dy, &handled);
  g_assert_true (handled);
  calls = test_screen_take_calls (fixture->screen);
  g_assert_cmpstr (calls, ==, expected);
}

/* Parts of clicks, as of a wheel with a fine resolution, add up to whole ones. */
static void
test_smooth_wheel (Fixture       *fixture,
                   gconstpointer  data)
{
  move_and_expect (fixture, 0, 0, "position 0,0 mask 0");
  scroll (fixture, 0.5, "");
  scroll (fixture, 0.25, "");
  scroll (fixture, 0.5, "button-press 5 mask 10; button-release 5 mask 0");
  /* Back again: what was left counts no more. */
  scroll (fixture, -0.75, "");
  scroll (fixture, -1.5, "button-press 4 mask 8; button-release 4 mask 0; "
          "button-press 4 mask 8; button-release 4 mask 0");
  scroll (fixture, -0.5, "");
  lodge_display_ungrab (fixture->display);
  scroll (fixture, -0.5, "");
  scroll (fixture, -0.5, "button-press 4 mask 8; button-release 4 mask 0");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) \
  g_test_add ("/display/display-pointer/" path, Fixture, NULL, fixture_set_up, function, \
              fixture_tear_down)

  ADD ("position", test_position);
  ADD ("drag", test_drag);
  ADD ("buttons", test_buttons);
  ADD ("buttons-let-go", test_buttons_let_go);
  ADD ("wheel", test_wheel);
  ADD ("smooth-wheel", test_smooth_wheel);
  ADD ("capture", test_capture);
  ADD ("capture-ends", test_capture_ends);
  ADD ("no-capture", test_no_capture);
  ADD ("touch", test_touch);
  ADD ("heads", test_heads);

  return run_on_desktop ();
}
