/* lodge-portal.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-portal.h"

#define REQUEST_INTERFACE "org.freedesktop.portal.Request"

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

typedef struct
{
  GDBusConnection *bus;
  GSource         *cancelled;
  char            *path;
  guint            response_id;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_object_unref (request->bus);
  g_free (request->path);
  g_free (request);
}

/* Whoever comes first ends it: the answer, a failure or the caller. */
static gboolean
end_request (GTask *task)
{
  Request *request = g_task_get_task_data (task);

  if (request->response_id == 0)
    return FALSE;

  g_dbus_connection_signal_unsubscribe (request->bus, request->response_id);
  request->response_id = 0;

  if (request->cancelled != NULL)
    g_source_destroy (request->cancelled);
  g_clear_pointer (&request->cancelled, g_source_unref);

  return TRUE;
}

static void
response_cb (GDBusConnection *connection,
             const char      *sender_name,
             const char      *object_path,
             const char      *interface_name,
             const char      *signal_name,
             GVariant        *parameters,
             gpointer         user_data)
{
  g_autoptr(GTask) task = g_object_ref (user_data);
  g_autoptr(GVariant) results = NULL;
  guint32 response;

  if (!end_request (task))
    return;

  g_variant_get (parameters, "(u@a{sv})", &response, &results);

  if (response == 0)
    g_task_return_pointer (task, g_steal_pointer (&results), (GDestroyNotify)g_variant_unref);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "The desktop does not allow it");
}

static void
called_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) handle = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);

  if (handle == NULL && end_request (task))
    g_task_return_error (task, g_steal_pointer (&error));
}

/* Takes the question off the user's screen. */
static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  g_autoptr(GTask) task = g_object_ref (user_data);
  Request *request = g_task_get_task_data (task);

  if (!end_request (task))
    return G_SOURCE_REMOVE;

  g_dbus_connection_call (request->bus, LODGE_PORTAL_NAME, request->path, REQUEST_INTERFACE, "Close", NULL, NULL,
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

/* Its path is known before it is made, as the documentation of org.freedesktop.portal.Request says, so
 * that the answer cannot be missed.
 */
static void
listen (GTask      *task,
        const char *token)
{
  Request *request = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autofree char *sender = g_strdup (g_dbus_connection_get_unique_name (request->bus) + 1);

  request->path = g_strdup_printf (LODGE_PORTAL_PATH "/request/%s/%s", g_strdelimit (sender, ".", '_'), token);
  request->response_id =
    g_dbus_connection_signal_subscribe (request->bus, LODGE_PORTAL_NAME, REQUEST_INTERFACE, "Response",
                                        request->path, NULL, G_DBUS_SIGNAL_FLAGS_NONE, response_cb,
                                        g_object_ref (task), g_object_unref);

  if (cancellable != NULL)
    {
      request->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (request->cancelled, G_SOURCE_FUNC (cancelled_cb), g_object_ref (task), g_object_unref);
      g_source_attach (request->cancelled, g_task_get_context (task));
    }
}

/**
 * lodge_portal_request_async:
 * @bus: the session's message bus
 * @interface: the portal's interface
 * @method: its method, which takes the parent window, perhaps something more, and options
 * @argument: (nullable): what is between them; a floating reference is taken
 * @options: an "a{sv}"; a floating reference is taken
 * @cancellable: (nullable): takes the question back
 * @callback: called when the user has answered
 * @user_data: data for @callback
 *
 * Asks the desktop for something. The user may take any time to answer.
 */
void
lodge_portal_request_async (GDBusConnection     *bus,
                            const char          *interface,
                            const char          *method,
                            GVariant            *argument,
                            GVariant            *options,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GVariant) given = NULL;
  g_autofree char *token = g_strdup_printf ("lodge%u", g_random_int ());
  GVariant *parameters[3] = { NULL, };
  GVariantDict dict;
  Request *request;
  gsize n = 0;

  g_return_if_fail (G_IS_DBUS_CONNECTION (bus));

  given = g_variant_ref_sink (options);
  g_variant_dict_init (&dict, given);
  g_variant_dict_insert (&dict, "handle_token", "s", token);
  parameters[n++] = g_variant_new_string ("");
  if (argument != NULL)
    parameters[n++] = argument;
  parameters[n++] = g_variant_dict_end (&dict);

  request = g_new0 (Request, 1);
  request->bus = g_object_ref (bus);
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, lodge_portal_request_async);
  g_task_set_task_data (task, request, request_free);
  listen (task, token);
  g_dbus_connection_call (bus, LODGE_PORTAL_NAME, LODGE_PORTAL_PATH, interface, method,
                          g_variant_new_tuple (parameters, n), G_VARIANT_TYPE ("(o)"), G_DBUS_CALL_FLAGS_NONE, -1,
                          NULL, called_cb, g_object_ref (task));
}

/**
 * lodge_portal_request_finish:
 * @result: the result
 * @path: (out) (optional): the object path of the request
 * @error: return location for an error: %G_IO_ERROR_PERMISSION_DENIED if the user does not want it, or
 *   one of D-Bus
 *
 * Returns: (transfer full) (nullable): the results, an "a{sv}"
 */
GVariant *
lodge_portal_request_finish (GAsyncResult  *result,
                             char         **path,
                             GError       **error)
{
  Request *request;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  request = g_task_get_task_data (G_TASK (result));
  if (path != NULL)
    *path = g_strdup (request->path);

  return g_task_propagate_pointer (G_TASK (result), error);
}
