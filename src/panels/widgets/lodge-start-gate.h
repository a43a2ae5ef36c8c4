/* lodge-start-gate.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "lodge-machine.h"

G_BEGIN_DECLS

/* Called when the machine may be started as it is. */
typedef void (*LodgeStartGateFunc) (GtkWidget    *widget,
                                    LodgeMachine *machine);

void lodge_start_gate_pass (GtkWidget          *widget,
                            LodgeMachine       *machine,
                            LodgeStartGateFunc  start);

G_END_DECLS
