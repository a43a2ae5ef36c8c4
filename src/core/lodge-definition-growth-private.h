/* lodge-definition-growth-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-definition-resources-private.h"

G_BEGIN_DECLS

LodgeObstacle  lodge_definition_growth_obstacle  (const LodgeResourceDefinition  *definition);
char          *lodge_definition_prepare_growth   (const char                     *xml,
                                                  guint64                         memory,
                                                  guint                           vcpus,
                                                  GError                        **error);
gboolean       lodge_definition_is_prepared      (const char                     *xml,
                                                  guint64                         memory,
                                                  guint                           vcpus);
char          *lodge_definition_raise_vcpus      (const char                     *xml,
                                                  guint                           vcpus,
                                                  GError                        **error);
guint          lodge_definition_count_devices    (const char                     *xml);

G_END_DECLS
