/* test-console-panel-screen.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gstdio.h>

#include "lodge-console-panel.h"
#include "lodge-console.h"
#include "lodge-core.h"
#include "lodge-display.h"
#include "test-host.h"
#include "test-spice-server.h"
#include "test-widgets.h"

/* The panel with guests whose screens are there. Their hosts are libvirt's test driver, their screens
 * the test's own SPICE servers.
 */

#define N_GUESTS 2

typedef struct
{
  TestSpiceServer *servers[N_GUESTS];
  LodgeHost       *host;
  LodgeMachine    *machines[N_GUESTS];
  LodgeConsole    *consoles[N_GUESTS];
  LodgePanel      *panel;
  GtkWidget       *window;
  GtkWidget       *entry;
  char            *file;
} Fixture;

static void
append_guest (GString *xml,
              guint    number,
              guint16  port)
{
  g_string_append_printf (xml,
                          "<domain type='test'><name>guest%u</name>"
                          "<uuid>6695eb01-f6a4-8304-79aa-97f2502e194%u</uuid>"
                          "<memory>131072</memory><vcpu>1</vcpu><os><type>hvm</type></os><devices>"
                          "<graphics type='spice' port='%u' autoport='no' listen='127.0.0.1'/></devices>"
                          "<testdriver:runstate xmlns:testdriver='http://libvirt.org/schemas/domain/test/1.0'>"
                          "1</testdriver:runstate></domain>", number, number, port);
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GString) xml = g_string_new ("<node>");
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  test_allow_library_messages ();

  for (guint i = 0; i < N_GUESTS; i++)
    {
      fixture->servers[i] = test_spice_server_new (NULL, NULL);
      test_spice_server_do (fixture->servers[i], "surface 0 320 200 32");
      append_guest (xml, i, test_spice_server_get_port (fixture->servers[i]));
    }

  g_string_append (xml, "</node>");
  fixture->host = test_host_of_xml (xml->str, &fixture->file);

  for (guint i = 0; i < N_GUESTS; i++)
    {
      g_autofree char *name = g_strdup_printf ("guest%u", i);

      fixture->machines[i] = lodge_host_dup_machine (fixture->host, name);
      fixture->consoles[i] = lodge_console_for_machine (fixture->machines[i]);
    }

  fixture->panel = g_object_new (LODGE_TYPE_CONSOLE_PANEL, NULL);
  gtk_widget_set_vexpand (GTK_WIDGET (fixture->panel), TRUE);
  fixture->entry = gtk_entry_new ();
  gtk_box_append (GTK_BOX (box), fixture->entry);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (fixture->panel));
  fixture->window = adw_window_new ();
  adw_window_set_content (ADW_WINDOW (fixture->window), box);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  lodge_panel_set_subject (fixture->panel, NULL);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  for (guint i = 0; i < N_GUESTS; i++)
    {
      g_clear_object (&fixture->consoles[i]);
      g_clear_object (&fixture->machines[i]);
      g_clear_object (&fixture->servers[i]);
    }
  g_clear_object (&fixture->host);
  g_unlink (fixture->file);
  g_free (fixture->file);
}

static gboolean
is_shown (Fixture *fixture,
          guint    number)
{
  return lodge_console_get_state (fixture->consoles[number]) == LODGE_CONSOLE_STATE_SHOWN;
}

static gboolean
tap_cb (gpointer user_data)
{
  lodge_screen_key_tap (user_data, 0x39);

  return G_SOURCE_CONTINUE;
}

/* The hands of a screen come by a channel of their own. */
static void
await_hands (Fixture *fixture,
             guint    number)
{
  guint tick;

  test_await_that (is_shown (fixture, number));
  tick = g_timeout_add (50, tap_cb, lodge_console_get_first_screen (fixture->consoles[number]));
  test_await_that (test_spice_server_has_said (fixture->servers[number], "key 39"));
  g_source_remove (tick);
}

static GtkWidget *
get_focus (Fixture *fixture)
{
  return gtk_window_get_focus (GTK_WINDOW (fixture->window));
}

static void
test_takes_keyboard (Fixture       *fixture,
                     gconstpointer  data)
{
  gtk_window_set_focus (GTK_WINDOW (fixture->window), NULL);
  lodge_panel_set_subject (fixture->panel, G_OBJECT (fixture->machines[0]));
  test_await_that (is_shown (fixture, 0));
  test_await_that (LODGE_IS_DISPLAY (get_focus (fixture)));
}

/* Somebody who looks for another guest, or enters an amount, is not to write into this one. */
static void
test_lets_finish_writing (Fixture       *fixture,
                          gconstpointer  data)
{
  gtk_widget_grab_focus (fixture->entry);
  lodge_panel_set_subject (fixture->panel, G_OBJECT (fixture->machines[0]));
  test_await_that (is_shown (fixture, 0));
  test_run_for (200);
  g_assert_true (gtk_widget_is_ancestor (get_focus (fixture), fixture->entry));
}

static void
set_clipboard (Fixture    *fixture,
               const char *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (fixture->window), text);
}

static void
act (Fixture    *fixture,
     const char *name)
{
  g_action_group_activate_action (lodge_panel_get_actions (fixture->panel), name, NULL);
}

static void
test_types_clipboard (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autofree char *key = NULL;

  lodge_panel_set_subject (fixture->panel, G_OBJECT (fixture->machines[0]));
  await_hands (fixture, 0);
  set_clipboard (fixture, "a");
  act (fixture, "type-clipboard");
  key = test_spice_server_expect (fixture->servers[0], "key 1e");
}

/* What takes its time to be read may be a password: it is for no other guest. */
static void
test_types_for_one_guest (Fixture       *fixture,
                          gconstpointer  data)
{
  await_hands (fixture, 0);
  await_hands (fixture, 1);
  lodge_panel_set_subject (fixture->panel, G_OBJECT (fixture->machines[0]));
  set_clipboard (fixture, "a");
  act (fixture, "type-clipboard");
  lodge_panel_set_subject (fixture->panel, G_OBJECT (fixture->machines[1]));
  test_run_for (500);
  g_assert_false (test_spice_server_has_said (fixture->servers[1], "key 1e"));
}

#define ADD(name, func) \
  g_test_add ("/panels/console-panel-screen/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  if (!test_spice_server_is_there ())
    return 0;

  adw_init ();
  lodge_core_init ();

  ADD ("takes-keyboard", test_takes_keyboard);
  ADD ("lets-finish-writing", test_lets_finish_writing);
  ADD ("types-clipboard", test_types_clipboard);
  ADD ("types-for-one-guest", test_types_for_one_guest);

  return g_test_run ();
}
