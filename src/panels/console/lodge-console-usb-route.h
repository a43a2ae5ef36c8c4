/* lodge-console-usb-route.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-console.h"
#include "lodge-usb-route.h"

G_BEGIN_DECLS

#define LODGE_TYPE_CONSOLE_USB_ROUTE (lodge_console_usb_route_get_type ())

G_DECLARE_FINAL_TYPE (LodgeConsoleUsbRoute, lodge_console_usb_route, LODGE, CONSOLE_USB_ROUTE, GObject)

LodgeUsbRoute *lodge_console_usb_route_get_default   (void);

/* For consoles: that they are there. */
void           _lodge_console_usb_route_add_console    (LodgeConsole *console);
void           _lodge_console_usb_route_remove_console (LodgeConsole *console);

G_END_DECLS
