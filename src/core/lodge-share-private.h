/* lodge-share-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-share.h"

G_BEGIN_DECLS

/* What a share is to be. */
typedef struct
{
  LodgeShareKind    kind;
  char             *key;      /* what it is known by */
  char             *name;
  char             *engine;
  LodgeMachine     *machine;
  guint64           memory;
  guint             cores;
  guint             load;
  LodgeShareSource  source;
} LodgeShareFacts;

LodgeShareFacts *lodge_share_facts_new  (LodgeShareKind          kind,
                                         const char             *key,
                                         guint64                 memory,
                                         LodgeShareSource        source);
void             lodge_share_facts_free (LodgeShareFacts        *facts);

LodgeShare      *_lodge_share_new       (const LodgeShareFacts  *facts);
const char      *_lodge_share_get_key   (LodgeShare             *self);
void             _lodge_share_apply     (LodgeShare             *self,
                                         const LodgeShareFacts  *facts);

/* Makes the shares in @store those of @all (of LodgeShareFacts), in that order. */
void             _lodge_share_sync      (GListStore             *store,
                                         GPtrArray              *all);

G_END_DECLS
