/* lodge-statistics.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-types.h"

G_BEGIN_DECLS

#define LODGE_TYPE_STATISTICS (lodge_statistics_get_type ())

G_DECLARE_FINAL_TYPE (LodgeStatistics, lodge_statistics, LODGE, STATISTICS, GObject)

#define LODGE_TYPE_STATISTICS_WATCH (lodge_statistics_watch_get_type ())

/* Somebody looks. It ends with the last reference to it. */
G_DECLARE_FINAL_TYPE (LodgeStatisticsWatch, lodge_statistics_watch, LODGE, STATISTICS_WATCH, GObject)

/* How often to sample, in milliseconds, for who has no better idea. */
#define LODGE_STATISTICS_INTERVAL 2000

/* The figures of one host, sampled while somebody looks: one call to libvirt each time, however many
 * machines run. Without a watch nothing is asked and nothing wakes up; then all is what was last
 * known, and 0 or -1 if nothing ever was.
 *
 * Properties, all readable with notify: watched (boolean), interval (uint: milliseconds between
 * samples, 0 without a watch); of the computer: memory-total, memory-free (free or held by caches
 * only; uint64, KiB), cores (uint), load (double: cores that are busy, with guests and all, -1 if not
 * known).
 *
 * Signal "sampled": after each sample, when the figures here and each LodgeUsage are new.
 */

/* Returns: (transfer none): the same object as long as @host lives */
LodgeStatistics      *lodge_host_get_statistics         (LodgeHost            *host);

/* @interval: milliseconds; the shortest of all watches counts. Returns: (transfer full) */
LodgeStatisticsWatch *lodge_host_watch_statistics       (LodgeHost            *host,
                                                         guint                 interval);

/* The same for the host of @machine, and @machine's balloon is made to tell what the guest uses while
 * the watch lives and the machine runs. Where its definition has no period for that, this is a change
 * of the running guest, which is taken back afterwards; its stored definition stays as it is.
 */
LodgeStatisticsWatch *lodge_machine_watch_usage         (LodgeMachine         *machine,
                                                         guint                 interval);

gboolean              lodge_statistics_get_watched      (LodgeStatistics      *self);
guint                 lodge_statistics_get_interval     (LodgeStatistics      *self);
guint64               lodge_statistics_get_memory_total (LodgeStatistics      *self);
guint64               lodge_statistics_get_memory_free  (LodgeStatistics      *self);
guint                 lodge_statistics_get_cores        (LodgeStatistics      *self);
double                lodge_statistics_get_load         (LodgeStatistics      *self);

/* When the last sample was taken, as g_get_monotonic_time() counts, or 0. */
gint64                lodge_statistics_get_time         (LodgeStatistics      *self);

/* One sample now, watched or not: what is known afterwards is not older than this call. */
void                  lodge_statistics_sample_async     (LodgeStatistics      *self,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
gboolean              lodge_statistics_sample_finish    (LodgeStatistics      *self,
                                                         GAsyncResult         *result,
                                                         GError              **error);

G_END_DECLS
