/* lodge-usb-safety.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-usb-device.h"

G_BEGIN_DECLS

/**
 * LodgeUsbSafety:
 * @verdict: whether the device may be given away
 * @mount_points: with %LODGE_USB_SAFETY_MOUNTED, where it is mounted, in the order of mounting
 * @detail: (nullable): with %LODGE_USB_SAFETY_SYSTEM the mount point, or "swap"; with
 *   %LODGE_USB_SAFETY_GUEST_DISC the guest's file or device; with %LODGE_USB_SAFETY_BUSY the node
 *   that something uses
 *
 * Paths may hold any bytes.
 */
typedef struct
{
  LodgeUsbSafetyVerdict   verdict;
  char                  **mount_points;
  char                   *detail;
} LodgeUsbSafety;

#define LODGE_TYPE_USB_SAFETY (lodge_usb_safety_get_type ())

GType           lodge_usb_safety_get_type       (void) G_GNUC_CONST;
LodgeUsbSafety *lodge_usb_safety_copy           (const LodgeUsbSafety  *self);
void            lodge_usb_safety_free           (LodgeUsbSafety        *self);

void            lodge_usb_safety_check_async    (LodgeUsbDevice        *device,
                                                 const char * const    *guest_discs,
                                                 GCancellable          *cancellable,
                                                 GAsyncReadyCallback    callback,
                                                 gpointer               user_data);
LodgeUsbSafety *lodge_usb_safety_check_finish   (LodgeUsbDevice        *device,
                                                 GAsyncResult          *result,
                                                 GError               **error);

/* lodge-usb-unmount.c */
void            lodge_usb_safety_unmount_async  (LodgeUsbDevice        *device,
                                                 const char * const    *guest_discs,
                                                 GCancellable          *cancellable,
                                                 GAsyncReadyCallback    callback,
                                                 gpointer               user_data);
LodgeUsbSafety *lodge_usb_safety_unmount_finish (LodgeUsbDevice        *device,
                                                 GAsyncResult          *result,
                                                 GError               **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LodgeUsbSafety, lodge_usb_safety_free)

G_END_DECLS
