/* lodge-error.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define LODGE_ERROR (lodge_error_quark ())

/**
 * LodgeError:
 * @LODGE_ERROR_FAILED: none of the others; only the message tells
 * @LODGE_ERROR_GONE: the thing is not there any more
 * @LODGE_ERROR_DENIED: not allowed, or the password was wrong
 * @LODGE_ERROR_UNSUPPORTED: this host or guest cannot do it
 * @LODGE_ERROR_DISCONNECTED: the connection to the host was lost
 * @LODGE_ERROR_UNREACHABLE: no connection to the host could be made
 * @LODGE_ERROR_INVALID: what was asked makes no sense in the machine's state or definition
 * @LODGE_ERROR_NAME_IN_USE: another machine has the name
 * @LODGE_ERROR_PORT_IN_USE: another program has a TCP port that the machine wants
 * @LODGE_ERROR_DISC_MISSING: a disc or image file is not there
 * @LODGE_ERROR_DISC_LOCKED: another process, most likely another guest, has the image open
 * @LODGE_ERROR_FILE_DENIED: QEMU may not open a file of the machine
 * @LODGE_ERROR_MEMORY: the host has not enough memory
 * @LODGE_ERROR_KVM: hardware acceleration is not to be had
 * @LODGE_ERROR_NETWORK_INACTIVE: a virtual network of the machine is not running
 * @LODGE_ERROR_NETWORK_MISSING: a virtual network or bridge of the machine does not exist
 * @LODGE_ERROR_QEMU_EXITED: QEMU ended while the machine was starting
 * @LODGE_ERROR_TIMED_OUT: no answer in time
 * @LODGE_ERROR_NOT_A_NUMBER: what was entered is not a number
 * @LODGE_ERROR_UNKNOWN_UNIT: what was entered has a unit that nobody knows
 * @LODGE_ERROR_NOT_POSITIVE: what was entered is zero or negative
 * @LODGE_ERROR_TOO_SMALL: less than there must be
 * @LODGE_ERROR_TOO_LARGE: more than there can be
 * @LODGE_ERROR_HELD: a guest does not give back the memory that it was asked for
 * @LODGE_ERROR_NO_USB_PORT: the machine has no USB controller that could take the device, or no
 *   free port
 * @LODGE_ERROR_DEVICE_IN_USE: another guest has the device, or the host is using it
 * @LODGE_ERROR_NOT_STORED: the running machine was changed, its stored definition could not be
 * @LODGE_ERROR_SUPERSEDED: a newer value came before this one was sent; nobody need be told
 * @LODGE_ERROR_NOT_RELEASED: a guest does not let go of a device
 *
 * Core reports these with the raw text of libvirt as message; panels put them into words.
 */
typedef enum
{
  LODGE_ERROR_FAILED,
  LODGE_ERROR_GONE,
  LODGE_ERROR_DENIED,
  LODGE_ERROR_UNSUPPORTED,
  LODGE_ERROR_DISCONNECTED,
  LODGE_ERROR_UNREACHABLE,
  LODGE_ERROR_INVALID,
  LODGE_ERROR_NAME_IN_USE,
  LODGE_ERROR_PORT_IN_USE,
  LODGE_ERROR_DISC_MISSING,
  LODGE_ERROR_DISC_LOCKED,
  LODGE_ERROR_FILE_DENIED,
  LODGE_ERROR_MEMORY,
  LODGE_ERROR_KVM,
  LODGE_ERROR_NETWORK_INACTIVE,
  LODGE_ERROR_NETWORK_MISSING,
  LODGE_ERROR_QEMU_EXITED,
  LODGE_ERROR_TIMED_OUT,
  LODGE_ERROR_NOT_A_NUMBER,
  LODGE_ERROR_UNKNOWN_UNIT,
  LODGE_ERROR_NOT_POSITIVE,
  LODGE_ERROR_TOO_SMALL,
  LODGE_ERROR_TOO_LARGE,
  LODGE_ERROR_HELD,
  LODGE_ERROR_NO_USB_PORT,
  LODGE_ERROR_DEVICE_IN_USE,
  LODGE_ERROR_NOT_STORED,
  LODGE_ERROR_SUPERSEDED,
  LODGE_ERROR_NOT_RELEASED,
} LodgeError;

GQuark lodge_error_quark (void) G_GNUC_CONST;

G_END_DECLS
