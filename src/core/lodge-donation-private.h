/* lodge-donation-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The arithmetic of taking memory back from guests. KiB. */

typedef struct
{
  guint64 given;      /* what it has */
  guint64 floor;      /* what it must keep */
  guint64 step;       /* what it has is a multiple of this */
} LodgeDonor;

guint64  lodge_donation_get_most   (const LodgeDonor *donor);
guint64  lodge_donation_get_target (const LodgeDonor *donor,
                                    guint64           amount);

/* Divides @amount among as few as possible. @targets: what each is to have then; 0 for who is left
 * alone. FALSE if all together have not got enough.
 */
gboolean lodge_donation_divide     (const LodgeDonor *donors,
                                    guint             n_donors,
                                    guint64           amount,
                                    guint64          *targets);

/* What a machine that is to have @wanted starts with where only @reach is to be had; 0 if that is less
 * than @least.
 */
guint64  lodge_donation_shrink     (guint64           wanted,
                                    guint64           reach,
                                    guint64           least);

G_END_DECLS
