/* lodge-start-gate.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-budget.h"
#include "lodge-dialog-heading.h"
#include "lodge-error.h"
#include "lodge-loan-offer.h"
#include "lodge-mnemonics.h"
#include "lodge-quantity.h"
#include "lodge-report.h"
#include "lodge-start-failures.h"
#include "lodge-start-gate.h"
#include "lodge-start-run.h"
#include "lodge-words.h"

/*
 * A guest that is started must leave the computer what is kept for it.
 *
 * Where it would not, the user chooses what gives way. Where nothing is known of the computer's memory,
 * nobody is asked: starting will tell.
 */

/* What the user can take in at a glance. */
#define MAX_PROPOSALS 5

typedef struct
{
  GtkWidget          *widget;
  LodgeMachine       *machine;
  LodgeStartGateFunc  start;
  LodgeStartCheck    *check;
  LodgeStartRun      *run;
} Passage;

static void
passage_free (Passage *self)
{
  g_object_set_data (G_OBJECT (self->machine), "lodge-start-gate", NULL);
  g_clear_object (&self->widget);
  g_clear_object (&self->machine);
  g_clear_object (&self->check);
  g_clear_object (&self->run);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Passage, passage_free)

static void
go_on (Passage *self)
{
  if (lodge_machine_can (self->machine, LODGE_ACTION_START))
    self->start (self->widget, self->machine);
}

static char *
dup_donors (LodgeProposal *proposal)
{
  g_autoptr(GString) names = g_string_new (NULL);

  for (guint i = 0; i < lodge_proposal_get_n_donors (proposal); i++)
    {
      LodgeMachine *donor = lodge_proposal_get_donor (proposal, i, NULL, NULL);
      g_autofree char *name = lodge_words_dup_machine_title (donor);

      g_string_append_printf (names, i > 0 ? _(", “%s”") : _("“%s”"), name);
    }

  return g_strdup (names->str);
}

/* Neither the guest that held on nor what to do about it is in the error. */
static void
report_held (Passage *self)
{
  g_autofree char *name = lodge_words_dup_machine_title (self->machine);
  g_autofree char *donors = dup_donors (lodge_start_run_get_proposal (self->run));
  g_autofree char *text = NULL;

  if (lodge_start_run_get_stage (self->run) == LODGE_START_STAGE_DONE)
    text = g_strdup_printf (_("“%s” runs, but with more memory than planned: it gives none back yet."), name);
  else
    text = g_strdup_printf (_("“%s” was not started: %s did not give its memory back. Close programs there, "
                              "and try again."), name, donors);

  lodge_report_text (self->widget, text);
}

static void
run_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(Passage) self = user_data;
  g_autoptr(GError) error = NULL;

  if (lodge_start_run_run_finish (self->run, result, &error))
    lodge_loan_offer_await (self->widget, self->machine, lodge_start_run_get_proposal (self->run));
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  else if (g_error_matches (error, LODGE_ERROR, LODGE_ERROR_HELD))
    report_held (self);
  else
    lodge_start_failures_set (lodge_start_failures_get_default (), self->machine, error);
}

static void
follow (Passage       *self,
        LodgeProposal *proposal)
{
  lodge_start_failures_set (lodge_start_failures_get_default (), self->machine, NULL);

  if (lodge_proposal_get_kind (proposal) == LODGE_PROPOSAL_FREE)
    {
      g_autofree char *donors = dup_donors (proposal);
      g_autofree char *text = g_strdup_printf (_("Getting memory back from %s…"), donors);

      lodge_report_text (self->widget, text);
    }

  self->run = lodge_start_run_new (self->check, proposal);
  lodge_start_run_run_async (self->run, NULL, run_cb, self);
}

static void
response_cb (AdwMessageDialog *dialog,
             const char       *response,
             gpointer          user_data)
{
  g_autoptr(Passage) self = g_object_steal_data (G_OBJECT (dialog), "lodge-passage");
  g_autoptr(LodgeProposal) proposal = NULL;
  guint64 position;

  if (self == NULL || !g_ascii_string_to_unsigned (response, 10, 0, G_MAXUINT, &position, NULL))
    return;

  proposal = g_list_model_get_item (lodge_start_check_get_proposals (self->check), (guint)position);

  if (proposal == NULL || !lodge_machine_can (self->machine, LODGE_ACTION_START))
    return;

  if (lodge_proposal_get_kind (proposal) == LODGE_PROPOSAL_ANYWAY)
    go_on (self);
  else
    follow (g_steal_pointer (&self), proposal);
}

static char *
dup_label (LodgeProposal *proposal)
{
  g_autofree char *memory = lodge_quantity_format_memory (lodge_proposal_get_memory (proposal));
  g_autofree char *donors = NULL;
  g_auto(GStrv) parts = NULL;
  g_autofree char *escaped = NULL;

  switch (lodge_proposal_get_kind (proposal))
    {
    case LODGE_PROPOSAL_LESS:
      return g_strdup_printf (_("_Start With %s"), memory);

    case LODGE_PROPOSAL_FREE:
      /* Names may have underscores, which are mnemonics in a label. */
      donors = dup_donors (proposal);
      parts = g_strsplit (donors, "_", -1);
      escaped = g_strjoinv ("__", parts);

      return g_strdup_printf (_("Take %s Back From %s"), memory, escaped);

    case LODGE_PROPOSAL_ANYWAY:
    default:
      return g_strdup (_("Start _Anyway"));
    }
}

static char *
dup_body (LodgeStartCheck *check)
{
  g_autofree char *needed = lodge_quantity_format_memory (lodge_start_check_get_needed (check));
  g_autofree char *left = lodge_quantity_format_memory (lodge_start_check_get_left (check));
  g_autofree char *reserve = lodge_quantity_format_memory (lodge_start_check_get_reserve (check));

  return g_strdup_printf (_("It needs %s. That would leave the host %s of the %s that are kept for it, and "
                            "everything on it could become slow."), needed, left, reserve);
}

static void
add_proposals (AdwMessageDialog *dialog,
               LodgeStartCheck  *check)
{
  GListModel *proposals = lodge_start_check_get_proposals (check);
  guint n_proposals = g_list_model_get_n_items (proposals);
  gboolean suggested = FALSE;

  for (guint i = 0; i < n_proposals; i++)
    {
      g_autoptr(LodgeProposal) proposal = g_list_model_get_item (proposals, i);
      gboolean anyway = lodge_proposal_get_kind (proposal) == LODGE_PROPOSAL_ANYWAY;
      g_autofree char *id = g_strdup_printf ("%u", i);
      g_autofree char *label = dup_label (proposal);

      if (!anyway && i >= MAX_PROPOSALS)
        continue;

      adw_message_dialog_add_response (dialog, id, label);

      if (anyway)
        adw_message_dialog_set_response_appearance (dialog, id, ADW_RESPONSE_DESTRUCTIVE);
      else if (!suggested)
        {
          adw_message_dialog_set_response_appearance (dialog, id, ADW_RESPONSE_SUGGESTED);
          adw_message_dialog_set_default_response (dialog, id);
          suggested = TRUE;
        }
    }
}

static void
ask (Passage *passage)
{
  g_autofree char *name = lodge_words_dup_machine_title (passage->machine);
  g_autofree char *body = dup_body (passage->check);
  GtkRoot *root = gtk_widget_get_root (passage->widget);
  GtkWidget *dialog;

  dialog = adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL, body);
  adw_message_dialog_format_heading (ADW_MESSAGE_DIALOG (dialog),
                                     _("Too Little Memory Is Free for “%s”"), name);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"));
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  add_proposals (ADW_MESSAGE_DIALOG (dialog), passage->check);

  lodge_mnemonics_name_buttons (dialog);
  lodge_dialog_heading_wrap (dialog);

  /* It goes with the dialog, which may go with its window. */
  g_object_set_data_full (G_OBJECT (dialog), "lodge-passage", passage, (GDestroyNotify)passage_free);
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), NULL);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
check_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(Passage) self = user_data;
  g_autoptr(GError) error = NULL;

  self->check = lodge_budget_check_start_finish (LODGE_BUDGET (object), result, &error);

  if (self->check != NULL && lodge_start_check_get_verdict (self->check) == LODGE_START_RESERVE &&
      lodge_machine_can (self->machine, LODGE_ACTION_START))
    ask (g_steal_pointer (&self));
  else
    go_on (self);
}

/**
 * lodge_start_gate_pass:
 * @widget: where a question is shown
 * @start: starts the machine as it is
 *
 * Calls @start if the host of @machine keeps what it should; else asks what shall give way, and does
 * that. While one question about a machine is open, no second one comes.
 */
void
lodge_start_gate_pass (GtkWidget          *widget,
                       LodgeMachine       *machine,
                       LodgeStartGateFunc  start)
{
  Passage *passage;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (LODGE_IS_MACHINE (machine));
  g_return_if_fail (start != NULL);

  if (g_object_get_data (G_OBJECT (machine), "lodge-start-gate") != NULL)
    return;

  passage = g_new0 (Passage, 1);
  passage->widget = g_object_ref (widget);
  passage->machine = g_object_ref (machine);
  passage->start = start;
  g_object_set_data (G_OBJECT (machine), "lodge-start-gate", passage);

  lodge_budget_check_start_async (lodge_host_get_budget (lodge_machine_get_host (machine)), machine, NULL,
                                  check_cb, passage);
}
