/* lodge-usb-monitor.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-usb-device.h"

G_BEGIN_DECLS

#define LODGE_TYPE_USB_MONITOR (lodge_usb_monitor_get_type ())

G_DECLARE_FINAL_TYPE (LodgeUsbMonitor, lodge_usb_monitor, LODGE, USB_MONITOR, GObject)

/* A GListModel of LodgeUsbDevice, hubs left out.
 *
 * Property: state (LodgeUsbMonitorState). Signals, after the list has changed: "device-added"
 * (device), "device-removed" (device).
 */

LodgeUsbMonitor      *lodge_usb_monitor_dup_default (void);
LodgeUsbMonitor      *lodge_usb_monitor_new         (void);
LodgeUsbMonitorState  lodge_usb_monitor_get_state   (LodgeUsbMonitor *self);
LodgeUsbDevice       *lodge_usb_monitor_find        (LodgeUsbMonitor *self,
                                                     guint            bus,
                                                     guint            address);
LodgeUsbDevice       *lodge_usb_monitor_find_id     (LodgeUsbMonitor *self,
                                                     const char      *id);
gboolean              lodge_usb_monitor_has_twin    (LodgeUsbMonitor *self,
                                                     LodgeUsbDevice  *device);
void                  lodge_usb_monitor_refresh     (LodgeUsbMonitor *self);

G_END_DECLS
