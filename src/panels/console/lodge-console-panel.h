/* lodge-console-panel.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-panel.h"

G_BEGIN_DECLS

#define LODGE_TYPE_CONSOLE_PANEL (lodge_console_panel_get_type ())

G_DECLARE_FINAL_TYPE (LodgeConsolePanel, lodge_console_panel, LODGE, CONSOLE_PANEL, LodgePanel)

G_END_DECLS
