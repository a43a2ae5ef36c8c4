/* lodge-share.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-types.h"

G_BEGIN_DECLS

#define LODGE_TYPE_SHARE (lodge_share_get_type ())

/* One part of a computer's memory and cores. The object stays the same while it is about the same
 * thing, so that a widget can follow it.
 *
 * Properties, all readable with notify: kind (LodgeShareKind), name (string, nullable: of a machine or
 * container), engine (string, nullable: "podman", "docker", "lxc" … of a container), machine
 * (LodgeMachine, nullable), memory (uint64, KiB), cores (uint, thousandths: that it may use; of free
 * and reserve: that there are), load (uint, thousandths: that it uses now), source (LodgeShareSource:
 * where the size of its memory comes from).
 */
G_DECLARE_FINAL_TYPE (LodgeShare, lodge_share, LODGE, SHARE, GObject)

LodgeShareKind    lodge_share_get_kind    (LodgeShare *self);
const char       *lodge_share_get_name    (LodgeShare *self);
const char       *lodge_share_get_engine  (LodgeShare *self);
LodgeMachine     *lodge_share_get_machine (LodgeShare *self);
guint64           lodge_share_get_memory  (LodgeShare *self);
guint             lodge_share_get_cores   (LodgeShare *self);
guint             lodge_share_get_load    (LodgeShare *self);
LodgeShareSource  lodge_share_get_source  (LodgeShare *self);

G_END_DECLS
