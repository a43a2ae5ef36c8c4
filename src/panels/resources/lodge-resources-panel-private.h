/* lodge-resources-panel-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-budget-bar.h"
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
  LodgeStatisticsWatch  *watch;
  GSignalGroup          *machine_signals;
  GSignalGroup          *resources_signals;
  GSignalGroup          *pending_signals;
  GSignalGroup          *usage_signals;
  guint                  update_id;
  guint                  updating : 1;

  /* Template references */
  LodgeResourceRow      *cores_row;
  LodgeResourceRow      *memory_row;
  GtkWidget             *pending_group;
  GtkListBox            *pending_list;
  GtkWidget             *priority_box;
  GtkToggleButton       *priority_background;
  GtkToggleButton       *priority_first;
  GtkToggleButton       *priority_normal;
  GtkLabel              *priority_reason;
  GtkWidget             *restart_button;
};

/* Not while it is hidden, and once for many changes. */
void _lodge_resources_panel_queue_update (LodgeResourcesPanel *self);

/* What was refused, with a title of its own; and what there is now is shown again. */
void _lodge_resources_panel_refused      (LodgeResourcesPanel *self,
                                          const GError        *error,
                                          const char          *title_format);

/* lodge-resources-panel-memory.c */
void _lodge_resources_panel_init_memory   (LodgeResourcesPanel *self);
void _lodge_resources_panel_update_memory (LodgeResourcesPanel *self);

/* lodge-resources-panel-cores.c */
void _lodge_resources_panel_init_cores    (LodgeResourcesPanel *self);
void _lodge_resources_panel_update_cores  (LodgeResourcesPanel *self);

G_END_DECLS
