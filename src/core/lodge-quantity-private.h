/* lodge-quantity-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-quantity.h"

G_BEGIN_DECLS

/* How numbers are written somewhere, in UTF-8. */
typedef struct
{
  const char *point;   /* "." or "," */
  const char *groups;  /* what stands between groups of three digits; "" for nothing */
} LodgeNumberStyle;

gboolean  _lodge_quantity_parse_memory (const LodgeNumberStyle  *style,
                                        const char              *text,
                                        guint64                  minimum,
                                        guint64                  maximum,
                                        guint64                 *kib,
                                        GError                 **error);
gboolean  _lodge_quantity_parse_cores  (const LodgeNumberStyle  *style,
                                        const char              *text,
                                        guint                    minimum,
                                        guint                    maximum,
                                        guint                   *thousandths,
                                        GError                 **error);
char     *_lodge_quantity_format       (const LodgeNumberStyle  *style,
                                        guint64                  kib,
                                        gboolean                 exact);
char     *_lodge_quantity_format_cores (const LodgeNumberStyle  *style,
                                        guint                    thousandths);

G_END_DECLS
