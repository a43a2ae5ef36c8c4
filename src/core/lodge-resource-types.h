/* lodge-resource-types.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-types.h"

G_BEGIN_DECLS

/**
 * LodgeObstacle:
 * @LODGE_OBSTACLE_NONE: it can be changed
 * @LODGE_OBSTACLE_UNKNOWN: nothing has been read yet
 * @LODGE_OBSTACLE_UNREACHABLE: there is no connection to the host
 * @LODGE_OBSTACLE_DRIVER: not a guest of QEMU
 * @LODGE_OBSTACLE_TRANSIENT: the guest has no stored definition; it is gone when it stops
 * @LODGE_OBSTACLE_DENIED: the guest belongs to somebody else; the host refused a change
 * @LODGE_OBSTACLE_SAVED: its memory lies saved on disc, as large as it is
 * @LODGE_OBSTACLE_PINNED_NUMA: its memory is bound to places in the host's memory
 * @LODGE_OBSTACLE_PASSTHROUGH: a PCI device of the host uses all of its memory
 * @LODGE_OBSTACLE_LOCKED_MEMORY: its memory is locked in the host's memory
 * @LODGE_OBSTACLE_HUGE_PAGES: it has huge pages, of which a balloon gives nothing back
 * @LODGE_OBSTACLE_NO_BALLOON: it has no memory balloon
 * @LODGE_OBSTACLE_NO_BALLOON_DRIVER: it has one, but nothing in the guest answered it
 * @LODGE_OBSTACLE_ONE_CORE: it has one virtual core at most
 * @LODGE_OBSTACLE_SESSION: the host does not let guests of the user's session be weighed or capped
 * @LODGE_OBSTACLE_NO_CGROUPS: the host has no control group for it
 * @LODGE_OBSTACLE_NO_WAY: it runs, and neither agent, unplugging nor a cap is to be had
 * @LODGE_OBSTACLE_MACHINE_TYPE: growth: its kind of machine takes no memory while it runs
 * @LODGE_OBSTACLE_NUMA_CELLS: growth: it has NUMA cells of its own that Lodge does not rearrange
 *
 * Why something of a guest cannot be changed.
 */
typedef enum
{
  LODGE_OBSTACLE_NONE,
  LODGE_OBSTACLE_UNKNOWN,
  LODGE_OBSTACLE_UNREACHABLE,
  LODGE_OBSTACLE_DRIVER,
  LODGE_OBSTACLE_TRANSIENT,
  LODGE_OBSTACLE_DENIED,
  LODGE_OBSTACLE_SAVED,
  LODGE_OBSTACLE_PINNED_NUMA,
  LODGE_OBSTACLE_PASSTHROUGH,
  LODGE_OBSTACLE_LOCKED_MEMORY,
  LODGE_OBSTACLE_HUGE_PAGES,
  LODGE_OBSTACLE_NO_BALLOON,
  LODGE_OBSTACLE_NO_BALLOON_DRIVER,
  LODGE_OBSTACLE_ONE_CORE,
  LODGE_OBSTACLE_SESSION,
  LODGE_OBSTACLE_NO_CGROUPS,
  LODGE_OBSTACLE_NO_WAY,
  LODGE_OBSTACLE_MACHINE_TYPE,
  LODGE_OBSTACLE_NUMA_CELLS,
} LodgeObstacle;

/**
 * LodgeWays:
 * @LODGE_WAY_NONE: nothing can be changed while it runs
 * @LODGE_WAY_BALLOON: memory up to the boot size by the balloon
 * @LODGE_WAY_VIRTIO_MEM: memory above the boot size
 * @LODGE_WAY_PLUG: virtual cores can be plugged in
 * @LODGE_WAY_UNPLUG: virtual cores can be taken out again
 * @LODGE_WAY_AGENT: the guest agent switches cores and memory on and off
 * @LODGE_WAY_QUOTA: the host can cap the time of its cores
 *
 * By what means a running guest can be changed.
 */
typedef enum
{
  LODGE_WAY_NONE       = 0,
  LODGE_WAY_BALLOON    = 1 << 0,
  LODGE_WAY_VIRTIO_MEM = 1 << 1,
  LODGE_WAY_PLUG       = 1 << 2,
  LODGE_WAY_UNPLUG     = 1 << 3,
  LODGE_WAY_AGENT      = 1 << 4,
  LODGE_WAY_QUOTA      = 1 << 5,
} LodgeWays;

/**
 * LodgeFloorSource:
 * @LODGE_FLOOR_UNKNOWN: nothing has been read
 * @LODGE_FLOOR_GUEST: from what the guest says that it uses
 * @LODGE_FLOOR_ASSUMED: the guest says nothing; a careful guess
 *
 * Where the least memory of a guest comes from.
 */
typedef enum
{
  LODGE_FLOOR_UNKNOWN,
  LODGE_FLOOR_GUEST,
  LODGE_FLOOR_ASSUMED,
} LodgeFloorSource;

/**
 * LodgeReach:
 * @LODGE_REACH_SETTLED: what was asked is reached
 * @LODGE_REACH_MOVING: on the way
 * @LODGE_REACH_HELD: nothing moved for 10 s: the guest still uses it, or has no driver
 *
 * How far a change of memory has come.
 */
typedef enum
{
  LODGE_REACH_SETTLED,
  LODGE_REACH_MOVING,
  LODGE_REACH_HELD,
} LodgeReach;

/**
 * LodgePendingKind:
 * @LODGE_PENDING_MEMORY: the memory it has when it starts, in KiB
 * @LODGE_PENDING_MEMORY_MAXIMUM: the memory it can have while it runs, in KiB
 * @LODGE_PENDING_VCPUS: the cores it has when it starts
 * @LODGE_PENDING_VCPUS_MAXIMUM: the cores it can have while it runs
 * @LODGE_PENDING_VCPUS_REMOVABLE: how many cores can be taken out again
 * @LODGE_PENDING_TOPOLOGY: sockets, cores and threads; the figures are the sockets
 * @LODGE_PENDING_DEFLATE: whether the balloon gives way before the guest kills programs (0 or 1)
 * @LODGE_PENDING_REPORTING: whether free memory goes back to the host by itself (0 or 1)
 * @LODGE_PENDING_BALLOON: whether there is a balloon (0 or 1)
 *
 * What waits for the guest's next start.
 */
typedef enum
{
  LODGE_PENDING_MEMORY,
  LODGE_PENDING_MEMORY_MAXIMUM,
  LODGE_PENDING_VCPUS,
  LODGE_PENDING_VCPUS_MAXIMUM,
  LODGE_PENDING_VCPUS_REMOVABLE,
  LODGE_PENDING_TOPOLOGY,
  LODGE_PENDING_DEFLATE,
  LODGE_PENDING_REPORTING,
  LODGE_PENDING_BALLOON,
} LodgePendingKind;

G_END_DECLS
