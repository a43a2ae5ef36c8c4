/* lodge-containers-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A container of this computer, as its control group shows it. */
typedef struct
{
  char       *id;         /* what its engine calls it, or its name */
  char       *name;
  const char *engine;     /* "podman", "docker", "lxc", "libvirt-lxc", "kubernetes", "nspawn" */
  guint64     limit;      /* KiB, or 0 for none */
  guint64     use;        /* KiB, without caches that could go */
  guint       cores;      /* thousandths that it may use, or 0 for all */
  guint64     cpu_time;   /* ns since it started; G_MAXUINT64 if not known */
} LodgeContainer;

void       lodge_container_free  (LodgeContainer *container);

/* Blocks. @cgroup: where control groups are mounted; @proc: where processes are. Returns what runs, an
 * array of LodgeContainer; empty where there are no control groups.
 */
GPtrArray *lodge_containers_read (const char     *cgroup,
                                  const char     *proc);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LodgeContainer, lodge_container_free)

G_END_DECLS
