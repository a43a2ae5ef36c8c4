/* test-widgets.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What a test finds by looking, as a person would: by words and kinds, not by the names of fields. */

/* Whether @widget and all around it is there to be seen (revealed or not). */
static inline gboolean
test_is_shown (GtkWidget *widget)
{
  for (GtkWidget *w = widget; w != NULL; w = gtk_widget_get_parent (w))
    if (!gtk_widget_get_child_visible (w) || !gtk_widget_get_visible (w))
      return FALSE;

  return TRUE;
}

typedef gboolean (*TestWidgetFunc) (GtkWidget  *widget,
                                    gpointer    user_data);

/* The first widget under @root, in the order of the tree, that is shown and that @func takes. */
static inline GtkWidget *
test_find (GtkWidget      *root,
           TestWidgetFunc  func,
           gpointer        user_data)
{
  if (!gtk_widget_get_visible (root) || !gtk_widget_get_child_visible (root))
    return NULL;

  if (func (root, user_data))
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root);
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = test_find (child, func, user_data);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static inline gboolean
test_is_label (GtkWidget *widget,
               gpointer   text)
{
  return GTK_IS_LABEL (widget) && g_strcmp0 (gtk_label_get_text (GTK_LABEL (widget)), text) == 0;
}

static inline GtkWidget *
test_find_label (GtkWidget  *root,
                 const char *text)
{
  return test_find (root, test_is_label, (gpointer)text);
}

static inline gboolean
test_is_button (GtkWidget *widget,
                gpointer   text)
{
  return GTK_IS_BUTTON (widget) &&
         (test_find_label (widget, text) != NULL ||
          g_strcmp0 (gtk_widget_get_tooltip_text (widget), text) == 0);
}

/* By its label, or by its tooltip where it has only a picture. */
static inline GtkWidget *
test_find_button (GtkWidget  *root,
                  const char *text)
{
  return test_find (root, test_is_button, (gpointer)text);
}

static inline void
test_click (GtkWidget  *root,
            const char *text)
{
  GtkWidget *button = test_find_button (root, text);

  if (button == NULL)
    g_error ("there is no button “%s”", text);
  if (!gtk_widget_is_sensitive (button))
    g_error ("the button “%s” cannot be pressed", text);

  gtk_widget_activate (button);
}

static inline guint
test_count_type (GtkWidget *root,
                 GType      type)
{
  guint n_found = G_TYPE_CHECK_INSTANCE_TYPE (root, type);

  for (GtkWidget *child = gtk_widget_get_first_child (root);
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n_found += test_count_type (child, type);

  return n_found;
}

G_END_DECLS
