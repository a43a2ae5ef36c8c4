/* lodge-autostart.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean lodge_autostart_get        (void);
void     lodge_autostart_set_async  (gboolean              autostart,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
gboolean lodge_autostart_set_finish (GAsyncResult         *result,
                                     GError              **error);
void     _lodge_autostart_use_portal (GDBusConnection     *bus);

G_END_DECLS
