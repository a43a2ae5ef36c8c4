/* lodge-status-popover.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-console-legs.h"
#include "lodge-status-popover.h"

/* More than this scrolls. */
#define MAX_HEIGHT 560

/**
 * LodgeStatusPopover:
 *
 * Says of each leg whether it stands, so that nobody has to guess why pasting does nothing.
 */

struct _LodgeStatusPopover
{
  GtkPopover         parent_instance;

  LodgeConsole      *console;
  GSignalGroup      *session_signals;
  GBinding          *clipboard_binding;
  GtkScrolledWindow *scrolled;
  GtkListBox        *list;
  GtkSwitch         *clipboard;
};

G_DEFINE_FINAL_TYPE (LodgeStatusPopover, lodge_status_popover, GTK_TYPE_POPOVER)

static void
append_leg (LodgeStatusPopover    *self,
            const LodgeConsoleLeg *leg)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name (leg->works ? "emblem-ok-symbolic" : "action-unavailable-symbolic");

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), leg->title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), leg->text);
  gtk_widget_add_css_class (icon, leg->works ? "success" : "dim-label");
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  leg->works ? _("Works") : _("Does not work"), -1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  gtk_list_box_append (self->list, row);
}

/* A scrolled window asks for the height of lines that are not wrapped, which cuts the last row off. */
static void
fit_height (LodgeStatusPopover *self)
{
  GtkWidget *viewport = gtk_scrolled_window_get_child (self->scrolled);
  int width;
  int height;

  gtk_widget_measure (viewport, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  gtk_widget_measure (viewport, GTK_ORIENTATION_VERTICAL, width, NULL, &height, NULL, NULL);
  gtk_scrolled_window_set_min_content_height (self->scrolled, MIN (height, MAX_HEIGHT));
}

static void
update (LodgeStatusPopover *self)
{
  g_autoptr(GPtrArray) legs = NULL;
  GtkListBoxRow *row;

  g_assert (LODGE_IS_STATUS_POPOVER (self));

  if (self->console == NULL || !gtk_widget_get_visible (GTK_WIDGET (self)))
    return;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));

  legs = lodge_console_list_legs (self->console);

  for (guint i = 0; i < legs->len; i++)
    append_leg (self, g_ptr_array_index (legs, i));

  fit_height (self);
}

static void
lodge_status_popover_show (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lodge_status_popover_parent_class)->show (widget);
  update (LODGE_STATUS_POPOVER (widget));
}

static void
lodge_status_popover_dispose (GObject *object)
{
  LodgeStatusPopover *self = (LodgeStatusPopover *)object;

  g_clear_object (&self->session_signals);
  g_clear_pointer (&self->clipboard_binding, g_binding_unbind);
  g_clear_object (&self->console);

  G_OBJECT_CLASS (lodge_status_popover_parent_class)->dispose (object);
}

static void
lodge_status_popover_class_init (LodgeStatusPopoverClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lodge_status_popover_dispose;
  widget_class->show = lodge_status_popover_show;
}

static GtkWidget *
create_clipboard_row (LodgeStatusPopover *self)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *row = adw_action_row_new ();

  self->clipboard = GTK_SWITCH (gtk_switch_new ());
  gtk_widget_set_valign (GTK_WIDGET (self->clipboard), GTK_ALIGN_CENTER);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Share the _Clipboard With This Guest"));
  adw_preferences_row_set_use_underline (ADW_PREFERENCES_ROW (row), TRUE);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), GTK_WIDGET (self->clipboard));
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), GTK_WIDGET (self->clipboard));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->clipboard), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Share the Clipboard With This Guest"), -1);
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");

  return list;
}

static void
lodge_status_popover_init (LodgeStatusPopover *self)
{
  static const char * const props[] = { "agent-connected", "can-resize", "can-share-clipboard", "can-send-files",
                                        "has-playback", "has-record", "audio-error", "share-clipboard" };
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->scrolled = GTK_SCROLLED_WINDOW (scrolled);
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("What works with this guest"), -1);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
  gtk_box_append (GTK_BOX (box), create_clipboard_row (self));
  gtk_widget_set_size_request (box, 320, -1);
  gtk_widget_set_margin_start (box, 6);
  gtk_widget_set_margin_end (box, 6);
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), MAX_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  gtk_popover_set_child (GTK_POPOVER (self), scrolled);

  self->session_signals = g_signal_group_new (LODGE_TYPE_DISPLAY_SESSION);
  for (guint i = 0; i < G_N_ELEMENTS (props); i++)
    {
      g_autofree char *signal = g_strconcat ("notify::", props[i], NULL);

      g_signal_group_connect_object (self->session_signals, signal, G_CALLBACK (update), self, G_CONNECT_SWAPPED);
    }
}

GtkWidget *
lodge_status_popover_new (void)
{
  return g_object_new (LODGE_TYPE_STATUS_POPOVER, NULL);
}

void
lodge_status_popover_set_console (LodgeStatusPopover *self,
                                  LodgeConsole       *console)
{
  g_return_if_fail (LODGE_IS_STATUS_POPOVER (self));

  if (!g_set_object (&self->console, console))
    return;

  g_clear_pointer (&self->clipboard_binding, g_binding_unbind);
  g_signal_group_set_target (self->session_signals, console != NULL ? lodge_console_get_session (console) : NULL);

  if (console != NULL)
    self->clipboard_binding = g_object_bind_property (console, "share-clipboard", self->clipboard, "active",
                                                      G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  update (self);
}
