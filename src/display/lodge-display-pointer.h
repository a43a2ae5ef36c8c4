/* lodge-display-pointer.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-display-private.h"

G_BEGIN_DECLS

#define LODGE_TYPE_DISPLAY_POINTER (lodge_display_pointer_get_type ())

G_DECLARE_FINAL_TYPE (LodgeDisplayPointer, lodge_display_pointer, LODGE, DISPLAY_POINTER, GObject)

LodgeDisplayPointer *lodge_display_pointer_new          (LodgeDisplay        *display);
void                 lodge_display_pointer_shut_down    (LodgeDisplayPointer *self);
void                 lodge_display_pointer_set_screen   (LodgeDisplayPointer *self,
                                                         LodgeScreen         *screen);
void                 lodge_display_pointer_set_may_lock (LodgeDisplayPointer *self,
                                                         gboolean             may_lock);
gboolean             lodge_display_pointer_get_locked   (LodgeDisplayPointer *self);
void                 lodge_display_pointer_let_go       (LodgeDisplayPointer *self);
/* An event of a touchscreen, at a point of the widget. */
gboolean             lodge_display_pointer_touch        (LodgeDisplayPointer *self,
                                                         GdkEventType         type,
                                                         gpointer             sequence,
                                                         double               x,
                                                         double               y);

G_END_DECLS
