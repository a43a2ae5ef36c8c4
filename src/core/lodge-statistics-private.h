/* lodge-statistics-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-statistics.h"
#include "lodge-usage-private.h"

G_BEGIN_DECLS

/* What one sample of a host brings. KiB; 0 and NULL where the host does not tell. */
typedef struct
{
  gint64     time;          /* when it was read, monotonic */
  guint64    memory_total;
  guint64    memory_free;   /* with buffers and caches */
  guint      cores;
  guint64    cpu_busy;      /* ns of all cores since the computer started */
  guint64    cpu_idle;
  char      *node_name;     /* what the computer calls itself */
  char      *node_id;       /* its UUID, as far as that can be believed */
  gboolean   containers;    /* the machines are containers */
  GPtrArray *machines;      /* of LodgeFigures: all that are active */
} LodgeSample;

LodgeSample       *lodge_sample_new          (void);
void               lodge_sample_free         (LodgeSample      *sample);

/* Returns: (transfer none) (nullable): the last one */
const LodgeSample *_lodge_statistics_get_sample (LodgeStatistics *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LodgeSample, lodge_sample_free)

G_END_DECLS
