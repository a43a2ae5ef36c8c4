/* lodge-display-session-sound.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-display-session-private.h"

/* Volume and mute belong to the session, so that they survive its connections. */

static void
lodge_display_session_sound_notify_cb (LodgeDisplaySession *self,
                                       GParamSpec          *pspec)
{
  if (g_str_equal (pspec->name, "error"))
    _lodge_display_session_notify (self, LODGE_DISPLAY_SESSION_PROP_AUDIO_ERROR);
  else if (g_str_equal (pspec->name, "has-playback"))
    _lodge_display_session_notify (self, LODGE_DISPLAY_SESSION_PROP_HAS_PLAYBACK);
  else if (g_str_equal (pspec->name, "has-record"))
    _lodge_display_session_notify (self, LODGE_DISPLAY_SESSION_PROP_HAS_RECORD);
}

/* Before the connection starts: SpiceAudio must be there when the first channel comes. */
void
_lodge_display_session_start_sound (LodgeDisplaySession *self)
{
  g_assert (LODGE_IS_DISPLAY_SESSION (self));
  g_assert (self->sound == NULL);

  if (!self->enable_audio)
    return;

  self->sound = lodge_spice_sound_new (lodge_spice_connection_get_session (self->connection));
  lodge_spice_sound_set_volume (self->sound, self->playback_volume, self->playback_muted);
  lodge_spice_sound_set_record_muted (self->sound, self->record_muted);
  g_signal_connect_object (self->sound, "notify",
                           G_CALLBACK (lodge_display_session_sound_notify_cb), self,
                           G_CONNECT_SWAPPED);

  if (lodge_spice_sound_get_error (self->sound) != NULL)
    _lodge_display_session_notify (self, LODGE_DISPLAY_SESSION_PROP_AUDIO_ERROR);
}

/* After the channels have gone. */
void
_lodge_display_session_stop_sound (LodgeDisplaySession *self)
{
  g_autoptr(LodgeSpiceSound) sound = g_steal_pointer (&self->sound);

  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  if (sound == NULL)
    return;

  g_signal_handlers_disconnect_by_data (sound, self);

  if (lodge_spice_sound_get_error (sound) != NULL)
    _lodge_display_session_notify (self, LODGE_DISPLAY_SESSION_PROP_AUDIO_ERROR);
}

void
_lodge_display_session_set_playback (LodgeDisplaySession *self,
                                     double               volume,
                                     gboolean             muted)
{
  gboolean volume_changed = self->playback_volume != volume;
  gboolean muted_changed = self->playback_muted != !!muted;

  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  self->playback_volume = volume;
  self->playback_muted = !!muted;

  if (self->sound != NULL)
    lodge_spice_sound_set_volume (self->sound, volume, muted);

  if (volume_changed)
    _lodge_display_session_notify (self, LODGE_DISPLAY_SESSION_PROP_PLAYBACK_VOLUME);

  if (muted_changed)
    _lodge_display_session_notify (self, LODGE_DISPLAY_SESSION_PROP_PLAYBACK_MUTED);
}

void
_lodge_display_session_set_record_muted (LodgeDisplaySession *self,
                                         gboolean             muted)
{
  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  if (self->record_muted == !!muted)
    return;

  self->record_muted = !!muted;
  if (self->sound != NULL)
    lodge_spice_sound_set_record_muted (self->sound, muted);

  _lodge_display_session_notify (self, LODGE_DISPLAY_SESSION_PROP_RECORD_MUTED);
}

void
lodge_display_session_prepare (LodgeDisplaySession *self)
{
  g_return_if_fail (LODGE_IS_DISPLAY_SESSION (self));

  if (self->enable_audio)
    lodge_spice_sound_prepare ();
}
