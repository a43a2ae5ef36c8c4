/* patterns.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the program and the tests that drive it both know. */

/* The pixel of a pattern that both sides know: pattern 0 is black. */
static inline guint32
pattern_pixel (guint pattern,
               guint x,
               guint y)
{
  if (pattern == 0)
    return 0;

  return ((x * 7 + pattern * 31) & 0xff) << 16 | ((y * 5 + pattern * 17) & 0xff) << 8 |
         ((x ^ y ^ pattern) & 0xff);
}

/* FNV-1a. */
static inline guint32
checksum (const guint8 *data,
          gsize         length)
{
  guint32 sum = 2166136261u;

  for (gsize i = 0; i < length; i++)
    sum = (sum ^ data[i]) * 16777619u;

  return sum;
}

/* What a large clipboard is filled with. */
static inline guint8
filling (gsize i)
{
  return (guint8)('a' + i % 23);
}

G_END_DECLS
