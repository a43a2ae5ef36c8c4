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

/* For the loan of a machine, of which property loan-amount (uint64, KiB, 0 for none) tells. Writing is
 * waited for by nobody: a loan that could not be written down stands as long as this program runs.
 */
const LodgePreferences  *_lodge_machine_preferences_get      (LodgeMachinePreferences *self);
void                     _lodge_machine_preferences_set_loan (LodgeMachinePreferences *self,
                                                              const char              *borrower,
                                                              guint64                  from,
                                                              guint64                  amount);

/* For the governor. @problem: (nullable) */
void                     _lodge_machine_preferences_set_decision (LodgeMachinePreferences *self,
                                                                  LodgeMemoryReason        reason,
                                                                  guint64                  decided,
                                                                  const GError            *problem);

G_END_DECLS
