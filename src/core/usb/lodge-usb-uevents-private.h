/* lodge-usb-uevents-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct _LodgeUsbUevents LodgeUsbUevents;

typedef enum
{
  LODGE_USB_UEVENT_ADDED,
  LODGE_USB_UEVENT_CHANGED,   /* or one of its interfaces */
  LODGE_USB_UEVENT_GONE,
  LODGE_USB_UEVENT_SETTLED,   /* udev has given its node to whom it should be */
  LODGE_USB_UEVENT_LOST,      /* not all could be told */
} LodgeUsbUevent;

/**
 * LodgeUsbUeventFunc:
 * @event: what happened; without udev, nothing settles
 * @port: (nullable): to which device, "3-1.2"; null with %LODGE_USB_UEVENT_LOST
 * @user_data: data
 */
typedef void (*LodgeUsbUeventFunc) (LodgeUsbUevent  event,
                                    const char     *port,
                                    gpointer        user_data);

LodgeUsbUevents *_lodge_usb_uevents_new           (LodgeUsbUeventFunc   func,
                                                   gpointer             user_data,
                                                   GError             **error);
LodgeUsbUevents *_lodge_usb_uevents_new_for_nodes (const char          *nodes,
                                                   LodgeUsbUeventFunc   func,
                                                   gpointer             user_data,
                                                   GError             **error);
gboolean         _lodge_usb_uevents_filter         (int                  fd);
gboolean         _lodge_usb_uevents_are_coarse    (LodgeUsbUevents     *self);
gboolean         _lodge_usb_uevents_have_udev     (LodgeUsbUevents     *self);
void             _lodge_usb_uevents_free          (LodgeUsbUevents     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LodgeUsbUevents, _lodge_usb_uevents_free)

G_END_DECLS
