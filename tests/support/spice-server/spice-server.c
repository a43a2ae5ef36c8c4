/* spice-server.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include <glib-unix.h>

#include "spice-server.h"

/* The core: the library's timers and watches on a GLib main loop, options, commands. */

struct SpiceTimer
{
  SpiceTimerFunc  func;
  void           *opaque;
  guint           id;
};

struct SpiceWatch
{
  SpiceWatchFunc  func;
  void           *opaque;
  int             fd;
  guint           id;
};

static GMainLoop *loop;

void
say (const char *format,
     ...)
{
  static GMutex mutex;
  va_list args;

  g_mutex_lock (&mutex);
  va_start (args, format);
  vprintf (format, args);
  va_end (args);
  putchar ('\n');
  fflush (stdout);
  g_mutex_unlock (&mutex);
}

static SpiceTimer *
timer_add (SpiceTimerFunc  func,
           void           *opaque)
{
  SpiceTimer *timer = g_new0 (SpiceTimer, 1);

  timer->func = func;
  timer->opaque = opaque;

  return timer;
}

static gboolean
timer_cb (gpointer data)
{
  SpiceTimer *timer = data;

  timer->id = 0;
  timer->func (timer->opaque);

  return G_SOURCE_REMOVE;
}

static void
timer_cancel (SpiceTimer *timer)
{
  g_clear_handle_id (&timer->id, g_source_remove);
}

static void
timer_start (SpiceTimer *timer,
             uint32_t    ms)
{
  timer_cancel (timer);
  timer->id = g_timeout_add (ms, timer_cb, timer);
}

static void
timer_remove (SpiceTimer *timer)
{
  timer_cancel (timer);
  g_free (timer);
}

static gboolean
watch_cb (int          fd,
          GIOCondition condition,
          gpointer     data)
{
  SpiceWatch *watch = data;
  int events = 0;

  if (condition & (G_IO_IN | G_IO_HUP | G_IO_ERR))
    events |= SPICE_WATCH_EVENT_READ;
  if (condition & G_IO_OUT)
    events |= SPICE_WATCH_EVENT_WRITE;

  watch->func (fd, events, watch->opaque);

  return G_SOURCE_CONTINUE;
}

static void
watch_update_mask (SpiceWatch *watch,
                   int         mask)
{
  GIOCondition condition = 0;

  g_clear_handle_id (&watch->id, g_source_remove);

  if (mask & SPICE_WATCH_EVENT_READ)
    condition |= G_IO_IN | G_IO_HUP;
  if (mask & SPICE_WATCH_EVENT_WRITE)
    condition |= G_IO_OUT;

  if (condition != 0)
    watch->id = g_unix_fd_add (watch->fd, condition, watch_cb, watch);
}

static SpiceWatch *
watch_add (int             fd,
           int             mask,
           SpiceWatchFunc  func,
           void           *opaque)
{
  SpiceWatch *watch = g_new0 (SpiceWatch, 1);

  watch->fd = fd;
  watch->func = func;
  watch->opaque = opaque;
  watch_update_mask (watch, mask);

  return watch;
}

static void
watch_remove (SpiceWatch *watch)
{
  g_clear_handle_id (&watch->id, g_source_remove);
  g_free (watch);
}

static void
channel_event (int                    event,
               SpiceChannelEventInfo *info)
{
  if (event == SPICE_CHANNEL_EVENT_INITIALIZED)
    say ("channel-up %d %d", info->type, info->id);
  else if (event == SPICE_CHANNEL_EVENT_DISCONNECTED)
    say ("channel-down %d %d", info->type, info->id);
}

static SpiceCoreInterface core = {
  .base = {
    .type = SPICE_INTERFACE_CORE,
    .description = "test",
    .major_version = SPICE_INTERFACE_CORE_MAJOR,
    .minor_version = SPICE_INTERFACE_CORE_MINOR,
  },
  .timer_add = timer_add,
  .timer_start = timer_start,
  .timer_cancel = timer_cancel,
  .timer_remove = timer_remove,
  .watch_add = watch_add,
  .watch_update_mask = watch_update_mask,
  .watch_remove = watch_remove,
  .channel_event = channel_event,
};

static void
run_command (SpiceServer *server,
             const char  *line)
{
  g_auto(GStrv) words = g_strsplit (line, " ", -1);
  g_autofree char *problem = NULL;

  if (words[0] == NULL)
    return;

  if (g_str_equal (words[0], "password") && words[1] != NULL)
    spice_server_set_ticket (server, words[1], 0, 0, 0);
  else if (g_str_equal (words[0], "hang-up"))
    spice_server_set_ticket (server, "", 0, 0, 1);
  else if (g_str_equal (words[0], "quit"))
    g_main_loop_quit (loop);
  else if (!display_command (server, words, &problem) &&
           !agent_command (server, words, &problem) &&
           !devices_command (server, words, &problem))
    problem = g_strdup ("unknown command");

  if (problem != NULL)
    say ("failed %s", problem);
  else
    say ("ok");
}

static gboolean
input_cb (GIOChannel   *channel,
          GIOCondition  condition,
          gpointer      data)
{
  g_autofree char *line = NULL;
  gsize end;

  /* Whoever started this is gone. */
  if (g_io_channel_read_line (channel, &line, NULL, &end, NULL) != G_IO_STATUS_NORMAL)
    {
      g_main_loop_quit (loop);
      return G_SOURCE_REMOVE;
    }

  line[end] = '\0';
  run_command (data, line);

  return G_SOURCE_CONTINUE;
}

/* The library cannot listen on a port of the kernel's choice. */
static int
find_free_port (void)
{
  struct sockaddr_in address = {
    .sin_family = AF_INET,
    .sin_addr.s_addr = htonl (INADDR_LOOPBACK),
  };
  socklen_t length = sizeof address;
  int fd = socket (AF_INET, SOCK_STREAM, 0);

  if (bind (fd, (struct sockaddr *)&address, sizeof address) < 0 ||
      getsockname (fd, (struct sockaddr *)&address, &length) < 0)
    g_error ("No port");
  close (fd);

  return ntohs (address.sin_port);
}

static void
listen_on (SpiceServer *server,
           const char  *path,
           const char  *certificates)
{
  int port = 0;
  int tls_port = 0;

  if (path != NULL)
    {
      spice_server_set_addr (server, path, SPICE_ADDR_FLAG_UNIX_ONLY);
    }
  else
    {
      spice_server_set_addr (server, "127.0.0.1", SPICE_ADDR_FLAG_IPV4_ONLY);
      spice_server_set_port (server, port = find_free_port ());
    }

  if (certificates != NULL)
    {
      g_autofree char *ca = g_build_filename (certificates, "ca-cert.pem", NULL);
      g_autofree char *certificate = g_build_filename (certificates, "server-cert.pem", NULL);
      g_autofree char *key = g_build_filename (certificates, "server-key.pem", NULL);

      tls_port = find_free_port ();
      spice_server_set_tls (server, tls_port, ca, certificate, key, NULL, NULL, NULL);
    }

  spice_server_set_noauth (server);
  spice_server_set_image_compression (server, SPICE_IMAGE_COMPRESSION_OFF);
  spice_server_set_jpeg_compression (server, SPICE_WAN_COMPRESSION_NEVER);
  spice_server_set_zlib_glz_compression (server, SPICE_WAN_COMPRESSION_NEVER);
  spice_server_set_streaming_video (server, SPICE_STREAM_VIDEO_OFF);

  if (spice_server_init (server, &core) != 0)
    g_error ("The server could not be started");

  say ("listening %d %d", port, tls_port);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *path = NULL;
  g_autofree char *certificates = NULL;
  g_autofree char *name = NULL;
  g_autofree char *password = NULL;
  int n_displays = 1;
  GOptionEntry entries[] = {
    { "unix", 0, 0, G_OPTION_ARG_FILENAME, &path, "Listen here and on no port", "PATH" },
    { "tls", 0, 0, G_OPTION_ARG_FILENAME, &certificates, "With these certificates", "FOLDER" },
    { "displays", 0, 0, G_OPTION_ARG_INT, &n_displays, "Display channels", "N" },
    { "name", 0, 0, G_OPTION_ARG_FILENAME, &name, "The guest's name", "NAME" },
    { "password", 0, 0, G_OPTION_ARG_STRING, &password, "The ticket", "PASSWORD" },
    { NULL }
  };
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GIOChannel) input = NULL;
  SpiceServer *server;

  /* The library writes to clients that have hung up. */
  signal (SIGPIPE, SIG_IGN);

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_error ("%s", error->message);

  server = spice_server_new ();
  if (name != NULL)
    spice_server_set_name (server, name);

  listen_on (server, path, certificates);
  if (password != NULL)
    spice_server_set_ticket (server, password, 0, 0, 0);

  display_add (server, (guint)n_displays);
  devices_add (server);
  spice_server_vm_start (server);

  input = g_io_channel_unix_new (STDIN_FILENO);
  g_io_channel_set_encoding (input, NULL, NULL);
  g_io_add_watch (input, G_IO_IN | G_IO_HUP, input_cb, server);

  loop = g_main_loop_new (NULL, FALSE);
  g_main_loop_run (loop);
  spice_server_destroy (server);

  return EXIT_SUCCESS;
}
