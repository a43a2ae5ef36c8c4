/* test-machine-preferences.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "libvirt/lodge-libvirt-private.h"
#include "lodge-core.h"
#include "lodge-error.h"
#include "lodge-host.h"
#include "lodge-machine-preferences.h"
#include "lodge-machine-resources.h"
#include "lodge-machine.h"
#include "test-await.h"
#include "test-host.h"
#include "test-wait.h"

#include <string.h>

/* libvirt's test driver; all connections to test:///default of this process see the same guest. */

typedef struct
{
  LodgeHost               *host;
  LodgeMachine            *machine;
  LodgeMachinePreferences *preferences;
  GString                 *notified;
} Fixture;

static void
notify_cb (GObject    *object,
           GParamSpec *pspec,
           gpointer    user_data)
{
  GString *notified = user_data;

  g_string_append_printf (notified, "%s ", pspec->name);
}

/* As another program does it. */
static void
set_metadata (const char *text)
{
  virConnectPtr connect = virConnectOpen ("test:///default");
  virDomainPtr domain = virDomainLookupByName (connect, "test");

  g_assert_cmpint (virDomainSetMetadata (domain, VIR_DOMAIN_METADATA_ELEMENT, text,
                                         LODGE_XMLNS_PREFIX, LODGE_XMLNS,
                                         VIR_DOMAIN_AFFECT_LIVE), ==, 0);
  g_assert_cmpint (virDomainSetMetadata (domain, VIR_DOMAIN_METADATA_ELEMENT, text,
                                         LODGE_XMLNS_PREFIX, LODGE_XMLNS,
                                         VIR_DOMAIN_AFFECT_CONFIG), ==, 0);
  virDomainFree (domain);
  virConnectClose (connect);
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  set_metadata (NULL);
  fixture->host = lodge_host_new_for_uri ("test:///default");
  test_open_host (fixture->host);

  fixture->machine = lodge_host_dup_machine (fixture->host, "test");
  test_wait_property (fixture->machine, "defined", TRUE);
  fixture->preferences = lodge_machine_get_preferences (fixture->machine);
  fixture->notified = g_string_new (NULL);
  g_signal_connect (fixture->preferences, "notify", G_CALLBACK (notify_cb), fixture->notified);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_signal_handlers_disconnect_by_func (fixture->preferences, notify_cb, fixture->notified);
  g_string_free (fixture->notified, TRUE);
  g_clear_object (&fixture->machine);
  lodge_host_close (fixture->host);
  g_clear_object (&fixture->host);
  set_metadata (NULL);
}

static gboolean
set_range (Fixture   *fixture,
           gboolean   automatic,
           guint64    floor,
           guint64    ceiling,
           GError   **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  lodge_machine_preferences_set_memory_range_async (fixture->preferences, automatic, floor, ceiling,
                                                    NULL, test_await_cb, &result);

  return lodge_machine_preferences_set_memory_range_finish (fixture->preferences,
                                                            test_await (&result), error);
}

static gboolean
set_usb_rules (Fixture     *fixture,
               const char  *xml,
               GError     **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  lodge_machine_set_usb_rules_xml_async (fixture->machine, xml, NULL, test_await_cb, &result);

  return lodge_machine_set_usb_rules_xml_finish (fixture->machine, test_await (&result), error);
}

static void
test_nothing_at_first (Fixture       *fixture,
                       gconstpointer  data)
{
  g_assert_true (lodge_machine_preferences_get_machine (fixture->preferences) == fixture->machine);
  g_assert_false (lodge_machine_preferences_get_automatic_memory (fixture->preferences));
  g_assert_cmpuint (lodge_machine_preferences_get_memory_floor (fixture->preferences), ==, 0);
  g_assert_cmpuint (lodge_machine_preferences_get_memory_ceiling (fixture->preferences), ==, 0);
  g_assert_cmpint (lodge_machine_preferences_get_priority (fixture->preferences), ==,
                   LODGE_PRIORITY_NORMAL);
  g_assert_null (lodge_machine_preferences_get_notice (fixture->preferences));
  g_assert_null (lodge_machine_get_usb_rules_xml (fixture->machine));
}

static void
test_memory_range (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  gboolean automatic;
  guint64 floor, ceiling;

  g_assert_true (set_range (fixture, TRUE, 262144, 1048576, &error));
  g_assert_no_error (error);
  g_object_get (fixture->preferences,
                "automatic-memory", &automatic,
                "memory-floor", &floor,
                "memory-ceiling", &ceiling,
                NULL);
  g_assert_true (automatic);
  g_assert_cmpuint (floor, ==, 262144);
  g_assert_cmpuint (ceiling, ==, 1048576);
  g_assert_nonnull (strstr (fixture->notified->str, "automatic-memory "));
  g_assert_nonnull (strstr (fixture->notified->str, "memory-ceiling "));
  g_assert_nonnull (strstr (fixture->notified->str, "memory-floor "));
  g_assert_null (strstr (fixture->notified->str, "priority"));

  /* Off, and the range is still known. */
  g_assert_true (set_range (fixture, FALSE, 262144, 1048576, &error));
  g_assert_false (lodge_machine_preferences_get_automatic_memory (fixture->preferences));
  g_assert_cmpuint (lodge_machine_preferences_get_memory_floor (fixture->preferences), ==, 262144);
}

static void
test_crossed_range_is_refused (Fixture       *fixture,
                               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (set_range (fixture, TRUE, 1048576, 262144, &error));
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (set_range (fixture, TRUE, 1, G_MAXUINT64, &error));
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_INVALID);
  g_assert_false (lodge_machine_preferences_get_automatic_memory (fixture->preferences));
}

static void
test_priority (Fixture       *fixture,
               gconstpointer  data)
{
  static const LodgePriority all[] =
  {
    LODGE_PRIORITY_FIRST, LODGE_PRIORITY_BACKGROUND, LODGE_PRIORITY_NORMAL,
  };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GError) error = NULL;

      lodge_machine_preferences_set_priority_async (fixture->preferences, all[i], NULL,
                                                    test_await_cb, &result);
      lodge_machine_preferences_set_priority_finish (fixture->preferences, test_await (&result),
                                                     &error);
      g_assert_no_error (error);
      g_assert_cmpint (lodge_machine_preferences_get_priority (fixture->preferences), ==, all[i]);
      /* Nobody has set any shares. */
      g_assert_cmpint (lodge_machine_get_priority (fixture->machine), ==, all[i]);
    }

  g_assert_cmpstr (fixture->notified->str, ==, "priority priority priority ");
}

static void
test_usb_rules (Fixture       *fixture,
                gconstpointer  data)
{
  const char *rules = "<usb default=\"ask\"><device vendor=\"046d\" name=\"a &lt; b\"/></usb>";
  g_autoptr(GError) error = NULL;
  g_autofree char *first = NULL;

  g_assert_true (set_usb_rules (fixture, rules, &error));
  g_assert_no_error (error);
  first = g_strdup (lodge_machine_get_usb_rules_xml (fixture->machine));
  g_assert_nonnull (strstr (first, "<device vendor=\"046d\" name=\"a &lt; b\"/>"));

  /* What came out goes in again and changes nothing. */
  g_string_truncate (fixture->notified, 0);
  g_assert_true (set_usb_rules (fixture, first, &error));
  g_assert_cmpstr (lodge_machine_get_usb_rules_xml (fixture->machine), ==, first);
  g_assert_cmpstr (fixture->notified->str, ==, "");

  g_assert_false (set_usb_rules (fixture, "<usb", &error));
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_INVALID);
  g_assert_cmpstr (lodge_machine_get_usb_rules_xml (fixture->machine), ==, first);

  g_assert_true (set_usb_rules (fixture, NULL, NULL));
  g_assert_null (lodge_machine_get_usb_rules_xml (fixture->machine));
}

/* Two programs, or two windows, one guest. */
static void
test_others_change_it (Fixture       *fixture,
                       gconstpointer  data)
{
  set_metadata ("<guest><memory automatic='yes' floor='1024'/><priority level='first'/>"
                "<usb><device/></usb></guest>");
  test_wait_property (fixture->preferences, "automatic-memory", TRUE);
  g_assert_cmpuint (lodge_machine_preferences_get_memory_floor (fixture->preferences), ==, 1024);
  g_assert_cmpint (lodge_machine_preferences_get_priority (fixture->preferences), ==,
                   LODGE_PRIORITY_FIRST);
  g_assert_nonnull (strstr (lodge_machine_get_usb_rules_xml (fixture->machine), "<device/>"));
  g_assert_null (lodge_machine_preferences_get_notice (fixture->preferences));

  set_metadata ("<guest><priority level='gold'/></guest>");
  test_wait (lodge_machine_preferences_get_notice (fixture->preferences) != NULL);
  g_assert_cmpstr (lodge_machine_preferences_get_notice (fixture->preferences), ==,
                   "priority level=\"gold\"");
  g_assert_false (lodge_machine_preferences_get_automatic_memory (fixture->preferences));
  g_assert_null (lodge_machine_get_usb_rules_xml (fixture->machine));
}

/* Writes that are under way at the same time do not undo each other. */
static void
test_many_at_once (Fixture       *fixture,
                   gconstpointer  data)
{
  for (guint i = 1; i <= 20; i++)
    {
      GAsyncResult *range = NULL, *priority = NULL, *usb = NULL;
      g_autofree char *xml = g_strdup_printf ("<usb n=\"%u\"/>", i);

      lodge_machine_preferences_set_memory_range_async (fixture->preferences, TRUE, i, 0,
                                                        NULL, test_await_cb, &range);
      lodge_machine_preferences_set_priority_async (fixture->preferences, i % 3,
                                                    NULL, test_await_cb, &priority);
      lodge_machine_set_usb_rules_xml_async (fixture->machine, xml, NULL, test_await_cb, &usb);
      test_await (&range);
      test_await (&priority);
      test_await (&usb);

      test_wait (lodge_machine_preferences_get_memory_floor (fixture->preferences) == i &&
                 lodge_machine_preferences_get_priority (fixture->preferences) == i % 3 &&
                 g_strcmp0 (lodge_machine_get_usb_rules_xml (fixture->machine), xml) == 0);
      g_object_unref (range);
      g_object_unref (priority);
      g_object_unref (usb);
    }
}

static void
test_closed_host (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  lodge_host_close (fixture->host);
  g_assert_false (set_range (fixture, TRUE, 0, 0, &error));
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_DISCONNECTED);
}

#define ADD(name, function) \
  g_test_add ("/core/machine-preferences/" name, Fixture, NULL, \
              fixture_set_up, function, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  test_silence_libvirt ();
  lodge_core_init ();

  ADD ("nothing-at-first", test_nothing_at_first);
  ADD ("memory-range", test_memory_range);
  ADD ("crossed-range-is-refused", test_crossed_range_is_refused);
  ADD ("priority", test_priority);
  ADD ("usb-rules", test_usb_rules);
  ADD ("others-change-it", test_others_change_it);
  ADD ("many-at-once", test_many_at_once);
  ADD ("closed-host", test_closed_host);

  return g_test_run ();
}
