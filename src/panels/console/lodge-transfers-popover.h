/* lodge-transfers-popover.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "lodge-console.h"

G_BEGIN_DECLS

#define LODGE_TYPE_TRANSFERS_POPOVER (lodge_transfers_popover_get_type ())

/* The files on their way to the guest. */
G_DECLARE_FINAL_TYPE (LodgeTransfersPopover, lodge_transfers_popover, LODGE, TRANSFERS_POPOVER, GtkPopover)

GtkWidget *lodge_transfers_popover_new         (void);
void       lodge_transfers_popover_set_console (LodgeTransfersPopover *self,
                                                LodgeConsole          *console);

G_END_DECLS
