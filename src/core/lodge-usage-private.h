/* lodge-usage-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-usage.h"

G_BEGIN_DECLS

/* What a host tells of one active machine. KiB; 0 where it tells nothing. */
typedef struct
{
  char    *id;
  char    *name;
  int      run;          /* another number each time that it is started */
  guint64  cpu_time;     /* ns of all its cores since it started; G_MAXUINT64 if not known */
  guint    vcpus;
  guint64  actual;       /* with what virtio-mem has plugged in */
  guint64  maximum;
  guint64  available;
  guint64  unused;
  guint64  usable;
  guint64  caches;
  guint64  resident;
  guint64  swapped;      /* to and from the guest's swap since it started */
  guint64  major_faults; /* of the guest since it started, a number */
  gint64   guest_time;   /* seconds since 1970, when the guest told the figures above */
} LodgeFigures;

void  lodge_figures_free     (LodgeFigures       *figures);

/* @time: when they were read, monotonic */
void  _lodge_usage_apply     (LodgeUsage         *self,
                              const LodgeFigures *figures,
                              gint64              time);

/* The machine does not run any more. */
void  _lodge_usage_clear     (LodgeUsage         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LodgeFigures, lodge_figures_free)

G_END_DECLS
