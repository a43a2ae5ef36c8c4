/* lodge-display-cursor-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-display-private.h"

G_BEGIN_DECLS

typedef struct _LodgeDisplayCursor LodgeDisplayCursor;

/* The shape of the host's pointer over a LodgeDisplay. */
LodgeDisplayCursor *_lodge_display_cursor_new     (LodgeDisplay       *display);
void                _lodge_display_cursor_free    (LodgeDisplayCursor *self);
/* Something that the shape depends on has changed. */
void                _lodge_display_cursor_update  (LodgeDisplayCursor *self);

/* @shape at @factor times its size, no side above 256, with its hot spot, which is moved inside. */
GdkTexture         *_lodge_display_cursor_resize  (GdkTexture         *shape,
                                                   double              factor,
                                                   int                *hotspot_x,
                                                   int                *hotspot_y);

G_END_DECLS
