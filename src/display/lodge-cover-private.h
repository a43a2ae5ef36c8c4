/* lodge-cover-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What of a picture is in front of everything else in its window. */
typedef struct
{
  /* In device pixels from the picture's corner. */
  cairo_region_t *open;
  /* The picture's corner on the surface, in device pixels. */
  int             x;
  int             y;
} LodgeCover;

/* Looks at what @widget's window shows, for @picture, a node that @widget has appended to its
 * snapshot, and @bounds, what of it is the picture, in @widget's units. To be called after GTK has
 * painted, while sizes are settled. @self->open is NULL where pixels cannot be put in the picture's
 * place as they are: it is not there, or turned, or seen through something; else the caller's.
 */
void _lodge_cover_init (LodgeCover            *self,
                        GtkWidget             *widget,
                        GskRenderNode         *picture,
                        const graphene_rect_t *bounds);

G_END_DECLS
