/* lodge-display-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-display.h"

G_BEGIN_DECLS

/* The guest's pixel under a point of the widget, clamped to the screen's area. Returns whether the
 * point was inside the picture.
 */
gboolean _lodge_display_pixel_at     (LodgeDisplay *self,
                                      double        x,
                                      double        y,
                                      int          *guest_x,
                                      int          *guest_y);
/* Guest pixels a widget unit has, for relative motion. */
double   _lodge_display_get_scale    (LodgeDisplay *self);
/* For LodgeDisplayInput: what is grabbed now. Decides the cursor that is shown. */
void     _lodge_display_set_grabbed  (LodgeDisplay *self,
                                      LodgeGrab     grabbed);

/* Device pixels a widget unit has. */
double   _lodge_display_get_device_scale (LodgeDisplay *self);
/* Device pixels a guest pixel has; 1 without a picture. */
double   _lodge_display_get_factor   (LodgeDisplay *self);
/* The guest's picture has another size, or another place. */
void     _lodge_display_picture_moved (LodgeDisplay *self);
/* For tests: the number of render nodes made so far. */
guint    _lodge_display_get_n_nodes  (LodgeDisplay *self);
/* For tests: the number of frames painted past GTK so far. */
guint    _lodge_display_get_n_direct (LodgeDisplay *self);

G_END_DECLS
