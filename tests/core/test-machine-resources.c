/* test-machine-resources.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-core.h"
#include "lodge-error.h"
#include "lodge-host.h"
#include "lodge-machine-resources.h"
#include "test-await.h"
#include "test-wait.h"

#define GIBIBYTE G_GUINT64_CONSTANT (1048576)

/* libvirt's test driver: its memory and cores follow at once. */

typedef struct
{
  LodgeHost             *host;
  LodgeMachine          *machine;    /* the one of data/hosts/resources.xml: "test", running */
  LodgeMachineResources *resources;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "hosts", "resources.xml", NULL);
  g_autofree char *uri = g_strconcat ("test://", path, NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  fixture->host = lodge_host_new_for_uri (uri);
  lodge_host_open_async (fixture->host, NULL, test_await_cb, &result);
  lodge_host_open_finish (fixture->host, test_await (&result), &error);
  g_assert_no_error (error);

  fixture->machine = lodge_host_dup_machine (fixture->host, "test");
  fixture->resources = lodge_machine_get_resources (fixture->machine);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_clear_object (&fixture->machine);
  lodge_host_close (fixture->host);
  g_clear_object (&fixture->host);
}

static GError *
try_memory (LodgeMachineResources *resources,
            guint64                kib)
{
  g_autoptr(GAsyncResult) result = NULL;
  GError *error = NULL;

  lodge_machine_resources_set_memory_async (resources, kib, NULL, test_await_cb, &result);
  lodge_machine_resources_set_memory_finish (resources, test_await (&result), &error);

  return error;
}

static GError *
try_vcpus (LodgeMachineResources *resources,
           guint                  n)
{
  g_autoptr(GAsyncResult) result = NULL;
  GError *error = NULL;

  lodge_machine_resources_set_vcpus_async (resources, n, NULL, test_await_cb, &result);
  lodge_machine_resources_set_vcpus_finish (resources, test_await (&result), &error);

  return error;
}

static void
test_reads (Fixture       *fixture,
            gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;

  g_assert_true (lodge_machine_get_resources (fixture->machine) == resources);
  g_assert_true (lodge_machine_resources_get_machine (resources) == fixture->machine);
  g_assert_nonnull (lodge_machine_resources_get_pending (resources));
  g_assert_false (lodge_machine_resources_is_ready (resources));

  test_wait (lodge_machine_resources_is_ready (resources));
  g_assert_cmpuint (lodge_machine_resources_get_memory_reached (resources), ==, 2 * GIBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_asked (resources), ==, 2 * GIBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_live_maximum (resources), ==, 8 * GIBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_boot (resources), ==, 8 * GIBIBYTE);
  g_assert_cmpint (lodge_machine_resources_get_memory_state (resources), ==, LODGE_REACH_SETTLED);
  g_assert_cmpuint (lodge_machine_resources_get_vcpus_reached (resources), ==, 2);
  g_assert_cmpint (lodge_machine_resources_get_memory_obstacle (resources), ==,
                   LODGE_OBSTACLE_NONE);
}

static void
test_sets_memory (Fixture       *fixture,
                  gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;
  g_autoptr(GError) error = NULL;

  test_wait (lodge_machine_resources_is_ready (resources));
  error = try_memory (resources, 3 * GIBIBYTE);
  g_assert_no_error (error);
  g_assert_cmpuint (lodge_machine_resources_get_memory_asked (resources), ==, 3 * GIBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_reached (resources), ==, 3 * GIBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_stored (resources), ==, 3 * GIBIBYTE);
}

/* Before the first look, too. */
static void
test_sets_memory_at_once (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr(GError) error = try_memory (fixture->resources, 3 * GIBIBYTE);

  g_assert_no_error (error);
  g_assert_cmpuint (lodge_machine_resources_get_memory_reached (fixture->resources), ==,
                    3 * GIBIBYTE);
}

static void
test_refuses_nonsense (Fixture       *fixture,
                       gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;
  g_autoptr(GError) none = NULL, much = NULL, cores = NULL, many = NULL;

  test_wait (lodge_machine_resources_is_ready (resources));

  none = try_memory (resources, 0);
  g_assert_error (none, LODGE_ERROR, LODGE_ERROR_INVALID);
  much = try_memory (resources, 8 * GIBIBYTE + 1);
  g_assert_error (much, LODGE_ERROR, LODGE_ERROR_INVALID);
  cores = try_vcpus (resources, 0);
  g_assert_error (cores, LODGE_ERROR, LODGE_ERROR_INVALID);
  many = try_vcpus (resources, 10000);
  g_assert_error (many, LODGE_ERROR, LODGE_ERROR_INVALID);

  g_assert_cmpuint (lodge_machine_resources_get_memory_asked (resources), ==, 2 * GIBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_vcpus_asked (resources), ==, 2);
}

/* A guest that says nothing of itself keeps a careful share, whatever is asked. */
static void
test_keeps_the_floor (Fixture       *fixture,
                      gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;
  g_autoptr(GError) error = NULL;

  test_wait (lodge_machine_resources_is_ready (resources));
  g_assert_cmpint (lodge_machine_resources_get_memory_floor_source (resources), ==,
                   LODGE_FLOOR_ASSUMED);

  error = try_memory (resources, 1024);
  g_assert_no_error (error);
  g_assert_cmpuint (lodge_machine_resources_get_memory_reached (resources), ==,
                    lodge_machine_resources_get_memory_floor (resources));
  g_assert_cmpuint (lodge_machine_resources_get_memory_floor (resources), >=, GIBIBYTE);
}

/* While a slider moves, what is under way ends and the newest follows; the rest is never sent. */
static void
test_newest_wins (Fixture       *fixture,
                  gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;
  GAsyncResult *results[6] = { NULL, };

  test_wait (lodge_machine_resources_is_ready (resources));

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    lodge_machine_resources_set_memory_async (resources, (2 + i) * GIBIBYTE, NULL,
                                              test_await_cb, &results[i]);

  g_assert_cmpuint (lodge_machine_resources_get_memory_asked (resources), ==, 7 * GIBIBYTE);

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr(GAsyncResult) result = test_await (&results[i]);
      g_autoptr(GError) error = NULL;

      lodge_machine_resources_set_memory_finish (resources, result, &error);
      if (i == 0 || i == G_N_ELEMENTS (results) - 1)
        g_assert_no_error (error);
      else
        g_assert_error (error, LODGE_ERROR, LODGE_ERROR_SUPERSEDED);
    }

  g_assert_cmpuint (lodge_machine_resources_get_memory_reached (resources), ==, 7 * GIBIBYTE);
}

/* What Lodge does by itself is not what the user wants at the next start, and waits for nobody. */
static void
test_moves_memory (Fixture       *fixture,
                   gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;
  GAsyncResult *wanted = NULL, *moved = NULL, *late = NULL;
  g_autoptr(GError) error = NULL;

  test_wait (lodge_machine_resources_is_ready (resources));
  lodge_machine_resources_move_memory_async (resources, 4 * GIBIBYTE, NULL, test_await_cb, &moved);
  lodge_machine_resources_move_memory_finish (resources, test_await (&moved), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lodge_machine_resources_get_memory_reached (resources), ==, 4 * GIBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_asked (resources), ==, 4 * GIBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_stored (resources), ==, 2 * GIBIBYTE);

  lodge_machine_resources_set_memory_async (resources, 5 * GIBIBYTE, NULL, test_await_cb, &wanted);
  lodge_machine_resources_move_memory_async (resources, 3 * GIBIBYTE, NULL, test_await_cb, &late);
  lodge_machine_resources_move_memory_finish (resources, test_await (&late), &error);
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_SUPERSEDED);
  g_clear_error (&error);
  lodge_machine_resources_set_memory_finish (resources, test_await (&wanted), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lodge_machine_resources_get_memory_reached (resources), ==, 5 * GIBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_stored (resources), ==, 5 * GIBIBYTE);

  g_object_unref (moved);
  g_object_unref (wanted);
  g_object_unref (late);
}

static void
test_sets_vcpus (Fixture       *fixture,
                 gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;
  g_autoptr(GError) error = NULL;

  test_wait (lodge_machine_resources_is_ready (resources));
  error = try_vcpus (resources, 3);
  g_assert_no_error (error);
  g_assert_cmpuint (lodge_machine_resources_get_vcpus_reached (resources), ==, 3);
  g_assert_cmpuint (lodge_machine_resources_get_vcpus_asked (resources), ==, 3);
  g_assert_cmpuint (lodge_machine_resources_get_vcpus_stored (resources), ==, 3);
}

static void
test_says_when_it_is_out_of_reach (Fixture       *fixture,
                                   gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;
  g_autoptr(GError) error = NULL;

  test_wait (lodge_machine_resources_is_ready (resources));
  lodge_host_close (fixture->host);
  test_wait (lodge_machine_resources_get_memory_obstacle (resources) ==
             LODGE_OBSTACLE_UNREACHABLE);

  error = try_memory (resources, 3 * GIBIBYTE);
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_DISCONNECTED);
  g_assert_cmpuint (lodge_machine_resources_get_memory_asked (resources), ==, 2 * GIBIBYTE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  lodge_core_init ();

#define ADD(name, func) \
  g_test_add ("/core/machine-resources/" name, Fixture, NULL, \
              fixture_set_up, func, fixture_tear_down)

  ADD ("reads", test_reads);
  ADD ("sets-memory", test_sets_memory);
  ADD ("sets-memory-at-once", test_sets_memory_at_once);
  ADD ("refuses-nonsense", test_refuses_nonsense);
  ADD ("keeps-the-floor", test_keeps_the_floor);
  ADD ("newest-wins", test_newest_wins);
  ADD ("moves-memory", test_moves_memory);
  ADD ("sets-vcpus", test_sets_vcpus);
  ADD ("says-when-it-is-out-of-reach", test_says_when_it_is_out_of_reach);

  return g_test_run ();
}
