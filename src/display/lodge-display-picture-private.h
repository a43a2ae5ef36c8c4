/* lodge-display-picture-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-display-private.h"
#include "lodge-painter-private.h"

G_BEGIN_DECLS

typedef struct _LodgeDisplayPicture LodgeDisplayPicture;

/* What a LodgeDisplay shows: the framebuffer or the scanout of its screen, and where. */
LodgeDisplayPicture *_lodge_display_picture_new           (LodgeDisplay         *display);
void                 _lodge_display_picture_free          (LodgeDisplayPicture  *self);
void                 _lodge_display_picture_set_screen    (LodgeDisplayPicture  *self,
                                                           LodgeScreen          *screen);
/* The part of the framebuffer, or of the scanout, that the screen is. FALSE if there is none. */
gboolean             _lodge_display_picture_get_area      (LodgeDisplayPicture  *self,
                                                           GdkRectangle         *area);
gboolean             _lodge_display_picture_get_placement (LodgeDisplayPicture  *self,
                                                           GdkRectangle         *area,
                                                           LodgePlacement       *placement);
void                 _lodge_display_picture_snapshot      (LodgeDisplayPicture  *self,
                                                           GtkSnapshot          *snapshot);
/* The display got a frame clock, or (NULL) loses it. */
void                 _lodge_display_picture_set_clock     (LodgeDisplayPicture  *self,
                                                           GdkFrameClock        *clock);
/* The display is not on the screen any more. */
void                 _lodge_display_picture_unmap         (LodgeDisplayPicture  *self);
/* How many frames were painted past GTK so far. */
guint                _lodge_display_picture_get_n_direct  (LodgeDisplayPicture  *self);
LodgePainter        *_lodge_display_picture_get_painter   (LodgeDisplayPicture  *self);

G_END_DECLS
