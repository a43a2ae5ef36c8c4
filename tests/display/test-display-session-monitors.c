/* test-display-session-monitors.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-display-session.h"
#include "test-spice-server.h"

/* A guest has the monitors that somebody looks at. */

typedef struct
{
  TestSpiceServer     *server;
  LodgeDisplaySession *session;
  GListModel          *screens;
} Fixture;

static gboolean
can_resize (Fixture *fixture)
{
  gboolean can;

  g_object_get (fixture->session, "can-resize", &can, NULL);

  return can;
}

static LodgeScreen *
get_screen (Fixture *fixture,
            guint    position)
{
  g_autoptr(LodgeScreen) screen = g_list_model_get_item (fixture->screens, position);

  return screen;
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  test_allow_library_messages ();
  fixture->session = lodge_display_session_new ();
  fixture->screens = lodge_display_session_list_screens (fixture->session);
  fixture->server = test_spice_server_new (NULL, NULL);
  test_spice_server_do (fixture->server, "surface 0 640 480 32");
  test_spice_server_do (fixture->server, "agent");
  test_spice_server_open (fixture->server, fixture->session);
  test_await_that (g_list_model_get_n_items (fixture->screens) == 1 &&
                   lodge_screen_get_ready (get_screen (fixture, 0)) && can_resize (fixture));
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_assert_finalize_object (fixture->session);
  g_clear_object (&fixture->server);
}

static void
expect (Fixture    *fixture,
        const char *line)
{
  g_autofree char *said = test_spice_server_expect (fixture->server, "monitors");

  g_assert_cmpstr (said, ==, line);
}

/* How many there can be is known before they are lit, and only while there is a server. */
static void
test_how_many (Fixture       *fixture,
               gconstpointer  data)
{
  test_spice_server_do (fixture->server, "heads 0 0,640x480+0+0");
  test_await_that (lodge_display_session_get_max_monitors (fixture->session) == 8);
  g_assert_cmpuint (g_list_model_get_n_items (fixture->screens), ==, 1);
  lodge_display_session_close (fixture->session);
  g_assert_cmpuint (lodge_display_session_get_max_monitors (fixture->session), ==, 0);
}

/* A dark one is asked for, and stays asked for while the guest makes up its mind. */
static void
test_switched_on (Fixture       *fixture,
                  gconstpointer  data)
{
  lodge_display_session_set_monitor_wanted (fixture->session, 2, TRUE);
  expect (fixture, "monitors 640x480+0+0 1024x768+640+0 0x0mm 0x0mm");

  /* Twice is once. */
  lodge_display_session_set_monitor_wanted (fixture->session, 2, TRUE);
  lodge_screen_request_size (get_screen (fixture, 0), 800, 600, 0, 0);
  expect (fixture, "monitors 800x600+0+0 1024x768+800+0 0x0mm 0x0mm");

  test_spice_server_do (fixture->server, "heads 0 0,320x480+0+0 2,320x400+320+0");
  test_await_that (g_list_model_get_n_items (fixture->screens) == 2);
  g_assert_cmpint (lodge_screen_get_id (get_screen (fixture, 1)), ==, 2);
  test_spice_server_do (fixture->server, "heads 0 0,640x480+0+0");
  test_await_that (g_list_model_get_n_items (fixture->screens) == 1);
  lodge_screen_request_size (get_screen (fixture, 0), 700, 500, 0, 0);
  expect (fixture, "monitors 700x500+0+0 1024x768+700+0 0x0mm 0x0mm");

  lodge_display_session_set_monitor_wanted (fixture->session, 2, FALSE);
  expect (fixture, "monitors 640x480+0+0 0x0mm");
}

/* One that the guest lit and nobody shows would take windows and the pointer out of sight. */
static void
test_unseen (Fixture       *fixture,
             gconstpointer  data)
{
  test_spice_server_do (fixture->server, "heads 0 0,320x480+0+0 1,320x400+320+0");
  test_await_that (g_list_model_get_n_items (fixture->screens) == 2);
  lodge_screen_request_size (get_screen (fixture, 0), 700, 500, 0, 0);
  expect (fixture, "monitors 700x500+0+0 0x0mm");

  lodge_display_session_set_monitor_wanted (fixture->session, 1, TRUE);
  expect (fixture, "monitors 320x480+0+0 1024x768+320+0 0x0mm 0x0mm");
  lodge_screen_request_size (get_screen (fixture, 0), 700, 500, 0, 0);
  expect (fixture, "monitors 700x500+0+0 320x400+700+0 0x0mm 0x0mm");
}

/* Without an agent it is remembered, for when there is one. */
static void
test_no_agent (Fixture       *fixture,
               gconstpointer  data)
{
  test_spice_server_do (fixture->server, "no-agent");
  test_await_that (!can_resize (fixture));
  lodge_display_session_set_monitor_wanted (fixture->session, 1, TRUE);
  test_run_for (100);
  g_assert_false (test_spice_server_has_said (fixture->server, "monitors"));
  test_spice_server_do (fixture->server, "agent");
  test_await_that (can_resize (fixture));
  lodge_screen_request_size (get_screen (fixture, 0), 700, 500, 0, 0);
  expect (fixture, "monitors 700x500+0+0 1024x768+700+0 0x0mm 0x0mm");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  if (!test_spice_server_is_there ())
    return 0;

#define ADD(path, function) \
  g_test_add ("/display/display-session-monitors/" path, Fixture, NULL, fixture_set_up, function, \
              fixture_tear_down)
  ADD ("how-many", test_how_many);
  ADD ("switched-on", test_switched_on);
  ADD ("unseen", test_unseen);
  ADD ("no-agent", test_no_agent);
#undef ADD

  return g_test_run ();
}
