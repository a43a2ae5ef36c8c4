/* lodge-ledger-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-types.h"

G_BEGIN_DECLS

/* The arithmetic of a budget: figures in, shares out. Memory is in KiB and cores in thousandths. */

/* What there is, and what the host keeps for itself. */
typedef struct
{
  guint64 total;
  guint64 reserve;
  guint   cores;
  guint   reserve_cores;
} LodgeStock;

/* What a guest or a container takes of it. */
typedef struct
{
  LodgeShareKind kind;       /* LODGE_SHARE_MACHINE or LODGE_SHARE_SERVICE */
  guint64        given;      /* a machine: all that it has, or is being given; a container: its limit,
                              * 0 for none */
  guint64        maximum;    /* a machine: all that it could have without a restart, or 0 */
  guint64        resident;   /* what it occupies, QEMU included; 0 if not known */
  guint64        overhead;   /* a machine: what QEMU needs for itself, estimated */
  guint          cores;      /* that it can use, or 0 for all */
  guint          load;       /* that it uses */
} LodgeClaim;

typedef struct
{
  guint64          memory;
  guint64          overhead;
  guint            cores;
  LodgeShareSource source;           /* of memory */
  LodgeShareSource overhead_source;
} LodgeCount;

/* The sum of all parts is total + excess. */
typedef struct
{
  guint64 total;
  guint64 reserve;       /* what is left of it */
  guint64 machines;
  guint64 overhead;
  guint64 services;
  guint64 free;
  guint64 missing;       /* what others have taken of the reserve */
  guint64 excess;        /* what others take that is not even there */
  guint   cores;
  guint   reserve_cores;
  guint   taken_cores;
  guint   free_cores;
  guint   load;          /* of guests and containers */
} LodgeLedger;

guint64     lodge_ledger_get_default_reserve (guint64            total);
guint       lodge_ledger_get_default_cores   (guint              cores);
guint64     lodge_ledger_estimate_overhead   (guint              vcpus,
                                              guint64            memory,
                                              guint64            video_memory,
                                              gboolean           emulated);
LodgeCount  lodge_ledger_count               (const LodgeStock  *stock,
                                              const LodgeClaim  *claim);
LodgeLedger lodge_ledger_compute             (const LodgeStock  *stock,
                                              const LodgeClaim  *claims,
                                              guint              n_claims);
guint64     lodge_ledger_reach_memory        (const LodgeStock  *stock,
                                              const LodgeClaim  *claims,
                                              guint              n_claims,
                                              const LodgeClaim  *own);
guint       lodge_ledger_reach_cores         (const LodgeStock  *stock,
                                              const LodgeClaim  *claims,
                                              guint              n_claims);

G_END_DECLS
