/* lodge-loan-offer.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "lodge-loan.h"
#include "lodge-proposal.h"

G_BEGIN_DECLS

/* When @borrower stops, what @proposal took of others for its start is offered to them, in the window
 * that @widget stands in.
 */
void lodge_loan_offer_await     (GtkWidget     *widget,
                                 LodgeMachine  *borrower,
                                 LodgeProposal *proposal);

/* Returns: (transfer full): who gave what to whom */
char *lodge_loan_offer_dup_words (LodgeLoan    *loan);

/* Gives back, and says so in the window of @widget where it could not. */
void lodge_loan_offer_give_back (GtkWidget     *widget,
                                 LodgeLoan     *loan);

G_END_DECLS
