/* lodge-usb-uevents.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <glib-unix.h>
#include <libudev.h>
#include <string.h>

#include "lodge-error.h"
#include "lodge-usb-facts-private.h"
#include "lodge-usb-uevents-private.h"

/*
 * What the system tells of USB devices and their interfaces, by a socket that
 * is silent while nothing is plugged. udev tells of a device when its node
 * has got its owner and group; where udev does not run, the kernel tells.
 */

/* A dock brings some dozens of devices at once; each event takes about a kilobyte. */
#define BUFFER_SIZE (1024 * 1024)

struct _LodgeUsbUevents
{
  struct udev         *udev;
  struct udev_monitor *monitor;
  guint                source_id;
  LodgeUsbUeventFunc   func;
  gpointer             user_data;
};

/* An interface's name, "3-1.2:1.0", begins with that of its device. */
static void
tell (LodgeUsbUevents    *self,
      struct udev_device *device)
{
  const char *name = udev_device_get_sysname (device);
  const char *action = udev_device_get_action (device);
  LodgeUsbUevent event = LODGE_USB_UEVENT_CHANGED;
  g_autofree char *port = NULL;

  if (name == NULL)
    return;

  port = g_strndup (name, strcspn (name, ":"));

  if (g_str_equal (port, name) && g_strcmp0 (action, "remove") == 0)
    event = LODGE_USB_UEVENT_GONE;
  else if (g_str_equal (port, name) && g_strcmp0 (action, "add") == 0)
    event = LODGE_USB_UEVENT_ADDED;

  if (lodge_usb_is_port (port))
    self->func (event, port, self->user_data);
}

static gboolean
readable_cb (int          fd,
             GIOCondition condition,
             gpointer     user_data)
{
  LodgeUsbUevents *self = user_data;
  struct udev_device *device;

  errno = 0;
  device = udev_monitor_receive_device (self->monitor);

  if (device != NULL)
    {
      tell (self, device);
      udev_device_unref (device);
    }
  else if (errno == ENOBUFS)
    {
      self->func (LODGE_USB_UEVENT_LOST, NULL, self->user_data);
    }
  else if (condition & (G_IO_ERR | G_IO_HUP | G_IO_NVAL))
    {
      /* ENOBUFS has been taken away with the error by whoever looked first. */
      self->func (LODGE_USB_UEVENT_LOST, NULL, self->user_data);
      if (condition & (G_IO_HUP | G_IO_NVAL))
        {
          self->source_id = 0;
          return G_SOURCE_REMOVE;
        }
    }

  return G_SOURCE_CONTINUE;
}

/* Returns: (transfer full) (nullable): null if the system tells nobody, as in some containers */
LodgeUsbUevents *
_lodge_usb_uevents_new (LodgeUsbUeventFunc   func,
                        gpointer             user_data,
                        GError             **error)
{
  g_autoptr(LodgeUsbUevents) self = g_new0 (LodgeUsbUevents, 1);
  gboolean has_daemon = g_file_test ("/run/udev/control", G_FILE_TEST_EXISTS);
  int result;

  self->func = func;
  self->user_data = user_data;
  self->udev = udev_new ();

  if (self->udev != NULL)
    self->monitor = udev_monitor_new_from_netlink (self->udev, has_daemon ? "udev" : "kernel");

  if (self->monitor == NULL)
    {
      g_set_error (error, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED,
                   "udev_monitor_new_from_netlink: %s", g_strerror (errno));
      return NULL;
    }

  udev_monitor_filter_add_match_subsystem_devtype (self->monitor, "usb", NULL);
  udev_monitor_set_receive_buffer_size (self->monitor, BUFFER_SIZE);
  result = udev_monitor_enable_receiving (self->monitor);

  if (result < 0)
    {
      g_set_error (error, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED,
                   "udev_monitor_enable_receiving: %s", g_strerror (-result));
      return NULL;
    }

  self->source_id = g_unix_fd_add (udev_monitor_get_fd (self->monitor), G_IO_IN | G_IO_ERR,
                                   readable_cb, self);

  return g_steal_pointer (&self);
}

void
_lodge_usb_uevents_free (LodgeUsbUevents *self)
{
  if (self == NULL)
    return;

  g_clear_handle_id (&self->source_id, g_source_remove);
  g_clear_pointer (&self->monitor, udev_monitor_unref);
  g_clear_pointer (&self->udev, udev_unref);
  g_free (self);
}
