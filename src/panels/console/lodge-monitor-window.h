/* lodge-monitor-window.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "lodge-console.h"

G_BEGIN_DECLS

#define LODGE_TYPE_MONITOR_WINDOW (lodge_monitor_window_get_type ())

/* Another monitor of a guest in a window of its own. It closes with the monitor. */
G_DECLARE_FINAL_TYPE (LodgeMonitorWindow, lodge_monitor_window, LODGE, MONITOR_WINDOW, AdwWindow)

GtkWindow *lodge_monitor_window_new   (LodgeConsole       *console,
                                       LodgeScreen        *screen);
/* Whether it is the window of the monitor @id, lit or dark. */
gboolean   lodge_monitor_window_shows (LodgeMonitorWindow *self,
                                       LodgeConsole       *console,
                                       int                 id);

G_END_DECLS
