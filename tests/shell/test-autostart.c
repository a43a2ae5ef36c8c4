/* test-autostart.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <gio/gdesktopappinfo.h>
#include <glib/gstdio.h>

#include "lodge-autostart.h"
#include "test-await.h"
#include "test-bus.h"

/* Whether the desktop starts the program, by a file or by its portal. */

static char *
dup_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "autostart", APP_ID ".desktop", NULL);
}

static gboolean
set (gboolean   autostart,
     GError   **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  lodge_autostart_set_async (autostart, NULL, test_await_cb, &result);

  return lodge_autostart_set_finish (test_await (&result), error);
}

static void
test_file (void)
{
  g_autofree char *path = dup_path ();
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr(GDesktopAppInfo) info = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) words = NULL;

  g_assert_false (lodge_autostart_get ());
  g_assert_true (set (TRUE, &error));
  g_assert_no_error (error);
  g_assert_true (lodge_autostart_get ());

  info = g_desktop_app_info_new_from_filename (path);
  g_assert_nonnull (info);
  g_assert_true (g_shell_parse_argv (g_app_info_get_commandline (G_APP_INFO (info)), NULL, &words, NULL));
  g_assert_cmpstr (words[0], ==, program);
  g_assert_cmpstr (words[1], ==, "--background");
  g_assert_null (words[2]);

  g_assert_true (set (FALSE, &error));
  g_assert_no_error (error);
  g_assert_false (lodge_autostart_get ());
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  /* What is so already is no failure. */
  g_assert_true (set (FALSE, &error));
}

/* A user may hide the file with the desktop's own tools. */
static void
test_hidden (void)
{
  g_autofree char *path = dup_path ();

  g_assert_true (set (TRUE, NULL));
  g_assert_true (g_file_set_contents (path, "[Desktop Entry]\nType=Application\nName=Lodge\nHidden=true\n", -1, NULL));
  g_assert_false (lodge_autostart_get ());
  g_assert_true (set (TRUE, NULL));
  g_assert_true (lodge_autostart_get ());
  g_assert_true (set (FALSE, NULL));
}

static void
test_cannot_write (void)
{
  g_autofree char *path = dup_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (g_get_user_config_dir (), 0700), ==, 0);
  g_assert_true (g_file_set_contents (folder, "", 0, NULL));
  g_assert_false (set (TRUE, &error));
  g_assert_nonnull (error);
  g_assert_false (lodge_autostart_get ());
  g_unlink (folder);
}

/* A desktop that answers as its user would. */
typedef struct
{
  GDBusConnection *desktop;
  gboolean         user_says_no;
  gboolean         is_started;
} Desktop;

static void
called_cb (GDBusConnection       *connection,
           const char            *sender,
           const char            *object_path,
           const char            *interface_name,
           const char            *method_name,
           GVariant              *parameters,
           GDBusMethodInvocation *invocation,
           gpointer               user_data)
{
  Desktop *self = user_data;
  g_autoptr(GVariant) options = g_variant_get_child_value (parameters, 1);
  g_autofree char *name = g_strdup (sender + 1);
  g_autofree char *path = NULL;
  g_autofree const char **command = NULL;
  gboolean autostart = FALSE;
  const char *token = NULL;
  GVariantBuilder results;

  g_assert_true (g_variant_lookup (options, "handle_token", "&s", &token));
  g_assert_true (g_variant_lookup (options, "autostart", "b", &autostart));
  g_assert_true (g_variant_lookup (options, "commandline", "^a&s", &command));
  g_assert_cmpstr (command[1], ==, "--background");
  path = g_strdup_printf ("/org/freedesktop/portal/desktop/request/%s/%s", g_strdelimit (name, ".", '_'), token);

  self->is_started = autostart && !self->user_says_no;
  g_variant_builder_init (&results, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&results, "{sv}", "autostart", g_variant_new_boolean (self->is_started));
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", path));
  g_dbus_connection_emit_signal (self->desktop, NULL, path, "org.freedesktop.portal.Request", "Response",
                                 g_variant_new ("(ua{sv})", self->user_says_no ? 1 : 0, &results), NULL);
}

static const char interface_xml[] =
  "<node><interface name='org.freedesktop.portal.Background'><method name='RequestBackground'>"
  "<arg type='s' direction='in'/><arg type='a{sv}' direction='in'/><arg type='o' direction='out'/>"
  "</method></interface></node>";

/* In a sandbox the desktop decides, and what it decided is remembered. */
static void
test_portal (void)
{
  g_autoptr(GTestDBus) daemon = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_autofree char *folder = g_strdup (g_getenv ("XDG_RUNTIME_DIR"));
  g_autofree char *path = dup_path ();
  g_autoptr(GDBusConnection) bus = NULL;
  g_autoptr(GError) error = NULL;
  Desktop desktop = { 0 };

  g_test_dbus_up (daemon);
  g_setenv ("XDG_RUNTIME_DIR", folder, TRUE);
  bus = test_bus_connect (daemon);
  desktop.desktop = test_bus_connect (daemon);
  _lodge_autostart_use_portal (bus);

  /* There is none. */
  g_assert_false (set (TRUE, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_false (lodge_autostart_get ());

  test_bus_serve (desktop.desktop, "/org/freedesktop/portal/desktop", interface_xml, 0, called_cb, &desktop);
  test_bus_own (desktop.desktop, "org.freedesktop.portal.Desktop");
  desktop.user_says_no = TRUE;
  g_assert_false (set (TRUE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_clear_error (&error);
  g_assert_false (lodge_autostart_get ());

  desktop.user_says_no = FALSE;
  g_assert_true (set (TRUE, &error));
  g_assert_no_error (error);
  g_assert_true (desktop.is_started);
  g_assert_true (lodge_autostart_get ());
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (set (FALSE, &error));
  g_assert_no_error (error);
  g_assert_false (desktop.is_started);
  g_assert_false (lodge_autostart_get ());

  _lodge_autostart_use_portal (NULL);
  g_dbus_connection_close_sync (bus, NULL, NULL);
  g_dbus_connection_close_sync (desktop.desktop, NULL, NULL);
  g_clear_object (&desktop.desktop);
  g_test_dbus_down (daemon);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/shell/autostart/file", test_file);
  g_test_add_func ("/shell/autostart/hidden", test_hidden);
  g_test_add_func ("/shell/autostart/cannot-write", test_cannot_write);
  g_test_add_func ("/shell/autostart/portal", test_portal);

  return g_test_run ();
}
