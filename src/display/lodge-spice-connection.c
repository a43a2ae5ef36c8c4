/* lodge-spice-connection.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <unistd.h>

#include <gio/gio.h>

#include "lodge-spice-connection.h"
#include "lodge-spice-farewell.h"

/**
 * LodgeSpiceConnection:
 *
 * One attempt to reach a SPICE server, and what came of it.
 *
 * Channels are the library's: it says that a session has ended only when the last reference to each
 * is gone, so that they are borrowed here and forgotten when the session destroys them.
 */

/* How long a server may take to answer once there is a socket. A stopped QEMU accepts connections
 * and then says nothing, for ever.
 */
#define ANSWER_TIMEOUT_S 30

/* A server that closed the connection is asked whether it is still there: first it gets the time to
 * finish exiting, and then it has this long to answer.
 */
#define PROBE_DELAY_MS 120
#define PROBE_TIMEOUT_S 3

struct _LodgeSpiceConnection
{
  GObject             parent_instance;
  SpiceSession       *session;
  SpiceMainChannel   *main;
  SpiceInputsChannel *inputs;
  LodgeSpiceTarget   *target;
  GCancellable       *cancellable;
  GError             *end;
  GHashTable         *running;
  gint64              last_opened;
  guint               answer_timeout;
  guint               probe_delay;
  guint               probe_timeout;
  guint               audio : 1;
  guint               ended : 1;
  guint               gone : 1;
  guint               inputs_up : 1;
  guint               opened : 1;
  guint               stopped : 1;
};

enum {
  CHANNEL_ADDED,
  CHANNEL_REMOVED,
  ENDED,
  GONE,
  INPUTS_CHANGED,
  OPENED,
  PASSWORD_NEEDED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (LodgeSpiceConnection, lodge_spice_connection, G_TYPE_OBJECT)

static guint signals[N_SIGNALS];

static LodgeSpiceTarget *
lodge_spice_target_copy (const LodgeSpiceTarget *target)
{
  LodgeSpiceTarget *copy = g_memdup2 (target, sizeof *target);

  copy->source = target->source != NULL ? g_object_ref (target->source) : NULL;
  copy->host = g_strdup (target->host);
  copy->ca_file = g_strdup (target->ca_file);
  copy->host_subject = g_strdup (target->host_subject);

  return copy;
}

void
lodge_spice_target_free (LodgeSpiceTarget *target)
{
  g_clear_object (&target->source);
  g_free (target->host);
  g_free (target->ca_file);
  g_free (target->host_subject);
  g_free (target);
}

static void
lodge_spice_connection_end (LodgeSpiceConnection *self,
                            GError               *error)
{
  g_autoptr(GError) end = error;

  g_assert (LODGE_IS_SPICE_CONNECTION (self));

  if (self->stopped)
    return;

  g_signal_emit (self, signals[ENDED], 0, end);
}

/* After the main channel was closed: is the server still there? SPICE does not tell a client that
 * another one took its place, it just hangs up. But then the server answers the next one, while a
 * server that went away does not.
 */
static void
lodge_spice_connection_probed (LodgeSpiceConnection *self,
                               gboolean              alive)
{
  g_assert (LODGE_IS_SPICE_CONNECTION (self));

  g_clear_handle_id (&self->probe_timeout, g_source_remove);
  g_cancellable_cancel (self->cancellable);

  if (self->end == NULL)
    return;

  if (alive)
    {
      g_clear_error (&self->end);
      self->end = g_error_new_literal (LODGE_SESSION_ERROR, LODGE_SESSION_ERROR_TAKEN_OVER,
                                       "The server closed the connection and takes others");
    }

  lodge_spice_connection_end (self, g_steal_pointer (&self->end));
}

static void
lodge_spice_connection_probe_fd_cb (GObject      *object,
                                    GAsyncResult *result,
                                    gpointer      user_data)
{
  g_autoptr(LodgeSpiceConnection) self = user_data;
  g_autoptr(GError) error = NULL;
  int fd;

  fd = self->target->finish (object, result, &error);
  if (fd >= 0)
    close (fd);

  lodge_spice_connection_probed (self, fd >= 0);
}

static void
lodge_spice_connection_probe_address_cb (GObject      *object,
                                         GAsyncResult *result,
                                         gpointer      user_data)
{
  g_autoptr(LodgeSpiceConnection) self = user_data;
  g_autoptr(GSocketConnection) connection = NULL;
  g_autoptr(GError) error = NULL;

  connection = g_socket_client_connect_to_host_finish (G_SOCKET_CLIENT (object), result, &error);

  lodge_spice_connection_probed (self, connection != NULL);
}

static gboolean
lodge_spice_connection_probe_timeout_cb (gpointer user_data)
{
  LodgeSpiceConnection *self = user_data;

  self->probe_timeout = 0;
  lodge_spice_connection_probed (self, FALSE);

  return G_SOURCE_REMOVE;
}

static gboolean
lodge_spice_connection_probe_cb (gpointer user_data)
{
  LodgeSpiceConnection *self = user_data;
  const LodgeSpiceTarget *target = self->target;

  self->probe_delay = 0;
  self->probe_timeout =
    g_timeout_add_seconds (PROBE_TIMEOUT_S, lodge_spice_connection_probe_timeout_cb, self);

  if (target->open != NULL)
    {
      target->open (target->source, self->cancellable, lodge_spice_connection_probe_fd_cb,
                    g_object_ref (self));
    }
  else
    {
      g_autoptr(GSocketClient) client = g_socket_client_new ();

      g_socket_client_set_enable_proxy (client, FALSE);
      g_socket_client_connect_to_host_async (client, target->host,
                                             target->tls_port != 0 ? target->tls_port : target->port,
                                             self->cancellable,
                                             lodge_spice_connection_probe_address_cb,
                                             g_object_ref (self));
    }

  return G_SOURCE_REMOVE;
}

/* Takes @error. What is heard of the connection from now on is only an echo. */
static void
lodge_spice_connection_lost (LodgeSpiceConnection *self,
                             GError               *error)
{
  g_assert (LODGE_IS_SPICE_CONNECTION (self));

  if (self->ended || self->stopped)
    {
      g_error_free (error);
      return;
    }

  self->ended = TRUE;
  g_clear_handle_id (&self->answer_timeout, g_source_remove);

  if (!g_error_matches (error, LODGE_SESSION_ERROR, LODGE_SESSION_ERROR_ENDED))
    {
      lodge_spice_connection_end (self, error);
      return;
    }

  self->end = error;
  self->probe_delay = g_timeout_add (PROBE_DELAY_MS, lodge_spice_connection_probe_cb, self);
}

static void
lodge_spice_connection_lost_literal (LodgeSpiceConnection *self,
                                     LodgeSessionError     code,
                                     SpiceChannel         *channel,
                                     const char           *fallback)
{
  const GError *error = channel != NULL ? spice_channel_get_error (channel) : NULL;

  lodge_spice_connection_lost (self,
                               g_error_new_literal (LODGE_SESSION_ERROR, code,
                                                    error != NULL ? error->message : fallback));
}

static gboolean
lodge_spice_connection_answer_timeout_cb (gpointer user_data)
{
  LodgeSpiceConnection *self = user_data;

  self->answer_timeout = 0;
  lodge_spice_connection_lost_literal (self, LODGE_SESSION_ERROR_CONNECT, NULL,
                                       "The server accepts connections but does not answer");

  return G_SOURCE_REMOVE;
}

static void
lodge_spice_connection_await_answer (LodgeSpiceConnection *self)
{
  g_assert (LODGE_IS_SPICE_CONNECTION (self));

  if (self->answer_timeout == 0 && !self->opened)
    self->answer_timeout =
      g_timeout_add_seconds (ANSWER_TIMEOUT_S, lodge_spice_connection_answer_timeout_cb, self);
}

static void
lodge_spice_connection_auth_failed (LodgeSpiceConnection *self,
                                    SpiceChannel         *channel)
{
  const GError *error = spice_channel_get_error (channel);

  g_assert (LODGE_IS_SPICE_CONNECTION (self));

  if (error != NULL && !g_error_matches (error, SPICE_CLIENT_ERROR,
                                         SPICE_CLIENT_ERROR_AUTH_NEEDS_PASSWORD))
    {
      lodge_spice_connection_lost_literal (self, LODGE_SESSION_ERROR_FAILED, channel, "");
      return;
    }

  self->ended = TRUE;
  g_clear_handle_id (&self->answer_timeout, g_source_remove);
  g_signal_emit (self, signals[PASSWORD_NEEDED], 0);
}

static void
lodge_spice_connection_set_inputs_up (LodgeSpiceConnection *self,
                                      gboolean              up)
{
  g_assert (LODGE_IS_SPICE_CONNECTION (self));

  if (self->inputs_up == up)
    return;

  self->inputs_up = up;
  g_signal_emit (self, signals[INPUTS_CHANGED], 0);
}

static void
lodge_spice_connection_channel_opened (LodgeSpiceConnection *self,
                                       SpiceChannel         *channel)
{
  g_assert (LODGE_IS_SPICE_CONNECTION (self));

  if (SPICE_IS_INPUTS_CHANNEL (channel))
    lodge_spice_connection_set_inputs_up (self, TRUE);

  /* A migration opens the main channel again. */
  if (!SPICE_IS_MAIN_CHANNEL (channel) || self->opened)
    return;

  self->opened = TRUE;
  g_clear_handle_id (&self->answer_timeout, g_source_remove);
  g_signal_emit (self, signals[OPENED], 0);
}

static void
lodge_spice_connection_channel_event_cb (LodgeSpiceConnection *self,
                                         SpiceChannelEvent     event,
                                         SpiceChannel         *channel)
{
  gboolean vital;

  /* An error is not yet the end of one that was open: that comes with the event after it. */
  if (event == SPICE_CHANNEL_CLOSED || (event >= SPICE_CHANNEL_ERROR_CONNECT &&
                                        !g_hash_table_lookup (self->running, channel)))
    g_hash_table_remove (self->running, channel);
  else if (event == SPICE_CHANNEL_OPENED)
    {
      g_hash_table_insert (self->running, channel, GINT_TO_POINTER (TRUE));
      self->last_opened = g_get_monotonic_time ();
    }

  if (self->ended || self->stopped)
    return;

  if (event == SPICE_CHANNEL_OPENED)
    {
      lodge_spice_connection_channel_opened (self, channel);
      return;
    }

  if (event == SPICE_CHANNEL_SWITCHING || event == SPICE_CHANNEL_NONE)
    return;

  if (SPICE_IS_INPUTS_CHANNEL (channel))
    lodge_spice_connection_set_inputs_up (self, FALSE);

  /* Without a picture or without hands there is nothing to use; sound or a cursor that fails is no
   * reason to hang up.
   */
  vital = SPICE_IS_MAIN_CHANNEL (channel) || SPICE_IS_DISPLAY_CHANNEL (channel) ||
          SPICE_IS_INPUTS_CHANNEL (channel);
  if (!vital)
    return;

  switch ((int)event)
    {
    case SPICE_CHANNEL_ERROR_CONNECT:
      lodge_spice_connection_lost_literal (self, LODGE_SESSION_ERROR_CONNECT, channel,
                                           "The connection could not be made");
      break;

    case SPICE_CHANNEL_ERROR_TLS:
      lodge_spice_connection_lost_literal (self, LODGE_SESSION_ERROR_TLS, channel,
                                           "The encrypted connection could not be made");
      break;

    case SPICE_CHANNEL_ERROR_LINK:
      lodge_spice_connection_lost_literal (self, self->opened ? LODGE_SESSION_ERROR_ENDED
                                                              : LODGE_SESSION_ERROR_CONNECT,
                                           channel, "The server ended the connection at once");
      break;

    case SPICE_CHANNEL_ERROR_AUTH:
      lodge_spice_connection_auth_failed (self, channel);
      break;

    default:
      lodge_spice_connection_lost_literal (self, LODGE_SESSION_ERROR_ENDED, channel,
                                           "The server ended the connection");
      break;
    }
}

/* A socket on its way to one channel. */
typedef struct
{
  LodgeSpiceConnection *connection;
  GWeakRef              channel;
} SocketRequest;

static void
lodge_spice_connection_fd_ready_cb (GObject      *object,
                                    GAsyncResult *result,
                                    gpointer      user_data)
{
  SocketRequest *request = user_data;
  g_autoptr(LodgeSpiceConnection) self = request->connection;
  g_autoptr(GObject) held = g_weak_ref_get (&request->channel);
  g_autoptr(GError) error = NULL;
  SpiceChannel *channel = held != NULL ? SPICE_CHANNEL (held) : NULL;
  int fd;

  g_weak_ref_clear (&request->channel);
  g_free (request);

  fd = self->target->finish (object, result, &error);

  if (self->stopped || self->ended || channel == NULL)
    {
      if (fd >= 0)
        close (fd);
      return;
    }

  if (fd < 0)
    {
      if (SPICE_IS_MAIN_CHANNEL (channel) || SPICE_IS_DISPLAY_CHANNEL (channel) ||
          SPICE_IS_INPUTS_CHANNEL (channel))
        lodge_spice_connection_lost (self,
                                     g_error_new_literal (LODGE_SESSION_ERROR,
                                                          LODGE_SESSION_ERROR_CONNECT,
                                                          error->message));
      return;
    }

  if (SPICE_IS_MAIN_CHANNEL (channel))
    lodge_spice_connection_await_answer (self);

  g_hash_table_insert (self->running, channel, GINT_TO_POINTER (FALSE));
  if (!spice_channel_open_fd (channel, fd))
    close (fd);
}

static void
lodge_spice_connection_open_fd_cb (LodgeSpiceConnection *self,
                                   int                   with_tls,
                                   SpiceChannel         *channel)
{
  SocketRequest *request;

  if (self->stopped)
    return;

  request = g_new0 (SocketRequest, 1);
  request->connection = g_object_ref (self);
  g_weak_ref_init (&request->channel, channel);

  self->target->open (self->target->source, self->cancellable,
                      lodge_spice_connection_fd_ready_cb, request);
}

/* It was told to connect. With lent sockets it begins when it gets one. */
static void
lodge_spice_connection_set_running (LodgeSpiceConnection *self,
                                    SpiceChannel         *channel)
{
  g_assert (LODGE_IS_SPICE_CONNECTION (self));

  if (self->target->open == NULL)
    g_hash_table_insert (self->running, channel, GINT_TO_POINTER (FALSE));
}

static void
lodge_spice_connection_channel_new_cb (LodgeSpiceConnection *self,
                                       SpiceChannel         *channel)
{
  g_signal_connect_object (channel, "channel-event",
                           G_CALLBACK (lodge_spice_connection_channel_event_cb), self,
                           G_CONNECT_SWAPPED);

  if (self->target->open != NULL)
    g_signal_connect_object (channel, "open-fd",
                             G_CALLBACK (lodge_spice_connection_open_fd_cb), self,
                             G_CONNECT_SWAPPED);

  if (SPICE_IS_MAIN_CHANNEL (channel))
    self->main = SPICE_MAIN_CHANNEL (channel);
  else if (SPICE_IS_INPUTS_CHANNEL (channel))
    self->inputs = SPICE_INPUTS_CHANNEL (channel);

  g_signal_emit (self, signals[CHANNEL_ADDED], 0, channel);

  /* The session connects its main channel, SpiceAudio those for sound, SpiceUsbDeviceManager those
   * for devices.
   */
  if (SPICE_IS_DISPLAY_CHANNEL (channel) || SPICE_IS_INPUTS_CHANNEL (channel) ||
      SPICE_IS_CURSOR_CHANNEL (channel))
    {
      lodge_spice_connection_set_running (self, channel);
      spice_channel_connect (channel);
    }
  else if (SPICE_IS_MAIN_CHANNEL (channel) ||
           (self->audio && (SPICE_IS_PLAYBACK_CHANNEL (channel) ||
                            SPICE_IS_RECORD_CHANNEL (channel))))
    {
      lodge_spice_connection_set_running (self, channel);
    }
}

static void
lodge_spice_connection_forget_channel (LodgeSpiceConnection *self,
                                       SpiceChannel         *channel)
{
  g_assert (LODGE_IS_SPICE_CONNECTION (self));

  g_signal_handlers_disconnect_by_data (channel, self);
  if (!self->stopped)
    g_hash_table_remove (self->running, channel);

  if ((gpointer)channel == self->inputs)
    {
      lodge_spice_connection_set_inputs_up (self, FALSE);
      self->inputs = NULL;
    }

  if ((gpointer)channel == self->main)
    self->main = NULL;

  g_signal_emit (self, signals[CHANNEL_REMOVED], 0, channel);
}

static void
lodge_spice_connection_dispose (GObject *object)
{
  LodgeSpiceConnection *self = (LodgeSpiceConnection *)object;

  lodge_spice_connection_stop (self);

  G_OBJECT_CLASS (lodge_spice_connection_parent_class)->dispose (object);
}

static void
lodge_spice_connection_finalize (GObject *object)
{
  LodgeSpiceConnection *self = (LodgeSpiceConnection *)object;

  g_clear_object (&self->session);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->end);
  g_clear_pointer (&self->running, g_hash_table_unref);
  g_clear_pointer (&self->target, lodge_spice_target_free);

  G_OBJECT_CLASS (lodge_spice_connection_parent_class)->finalize (object);
}

static void
lodge_spice_connection_class_init (LodgeSpiceConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = lodge_spice_connection_dispose;
  object_class->finalize = lodge_spice_connection_finalize;

  signals[CHANNEL_ADDED] =
    g_signal_new ("channel-added", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, SPICE_TYPE_CHANNEL);

  signals[CHANNEL_REMOVED] =
    g_signal_new ("channel-removed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, SPICE_TYPE_CHANNEL);

  signals[ENDED] =
    g_signal_new ("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR);

  signals[GONE] =
    g_signal_new ("gone", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  signals[INPUTS_CHANGED] =
    g_signal_new ("inputs-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  signals[OPENED] =
    g_signal_new ("opened", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  signals[PASSWORD_NEEDED] =
    g_signal_new ("password-needed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lodge_spice_connection_init (LodgeSpiceConnection *self)
{
  self->session = spice_session_new ();
  self->cancellable = g_cancellable_new ();
  self->running = g_hash_table_new (NULL, NULL);
}

static void
lodge_spice_connection_apply_address (LodgeSpiceConnection *self)
{
  const LodgeSpiceTarget *target = self->target;
  g_autofree char *port = NULL;
  g_autofree char *tls_port = NULL;

  g_assert (LODGE_IS_SPICE_CONNECTION (self));

  if (target->port != 0)
    port = g_strdup_printf ("%u", target->port);

  if (target->tls_port != 0)
    tls_port = g_strdup_printf ("%u", target->tls_port);

  g_object_set (self->session,
                "host", target->host,
                "port", port,
                "tls-port", tls_port,
                "ca-file", target->ca_file,
                "cert-subject", target->host_subject,
                NULL);

  if (target->host_subject != NULL)
    g_object_set (self->session, "verify", SPICE_SESSION_VERIFY_SUBJECT, NULL);

  /* With a TLS port nothing goes in the clear: the server may offer both. */
  if (tls_port != NULL)
    {
      const char *all[] = { "all", NULL };

      g_object_set (self->session, "secure-channels", all, NULL);
    }
}

/**
 * lodge_spice_connection_new:
 * @target: where to
 * @password: (nullable): the ticket
 *
 * Returns: (transfer full): a connection that was not started
 */
LodgeSpiceConnection *
lodge_spice_connection_new (const LodgeSpiceTarget *target,
                            const char             *password)
{
  LodgeSpiceConnection *self = g_object_new (LODGE_TYPE_SPICE_CONNECTION, NULL);

  self->target = lodge_spice_target_copy (target);

  if (self->target->open == NULL)
    lodge_spice_connection_apply_address (self);

  g_object_set (self->session, "password", password, NULL);

  return self;
}

void
lodge_spice_connection_start (LodgeSpiceConnection *self)
{
  gboolean audio;
  gboolean started;

  g_return_if_fail (LODGE_IS_SPICE_CONNECTION (self));
  g_return_if_fail (!self->stopped);

  g_object_get (self->session, "enable-audio", &audio, NULL);
  self->audio = audio;

  g_signal_connect_object (self->session, "channel-new",
                           G_CALLBACK (lodge_spice_connection_channel_new_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "channel-destroy",
                           G_CALLBACK (lodge_spice_connection_forget_channel), self,
                           G_CONNECT_SWAPPED);

  if (self->target->open != NULL)
    {
      started = spice_session_open_fd (self->session, -1);
    }
  else
    {
      started = spice_session_connect (self->session);
      lodge_spice_connection_await_answer (self);
    }

  if (!started)
    lodge_spice_connection_lost_literal (self, LODGE_SESSION_ERROR_CONNECT, NULL,
                                         "The connection could not be started");
}

static void
lodge_spice_connection_gone_cb (gpointer user_data)
{
  g_autoptr(LodgeSpiceConnection) self = user_data;

  self->gone = TRUE;
  g_signal_emit (self, signals[GONE], 0);
}

void
lodge_spice_connection_stop (LodgeSpiceConnection *self)
{
  g_autoptr(GList) channels = NULL;

  g_return_if_fail (LODGE_IS_SPICE_CONNECTION (self));

  if (self->stopped)
    return;

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->answer_timeout, g_source_remove);
  g_clear_handle_id (&self->probe_delay, g_source_remove);
  g_clear_handle_id (&self->probe_timeout, g_source_remove);

  self->stopped = TRUE;

  g_signal_handlers_disconnect_by_data (self->session, self);
  channels = spice_session_get_channels (self->session);
  for (GList *l = channels; l != NULL; l = l->next)
    lodge_spice_connection_forget_channel (self, l->data);

  lodge_spice_farewell (self->session, g_steal_pointer (&self->running), self->last_opened,
                        G_CALLBACK (lodge_spice_connection_gone_cb), g_object_ref (self));
}

SpiceSession *
lodge_spice_connection_get_session (LodgeSpiceConnection *self)
{
  g_return_val_if_fail (LODGE_IS_SPICE_CONNECTION (self), NULL);

  return self->session;
}

SpiceMainChannel *
lodge_spice_connection_get_main (LodgeSpiceConnection *self)
{
  g_return_val_if_fail (LODGE_IS_SPICE_CONNECTION (self), NULL);

  return self->main;
}

SpiceInputsChannel *
lodge_spice_connection_get_inputs (LodgeSpiceConnection *self)
{
  g_return_val_if_fail (LODGE_IS_SPICE_CONNECTION (self), NULL);

  return self->inputs_up ? self->inputs : NULL;
}

/* Whether it was stopped and cannot reach the server any more. */
gboolean
lodge_spice_connection_get_gone (LodgeSpiceConnection *self)
{
  g_return_val_if_fail (LODGE_IS_SPICE_CONNECTION (self), TRUE);

  return self->gone;
}
