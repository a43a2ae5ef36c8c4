/* lodge-usage-graph.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-colours.h"
#include "lodge-usage-graph.h"

/* What fits in, in seconds. */
#define SPAN 300

#define MINIMUM_HEIGHT 44
#define MINIMUM_WIDTH  120

/* Two points that are further apart than this, in seconds, have a gap between them. */
#define GAP 15

/**
 * LodgeUsageGraph:
 *
 * A small picture of how a figure has gone, the latest at the end. What it shows is said in words,
 * too, to those who do not see it.
 */

struct _LodgeUsageGraph
{
  GtkWidget  parent_instance;

  GArray    *points;
  double     maximum;
};

G_DEFINE_FINAL_TYPE (LodgeUsageGraph, lodge_usage_graph, GTK_TYPE_WIDGET)

static void
lodge_usage_graph_measure (GtkWidget      *widget,
                           GtkOrientation  orientation,
                           int             for_size,
                           int            *minimum,
                           int            *natural,
                           int            *minimum_baseline,
                           int            *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? MINIMUM_HEIGHT : MINIMUM_WIDTH;
}

static double
x_of (LodgeUsageGraph *self,
      gint64           time,
      gint64           now,
      int              width)
{
  return width * (1.0 - (double)(now - time) / (SPAN * (double)G_USEC_PER_SEC));
}

static double
y_of (LodgeUsageGraph *self,
      double           value,
      int              height)
{
  return 1 + (height - 2) * (1.0 - CLAMP (value / self->maximum, 0.0, 1.0));
}

/* Draws the points from @from up to a gap, and returns where it comes after. */
static guint
draw_stretch (LodgeUsageGraph *self,
              cairo_t         *cr,
              guint            from,
              gint64           now,
              int              width,
              int              height,
              gboolean         filled)
{
  const LodgeUsagePoint *points = (const LodgeUsagePoint *)(gpointer)self->points->data;
  guint i;

  if (points[from].value < 0)
    return from + 1;

  for (i = from; i < self->points->len && points[i].value >= 0; i++)
    {
      double x = x_of (self, points[i].time, now, width);
      double y = y_of (self, points[i].value, height);

      if (i > from && points[i].time - points[i - 1].time > GAP * G_USEC_PER_SEC)
        break;

      if (i > from)
        cairo_line_to (cr, x, y);
      else if (filled)
        {
          cairo_move_to (cr, x, height);
          cairo_line_to (cr, x, y);
        }
      else
        cairo_move_to (cr, x, y);
    }

  if (filled)
    {
      cairo_line_to (cr, x_of (self, points[i - 1].time, now, width), height);
      cairo_close_path (cr);
      cairo_fill (cr);
    }
  else
    cairo_stroke (cr);

  return i;
}

static void
draw (LodgeUsageGraph *self,
      cairo_t         *cr,
      int              width,
      int              height)
{
  GdkRGBA colour = lodge_colours_accent (GTK_WIDGET (self));
  const LodgeUsagePoint *points = (const LodgeUsagePoint *)(gpointer)self->points->data;
  gint64 now = points[self->points->len - 1].time;

  for (int filled = 1; filled >= 0; filled--)
    {
      cairo_set_source_rgba (cr, colour.red, colour.green, colour.blue, filled ? 0.3 : 1.0);
      cairo_set_line_width (cr, 1.5);
      cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);

      for (guint i = 0; i < self->points->len; )
        i = draw_stretch (self, cr, i, now, width, height, filled);
    }
}

static void
lodge_usage_graph_snapshot (GtkWidget   *widget,
                            GtkSnapshot *snapshot)
{
  LodgeUsageGraph *self = LODGE_USAGE_GRAPH (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, width, height);
  GdkRGBA ground = lodge_colours_text (widget, 0.06f);
  GdkRGBA border = lodge_colours_text (widget, 0.35f);
  GdkRGBA grid = lodge_colours_text (widget, 0.15f);
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, &bounds, 6);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, &ground, &bounds);
  gtk_snapshot_append_color (snapshot, &grid, &GRAPHENE_RECT_INIT (0, height / 2, width, 1));

  /* A line a minute. */
  for (int minute = 1; minute < SPAN / 60; minute++)
    gtk_snapshot_append_color (snapshot, &grid,
                               &GRAPHENE_RECT_INIT (width * minute * 60 / SPAN, 0, 1, height));

  if (self->points->len > 0 && self->maximum > 0)
    {
      cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &bounds);

      draw (self, cr, width, height);
      cairo_destroy (cr);
    }

  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &outline, (float[4]) { 1, 1, 1, 1 },
                              (GdkRGBA[4]) { border, border, border, border });
}

static void
lodge_usage_graph_finalize (GObject *object)
{
  LodgeUsageGraph *self = (LodgeUsageGraph *)object;

  g_clear_pointer (&self->points, g_array_unref);

  G_OBJECT_CLASS (lodge_usage_graph_parent_class)->finalize (object);
}

static void
lodge_usage_graph_class_init (LodgeUsageGraphClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = lodge_usage_graph_finalize;
  widget_class->measure = lodge_usage_graph_measure;
  widget_class->snapshot = lodge_usage_graph_snapshot;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
lodge_usage_graph_init (LodgeUsageGraph *self)
{
  self->points = g_array_new (FALSE, FALSE, sizeof (LodgeUsagePoint));
}

/**
 * lodge_usage_graph_set_points:
 * @points: (array length=n_points): oldest first; the last one is now
 * @maximum: the value at the top
 */
void
lodge_usage_graph_set_points (LodgeUsageGraph       *self,
                              const LodgeUsagePoint *points,
                              guint                  n_points,
                              double                 maximum)
{
  g_return_if_fail (LODGE_IS_USAGE_GRAPH (self));

  g_array_set_size (self->points, 0);
  g_array_append_vals (self->points, points, n_points);
  self->maximum = maximum;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * lodge_usage_graph_set_words:
 * @words: what it shows, with the value of now
 *
 * Sets the tooltip and what assistive technology calls the picture.
 */
void
lodge_usage_graph_set_words (LodgeUsageGraph *self,
                             const char      *words)
{
  g_return_if_fail (LODGE_IS_USAGE_GRAPH (self));

  if (g_strcmp0 (gtk_widget_get_tooltip_text (GTK_WIDGET (self)), words) == 0)
    return;

  gtk_widget_set_tooltip_text (GTK_WIDGET (self), words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
}
