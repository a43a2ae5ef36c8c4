/* lodge-usb-plug.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-machine.h"
#include "lodge-usb-custody.h"
#include "lodge-usb-route.h"
#include "lodge-usb-safety.h"

G_BEGIN_DECLS

#define LODGE_TYPE_USB_PLUG (lodge_usb_plug_get_type ())

G_DECLARE_FINAL_TYPE (LodgeUsbPlug, lodge_usb_plug, LODGE, USB_PLUG, GObject)

/* A device that is plugged in, and where it is. Properties, all readable with notify but device,
 * changed on the main thread only: device (LodgeUsbDevice), state (LodgeUsbPlugState), machine
 * (LodgeMachine, nullable: the guest that has it, gets it or gives it back), route
 * (LodgeUsbRouteKind: by which way), foreign (boolean: somebody else gave it), safety
 * (LodgeUsbSafetyVerdict: what of the computer uses it), error (GError, boxed, nullable: why it
 * did not go where it should), error-machine (LodgeMachine, nullable: the guest that should have
 * got it), contenders (pointer, nullable: see lodge_usb_plug_get_contenders()), custody
 * (LodgeUsbCustody, boxed, nullable: who holds it though no guest should have it).
 */

LodgeUsbDevice        *lodge_usb_plug_get_device        (LodgeUsbPlug *self);
LodgeUsbPlugState      lodge_usb_plug_get_state         (LodgeUsbPlug *self);
LodgeMachine          *lodge_usb_plug_get_machine       (LodgeUsbPlug *self);
LodgeUsbRouteKind      lodge_usb_plug_get_route         (LodgeUsbPlug *self);
LodgeUsbRoute         *lodge_usb_plug_get_way           (LodgeUsbPlug *self);
gboolean               lodge_usb_plug_is_foreign        (LodgeUsbPlug *self);
LodgeUsbSafetyVerdict  lodge_usb_plug_get_safety        (LodgeUsbPlug *self);
const LodgeUsbSafety  *lodge_usb_plug_get_usage         (LodgeUsbPlug *self);
const GError          *lodge_usb_plug_get_error         (LodgeUsbPlug *self);
LodgeMachine          *lodge_usb_plug_get_error_machine (LodgeUsbPlug *self);
LodgeMachine * const  *lodge_usb_plug_get_contenders    (LodgeUsbPlug *self);
const LodgeUsbCustody *lodge_usb_plug_get_custody       (LodgeUsbPlug *self);

G_END_DECLS
