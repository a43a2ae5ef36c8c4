/* lodge-definition-resources-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-resource-types.h"

G_BEGIN_DECLS

/* A <memory model='virtio-mem'> that is not a piece of a file. All in KiB. */
typedef struct
{
  char    *alias;
  guint64  size;
  guint64  block;
  guint64  requested;
  guint64  current;    /* of a running machine */
} LodgeMemoryDevice;

/* What a domain's XML says of memory and cores. KiB; 0 where it is not said. */
typedef struct
{
  char      *type;               /* kvm, qemu, lxc … */
  char      *arch;               /* of <os>: x86_64 … */
  char      *machine;            /* likewise: pc-q35-7.2 … */
  guint64    memory;             /* <memory>: cells and devices */
  guint64    current;            /* <currentMemory> */
  guint64    hotplug_maximum;    /* <maxMemory> */
  GPtrArray *devices;            /* of LodgeMemoryDevice: virtio-mem */
  guint      cells;              /* NUMA cells of the guest */
  guint      other_devices;      /* memory devices that are not in @devices */
  guint      vcpus;
  guint      vcpus_maximum;
  guint      vcpus_removable;    /* that are in and can be taken out */
  guint      sockets;            /* of the topology, or 0 */
  guint      dies;
  guint      cores;
  guint      threads;
  guint64    shares;
  gint64     global_quota;       /* µs; 0 or less is none */
  guint64    global_period;
  gint64     quota;
  guint64    period;
  guint      balloon_period;     /* of the statistics, seconds */
  gboolean   has_acpi;
  gboolean   has_balloon;
  gboolean   deflates;           /* autodeflate */
  gboolean   reports;            /* freePageReporting */
  gboolean   has_agent;
  gboolean   agent_connected;
  gboolean   pinned;             /* numatune with a strict place */
  gboolean   locked;
  gboolean   huge_pages;
  gboolean   passthrough;        /* PCI or mediated devices of the host */
} LodgeResourceDefinition;

LodgeResourceDefinition *lodge_resource_definition_parse    (const char                    *xml,
                                                             GError                       **error);
void                     lodge_resource_definition_free     (LodgeResourceDefinition       *self);
guint64                  lodge_resource_definition_get_boot (const LodgeResourceDefinition *self);
guint64                  lodge_resource_definition_get_pluggable
                                                            (const LodgeResourceDefinition *self);
guint64                  lodge_resource_definition_get_plugged
                                                            (const LodgeResourceDefinition *self,
                                                             gboolean                       live);
char                    *lodge_definition_request_memory    (const char                    *xml,
                                                             const char                    *alias,
                                                             guint                          index,
                                                             guint64                        requested);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LodgeResourceDefinition, lodge_resource_definition_free)

G_END_DECLS
