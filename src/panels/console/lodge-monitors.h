/* lodge-monitors.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-console.h"
#include "lodge-panel.h"

G_BEGIN_DECLS

#define LODGE_TYPE_MONITORS (lodge_monitors_get_type ())

/* The menu of a guest's further monitors, and the windows that it opens. */
G_DECLARE_FINAL_TYPE (LodgeMonitors, lodge_monitors, LODGE, MONITORS, GObject)

LodgeMonitors *lodge_monitors_new         (LodgePanel    *panel,
                                           GMenu         *menu);
void           lodge_monitors_set_console (LodgeMonitors *self,
                                           LodgeConsole  *console);
void           lodge_monitors_open        (LodgeMonitors *self,
                                           int            id);

G_END_DECLS
