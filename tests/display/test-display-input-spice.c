/* test-display-input-spice.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "test-input-fixture.h"
#include "test-spice-server.h"

/* From a user's hand to what a guest gets of it, through a real SPICE server. */
typedef struct
{
  Fixture              input;
  TestSpiceServer     *server;
  LodgeDisplaySession *session;
} SpiceFixture;

static LodgeScreen *
get_screen (SpiceFixture *fixture)
{
  g_autoptr(LodgeScreen) screen =
    g_list_model_get_item (lodge_display_session_list_screens (fixture->session), 0);

  return screen;
}

static void
open_session (SpiceFixture *fixture)
{
  test_spice_server_do (fixture->server, "surface 0 800 600 32");
  test_spice_server_open (fixture->server, fixture->session);
  test_wait (get_screen (fixture) != NULL && lodge_screen_get_ready (get_screen (fixture)));
  lodge_display_set_screen (fixture->input.display, get_screen (fixture));
  test_wait (is_grabbed (&fixture->input, LODGE_GRAB_KEYBOARD));
}

static void
set_up (SpiceFixture  *fixture,
        gconstpointer  data)
{
  test_allow_library_messages ();
  test_xtest_move_to (NOWHERE_X, NOWHERE_Y);
  create_window (&fixture->input);
  gtk_window_present (fixture->input.window);
  gtk_widget_grab_focus (GTK_WIDGET (fixture->input.display));
  test_wait (gtk_window_is_active (fixture->input.window));

  fixture->server = test_spice_server_new (NULL, NULL);
  fixture->session = lodge_display_session_new ();
}

static void
tear_down (SpiceFixture  *fixture,
           gconstpointer  data)
{
  gtk_window_destroy (fixture->input.window);
  g_assert_finalize_object (fixture->session);
  g_assert_finalize_object (fixture->server);
}

/* Each byte of what a keyboard sends is a line. */
static void
expect_bytes (SpiceFixture *fixture,
              const char   *expected)
{
  g_auto(GStrv) bytes = g_strsplit (expected, " ", -1);

  for (guint i = 0; bytes[i] != NULL; i++)
    {
      g_autofree char *said = test_spice_server_expect (fixture->server, "key");

      g_assert_cmpstr (said + strlen ("key "), ==, bytes[i]);
    }
}

/* All that was done before has reached the guest when this key has. */
static void
flush (SpiceFixture *fixture)
{
  test_xtest_tap (KEY_N);

  for (gboolean over = FALSE; !over;)
    {
      g_autofree char *said = test_spice_server_expect (fixture->server, "key");

      over = g_str_equal (said, "key b1");
    }
}

/* The first keys go out when the guest takes input. */
static void
await_inputs (SpiceFixture *fixture)
{
  while (!test_spice_server_has_said (fixture->server, "key b0"))
    {
      test_xtest_tap (KEY_B);
      test_run_for (50);
    }

  flush (fixture);
}

static void
test_keys (SpiceFixture  *fixture,
           gconstpointer  data)
{
  open_session (fixture);
  await_inputs (fixture);

  test_xtest_tap (KEY_A);
  expect_bytes (fixture, "1e 9e");
  test_xtest_tap (KEY_RIGHT);
  expect_bytes (fixture, "e0 4d e0 cd");
  test_xtest_tap (KEY_PAUSE);
  expect_bytes (fixture, "e1 1d 45 e1 9d c5");
  test_xtest_tap (KEY_SYSRQ);
  expect_bytes (fixture, "e0 37 e0 b7");

  test_xtest_key (KEY_LEFTALT, TRUE);
  test_xtest_tap (KEY_SYSRQ);
  test_xtest_key (KEY_LEFTALT, FALSE);
  expect_bytes (fixture, "38 54 d4 b8");

  lodge_display_send_keys (fixture->input.display,
                           (const char * const[]) { "ctrl", "alt", "delete", NULL });
  expect_bytes (fixture, "1d 38 e0 53 e0 d3 b8 9d");

  test_xtest_key (KEY_LEFTCTRL, TRUE);
  test_xtest_tap (KEY_PAUSE);
  expect_bytes (fixture, "1d e0 46 e0 c6");
  gtk_widget_grab_focus (fixture->input.button);
  expect_bytes (fixture, "9d");
  test_xtest_key (KEY_LEFTCTRL, FALSE);
}

/* Caps Lock is on in the guest and off here: it is pressed there once, when the guest takes input. */
static void
test_lock_keys (SpiceFixture  *fixture,
                gconstpointer  data)
{
  test_spice_server_do (fixture->server, "leds 4");
  open_session (fixture);
  expect_bytes (fixture, "3a ba");
  test_wait (lodge_screen_get_lock_keys (get_screen (fixture)) == LODGE_LOCK_KEY_CAPS);

  /* The guest has no light for it, or switches it on again: that is its own matter. */
  test_spice_server_do (fixture->server, "leds 0");
  test_wait (lodge_screen_get_lock_keys (get_screen (fixture)) == 0);
  flush (fixture);
  test_spice_server_do (fixture->server, "leds 2");
  test_wait (lodge_screen_get_lock_keys (get_screen (fixture)) == LODGE_LOCK_KEY_NUM);
  test_xtest_tap (KEY_A);
  expect_bytes (fixture, "1e 9e");
}

static void
test_tablet (SpiceFixture  *fixture,
             gconstpointer  data)
{
  test_spice_server_do (fixture->server, "tablet");
  open_session (fixture);
  test_wait (lodge_screen_get_mouse_mode (get_screen (fixture)) == LODGE_MOUSE_MODE_CLIENT);
  await_inputs (fixture);

  test_xtest_move_to (123, 456);
  g_free (test_spice_server_expect (fixture->server, "position 123 456 0"));
  /* A press comes as a turn of the wheel by nothing, and the right button before the middle one.
   * The thumb's button is not the last: GTK (4.18) lets go of the pointer only with one of the first
   * five, and warns of its own count if the window goes before that.
   */
  test_xtest_click (8);
  g_free (test_spice_server_expect (fixture->server, "wheel 0 64"));
  g_free (test_spice_server_expect (fixture->server, "buttons 0"));
  test_xtest_button (1, TRUE);
  g_free (test_spice_server_expect (fixture->server, "wheel 0 1"));
  test_xtest_move_to (124, 457);
  g_free (test_spice_server_expect (fixture->server, "position 124 457 1"));
  test_xtest_button (1, FALSE);
  g_free (test_spice_server_expect (fixture->server, "buttons 0"));
  test_xtest_button (3, TRUE);
  g_free (test_spice_server_expect (fixture->server, "wheel 0 2"));
  test_xtest_button (3, FALSE);
  g_free (test_spice_server_expect (fixture->server, "buttons 0"));
  test_xtest_click (4);
  g_free (test_spice_server_expect (fixture->server, "wheel -1 0"));
  test_xtest_click (5);
  g_free (test_spice_server_expect (fixture->server, "wheel 1 0"));
}

static void
test_mouse (SpiceFixture  *fixture,
            gconstpointer  data)
{
  int sum_x = 0, sum_y = 0;

  open_session (fixture);
  await_inputs (fixture);
  g_assert_cmpint (lodge_screen_get_mouse_mode (get_screen (fixture)), ==, LODGE_MOUSE_MODE_SERVER);
  test_xtest_move_to (300, 200);
  test_xtest_click (1);
  test_wait (is_grabbed (&fixture->input, LODGE_GRAB_KEYBOARD | LODGE_GRAB_POINTER));
  gdk_display_sync (gtk_widget_get_display (GTK_WIDGET (fixture->input.display)));

  for (int i = 0; i < 100; i++)
    test_xtest_move_by (7, -2);

  while (sum_x < 700)
    {
      g_autofree char *said = test_spice_server_expect (fixture->server, "motion");
      int dx, dy;

      g_assert_cmpint (sscanf (said, "motion %d %d", &dx, &dy), ==, 2);
      sum_x += dx;
      sum_y += dy;
    }

  g_assert_cmpint (sum_x, ==, 700);
  g_assert_cmpint (sum_y, ==, -200);
  test_xtest_button (1, TRUE);
  g_free (test_spice_server_expect (fixture->server, "motion 0 0 0 1"));
  test_xtest_button (1, FALSE);
  g_free (test_spice_server_expect (fixture->server, "buttons 0"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  if (!test_spice_server_is_there ())
    return 0;

#define ADD(path, function) \
  g_test_add ("/display/display-input-spice/" path, SpiceFixture, NULL, set_up, function, tear_down)

  ADD ("keys", test_keys);
  ADD ("lock-keys", test_lock_keys);
  ADD ("tablet", test_tablet);
  ADD ("mouse", test_mouse);

  return run_on_desktop ();
}
