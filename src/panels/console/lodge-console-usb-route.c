/* lodge-console-usb-route.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-error.h"
#include "lodge-portal.h"
#include "lodge-usb-hostdev-route.h"
#include "lodge-usb-portal.h"
#include "lodge-console-usb-route.h"

/**
 * LodgeConsoleUsbRoute:
 *
 * The way through a guest's screen connection: SPICE redirection. It reaches guests on other hosts,
 * and needs no right to the device's node, as a helper asks for the administrator's password. It lasts
 * as long as the connection, which is therefore kept while a guest has something by this way, even if
 * nobody looks at its screen.
 *
 * In a sandbox, the desktop's portal opens the device instead of that helper.
 */

struct _LodgeConsoleUsbRoute
{
  GObject         parent_instance;
  GPtrArray      *consoles;   /* of LodgeConsole, borrowed: they say when they go */
  GHashTable     *kept;       /* set of LodgeConsole whose guests have something */
  LodgeUsbPortal *portal;     /* in a sandbox */
};

static void route_iface_init (LodgeUsbRouteInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LodgeConsoleUsbRoute, lodge_console_usb_route, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LODGE_TYPE_USB_ROUTE, route_iface_init))

static LodgeConsole *
find_console (LodgeConsoleUsbRoute *self,
              LodgeMachine        *machine)
{
  for (guint i = 0; i < self->consoles->len; i++)
    {
      LodgeConsole *console = g_ptr_array_index (self->consoles, i);

      if (lodge_console_get_machine (console) == machine)
        return console;
    }

  return NULL;
}

static LodgeUsbRouteKind
lodge_console_usb_route_get_kind (LodgeUsbRoute *route)
{
  return LODGE_CONSOLE_USB_ROUTE (route)->portal != NULL ? LODGE_USB_ROUTE_PORTAL
                                                         : LODGE_USB_ROUTE_REDIRECTION;
}

/* The library's errors have no codes to tell them by. */
static GError *
take_error (GError *error)
{
  g_autoptr(GError) owned = error;

  if (g_error_matches (owned, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_steal_pointer (&owned);

  if (g_error_matches (owned, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return g_error_new_literal (LODGE_ERROR, LODGE_ERROR_GONE, owned->message);

  return g_error_new_literal (LODGE_ERROR, LODGE_ERROR_UNSUPPORTED, owned->message);
}

static void
count (guint    bus,
       guint    address,
       gpointer user_data)
{
  (*(guint *)user_data)++;
}

/* Of a guest whose definition is not known, nothing else is said. */
static gboolean
has_room (LodgeConsole *console)
{
  guint n_used = 0;
  guint n_ways;

  lodge_display_session_foreach_usb (lodge_console_get_session (console), count, &n_used);

  return (lodge_usb_has_room (lodge_console_get_machine (console), NULL, &n_ways) && n_ways == 0) ||
         n_used < n_ways;
}

static gboolean
lodge_console_usb_route_check (LodgeUsbRoute   *route,
                              LodgeUsbDevice  *device,
                              LodgeMachine    *machine,
                              GError         **error)
{
  LodgeConsoleUsbRoute *self = LODGE_CONSOLE_USB_ROUTE (route);
  LodgeConsole *console = find_console (self, machine);
  g_autoptr(GError) reason = NULL;

  if (console == NULL)
    {
      g_set_error_literal (error, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED, "the screen is not shown");
      return FALSE;
    }

  if (lodge_display_session_get_state (lodge_console_get_session (console)) != LODGE_SESSION_STATE_CONNECTED)
    {
      g_set_error_literal (error, LODGE_ERROR, LODGE_ERROR_DISCONNECTED, "the screen is not connected");
      return FALSE;
    }

  /* What the portal opens cannot be looked at before. */
  if (self->portal != NULL)
    return TRUE;

  if (lodge_display_session_can_send_usb (lodge_console_get_session (console),
                                          lodge_usb_device_get_bus (device),
                                          lodge_usb_device_get_address (device), &reason))
    return TRUE;

  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_propagate_error (error, take_error (g_steal_pointer (&reason)));
  else
    g_set_error_literal (error, LODGE_ERROR, has_room (console) ? LODGE_ERROR_FAILED : LODGE_ERROR_NO_USB_PORT,
                         reason->message);

  return FALSE;
}

typedef struct
{
  GPtrArray    *holdings;
  LodgeMachine *machine;
} Collection;

static void
add_holding (guint    bus,
             guint    address,
             gpointer user_data)
{
  Collection *collection = user_data;
  g_autofree char *alias = g_strdup_printf ("%03u:%03u", bus, address);
  LodgeUsbHolding *holding = lodge_usb_holding_new (collection->machine, alias);

  holding->bus = bus;
  holding->address = address;
  g_ptr_array_add (collection->holdings, holding);
}

static GPtrArray *
lodge_console_usb_route_dup_holdings (LodgeUsbRoute *route,
                                     LodgeMachine  *machine)
{
  LodgeConsole *console = find_console (LODGE_CONSOLE_USB_ROUTE (route), machine);
  GPtrArray *holdings = g_ptr_array_new_with_free_func ((GDestroyNotify)lodge_usb_holding_free);
  Collection collection = { holdings, machine };

  if (console != NULL)
    lodge_display_session_foreach_usb (lodge_console_get_session (console), add_holding, &collection);

  return holdings;
}

static void
given_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (lodge_display_session_finish_usb (LODGE_DISPLAY_SESSION (object), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, take_error (error));
}

static void
opened_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  LodgeConsole *console = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  int fd = lodge_usb_portal_open_finish (LODGE_USB_PORTAL (object), result, &error);

  if (fd < 0)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  lodge_display_session_send_usb_fd_async (lodge_console_get_session (console), fd,
                                           g_task_get_cancellable (task), given_cb, g_object_ref (task));
}

static void
lodge_console_usb_route_give_async (LodgeUsbRoute       *route,
                                   LodgeUsbDevice      *device,
                                   LodgeMachine        *machine,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (route, cancellable, callback, user_data);
  LodgeConsole *console = find_console (LODGE_CONSOLE_USB_ROUTE (route), machine);

  g_task_set_source_tag (task, lodge_console_usb_route_give_async);

  if (console == NULL)
    {
      g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED, "the screen is not shown");
      return;
    }

  if (LODGE_CONSOLE_USB_ROUTE (route)->portal != NULL)
    {
      g_task_set_task_data (task, g_object_ref (console), g_object_unref);
      lodge_usb_portal_open_async (LODGE_CONSOLE_USB_ROUTE (route)->portal, device, cancellable, opened_cb,
                                   g_steal_pointer (&task));
      return;
    }

  lodge_display_session_send_usb_async (lodge_console_get_session (console),
                                        lodge_usb_device_get_bus (device),
                                        lodge_usb_device_get_address (device), cancellable, given_cb,
                                        g_steal_pointer (&task));
}

static void
taken_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  LodgeConsoleUsbRoute *self = g_task_get_source_object (task);
  const LodgeUsbHolding *holding = g_task_get_task_data (task);
  GError *error = NULL;

  if (self->portal != NULL)
    lodge_usb_portal_release (self->portal, holding->bus, holding->address);

  if (lodge_display_session_finish_usb (LODGE_DISPLAY_SESSION (object), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, take_error (error));
}

static void
lodge_console_usb_route_take_async (LodgeUsbRoute       *route,
                                   LodgeUsbHolding     *holding,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (route, cancellable, callback, user_data);
  LodgeConsole *console = find_console (LODGE_CONSOLE_USB_ROUTE (route), holding->machine);

  g_task_set_source_tag (task, lodge_console_usb_route_take_async);
  g_task_set_task_data (task, lodge_usb_holding_copy (holding), (GDestroyNotify)lodge_usb_holding_free);

  if (console == NULL)
    g_task_return_boolean (task, TRUE);
  else
    lodge_display_session_call_usb_back_async (lodge_console_get_session (console), holding->bus,
                                               holding->address, cancellable, taken_cb,
                                               g_steal_pointer (&task));
}

static gboolean
lodge_console_usb_route_finish (LodgeUsbRoute  *route,
                               GAsyncResult   *result,
                               GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, route), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
route_iface_init (LodgeUsbRouteInterface *iface)
{
  iface->get_kind = lodge_console_usb_route_get_kind;
  iface->check = lodge_console_usb_route_check;
  iface->dup_holdings = lodge_console_usb_route_dup_holdings;
  iface->give_async = lodge_console_usb_route_give_async;
  iface->give_finish = lodge_console_usb_route_finish;
  iface->take_async = lodge_console_usb_route_take_async;
  iface->take_finish = lodge_console_usb_route_finish;
}

static void
usb_changed_cb (LodgeConsoleUsbRoute *self,
                LodgeDisplaySession  *session)
{
  g_assert (LODGE_IS_CONSOLE_USB_ROUTE (self));

  for (guint i = 0; i < self->consoles->len; i++)
    {
      g_autoptr(LodgeConsole) console = g_object_ref (g_ptr_array_index (self->consoles, i));

      if (lodge_console_get_session (console) != session)
        continue;

      if (lodge_display_session_sends_usb (session))
        g_hash_table_add (self->kept, g_object_ref (console));
      else
        g_hash_table_remove (self->kept, console);

      lodge_usb_route_changed (LODGE_USB_ROUTE (self), lodge_console_get_machine (console));
      return;
    }
}

static void
state_changed_cb (LodgeConsoleUsbRoute *self,
                  GParamSpec           *pspec,
                  LodgeDisplaySession  *session)
{
  usb_changed_cb (self, session);
}

static void
lodge_console_usb_route_finalize (GObject *object)
{
  LodgeConsoleUsbRoute *self = (LodgeConsoleUsbRoute *)object;

  g_clear_pointer (&self->consoles, g_ptr_array_unref);
  g_clear_pointer (&self->kept, g_hash_table_unref);
  g_clear_object (&self->portal);

  G_OBJECT_CLASS (lodge_console_usb_route_parent_class)->finalize (object);
}

static void
lodge_console_usb_route_class_init (LodgeConsoleUsbRouteClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = lodge_console_usb_route_finalize;
}

static LodgeUsbPortal *
create_portal (void)
{
  GApplication *app = g_application_get_default ();
  GDBusConnection *bus = app != NULL ? g_application_get_dbus_connection (app) : NULL;

  return bus != NULL && lodge_portal_is_sandboxed () ? lodge_usb_portal_new (bus) : NULL;
}

static void
lodge_console_usb_route_init (LodgeConsoleUsbRoute *self)
{
  self->consoles = g_ptr_array_new ();
  self->kept = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->portal = create_portal ();
}

/**
 * lodge_console_usb_route_get_default:
 *
 * Returns: (transfer none): the way through the screens that are shown
 */
LodgeUsbRoute *
lodge_console_usb_route_get_default (void)
{
  static LodgeConsoleUsbRoute *route;

  if (route == NULL)
    route = g_object_new (LODGE_TYPE_CONSOLE_USB_ROUTE, NULL);

  return LODGE_USB_ROUTE (route);
}

void
_lodge_console_usb_route_add_console (LodgeConsole *console)
{
  LodgeConsoleUsbRoute *self = LODGE_CONSOLE_USB_ROUTE (lodge_console_usb_route_get_default ());
  LodgeDisplaySession *session = lodge_console_get_session (console);

  g_ptr_array_add (self->consoles, console);
  g_signal_connect_object (session, "usb-changed", G_CALLBACK (usb_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (state_changed_cb), self, G_CONNECT_SWAPPED);
}

void
_lodge_console_usb_route_remove_console (LodgeConsole *console)
{
  LodgeConsoleUsbRoute *self = LODGE_CONSOLE_USB_ROUTE (lodge_console_usb_route_get_default ());

  g_signal_handlers_disconnect_by_data (lodge_console_get_session (console), self);

  if (g_ptr_array_remove (self->consoles, console))
    lodge_usb_route_changed (LODGE_USB_ROUTE (self), lodge_console_get_machine (console));
}
