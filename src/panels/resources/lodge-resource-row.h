/* lodge-resource-row.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-usage-graph.h"
#include "lodge-zone-scale.h"

G_BEGIN_DECLS

#define LODGE_TYPE_RESOURCE_ROW (lodge_resource_row_get_type ())

/* One amount that can be changed: its name, a field and a slider, what is reached, and a graph.
 *
 * Properties: title (string).
 *
 * Signals:
 *   "asked" (double value): the slider has come to rest where the user moved it
 *   "entered" (string text): the user has written something and is done with it; the answer is
 *     lodge_resource_row_accept() or lodge_resource_row_refuse()
 */
G_DECLARE_FINAL_TYPE (LodgeResourceRow, lodge_resource_row, LODGE, RESOURCE_ROW, GtkWidget)

LodgeZoneScale  *lodge_resource_row_get_scale    (LodgeResourceRow     *self);
LodgeUsageGraph *lodge_resource_row_get_graph    (LodgeResourceRow     *self);
void             lodge_resource_row_set_formats  (LodgeResourceRow     *self,
                                                  LodgeZoneScaleFormat  format,
                                                  LodgeZoneScaleFormat  format_exact);
void             lodge_resource_row_set_value    (LodgeResourceRow     *self,
                                                  double                value);
void             lodge_resource_row_set_status   (LodgeResourceRow     *self,
                                                  const char           *text,
                                                  gboolean              warning);
void             lodge_resource_row_set_obstacle (LodgeResourceRow     *self,
                                                  const char           *reason,
                                                  gboolean              shown);
void             lodge_resource_row_accept       (LodgeResourceRow     *self);
void             lodge_resource_row_refuse       (LodgeResourceRow     *self,
                                                  const char           *reason);

G_END_DECLS
