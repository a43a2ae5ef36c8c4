/* lodge-spice-screen.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-display-session.h"
#include "lodge-screen-private.h"

G_BEGIN_DECLS

#define LODGE_TYPE_SPICE_SCREEN (lodge_spice_screen_get_type ())

/* One head of a display channel. It stays the same object when the session is opened again. */
G_DECLARE_FINAL_TYPE (LodgeSpiceScreen, lodge_spice_screen, LODGE, SPICE_SCREEN, LodgeScreen)

LodgeSpiceScreen *lodge_spice_screen_new            (LodgeDisplaySession *session,
                                                     LodgeFramebuffer    *framebuffer,
                                                     int                  channel_id,
                                                     int                  monitor_id);
int               lodge_spice_screen_get_channel_id (LodgeSpiceScreen    *self);
int               lodge_spice_screen_get_monitor_id (LodgeSpiceScreen    *self);

G_END_DECLS
