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

gboolean  lodge_portal_is_sandboxed   (void);
void      lodge_portal_request_async  (GDBusConnection      *bus,
                                       const char           *interface,
                                       const char           *method,
                                       GVariant             *argument,
                                       GVariant             *options,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
GVariant *lodge_portal_request_finish (GAsyncResult         *result,
                                       char                **path,
                                       GError              **error);

G_END_DECLS
