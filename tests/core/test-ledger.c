/* test-ledger.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-ledger-private.h"

#define MIB G_GUINT64_CONSTANT (1024)
#define GIB (1024 * MIB)

static LodgeClaim
machine (guint64 given,
         guint64 resident,
         guint   cores)
{
  LodgeClaim claim = { .kind = LODGE_SHARE_MACHINE, };

  claim.given = given;
  claim.maximum = given;
  claim.resident = resident;
  claim.overhead = 200 * MIB;
  claim.cores = cores * 1000;

  return claim;
}

static LodgeClaim
service (guint64 limit,
         guint64 use)
{
  LodgeClaim claim = { .kind = LODGE_SHARE_SERVICE, };

  claim.given = limit;
  claim.resident = use;

  return claim;
}

static void
test_default_reserve (void)
{
  g_assert_cmpuint (lodge_ledger_get_default_reserve (8 * GIB), ==, 2 * GIB);
  g_assert_cmpuint (lodge_ledger_get_default_reserve (10 * GIB), ==, 2 * GIB);
  g_assert_cmpuint (lodge_ledger_get_default_reserve (64 * GIB), ==, 64 * GIB / 5);
  g_assert_cmpuint (lodge_ledger_get_default_reserve (3 * GIB), ==, 3 * GIB / 2);
  g_assert_cmpuint (lodge_ledger_get_default_reserve (0), ==, 0);
  g_assert_cmpuint (lodge_ledger_get_default_cores (8000), ==, 1000);
  g_assert_cmpuint (lodge_ledger_get_default_cores (1000), ==, 0);
}

/* A day at a desk: everything has its place, and the sum is what there is. */
static void
test_ordinary (void)
{
  LodgeStock stock = { 32 * GIB, 6 * GIB, 8000, 1000 };
  LodgeClaim claims[] =
  {
    machine (8 * GIB, 5 * GIB, 4),
    machine (4 * GIB, 3 * GIB, 1),
    service (1 * GIB, 300 * MIB),
    service (0, 500 * MIB),
  };
  LodgeClaim own = machine (2 * GIB, 0, 2);
  LodgeLedger ledger = lodge_ledger_compute (&stock, claims, G_N_ELEMENTS (claims));

  g_assert_cmpuint (ledger.machines, ==, 12 * GIB);
  g_assert_cmpuint (ledger.overhead, ==, 400 * MIB);
  g_assert_cmpuint (ledger.services, ==, 1 * GIB + 500 * MIB);
  g_assert_cmpuint (ledger.reserve, ==, 6 * GIB);
  g_assert_cmpuint (ledger.free, ==, 13 * GIB - 900 * MIB);
  g_assert_cmpuint (ledger.missing, ==, 0);
  g_assert_cmpuint (ledger.free_cores, ==, 2000);

  g_assert_cmpuint (lodge_ledger_reach_memory (&stock, claims, G_N_ELEMENTS (claims), &own), ==,
                    ledger.free - 200 * MIB);
  g_assert_cmpuint (lodge_ledger_reach_cores (&stock, claims, G_N_ELEMENTS (claims)), ==, 2000);
}

/* What is being given back counts until the host has it. */
static void
test_resident_counts (void)
{
  LodgeStock stock = { 32 * GIB, 6 * GIB, 8000, 1000 };
  LodgeClaim claim = machine (2 * GIB, 7 * GIB, 1);
  LodgeCount count;

  claim.maximum = 8 * GIB;
  count = lodge_ledger_count (&stock, &claim);
  g_assert_cmpuint (count.memory + count.overhead, ==, 7 * GIB);
  g_assert_cmpint (count.source, ==, LODGE_SHARE_SOURCE_RESIDENT);

  claim.resident = 1 * GIB;
  count = lodge_ledger_count (&stock, &claim);
  g_assert_cmpuint (count.memory, ==, 2 * GIB);
  g_assert_cmpuint (count.overhead, ==, 200 * MIB);
  g_assert_cmpint (count.source, ==, LODGE_SHARE_SOURCE_GIVEN);
  g_assert_cmpint (count.overhead_source, ==, LODGE_SHARE_SOURCE_ESTIMATE);

  /* More than it can have at all is QEMU's own. */
  claim.given = 8 * GIB;
  claim.resident = 9 * GIB;
  count = lodge_ledger_count (&stock, &claim);
  g_assert_cmpuint (count.memory, ==, 8 * GIB);
  g_assert_cmpuint (count.overhead, ==, 1 * GIB);
  g_assert_cmpint (count.overhead_source, ==, LODGE_SHARE_SOURCE_RESIDENT);
}

static void
test_containers (void)
{
  LodgeStock stock = { 32 * GIB, 6 * GIB, 8000, 1000 };
  LodgeClaim limited = service (1 * GIB, 300 * MIB);
  LodgeClaim unlimited = service (0, 300 * MIB);
  LodgeClaim boundless = service (G_MAXINT64 / 1024, 300 * MIB);

  unlimited.load = 2500;
  limited.cores = 1500;
  limited.load = 100;
  boundless.cores = 64000;
  g_assert_cmpuint (lodge_ledger_count (&stock, &limited).memory, ==, 1 * GIB);
  g_assert_cmpint (lodge_ledger_count (&stock, &limited).source, ==, LODGE_SHARE_SOURCE_LIMIT);
  g_assert_cmpuint (lodge_ledger_count (&stock, &limited).cores, ==, 1500);
  g_assert_cmpuint (lodge_ledger_count (&stock, &unlimited).memory, ==, 300 * MIB);
  g_assert_cmpint (lodge_ledger_count (&stock, &unlimited).source, ==, LODGE_SHARE_SOURCE_USE);
  g_assert_cmpuint (lodge_ledger_count (&stock, &unlimited).cores, ==, 2500);
  g_assert_cmpuint (lodge_ledger_count (&stock, &boundless).memory, ==, 300 * MIB);
  g_assert_cmpuint (lodge_ledger_count (&stock, &boundless).cores, ==, 0);
}

static void
test_too_much (void)
{
  LodgeStock stock = { 16 * GIB, 4 * GIB, 4000, 1000 };
  LodgeClaim claims[] = { machine (10 * GIB, 0, 4), machine (4 * GIB, 0, 4) };
  LodgeClaim own = machine (2 * GIB, 0, 1);
  LodgeLedger ledger = lodge_ledger_compute (&stock, claims, 2);

  g_assert_cmpuint (ledger.free, ==, 0);
  g_assert_cmpuint (ledger.reserve, ==, 2 * GIB - 400 * MIB);
  g_assert_cmpuint (ledger.missing, ==, 2 * GIB + 400 * MIB);
  g_assert_cmpuint (ledger.excess, ==, 0);
  g_assert_cmpuint (ledger.free_cores, ==, 0);
  g_assert_cmpuint (lodge_ledger_reach_memory (&stock, claims, 2, &own), ==, 0);
  g_assert_cmpuint (lodge_ledger_reach_cores (&stock, claims, 2), ==, 1000);

  claims[0] = machine (20 * GIB, 0, 4);
  ledger = lodge_ledger_compute (&stock, claims, 2);
  g_assert_cmpuint (ledger.reserve, ==, 0);
  g_assert_cmpuint (ledger.missing, ==, 4 * GIB);
  g_assert_cmpuint (ledger.excess, ==, 8 * GIB + 400 * MIB);
}

static guint64
any_kib (void)
{
  guint64 number = (guint64)(guint32)g_test_rand_int () << 32 | (guint32)g_test_rand_int ();

  return number >> g_test_rand_int_range (0, 64);
}

static LodgeClaim
any_claim (void)
{
  LodgeClaim claim = { 0, };

  claim.kind = g_test_rand_bit () ? LODGE_SHARE_MACHINE : LODGE_SHARE_SERVICE;
  claim.given = any_kib ();
  claim.maximum = any_kib ();
  claim.resident = any_kib ();
  claim.overhead = claim.kind == LODGE_SHARE_MACHINE ? any_kib () : 0;
  claim.cores = any_kib ();
  claim.load = any_kib ();

  return claim;
}

/* Whatever the figures: the parts are the whole, nothing is negative (which would show as huge), and
 * nobody can reach the reserve.
 */
static void
test_any_figures (void)
{
  for (guint i = 0; i < 20000; i++)
    {
      LodgeStock stock = { any_kib (), any_kib (), any_kib (), any_kib () };
      LodgeClaim claims[6], own = any_claim ();
      guint n = g_test_rand_int_range (0, 7);
      LodgeLedger ledger;
      guint64 reach, taken;
      guint cores;

      own.kind = LODGE_SHARE_MACHINE;
      for (guint k = 0; k < n; k++)
        claims[k] = any_claim ();

      ledger = lodge_ledger_compute (&stock, claims, n);
      g_assert_cmpuint (ledger.free, <=, stock.total);
      g_assert_cmpuint (ledger.reserve, <=, MIN (stock.reserve, stock.total));
      g_assert_cmpuint (ledger.free_cores, <=, stock.cores);
      g_assert_true (ledger.free == 0 || ledger.missing == 0);
      g_assert_true (ledger.excess == 0 || (ledger.free == 0 && ledger.reserve == 0));
      g_assert_cmpuint (ledger.missing + ledger.reserve, ==, MIN (stock.reserve, stock.total));

      if (g_uint64_checked_add (&taken, ledger.machines, ledger.services) &&
          g_uint64_checked_add (&taken, taken, ledger.overhead))
        g_assert_cmpuint (taken + ledger.reserve + ledger.free, ==, stock.total + ledger.excess);

      reach = lodge_ledger_reach_memory (&stock, claims, n, &own);
      g_assert_cmpuint (reach, <=, ledger.free);
      g_assert_true (reach == 0 || reach + ledger.reserve <= stock.total);

      cores = lodge_ledger_reach_cores (&stock, claims, n);
      g_assert_cmpuint (cores, <=, stock.cores);
      g_assert_true (stock.cores < 1000 || cores >= 1000);
    }
}

/* Taking what one can reach leaves nothing and takes nothing of the reserve. */
static void
test_reach_is_exact (void)
{
  for (guint i = 0; i < 5000; i++)
    {
      LodgeStock stock = { 64 * GIB, 12 * GIB, 16000, 1000 };
      LodgeClaim claims[5];
      guint n = g_test_rand_int_range (0, 5);
      LodgeLedger ledger;
      guint64 reach;

      for (guint k = 0; k < n; k++)
        claims[k] = g_test_rand_bit () ? machine (any_kib () % (16 * GIB), any_kib () % (16 * GIB), 1)
                                       : service (any_kib () % (4 * GIB), any_kib () % (4 * GIB));

      claims[n] = machine (GIB, 0, 1);
      reach = lodge_ledger_reach_memory (&stock, claims, n, &claims[n]);
      if (reach == 0)
        continue;

      claims[n].given = claims[n].maximum = reach;
      ledger = lodge_ledger_compute (&stock, claims, n + 1);
      g_assert_cmpuint (ledger.missing, ==, 0);
      g_assert_cmpuint (ledger.free, ==, 0);

      claims[n].given++;
      g_assert_cmpuint (lodge_ledger_compute (&stock, claims, n + 1).missing, ==, 1);
    }
}

static void
test_overhead (void)
{
  guint64 small = lodge_ledger_estimate_overhead (1, 1 * GIB, 0, FALSE);
  guint64 screens = lodge_ledger_estimate_overhead (1, 1 * GIB, 256 * MIB, FALSE);
  guint64 software = lodge_ledger_estimate_overhead (1, 1 * GIB, 0, TRUE);
  guint64 large = lodge_ledger_estimate_overhead (16, 64 * GIB, 0, FALSE);

  g_assert_cmpuint (small, >, 50 * MIB);
  g_assert_cmpuint (small, <, 300 * MIB);
  g_assert_cmpuint (screens, ==, small + 256 * MIB);
  g_assert_cmpuint (software, >, small);
  g_assert_cmpuint (large, >, small);
  g_assert_cmpuint (large, <, 1 * GIB);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/ledger/default-reserve", test_default_reserve);
  g_test_add_func ("/core/ledger/ordinary", test_ordinary);
  g_test_add_func ("/core/ledger/resident-counts", test_resident_counts);
  g_test_add_func ("/core/ledger/containers", test_containers);
  g_test_add_func ("/core/ledger/too-much", test_too_much);
  g_test_add_func ("/core/ledger/any-figures", test_any_figures);
  g_test_add_func ("/core/ledger/reach-is-exact", test_reach_is_exact);
  g_test_add_func ("/core/ledger/overhead", test_overhead);

  return g_test_run ();
}
