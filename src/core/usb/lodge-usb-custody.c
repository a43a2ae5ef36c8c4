/* lodge-usb-custody.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <fcntl.h>
#include <linux/usbdevice_fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lodge-usb-custody.h"
#include "lodge-usb-device-private.h"
#include "lodge-usb-safety-private.h"
#include "lodge-usb-text.h"

/**
 * LodgeUsbCustody:
 *
 * A device that a guest gives back should be this computer's again. If it is
 * not, somebody holds it, and the user wants to know who.
 */

G_DEFINE_BOXED_TYPE (LodgeUsbCustody, lodge_usb_custody,
                     lodge_usb_custody_copy, lodge_usb_custody_free)

LodgeUsbCustody *
lodge_usb_custody_copy (const LodgeUsbCustody *self)
{
  LodgeUsbCustody *copy = g_new0 (LodgeUsbCustody, 1);

  *copy = *self;
  copy->driver = g_strdup (self->driver);
  copy->program = g_strdup (self->program);

  return copy;
}

void
lodge_usb_custody_free (LodgeUsbCustody *self)
{
  if (self == NULL)
    return;

  g_free (self->driver);
  g_free (self->program);
  g_free (self);
}

static gboolean
has_open (const char *proc,
          const char *process,
          const char *node)
{
  g_autofree char *folder = g_build_filename (proc, process, "fd", NULL);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *target = g_file_read_link (path, NULL);

      if (g_strcmp0 (target, node) == 0)
        return TRUE;
    }

  return FALSE;
}

/* Users see their own programs only. */
static void
find_program (LodgeUsbCustody *self,
              const char      *proc,
              const char      *node)
{
  g_autoptr(GDir) dir = proc != NULL ? g_dir_open (proc, 0, NULL) : NULL;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = NULL;
      g_autofree char *words = NULL;
      guint64 pid;

      if (!g_ascii_string_to_unsigned (name, 10, 1, G_MAXINT, &pid, NULL) ||
          pid == (guint64)getpid () || !has_open (proc, name, node))
        continue;

      path = g_build_filename (proc, name, "comm", NULL);
      if (g_file_get_contents (path, &words, NULL, NULL))
        self->program = lodge_usb_text_dup_shown (words);
      self->pid = pid;
      return;
    }
}

/* Who gives an interface back in good order sees to that by itself; who was killed leaves it to nobody. */
static void
offer_to_drivers (const LodgeUsbFacts *facts)
{
  int fd = open (facts->node, O_RDWR | O_CLOEXEC);

  for (guint i = 0; fd >= 0 && i < facts->interfaces->len; i++)
    {
      const LodgeUsbInterface *interface = g_ptr_array_index (facts->interfaces, i);
      struct usbdevfs_ioctl offer = { .ifno = interface->number, .ioctl_code = USBDEVFS_CONNECT };

      if (interface->driver == NULL)
        ioctl (fd, USBDEVFS_IOCTL, &offer);
    }

  if (fd >= 0)
    close (fd);
}

static gpointer
check_work (gpointer       source_object,
            gpointer       task_data,
            GCancellable  *cancellable,
            GError       **error)
{
  const LodgeUsbSources *sources = _lodge_usb_safety_get_sources ();
  const char *port = lodge_usb_device_get_port (source_object);
  g_autoptr(LodgeUsbFacts) facts = lodge_usb_read_device (sources->sysfs, port, error);
  g_autofree char *driver = NULL;
  LodgeUsbCustody *self;
  gboolean is_held, had_driver = GPOINTER_TO_INT (task_data);

  if (facts == NULL)
    return NULL;

  driver = lodge_usb_facts_dup_holder (facts, &is_held);
  if (driver == NULL && !is_held && sources->open_nodes)
    {
      offer_to_drivers (facts);
      g_clear_pointer (&facts, lodge_usb_facts_free);
      if ((facts = lodge_usb_read_device (sources->sysfs, port, error)) == NULL)
        return NULL;
    }

  self = g_new0 (LodgeUsbCustody, 1);
  self->driver = lodge_usb_facts_dup_holder (facts, &self->is_held);
  self->is_back = !self->is_held && (self->driver != NULL || !had_driver);

  if (!self->is_back)
    find_program (self, sources->proc, facts->node);

  return self;
}

/**
 * lodge_usb_custody_check_async:
 * @device: a device
 * @cancellable: (nullable): a cancellable
 * @callback: called on the main thread
 * @user_data: data for @callback
 *
 * Finds out who has @device. Drivers take a device up within some 100 ms of
 * its release, which #LodgeUsbDevice:holder tells; this is for when they do not.
 * What nobody has is offered to them once more, if its node may be opened.
 */
void
lodge_usb_custody_check_async (LodgeUsbDevice      *device,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (LODGE_IS_USB_DEVICE (device));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (device, cancellable, callback, user_data);
  g_task_set_source_tag (task, lodge_usb_custody_check_async);
  g_task_set_task_data (task, GINT_TO_POINTER (_lodge_usb_device_had_driver (device)), NULL);
  lodge_worker_run (_lodge_usb_safety_get_worker (), task, check_work,
                    (GDestroyNotify)lodge_usb_custody_free);
}

/* Returns: (transfer full) (nullable): null with %LODGE_ERROR_GONE if it is not there any more */
LodgeUsbCustody *
lodge_usb_custody_check_finish (LodgeUsbDevice  *device,
                                GAsyncResult    *result,
                                GError         **error)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (device), NULL);
  g_return_val_if_fail (g_task_is_valid (result, device), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
