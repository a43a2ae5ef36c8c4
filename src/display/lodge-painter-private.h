/* lodge-painter-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-framebuffer.h"
#include "lodge-placement-private.h"

G_BEGIN_DECLS

typedef struct _LodgePainter LodgePainter;

/* The render nodes by which one widget shows one framebuffer, kept from frame to frame. */
LodgePainter *_lodge_painter_new             (void);
void          _lodge_painter_free            (LodgePainter         *self);
/* Lets go of all nodes, for a widget that is not on the screen. */
void          _lodge_painter_clear           (LodgePainter         *self);
/* Pixels of the framebuffer that was painted last have changed. Returns whether that can be seen. */
gboolean      _lodge_painter_damage          (LodgePainter         *self,
                                              const GdkRectangle   *rectangle);
/* Appends @area of @framebuffer at @placement. @area is inside the framebuffer. @cairo_target: the
 * surface if GTK's cairo renderer draws it, else NULL.
 */
void          _lodge_painter_snapshot        (LodgePainter         *self,
                                              GtkSnapshot          *snapshot,
                                              LodgeFramebuffer     *framebuffer,
                                              const GdkRectangle   *area,
                                              const LodgePlacement *placement,
                                              GdkSurface           *cairo_target);
/* The node that shows all of the picture, and where it is in the widget; NULL if it was not painted
 * by cairo.
 */
GskRenderNode *_lodge_painter_get_picture    (LodgePainter         *self,
                                              graphene_rect_t      *bounds);
gboolean      _lodge_painter_is_damaged      (LodgePainter         *self);
/* For a picture that was painted by cairo: takes the damage that lies in @open, for the caller to
 * paint. In device pixels from the picture's corner, as @open. Returns: (transfer full)
 */
cairo_region_t *_lodge_painter_take_damage   (LodgePainter         *self,
                                              LodgeFramebuffer     *framebuffer,
                                              const cairo_region_t *open);
/* Draws the picture as it is now, in device pixels from its corner on. */
void          _lodge_painter_draw            (LodgePainter         *self,
                                              LodgeFramebuffer     *framebuffer,
                                              cairo_t              *cr);
/* How many nodes were made so far, for tests. */
guint         _lodge_painter_get_n_made      (LodgePainter         *self);

G_END_DECLS
