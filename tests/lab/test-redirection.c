/* test-redirection.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Real devices through the connection to a guest's screen: opened here, sent by usbredir, and found by
 * the guest's own kernel.
 */

#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lab-hosts.h"
#include "lab.h"
#include "lodge-display-session.h"

typedef struct
{
  LodgeHost           *host;
  LodgeMachine        *machine;
  LodgeUsbMonitor     *monitor;
  LodgeUsbDevice      *device;   /* a stick on which "from outside" is written */
  LodgeDisplaySession *session;
} Fixture;

/* As the program does. */
static LodgeDisplaySession *
open_session (LodgeMachine *machine)
{
  LodgeDisplaySession *session = lodge_display_session_new ();

  g_object_set (session, "enable-audio", FALSE, "enable-usbredir", TRUE, "transport-local", TRUE, NULL);
  lodge_display_session_open_with_fds (session, G_OBJECT (machine),
                                       (LodgeOpenFdFunc)lodge_machine_open_graphics_fd_async,
                                       (LodgeOpenFdFinishFunc)lodge_machine_open_graphics_fd_finish);
  lab_await (lodge_display_session_get_state (session) == LODGE_SESSION_STATE_CONNECTED);

  return session;
}

/* Whether this computer's own driver has it. */
static gboolean
is_here (LodgeUsbDevice *device)
{
  return g_strcmp0 (lodge_usb_device_get_holder (device), "usb-storage") == 0;
}

static LodgeUsbDevice *
plug (Fixture    *fixture,
      const char *name)
{
  LodgeUsbDevice *device;

  lab_plug ("stick", name, name);
  device = lab_device (fixture->monitor, name);
  lab_await (is_here (device));

  return device;
}

static void
unplug (LodgeUsbDevice *device,
        const char     *name)
{
  lab_unplug (name);
  lab_await (!lodge_usb_device_is_present (device));
}

static gboolean
guest_says (const char *word,
            const char *command)
{
  g_autofree char *said = lab_linux_ask (command);

  return strstr (said, word) != NULL;
}

static gboolean
guest_has_disc (void)
{
  return guest_says ("sd", "ls /sys/block");
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->host = lab_host_open ("qemu:///system");
  fixture->machine = lab_machine (fixture->host, "linux");
  fixture->session = open_session (fixture->machine);
  fixture->monitor = lodge_usb_monitor_new ();
  fixture->device = plug (fixture, "sent");
  lab_await (lab_says ("sda", "ls /sys/block"));
  g_free (lab_run ("echo 'from outside' | dd of=/dev/sda bs=512 conv=sync,fsync 2>/dev/null"));
  g_assert_false (guest_has_disc ());
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  lodge_display_session_close (fixture->session);
  g_clear_object (&fixture->session);
  lab_await (is_here (fixture->device));
  unplug (fixture->device, "sent");
  lab_await (!guest_has_disc ());
  g_clear_object (&fixture->device);
  g_clear_object (&fixture->monitor);
  g_clear_object (&fixture->machine);
  lodge_host_close (fixture->host);
  g_clear_object (&fixture->host);
}

static void
done_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **)user_data = g_object_ref (result);
}

static void
finish (Fixture       *fixture,
        GAsyncResult **result)
{
  g_autoptr(GError) error = NULL;

  lab_await (*result != NULL);
  lodge_display_session_finish_usb (fixture->session, *result, &error);
  g_assert_no_error (error);
}

static gboolean
can_send (Fixture         *fixture,
          LodgeUsbDevice  *device,
          GError         **error)
{
  return lodge_display_session_can_send_usb (fixture->session, lodge_usb_device_get_bus (device),
                                             lodge_usb_device_get_address (device), error);
}

static void
send_device (Fixture *fixture)
{
  g_autoptr(GAsyncResult) sent = NULL;

  lab_await (can_send (fixture, fixture->device, NULL));
  lodge_display_session_send_usb_async (fixture->session, lodge_usb_device_get_bus (fixture->device),
                                        lodge_usb_device_get_address (fixture->device), NULL, done_cb, &sent);
  finish (fixture, &sent);
  g_assert_true (lodge_display_session_sends_usb (fixture->session));
}

/* Not by its name alone: what is on it comes over. */
static void
await_in_guest (Fixture *fixture)
{
  lab_await (lodge_usb_device_is_held_by_program (fixture->device));
  lab_await (guest_says ("sda", "ls /sys/block"));
  lab_await (guest_says ("from outside", "head -c 12 /dev/sda; echo"));
}

static void
call_back (Fixture *fixture)
{
  g_autoptr(GAsyncResult) called = NULL;

  lodge_display_session_call_usb_back_async (fixture->session, lodge_usb_device_get_bus (fixture->device),
                                             lodge_usb_device_get_address (fixture->device), NULL, done_cb,
                                             &called);
  finish (fixture, &called);
  g_assert_false (lodge_display_session_sends_usb (fixture->session));
  lab_await (!guest_has_disc ());
  lab_await (is_here (fixture->device));
}

static void
test_sent (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(LodgeUsbDevice) other = plug (fixture, "other");
  g_autoptr(GError) error = NULL;

  send_device (fixture);
  await_in_guest (fixture);

  /* The guest has one channel. */
  g_assert_false (can_send (fixture, other, &error));
  g_assert_nonnull (error);
  g_test_message ("no room: %s", error->message);
  unplug (other, "other");

  call_back (fixture);
}

static void
test_unplugged (Fixture       *fixture,
                gconstpointer  data)
{
  send_device (fixture);
  await_in_guest (fixture);

  unplug (fixture->device, "sent");
  lab_await (!guest_has_disc ());
  lab_await (!lodge_display_session_sends_usb (fixture->session));

  /* There is room for it again. */
  g_object_unref (fixture->device);
  fixture->device = plug (fixture, "sent");
  send_device (fixture);
  await_in_guest (fixture);
}

/* What somebody else has opened, as the desktop's portal does. */
static void
test_descriptor (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GAsyncResult) sent = NULL;
  int fd = open (lodge_usb_device_get_node (fixture->device), O_RDWR | O_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  lodge_display_session_send_usb_fd_async (fixture->session, fd, NULL, done_cb, &sent);
  finish (fixture, &sent);
  g_assert_true (lodge_display_session_sends_usb (fixture->session));
  await_in_guest (fixture);
  call_back (fixture);
}

/* The window is closed, and the device is this computer's again. */
static void
test_closed (Fixture       *fixture,
             gconstpointer  data)
{
  send_device (fixture);
  await_in_guest (fixture);

  lodge_display_session_close (fixture->session);
  lab_await (!guest_has_disc ());
  lab_await (is_here (fixture->device));
}

#define ADD(name, function) \
  g_test_add ("/lab/redirection/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  lab_init (&argc, &argv);
  ADD ("sent", test_sent);
  ADD ("unplugged", test_unplugged);
  ADD ("descriptor", test_descriptor);
  ADD ("closed", test_closed);

  return g_test_run ();
}
