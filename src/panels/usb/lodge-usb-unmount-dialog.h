/* lodge-usb-unmount-dialog.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "lodge-usb-broker.h"

G_BEGIN_DECLS

void lodge_usb_unmount_dialog_run_async (GtkWindow           *parent,
                                         LodgeUsbBroker      *broker,
                                         LodgeUsbPlug        *plug,
                                         LodgeMachine        *machine,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data);

G_END_DECLS
