/* lodge-usb-uevents.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <glib-unix.h>
#include <libudev.h>
#include <linux/filter.h>
#include <string.h>
#include <sys/socket.h>

#include "lodge-error.h"
#include "lodge-usb-facts-private.h"
#include "lodge-usb-uevents-private.h"

/*
 * What the system tells of USB devices and their interfaces, by sockets that
 * are silent while nothing is plugged. The kernel tells at once. udev tells
 * the same when its rules are done with it: then the node has its owner and
 * group. That may be late, as some rules look into devices: phones have been
 * seen to take half a minute. The kernel tells of batteries, mounts and all
 * else, too, which would wake this program for nothing: a filter in the kernel
 * drops what is not on a USB bus.
 *
 * In a sandbox libudev believes neither, as it sees both come from a user who
 * is nobody there. But nodes appear and go away, which inotify tells.
 */

/* A dock brings some dozens of devices at once; each event takes about a kilobyte. */
#define BUFFER_SIZE (1024 * 1024)

#define NODES "/dev/bus/usb"

typedef struct
{
  LodgeUsbUevents     *uevents;
  struct udev_monitor *monitor;
  guint                source_id;
} Source;

struct _LodgeUsbUevents
{
  struct udev         *udev;
  Source               kernel;
  Source               daemon;      /* unused where it does not run */
  char                *nodes;       /* where they are, in a sandbox */
  GPtrArray           *folders;     /* of GFileMonitor: that of the buses, and one a bus */
  GHashTable          *watched;     /* set of their paths */
  LodgeUsbUeventFunc   func;
  gpointer             user_data;
};

/* An interface's name, "3-1.2:1.0", begins with that of its device. */
static void
tell (Source             *source,
      struct udev_device *device)
{
  LodgeUsbUevents *self = source->uevents;
  const char *name = udev_device_get_sysname (device);
  const char *action = udev_device_get_action (device);
  LodgeUsbUevent event = LODGE_USB_UEVENT_CHANGED;
  g_autofree char *port = NULL;

  if (name == NULL)
    return;

  port = g_strndup (name, strcspn (name, ":"));
  if (!lodge_usb_is_port (port))
    return;

  if (source == &self->daemon)
    event = LODGE_USB_UEVENT_SETTLED;
  else if (g_str_equal (port, name) && g_strcmp0 (action, "remove") == 0)
    event = LODGE_USB_UEVENT_GONE;
  else if (g_str_equal (port, name) && g_strcmp0 (action, "add") == 0)
    event = LODGE_USB_UEVENT_ADDED;

  /* Of what udev tells, only the end of a device's own rules is news. */
  if (event != LODGE_USB_UEVENT_SETTLED ||
      (g_str_equal (port, name) && g_strcmp0 (action, "remove") != 0))
    self->func (event, port, self->user_data);
}

static gboolean
readable_cb (int          fd,
             GIOCondition condition,
             gpointer     user_data)
{
  Source *source = user_data;
  LodgeUsbUevents *self = source->uevents;
  struct udev_device *device;

  errno = 0;
  device = udev_monitor_receive_device (source->monitor);

  if (device != NULL)
    {
      tell (source, device);
      udev_device_unref (device);
    }
  else if (errno == ENOBUFS || (condition & (G_IO_ERR | G_IO_HUP | G_IO_NVAL)))
    {
      /* ENOBUFS may have been taken away with the error by whoever looked first. */
      if (condition & (G_IO_HUP | G_IO_NVAL))
        source->source_id = 0;
      self->func (LODGE_USB_UEVENT_LOST, NULL, self->user_data);
    }

  return condition & (G_IO_HUP | G_IO_NVAL) ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

/* Where "/usb" is looked for, in bytes: behind six bridges of a dock it is at the 90th. */
#define MOST_BEFORE_BUS 250

/* Has the kernel drop messages that are not about what is on a USB bus: their path, which stands at the
 * beginning, has the bus in it, "add@/devices/pci0000:00/0000:00:14.0/usb3/3-1". Looking beyond the end of
 * a message drops it as well.
 */
gboolean
_lodge_usb_uevents_filter (int fd)
{
  struct sock_filter code[MOST_BEFORE_BUS * 3 + 1];
  struct sock_fprog program = { .filter = code };

  for (guint at = 0; at < MOST_BEFORE_BUS; at++)
    {
      code[program.len++] = (struct sock_filter)BPF_STMT (BPF_LD | BPF_W | BPF_ABS, at);
      code[program.len++] = (struct sock_filter)BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K,
                                                          '/' << 24 | 'u' << 16 | 's' << 8 | 'b', 0, 1);
      code[program.len++] = (struct sock_filter)BPF_STMT (BPF_RET | BPF_K, G_MAXUINT32);
    }
  code[program.len++] = (struct sock_filter)BPF_STMT (BPF_RET | BPF_K, 0);

  return setsockopt (fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0;
}

static gboolean
source_open (Source      *source,
             const char  *name,
             GError     **error)
{
  int result;

  source->monitor = udev_monitor_new_from_netlink (source->uevents->udev, name);

  if (source->monitor == NULL)
    {
      g_set_error (error, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED,
                   "udev_monitor_new_from_netlink: %s", g_strerror (errno));
      return FALSE;
    }

  udev_monitor_filter_add_match_subsystem_devtype (source->monitor, "usb", NULL);
  udev_monitor_set_receive_buffer_size (source->monitor, BUFFER_SIZE);
  result = udev_monitor_enable_receiving (source->monitor);

  if (result < 0)
    {
      g_clear_pointer (&source->monitor, udev_monitor_unref);
      g_set_error (error, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED,
                   "udev_monitor_enable_receiving: %s", g_strerror (-result));
      return FALSE;
    }

  /* What udev tells is filtered by its library. */
  if (source == &source->uevents->kernel)
    _lodge_usb_uevents_filter (udev_monitor_get_fd (source->monitor));
  source->source_id = g_unix_fd_add (udev_monitor_get_fd (source->monitor), G_IO_IN | G_IO_ERR,
                                     readable_cb, source);

  return TRUE;
}

static void
source_close (Source *source)
{
  g_clear_handle_id (&source->source_id, g_source_remove);
  g_clear_pointer (&source->monitor, udev_monitor_unref);
}

static void watch_nodes (LodgeUsbUevents *self);

static void
nodes_changed_cb (LodgeUsbUevents   *self,
                  GFile             *file,
                  GFile             *other,
                  GFileMonitorEvent  event)
{
  if (event != G_FILE_MONITOR_EVENT_CREATED && event != G_FILE_MONITOR_EVENT_DELETED)
    return;

  /* A controller may have come. */
  watch_nodes (self);
  self->func (LODGE_USB_UEVENT_LOST, NULL, self->user_data);
}

static void
watch_folder (LodgeUsbUevents *self,
              const char      *path)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  GFileMonitor *monitor;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      g_hash_table_remove (self->watched, path);
      return;
    }

  if (g_hash_table_contains (self->watched, path))
    return;

  monitor = g_file_monitor_directory (file, G_FILE_MONITOR_NONE, NULL, NULL);
  if (monitor == NULL)
    return;

  g_file_monitor_set_rate_limit (monitor, 0);
  g_signal_connect_swapped (monitor, "changed", G_CALLBACK (nodes_changed_cb), self);
  g_ptr_array_add (self->folders, monitor);
  g_hash_table_add (self->watched, g_strdup (path));
}

/* What is in memory of the kernel answers at once, so that this need not be done elsewhere. */
static void
watch_nodes (LodgeUsbUevents *self)
{
  g_autoptr(GDir) dir = g_dir_open (self->nodes, 0, NULL);
  const char *name;

  watch_folder (self, self->nodes);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->nodes, name, NULL);

      watch_folder (self, path);
    }
}

/* Whether it tells that something happened, but not what and not when the kernel has done with it. */
gboolean
_lodge_usb_uevents_are_coarse (LodgeUsbUevents *self)
{
  return self->folders != NULL;
}

/* For a sandbox, where @nodes is "/dev/bus/usb". Returns: (transfer full) (nullable): null if it shows no USB devices */
LodgeUsbUevents *
_lodge_usb_uevents_new_for_nodes (const char          *nodes,
                                  LodgeUsbUeventFunc   func,
                                  gpointer             user_data,
                                  GError             **error)
{
  g_autoptr(LodgeUsbUevents) self = g_new0 (LodgeUsbUevents, 1);

  self->nodes = g_strdup (nodes);
  self->func = func;
  self->user_data = user_data;
  self->folders = g_ptr_array_new_with_free_func (g_object_unref);
  self->watched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  watch_nodes (self);

  if (self->folders->len == 0)
    {
      g_set_error_literal (error, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED,
                           "no folder of USB devices");
      return NULL;
    }

  return g_steal_pointer (&self);
}

/* Whether each device settles at some time. */
gboolean
_lodge_usb_uevents_have_udev (LodgeUsbUevents *self)
{
  return self->daemon.monitor != NULL;
}

/* Returns: (transfer full) (nullable): null if the system tells nobody, as in some containers */
LodgeUsbUevents *
_lodge_usb_uevents_new (LodgeUsbUeventFunc   func,
                        gpointer             user_data,
                        GError             **error)
{
  g_autoptr(LodgeUsbUevents) self = NULL;

  if (g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS))
    return _lodge_usb_uevents_new_for_nodes (NODES, func, user_data, error);

  self = g_new0 (LodgeUsbUevents, 1);
  self->kernel.uevents = self->daemon.uevents = self;
  self->func = func;
  self->user_data = user_data;
  self->udev = udev_new ();

  if (!source_open (&self->kernel, "kernel", error))
    return NULL;

  if (g_file_test ("/run/udev/control", G_FILE_TEST_EXISTS))
    source_open (&self->daemon, "udev", NULL);

  return g_steal_pointer (&self);
}

void
_lodge_usb_uevents_free (LodgeUsbUevents *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; self->folders != NULL && i < self->folders->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->folders, i), self);
  g_clear_pointer (&self->folders, g_ptr_array_unref);
  g_clear_pointer (&self->watched, g_hash_table_unref);
  source_close (&self->kernel);
  source_close (&self->daemon);
  g_clear_pointer (&self->udev, udev_unref);
  g_clear_pointer (&self->nodes, g_free);
  g_free (self);
}
