/* lodge-pixels-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-display-types.h"

G_BEGIN_DECLS

/* Bytes a pixel takes. */
gsize _lodge_pixel_format_get_size (LodgePixelFormat  format);
/* Copies @width × @height pixels to opaque native-endian 0xffRRGGBB. Strides are in bytes; neither
 * @source nor @source_stride need be aligned.
 */
void  _lodge_pixels_convert        (guint32          *dest,
                                    gsize             dest_stride,
                                    const guint8     *source,
                                    gsize             source_stride,
                                    LodgePixelFormat  format,
                                    int               width,
                                    int               height);

G_END_DECLS
