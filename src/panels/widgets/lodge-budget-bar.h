/* lodge-budget-bar.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LodgeBudgetBarKind:
 * @LODGE_BUDGET_BAR_RESERVE: kept for the computer itself
 * @LODGE_BUDGET_BAR_OWN: what the page is about
 * @LODGE_BUDGET_BAR_GUEST: another guest
 * @LODGE_BUDGET_BAR_SERVICE: a service
 * @LODGE_BUDGET_BAR_OVERHEAD: what running guests need besides their memory
 * @LODGE_BUDGET_BAR_FREE: nobody's
 */
typedef enum
{
  LODGE_BUDGET_BAR_RESERVE,
  LODGE_BUDGET_BAR_OWN,
  LODGE_BUDGET_BAR_GUEST,
  LODGE_BUDGET_BAR_SERVICE,
  LODGE_BUDGET_BAR_OVERHEAD,
  LODGE_BUDGET_BAR_FREE,
} LodgeBudgetBarKind;

#define LODGE_TYPE_BUDGET_BAR (lodge_budget_bar_get_type ())

/* Who has how much of something that there is only once: a bar in parts, and a legend.
 *
 * Properties: show-legend (boolean).
 */
G_DECLARE_FINAL_TYPE (LodgeBudgetBar, lodge_budget_bar, LODGE, BUDGET_BAR, GtkWidget)

/* A change is a call of begin, one of add for each part, and one of end. */
void lodge_budget_bar_begin (LodgeBudgetBar     *self);
void lodge_budget_bar_add   (LodgeBudgetBar     *self,
                             LodgeBudgetBarKind  kind,
                             const char         *name,
                             double              amount,
                             const char         *amount_words);
void lodge_budget_bar_end   (LodgeBudgetBar     *self,
                             const char         *title);

G_END_DECLS
