/* lodge-usb-broker-custody.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <glib-unix.h>

#include "lodge-usb-broker-private.h"

/* What the broker does about devices that are this computer's again, and are not taken up by it. */

/* Drivers take some 100 ms. */
#define TAKE_UP_MS 2000

static gboolean
is_taken_up (LodgeUsbPlug *plug)
{
  LodgeUsbDevice *device = plug->device;

  if (plug->holding != NULL || plug->is_busy || !lodge_usb_device_is_present (device))
    return TRUE;

  return !lodge_usb_device_is_held_by_program (device) &&
         (!plug->was_released || lodge_usb_device_get_holder (device) != NULL);
}

typedef struct
{
  LodgeUsbPlug *plug;
  int           fd;
} Watch;

static void
watch_free (gpointer data)
{
  Watch *watch = data;

  close (watch->fd);
  g_free (watch);
}

static gboolean
program_ended_cb (int          fd,
                  GIOCondition condition,
                  gpointer     user_data)
{
  Watch *watch = user_data;

  watch->plug->holder_id = 0;
  _lodge_usb_broker_find_custody (watch->plug);

  return G_SOURCE_REMOVE;
}

/* Another one may have opened the device as well, so that its end is no news of the device for the kernel. */
static void
watch_program (LodgeUsbPlug *plug)
{
  int fd = syscall (SYS_pidfd_open, plug->custody->pid, 0);
  Watch *watch;

  if (fd < 0)
    return;

  watch = g_new0 (Watch, 1);
  watch->plug = plug;
  watch->fd = fd;
  plug->holder_id = g_unix_fd_add_full (G_PRIORITY_DEFAULT, fd, G_IO_IN, program_ended_cb, watch, watch_free);
}

static void
checked_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(LodgeUsbPlug) plug = user_data;
  g_autoptr(LodgeUsbCustody) custody =
    lodge_usb_custody_check_finish (LODGE_USB_DEVICE (object), result, NULL);

  if (plug->is_busy)
    return;

  /* One for which there is no driver is as it was before. */
  plug->was_released &= custody == NULL || !custody->is_back;
  _lodge_usb_plug_set_custody (plug, custody);
  if (plug->custody != NULL && plug->custody->pid != 0)
    watch_program (plug);
}

static gboolean
time_over_cb (gpointer user_data)
{
  LodgeUsbPlug *plug = user_data;

  plug->custody_id = 0;
  lodge_usb_custody_check_async (plug->device, NULL, checked_cb, g_object_ref (plug));

  return G_SOURCE_REMOVE;
}

/* Looks at who has @plug, and if that is not who should, finds out some time later who it is. */
void
_lodge_usb_broker_look_at_custody (LodgeUsbPlug *plug)
{
  if (is_taken_up (plug))
    {
      g_clear_handle_id (&plug->custody_id, g_source_remove);
      plug->was_released &= plug->holding != NULL || plug->is_busy;
      /* A guest that did not let go is told of until it does, or until it is asked again. */
      if (plug->holding == NULL || plug->is_busy)
        _lodge_usb_plug_set_custody (plug, NULL);
    }
  else if (plug->custody_id == 0)
    {
      plug->custody_id = g_timeout_add (TAKE_UP_MS, time_over_cb, plug);
    }
}

/* A guest was to give @plug back, and did not. */
void
_lodge_usb_broker_find_custody (LodgeUsbPlug *plug)
{
  lodge_usb_custody_check_async (plug->device, NULL, checked_cb, g_object_ref (plug));
}
