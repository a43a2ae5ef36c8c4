/* lodge-scanout-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-scanout.h"

G_BEGIN_DECLS

/* An independent copy of @area of @texture, whose first row is the lowest one if @y0_top. NULL if
 * nothing of @area is inside, or without memory.
 */
GdkTexture *_lodge_scanout_copy_texture (GdkTexture         *texture,
                                         gboolean            y0_top,
                                         const GdkRectangle *area);

G_END_DECLS
