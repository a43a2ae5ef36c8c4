/* lodge-dialog-heading.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <adwaita.h>

#include "lodge-dialog-heading.h"

/* Pixels, more than any one letter takes. */
#define MIN_WIDTH 100

static void
wrap (GtkWidget  *widget,
      const char *heading)
{
  if (GTK_IS_LABEL (widget) && g_strcmp0 (gtk_label_get_label (GTK_LABEL (widget)), heading) == 0)
    {
      gtk_label_set_wrap (GTK_LABEL (widget), TRUE);
      gtk_label_set_wrap_mode (GTK_LABEL (widget), PANGO_WRAP_WORD_CHAR);
      gtk_widget_set_size_request (widget, MIN_WIDTH, -1);
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget);
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    wrap (child, heading);
}

/**
 * lodge_dialog_heading_wrap:
 * @dialog: an AdwMessageDialog that has its heading
 *
 * Lets the heading have less room than its text takes in one line.
 *
 * libadwaita has the heading twice, large in one line and small, and shows the one that fits. In 1.7
 * it takes the smaller minimum of the two for both and measures the large one for widths that this one
 * cannot have, of which GTK 4.18 warns. So both wrap anywhere, and have the same minimum.
 */
void
lodge_dialog_heading_wrap (GtkWidget *dialog)
{
  g_return_if_fail (ADW_IS_MESSAGE_DIALOG (dialog));

  wrap (dialog, adw_message_dialog_get_heading (ADW_MESSAGE_DIALOG (dialog)));
}
