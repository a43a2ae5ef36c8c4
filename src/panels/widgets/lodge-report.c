/* lodge-report.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-dialog-heading.h"
#include "lodge-report.h"

typedef struct
{
  char *title;
  char *text;
  char *details;
} Report;

static void
report_free (gpointer  data,
             GClosure *closure)
{
  Report *report = data;

  g_free (report->title);
  g_free (report->text);
  g_free (report->details);
  g_free (report);
}

static GtkWidget *
get_content (GtkRoot *root)
{
  if (ADW_IS_APPLICATION_WINDOW (root))
    return adw_application_window_get_content (ADW_APPLICATION_WINDOW (root));

  if (ADW_IS_WINDOW (root))
    return adw_window_get_content (ADW_WINDOW (root));

  return NULL;
}

/* The window's own may stand in something else. */
static GtkWidget *
find_below (GtkWidget *widget)
{
  GtkWidget *found = ADW_IS_TOAST_OVERLAY (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget);
       child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_below (child);

  return found;
}

/* A dialog has no toasts of its own; those of the window behind it are seen too. */
static AdwToastOverlay *
find_overlay (GtkWidget *widget)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY);
  GtkRoot *root = gtk_widget_get_root (widget);

  while (overlay == NULL && root != NULL)
    {
      GtkWidget *content = get_content (root);
      GtkWindow *parent = GTK_IS_WINDOW (root) ? gtk_window_get_transient_for (GTK_WINDOW (root)) : NULL;

      if (content != NULL)
        overlay = find_below (content);

      root = GTK_ROOT (parent);
    }

  return overlay != NULL ? ADW_TOAST_OVERLAY (overlay) : NULL;
}

static AdwToast *
make_toast (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *escaped = g_markup_escape_text (valid, -1);

  return adw_toast_new (escaped);
}

static void
details_clicked_cb (AdwToast *toast,
                    Report   *report)
{
  GtkWindow *parent = gtk_application_get_active_window (GTK_APPLICATION (g_application_get_default ()));
  GtkWidget *dialog = adw_message_dialog_new (parent, report->title, report->text);
  GtkWidget *raw = gtk_label_new (report->details);

  gtk_label_set_selectable (GTK_LABEL (raw), TRUE);
  gtk_label_set_wrap (GTK_LABEL (raw), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (raw), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (raw, "monospace");
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), raw);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  lodge_dialog_heading_wrap (dialog);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
lodge_report_text (GtkWidget  *widget,
                   const char *text)
{
  AdwToastOverlay *overlay;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (text != NULL);

  if ((overlay = find_overlay (widget)) != NULL)
    adw_toast_overlay_add_toast (overlay, make_toast (text));
  else
    g_printerr ("%s\n", text);
}

/**
 * lodge_report_offer:
 * @label: what the button does, with a mnemonic
 *
 * Returns: (transfer none) (nullable): a toast that stays for a while
 */
AdwToast *
lodge_report_offer (GtkWidget  *widget,
                    const char *text,
                    const char *label)
{
  AdwToastOverlay *overlay;
  AdwToast *toast;

  g_return_val_if_fail (GTK_IS_WIDGET (widget), NULL);
  g_return_val_if_fail (text != NULL, NULL);

  if ((overlay = find_overlay (widget)) == NULL)
    return NULL;

  toast = make_toast (text);
  adw_toast_set_button_label (toast, label);
  adw_toast_set_timeout (toast, 20);
  adw_toast_overlay_add_toast (overlay, toast);

  return toast;
}

void
lodge_report_problem (GtkWidget          *widget,
                      const LodgeProblem *problem)
{
  AdwToastOverlay *overlay;
  AdwToast *toast;
  Report *report;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (problem != NULL);

  if ((overlay = find_overlay (widget)) == NULL)
    {
      g_printerr ("%s: %s\n", problem->title, problem->text);
      return;
    }

  report = g_new0 (Report, 1);
  report->title = g_strdup (problem->title);
  report->text = g_strdup (problem->text);
  report->details = g_strdup (problem->details);

  toast = make_toast (problem->title);
  adw_toast_set_button_label (toast, _("_Details"));
  adw_toast_set_timeout (toast, 10);
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (details_clicked_cb),
                         report, report_free, 0);
  adw_toast_overlay_add_toast (overlay, toast);
}

/**
 * lodge_report_error:
 * @error: what went wrong; cancellation is passed over in silence
 *
 * Tells the user about an error.
 */
void
lodge_report_error (GtkWidget    *widget,
                    const GError *error)
{
  g_autoptr(LodgeProblem) problem = NULL;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (error != NULL);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  problem = lodge_problem_new (error, LODGE_ACTION_NONE, NULL);
  lodge_report_problem (widget, problem);
}
