/* lodge-machine-actions.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "lodge-machine.h"

G_BEGIN_DECLS

#define LODGE_TYPE_MACHINE_ACTIONS (lodge_machine_actions_get_type ())

/* The life of one machine as a group of actions, for insertion as "machine": start, pause, resume,
 * save, discard-saved, shut-down, restart, force-off. An action is enabled while the machine can
 * do it. Property machine (LodgeMachine, nullable).
 */
G_DECLARE_FINAL_TYPE (LodgeMachineActions, lodge_machine_actions, LODGE, MACHINE_ACTIONS, GObject)

LodgeMachineActions *lodge_machine_actions_new         (GtkWidget           *widget);
LodgeMachine        *lodge_machine_actions_get_machine (LodgeMachineActions *self);
void                 lodge_machine_actions_set_machine (LodgeMachineActions *self,
                                                        LodgeMachine        *machine);
void                 lodge_machine_actions_perform     (GtkWidget           *widget,
                                                        LodgeMachine        *machine,
                                                        LodgeAction          action);
void                 lodge_machine_actions_start_anew  (GtkWidget           *widget,
                                                        LodgeMachine        *machine);

G_END_DECLS
