/* lodge-loan-offer.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-loan-offer.h"
#include "lodge-machine-resources.h"
#include "lodge-problem.h"
#include "lodge-quantity.h"
#include "lodge-report.h"
#include "lodge-words.h"

/*
 * What a guest gave for another's start goes back to it when the user says so: the first good moment is
 * when that other one has stopped.
 */

typedef struct
{
  GtkWidget    *window;     /* weak */
  LodgeMachine *borrower;   /* which this goes with */
  GPtrArray    *lenders;
  gulong        state_id;
} Offer;

typedef struct
{
  GtkWidget *widget;
  char      *name;
} Giving;

char *
lodge_loan_offer_dup_words (LodgeLoan *loan)
{
  LodgeMachine *lender = lodge_loan_get_lender (loan);
  LodgeMachine *borrower = lodge_loan_get_borrower (loan);
  g_autofree char *name = NULL, *other = NULL, *amount = NULL;

  g_return_val_if_fail (LODGE_IS_MACHINE (lender), NULL);

  name = lodge_words_dup_machine_title (lender);
  amount = lodge_quantity_format_memory (lodge_loan_get_amount (loan));

  if (borrower == lender)
    return g_strdup_printf (_("“%s” was started with %s less than it is to have."), name, amount);

  if (borrower == NULL)
    return g_strdup_printf (_("“%s” gave %s so that another one could start."), name, amount);

  other = lodge_words_dup_machine_title (borrower);

  return g_strdup_printf (_("“%s” gave %s so that “%s” could start."), name, amount, other);
}

static void
offer_free (gpointer  data,
            GClosure *closure)
{
  Offer *offer = data;

  g_clear_weak_pointer (&offer->window);
  g_ptr_array_unref (offer->lenders);
  g_free (offer);
}

static void
given_back_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  Giving *giving = user_data;
  g_autoptr(GError) error = NULL;

  if (!lodge_loan_give_back_finish (LODGE_LOAN (object), result, &error))
    {
      g_autoptr(LodgeProblem) problem = lodge_problem_new (error, LODGE_ACTION_NONE, giving->name);

      g_free (problem->title);
      problem->title = g_strdup_printf (_("“%s” did not get all of its memory back"), giving->name);
      lodge_report_problem (giving->widget, problem);
    }

  g_object_unref (giving->widget);
  g_free (giving->name);
  g_free (giving);
}

void
lodge_loan_offer_give_back (GtkWidget *widget,
                            LodgeLoan *loan)
{
  LodgeMachine *lender;
  Giving *giving;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (LODGE_IS_LOAN (loan));

  if ((lender = lodge_loan_get_lender (loan)) == NULL)
    return;

  giving = g_new0 (Giving, 1);
  giving->widget = g_object_ref (widget);
  giving->name = lodge_words_dup_machine_title (lender);
  lodge_loan_give_back_async (loan, NULL, given_back_cb, giving);
}

static void
clicked_cb (LodgeLoan *loan,
            AdwToast  *toast)
{
  GtkWidget *window = g_object_get_data (G_OBJECT (toast), "lodge-window");

  if (window != NULL)
    lodge_loan_offer_give_back (window, loan);
}

static void
make_offer (Offer        *offer,
            LodgeMachine *lender)
{
  LodgeLoan *loan = lodge_machine_resources_get_loan (lodge_machine_get_resources (lender));
  g_autofree char *name = lodge_words_dup_machine_title (lender);
  g_autofree char *amount = NULL;
  g_autofree char *text = NULL;
  AdwToast *toast;

  if (loan == NULL || lodge_loan_get_amount (loan) == 0 || lodge_loan_get_borrower (loan) != offer->borrower)
    return;

  amount = lodge_quantity_format_memory (lodge_loan_get_amount (loan));
  text = g_strdup_printf (_("“%s” can have its %s back"), name, amount);
  toast = lodge_report_offer (offer->window, text, _("_Give Back"));

  if (toast == NULL)
    return;

  g_object_set_data (G_OBJECT (toast), "lodge-window", offer->window);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (clicked_cb), loan, G_CONNECT_SWAPPED);
}

static void
state_cb (LodgeMachine *borrower,
          GParamSpec   *pspec,
          Offer        *offer)
{
  gulong id = offer->state_id;

  if (lodge_machine_is_active (borrower))
    return;

  for (guint i = 0; offer->window != NULL && i < offer->lenders->len; i++)
    make_offer (offer, g_ptr_array_index (offer->lenders, i));

  g_signal_handler_disconnect (borrower, id);
}

void
lodge_loan_offer_await (GtkWidget     *widget,
                        LodgeMachine  *borrower,
                        LodgeProposal *proposal)
{
  GtkRoot *root;
  Offer *offer;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (LODGE_IS_MACHINE (borrower));
  g_return_if_fail (LODGE_IS_PROPOSAL (proposal));

  root = gtk_widget_get_root (widget);
  if (root == NULL || lodge_proposal_get_n_donors (proposal) == 0)
    return;

  offer = g_new0 (Offer, 1);
  g_set_weak_pointer (&offer->window, GTK_WIDGET (root));
  offer->borrower = borrower;
  offer->lenders = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < lodge_proposal_get_n_donors (proposal); i++)
    g_ptr_array_add (offer->lenders, g_object_ref (lodge_proposal_get_donor (proposal, i, NULL, NULL)));

  offer->state_id = g_signal_connect_data (borrower, "notify::state", G_CALLBACK (state_cb), offer,
                                           offer_free, 0);
}
