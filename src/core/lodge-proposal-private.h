/* lodge-proposal-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-proposal.h"

G_BEGIN_DECLS

LodgeProposal *_lodge_proposal_new       (LodgeProposalKind  kind,
                                          guint64            kib);
void           _lodge_proposal_add_donor (LodgeProposal     *self,
                                          LodgeMachine      *machine,
                                          guint64            from,
                                          guint64            to);

G_END_DECLS
