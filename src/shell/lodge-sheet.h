/* lodge-sheet.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-panel.h"

G_BEGIN_DECLS

#define LODGE_TYPE_SHEET (lodge_sheet_get_type ())

/* The sheet beside the screen: a title, a way to the other panels, and one panel.
 *
 * Properties: empty (boolean, read-only: no panel has to do with the subject).
 * Signal "close": the user wants it closed.
 */
G_DECLARE_FINAL_TYPE (LodgeSheet, lodge_sheet, LODGE, SHEET, GtkWidget)

void      lodge_sheet_add_panel   (LodgeSheet *self,
                                   LodgePanel *panel);
void      lodge_sheet_set_subject (LodgeSheet *self,
                                   GObject    *subject);
gboolean  lodge_sheet_is_empty    (LodgeSheet *self);

G_END_DECLS
