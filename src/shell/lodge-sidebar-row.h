/* lodge-sidebar-row.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define LODGE_TYPE_SIDEBAR_ROW (lodge_sidebar_row_get_type ())

/* A line of the sidebar's list: a host or one of its guests. Property item. */
G_DECLARE_FINAL_TYPE (LodgeSidebarRow, lodge_sidebar_row, LODGE, SIDEBAR_ROW, GtkWidget)

GtkWidget *lodge_sidebar_row_new      (void);
GObject   *lodge_sidebar_row_get_item (LodgeSidebarRow *self);
void       lodge_sidebar_row_set_item (LodgeSidebarRow *self,
                                       GObject         *item);

G_END_DECLS
