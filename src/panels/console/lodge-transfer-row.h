/* lodge-transfer-row.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "lodge-file-transfer.h"

G_BEGIN_DECLS

#define LODGE_TYPE_TRANSFER_ROW (lodge_transfer_row_get_type ())

G_DECLARE_FINAL_TYPE (LodgeTransferRow, lodge_transfer_row, LODGE, TRANSFER_ROW, GtkListBoxRow)

GtkWidget *lodge_transfer_row_new (LodgeFileTransfer *transfer);

G_END_DECLS
