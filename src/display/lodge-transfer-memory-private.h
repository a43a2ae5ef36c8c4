/* lodge-transfer-memory-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-display-types.h"

G_BEGIN_DECLS

/* Keeps the memory by which cairo hands pictures of up to @width × @height device pixels to the
 * server of @target, until what it returns is destroyed. NULL where there is no such memory.
 */
cairo_surface_t *_lodge_transfer_memory_hold (GdkSurface *target,
                                              int         width,
                                              int         height);

G_END_DECLS
