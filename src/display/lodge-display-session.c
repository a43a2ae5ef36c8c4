/* lodge-display-session.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-display-enums.h"
#include "lodge-display-session-private.h"
#include "lodge-scanout.h"
#include "lodge-screen-private.h"
#include "lodge-spice-surface.h"

/**
 * LodgeDisplaySession:
 *
 * One guest's desktop: its screens, agent, clipboard, sound and file transfers, over SPICE.
 *
 * The object stays through any number of connections. Each of them is a #LodgeSpiceConnection of
 * its own, which is thrown away whole when it ends; what outlives it is here.
 */

/* What the GTK 3 widget waits before it sends a key that is held: over a slow line press and
 * release must not drift apart, or the guest repeats the key.
 */
#define REMOTE_KEY_PRESS_DELAY_MS 100

#define START_TIMEOUT_MS 3000

/* How late a server may be in taking note of a connection that was given up. */
#define ABANDONED_US (5 * G_USEC_PER_SEC)

G_DEFINE_FINAL_TYPE (LodgeDisplaySession, lodge_display_session, G_TYPE_OBJECT)

G_DEFINE_QUARK (lodge-session-error-quark, lodge_session_error)

enum {
  USB_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[LODGE_DISPLAY_SESSION_N_PROPS];
static guint signals[N_SIGNALS];

void
_lodge_display_session_emit_usb_changed (LodgeDisplaySession *self)
{
  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  g_signal_emit (self, signals[USB_CHANGED], 0);
}

void
_lodge_display_session_notify (LodgeDisplaySession     *self,
                               LodgeDisplaySessionProp  prop)
{
  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  g_object_notify_by_pspec (G_OBJECT (self), properties[prop]);
}

SpiceInputsChannel *
_lodge_display_session_get_inputs (LodgeDisplaySession *self)
{
  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  return self->connection != NULL ? lodge_spice_connection_get_inputs (self->connection) : NULL;
}

SpiceMainChannel *
_lodge_display_session_get_main (LodgeDisplaySession *self)
{
  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  return self->connection != NULL ? lodge_spice_connection_get_main (self->connection) : NULL;
}

LodgeMouseMode
_lodge_display_session_get_mouse_mode (LodgeDisplaySession *self)
{
  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  return self->mouse_mode;
}

/* Takes @error. */
static void
lodge_display_session_set_state (LodgeDisplaySession *self,
                                 LodgeSessionState    state,
                                 GError              *error)
{
  gboolean state_changed = self->state != state;
  gboolean error_changed = self->error != NULL || error != NULL;

  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  g_clear_error (&self->error);
  self->error = error;
  self->state = state;

  /* The error first: whoever hears of the state reads it. */
  g_object_freeze_notify (G_OBJECT (self));

  if (error_changed)
    _lodge_display_session_notify (self, LODGE_DISPLAY_SESSION_PROP_ERROR);

  if (state_changed)
    _lodge_display_session_notify (self, LODGE_DISPLAY_SESSION_PROP_STATE);

  g_object_thaw_notify (G_OBJECT (self));
}

void
_lodge_display_session_update_clipboard (LodgeDisplaySession *self)
{
  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  if (self->clipboard == NULL)
    return;

  lodge_clipboard_set_channel (self->clipboard, _lodge_display_session_get_main (self));
  lodge_clipboard_set_enabled (self->clipboard,
                               self->share_clipboard && self->agent.can_share_clipboard);
}

static void
lodge_display_session_set_key_press_delay (LodgeDisplaySession *self,
                                           guint                ms)
{
  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  if (self->key_press_delay == ms)
    return;

  self->key_press_delay = ms;
  _lodge_display_session_update_screens (self);
  _lodge_display_session_notify (self, LODGE_DISPLAY_SESSION_PROP_KEY_PRESS_DELAY);
}

static void
lodge_display_session_set_transport_local (LodgeDisplaySession *self,
                                           gboolean             local)
{
  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  lodge_display_session_set_key_press_delay (self, local ? 0 : REMOTE_KEY_PRESS_DELAY_MS);

  if (self->transport_local == local)
    return;

  self->transport_local = local;
  _lodge_display_session_notify (self, LODGE_DISPLAY_SESSION_PROP_TRANSPORT_LOCAL);
}

static void
lodge_display_session_mouse_mode_cb (LodgeDisplaySession *self)
{
  SpiceMainChannel *channel = _lodge_display_session_get_main (self);
  LodgeMouseMode mode;
  int mouse_mode;

  if (channel == NULL)
    return;

  g_object_get (channel, "mouse-mode", &mouse_mode, NULL);
  mode = mouse_mode == SPICE_MOUSE_MODE_CLIENT ? LODGE_MOUSE_MODE_CLIENT : LODGE_MOUSE_MODE_SERVER;

  if (self->mouse_mode == mode)
    return;

  self->mouse_mode = mode;
  _lodge_display_session_update_screens (self);
  _lodge_display_session_notify (self, LODGE_DISPLAY_SESSION_PROP_MOUSE_MODE);
}

static void
lodge_display_session_lock_keys_cb (LodgeDisplaySession *self,
                                    SpiceChannel        *channel)
{
  int modifiers;

  /* SPICE's bits are in the order of ours: scroll, num, caps (spice/enums.h). */
  g_object_get (channel, "key-modifiers", &modifiers, NULL);
  self->lock_keys = (LodgeLockKeys)modifiers;
  _lodge_display_session_update_screens (self);

  /* The first time is part of the greeting. */
  if (g_object_get_data (G_OBJECT (channel), "lodge-opened") == NULL)
    {
      g_object_set_data (G_OBJECT (channel), "lodge-opened", channel);
      _lodge_display_session_inputs_opened (self);
    }
}

/* The library sends a state of the lock keys as soon as the channel is up, none lit if it knows of
 * nothing else, and the guest's Num Lock went out with each connection. So it gets the one that the
 * display would ask for at the next focus.
 */
static void
lodge_display_session_prepare_lock_keys (LodgeDisplaySession *self,
                                         SpiceInputsChannel  *channel)
{
  GdkDisplay *display = gdk_display_get_default ();
  GdkSeat *seat = display != NULL ? gdk_display_get_default_seat (display) : NULL;
  GdkDevice *keyboard = seat != NULL ? gdk_seat_get_keyboard (seat) : NULL;
  LodgeLockKeys locked = self->lock_keys;

  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  if (keyboard != NULL)
    locked = (gdk_device_get_caps_lock_state (keyboard) ? LODGE_LOCK_KEY_CAPS : 0) |
             (gdk_device_get_num_lock_state (keyboard) ? LODGE_LOCK_KEY_NUM : 0) |
             (gdk_device_get_scroll_lock_state (keyboard) ? LODGE_LOCK_KEY_SCROLL : 0);

  spice_inputs_channel_set_key_locks (channel, locked);
}

static void
lodge_display_session_name_cb (LodgeDisplaySession *self,
                               GParamSpec          *pspec,
                               SpiceSession        *session)
{
  g_autofree char *name = NULL;

  g_object_get (session, "name", &name, NULL);
  if (g_strcmp0 (name, self->name) == 0)
    return;

  g_free (self->name);
  self->name = g_steal_pointer (&name);
  _lodge_display_session_notify (self, LODGE_DISPLAY_SESSION_PROP_NAME);
}

static void
lodge_display_session_channel_added_cb (LodgeDisplaySession *self,
                                        SpiceChannel        *channel)
{
  if (SPICE_IS_MAIN_CHANNEL (channel))
    {
      g_signal_connect_object (channel, "main-mouse-update",
                               G_CALLBACK (lodge_display_session_mouse_mode_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (channel, "main-agent-update",
                               G_CALLBACK (_lodge_display_session_update_agent), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (channel, "notify::agent-connected",
                               G_CALLBACK (_lodge_display_session_update_agent), self,
                               G_CONNECT_SWAPPED);
      _lodge_display_session_add_transfer_channel (self, SPICE_MAIN_CHANNEL (channel));
      lodge_display_session_mouse_mode_cb (self);
      _lodge_display_session_update_agent (self);
    }
  else if (SPICE_IS_INPUTS_CHANNEL (channel))
    {
      g_signal_connect_object (channel, "inputs-modifiers",
                               G_CALLBACK (lodge_display_session_lock_keys_cb), self,
                               G_CONNECT_SWAPPED);
      lodge_display_session_prepare_lock_keys (self, SPICE_INPUTS_CHANNEL (channel));
    }
  else if (SPICE_IS_DISPLAY_CHANNEL (channel) || SPICE_IS_CURSOR_CHANNEL (channel))
    {
      _lodge_display_session_add_surface_channel (self, channel);
    }
  else if (self->sound != NULL)
    {
      lodge_spice_sound_add_channel (self->sound, channel);
    }
}

static void
lodge_display_session_channel_removed_cb (LodgeDisplaySession *self,
                                          SpiceChannel        *channel)
{
  g_signal_handlers_disconnect_by_data (channel, self);

  if (SPICE_IS_MAIN_CHANNEL (channel))
    _lodge_display_session_update_agent (self);
  else if (SPICE_IS_DISPLAY_CHANNEL (channel) || SPICE_IS_CURSOR_CHANNEL (channel))
    _lodge_display_session_remove_surface_channel (self, channel);
  else if (self->sound != NULL)
    lodge_spice_sound_remove_channel (self->sound, channel);
}

static void lodge_display_session_connect (LodgeDisplaySession *self,
                                           const char          *password);

static void
lodge_display_session_start (LodgeDisplaySession *self)
{
  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  g_clear_handle_id (&self->start_timeout, g_source_remove);
  if (self->leaving != NULL)
    g_signal_handlers_disconnect_by_data (self->leaving, self);
  g_clear_object (&self->leaving);

  if (self->connection != NULL)
    lodge_spice_connection_start (self->connection);
}

/* The last connection has left the server alone: the next one may begin. */
static void
lodge_display_session_gone_cb (LodgeDisplaySession *self)
{
  if (self->start_timeout != 0)
    lodge_display_session_start (self);
  else
    g_clear_object (&self->leaving);
}

static gboolean
lodge_display_session_start_timeout_cb (gpointer user_data)
{
  LodgeDisplaySession *self = user_data;

  self->start_timeout = 0;
  lodge_display_session_start (self);

  return G_SOURCE_REMOVE;
}

/* A connection that was given up on its way may still arrive at the server, and there it would take
 * over from the next one. So that one waits, for a while.
 */
static void
lodge_display_session_start_after_last (LodgeDisplaySession *self)
{
  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  if (self->leaving == NULL || lodge_spice_connection_get_gone (self->leaving))
    lodge_display_session_start (self);
  else if (self->start_timeout == 0)
    self->start_timeout =
      g_timeout_add (START_TIMEOUT_MS, lodge_display_session_start_timeout_cb, self);
}

/* Lets go of the connection; afterwards nothing of it reaches the session. */
static void
lodge_display_session_drop_connection (LodgeDisplaySession *self)
{
  /* Whoever hears that no device is sent any more may close the session: there is nothing left then. */
  g_autoptr(LodgeSpiceConnection) connection = g_steal_pointer (&self->connection);

  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  if (connection == NULL)
    return;

  _lodge_display_session_stop_usb (self);
  lodge_spice_connection_stop (connection);
  g_signal_handlers_disconnect_by_data (connection, self);
  g_signal_handlers_disconnect_by_data (lodge_spice_connection_get_session (connection), self);
  _lodge_display_session_end_transfers (self);
  _lodge_display_session_stop_sound (self);

  /* One that waits for its turn was never under way. */
  if (self->start_timeout != 0)
    {
      g_clear_handle_id (&self->start_timeout, g_source_remove);
      return;
    }

  if (self->state == LODGE_SESSION_STATE_CONNECTING)
    self->abandoned_at = g_get_monotonic_time ();

  if (lodge_spice_connection_get_gone (connection))
    return;

  if (self->leaving != NULL)
    g_signal_handlers_disconnect_by_data (self->leaving, self);
  g_set_object (&self->leaving, connection);
  g_signal_connect_object (connection, "gone", G_CALLBACK (lodge_display_session_gone_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
lodge_display_session_opened_cb (LodgeDisplaySession *self)
{
  lodge_display_session_set_state (self, LODGE_SESSION_STATE_CONNECTED, NULL);
}

static void
lodge_display_session_password_needed_cb (LodgeDisplaySession *self)
{
  GError *error = NULL;

  lodge_display_session_drop_connection (self);

  if (self->password_sent)
    error = g_error_new_literal (LODGE_SESSION_ERROR, LODGE_SESSION_ERROR_PASSWORD,
                                 "The server refused the password");

  lodge_display_session_set_state (self, LODGE_SESSION_STATE_PASSWORD, error);
}

/* Whether the client that took over is the ghost of our own last attempt: a server takes note of each
 * in its own time. Then, and once, it is worth another.
 */
static gboolean
lodge_display_session_was_haunted (LodgeDisplaySession *self,
                                   const GError        *error)
{
  gint64 abandoned_at = self->abandoned_at;

  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  self->abandoned_at = 0;

  return abandoned_at != 0 && !self->password_sent &&
         g_get_monotonic_time () - abandoned_at < ABANDONED_US &&
         g_error_matches (error, LODGE_SESSION_ERROR, LODGE_SESSION_ERROR_TAKEN_OVER);
}

static void
lodge_display_session_ended_cb (LodgeDisplaySession *self,
                                GError              *error)
{
  GError *copy;

  if (lodge_display_session_was_haunted (self, error))
    {
      lodge_display_session_connect (self, NULL);
      return;
    }

  copy = g_error_copy (error);
  lodge_display_session_drop_connection (self);
  lodge_display_session_set_state (self, LODGE_SESSION_STATE_LOST, copy);
}

/* The renderer of any window of ours: they are all of one kind. */
static gboolean
can_show_scanouts (void)
{
  GdkDisplay *display = gdk_display_get_default ();
  GskRenderer *renderer = NULL;
  GListModel *toplevels;
  guint n_toplevels;

  if (display == NULL)
    return FALSE;

  toplevels = gtk_window_get_toplevels ();
  n_toplevels = g_list_model_get_n_items (toplevels);
  for (guint i = 0; i < n_toplevels && renderer == NULL; i++)
    {
      g_autoptr(GtkNative) native = g_list_model_get_item (toplevels, i);

      renderer = gtk_native_get_renderer (native);
    }

  return lodge_scanout_supported (display, renderer);
}

static void
lodge_display_session_connect (LodgeDisplaySession *self,
                               const char          *password)
{
  SpiceSession *session;

  g_assert (LODGE_IS_DISPLAY_SESSION (self));
  g_assert (self->target != NULL);

  lodge_display_session_drop_connection (self);

  self->password_sent = password != NULL;
  self->connection = lodge_spice_connection_new (self->target, password);
  g_signal_connect_object (self->connection, "opened",
                           G_CALLBACK (lodge_display_session_opened_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->connection, "password-needed",
                           G_CALLBACK (lodge_display_session_password_needed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->connection, "ended",
                           G_CALLBACK (lodge_display_session_ended_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->connection, "channel-added",
                           G_CALLBACK (lodge_display_session_channel_added_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->connection, "channel-removed",
                           G_CALLBACK (lodge_display_session_channel_removed_cb), self,
                           G_CONNECT_SWAPPED);

  session = lodge_spice_connection_get_session (self->connection);
  g_signal_connect_object (session, "notify::name",
                           G_CALLBACK (lodge_display_session_name_cb), self, G_CONNECT_SWAPPED);
  g_object_set (session,
                "enable-audio", self->enable_audio,
                "enable-smartcard", FALSE,
                "enable-usbredir", self->enable_usbredir,
                "gl-scanout", can_show_scanouts (),
                NULL);

  _lodge_display_session_start_sound (self);

  lodge_display_session_set_state (self, LODGE_SESSION_STATE_CONNECTING, NULL);
  lodge_display_session_start_after_last (self);
}

static void
lodge_display_session_dispose (GObject *object)
{
  LodgeDisplaySession *self = (LodgeDisplaySession *)object;

  lodge_display_session_drop_connection (self);
  g_clear_object (&self->leaving);
  lodge_display_session_set_gdk_display (self, NULL);
  g_list_store_remove_all (self->screens);
  g_ptr_array_set_size (self->surfaces, 0);

  G_OBJECT_CLASS (lodge_display_session_parent_class)->dispose (object);
}

static void
lodge_display_session_finalize (GObject *object)
{
  LodgeDisplaySession *self = (LodgeDisplaySession *)object;

  g_clear_error (&self->error);
  g_clear_object (&self->screens);
  g_clear_object (&self->transfers);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->images, g_ptr_array_unref);
  g_clear_pointer (&self->lent, g_ptr_array_unref);
  g_clear_pointer (&self->surfaces, g_ptr_array_unref);
  g_clear_pointer (&self->target, lodge_spice_target_free);

  G_OBJECT_CLASS (lodge_display_session_parent_class)->finalize (object);
}

static void
lodge_display_session_get_property (GObject    *object,
                                    guint       prop_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  LodgeDisplaySession *self = LODGE_DISPLAY_SESSION (object);

  switch (prop_id)
    {
    case LODGE_DISPLAY_SESSION_PROP_AGENT_CONNECTED:
      g_value_set_boolean (value, self->agent.connected);
      break;

    case LODGE_DISPLAY_SESSION_PROP_AUDIO_ERROR:
      g_value_set_string (value, self->sound != NULL ? lodge_spice_sound_get_error (self->sound)
                                                     : NULL);
      break;

    case LODGE_DISPLAY_SESSION_PROP_CAN_RESIZE:
      g_value_set_boolean (value, self->agent.can_resize);
      break;

    case LODGE_DISPLAY_SESSION_PROP_CAN_SEND_FILES:
      g_value_set_boolean (value, self->agent.can_send_files);
      break;

    case LODGE_DISPLAY_SESSION_PROP_CAN_SHARE_CLIPBOARD:
      g_value_set_boolean (value, self->agent.can_share_clipboard);
      break;

    case LODGE_DISPLAY_SESSION_PROP_ENABLE_AUDIO:
      g_value_set_boolean (value, self->enable_audio);
      break;

    case LODGE_DISPLAY_SESSION_PROP_ENABLE_USBREDIR:
      g_value_set_boolean (value, self->enable_usbredir);
      break;

    case LODGE_DISPLAY_SESSION_PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;

    case LODGE_DISPLAY_SESSION_PROP_HAS_PLAYBACK:
      g_value_set_boolean (value, self->sound != NULL &&
                                  lodge_spice_sound_get_has_playback (self->sound));
      break;

    case LODGE_DISPLAY_SESSION_PROP_HAS_RECORD:
      g_value_set_boolean (value, self->sound != NULL &&
                                  lodge_spice_sound_get_has_record (self->sound));
      break;

    case LODGE_DISPLAY_SESSION_PROP_KEY_PRESS_DELAY:
      g_value_set_uint (value, self->key_press_delay);
      break;

    case LODGE_DISPLAY_SESSION_PROP_MAX_MONITORS:
      g_value_set_uint (value, self->max_monitors);
      break;

    case LODGE_DISPLAY_SESSION_PROP_MOUSE_MODE:
      g_value_set_enum (value, self->mouse_mode);
      break;

    case LODGE_DISPLAY_SESSION_PROP_NAME:
      g_value_set_string (value, self->name);
      break;

    case LODGE_DISPLAY_SESSION_PROP_PLAYBACK_MUTED:
      g_value_set_boolean (value, self->playback_muted);
      break;

    case LODGE_DISPLAY_SESSION_PROP_PLAYBACK_VOLUME:
      g_value_set_double (value, self->playback_volume);
      break;

    case LODGE_DISPLAY_SESSION_PROP_RECORD_MUTED:
      g_value_set_boolean (value, self->record_muted);
      break;

    case LODGE_DISPLAY_SESSION_PROP_SHARE_CLIPBOARD:
      g_value_set_boolean (value, self->share_clipboard);
      break;

    case LODGE_DISPLAY_SESSION_PROP_STATE:
      g_value_set_enum (value, self->state);
      break;

    case LODGE_DISPLAY_SESSION_PROP_TRANSPORT_LOCAL:
      g_value_set_boolean (value, self->transport_local);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_display_session_set_property (GObject      *object,
                                    guint         prop_id,
                                    const GValue *value,
                                    GParamSpec   *pspec)
{
  LodgeDisplaySession *self = LODGE_DISPLAY_SESSION (object);

  switch (prop_id)
    {
    case LODGE_DISPLAY_SESSION_PROP_ENABLE_AUDIO:
      if (self->enable_audio != g_value_get_boolean (value))
        {
          self->enable_audio = g_value_get_boolean (value);
          _lodge_display_session_notify (self, LODGE_DISPLAY_SESSION_PROP_ENABLE_AUDIO);
        }
      break;

    case LODGE_DISPLAY_SESSION_PROP_ENABLE_USBREDIR:
      if (self->enable_usbredir != g_value_get_boolean (value))
        {
          self->enable_usbredir = g_value_get_boolean (value);
          _lodge_display_session_notify (self, LODGE_DISPLAY_SESSION_PROP_ENABLE_USBREDIR);
        }
      break;

    case LODGE_DISPLAY_SESSION_PROP_PLAYBACK_MUTED:
      _lodge_display_session_set_playback (self, self->playback_volume,
                                           g_value_get_boolean (value));
      break;

    case LODGE_DISPLAY_SESSION_PROP_PLAYBACK_VOLUME:
      _lodge_display_session_set_playback (self, g_value_get_double (value), self->playback_muted);
      break;

    case LODGE_DISPLAY_SESSION_PROP_RECORD_MUTED:
      _lodge_display_session_set_record_muted (self, g_value_get_boolean (value));
      break;

    case LODGE_DISPLAY_SESSION_PROP_SHARE_CLIPBOARD:
      if (self->share_clipboard != g_value_get_boolean (value))
        {
          self->share_clipboard = g_value_get_boolean (value);
          _lodge_display_session_update_clipboard (self);
          _lodge_display_session_notify (self, LODGE_DISPLAY_SESSION_PROP_SHARE_CLIPBOARD);
        }
      break;

    case LODGE_DISPLAY_SESSION_PROP_TRANSPORT_LOCAL:
      lodge_display_session_set_transport_local (self, g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_display_session_class_init (LodgeDisplaySessionClass *klass)
{
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  const GParamFlags writable = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  signals[USB_CHANGED] =
    g_signal_new ("usb-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  object_class->dispose = lodge_display_session_dispose;
  object_class->finalize = lodge_display_session_finalize;
  object_class->get_property = lodge_display_session_get_property;
  object_class->set_property = lodge_display_session_set_property;

  properties[LODGE_DISPLAY_SESSION_PROP_AGENT_CONNECTED] =
    g_param_spec_boolean ("agent-connected", NULL, NULL, FALSE, readable);

  properties[LODGE_DISPLAY_SESSION_PROP_AUDIO_ERROR] =
    g_param_spec_string ("audio-error", NULL, NULL, NULL, readable);

  properties[LODGE_DISPLAY_SESSION_PROP_CAN_RESIZE] =
    g_param_spec_boolean ("can-resize", NULL, NULL, FALSE, readable);

  properties[LODGE_DISPLAY_SESSION_PROP_CAN_SEND_FILES] =
    g_param_spec_boolean ("can-send-files", NULL, NULL, FALSE, readable);

  properties[LODGE_DISPLAY_SESSION_PROP_CAN_SHARE_CLIPBOARD] =
    g_param_spec_boolean ("can-share-clipboard", NULL, NULL, FALSE, readable);

  properties[LODGE_DISPLAY_SESSION_PROP_ENABLE_AUDIO] =
    g_param_spec_boolean ("enable-audio", NULL, NULL, TRUE, writable);

  properties[LODGE_DISPLAY_SESSION_PROP_ENABLE_USBREDIR] =
    g_param_spec_boolean ("enable-usbredir", NULL, NULL, FALSE, writable);

  properties[LODGE_DISPLAY_SESSION_PROP_ERROR] =
    g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, readable);

  properties[LODGE_DISPLAY_SESSION_PROP_HAS_PLAYBACK] =
    g_param_spec_boolean ("has-playback", NULL, NULL, FALSE, readable);

  properties[LODGE_DISPLAY_SESSION_PROP_HAS_RECORD] =
    g_param_spec_boolean ("has-record", NULL, NULL, FALSE, readable);

  properties[LODGE_DISPLAY_SESSION_PROP_KEY_PRESS_DELAY] =
    g_param_spec_uint ("key-press-delay", NULL, NULL, 0, G_MAXUINT, 0, readable);

  properties[LODGE_DISPLAY_SESSION_PROP_MAX_MONITORS] =
    g_param_spec_uint ("max-monitors", NULL, NULL, 0, G_MAXUINT, 0, readable);

  properties[LODGE_DISPLAY_SESSION_PROP_MOUSE_MODE] =
    g_param_spec_enum ("mouse-mode", NULL, NULL, LODGE_TYPE_MOUSE_MODE, LODGE_MOUSE_MODE_SERVER,
                       readable);

  properties[LODGE_DISPLAY_SESSION_PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL, NULL, readable);

  properties[LODGE_DISPLAY_SESSION_PROP_PLAYBACK_MUTED] =
    g_param_spec_boolean ("playback-muted", NULL, NULL, FALSE, writable);

  properties[LODGE_DISPLAY_SESSION_PROP_PLAYBACK_VOLUME] =
    g_param_spec_double ("playback-volume", NULL, NULL, 0.0, 1.0, 1.0, writable);

  properties[LODGE_DISPLAY_SESSION_PROP_RECORD_MUTED] =
    g_param_spec_boolean ("record-muted", NULL, NULL, FALSE, writable);

  properties[LODGE_DISPLAY_SESSION_PROP_SHARE_CLIPBOARD] =
    g_param_spec_boolean ("share-clipboard", NULL, NULL, TRUE, writable);

  properties[LODGE_DISPLAY_SESSION_PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, LODGE_TYPE_SESSION_STATE, LODGE_SESSION_STATE_IDLE,
                       readable);

  properties[LODGE_DISPLAY_SESSION_PROP_TRANSPORT_LOCAL] =
    g_param_spec_boolean ("transport-local", NULL, NULL, TRUE, writable);

  g_object_class_install_properties (object_class, LODGE_DISPLAY_SESSION_N_PROPS, properties);
}

static void
lodge_display_session_init (LodgeDisplaySession *self)
{
  self->enable_audio = TRUE;
  self->playback_volume = 1.0;
  self->share_clipboard = TRUE;
  self->transport_local = TRUE;
  self->screens = g_list_store_new (LODGE_TYPE_SCREEN);
  self->transfers = g_list_store_new (LODGE_TYPE_FILE_TRANSFER);
  self->surfaces = g_ptr_array_new_with_free_func (g_object_unref);
  self->images = g_ptr_array_new_with_free_func (g_object_unref);
  self->lent = g_ptr_array_new_with_free_func (_lodge_spice_usb_device_free);
}

LodgeDisplaySession *
lodge_display_session_new (void)
{
  return g_object_new (LODGE_TYPE_DISPLAY_SESSION, NULL);
}

/**
 * lodge_display_session_open_with_fds:
 * @self: a session
 * @source: the object that lends sockets
 * @open: asks @source for one more connected socket
 * @finish: gives it
 *
 * Opens the session over sockets that @source lends, one for each channel, so that the server needs
 * no address. The answers may take as long as they need. Sets transport-local; a @source that
 * reaches far away unsets it afterwards.
 */
void
lodge_display_session_open_with_fds (LodgeDisplaySession   *self,
                                     GObject               *source,
                                     LodgeOpenFdFunc        open,
                                     LodgeOpenFdFinishFunc  finish)
{
  LodgeSpiceTarget *target;

  g_return_if_fail (LODGE_IS_DISPLAY_SESSION (self));
  g_return_if_fail (G_IS_OBJECT (source));
  g_return_if_fail (open != NULL && finish != NULL);

  target = g_new0 (LodgeSpiceTarget, 1);
  target->source = g_object_ref (source);
  target->open = open;
  target->finish = finish;

  g_clear_pointer (&self->target, lodge_spice_target_free);
  self->target = target;
  lodge_display_session_set_transport_local (self, TRUE);
  lodge_display_session_connect (self, NULL);
}

static gboolean
is_loopback (const char *host)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (host);

  if (address != NULL)
    return g_inet_address_get_is_loopback (address);

  return g_strcmp0 (host, "localhost") == 0;
}

/**
 * lodge_display_session_open_address:
 * @self: a session
 * @host: a name or an address
 * @port: the port in the clear, 0 if there is none
 * @tls_port: the encrypted port, 0 if there is none; it wins
 * @ca_file: (nullable): the certificates to believe, %NULL for the system's
 * @host_subject: (nullable): the subject that the server's certificate must have, %NULL to compare
 *   the host's name
 */
void
lodge_display_session_open_address (LodgeDisplaySession *self,
                                    const char          *host,
                                    guint16              port,
                                    guint16              tls_port,
                                    const char          *ca_file,
                                    const char          *host_subject)
{
  LodgeSpiceTarget *target;

  g_return_if_fail (LODGE_IS_DISPLAY_SESSION (self));
  g_return_if_fail (host != NULL);
  g_return_if_fail (port != 0 || tls_port != 0);

  target = g_new0 (LodgeSpiceTarget, 1);
  target->host = g_strdup (host);
  target->port = tls_port != 0 ? 0 : port;
  target->tls_port = tls_port;
  target->ca_file = g_strdup (ca_file);
  target->host_subject = g_strdup (host_subject);

  g_clear_pointer (&self->target, lodge_spice_target_free);
  self->target = target;
  lodge_display_session_set_transport_local (self, is_loopback (host));
  lodge_display_session_connect (self, NULL);
}

/**
 * lodge_display_session_authenticate:
 * @self: a session in the state %LODGE_SESSION_STATE_PASSWORD
 * @password: the password; not kept and never logged
 */
void
lodge_display_session_authenticate (LodgeDisplaySession *self,
                                    const char          *password)
{
  g_return_if_fail (LODGE_IS_DISPLAY_SESSION (self));
  g_return_if_fail (password != NULL);

  /* The answer to a question that is not asked any more. */
  if (self->state != LODGE_SESSION_STATE_PASSWORD)
    return;

  lodge_display_session_connect (self, password);
}

/**
 * lodge_display_session_close:
 * @self: a session
 *
 * Lets go of the guest. The screens keep their last picture.
 */
void
lodge_display_session_close (LodgeDisplaySession *self)
{
  g_return_if_fail (LODGE_IS_DISPLAY_SESSION (self));

  lodge_display_session_drop_connection (self);
  lodge_display_session_set_state (self, LODGE_SESSION_STATE_IDLE, NULL);
}

/**
 * lodge_display_session_set_gdk_display:
 * @self: a session
 * @display: (nullable): whose clipboards to share, %NULL for none
 *
 * What crosses is up to share-clipboard and the guest's agent.
 */
void
lodge_display_session_set_gdk_display (LodgeDisplaySession *self,
                                       GdkDisplay          *display)
{
  g_return_if_fail (LODGE_IS_DISPLAY_SESSION (self));
  g_return_if_fail (display == NULL || GDK_IS_DISPLAY (display));

  if (self->gdk_display == display)
    return;

  /* The clipboard lives as long as somebody reads from it. */
  if (self->clipboard != NULL)
    {
      lodge_clipboard_set_enabled (self->clipboard, FALSE);
      lodge_clipboard_set_channel (self->clipboard, NULL);
      g_clear_object (&self->clipboard);
    }

  g_set_object (&self->gdk_display, display);
  if (display != NULL)
    self->clipboard = lodge_clipboard_new (display);

  _lodge_display_session_update_clipboard (self);
}

LodgeSessionState
lodge_display_session_get_state (LodgeDisplaySession *self)
{
  g_return_val_if_fail (LODGE_IS_DISPLAY_SESSION (self), LODGE_SESSION_STATE_IDLE);

  return self->state;
}

/**
 * lodge_display_session_get_error:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): why the session is in the state that it is in, in the domain
 *   %LODGE_SESSION_ERROR; its message is the library's
 */
const GError *
lodge_display_session_get_error (LodgeDisplaySession *self)
{
  g_return_val_if_fail (LODGE_IS_DISPLAY_SESSION (self), NULL);

  return self->error;
}
