/* test-libvirt-budget.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-budget.h"
#include "lodge-core.h"
#include "lodge-error.h"
#include "lodge-machine-resources.h"
#include "lodge-share.h"
#include "lodge-start-run.h"
#include "lodge-statistics.h"
#include "lodge-usage.h"
#include "test-guest.h"
#include "test-linux-guest.h"

#include <string.h>

/* The budget and the start gate with real guests, which are asked themselves what they have. The host
 * of the tests has memory to spare, so a large reserve makes it short of memory.
 */

#define MIB G_GUINT64_CONSTANT (1024)

static TestLibvirtd *shared;

typedef struct
{
  LodgeHost      *host;
  LodgeBudget    *budget;
  TestLinuxGuest *guest;      /* runs from the beginning */
  TestLinuxGuest *other;      /* is to be started */
  LodgeMachine   *machine;
  LodgeMachine   *second;
} Fixture;

/* What the first guest is like; the other is always the same. */
static const TestLinuxGuestParts silent_parts =
{
  .memory = "<memory unit='MiB'>1024</memory>",
  .balloon = "<memballoon model='virtio'/>",
};

static const TestLinuxGuestParts deaf_parts =
{
  .memory = "<memory unit='MiB'>2048</memory>",
  .options = "nodrivers",
};

static const TestLinuxGuestParts growing_parts =
{
  .memory = "<maxMemory slots='4' unit='MiB'>4096</maxMemory><memory unit='MiB'>1536</memory>",
  .cpus = "<vcpu>1</vcpu><cpu><numa><cell id='0' cpus='0' memory='512' unit='MiB'/></numa></cpu>",
  .devices = "<memory model='virtio-mem'><target><size unit='MiB'>1024</size><node>0</node>"
             "<block unit='MiB'>2</block><requested unit='MiB'>512</requested></target></memory>",
};

static LodgeMachine *
define (Fixture        *fixture,
        TestLinuxGuest *guest,
        const char     *name)
{
  return test_define (shared, fixture->host, name, test_linux_guest_get_xml (guest));
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  if (shared == NULL && (shared = test_libvirtd_new ()) == NULL)
    return;

  fixture->guest = test_linux_guest_new (shared, "linux", data);
  if (fixture->guest == NULL)
    return;

  fixture->other = test_linux_guest_new (shared, "other", NULL);
  fixture->host = lodge_host_new_for_uri (test_libvirtd_get_uri (shared));
  fixture->budget = lodge_host_get_budget (fixture->host);
  test_open_host (fixture->host);
  fixture->machine = define (fixture, fixture->guest, "linux");
  fixture->second = define (fixture, fixture->other, "other");
  test_perform (fixture->machine, LODGE_ACTION_START);
  test_linux_guest_wait_up (fixture->guest);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  if (fixture->guest == NULL)
    return;

  if (lodge_machine_is_active (fixture->machine))
    test_perform (fixture->machine, LODGE_ACTION_FORCE_OFF);
  if (lodge_machine_is_active (fixture->second))
    test_perform (fixture->second, LODGE_ACTION_FORCE_OFF);

  lodge_host_close (fixture->host);
  g_free (test_libvirtd_virsh (shared, "undefine", "linux", NULL));
  g_free (test_libvirtd_virsh (shared, "undefine", "other", NULL));
  g_clear_object (&fixture->machine);
  g_clear_object (&fixture->second);
  g_clear_object (&fixture->host);
  g_clear_pointer (&fixture->guest, test_linux_guest_free);
  g_clear_pointer (&fixture->other, test_linux_guest_free);
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

/* Has the host keep so much that only @kib are free. */
static void
leave_free (Fixture *fixture,
            guint64  kib)
{
  lodge_budget_set_reserve_setting (fixture->budget, 1);
  refresh (fixture->budget);
  g_assert_cmpuint (lodge_budget_get_free (fixture->budget), >, kib);
  lodge_budget_set_reserve_setting (fixture->budget, lodge_budget_get_free (fixture->budget) - kib);
}

static LodgeShare *
find_share (LodgeBudget  *budget,
            LodgeMachine *machine,
            guint        *n)
{
  GListModel *shares = lodge_budget_get_shares (budget);
  LodgeShare *found = NULL;

  *n = 0;
  for (guint i = 0; i < g_list_model_get_n_items (shares); i++)
    {
      g_autoptr(LodgeShare) share = g_list_model_get_item (shares, i);

      if (lodge_share_get_machine (share) != NULL &&
          g_str_equal (lodge_machine_get_id (lodge_share_get_machine (share)),
                       lodge_machine_get_id (machine)))
        {
          found = share;
          ++*n;
        }
    }

  return found;
}

static LodgeStartCheck *
check_start (Fixture *fixture)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  LodgeStartCheck *check;

  lodge_budget_check_start_async (fixture->budget, fixture->second, NULL, test_await_cb, &result);
  check = lodge_budget_check_start_finish (fixture->budget, test_await (&result), &error);
  g_assert_no_error (error);

  return check;
}

static LodgeProposal *
find_proposal (LodgeStartCheck   *check,
               LodgeProposalKind  kind)
{
  GListModel *proposals = lodge_start_check_get_proposals (check);

  for (guint i = 0; i < g_list_model_get_n_items (proposals); i++)
    {
      g_autoptr(LodgeProposal) proposal = g_list_model_get_item (proposals, i);

      if (lodge_proposal_get_kind (proposal) == kind)
        return g_steal_pointer (&proposal);
    }

  return NULL;
}

static char *
dump_live (const char *name)
{
  return test_libvirtd_virsh (shared, "dumpxml", name, NULL);
}

/* What libvirt will give a guest at its next start. (Its first start orders the devices anew.) */
static char *
dump_memory (const char *name)
{
  g_autofree char *xml = test_libvirtd_virsh (shared, "dumpxml", name, "--inactive", NULL);
  char *begin = strstr (xml, "<memory "), *end = strstr (xml, "<vcpu");

  g_assert_true (begin != NULL && end > begin);

  return g_strndup (begin, end - begin);
}

static GError *
run (LodgeStartRun *run,
     GCancellable  *cancellable)
{
  g_autoptr(GAsyncResult) result = NULL;
  GError *error = NULL;

  lodge_start_run_run_async (run, cancellable, test_await_cb, &result);
  test_wait_seconds (result != NULL, 150);
  lodge_start_run_run_finish (run, result, &error);

  return error;
}

/* The guest tells what it uses only while somebody looks. */
static void
test_usage (Fixture       *fixture,
            gconstpointer  data)
{
  LodgeUsage *usage;
  g_autoptr(LodgeStatisticsWatch) watch = NULL;
  g_autofree char *before = NULL, *during = NULL, *after = NULL;
  g_autoptr(GArray) history = NULL;
  guint64 available, used;

  if (fixture->guest == NULL)
    return;

  usage = lodge_machine_get_usage (fixture->machine);
  before = dump_live ("linux");
  g_assert_null (strstr (before, "<stats period="));

  watch = lodge_machine_watch_usage (fixture->machine, 500);
  test_wait (lodge_usage_get_used (usage) != 0);
  available = test_linux_guest_get_available (fixture->guest);
  used = test_linux_guest_get_total (fixture->guest) - available;
  g_assert_cmpuint (lodge_usage_get_actual (usage), ==, 1024 * MIB);
  g_assert_cmpuint (lodge_usage_get_used (usage), >, used / 2);
  g_assert_cmpuint (lodge_usage_get_used (usage), <, used * 2);
  g_assert_cmpuint (lodge_usage_get_resident (usage), >, 32 * MIB);
  during = dump_live ("linux");
  g_assert_nonnull (strstr (during, "<stats period="));

  test_linux_guest_fill (fixture->guest, 300);
  test_wait (lodge_usage_get_used (usage) > used + 250 * MIB);
  test_linux_guest_empty (fixture->guest);
  test_wait (lodge_usage_get_used (usage) < used + 50 * MIB);

  g_free (test_linux_guest_ask (fixture->guest,
                                "(n=0; while [ $n -lt 1000000 ]; do n=$((n+1)); done) >/dev/null 2>&1 &"));
  test_wait (lodge_usage_get_cores_used (usage) > 0.3);
  g_assert_cmpfloat (lodge_usage_get_cpu_share (usage), <=, 1);
  history = lodge_usage_copy_history (usage);
  g_assert_cmpuint (history->len, >, 3);

  g_clear_object (&watch);
  test_wait ((g_free (after), after = dump_live ("linux"), strstr (after, "<stats period=") == NULL));
}

/* Two connections to one computer do not make two guests. */
static void
test_counts_once (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(LodgeHost) again = NULL;
  LodgeShare *share;
  guint64 free_memory;
  guint n;

  if (fixture->guest == NULL)
    return;

  refresh (fixture->budget);
  free_memory = lodge_budget_get_free (fixture->budget);

  again = lodge_host_new_for_uri (test_libvirtd_get_uri (shared));
  test_open_host (again);
  g_assert_true (lodge_host_get_budget (again) == fixture->budget);
  refresh (fixture->budget);
  share = find_share (fixture->budget, fixture->machine, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (lodge_share_get_memory (share), >=, 1024 * MIB);
  g_assert_cmpuint (lodge_budget_get_free (fixture->budget), <, free_memory + 64 * MIB);
  g_assert_cmpuint (lodge_budget_get_free (fixture->budget), >, free_memory - 64 * MIB);

  /* A guest that stands still keeps its memory. */
  test_perform (fixture->machine, LODGE_ACTION_PAUSE);
  refresh (fixture->budget);
  share = find_share (fixture->budget, fixture->machine, &n);
  g_assert_cmpuint (lodge_share_get_memory (share), >=, 1024 * MIB);

  test_perform (fixture->machine, LODGE_ACTION_FORCE_OFF);
  refresh (fixture->budget);
  g_assert_null (find_share (fixture->budget, fixture->machine, &n));
  g_assert_cmpuint (lodge_budget_get_free (fixture->budget), >, free_memory + 1000 * MIB);
  lodge_host_close (again);
}

/* What virtio-mem has plugged in counts, and what it is asked for, but not what it could have. */
static void
test_virtio_mem (Fixture       *fixture,
                 gconstpointer  data)
{
  LodgeShare *share;
  guint64 memory;
  guint n;

  if (fixture->guest == NULL)
    return;

  refresh (fixture->budget);
  share = find_share (fixture->budget, fixture->machine, &n);
  memory = lodge_share_get_memory (share);
  g_assert_cmpuint (memory, >=, 1024 * MIB);
  g_assert_cmpuint (memory, <, 1100 * MIB);

  test_wait ((refresh (fixture->budget),
              lodge_usage_get_actual (lodge_machine_get_usage (fixture->machine)) == 1024 * MIB));
  share = find_share (fixture->budget, fixture->machine, &n);
  g_assert_cmpuint (lodge_share_get_memory (share), ==, memory);
}

static void
test_gate_opens (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(LodgeStartCheck) check = NULL;

  if (fixture->guest == NULL)
    return;

  leave_free (fixture, 2048 * MIB);
  check = check_start (fixture);
  g_assert_cmpint (lodge_start_check_get_verdict (check), ==, LODGE_START_FITS);
  g_assert_cmpuint (lodge_start_check_get_needed (check), >, 512 * MIB);
  g_assert_cmpuint (lodge_start_check_get_missing (check), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (lodge_start_check_get_proposals (check)), ==, 0);
}

/* Memory comes from a guest that runs, which sees less itself, and goes back to it. */
static void
test_gate_frees (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(LodgeStartCheck) check = NULL;
  g_autoptr(LodgeProposal) proposal = NULL;
  g_autoptr(LodgeProposal) anyway = NULL;
  g_autoptr(LodgeStartRun) start = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) failure = NULL;
  g_autofree char *before = NULL, *after = NULL;
  g_autoptr(LodgeLoan) loan = NULL;
  LodgeMachineResources *resources;
  guint64 total, from, to;

  if (fixture->guest == NULL)
    return;

  resources = lodge_machine_get_resources (fixture->machine);

  before = dump_memory ("linux");
  total = test_linux_guest_get_total (fixture->guest);
  leave_free (fixture, 500 * MIB);
  check = check_start (fixture);
  g_assert_cmpint (lodge_start_check_get_verdict (check), ==, LODGE_START_RESERVE);
  g_assert_cmpuint (lodge_start_check_get_left (check) + lodge_start_check_get_missing (check), ==,
                    lodge_start_check_get_reserve (check));
  anyway = find_proposal (check, LODGE_PROPOSAL_ANYWAY);
  g_assert_nonnull (anyway);

  proposal = find_proposal (check, LODGE_PROPOSAL_FREE);
  g_assert_nonnull (proposal);
  g_assert_cmpuint (lodge_proposal_get_n_donors (proposal), ==, 1);
  g_assert_true (lodge_proposal_get_donor (proposal, 0, &from, &to) == fixture->machine);
  g_assert_cmpuint (from, ==, 1024 * MIB);
  g_assert_cmpuint (to, <, from);

  start = lodge_start_run_new (check, proposal);
  error = run (start, NULL);
  g_assert_no_error (error);
  g_assert_cmpint (lodge_start_run_get_stage (start), ==, LODGE_START_STAGE_DONE);
  g_assert_true (lodge_machine_is_active (fixture->second));
  g_assert_cmpuint (test_linux_guest_get_total (fixture->guest), <, total - (from - to) + 8 * MIB);
  refresh (fixture->budget);
  g_assert_cmpuint (lodge_budget_get_reserve_left (fixture->budget) + 16 * MIB, >=,
                    lodge_budget_get_reserve (fixture->budget));
  after = dump_memory ("linux");
  g_assert_cmpstr (before, ==, after);

  /* Not out of the reserve. */
  loan = lodge_machine_resources_get_loan (resources);
  g_assert_nonnull (loan);
  g_object_ref (loan);
  g_assert_true (lodge_loan_get_lender (loan) == fixture->machine);
  g_assert_true (lodge_loan_get_borrower (loan) == fixture->second);
  g_assert_cmpuint (lodge_loan_get_amount (loan), ==, from - to);
  lodge_loan_give_back_async (loan, NULL, test_await_cb, &result);
  g_assert_false (lodge_loan_give_back_finish (loan, test_await (&result), &failure));
  g_assert_error (failure, LODGE_ERROR, LODGE_ERROR_MEMORY);

  lodge_budget_set_reserve_setting (fixture->budget, 1);
  g_clear_object (&result);
  g_clear_error (&failure);
  lodge_loan_give_back_async (loan, NULL, test_await_cb, &result);
  lodge_loan_give_back_finish (loan, test_await (&result), &failure);
  g_assert_no_error (failure);
  test_wait (lodge_machine_resources_get_loan (resources) == NULL);
  g_assert_cmpuint (lodge_loan_get_amount (loan), ==, 0);
  test_wait (test_linux_guest_get_total (fixture->guest) == total);
}

/* It starts with less, and its next start is as it was. */
static void
test_gate_shrinks (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(LodgeStartCheck) check = NULL;
  g_autoptr(LodgeProposal) proposal = NULL;
  g_autoptr(LodgeStartRun) start = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) failure = NULL;
  g_autofree char *before = NULL, *after = NULL;
  LodgeLoan *loan;
  guint64 kib;

  if (fixture->guest == NULL)
    return;

  before = dump_memory ("other");
  leave_free (fixture, 620 * MIB);
  check = check_start (fixture);
  g_assert_cmpint (lodge_start_check_get_verdict (check), ==, LODGE_START_RESERVE);
  proposal = find_proposal (check, LODGE_PROPOSAL_LESS);
  g_assert_nonnull (proposal);
  kib = lodge_proposal_get_memory (proposal);
  g_assert_cmpuint (kib, >=, 256 * MIB);
  g_assert_cmpuint (kib, <, 512 * MIB);

  start = lodge_start_run_new (check, proposal);
  error = run (start, NULL);
  g_assert_no_error (error);
  g_assert_true (lodge_machine_is_active (fixture->second));
  test_linux_guest_wait_up (fixture->other);
  test_wait (test_linux_guest_get_total (fixture->other) < kib);
  after = dump_memory ("other");
  g_assert_cmpstr (before, ==, after);

  refresh (fixture->budget);
  g_assert_cmpuint (lodge_budget_get_reserve_left (fixture->budget) + 16 * MIB, >=,
                    lodge_budget_get_reserve (fixture->budget));

  /* And it is known that it could have more. */
  loan = lodge_machine_resources_get_loan (lodge_machine_get_resources (fixture->second));
  g_assert_nonnull (loan);
  g_assert_true (lodge_loan_get_lender (loan) == lodge_loan_get_borrower (loan));
  test_wait (lodge_loan_get_amount (loan) > 512 * MIB - kib - 8 * MIB);
  lodge_budget_set_reserve_setting (fixture->budget, 1);
  lodge_loan_give_back_async (loan, NULL, test_await_cb, &result);
  lodge_loan_give_back_finish (loan, test_await (&result), &failure);
  g_assert_no_error (failure);
  test_wait (lodge_machine_resources_get_loan (lodge_machine_get_resources (fixture->second)) == NULL);
  test_wait (test_linux_guest_get_total (fixture->other) > kib);
}

/* A guest that does not give back what was asked for keeps the other from being started. */
static void
test_gate_held (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(LodgeStartCheck) check = NULL;
  g_autoptr(LodgeProposal) proposal = NULL;
  g_autoptr(LodgeStartRun) start = NULL;
  g_autoptr(LodgeStartRun) again = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) cancelled = NULL;
  gint64 began;

  if (fixture->guest == NULL)
    return;

  leave_free (fixture, 600 * MIB);
  check = check_start (fixture);
  proposal = find_proposal (check, LODGE_PROPOSAL_FREE);
  g_assert_nonnull (proposal);

  start = lodge_start_run_new (check, proposal);
  error = run (start, NULL);
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_HELD);
  g_assert_cmpint (lodge_start_run_get_stage (start), ==, LODGE_START_STAGE_FAILED);
  g_assert_null (lodge_machine_resources_get_loan (lodge_machine_get_resources (fixture->machine)));
  g_assert_false (lodge_machine_is_active (fixture->second));

  again = lodge_start_run_new (check, proposal);
  lodge_start_run_run_async (again, cancellable, test_await_cb, &result);
  test_wait (lodge_start_run_get_stage (again) == LODGE_START_STAGE_FREEING);
  test_run_for (1500);
  g_cancellable_cancel (cancellable);
  began = g_get_monotonic_time ();
  test_wait (result != NULL);
  g_assert_false (lodge_start_run_run_finish (again, result, &cancelled));
  g_assert_error (cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 5 * G_USEC_PER_SEC);
  g_assert_cmpint (lodge_start_run_get_stage (again), ==, LODGE_START_STAGE_FAILED);
  g_assert_false (lodge_machine_is_active (fixture->second));
}

static void
count_cb (guint *n)
{
  ++*n;
}

/* A daemon that hangs gets no more questions than the one it owes an answer to. */
static void
test_hung_daemon (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(LodgeStatisticsWatch) watch = NULL;
  guint n = 0;

  if (fixture->guest == NULL)
    return;

  g_signal_connect_swapped (lodge_host_get_statistics (fixture->host), "sampled",
                            G_CALLBACK (count_cb), &n);
  watch = lodge_host_watch_statistics (fixture->host, 100);
  test_wait (n >= 3);

  test_libvirtd_stop (shared);
  test_run_for (500);
  n = 0;
  test_run_for (3000);
  g_assert_cmpuint (n, ==, 0);

  test_libvirtd_resume (shared);
  test_wait (n >= 1);
  n = 0;
  test_run_for (1000);
  g_assert_cmpuint (n, <=, 12);
  g_assert_cmpuint (n, >=, 1);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  test_silence_libvirt ();
  lodge_core_init ();

#define ADD(name, parts, func) \
  g_test_add ("/live/libvirt-budget/" name, Fixture, parts, fixture_set_up, func, fixture_tear_down)

  ADD ("usage", &silent_parts, test_usage);
  ADD ("counts-once", &silent_parts, test_counts_once);
  ADD ("virtio-mem", &growing_parts, test_virtio_mem);
  ADD ("gate-opens", &silent_parts, test_gate_opens);
  ADD ("gate-frees", &silent_parts, test_gate_frees);
  ADD ("gate-shrinks", &silent_parts, test_gate_shrinks);
  ADD ("gate-held", &deaf_parts, test_gate_held);
  ADD ("hung-daemon", &silent_parts, test_hung_daemon);

  status = g_test_run ();
  g_clear_pointer (&shared, test_libvirtd_free);

  return status;
}
