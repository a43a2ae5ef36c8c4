/* lodge-serial-panel.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-panel.h"

G_BEGIN_DECLS

#define LODGE_TYPE_SERIAL_PANEL (lodge_serial_panel_get_type ())

G_DECLARE_FINAL_TYPE (LodgeSerialPanel, lodge_serial_panel, LODGE, SERIAL_PANEL, LodgePanel)

G_END_DECLS
