/* lodge-usb-blocks.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lodge-usb-blocks-private.h"
#include "lodge-usb-facts-private.h"

/*
 * What hangs on a USB device: its discs, their partitions, what is made of
 * them (LVM, RAID, unlocked volumes, images mounted by loop), and where all
 * that is mounted.
 */

/* From a device to its "block" folder: interface, host, target, logical unit. */
#define MOST_DEPTH 8

static void
block_free (gpointer data)
{
  LodgeUsbBlock *block = data;

  g_free (block->name);
  g_free (block->label);
  g_free (block);
}

static void
mount_free (gpointer data)
{
  LodgeUsbMount *mount = data;

  g_free (mount->point);
  g_free (mount->source);
  g_free (mount->options);
  g_free (mount->type);
  g_free (mount);
}

void
_lodge_usb_blocks_free (LodgeUsbBlocks *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->blocks);
  g_ptr_array_unref (self->mounts);
  g_free (self);
}

static char *
read_line (const char *folder,
           const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *line = NULL;

  if (!g_file_get_contents (path, &line, NULL, NULL))
    return NULL;

  g_strchomp (line);

  return g_steal_pointer (&line);
}

static const LodgeUsbBlock *
find_name (const LodgeUsbBlocks *self,
           const char           *name)
{
  for (guint i = 0; i < self->blocks->len; i++)
    {
      const LodgeUsbBlock *block = g_ptr_array_index (self->blocks, i);

      if (g_str_equal (block->name, name))
        return block;
    }

  return NULL;
}

/* Adds the block device in @folder with its partitions and all that is made of them. */
static void
add_block (LodgeUsbBlocks *self,
           const char     *folder,
           gboolean        is_stacked)
{
  g_autofree char *name = g_path_get_basename (folder);
  g_autofree char *holders = g_build_filename (folder, "holders", NULL);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr(GDir) holder_dir = g_dir_open (holders, 0, NULL);
  LodgeUsbBlock *block;
  const char *child;

  if (dir == NULL || find_name (self, name) != NULL)
    return;

  block = g_new0 (LodgeUsbBlock, 1);
  block->name = g_strdup (name);
  block->label = read_line (folder, "dm/name");
  block->is_stacked = is_stacked;
  g_ptr_array_add (self->blocks, block);

  while ((child = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, child, NULL);
      g_autofree char *number = g_build_filename (path, "partition", NULL);

      if (g_file_test (number, G_FILE_TEST_EXISTS))
        add_block (self, path, is_stacked);
    }

  while (holder_dir != NULL && (child = g_dir_read_name (holder_dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->sources->sysfs, "class/block", child, NULL);

      block->has_holders = TRUE;
      add_block (self, path, TRUE);
    }
}

/* Looks for folders named "block". What is plugged into a hub is not the hub's. */
static void
find_blocks (LodgeUsbBlocks *self,
             const char     *folder,
             guint           depth)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_SYMLINK) || !g_file_test (path, G_FILE_TEST_IS_DIR) ||
          lodge_usb_is_port (name))
        continue;

      if (g_str_equal (name, "block"))
        {
          g_autoptr(GDir) discs = g_dir_open (path, 0, NULL);
          const char *disc;

          while (discs != NULL && (disc = g_dir_read_name (discs)) != NULL)
            {
              g_autofree char *disc_path = g_build_filename (path, disc, NULL);

              add_block (self, disc_path, FALSE);
            }
        }
      else if (depth < MOST_DEPTH)
        {
          find_blocks (self, path, depth + 1);
        }
    }
}

/* In mountinfo and swaps, blanks, tabs, line feeds and backslashes are written in octal. */
char *
_lodge_usb_blocks_decode (const char *text)
{
  g_autoptr(GString) decoded = g_string_new (NULL);

  for (const char *at = text; *at != '\0'; at++)
    {
      if (at[0] == '\\' && at[1] >= '0' && at[1] <= '3' && at[2] >= '0' && at[2] <= '7' &&
          at[3] >= '0' && at[3] <= '7')
        {
          g_string_append_c (decoded, (at[1] - '0') * 64 + (at[2] - '0') * 8 + (at[3] - '0'));
          at += 3;
        }
      else
        {
          g_string_append_c (decoded, *at);
        }
    }

  return g_string_free (g_steal_pointer (&decoded), FALSE);
}

/* proc(5): "36 35 98:0 /root /point options [fields] - type source options" */
static LodgeUsbMount *
parse_mount (const char *line)
{
  g_auto(GStrv) words = g_strsplit (line, " ", -1);
  guint n = g_strv_length (words), dash = 6;
  LodgeUsbMount *mount;
  guint major, minor;

  while (dash < n && !g_str_equal (words[dash], "-"))
    dash++;

  if (dash + 3 >= n || sscanf (words[2], "%u:%u", &major, &minor) != 2)
    return NULL;

  mount = g_new0 (LodgeUsbMount, 1);
  mount->major = major;
  mount->minor = minor;
  mount->point = _lodge_usb_blocks_decode (words[4]);
  mount->type = g_strdup (words[dash + 1]);
  mount->source = _lodge_usb_blocks_decode (words[dash + 2]);
  mount->options = _lodge_usb_blocks_decode (words[dash + 3]);

  return mount;
}

static void
read_mounts (LodgeUsbBlocks *self)
{
  g_autofree char *contents = NULL;
  g_auto(GStrv) lines = NULL;

  if (!g_file_get_contents (self->sources->mountinfo, &contents, NULL, NULL))
    return;

  lines = g_strsplit (contents, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      LodgeUsbMount *mount = parse_mount (lines[i]);

      if (mount != NULL)
        g_ptr_array_add (self->mounts, mount);
    }
}

/* Returns: (nullable) (transfer none): the block that has the number of @mount */
static const LodgeUsbBlock *
find_number (const LodgeUsbBlocks *self,
             const LodgeUsbMount  *mount)
{
  g_autofree char *wanted = g_strdup_printf ("%u:%u", mount->major, mount->minor);

  for (guint i = 0; i < self->blocks->len; i++)
    {
      const LodgeUsbBlock *block = g_ptr_array_index (self->blocks, i);
      g_autofree char *folder = g_build_filename (self->sources->sysfs, "class/block",
                                                  block->name, NULL);
      g_autofree char *number = read_line (folder, "dev");

      if (g_strcmp0 (number, wanted) == 0)
        return block;
    }

  return NULL;
}

/* Whether @source and one of the blocks belong to the same btrfs, which names one of its discs only. */
static gboolean
shares_btrfs (const LodgeUsbBlocks *self,
              const char           *source)
{
  g_autofree char *top = g_build_filename (self->sources->sysfs, "fs/btrfs", NULL);
  g_autofree char *real = realpath (source, NULL);
  g_autofree char *name = g_path_get_basename (real != NULL ? real : source);
  g_autoptr(GDir) dir = g_dir_open (top, 0, NULL);
  const char *id;

  while (dir != NULL && (id = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *folder = g_build_filename (top, id, "devices", NULL);
      g_autofree char *member = g_build_filename (folder, name, NULL);

      if (!g_file_test (member, G_FILE_TEST_EXISTS))
        continue;

      for (guint i = 0; i < self->blocks->len; i++)
        {
          const LodgeUsbBlock *block = g_ptr_array_index (self->blocks, i);
          g_autofree char *ours = g_build_filename (folder, block->name, NULL);

          if (g_file_test (ours, G_FILE_TEST_EXISTS))
            return TRUE;
        }
    }

  return FALSE;
}

/* File systems of several discs have a number of their own and are known by their source. */
static gboolean
is_ours (const LodgeUsbBlocks *self,
         LodgeUsbMount        *mount)
{
  const LodgeUsbBlock *block = find_number (self, mount);
  g_auto(GStrv) sources = NULL;

  if (block != NULL)
    {
      g_free (mount->source);
      mount->source = g_build_filename ("/dev", block->name, NULL);
      return TRUE;
    }

  if (mount->major != 0 || !g_str_has_prefix (mount->source, "/dev/"))
    return FALSE;

  sources = g_strsplit (mount->source, ":", -1);
  for (guint i = 0; sources[i] != NULL; i++)
    {
      if (_lodge_usb_blocks_find (self, sources[i]) != NULL)
        return TRUE;
    }

  return g_str_equal (mount->type, "btrfs") && shares_btrfs (self, mount->source);
}

static gboolean
mark_mounts (LodgeUsbBlocks *self)
{
  gboolean is_more = FALSE;

  for (guint i = 0; i < self->mounts->len; i++)
    {
      LodgeUsbMount *mount = g_ptr_array_index (self->mounts, i);

      if (!mount->is_ours && is_ours (self, mount))
        mount->is_ours = is_more = TRUE;
    }

  return is_more;
}

/* Images in files on what is mounted: loop devices. */
static gboolean
add_loops (LodgeUsbBlocks *self)
{
  g_autofree char *top = g_build_filename (self->sources->sysfs, "class/block", NULL);
  g_autoptr(GDir) dir = g_dir_open (top, 0, NULL);
  guint n = self->blocks->len;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *folder = g_build_filename (top, name, NULL);
      g_autofree char *file = NULL;
      const LodgeUsbMount *mount;

      if (!g_str_has_prefix (name, "loop"))
        continue;

      file = read_line (folder, "loop/backing_file");
      mount = file != NULL ? _lodge_usb_blocks_find_mount (self, file) : NULL;
      if (mount != NULL && mount->is_ours)
        add_block (self, folder, TRUE);
    }

  return self->blocks->len > n;
}

/* @sysfs_path: (nullable). Returns: (transfer full): what hangs on the device that has that folder */
LodgeUsbBlocks *
_lodge_usb_blocks_new (const LodgeUsbSources *sources,
                       const char            *sysfs_path)
{
  LodgeUsbBlocks *self = g_new0 (LodgeUsbBlocks, 1);

  self->sources = sources;
  self->blocks = g_ptr_array_new_with_free_func (block_free);
  self->mounts = g_ptr_array_new_with_free_func (mount_free);

  if (sysfs_path != NULL)
    find_blocks (self, sysfs_path, 0);

  if (self->blocks->len == 0)
    return self;

  read_mounts (self);
  while (mark_mounts (self) && add_loops (self))
    ;

  return self;
}

/* Returns: (nullable) (transfer none): the block whose node is @path, or a link to it */
const LodgeUsbBlock *
_lodge_usb_blocks_find (const LodgeUsbBlocks *self,
                        const char           *path)
{
  g_autofree char *real = realpath (path, NULL);
  const char *node = real != NULL ? real : path;
  g_autofree char *name = g_path_get_basename (node);

  if (!g_str_has_prefix (node, "/dev/"))
    return NULL;

  for (guint i = 0; i < self->blocks->len; i++)
    {
      const LodgeUsbBlock *block = g_ptr_array_index (self->blocks, i);

      if (g_str_equal (block->name, name) || g_strcmp0 (block->label, name) == 0)
        return block;
    }

  return NULL;
}

/* Returns: (nullable) (transfer none): what @path, or where it would be, is on */
const LodgeUsbMount *
_lodge_usb_blocks_find_mount (const LodgeUsbBlocks *self,
                              const char           *path)
{
  g_autofree char *real = realpath (path, NULL);
  const char *wanted = real != NULL ? real : path;
  const LodgeUsbMount *found = NULL;
  gsize longest = 0;

  for (guint i = 0; i < self->mounts->len; i++)
    {
      const LodgeUsbMount *mount = g_ptr_array_index (self->mounts, i);
      gsize length = strlen (mount->point);

      /* Of two in the same place, the later one hides the other. */
      if (g_str_has_prefix (wanted, mount->point) && length >= longest &&
          (mount->point[length - 1] == '/' || wanted[length] == '/' || wanted[length] == '\0'))
        {
          found = mount;
          longest = length;
        }
    }

  return found;
}
