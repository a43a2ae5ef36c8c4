/* lodge-memory-policy.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-types.h"

G_BEGIN_DECLS

/* Automatic memory as arithmetic: figures in, a decision out; no clock, no libvirt, no objects. */

/* How often the policy must be asked, in seconds: while a guest is tight or follows, and else. */
#define LODGE_MEMORY_TICK_TIGHT  1
#define LODGE_MEMORY_TICK_CALM   2

/* What is known of a guest at one moment; amounts in KiB. The names of the figures are those of
 * libvirt's balloon statistics (virConnectGetAllDomainStats, balloon.*).
 */
typedef struct
{
  gint64         time;         /* µs, monotonic */
  LodgePriority  priority;
  guint64        floor;        /* the least that it is left; 0 for the default */
  guint64        ceiling;      /* the most that it is given; 0 for all that it can have */
  guint64        maximum;      /* the most that it can have without a restart */
  guint64        boot;         /* what it is meant to have; 0 for the most */
  guint64        target;       /* what was asked for last */
  guint64        actual;       /* what it has */
  guint64        unused;       /* what it uses for nothing at all; 0 if not known */
  guint64        usable;       /* what it could do without, caches included; 0 if not known */
  guint64        available;    /* what it believes to have; 0 if not known */
  guint64        swapped;      /* to and from its swap, since its start */
  guint64        major_faults; /* since its start, a number */
  gint64         last_update;  /* when it told that, in anybody's seconds; 0 if not known */
} LodgeMemoryFigures;

/* What the policy remembers of a guest. Zero at first, and after every start of the guest. */
typedef struct
{
  guint64        peaks[6];     /* of what it used, in the last minute */
  gint64         peak_time;    /* when the first of them began */
  gint64         used_time;    /* of the last figures */
  guint64        used;
  guint64        swapped;
  guint64        major_faults;
  gint64         last_update;
  guint64        actual;       /* as it was the last time */
  gint64         asked_time;   /* of the last change of the target, while it is followed; else 0 */
  guint64        asked_from;   /* what it had then */
  gint64         given_time;   /* when it was last made to give back */
  gint64         surplus_time; /* since when it has too much, or 0 */
  gboolean       short_of;     /* it needs more than the host has */
} LodgeMemoryState;

typedef struct
{
  guint64            target;   /* KiB; as it is if nothing is to be done */
  LodgeMemoryReason  reason;
  gboolean           tight;    /* ask again after LODGE_MEMORY_TICK_TIGHT */
} LodgeMemoryDecision;

/* One guest among those that share a computer's memory. */
typedef struct
{
  LodgeMemoryFigures   figures;
  LodgeMemoryState    *state;
  LodgeMemoryDecision  decision;
} LodgeMemoryGuest;

guint64 lodge_memory_policy_get_default_floor (guint64              boot);
guint64 lodge_memory_policy_get_least         (guint64              used);
void    lodge_memory_policy_decide            (LodgeMemoryGuest    *guests,
                                               guint                n_guests,
                                               gint64               host_free);

G_END_DECLS
