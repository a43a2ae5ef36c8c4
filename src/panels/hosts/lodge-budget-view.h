/* lodge-budget-view.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "lodge-host.h"

G_BEGIN_DECLS

#define LODGE_TYPE_BUDGET_VIEW (lodge_budget_view_get_type ())

/* The memory and cores of the computer that a host is on: who has how much, and what is to be kept. */
G_DECLARE_FINAL_TYPE (LodgeBudgetView, lodge_budget_view, LODGE, BUDGET_VIEW, GtkWidget)

void lodge_budget_view_set_host (LodgeBudgetView *self,
                                 LodgeHost       *host);

G_END_DECLS
