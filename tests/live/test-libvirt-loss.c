/* test-libvirt-loss.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "libvirt/lodge-libvirt-host-private.h"
#include "lodge-core.h"
#include "lodge-error.h"
#include "test-guest.h"

/* A daemon that dies, hangs and comes back, while guests go on running. */

typedef struct
{
  TestLibvirtd *libvirtd;
  LodgeHost    *host;
  LodgeMachine *machine;   /* running */
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *image = NULL;
  g_autofree char *xml = NULL;

  fixture->libvirtd = test_libvirtd_new ();
  if (fixture->libvirtd == NULL || (image = test_guest_image (fixture->libvirtd)) == NULL)
    return;

  xml = test_guest_xml ("guest", image, "");
  fixture->host = lodge_host_new_for_uri (test_libvirtd_get_uri (fixture->libvirtd));
  test_open_host (fixture->host);
  fixture->machine = test_define (fixture->libvirtd, fixture->host, "guest", xml);
  test_perform (fixture->machine, LODGE_ACTION_START);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  if (fixture->host != NULL)
    lodge_host_close (fixture->host);

  g_clear_object (&fixture->machine);
  g_clear_object (&fixture->host);
  g_clear_pointer (&fixture->libvirtd, test_libvirtd_free);
}

static void
test_killed_and_started (Fixture       *fixture,
                         gconstpointer  data)
{
  LodgeHost *host = fixture->host;
  g_autoptr(GListModel) machines = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *xml = NULL;

  if (host == NULL)
    return;

  machines = lodge_host_list_machines (host);
  test_libvirtd_kill (fixture->libvirtd);
  test_wait_property (host, "state", LODGE_HOST_STATE_LOST);
  g_assert_nonnull (lodge_host_get_error (host));

  /* It is still shown, but it is known that nothing is known. */
  g_assert_cmpuint (g_list_model_get_n_items (machines), ==, 1);
  g_assert_false (lodge_machine_is_reachable (fixture->machine));
  g_assert_false (lodge_machine_can (fixture->machine, LODGE_ACTION_PAUSE));
  error = test_try (fixture->machine, LODGE_ACTION_PAUSE);
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_DISCONNECTED);

  /* It is tried again, and later each time. */
  test_wait (lodge_host_get_retry_at (host) - g_get_monotonic_time () > 3 * G_USEC_PER_SEC);

  test_libvirtd_start (fixture->libvirtd);
  xml = test_guest_xml ("new", "/nowhere", "");
  test_libvirtd_define (fixture->libvirtd, xml);
  lodge_host_retry (host);
  test_wait_property (host, "state", LODGE_HOST_STATE_OPEN);
  g_assert_null (lodge_host_get_error (host));
  g_assert_cmpint (lodge_host_get_retry_at (host), ==, 0);

  /* The same machine, what happened meanwhile, and events again. */
  g_assert_cmpuint (g_list_model_get_n_items (machines), ==, 2);
  g_assert_true (lodge_machine_is_reachable (fixture->machine));
  g_assert_cmpint (lodge_machine_get_state (fixture->machine), ==, LODGE_STATE_RUNNING);
  g_free (test_libvirtd_virsh (fixture->libvirtd, "suspend", "guest", NULL));
  test_wait_property (fixture->machine, "state", LODGE_STATE_PAUSED);
  test_perform (fixture->machine, LODGE_ACTION_RESUME);
}

static void
test_comes_back_by_itself (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(GListModel) machines = NULL;

  if (fixture->host == NULL)
    return;

  machines = lodge_host_list_machines (fixture->host);

  for (int i = 0; i < 3; i++)
    {
      test_libvirtd_kill (fixture->libvirtd);
      test_wait_property (fixture->host, "state", LODGE_HOST_STATE_LOST);
      test_libvirtd_start (fixture->libvirtd);

      if (i == 1)
        {
          /* A guest is not to be ended while the daemon still finds back to it. */
          g_free (test_libvirtd_virsh (fixture->libvirtd, "qemu-monitor-command", "guest",
                                       "--hmp", "info status", NULL));
          g_free (test_libvirtd_virsh (fixture->libvirtd, "destroy", "guest", NULL));
          g_free (test_libvirtd_virsh (fixture->libvirtd, "undefine", "guest", NULL));
        }

      test_wait_property (fixture->host, "state", LODGE_HOST_STATE_OPEN);
      g_assert_cmpuint (g_list_model_get_n_items (machines), ==, i == 0 ? 1 : 0);
    }
}

typedef struct
{
  gint64 last;
  gint64 longest;
} Heart;

static gboolean
beat_cb (gpointer user_data)
{
  Heart *heart = user_data;
  gint64 now = g_get_monotonic_time ();

  heart->longest = MAX (heart->longest, now - heart->last);
  heart->last = now;

  return G_SOURCE_CONTINUE;
}

static void
test_hangs (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) given_up = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  Heart heart = { g_get_monotonic_time (), 0 };
  guint id;

  if (fixture->host == NULL)
    return;

  id = g_timeout_add (10, beat_cb, &heart);
  test_libvirtd_stop (fixture->libvirtd);

  lodge_machine_perform_async (fixture->machine, LODGE_ACTION_PAUSE, NULL, test_await_cb, &result);
  g_assert_cmpint (lodge_machine_get_pending (fixture->machine), ==, LODGE_ACTION_PAUSE);

  /* Who gives up need not wait for the daemon. */
  lodge_machine_load_xml_async (fixture->machine, FALSE, cancellable, test_await_cb, &given_up);
  test_run_for (200);
  g_cancellable_cancel (cancellable);
  test_wait_seconds (given_up != NULL, 2);
  g_assert_null (lodge_machine_load_xml_finish (fixture->machine, given_up, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  test_wait_property (fixture->host, "state", LODGE_HOST_STATE_LOST);
  test_wait (result != NULL);
  g_assert_false (lodge_machine_perform_finish (fixture->machine, result, &error));
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_DISCONNECTED);
  g_assert_cmpint (lodge_machine_get_pending (fixture->machine), ==, LODGE_ACTION_NONE);

  test_libvirtd_resume (fixture->libvirtd);
  test_wait_property (fixture->host, "state", LODGE_HOST_STATE_OPEN);
  g_assert_true (lodge_machine_is_reachable (fixture->machine));

  /* All that time the window would have been drawn. */
  g_assert_cmpint (heart.longest, <, G_USEC_PER_SEC / 2);
  g_source_remove (id);
}

/* Closing is a call, too; nothing here may wait for a daemon that does not answer. */
static void
test_closes_while_it_hangs (Fixture       *fixture,
                            gconstpointer  data)
{
  gint64 began;

  if (fixture->host == NULL)
    return;

  test_libvirtd_stop (fixture->libvirtd);
  began = g_get_monotonic_time ();
  lodge_host_close (fixture->host);
  g_clear_object (&fixture->machine);
  g_clear_object (&fixture->host);
  test_run_for (100);
  g_assert_cmpint (g_get_monotonic_time () - began, <, G_USEC_PER_SEC);
  test_libvirtd_resume (fixture->libvirtd);
}

/* The daemon drops a client that was silent for half a minute, as one is that is being debugged.
 * What is written to it then would end the process.
 */
static void
test_survives_a_broken_pipe (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  if (fixture->host == NULL)
    return;

  /* The main loop does not run, so the loss is not noticed before the call. */
  test_libvirtd_kill (fixture->libvirtd);
  error = test_try (fixture->machine, LODGE_ACTION_PAUSE);
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_DISCONNECTED);

  test_wait_property (fixture->host, "state", LODGE_HOST_STATE_LOST);
  test_libvirtd_start (fixture->libvirtd);
  test_wait_property (fixture->host, "state", LODGE_HOST_STATE_OPEN);
}

static void
test_dies_during_start (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  if (fixture->host == NULL)
    return;

  test_perform (fixture->machine, LODGE_ACTION_FORCE_OFF);
  lodge_machine_perform_async (fixture->machine, LODGE_ACTION_START, NULL, test_await_cb, &result);
  test_run_for (50);
  test_libvirtd_kill (fixture->libvirtd);

  test_wait (result != NULL);
  if (!lodge_machine_perform_finish (fixture->machine, result, &error))
    g_assert_error (error, LODGE_ERROR, LODGE_ERROR_DISCONNECTED);

  test_wait_property (fixture->host, "state", LODGE_HOST_STATE_LOST);
  g_assert_cmpint (lodge_machine_get_pending (fixture->machine), ==, LODGE_ACTION_NONE);

  test_libvirtd_start (fixture->libvirtd);
  test_wait_property (fixture->host, "state", LODGE_HOST_STATE_OPEN);
  if (!lodge_machine_is_active (fixture->machine))
    test_perform (fixture->machine, LODGE_ACTION_START);
  g_assert_cmpint (lodge_machine_get_state (fixture->machine), ==, LODGE_STATE_RUNNING);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  test_silence_libvirt ();
  lodge_core_init ();

  /* Nobody wants to wait half a minute here. */
  lodge_libvirt_host_set_patience (3, 3);

#define ADD(name, func) \
  g_test_add ("/live/libvirt-loss/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("killed-and-started", test_killed_and_started);
  ADD ("comes-back-by-itself", test_comes_back_by_itself);
  ADD ("hangs", test_hangs);
  ADD ("closes-while-it-hangs", test_closes_while_it_hangs);
  ADD ("survives-a-broken-pipe", test_survives_a_broken_pipe);
  ADD ("dies-during-start", test_dies_during_start);

  return g_test_run ();
}
