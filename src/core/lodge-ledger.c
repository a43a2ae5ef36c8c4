/* lodge-ledger.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-ledger-private.h"

/*
 * LodgeLedger:
 *
 * Who has how much of a computer's memory and cores.
 *
 * A guest counts with what it has been given, even if it does not touch it yet,
 * as it may do so at any time; and with what it occupies if that is more, which
 * is so while it gives memory back. A container counts with its limit, and
 * without one with what it uses. Sums stop at the largest number: nonsense from
 * a host must not wrap around to something that looks sensible.
 */

#define MIB G_GUINT64_CONSTANT (1024)
#define GIB (1024 * MIB)

/* What QEMU needs beside the guest's memory, in KiB. The base is code, tables, queues and a display;
 * the rest grows with what is in the guest. Software emulation keeps the code it has translated.
 */
#define OVERHEAD_BASE     (96 * MIB)
#define OVERHEAD_VCPU     (4 * MIB)
#define OVERHEAD_EMULATED (128 * MIB)

/* Of the guest's memory: page tables of QEMU's and KVM's. */
#define OVERHEAD_FRACTION 512

static guint64
add (guint64 a,
     guint64 b)
{
  guint64 sum;

  return g_uint64_checked_add (&sum, a, b) ? sum : G_MAXUINT64;
}

static guint64
subtract (guint64 a,
          guint64 b)
{
  return a > b ? a - b : 0;
}

static guint
add_cores (guint a,
           guint b)
{
  guint sum;

  return g_uint_checked_add (&sum, a, b) ? sum : G_MAXUINT;
}

static guint
subtract_cores (guint a,
                guint b)
{
  return a > b ? a - b : 0;
}

/* The larger of 2 GiB and 20 %, but a small computer keeps no more than half of itself. */
guint64
lodge_ledger_get_default_reserve (guint64 total)
{
  return MIN (MAX (2 * GIB, total / 5), total / 2);
}

/* Thousandths. One core, if there is more than one. */
guint
lodge_ledger_get_default_cores (guint cores)
{
  return cores > 1000 ? 1000 : 0;
}

/* @vcpus: a count, not thousandths */
guint64
lodge_ledger_estimate_overhead (guint    vcpus,
                                guint64  memory,
                                guint64  video_memory,
                                gboolean emulated)
{
  guint64 sum = OVERHEAD_BASE + (emulated ? OVERHEAD_EMULATED : 0) + OVERHEAD_VCPU * vcpus;

  return add (add (sum, memory / OVERHEAD_FRACTION), video_memory);
}

static LodgeCount
count_machine (const LodgeClaim *claim)
{
  LodgeCount count = { 0, };
  guint64 surplus;

  count.overhead = claim->overhead;
  count.overhead_source = LODGE_SHARE_SOURCE_ESTIMATE;

  /* What is more than a guest can have is QEMU's for certain. */
  surplus = claim->maximum != 0 ? subtract (claim->resident, claim->maximum) : 0;
  if (surplus > count.overhead)
    {
      count.overhead = surplus;
      count.overhead_source = LODGE_SHARE_SOURCE_RESIDENT;
    }

  count.memory = claim->given;
  count.source = LODGE_SHARE_SOURCE_GIVEN;
  if (subtract (claim->resident, count.overhead) > count.memory)
    {
      count.memory = claim->resident - count.overhead;
      count.source = LODGE_SHARE_SOURCE_RESIDENT;
    }

  return count;
}

static LodgeCount
count_service (const LodgeStock *stock,
               const LodgeClaim *claim)
{
  LodgeCount count = { 0, };
  gboolean limited = claim->given != 0 && claim->given < stock->total;

  count.memory = limited ? claim->given : claim->resident;
  count.source = limited ? LODGE_SHARE_SOURCE_LIMIT : LODGE_SHARE_SOURCE_USE;

  return count;
}

/* What @claim takes. Without a number of cores it takes what it uses. */
LodgeCount
lodge_ledger_count (const LodgeStock *stock,
                    const LodgeClaim *claim)
{
  LodgeCount count = claim->kind == LODGE_SHARE_SERVICE ? count_service (stock, claim)
                                                        : count_machine (claim);

  if (claim->cores == 0 || claim->cores > stock->cores)
    count.cores = claim->kind == LODGE_SHARE_SERVICE ? MIN (claim->load, stock->cores)
                                                     : MIN (claim->cores, stock->cores);
  else
    count.cores = claim->cores;

  return count;
}

LodgeLedger
lodge_ledger_compute (const LodgeStock *stock,
                      const LodgeClaim *claims,
                      guint             n_claims)
{
  LodgeLedger ledger = { .total = stock->total, .cores = stock->cores };
  guint64 taken, rest;

  for (guint i = 0; i < n_claims; i++)
    {
      LodgeCount count = lodge_ledger_count (stock, &claims[i]);

      if (claims[i].kind == LODGE_SHARE_SERVICE)
        ledger.services = add (ledger.services, count.memory);
      else
        ledger.machines = add (ledger.machines, count.memory);

      ledger.overhead = add (ledger.overhead, count.overhead);
      ledger.taken_cores = add_cores (ledger.taken_cores, count.cores);
      ledger.load = add_cores (ledger.load, claims[i].load);
    }

  taken = add (add (ledger.machines, ledger.services), ledger.overhead);
  rest = subtract (stock->total, taken);
  ledger.excess = subtract (taken, stock->total);
  ledger.reserve = MIN (stock->reserve, rest);
  ledger.missing = MIN (stock->reserve, stock->total) - MIN (ledger.reserve, stock->total);
  ledger.free = rest - ledger.reserve;

  ledger.reserve_cores = MIN (stock->reserve_cores, stock->cores);
  ledger.free_cores = subtract_cores (stock->cores - ledger.reserve_cores, ledger.taken_cores);

  return ledger;
}

/* The most that a machine may have, where @claims are all others. @own: its own claim, of which only
 * the overhead counts.
 */
guint64
lodge_ledger_reach_memory (const LodgeStock *stock,
                           const LodgeClaim *claims,
                           guint             n_claims,
                           const LodgeClaim *own)
{
  LodgeLedger others = lodge_ledger_compute (stock, claims, n_claims);

  return subtract (others.free, lodge_ledger_count (stock, own).overhead);
}

/* The most cores (thousandths, whole ones) that a machine may have; at least one. */
guint
lodge_ledger_reach_cores (const LodgeStock *stock,
                          const LodgeClaim *claims,
                          guint             n_claims)
{
  LodgeLedger others = lodge_ledger_compute (stock, claims, n_claims);

  return MAX (others.free_cores / 1000 * 1000, MIN (1000, stock->cores));
}
