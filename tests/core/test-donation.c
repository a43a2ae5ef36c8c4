/* test-donation.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-donation-private.h"

#define MIB G_GUINT64_CONSTANT (1024)
#define GIB (1024 * MIB)

static void
test_one_guest (void)
{
  LodgeDonor donor = { 4 * GIB, 1 * GIB, 1 };
  LodgeDonor blocks = { 4 * GIB + 2 * MIB, 1 * GIB, 128 * MIB };

  g_assert_cmpuint (lodge_donation_get_most (&donor), ==, 3 * GIB);
  g_assert_cmpuint (lodge_donation_get_target (&donor, 1 * GIB), ==, 3 * GIB);
  g_assert_cmpuint (lodge_donation_get_target (&donor, 100 * GIB), ==, 1 * GIB);

  /* Rather a block too much than too little. */
  g_assert_cmpuint (lodge_donation_get_target (&blocks, 1 * GIB), ==, 3 * GIB);
}

/* Nobody is taken below what it must keep, and nobody is troubled for crumbs. */
static void
test_has_nothing (void)
{
  LodgeDonor none = { 0, 0, 0 };
  LodgeDonor below = { 1 * GIB, 2 * GIB, 1 };
  LodgeDonor crumbs = { 1 * GIB + 10 * MIB, 1 * GIB, 1 };

  g_assert_cmpuint (lodge_donation_get_most (&none), ==, 0);
  g_assert_cmpuint (lodge_donation_get_most (&below), ==, 0);
  g_assert_cmpuint (lodge_donation_get_target (&below, 1), ==, 1 * GIB);
  g_assert_cmpuint (lodge_donation_get_most (&crumbs), ==, 0);
}

static void
test_several (void)
{
  LodgeDonor donors[] =
  {
    { 2 * GIB, 1 * GIB, 1 },
    { 8 * GIB, 2 * GIB, 1 },
    { 4 * GIB, 1 * GIB, 1 },
  };
  guint64 targets[3];

  g_assert_true (lodge_donation_divide (donors, 3, 5 * GIB, targets));
  g_assert_cmpuint (targets[0], ==, 0);
  g_assert_cmpuint (targets[1], ==, 3 * GIB);
  g_assert_cmpuint (targets[2], ==, 0);

  g_assert_true (lodge_donation_divide (donors, 3, 7 * GIB, targets));
  g_assert_cmpuint (targets[0], ==, 0);
  g_assert_cmpuint (targets[1], ==, 2 * GIB);
  g_assert_cmpuint (targets[2], ==, 3 * GIB);

  g_assert_false (lodge_donation_divide (donors, 3, 11 * GIB, targets));
  g_assert_false (lodge_donation_divide (donors, 0, 1, targets));
}

static void
test_any_figures (void)
{
  for (guint i = 0; i < 20000; i++)
    {
      LodgeDonor donors[5];
      guint64 targets[5], gain = 0, possible = 0;
      guint64 amount = (guint32)g_test_rand_int () >> g_test_rand_int_range (0, 32);
      guint n = g_test_rand_int_range (0, 6);

      for (guint k = 0; k < n; k++)
        {
          donors[k].given = (guint32)g_test_rand_int () >> g_test_rand_int_range (0, 32);
          donors[k].floor = (guint32)g_test_rand_int () >> g_test_rand_int_range (0, 32);
          donors[k].step = g_test_rand_bit () ? 1 : 2 * MIB;
          possible += lodge_donation_get_most (&donors[k]);
        }

      if (!lodge_donation_divide (donors, n, amount, targets))
        {
          g_assert_cmpuint (possible, <, amount);
          continue;
        }

      for (guint k = 0; k < n; k++)
        {
          if (targets[k] == 0)
            continue;

          g_assert_cmpuint (targets[k], >=, donors[k].floor);
          g_assert_cmpuint (targets[k], <=, donors[k].given);
          gain += donors[k].given - targets[k];
        }

      g_assert_cmpuint (gain, >=, amount);
    }
}

static void
test_shrink (void)
{
  g_assert_cmpuint (lodge_donation_shrink (4 * GIB, 3 * GIB + 5 * MIB, 1 * GIB), ==, 3 * GIB);
  g_assert_cmpuint (lodge_donation_shrink (4 * GIB, 600 * MIB + 1, 256 * MIB), ==, 592 * MIB);
  g_assert_cmpuint (lodge_donation_shrink (4 * GIB, 900 * MIB, 1 * GIB), ==, 0);
  g_assert_cmpuint (lodge_donation_shrink (4 * GIB, 0, 0), ==, 0);
  g_assert_cmpuint (lodge_donation_shrink (1 * GIB, 8 * GIB, 256 * MIB), ==, 1 * GIB);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/donation/one-guest", test_one_guest);
  g_test_add_func ("/core/donation/has-nothing", test_has_nothing);
  g_test_add_func ("/core/donation/several", test_several);
  g_test_add_func ("/core/donation/any-figures", test_any_figures);
  g_test_add_func ("/core/donation/shrink", test_shrink);

  return g_test_run ();
}
