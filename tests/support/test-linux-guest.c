/* test-linux-guest.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "test-linux-guest.h"
#include "test-wait.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

/* One command may move a GiB of memory. */
#define ANSWER_SECONDS 60

#define START_SECONDS 60

/* For how long (µs) nothing but the guest is waited for. */
#define SLICE (20 * 1000)

struct _TestLinuxGuest
{
  char              *name;
  char              *xml;
  char              *serial;      /* the socket of its serial line */
  GSocketConnection *connection;  /* NULL before it was started */
  guint              asked;
};

#define COMMAND_LINE \
  "quiet mitigations=off nokaslr no_timer_check lpj=4000000 tsc=reliable random.trust_cpu=on " \
  "audit=0 apparmor=0 security=none cryptomgr.notests"

#define XML \
  "<domain type='qemu'>" \
  "<name>%s</name>" \
  "%s" \
  "%s" \
  "<os><type arch='x86_64' machine='q35'>hvm</type>" \
  "<kernel>%s</kernel><initrd>%s</initrd><cmdline>" COMMAND_LINE " %s</cmdline></os>" \
  "<features><acpi/></features>" \
  "<clock offset='utc'><timer name='hpet' present='no'/></clock>" \
  "<on_poweroff>destroy</on_poweroff><on_reboot>restart</on_reboot><on_crash>destroy</on_crash>" \
  "<devices>" \
  "%s" \
  "<serial type='unix'><source mode='bind' path='%s'/></serial>" \
  "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>" \
  "<video><model type='none'/></video>" \
  "%s" \
  "%s" \
  "</devices>" \
  "</domain>"

/* The folder of its files, or NULL and the test is skipped. */
static char *
build_files (void)
{
  g_autofree char *script = g_test_build_filename (G_TEST_DIST, "support", "linux-guest",
                                                   "build.sh", NULL);
  g_autofree char *folder = g_test_build_filename (G_TEST_BUILT, "support", "linux-guest", NULL);
  g_autoptr(GSubprocess) process = NULL;
  g_autofree char *words = NULL;
  g_autoptr(GError) error = NULL;

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE,
                              &error, "sh", script, folder, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &words, NULL, &error);
  g_assert_no_error (error);

  if (g_subprocess_get_exit_status (process) == 77)
    {
      g_test_skip (g_strstrip (words));
      return NULL;
    }

  if (!g_subprocess_get_successful (process))
    g_error ("the Linux guest could not be built: %s", words);

  return g_steal_pointer (&folder);
}

static const char *
or_default (const char *part,
            const char *otherwise)
{
  return part != NULL ? part : otherwise;
}

TestLinuxGuest *
test_linux_guest_new (TestLibvirtd              *libvirtd,
                      const char                *name,
                      const TestLinuxGuestParts *parts)
{
  static const TestLinuxGuestParts none = { NULL, };
  g_autofree char *folder = build_files ();
  g_autofree char *socket_name = g_strconcat (name, ".serial", NULL);
  g_autofree char *built_kernel = NULL, *built_initrd = NULL, *kernel = NULL, *initrd = NULL;
  TestLinuxGuest *self;

  if (folder == NULL)
    return NULL;

  if (parts == NULL)
    parts = &none;

  built_kernel = g_build_filename (folder, "vmlinux", NULL);
  built_initrd = g_build_filename (folder, "initrd.cpio", NULL);
  kernel = test_libvirtd_copy (libvirtd, built_kernel);
  initrd = test_libvirtd_copy (libvirtd, built_initrd);

  self = g_new0 (TestLinuxGuest, 1);
  self->name = g_strdup (name);
  self->serial = g_build_filename (test_libvirtd_get_folder (libvirtd), socket_name, NULL);
  self->xml = g_strdup_printf (XML, name,
                               or_default (parts->memory, "<memory unit='MiB'>512</memory>"),
                               or_default (parts->cpus, "<vcpu>1</vcpu>"),
                               kernel, initrd, or_default (parts->options, ""),
                               or_default (parts->usb, "<controller type='usb' model='none'/>"),
                               self->serial,
                               or_default (parts->balloon, "<memballoon model='virtio'>"
                                                           "<stats period='1'/></memballoon>"),
                               or_default (parts->devices, ""));

  return self;
}

void
test_linux_guest_free (TestLinuxGuest *self)
{
  if (self == NULL)
    return;

  g_clear_object (&self->connection);
  g_free (self->name);
  g_free (self->xml);
  g_free (self->serial);
  g_free (self);
}

const char *
test_linux_guest_get_xml (TestLinuxGuest *self)
{
  return self->xml;
}

static gboolean
open_line (TestLinuxGuest *self)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new (self->serial);

  g_clear_object (&self->connection);
  self->connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);
  if (self->connection == NULL)
    return FALSE;

  g_socket_set_timeout (g_socket_connection_get_socket (self->connection), 1);

  return TRUE;
}

/* Lets the main loop go on until something comes from the guest, or for a moment. A daemon closes the
 * connection of a client that does not answer it for half a minute (libvirt: keepalive_interval and
 * keepalive_count of libvirtd.conf), and a guest may take that long.
 */
static void
wait_for_words (GSocket *socket)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;

  g_socket_condition_timed_wait (socket, G_IO_IN, SLICE, NULL, NULL);
}

/* Returns what came between the marks of @tag, or NULL after @seconds. */
static char *
try_ask (TestLinuxGuest *self,
         const char     *command,
         guint           seconds,
         int            *status)
{
  g_autofree char *tag = g_strdup_printf ("q%u", ++self->asked);
  g_autofree char *line = g_strdup_printf ("\n%s %s\n", tag, command);
  g_autofree char *begin = g_strdup_printf ("%s(\n", tag);
  g_autofree char *end = g_strdup_printf ("%s)", tag);
  g_autoptr(GString) seen = g_string_new (NULL);
  gint64 deadline = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
  GSocket *socket = g_socket_connection_get_socket (self->connection);
  char *from, *to;

  if (g_socket_send (socket, line, strlen (line), NULL, NULL) < 0)
    return NULL;

  while (g_get_monotonic_time () < deadline)
    {
      char buffer[4096];
      gssize n;

      wait_for_words (socket);
      n = g_socket_receive_with_blocking (socket, buffer, sizeof buffer, FALSE, NULL, NULL);

      if (n == 0)
        return NULL;
      if (n > 0)
        g_string_append_len (seen, buffer, n);

      from = strstr (seen->str, begin);
      to = from != NULL ? strstr (from, end) : NULL;
      if (to == NULL || strchr (to, '\n') == NULL)
        continue;

      *status = atoi (to + strlen (end));
      from += strlen (begin);

      return g_strstrip (g_strndup (from, to - from));
    }

  return NULL;
}

void
test_linux_guest_wait_up (TestLinuxGuest *self)
{
  gint64 deadline = g_get_monotonic_time () + START_SECONDS * G_USEC_PER_SEC;

  while (g_get_monotonic_time () < deadline)
    {
      g_autofree char *answer = NULL;
      int status;

      if (open_line (self) && (answer = try_ask (self, "true", 2, &status)) != NULL)
        return;

      test_run_for (50);
    }

  g_error ("the guest %s does not come up", self->name);
}

char *
test_linux_guest_ask (TestLinuxGuest *self,
                      const char     *command)
{
  char *answer;
  int status = -1;

  if (self->connection == NULL)
    test_linux_guest_wait_up (self);

  answer = try_ask (self, command, ANSWER_SECONDS, &status);
  if (answer == NULL)
    g_error ("the guest %s does not answer: %s", self->name, command);
  if (status != 0)
    g_error ("the guest %s: %s: %d: %s", self->name, command, status, answer);

  return answer;
}

static guint64
ask_number (TestLinuxGuest *self,
            const char     *command)
{
  g_autofree char *answer = test_linux_guest_ask (self, command);
  guint64 number;

  if (!g_ascii_string_to_unsigned (answer, 10, 0, G_MAXUINT64, &number, NULL))
    g_error ("no number: %s: %s", command, answer);

  return number;
}

guint64
test_linux_guest_get_total (TestLinuxGuest *self)
{
  return ask_number (self, "awk '/^MemTotal:/ { print $2 }' /proc/meminfo");
}

guint64
test_linux_guest_get_available (TestLinuxGuest *self)
{
  return ask_number (self, "awk '/^MemAvailable:/ { print $2 }' /proc/meminfo");
}

guint
test_linux_guest_get_cpus (TestLinuxGuest *self)
{
  return ask_number (self, "nproc");
}

void
test_linux_guest_fill (TestLinuxGuest *self,
                       guint           mebibytes)
{
  g_autofree char *command = NULL;

  command = g_strdup_printf ("mkdir -p /run/fill && { mountpoint -q /run/fill || "
                             "mount -t tmpfs -o size=100%% fill /run/fill; } && "
                             "dd if=/dev/zero of=/run/fill/%u bs=1M count=%u",
                             self->asked, mebibytes);
  g_free (test_linux_guest_ask (self, command));
}

void
test_linux_guest_empty (TestLinuxGuest *self)
{
  g_free (test_linux_guest_ask (self, "rm -f /run/fill/*"));
}
