/* test-display-keyboard.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "test-input-fixture.h"

static void
test_keys (Fixture       *fixture,
           gconstpointer  data)
{
  test_xtest_tap (KEY_A);
  test_xtest_tap (KEY_F10);
  test_xtest_tap (KEY_TAB);
  test_xtest_tap (KEY_LEFT);
  test_xtest_tap (KEY_RIGHTCTRL);
  test_xtest_tap (KEY_KPENTER);
  test_xtest_tap (KEY_PAUSE);
  test_xtest_tap (KEY_SYSRQ);
  expect (fixture, "press 1e; release 1e; press 44; release 44; press f; release f; "
          "press 14b; release 14b; press 11d; release 11d; press 11c; release 11c; "
          "press 21d; press 45; release 21d; release 45; press 137; release 137");
  g_assert_cmpuint (fixture->n_accelerators, ==, 0);
  g_assert_true (gtk_widget_has_focus (GTK_WIDGET (fixture->display)));
}

static void
test_repeat (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *calls = NULL;
  g_auto(GStrv) list = NULL;
  guint n;

  test_xtest_set_repeat (100, 20);
  test_xtest_key (KEY_A, TRUE);
  test_wait (test_screen_get_n_calls (fixture->screen) >= 4);
  test_xtest_key (KEY_A, FALSE);
  test_wait (g_str_equal (test_screen_get_last (fixture->screen), "release 1e"));
  test_xtest_set_repeat (0, 0);

  calls = test_screen_take_calls (fixture->screen);
  list = g_strsplit (calls, "; ", -1);
  n = g_strv_length (list);

  for (guint i = 0; i < n - 1; i++)
    g_assert_cmpstr (list[i], ==, "press 1e");
}

static void
test_focus_loss (Fixture       *fixture,
                 gconstpointer  data)
{
  test_xtest_key (KEY_LEFTSHIFT, TRUE);
  test_xtest_key (KEY_A, TRUE);
  expect (fixture, "press 2a; press 1e");
  gtk_widget_grab_focus (fixture->button);
  expect (fixture, "release 1e; release 2a");
  g_assert_true (is_grabbed (fixture, LODGE_GRAB_NONE));
  g_assert_false (is_inhibited (fixture));

  test_xtest_key (KEY_A, FALSE);
  test_xtest_key (KEY_LEFTSHIFT, FALSE);
  expect_nothing (fixture);

  gtk_widget_grab_focus (GTK_WIDGET (fixture->display));
  test_wait (is_grabbed (fixture, LODGE_GRAB_KEYBOARD));
  expect_only_key (fixture);
}

/* Another window comes to the front while keys are held, and goes again. */
static void
test_window_switch (Fixture       *fixture,
                    gconstpointer  data)
{
  GtkWindow *other = GTK_WINDOW (gtk_window_new ());

  test_xtest_key (KEY_LEFTALT, TRUE);
  expect (fixture, "press 38");
  gtk_window_present (other);
  expect (fixture, "release 38");
  test_wait (is_grabbed (fixture, LODGE_GRAB_NONE));
  test_xtest_key (KEY_LEFTALT, FALSE);
  gtk_window_destroy (other);

  test_wait (is_grabbed (fixture, LODGE_GRAB_KEYBOARD));
  test_wait (is_inhibited (fixture));
  expect_only_key (fixture);
}

static void
test_unmap (Fixture       *fixture,
            gconstpointer  data)
{
  test_xtest_key (KEY_A, TRUE);
  expect (fixture, "press 1e");
  gtk_widget_set_visible (GTK_WIDGET (fixture->display), FALSE);
  expect (fixture, "release 1e");
  test_xtest_key (KEY_A, FALSE);
  g_assert_true (is_grabbed (fixture, LODGE_GRAB_NONE));

  gtk_widget_set_visible (GTK_WIDGET (fixture->display), TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (fixture->display));
  test_wait (is_grabbed (fixture, LODGE_GRAB_KEYBOARD));
  expect_only_key (fixture);
}

static void
test_accelerators (Fixture       *fixture,
                   gconstpointer  data)
{
  test_xtest_key (KEY_LEFTCTRL, TRUE);
  test_xtest_tap (KEY_W);
  test_xtest_key (KEY_LEFTCTRL, FALSE);
  expect (fixture, "press 1d; press 11; release 11; release 1d");
  g_assert_cmpuint (fixture->n_accelerators, ==, 0);

  let_go (fixture);
  expect (fixture, "press 1d; press 38; release 38; release 1d");
  g_assert_false (is_inhibited (fixture));
  expect_nothing (fixture);

  test_xtest_key (KEY_LEFTCTRL, TRUE);
  test_xtest_tap (KEY_W);
  test_xtest_key (KEY_LEFTCTRL, FALSE);
  test_wait (fixture->n_accelerators == 2);
  expect_nothing (fixture);

  /* A click on the picture, and the guest has them again; the click is the guest's too. */
  test_xtest_move_to (100, 100);
  test_wait (test_screen_get_n_calls (fixture->screen) > 0);
  test_xtest_click (1);
  test_wait (is_grabbed (fixture, LODGE_GRAB_KEYBOARD));
  test_wait (g_str_equal (test_screen_get_last (fixture->screen), "button-release 1 mask 0"));
  g_free (test_screen_take_calls (fixture->screen));
  expect_only_key (fixture);
}

static void
test_ctrl_alt_delete (Fixture       *fixture,
                      gconstpointer  data)
{
  test_xtest_key (KEY_LEFTCTRL, TRUE);
  test_xtest_key (KEY_LEFTALT, TRUE);
  test_xtest_tap (KEY_DELETE);
  test_xtest_key (KEY_LEFTALT, FALSE);
  test_xtest_key (KEY_LEFTCTRL, FALSE);
  expect (fixture, "press 1d; press 38; press 153; release 153; release 38; release 1d");
  g_assert_true (is_grabbed (fixture, LODGE_GRAB_KEYBOARD));
}

static void
test_release_keys (Fixture       *fixture,
                   gconstpointer  data)
{
  lodge_display_set_release_keys (fixture->display, "Control_R");
  test_xtest_key (KEY_LEFTCTRL, TRUE);
  test_xtest_tap (KEY_LEFTALT);
  test_xtest_key (KEY_LEFTCTRL, FALSE);
  expect (fixture, "press 1d; press 38; release 38; release 1d");
  g_assert_true (is_grabbed (fixture, LODGE_GRAB_KEYBOARD));

  test_xtest_tap (KEY_RIGHTCTRL);
  test_wait (is_grabbed (fixture, LODGE_GRAB_NONE));
  expect (fixture, "press 11d; release 11d");

  /* The focus that comes back takes the keyboard again. */
  gtk_widget_grab_focus (fixture->button);
  gtk_widget_grab_focus (GTK_WIDGET (fixture->display));
  test_wait (is_grabbed (fixture, LODGE_GRAB_KEYBOARD));
  lodge_display_ungrab (fixture->display);
  g_assert_true (is_grabbed (fixture, LODGE_GRAB_NONE));
  expect_nothing (fixture);
}

static void
test_host_keys (Fixture       *fixture,
                gconstpointer  data)
{
  lodge_display_set_host_keys (fixture->display,
                               (const char * const[]) { "<Control>w", "F10", NULL });
  test_xtest_key (KEY_LEFTCTRL, TRUE);
  expect (fixture, "press 1d");
  test_xtest_key (KEY_W, TRUE);
  test_wait (fixture->n_accelerators == 1);
  expect (fixture, "release 1d");
  test_xtest_key (KEY_W, FALSE);

  /* Ctrl is still held, and means the next key too. */
  test_xtest_tap (KEY_C);
  test_xtest_key (KEY_LEFTCTRL, FALSE);
  expect (fixture, "press 1d; press 2e; release 2e; release 1d");

  test_xtest_tap (KEY_F10);
  test_wait (fixture->n_accelerators == 2);
  test_xtest_tap (KEY_W);
  expect (fixture, "press 11; release 11");
  g_assert_true (is_grabbed (fixture, LODGE_GRAB_KEYBOARD));
}

static void
test_system_shortcuts (Fixture       *fixture,
                       gconstpointer  data)
{
  test_xtest_key (KEY_LEFTMETA, TRUE);
  test_xtest_tap (KEY_X);
  test_xtest_key (KEY_LEFTMETA, FALSE);
  expect (fixture, "press 15b; press 2d; release 2d; release 15b");

  let_go (fixture);
  expect (fixture, "press 1d; press 38; release 38; release 1d");
  g_assert_cmpuint (test_desktop_get_n_shortcuts (), ==, 0);
  gdk_display_sync (gtk_widget_get_display (GTK_WIDGET (fixture->display)));
  test_xtest_key (KEY_LEFTMETA, TRUE);
  test_xtest_tap (KEY_X);
  test_xtest_key (KEY_LEFTMETA, FALSE);
  test_wait (test_desktop_get_n_shortcuts () == 1);
  test_wait (gtk_widget_has_focus (GTK_WIDGET (fixture->display)));
  /* That the window manager had the keyboard for it is no coming back to the guest. */
  expect_nothing (fixture);
  g_assert_true (is_grabbed (fixture, LODGE_GRAB_NONE));
}

/* A display that may not grab gets what the application leaves. */
static void
test_no_keyboard_grab (Fixture       *fixture,
                       gconstpointer  data)
{
  g_object_set (fixture->display, "grab-keyboard", FALSE, NULL);
  g_assert_true (is_grabbed (fixture, LODGE_GRAB_NONE));
  g_assert_false (is_inhibited (fixture));
  test_xtest_tap (KEY_A);
  expect (fixture, "press 1e; release 1e");
  expect_nothing (fixture);

  g_object_set (fixture->display, "grab-keyboard", TRUE, NULL);
  g_assert_true (is_grabbed (fixture, LODGE_GRAB_KEYBOARD));
}

static void
test_delay (Fixture       *fixture,
            gconstpointer  data)
{
  _lodge_screen_set_key_press_delay (LODGE_SCREEN (fixture->screen), 100 * 1000);
  test_xtest_tap (KEY_A);
  expect (fixture, "tap 1e");

  /* A key that waits goes before the click. */
  move_and_expect (fixture, 0, 0, "position 0,0 mask 0");
  test_xtest_key (KEY_A, TRUE);
  test_xtest_click (1);
  expect (fixture, "press 1e; position 0,0 mask 0; button-press 1 mask 1; position 0,0 mask 1; "
          "button-release 1 mask 0");
  test_xtest_key (KEY_A, FALSE);
  expect (fixture, "release 1e");
}

static GdkDevice *
get_keyboard (Fixture *fixture)
{
  GdkDisplay *display = gtk_widget_get_display (GTK_WIDGET (fixture->display));

  return gdk_seat_get_keyboard (gdk_display_get_default_seat (display));
}

static void
test_lock_keys (Fixture       *fixture,
                gconstpointer  data)
{
  /* The guest hears of the key itself while it has the keyboard. */
  test_xtest_tap (KEY_CAPSLOCK);
  expect (fixture, "press 3a; release 3a");
  _lodge_screen_set_guest_lock_keys (LODGE_SCREEN (fixture->screen), LODGE_LOCK_KEY_CAPS);
  expect_only_key (fixture);

  /* And of what it missed. */
  gtk_widget_grab_focus (fixture->button);
  test_xtest_tap (KEY_CAPSLOCK);
  expect (fixture, "lock-keys 0");
  _lodge_screen_set_guest_lock_keys (LODGE_SCREEN (fixture->screen), 0);
  expect_nothing (fixture);
  test_xtest_tap (KEY_NUMLOCK);
  expect (fixture, "lock-keys 2");
  gtk_widget_grab_focus (GTK_WIDGET (fixture->display));
  expect (fixture, "lock-keys 2");

  /* What the guest does by itself is not turned back. */
  _lodge_screen_set_guest_lock_keys (LODGE_SCREEN (fixture->screen), LODGE_LOCK_KEY_NUM);
  _lodge_screen_set_guest_lock_keys (LODGE_SCREEN (fixture->screen), LODGE_LOCK_KEY_SCROLL);
  expect_only_key (fixture);

  /* A guest that has just come up is told. */
  _lodge_screen_inputs_opened (LODGE_SCREEN (fixture->screen));
  expect (fixture, "lock-keys 2");

  _lodge_screen_set_guest_lock_keys (LODGE_SCREEN (fixture->screen), LODGE_LOCK_KEY_NUM);
  test_xtest_tap (KEY_NUMLOCK);
  expect (fixture, "press 45; release 45");
  test_wait (!gdk_device_get_num_lock_state (get_keyboard (fixture)));
}

static void
test_send_keys (Fixture       *fixture,
                gconstpointer  data)
{
  lodge_display_send_keys (fixture->display, (const char * const[]) { "ctrl", "alt", "delete", NULL });
  expect (fixture, "press 1d; press 38; press 153; release 153; release 38; release 1d");
  lodge_display_send_keys (fixture->display, (const char * const[]) { "ctrl", "alt", "f12", NULL });
  expect (fixture, "press 1d; press 38; press 58; release 58; release 38; release 1d");
  lodge_display_send_keys (fixture->display, (const char * const[]) { "print", NULL });
  expect (fixture, "press 137; release 137");
  lodge_display_send_keys (fixture->display, (const char * const[]) { "alt", "print", "b", NULL });
  expect (fixture, "press 38; press 54; press 30; release 30; release 54; release 38");
  lodge_display_send_keys (fixture->display, (const char * const[]) { "pause", NULL });
  expect (fixture, "press 21d; press 45; release 21d; release 45");

  /* The menu they come from has the focus then. */
  gtk_widget_grab_focus (fixture->button);
  lodge_display_send_keys (fixture->display, (const char * const[]) { "super", NULL });
  expect (fixture, "press 15b; release 15b");

  _lodge_screen_set_key_press_delay (LODGE_SCREEN (fixture->screen), 100);
  lodge_display_send_keys (fixture->display, (const char * const[]) { "alt", "tab", NULL });
  expect (fixture, "press 38; tap f; release 38");

  g_test_expect_message (NULL, G_LOG_LEVEL_WARNING, "*hyperspace*");
  lodge_display_send_keys (fixture->display, (const char * const[]) { "alt", "hyperspace", NULL });
  g_test_assert_expected_messages ();
  g_assert_cmpuint (test_screen_get_n_calls (fixture->screen), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) \
  g_test_add ("/display/display-keyboard/" path, Fixture, NULL, fixture_set_up, function, \
              fixture_tear_down)

  ADD ("keys", test_keys);
  ADD ("repeat", test_repeat);
  ADD ("focus-loss", test_focus_loss);
  ADD ("window-switch", test_window_switch);
  ADD ("unmap", test_unmap);
  ADD ("accelerators", test_accelerators);
  ADD ("ctrl-alt-delete", test_ctrl_alt_delete);
  ADD ("release-keys", test_release_keys);
  ADD ("host-keys", test_host_keys);
  ADD ("system-shortcuts", test_system_shortcuts);
  ADD ("no-keyboard-grab", test_no_keyboard_grab);
  ADD ("delay", test_delay);
  ADD ("lock-keys", test_lock_keys);
  ADD ("send-keys", test_send_keys);

  return run_on_desktop ();
}
