/* lodge-budget-view.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <math.h>

#include <adwaita.h>
#include <glib/gi18n.h>

#include "lodge-amount-field.h"
#include "lodge-budget-view.h"
#include "lodge-budget-words.h"
#include "lodge-error.h"
#include "lodge-loan-offer.h"
#include "lodge-machine-preferences.h"
#include "lodge-machine-resources.h"
#include "lodge-quantity.h"
#include "lodge-resource-words.h"
#include "lodge-statistics.h"

/**
 * LodgeBudgetView:
 *
 * Who has how much of a computer. It looks only while it is seen.
 */

struct _LodgeBudgetView
{
  GtkWidget         parent_instance;

  LodgeHost        *host;
  char             *loans;      /* that the list shows, in words */
  LodgeBudget      *budget;
  LodgeBudgetWatch *watch;
  GSignalGroup     *signals;

  /* Template references */
  GtkWidget        *box;
  LodgeBudgetBar   *cores_bar;
  GtkLabel         *cores_label;
  GtkWidget        *default_button;
  GtkListBox       *loans_list;
  LodgeBudgetBar   *memory_bar;
  GtkLabel         *memory_label;
  LodgeAmountField *reserve_cores_field;
  LodgeAmountField *reserve_field;
  GtkLabel         *warning;
};

G_DEFINE_FINAL_TYPE (LodgeBudgetView, lodge_budget_view, GTK_TYPE_WIDGET)

static void
update_warning (LodgeBudgetView *self)
{
  guint64 excess = lodge_budget_get_excess (self->budget);
  guint64 host_use = lodge_budget_get_host_use (self->budget);
  guint64 reserve = lodge_budget_get_reserve (self->budget);
  g_autofree char *excess_text = lodge_quantity_format_memory (excess);
  g_autofree char *use_text = lodge_quantity_format_memory (host_use);
  g_autofree char *text = NULL;

  if (excess > 0)
    text = g_strdup_printf (_("Guests and services may take %s more than there is. Give one of them less, "
                              "or shut one down."), excess_text);
  else if (host_use > reserve)
    text = g_strdup_printf (_("The host itself uses %s now, more than is kept for it. Keep more, or "
                              "close programs."), use_text);

  gtk_label_set_text (self->warning, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->warning), text != NULL);
}

static void
update_reserve (LodgeBudgetView *self)
{
  g_autofree char *memory = lodge_quantity_format_memory_exact (lodge_budget_get_reserve (self->budget));
  g_autofree char *cores = lodge_quantity_format_cores (lodge_budget_get_reserve_cores (self->budget));

  lodge_amount_field_set_text (self->reserve_field, memory);
  lodge_amount_field_set_text (self->reserve_cores_field, cores);
  gtk_widget_set_sensitive (self->default_button,
                            lodge_budget_get_reserve_setting (self->budget) != 0 ||
                            lodge_budget_get_reserve_cores_setting (self->budget) >= 0);
}

static void
give_back_cb (LodgeLoan *loan,
              GtkWidget *button)
{
  lodge_loan_offer_give_back (gtk_widget_get_ancestor (button, LODGE_TYPE_BUDGET_VIEW), loan);
}

static void
add_loan (LodgeBudgetView *self,
          LodgeLoan       *loan,
          const char      *words)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_with_mnemonic (_("_Give Back"));

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), words);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_sensitive (button, lodge_budget_get_free (self->budget) > 0);
  if (!gtk_widget_get_sensitive (button))
    gtk_widget_set_tooltip_text (button, _("The host has nothing free to give back"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (give_back_cb), loan, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  gtk_list_box_append (self->loans_list, row);
}

/* Those of this host's guests, made anew only where one of them is another. */
static void
update_loans (LodgeBudgetView *self)
{
  g_autoptr(GListModel) machines = lodge_host_list_machines (self->host);
  g_autoptr(GPtrArray) loans = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *all = NULL;
  GtkWidget *row;

  for (guint i = 0; i < g_list_model_get_n_items (machines); i++)
    {
      g_autoptr(LodgeMachine) machine = g_list_model_get_item (machines, i);
      LodgeLoan *loan = NULL;

      /* Who gave nothing is not asked for more. */
      if (lodge_machine_preferences_get_loan_amount (lodge_machine_get_preferences (machine)) > 0)
        loan = lodge_machine_resources_get_loan (lodge_machine_get_resources (machine));
      if (loan == NULL || lodge_loan_get_amount (loan) == 0)
        continue;

      g_ptr_array_add (loans, g_object_ref (loan));
      g_ptr_array_add (words, lodge_loan_offer_dup_words (loan));
    }

  g_ptr_array_add (words, g_strdup (lodge_budget_get_free (self->budget) > 0 ? "free" : "none"));
  g_ptr_array_add (words, NULL);
  all = g_strjoinv ("\n", (char **)words->pdata);
  if (g_strcmp0 (all, self->loans) == 0)
    return;

  g_free (self->loans);
  self->loans = g_steal_pointer (&all);

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->loans_list))) != NULL)
    gtk_list_box_remove (self->loans_list, row);
  for (guint i = 0; i < loans->len; i++)
    add_loan (self, g_ptr_array_index (loans, i), g_ptr_array_index (words, i));

  gtk_widget_set_visible (GTK_WIDGET (self->loans_list), loans->len > 0);
}

static void
update_labels (LodgeBudgetView *self)
{
  double load = MAX (0, lodge_budget_get_load (self->budget));
  g_autofree char *total = lodge_quantity_format_memory (lodge_budget_get_total (self->budget));
  g_autofree char *free_text = lodge_quantity_format_memory (lodge_budget_get_free (self->budget));
  g_autofree char *all = lodge_quantity_format_cores (lodge_budget_get_cores (self->budget));
  g_autofree char *busy = lodge_quantity_format_cores ((guint)lround (load * 10) * 100);
  g_autofree char *memory = lodge_budget_get_free (self->budget) > 0 ?
    g_strdup_printf (_("%s, of which %s is free"), total, free_text) :
    g_strdup_printf (_("%s, none of it free"), total);
  g_autofree char *cores = g_strdup_printf (_("%s, of which %s are busy now"), all, busy);

  gtk_label_set_text (self->memory_label, memory);
  gtk_label_set_text (self->cores_label, cores);
}

static void
update (LodgeBudgetView *self)
{
  gboolean known = self->budget != NULL && lodge_budget_is_known (self->budget);

  gtk_widget_set_visible (self->box, known);

  if (!known)
    return;

  update_labels (self);
  lodge_budget_words_show_memory (self->memory_bar, self->budget, NULL);
  lodge_budget_words_show_cores (self->cores_bar, self->budget, NULL);
  update_loans (self);
  update_warning (self);
  update_reserve (self);
}

static void
update_watch (LodgeBudgetView *self)
{
  g_autoptr(LodgeBudgetWatch) last = g_steal_pointer (&self->watch);

  if (self->budget != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->watch = lodge_budget_watch (self->budget, LODGE_STATISTICS_INTERVAL);
}

static void
find_budget (LodgeBudgetView *self)
{
  LodgeBudget *budget = self->host != NULL ? lodge_host_get_budget (self->host) : NULL;

  if (g_set_object (&self->budget, budget))
    {
      g_signal_group_set_target (self->signals, budget);
      update_watch (self);
    }

  update (self);
}

/* It may turn out that two connections are to one computer. */
static void
changed_cb (LodgeBudgetView *self)
{
  g_assert (LODGE_IS_BUDGET_VIEW (self));

  find_budget (self);
}

static void
reserve_entered_cb (LodgeBudgetView *self,
                    const char      *text)
{
  g_autoptr(GError) error = NULL;
  guint64 total = lodge_budget_get_total (self->budget);
  guint64 kib;

  g_assert (LODGE_IS_BUDGET_VIEW (self));

  if (lodge_quantity_parse_memory (text, 256 * 1024, total, &kib, &error))
    {
      lodge_amount_field_accept (self->reserve_field);
      lodge_budget_set_reserve_setting (self->budget, kib);
      update (self);
    }
  else
    {
      g_autofree char *all = lodge_quantity_format_memory (total);
      g_autofree char *too_large = g_strdup_printf (_("The host has %s in all."), all);
      g_autofree char *words =
        lodge_resource_words_dup_refusal (error, text, FALSE,
                                          _("With less than 256 MiB no host works."), too_large);

      /* “Zero” is about a guest there. */
      if (error->code == LODGE_ERROR_NOT_POSITIVE)
        lodge_amount_field_refuse (self->reserve_field, _("With less than 256 MiB no host works."));
      else
        lodge_amount_field_refuse (self->reserve_field, words);
    }
}

static void
reserve_cores_entered_cb (LodgeBudgetView *self,
                          const char      *text)
{
  g_autoptr(GError) error = NULL;
  guint cores = lodge_budget_get_cores (self->budget);
  guint thousandths = 0;

  g_assert (LODGE_IS_BUDGET_VIEW (self));

  /* None at all is allowed here, and nowhere else. */
  if (g_strcmp0 (text, "0") == 0 ||
      lodge_quantity_parse_cores (text, 0, cores, &thousandths, &error))
    {
      lodge_amount_field_accept (self->reserve_cores_field);
      lodge_budget_set_reserve_cores_setting (self->budget, (int)thousandths);
      update (self);
    }
  else
    {
      g_autofree char *all = lodge_quantity_format_cores (cores);
      g_autofree char *too_large = g_strdup_printf (_("The host has %s cores in all."), all);
      g_autofree char *words =
        lodge_resource_words_dup_refusal (error, text, TRUE, _("Write 0 or more."), too_large);

      if (error->code == LODGE_ERROR_NOT_POSITIVE)
        lodge_amount_field_refuse (self->reserve_cores_field, _("Write 0 or more."));
      else
        lodge_amount_field_refuse (self->reserve_cores_field, words);
    }
}

static void
default_clicked_cb (LodgeBudgetView *self)
{
  g_assert (LODGE_IS_BUDGET_VIEW (self));

  lodge_amount_field_accept (self->reserve_field);
  lodge_amount_field_accept (self->reserve_cores_field);
  lodge_budget_set_reserve_setting (self->budget, 0);
  lodge_budget_set_reserve_cores_setting (self->budget, -1);
  update (self);
}

static void
lodge_budget_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lodge_budget_view_parent_class)->map (widget);
  update_watch (LODGE_BUDGET_VIEW (widget));
}

static void
lodge_budget_view_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lodge_budget_view_parent_class)->unmap (widget);
  update_watch (LODGE_BUDGET_VIEW (widget));
}

static void
lodge_budget_view_dispose (GObject *object)
{
  LodgeBudgetView *self = (LodgeBudgetView *)object;

  g_clear_object (&self->watch);
  g_clear_object (&self->signals);
  g_clear_object (&self->budget);
  g_clear_object (&self->host);
  g_clear_pointer (&self->loans, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), LODGE_TYPE_BUDGET_VIEW);

  G_OBJECT_CLASS (lodge_budget_view_parent_class)->dispose (object);
}

static void
lodge_budget_view_class_init (LodgeBudgetViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lodge_budget_view_dispose;
  widget_class->map = lodge_budget_view_map;
  widget_class->unmap = lodge_budget_view_unmap;

  g_type_ensure (LODGE_TYPE_AMOUNT_FIELD);
  g_type_ensure (LODGE_TYPE_BUDGET_BAR);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/panels/lodge-budget-view.ui");
  gtk_widget_class_bind_template_child (widget_class, LodgeBudgetView, box);
  gtk_widget_class_bind_template_child (widget_class, LodgeBudgetView, cores_bar);
  gtk_widget_class_bind_template_child (widget_class, LodgeBudgetView, cores_label);
  gtk_widget_class_bind_template_child (widget_class, LodgeBudgetView, default_button);
  gtk_widget_class_bind_template_child (widget_class, LodgeBudgetView, loans_list);
  gtk_widget_class_bind_template_child (widget_class, LodgeBudgetView, memory_bar);
  gtk_widget_class_bind_template_child (widget_class, LodgeBudgetView, memory_label);
  gtk_widget_class_bind_template_child (widget_class, LodgeBudgetView, reserve_cores_field);
  gtk_widget_class_bind_template_child (widget_class, LodgeBudgetView, reserve_field);
  gtk_widget_class_bind_template_child (widget_class, LodgeBudgetView, warning);
  gtk_widget_class_bind_template_callback (widget_class, default_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, reserve_cores_entered_cb);
  gtk_widget_class_bind_template_callback (widget_class, reserve_entered_cb);
}

static void
lodge_budget_view_init (LodgeBudgetView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->signals = g_signal_group_new (LODGE_TYPE_BUDGET);
  g_signal_group_connect_object (self->signals, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
}

/**
 * lodge_budget_view_set_host:
 * @host: (nullable): a host
 *
 * Shows the computer that @host is on.
 */
void
lodge_budget_view_set_host (LodgeBudgetView *self,
                            LodgeHost       *host)
{
  g_return_if_fail (LODGE_IS_BUDGET_VIEW (self));
  g_return_if_fail (!host || LODGE_IS_HOST (host));

  if (!g_set_object (&self->host, host))
    return;

  lodge_amount_field_accept (self->reserve_field);
  lodge_amount_field_accept (self->reserve_cores_field);
  find_budget (self);
}
