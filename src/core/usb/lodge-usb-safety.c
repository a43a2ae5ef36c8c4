/* lodge-usb-safety.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lodge-usb-device-private.h"
#include "lodge-usb-safety-private.h"

/**
 * LodgeUsbSafety:
 *
 * Whether a device can be taken from this computer without taking something
 * away from under its feet. It is true for the moment in which it was found
 * out, so it is to be asked for before each gift.
 */

G_DEFINE_BOXED_TYPE (LodgeUsbSafety, lodge_usb_safety, lodge_usb_safety_copy, lodge_usb_safety_free)

/* How long the kernel may take to find the discs of what was just plugged in (usb-storage's delay_use is
 * a second), and how often that is looked at; µs.
 */
#define MOST_SCAN     (3 * G_USEC_PER_SEC)
#define SCAN_INTERVAL (G_USEC_PER_SEC / 20)

/* Without these the computer does not go on, or not as itself. */
static const char * const system_points[] = {
  "/", "/boot", "/efi", "/etc", "/home", "/nix", "/opt", "/ostree", "/root", "/srv", "/sysroot",
  "/tmp", "/usr", "/var", "/var/cache", "/var/home", "/var/lib", "/var/log", "/var/tmp",
  /* what systems that run from a stick have started from */
  "/cdrom", "/isodevice", "/lib/live/mount/medium", "/run/archiso/bootmnt",
  "/run/initramfs/live", "/run/live/medium", "/run/overlay/live",
  NULL
};

LodgeUsbSafety *
lodge_usb_safety_copy (const LodgeUsbSafety *self)
{
  LodgeUsbSafety *copy = g_new0 (LodgeUsbSafety, 1);

  copy->verdict = self->verdict;
  copy->mount_points = g_strdupv (self->mount_points);
  copy->detail = g_strdup (self->detail);

  return copy;
}

void
lodge_usb_safety_free (LodgeUsbSafety *self)
{
  if (self == NULL)
    return;

  g_strfreev (self->mount_points);
  g_free (self->detail);
  g_free (self);
}

static gboolean
is_on_device (const LodgeUsbBlocks *blocks,
              const char           *path)
{
  const LodgeUsbMount *mount = _lodge_usb_blocks_find_mount (blocks, path);

  return mount != NULL && mount->is_ours;
}

/* A system that runs from a stick has its root on top of an image there. */
static char *
find_lower_root (const LodgeUsbBlocks *blocks)
{
  const LodgeUsbMount *root = _lodge_usb_blocks_find_mount (blocks, "/");
  g_auto(GStrv) options = NULL;

  if (root == NULL || !g_str_equal (root->type, "overlay"))
    return NULL;

  options = g_strsplit (root->options, ",", -1);
  for (guint i = 0; options[i] != NULL; i++)
    {
      g_auto(GStrv) lower = NULL;

      if (!g_str_has_prefix (options[i], "lowerdir="))
        continue;

      lower = g_strsplit (options[i] + strlen ("lowerdir="), ":", -1);
      for (guint k = 0; lower[k] != NULL; k++)
        {
          if (*lower[k] == '/' && is_on_device (blocks, lower[k]))
            return g_strdup ("/");
        }
    }

  return NULL;
}

/* Returns: (nullable) (transfer full): what of the system is on the device */
static char *
find_system (const LodgeUsbBlocks *blocks)
{
  const char *home = blocks->sources->home;

  for (guint i = 0; i < blocks->mounts->len; i++)
    {
      const LodgeUsbMount *mount = g_ptr_array_index (blocks->mounts, i);

      if (mount->is_ours && (g_strv_contains (system_points, mount->point) ||
                             g_str_has_prefix (mount->point, "/boot/")))
        return g_strdup (mount->point);
    }

  if (home != NULL && is_on_device (blocks, home))
    return g_strdup (home);

  return find_lower_root (blocks);
}

/* proc(5): a line of headings, then "name type size used priority" */
static gboolean
has_swap (const LodgeUsbBlocks *blocks)
{
  g_autofree char *contents = NULL;
  g_auto(GStrv) lines = NULL;

  if (!g_file_get_contents (blocks->sources->swaps, &contents, NULL, NULL))
    return FALSE;

  lines = g_strsplit (contents, "\n", -1);
  for (guint i = 1; lines[0] != NULL && lines[i] != NULL; i++)
    {
      g_autofree char *name = g_strndup (lines[i], strcspn (lines[i], " \t"));
      g_autofree char *path = _lodge_usb_blocks_decode (name);

      if (*path == '/' && (_lodge_usb_blocks_find (blocks, path) != NULL ||
                           (!g_str_has_prefix (path, "/dev/") && is_on_device (blocks, path))))
        return TRUE;
    }

  return FALSE;
}

static const char *
find_guest_disc (const LodgeUsbBlocks *blocks,
                 const char * const   *guest_discs)
{
  for (guint i = 0; guest_discs != NULL && guest_discs[i] != NULL; i++)
    {
      const char *path = guest_discs[i];

      if (*path == '/' && (_lodge_usb_blocks_find (blocks, path) != NULL ||
                           (!g_str_has_prefix (path, "/dev/") && is_on_device (blocks, path))))
        return path;
    }

  return NULL;
}

/* Who mounts a block device, or builds on it, has it for itself; so has ZFS, and a mount in another
 * namespace, which cannot be seen from here. Where the node may not be opened, that stays unseen.
 */
static gboolean
is_taken (const char *node)
{
  int fd = open (node, O_RDONLY | O_EXCL | O_NONBLOCK | O_CLOEXEC);

  if (fd >= 0)
    close (fd);

  return fd < 0 && errno == EBUSY;
}

static char *
find_user (const LodgeUsbBlocks *blocks)
{
  for (guint i = 0; i < blocks->blocks->len; i++)
    {
      const LodgeUsbBlock *block = g_ptr_array_index (blocks->blocks, i);
      g_autofree char *node = g_strdup_printf ("/dev/%s%s", block->label != NULL ? "mapper/" : "",
                                               block->label != NULL ? block->label : block->name);

      /* What is made of it says more than that something is. */
      if (block->is_stacked ||
          (blocks->sources->open_nodes && !block->has_holders && is_taken (node)))
        return g_steal_pointer (&node);
    }

  return NULL;
}

static char **
list_mount_points (const LodgeUsbBlocks *blocks)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < blocks->mounts->len; i++)
    {
      const LodgeUsbMount *mount = g_ptr_array_index (blocks->mounts, i);

      if (mount->is_ours)
        g_strv_builder_add (builder, mount->point);
    }

  return g_strv_builder_end (builder);
}

/* Returns: (transfer full): the verdict; blocking */
LodgeUsbSafety *
_lodge_usb_safety_inspect (const LodgeUsbBlocks *blocks,
                           const char * const   *guest_discs)
{
  LodgeUsbSafety *self = g_new0 (LodgeUsbSafety, 1);
  const char *disc = find_guest_disc (blocks, guest_discs);

  self->mount_points = list_mount_points (blocks);
  self->detail = blocks->blocks->len > 0 ? find_system (blocks) : NULL;

  if (self->detail != NULL)
    self->verdict = LODGE_USB_SAFETY_SYSTEM;
  else if (blocks->blocks->len > 0 && has_swap (blocks))
    {
      self->verdict = LODGE_USB_SAFETY_SYSTEM;
      self->detail = g_strdup ("swap");
    }
  else if (disc != NULL)
    {
      self->verdict = LODGE_USB_SAFETY_GUEST_DISC;
      self->detail = g_strdup (disc);
    }
  else if (self->mount_points[0] != NULL)
    self->verdict = LODGE_USB_SAFETY_MOUNTED;
  else if ((self->detail = find_user (blocks)) != NULL)
    self->verdict = LODGE_USB_SAFETY_BUSY;

  return self;
}

static const LodgeUsbSources *sources_in_use;

/* Reads from elsewhere than from this computer, for tests. @sources is borrowed for good. */
void
_lodge_usb_safety_use_sources (const LodgeUsbSources *sources)
{
  g_atomic_pointer_set (&sources_in_use, sources);
}

const LodgeUsbSources *
_lodge_usb_safety_get_sources (void)
{
  static LodgeUsbSources sources;
  static gsize is_set;

  if (g_atomic_pointer_get (&sources_in_use) != NULL)
    return g_atomic_pointer_get (&sources_in_use);

  if (g_once_init_enter (&is_set))
    {
      sources.sysfs = "/sys";
      sources.mountinfo = "/proc/self/mountinfo";
      sources.swaps = "/proc/swaps";
      sources.home = g_get_home_dir ();
      sources.proc = "/proc";
      sources.open_nodes = TRUE;
      g_once_init_leave (&is_set, 1);
    }

  return &sources;
}

/* A disc that does not answer holds up its own reader, not the list of devices. */
LodgeWorker *
_lodge_usb_safety_get_worker (void)
{
  static LodgeWorker *worker;

  if (worker == NULL)
    worker = lodge_worker_new (4);

  return worker;
}

typedef struct
{
  char     **guest_discs;
  gboolean   may_have_discs;
} Check;

static void
check_free (gpointer data)
{
  Check *check = data;

  g_strfreev (check->guest_discs);
  g_free (check);
}

/* The kernel looks for discs a second after a stick was plugged in. Until then a guest's disc that is
 * named by its node, and of which there is none, may be what it finds.
 */
static gboolean
is_a_disc_awaited (const Check *check)
{
  for (guint i = 0; check->may_have_discs && check->guest_discs != NULL &&
       check->guest_discs[i] != NULL; i++)
    {
      const char *path = check->guest_discs[i];

      if (g_str_has_prefix (path, "/dev/") && !g_file_test (path, G_FILE_TEST_EXISTS))
        return TRUE;
    }

  return FALSE;
}

static gpointer
check_work (gpointer       source_object,
            gpointer       task_data,
            GCancellable  *cancellable,
            GError       **error)
{
  const char *path = lodge_usb_device_get_sysfs_path (source_object);
  gint64 deadline = g_get_monotonic_time () + MOST_SCAN;

  while (TRUE)
    {
      g_autoptr(LodgeUsbBlocks) blocks = _lodge_usb_blocks_new (_lodge_usb_safety_get_sources (), path);

      if (blocks->blocks->len > 0 || !is_a_disc_awaited (task_data) ||
          g_cancellable_is_cancelled (cancellable) || g_get_monotonic_time () > deadline)
        return _lodge_usb_safety_inspect (blocks, (const char * const *)((Check *)task_data)->guest_discs);

      g_usleep (SCAN_INTERVAL);
    }
}

/**
 * lodge_usb_safety_check_async:
 * @device: a device
 * @guest_discs: (nullable): paths of the discs of this computer's guests, running or not
 * @cancellable: (nullable): a cancellable
 * @callback: called on the main thread
 * @user_data: data for @callback
 *
 * Finds out what of this computer is on @device. It opens the device's block
 * nodes for a moment if it may. While a disc of a guest is not to be found
 * anywhere, it waits for the kernel to look for discs on @device.
 */
void
lodge_usb_safety_check_async (LodgeUsbDevice      *device,
                              const char * const  *guest_discs,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Check *check;

  g_return_if_fail (LODGE_IS_USB_DEVICE (device));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (device, cancellable, callback, user_data);
  g_task_set_source_tag (task, lodge_usb_safety_check_async);
  check = g_new0 (Check, 1);
  check->guest_discs = g_strdupv ((char **)guest_discs);
  check->may_have_discs = _lodge_usb_device_may_have_discs (device);
  g_task_set_task_data (task, check, check_free);
  lodge_worker_run (_lodge_usb_safety_get_worker (), task, check_work,
                    (GDestroyNotify)lodge_usb_safety_free);
}

/* Returns: (transfer full) (nullable) */
LodgeUsbSafety *
lodge_usb_safety_check_finish (LodgeUsbDevice  *device,
                               GAsyncResult    *result,
                               GError         **error)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (device), NULL);
  g_return_val_if_fail (g_task_is_valid (result, device), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
