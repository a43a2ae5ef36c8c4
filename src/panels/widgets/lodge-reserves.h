/* lodge-reserves.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-host-list.h"

G_BEGIN_DECLS

#define LODGE_TYPE_RESERVES (lodge_reserves_get_type ())

/* What the user wants to be kept for each computer: from the settings to the budgets and back. */
G_DECLARE_FINAL_TYPE (LodgeReserves, lodge_reserves, LODGE, RESERVES, GObject)

LodgeReserves *lodge_reserves_new (LodgeHostList *hosts);

G_END_DECLS
