/* lodge-usb-blocks-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-usb-types.h"

G_BEGIN_DECLS

/* A block device that is on a USB device, or on top of such: a partition, LVM, an unlocked volume. */
typedef struct
{
  char     *name;       /* the kernel's, "sdb1" */
  char     *label;      /* what it is called by those who made it, "vg0-home", or NULL */
  gboolean  is_stacked; /* made of what is on the device, by the device mapper or a loop */
  gboolean  has_holders; /* something is made of it */
} LodgeUsbBlock;

typedef struct
{
  char     *point;
  char     *source;     /* "/dev/sdb1"; what whoever mounted it called it, unless is_ours */
  char     *options;    /* of the file system */
  char     *type;
  guint     major;
  guint     minor;
  gboolean  is_ours;    /* of one of the blocks */
} LodgeUsbMount;

/* Where to read. Tests have their own. */
typedef struct
{
  const char *sysfs;
  const char *mountinfo;
  const char *swaps;
  const char *home;
  const char *proc;         /* the programs, and what they have open */
  gboolean    open_nodes;   /* try whether somebody unknown has them */
} LodgeUsbSources;

typedef struct
{
  const LodgeUsbSources *sources;
  GPtrArray             *blocks;  /* of LodgeUsbBlock */
  GPtrArray             *mounts;  /* of LodgeUsbMount: all there are, in the order of mounting */
} LodgeUsbBlocks;

LodgeUsbBlocks      *_lodge_usb_blocks_new        (const LodgeUsbSources *sources,
                                                   const char            *sysfs_path);
void                 _lodge_usb_blocks_free       (LodgeUsbBlocks        *self);
const LodgeUsbBlock *_lodge_usb_blocks_find       (const LodgeUsbBlocks  *self,
                                                   const char            *path);
const LodgeUsbMount *_lodge_usb_blocks_find_mount (const LodgeUsbBlocks  *self,
                                                   const char            *path);
char                *_lodge_usb_blocks_decode     (const char            *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LodgeUsbBlocks, _lodge_usb_blocks_free)

G_END_DECLS
