/* lodge-resources-panel-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-amount-field.h"
#include "lodge-budget-bar.h"
#include "lodge-budget.h"
#include "lodge-machine-preferences.h"
#include "lodge-machine-resources.h"
#include "lodge-resource-row.h"
#include "lodge-resources-panel.h"
#include "lodge-statistics.h"
#include "lodge-usage.h"

G_BEGIN_DECLS

struct _LodgeResourcesPanel
{
  LodgePanel             parent_instance;

  LodgeMachine          *machine;
  LodgeMachineResources *resources;
  LodgeBudget           *budget;
  LodgeStatisticsWatch  *watch;
  LodgeBudgetWatch      *budget_watch;
  GSignalGroup          *budget_signals;
  GSignalGroup          *machine_signals;
  GSignalGroup          *preferences_signals;
  GSignalGroup          *resources_signals;
  GSignalGroup          *pending_signals;
  GSignalGroup          *usage_signals;
  guint                  update_id;
  guint                  n_priorities;   /* that are being written */
  guint                  n_ranges;       /* likewise, of automatic memory */
  guint                  updating : 1;
  guint                  preparing : 1;
  guint                  pending_changed : 1;

  /* Template references */
  GtkLabel              *automatic_label;
  GtkSwitch             *automatic_switch;
  LodgeBudgetBar        *budget_bar;
  GtkWidget             *budget_box;
  GtkLabel              *budget_label;
  LodgeAmountField      *ceiling_field;
  LodgeResourceRow      *cores_row;
  LodgeAmountField      *floor_field;
  GtkWidget             *growth_box;
  GtkWidget             *growth_button;
  GtkLabel              *growth_label;
  GtkWidget             *loan_box;
  GtkWidget             *loan_button;
  GtkLabel              *loan_label;
  LodgeResourceRow      *memory_row;
  GtkWidget             *offline_box;
  GtkWidget             *offline_button;
  GtkLabel              *offline_label;
  GtkWidget             *pending_group;
  GtkListBox            *pending_list;
  GtkWidget             *priority_box;
  GtkToggleButton       *priority_background;
  GtkToggleButton       *priority_first;
  GtkToggleButton       *priority_normal;
  GtkLabel              *priority_reason;
  GtkLabel              *reason_label;
  GtkWidget             *restart_button;
};

/* Not while it is hidden, and once for many changes. */
void _lodge_resources_panel_queue_update (LodgeResourcesPanel *self);

/* What stands in the way of all of it, and is said once for that, or none. */
LodgeObstacle _lodge_resources_panel_get_obstacle (LodgeResourcesPanel *self);

/* Why @widget cannot be used, for the pointer and for assistive technology. @reason: (nullable) */
void _lodge_resources_panel_bar          (GtkWidget           *widget,
                                          const char          *reason);

/* What was refused, with a title of its own; and what there is now is shown again. */
void _lodge_resources_panel_refused      (LodgeResourcesPanel *self,
                                          const GError        *error,
                                          const char          *title_format);

/* What ends a change: its finish function, and a title for what was refused. Both for one call. */
typedef gboolean (*LodgeResourcesFinish) (LodgeMachineResources  *resources,
                                          GAsyncResult           *result,
                                          GError                **error);

gpointer _lodge_resources_panel_expect  (LodgeResourcesPanel  *self,
                                         LodgeResourcesFinish  finish,
                                         const char           *title_format);
void     _lodge_resources_panel_over_cb (GObject              *object,
                                         GAsyncResult         *result,
                                         gpointer              user_data);

/* lodge-resources-panel-memory.c */
void _lodge_resources_panel_init_memory   (LodgeResourcesPanel *self);
void _lodge_resources_panel_update_memory (LodgeResourcesPanel *self);

/* lodge-resources-panel-cores.c */
void _lodge_resources_panel_init_cores    (LodgeResourcesPanel *self);
void _lodge_resources_panel_update_cores  (LodgeResourcesPanel *self);

/* lodge-resources-panel-growth.c */
void _lodge_resources_panel_init_growth   (LodgeResourcesPanel *self);
void _lodge_resources_panel_update_growth (LodgeResourcesPanel *self);

/* lodge-resources-panel-loan.c */
void _lodge_resources_panel_init_loan     (LodgeResourcesPanel *self);
void _lodge_resources_panel_update_loan   (LodgeResourcesPanel *self);

/* lodge-resources-panel-automatic.c */
void _lodge_resources_panel_init_automatic   (LodgeResourcesPanel *self);
void _lodge_resources_panel_update_automatic (LodgeResourcesPanel *self);

/* lodge-resources-panel-priority.c */
void _lodge_resources_panel_init_priority   (LodgeResourcesPanel *self);
void _lodge_resources_panel_update_priority (LodgeResourcesPanel *self);

G_END_DECLS
