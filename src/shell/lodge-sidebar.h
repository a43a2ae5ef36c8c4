/* lodge-sidebar.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "lodge-host-list.h"

G_BEGIN_DECLS

#define LODGE_TYPE_SIDEBAR (lodge_sidebar_get_type ())

/* The everyday guest, and below it the hosts with their other guests.
 *
 * Properties: hosts (LodgeHostList). Signal ::subject-chosen (GObject: a host or a machine) when
 * the user picks one.
 */
G_DECLARE_FINAL_TYPE (LodgeSidebar, lodge_sidebar, LODGE, SIDEBAR, GtkWidget)

void lodge_sidebar_set_hosts    (LodgeSidebar  *self,
                                 LodgeHostList *hosts);
void lodge_sidebar_select       (LodgeSidebar  *self,
                                 GObject       *subject);
void lodge_sidebar_start_search (LodgeSidebar  *self);
/* Whether the sidebar is alone in the window and has its buttons. */
void lodge_sidebar_set_folded   (LodgeSidebar  *self,
                                 gboolean       folded);

G_END_DECLS
