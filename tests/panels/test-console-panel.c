/* test-console-panel.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gstdio.h>

#include "lodge-console-panel.h"
#include "lodge-console.h"
#include "lodge-core.h"
#include "lodge-error.h"
#include "lodge-host.h"
#include "lodge-machine.h"
#include "lodge-machine-actions.h"
#include "lodge-serial-panel.h"
#include "lodge-settings.h"
#include "lodge-start-failures.h"
#include "test-await.h"
#include "test-host.h"
#include "test-wait.h"
#include "test-widgets.h"

#define GUEST(name, uuid, state, devices)                                                          \
  "<domain type='test'><name>" name "</name><uuid>6695eb01-f6a4-8304-79aa-97f2502e19" uuid "</uuid>" \
  "<memory>131072</memory><vcpu>1</vcpu><os><type>hvm</type></os><devices>" devices "</devices>"   \
  "<testdriver:runstate xmlns:testdriver='http://libvirt.org/schemas/domain/test/1.0'>" state       \
  "</testdriver:runstate></domain>"

/* On a host of libvirt's test driver no screen can be opened: every running guest that has one is a
 * guest whose screen cannot be reached.
 */
static const char guests[] =
  "<node>"
  GUEST ("off", "30", "5", "<graphics type='spice'><listen type='none'/></graphics>")
  GUEST ("lost", "31", "1", "<graphics type='spice'><listen type='none'/></graphics>")
  GUEST ("refused", "35", "1", "<graphics type='spice' port='1' autoport='no' listen='127.0.0.1'/>")
  GUEST ("vnc", "32", "1", "<graphics type='vnc' port='-1'/>")
  GUEST ("bare", "33", "1", "")
  GUEST ("text", "34", "5", "<serial type='pty'/>")
  GUEST ("titled", "36", "5", "<serial type='pty'/></devices><title>Office Work</title><devices>")
  "</node>";

typedef struct
{
  LodgeHost           *host;
  LodgeMachine        *machine;
  LodgePanel          *panel;
  LodgeMachineActions *actions;
  GtkWidget           *window;
  char                *file;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  const char *name = data;

  fixture->host = test_host_of_xml (guests, &fixture->file);

  fixture->machine = lodge_host_dup_machine (fixture->host, name);
  g_assert_nonnull (fixture->machine);
  fixture->panel = g_object_ref_sink (g_object_new (LODGE_TYPE_CONSOLE_PANEL, NULL));
  fixture->window = g_object_ref_sink (adw_window_new ());
  adw_window_set_content (ADW_WINDOW (fixture->window), GTK_WIDGET (fixture->panel));
  fixture->actions = lodge_machine_actions_new (fixture->window);
  lodge_machine_actions_set_machine (fixture->actions, fixture->machine);
  lodge_panel_set_subject (fixture->panel, G_OBJECT (fixture->machine));
  gtk_window_present (GTK_WINDOW (fixture->window));
}

/* Work on another thread may hold it a moment longer, and then nothing more. */
static void
test_last_unref (GObject *object)
{
  gpointer left = object;

  g_object_add_weak_pointer (object, &left);
  g_object_unref (object);
  test_wait (left == NULL);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  lodge_panel_set_subject (fixture->panel, NULL);
  g_clear_object (&fixture->actions);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_clear_object (&fixture->window);
  test_last_unref (G_OBJECT (fixture->panel));
  g_clear_object (&fixture->machine);
  g_clear_object (&fixture->host);
  g_unlink (fixture->file);
  g_free (fixture->file);
}

static gboolean
action_is_enabled (Fixture    *fixture,
                   const char *name)
{
  return g_action_group_get_action_enabled (lodge_panel_get_actions (fixture->panel), name);
}

static void
test_off (Fixture       *fixture,
          gconstpointer  data)
{
  g_assert_true (lodge_panel_supports (fixture->panel, G_OBJECT (fixture->machine)));
  test_wait (test_find_button (fixture->window, "Start") != NULL);
  g_assert_nonnull (test_find_label (fixture->window, "Off"));
  g_assert_false (action_is_enabled (fixture, "screenshot-copy"));
  g_assert_false (action_is_enabled (fixture, "send-keys"));
}

static void
test_failed_start (Fixture       *fixture,
                   gconstpointer  data)
{
  LodgeStartFailures *failures = lodge_start_failures_get_default ();
  g_autoptr(GError) error = g_error_new_literal (LODGE_ERROR, LODGE_ERROR_DISC_LOCKED,
                                                 "Failed to get \"write\" lock");

  lodge_start_failures_set (failures, fixture->machine, error);
  test_wait (test_find_label (fixture->window, "“off” could not be started") != NULL);
  g_assert_nonnull (test_find_button (fixture->window, "Try Again"));
  g_assert_nonnull (test_find_label (fixture->window, "Show Details"));

  /* Tried again, with success: the words are gone. */
  test_click (fixture->window, "Try Again");
  test_wait (lodge_machine_is_active (fixture->machine));
  test_wait (test_find_label (fixture->window, "“off” could not be started") == NULL);
  g_assert_null (lodge_start_failures_get (failures, fixture->machine));
}

static gboolean
is_expander (GtkWidget *widget,
             gpointer   user_data)
{
  return GTK_IS_EXPANDER (widget);
}

/* In a window of a phone's width the words take more lines; all of it is there nevertheless. */
static void
test_failed_start_narrow (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr(GError) error = g_error_new_literal (LODGE_ERROR, LODGE_ERROR_KVM, "failed to initialize kvm");
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *details;
  GtkWidget *scroller;
  graphene_rect_t bounds;

  adw_window_set_content (ADW_WINDOW (fixture->window), NULL);
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 340);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (clamp), 340);
  adw_clamp_set_child (ADW_CLAMP (clamp), GTK_WIDGET (fixture->panel));
  gtk_widget_set_size_request (clamp, 340, 640);
  adw_window_set_content (ADW_WINDOW (fixture->window), clamp);
  lodge_start_failures_set (lodge_start_failures_get_default (), fixture->machine, error);
  test_wait ((details = test_find (fixture->window, is_expander, NULL)) != NULL);
  scroller = gtk_widget_get_ancestor (details, GTK_TYPE_SCROLLED_WINDOW);
  test_wait (gtk_widget_get_width (GTK_WIDGET (fixture->panel)) == 340 && gtk_widget_get_height (details) > 0);

  g_assert_true (gtk_widget_compute_bounds (details, scroller, &bounds));
  g_assert_cmpfloat (bounds.origin.y, >, 0);
  g_assert_cmpfloat (bounds.origin.y + bounds.size.height, <=, gtk_widget_get_height (scroller));
  lodge_start_failures_set (lodge_start_failures_get_default (), fixture->machine, NULL);
}

static void
test_lost (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(LodgeConsole) console = lodge_console_for_machine (fixture->machine);

  test_wait (test_find_button (fixture->window, "Reconnect") != NULL);
  g_assert_nonnull (test_find_label (fixture->window, "Screen Not Connected"));
  g_assert_cmpint (lodge_console_get_state (console), ==, LODGE_CONSOLE_STATE_LOST);
  g_assert_true (action_is_enabled (fixture, "reconnect"));

  g_assert_nonnull (lodge_console_get_error (console));

  /* Nobody tries again by himself, and trying in vain is no harm. */
  test_run_for (1500);
  g_assert_cmpint (lodge_console_get_state (console), ==, LODGE_CONSOLE_STATE_LOST);
  test_click (fixture->window, "Reconnect");
  test_run_for (200);
  test_wait (lodge_console_get_state (console) == LODGE_CONSOLE_STATE_LOST);
  g_assert_nonnull (test_find_button (fixture->window, "Reconnect"));
}

static void
test_stopped_is_not_lost (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr(GAsyncResult) result = NULL;

  test_wait (test_find_button (fixture->window, "Reconnect") != NULL);
  lodge_machine_perform_async (fixture->machine, LODGE_ACTION_FORCE_OFF, NULL, test_await_cb, &result);
  g_assert_true (lodge_machine_perform_finish (fixture->machine, test_await (&result), NULL));
  test_wait (test_find_button (fixture->window, "Start") != NULL);
  g_assert_null (test_find_button (fixture->window, "Reconnect"));
}

/* A question that goes without an answer, as with its window, keeps nothing. */
static void
test_question_goes (Fixture       *fixture,
                    gconstpointer  data)
{
  GtkWidget *widget = g_object_ref_sink (gtk_label_new (NULL));
  g_autoptr(GtkWindow) dialog = NULL;

  lodge_machine_actions_perform (widget, fixture->machine, LODGE_ACTION_FORCE_OFF);
  dialog = g_list_model_get_item (gtk_window_get_toplevels (), 0);
  if (!ADW_IS_MESSAGE_DIALOG (dialog))
    {
      g_object_unref (dialog);
      dialog = g_list_model_get_item (gtk_window_get_toplevels (), 1);
    }
  g_assert_true (ADW_IS_MESSAGE_DIALOG (dialog));
  gtk_window_destroy (dialog);
  g_clear_object (&dialog);
  g_assert_finalize_object (widget);
  g_assert_true (lodge_machine_is_active (fixture->machine));
}

static void
test_no_screen (Fixture       *fixture,
                gconstpointer  data)
{
  test_wait (test_find_label (fixture->window, "No Screen to Show") != NULL);
}

static void
test_text_console_instead (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(LodgePanel) serial = g_object_ref_sink (g_object_new (LODGE_TYPE_SERIAL_PANEL, NULL));

  g_assert_false (lodge_panel_supports (fixture->panel, G_OBJECT (fixture->machine)));
  g_assert_true (lodge_panel_supports (serial, G_OBJECT (fixture->machine)));

  lodge_panel_set_subject (fixture->panel, NULL);
  adw_window_set_content (ADW_WINDOW (fixture->window), GTK_WIDGET (serial));
  lodge_panel_set_subject (serial, G_OBJECT (fixture->machine));
  test_wait (test_find_label (GTK_WIDGET (serial), "The guest is off.") != NULL);
  test_click (GTK_WIDGET (serial), "Start");
  test_wait (lodge_machine_is_active (fixture->machine));

  /* The test driver has no console to open: that is said, with a way to try again. */
  test_wait (test_find_button (GTK_WIDGET (serial), "Reconnect") != NULL);
  lodge_panel_set_subject (serial, NULL);
}

/* By what people call it, as everywhere. */
static void
test_text_console_failure (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(LodgePanel) serial = g_object_ref_sink (g_object_new (LODGE_TYPE_SERIAL_PANEL, NULL));
  g_autoptr(GError) error = g_error_new_literal (LODGE_ERROR, LODGE_ERROR_GONE, "no domain");

  lodge_panel_set_subject (fixture->panel, NULL);
  adw_window_set_content (ADW_WINDOW (fixture->window), GTK_WIDGET (serial));
  lodge_panel_set_subject (serial, G_OBJECT (fixture->machine));
  lodge_start_failures_set (lodge_start_failures_get_default (), fixture->machine, error);
  test_wait (test_find_label (GTK_WIDGET (serial), "“Office Work” could not be started. The guest is not there "
                              "any more. Another program has probably removed it.") != NULL);
  lodge_start_failures_set (lodge_start_failures_get_default (), fixture->machine, NULL);
  lodge_panel_set_subject (serial, NULL);
}

static void
test_one_console_for_all (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr(LodgeConsole) one = lodge_console_for_machine (fixture->machine);
  g_autoptr(LodgeConsole) two = lodge_console_for_machine (fixture->machine);

  g_assert_true (one == two);
  lodge_panel_set_subject (fixture->panel, NULL);
  g_clear_object (&two);
  test_last_unref (G_OBJECT (g_steal_pointer (&one)));
}

static void
test_clipboard_is_remembered (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr(LodgeConsole) console = lodge_console_for_machine (fixture->machine);
  g_auto(GStrv) off = NULL;

  g_assert_true (lodge_console_get_share_clipboard (console));
  lodge_console_set_share_clipboard (console, FALSE);
  g_assert_false (lodge_console_get_share_clipboard (console));

  off = g_settings_get_strv (lodge_settings_get (), "clipboard-off");
  g_assert_cmpuint (g_strv_length (off), ==, 1);
  g_assert_cmpstr (off[0], ==, lodge_machine_get_id (fixture->machine));

  lodge_console_set_share_clipboard (console, TRUE);
  g_assert_true (lodge_console_get_share_clipboard (console));
}

#define ADD(name, guest, func) \
  g_test_add ("/panels/console-panel/" name, Fixture, guest, fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  lodge_core_init ();
  test_silence_libvirt ();

  ADD ("off", "off", test_off);
  ADD ("failed-start", "off", test_failed_start);
  ADD ("failed-start-narrow", "off", test_failed_start_narrow);
  ADD ("lost", "lost", test_lost);
  ADD ("refused", "refused", test_lost);
  ADD ("stopped-is-not-lost", "lost", test_stopped_is_not_lost);
  ADD ("question-goes", "lost", test_question_goes);
  ADD ("vnc", "vnc", test_no_screen);
  ADD ("no-screen", "bare", test_no_screen);
  ADD ("text-console-instead", "text", test_text_console_instead);
  ADD ("text-console-failure", "titled", test_text_console_failure);
  ADD ("one-console-for-all", "off", test_one_console_for_all);
  ADD ("clipboard-is-remembered", "off", test_clipboard_is_remembered);

  return g_test_run ();
}
