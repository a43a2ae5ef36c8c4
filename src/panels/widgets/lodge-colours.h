/* lodge-colours.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Colours for what is drawn, from the theme of @widget: they follow dark, light and high contrast. */
GdkRGBA lodge_colours_text   (GtkWidget             *widget,
                              float                  alpha);
GdkRGBA lodge_colours_accent (GtkWidget             *widget);
GdkRGBA lodge_colours_series (GtkWidget             *widget,
                              guint                  index);

/* Lines aslant, for what cannot be had: not told by its colour alone. */
void    lodge_colours_hatch  (GtkSnapshot           *snapshot,
                              const graphene_rect_t *bounds,
                              const GdkRGBA         *ground,
                              const GdkRGBA         *line);

G_END_DECLS
