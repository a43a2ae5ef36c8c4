/* lodge-placement.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <math.h>

#include "lodge-placement-private.h"

/* A guest that follows the window takes widths that are multiples of 8 only, and its window
 * manager's idea of a size may differ from ours by a little more. Rather a thin border than a blur.
 */
#define SLACK 16

static double
choose_factor (LodgeScaling scaling,
               double       zoom,
               int          guest_width,
               int          guest_height,
               double       width,
               double       height)
{
  double factor, whole;

  if (scaling == LODGE_SCALING_NATIVE)
    return zoom;

  factor = MIN (width / guest_width, height / guest_height);

  if (scaling == LODGE_SCALING_FIT_DOWN)
    factor = MIN (factor, 1.0);

  whole = floor (factor + 1e-6);

  if (whole >= 1.0 &&
      (factor - whole) * guest_width < SLACK && (factor - whole) * guest_height < SLACK)
    return whole;

  return factor;
}

/* Device pixels from the widget's edge to the picture's, so that the picture starts on a whole one
 * of the surface.
 */
static double
align (double free_length,
       double origin)
{
  double fraction = origin - floor (origin);

  /* Where the origin is whole but for rounding. */
  if (fraction < 1e-3 || fraction > 1 - 1e-3)
    fraction = 0;

  return MAX (floor (free_length / 2 + fraction), ceil (fraction)) - fraction;
}

void
_lodge_placement_init (LodgePlacement *self,
                       LodgeScaling    scaling,
                       double          zoom,
                       int             guest_width,
                       int             guest_height,
                       int             width,
                       int             height,
                       double          device_scale,
                       double          origin_x,
                       double          origin_y)
{
  double device_width = width * device_scale, device_height = height * device_scale;
  double picture_width, picture_height;

  *self = (LodgePlacement) { 0, };

  if (guest_width <= 0 || guest_height <= 0 || width <= 0 || height <= 0 || device_scale <= 0)
    return;

  self->factor = choose_factor (scaling, zoom, guest_width, guest_height,
                                device_width, device_height);
  self->device_scale = device_scale;
  self->crisp = self->factor >= 1 && self->factor == floor (self->factor);

  picture_width = MAX (round (guest_width * self->factor), 1);
  picture_height = MAX (round (guest_height * self->factor), 1);
  self->x = align (device_width - picture_width, origin_x * device_scale) / device_scale;
  self->y = align (device_height - picture_height, origin_y * device_scale) / device_scale;
  self->width = picture_width / device_scale;
  self->height = picture_height / device_scale;
}

gboolean
_lodge_placement_find_pixel (const LodgePlacement *self,
                             int                   guest_width,
                             int                   guest_height,
                             double                x,
                             double                y,
                             int                  *guest_x,
                             int                  *guest_y)
{
  double column = 0, row = 0;

  if (self->width > 0 && self->height > 0)
    {
      column = floor ((x - self->x) * guest_width / self->width);
      row = floor ((y - self->y) * guest_height / self->height);
    }

  *guest_x = CLAMP (column, 0, MAX (guest_width - 1, 0));
  *guest_y = CLAMP (row, 0, MAX (guest_height - 1, 0));

  return self->width > 0 &&
         column >= 0 && column < guest_width && row >= 0 && row < guest_height;
}

gboolean
_lodge_placement_equal (const LodgePlacement *a,
                        const LodgePlacement *b)
{
  return a->x == b->x && a->y == b->y &&
         a->width == b->width && a->height == b->height &&
         a->factor == b->factor && a->device_scale == b->device_scale;
}
