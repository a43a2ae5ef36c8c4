/* lodge-libvirt-console.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <gio/gunixconnection.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lodge-libvirt-machine-private.h"

/*
 * Pump:
 *
 * A serial console as a GIOStream.
 *
 * A thread carries bytes between libvirt's stream and one end of a pair of
 * sockets; the other end is the GIOStream. All calls to the stream come from
 * that thread, so a daemon that hangs holds up nothing else. Libvirt's event,
 * on the main thread, only wakes it.
 */

#define EVENTS (VIR_STREAM_EVENT_READABLE | VIR_STREAM_EVENT_ERROR | VIR_STREAM_EVENT_HANGUP)

/* How soon (ms) to try again to send when libvirt takes no more; it gives no other sign. */
#define SEND_AGAIN 20

typedef struct
{
  virStreamPtr  stream;
  int           socket;
  int           wake;
} Pump;

typedef struct
{
  char  data[16384];
  gsize begin;
  gsize end;
} Buffer;

static gboolean
pump_free_cb (gpointer data)
{
  Pump *pump = data;

  close (pump->wake);
  g_free (pump);

  return G_SOURCE_REMOVE;
}

/* On the main thread. */
static void
stream_event_cb (virStreamPtr  stream,
                 int           events,
                 void         *user_data)
{
  Pump *pump = user_data;

  eventfd_write (pump->wake, 1);
}

static gboolean
would_block (void)
{
  return errno == EAGAIN || errno == EINTR;
}

/* What is left goes first; then as much as libvirt has. Returns FALSE at the end of either side. */
static gboolean
carry_out (Pump   *pump,
           Buffer *buffer)
{
  for (;;)
    {
      if (buffer->begin < buffer->end)
        {
          ssize_t n = send (pump->socket, buffer->data + buffer->begin,
                            buffer->end - buffer->begin, MSG_NOSIGNAL | MSG_DONTWAIT);

          if (n < 0)
            return would_block ();
          buffer->begin += n;
        }
      else
        {
          int n = virStreamRecv (pump->stream, buffer->data, sizeof buffer->data);

          if (n == -2)
            return TRUE;
          if (n <= 0)
            return FALSE;
          buffer->begin = 0;
          buffer->end = n;
        }
    }
}

static gboolean
carry_in (Pump   *pump,
          Buffer *buffer)
{
  for (;;)
    {
      if (buffer->begin < buffer->end)
        {
          int n = virStreamSend (pump->stream, buffer->data + buffer->begin,
                                 buffer->end - buffer->begin);

          if (n == -2)
            return TRUE;
          if (n < 0)
            return FALSE;
          buffer->begin += n;
        }
      else
        {
          ssize_t n = recv (pump->socket, buffer->data, sizeof buffer->data, MSG_DONTWAIT);

          if (n < 0)
            return would_block ();
          if (n == 0)
            return FALSE;
          buffer->begin = 0;
          buffer->end = n;
        }
    }
}

/* Libvirt repeats its event until the bytes are taken; while they cannot be, it must not. */
static void
listen_to_stream (Pump     *pump,
                  gboolean  readable,
                  gboolean *was)
{
  if (readable == *was)
    return;

  virStreamEventUpdateCallback (pump->stream,
                                readable ? EVENTS : EVENTS & ~VIR_STREAM_EVENT_READABLE);
  *was = readable;
}

static gpointer
pump_thread (gpointer data)
{
  Pump *pump = data;
  g_autofree Buffer *out = g_new0 (Buffer, 1);
  g_autofree Buffer *in = g_new0 (Buffer, 1);
  gboolean listening = TRUE;

  while (carry_out (pump, out) && carry_in (pump, in))
    {
      gboolean out_waits = out->begin < out->end;
      gboolean in_waits = in->begin < in->end;
      struct pollfd fds[] =
      {
        { pump->wake, POLLIN, 0 },
        { pump->socket, (in_waits ? 0 : POLLIN) | (out_waits ? POLLOUT : 0), 0 },
      };
      eventfd_t ignored;

      listen_to_stream (pump, !out_waits, &listening);
      poll (fds, G_N_ELEMENTS (fds), in_waits ? SEND_AGAIN : -1);

      if (fds[0].revents != 0)
        eventfd_read (pump->wake, &ignored);

      /* The other end is closed, and nobody will read what is left. */
      if ((fds[1].revents & (POLLERR | POLLHUP)) != 0 && (fds[1].revents & POLLIN) == 0)
        break;
    }

  virStreamEventRemoveCallback (pump->stream);
  virStreamAbort (pump->stream);
  virStreamFree (pump->stream);
  close (pump->socket);

  /* The main thread may be in the midst of the event. Libvirt's way to say that it is not, the
   * function that frees its data, is never called for remote streams (9.0).
   */
  g_idle_add (pump_free_cb, pump);

  return NULL;
}

/* Takes over the stream and the socket. */
static gboolean
pump_start (virStreamPtr   stream,
            int            fd,
            GError       **error)
{
  Pump *pump = g_new0 (Pump, 1);

  pump->stream = stream;
  pump->socket = fd;
  pump->wake = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);

  if (virStreamEventAddCallback (stream, EVENTS, stream_event_cb, pump, NULL) < 0)
    {
      lodge_libvirt_fail (error);
      virStreamAbort (stream);
      virStreamFree (stream);
      close (fd);
      pump_free_cb (pump);
      return FALSE;
    }

  g_thread_unref (g_thread_new ("lodge-console", pump_thread, pump));

  return TRUE;
}

static virStreamPtr
open_stream (virDomainPtr   domain,
             const char    *alias,
             GError       **error)
{
  virStreamPtr stream = virStreamNew (virDomainGetConnect (domain), VIR_STREAM_NONBLOCK);

  if (stream == NULL)
    {
      lodge_libvirt_fail (error);
      return NULL;
    }

  /* Not every driver can take the console from somebody else. */
  if (virDomainOpenConsole (domain, alias, stream, VIR_DOMAIN_CONSOLE_FORCE) < 0 &&
      virDomainOpenConsole (domain, alias, stream, 0) < 0)
    {
      lodge_libvirt_fail (error);
      virStreamFree (stream);
      return NULL;
    }

  return stream;
}

/* Blocks. @alias: (nullable): the console's alias, or NULL for the first one */
GIOStream *
lodge_libvirt_open_console (virDomainPtr   domain,
                            const char    *alias,
                            GError       **error)
{
  g_autoptr(GSocket) socket = NULL;
  virStreamPtr stream;
  int fds[2];

  if ((stream = open_stream (domain, alias, error)) == NULL)
    return NULL;

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
    {
      int saved = errno;

      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (saved), g_strerror (saved));
      virStreamAbort (stream);
      virStreamFree (stream);
      return NULL;
    }

  if ((socket = g_socket_new_from_fd (fds[0], error)) == NULL)
    {
      close (fds[0]);
      close (fds[1]);
      virStreamAbort (stream);
      virStreamFree (stream);
      return NULL;
    }

  if (!pump_start (stream, fds[1], error))
    return NULL;

  return G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
}
