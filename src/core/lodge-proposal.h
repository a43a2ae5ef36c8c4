/* lodge-proposal.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-types.h"

G_BEGIN_DECLS

#define LODGE_TYPE_PROPOSAL (lodge_proposal_get_type ())

/* One way to start a machine on a host that has not enough memory for it. It never changes. */
G_DECLARE_FINAL_TYPE (LodgeProposal, lodge_proposal, LODGE, PROPOSAL, GObject)

LodgeProposalKind  lodge_proposal_get_kind     (LodgeProposal *self);

/* In KiB: LESS: what the machine starts with; FREE: what the host gains; ANYWAY: what the machine has as
 * it is defined.
 */
guint64            lodge_proposal_get_memory   (LodgeProposal *self);

/* FREE: the guests that give memory back: from how much to how much, in KiB. The machine is borrowed. */
guint              lodge_proposal_get_n_donors (LodgeProposal *self);
LodgeMachine      *lodge_proposal_get_donor    (LodgeProposal *self,
                                                guint          position,
                                                guint64       *from,
                                                guint64       *to);

G_END_DECLS
