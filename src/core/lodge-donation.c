/* lodge-donation.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-donation-private.h"

#define MIB G_GUINT64_CONSTANT (1024)

/* Nobody is troubled for less. */
#define LEAST_DONATION (64 * MIB)

/* What the host gains if @donor goes down to its floor. */
guint64
lodge_donation_get_most (const LodgeDonor *donor)
{
  guint64 floor = MAX (donor->floor, 1);
  guint64 most = donor->given > floor ? donor->given - floor : 0;

  return most >= LEAST_DONATION ? most : 0;
}

/* What @donor has to go down to, so that the host gains @amount, or a step less where the floor is in
 * the way. Less memory by some amount frees that much, whether all of it was in use or not: what is
 * counted is what a guest has been given.
 */
guint64
lodge_donation_get_target (const LodgeDonor *donor,
                           guint64           amount)
{
  guint64 target = donor->given > amount ? donor->given - amount : 0;

  if (donor->step > 1)
    target -= target % donor->step;

  /* 0 would say that it is left alone. */
  return CLAMP (target, MIN (MAX (donor->floor, 1), donor->given), donor->given);
}

static int
find_largest (const LodgeDonor *donors,
              guint             n_donors,
              const guint64    *targets)
{
  int largest = -1;

  for (guint i = 0; i < n_donors; i++)
    {
      guint64 most = lodge_donation_get_most (&donors[i]);

      if (targets[i] == 0 && most > 0 &&
          (largest < 0 || most > lodge_donation_get_most (&donors[largest])))
        largest = i;
    }

  return largest;
}

gboolean
lodge_donation_divide (const LodgeDonor *donors,
                       guint             n_donors,
                       guint64           amount,
                       guint64          *targets)
{
  for (guint i = 0; i < n_donors; i++)
    targets[i] = 0;

  while (amount > 0)
    {
      int at = find_largest (donors, n_donors, targets);
      guint64 most;

      if (at < 0)
        return FALSE;

      most = lodge_donation_get_most (&donors[at]);
      targets[at] = lodge_donation_get_target (&donors[at], MIN (amount, most));
      amount -= MIN (amount, most);
    }

  return TRUE;
}

guint64
lodge_donation_shrink (guint64 wanted,
                       guint64 reach,
                       guint64 least)
{
  guint64 step = reach >= 2048 * MIB ? 128 * MIB : 16 * MIB;
  guint64 kib = MIN (reach - reach % step, wanted);

  return kib >= least && kib > 0 ? kib : 0;
}
