/* layout.h: places and sizes in the picture.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From the layout for 1024 x 768 to sixteenths of a pixel on the screen.
 */

#pragma once

#include "demo.h"

#define CREAM 0xfff1d6
#define AMBER 0xffc065

int  layout_size  (int         size);
int  layout_x     (int         x);
int  layout_y     (int         y);
void layout_label (int         x,
                   int         y,
                   int         height,
                   int         weight,
                   u32         colour,
                   const char *text);
void scene_draw   (void);
