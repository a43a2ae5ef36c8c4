/* lodge-file-transfer-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <spice-client.h>

#include "lodge-file-transfer.h"

G_BEGIN_DECLS

LodgeFileTransfer *_lodge_file_transfer_new             (GFile                 *file);
GCancellable      *_lodge_file_transfer_get_cancellable (LodgeFileTransfer     *self);
/* Takes the progress and the end from @task. The task refers to its channel: it is not kept. */
void               _lodge_file_transfer_follow          (LodgeFileTransfer     *self,
                                                         SpiceFileTransferTask *task);
/* Ends it; nothing happens if it has ended. @error may be NULL. */
void               _lodge_file_transfer_end             (LodgeFileTransfer     *self,
                                                         const GError          *error);

G_END_DECLS
