/* lodge-usb-portal.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <gio/gunixfdlist.h>

#include "lodge-error.h"
#include "lodge-portal.h"
#include "lodge-usb-portal.h"

/**
 * LodgeUsbPortal:
 *
 * The desktop's USB portal (org.freedesktop.portal.Usb), which opens devices for programs in a
 * sandbox, after it has asked the user.
 *
 * The portal has names of its own for devices, which are looked up by the device's node each time.
 */

#define PORTAL_INTERFACE "org.freedesktop.portal.Usb"

struct _LodgeUsbPortal
{
  GObject          parent_instance;
  GDBusConnection *bus;
  GHashTable      *open;    /* "BUS:ADDRESS" → the portal's name */
};

G_DEFINE_FINAL_TYPE (LodgeUsbPortal, lodge_usb_portal, G_TYPE_OBJECT)

/* What is known of one opening on its way. */
typedef struct
{
  char *node;
  char *place;
  char *name;       /* the portal's */
} Opening;

static void
opening_free (gpointer data)
{
  Opening *opening = data;

  g_free (opening->node);
  g_free (opening->place);
  g_free (opening->name);
  g_free (opening);
}

static char *
dup_place (guint bus,
           guint address)
{
  return g_strdup_printf ("%03u:%03u", bus, address);
}

static void
call (GTask               *task,
      const char          *method,
      GVariant            *parameters,
      const char          *reply_type,
      GAsyncReadyCallback  callback)
{
  LodgeUsbPortal *self = g_task_get_source_object (task);

  /* The user may take any time to answer. */
  g_dbus_connection_call_with_unix_fd_list (self->bus, LODGE_PORTAL_NAME, LODGE_PORTAL_PATH,
                                            PORTAL_INTERFACE, method, parameters, G_VARIANT_TYPE (reply_type),
                                            G_DBUS_CALL_FLAGS_NONE, G_MAXINT, NULL,
                                            g_task_get_cancellable (task), callback, g_object_ref (task));
}

/* Takes @failure. */
static GError *
translate (GError *failure)
{
  g_autoptr(GError) original = failure;

  if (g_error_matches (original, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_steal_pointer (&original);

  g_dbus_error_strip_remote_error (original);

  return g_error_new (LODGE_ERROR, LODGE_ERROR_UNSUPPORTED, "The desktop's USB portal: %s", original->message);
}

static GVariant *
end_call (GObject       *object,
          GAsyncResult  *result,
          GUnixFDList  **fds,
          GError       **error)
{
  GError *failure = NULL;
  GVariant *reply = g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (object), fds, result,
                                                                     &failure);

  if (reply == NULL)
    g_propagate_error (error, translate (failure));

  return reply;
}

static void
finished_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  LodgeUsbPortal *self = g_task_get_source_object (task);
  Opening *opening = g_task_get_task_data (task);
  g_autoptr(GUnixFDList) fds = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = end_call (object, result, &fds, &error);
  g_autoptr(GVariantIter) devices = NULL;
  g_autoptr(GVariant) found = NULL;
  const char *reason = NULL;
  const char *name;
  GVariant *properties;
  gint32 index = -1;
  int fd;

  if (reply == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_variant_get (reply, "(a(sa{sv})b)", &devices, NULL);
  while (g_variant_iter_next (devices, "(&s@a{sv})", &name, &properties))
    {
      if (g_str_equal (name, opening->name) && found == NULL)
        found = properties;
      else
        g_variant_unref (properties);
    }

  if (found != NULL)
    {
      g_variant_lookup (found, "fd", "h", &index);
      g_variant_lookup (found, "error", "&s", &reason);
    }

  fd = index >= 0 && fds != NULL ? g_unix_fd_list_get (fds, index, &error) : -1;
  if (fd < 0)
    {
      g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_DENIED, "The desktop did not open the device: %s",
                               reason != NULL ? reason : error != NULL ? error->message : "no reason given");
      return;
    }

  g_hash_table_replace (self->open, g_strdup (opening->place), g_strdup (opening->name));
  g_task_return_int (task, fd);
}

static void
acquired_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  g_autoptr(GVariant) results = lodge_portal_request_finish (result, &path, &error);
  GVariantBuilder options;

  if (results == NULL)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
        g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_DENIED, "The device was not shared with Lodge");
      else
        g_task_return_error (task, translate (g_steal_pointer (&error)));
      return;
    }

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  call (task, "FinishAcquireDevices", g_variant_new ("(oa{sv})", path, &options), "(a(sa{sv})b)", finished_cb);
}

static void
acquire (GTask *task)
{
  LodgeUsbPortal *self = g_task_get_source_object (task);
  Opening *opening = g_task_get_task_data (task);
  GVariantBuilder devices;
  GVariantBuilder properties;
  GVariantBuilder options;

  g_variant_builder_init (&properties, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&properties, "{sv}", "writable", g_variant_new_boolean (TRUE));
  g_variant_builder_init (&devices, G_VARIANT_TYPE ("a(sa{sv})"));
  g_variant_builder_add (&devices, "(sa{sv})", opening->name, &properties);
  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  lodge_portal_request_async (self->bus, PORTAL_INTERFACE, "AcquireDevices", g_variant_builder_end (&devices),
                              g_variant_builder_end (&options), g_task_get_cancellable (task), acquired_cb,
                              g_object_ref (task));
}

static void
enumerated_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Opening *opening = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = end_call (object, result, NULL, &error);
  g_autoptr(GVariantIter) devices = NULL;
  const char *name;
  GVariant *properties;

  if (reply == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_variant_get (reply, "(a(sa{sv}))", &devices);
  while (g_variant_iter_next (devices, "(&s@a{sv})", &name, &properties))
    {
      const char *node = NULL;

      g_variant_lookup (properties, "device-file", "&s", &node);
      if (g_strcmp0 (node, opening->node) == 0 && opening->name == NULL)
        opening->name = g_strdup (name);
      g_variant_unref (properties);
    }

  if (opening->name == NULL)
    g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_GONE,
                             "The desktop's USB portal does not know %s", opening->node);
  else
    acquire (task);
}

static void
lodge_usb_portal_finalize (GObject *object)
{
  LodgeUsbPortal *self = (LodgeUsbPortal *)object;

  g_clear_object (&self->bus);
  g_clear_pointer (&self->open, g_hash_table_unref);

  G_OBJECT_CLASS (lodge_usb_portal_parent_class)->finalize (object);
}

static void
lodge_usb_portal_class_init (LodgeUsbPortalClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = lodge_usb_portal_finalize;
}

static void
lodge_usb_portal_init (LodgeUsbPortal *self)
{
  self->open = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * lodge_usb_portal_new:
 * @bus: the session's message bus
 *
 * Returns: (transfer full): a portal
 */
LodgeUsbPortal *
lodge_usb_portal_new (GDBusConnection *bus)
{
  LodgeUsbPortal *self;

  g_return_val_if_fail (G_IS_DBUS_CONNECTION (bus), NULL);

  self = g_object_new (LODGE_TYPE_USB_PORTAL, NULL);
  self->bus = g_object_ref (bus);

  return self;
}

/**
 * lodge_usb_portal_open_async:
 * @self: the portal
 * @device: a device
 * @cancellable: (nullable): to stop waiting
 * @callback: called when the user has answered and the device is open
 * @user_data: data for @callback
 */
void
lodge_usb_portal_open_async (LodgeUsbPortal      *self,
                             LodgeUsbDevice      *device,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Opening *opening;
  GVariantBuilder options;

  g_return_if_fail (LODGE_IS_USB_PORTAL (self));
  g_return_if_fail (LODGE_IS_USB_DEVICE (device));

  opening = g_new0 (Opening, 1);
  opening->node = g_strdup (lodge_usb_device_get_node (device));
  opening->place = dup_place (lodge_usb_device_get_bus (device), lodge_usb_device_get_address (device));
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lodge_usb_portal_open_async);
  g_task_set_task_data (task, opening, opening_free);

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  call (task, "EnumerateDevices", g_variant_new ("(a{sv})", &options), "(a(sa{sv}))", enumerated_cb);
}

/**
 * lodge_usb_portal_open_finish:
 *
 * Returns: a descriptor of the device, which is the caller's, or -1. LODGE_ERROR_DENIED: the user does
 *   not want it; LODGE_ERROR_UNSUPPORTED: there is no such portal
 */
int
lodge_usb_portal_open_finish (LodgeUsbPortal  *self,
                              GAsyncResult    *result,
                              GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), -1);

  return g_task_propagate_int (G_TASK (result), error);
}

/**
 * lodge_usb_portal_release:
 * @self: the portal
 * @bus: where the device was when it was opened
 * @address: where the device was when it was opened
 *
 * Tells the portal that a device is not needed any more.
 */
void
lodge_usb_portal_release (LodgeUsbPortal *self,
                          guint           bus,
                          guint           address)
{
  g_autofree char *place = dup_place (bus, address);
  GVariantBuilder names;
  GVariantBuilder options;
  const char *name;

  g_return_if_fail (LODGE_IS_USB_PORTAL (self));

  if (!(name = g_hash_table_lookup (self->open, place)))
    return;

  g_variant_builder_init (&names, G_VARIANT_TYPE_STRING_ARRAY);
  g_variant_builder_add (&names, "s", name);
  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_dbus_connection_call (self->bus, LODGE_PORTAL_NAME, LODGE_PORTAL_PATH, PORTAL_INTERFACE, "ReleaseDevices",
                          g_variant_new ("(asa{sv})", &names, &options), NULL, G_DBUS_CALL_FLAGS_NONE, -1,
                          NULL, NULL, NULL);
  g_hash_table_remove (self->open, place);
}
