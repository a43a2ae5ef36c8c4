/* lodge-usb-portal.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-usb-device.h"

G_BEGIN_DECLS

#define LODGE_TYPE_USB_PORTAL (lodge_usb_portal_get_type ())

/* The desktop's USB portal, which opens devices for programs in a sandbox. */
G_DECLARE_FINAL_TYPE (LodgeUsbPortal, lodge_usb_portal, LODGE, USB_PORTAL, GObject)

LodgeUsbPortal *lodge_usb_portal_new          (GDBusConnection      *bus);
void            lodge_usb_portal_open_async   (LodgeUsbPortal       *self,
                                               LodgeUsbDevice       *device,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
int             lodge_usb_portal_open_finish  (LodgeUsbPortal       *self,
                                               GAsyncResult         *result,
                                               GError              **error);
void            lodge_usb_portal_release      (LodgeUsbPortal       *self,
                                               guint                 bus,
                                               guint                 address);

G_END_DECLS
