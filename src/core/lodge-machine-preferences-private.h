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

/* For the governor. @problem: (nullable) */
void                     _lodge_machine_preferences_set_decision (LodgeMachinePreferences *self,
                                                                  LodgeMemoryReason        reason,
                                                                  guint64                  decided,
                                                                  const GError            *problem);

G_END_DECLS
