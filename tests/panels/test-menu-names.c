/* test-menu-names.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-menu-names.h"
#include "test-wait.h"

static GMenuModel *
create_menu (const char *name)
{
  g_autoptr(GMenu) menu = g_menu_new ();
  g_autoptr(GMenu) section = g_menu_new ();
  g_autoptr(GMenu) submenu = g_menu_new ();

  g_menu_append (menu, name, "test.act");
  g_menu_append (submenu, "Inside", "test.act");
  g_menu_append_submenu (section, "Mor_e", G_MENU_MODEL (submenu));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (section));

  return G_MENU_MODEL (g_steal_pointer (&menu));
}

static gboolean
has_item (GtkWidget  *widget,
          const char *name)
{
  if (gtk_test_accessible_has_role (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_ROLE_MENU_ITEM))
    {
      g_autofree char *problem =
        gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget),
                                            GTK_ACCESSIBLE_PROPERTY_LABEL, name, NULL);

      return problem == NULL;
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (has_item (child, name))
        return TRUE;
    }

  return FALSE;
}

/* What an item says is its name, also in a submenu and in the menu that comes instead. */
static void
test_names (void)
{
  GtkWidget *window = gtk_window_new (), *button = gtk_menu_button_new ();
  g_autoptr(GMenuModel) first = create_menu ("_Open"), second = create_menu ("Close…");
  GtkWidget *popover;

  gtk_window_set_child (GTK_WINDOW (window), button);
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), first);
  lodge_menu_button_name_items (GTK_MENU_BUTTON (button));
  gtk_window_present (GTK_WINDOW (window));
  test_wait (gtk_widget_get_mapped (button));

  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  popover = GTK_WIDGET (gtk_menu_button_get_popover (GTK_MENU_BUTTON (button)));
  g_assert_true (has_item (popover, "Open"));
  g_assert_true (has_item (popover, "More"));
  g_assert_true (has_item (popover, "Inside"));

  gtk_menu_button_popdown (GTK_MENU_BUTTON (button));
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), second);
  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  g_assert_true (has_item (GTK_WIDGET (gtk_menu_button_get_popover (GTK_MENU_BUTTON (button))),
                           "Close…"));

  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int   argc,
      char *argv[])
{
  g_setenv ("GTK_A11Y", "test", TRUE);
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/panels/menu-names/names", test_names);

  return g_test_run ();
}
