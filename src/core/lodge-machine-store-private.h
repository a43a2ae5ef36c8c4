/* lodge-machine-store-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-types.h"

G_BEGIN_DECLS

#define LODGE_TYPE_MACHINE_STORE (lodge_machine_store_get_type ())

G_DECLARE_FINAL_TYPE (LodgeMachineStore, lodge_machine_store, LODGE, MACHINE_STORE, GObject)

LodgeMachineStore *lodge_machine_store_new    (void);
LodgeMachine      *lodge_machine_store_lookup (LodgeMachineStore *self,
                                               const char        *id);
void               lodge_machine_store_change (LodgeMachineStore *self,
                                               GHashTable        *removed,
                                               GPtrArray         *added);

G_END_DECLS
