/* test-window.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gstdio.h>

#include "lodge-core.h"
#include "lodge-everyday-card.h"
#include "lodge-host.h"
#include "lodge-machine.h"
#include "lodge-settings.h"
#include "lodge-sidebar-row.h"
#include "lodge-window.h"
#include "test-await.h"
#include "test-wait.h"
#include "test-widgets.h"

/* A host with guests of the given names, all off; each is a new one, as libvirt's test driver keeps
 * its only for a connection.
 */
typedef struct
{
  char          *file;
  char          *uri;
  LodgeHostList *hosts;
  LodgeHost     *host;
  LodgeWindow   *window;
} Fixture;

static void
append_guest (GString    *xml,
              const char *name,
              const char *devices)
{
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *escaped = g_markup_escape_text (name, -1);

  g_string_append_printf (xml,
                          "<domain type='test'><name>%s</name><uuid>%s</uuid>"
                          "<memory>131072</memory><vcpu>1</vcpu><os><type>hvm</type></os>"
                          "<devices>%s</devices>"
                          "<testdriver:runstate xmlns:testdriver='http://libvirt.org/schemas/domain/test/1.0'>5"
                          "</testdriver:runstate></domain>",
                          escaped, uuid, devices);
}

static gboolean
host_is_open (Fixture *fixture)
{
  return lodge_host_get_state (fixture->host) == LODGE_HOST_STATE_OPEN;
}

static void
fixture_open (Fixture *fixture,
              GString *guests)
{
  g_autofree char *xml = g_strdup_printf ("<node>%s</node>", guests->str);
  const char *none[] = { NULL };
  int fd = g_file_open_tmp ("lodge-host-XXXXXX.xml", &fixture->file, NULL);

  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (fixture->file, xml, -1, NULL));
  fixture->uri = g_strconcat ("test://", fixture->file, NULL);

  g_settings_set_strv (lodge_settings_get (), "hosts", none);
  g_settings_reset (lodge_settings_get (), "everyday");
  fixture->hosts = lodge_host_list_new (lodge_settings_get ());
  fixture->host = lodge_host_list_add (fixture->hosts, fixture->uri, TRUE);
  g_object_ref (fixture->host);
  fixture->window = g_object_ref (lodge_window_new (NULL, fixture->hosts));
  gtk_window_present (GTK_WINDOW (fixture->window));
  test_wait (host_is_open (fixture));
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GString) guests = g_string_new (NULL);

  append_guest (guests, "desk", "");
  append_guest (guests, "notes", "");
  fixture_open (fixture, guests);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_assert_finalize_object (fixture->window);
  g_clear_object (&fixture->host);
  g_clear_object (&fixture->hosts);
  g_unlink (fixture->file);
  g_free (fixture->file);
  g_free (fixture->uri);
}

static GtkWidget *
find_label (Fixture    *fixture,
            const char *text)
{
  return test_find_label (GTK_WIDGET (fixture->window), text);
}

static GtkWidget *
find_button (Fixture    *fixture,
             const char *text)
{
  return test_find_button (GTK_WIDGET (fixture->window), text);
}

static LodgeMachine *
dup_machine (Fixture    *fixture,
             const char *name)
{
  LodgeMachine *machine = lodge_host_dup_machine (fixture->host, name);

  g_assert_nonnull (machine);

  return machine;
}

static void
show_machine (Fixture    *fixture,
              const char *name)
{
  g_autoptr(LodgeMachine) machine = dup_machine (fixture, name);

  lodge_window_show_subject (fixture->window, G_OBJECT (machine));
}

static void
make_everyday (Fixture    *fixture,
               const char *name)
{
  g_autoptr(LodgeMachine) machine = dup_machine (fixture, name);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  lodge_host_list_set_everyday_async (fixture->hosts, machine, NULL, test_await_cb, &result);
  lodge_host_list_set_everyday_finish (fixture->hosts, test_await (&result), &error);
  g_assert_no_error (error);
}

static void
test_lists_guests (Fixture       *fixture,
                   gconstpointer  data)
{
  test_wait (find_label (fixture, "desk") != NULL);
  g_assert_nonnull (find_label (fixture, "notes"));
  g_assert_nonnull (find_label (fixture, "Test Host"));
  g_assert_nonnull (find_label (fixture, "Connected"));
  test_wait (find_label (fixture, "Choose a Guest") != NULL);
}

static gboolean
is_everyday_card (GtkWidget *widget,
                  gpointer   user_data)
{
  return LODGE_IS_EVERYDAY_CARD (widget);
}

static gboolean
is_row_of (GtkWidget *widget,
           gpointer   title)
{
  return LODGE_IS_SIDEBAR_ROW (widget) && test_find_label (widget, title) != NULL;
}

static void
test_everyday_guest_is_on_top (Fixture       *fixture,
                               gconstpointer  data)
{
  GtkWidget *card;

  make_everyday (fixture, "notes");
  test_wait ((card = test_find (GTK_WIDGET (fixture->window), is_everyday_card, NULL)) != NULL);
  g_assert_nonnull (test_find_label (card, "notes"));
  g_assert_nonnull (test_find_button (card, "Start"));

  /* And not once more below. */
  test_wait (test_find (GTK_WIDGET (fixture->window), is_row_of, (gpointer)"notes") == NULL);
  g_assert_nonnull (test_find (GTK_WIDGET (fixture->window), is_row_of, (gpointer)"desk"));
}

static void
test_one_press_starts_the_everyday_guest (Fixture       *fixture,
                                          gconstpointer  data)
{
  g_autoptr(LodgeMachine) machine = dup_machine (fixture, "notes");
  GtkWidget *card;

  make_everyday (fixture, "notes");
  test_wait ((card = test_find (GTK_WIDGET (fixture->window), is_everyday_card, NULL)) != NULL);
  test_click (card, "Start");

  test_wait (lodge_machine_get_state (machine) == LODGE_STATE_RUNNING);
  test_wait (test_find_button (card, "Open") != NULL);
  g_assert_true (lodge_window_get_subject (fixture->window) == G_OBJECT (machine));
}

static void
test_buttons_follow_the_state (Fixture       *fixture,
                               gconstpointer  data)
{
  g_autoptr(LodgeMachine) machine = dup_machine (fixture, "desk");

  show_machine (fixture, "desk");
  test_wait (find_label (fixture, "Off") != NULL);
  g_assert_null (find_button (fixture, "Pause"));

  test_click (GTK_WIDGET (fixture->window), "Start");
  test_wait (find_button (fixture, "Pause") != NULL);
  g_assert_cmpint (lodge_machine_get_state (machine), ==, LODGE_STATE_RUNNING);

  test_click (GTK_WIDGET (fixture->window), "Pause");
  test_wait (find_button (fixture, "Resume") != NULL);
  g_assert_nonnull (find_label (fixture, "Paused"));

  test_click (GTK_WIDGET (fixture->window), "Resume");
  test_wait (find_button (fixture, "Pause") != NULL);
}

static GtkWindow *
find_dialog (void)
{
  g_autoptr(GList) toplevels = gtk_window_list_toplevels ();

  for (GList *l = toplevels; l != NULL; l = l->next)
    if (ADW_IS_MESSAGE_DIALOG (l->data))
      return l->data;

  return NULL;
}

static void
test_force_off_asks_first (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(LodgeMachine) machine = dup_machine (fixture, "desk");
  GtkWidget *page;

  show_machine (fixture, "desk");
  test_click (GTK_WIDGET (fixture->window), "Start");
  test_wait ((page = find_button (fixture, "Pause")) != NULL);

  g_assert_true (gtk_widget_activate_action (page, "machine.force-off", NULL));
  test_wait (find_dialog () != NULL);
  g_assert_cmpint (lodge_machine_get_state (machine), ==, LODGE_STATE_RUNNING);
  g_assert_nonnull (g_strstr_len (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (find_dialog ())), -1, "lost"));
  test_click (GTK_WIDGET (find_dialog ()), "Cancel");
  test_wait (find_dialog () == NULL);
  test_run_for (200);
  g_assert_cmpint (lodge_machine_get_state (machine), ==, LODGE_STATE_RUNNING);

  g_assert_true (gtk_widget_activate_action (page, "machine.force-off", NULL));
  test_wait (find_dialog () != NULL);
  test_click (GTK_WIDGET (find_dialog ()), "Force Off");
  test_wait (lodge_machine_get_state (machine) == LODGE_STATE_OFF);
  test_wait (find_button (fixture, "Start") != NULL);
}

static void
test_closing_says_once_that_guests_run_on (Fixture       *fixture,
                                           gconstpointer  data)
{
  GSettings *settings = lodge_settings_get ();
  g_autoptr(LodgeMachine) machine = dup_machine (fixture, "desk");

  g_settings_reset (settings, "told-guests-keep-running");
  show_machine (fixture, "desk");
  test_click (GTK_WIDGET (fixture->window), "Start");
  test_wait (lodge_machine_is_active (machine));

  gtk_window_close (GTK_WINDOW (fixture->window));
  test_wait (find_dialog () != NULL);
  g_assert_nonnull (test_find_label (GTK_WIDGET (find_dialog ()), "Your Guests Keep Running"));
  test_click (GTK_WIDGET (find_dialog ()), "Close Window");
  test_wait (!gtk_widget_get_visible (GTK_WIDGET (fixture->window)));

  g_assert_true (g_settings_get_boolean (settings, "told-guests-keep-running"));
  g_assert_cmpint (lodge_machine_get_state (machine), ==, LODGE_STATE_RUNNING);
}

static void
test_narrow_window_folds (Fixture       *fixture,
                          gconstpointer  data)
{
  test_wait (find_label (fixture, "Choose a Guest") != NULL);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 600);
  test_wait (find_button (fixture, "Back to the List") == NULL &&
             find_label (fixture, "Choose a Guest") == NULL);
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (fixture->window)), <=, 420);

  show_machine (fixture, "desk");
  test_wait (find_button (fixture, "Back to the List") != NULL);
  g_assert_nonnull (find_button (fixture, "Start"));

  test_click (GTK_WIDGET (fixture->window), "Back to the List");
  test_wait (find_label (fixture, "notes") != NULL);
  test_wait (lodge_window_get_subject (fixture->window) == NULL);
}

static void
test_a_guest_that_is_gone_leaves_the_page (Fixture       *fixture,
                                           gconstpointer  data)
{
  show_machine (fixture, "desk");
  g_assert_nonnull (lodge_window_get_subject (fixture->window));

  lodge_host_list_remove (fixture->hosts, fixture->host);
  test_wait (lodge_window_get_subject (fixture->window) == NULL);
  test_wait (find_label (fixture, "Welcome to Lodge") != NULL);
}

static gboolean
is_title_of (GtkWidget *widget,
             gpointer   title)
{
  return ADW_IS_WINDOW_TITLE (widget) && test_find_label (widget, title) != NULL;
}

static void
test_hostile_names (void)
{
  g_autofree char *endless = g_strnfill (255, 'w');
  const char *names[] = {
    "<b>bold & <span foreground='red'>red",
    "%s%n 100% sure",
    "مرحبا بالعالم",
    "🦆🦆 duck_with_underscores __",
    "back\\slash 'quote' \"double\"",
    endless,
  };
  g_autoptr(GString) guests = g_string_new (NULL);
  Fixture fixture = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    append_guest (guests, names[i], "");
  fixture_open (&fixture, guests);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      GtkWidget *start;

      test_wait (test_find (GTK_WIDGET (fixture.window), is_row_of, (gpointer)names[i]) != NULL);
      show_machine (&fixture, names[i]);
      test_wait ((start = find_button (&fixture, "Start")) != NULL);

      /* In the header too, and in a question. */
      g_assert_nonnull (test_find (GTK_WIDGET (fixture.window), is_title_of, (gpointer)names[i]));
      g_assert_true (gtk_widget_activate (start));
      test_wait (find_button (&fixture, "Pause") != NULL);
      g_assert_true (gtk_widget_activate_action (find_button (&fixture, "Pause"), "machine.force-off", NULL));
      test_wait (find_dialog () != NULL);
      g_assert_nonnull (g_strstr_len (adw_message_dialog_get_heading (ADW_MESSAGE_DIALOG (find_dialog ())),
                                      -1, names[i]));
      test_click (GTK_WIDGET (find_dialog ()), "Cancel");
      test_wait (find_dialog () == NULL);
    }

  /* The endless one must not make the window endless. */
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (fixture.window)), <, 1400);
  fixture_tear_down (&fixture, NULL);
}

static void
test_a_thousand_guests (void)
{
  g_autoptr(GString) guests = g_string_new (NULL);
  g_autoptr(GListModel) machines = NULL;
  Fixture fixture = { 0 };

  for (int i = 0; i < 1000; i++)
    {
      g_autofree char *name = g_strdup_printf ("guest-%04d", i);

      append_guest (guests, name, "");
    }

  fixture_open (&fixture, guests);
  machines = lodge_host_list_machines (fixture.host);
  g_assert_cmpuint (g_list_model_get_n_items (machines), ==, 1000);
  test_wait (find_label (&fixture, "guest-0000") != NULL);

  /* GTK 4.8 keeps up to 200 lines of a list, however long it is; what counts is that it is bounded. */
  g_assert_cmpuint (test_count_type (GTK_WIDGET (fixture.window), LODGE_TYPE_SIDEBAR_ROW), <=, 210);

  fixture_tear_down (&fixture, NULL);
}

static gboolean
is_search_entry (GtkWidget *widget,
                 gpointer   user_data)
{
  return GTK_IS_SEARCH_ENTRY (widget);
}

static void
test_search (Fixture       *fixture,
             gconstpointer  data)
{
  GtkWidget *entry;

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.search", NULL));
  test_wait ((entry = test_find (GTK_WIDGET (fixture->window), is_search_entry, NULL)) != NULL);
  gtk_editable_set_text (GTK_EDITABLE (entry), "NOTE");
  test_wait (test_find (GTK_WIDGET (fixture->window), is_row_of, (gpointer)"desk") == NULL);
  g_assert_nonnull (test_find (GTK_WIDGET (fixture->window), is_row_of, (gpointer)"notes"));

  gtk_editable_set_text (GTK_EDITABLE (entry), "");
  test_wait (test_find (GTK_WIDGET (fixture->window), is_row_of, (gpointer)"desk") != NULL);
}

static gboolean
is_label (GtkWidget *widget,
          gpointer   user_data)
{
  return GTK_IS_LABEL (widget);
}

/* A person who cannot see the picture on a button needs its words. */
/* The first that was found opens with Enter, and what is typed then is not for the search. */
static void
test_search_and_enter (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(LodgeMachine) notes = dup_machine (fixture, "notes");
  GtkWidget *entry = NULL;

  test_wait (find_label (fixture, "notes") != NULL);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.search", NULL));
  test_wait ((entry = test_find (GTK_WIDGET (fixture->window), is_search_entry, NULL)) != NULL);
  gtk_editable_set_text (GTK_EDITABLE (entry), "note");
  test_wait (find_label (fixture, "desk") == NULL);

  g_signal_emit_by_name (entry, "activate");
  g_assert_true (lodge_window_get_subject (fixture->window) == G_OBJECT (notes));
  g_assert_false (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (fixture->window)), entry));
}

static void
check_buttons (GtkWidget *widget)
{
  /* libadwaita's own (from 1.4 on), in each header bar, for pages of its own kind: it names the page. */
  if (g_str_equal (G_OBJECT_TYPE_NAME (widget), "AdwBackButton"))
    return;

  if (GTK_IS_BUTTON (widget) && gtk_widget_get_visible (widget) &&
      !GTK_IS_MENU_BUTTON (gtk_widget_get_parent (widget)))
    {
      GtkWidget *label = test_find (widget, is_label, NULL);
      const char *tooltip = gtk_widget_get_tooltip_text (widget);

      if (label == NULL && tooltip == NULL && gtk_widget_get_child_visible (widget) && gtk_widget_get_ancestor (widget, GTK_TYPE_WINDOW_CONTROLS) == NULL)
        g_error ("a %s with the icon %s has no words", G_OBJECT_TYPE_NAME (widget),
                 GTK_IS_BUTTON (widget) ? gtk_button_get_icon_name (GTK_BUTTON (widget)) : NULL);
    }

  if (GTK_IS_MENU_BUTTON (widget) && gtk_widget_get_tooltip_text (widget) == NULL &&
      gtk_menu_button_get_label (GTK_MENU_BUTTON (widget)) == NULL)
    g_error ("a menu button with the icon %s has no words", gtk_menu_button_get_icon_name (GTK_MENU_BUTTON (widget)));

  for (GtkWidget *child = gtk_widget_get_first_child (widget);
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    check_buttons (child);
}

static void
test_every_button_has_words (Fixture       *fixture,
                             gconstpointer  data)
{
  check_buttons (GTK_WIDGET (fixture->window));
  show_machine (fixture, "desk");
  test_click (GTK_WIDGET (fixture->window), "Start");
  test_wait (find_button (fixture, "Pause") != NULL);
  check_buttons (GTK_WIDGET (fixture->window));
  lodge_window_show_subject (fixture->window, G_OBJECT (fixture->host));
  check_buttons (GTK_WIDGET (fixture->window));
}

static void
test_host_page (Fixture       *fixture,
                gconstpointer  data)
{
  lodge_window_show_subject (fixture->window, G_OBJECT (fixture->host));
  test_wait (find_button (fixture, "Remove From the List") != NULL);
  test_wait (find_label (fixture, "2 guests, 0 switched on") != NULL);
  g_assert_null (find_button (fixture, "Retry Now"));

  test_click (GTK_WIDGET (fixture->window), "Remove From the List");
  test_wait (g_list_model_get_n_items (G_LIST_MODEL (fixture->hosts)) == 0);
}

static void
test_host_that_is_not_there (Fixture       *fixture,
                             gconstpointer  data)
{
  LodgeHost *host = lodge_host_list_add (fixture->hosts, "test:///no/such/host.xml", FALSE);

  test_wait (lodge_host_get_error (host) != NULL);
  test_wait (find_button (fixture, "Retry") != NULL);

  lodge_window_show_subject (fixture->window, G_OBJECT (host));
  test_wait (find_button (fixture, "Retry Now") != NULL);
  g_assert_nonnull (find_label (fixture, "Why It Is Not Connected"));
}

#define ADD(name, func) \
  g_test_add ("/shell/window/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  lodge_core_init ();
  test_silence_libvirt ();

  ADD ("lists-guests", test_lists_guests);
  ADD ("everyday-guest-is-on-top", test_everyday_guest_is_on_top);
  ADD ("one-press-starts-the-everyday-guest", test_one_press_starts_the_everyday_guest);
  ADD ("buttons-follow-the-state", test_buttons_follow_the_state);
  ADD ("force-off-asks-first", test_force_off_asks_first);
  ADD ("closing-says-once-that-guests-run-on", test_closing_says_once_that_guests_run_on);
  ADD ("narrow-window-folds", test_narrow_window_folds);
  ADD ("a-guest-that-is-gone-leaves-the-page", test_a_guest_that_is_gone_leaves_the_page);
  ADD ("search", test_search);
  ADD ("search-and-enter", test_search_and_enter);
  ADD ("every-button-has-words", test_every_button_has_words);
  ADD ("host-page", test_host_page);
  ADD ("host-that-is-not-there", test_host_that_is_not_there);
  g_test_add_func ("/shell/window/hostile-names", test_hostile_names);
  g_test_add_func ("/shell/window/a-thousand-guests", test_a_thousand_guests);

  return g_test_run ();
}
