/* lodge-budget.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-types.h"

G_BEGIN_DECLS

#define LODGE_TYPE_BUDGET (lodge_budget_get_type ())

G_DECLARE_FINAL_TYPE (LodgeBudget, lodge_budget, LODGE, BUDGET, GObject)

#define LODGE_TYPE_BUDGET_WATCH (lodge_budget_watch_get_type ())

/* Somebody looks. It ends with the last reference to it. */
G_DECLARE_FINAL_TYPE (LodgeBudgetWatch, lodge_budget_watch, LODGE, BUDGET_WATCH, GObject)

/* The memory and cores of one computer: who has how much, and what is left. Connections to the same
 * computer (qemu:///system, qemu:///session, lxc:///system) share one budget. It is fresh only while
 * somebody watches it, or after lodge_budget_refresh_async().
 *
 * Properties, all readable with notify. Memory in KiB, cores in thousandths; 0 is "not known":
 *   id (string)                what the computer is known by, for settings: "local", or a server's name
 *   known (boolean)            there are figures
 *   total, cores               what there is
 *   reserve, reserve-cores     what the host shall keep, as set or by default
 *   reserve-setting            (uint64, writable) the user's own reserve; 0 for the default
 *   reserve-cores-setting      (int, writable; thousandths) the same of cores; -1 for the default
 *   reserve-left               what others have left of the reserve
 *   free, free-cores           what nobody has
 *   excess                     what guests and containers may take beyond what there is at all
 *   load                       (double) cores that are busy, with the host's own; -1 if not known
 *   host-use                   memory that is in use on the host and belongs to no guest or container:
 *                              if it is more than the reserve, the reserve is too small
 *
 * Signal "changed": after each computation, when all of it is new. Two connections may turn out to be
 * to one computer; then lodge_host_get_budget() returns another budget from "changed" on.
 */

/* Returns: (transfer none): the budget of the computer that @host is on; it lives as long as one of its
 * hosts
 */
LodgeBudget      *lodge_host_get_budget                   (LodgeHost            *host);

/* @interval: milliseconds between looks, LODGE_STATISTICS_INTERVAL for one. Returns: (transfer full) */
LodgeBudgetWatch *lodge_budget_watch                      (LodgeBudget          *self,
                                                           guint                 interval);

/* Returns: (transfer none): a list of LodgeShare: reserve, machines by name, overhead, containers by
 * name, free. Their memory adds up to total + excess.
 */
GListModel       *lodge_budget_get_shares                 (LodgeBudget          *self);

const char       *lodge_budget_get_id                     (LodgeBudget          *self);
gboolean          lodge_budget_is_known                   (LodgeBudget          *self);
guint64           lodge_budget_get_total                  (LodgeBudget          *self);
guint64           lodge_budget_get_reserve                (LodgeBudget          *self);
guint64           lodge_budget_get_reserve_left           (LodgeBudget          *self);
guint64           lodge_budget_get_free                   (LodgeBudget          *self);
guint64           lodge_budget_get_excess                 (LodgeBudget          *self);
guint64           lodge_budget_get_host_use               (LodgeBudget          *self);
guint             lodge_budget_get_cores                  (LodgeBudget          *self);
guint             lodge_budget_get_reserve_cores          (LodgeBudget          *self);
guint             lodge_budget_get_free_cores             (LodgeBudget          *self);
double            lodge_budget_get_load                   (LodgeBudget          *self);
guint64           lodge_budget_get_reserve_setting        (LodgeBudget          *self);
void              lodge_budget_set_reserve_setting        (LodgeBudget          *self,
                                                           guint64               kib);
int               lodge_budget_get_reserve_cores_setting  (LodgeBudget          *self);
void              lodge_budget_set_reserve_cores_setting  (LodgeBudget          *self,
                                                           int                   thousandths);

/* The most memory (KiB) that @machine may have without touching the reserve or what is others';
 * G_MAXUINT64 while the budget is not known.
 */
guint64           lodge_budget_get_reachable_memory       (LodgeBudget          *self,
                                                           LodgeMachine         *machine);

/* The same of cores: a count, at least 1; G_MAXUINT while the budget is not known. */
guint             lodge_budget_get_reachable_cores        (LodgeBudget          *self,
                                                           LodgeMachine         *machine);

/* Looks once, watched or not: what is known afterwards is not older than this call. */
void              lodge_budget_refresh_async              (LodgeBudget          *self,
                                                           GCancellable         *cancellable,
                                                           GAsyncReadyCallback   callback,
                                                           gpointer              user_data);
gboolean          lodge_budget_refresh_finish             (LodgeBudget          *self,
                                                           GAsyncResult         *result,
                                                           GError              **error);

G_END_DECLS
