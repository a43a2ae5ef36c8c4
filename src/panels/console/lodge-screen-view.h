/* lodge-screen-view.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "lodge-console.h"
#include "lodge-display.h"

G_BEGIN_DECLS

#define LODGE_TYPE_SCREEN_VIEW (lodge_screen_view_get_type ())

/* One screen of a console, as the settings want it shown: scrolled where it is one to one, with a
 * hint how to leave it, taking files that are dropped on it, and with keys to zoom.
 *
 * Actions: screen.zoom-in, screen.zoom-out, screen.zoom-reset.
 */
G_DECLARE_FINAL_TYPE (LodgeScreenView, lodge_screen_view, LODGE, SCREEN_VIEW, GtkWidget)

GtkWidget    *lodge_screen_view_new         (void);
LodgeDisplay *lodge_screen_view_get_display (LodgeScreenView *self);
void          lodge_screen_view_set_console (LodgeScreenView *self,
                                             LodgeConsole    *console);
void          lodge_screen_view_set_screen  (LodgeScreenView *self,
                                             LodgeScreen     *screen);
gboolean      lodge_screen_view_send_files  (LodgeScreenView *self,
                                             GdkFileList     *files);

G_END_DECLS
