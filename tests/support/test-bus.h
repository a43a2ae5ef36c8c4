/* test-bus.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Programs of the system or the desktop that a test is itself, on a message bus of its own. */

/* Returns: (transfer full): a connection beside the program's own */
static inline GDBusConnection *
test_bus_connect (GTestDBus *bus)
{
  g_autoptr(GError) error = NULL;
  GDBusConnection *self;

  self = g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (bus),
                                                 G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                 G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                 NULL, NULL, &error);
  g_assert_no_error (error);

  return self;
}

/* From then on it is there for the program: what it serves comes first. */
static inline void
test_bus_own (GDBusConnection *self,
              const char      *name)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) owned = NULL;

  owned = g_dbus_connection_call_sync (self, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "RequestName", g_variant_new ("(su)", name, 4),
                                       NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

/* Has @func answer what is called of the interface number @interface of @xml. */
static inline void
test_bus_serve (GDBusConnection              *self,
                const char                   *path,
                const char                   *xml,
                guint                         interface,
                GDBusInterfaceMethodCallFunc  func,
                gpointer                      user_data)
{
  const GDBusInterfaceVTable vtable = { .method_call = func };
  g_autoptr(GError) error = NULL;
  g_autoptr(GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (xml, &error);

  g_assert_no_error (error);
  g_dbus_connection_register_object (self, path, info->interfaces[interface], &vtable, user_data, NULL, &error);
  g_assert_no_error (error);
}

G_END_DECLS
