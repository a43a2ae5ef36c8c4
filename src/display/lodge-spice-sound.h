/* lodge-spice-sound.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <spice-client.h>

#include <glib-object.h>

G_BEGIN_DECLS

#define LODGE_TYPE_SPICE_SOUND (lodge_spice_sound_get_type ())

/* Sound of one connection, between the library's channels and its own player. Must exist before the
 * session is connected.
 *
 * Properties (notify): error (string, nullable: why sound does not work on this side),
 * has-playback, has-record (booleans: the guest has such a channel).
 */
G_DECLARE_FINAL_TYPE (LodgeSpiceSound, lodge_spice_sound, LODGE, SPICE_SOUND, GObject)

void             lodge_spice_sound_prepare            (void);
LodgeSpiceSound *lodge_spice_sound_new                (SpiceSession    *session);
void             lodge_spice_sound_add_channel        (LodgeSpiceSound *self,
                                                       SpiceChannel    *channel);
void             lodge_spice_sound_remove_channel     (LodgeSpiceSound *self,
                                                       SpiceChannel    *channel);
void             lodge_spice_sound_set_volume         (LodgeSpiceSound *self,
                                                       double           volume,
                                                       gboolean         muted);
void             lodge_spice_sound_set_record_muted   (LodgeSpiceSound *self,
                                                       gboolean         muted);
const char      *lodge_spice_sound_get_error          (LodgeSpiceSound *self);
gboolean         lodge_spice_sound_get_has_playback   (LodgeSpiceSound *self);
gboolean         lodge_spice_sound_get_has_record     (LodgeSpiceSound *self);

G_END_DECLS
