/* lodge-resources-panel-loan.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-loan-offer.h"
#include "lodge-quantity.h"
#include "lodge-resources-panel-private.h"
#include "lodge-words.h"

static void
clicked_cb (LodgeResourcesPanel *self)
{
  LodgeLoan *loan = self->resources != NULL ? lodge_machine_resources_get_loan (self->resources) : NULL;

  g_assert (LODGE_IS_RESOURCES_PANEL (self));

  if (loan != NULL)
    lodge_loan_offer_give_back (GTK_WIDGET (self), loan);
}

/* What is missing to whom, and whether it is to be had. */
static char *
dup_words (LodgeResourcesPanel *self,
           LodgeLoan           *loan,
           guint64              free_memory)
{
  LodgeMachine *borrower = lodge_loan_get_borrower (loan);
  g_autofree char *name = borrower != NULL ? lodge_words_dup_machine_title (borrower) : NULL;
  g_autofree char *amount = lodge_quantity_format_memory (lodge_loan_get_amount (loan));
  g_autofree char *free_text = lodge_quantity_format_memory (free_memory);
  g_autofree char *words =
    borrower == self->machine ?
    g_strdup_printf (_("The guest was started with %s less than it is to have, as the host was short of "
                       "memory."), amount) :
    borrower != NULL ?
    g_strdup_printf (_("The guest gave %s so that “%s” could start."), amount, name) :
    g_strdup_printf (_("The guest gave %s so that another one could start."), amount);

  if (free_memory == 0)
    return g_strdup_printf (_("%s The host has nothing free to give back: shut a guest down, or give one "
                              "less."), words);

  if (free_memory < lodge_loan_get_amount (loan))
    return g_strdup_printf (_("%s The host has %s of it free now."), words, free_text);

  return g_steal_pointer (&words);
}

void
_lodge_resources_panel_update_loan (LodgeResourcesPanel *self)
{
  LodgeLoan *loan = lodge_machine_resources_get_loan (self->resources);
  gboolean stands = loan != NULL && lodge_loan_get_amount (loan) > 0;
  guint64 free_memory = lodge_budget_is_known (self->budget) ? lodge_budget_get_free (self->budget)
                                                             : G_MAXUINT64;

  gtk_widget_set_visible (self->loan_box, stands);

  if (stands)
    {
      g_autofree char *words = dup_words (self, loan, free_memory);

      gtk_label_set_text (self->loan_label, words);
      gtk_widget_set_sensitive (self->loan_button, free_memory > 0);
    }
}

void
_lodge_resources_panel_init_loan (LodgeResourcesPanel *self)
{
  g_signal_connect_object (self->loan_button, "clicked", G_CALLBACK (clicked_cb), self, G_CONNECT_SWAPPED);
}
