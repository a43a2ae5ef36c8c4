/* lodge-pending-change.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-resource-types.h"

G_BEGIN_DECLS

#define LODGE_TYPE_PENDING_CHANGE (lodge_pending_change_get_type ())

G_DECLARE_FINAL_TYPE (LodgePendingChange, lodge_pending_change, LODGE, PENDING_CHANGE, GObject)

/* Properties, which never change: kind (LodgePendingKind), now and later (uint64: what the running
 * guest has, and what it will have after the next start; the unit depends on the kind).
 */

LodgePendingChange *lodge_pending_change_new       (LodgePendingKind     kind,
                                                    guint64              now,
                                                    guint64              later);
LodgePendingKind    lodge_pending_change_get_kind  (LodgePendingChange  *self);
guint64             lodge_pending_change_get_now   (LodgePendingChange  *self);
guint64             lodge_pending_change_get_later (LodgePendingChange  *self);

G_END_DECLS
