/* test-spice-qemu.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

#include "lodge-framebuffer.h"
#include "test-spice-server.h"

/* Real QEMU, real SPICE: the demo guest (its marks are explained in data/demo/demo.c), seen over every
 * transport that there is.
 */

#define CORNER 0xff1053
#define ECHO_X 70

typedef struct
{
  GSubprocess       *process;
  GSocketConnection *monitor;
  GDataInputStream  *answers;
  char              *folder;
} Machine;

typedef struct
{
  LodgeDisplaySession *session;
  char                *folder;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  test_allow_library_messages ();
  fixture->session = lodge_display_session_new ();
  g_object_set (fixture->session, "enable-audio", FALSE, NULL);
  test_tell_session (fixture->session);
  fixture->folder = g_dir_make_tmp ("qemu-XXXXXX", NULL);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GDir) folder = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  g_assert_finalize_object (fixture->session);

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_unlink (path);
    }

  g_rmdir (fixture->folder);
  g_free (fixture->folder);
}

static guint16
find_free_port (void)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();

  return g_socket_listener_add_any_inet_port (listener, NULL, NULL);
}

/* Waits until @path accepts a connection. */
static GSocketConnection *
connect_path (const char *path)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new (path);
  GSocketConnection *connection = NULL;

  test_await_that ((connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address),
                                                          NULL, NULL)) != NULL);

  return connection;
}

/* Sends a command to QEMU's monitor and gives its answer. */
static char *
machine_do (Machine    *machine,
            const char *command)
{
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (machine->monitor));

  g_assert_true (g_output_stream_write_all (output, command, strlen (command), NULL, NULL, NULL));

  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line (machine->answers, NULL, NULL, NULL);

      g_assert_nonnull (line);
      if (strstr (line, "\"error\"") != NULL)
        g_error ("%s: %s", command, line);
      if (strstr (line, "\"return\"") != NULL)
        return g_steal_pointer (&line);
    }
}

static Machine *
machine_new (Fixture    *fixture,
             const char *name,
             const char *spice,
             const char *more)
{
  Machine *machine = g_new0 (Machine, 1);
  g_autofree char *monitor = g_strdup_printf ("%s/%s.monitor", fixture->folder, name);
  g_autoptr(GSubprocessLauncher) launcher = NULL;
  g_autofree char *words = NULL;
  g_auto(GStrv) arguments = NULL;
  g_autoptr(GError) error = NULL;

  words = g_strdup_printf ("qemu-system-x86_64 -machine pc -accel tcg -m 64 -nodefaults -vga std "
                           "-display none -nic none -kernel %s -qmp unix:%s,server=on,wait=off "
                           "-device virtio-serial -chardev spicevmc,id=agent,name=vdagent "
                           "-device virtserialport,chardev=agent,name=com.redhat.spice.0 "
                           "-spice %s %s",
                           g_getenv ("TEST_DEMO_IMAGE"), monitor, spice, more);
  g_assert_true (g_shell_parse_argv (words, NULL, &arguments, &error));
  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                                        (g_test_verbose () ? 0
                                                           : G_SUBPROCESS_FLAGS_STDERR_SILENCE));
  /* QEMU warns of wrong passwords, and is not to die of it. */
  g_subprocess_launcher_unsetenv (launcher, "G_DEBUG");
  machine->process = g_subprocess_launcher_spawnv (launcher, (const char * const *)arguments,
                                                   &error);
  g_assert_no_error (error);

  machine->monitor = connect_path (monitor);
  machine->answers =
    g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (machine->monitor)));
  g_free (machine_do (machine, "{\"execute\":\"qmp_capabilities\"}\n"));

  return machine;
}

static void
machine_free (Machine *machine)
{
  g_subprocess_force_exit (machine->process);
  g_subprocess_wait (machine->process, NULL, NULL);
  g_object_unref (machine->process);
  g_object_unref (machine->answers);
  g_object_unref (machine->monitor);
  g_free (machine);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Machine, machine_free)

static LodgeSessionState
state (Fixture *fixture)
{
  return lodge_display_session_get_state (fixture->session);
}

static LodgeScreen *
get_screen (Fixture *fixture)
{
  g_autoptr(LodgeScreen) screen =
    g_list_model_get_item (lodge_display_session_list_screens (fixture->session), 0);

  return screen;
}

/* One pixel alone: this is asked often, and the machine has other things to do. */
static guint32
get_pixel (Fixture *fixture,
           int      x,
           int      y)
{
  LodgeScreen *screen = get_screen (fixture);
  GdkRectangle area = { 0 };
  g_autoptr(GdkTexture) texture = NULL;
  guint32 pixel;

  if (screen != NULL)
    lodge_screen_get_area (screen, &area);
  if (x >= area.width || y >= area.height)
    return G_MAXUINT32;

  area = (GdkRectangle) { area.x + x, area.y + y, 1, 1 };
  texture = lodge_framebuffer_dup_texture (lodge_screen_get_framebuffer (screen), &area);
  if (texture == NULL)
    return G_MAXUINT32;

  gdk_texture_download (texture, (guchar *)&pixel, sizeof pixel);

  return pixel & 0xffffff;
}

static gboolean
has_size (Fixture *fixture,
          int      width,
          int      height)
{
  GdkRectangle area;

  lodge_screen_get_area (get_screen (fixture), &area);

  return area.width == width && area.height == height;
}

static void
await_picture (Fixture *fixture)
{
  test_await_that (state (fixture) == LODGE_SESSION_STATE_CONNECTED);
  test_await_that (get_pixel (fixture, 4, 4) == CORNER);
  g_test_message ("the picture is there");
}

/* A key goes all the way into the guest, and what it does comes all the way back. */
static void
assert_key_echoed (Fixture *fixture,
                   guint    scancode)
{
  guint32 before = get_pixel (fixture, ECHO_X, 4);

  lodge_screen_key_press (get_screen (fixture), scancode);
  lodge_screen_key_release (get_screen (fixture), scancode);
  test_await_that (get_pixel (fixture, ECHO_X, 4) != before &&
                   (get_pixel (fixture, ECHO_X, 4) & 0xff) == 0x5a);
}

static void
lend (gpointer             source,
      GCancellable        *cancellable,
      GAsyncReadyCallback  callback,
      gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (source, cancellable, callback, user_data);
  g_autoptr(GSocketConnection) connection = NULL;
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketAddress) address = NULL;
  GError *error = NULL;

  address = g_unix_socket_address_new (g_object_get_data (source, "path"));
  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  if (connection == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_int (task, dup (g_socket_get_fd (g_socket_connection_get_socket (connection))));
}

static int
lend_finish (gpointer       source,
             GAsyncResult  *result,
             GError       **error)
{
  return (int)g_task_propagate_int (G_TASK (result), error);
}

static gboolean
can_resize (Fixture *fixture)
{
  gboolean can;

  g_object_get (fixture->session, "can-resize", &can, NULL);

  return can;
}

static void
test_sockets (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "spice", NULL);
  g_autofree char *spice = g_strdup_printf ("unix=on,addr=%s,disable-ticketing=on", path);
  g_autoptr(Machine) machine = machine_new (fixture, "guest", spice, "");
  g_autoptr(GObject) source = g_object_new (G_TYPE_OBJECT, NULL);

  g_object_set_data_full (source, "path", g_strdup (path), g_free);
  lodge_display_session_open_with_fds (fixture->session, source, lend, lend_finish);
  await_picture (fixture);
  assert_key_echoed (fixture, 0x1e);

  /* The guest follows the window. */
  test_await_that (can_resize (fixture));
  lodge_screen_request_size (get_screen (fixture), 1200, 700, 300, 175);
  test_await_that (has_size (fixture, 1200, 700));
  await_picture (fixture);

  /* It starts anew under the same connection. */
  g_free (machine_do (machine, "{\"execute\":\"system_reset\"}\n"));
  test_await_that (get_pixel (fixture, 4, 4) != CORNER);
  await_picture (fixture);
  assert_key_echoed (fixture, 0x30);

  g_subprocess_send_signal (machine->process, SIGKILL);
  test_await_that (state (fixture) == LODGE_SESSION_STATE_LOST);
  g_assert_error (lodge_display_session_get_error (fixture->session), LODGE_SESSION_ERROR,
                  LODGE_SESSION_ERROR_ENDED);
  g_assert_cmphex (get_pixel (fixture, 4, 4), ==, CORNER);
}

static void
test_ticket (Fixture       *fixture,
             gconstpointer  data)
{
  guint16 port = find_free_port ();
  g_autofree char *spice = g_strdup_printf ("addr=127.0.0.1,port=%u,password-secret=ticket", port);
  g_autoptr(Machine) machine = machine_new (fixture, "guest", spice,
                                            "-object secret,id=ticket,data=sesame");

  lodge_display_session_open_address (fixture->session, "127.0.0.1", port, 0, NULL, NULL);
  test_await_that (state (fixture) == LODGE_SESSION_STATE_PASSWORD);
  lodge_display_session_authenticate (fixture->session, "wrong");
  test_await_that (state (fixture) == LODGE_SESSION_STATE_PASSWORD);
  g_assert_error (lodge_display_session_get_error (fixture->session), LODGE_SESSION_ERROR,
                  LODGE_SESSION_ERROR_PASSWORD);
  lodge_display_session_authenticate (fixture->session, "sesame");
  await_picture (fixture);
  assert_key_echoed (fixture, 0x1e);

  /* Orderly: QEMU ends by itself. */
  g_free (machine_do (machine, "{\"execute\":\"quit\"}\n"));
  test_await_that (state (fixture) == LODGE_SESSION_STATE_LOST);
  g_assert_error (lodge_display_session_get_error (fixture->session), LODGE_SESSION_ERROR,
                  LODGE_SESSION_ERROR_ENDED);
}

static void
run (const char *folder,
     const char *command)
{
  g_autoptr(GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr(GSubprocess) process = NULL;
  g_auto(GStrv) arguments = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (g_shell_parse_argv (command, NULL, &arguments, &error));
  g_subprocess_launcher_set_cwd (launcher, folder);
  process = g_subprocess_launcher_spawnv (launcher, (const char * const *)arguments, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
  g_assert_no_error (error);
}

static void
test_tls (Fixture       *fixture,
          gconstpointer  data)
{
  guint16 port = find_free_port ();
  g_autofree char *spice = NULL;
  g_autofree char *ca = g_build_filename (fixture->folder, "ca-cert.pem", NULL);
  g_autoptr(Machine) machine = NULL;

  run (fixture->folder, "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test-ca "
                        "-keyout ca-key.pem -out ca-cert.pem");
  run (fixture->folder, "openssl req -newkey rsa:2048 -nodes -subj /CN=test-guest "
                        "-keyout server-key.pem -out server.csr");
  run (fixture->folder, "openssl x509 -req -in server.csr -CA ca-cert.pem -CAkey ca-key.pem "
                        "-CAcreateserial -days 2 -out server-cert.pem");

  spice = g_strdup_printf ("addr=127.0.0.1,tls-port=%u,disable-ticketing=on,x509-dir=%s", port,
                           fixture->folder);
  machine = machine_new (fixture, "guest", spice, "");

  /* Not its name, not its certificate. */
  lodge_display_session_open_address (fixture->session, "127.0.0.1", 0, port, ca, "CN=other");
  test_await_that (state (fixture) == LODGE_SESSION_STATE_LOST);
  g_assert_error (lodge_display_session_get_error (fixture->session), LODGE_SESSION_ERROR,
                  LODGE_SESSION_ERROR_TLS);
  lodge_display_session_open_address (fixture->session, "127.0.0.1", 0, port, NULL, NULL);
  test_await_that (state (fixture) == LODGE_SESSION_STATE_LOST);
  g_assert_error (lodge_display_session_get_error (fixture->session), LODGE_SESSION_ERROR,
                  LODGE_SESSION_ERROR_TLS);

  lodge_display_session_open_address (fixture->session, "127.0.0.1", 0, port, ca, "CN=test-guest");
  await_picture (fixture);
  assert_key_echoed (fixture, 0x1e);

  /* No TLS where it is spoken. */
  lodge_display_session_open_address (fixture->session, "127.0.0.1", port, 0, NULL, NULL);
  test_await_that (state (fixture) == LODGE_SESSION_STATE_LOST);
  g_assert_error (lodge_display_session_get_error (fixture->session), LODGE_SESSION_ERROR,
                  LODGE_SESSION_ERROR_CONNECT);
}

static gboolean
has_migrated (Machine *machine)
{
  g_autofree char *answer = machine_do (machine, "{\"execute\":\"query-migrate\"}\n");

  g_assert_null (strstr (answer, "failed"));

  return strstr (answer, "completed") != NULL;
}

static void
test_migration (Fixture       *fixture,
                gconstpointer  data)
{
  const gboolean seamless = data != NULL;
  guint16 ports[] = { find_free_port (), find_free_port (), find_free_port () };
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;
  g_autofree char *incoming = NULL;
  g_autofree char *info = NULL;
  g_autofree char *migrate = NULL;
  Machine *source;
  g_autoptr(Machine) target = NULL;
  g_autoptr(LodgeScreen) screen = NULL;

  from = g_strdup_printf ("addr=127.0.0.1,port=%u,disable-ticketing=on,seamless-migration=%s",
                          ports[0], seamless ? "on" : "off");
  to = g_strdup_printf ("addr=127.0.0.1,port=%u,disable-ticketing=on,seamless-migration=%s",
                        ports[1], seamless ? "on" : "off");
  incoming = g_strdup_printf ("-incoming tcp:127.0.0.1:%u", ports[2]);
  source = machine_new (fixture, "source", from, "");
  target = machine_new (fixture, "target", to, incoming);

  lodge_display_session_open_address (fixture->session, "127.0.0.1", ports[0], 0, NULL, NULL);
  await_picture (fixture);
  assert_key_echoed (fixture, 0x1e);
  screen = g_object_ref (get_screen (fixture));

  /* The client connects to the target while this is on its way. */
  info = g_strdup_printf ("{\"execute\":\"client_migrate_info\",\"arguments\":{\"protocol\":\"spice\","
                          "\"hostname\":\"127.0.0.1\",\"port\":%u}}\n", ports[1]);
  migrate = g_strdup_printf ("{\"execute\":\"migrate\",\"arguments\":{\"uri\":\"tcp:127.0.0.1:%u\"}}\n",
                             ports[2]);
  {
    GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (source->monitor));

    g_assert_true (g_output_stream_write_all (output, info, strlen (info), NULL, NULL, NULL));
    test_run_for (1000);
    g_free (g_data_input_stream_read_line (source->answers, NULL, NULL, NULL));
  }
  g_free (machine_do (source, migrate));
  test_await_that (has_migrated (source));
  test_run_for (500);
  machine_free (source);

  /* The session is the same, and so is the guest. */
  test_run_for (500);
  g_assert_cmpint (state (fixture), ==, LODGE_SESSION_STATE_CONNECTED);
  await_picture (fixture);
  g_assert_true (get_screen (fixture) == screen);
  assert_key_echoed (fixture, 0x30);
}

int
main (int   argc,
      char *argv[])
{
  signal (SIGPIPE, SIG_IGN);
  g_test_init (&argc, &argv, NULL);

  if (g_getenv ("TEST_DEMO_IMAGE") == NULL ||
      g_find_program_in_path ("qemu-system-x86_64") == NULL)
    {
      g_print ("1..0 # SKIP no QEMU or no demo guest\n");
      return 0;
    }

#define ADD(path, data, function) \
  g_test_add ("/live/spice-qemu/" path, Fixture, data, fixture_set_up, function, fixture_tear_down)
  ADD ("sockets", NULL, test_sockets);
  ADD ("ticket", NULL, test_ticket);
  ADD ("tls", NULL, test_tls);
  ADD ("migration/switch-host", NULL, test_migration);
  ADD ("migration/seamless", "seamless", test_migration);
#undef ADD

  return g_test_run ();
}
