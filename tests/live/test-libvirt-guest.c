/* test-libvirt-guest.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-core.h"
#include "lodge-error.h"
#include "test-guest.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

/* Real guests under a real libvirtd. */

typedef struct
{
  TestLibvirtd *libvirtd;   /* the same for all tests: a new one takes seconds to look at QEMU */
  LodgeHost    *host;
  char         *image;
} Fixture;

static TestLibvirtd *shared;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  if (shared == NULL && (shared = test_libvirtd_new ()) == NULL)
    return;

  fixture->libvirtd = shared;
  if ((fixture->image = test_guest_image (shared)) == NULL)
    return;

  fixture->host = lodge_host_new_for_uri (test_libvirtd_get_uri (fixture->libvirtd));
  test_open_host (fixture->host);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  if (fixture->host != NULL)
    lodge_host_close (fixture->host);

  g_clear_object (&fixture->host);
  g_free (fixture->image);
}

static LodgeMachine *
define_guest (Fixture    *fixture,
              const char *name,
              const char *devices)
{
  g_autofree char *xml = test_guest_xml (name, fixture->image, devices);

  return test_define (fixture->libvirtd, fixture->host, name, xml);
}

static void
test_lives (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(LodgeMachine) machine = NULL;
  g_autoptr(LodgeGraphicsAddress) address = NULL;

  if (fixture->host == NULL)
    return;

  machine = define_guest (fixture, "life", "");
  g_assert_cmpint (lodge_machine_get_state (machine), ==, LODGE_STATE_OFF);
  g_assert_true (lodge_machine_get_emulated (machine));
  g_assert_true (lodge_machine_get_has_console (machine));
  g_assert_cmpint (lodge_machine_get_graphics (machine), ==, LODGE_GRAPHICS_SPICE);
  g_assert_null (lodge_machine_dup_graphics_address (machine));

  test_perform (machine, LODGE_ACTION_START);
  g_assert_cmpint (lodge_machine_get_state (machine), ==, LODGE_STATE_RUNNING);
  address = lodge_machine_dup_graphics_address (machine);
  g_assert_true (address->lends_sockets);
  g_assert_null (address->host);

  test_perform (machine, LODGE_ACTION_PAUSE);
  g_assert_cmpint (lodge_machine_get_state (machine), ==, LODGE_STATE_PAUSED);
  test_perform (machine, LODGE_ACTION_RESUME);
  test_perform (machine, LODGE_ACTION_SAVE);
  g_assert_cmpint (lodge_machine_get_state (machine), ==, LODGE_STATE_SAVED);
  test_perform (machine, LODGE_ACTION_START);
  g_assert_cmpint (lodge_machine_get_state (machine), ==, LODGE_STATE_RUNNING);
  test_perform (machine, LODGE_ACTION_FORCE_OFF);
  g_assert_cmpint (lodge_machine_get_state (machine), ==, LODGE_STATE_OFF);
}

static void
test_follows_others (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(LodgeMachine) machine = NULL;

  if (fixture->host == NULL)
    return;

  machine = define_guest (fixture, "others", "");

  g_free (test_libvirtd_virsh (fixture->libvirtd, "start", "others", NULL));
  test_wait_property (machine, "state", LODGE_STATE_RUNNING);
  g_free (test_libvirtd_virsh (fixture->libvirtd, "suspend", "others", NULL));
  test_wait_property (machine, "state", LODGE_STATE_PAUSED);
  g_free (test_libvirtd_virsh (fixture->libvirtd, "resume", "others", NULL));
  test_wait_property (machine, "state", LODGE_STATE_RUNNING);

  g_free (test_libvirtd_virsh (fixture->libvirtd, "desc", "others", "--title", "A & <title>",
                               "--live", "--config", NULL));
  test_wait (g_strcmp0 (lodge_machine_get_title (machine), "A & <title>") == 0);

  g_free (test_libvirtd_virsh (fixture->libvirtd, "managedsave", "others", NULL));
  test_wait_property (machine, "state", LODGE_STATE_SAVED);
  g_free (test_libvirtd_virsh (fixture->libvirtd, "managedsave-remove", "others", NULL));
  g_free (test_libvirtd_virsh (fixture->libvirtd, "start", "others", NULL));
  test_wait_property (machine, "state", LODGE_STATE_RUNNING);
  g_free (test_libvirtd_virsh (fixture->libvirtd, "destroy", "others", NULL));
  test_wait_property (machine, "state", LODGE_STATE_OFF);

  g_free (test_libvirtd_virsh (fixture->libvirtd, "domrename", "others", "renamed", NULL));
  test_wait (g_strcmp0 (lodge_machine_get_name (machine), "renamed") == 0);

  g_free (test_libvirtd_virsh (fixture->libvirtd, "undefine", "renamed", NULL));
  test_wait (!lodge_machine_is_reachable (machine));
  g_assert_null (lodge_host_dup_machine (fixture->host, "renamed"));
}

static void
test_sees_a_crash (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(LodgeMachine) machine = NULL;

  if (fixture->host == NULL)
    return;

  machine = define_guest (fixture, "crash", "");
  test_perform (machine, LODGE_ACTION_START);
  kill (test_libvirtd_get_qemu_pid (fixture->libvirtd, "crash"), SIGKILL);

  test_wait_property (machine, "state", LODGE_STATE_CRASHED);
  g_assert_false (lodge_machine_is_active (machine));
  g_assert_true (lodge_machine_can (machine, LODGE_ACTION_START));

  test_perform (machine, LODGE_ACTION_START);
  g_assert_cmpint (lodge_machine_get_state (machine), ==, LODGE_STATE_RUNNING);
}

/* Sends @line and reads until @answer has come. */
static void
ask (GIOStream  *console,
     const char *line,
     const char *answer)
{
  GInputStream *input = g_io_stream_get_input_stream (console);
  GOutputStream *output = g_io_stream_get_output_stream (console);
  g_autoptr(GString) seen = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  g_output_stream_write_all (output, line, strlen (line), NULL, NULL, &error);
  g_assert_no_error (error);

  while (strstr (seen->str, answer) == NULL)
    {
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GBytes) bytes = NULL;

      g_input_stream_read_bytes_async (input, 4096, G_PRIORITY_DEFAULT, NULL,
                                       test_await_cb, &result);
      test_wait (result != NULL);
      bytes = g_input_stream_read_bytes_finish (input, result, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (g_bytes_get_size (bytes), >, 0);
      g_string_append_len (seen, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    }
}

static GIOStream *
open_console (LodgeMachine *machine)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  GIOStream *console;

  lodge_machine_open_console_async (machine, NULL, test_await_cb, &result);
  console = lodge_machine_open_console_finish (machine, test_await (&result), &error);
  g_assert_no_error (error);

  return console;
}

static void
wait_for_end (GIOStream *console)
{
  g_autoptr(GError) error = NULL;
  gssize n = -1;

  do
    {
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GBytes) bytes = NULL;

      g_input_stream_read_bytes_async (g_io_stream_get_input_stream (console), 4096,
                                       G_PRIORITY_DEFAULT, NULL, test_await_cb, &result);
      test_wait (result != NULL);
      bytes = g_input_stream_read_bytes_finish (g_io_stream_get_input_stream (console), result,
                                                &error);
      g_assert_no_error (error);
      n = g_bytes_get_size (bytes);
    }
  while (n > 0);
}

static void
test_talks_over_the_console (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr(LodgeMachine) machine = NULL;
  g_autoptr(GIOStream) first = NULL;
  g_autoptr(GIOStream) second = NULL;

  if (fixture->host == NULL)
    return;

  machine = define_guest (fixture, "console", "");
  test_perform (machine, LODGE_ACTION_START);

  first = open_console (machine);
  ask (first, "", "ready");
  ask (first, "state\n", "ok 1024x768x32");

  /* Who opens it last has it. */
  second = open_console (machine);
  wait_for_end (first);
  ask (second, "state\n", "ok 1024x768x32");

  test_perform (machine, LODGE_ACTION_FORCE_OFF);
  wait_for_end (second);
}

static void
test_takes_a_picture (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(LodgeMachine) machine = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GBytes) picture = NULL;
  g_autoptr(GError) error = NULL;
  const char *bytes;

  if (fixture->host == NULL)
    return;

  machine = define_guest (fixture, "picture", "");
  test_perform (machine, LODGE_ACTION_START);

  lodge_machine_take_screenshot_async (machine, NULL, test_await_cb, &result);
  picture = lodge_machine_take_screenshot_finish (machine, test_await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (picture), >, 100);

  bytes = g_bytes_get_data (picture, NULL);
  g_assert_true (memcmp (bytes, "\x89PNG", 4) == 0 || memcmp (bytes, "P6", 2) == 0);
}

static int
open_fd (LodgeMachine *machine)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  int fd;

  lodge_machine_open_graphics_fd_async (machine, NULL, test_await_cb, &result);
  fd = lodge_machine_open_graphics_fd_finish (machine, test_await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpint (fd, >=, 0);

  return fd;
}

/* The first message of a SPICE link (spice-protocol, spice/protocol.h): magic "REDQ", version 2.2,
 * its size; then session 0, the main channel, no capabilities.
 */
static void
test_lends_a_spice_socket (Fixture       *fixture,
                           gconstpointer  data)
{
  static const guint8 hello[] =
  {
    'R', 'E', 'D', 'Q', 2, 0, 0, 0, 2, 0, 0, 0, 18, 0, 0, 0,
    0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 18, 0, 0, 0,
  };
  g_autoptr(LodgeMachine) machine = NULL;
  g_autoptr(GSocket) socket = NULL;
  g_autoptr(GError) error = NULL;
  char answer[4];
  int fd;

  if (fixture->host == NULL)
    return;

  machine = define_guest (fixture, "spice", "");
  test_perform (machine, LODGE_ACTION_START);

  fd = open_fd (machine);
  socket = g_socket_new_from_fd (fd, &error);
  g_assert_no_error (error);
  g_socket_set_timeout (socket, 10);
  g_socket_send (socket, (const char *)hello, sizeof hello, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_socket_receive (socket, answer, sizeof answer, NULL, &error), ==, 4);
  g_assert_no_error (error);
  g_assert_cmpmem (answer, 4, "REDQ", 4);

  /* As many as there are channels. */
  close (open_fd (machine));
  close (open_fd (machine));
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  test_silence_libvirt ();
  lodge_core_init ();

#define ADD(name, func) \
  g_test_add ("/live/libvirt-guest/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("lives", test_lives);
  ADD ("follows-others", test_follows_others);
  ADD ("sees-a-crash", test_sees_a_crash);
  ADD ("talks-over-the-console", test_talks_over_the_console);
  ADD ("takes-a-picture", test_takes_a_picture);
  ADD ("lends-a-spice-socket", test_lends_a_spice_socket);

  status = g_test_run ();
  g_clear_pointer (&shared, test_libvirtd_free);

  return status;
}
