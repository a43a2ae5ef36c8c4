/* lodge-zone-scale.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LODGE_TYPE_ZONE_SCALE (lodge_zone_scale_get_type ())

/* A slider in three zones: what must be kept, what is free to take, and what is others'.
 *
 * Signals:
 *   "moved" (double value): the user moves it; for a label that follows at once
 *   "asked" (double value): it rests, or was let go, where the user moved it; for what costs
 *
 * Neither comes for lodge_zone_scale_set_value().
 */
G_DECLARE_FINAL_TYPE (LodgeZoneScale, lodge_zone_scale, LODGE, ZONE_SCALE, GtkScale)

/* Words for a value, as the user reads it. */
typedef char *(*LodgeZoneScaleFormat) (double value);

/* For how long it must stand still to have come to rest, in milliseconds. */
#define LODGE_ZONE_SCALE_REST 200

void     lodge_zone_scale_set_format (LodgeZoneScale       *self,
                                      LodgeZoneScaleFormat  format);
void     lodge_zone_scale_set_steps  (LodgeZoneScale       *self,
                                      double                step,
                                      double                page);
void     lodge_zone_scale_set_zones  (LodgeZoneScale       *self,
                                      double                floor,
                                      double                reachable,
                                      double                maximum);
void     lodge_zone_scale_set_used   (LodgeZoneScale       *self,
                                      double                used);
void     lodge_zone_scale_set_words  (LodgeZoneScale       *self,
                                      const char           *floor_words,
                                      const char           *free_words,
                                      const char           *others_words);
void     lodge_zone_scale_set_obstacle
                                     (LodgeZoneScale       *self,
                                      const char           *reason);
void     lodge_zone_scale_set_value  (LodgeZoneScale       *self,
                                      double                value);
double   lodge_zone_scale_get_value  (LodgeZoneScale       *self);
gboolean lodge_zone_scale_is_held    (LodgeZoneScale       *self);

G_END_DECLS
