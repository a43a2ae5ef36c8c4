/* lodge-usb-types.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LodgeUsbKind:
 * @LODGE_USB_KIND_OTHER: none of the others, or not known
 * @LODGE_USB_KIND_CAMERA: a webcam or a photo camera
 * @LODGE_USB_KIND_STORAGE: a stick, disc or card reader
 * @LODGE_USB_KIND_AUDIO: a headset, microphone, sound card
 * @LODGE_USB_KIND_PHONE: a telephone, tablet or media player
 * @LODGE_USB_KIND_PRINTER: a printer, also one with a scanner
 * @LODGE_USB_KIND_SECURITY_KEY: a security key or smart card reader
 * @LODGE_USB_KIND_INPUT: a keyboard, mouse, tablet, or what may be one
 * @LODGE_USB_KIND_HUB: a hub
 * @LODGE_USB_KIND_NETWORK: a network card, modem
 * @LODGE_USB_KIND_SERIAL: a serial port
 *
 * What a device as a whole is to its user; a camera with a microphone is a camera.
 */
typedef enum
{
  LODGE_USB_KIND_OTHER,
  LODGE_USB_KIND_CAMERA,
  LODGE_USB_KIND_STORAGE,
  LODGE_USB_KIND_AUDIO,
  LODGE_USB_KIND_PHONE,
  LODGE_USB_KIND_PRINTER,
  LODGE_USB_KIND_SECURITY_KEY,
  LODGE_USB_KIND_INPUT,
  LODGE_USB_KIND_HUB,
  LODGE_USB_KIND_NETWORK,
  LODGE_USB_KIND_SERIAL,
} LodgeUsbKind;

/**
 * LodgeUsbMonitorState:
 * @LODGE_USB_MONITOR_STARTING: what is plugged in is being read
 * @LODGE_USB_MONITOR_RUNNING: the list is whole and follows what is plugged
 * @LODGE_USB_MONITOR_NO_BUS: this computer has no USB bus; should one come, it is followed
 * @LODGE_USB_MONITOR_BLIND: the list was read, but the system tells of no changes
 */
typedef enum
{
  LODGE_USB_MONITOR_STARTING,
  LODGE_USB_MONITOR_RUNNING,
  LODGE_USB_MONITOR_NO_BUS,
  LODGE_USB_MONITOR_BLIND,
} LodgeUsbMonitorState;

/**
 * LodgeUsbVerdict:
 * @LODGE_USB_VERDICT_NONE: there is no rule
 * @LODGE_USB_VERDICT_ALWAYS: give it to the guest when it is plugged in
 * @LODGE_USB_VERDICT_ASK: ask when it is plugged in
 * @LODGE_USB_VERDICT_NEVER: neither give nor ask
 */
typedef enum
{
  LODGE_USB_VERDICT_NONE,
  LODGE_USB_VERDICT_ALWAYS,
  LODGE_USB_VERDICT_ASK,
  LODGE_USB_VERDICT_NEVER,
} LodgeUsbVerdict;

/**
 * LodgeUsbActionKind:
 * @LODGE_USB_ACTION_GIVE: give the device to the guest
 * @LODGE_USB_ACTION_TAKE: take the device, or what is left of it, out of the guest
 * @LODGE_USB_ACTION_FORGET: the guest is off and with it the assignment is over
 * @LODGE_USB_ACTION_ASK: ask the user whether the guest is to have the device
 * @LODGE_USB_ACTION_NOTE_CONFLICT: more than one guest wants the device: say so
 * @LODGE_USB_ACTION_NOTE_HELD_UP: a rule wants the device given, but the computer is using it
 */
typedef enum
{
  LODGE_USB_ACTION_GIVE,
  LODGE_USB_ACTION_TAKE,
  LODGE_USB_ACTION_FORGET,
  LODGE_USB_ACTION_ASK,
  LODGE_USB_ACTION_NOTE_CONFLICT,
  LODGE_USB_ACTION_NOTE_HELD_UP,
} LodgeUsbActionKind;

/**
 * LodgeUsbReason:
 * @LODGE_USB_REASON_NONE: none
 * @LODGE_USB_REASON_USER: the user said so
 * @LODGE_USB_REASON_RULE: a rule says so
 * @LODGE_USB_REASON_RETURNED: the guest had the device before it came back as another one, as
 *   devices do that are given their firmware
 * @LODGE_USB_REASON_UNPLUGGED: the device is not there any more
 * @LODGE_USB_REASON_GUEST_OFF: the guest does not run any more
 * @LODGE_USB_REASON_TWICE: another guest has the device, too
 * @LODGE_USB_REASON_NEW: it was plugged in and no guest has a rule for it
 * @LODGE_USB_REASON_INPUT: it may be a keyboard or a mouse, which is given only when the user says so
 *
 * Why a #LodgeUsbAction.
 */
typedef enum
{
  LODGE_USB_REASON_NONE,
  LODGE_USB_REASON_USER,
  LODGE_USB_REASON_RULE,
  LODGE_USB_REASON_RETURNED,
  LODGE_USB_REASON_UNPLUGGED,
  LODGE_USB_REASON_GUEST_OFF,
  LODGE_USB_REASON_TWICE,
  LODGE_USB_REASON_NEW,
  LODGE_USB_REASON_INPUT,
} LodgeUsbReason;

/**
 * LodgeUsbSafetyVerdict:
 * @LODGE_USB_SAFETY_FREE: nothing of the computer uses it
 * @LODGE_USB_SAFETY_MOUNTED: file systems on it are mounted and may be unmounted
 * @LODGE_USB_SAFETY_BUSY: something that cannot be named uses it
 * @LODGE_USB_SAFETY_SYSTEM: the computer's own system, home or swap is on it: never give it away
 * @LODGE_USB_SAFETY_GUEST_DISC: a guest's disc is on it: never give it away
 */
typedef enum
{
  LODGE_USB_SAFETY_FREE,
  LODGE_USB_SAFETY_MOUNTED,
  LODGE_USB_SAFETY_BUSY,
  LODGE_USB_SAFETY_SYSTEM,
  LODGE_USB_SAFETY_GUEST_DISC,
} LodgeUsbSafetyVerdict;

/**
 * LodgeUsbRouteKind:
 * @LODGE_USB_ROUTE_HOSTDEV: QEMU opens the device where it runs (libvirt: <hostdev>)
 * @LODGE_USB_ROUTE_REDIRECTION: Lodge opens it and sends its traffic through SPICE (usbredir)
 * @LODGE_USB_ROUTE_PORTAL: the desktop's USB portal opens it, and its traffic goes through SPICE
 *
 * A way by which devices get into guests.
 */
typedef enum
{
  LODGE_USB_ROUTE_HOSTDEV,
  LODGE_USB_ROUTE_REDIRECTION,
  LODGE_USB_ROUTE_PORTAL,
} LodgeUsbRouteKind;

/**
 * LodgeUsbPlugState:
 * @LODGE_USB_PLUG_HERE: the device is this computer's
 * @LODGE_USB_PLUG_GIVING: it is on its way into a guest
 * @LODGE_USB_PLUG_GIVEN: a guest has it
 * @LODGE_USB_PLUG_TAKING: it is on its way back
 *
 * Where a device is.
 */
typedef enum
{
  LODGE_USB_PLUG_HERE,
  LODGE_USB_PLUG_GIVING,
  LODGE_USB_PLUG_GIVEN,
  LODGE_USB_PLUG_TAKING,
} LodgeUsbPlugState;

typedef struct _LodgeUsbBroker  LodgeUsbBroker;
typedef struct _LodgeUsbDevice  LodgeUsbDevice;
typedef struct _LodgeUsbMonitor LodgeUsbMonitor;
typedef struct _LodgeUsbPlug    LodgeUsbPlug;
typedef struct _LodgeUsbRoute   LodgeUsbRoute;
typedef struct _LodgeUsbRule    LodgeUsbRule;
typedef struct _LodgeUsbRules   LodgeUsbRules;

G_END_DECLS
