/* lodge-usb-rule-row.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "lodge-usb-broker.h"

G_BEGIN_DECLS

#define LODGE_TYPE_USB_RULE_ROW (lodge_usb_rule_row_get_type ())

G_DECLARE_FINAL_TYPE (LodgeUsbRuleRow, lodge_usb_rule_row, LODGE, USB_RULE_ROW, AdwActionRow)

GtkWidget *lodge_usb_rule_row_new (LodgeUsbBroker *broker,
                                   LodgeUsbRule   *rule,
                                   LodgeMachine   *machine);

G_END_DECLS
