/* lodge-usb-device.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-usb-types.h"

G_BEGIN_DECLS

#define LODGE_TYPE_USB_DEVICE (lodge_usb_device_get_type ())

G_DECLARE_FINAL_TYPE (LodgeUsbDevice, lodge_usb_device, LODGE, USB_DEVICE, GObject)

/* One device for as long as it is plugged in: plugged in again, it is another object. All of this
 * is read-only. Only these change, with notify: authorized, held-by-program, holder, kind,
 * may-be-input, present, settled.
 */

const char     *lodge_usb_device_get_id              (LodgeUsbDevice *self);
guint           lodge_usb_device_get_bus             (LodgeUsbDevice *self);
guint           lodge_usb_device_get_address         (LodgeUsbDevice *self);
const char     *lodge_usb_device_get_port            (LodgeUsbDevice *self);
const char     *lodge_usb_device_get_place           (LodgeUsbDevice *self);
guint           lodge_usb_device_get_vendor          (LodgeUsbDevice *self);
guint           lodge_usb_device_get_product         (LodgeUsbDevice *self);
const char     *lodge_usb_device_get_serial          (LodgeUsbDevice *self);
const char     *lodge_usb_device_get_name            (LodgeUsbDevice *self);
const char     *lodge_usb_device_get_vendor_name     (LodgeUsbDevice *self);
const char     *lodge_usb_device_get_product_name    (LodgeUsbDevice *self);
LodgeUsbKind    lodge_usb_device_get_kind            (LodgeUsbDevice *self);
gboolean        lodge_usb_device_may_be_input        (LodgeUsbDevice *self);
guint           lodge_usb_device_get_speed           (LodgeUsbDevice *self);
const char     *lodge_usb_device_get_node            (LodgeUsbDevice *self);
const char     *lodge_usb_device_get_sysfs_path      (LodgeUsbDevice *self);
const char     *lodge_usb_device_get_holder          (LodgeUsbDevice *self);
gboolean        lodge_usb_device_is_held_by_program  (LodgeUsbDevice *self);
gboolean        lodge_usb_device_is_authorized       (LodgeUsbDevice *self);
gboolean        lodge_usb_device_is_present          (LodgeUsbDevice *self);
gboolean        lodge_usb_device_is_new              (LodgeUsbDevice *self);
gboolean        lodge_usb_device_is_settled          (LodgeUsbDevice *self);
gint64          lodge_usb_device_get_since           (LodgeUsbDevice *self);
LodgeUsbDevice *lodge_usb_device_get_predecessor     (LodgeUsbDevice *self);
int             lodge_usb_device_compare             (LodgeUsbDevice *self,
                                                      LodgeUsbDevice *other);

G_END_DECLS
