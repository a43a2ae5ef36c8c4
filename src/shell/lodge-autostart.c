/* lodge-autostart.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "lodge-autostart.h"
#include "lodge-portal.h"
#include "lodge-settings.h"

/* Whether the desktop starts Lodge without a window: by a file in the user's autostart folder, as the
 * Desktop Application Autostart Specification says, or, inside Flatpak, by the background portal, which
 * asks the user and writes that file for us. Nothing tells from inside whether it is there.
 */

static GDBusConnection *portal_bus;

static char *
dup_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "autostart", APP_ID ".desktop", NULL);
}

static GDBusConnection *
get_portal_bus (void)
{
  GApplication *app = g_application_get_default ();

  if (portal_bus == NULL && app != NULL && lodge_portal_is_sandboxed ())
    return g_application_get_dbus_connection (app);

  return portal_bus;
}

static gboolean
is_by_portal (void)
{
  return portal_bus != NULL || lodge_portal_is_sandboxed ();
}

/**
 * lodge_autostart_get:
 *
 * Returns: whether Lodge is started with the desktop
 */
gboolean
lodge_autostart_get (void)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autofree char *path = dup_path ();

  if (is_by_portal ())
    return g_settings_get_boolean (lodge_settings_get (), "autostart-granted");

  return g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL) &&
    !g_key_file_get_boolean (file, G_KEY_FILE_DESKTOP_GROUP, G_KEY_FILE_DESKTOP_KEY_HIDDEN, NULL);
}

/* As the Desktop Entry Specification wants it of an argument of Exec. */
static char *
quote (const char *argument)
{
  g_autoptr(GString) quoted = g_string_new ("\"");

  for (const char *at = argument; *at != '\0'; at++)
    {
      if (strchr ("\"`$\\", *at) != NULL)
        g_string_append_c (quoted, '\\');
      else if (*at == '%')
        g_string_append_c (quoted, '%');
      g_string_append_c (quoted, *at);
    }

  return g_string_free (g_string_append_c (g_steal_pointer (&quoted), '"'), FALSE);
}

static gboolean
write_file (const char  *path,
            GError     **error)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *quoted = quote (program != NULL ? program : "lodge");
  g_autofree char *command = g_strconcat (quoted, " --background", NULL);
  g_autoptr(GKeyFile) file = g_key_file_new ();

  g_key_file_set_string (file, G_KEY_FILE_DESKTOP_GROUP, G_KEY_FILE_DESKTOP_KEY_TYPE,
                         G_KEY_FILE_DESKTOP_TYPE_APPLICATION);
  g_key_file_set_string (file, G_KEY_FILE_DESKTOP_GROUP, G_KEY_FILE_DESKTOP_KEY_NAME, "Lodge");
  g_key_file_set_string (file, G_KEY_FILE_DESKTOP_GROUP, G_KEY_FILE_DESKTOP_KEY_ICON, APP_ID);
  g_key_file_set_string (file, G_KEY_FILE_DESKTOP_GROUP, G_KEY_FILE_DESKTOP_KEY_EXEC, command);

  if (g_mkdir_with_parents (folder, 0700) < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", folder, g_strerror (errno));
      return FALSE;
    }

  return g_key_file_save_to_file (file, path, error);
}

static void
set_file_work (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  g_autofree char *path = dup_path ();
  g_autoptr(GError) error = NULL;

  if (GPOINTER_TO_INT (task_data))
    {
      if (!write_file (path, &error))
        {
          g_task_return_error (task, g_steal_pointer (&error));
          return;
        }
    }
  else if (g_unlink (path) < 0 && errno != ENOENT)
    {
      g_task_return_new_error (task, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", path,
                               g_strerror (errno));
      return;
    }

  g_task_return_boolean (task, TRUE);
}

static void
asked_portal_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) results = lodge_portal_request_finish (result, NULL, &error);
  gboolean is_granted = FALSE;

  if (results == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_variant_lookup (results, "autostart", "b", &is_granted);
  if (is_granted != GPOINTER_TO_INT (g_task_get_task_data (task)))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "The desktop does not allow it");
      return;
    }

  g_settings_set_boolean (lodge_settings_get (), "autostart-granted", is_granted);
  g_task_return_boolean (task, TRUE);
}

static void
ask_portal (GTask    *task,
            gboolean  autostart)
{
  static const char * const command[] = { "lodge", "--background", NULL };
  GDBusConnection *bus = get_portal_bus ();
  GVariantBuilder options;

  if (bus == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "There is no D-Bus session");
      return;
    }

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "autostart", g_variant_new_boolean (autostart));
  g_variant_builder_add (&options, "{sv}", "commandline", g_variant_new_strv (command, -1));
  lodge_portal_request_async (bus, "org.freedesktop.portal.Background", "RequestBackground", NULL,
                              g_variant_builder_end (&options), g_task_get_cancellable (task), asked_portal_cb,
                              g_object_ref (task));
}

/**
 * lodge_autostart_set_async:
 * @autostart: whether the desktop is to start Lodge, without a window
 * @cancellable: (nullable): to stop waiting
 * @callback: called when that is so
 * @user_data: data for @callback
 */
void
lodge_autostart_set_async (gboolean             autostart,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, lodge_autostart_set_async);

  g_task_set_task_data (task, GINT_TO_POINTER (autostart), NULL);

  if (is_by_portal ())
    ask_portal (task, autostart);
  else
    g_task_run_in_thread (task, set_file_work);
}

gboolean
lodge_autostart_set_finish (GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* As in a sandbox, for tests. @bus is borrowed. */
void
_lodge_autostart_use_portal (GDBusConnection *bus)
{
  portal_bus = bus;
}
