/* lodge-transfers-popover.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-transfer-row.h"
#include "lodge-transfers-popover.h"

/**
 * LodgeTransfersPopover:
 *
 * The files on their way to the guest, and those that have just arrived.
 */

struct _LodgeTransfersPopover
{
  GtkPopover  parent_instance;

  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (LodgeTransfersPopover, lodge_transfers_popover, GTK_TYPE_POPOVER)

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  return lodge_transfer_row_new (item);
}

static void
lodge_transfers_popover_class_init (LodgeTransfersPopoverClass *klass)
{
}

static void
lodge_transfers_popover_init (LodgeTransfersPopover *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_widget_set_margin_start (GTK_WIDGET (self->list), 6);
  gtk_widget_set_margin_end (GTK_WIDGET (self->list), 6);
  gtk_widget_set_margin_top (GTK_WIDGET (self->list), 6);
  gtk_widget_set_margin_bottom (GTK_WIDGET (self->list), 6);
  gtk_widget_set_size_request (GTK_WIDGET (self->list), 300, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Files sent to the guest"), -1);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 400);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->list));
  gtk_popover_set_child (GTK_POPOVER (self), scrolled);
}

GtkWidget *
lodge_transfers_popover_new (void)
{
  return g_object_new (LODGE_TYPE_TRANSFERS_POPOVER, NULL);
}

void
lodge_transfers_popover_set_console (LodgeTransfersPopover *self,
                                     LodgeConsole          *console)
{
  GListModel *transfers = NULL;

  g_return_if_fail (LODGE_IS_TRANSFERS_POPOVER (self));

  if (console != NULL)
    transfers = lodge_display_session_list_transfers (lodge_console_get_session (console));

  gtk_list_box_bind_model (self->list, transfers, create_row, NULL, NULL);
}
