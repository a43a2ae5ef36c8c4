/* lodge-usb-access.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-usb-device.h"

G_BEGIN_DECLS

/**
 * LodgeUsbAccess:
 * @is_there: the device's node exists
 * @is_open: this user, and so QEMU of the user's own session, may use the device
 * @is_sandboxed: the program runs in a sandbox that shows no USB devices
 * @group: (nullable): the group whose members may use it, where the user is none of them
 *
 * What the system lets this user do with a device's node.
 */
typedef struct
{
  gboolean  is_there;
  gboolean  is_open;
  gboolean  is_sandboxed;
  char     *group;
} LodgeUsbAccess;

#define LODGE_TYPE_USB_ACCESS (lodge_usb_access_get_type ())

GType           lodge_usb_access_get_type     (void) G_GNUC_CONST;
LodgeUsbAccess *lodge_usb_access_new          (LodgeUsbDevice       *device);
LodgeUsbAccess *lodge_usb_access_new_for_node (const char           *node);
LodgeUsbAccess *lodge_usb_access_copy         (const LodgeUsbAccess *self);
void            lodge_usb_access_free         (LodgeUsbAccess       *self);
char           *lodge_usb_access_dup_rule     (LodgeUsbDevice       *device);

/* Where an administrator puts the rule: before those that act on the tag. */
#define LODGE_USB_ACCESS_RULE_FILE "/etc/udev/rules.d/70-lodge-usb.rules"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LodgeUsbAccess, lodge_usb_access_free)

G_END_DECLS
