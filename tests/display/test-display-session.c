/* test-display-session.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <signal.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <gio/gunixsocketaddress.h>

#include "lodge-display-session-private.h"
#include "test-await.h"
#include "test-spice-server.h"

/* Connections: how they begin, how they end, and what is left of them. */

typedef struct
{
  TestSpiceServer     *server;
  LodgeDisplaySession *session;
  GListModel          *screens;
  char                *folder;
  char                *path;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  test_allow_library_messages ();
  fixture->folder = g_dir_make_tmp ("session-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "spice", NULL);
  fixture->session = lodge_display_session_new ();
  test_tell_session (fixture->session);
  fixture->screens = lodge_display_session_list_screens (fixture->session);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_assert_finalize_object (fixture->session);
  g_clear_object (&fixture->server);
  g_unlink (fixture->path);
  g_rmdir (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static LodgeSessionState
state (Fixture *fixture)
{
  return lodge_display_session_get_state (fixture->session);
}

static LodgeScreen *
get_screen (Fixture *fixture)
{
  g_autoptr(LodgeScreen) screen = g_list_model_get_item (fixture->screens, 0);

  return screen;
}

static gboolean
shows (Fixture *fixture,
       int      width)
{
  LodgeScreen *screen = get_screen (fixture);
  GdkRectangle area = { 0 };

  if (screen != NULL && lodge_screen_get_ready (screen))
    lodge_screen_get_area (screen, &area);

  return area.width == width;
}

static void
assert_lost (Fixture           *fixture,
             LodgeSessionError  code)
{
  const GError *error;

  test_await_that (state (fixture) == LODGE_SESSION_STATE_LOST);
  error = lodge_display_session_get_error (fixture->session);
  g_assert_error (error, LODGE_SESSION_ERROR, (int)code);
  g_assert_cmpint ((int)strlen (error->message), >, 5);
}

/* A source that connects to a path, after a while. */

static guint n_lent;
static gboolean refuse;
static gboolean hesitate;

static gboolean
lend_cb (gpointer user_data)
{
  GTask *task = user_data;
  g_autoptr(GSocket) socket = NULL;
  g_autoptr(GSocketAddress) address = NULL;
  g_autoptr(GError) error = NULL;
  const char *path = g_object_get_data (g_task_get_source_object (task), "path");

  if (g_task_return_error_if_cancelled (task))
    return G_SOURCE_REMOVE;

  if (refuse)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "Not for you");
      return G_SOURCE_REMOVE;
    }

  if (hesitate)
    return G_SOURCE_CONTINUE;

  socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, 0, NULL);
  address = g_unix_socket_address_new (path);
  if (g_socket_connect (socket, address, NULL, &error))
    {
      n_lent++;
      g_task_return_int (task, dup (g_socket_get_fd (socket)));
    }
  else
    {
      g_task_return_error (task, g_steal_pointer (&error));
    }

  return G_SOURCE_REMOVE;
}

static void
lend (gpointer             source,
      GCancellable        *cancellable,
      GAsyncReadyCallback  callback,
      gpointer             user_data)
{
  GTask *task = g_task_new (source, cancellable, callback, user_data);

  g_timeout_add_full (G_PRIORITY_DEFAULT, 15, lend_cb, task, g_object_unref);
}

static int
lend_finish (gpointer       source,
             GAsyncResult  *result,
             GError       **error)
{
  return (int)g_task_propagate_int (G_TASK (result), error);
}

static void
open_with_fds (Fixture *fixture)
{
  g_autoptr(GObject) source = g_object_new (G_TYPE_OBJECT, NULL);

  g_object_set_data_full (source, "path", g_strdup (fixture->path), g_free);
  lodge_display_session_open_with_fds (fixture->session, source, lend, lend_finish);
}

static void
test_lent_sockets (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autofree char *name = NULL;
  gboolean local;
  guint delay;

  fixture->server = test_spice_server_new ("--unix", fixture->path, "--name", "Gäste & <b>", NULL);
  test_spice_server_do (fixture->server, "surface 0 320 200 32");

  n_lent = 0;
  g_assert_cmpint (state (fixture), ==, LODGE_SESSION_STATE_IDLE);
  open_with_fds (fixture);
  g_assert_cmpint (state (fixture), ==, LODGE_SESSION_STATE_CONNECTING);
  test_await_that (state (fixture) == LODGE_SESSION_STATE_CONNECTED && shows (fixture, 320));
  g_assert_cmpuint (n_lent, >=, 3);

  g_object_get (fixture->session,
                "name", &name,
                "transport-local", &local,
                "key-press-delay", &delay,
                NULL);
  g_assert_cmpstr (name, ==, "Gäste & <b>");
  g_assert_true (local);
  g_assert_cmpuint (delay, ==, 0);
  g_assert_cmpuint (lodge_screen_get_key_press_delay (get_screen (fixture)), ==, 0);

  /* What goes through a tunnel. */
  g_object_set (fixture->session, "transport-local", FALSE, NULL);
  g_assert_cmpuint (lodge_screen_get_key_press_delay (get_screen (fixture)), >, 0);

  lodge_display_session_close (fixture->session);
  g_assert_cmpint (state (fixture), ==, LODGE_SESSION_STATE_IDLE);
  g_assert_null (lodge_display_session_get_error (fixture->session));
  g_free (test_spice_server_expect (fixture->server, "channel-down 1"));
  g_assert_true (shows (fixture, 320));
}

static void
test_lending_fails (Fixture       *fixture,
                    gconstpointer  data)
{
  refuse = TRUE;
  open_with_fds (fixture);
  assert_lost (fixture, LODGE_SESSION_ERROR_CONNECT);
  g_assert_cmpstr (lodge_display_session_get_error (fixture->session)->message, ==, "Not for you");
  refuse = FALSE;

  /* Nobody listens there. */
  open_with_fds (fixture);
  assert_lost (fixture, LODGE_SESSION_ERROR_CONNECT);

  /* Given up before the answer. */
  hesitate = TRUE;
  open_with_fds (fixture);
  test_run_for (50);
  lodge_display_session_close (fixture->session);
  test_run_for (50);
  hesitate = FALSE;
  g_assert_cmpint (state (fixture), ==, LODGE_SESSION_STATE_IDLE);
}

static void
test_nobody_there (Fixture       *fixture,
                   gconstpointer  data)
{
  guint16 port;

  fixture->server = test_spice_server_new (NULL, NULL);
  port = test_spice_server_get_port (fixture->server);
  test_spice_server_kill (fixture->server);

  lodge_display_session_open_address (fixture->session, "127.0.0.1", port, 0, NULL, NULL);
  assert_lost (fixture, LODGE_SESSION_ERROR_CONNECT);
  lodge_display_session_open_address (fixture->session, "no.such.host.invalid", 5900, 0, NULL, NULL);
  assert_lost (fixture, LODGE_SESSION_ERROR_CONNECT);
  g_assert_cmpuint (g_list_model_get_n_items (fixture->screens), ==, 0);
}

static void
test_password (Fixture       *fixture,
               gconstpointer  data)
{
  fixture->server = test_spice_server_new ("--password", "sesame", NULL);
  test_spice_server_do (fixture->server, "surface 0 320 200 32");

  /* Asked for, not wrong yet. */
  test_spice_server_open (fixture->server, fixture->session);
  test_await_that (state (fixture) == LODGE_SESSION_STATE_PASSWORD);
  g_assert_null (lodge_display_session_get_error (fixture->session));

  /* Wrong, and longer than any can be. */
  lodge_display_session_authenticate (fixture->session, "simsalabim");
  g_assert_cmpint (state (fixture), ==, LODGE_SESSION_STATE_CONNECTING);
  test_await_that (state (fixture) == LODGE_SESSION_STATE_PASSWORD);
  g_assert_error (lodge_display_session_get_error (fixture->session), LODGE_SESSION_ERROR,
                  LODGE_SESSION_ERROR_PASSWORD);
  lodge_display_session_authenticate (fixture->session,
                                      "0123456789012345678901234567890123456789"
                                      "0123456789012345678901234567890123456789");
  test_await_that (state (fixture) == LODGE_SESSION_STATE_PASSWORD);

  lodge_display_session_authenticate (fixture->session, "sesame");
  test_await_that (state (fixture) == LODGE_SESSION_STATE_CONNECTED && shows (fixture, 320));
  g_assert_null (lodge_display_session_get_error (fixture->session));

  /* Not asked for. */
  lodge_display_session_authenticate (fixture->session, "again");
  g_assert_cmpint (state (fixture), ==, LODGE_SESSION_STATE_CONNECTED);
}

static void
test_taken_over (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(LodgeDisplaySession) other = lodge_display_session_new ();

  fixture->server = test_spice_server_new (data, data != NULL ? fixture->path : NULL, NULL);
  test_spice_server_do (fixture->server, "surface 0 320 200 32");

  for (int i = 0; i < 2; i++)
    {
      if (data != NULL)
        open_with_fds (fixture);
      else
        test_spice_server_open (fixture->server, fixture->session);
      test_await_that (state (fixture) == LODGE_SESSION_STATE_CONNECTED && shows (fixture, 320));

      if (data != NULL)
        {
          Fixture second = { .session = other, .path = fixture->path };

          open_with_fds (&second);
        }
      else
        {
          test_spice_server_open (fixture->server, other);
        }

      assert_lost (fixture, LODGE_SESSION_ERROR_TAKEN_OVER);
      test_await_that (lodge_display_session_get_state (other) == LODGE_SESSION_STATE_CONNECTED);

      /* The two do not fight over it. */
      test_run_for (300);
      g_assert_cmpint (state (fixture), ==, LODGE_SESSION_STATE_LOST);
      g_assert_cmpint (lodge_display_session_get_state (other), ==, LODGE_SESSION_STATE_CONNECTED);
    }
}

static void
test_server_goes (Fixture       *fixture,
                  gconstpointer  data)
{
  fixture->server = test_spice_server_new (data, data != NULL ? fixture->path : NULL, NULL);
  test_spice_server_do (fixture->server, "surface 0 320 200 32");
  if (data != NULL)
    open_with_fds (fixture);
  else
    test_spice_server_open (fixture->server, fixture->session);
  test_await_that (shows (fixture, 320));

  test_spice_server_kill (fixture->server);
  assert_lost (fixture, LODGE_SESSION_ERROR_ENDED);
  g_assert_true (shows (fixture, 320));

  /* Input to nobody. */
  lodge_screen_key_press (get_screen (fixture), 0x1e);
  lodge_screen_key_release (get_screen (fixture), 0x1e);
  lodge_screen_key_tap (get_screen (fixture), 0x1e);
  lodge_screen_pointer_position (get_screen (fixture), 1, 1, 0);
  lodge_screen_pointer_motion (get_screen (fixture), 1, 1, 0);
  lodge_screen_button_press (get_screen (fixture), LODGE_MOUSE_BUTTON_LEFT, 1);
  lodge_screen_button_release (get_screen (fixture), LODGE_MOUSE_BUTTON_LEFT, 0);
  lodge_screen_set_lock_keys (get_screen (fixture), LODGE_LOCK_KEY_CAPS);
  lodge_screen_request_size (get_screen (fixture), 800, 600, 0, 0);
}

static void
close_cb (LodgeDisplaySession *session)
{
  lodge_display_session_close (session);
}

/* Whoever kept the session for what was sent through it lets go of it in that moment. */
static void
test_closed_when_usb_ends (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->server = test_spice_server_new (NULL, NULL);
  test_spice_server_do (fixture->server, "surface 0 320 200 32");
  test_spice_server_open (fixture->server, fixture->session);
  test_await_that (shows (fixture, 320));

  /* There is none, but now it has been looked for. */
  g_assert_false (lodge_display_session_can_send_usb (fixture->session, 255, 127, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_signal_connect (fixture->session, "usb-changed", G_CALLBACK (close_cb), NULL);
  test_spice_server_kill (fixture->server);
  test_await_that (state (fixture) != LODGE_SESSION_STATE_CONNECTED);
  g_assert_false (lodge_display_session_sends_usb (fixture->session));
}

static void
test_server_hangs (Fixture       *fixture,
                   gconstpointer  data)
{
  fixture->server = test_spice_server_new (NULL, NULL);
  test_spice_server_signal (fixture->server, SIGSTOP);

  /* It accepts connections and says nothing. */
  test_spice_server_open (fixture->server, fixture->session);
  test_run_for (200);
  g_assert_cmpint (state (fixture), ==, LODGE_SESSION_STATE_CONNECTING);
  lodge_display_session_close (fixture->session);
  g_assert_cmpint (state (fixture), ==, LODGE_SESSION_STATE_IDLE);
  test_spice_server_signal (fixture->server, SIGCONT);
}

static guint
count_channels (Fixture *fixture)
{
  g_autoptr(GList) channels = NULL;

  channels = spice_session_get_channels (
    lodge_spice_connection_get_session (fixture->session->connection));

  return g_list_length (channels);
}

static void
count_cb (gpointer  data,
          GObject  *object)
{
  (*(guint *)data)--;
}

static void
test_reopened (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(LodgeScreen) screen = NULL;
  guint n_alive = 0;

  fixture->server = test_spice_server_new (NULL, NULL);
  test_spice_server_do (fixture->server, "surface 0 320 200 32");

  for (guint i = 0; i < 50; i++)
    {
      GList *channels;
      SpiceSession *session;

      /* Twice at once, too. */
      test_spice_server_open (fixture->server, fixture->session);

      /* Also while it is on its way, at any point of it. */
      if (i % 2 == 1)
        {
          test_run_for (i % 12);
          continue;
        }

      test_await_that (state (fixture) == LODGE_SESSION_STATE_CONNECTED && shows (fixture, 320) &&
                       count_channels (fixture) >= 4);
      if (screen == NULL)
        screen = g_object_ref (get_screen (fixture));
      g_assert_true (get_screen (fixture) == screen);
      g_assert_cmpuint (g_list_model_get_n_items (fixture->screens), ==, 1);

      session = lodge_spice_connection_get_session (fixture->session->connection);
      g_object_weak_ref (G_OBJECT (session), count_cb, &n_alive);
      n_alive++;
      channels = spice_session_get_channels (session);
      for (GList *l = channels; l != NULL; l = l->next, n_alive++)
        g_object_weak_ref (l->data, count_cb, &n_alive);
      g_list_free (channels);

      if (i % 4 == 0)
        lodge_display_session_close (fixture->session);
    }

  lodge_display_session_close (fixture->session);
  test_await_that (n_alive == 0);
}

static void
test_other_server (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(LodgeScreen) screen = NULL;

  fixture->server = test_spice_server_new ("--displays=2", NULL);
  test_spice_server_do (fixture->server, "surface 0 320 200 32");
  test_spice_server_do (fixture->server, "surface 1 321 200 32");
  test_spice_server_open (fixture->server, fixture->session);
  test_await_that (g_list_model_get_n_items (fixture->screens) == 2 && shows (fixture, 320));
  screen = g_object_ref (get_screen (fixture));
  test_spice_server_kill (fixture->server);
  assert_lost (fixture, LODGE_SESSION_ERROR_ENDED);

  /* Both stay to look at until the next server says what there is. */
  g_assert_cmpuint (g_list_model_get_n_items (fixture->screens), ==, 2);
  g_object_unref (fixture->server);
  fixture->server = test_spice_server_new (NULL, NULL);
  test_spice_server_do (fixture->server, "surface 0 400 200 32");
  test_spice_server_open (fixture->server, fixture->session);
  g_assert_cmpuint (g_list_model_get_n_items (fixture->screens), ==, 2);
  test_await_that (shows (fixture, 400));
  g_assert_cmpuint (g_list_model_get_n_items (fixture->screens), ==, 1);
  g_assert_true (get_screen (fixture) == screen);
}

static void
expect (Fixture    *fixture,
        const char *line)
{
  g_autofree char *said = test_spice_server_expect (fixture->server, line);

  g_assert_cmpstr (said, ==, line);
}

static void
test_input (Fixture       *fixture,
            gconstpointer  data)
{
  LodgeScreen *screen;
  LodgeMouseMode mode;

  fixture->server = test_spice_server_new (NULL, NULL);
  test_spice_server_do (fixture->server, "leds 4");
  test_spice_server_do (fixture->server, "surface 0 640 480 32");
  test_spice_server_open (fixture->server, fixture->session);
  test_await_that (shows (fixture, 640));
  screen = get_screen (fixture);

  /* The guest's lights, from the beginning and later. */
  test_await_that (lodge_screen_get_lock_keys (screen) == LODGE_LOCK_KEY_CAPS);
  test_spice_server_do (fixture->server, "leds 3");
  test_await_that (lodge_screen_get_lock_keys (screen) ==
                   (LODGE_LOCK_KEY_SCROLL | LODGE_LOCK_KEY_NUM));

  lodge_screen_key_press (screen, 0x1e);
  lodge_screen_key_release (screen, 0x1e);
  expect (fixture, "key 1e");
  expect (fixture, "key 9e");
  lodge_screen_key_press (screen, 0x148);
  lodge_screen_key_release (screen, 0x148);
  expect (fixture, "key e0");
  expect (fixture, "key 48");
  expect (fixture, "key e0");
  expect (fixture, "key c8");
  lodge_screen_key_tap (screen, 0x153);
  expect (fixture, "key e0");
  expect (fixture, "key 53");
  expect (fixture, "key e0");
  expect (fixture, "key d3");

  /* Caps Lock is not lit in the guest and shall be: it gets the key. */
  lodge_screen_set_lock_keys (screen, LODGE_LOCK_KEY_CAPS | LODGE_LOCK_KEY_SCROLL |
                                      LODGE_LOCK_KEY_NUM);
  expect (fixture, "key 3a");

  g_assert_cmpint (lodge_screen_get_mouse_mode (screen), ==, LODGE_MOUSE_MODE_SERVER);
  lodge_screen_pointer_motion (screen, -3, 7, 0);
  expect (fixture, "motion -3 7 0 0");
  lodge_screen_button_press (screen, LODGE_MOUSE_BUTTON_LEFT, 1);
  lodge_screen_button_release (screen, LODGE_MOUSE_BUTTON_LEFT, 0);
  expect (fixture, "motion 0 0 0 1");
  expect (fixture, "buttons 0");

  test_spice_server_do (fixture->server, "tablet");
  test_await_that (lodge_screen_get_mouse_mode (screen) == LODGE_MOUSE_MODE_CLIENT);
  g_object_get (fixture->session, "mouse-mode", &mode, NULL);
  g_assert_cmpint (mode, ==, LODGE_MOUSE_MODE_CLIENT);
  lodge_screen_pointer_position (screen, 100, 50, 0);
  expect (fixture, "position 100 50 0");

  /* A tablet spans all heads. */
  test_spice_server_do (fixture->server, "heads 0 0,320x480+0+0 1,320x480+320+0");
  test_await_that (g_list_model_get_n_items (fixture->screens) == 2);
  screen = g_list_model_get_item (fixture->screens, 1);
  lodge_screen_pointer_position (screen, 10, 60, 0);
  expect (fixture, "position 330 60 0");
  g_object_unref (screen);
}

static gboolean
can (Fixture    *fixture,
     const char *property)
{
  gboolean value;

  g_object_get (fixture->session, property, &value, NULL);

  return value;
}

static void
count_notify_cb (GObject    *object,
                 GParamSpec *pspec,
                 gpointer    data)
{
  (*(guint *)data)++;
}

static void
test_resizing (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(LodgeScreen) second = NULL;
  guint n_notified = 0;

  fixture->server = test_spice_server_new (NULL, NULL);
  test_spice_server_do (fixture->server, "surface 0 640 480 32");
  test_spice_server_open (fixture->server, fixture->session);
  test_await_that (shows (fixture, 640));
  g_signal_connect (get_screen (fixture), "notify::can-resize", G_CALLBACK (count_notify_cb),
                    &n_notified);

  /* Without an agent: asked in vain, without a complaint. */
  g_assert_false (lodge_screen_get_can_resize (get_screen (fixture)));
  lodge_screen_request_size (get_screen (fixture), 800, 600, 0, 0);

  /* Something is at its port, and has not said what it can. */
  test_spice_server_do (fixture->server, "agent silent");
  test_await_that (can (fixture, "agent-connected"));
  g_assert_false (can (fixture, "can-resize"));
  g_assert_false (can (fixture, "can-send-files"));
  lodge_screen_request_size (get_screen (fixture), 800, 600, 0, 0);
  /* The server drops what the agent says before the client has greeted it. */
  expect (fixture, "caps");
  test_spice_server_do (fixture->server, "announce");
  test_await_that (lodge_screen_get_can_resize (get_screen (fixture)));
  g_assert_cmpuint (n_notified, ==, 1);
  g_assert_true (can (fixture, "can-resize") && can (fixture, "can-send-files") &&
                 can (fixture, "can-share-clipboard"));
  test_run_for (100);
  g_assert_false (test_spice_server_has_said (fixture->server, "monitors"));

  lodge_screen_request_size (get_screen (fixture), 1000, 640, 250, 160);
  expect (fixture, "monitors 1000x640+0+0 250x160mm");

  /* One message a request, whatever the library has timers for: who asks debounces. */
  test_run_for (1300);
  g_assert_false (test_spice_server_has_said (fixture->server, "monitors"));

  /* All heads in one configuration, side by side. */
  test_spice_server_do (fixture->server, "heads 0 0,320x480+0+0 1,320x400+320+0");
  test_await_that (g_list_model_get_n_items (fixture->screens) == 2);
  second = g_list_model_get_item (fixture->screens, 1);
  lodge_screen_request_size (second, 500, 501, 0, 0);
  expect (fixture, "monitors 320x480+0+0 500x501+320+0 250x160mm 0x0mm");

  /* And again without the one that went dark. */
  test_spice_server_do (fixture->server, "heads 0 0,640x480+0+0");
  test_await_that (g_list_model_get_n_items (fixture->screens) == 1);
  lodge_screen_request_size (get_screen (fixture), 700, 500, 0, 0);
  expect (fixture, "monitors 700x500+0+0 0x0mm");

  test_spice_server_do (fixture->server, "no-agent");
  test_await_that (!can (fixture, "agent-connected"));
  g_assert_false (lodge_screen_get_can_resize (get_screen (fixture)) ||
                  can (fixture, "can-send-files"));
}

static void
test_disposed_while_connecting (Fixture       *fixture,
                                gconstpointer  data)
{
  fixture->server = test_spice_server_new (NULL, NULL);

  for (guint i = 0; i < 30; i++)
    {
      LodgeDisplaySession *session = lodge_display_session_new ();

      test_spice_server_open (fixture->server, session);
      test_run_for (i);
      g_assert_finalize_object (session);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  if (!test_spice_server_is_there ())
    return 0;

#define ADD(path, option, function) \
  g_test_add ("/display/display-session/" path, Fixture, option, fixture_set_up, function, \
              fixture_tear_down)
  ADD ("lent-sockets", NULL, test_lent_sockets);
  ADD ("lending-fails", NULL, test_lending_fails);
  ADD ("nobody-there", NULL, test_nobody_there);
  ADD ("password", NULL, test_password);
  ADD ("taken-over/address", NULL, test_taken_over);
  ADD ("taken-over/sockets", "--unix", test_taken_over);
  ADD ("server-goes/address", NULL, test_server_goes);
  ADD ("server-goes/sockets", "--unix", test_server_goes);
  ADD ("closed-when-usb-ends", NULL, test_closed_when_usb_ends);
  ADD ("server-hangs", NULL, test_server_hangs);
  ADD ("reopened", NULL, test_reopened);
  ADD ("other-server", NULL, test_other_server);
  ADD ("input", NULL, test_input);
  ADD ("resizing", NULL, test_resizing);
  ADD ("disposed-while-connecting", NULL, test_disposed_while_connecting);
#undef ADD

  return g_test_run ();
}
