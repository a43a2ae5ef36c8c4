/* test-containers-podman.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-budget.h"
#include "lodge-core.h"
#include "lodge-share.h"
#include "test-guest.h"

/* A container of Podman in the budget of this computer. */

#define MIB G_GUINT64_CONSTANT (1024)

/* Returns: (transfer none) (nullable): the budget keeps it as long as it is there */
static LodgeShare *
find_share (LodgeBudget *budget,
            const char  *name)
{
  GListModel *shares = lodge_budget_get_shares (budget);

  for (guint i = 0; i < g_list_model_get_n_items (shares); i++)
    {
      g_autoptr(LodgeShare) share = g_list_model_get_item (shares, i);

      if (lodge_share_get_kind (share) == LODGE_SHARE_SERVICE &&
          g_strcmp0 (lodge_share_get_name (share), name) == 0)
        return share;
    }

  return NULL;
}

/* Starts the container and returns what ends it, or NULL and the test is skipped. */
static GSubprocess *
start_container (const char *name)
{
  g_autofree char *script = g_test_build_filename (G_TEST_DIST, "support", "podman.sh", NULL);
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GDataInputStream) lines = NULL;
  g_autofree char *line = NULL;
  g_autoptr(GError) error = NULL;

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                              &error, script, name, "96m", "0.5", NULL);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  line = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);

  if (line != NULL && strlen (line) == 64)
    return g_steal_pointer (&process);

  g_test_skip (line != NULL ? line : "the container did not start");
  g_output_stream_close (g_subprocess_get_stdin_pipe (process), NULL, NULL);
  g_subprocess_wait (process, NULL, NULL);

  return NULL;
}

static void
test_in_the_budget (void)
{
  g_autoptr(TestLibvirtd) libvirtd = test_libvirtd_new ();
  g_autoptr(LodgeHost) host = NULL;
  g_autoptr(GSubprocess) container = NULL;
  g_autoptr(LodgeBudgetWatch) watch = NULL;
  LodgeBudget *budget;
  LodgeShare *share;

  if (libvirtd == NULL || (container = start_container ("lodge-budget-test")) == NULL)
    return;

  host = lodge_host_new_for_uri (test_libvirtd_get_uri (libvirtd));
  test_open_host (host);
  budget = lodge_host_get_budget (host);
  watch = lodge_budget_watch (budget, 500);

  test_wait ((share = find_share (budget, "lodge-budget-test")) != NULL);
  g_assert_cmpstr (lodge_share_get_engine (share), ==, "podman");
  g_assert_cmpuint (lodge_share_get_memory (share), ==, 96 * MIB);
  g_assert_cmpint (lodge_share_get_source (share), ==, LODGE_SHARE_SOURCE_LIMIT);
  g_assert_cmpuint (lodge_share_get_cores (share), ==, 500);

  /* It does all it can, which is half a core at most. */
  test_wait (lodge_share_get_load (share) > 100);
  g_assert_cmpuint (lodge_share_get_load (share), <, 900);

  g_output_stream_close (g_subprocess_get_stdin_pipe (container), NULL, NULL);
  test_wait (find_share (budget, "lodge-budget-test") == NULL);
  g_subprocess_wait (container, NULL, NULL);

  g_clear_object (&watch);
  lodge_host_close (host);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  test_silence_libvirt ();
  lodge_core_init ();

  g_test_add_func ("/live/containers-podman/in-the-budget", test_in_the_budget);

  return g_test_run ();
}
