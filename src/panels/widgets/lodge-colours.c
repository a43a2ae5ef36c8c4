/* lodge-colours.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-colours.h"

/* Of libadwaita's palette, those that stand out by 3 to 1 from a light and from a dark ground. */
static const struct
{
  const char *name;
  const char *otherwise;
} series[] = {
  { "blue_3",   "#3584e4" },
  { "purple_2", "#c061cb" },
  { "orange_4", "#e66100" },
  { "green_5",  "#26a269" },
  { "brown_2",  "#b5835a" },
};

static GdkRGBA
look_up (GtkWidget  *widget,
         const char *name,
         const char *otherwise)
{
  GdkRGBA colour;

  if (!gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), name, &colour))
    gdk_rgba_parse (&colour, otherwise);

  return colour;
}

/**
 * lodge_colours_text:
 * @alpha: how much of it
 *
 * Returns: the colour of @widget's text
 */
GdkRGBA
lodge_colours_text (GtkWidget *widget,
                    float      alpha)
{
  GdkRGBA colour;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  colour.alpha *= alpha;

  return colour;
}

GdkRGBA
lodge_colours_accent (GtkWidget *widget)
{
  return look_up (widget, "accent_bg_color", "#3584e4");
}

/**
 * lodge_colours_series:
 * @index: any number; they repeat
 *
 * Returns: one of a few colours that are easy to tell apart
 */
GdkRGBA
lodge_colours_series (GtkWidget *widget,
                      guint      index)
{
  index %= G_N_ELEMENTS (series);

  return look_up (widget, series[index].name, series[index].otherwise);
}

void
lodge_colours_hatch (GtkSnapshot           *snapshot,
                     const graphene_rect_t *bounds,
                     const GdkRGBA         *ground,
                     const GdkRGBA         *line)
{
  const GskColorStop stops[] = {
    { 0.0f, *ground }, { 0.6f, *ground }, { 0.6f, *line }, { 1.0f, *line },
  };
  graphene_point_t start = bounds->origin;
  graphene_point_t end = GRAPHENE_POINT_INIT (start.x + 4, start.y + 4);

  gtk_snapshot_append_repeating_linear_gradient (snapshot, bounds, &start, &end,
                                                 stops, G_N_ELEMENTS (stops));
}
