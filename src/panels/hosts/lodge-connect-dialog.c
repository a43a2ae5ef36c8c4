/* lodge-connect-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-connect-dialog.h"
#include "lodge-host-uri.h"
#include "lodge-mnemonics.h"

/**
 * LodgeConnectDialog:
 *
 * Asks for the address of a libvirt host, with examples to start from.
 */

struct _LodgeConnectDialog
{
  AdwWindow            parent_instance;

  /* Template references */
  GtkWidget           *connect_button;
  AdwEntryRow         *entry;
  AdwPreferencesGroup *examples;
  GtkLabel            *problem;
};

enum {
  CONNECT_TO,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (LodgeConnectDialog, lodge_connect_dialog, ADW_TYPE_WINDOW)

static guint signals[N_SIGNALS];

static const struct
{
  const char *uri;
  const char *meaning;
} examples[] = {
  { "qemu:///session",                N_("Your own guests on this computer") },
  { "qemu:///system",                 N_("The guests of this whole computer") },
  { "lxc:///system",                  N_("System containers on this computer") },
  { "qemu+ssh://user@host/system",    N_("The guests of another computer, over SSH") },
  { "test:///default",                N_("A make-believe host for trying things out") },
};

static void
changed_cb (LodgeConnectDialog *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  const char *problem;
  g_autofree char *uri = lodge_host_uri_normalize (text, &problem);

  g_assert (LODGE_IS_CONNECT_DIALOG (self));

  gtk_widget_set_sensitive (self->connect_button, uri != NULL);
  gtk_label_set_text (self->problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), problem != NULL && *text != '\0');

  if (problem != NULL && *text != '\0')
    gtk_widget_add_css_class (GTK_WIDGET (self->entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
}

static void
connect_clicked_cb (LodgeConnectDialog *self)
{
  const char *problem;
  g_autofree char *uri = lodge_host_uri_normalize (gtk_editable_get_text (GTK_EDITABLE (self->entry)),
                                                   &problem);

  g_assert (LODGE_IS_CONNECT_DIALOG (self));

  if (uri == NULL)
    return;

  g_signal_emit (self, signals[CONNECT_TO], 0, uri);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
example_activated_cb (LodgeConnectDialog *self,
                      AdwActionRow       *row)
{
  g_assert (LODGE_IS_CONNECT_DIALOG (self));

  gtk_editable_set_text (GTK_EDITABLE (self->entry), adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)));
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
}

static void
lodge_connect_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LODGE_TYPE_CONNECT_DIALOG);

  G_OBJECT_CLASS (lodge_connect_dialog_parent_class)->dispose (object);
}

static void
lodge_connect_dialog_class_init (LodgeConnectDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lodge_connect_dialog_dispose;

  signals[CONNECT_TO] =
    g_signal_new ("connect-to",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/panels/lodge-connect-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LodgeConnectDialog, connect_button);
  gtk_widget_class_bind_template_child (widget_class, LodgeConnectDialog, entry);
  gtk_widget_class_bind_template_child (widget_class, LodgeConnectDialog, examples);
  gtk_widget_class_bind_template_child (widget_class, LodgeConnectDialog, problem);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, connect_clicked_cb);
}

static void
lodge_connect_dialog_init (LodgeConnectDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    {
      GtkWidget *row = adw_action_row_new ();

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), examples[i].uri);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _(examples[i].meaning));
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      g_signal_connect_object (row, "activated", G_CALLBACK (example_activated_cb), self,
                               G_CONNECT_SWAPPED);
      adw_preferences_group_add (self->examples, row);
    }

  lodge_mnemonics_name_buttons (GTK_WIDGET (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

GtkWindow *
lodge_connect_dialog_new (GtkWindow *parent)
{
  return g_object_new (LODGE_TYPE_CONNECT_DIALOG, "transient-for", parent, NULL);
}
