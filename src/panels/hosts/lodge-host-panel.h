/* lodge-host-panel.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-panel.h"

G_BEGIN_DECLS

#define LODGE_TYPE_HOST_PANEL (lodge_host_panel_get_type ())

G_DECLARE_FINAL_TYPE (LodgeHostPanel, lodge_host_panel, LODGE, HOST_PANEL, LodgePanel)

G_END_DECLS
