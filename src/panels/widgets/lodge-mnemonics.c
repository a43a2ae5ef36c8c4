/* lodge-mnemonics.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-mnemonics.h"

static char *
dup_without_mnemonic (const char *label)
{
  GString *text = g_string_new (NULL);

  for (const char *c = label; *c != '\0'; c++)
    {
      if (*c == '_' && *++c == '\0')
        break;

      g_string_append_c (text, *c);
    }

  return g_string_free (text, FALSE);
}

static void
name_button (GtkButton *button)
{
  const char *label = gtk_button_get_label (button);
  g_autofree char *text = NULL;

  if (label == NULL || !gtk_button_get_use_underline (button))
    return;

  text = dup_without_mnemonic (label);
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

/**
 * lodge_mnemonics_name_buttons:
 * @root: a widget
 *
 * Gives each button under @root its visible label as its name for assistive technology, now and
 * when the label changes. GTK 4.8 would say "_Start Start" of a button with a mnemonic.
 */
void
lodge_mnemonics_name_buttons (GtkWidget *root)
{
  g_return_if_fail (GTK_IS_WIDGET (root));

  if (GTK_IS_BUTTON (root) && gtk_button_get_use_underline (GTK_BUTTON (root)))
    {
      name_button (GTK_BUTTON (root));

      if (g_signal_handler_find (root, G_SIGNAL_MATCH_FUNC, 0, 0, NULL, name_button, NULL) == 0)
        g_signal_connect_after (root, "notify::label", G_CALLBACK (name_button), NULL);
    }

  for (GtkWidget *child = gtk_widget_get_first_child (root);
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    lodge_mnemonics_name_buttons (child);
}
