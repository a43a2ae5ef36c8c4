/* lodge-host-panel.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-budget-view.h"
#include "lodge-host-panel.h"
#include "lodge-host.h"
#include "lodge-problem.h"
#include "lodge-words.h"

/**
 * LodgeHostPanel:
 *
 * How the connection to a host stands, and what can be done about it.
 */

struct _LodgeHostPanel
{
  LodgePanel      parent_instance;

  GSignalGroup   *signals;
  GSignalGroup   *machines_signals;
  guint           countdown;

  /* Template references */
  AdwActionRow    *acceleration_row;
  LodgeBudgetView *budget;
  AdwActionRow    *guests_row;
  AdwStatusPage   *page;
  GtkLabel        *reason;
  GtkWidget       *reason_row;
  GtkWidget       *remove_button;
  GtkWidget       *retry_button;
};

G_DEFINE_FINAL_TYPE (LodgeHostPanel, lodge_host_panel, LODGE_TYPE_PANEL)

static LodgeHost *
get_host (LodgeHostPanel *self)
{
  GObject *subject = lodge_panel_get_subject (LODGE_PANEL (self));

  return subject != NULL ? LODGE_HOST (subject) : NULL;
}

static const char *
acceleration_words (LodgeAcceleration acceleration)
{
  switch (acceleration)
    {
    case LODGE_ACCELERATION_KVM:
      return _("Hardware (KVM): guests run at full speed");

    case LODGE_ACCELERATION_NONE:
      return _("Software emulation: guests run slowly, as KVM does not work here");

    case LODGE_ACCELERATION_UNKNOWN:
    default:
      return _("Not known yet: it is tried when a guest that wants KVM starts");
    }
}

static void
update_reason (LodgeHostPanel *self,
               LodgeHost      *host)
{
  const GError *error = lodge_host_get_error (host);
  g_autoptr(LodgeProblem) problem = NULL;
  g_autofree char *escaped = NULL;

  gtk_widget_set_visible (self->reason_row, error != NULL);

  if (error == NULL)
    return;

  problem = lodge_problem_new (error, LODGE_ACTION_NONE, NULL);
  escaped = g_markup_escape_text (problem->text, -1);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self->reason_row), escaped);
  gtk_label_set_text (self->reason, problem->details != NULL ? problem->details : problem->text);
}

static void
update_words (LodgeHostPanel *self,
              LodgeHost      *host)
{
  g_autofree char *name = lodge_words_dup_host_name (host);
  g_autofree char *state = lodge_words_dup_host_state (host);
  g_autofree char *text = g_strdup_printf ("%s\n%s", lodge_host_get_uri (host), state);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_status_page_set_title (self->page, name);
  adw_status_page_set_description (self->page, escaped);
}

static void
update_guests (LodgeHostPanel *self)
{
  LodgeHost *host = get_host (self);
  g_autoptr(GListModel) machines = NULL;
  g_autofree char *text = NULL;
  guint n_running = 0;
  guint n_all;

  g_assert (LODGE_IS_HOST_PANEL (self));

  if (host == NULL)
    return;

  machines = lodge_host_list_machines (host);
  n_all = g_list_model_get_n_items (machines);

  for (guint i = 0; i < n_all; i++)
    {
      g_autoptr(LodgeMachine) machine = g_list_model_get_item (machines, i);

      n_running += lodge_machine_is_active (machine);
    }

  text = g_strdup_printf (ngettext ("%u guest, %u switched on", "%u guests, %u switched on", n_all),
                          n_all, n_running);
  adw_action_row_set_subtitle (self->guests_row, text);
}

static gboolean
countdown_cb (gpointer user_data)
{
  LodgeHostPanel *self = user_data;

  update_words (self, get_host (self));

  return G_SOURCE_CONTINUE;
}

static void
update (LodgeHostPanel *self)
{
  LodgeHost *host = get_host (self);
  LodgeHostState state;
  gboolean counting;

  g_assert (LODGE_IS_HOST_PANEL (self));

  state = host != NULL ? lodge_host_get_state (host) : LODGE_HOST_STATE_CLOSED;
  counting = host != NULL && state == LODGE_HOST_STATE_LOST && gtk_widget_get_mapped (GTK_WIDGET (self));

  if (counting && self->countdown == 0)
    self->countdown = g_timeout_add_seconds (1, countdown_cb, self);
  else if (!counting)
    g_clear_handle_id (&self->countdown, g_source_remove);

  if (host == NULL)
    return;

  adw_status_page_set_icon_name (self->page, lodge_words_host_state_icon (host));
  adw_action_row_set_subtitle (self->acceleration_row,
                               acceleration_words (lodge_host_get_acceleration (host)));
  gtk_widget_set_visible (self->retry_button,
                          state == LODGE_HOST_STATE_LOST || state == LODGE_HOST_STATE_CLOSED);
  update_words (self, host);
  update_reason (self, host);
  update_guests (self);
}

static void
retry_clicked_cb (LodgeHostPanel *self)
{
  g_assert (LODGE_IS_HOST_PANEL (self));

  if (get_host (self) != NULL)
    lodge_host_retry (get_host (self));
}

static void
remove_clicked_cb (LodgeHostPanel *self)
{
  g_assert (LODGE_IS_HOST_PANEL (self));

  if (get_host (self) != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.remove-host", "s",
                                lodge_host_get_uri (get_host (self)));
}

static gboolean
lodge_host_panel_supports (LodgePanel *panel,
                           GObject    *subject)
{
  return LODGE_IS_HOST (subject);
}

static void
lodge_host_panel_subject_changed (LodgePanel *panel,
                                  GObject    *subject)
{
  LodgeHostPanel *self = LODGE_HOST_PANEL (panel);
  g_autoptr(GListModel) machines = subject != NULL ? lodge_host_list_machines (LODGE_HOST (subject)) : NULL;

  lodge_budget_view_set_host (self->budget, subject != NULL ? LODGE_HOST (subject) : NULL);
  g_signal_group_set_target (self->signals, subject);
  g_signal_group_set_target (self->machines_signals, machines);
  update (self);
}

static void
lodge_host_panel_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lodge_host_panel_parent_class)->map (widget);
  update (LODGE_HOST_PANEL (widget));
}

static void
lodge_host_panel_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lodge_host_panel_parent_class)->unmap (widget);
  update (LODGE_HOST_PANEL (widget));
}

static void
lodge_host_panel_dispose (GObject *object)
{
  LodgeHostPanel *self = (LodgeHostPanel *)object;

  g_clear_handle_id (&self->countdown, g_source_remove);
  g_clear_object (&self->signals);
  g_clear_object (&self->machines_signals);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), LODGE_TYPE_HOST_PANEL);

  G_OBJECT_CLASS (lodge_host_panel_parent_class)->dispose (object);
}

static void
lodge_host_panel_class_init (LodgeHostPanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  LodgePanelClass *panel_class = LODGE_PANEL_CLASS (klass);

  object_class->dispose = lodge_host_panel_dispose;
  widget_class->map = lodge_host_panel_map;
  widget_class->unmap = lodge_host_panel_unmap;
  panel_class->supports = lodge_host_panel_supports;
  panel_class->subject_changed = lodge_host_panel_subject_changed;

  g_type_ensure (LODGE_TYPE_BUDGET_VIEW);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/panels/lodge-host-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, LodgeHostPanel, acceleration_row);
  gtk_widget_class_bind_template_child (widget_class, LodgeHostPanel, budget);
  gtk_widget_class_bind_template_child (widget_class, LodgeHostPanel, guests_row);
  gtk_widget_class_bind_template_child (widget_class, LodgeHostPanel, page);
  gtk_widget_class_bind_template_child (widget_class, LodgeHostPanel, reason);
  gtk_widget_class_bind_template_child (widget_class, LodgeHostPanel, reason_row);
  gtk_widget_class_bind_template_child (widget_class, LodgeHostPanel, remove_button);
  gtk_widget_class_bind_template_child (widget_class, LodgeHostPanel, retry_button);
  gtk_widget_class_bind_template_callback (widget_class, remove_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, retry_clicked_cb);
}

static void
lodge_host_panel_init (LodgeHostPanel *self)
{
  static const char * const props[] = { "notify::state", "notify::error", "notify::retry-at",
                                        "notify::acceleration" };

  gtk_widget_init_template (GTK_WIDGET (self));

  self->signals = g_signal_group_new (LODGE_TYPE_HOST);
  for (guint i = 0; i < G_N_ELEMENTS (props); i++)
    g_signal_group_connect_object (self->signals, props[i], G_CALLBACK (update), self, G_CONNECT_SWAPPED);

  self->machines_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_object (self->machines_signals, "items-changed", G_CALLBACK (update_guests),
                                 self, G_CONNECT_SWAPPED);
}
