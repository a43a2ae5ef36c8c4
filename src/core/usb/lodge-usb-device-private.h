/* lodge-usb-device-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-usb-device.h"
#include "lodge-usb-facts-private.h"

G_BEGIN_DECLS

LodgeUsbDevice *_lodge_usb_device_new             (LodgeUsbFacts  *facts,
                                                   gboolean        is_new,
                                                   gint64          since);
gboolean        _lodge_usb_device_apply           (LodgeUsbDevice *self,
                                                   LodgeUsbFacts  *facts);
void            _lodge_usb_device_set_gone        (LodgeUsbDevice *self);
void            _lodge_usb_device_set_settled     (LodgeUsbDevice *self,
                                                   gboolean        settled);
void            _lodge_usb_device_set_predecessor (LodgeUsbDevice *self,
                                                   LodgeUsbDevice *predecessor);
gboolean        _lodge_usb_device_had_driver      (LodgeUsbDevice *self);
gboolean        _lodge_usb_device_may_have_discs  (LodgeUsbDevice *self);

G_END_DECLS
