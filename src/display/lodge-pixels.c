/* lodge-pixels.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "lodge-pixels-private.h"

/* The inner loops have a constant length, so that the compiler turns each into a few vector
 * instructions without a remainder to care for.
 */
#define BLOCK 16

static inline guint32
opaque_from_xrgb32 (guint32 pixel)
{
  return pixel | 0xff000000u;
}

/* The high bits fill the low ones, so that full intensity stays full. */
static inline guint32
opaque_from_rgb555 (guint16 pixel)
{
  guint32 red = pixel >> 10 & 31, green = pixel >> 5 & 31, blue = pixel & 31;

  return 0xff000000u |
         (red << 3 | red >> 2) << 16 |
         (green << 3 | green >> 2) << 8 |
         (blue << 3 | blue >> 2);
}

static inline guint32
opaque_from_rgb565 (guint16 pixel)
{
  guint32 red = pixel >> 11 & 31, green = pixel >> 5 & 63, blue = pixel & 31;

  return 0xff000000u |
         (red << 3 | red >> 2) << 16 |
         (green << 2 | green >> 4) << 8 |
         (blue << 3 | blue >> 2);
}

#define DEFINE_CONVERT_ROW(name, type)                                        \
  static void                                                                 \
  convert_row_##name (guint32      *restrict dest,                            \
                      const guint8 *restrict source,                          \
                      int           n)                                        \
  {                                                                           \
    type block[BLOCK];                                                        \
                                                                              \
    for (; n >= BLOCK; n -= BLOCK)                                            \
      {                                                                       \
        memcpy (block, source, sizeof block);                                 \
        for (int i = 0; i < BLOCK; i++)                                       \
          dest[i] = opaque_from_##name (block[i]);                            \
        dest += BLOCK;                                                        \
        source += sizeof block;                                               \
      }                                                                       \
                                                                              \
    memcpy (block, source, n * sizeof (type));                                \
    for (int i = 0; i < n; i++)                                               \
      dest[i] = opaque_from_##name (block[i]);                                \
  }

DEFINE_CONVERT_ROW (xrgb32, guint32)
DEFINE_CONVERT_ROW (rgb555, guint16)
DEFINE_CONVERT_ROW (rgb565, guint16)

gsize
_lodge_pixel_format_get_size (LodgePixelFormat format)
{
  return format == LODGE_PIXEL_FORMAT_XRGB32 ? 4 : 2;
}

void
_lodge_pixels_convert (guint32          *dest,
                       gsize             dest_stride,
                       const guint8     *source,
                       gsize             source_stride,
                       LodgePixelFormat  format,
                       int               width,
                       int               height)
{
  void (*convert_row) (guint32 *restrict, const guint8 *restrict, int) = convert_row_xrgb32;

  if (format == LODGE_PIXEL_FORMAT_RGB555)
    convert_row = convert_row_rgb555;
  else if (format == LODGE_PIXEL_FORMAT_RGB565)
    convert_row = convert_row_rgb565;

  for (int y = 0; y < height; y++)
    {
      convert_row (dest, source, width);
      dest = (guint32 *)((guint8 *)dest + dest_stride);
      source += source_stride;
    }
}
