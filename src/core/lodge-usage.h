/* lodge-usage.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-types.h"

G_BEGIN_DECLS

#define LODGE_TYPE_USAGE (lodge_usage_get_type ())

G_DECLARE_FINAL_TYPE (LodgeUsage, lodge_usage, LODGE, USAGE, GObject)

/* For how long samples are kept, in seconds. */
#define LODGE_USAGE_HISTORY_SECONDS 300

/**
 * LodgeUsageSample:
 * @time: when it was read, as g_get_monotonic_time() counts
 * @actual: the memory that the machine has, in KiB
 * @used: the memory that its programs use, in KiB, or 0 if the guest does not tell
 * @resident: the host's memory that it occupies, in KiB, or 0 if not known
 * @cores: how many cores it kept busy since the sample before, or -1 if not known
 */
typedef struct
{
  gint64  time;
  guint64 actual;
  guint64 used;
  guint64 resident;
  double  cores;
} LodgeUsageSample;

/* What one machine uses. It is fresh only while somebody has a LodgeStatisticsWatch on the machine or
 * its host; without one all of it stays at what was last known.
 *
 * Properties, all readable with notify, on the main thread: sampled (boolean: there are figures, and
 * the machine runs), and of memory, in KiB, 0 if not known: actual (what the machine has), available
 * (the same, less what the guest's kernel keeps for itself), unused (free in the guest), usable (free
 * or to be had from the guest's caches), used (available less usable: what its programs need),
 * caches (the guest's disc caches), resident (what it occupies of the host's memory, with QEMU
 * itself); of time: cores-used (double: cores kept busy, -1 if not known), cpu-share (double: the
 * same as share 0…1 of its cores, -1 if not known), vcpus (uint).
 *
 * Available, unused, usable, used and caches come from the guest's balloon driver and need a watch of
 * lodge_machine_watch_usage().
 *
 * Signal "updated": after each sample, when all properties are new.
 */

/* Returns: (transfer none): the same object as long as @machine lives */
LodgeUsage *lodge_machine_get_usage     (LodgeMachine *machine);

gboolean    lodge_usage_get_sampled     (LodgeUsage   *self);
guint64     lodge_usage_get_actual      (LodgeUsage   *self);
guint64     lodge_usage_get_available   (LodgeUsage   *self);
guint64     lodge_usage_get_unused      (LodgeUsage   *self);
guint64     lodge_usage_get_usable      (LodgeUsage   *self);
guint64     lodge_usage_get_used        (LodgeUsage   *self);
guint64     lodge_usage_get_caches      (LodgeUsage   *self);
guint64     lodge_usage_get_resident    (LodgeUsage   *self);
double      lodge_usage_get_cores_used  (LodgeUsage   *self);
double      lodge_usage_get_cpu_share   (LodgeUsage   *self);
guint       lodge_usage_get_vcpus       (LodgeUsage   *self);

/* How much went to and from the guest's own swap since it started, in KiB, and how often it had to wait
 * for a disc because something was not in its memory. 0 if not known.
 */
guint64     lodge_usage_get_swapped     (LodgeUsage   *self);
guint64     lodge_usage_get_major_faults (LodgeUsage  *self);

/* When the guest's own figures were made, in seconds since 1970 by the host's clock, or 0. */
gint64      lodge_usage_get_guest_time  (LodgeUsage   *self);

/* Returns: (transfer full) (element-type LodgeUsageSample): the last five minutes, oldest first */
GArray     *lodge_usage_copy_history    (LodgeUsage   *self);

G_END_DECLS
