/* lodge-resources-panel.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-error.h"
#include "lodge-host.h"
#include "lodge-report.h"
#include "lodge-resource-words.h"
#include "lodge-resources-panel-private.h"
#include "lodge-start-anew.h"
#include "lodge-words.h"

/**
 * LodgeResourcesPanel:
 *
 * Memory, cores and priority of a guest.
 *
 * It shows what the models say and sends what the user asks for; what is reached comes back from the
 * models alone. It looks at statistics only while it is seen.
 */

G_DEFINE_FINAL_TYPE (LodgeResourcesPanel, lodge_resources_panel, LODGE_TYPE_PANEL)

void
_lodge_resources_panel_refused (LodgeResourcesPanel *self,
                                const GError        *error,
                                const char          *title_format)
{
  _lodge_resources_panel_queue_update (self);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      g_error_matches (error, LODGE_ERROR, LODGE_ERROR_SUPERSEDED))
    return;

  if (self->machine != NULL)
    {
      g_autofree char *name = lodge_words_dup_machine_title (self->machine);
      g_autoptr(LodgeProblem) problem = lodge_problem_new (error, LODGE_ACTION_NONE, name);
      g_auto(GStrv) parts = g_strsplit (title_format, "%s", 2);

      g_free (problem->title);
      problem->title = g_strjoinv (name, parts);
      lodge_report_problem (GTK_WIDGET (self), problem);
    }
}

typedef struct
{
  LodgeResourcesPanel  *panel;
  LodgeResourcesFinish  finish;
  const char           *title_format;
} Expected;

/* Returns: user data for _lodge_resources_panel_over_cb() */
gpointer
_lodge_resources_panel_expect (LodgeResourcesPanel  *self,
                               LodgeResourcesFinish  finish,
                               const char           *title_format)
{
  Expected *expected = g_new0 (Expected, 1);

  expected->panel = g_object_ref (self);
  expected->finish = finish;
  expected->title_format = title_format;

  return expected;
}

void
_lodge_resources_panel_over_cb (GObject      *object,
                                GAsyncResult *result,
                                gpointer      user_data)
{
  g_autofree Expected *expected = user_data;
  g_autoptr(LodgeResourcesPanel) self = expected->panel;
  g_autoptr(GError) error = NULL;

  if (expected->finish (LODGE_MACHINE_RESOURCES (object), result, &error))
    _lodge_resources_panel_queue_update (self);
  else
    _lodge_resources_panel_refused (self, error, expected->title_format);
}

LodgeObstacle
_lodge_resources_panel_get_obstacle (LodgeResourcesPanel *self)
{
  LodgeObstacle memory = lodge_machine_resources_get_memory_obstacle (self->resources);

  return memory == lodge_machine_resources_get_vcpus_obstacle (self->resources) &&
         memory == lodge_machine_resources_get_priority_obstacle (self->resources) ? memory : LODGE_OBSTACLE_NONE;
}

void
_lodge_resources_panel_bar (GtkWidget  *widget,
                            const char *reason)
{
  if (g_strcmp0 (gtk_widget_get_tooltip_text (widget), reason) == 0)
    return;

  gtk_widget_set_tooltip_text (widget, reason);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  reason != NULL ? reason : "", -1);
}

static void
update_reason (LodgeResourcesPanel *self)
{
  const char *reason = lodge_resource_words_obstacle (_lodge_resources_panel_get_obstacle (self));

  gtk_label_set_text (self->reason_label, reason != NULL ? reason : "");
  gtk_widget_set_visible (GTK_WIDGET (self->reason_label), reason != NULL);
}

static void
update_pending (LodgeResourcesPanel *self)
{
  GListModel *pending = lodge_machine_resources_get_pending (self->resources);
  guint n_pending = g_list_model_get_n_items (pending);
  GtkWidget *row;

  gtk_widget_set_sensitive (self->restart_button, lodge_machine_can (self->machine, LODGE_ACTION_SHUT_DOWN));

  /* Nobody wants to hear the same list every other second. */
  if (!self->pending_changed)
    return;

  self->pending_changed = FALSE;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->pending_list))) != NULL)
    gtk_list_box_remove (self->pending_list, row);

  for (guint i = 0; i < n_pending; i++)
    {
      g_autoptr(LodgePendingChange) change = g_list_model_get_item (pending, i);
      g_autofree char *text = lodge_resource_words_dup_pending (change);

      row = adw_action_row_new ();
      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), text);
      adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
      gtk_list_box_append (self->pending_list, row);
    }

  gtk_widget_set_visible (self->pending_group, n_pending > 0);
}

static void
pending_changed_cb (LodgeResourcesPanel *self)
{
  g_assert (LODGE_IS_RESOURCES_PANEL (self));

  self->pending_changed = TRUE;
  _lodge_resources_panel_queue_update (self);
}

static gboolean
update_cb (gpointer user_data)
{
  LodgeResourcesPanel *self = user_data;

  self->update_id = 0;

  if (self->machine == NULL)
    return G_SOURCE_REMOVE;

  update_reason (self);
  _lodge_resources_panel_update_memory (self);
  _lodge_resources_panel_update_loan (self);
  _lodge_resources_panel_update_cores (self);
  _lodge_resources_panel_update_growth (self);
  _lodge_resources_panel_update_automatic (self);
  update_pending (self);
  _lodge_resources_panel_update_priority (self);

  return G_SOURCE_REMOVE;
}

void
_lodge_resources_panel_queue_update (LodgeResourcesPanel *self)
{
  g_assert (LODGE_IS_RESOURCES_PANEL (self));

  if (self->update_id == 0 && self->machine != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->update_id = g_idle_add_full (G_PRIORITY_DEFAULT, update_cb, self, NULL);
}

static void
restart_clicked_cb (LodgeResourcesPanel *self)
{
  g_assert (LODGE_IS_RESOURCES_PANEL (self));

  if (self->machine != NULL)
    lodge_start_anew (GTK_WIDGET (self), self->machine);
}

/* Statistics cost something, so only while somebody looks. */
static void
update_watch (LodgeResourcesPanel *self)
{
  gboolean seen = self->machine != NULL && gtk_widget_get_mapped (GTK_WIDGET (self));

  g_autoptr(LodgeStatisticsWatch) last = g_steal_pointer (&self->watch);
  g_autoptr(LodgeBudgetWatch) last_budget = g_steal_pointer (&self->budget_watch);

  if (seen)
    {
      self->watch = lodge_machine_watch_usage (self->machine, LODGE_STATISTICS_INTERVAL);
      self->budget_watch = lodge_budget_watch (self->budget, LODGE_STATISTICS_INTERVAL);
    }

  _lodge_resources_panel_queue_update (self);
}

static void
set_budget (LodgeResourcesPanel *self,
            LodgeBudget         *budget)
{
  g_set_object (&self->budget, budget);
  g_signal_group_set_target (self->budget_signals, budget);
}

/* It may turn out that two connections are to one computer. */
static void
budget_changed_cb (LodgeResourcesPanel *self)
{
  LodgeBudget *budget = lodge_host_get_budget (lodge_machine_get_host (self->machine));

  g_assert (LODGE_IS_RESOURCES_PANEL (self));

  if (budget != self->budget)
    {
      set_budget (self, budget);
      update_watch (self);
    }

  _lodge_resources_panel_queue_update (self);
}

static gboolean
lodge_resources_panel_supports (LodgePanel *panel,
                                GObject    *subject)
{
  return LODGE_IS_MACHINE (subject);
}

static void
lodge_resources_panel_subject_changed (LodgePanel *panel,
                                       GObject    *subject)
{
  LodgeResourcesPanel *self = LODGE_RESOURCES_PANEL (panel);
  LodgeMachine *machine = subject != NULL ? LODGE_MACHINE (subject) : NULL;
  LodgeMachineResources *resources = machine != NULL ? lodge_machine_get_resources (machine) : NULL;

  /* What was written for one guest must not be sent to another. */
  lodge_resource_row_accept (self->memory_row);
  lodge_resource_row_accept (self->cores_row);
  lodge_amount_field_accept (self->floor_field);
  lodge_amount_field_accept (self->ceiling_field);

  g_set_object (&self->machine, machine);
  g_set_object (&self->resources, resources);
  self->pending_changed = TRUE;

  set_budget (self, machine != NULL ? lodge_host_get_budget (lodge_machine_get_host (machine)) : NULL);
  g_signal_group_set_target (self->machine_signals, machine);
  g_signal_group_set_target (self->resources_signals, resources);
  g_signal_group_set_target (self->preferences_signals,
                             machine != NULL ? lodge_machine_get_preferences (machine) : NULL);
  g_signal_group_set_target (self->pending_signals,
                             machine != NULL ? lodge_machine_resources_get_pending (resources) : NULL);
  g_signal_group_set_target (self->usage_signals,
                             machine != NULL ? lodge_machine_get_usage (machine) : NULL);
  update_watch (self);
}

static void
lodge_resources_panel_map (GtkWidget *widget)
{
  LodgeResourcesPanel *self = LODGE_RESOURCES_PANEL (widget);

  GTK_WIDGET_CLASS (lodge_resources_panel_parent_class)->map (widget);
  update_watch (self);

  if (self->machine != NULL)
    update_cb (self);
}

static void
lodge_resources_panel_unmap (GtkWidget *widget)
{
  LodgeResourcesPanel *self = LODGE_RESOURCES_PANEL (widget);

  GTK_WIDGET_CLASS (lodge_resources_panel_parent_class)->unmap (widget);
  g_clear_handle_id (&self->update_id, g_source_remove);
  update_watch (self);
}

static void
lodge_resources_panel_dispose (GObject *object)
{
  LodgeResourcesPanel *self = (LodgeResourcesPanel *)object;

  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_object (&self->watch);
  g_clear_object (&self->budget_watch);
  g_clear_object (&self->budget_signals);
  g_clear_object (&self->machine_signals);
  g_clear_object (&self->preferences_signals);
  g_clear_object (&self->resources_signals);
  g_clear_object (&self->pending_signals);
  g_clear_object (&self->usage_signals);
  g_clear_object (&self->budget);
  g_clear_object (&self->resources);
  g_clear_object (&self->machine);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), LODGE_TYPE_RESOURCES_PANEL);

  G_OBJECT_CLASS (lodge_resources_panel_parent_class)->dispose (object);
}

static void
lodge_resources_panel_class_init (LodgeResourcesPanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  LodgePanelClass *panel_class = LODGE_PANEL_CLASS (klass);

  object_class->dispose = lodge_resources_panel_dispose;
  widget_class->map = lodge_resources_panel_map;
  widget_class->unmap = lodge_resources_panel_unmap;
  panel_class->place = LODGE_PANEL_PLACE_SHEET;
  panel_class->supports = lodge_resources_panel_supports;
  panel_class->subject_changed = lodge_resources_panel_subject_changed;

  g_type_ensure (LODGE_TYPE_AMOUNT_FIELD);
  g_type_ensure (LODGE_TYPE_BUDGET_BAR);
  g_type_ensure (LODGE_TYPE_RESOURCE_ROW);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/panels/lodge-resources-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, LodgeResourcesPanel, automatic_label);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourcesPanel, automatic_switch);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourcesPanel, budget_bar);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourcesPanel, budget_box);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourcesPanel, budget_label);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourcesPanel, ceiling_field);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourcesPanel, cores_row);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourcesPanel, floor_field);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourcesPanel, growth_box);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourcesPanel, growth_button);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourcesPanel, growth_label);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourcesPanel, loan_box);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourcesPanel, loan_button);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourcesPanel, loan_label);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourcesPanel, memory_row);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourcesPanel, offline_box);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourcesPanel, offline_button);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourcesPanel, offline_label);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourcesPanel, pending_group);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourcesPanel, pending_list);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourcesPanel, priority_background);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourcesPanel, priority_box);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourcesPanel, priority_first);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourcesPanel, priority_normal);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourcesPanel, priority_reason);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourcesPanel, reason_label);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourcesPanel, restart_button);
  gtk_widget_class_bind_template_callback (widget_class, restart_clicked_cb);
}

static GSignalGroup *
follow (LodgeResourcesPanel *self,
        GType                type,
        const char          *signal)
{
  GSignalGroup *group = g_signal_group_new (type);

  g_signal_group_connect_object (group, signal, G_CALLBACK (_lodge_resources_panel_queue_update),
                                 self, G_CONNECT_SWAPPED);

  return group;
}

static void
lodge_resources_panel_init (LodgeResourcesPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  _lodge_resources_panel_init_memory (self);
  _lodge_resources_panel_init_loan (self);
  _lodge_resources_panel_init_cores (self);
  _lodge_resources_panel_init_growth (self);
  _lodge_resources_panel_init_automatic (self);
  _lodge_resources_panel_init_priority (self);

  self->machine_signals = follow (self, LODGE_TYPE_MACHINE, "notify");
  self->preferences_signals = follow (self, LODGE_TYPE_MACHINE_PREFERENCES, "notify");
  self->resources_signals = follow (self, LODGE_TYPE_MACHINE_RESOURCES, "notify");
  self->pending_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_object (self->pending_signals, "items-changed", G_CALLBACK (pending_changed_cb),
                                 self, G_CONNECT_SWAPPED);
  self->usage_signals = follow (self, LODGE_TYPE_USAGE, "updated");

  self->budget_signals = g_signal_group_new (LODGE_TYPE_BUDGET);
  g_signal_group_connect_object (self->budget_signals, "changed", G_CALLBACK (budget_changed_cb),
                                 self, G_CONNECT_SWAPPED);
}
