/* lodge-shortcut-inhibitor.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LODGE_TYPE_SHORTCUT_INHIBITOR (lodge_shortcut_inhibitor_get_type ())

G_DECLARE_FINAL_TYPE (LodgeShortcutInhibitor, lodge_shortcut_inhibitor, LODGE, SHORTCUT_INHIBITOR,
                      GObject)

LodgeShortcutInhibitor *lodge_shortcut_inhibitor_new          (void);
void                    lodge_shortcut_inhibitor_set_toplevel (LodgeShortcutInhibitor *self,
                                                               GdkToplevel            *toplevel);

G_END_DECLS
