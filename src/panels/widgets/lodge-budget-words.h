/* lodge-budget-words.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-budget-bar.h"
#include "lodge-budget.h"
#include "lodge-machine.h"
#include "lodge-share.h"

G_BEGIN_DECLS

char *lodge_budget_words_dup_share      (LodgeShare     *share);
char *lodge_budget_words_dup_others     (LodgeBudget    *budget,
                                         LodgeMachine   *machine);
char *lodge_budget_words_dup_others_cores
                                        (LodgeBudget    *budget,
                                         LodgeMachine   *machine);
void  lodge_budget_words_show_memory    (LodgeBudgetBar *bar,
                                         LodgeBudget    *budget,
                                         LodgeMachine   *own);
void  lodge_budget_words_show_cores     (LodgeBudgetBar *bar,
                                         LodgeBudget    *budget,
                                         LodgeMachine   *own);

G_END_DECLS
