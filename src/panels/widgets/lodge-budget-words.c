/* lodge-budget-words.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <math.h>

#include <glib/gi18n.h>

#include "lodge-budget-words.h"
#include "lodge-quantity.h"
#include "lodge-words.h"

/**
 * lodge_budget_words_dup_share:
 *
 * Returns: (transfer full): whose it is
 */
char *
lodge_budget_words_dup_share (LodgeShare *share)
{
  switch (lodge_share_get_kind (share))
    {
    case LODGE_SHARE_RESERVE:
      return g_strdup (_("Kept for the host"));

    case LODGE_SHARE_OVERHEAD:
      return g_strdup (_("Overhead of running guests"));

    case LODGE_SHARE_FREE:
      return g_strdup (_("Free"));

    case LODGE_SHARE_MACHINE:
      if (lodge_share_get_machine (share) != NULL)
        return lodge_words_dup_machine_title (lodge_share_get_machine (share));
      break;

    case LODGE_SHARE_SERVICE:
      if (lodge_share_get_name (share) != NULL && lodge_share_get_engine (share) != NULL)
        return g_strdup_printf (_("%s (%s)"), lodge_share_get_name (share), lodge_share_get_engine (share));
      break;

    default:
      break;
    }

  return g_strdup (lodge_share_get_name (share) != NULL ? lodge_share_get_name (share) : _("Another"));
}

static LodgeBudgetBarKind
get_kind (LodgeShare   *share,
          LodgeMachine *own)
{
  switch (lodge_share_get_kind (share))
    {
    case LODGE_SHARE_RESERVE:
      return LODGE_BUDGET_BAR_RESERVE;

    case LODGE_SHARE_MACHINE:
      return own != NULL && lodge_share_get_machine (share) == own ? LODGE_BUDGET_BAR_OWN
                                                                   : LODGE_BUDGET_BAR_GUEST;

    case LODGE_SHARE_OVERHEAD:
      return LODGE_BUDGET_BAR_OVERHEAD;

    case LODGE_SHARE_SERVICE:
      return LODGE_BUDGET_BAR_SERVICE;

    case LODGE_SHARE_FREE:
    default:
      return LODGE_BUDGET_BAR_FREE;
    }
}

static char *
dup_others (LodgeBudget  *budget,
            LodgeMachine *machine,
            gboolean      cores)
{
  GListModel *shares = lodge_budget_get_shares (budget);
  g_autoptr(GString) others = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (shares); i++)
    {
      g_autoptr(LodgeShare) share = g_list_model_get_item (shares, i);
      guint64 amount = cores ? lodge_share_get_cores (share) : lodge_share_get_memory (share);
      g_autofree char *amount_text = cores ? lodge_quantity_format_cores ((guint)amount)
                                           : lodge_quantity_format_memory (amount);
      g_autofree char *name = NULL;

      if (lodge_share_get_kind (share) == LODGE_SHARE_FREE || amount == 0 ||
          lodge_share_get_machine (share) == machine)
        continue;

      name = lodge_budget_words_dup_share (share);
      g_string_append (others, others->len > 0 ? "; " : "");
      g_string_append_printf (others, _("%s: %s"), name, amount_text);
    }

  return g_strdup (others->str);
}

/**
 * lodge_budget_words_dup_others:
 * @machine: who cannot have it
 *
 * Returns: (transfer full): whose the memory is that @machine cannot have
 */
char *
lodge_budget_words_dup_others (LodgeBudget  *budget,
                               LodgeMachine *machine)
{
  return dup_others (budget, machine, FALSE);
}

/**
 * lodge_budget_words_dup_others_cores:
 * @machine: who cannot have them
 *
 * Returns: (transfer full): whose the cores are that @machine cannot have
 */
char *
lodge_budget_words_dup_others_cores (LodgeBudget  *budget,
                                     LodgeMachine *machine)
{
  return dup_others (budget, machine, TRUE);
}

/**
 * lodge_budget_words_show_memory:
 * @own: (nullable): whom the page is about
 *
 * Shows in @bar who has how much memory.
 */
void
lodge_budget_words_show_memory (LodgeBudgetBar *bar,
                                LodgeBudget    *budget,
                                LodgeMachine   *own)
{
  GListModel *shares = lodge_budget_get_shares (budget);
  g_autofree char *total = lodge_quantity_format_memory (lodge_budget_get_total (budget));
  g_autofree char *title = g_strdup_printf (_("Memory of the host: %s"), total);

  lodge_budget_bar_begin (bar);

  for (guint i = 0; i < g_list_model_get_n_items (shares); i++)
    {
      g_autoptr(LodgeShare) share = g_list_model_get_item (shares, i);
      g_autofree char *name = lodge_budget_words_dup_share (share);
      g_autofree char *amount = lodge_quantity_format_memory (lodge_share_get_memory (share));

      lodge_budget_bar_add (bar, get_kind (share, own), name, lodge_share_get_memory (share), amount);
    }

  lodge_budget_bar_end (bar, title);
}

static void
add_cores (LodgeBudgetBar     *bar,
           LodgeBudgetBarKind  kind,
           const char         *name,
           double              busy,
           guint               allowed)
{
  /* A load is never so exact. */
  g_autofree char *busy_text = lodge_quantity_format_cores ((guint)lround (MAX (0, busy) / 100) * 100);
  g_autofree char *allowed_text = lodge_quantity_format_cores (allowed);
  g_autofree char *words = allowed > 0 ? g_strdup_printf (_("%s busy, of %s"), busy_text, allowed_text)
                                       : g_strdup (busy_text);

  /* Also who has cores and lets them rest has a line. */
  lodge_budget_bar_add (bar, kind, name, MAX (busy, allowed > 0 ? 1 : 0), words);
}

/**
 * lodge_budget_words_show_cores:
 * @own: (nullable): whom the page is about
 *
 * Shows in @bar who keeps how many cores busy, and of how many.
 */
void
lodge_budget_words_show_cores (LodgeBudgetBar *bar,
                               LodgeBudget    *budget,
                               LodgeMachine   *own)
{
  GListModel *shares = lodge_budget_get_shares (budget);
  guint cores = lodge_budget_get_cores (budget);
  g_autofree char *total = lodge_quantity_format_cores (cores);
  g_autofree char *title = g_strdup_printf (_("Cores of the host: %s"), total);
  double load = MAX (0, lodge_budget_get_load (budget)) * 1000;
  double counted = 0;

  lodge_budget_bar_begin (bar);

  for (guint i = 0; i < g_list_model_get_n_items (shares); i++)
    {
      g_autoptr(LodgeShare) share = g_list_model_get_item (shares, i);
      g_autofree char *name = lodge_budget_words_dup_share (share);

      if (lodge_share_get_kind (share) != LODGE_SHARE_MACHINE && lodge_share_get_kind (share) != LODGE_SHARE_SERVICE)
        continue;

      counted += lodge_share_get_load (share);
      add_cores (bar, get_kind (share, own), name, lodge_share_get_load (share), lodge_share_get_cores (share));
    }

  add_cores (bar, LODGE_BUDGET_BAR_OVERHEAD, _("The host itself"), load - counted, 0);
  add_cores (bar, LODGE_BUDGET_BAR_FREE, _("Idle"), cores - MAX (load, counted), 0);
  lodge_budget_bar_end (bar, title);
}
