/* lodge-start-run.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-start-check.h"

G_BEGIN_DECLS

#define LODGE_TYPE_START_RUN (lodge_start_run_get_type ())

/* Starts a machine in the way of a proposal. What is stored of the machine and of the guests that give
 * memory back stays as it is.
 *
 * Properties, readable with notify: stage (LodgeStartStage), fraction (double, 0…1: how far the stages
 * FREEING and SETTLING have come).
 */
G_DECLARE_FINAL_TYPE (LodgeStartRun, lodge_start_run, LODGE, START_RUN, GObject)

LodgeStartRun   *lodge_start_run_new          (LodgeStartCheck      *check,
                                               LodgeProposal        *proposal);
LodgeMachine    *lodge_start_run_get_machine  (LodgeStartRun        *self);
LodgeProposal   *lodge_start_run_get_proposal (LodgeStartRun        *self);
LodgeStartStage  lodge_start_run_get_stage    (LodgeStartRun        *self);
double           lodge_start_run_get_fraction (LodgeStartRun        *self);

/* Once. Ends when the host really has the memory and the machine runs. LODGE_ERROR_HELD: a guest did
 * not give back what it should: before the start (stage FAILED; the machine does not run, and all guests
 * get their memory again), or the machine itself after it (stage DONE; it runs, with more than it
 * should). Other errors are those of starting. If it is cancelled before the machine runs, all guests
 * get their memory again. A guest that has less afterwards has a LodgeLoan for it.
 */
void             lodge_start_run_run_async    (LodgeStartRun        *self,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
gboolean         lodge_start_run_run_finish   (LodgeStartRun        *self,
                                               GAsyncResult         *result,
                                               GError              **error);

G_END_DECLS
