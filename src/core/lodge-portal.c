/* lodge-portal.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-portal.h"

/**
 * lodge_portal_is_sandboxed:
 *
 * Returns: whether this is a Flatpak, which reaches the desktop by its portals alone
 */
gboolean
lodge_portal_is_sandboxed (void)
{
  return g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS);
}

/**
 * lodge_portal_listen:
 * @bus: the session's message bus
 * @token: (out): the option "handle_token" of the method that is to be called then
 * @path: (out) (optional): the object path of the request
 * @callback: called with the answer: "(ua{sv})", where 0 is yes
 * @user_data: data for @callback
 * @free_user_data: (nullable): frees it
 *
 * Listens to the answer to a request that has not been made yet, so that it cannot be missed: its path is
 * known before, as the documentation of org.freedesktop.portal.Request says.
 *
 * Returns: what g_dbus_connection_signal_unsubscribe() takes
 */
guint
lodge_portal_listen (GDBusConnection      *bus,
                     char                **token,
                     char                **path,
                     GDBusSignalCallback   callback,
                     gpointer              user_data,
                     GDestroyNotify        free_user_data)
{
  g_autofree char *sender = NULL;
  g_autofree char *request = NULL;
  guint id;

  g_return_val_if_fail (G_IS_DBUS_CONNECTION (bus), 0);

  sender = g_strdup (g_dbus_connection_get_unique_name (bus) + 1);
  *token = g_strdup_printf ("lodge%u", g_random_int ());
  request = g_strdup_printf (LODGE_PORTAL_PATH "/request/%s/%s", g_strdelimit (sender, ".", '_'), *token);
  id = g_dbus_connection_signal_subscribe (bus, LODGE_PORTAL_NAME, "org.freedesktop.portal.Request", "Response",
                                           request, NULL, G_DBUS_SIGNAL_FLAGS_NONE, callback, user_data,
                                           free_user_data);

  if (path != NULL)
    *path = g_steal_pointer (&request);

  return id;
}
