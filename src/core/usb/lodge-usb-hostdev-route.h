/* lodge-usb-hostdev-route.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-usb-route.h"

G_BEGIN_DECLS

/* The way by which QEMU opens a device of this computer itself. One is enough for all hosts. */
LodgeUsbRoute *lodge_usb_hostdev_route_new (void);

/* Room for USB devices in a guest. ports: of its largest controller, 0 if it has none; redirections:
 * how many devices can be redirected at one time. Both are of the running guest, or of the one that
 * would start. Whether it is enough for what guests are given by Lodge.
 */
gboolean       lodge_usb_has_room          (LodgeMachine         *machine,
                                            guint                *ports,
                                            guint                *redirections);

/* The same of the definition that is stored, by which the guest is started next. Returns whether that is
 * enough; false with an error if it could not be read.
 */
void           lodge_usb_load_stored_room_async  (LodgeMachine         *machine,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
gboolean       lodge_usb_load_stored_room_finish (LodgeMachine         *machine,
                                                  GAsyncResult         *result,
                                                  guint                *ports,
                                                  guint                *redirections,
                                                  GError              **error);

/* Adds what is missing of it to the stored definition, and to the running guest what can be plugged
 * in there: ways of redirection can, a controller cannot. needs_restart: whether something waits for
 * the guest's next start. LODGE_ERROR_NOT_STORED: there is no stored definition.
 */
void           lodge_usb_add_room_async    (LodgeMachine         *machine,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean       lodge_usb_add_room_finish   (LodgeMachine         *machine,
                                            GAsyncResult         *result,
                                            gboolean             *needs_restart,
                                            GError              **error);

G_END_DECLS
