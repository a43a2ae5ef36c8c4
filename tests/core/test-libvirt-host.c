/* test-libvirt-host.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-core.h"
#include "lodge-error.h"
#include "lodge-host.h"
#include "lodge-machine-private.h"
#include "test-await.h"
#include "test-host.h"
#include "test-wait.h"

/* libvirt's test driver: everything in this process, no daemon. */

typedef struct
{
  LodgeHost    *host;
  LodgeMachine *machine;   /* the one of data/hosts/one.xml: "test", running */
} Fixture;

static void
perform (LodgeMachine *machine,
         LodgeAction   action)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (lodge_machine_can (machine, action));
  lodge_machine_perform_async (machine, action, NULL, test_await_cb, &result);
  lodge_machine_perform_finish (machine, test_await (&result), &error);
  g_assert_no_error (error);
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->host = test_host_of_data ("one.xml");
  test_open_host (fixture->host);
  fixture->machine = lodge_host_dup_machine (fixture->host, "test");
  g_assert_nonnull (fixture->machine);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_clear_object (&fixture->machine);
  lodge_host_close (fixture->host);
  g_clear_object (&fixture->host);
}

static void
test_lists_what_is_there (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr(GListModel) machines = lodge_host_list_machines (fixture->host);
  g_autoptr(LodgeMachine) by_id = NULL;

  g_assert_cmpint (lodge_host_get_state (fixture->host), ==, LODGE_HOST_STATE_OPEN);
  g_assert_true (lodge_host_get_local (fixture->host));
  g_assert_null (lodge_host_get_name (fixture->host));
  g_assert_cmpuint (g_list_model_get_n_items (machines), ==, 1);

  by_id = lodge_host_dup_machine (fixture->host, lodge_machine_get_id (fixture->machine));
  g_assert_true (by_id == fixture->machine);
  g_assert_cmpint (lodge_machine_get_state (fixture->machine), ==, LODGE_STATE_RUNNING);
  g_assert_cmpuint (lodge_machine_get_maximum_memory (fixture->machine), ==, 8 * 1024 * 1024);
  g_assert_cmpuint (lodge_machine_get_memory (fixture->machine), ==, 2 * 1024 * 1024);
  g_assert_cmpuint (lodge_machine_get_vcpus (fixture->machine), ==, 2);
  g_assert_true (lodge_machine_get_persistent (fixture->machine));
  g_assert_true (lodge_machine_is_defined (fixture->machine));
  g_assert_true (lodge_machine_get_host (fixture->machine) == fixture->host);
}

static void
test_goes_through_its_life (Fixture       *fixture,
                            gconstpointer  data)
{
  LodgeMachine *machine = fixture->machine;

  perform (machine, LODGE_ACTION_PAUSE);
  g_assert_cmpint (lodge_machine_get_state (machine), ==, LODGE_STATE_PAUSED);
  g_assert_false (lodge_machine_can (machine, LODGE_ACTION_START));

  perform (machine, LODGE_ACTION_RESUME);
  g_assert_cmpint (lodge_machine_get_state (machine), ==, LODGE_STATE_RUNNING);

  perform (machine, LODGE_ACTION_SAVE);
  g_assert_cmpint (lodge_machine_get_state (machine), ==, LODGE_STATE_SAVED);
  g_assert_false (lodge_machine_is_active (machine));

  perform (machine, LODGE_ACTION_START);
  g_assert_cmpint (lodge_machine_get_state (machine), ==, LODGE_STATE_RUNNING);

  perform (machine, LODGE_ACTION_SAVE);
  perform (machine, LODGE_ACTION_DISCARD_SAVED);
  g_assert_cmpint (lodge_machine_get_state (machine), ==, LODGE_STATE_OFF);

  perform (machine, LODGE_ACTION_START);
  perform (machine, LODGE_ACTION_SHUT_DOWN);
  test_wait_property (machine, "state", LODGE_STATE_OFF);
  g_assert_cmpint (lodge_machine_get_pending (machine), ==, LODGE_ACTION_NONE);

  perform (machine, LODGE_ACTION_START);
  perform (machine, LODGE_ACTION_FORCE_OFF);
  g_assert_cmpint (lodge_machine_get_state (machine), ==, LODGE_STATE_OFF);
}

static void
test_says_what_is_pending (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  lodge_machine_perform_async (fixture->machine, LODGE_ACTION_PAUSE, NULL, test_await_cb, &result);
  g_assert_cmpint (lodge_machine_get_pending (fixture->machine), ==, LODGE_ACTION_PAUSE);
  g_assert_false (lodge_machine_can (fixture->machine, LODGE_ACTION_RESTART));
  g_assert_true (lodge_machine_can (fixture->machine, LODGE_ACTION_FORCE_OFF));

  g_assert_true (lodge_machine_perform_finish (fixture->machine, test_await (&result), &error));
  g_assert_cmpint (lodge_machine_get_pending (fixture->machine), ==, LODGE_ACTION_NONE);
}

static void
test_refused_action_changes_nothing (Fixture       *fixture,
                                     gconstpointer  data)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  lodge_machine_perform_async (fixture->machine, LODGE_ACTION_START, NULL, test_await_cb, &result);
  g_assert_false (lodge_machine_perform_finish (fixture->machine, test_await (&result), &error));
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_INVALID);
  g_assert_cmpint (lodge_machine_get_state (fixture->machine), ==, LODGE_STATE_RUNNING);
  g_assert_cmpint (lodge_machine_get_pending (fixture->machine), ==, LODGE_ACTION_NONE);
}

static void
test_defined_machine_appears (Fixture       *fixture,
                              gconstpointer  data)
{
  const char *xml = "<domain type='test'><name>&lt;b&gt;new&lt;b&gt;</name><title>A title</title>"
                    "<memory>1024</memory><os><type>hvm</type></os></domain>";
  g_autoptr(GListModel) machines = lodge_host_list_machines (fixture->host);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(LodgeMachine) machine = NULL;
  g_autoptr(GError) error = NULL;

  lodge_host_define_machine_async (fixture->host, xml, NULL, test_await_cb, &result);
  machine = lodge_host_define_machine_finish (fixture->host, test_await (&result), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (lodge_machine_get_name (machine), ==, "<b>new<b>");
  g_assert_cmpstr (lodge_machine_get_title (machine), ==, "A title");
  g_assert_cmpint (lodge_machine_get_state (machine), ==, LODGE_STATE_OFF);
  g_assert_cmpuint (g_list_model_get_n_items (machines), ==, 2);
}

static void
test_closed_host_is_empty (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(GListModel) machines = lodge_host_list_machines (fixture->host);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  lodge_host_close (fixture->host);
  g_assert_cmpint (lodge_host_get_state (fixture->host), ==, LODGE_HOST_STATE_CLOSED);
  g_assert_cmpuint (g_list_model_get_n_items (machines), ==, 0);
  g_assert_false (lodge_machine_is_reachable (fixture->machine));

  lodge_machine_perform_async (fixture->machine, LODGE_ACTION_PAUSE, NULL, test_await_cb, &result);
  g_assert_false (lodge_machine_perform_finish (fixture->machine, test_await (&result), &error));
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_DISCONNECTED);

  test_open_host (fixture->host);
  g_assert_cmpuint (g_list_model_get_n_items (machines), ==, 1);
}

static void
test_unknown_uri (void)
{
  g_autoptr(LodgeHost) host = lodge_host_new_for_uri ("no URI at all");
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  lodge_host_open_async (host, NULL, test_await_cb, &result);
  g_assert_false (lodge_host_open_finish (host, test_await (&result), &error));
  g_assert_nonnull (error);
  g_assert_cmpint (lodge_host_get_state (host), ==, LODGE_HOST_STATE_CLOSED);
  g_assert_cmpstr (lodge_host_get_error (host)->message, ==, error->message);
}

static void
test_absent_daemon_is_tried_again (void)
{
  g_autoptr(LodgeHost) host = lodge_host_new_for_uri ("qemu+unix:///system?socket=/nowhere/at-all");
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  lodge_host_open_async (host, NULL, test_await_cb, &result);
  g_assert_false (lodge_host_open_finish (host, test_await (&result), &error));
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_UNREACHABLE);
  g_assert_cmpint (lodge_host_get_state (host), ==, LODGE_HOST_STATE_LOST);
  g_assert_cmpint (lodge_host_get_retry_at (host), >, g_get_monotonic_time ());

  lodge_host_close (host);
  g_assert_cmpint (lodge_host_get_state (host), ==, LODGE_HOST_STATE_CLOSED);
  g_assert_cmpint (lodge_host_get_retry_at (host), ==, 0);
}

static void
test_remote_uri_has_a_name (void)
{
  g_autoptr(LodgeHost) remote = lodge_host_new_for_uri ("qemu+ssh://me@box.example:2222/system");
  g_autoptr(LodgeHost) tunnel = lodge_host_new_for_uri ("qemu+ssh:///system");

  g_assert_cmpstr (lodge_host_get_name (remote), ==, "box.example");
  g_assert_false (lodge_host_get_local (remote));
  g_assert_false (lodge_host_get_local (tunnel));
}

static void
apply_memory (LodgeMachine *machine,
              gint64        time,
              guint64       kib)
{
  g_autoptr(LodgeMachineFacts) facts = g_new0 (LodgeMachineFacts, 1);

  facts->id = g_strdup (lodge_machine_get_id (machine));
  facts->time = time;
  facts->state = LODGE_STATE_RUNNING;
  facts->active = TRUE;
  facts->persistent = TRUE;
  facts->memory = kib;
  _lodge_machine_apply (machine, facts);
}

/* The balloon's last size comes by an event, and what was read before it does not take it back. */
static void
test_event_is_newer_than_what_was_read (Fixture       *fixture,
                                        gconstpointer  data)
{
  gint64 before = g_get_monotonic_time ();

  _lodge_machine_set_memory (fixture->machine, 1024 * 1024);
  apply_memory (fixture->machine, before, 2048 * 1024);
  g_assert_cmpuint (lodge_machine_get_memory (fixture->machine), ==, 1024 * 1024);

  apply_memory (fixture->machine, g_get_monotonic_time () + 1, 1536 * 1024);
  g_assert_cmpuint (lodge_machine_get_memory (fixture->machine), ==, 1536 * 1024);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  test_silence_libvirt ();
  lodge_core_init ();

#define ADD(name, func) \
  g_test_add ("/core/libvirt-host/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("lists-what-is-there", test_lists_what_is_there);
  ADD ("goes-through-its-life", test_goes_through_its_life);
  ADD ("says-what-is-pending", test_says_what_is_pending);
  ADD ("refused-action-changes-nothing", test_refused_action_changes_nothing);
  ADD ("defined-machine-appears", test_defined_machine_appears);
  ADD ("closed-host-is-empty", test_closed_host_is_empty);
  ADD ("event-is-newer-than-what-was-read", test_event_is_newer_than_what_was_read);
  g_test_add_func ("/core/libvirt-host/unknown-uri", test_unknown_uri);
  g_test_add_func ("/core/libvirt-host/absent-daemon-is-tried-again",
                   test_absent_daemon_is_tried_again);
  g_test_add_func ("/core/libvirt-host/remote-uri-has-a-name", test_remote_uri_has_a_name);

  return g_test_run ();
}
