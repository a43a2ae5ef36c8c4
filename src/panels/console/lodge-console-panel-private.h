/* lodge-console-panel-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-console-panel.h"
#include "lodge-console.h"
#include "lodge-monitors.h"
#include "lodge-screen-view.h"

G_BEGIN_DECLS

LodgeConsole    *_lodge_console_panel_get_console     (LodgeConsolePanel *self);
LodgeMonitors   *_lodge_console_panel_get_monitors    (LodgeConsolePanel *self);
LodgeScreenView *_lodge_console_panel_get_view        (LodgeConsolePanel *self);
void             _lodge_console_panel_add_actions     (LodgeConsolePanel *self);
void             _lodge_console_panel_update_actions  (LodgeConsolePanel *self);

G_END_DECLS
