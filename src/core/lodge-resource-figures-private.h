/* lodge-resource-figures-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-definition-resources-private.h"

G_BEGIN_DECLS

#define LODGE_NOT_KNOWN G_MAXUINT64

/* What was found out about a machine's resources. KiB. */
typedef struct
{
  LodgeResourceDefinition *live;          /* NULL if it does not run */
  LodgeResourceDefinition *stored;        /* NULL if it has none */
  gboolean                 can_change;    /* the driver knows how */
  gboolean                 saved;
  gboolean                 denied;        /* the host does not let it be changed */
  guint64                  balloon;       /* boot memory less the balloon, or 0 */
  guint64                  usable;        /* said by the guest, or LODGE_NOT_KNOWN */
  guint64                  available;     /* likewise */
  gint64                   told;          /* when it said that, in anybody's seconds; 0 if not known */
  LodgeObstacle            tuning;        /* why there are neither shares nor quotas */
  gboolean                 unified;       /* shares are counted as in version 2 of control groups */
  guint64                  shares;        /* of now, or 0 */
  guint                    guest_vcpus;   /* that the guest uses, or 0 if it does not say */
  guint64                  guest_offline; /* memory that it leaves unused, or LODGE_NOT_KNOWN */
  gboolean                 agent_hangs;
  gboolean                 soon;          /* the guest was just asked to say more */
  guint64                  sent;          /* memory that was asked for at last, or 0 */
  GError                  *failure;       /* what went wrong before the look */
} LodgeResourceFacts;

/* Figures of a machine, each in 64 bits: see lodge-machine-resources.h. */
typedef struct
{
  guint64 ready;
  guint64 ways;
  guint64 memory_asked;
  guint64 memory_reached;
  guint64 memory_state;
  guint64 memory_floor;
  guint64 memory_floor_source;
  guint64 memory_boot;
  guint64 memory_live_maximum;
  guint64 memory_offline;
  guint64 memory_stored;
  guint64 memory_stored_maximum;
  guint64 memory_step;
  guint64 memory_obstacle;
  guint64 memory_way_obstacle;
  guint64 growth_obstacle;
  guint64 growth_prepared;
  guint64 vcpus_asked;
  guint64 vcpus_reached;
  guint64 vcpus_maximum;
  guint64 vcpus_offline;
  guint64 vcpus_stored;
  guint64 vcpus_stored_maximum;
  guint64 vcpus_obstacle;
  guint64 cores_cap;
  guint64 priority;
  guint64 priority_obstacle;
  guint64 agent_hangs;
  guint64 memory_used;  /* reached less offline: what the guest counts as its own */
  gint64  outdated;     /* what the guest told then is of before its memory changed; 0 for nothing */
} LodgeResourceFigures;

LodgeResourceFacts *lodge_resource_facts_new            (void);
void                lodge_resource_facts_free           (LodgeResourceFacts       *facts);
void                lodge_resource_figures_read         (LodgeResourceFigures     *self,
                                                         const LodgeResourceFacts *facts);
guint64             lodge_resource_figures_clamp_memory (LodgeResourceFigures     *self,
                                                         guint64                   kib);
guint64             lodge_memory_floor                  (guint64                   reached,
                                                         guint64                   usable);
void                lodge_memory_split                  (const LodgeResourceDefinition *definition,
                                                         guint64                   kib,
                                                         guint64                  *balloon,
                                                         guint64                  *plugged);
guint64             lodge_priority_get_shares           (LodgePriority             priority,
                                                         gboolean                  unified);
LodgePriority       lodge_priority_from_shares          (guint64                   shares,
                                                         gboolean                  unified);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LodgeResourceFacts, lodge_resource_facts_free)

G_END_DECLS
