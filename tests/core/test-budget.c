/* test-budget.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-budget.h"
#include "lodge-core.h"
#include "lodge-error.h"
#include "lodge-host.h"
#include "lodge-machine-resources.h"
#include "lodge-machine.h"
#include "lodge-share.h"
#include "lodge-start-run.h"
#include "lodge-statistics.h"
#include "lodge-usage.h"
#include "test-await.h"
#include "test-host.h"
#include "test-wait.h"

#define GIB G_GUINT64_CONSTANT (1048576)

/* libvirt's test driver: everything in this process, no daemon. Its machine "test" has 2 GiB of 8. */

typedef struct
{
  LodgeHost    *host;
  LodgeBudget  *budget;
  LodgeMachine *machine;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->host = test_host_of_data ("one.xml");
  fixture->budget = g_object_ref (lodge_host_get_budget (fixture->host));
  test_open_host (fixture->host);
  fixture->machine = lodge_host_dup_machine (fixture->host, "test");
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  LodgeBudget *gone = fixture->budget;

  g_clear_object (&fixture->machine);
  lodge_host_close (fixture->host);
  g_clear_object (&fixture->host);

  /* It may be reading the containers: that is waited for, no more. */
  g_object_add_weak_pointer (G_OBJECT (fixture->budget), (gpointer *)&gone);
  g_object_unref (fixture->budget);
  test_wait (gone == NULL);
}

static void
refresh (LodgeBudget *budget)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  lodge_budget_refresh_async (budget, NULL, test_await_cb, &result);
  lodge_budget_refresh_finish (budget, test_await (&result), &error);
  g_assert_no_error (error);
}

/* The sum of all shares of @kind, and how many they are. */
static guint64
sum_shares (LodgeBudget *budget,
            int          kind,
            guint       *n)
{
  GListModel *shares = lodge_budget_get_shares (budget);
  guint64 sum = 0;

  *n = 0;
  for (guint i = 0; i < g_list_model_get_n_items (shares); i++)
    {
      g_autoptr(LodgeShare) share = g_list_model_get_item (shares, i);

      if (kind < 0 || (int)lodge_share_get_kind (share) == kind)
        {
          sum += lodge_share_get_memory (share);
          ++*n;
        }
    }

  return sum;
}

static void
test_unknown (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(LodgeHost) elsewhere = lodge_host_new_for_uri ("qemu+ssh://box.example/system");
  LodgeBudget *budget = lodge_host_get_budget (elsewhere);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_false (lodge_budget_is_known (budget));
  g_assert_cmpuint (lodge_budget_get_total (budget), ==, 0);
  g_assert_cmpuint (lodge_budget_get_free (budget), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (lodge_budget_get_shares (budget)), ==, 0);
  g_assert_cmpuint (lodge_budget_get_reachable_memory (budget, fixture->machine), ==, G_MAXUINT64);

  lodge_budget_refresh_async (budget, NULL, test_await_cb, &result);
  g_assert_false (lodge_budget_refresh_finish (budget, test_await (&result), &error));
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_DISCONNECTED);
}

static void
test_shares (Fixture       *fixture,
             gconstpointer  data)
{
  guint64 total, sum;
  guint n;

  refresh (fixture->budget);
  total = lodge_budget_get_total (fixture->budget);
  g_assert_true (lodge_budget_is_known (fixture->budget));
  g_assert_cmpuint (total, >, 0);

  sum = sum_shares (fixture->budget, -1, &n);
  g_assert_cmpuint (sum, ==, total + lodge_budget_get_excess (fixture->budget));
  g_assert_cmpuint (sum_shares (fixture->budget, LODGE_SHARE_MACHINE, &n), ==, 2 * GIB);
  g_assert_cmpuint (n, ==, 1);
  sum_shares (fixture->budget, LODGE_SHARE_FREE, &n);
  g_assert_cmpuint (n, ==, 1);
}

static void
test_reserve (Fixture       *fixture,
              gconstpointer  data)
{
  guint64 before, total;

  refresh (fixture->budget);
  total = lodge_budget_get_total (fixture->budget);
  g_assert_cmpuint (lodge_budget_get_reserve (fixture->budget), >, 0);

  lodge_budget_set_reserve_setting (fixture->budget, 1);
  g_assert_cmpuint (lodge_budget_get_reserve (fixture->budget), ==, 1);
  before = lodge_budget_get_reachable_memory (fixture->budget, fixture->machine);

  lodge_budget_set_reserve_setting (fixture->budget, 1001);
  if (before >= 1000)
    g_assert_cmpuint (lodge_budget_get_reachable_memory (fixture->budget, fixture->machine), ==,
                      before - 1000);

  lodge_budget_set_reserve_setting (fixture->budget, G_MAXUINT64);
  g_assert_cmpuint (lodge_budget_get_reachable_memory (fixture->budget, fixture->machine), ==, 0);
  g_assert_cmpuint (lodge_budget_get_free (fixture->budget), ==, 0);
  g_assert_cmpuint (lodge_budget_get_reserve_left (fixture->budget), <, total);
  g_assert_cmpuint (lodge_budget_get_reachable_cores (fixture->budget, fixture->machine), >=, 1);

  lodge_budget_set_reserve_setting (fixture->budget, 0);
  g_assert_cmpuint (lodge_budget_get_reserve (fixture->budget), <=, total / 2);
}

static void
stop (LodgeMachine *machine)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  lodge_machine_perform_async (machine, LODGE_ACTION_FORCE_OFF, NULL, test_await_cb, &result);
  lodge_machine_perform_finish (machine, test_await (&result), &error);
  g_assert_no_error (error);
}

/* A share stays the same object while it is about the same machine. */
static void
test_follows (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(LodgeBudgetWatch) watch = lodge_budget_watch (fixture->budget, 100);
  LodgeUsage *usage = lodge_machine_get_usage (fixture->machine);
  g_autoptr(LodgeShare) share = NULL;
  g_autoptr(LodgeShare) again = NULL;
  guint64 reach;
  guint n;

  test_wait (lodge_budget_is_known (fixture->budget));
  share = g_list_model_get_item (lodge_budget_get_shares (fixture->budget), 1);
  g_assert_true (lodge_share_get_machine (share) == fixture->machine);
  g_assert_cmpstr (lodge_share_get_name (share), ==, "test");
  g_assert_true (lodge_usage_get_sampled (usage));
  reach = lodge_budget_get_reachable_memory (fixture->budget, fixture->machine);

  refresh (fixture->budget);
  again = g_list_model_get_item (lodge_budget_get_shares (fixture->budget), 1);
  g_assert_true (again == share);

  stop (fixture->machine);
  test_wait (!lodge_usage_get_sampled (usage));
  g_assert_cmpuint (sum_shares (fixture->budget, LODGE_SHARE_MACHINE, &n), ==, 0);
  g_assert_cmpuint (n, ==, 0);

  /* Its own memory was never in its way. */
  g_assert_cmpuint (lodge_budget_get_reachable_memory (fixture->budget, fixture->machine), ==, reach);
}

static void
count_cb (guint *n)
{
  ++*n;
}

static gboolean
tick_cb (gpointer user_data)
{
  count_cb (user_data);

  return G_SOURCE_CONTINUE;
}

/* Who does not look costs nothing. */
static void
test_rests (Fixture       *fixture,
            gconstpointer  data)
{
  LodgeStatistics *statistics = lodge_host_get_statistics (fixture->host);
  guint n_samples = 0, n_seconds = 0, n_iterations = 0, id;

  g_signal_connect_swapped (statistics, "sampled", G_CALLBACK (count_cb), &n_samples);

  {
    g_autoptr(LodgeBudgetWatch) watch = lodge_budget_watch (fixture->budget, 100);
    g_autoptr(LodgeStatisticsWatch) other = lodge_host_watch_statistics (fixture->host, 5000);

    test_wait (n_samples >= 3);
    g_assert_cmpuint (lodge_statistics_get_interval (statistics), ==, 100);
    g_clear_object (&watch);
    g_assert_cmpuint (lodge_statistics_get_interval (statistics), ==, 5000);
  }

  g_assert_false (lodge_statistics_get_watched (statistics));

  /* The watchdog of the calls just made ends with its next look. */
  test_run_for (4000);
  n_samples = 0;

  id = g_timeout_add (1000, tick_cb, &n_seconds);
  while (n_seconds < 3)
    {
      g_main_context_iteration (NULL, TRUE);
      n_iterations++;
    }

  g_assert_cmpuint (n_samples, ==, 0);
  g_assert_cmpuint (n_iterations, <=, 4);
  g_source_remove (id);
}

/* A host that is closed has nothing to watch; when it opens again, so does the eye on it. */
static void
test_closed_host (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(LodgeBudgetWatch) watch = lodge_budget_watch (fixture->budget, 100);
  g_autoptr(GAsyncResult) result = NULL;

  test_wait (lodge_budget_is_known (fixture->budget));
  lodge_host_close (fixture->host);
  g_assert_false (lodge_budget_is_known (fixture->budget));
  g_assert_cmpuint (g_list_model_get_n_items (lodge_budget_get_shares (fixture->budget)), ==, 0);

  lodge_host_open_async (fixture->host, NULL, test_await_cb, &result);
  g_assert_true (lodge_host_open_finish (fixture->host, test_await (&result), NULL));
  test_wait (lodge_budget_is_known (fixture->budget));
}

static LodgeMachine *
define_small (Fixture *fixture)
{
  const char *xml = "<domain type='test'><name>small</name><memory unit='MiB'>64</memory>"
                    "<os><type>hvm</type></os></domain>";
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  LodgeMachine *machine;

  lodge_host_define_machine_async (fixture->host, xml, NULL, test_await_cb, &result);
  machine = lodge_host_define_machine_finish (fixture->host, test_await (&result), &error);
  g_assert_no_error (error);

  return machine;
}

static LodgeStartCheck *
check_start (Fixture      *fixture,
             LodgeMachine *machine)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  LodgeStartCheck *check;

  lodge_budget_check_start_async (fixture->budget, machine, NULL, test_await_cb, &result);
  check = lodge_budget_check_start_finish (fixture->budget, test_await (&result), &error);
  g_assert_no_error (error);

  return check;
}

static void
test_gate (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(LodgeMachine) small = define_small (fixture);
  g_autoptr(LodgeStartCheck) fits = NULL;
  g_autoptr(LodgeStartCheck) check = NULL;
  g_autoptr(LodgeStartCheck) runs = NULL;
  g_autoptr(LodgeProposal) proposal = NULL;
  g_autoptr(LodgeStartRun) run = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  stop (fixture->machine);
  lodge_budget_set_reserve_setting (fixture->budget, 1);
  fits = check_start (fixture, small);
  g_assert_cmpint (lodge_start_check_get_verdict (fits), ==, LODGE_START_FITS);
  g_assert_cmpuint (g_list_model_get_n_items (lodge_start_check_get_proposals (fits)), ==, 0);

  /* Nobody has anything to give, and this is no guest of QEMU. */
  lodge_budget_set_reserve_setting (fixture->budget, lodge_budget_get_total (fixture->budget));
  check = check_start (fixture, small);
  g_assert_cmpint (lodge_start_check_get_verdict (check), ==, LODGE_START_RESERVE);
  g_assert_cmpuint (lodge_start_check_get_missing (check), ==, lodge_start_check_get_needed (check));
  g_assert_cmpuint (lodge_start_check_get_left (check) + lodge_start_check_get_missing (check), ==,
                    lodge_start_check_get_reserve (check));
  g_assert_cmpuint (g_list_model_get_n_items (lodge_start_check_get_proposals (check)), ==, 1);
  proposal = g_list_model_get_item (lodge_start_check_get_proposals (check), 0);
  g_assert_cmpint (lodge_proposal_get_kind (proposal), ==, LODGE_PROPOSAL_ANYWAY);

  run = lodge_start_run_new (check, proposal);
  lodge_start_run_run_async (run, NULL, test_await_cb, &result);
  lodge_start_run_run_finish (run, test_await (&result), &error);
  g_assert_no_error (error);
  g_assert_true (lodge_machine_is_active (small));
  g_assert_cmpint (lodge_start_run_get_stage (run), ==, LODGE_START_STAGE_DONE);
  g_assert_null (lodge_machine_resources_get_loan (lodge_machine_get_resources (small)));

  /* What runs has its memory already. */
  runs = check_start (fixture, small);
  g_assert_cmpint (lodge_start_check_get_verdict (runs), ==, LODGE_START_FITS);
}

static void
test_computers (void)
{
  g_autoptr(LodgeHost) system = lodge_host_new_for_uri ("qemu:///system");
  g_autoptr(LodgeHost) session = lodge_host_new_for_uri ("qemu:///session");
  g_autoptr(LodgeHost) containers = lodge_host_new_for_uri ("lxc:///system");
  g_autoptr(LodgeHost) box = lodge_host_new_for_uri ("qemu+ssh://box.example/system");
  g_autoptr(LodgeHost) same = lodge_host_new_for_uri ("qemu+ssh://me@BOX.example/session");
  g_autoptr(LodgeHost) port = lodge_host_new_for_uri ("qemu+ssh://box.example:2222/system");
  g_autoptr(LodgeHost) strange = lodge_host_new_for_uri ("no URI at all");
  LodgeBudget *here = lodge_host_get_budget (system);

  g_assert_cmpstr (lodge_budget_get_id (here), ==, "local");
  g_assert_true (lodge_host_get_budget (session) == here);
  g_assert_true (lodge_host_get_budget (containers) == here);
  g_assert_true (lodge_host_get_budget (box) == lodge_host_get_budget (same));
  g_assert_false (lodge_host_get_budget (box) == here);
  g_assert_false (lodge_host_get_budget (box) == lodge_host_get_budget (port));
  g_assert_nonnull (lodge_host_get_budget (strange));

  /* It lives on with the others. */
  g_clear_object (&system);
  g_assert_true (lodge_host_get_budget (session) == here);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  test_silence_libvirt ();
  lodge_core_init ();

#define ADD(name, func) \
  g_test_add ("/core/budget/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("unknown", test_unknown);
  ADD ("shares", test_shares);
  ADD ("reserve", test_reserve);
  ADD ("follows", test_follows);
  ADD ("rests", test_rests);
  ADD ("closed-host", test_closed_host);
  ADD ("gate", test_gate);
  g_test_add_func ("/core/budget/computers", test_computers);

  return g_test_run ();
}
