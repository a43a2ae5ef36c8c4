/* test-libvirt-resources.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-core.h"
#include "lodge-error.h"
#include "lodge-machine-resources.h"
#include "test-guest.h"
#include "test-linux-guest.h"

#define MEBIBYTE G_GUINT64_CONSTANT (1024)

/* Memory and cores of a running Linux guest: what counts is what it sees itself. */

static TestLibvirtd *shared;

typedef struct
{
  LodgeHost             *host;
  LodgeMachine          *machine;
  LodgeMachineResources *resources;
  TestLinuxGuest        *guest;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  if (shared == NULL && (shared = test_libvirtd_new ()) == NULL)
    return;

  fixture->guest = test_linux_guest_new (shared, "linux", data);
  if (fixture->guest == NULL)
    return;

  fixture->host = lodge_host_new_for_uri (test_libvirtd_get_uri (shared));
  test_open_host (fixture->host);
  fixture->machine = test_define (shared, fixture->host, "linux",
                                  test_linux_guest_get_xml (fixture->guest));
  fixture->resources = lodge_machine_get_resources (fixture->machine);
  test_perform (fixture->machine, LODGE_ACTION_START);
  test_linux_guest_wait_up (fixture->guest);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  if (fixture->machine != NULL && lodge_machine_is_active (fixture->machine))
    test_perform (fixture->machine, LODGE_ACTION_FORCE_OFF);
  if (fixture->host != NULL)
    lodge_host_close (fixture->host);
  if (fixture->guest != NULL)
    g_free (test_libvirtd_virsh (shared, "undefine", "linux", NULL));

  g_clear_object (&fixture->machine);
  g_clear_object (&fixture->host);
  g_clear_pointer (&fixture->guest, test_linux_guest_free);
}

static GError *
try_memory (Fixture *fixture,
            guint64  kib)
{
  g_autoptr(GAsyncResult) result = NULL;
  GError *error = NULL;

  lodge_machine_resources_set_memory_async (fixture->resources, kib, NULL, test_await_cb, &result);
  lodge_machine_resources_set_memory_finish (fixture->resources, test_await (&result), &error);

  return error;
}

static void
set_memory (Fixture *fixture,
            guint64  kib)
{
  g_autoptr(GError) error = try_memory (fixture, kib);

  g_assert_no_error (error);
}

static gboolean
is_about (guint64 one,
          guint64 other,
          guint64 tolerance)
{
  return MAX (one, other) - MIN (one, other) <= tolerance;
}

static void
wait_for_statistics (Fixture *fixture)
{
  gint64 deadline = g_get_monotonic_time () + TEST_WAIT_SECONDS * G_USEC_PER_SEC;

  while (lodge_machine_resources_get_memory_floor_source (fixture->resources) != LODGE_FLOOR_GUEST)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      lodge_machine_resources_refresh (fixture->resources);
      test_run_for (250);
    }
}

static void
test_balloon (Fixture       *fixture,
              gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;
  guint64 before, floor;

  if (fixture->guest == NULL)
    return;

  wait_for_statistics (fixture);
  before = test_linux_guest_get_total (fixture->guest);
  floor = lodge_machine_resources_get_memory_floor (resources);
  g_assert_cmpuint (floor, >, 64 * MEBIBYTE);
  g_assert_cmpuint (floor, <, 256 * MEBIBYTE);

  set_memory (fixture, 300 * MEBIBYTE);
  test_wait (lodge_machine_resources_get_memory_reached (resources) == 300 * MEBIBYTE);
  g_assert_cmpint (lodge_machine_resources_get_memory_state (resources), ==, LODGE_REACH_SETTLED);
  g_assert_true (is_about (test_linux_guest_get_total (fixture->guest),
                           before - 212 * MEBIBYTE, MEBIBYTE));
  g_assert_cmpuint (lodge_machine_resources_get_memory_stored (resources), ==, 300 * MEBIBYTE);

  set_memory (fixture, 512 * MEBIBYTE);
  test_wait (lodge_machine_resources_get_memory_reached (resources) == 512 * MEBIBYTE);
  g_assert_cmpuint (test_linux_guest_get_total (fixture->guest), ==, before);
}

static const TestLinuxGuestParts growing_parts =
{
  .memory = "<maxMemory slots='4' unit='MiB'>4096</maxMemory><memory unit='MiB'>1536</memory>",
  .cpus = "<vcpu>1</vcpu><cpu><numa><cell id='0' cpus='0' memory='512' unit='MiB'/></numa></cpu>",
  .devices = "<memory model='virtio-mem'><target><size unit='MiB'>1024</size><node>0</node>"
             "<block unit='MiB'>2</block><requested unit='MiB'>0</requested></target></memory>",
};

/* One figure for both: the kernel leaves the new memory off, the agent switches it on. */
static void
test_virtio_mem (Fixture       *fixture,
                 gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;
  guint64 before;

  if (fixture->guest == NULL)
    return;

  wait_for_statistics (fixture);
  before = test_linux_guest_get_total (fixture->guest);
  g_assert_cmpuint (lodge_machine_resources_get_memory_boot (resources), ==, 512 * MEBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_live_maximum (resources), ==,
                    1536 * MEBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_reached (resources), ==, 512 * MEBIBYTE);

  set_memory (fixture, 1024 * MEBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_stored (resources), ==, 1024 * MEBIBYTE);
  test_wait (lodge_machine_resources_get_memory_reached (resources) == 1024 * MEBIBYTE);
  test_wait (is_about (test_linux_guest_get_total (fixture->guest), before + 512 * MEBIBYTE,
                       16 * MEBIBYTE));
  test_wait (lodge_machine_resources_get_memory_offline (resources) == 0);

  set_memory (fixture, 300 * MEBIBYTE);
  test_wait (lodge_machine_resources_get_memory_reached (resources) == 300 * MEBIBYTE);
  test_wait (is_about (test_linux_guest_get_total (fixture->guest), before - 212 * MEBIBYTE,
                       16 * MEBIBYTE));
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
  g_test_add ("/live/libvirt-resources/" name, Fixture, parts, fixture_set_up, func, \
              fixture_tear_down)

  ADD ("balloon", NULL, test_balloon);
  ADD ("virtio-mem", &growing_parts, test_virtio_mem);

  status = g_test_run ();
  g_clear_pointer (&shared, test_libvirtd_free);

  return status;
}
