/* lodge-scanout.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-display-types.h"

G_BEGIN_DECLS

#define LODGE_TYPE_SCANOUT (lodge_scanout_get_type ())

/* A picture that a GPU has drawn: a dmabuf of one plane. A protocol makes one whenever the guest's
 * scanout changes, sets it on the screen (_lodge_screen_set_scanout()), tells each draw with
 * lodge_scanout_draw() and answers the server on ::done, which comes exactly once a draw.
 *
 * Signals: ::damaged (int x, int y, int width, int height); ::done.
 */
G_DECLARE_FINAL_TYPE (LodgeScanout, lodge_scanout, LODGE, SCANOUT, GObject)

/* Whether scanouts can be shown: GTK is 4.14 or later, takes dmabufs on @display, and @renderer
 * draws with the GPU. @renderer may be NULL before there is a window. If not, do not ask the
 * server for scanouts.
 */
gboolean      lodge_scanout_supported   (GdkDisplay    *display,
                                         GskRenderer   *renderer);
/* @fd stays the caller's. @fourcc and @modifier are DRM's; DRM_FORMAT_MOD_INVALID
 * (LODGE_SCANOUT_MODIFIER_NONE) if unknown. @y0_top: the first row is the lowest one. NULL and an
 * error if the descriptor cannot be kept or the size is none.
 */
#define LODGE_SCANOUT_MODIFIER_NONE G_GUINT64_CONSTANT (0x00ffffffffffffff)

LodgeScanout *lodge_scanout_new         (int            fd,
                                         int            width,
                                         int            height,
                                         guint          stride,
                                         guint32        fourcc,
                                         guint64        modifier,
                                         gboolean       y0_top,
                                         GError       **error);
int           lodge_scanout_get_width   (LodgeScanout  *self);
int           lodge_scanout_get_height  (LodgeScanout  *self);
gboolean      lodge_scanout_get_y0_top  (LodgeScanout  *self);
/* The server has drawn. ::done follows when it was shown, within 100 ms, or at once if nobody
 * shows it.
 */
void          lodge_scanout_draw        (LodgeScanout  *self,
                                         int            x,
                                         int            y,
                                         int            width,
                                         int            height);
/* The picture as a texture that shares the memory; upside down if y0_top. NULL and an error where
 * GTK cannot.
 */
GdkTexture   *lodge_scanout_dup_texture (LodgeScanout  *self,
                                         GdkDisplay    *display,
                                         GError       **error);

/* @area of the picture, the right way up, as an independent copy, for a screenshot. */
GdkTexture   *lodge_scanout_dup_picture (LodgeScanout        *self,
                                         GdkDisplay          *display,
                                         const GdkRectangle  *area,
                                         GError             **error);

/* For who shows it. In ::damaged, before its frame: takes part in the draw under way. */
guint         lodge_scanout_hold        (LodgeScanout  *self);
/* After its frame, or when it will not draw one: with what lodge_scanout_hold() returned. */
void          lodge_scanout_release     (LodgeScanout  *self,
                                         guint          hold);

G_END_DECLS
