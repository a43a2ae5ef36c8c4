/* lodge-direct-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-painter-private.h"

G_BEGIN_DECLS

typedef struct _LodgeDirect LodgeDirect;

/* Brings what a guest changed to the window without a frame of GTK, where that can be. */
LodgeDirect *_lodge_direct_new          (void);
void         _lodge_direct_free         (LodgeDirect      *self);
/* GTK has painted @widget's window: where may pixels be put? */
void         _lodge_direct_look         (LodgeDirect      *self,
                                         GtkWidget        *widget,
                                         LodgePainter     *painter);
/* What is known of the window is not true any more. */
void         _lodge_direct_forget       (LodgeDirect      *self);
/* Paints the damage that can be. Returns whether that was all there is. */
gboolean     _lodge_direct_paint        (LodgeDirect      *self,
                                         LodgePainter     *painter,
                                         LodgeFramebuffer *framebuffer);
/* How often it painted so far, for tests. */
guint        _lodge_direct_get_n_frames (LodgeDirect      *self);

G_END_DECLS
