/* lodge-machine-preferences-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-machine-preferences.h"
#include "lodge-preferences-private.h"

G_BEGIN_DECLS

/* For the machine. */
LodgeMachinePreferences *_lodge_machine_preferences_new   (LodgeMachine            *machine);
void                     _lodge_machine_preferences_apply (LodgeMachinePreferences *self,
                                                           const LodgePreferences  *preferences);

G_END_DECLS
