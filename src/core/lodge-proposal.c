/* lodge-proposal.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-machine.h"
#include "lodge-proposal-private.h"

/**
 * LodgeProposal:
 *
 * One way to start a machine on a host that has not enough memory for it.
 */

typedef struct
{
  LodgeMachine *machine;
  guint64       from;
  guint64       to;
} Donor;

struct _LodgeProposal
{
  GObject            parent_instance;
  LodgeProposalKind  kind;
  guint64            memory;
  GArray            *donors;
};

G_DEFINE_FINAL_TYPE (LodgeProposal, lodge_proposal, G_TYPE_OBJECT)

static void
donor_clear (gpointer data)
{
  Donor *donor = data;

  g_clear_object (&donor->machine);
}

static void
lodge_proposal_finalize (GObject *object)
{
  LodgeProposal *self = (LodgeProposal *)object;

  g_clear_pointer (&self->donors, g_array_unref);

  G_OBJECT_CLASS (lodge_proposal_parent_class)->finalize (object);
}

static void
lodge_proposal_class_init (LodgeProposalClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = lodge_proposal_finalize;
}

static void
lodge_proposal_init (LodgeProposal *self)
{
  self->donors = g_array_new (FALSE, FALSE, sizeof (Donor));
  g_array_set_clear_func (self->donors, donor_clear);
}

LodgeProposal *
_lodge_proposal_new (LodgeProposalKind kind,
                     guint64           kib)
{
  LodgeProposal *self = g_object_new (LODGE_TYPE_PROPOSAL, NULL);

  self->kind = kind;
  self->memory = kib;

  return self;
}

void
_lodge_proposal_add_donor (LodgeProposal *self,
                           LodgeMachine  *machine,
                           guint64        from,
                           guint64        to)
{
  Donor donor = { g_object_ref (machine), from, to };

  g_assert (LODGE_IS_PROPOSAL (self));

  g_array_append_val (self->donors, donor);
}

LodgeProposalKind
lodge_proposal_get_kind (LodgeProposal *self)
{
  g_return_val_if_fail (LODGE_IS_PROPOSAL (self), LODGE_PROPOSAL_ANYWAY);

  return self->kind;
}

guint64
lodge_proposal_get_memory (LodgeProposal *self)
{
  g_return_val_if_fail (LODGE_IS_PROPOSAL (self), 0);

  return self->memory;
}

guint
lodge_proposal_get_n_donors (LodgeProposal *self)
{
  g_return_val_if_fail (LODGE_IS_PROPOSAL (self), 0);

  return self->donors->len;
}

/**
 * lodge_proposal_get_donor:
 * @self: a proposal
 * @position: which, from 0
 * @from: (out) (nullable): what the guest has, in KiB
 * @to: (out) (nullable): what it is to have, in KiB
 *
 * Returns: (transfer none): a guest that gives memory back
 */
LodgeMachine *
lodge_proposal_get_donor (LodgeProposal *self,
                          guint          position,
                          guint64       *from,
                          guint64       *to)
{
  Donor *donor;

  g_return_val_if_fail (LODGE_IS_PROPOSAL (self), NULL);
  g_return_val_if_fail (position < self->donors->len, NULL);

  donor = &g_array_index (self->donors, Donor, position);
  if (from != NULL)
    *from = donor->from;
  if (to != NULL)
    *to = donor->to;

  return donor->machine;
}
