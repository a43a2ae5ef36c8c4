/* lodge-usb-guest-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-machine.h"
#include "lodge-usb-rules.h"

G_BEGIN_DECLS

#define LODGE_TYPE_USB_GUEST (lodge_usb_guest_get_type ())

G_DECLARE_FINAL_TYPE (LodgeUsbGuest, lodge_usb_guest, LODGE, USB_GUEST, GObject)

/* A guest as the broker sees it. Signal: "changed": its rules, or whether it can be given devices. */

LodgeUsbGuest *_lodge_usb_guest_new         (LodgeMachine  *machine);
LodgeMachine  *_lodge_usb_guest_get_machine (LodgeUsbGuest *self);
LodgeUsbRules *_lodge_usb_guest_get_rules   (LodgeUsbGuest *self);
gboolean       _lodge_usb_guest_is_on       (LodgeUsbGuest *self);
guint          _lodge_usb_guest_get_start   (LodgeUsbGuest *self);
void           _lodge_usb_guest_reload      (LodgeUsbGuest *self);

G_END_DECLS
