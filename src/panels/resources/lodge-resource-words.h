/* lodge-resource-words.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-machine-resources.h"

G_BEGIN_DECLS

/* Memory and cores in words; see core's lodge-quantity.h for how amounts are written. */

const char *lodge_resource_words_obstacle        (LodgeObstacle          obstacle);
const char *lodge_resource_words_reason          (LodgeMemoryReason      reason);
char       *lodge_resource_words_dup_pending     (LodgePendingChange    *change);
char       *lodge_resource_words_dup_memory      (LodgeMachineResources *resources,
                                                  gboolean              *warning);
char       *lodge_resource_words_dup_vcpus       (LodgeMachineResources *resources,
                                                  gboolean              *warning);
char       *lodge_resource_words_dup_refusal     (const GError          *error,
                                                  const char            *text,
                                                  gboolean               cores,
                                                  const char            *too_small,
                                                  const char            *too_large);

/* One unit for sliders: GiB, or cores. */
double      lodge_resource_gib_from_kib          (guint64                kib);
guint64     lodge_resource_kib_from_gib          (double                 gib);
char       *lodge_resource_words_dup_gib         (double                 gib);
char       *lodge_resource_words_dup_gib_exact   (double                 gib);
char       *lodge_resource_words_dup_cores       (double                 cores);

G_END_DECLS
