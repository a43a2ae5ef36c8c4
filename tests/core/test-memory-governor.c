/* test-memory-governor.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-budget.h"
#include "lodge-core.h"
#include "lodge-host.h"
#include "lodge-machine-preferences.h"
#include "lodge-machine-resources.h"
#include "lodge-memory-governor.h"
#include "lodge-statistics.h"
#include "test-await.h"
#include "test-host.h"
#include "test-wait.h"

#define GIBIBYTE G_GUINT64_CONSTANT (1048576)

/* When it looks and when it does not, by libvirt's test driver; what it then does is tried with a
 * real guest in tests/live.
 */

typedef struct
{
  GListStore              *hosts;
  LodgeHost               *host;
  LodgeMachine            *machine;
  LodgeMachinePreferences *preferences;
  LodgeMachineResources   *resources;
  LodgeMemoryGovernor     *governor;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->hosts = g_list_store_new (LODGE_TYPE_HOST);
  fixture->governor = lodge_memory_governor_new (G_LIST_MODEL (fixture->hosts));
  fixture->host = test_host_of_data ("resources.xml");
  g_list_store_append (fixture->hosts, fixture->host);
  test_open_host (fixture->host);

  fixture->machine = lodge_host_dup_machine (fixture->host, "test");
  test_wait_property (fixture->machine, "defined", TRUE);
  fixture->preferences = lodge_machine_get_preferences (fixture->machine);
  fixture->resources = lodge_machine_get_resources (fixture->machine);
  test_wait (lodge_machine_resources_is_ready (fixture->resources));
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_clear_object (&fixture->governor);
  g_clear_object (&fixture->machine);
  lodge_host_close (fixture->host);
  g_clear_object (&fixture->host);
  g_clear_object (&fixture->hosts);
}

static void
set_automatic (Fixture  *fixture,
               gboolean  automatic)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  lodge_machine_preferences_set_memory_range_async (fixture->preferences, automatic, 0, 0, NULL,
                                                    test_await_cb, &result);
  lodge_machine_preferences_set_memory_range_finish (fixture->preferences, test_await (&result),
                                                     &error);
  g_assert_no_error (error);
}

static void
perform (Fixture     *fixture,
         LodgeAction  action)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  lodge_machine_perform_async (fixture->machine, action, NULL, test_await_cb, &result);
  lodge_machine_perform_finish (fixture->machine, test_await (&result), &error);
  g_assert_no_error (error);
}

static void
move_memory (Fixture *fixture,
             guint64  kib)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  lodge_machine_resources_move_memory_async (fixture->resources, kib, NULL, test_await_cb, &result);
  lodge_machine_resources_move_memory_finish (fixture->resources, test_await (&result), &error);
  g_assert_no_error (error);
}

static gboolean
is_watched (Fixture *fixture)
{
  return lodge_statistics_get_watched (lodge_host_get_statistics (fixture->host));
}

static void
test_idle_without_work (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(GListModel) automatic = lodge_host_list_automatic (fixture->host);

  g_assert_false (lodge_memory_governor_is_busy (fixture->governor));
  g_assert_false (is_watched (fixture));
  g_assert_cmpuint (g_list_model_get_n_items (automatic), ==, 0);
  g_assert_cmpint (lodge_machine_preferences_get_memory_reason (fixture->preferences), ==,
                   LODGE_MEMORY_REASON_OFF);

  set_automatic (fixture, TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (automatic), ==, 1);
  g_assert_true (lodge_memory_governor_is_busy (fixture->governor));
  g_assert_true (is_watched (fixture));

  set_automatic (fixture, FALSE);
  g_assert_cmpuint (g_list_model_get_n_items (automatic), ==, 0);
  g_assert_false (lodge_memory_governor_is_busy (fixture->governor));
  g_assert_false (is_watched (fixture));
}

static void
test_only_while_it_runs (Fixture       *fixture,
                         gconstpointer  data)
{
  set_automatic (fixture, TRUE);
  perform (fixture, LODGE_ACTION_PAUSE);
  g_assert_false (lodge_memory_governor_is_busy (fixture->governor));
  perform (fixture, LODGE_ACTION_RESUME);
  g_assert_true (lodge_memory_governor_is_busy (fixture->governor));
  perform (fixture, LODGE_ACTION_FORCE_OFF);
  g_assert_false (lodge_memory_governor_is_busy (fixture->governor));
  g_assert_false (is_watched (fixture));
  g_assert_cmpint (lodge_machine_preferences_get_memory_reason (fixture->preferences), ==,
                   LODGE_MEMORY_REASON_OFF);
  perform (fixture, LODGE_ACTION_START);
  g_assert_true (lodge_memory_governor_is_busy (fixture->governor));
}

/* Guests that say nothing of themselves are left as they are, and the reason is told. */
static void
test_silent_guest (Fixture       *fixture,
                   gconstpointer  data)
{
  set_automatic (fixture, TRUE);
  test_wait (lodge_machine_preferences_get_memory_decided (fixture->preferences) == 2 * GIBIBYTE);
  g_assert_cmpint (lodge_machine_preferences_get_memory_reason (fixture->preferences), ==,
                   LODGE_MEMORY_REASON_NO_FIGURES);
  g_assert_null (lodge_machine_preferences_get_memory_problem (fixture->preferences));
  g_assert_cmpuint (lodge_machine_resources_get_memory_asked (fixture->resources), ==,
                    2 * GIBIBYTE);
}

/* Whoever ceases to be looked after gets back what it had by the user's word. */
static void
test_gives_back (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  set_automatic (fixture, TRUE);
  test_wait (lodge_machine_preferences_get_memory_decided (fixture->preferences) != 0);
  move_memory (fixture, GIBIBYTE + GIBIBYTE / 2);
  set_automatic (fixture, FALSE);
  test_wait (lodge_machine_resources_get_memory_asked (fixture->resources) == 2 * GIBIBYTE);

  set_automatic (fixture, TRUE);
  move_memory (fixture, GIBIBYTE + GIBIBYTE / 2);
  lodge_memory_governor_release_async (fixture->governor, NULL, test_await_cb, &result);
  g_assert_true (lodge_memory_governor_release_finish (fixture->governor, test_await (&result),
                                                       &error));
  g_assert_no_error (error);
  test_wait (lodge_machine_resources_get_memory_asked (fixture->resources) == 2 * GIBIBYTE);
  g_assert_false (lodge_memory_governor_is_busy (fixture->governor));
  g_assert_false (is_watched (fixture));
}

static void
test_hosts_come_and_go (Fixture       *fixture,
                        gconstpointer  data)
{
  set_automatic (fixture, TRUE);
  g_list_store_remove_all (fixture->hosts);
  g_assert_false (lodge_memory_governor_is_busy (fixture->governor));
  g_list_store_append (fixture->hosts, fixture->host);
  g_assert_true (lodge_memory_governor_is_busy (fixture->governor));
  lodge_host_close (fixture->host);
  test_wait (!lodge_memory_governor_is_busy (fixture->governor));
}

#define GUEST(name, digit) \
  "<domain type='test'><name>" name "</name><uuid>6695eb01-f6a4-8304-79aa-97f2502e193" digit "</uuid>" \
  "<metadata><lodge:guest xmlns:lodge='https://lodgevm.org/xmlns/domain/1'>" \
  "<lodge:memory automatic='yes'/></lodge:guest></metadata>" \
  "<memory unit='GiB'>8</memory><currentMemory unit='GiB'>4</currentMemory>" \
  "<os><type>hvm</type></os></domain>"

/* A computer of 8 GiB, of which it keeps 2 for itself. */
#define CROWDED \
  "<node><memory>8388608</memory>" GUEST ("one", "a") GUEST ("two", "b") "</node>"

/* What is free is given once, and not to each. */
static void
test_gives_back_what_there_is (void)
{
  static const char * const names[] = { "one", "two" };
  g_autoptr(GListStore) hosts = g_list_store_new (LODGE_TYPE_HOST);
  g_autoptr(LodgeMemoryGovernor) governor = lodge_memory_governor_new (G_LIST_MODEL (hosts));
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *file = NULL;
  g_autoptr(LodgeHost) host = test_host_of_xml (CROWDED, &file);
  LodgeBudget *budget = lodge_host_get_budget (host);
  guint64 asked = 0;

  g_list_store_append (hosts, host);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(LodgeMachine) machine = lodge_host_dup_machine (host, names[i]);
      Fixture fixture = { .resources = lodge_machine_get_resources (machine) };

      test_wait (lodge_machine_resources_is_ready (fixture.resources));
      move_memory (&fixture, 2 * GIBIBYTE);
    }

  lodge_budget_refresh_async (budget, NULL, test_await_cb, &result);
  g_assert_true (lodge_budget_refresh_finish (budget, test_await (&result), &error));
  g_clear_object (&result);
  g_assert_cmpuint (lodge_budget_get_total (budget), ==, 8 * GIBIBYTE);
  g_assert_cmpuint (lodge_budget_get_free (budget), >, GIBIBYTE);
  g_assert_cmpuint (lodge_budget_get_free (budget), <, 2 * GIBIBYTE);

  lodge_memory_governor_release_async (governor, NULL, test_await_cb, &result);
  g_assert_true (lodge_memory_governor_release_finish (governor, test_await (&result), &error));

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(LodgeMachine) machine = lodge_host_dup_machine (host, names[i]);

      asked += lodge_machine_resources_get_memory_asked (lodge_machine_get_resources (machine));
    }

  g_assert_cmpuint (asked, >, 4 * GIBIBYTE);
  g_assert_cmpuint (asked, <=, 4 * GIBIBYTE + lodge_budget_get_free (budget));
  lodge_host_close (host);
  g_unlink (file);
}

#define ADD(name, function) \
  g_test_add ("/core/memory-governor/" name, Fixture, NULL, fixture_set_up, function, \
              fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  test_silence_libvirt ();
  lodge_core_init ();

  ADD ("idle-without-work", test_idle_without_work);
  ADD ("only-while-it-runs", test_only_while_it_runs);
  ADD ("silent-guest", test_silent_guest);
  ADD ("gives-back", test_gives_back);
  ADD ("hosts-come-and-go", test_hosts_come_and_go);
  g_test_add_func ("/core/memory-governor/gives-back-what-there-is", test_gives_back_what_there_is);

  return g_test_run ();
}
