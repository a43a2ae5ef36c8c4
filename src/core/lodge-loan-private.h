/* lodge-loan-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-machine-resources.h"

G_BEGIN_DECLS

/* @lender had @from KiB, and has @to for the start of @borrower. A loan of before goes on in this one. */
void _lodge_loan_begin (LodgeMachine *lender,
                        LodgeMachine *borrower,
                        guint64       from,
                        guint64       to);

/* The loan of @lender is what its metadata says, whoever writes it there. */
void _lodge_loan_follow (LodgeMachineResources *lender,
                         LodgeMachine          *machine);

G_END_DECLS
