/* test-worker.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-worker.h"
#include "test-await.h"
#include "test-wait.h"

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

typedef struct
{
  GMutex   lock;
  gboolean entered;
  gboolean freed;
} Gate;

static gpointer
waiting_work (gpointer       source_object,
              gpointer       task_data,
              GCancellable  *cancellable,
              GError       **error)
{
  Gate *gate = task_data;

  g_atomic_int_set (&gate->entered, TRUE);
  g_mutex_lock (&gate->lock);
  g_mutex_unlock (&gate->lock);

  return gate;
}

static void
gate_freed (gpointer data)
{
  Gate *gate = data;

  gate->freed = TRUE;
}

static void
test_cancelled_while_it_hangs (void)
{
  g_autoptr(LodgeWorker) worker = lodge_worker_new (1);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, test_await_cb, &result);
  g_autoptr(GError) error = NULL;
  Gate gate = { .entered = FALSE };

  g_mutex_init (&gate.lock);
  g_mutex_lock (&gate.lock);
  g_task_set_task_data (task, &gate, NULL);
  lodge_worker_run (worker, task, waiting_work, gate_freed);
  test_wait (g_atomic_int_get (&gate.entered));

  g_cancellable_cancel (cancellable);
  test_wait (result != NULL);
  g_assert_null (g_task_propagate_pointer (G_TASK (result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  /* What comes late is not lost. */
  g_assert_false (gate.freed);
  g_mutex_unlock (&gate.lock);
  test_wait (gate.freed);
  g_mutex_clear (&gate.lock);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/worker/runs-elsewhere-ends-here", test_runs_elsewhere_ends_here);
  g_test_add_func ("/core/worker/cancelled-before-its-turn", test_cancelled_before_its_turn);

  g_test_add_func ("/core/worker/cancelled-while-it-hangs", test_cancelled_while_it_hangs);

  return g_test_run ();
}
