/* lodge-focus-watch.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LODGE_TYPE_FOCUS_WATCH (lodge_focus_watch_get_type ())

G_DECLARE_FINAL_TYPE (LodgeFocusWatch, lodge_focus_watch, LODGE, FOCUS_WATCH, GObject)

LodgeFocusWatch *lodge_focus_watch_new            (void);
void             lodge_focus_watch_set_toplevel   (LodgeFocusWatch *self,
                                                   GdkToplevel     *toplevel);
gboolean         lodge_focus_watch_take_interlude (LodgeFocusWatch *self);

G_END_DECLS
