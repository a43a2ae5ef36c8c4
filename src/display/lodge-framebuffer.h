/* lodge-framebuffer.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-display-types.h"

G_BEGIN_DECLS

#define LODGE_TYPE_FRAMEBUFFER (lodge_framebuffer_get_type ())

/* The picture of one display channel: an opaque shadow copy of the server's surface, its damage,
 * and a grid of cached render nodes. Knows no protocol.
 *
 * Signals: ::damaged (int x, int y, int width, int height) after each lodge_framebuffer_damage(),
 * ::resized when the size or the surface changed. Properties: width, height (ints, 0 before the
 * first surface).
 */
G_DECLARE_FINAL_TYPE (LodgeFramebuffer, lodge_framebuffer, LODGE, FRAMEBUFFER, GObject)

LodgeFramebuffer *lodge_framebuffer_new         (void);
int               lodge_framebuffer_get_width   (LodgeFramebuffer      *self);
int               lodge_framebuffer_get_height  (LodgeFramebuffer      *self);
/* @pixels stay the caller's and must be valid until lodge_framebuffer_detach(); they are read
 * when the widget paints, only where damaged. Returns FALSE for a size that cannot be shown
 * (0 or more than 16384 a side, or no memory for the copy): the last frame stays.
 */
gboolean          lodge_framebuffer_attach      (LodgeFramebuffer      *self,
                                                 LodgePixelFormat       format,
                                                 int                    width,
                                                 int                    height,
                                                 gsize                  stride,
                                                 const guint8          *pixels);
/* Takes over what is damaged and forgets the pixels; the last frame stays. */
void              lodge_framebuffer_detach      (LodgeFramebuffer      *self);
void              lodge_framebuffer_damage      (LodgeFramebuffer      *self,
                                                 int                    x,
                                                 int                    y,
                                                 int                    width,
                                                 int                    height);
/* An independent copy of @area (NULL: all). */
GdkTexture       *lodge_framebuffer_dup_texture (LodgeFramebuffer      *self,
                                                 const GdkRectangle    *area);

G_END_DECLS
