/* lodge-connect-dialog.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define LODGE_TYPE_CONNECT_DIALOG (lodge_connect_dialog_get_type ())

/* Asks for the address of a host. Signal ::connect-to (string uri). */
G_DECLARE_FINAL_TYPE (LodgeConnectDialog, lodge_connect_dialog, LODGE, CONNECT_DIALOG, AdwWindow)

GtkWindow *lodge_connect_dialog_new (GtkWindow *parent);

G_END_DECLS
