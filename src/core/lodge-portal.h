/* lodge-portal.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define LODGE_PORTAL_NAME "org.freedesktop.portal.Desktop"
#define LODGE_PORTAL_PATH "/org/freedesktop/portal/desktop"

/* Requests of the desktop's portals: a method is called, and the user answers some time later. */

gboolean lodge_portal_is_sandboxed (void);
guint    lodge_portal_listen       (GDBusConnection      *bus,
                                    char                **token,
                                    char                **path,
                                    GDBusSignalCallback   callback,
                                    gpointer              user_data,
                                    GDestroyNotify        free_user_data);

G_END_DECLS
