/* test-start-gate.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gstdio.h>

#include "lodge-core.h"
#include "lodge-host.h"
#include "lodge-machine-actions.h"
#include "lodge-machine.h"
#include "test-await.h"
#include "test-host.h"
#include "test-wait.h"
#include "test-widgets.h"

/* libvirt's test driver on a host of 3 GiB: “big” would take of what is kept for it, “small” not. */
#define GUEST "<domain type='test'><name>%s</name><uuid>%s</uuid><memory unit='MiB'>%d</memory>" \
              "<vcpu>1</vcpu><os><type>hvm</type></os><testdriver:runstate " \
              "xmlns:testdriver='http://libvirt.org/schemas/domain/test/1.0'>5</testdriver:runstate></domain>"

typedef struct
{
  char         *file;
  LodgeHost    *host;
  LodgeMachine *big;
  LodgeMachine *small;
  GtkWindow    *window;
  GtkWidget    *widget;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *big_uuid = g_uuid_string_random ();
  g_autofree char *small_uuid = g_uuid_string_random ();
  g_autofree char *xml = g_strdup_printf ("<node>" GUEST GUEST "</node>", "big_one", big_uuid, 2800,
                                          "small", small_uuid, 64);

  fixture->host = test_host_of_xml (xml, &fixture->file);
  fixture->big = lodge_host_dup_machine (fixture->host, "big_one");
  fixture->small = lodge_host_dup_machine (fixture->host, "small");

  fixture->window = GTK_WINDOW (gtk_window_new ());
  fixture->widget = gtk_label_new (NULL);
  gtk_window_set_child (fixture->window, fixture->widget);
  gtk_window_present (fixture->window);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  gtk_window_destroy (fixture->window);
  g_clear_object (&fixture->big);
  g_clear_object (&fixture->small);
  lodge_host_close (fixture->host);
  g_clear_object (&fixture->host);
  g_unlink (fixture->file);
  g_free (fixture->file);
}

static GtkWidget *
find_dialog (void)
{
  g_autoptr(GList) toplevels = gtk_window_list_toplevels ();

  for (GList *l = toplevels; l != NULL; l = l->next)
    if (ADW_IS_MESSAGE_DIALOG (l->data))
      return l->data;

  return NULL;
}

static void
test_enough (Fixture       *fixture,
             gconstpointer  data)
{
  lodge_machine_actions_perform (fixture->widget, fixture->small, LODGE_ACTION_START);
  test_wait (lodge_machine_get_state (fixture->small) == LODGE_STATE_RUNNING);
  g_assert_null (find_dialog ());
}

static void
test_too_little (Fixture       *fixture,
                 gconstpointer  data)
{
  const char *body;

  lodge_machine_actions_perform (fixture->widget, fixture->big, LODGE_ACTION_START);
  test_wait (find_dialog () != NULL);
  g_assert_nonnull (strstr (adw_message_dialog_get_heading (ADW_MESSAGE_DIALOG (find_dialog ())), "big_one"));
  body = adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (find_dialog ()));
  g_assert_nonnull (strstr (body, "That would leave the host"));
  g_assert_cmpint (lodge_machine_get_state (fixture->big), ==, LODGE_STATE_OFF);

  /* Who presses Start once more gets no second question. */
  lodge_machine_actions_perform (fixture->widget, fixture->big, LODGE_ACTION_START);
  test_run_for (200);
  test_click (find_dialog (), "Cancel");
  test_wait (find_dialog () == NULL);
  test_run_for (200);
  g_assert_cmpint (lodge_machine_get_state (fixture->big), ==, LODGE_STATE_OFF);

  lodge_machine_actions_perform (fixture->widget, fixture->big, LODGE_ACTION_START);
  test_wait (find_dialog () != NULL);
  test_click (find_dialog (), "Start Anyway");
  test_wait (lodge_machine_get_state (fixture->big) == LODGE_STATE_RUNNING);
}

/* A window that closes takes its question along, and another may ask again. */
static void
test_window_gone (Fixture       *fixture,
                  gconstpointer  data)
{
  GtkWidget *other = gtk_label_new (NULL);
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_child (GTK_WINDOW (window), other);
  gtk_window_present (GTK_WINDOW (window));
  lodge_machine_actions_perform (other, fixture->big, LODGE_ACTION_START);
  test_wait (find_dialog () != NULL);
  gtk_window_destroy (GTK_WINDOW (find_dialog ()));
  gtk_window_destroy (GTK_WINDOW (window));
  test_wait (find_dialog () == NULL);
  g_assert_cmpint (lodge_machine_get_state (fixture->big), ==, LODGE_STATE_OFF);

  lodge_machine_actions_perform (fixture->widget, fixture->big, LODGE_ACTION_START);
  test_wait (find_dialog () != NULL);
  test_click (find_dialog (), "Cancel");
  test_wait (find_dialog () == NULL);
}

#define ADD(name, func) \
  g_test_add ("/panels/start-gate/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  lodge_core_init ();
  test_silence_libvirt ();

  ADD ("enough", test_enough);
  ADD ("too-little", test_too_little);
  ADD ("window-gone", test_window_gone);

  return g_test_run ();
}
