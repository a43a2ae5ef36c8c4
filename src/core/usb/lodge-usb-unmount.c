/* lodge-usb-unmount.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <sys/mount.h>
#include <unistd.h>

#include "lodge-error.h"
#include "lodge-usb-safety-private.h"

/*
 * Unmounts all that is mounted of a device, the last first, and locks what
 * was unlocked. UDisks may do it for a user who may not do it himself; where
 * it does not run, the system's own call does it for root and umount(8) for
 * others, if fstab lets them.
 */

#define UDISKS            "org.freedesktop.UDisks2"
#define UDISKS_PATH       "/org/freedesktop/UDisks2/Manager"
#define UDISKS_MANAGER    UDISKS ".Manager"
#define UDISKS_FILESYSTEM UDISKS ".Filesystem"
#define UDISKS_ENCRYPTED  UDISKS ".Encrypted"
#define UDISKS_ERROR      UDISKS ".Error."

typedef struct
{
  char            **guest_discs;
  char            **points;      /* what is still mounted, in the order in which to unmount */
  char            **sources;     /* of these */
  char            **locked;      /* nodes that something was made of, "/dev/sdb1" */
  guint             at;
  guint             at_locked;
  LodgeUsbSafety   *safety;      /* as it was before */
  GDBusConnection  *bus;
} Unmounting;

static void unmount_next (GTask *task);
static void lock_next    (GTask *task);

static void
unmounting_free (gpointer data)
{
  Unmounting *unmounting = data;

  g_strfreev (unmounting->guest_discs);
  g_strfreev (unmounting->points);
  g_strfreev (unmounting->sources);
  g_strfreev (unmounting->locked);
  lodge_usb_safety_free (unmounting->safety);
  g_clear_object (&unmounting->bus);
  g_free (unmounting);
}

static void
checked_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  LodgeUsbSafety *safety;

  safety = lodge_usb_safety_check_finish (LODGE_USB_DEVICE (object), result, &error);

  if (safety != NULL)
    g_task_return_pointer (task, safety, (GDestroyNotify)lodge_usb_safety_free);
  else
    g_task_return_error (task, error);
}

static void
check_again (GTask *task)
{
  Unmounting *unmounting = g_task_get_task_data (task);

  lodge_usb_safety_check_async (g_task_get_source_object (task),
                                (const char * const *)unmounting->guest_discs,
                                g_task_get_cancellable (task), checked_cb, g_object_ref (task));
}

static gboolean
unmount_as_root (const char  *point,
                 GError     **error)
{
  int code;

  if (umount2 (point, UMOUNT_NOFOLLOW) == 0)
    return TRUE;

  code = errno;
  if (code == EINVAL || code == ENOENT) /* somebody was faster */
    return TRUE;

  g_set_error (error, LODGE_ERROR, LODGE_ERROR_DEVICE_IN_USE, "umount %s: %s", point, g_strerror (code));

  return FALSE;
}

static gboolean
unmount_as_user (const char  *point,
                 GError     **error)
{
  const char *argv[] = { "umount", "--", point, NULL };
  g_autofree char *words = NULL;
  int status;

  if (!g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL,
                     NULL, NULL, NULL, &words, &status, error))
    return FALSE;

  if (g_spawn_check_wait_status (status, NULL))
    return TRUE;

  g_set_error (error, LODGE_ERROR, LODGE_ERROR_DEVICE_IN_USE, "%s", g_strchomp (words));

  return FALSE;
}

static gpointer
unmount_work (gpointer       source_object,
              gpointer       task_data,
              GCancellable  *cancellable,
              GError       **error)
{
  char **points = task_data;

  for (guint i = 0; points[i] != NULL; i++)
    {
      if (!(geteuid () == 0 ? unmount_as_root (points[i], error)
                            : unmount_as_user (points[i], error)))
        return NULL;
    }

  return GINT_TO_POINTER (TRUE);
}

static void
unmounted_here_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    g_task_return_error (task, error);
  else
    check_again (task);
}

static void
unmount_here (GTask *task)
{
  Unmounting *unmounting = g_task_get_task_data (task);
  g_autoptr(GTask) work = g_task_new (g_task_get_source_object (task),
                                      g_task_get_cancellable (task),
                                      unmounted_here_cb, g_object_ref (task));

  g_task_set_source_tag (work, unmount_here);
  g_task_set_task_data (work, g_strdupv (unmounting->points + unmounting->at),
                        (GDestroyNotify)g_strfreev);
  lodge_worker_run (_lodge_usb_safety_get_worker (), work, unmount_work, NULL);
}

/* Makes UDisks' errors ours: busy, not authorized or else, the computer goes on using it. */
static GError *
translate (GError *error)
{
  GError *translated;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return error;

  g_dbus_error_strip_remote_error (error);
  translated = g_error_new_literal (LODGE_ERROR, LODGE_ERROR_DEVICE_IN_USE, error->message);
  g_error_free (error);

  return translated;
}

/* @path: (out) (transfer full): the object of the node that was asked for, NULL if UDisks has none */
static gboolean
finish_resolve (GObject       *object,
                GAsyncResult  *result,
                char         **path,
                GError       **error)
{
  g_autoptr(GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result,
                                                             error);
  g_autoptr(GVariantIter) iter = NULL;

  *path = NULL;
  if (reply == NULL)
    return FALSE;

  g_variant_get (reply, "(ao)", &iter);
  g_variant_iter_next (iter, "o", path);

  return TRUE;
}

static void
resolve (GTask               *task,
         const char          *node,
         GAsyncReadyCallback  callback)
{
  Unmounting *unmounting = g_task_get_task_data (task);

  g_dbus_connection_call (unmounting->bus, UDISKS, UDISKS_PATH, UDISKS_MANAGER, "ResolveDevice",
                          g_variant_new_parsed ("({'path': <%s>}, @a{sv} {})", node),
                          G_VARIANT_TYPE ("(ao)"), G_DBUS_CALL_FLAGS_NONE, -1,
                          g_task_get_cancellable (task), callback, g_object_ref (task));
}

/* What is written to a slow stick may take minutes, and so may a user who is asked for a password. */
static void
call (GTask               *task,
      const char          *path,
      const char          *interface,
      const char          *method,
      GAsyncReadyCallback  callback)
{
  Unmounting *unmounting = g_task_get_task_data (task);

  g_dbus_connection_call (unmounting->bus, UDISKS, path, interface, method,
                          g_variant_new_parsed ("(@a{sv} {},)"), NULL,
                          G_DBUS_CALL_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION, G_MAXINT,
                          g_task_get_cancellable (task), callback, g_object_ref (task));
}

/* What cannot be locked, as what was not encrypted, is found by the last look. */
static void
locked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result,
                                                             NULL);

  lock_next (task);
}

static void
resolved_locked_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autofree char *path = NULL;

  if (finish_resolve (object, result, &path, NULL) && path != NULL)
    call (task, path, UDISKS_ENCRYPTED, "Lock", locked_cb);
  else
    lock_next (task);
}

static void
lock_next (GTask *task)
{
  Unmounting *unmounting = g_task_get_task_data (task);

  if (unmounting->locked[unmounting->at_locked] == NULL)
    check_again (task);
  else
    resolve (task, unmounting->locked[unmounting->at_locked++], resolved_locked_cb);
}

static void
unmounted_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Unmounting *unmounting = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result,
                                                             &error);
  g_autofree char *name = error != NULL ? g_dbus_error_get_remote_error (error) : NULL;

  /* Somebody was faster. */
  if (g_strcmp0 (name, UDISKS_ERROR "NotMounted") == 0)
    g_clear_error (&error);

  if (error != NULL)
    {
      g_task_return_error (task, translate (error));
      return;
    }

  unmounting->at++;
  unmount_next (task);
}

static void
resolved_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;

  if (finish_resolve (object, result, &path, &error) && path != NULL)
    call (task, path, UDISKS_FILESYSTEM, "Unmount", unmounted_cb);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    unmount_here (task);
}

static void
unmount_next (GTask *task)
{
  Unmounting *unmounting = g_task_get_task_data (task);

  if (unmounting->points[unmounting->at] == NULL)
    lock_next (task);
  else if (!g_utf8_validate (unmounting->sources[unmounting->at], -1, NULL))
    unmount_here (task);
  else
    resolve (task, unmounting->sources[unmounting->at], resolved_cb);
}

static void
bus_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Unmounting *unmounting = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  unmounting->bus = g_bus_get_finish (result, &error);

  if (unmounting->bus != NULL)
    unmount_next (task);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    unmount_here (task);
}

static gpointer
look_work (gpointer       source_object,
           gpointer       task_data,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr(LodgeUsbBlocks) blocks =
    _lodge_usb_blocks_new (_lodge_usb_safety_get_sources (),
                           lodge_usb_device_get_sysfs_path (source_object));
  g_autoptr(GStrvBuilder) points = g_strv_builder_new ();
  g_autoptr(GStrvBuilder) sources = g_strv_builder_new ();
  g_autoptr(GStrvBuilder) locked = g_strv_builder_new ();
  Unmounting *unmounting = g_new0 (Unmounting, 1);

  for (guint i = blocks->mounts->len; i > 0; i--)
    {
      const LodgeUsbMount *mount = g_ptr_array_index (blocks->mounts, i - 1);

      if (!mount->is_ours)
        continue;

      g_strv_builder_add (points, mount->point);
      g_strv_builder_add (sources, mount->source);
    }

  for (guint i = 0; i < blocks->blocks->len; i++)
    {
      const LodgeUsbBlock *block = g_ptr_array_index (blocks->blocks, i);
      g_autofree char *node = g_build_filename ("/dev", block->name, NULL);

      if (block->has_holders && !block->is_stacked)
        g_strv_builder_add (locked, node);
    }

  unmounting->guest_discs = g_strdupv (task_data);
  unmounting->points = g_strv_builder_end (points);
  unmounting->sources = g_strv_builder_end (sources);
  unmounting->locked = g_strv_builder_end (locked);
  unmounting->safety = _lodge_usb_safety_inspect (blocks, task_data);

  return unmounting;
}

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  Unmounting *unmounting = g_task_propagate_pointer (G_TASK (result), &error);

  if (unmounting == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_task_set_task_data (task, unmounting, unmounting_free);

  if (unmounting->safety->verdict == LODGE_USB_SAFETY_MOUNTED ||
      unmounting->safety->verdict == LODGE_USB_SAFETY_BUSY)
    g_bus_get (G_BUS_TYPE_SYSTEM, g_task_get_cancellable (task), bus_cb, g_object_ref (task));
  else
    g_task_return_pointer (task, g_steal_pointer (&unmounting->safety),
                           (GDestroyNotify)lodge_usb_safety_free);
}

/**
 * lodge_usb_safety_unmount_async:
 * @device: a device
 * @guest_discs: (nullable): paths of the discs of this computer's guests, running or not
 * @cancellable: (nullable): a cancellable
 * @callback: called on the main thread
 * @user_data: data for @callback
 *
 * Unmounts what is mounted of @device, once the user has agreed. Does nothing
 * if the computer's system or a guest's disc is on it. May take minutes and
 * may ask the user for a password.
 */
void
lodge_usb_safety_unmount_async (LodgeUsbDevice      *device,
                                const char * const  *guest_discs,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GTask) look = NULL;

  g_return_if_fail (LODGE_IS_USB_DEVICE (device));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (device, cancellable, callback, user_data);
  g_task_set_source_tag (task, lodge_usb_safety_unmount_async);

  look = g_task_new (device, cancellable, looked_cb, g_steal_pointer (&task));
  g_task_set_source_tag (look, looked_cb);
  g_task_set_task_data (look, g_strdupv ((char **)guest_discs), (GDestroyNotify)g_strfreev);
  lodge_worker_run (_lodge_usb_safety_get_worker (), look, look_work, unmounting_free);
}

/**
 * lodge_usb_safety_unmount_finish:
 * @device: a device
 * @result: a result
 * @error: %LODGE_ERROR_DEVICE_IN_USE if it stays mounted: a program has files open there, or the user
 *   may not unmount it, as the message tells
 *
 * Returns: (transfer full) (nullable): how it is now; the device may be given away if its verdict
 *   is %LODGE_USB_SAFETY_FREE
 */
LodgeUsbSafety *
lodge_usb_safety_unmount_finish (LodgeUsbDevice  *device,
                                 GAsyncResult    *result,
                                 GError         **error)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (device), NULL);
  g_return_val_if_fail (g_task_is_valid (result, device), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
