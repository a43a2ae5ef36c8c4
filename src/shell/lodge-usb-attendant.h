/* lodge-usb-attendant.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "lodge-host-list.h"

G_BEGIN_DECLS

#define LODGE_TYPE_USB_ATTENDANT (lodge_usb_attendant_get_type ())

G_DECLARE_FINAL_TYPE (LodgeUsbAttendant, lodge_usb_attendant, LODGE, USB_ATTENDANT, GObject)

LodgeUsbAttendant *lodge_usb_attendant_new (GtkApplication *app,
                                            LodgeHostList  *hosts);
/* Lets the program stay without a window even while there is nothing to do yet. */
void               lodge_usb_attendant_stay (LodgeUsbAttendant *self);

G_END_DECLS
