/* lodge-loan.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-types.h"

G_BEGIN_DECLS

#define LODGE_TYPE_LOAN (lodge_loan_get_type ())

/* Memory that a guest does without since another one was started, or it itself with less than it is
 * stored to have. It stands until the guest has its memory again, by whomever, or stops:
 * LodgeMachineResources:loan is the one of a guest.
 */
G_DECLARE_FINAL_TYPE (LodgeLoan, lodge_loan, LODGE, LOAN, GObject)

/* Returns: (transfer none) (nullable): who gave it; null once that machine is gone */
LodgeMachine  *lodge_loan_get_lender        (LodgeLoan            *self);

/* Returns: (transfer none) (nullable): who was started with it, which may be the lender; null once that
 * machine is gone
 */
LodgeMachine  *lodge_loan_get_borrower      (LodgeLoan            *self);

/* In KiB: what of it is still out; 0 when it is over. */
guint64        lodge_loan_get_amount        (LodgeLoan            *self);

/* Gives the lender what it had, as far as the host has it without touching its reserve. Fails with
 * LODGE_ERROR_MEMORY where that is not all of it; the rest stays lent.
 */
void           lodge_loan_give_back_async   (LodgeLoan            *self,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
gboolean       lodge_loan_give_back_finish  (LodgeLoan            *self,
                                             GAsyncResult         *result,
                                             GError              **error);

G_END_DECLS
