/* lodge-spice-surface.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <spice-client.h>

#include "lodge-spice-screen.h"

G_BEGIN_DECLS

#define LODGE_TYPE_SPICE_SURFACE (lodge_spice_surface_get_type ())

/* What one display channel and its cursor channel say: fills a framebuffer and keeps the screens
 * that share it.
 *
 * Signals: ::screens-changed; ::lit, when the server gives a picture; ::max-heads-changed.
 */
G_DECLARE_FINAL_TYPE (LodgeSpiceSurface, lodge_spice_surface, LODGE, SPICE_SURFACE, GObject)

LodgeSpiceSurface *lodge_spice_surface_new           (LodgeDisplaySession *session,
                                                      int                  channel_id);
int                lodge_spice_surface_get_id        (LodgeSpiceSurface   *self);
guint              lodge_spice_surface_get_max_heads (LodgeSpiceSurface   *self);
/* Of LodgeScreen, in the order of their numbers. */
GPtrArray         *lodge_spice_surface_get_screens   (LodgeSpiceSurface   *self);
/* The channels are borrowed until lodge_spice_surface_detach(). */
void               lodge_spice_surface_attach        (LodgeSpiceSurface   *self,
                                                      SpiceChannel        *channel);
/* The last picture stays. */
void               lodge_spice_surface_detach        (LodgeSpiceSurface   *self,
                                                      SpiceChannel        *channel);
gboolean           lodge_spice_surface_get_attached  (LodgeSpiceSurface   *self);

G_END_DECLS
