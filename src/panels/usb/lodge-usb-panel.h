/* lodge-usb-panel.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-panel.h"

G_BEGIN_DECLS

#define LODGE_TYPE_USB_PANEL (lodge_usb_panel_get_type ())

G_DECLARE_FINAL_TYPE (LodgeUsbPanel, lodge_usb_panel, LODGE, USB_PANEL, LodgePanel)

G_END_DECLS
