/* test-worker.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-worker.h"
#include "test-await.h"

static gpointer
thread_work (gpointer       source_object,
             gpointer       task_data,
             GCancellable  *cancellable,
             GError       **error)
{
  return g_thread_self ();
}

static gpointer
unreachable_work (gpointer       source_object,
                  gpointer       task_data,
                  GCancellable  *cancellable,
                  GError       **error)
{
  g_assert_not_reached ();

  return NULL;
}

static void
test_runs_elsewhere_ends_here (void)
{
  g_autoptr(LodgeWorker) worker = lodge_worker_new (2);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GTask) task = g_task_new (NULL, NULL, test_await_cb, &result);
  g_autoptr(GError) error = NULL;
  gpointer thread;

  lodge_worker_run (worker, task, thread_work, NULL);
  thread = g_task_propagate_pointer (G_TASK (test_await (&result)), &error);

  g_assert_no_error (error);
  g_assert_true (thread != g_thread_self ());
}

static void
test_cancelled_before_its_turn (void)
{
  g_autoptr(LodgeWorker) worker = lodge_worker_new (1);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, test_await_cb, &result);
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  lodge_worker_run (worker, task, unreachable_work, NULL);

  g_assert_null (g_task_propagate_pointer (G_TASK (test_await (&result)), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/worker/runs-elsewhere-ends-here", test_runs_elsewhere_ends_here);
  g_test_add_func ("/core/worker/cancelled-before-its-turn", test_cancelled_before_its_turn);

  return g_test_run ();
}
