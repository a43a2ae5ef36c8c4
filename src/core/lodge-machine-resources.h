/* lodge-machine-resources.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-loan.h"
#include "lodge-machine.h"
#include "lodge-pending-change.h"
#include "lodge-resource-types.h"

G_BEGIN_DECLS

#define LODGE_TYPE_MACHINE_RESOURCES (lodge_machine_resources_get_type ())

G_DECLARE_DERIVABLE_TYPE (LodgeMachineResources, lodge_machine_resources,
                          LODGE, MACHINE_RESOURCES, GObject)

/* Memory and cores of one machine. It exists, and reads, from the first time that somebody asks for
 * it.
 *
 * Properties, all readable with notify, changed on the main thread only. Memory is in KiB, and one
 * figure for all: boot memory less the balloon, and what virtio-mem adds. 0 is "not known". While
 * the machine is off, all figures are those of its next start.
 *
 *   machine (LodgeMachine, borrowed)
 *   ready (boolean)                    read at least once
 *   ways (LodgeWays)                   by what means it can be changed while it runs
 *
 *   memory-asked (uint64)              what it was last told to have, by whomever
 *   memory-reached (uint64)            what it has
 *   memory-state (LodgeReach)          whether the two are the same
 *   memory-floor (uint64)              what it must keep: nothing below is ever sent
 *   memory-floor-source (LodgeFloorSource)
 *   memory-boot (uint64)               up to here the balloon goes
 *   memory-live-maximum (uint64)       up to here it goes without a restart
 *   memory-offline (uint64)            plugged in, but left unused by the guest's kernel:
 *                                      lodge_machine_resources_bring_online_async(), or the kernel
 *                                      option memhp_default_state=online_movable
 *   memory-stored (uint64)             what it will have at its next start
 *   memory-stored-maximum (uint64)     what it will be able to have then
 *   memory-step (uint64)               what it can be asked for is a multiple of this
 *   memory-obstacle (LodgeObstacle)    why it cannot be changed, or none
 *   memory-way-obstacle (LodgeObstacle)  why a running one cannot, while its stored one can
 *   growth-prepared (boolean)          its stored definition has room above the boot memory
 *   growth-obstacle (LodgeObstacle)    why lodge_machine_resources_prepare_growth_async() cannot
 *
 *   vcpus-asked, vcpus-reached (uint)  cores; reached: that the guest can really use
 *   vcpus-maximum (uint)               without a restart
 *   vcpus-offline (uint)               plugged in, but left unused by the guest's kernel
 *   vcpus-stored, vcpus-stored-maximum (uint)
 *   vcpus-obstacle (LodgeObstacle)
 *   cores-cap (uint)                   1/1000 cores of the host's time, or 0
 *   priority (LodgePriority), priority-obstacle (LodgeObstacle): by shares of the processors
 *
 *   agent-hangs (boolean)              the guest agent is connected and does not answer
 *   loan (LodgeLoan, nullable)         what it does without since a guest was started
 *   pending (GListModel of LodgePendingChange)  what waits for a restart; never null
 */

/* Returns: (transfer none): the same object as long as @machine lives */
LodgeMachineResources *lodge_machine_get_resources             (LodgeMachine           *machine);

/* What counts for who goes first: the shares of the processors where somebody has set them, else what is
 * wanted of the machine (LodgeMachinePreferences:priority), which may come from another host.
 */
LodgePriority     lodge_machine_get_priority                   (LodgeMachine           *machine);

LodgeMachine     *lodge_machine_resources_get_machine          (LodgeMachineResources  *self);
gboolean          lodge_machine_resources_is_ready             (LodgeMachineResources  *self);
LodgeWays         lodge_machine_resources_get_ways             (LodgeMachineResources  *self);
guint64           lodge_machine_resources_get_memory_asked     (LodgeMachineResources  *self);
guint64           lodge_machine_resources_get_memory_reached   (LodgeMachineResources  *self);
LodgeReach        lodge_machine_resources_get_memory_state     (LodgeMachineResources  *self);
guint64           lodge_machine_resources_get_memory_floor     (LodgeMachineResources  *self);
LodgeFloorSource  lodge_machine_resources_get_memory_floor_source (LodgeMachineResources *self);
guint64           lodge_machine_resources_get_memory_boot      (LodgeMachineResources  *self);
guint64           lodge_machine_resources_get_memory_live_maximum (LodgeMachineResources *self);
guint64           lodge_machine_resources_get_memory_offline   (LodgeMachineResources  *self);
guint64           lodge_machine_resources_get_memory_stored    (LodgeMachineResources  *self);
guint64           lodge_machine_resources_get_memory_stored_maximum (LodgeMachineResources *self);
guint64           lodge_machine_resources_get_memory_step      (LodgeMachineResources  *self);
LodgeObstacle     lodge_machine_resources_get_memory_obstacle  (LodgeMachineResources  *self);
LodgeObstacle     lodge_machine_resources_get_memory_way_obstacle (LodgeMachineResources *self);
/* Whether the running machine keeps what it has, and what is asked for is for its next start. */
gboolean          lodge_machine_resources_get_memory_waits     (LodgeMachineResources  *self);
gboolean          lodge_machine_resources_get_growth_prepared  (LodgeMachineResources  *self);
LodgeObstacle     lodge_machine_resources_get_growth_obstacle  (LodgeMachineResources  *self);
guint             lodge_machine_resources_get_vcpus_asked      (LodgeMachineResources  *self);
guint             lodge_machine_resources_get_vcpus_reached    (LodgeMachineResources  *self);
guint             lodge_machine_resources_get_vcpus_maximum    (LodgeMachineResources  *self);
guint             lodge_machine_resources_get_vcpus_offline    (LodgeMachineResources  *self);
guint             lodge_machine_resources_get_vcpus_stored     (LodgeMachineResources  *self);
guint             lodge_machine_resources_get_vcpus_stored_maximum (LodgeMachineResources *self);
LodgeObstacle     lodge_machine_resources_get_vcpus_obstacle   (LodgeMachineResources  *self);
guint             lodge_machine_resources_get_cores_cap        (LodgeMachineResources  *self);
LodgePriority     lodge_machine_resources_get_priority         (LodgeMachineResources  *self);
LodgeObstacle     lodge_machine_resources_get_priority_obstacle (LodgeMachineResources *self);
gboolean          lodge_machine_resources_get_agent_hangs      (LodgeMachineResources  *self);

/* Returns: (transfer none) (nullable) */
LodgeLoan        *lodge_machine_resources_get_loan             (LodgeMachineResources  *self);

/* Returns: (transfer none): what waits for a restart */
GListModel       *lodge_machine_resources_get_pending          (LodgeMachineResources  *self);

/* Reads everything again soon. Events do that by themselves; this is for who has other news. */
void              lodge_machine_resources_refresh              (LodgeMachineResources  *self);

/* Each change goes to the running guest, if it runs, and then to its stored definition.
 *
 * One at a time is under way; while it is, the newest value of each kind waits. Errors:
 * LODGE_ERROR_SUPERSEDED: a newer value came before this one was sent; to be ignored.
 * LODGE_ERROR_NOT_STORED: the running guest was changed, its stored definition could not be.
 * LODGE_ERROR_INVALID: the value makes no sense (0; more than there is); nothing was sent.
 * All others: nothing was changed, and the asked value is again what it was.
 *
 * Memory below the floor is raised to it, and rounded to the step.
 */
void              lodge_machine_resources_set_memory_async     (LodgeMachineResources  *self,
                                                                guint64                 kib,
                                                                GCancellable           *cancellable,
                                                                GAsyncReadyCallback     callback,
                                                                gpointer                user_data);
gboolean          lodge_machine_resources_set_memory_finish    (LodgeMachineResources  *self,
                                                                GAsyncResult           *result,
                                                                GError                **error);

/* For what moves memory by itself, and often: only the running guest is changed, not what it has at
 * its next start. Gives way to the user: while a change of theirs is under way, this ends at once with
 * LODGE_ERROR_SUPERSEDED.
 */
void              lodge_machine_resources_move_memory_async    (LodgeMachineResources  *self,
                                                                guint64                 kib,
                                                                GCancellable           *cancellable,
                                                                GAsyncReadyCallback     callback,
                                                                gpointer                user_data);
gboolean          lodge_machine_resources_move_memory_finish   (LodgeMachineResources  *self,
                                                                GAsyncResult           *result,
                                                                GError                **error);

void              lodge_machine_resources_set_vcpus_async      (LodgeMachineResources  *self,
                                                                guint                   vcpus,
                                                                GCancellable           *cancellable,
                                                                GAsyncReadyCallback     callback,
                                                                gpointer                user_data);
gboolean          lodge_machine_resources_set_vcpus_finish     (LodgeMachineResources  *self,
                                                                GAsyncResult           *result,
                                                                GError                **error);
void              lodge_machine_resources_set_priority_async   (LodgeMachineResources  *self,
                                                                LodgePriority           priority,
                                                                GCancellable           *cancellable,
                                                                GAsyncReadyCallback     callback,
                                                                gpointer                user_data);
gboolean          lodge_machine_resources_set_priority_finish  (LodgeMachineResources  *self,
                                                                GAsyncResult           *result,
                                                                GError                **error);

/* Only the stored definition: what the machine has after its next start. These may go above what it
 * can have now: memory-stored-maximum and vcpus-stored-maximum are raised where need be.
 */
void              lodge_machine_resources_store_memory_async   (LodgeMachineResources  *self,
                                                                guint64                 kib,
                                                                GCancellable           *cancellable,
                                                                GAsyncReadyCallback     callback,
                                                                gpointer                user_data);
gboolean          lodge_machine_resources_store_memory_finish  (LodgeMachineResources  *self,
                                                                GAsyncResult           *result,
                                                                GError                **error);
void              lodge_machine_resources_store_vcpus_async    (LodgeMachineResources  *self,
                                                                guint                   vcpus,
                                                                GCancellable           *cancellable,
                                                                GAsyncReadyCallback     callback,
                                                                gpointer                user_data);
gboolean          lodge_machine_resources_store_vcpus_finish   (LodgeMachineResources  *self,
                                                                GAsyncResult           *result,
                                                                GError                **error);

/* Gives the stored definition room to grow while the guest runs, up to @memory KiB and @vcpus cores
 * (what it has is kept if that is more; 0 leaves it): after its next start its memory can go above
 * memory-boot, its cores can come and go, its balloon gives way before the guest kills programs, and
 * what the guest frees goes back to the host. Everything else in the definition stays. If libvirt
 * makes something else of it, the old definition is put back and LODGE_ERROR_FAILED returned;
 * growth-obstacle says beforehand what makes it LODGE_ERROR_UNSUPPORTED. Doing it twice does nothing.
 */
void              lodge_machine_resources_prepare_growth_async (LodgeMachineResources  *self,
                                                                guint64                 memory,
                                                                guint                   vcpus,
                                                                GCancellable           *cancellable,
                                                                GAsyncReadyCallback     callback,
                                                                gpointer                user_data);
gboolean          lodge_machine_resources_prepare_growth_finish (LodgeMachineResources *self,
                                                                GAsyncResult           *result,
                                                                GError                **error);

/* Has the guest agent switch on all memory and cores that the guest's kernel left off. This is done
 * by itself after each change that adds some.
 */
void              lodge_machine_resources_bring_online_async   (LodgeMachineResources  *self,
                                                                GCancellable           *cancellable,
                                                                GAsyncReadyCallback     callback,
                                                                gpointer                user_data);
gboolean          lodge_machine_resources_bring_online_finish  (LodgeMachineResources  *self,
                                                                GAsyncResult           *result,
                                                                GError                **error);

G_END_DECLS
