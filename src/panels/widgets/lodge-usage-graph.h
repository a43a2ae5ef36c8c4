/* lodge-usage-graph.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LODGE_TYPE_USAGE_GRAPH (lodge_usage_graph_get_type ())

/* The last minutes of one figure, drawn. */
G_DECLARE_FINAL_TYPE (LodgeUsageGraph, lodge_usage_graph, LODGE, USAGE_GRAPH, GtkWidget)

/* One figure at a time: monotonic, in microseconds; a negative value is a gap. */
typedef struct
{
  gint64 time;
  double value;
} LodgeUsagePoint;

void lodge_usage_graph_set_points (LodgeUsageGraph       *self,
                                   const LodgeUsagePoint *points,
                                   guint                  n_points,
                                   double                 maximum);
void lodge_usage_graph_set_words  (LodgeUsageGraph       *self,
                                   const char            *words);

G_END_DECLS
