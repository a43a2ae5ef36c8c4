/* lodge-quantity.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Amounts of memory (KiB) and of cores (thousandths) as people write them: "6.5 GiB", "512 MB",
 * "6,5 GiB", "4". What is refused is a LODGE_ERROR: NOT_A_NUMBER, UNKNOWN_UNIT, NOT_POSITIVE (zero or
 * negative), TOO_SMALL (below the minimum) or TOO_LARGE (above the maximum).
 */

gboolean  lodge_quantity_parse_memory        (const char  *text,
                                              guint64      minimum,
                                              guint64      maximum,
                                              guint64     *kib,
                                              GError     **error);
gboolean  lodge_quantity_parse_cores         (const char  *text,
                                              guint        minimum,
                                              guint        maximum,
                                              guint       *thousandths,
                                              GError     **error);
char     *lodge_quantity_format_memory       (guint64      kib);
char     *lodge_quantity_format_memory_exact (guint64      kib);
char     *lodge_quantity_format_cores        (guint        thousandths);

G_END_DECLS
