/* lodge-side-box.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LodgeSideBoxPlace:
 * @LODGE_SIDE_BOX_BESIDE: the content has the rest of the width
 * @LODGE_SIDE_BOX_OVER: the side covers the end of the content
 * @LODGE_SIDE_BOX_BELOW: the side covers the lower part of the content
 *
 * Where the side stands while it is open.
 */
typedef enum
{
  LODGE_SIDE_BOX_BESIDE,
  LODGE_SIDE_BOX_OVER,
  LODGE_SIDE_BOX_BELOW,
} LodgeSideBoxPlace;

#define LODGE_TYPE_SIDE_BOX (lodge_side_box_get_type ())

/* Something large and something beside it that opens and closes. Properties: content, side
 * (GtkWidget), open (boolean).
 */
G_DECLARE_FINAL_TYPE (LodgeSideBox, lodge_side_box, LODGE, SIDE_BOX, GtkWidget)

gboolean           lodge_side_box_get_open  (LodgeSideBox *self);
void               lodge_side_box_set_open  (LodgeSideBox *self,
                                             gboolean      open);
LodgeSideBoxPlace  lodge_side_box_get_place (LodgeSideBox *self);

G_END_DECLS
