/* lodge-budget-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-budget.h"
#include "lodge-ledger-private.h"
#include "lodge-worker.h"

G_BEGIN_DECLS

/* Somebody who takes of a computer's memory. */
typedef struct
{
  LodgeClaim    claim;
  char         *key;       /* the same for the same guest through all connections */
  char         *name;
  const char   *engine;
  LodgeMachine *machine;   /* or NULL */
} LodgeTaker;

/* For the budget's own parts. */
struct _LodgeBudget
{
  GObject       parent_instance;
  char         *id;
  GPtrArray    *hosts;            /* LodgeHost, weak: each leaves before it ends */
  GPtrArray    *watches;          /* LodgeBudgetWatch, weak: each leaves before it ends */
  GHashTable   *statistics;       /* from hosts to the watches on their statistics */
  GListStore   *shares;
  GPtrArray    *takers;           /* of LodgeTaker */
  GPtrArray    *containers;       /* of LodgeContainer: those of this computer */
  GHashTable   *container_times;  /* from IDs to times of processor, of the reading before */
  GHashTable   *container_loads;  /* from IDs to thousandths of cores */
  gint64        containers_time;
  LodgeWorker  *worker;           /* for containers */
  GPtrArray    *waiters;          /* tasks that end when the containers have been read */
  LodgeStock    stock;
  LodgeLedger   ledger;
  guint64       host_use;
  guint64       memory_free;
  double        load;
  guint64       reserve_setting;
  int           reserve_cores_setting;
  gboolean      containers_busy;
};

void        lodge_taker_free                 (LodgeTaker    *taker);

/* lodge-budget.c */
void        lodge_budget_compute             (LodgeBudget   *self);
void        lodge_budget_update_watches      (LodgeBudget   *self);
LodgeTaker *lodge_budget_find_taker          (LodgeBudget   *self,
                                              const char    *key);
GArray     *lodge_budget_get_claims          (LodgeBudget   *self,
                                              const char    *but);

/* lodge-budget-takers.c */
char       *lodge_budget_dup_key             (LodgeMachine  *machine);
LodgeTaker *lodge_budget_new_taker           (LodgeMachine  *machine);
GPtrArray  *lodge_budget_collect             (LodgeBudget   *self);
void        lodge_budget_read_containers     (LodgeBudget   *self,
                                              GTask         *waiter);

/* lodge-budget-computers.c; for LodgeHost, from its construction to its end. */
void        _lodge_budget_join               (LodgeHost     *host);
void        _lodge_budget_leave              (LodgeHost     *host);
void        lodge_budget_find_siblings       (LodgeBudget   *self,
                                              LodgeHost     *host);

G_END_DECLS
