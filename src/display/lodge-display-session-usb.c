/* lodge-display-session-usb.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <libusb.h>
#include <unistd.h>

#include "lodge-display-session-private.h"

/* USB devices of this computer that are sent to the guest (usbredir), and disc images that it sees as
 * USB drives. The library has the devices; here they are known by bus and address.
 *
 * Its manager opens the computer's USB buses, which not every computer has and few sessions need: it is
 * made when it is first asked for.
 */

void
_lodge_spice_usb_device_free (gpointer data)
{
  g_boxed_free (SPICE_TYPE_USB_DEVICE, data);
}

static void
usb_changed_cb (LodgeDisplaySession *self)
{
  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  _lodge_display_session_emit_usb_changed (self);
}

static void
usb_error_cb (LodgeDisplaySession *self,
              SpiceUsbDevice      *device,
              const GError        *error)
{
  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  g_info ("a USB device is not sent any more: %s", error != NULL ? error->message : "");
  _lodge_display_session_emit_usb_changed (self);
}

static void find_shared_images (LodgeDisplaySession *self);

static SpiceUsbDeviceManager *
get_manager (LodgeDisplaySession  *self,
             GError              **error)
{
  if (self->state != LODGE_SESSION_STATE_CONNECTED || self->connection == NULL)
    {
      g_set_error_literal (error, LODGE_SESSION_ERROR, LODGE_SESSION_ERROR_FAILED,
                           "There is no connection to the guest's screen");
      return NULL;
    }

  if (self->usb == NULL)
    {
      SpiceSession *session = lodge_spice_connection_get_session (self->connection);
      /* The session owns it. */
      SpiceUsbDeviceManager *manager = spice_usb_device_manager_get (session, error);

      if (manager == NULL)
        return NULL;

      self->usb = g_object_ref (manager);
      g_signal_connect_object (manager, "device-added", G_CALLBACK (find_shared_images), self,
                               G_CONNECT_SWAPPED | G_CONNECT_AFTER);
      g_signal_connect_object (manager, "device-removed", G_CALLBACK (usb_changed_cb), self,
                               G_CONNECT_SWAPPED | G_CONNECT_AFTER);
      g_signal_connect_object (manager, "device-error", G_CALLBACK (usb_error_cb), self, G_CONNECT_SWAPPED);
    }

  return self->usb;
}

void
_lodge_display_session_stop_usb (LodgeDisplaySession *self)
{
  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  if (self->usb == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->usb, self);
  g_ptr_array_set_size (self->lent, 0);
  g_clear_object (&self->usb);

  for (guint i = 0; i < self->images->len; i++)
    g_task_return_new_error (g_ptr_array_index (self->images, i), LODGE_SESSION_ERROR,
                             LODGE_SESSION_ERROR_ENDED, "The connection to the guest's screen ended");
  g_ptr_array_set_size (self->images, 0);
  _lodge_display_session_emit_usb_changed (self);
}

/* What the library makes of a disc image has no place on a bus. */
static gboolean
get_place (SpiceUsbDeviceManager *manager,
           SpiceUsbDevice        *device,
           guint                 *bus,
           guint                 *address)
{
  libusb_device *usb;

  if (spice_usb_device_manager_is_device_shared_cd (manager, device))
    return FALSE;

  usb = (libusb_device *)spice_usb_device_get_libusb_device (device);
  if (usb == NULL)
    return FALSE;

  *bus = libusb_get_bus_number (usb);
  *address = libusb_get_device_address (usb);

  return TRUE;
}

/* Returns: (transfer container): what others have opened, and then what the library has found */
static GPtrArray *
list_devices (LodgeDisplaySession *self)
{
  g_autoptr(GPtrArray) found = spice_usb_device_manager_get_devices (self->usb);
  GPtrArray *devices = g_ptr_array_new_with_free_func (_lodge_spice_usb_device_free);

  for (guint i = self->lent->len; i > 0; i--)
    if (!spice_usb_device_manager_is_device_connected (self->usb, g_ptr_array_index (self->lent, i - 1)))
      g_ptr_array_remove_index (self->lent, i - 1);

  for (guint i = 0; i < self->lent->len; i++)
    g_ptr_array_add (devices, g_boxed_copy (SPICE_TYPE_USB_DEVICE, g_ptr_array_index (self->lent, i)));
  for (guint i = 0; i < found->len; i++)
    g_ptr_array_add (devices, g_boxed_copy (SPICE_TYPE_USB_DEVICE, g_ptr_array_index (found, i)));

  return devices;
}

/* Returns: (transfer full) (nullable) */
static SpiceUsbDevice *
dup_device (LodgeDisplaySession *self,
            guint                bus,
            guint                address)
{
  g_autoptr(GPtrArray) devices = list_devices (self);

  for (guint i = 0; i < devices->len; i++)
    {
      guint its_bus;
      guint its_address;

      if (get_place (self->usb, g_ptr_array_index (devices, i), &its_bus, &its_address) &&
          its_bus == bus && its_address == address)
        return g_boxed_copy (SPICE_TYPE_USB_DEVICE, g_ptr_array_index (devices, i));
    }

  return NULL;
}

static SpiceUsbDevice *
dup_device_or_fail (LodgeDisplaySession  *self,
                    guint                 bus,
                    guint                 address,
                    GError              **error)
{
  SpiceUsbDevice *device = dup_device (self, bus, address);

  if (device == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no USB device %03u:%03u", bus, address);

  return device;
}

/**
 * lodge_display_session_can_send_usb:
 * @self: a session
 * @bus: a device's bus
 * @address: a device's address there
 * @error: why not
 *
 * Returns: whether the device could be sent to the guest now
 */
gboolean
lodge_display_session_can_send_usb (LodgeDisplaySession  *self,
                                    guint                 bus,
                                    guint                 address,
                                    GError              **error)
{
  SpiceUsbDeviceManager *manager;
  SpiceUsbDevice *device;
  gboolean can;

  g_return_val_if_fail (LODGE_IS_DISPLAY_SESSION (self), FALSE);

  if (!(manager = get_manager (self, error)) ||
      !(device = dup_device_or_fail (self, bus, address, error)))
    return FALSE;

  can = spice_usb_device_manager_can_redirect_device (manager, device, error);
  g_boxed_free (SPICE_TYPE_USB_DEVICE, device);

  return can;
}

static void
end_task (GTask    *task,
          gboolean  done,
          GError   *error)
{
  if (done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);

  _lodge_display_session_emit_usb_changed (g_task_get_source_object (task));
}

static void
sent_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  LodgeDisplaySession *self = g_task_get_source_object (task);
  gboolean done =
    spice_usb_device_manager_connect_device_finish (SPICE_USB_DEVICE_MANAGER (object), result, &error);

  if (done && g_task_get_source_tag (task) == lodge_display_session_send_usb_fd_async &&
      (gpointer)self->usb == (gpointer)object)
    g_ptr_array_add (self->lent, g_boxed_copy (SPICE_TYPE_USB_DEVICE, g_task_get_task_data (task)));

  end_task (task, done, error);
}

static void
send_device (GTask                 *task,
             SpiceUsbDeviceManager *manager,
             SpiceUsbDevice        *device)
{
  /* The library's own call keeps no reference on it. */
  g_task_set_task_data (task, device, _lodge_spice_usb_device_free);
  spice_usb_device_manager_connect_device_async (manager, device, g_task_get_cancellable (task), sent_cb,
                                                 g_object_ref (task));
}

/**
 * lodge_display_session_send_usb_async:
 * @self: a session
 * @bus: a device's bus
 * @address: a device's address there
 * @cancellable: (nullable): to stop waiting
 * @callback: called when the guest has it
 * @user_data: data for @callback
 *
 * Sends a device to the guest, until it is unplugged, called back, or the connection ends. The system
 * may ask for a password.
 */
void
lodge_display_session_send_usb_async (LodgeDisplaySession *self,
                                      guint                bus,
                                      guint                address,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr(GError) error = NULL;
  SpiceUsbDeviceManager *manager;
  SpiceUsbDevice *device;

  g_return_if_fail (LODGE_IS_DISPLAY_SESSION (self));

  g_task_set_source_tag (task, lodge_display_session_send_usb_async);

  if (!(manager = get_manager (self, &error)) ||
      !(device = dup_device_or_fail (self, bus, address, &error)))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    send_device (task, manager, device);
}

/**
 * lodge_display_session_send_usb_fd_async:
 * @self: a session
 * @fd: an open USB device, which is the session's from now on
 *
 * The same for a device that somebody else has opened, such as the desktop's USB portal.
 */
void
lodge_display_session_send_usb_fd_async (LodgeDisplaySession *self,
                                         int                  fd,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr(GError) error = NULL;
  SpiceUsbDeviceManager *manager;
  SpiceUsbDevice *device;

  g_return_if_fail (LODGE_IS_DISPLAY_SESSION (self));

  g_task_set_source_tag (task, lodge_display_session_send_usb_fd_async);

  if (!(manager = get_manager (self, &error)) ||
      !(device = spice_usb_device_manager_allocate_device_for_file_descriptor (manager, fd, &error)))
    {
      close (fd);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

#if !SPICE_GTK_CHECK_VERSION (0, 43, 0)
  /* The library frees what it never had a reference on: spice-gtk's merge request 144. */
  libusb_ref_device ((libusb_device *)spice_usb_device_get_libusb_device (device));
#endif

  send_device (task, manager, device);
}

static void
called_back_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  gboolean done =
    spice_usb_device_manager_disconnect_device_finish (SPICE_USB_DEVICE_MANAGER (object), result, &error);

  end_task (task, done, error);
}

/**
 * lodge_display_session_call_usb_back_async:
 * @self: a session
 * @bus: a device's bus
 * @address: a device's address there
 *
 * Takes a device back that was sent to the guest; one that is not there any more needs no doing.
 */
void
lodge_display_session_call_usb_back_async (LodgeDisplaySession *self,
                                           guint                bus,
                                           guint                address,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  SpiceUsbDevice *device = NULL;

  g_return_if_fail (LODGE_IS_DISPLAY_SESSION (self));

  g_task_set_source_tag (task, lodge_display_session_call_usb_back_async);

  if (self->usb != NULL)
    device = dup_device (self, bus, address);

  if (device == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  g_task_set_task_data (task, device, _lodge_spice_usb_device_free);
  spice_usb_device_manager_disconnect_device_async (self->usb, device, cancellable, called_back_cb,
                                                    g_object_ref (task));
}

/**
 * lodge_display_session_finish_usb:
 *
 * Ends what was begun with a device or an image: sending, inserting, calling back.
 */
gboolean
lodge_display_session_finish_usb (LodgeDisplaySession  *self,
                                  GAsyncResult         *result,
                                  GError              **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * lodge_display_session_foreach_usb:
 * @self: a session
 * @func: called with each device that was sent to the guest
 * @user_data: data for @func
 */
void
lodge_display_session_foreach_usb (LodgeDisplaySession *self,
                                   LodgeUsbSentFunc     func,
                                   gpointer             user_data)
{
  g_autoptr(GPtrArray) devices = NULL;

  g_return_if_fail (LODGE_IS_DISPLAY_SESSION (self));

  if (self->usb == NULL)
    return;

  devices = list_devices (self);

  for (guint i = 0; i < devices->len; i++)
    {
      SpiceUsbDevice *device = g_ptr_array_index (devices, i);
      guint bus;
      guint address;

      if (spice_usb_device_manager_is_device_connected (self->usb, device) &&
          get_place (self->usb, device, &bus, &address))
        func (bus, address, user_data);
    }
}

/**
 * lodge_display_session_sends_usb:
 *
 * Returns: whether the guest has a device or a disc image by this session
 */
gboolean
lodge_display_session_sends_usb (LodgeDisplaySession *self)
{
  g_autoptr(GPtrArray) devices = NULL;

  g_return_val_if_fail (LODGE_IS_DISPLAY_SESSION (self), FALSE);

  if (self->usb == NULL)
    return FALSE;

  devices = list_devices (self);

  for (guint i = 0; i < devices->len; i++)
    if (spice_usb_device_manager_is_device_connected (self->usb, g_ptr_array_index (devices, i)))
      return TRUE;

  return FALSE;
}

/* An image becomes a device some time after it was asked for, in the order of asking. */
static void
find_shared_images (LodgeDisplaySession *self)
{
  g_autoptr(GPtrArray) devices = NULL;

  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  devices = spice_usb_device_manager_get_devices (self->usb);

  for (guint i = 0; i < devices->len && self->images->len > 0; i++)
    {
      SpiceUsbDevice *device = g_ptr_array_index (devices, i);

      if (spice_usb_device_manager_is_device_shared_cd (self->usb, device) &&
          !spice_usb_device_manager_is_device_connected (self->usb, device))
        {
          g_autoptr(GTask) task = g_object_ref (g_ptr_array_index (self->images, 0));

          g_ptr_array_remove_index (self->images, 0);
          send_device (task, self->usb, g_boxed_copy (SPICE_TYPE_USB_DEVICE, device));
        }
    }

  _lodge_display_session_emit_usb_changed (self);
}

/**
 * lodge_display_session_insert_image_async:
 * @self: a session
 * @path: a disc image (ISO 9660)
 * @cancellable: (nullable): to stop waiting
 * @callback: called when the guest has it
 * @user_data: data for @callback
 *
 * Lets the guest see a USB CD drive with the image in it, until it ejects it or the connection ends.
 * End it with lodge_display_session_finish_usb().
 */
void
lodge_display_session_insert_image_async (LodgeDisplaySession *self,
                                          const char          *path,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *copy = g_strdup (path);
  g_autoptr(GError) error = NULL;
  SpiceUsbDeviceManager *manager;

  g_return_if_fail (LODGE_IS_DISPLAY_SESSION (self));

  g_task_set_source_tag (task, lodge_display_session_insert_image_async);

  if (!(manager = get_manager (self, &error)))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_ptr_array_add (self->images, g_object_ref (task));
  if (!spice_usb_device_manager_create_shared_cd_device (manager, copy, &error))
    {
      g_ptr_array_remove (self->images, task);
      g_task_return_error (task, g_steal_pointer (&error));
    }
}
