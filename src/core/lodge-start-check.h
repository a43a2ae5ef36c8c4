/* lodge-start-check.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-proposal.h"
#include "lodge-types.h"

G_BEGIN_DECLS

#define LODGE_TYPE_START_CHECK (lodge_start_check_get_type ())

/* What starting a machine would do to its host, at one moment. It never changes. */
G_DECLARE_FINAL_TYPE (LodgeStartCheck, lodge_start_check, LODGE, START_CHECK, GObject)

/* Looks at the host and at the guests that could give memory back. Fails with the error of the host if
 * that cannot be asked; then starting will tell.
 */
void               lodge_budget_check_start_async  (LodgeBudget          *budget,
                                                    LodgeMachine         *machine,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);

/* Returns: (transfer full): the verdict, or NULL */
LodgeStartCheck   *lodge_budget_check_start_finish (LodgeBudget          *budget,
                                                    GAsyncResult         *result,
                                                    GError              **error);

LodgeMachine      *lodge_start_check_get_machine   (LodgeStartCheck      *self);
LodgeBudget       *lodge_start_check_get_budget    (LodgeStartCheck      *self);
LodgeStartVerdict  lodge_start_check_get_verdict   (LodgeStartCheck      *self);

/* In KiB: what the machine needs, with QEMU; what would be left for the host itself if it were started;
 * what the host should keep; and what is missing for that.
 */
guint64            lodge_start_check_get_needed    (LodgeStartCheck      *self);
guint64            lodge_start_check_get_left      (LodgeStartCheck      *self);
guint64            lodge_start_check_get_reserve   (LodgeStartCheck      *self);
guint64            lodge_start_check_get_missing   (LodgeStartCheck      *self);

/* Returns: (transfer none): a list of LodgeProposal: LESS if that is possible; FREE for each guest that
 * has enough to give alone, or one for several together; ANYWAY always. Empty if there is enough.
 */
GListModel        *lodge_start_check_get_proposals (LodgeStartCheck      *self);

G_END_DECLS
