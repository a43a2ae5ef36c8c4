/* lodge-file-transfer.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-display-types.h"

G_BEGIN_DECLS

#define LODGE_TYPE_FILE_TRANSFER (lodge_file_transfer_get_type ())

/* One file on its way to the guest. Properties (notify): name (string), fraction (double 0..1),
 * transferred, total (uint64, bytes), done (boolean), error (GError boxed, nullable).
 */
G_DECLARE_FINAL_TYPE (LodgeFileTransfer, lodge_file_transfer, LODGE, FILE_TRANSFER, GObject)

const char   *lodge_file_transfer_get_name     (LodgeFileTransfer *self);
double        lodge_file_transfer_get_fraction (LodgeFileTransfer *self);
gboolean      lodge_file_transfer_get_done     (LodgeFileTransfer *self);
const GError *lodge_file_transfer_get_error    (LodgeFileTransfer *self);
void          lodge_file_transfer_cancel       (LodgeFileTransfer *self);

G_END_DECLS
