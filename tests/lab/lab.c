/* lab.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lab.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define HAND_PORT    "/dev/virtio-ports/org.lodgevm.hand"
#define LINUX_SERIAL "/run/lab/linux.serial"

static gboolean
turned_cb (gpointer data)
{
  *(gboolean *)data = TRUE;

  return G_SOURCE_CONTINUE;
}

/* One turn of the main loop, of 20 ms at most. */
void
lab_turn (void)
{
  gboolean turned = FALSE;
  guint source = g_timeout_add (20, turned_cb, &turned);

  g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);
}

/* A question that took @asked µs, as those that start a program do, is asked again when that time has
 * passed three times more: what is waited for needs the computer, too.
 */
void
lab_turn_for (gint64 asked)
{
  gint64 end = g_get_monotonic_time () + 3 * MIN (asked, G_USEC_PER_SEC / 2);

  do
    lab_turn ();
  while (asked > G_USEC_PER_SEC / 500 && g_get_monotonic_time () < end);
}

static void
drop_message (const char     *domain,
              GLogLevelFlags  level,
              const char     *message,
              gpointer        user_data)
{
}

/* libvirt-glib, which has no domain, tells of each turn of its wheels. */
void
lab_quiet (void)
{
  g_log_set_handler (NULL, G_LOG_LEVEL_DEBUG, drop_message, NULL);
  g_log_set_handler ("GLib-GIO", G_LOG_LEVEL_DEBUG, drop_message, NULL);
}

/* What the kernels saw tells more than the line at which the waiting ended. */
void
lab_give_up (const char *file,
             int         line,
             const char *condition)
{
  static const char command[] =
    "exec 2>&1; for i in /sys/bus/usb/devices/*:*; do echo ${i##*/} $(readlink $i/driver); done; "
    "ls -l /proc/[0-9]*/fd 2>/dev/null | grep /dev/bus/usb; ls /dev | grep -e video -e sd; dmesg | tail -n 60";
  g_autofree char *said = NULL;

  g_spawn_sync (NULL, (char *[]){ "sh", "-c", (char *)command, NULL }, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                &said, NULL, NULL, NULL);
  g_test_message ("%s", said);
  g_error ("%s:%d: waited in vain for: %s", file, line, condition);
}

void
lab_init (int    *argc,
          char ***argv)
{
  g_test_init (argc, argv, NULL);
  lab_quiet ();
}

/* Asks the hand, which is outside, and waits until it has done it. */
static void
ask_hand (const char *order)
{
  static int port = -1;
  g_autoptr(GString) answer = g_string_new (NULL);
  g_autofree char *line = g_strconcat (order, "\n", NULL);

  if (port < 0)
    port = open (HAND_PORT, O_RDWR | O_CLOEXEC);
  if (port < 0)
    g_error ("%s: %s", HAND_PORT, g_strerror (errno));

  if (write (port, line, strlen (line)) != (gssize)strlen (line))
    g_error ("%s: %s", HAND_PORT, g_strerror (errno));

  while (strchr (answer->str, '\n') == NULL)
    {
      char piece[512];
      gssize length = read (port, piece, sizeof piece);

      if (length <= 0)
        g_error ("the hand does not answer");
      g_string_append_len (answer, piece, length);
    }

  if (strstr (answer->str, "\"error\"") != NULL)
    g_error ("%s: %s", order, answer->str);
}

/* @kind: as hand.py knows them; @name: by which it is unplugged; @serial: or NULL */
void
lab_plug (const char *kind,
          const char *name,
          const char *serial)
{
  g_autofree char *number = serial != NULL ? g_strdup_printf (", \"serial\": \"%s\"", serial) : NULL;
  g_autofree char *order = g_strdup_printf ("{\"do\": \"plug\", \"kind\": \"%s\", \"name\": \"%s\"%s}",
                                            kind, name, number != NULL ? number : "");

  ask_hand (order);
}

/* Plugs it into port @port, from 1; lab_plug() takes another one each time. */
void
lab_plug_into (guint       port,
               const char *kind,
               const char *name,
               const char *serial)
{
  g_autofree char *order = g_strdup_printf ("{\"do\": \"plug\", \"kind\": \"%s\", \"name\": \"%s\", "
                                            "\"serial\": \"%s\", \"port\": %u}",
                                            kind, name, serial, port);

  ask_hand (order);
}

void
lab_unplug (const char *name)
{
  g_autofree char *order = g_strdup_printf ("{\"do\": \"unplug\", \"name\": \"%s\"}", name);

  ask_hand (order);
}

struct _LabCamera
{
  GSubprocess *process;
};

/* Returns when it is plugged in, before anybody has noticed. */
LabCamera *
lab_camera_plug (const char *serial,
                 const char *more)
{
  LabCamera *self = g_new0 (LabCamera, 1);
  g_autoptr(GError) error = NULL;
  g_autoptr(GDataInputStream) lines = NULL;
  g_autofree char *line = NULL;
  g_autofree char *command =
    g_strdup_printf ("exec /usr/bin/python3 /run/lodge/lab/usbcamera.py --serial '%s' %s", serial,
                     more != NULL ? more : "");

  self->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "sh", "-c", command, NULL);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  line = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  if (line == NULL || !g_str_has_suffix (line, "plugged"))
    g_error ("no camera: %s", line);

  return self;
}

void
lab_camera_free (LabCamera *self)
{
  if (self == NULL)
    return;

  g_subprocess_send_signal (self->process, SIGTERM);
  g_subprocess_wait (self->process, NULL, NULL);
  g_object_unref (self->process);
  g_free (self);
}

/* What takes long is done beside the main loop: Lodge goes on meanwhile, as it does for a user. */
typedef struct
{
  char *(*work) (const char *command, gboolean must_succeed);
  const char *command;
  gboolean must_succeed;
} Work;

static void
work_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Work *work = task_data;

  g_task_return_pointer (task, work->work (work->command, work->must_succeed), g_free);
}

static char *
do_beside (char *(*function) (const char *command, gboolean must_succeed),
           const char  *command,
           gboolean     must_succeed)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, NULL, NULL);
  Work work = { function, command, must_succeed };

  g_task_set_task_data (task, &work, NULL);
  g_task_run_in_thread (task, work_thread);
  while (!g_task_get_completed (task))
    lab_turn ();

  return g_task_propagate_pointer (task, NULL);
}

static char *
run_command (const char *command,
             gboolean    must_succeed)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) process = NULL;
  char *output = NULL;

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE, &error,
                              "sh", "-c", command, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);

  if (must_succeed && !g_subprocess_get_successful (process))
    g_error ("%s: %s", command, output);

  return output;
}

static char *
run (const char *command,
     gboolean    must_succeed)
{
  return do_beside (run_command, command, must_succeed);
}

char *
lab_run (const char *format,
         ...)
{
  g_autofree char *command = NULL;
  va_list list;

  va_start (list, format);
  command = g_strdup_vprintf (format, list);
  va_end (list);

  return run (command, TRUE);
}

/* Whether what a command says has @word. */
gboolean
lab_says (const char *word,
          const char *format,
          ...)
{
  g_autofree char *command = NULL;
  g_autofree char *said = NULL;
  va_list list;

  va_start (list, format);
  command = g_strdup_vprintf (format, list);
  va_end (list);

  said = run (command, FALSE);

  return strstr (said, word) != NULL;
}

static GSocketConnection *
connect_to_linux (void)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new (LINUX_SERIAL);
  g_autoptr(GError) error = NULL;
  GSocketConnection *connection =
    g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);

  g_assert_no_error (error);
  g_socket_set_timeout (g_socket_connection_get_socket (connection), LAB_PATIENCE / G_USEC_PER_SEC);

  return connection;
}

static char *
ask_linux (const char *command,
           gboolean    must_succeed)
{
  static guint number;
  g_autoptr(GSocketConnection) connection = connect_to_linux ();
  GIOStream *stream = G_IO_STREAM (connection);
  g_autoptr(GDataInputStream) lines = NULL;
  g_autoptr(GString) said = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *order = g_strdup_printf ("%u %s\n", ++number, command);
  g_autofree char *end = g_strdup_printf ("@%u ", number);

  g_output_stream_write_all (g_io_stream_get_output_stream (stream), order, strlen (order), NULL,
                             NULL, &error);
  g_assert_no_error (error);

  lines = g_data_input_stream_new (g_io_stream_get_input_stream (stream));
  g_data_input_stream_set_newline_type (lines, G_DATA_STREAM_NEWLINE_TYPE_ANY);
  while (TRUE)
    {
      g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, &error);

      g_assert_no_error (error);
      if (line == NULL)
        g_error ("the guest's serial line has ended");
      if (g_str_has_prefix (line, end))
        return g_string_free (g_steal_pointer (&said), FALSE);
      if (line[0] != '\0')
        g_string_append_printf (said, "%s\n", line);
    }
}

/* Asks the shell on the serial line of the guest. */
char *
lab_linux_ask (const char *command)
{
  return do_beside (ask_linux, command, TRUE);
}

/* How many of twelve pictures of the camera that the guest has are whole and not the same as the one
 * before: a machine within a machine is too slow for some.
 */
guint
lab_linux_count_frames (void)
{
  g_autofree char *said = lab_linux_ask ("frames /dev/video0 12");
  g_auto(GStrv) lines = g_strsplit (said, "\n", -1);
  guint64 last = 0;
  guint n = 0;

  g_test_message ("%s", said);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      guint64 number;

      if (!g_ascii_string_to_unsigned (lines[i], 10, 0, 100000, &number, NULL))
        continue;
      n += number > last || i == 0;
      last = number;
    }

  return n;
}
