/* lodge-status-popover.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "lodge-console.h"

G_BEGIN_DECLS

#define LODGE_TYPE_STATUS_POPOVER (lodge_status_popover_get_type ())

/* What works between this computer and the guest, what does not and why; and the switch for the
 * clipboard.
 */
G_DECLARE_FINAL_TYPE (LodgeStatusPopover, lodge_status_popover, LODGE, STATUS_POPOVER, GtkPopover)

GtkWidget *lodge_status_popover_new         (void);
void       lodge_status_popover_set_console (LodgeStatusPopover *self,
                                             LodgeConsole       *console);

G_END_DECLS
