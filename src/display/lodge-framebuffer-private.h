/* lodge-framebuffer-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-framebuffer.h"

G_BEGIN_DECLS

/* The largest side of a surface: 1 GiB as 32 bits a pixel. */
#define LODGE_FRAMEBUFFER_MAX 16384

/* A grid over the framebuffer, all tiles of the same size but those at the right and the bottom.
 * None is smaller than 129 pixels in both directions unless the framebuffer is: GTK's GL renderer
 * keeps textures of up to 128 × 128 pixels in an atlas for icons, which costs 2 to 4 times as much
 * and grows without bounds with textures that change.
 */
typedef struct
{
  int tile_width;
  int tile_height;
  int n_columns;
  int n_rows;
} LodgeTileGrid;

void             _lodge_framebuffer_get_grid       (LodgeFramebuffer     *self,
                                                    LodgeTileGrid        *grid);
/* Changes when what the two functions below return does. */
guint            _lodge_framebuffer_get_generation (LodgeFramebuffer     *self);
/* All pixels as they are now, in cairo's RGB24, lent until the generation changes. Without a copy
 * where the server's surface can be drawn as it is.
 */
cairo_surface_t *_lodge_framebuffer_get_surface    (LodgeFramebuffer     *self);
/* All pixels as they are now, in rows of 4 × width bytes, GDK_MEMORY_DEFAULT and opaque, lent.
 * Copies what is damaged. The memory changes with the next call; who keeps a reference must be
 * content with newer pixels.
 */
GBytes          *_lodge_framebuffer_get_bytes      (LodgeFramebuffer     *self);
/* How many pixels were copied so far, for tests and benchmarks. */
guint64          _lodge_framebuffer_get_n_copied   (LodgeFramebuffer     *self);
/* The columns and rows of tiles that a rectangle inside the framebuffer touches; last included. */
void             _lodge_tile_grid_find             (const LodgeTileGrid  *grid,
                                                    const GdkRectangle   *rectangle,
                                                    int                  *first_column,
                                                    int                  *last_column,
                                                    int                  *first_row,
                                                    int                  *last_row);

G_END_DECLS
