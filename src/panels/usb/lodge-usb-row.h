/* lodge-usb-row.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "lodge-usb-broker.h"

G_BEGIN_DECLS

#define LODGE_TYPE_USB_ROW (lodge_usb_row_get_type ())

G_DECLARE_FINAL_TYPE (LodgeUsbRow, lodge_usb_row, LODGE, USB_ROW, AdwExpanderRow)

GtkWidget *lodge_usb_row_new (LodgeUsbBroker *broker,
                              LodgeUsbPlug   *plug,
                              LodgeMachine   *machine);

G_END_DECLS
