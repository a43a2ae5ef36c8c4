/* lodge-start-failures.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-machine.h"

G_BEGIN_DECLS

#define LODGE_TYPE_START_FAILURES (lodge_start_failures_get_type ())

/* Why machines did not start, until they are started again. Signal ::changed (LodgeMachine). */
G_DECLARE_FINAL_TYPE (LodgeStartFailures, lodge_start_failures, LODGE, START_FAILURES, GObject)

LodgeStartFailures *lodge_start_failures_get_default (void);
const GError       *lodge_start_failures_get         (LodgeStartFailures *self,
                                                      LodgeMachine       *machine);
void                lodge_start_failures_set         (LodgeStartFailures *self,
                                                      LodgeMachine       *machine,
                                                      const GError       *error);

G_END_DECLS
