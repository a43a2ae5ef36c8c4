/* lodge-placement-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-display-types.h"

G_BEGIN_DECLS

/* Where a picture stands in a widget: in widget units, on whole device pixels. */
typedef struct
{
  double x;
  double y;
  double width;
  double height;
  /* Device pixels a guest pixel has; exactly integer if crisp. */
  double factor;
  /* Device pixels a widget unit has. */
  double device_scale;
  gboolean crisp;
} LodgePlacement;

/* @guest_width × @guest_height pixels in a widget of @width × @height units, whose corner is
 * @origin_x, @origin_y units from that of the surface (only their fractions of a device pixel
 * matter). All zero if there is nothing to place.
 */
void     _lodge_placement_init        (LodgePlacement       *self,
                                       LodgeScaling          scaling,
                                       double                zoom,
                                       int                   guest_width,
                                       int                   guest_height,
                                       int                   width,
                                       int                   height,
                                       double                device_scale,
                                       double                origin_x,
                                       double                origin_y);
/* The guest's pixel under a point, clamped to the picture. Returns whether it was inside. */
gboolean _lodge_placement_find_pixel  (const LodgePlacement *self,
                                       int                   guest_width,
                                       int                   guest_height,
                                       double                x,
                                       double                y,
                                       int                  *guest_x,
                                       int                  *guest_y);
gboolean _lodge_placement_equal       (const LodgePlacement *a,
                                       const LodgePlacement *b);

G_END_DECLS
