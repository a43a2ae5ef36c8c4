/* test-libvirt-resources.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-core.h"
#include "lodge-error.h"
#include "lodge-machine-resources.h"
#include "lodge-statistics.h"
#include "lodge-usage.h"
#include "test-guest.h"
#include "test-linux-guest.h"

#include <signal.h>

#define MEBIBYTE G_GUINT64_CONSTANT (1024)

/* Memory and cores of a running Linux guest: what counts is what it sees itself. */

static TestLibvirtd *shared;

typedef struct
{
  TestLibvirtd          *libvirtd;
  LodgeHost             *host;
  LodgeMachine          *machine;
  LodgeMachineResources *resources;
  TestLinuxGuest        *guest;
} Fixture;

static void
set_up (Fixture                   *fixture,
        TestLibvirtd              *libvirtd,
        const TestLinuxGuestParts *parts)
{
  if ((fixture->libvirtd = libvirtd) == NULL ||
      (fixture->guest = test_linux_guest_new (libvirtd, "linux", parts)) == NULL)
    return;

  fixture->host = lodge_host_new_for_uri (test_libvirtd_get_uri (libvirtd));
  test_open_host (fixture->host);
  fixture->machine = test_define (libvirtd, fixture->host, "linux",
                                  test_linux_guest_get_xml (fixture->guest));
  fixture->resources = lodge_machine_get_resources (fixture->machine);
  test_perform (fixture->machine, LODGE_ACTION_START);
  test_linux_guest_wait_up (fixture->guest);
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  if (shared == NULL)
    shared = test_libvirtd_new ();

  set_up (fixture, shared, data);
}

static void
system_set_up (Fixture       *fixture,
               gconstpointer  data)
{
  set_up (fixture, test_libvirtd_new_system (), data);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  if (fixture->machine != NULL && lodge_machine_is_active (fixture->machine))
    test_perform (fixture->machine, LODGE_ACTION_FORCE_OFF);
  if (fixture->host != NULL)
    lodge_host_close (fixture->host);
  if (fixture->machine != NULL)
    g_free (test_libvirtd_virsh (fixture->libvirtd, "undefine", "linux", NULL));

  g_clear_object (&fixture->machine);
  g_clear_object (&fixture->host);
  g_clear_pointer (&fixture->guest, test_linux_guest_free);
}

static void
system_tear_down (Fixture       *fixture,
                  gconstpointer  data)
{
  fixture_tear_down (fixture, data);
  g_clear_pointer (&fixture->libvirtd, test_libvirtd_free);
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
  guint64 before, reached;

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

  /* A newer kernel uses a part of what was plugged in itself, and cannot let go of it: that is said. */
  set_memory (fixture, 300 * MEBIBYTE);
  test_wait_seconds (lodge_machine_resources_get_memory_state (resources) == LODGE_REACH_SETTLED ||
                     lodge_machine_resources_get_memory_state (resources) == LODGE_REACH_HELD, 90);
  reached = lodge_machine_resources_get_memory_reached (resources);
  g_assert_cmpuint (reached, <, 428 * MEBIBYTE);
  test_wait (is_about (test_linux_guest_get_total (fixture->guest), before + reached - 512 * MEBIBYTE,
                       16 * MEBIBYTE));
}

static GError *
try_vcpus (Fixture *fixture,
           guint    n)
{
  g_autoptr(GAsyncResult) result = NULL;
  GError *error = NULL;

  lodge_machine_resources_set_vcpus_async (fixture->resources, n, NULL, test_await_cb, &result);
  lodge_machine_resources_set_vcpus_finish (fixture->resources, test_await (&result), &error);

  return error;
}

static void
set_vcpus (Fixture *fixture,
           guint    n)
{
  g_autoptr(GError) error = try_vcpus (fixture, n);

  g_assert_no_error (error);
}

static void
prepare_growth (Fixture *fixture,
                guint64  memory,
                guint    vcpus)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  lodge_machine_resources_prepare_growth_async (fixture->resources, memory, vcpus, NULL,
                                                test_await_cb, &result);
  lodge_machine_resources_prepare_growth_finish (fixture->resources, test_await (&result), &error);
  g_assert_no_error (error);
}

static gboolean
is_pending (Fixture          *fixture,
            LodgePendingKind  kind)
{
  GListModel *pending = lodge_machine_resources_get_pending (fixture->resources);

  for (guint i = 0; i < g_list_model_get_n_items (pending); i++)
    {
      g_autoptr(LodgePendingChange) change = g_list_model_get_item (pending, i);

      if (lodge_pending_change_get_kind (change) == kind)
        return TRUE;
    }

  return FALSE;
}

static void
wait_for_agent (Fixture *fixture)
{
  test_wait ((lodge_machine_resources_get_ways (fixture->resources) & LODGE_WAY_AGENT) != 0);
}

static void
start_again (Fixture *fixture)
{
  test_perform (fixture->machine, LODGE_ACTION_FORCE_OFF);
  test_perform (fixture->machine, LODGE_ACTION_START);
  test_linux_guest_wait_up (fixture->guest);
}

static gboolean
takes_cores (Fixture *fixture)
{
  g_autofree char *possible = test_linux_guest_ask (fixture->guest, "cat /sys/devices/system/cpu/possible");

  return strstr (possible, "-") != NULL;
}

/* A guest that others made is given room, and after its next start it grows and shrinks. */
static void
test_growth (Fixture       *fixture,
             gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;
  g_autofree char *once = NULL, *twice = NULL;
  guint64 before;

  if (fixture->guest == NULL)
    return;

  test_wait (lodge_machine_resources_is_ready (resources));
  g_assert_false (lodge_machine_resources_get_growth_prepared (resources));
  g_assert_cmpint (lodge_machine_resources_get_growth_obstacle (resources), ==,
                   LODGE_OBSTACLE_NONE);

  prepare_growth (fixture, 1536 * MEBIBYTE, 3);
  once = test_libvirtd_virsh (shared, "dumpxml", "linux", "--inactive", NULL);
  prepare_growth (fixture, 1536 * MEBIBYTE, 3);
  twice = test_libvirtd_virsh (shared, "dumpxml", "linux", "--inactive", NULL);
  g_assert_cmpstr (once, ==, twice);

  g_assert_true (lodge_machine_resources_get_growth_prepared (resources));
  g_assert_true (is_pending (fixture, LODGE_PENDING_MEMORY_MAXIMUM));
  g_assert_true (is_pending (fixture, LODGE_PENDING_VCPUS_MAXIMUM));
  g_assert_true (is_pending (fixture, LODGE_PENDING_DEFLATE));
  g_assert_true (is_pending (fixture, LODGE_PENDING_REPORTING));
  g_assert_cmpuint (lodge_machine_resources_get_memory_live_maximum (resources), ==,
                    512 * MEBIBYTE);

  start_again (fixture);
  test_wait (g_list_model_get_n_items (lodge_machine_resources_get_pending (resources)) == 0);
  g_assert_cmpuint (lodge_machine_resources_get_memory_live_maximum (resources), ==,
                    1536 * MEBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_boot (resources), ==, 512 * MEBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_vcpus_maximum (resources), ==, 3);
  g_assert_cmpuint (test_linux_guest_get_cpus (fixture->guest), ==, 1);

  wait_for_agent (fixture);
  before = test_linux_guest_get_total (fixture->guest);
  set_memory (fixture, 900 * MEBIBYTE);
  test_wait (is_about (test_linux_guest_get_total (fixture->guest), before + 388 * MEBIBYTE,
                       16 * MEBIBYTE));

  /* Linux 6.12, under software emulation, has no room for cores that are plugged in. */
  if (!takes_cores (fixture))
    return;

  /* Plugged in, and switched on by the agent. */
  set_vcpus (fixture, 3);
  test_wait (test_linux_guest_get_cpus (fixture->guest) == 3);
  test_wait (lodge_machine_resources_get_vcpus_reached (resources) == 3);
  g_assert_cmpuint (lodge_machine_resources_get_vcpus_stored (resources), ==, 3);

  /* Under software emulation no core is taken out: the agent switches it off. */
  set_vcpus (fixture, 2);
  g_assert_cmpuint (test_linux_guest_get_cpus (fixture->guest), ==, 2);
  test_wait (lodge_machine_resources_get_vcpus_reached (resources) == 2);
  g_assert_cmpuint (lodge_machine_resources_get_vcpus_offline (resources), ==, 1);
  g_assert_cmpuint (lodge_machine_resources_get_vcpus_asked (resources), ==, 2);
}

static const TestLinuxGuestParts two_cores =
{
  .cpus = "<vcpu>2</vcpu>",
};

static const TestLinuxGuestParts no_agent =
{
  .cpus = "<vcpu>2</vcpu>",
  .options = "noagent",
};

/* Without an agent a guest of the session has no way; it says so, and nothing moves. */
static void
test_no_way (Fixture       *fixture,
             gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;
  g_autoptr(GError) error = NULL, weight = NULL;
  g_autoptr(GAsyncResult) result = NULL;

  if (fixture->guest == NULL)
    return;

  test_wait (lodge_machine_resources_get_vcpus_reached (resources) == 2);
  test_wait (lodge_machine_resources_get_vcpus_obstacle (resources) == LODGE_OBSTACLE_SESSION);
  error = try_vcpus (fixture, 1);
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED);
  g_assert_cmpuint (lodge_machine_resources_get_vcpus_asked (resources), ==, 2);
  g_assert_cmpuint (test_linux_guest_get_cpus (fixture->guest), ==, 2);

  g_assert_cmpint (lodge_machine_resources_get_priority_obstacle (resources), ==,
                   LODGE_OBSTACLE_SESSION);
  lodge_machine_resources_set_priority_async (resources, LODGE_PRIORITY_FIRST, NULL,
                                              test_await_cb, &result);
  lodge_machine_resources_set_priority_finish (resources, test_await (&result), &weight);
  g_assert_error (weight, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED);
}

/* An agent that hangs is waited for a few seconds; everything else goes on. */
static void
test_hung_agent (Fixture       *fixture,
                 gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;
  g_autoptr(GError) error = NULL;
  gint64 began;

  if (fixture->guest == NULL)
    return;

  wait_for_agent (fixture);
  wait_for_statistics (fixture);
  set_vcpus (fixture, 1);
  g_assert_cmpuint (test_linux_guest_get_cpus (fixture->guest), ==, 1);
  g_free (test_linux_guest_ask (fixture->guest, "killall -STOP qemu-ga"));

  began = g_get_monotonic_time ();
  error = try_vcpus (fixture, 2);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 20 * G_USEC_PER_SEC);
  test_wait (lodge_machine_resources_get_agent_hangs (resources));
  g_assert_false (lodge_machine_resources_get_ways (resources) & LODGE_WAY_AGENT);

  set_memory (fixture, 300 * MEBIBYTE);
  test_wait (lodge_machine_resources_get_memory_reached (resources) == 300 * MEBIBYTE);
}

static const TestLinuxGuestParts no_drivers =
{
  .memory = "<memory unit='MiB'>2048</memory>",
  .options = "nodrivers",
};

/* Nothing in the guest answers the balloon: that is said, not shown as done. */
static void
test_no_driver (Fixture       *fixture,
                gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;
  guint64 before;

  if (fixture->guest == NULL)
    return;

  test_wait (lodge_machine_resources_is_ready (resources));
  before = test_linux_guest_get_total (fixture->guest);

  set_memory (fixture, 1536 * MEBIBYTE);
  g_assert_cmpint (lodge_machine_resources_get_memory_state (resources), ==, LODGE_REACH_MOVING);
  test_wait (lodge_machine_resources_get_memory_state (resources) == LODGE_REACH_HELD);
  g_assert_cmpint (lodge_machine_resources_get_memory_way_obstacle (resources), ==,
                   LODGE_OBSTACLE_NO_BALLOON_DRIVER);
  g_assert_cmpuint (lodge_machine_resources_get_memory_asked (resources), ==, 1536 * MEBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_reached (resources), ==, 2048 * MEBIBYTE);
  g_assert_cmpuint (test_linux_guest_get_total (fixture->guest), ==, before);
}

static const TestLinuxGuestParts deflating =
{
  .balloon = "<memballoon model='virtio' autodeflate='on'><stats period='1'/></memballoon>",
};

/* A guest that needs its memory back takes it, and is said to hold more than was asked. */
static void
test_takes_it_back (Fixture       *fixture,
                    gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;

  if (fixture->guest == NULL)
    return;

  wait_for_statistics (fixture);
  set_memory (fixture, 200 * MEBIBYTE);
  test_wait (lodge_machine_resources_get_memory_state (resources) == LODGE_REACH_SETTLED);

  test_linux_guest_fill (fixture->guest, 200);
  test_wait (lodge_machine_resources_get_memory_reached (resources) > 220 * MEBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_asked (resources), ==, 200 * MEBIBYTE);
  test_wait (lodge_machine_resources_get_memory_state (resources) == LODGE_REACH_HELD);
  g_assert_cmpint (lodge_machine_resources_get_memory_way_obstacle (resources), ==,
                   LODGE_OBSTACLE_NONE);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

/* Until the guest has told twice that it uses what it used: the first figures after it was filled are
 * of the time while it was.
 */
static void
wait_for_still_floor (Fixture *fixture)
{
  LodgeUsage *usage = lodge_machine_get_usage (fixture->machine);
  guint n_samples = 0;
  gulong id = g_signal_connect_swapped (usage, "updated", G_CALLBACK (count_cb), &n_samples);
  guint64 before;

  do
    {
      before = lodge_machine_resources_get_memory_floor (fixture->resources);
      n_samples = 0;
      test_wait (n_samples >= 4);
    }
  while (lodge_machine_resources_get_memory_floor (fixture->resources) > before);

  g_signal_handler_disconnect (usage, id);
}

/* 1 MiB would kill the guest. */
static void
test_floor (Fixture       *fixture,
            gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;
  g_autoptr(LodgeStatisticsWatch) watch = NULL;

  if (fixture->guest == NULL)
    return;

  wait_for_statistics (fixture);
  g_assert_cmpuint (lodge_machine_resources_get_memory_floor (resources), <, 200 * MEBIBYTE);

  /* While somebody looks, the floor follows. */
  watch = lodge_machine_watch_usage (fixture->machine, 1000);
  test_linux_guest_fill (fixture->guest, 150);
  test_wait (lodge_machine_resources_get_memory_floor (resources) > 200 * MEBIBYTE);
  wait_for_still_floor (fixture);

  set_memory (fixture, 1 * MEBIBYTE);
  test_wait (lodge_machine_resources_get_memory_state (resources) == LODGE_REACH_SETTLED);
  g_assert_cmpuint (lodge_machine_resources_get_memory_asked (resources), >, 200 * MEBIBYTE);
  g_assert_cmpuint (test_linux_guest_get_available (fixture->guest), >, 40 * MEBIBYTE);
  g_free (test_linux_guest_ask (fixture->guest, "! dmesg | grep -i 'out of memory'"));
}

/* Another program changes the same guest. */
static void
test_others (Fixture       *fixture,
             gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;

  if (fixture->guest == NULL)
    return;

  wait_for_statistics (fixture);
  set_memory (fixture, 400 * MEBIBYTE);
  test_wait (lodge_machine_resources_get_memory_state (resources) == LODGE_REACH_SETTLED);

  g_free (test_libvirtd_virsh (shared, "setmem", "linux", "300M", "--live", NULL));
  test_wait (lodge_machine_resources_get_memory_reached (resources) == 300 * MEBIBYTE);
  test_wait (lodge_machine_resources_get_memory_asked (resources) == 300 * MEBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_stored (resources), ==, 400 * MEBIBYTE);
}

/* What was asked of a guest that has just gone is there when it comes back. */
static void
test_guest_dies (Fixture       *fixture,
                 gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;

  if (fixture->guest == NULL)
    return;

  wait_for_statistics (fixture);
  kill (test_libvirtd_get_qemu_pid (shared, "linux"), SIGKILL);
  set_memory (fixture, 300 * MEBIBYTE);
  test_wait_property (fixture->machine, "state", LODGE_STATE_CRASHED);
  test_wait (lodge_machine_resources_get_memory_stored (resources) == 300 * MEBIBYTE);
  test_wait (lodge_machine_resources_get_memory_asked (resources) == 300 * MEBIBYTE);

  /* Off, it can also be given more than it was defined with. */
  set_memory (fixture, 700 * MEBIBYTE);
  set_vcpus (fixture, 1);
  test_perform (fixture->machine, LODGE_ACTION_START);
  test_linux_guest_wait_up (fixture->guest);
  g_assert_cmpuint (test_linux_guest_get_total (fixture->guest), >, 600 * MEBIBYTE);
}

/* The daemon hangs while the user drags, and dies. */
static void
test_daemon_dies (Fixture       *fixture,
                  gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;
  g_autoptr(GAsyncResult) first = NULL, second = NULL;
  g_autoptr(GError) error = NULL, other = NULL;

  if (fixture->guest == NULL)
    return;

  wait_for_statistics (fixture);
  test_libvirtd_stop (shared);
  lodge_machine_resources_set_memory_async (resources, 300 * MEBIBYTE, NULL,
                                            test_await_cb, &first);
  lodge_machine_resources_set_memory_async (resources, 310 * MEBIBYTE, NULL,
                                            test_await_cb, &second);
  test_libvirtd_kill (shared);

  lodge_machine_resources_set_memory_finish (resources, test_await (&first), &error);
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_DISCONNECTED);
  lodge_machine_resources_set_memory_finish (resources, test_await (&second), &other);
  g_assert_error (other, LODGE_ERROR, LODGE_ERROR_DISCONNECTED);
  test_wait (lodge_machine_resources_get_memory_obstacle (resources) ==
             LODGE_OBSTACLE_UNREACHABLE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_asked (resources), ==, 512 * MEBIBYTE);

  test_libvirtd_start (shared);
  test_wait (lodge_machine_resources_get_memory_obstacle (resources) == LODGE_OBSTACLE_NONE);
  set_memory (fixture, 320 * MEBIBYTE);
  test_wait (lodge_machine_resources_get_memory_reached (resources) == 320 * MEBIBYTE);
}

static const TestLinuxGuestParts topology =
{
  .cpus = "<vcpu>2</vcpu><cpu><topology sockets='2' cores='1' threads='1'/></cpu>",
};

/* More cores than it was defined with: its topology is made to fit, for the next start. */
static void
test_more_cores (Fixture       *fixture,
                 gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  if (fixture->guest == NULL)
    return;

  test_wait (lodge_machine_resources_is_ready (resources));
  lodge_machine_resources_store_vcpus_async (resources, 4, NULL, test_await_cb, &result);
  lodge_machine_resources_store_vcpus_finish (resources, test_await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lodge_machine_resources_get_vcpus_stored (resources), ==, 4);
  g_assert_true (is_pending (fixture, LODGE_PENDING_VCPUS_MAXIMUM));
  g_assert_true (is_pending (fixture, LODGE_PENDING_VCPUS));

  start_again (fixture);
  g_assert_cmpuint (test_linux_guest_get_cpus (fixture->guest), ==, 4);
}

static gboolean
schedules (Fixture    *fixture,
           const char *scope,
           const char *line)
{
  g_autofree char *text = test_libvirtd_virsh (fixture->libvirtd, "schedinfo", "linux", scope, NULL);
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto(GStrv) words = g_strsplit (lines[i], ":", 2);
      g_autofree char *joined = NULL;

      if (words[0] == NULL || words[1] == NULL)
        continue;

      joined = g_strdup_printf ("%s=%s", g_strstrip (words[0]), g_strstrip (words[1]));
      if (g_str_equal (joined, line))
        return TRUE;
    }

  return FALSE;
}

/* Without an agent the time of the cores is capped, which no guest can ignore. */
static void
test_cap (Fixture       *fixture,
          gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;

  if (fixture->guest == NULL)
    return;

  test_wait (lodge_machine_resources_get_vcpus_reached (resources) == 2);
  test_wait ((lodge_machine_resources_get_ways (resources) & LODGE_WAY_QUOTA) != 0);
  g_assert_cmpint (lodge_machine_resources_get_vcpus_obstacle (resources), ==,
                   LODGE_OBSTACLE_NONE);

  set_vcpus (fixture, 1);
  g_assert_cmpuint (lodge_machine_resources_get_cores_cap (resources), ==, 1000);
  g_assert_cmpuint (lodge_machine_resources_get_vcpus_reached (resources), ==, 1);
  g_assert_true (schedules (fixture, "--live", "global_quota=100000"));
  g_assert_cmpuint (lodge_machine_resources_get_vcpus_stored (resources), ==, 1);

  set_vcpus (fixture, 2);
  g_assert_cmpuint (lodge_machine_resources_get_cores_cap (resources), ==, 0);
  g_assert_cmpuint (lodge_machine_resources_get_vcpus_reached (resources), ==, 2);
  g_assert_cmpuint (test_linux_guest_get_cpus (fixture->guest), ==, 2);
}

static void
test_priority (Fixture       *fixture,
               gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;
  gboolean unified = g_file_test ("/sys/fs/cgroup/cgroup.controllers", G_FILE_TEST_EXISTS);

  if (fixture->guest == NULL)
    return;

  test_wait (lodge_machine_resources_is_ready (resources));
  g_assert_cmpint (lodge_machine_resources_get_priority (resources), ==, LODGE_PRIORITY_NORMAL);
  g_assert_cmpint (lodge_machine_resources_get_priority_obstacle (resources), ==,
                   LODGE_OBSTACLE_NONE);

  for (LodgePriority each = LODGE_PRIORITY_BACKGROUND; each <= LODGE_PRIORITY_FIRST; each++)
    {
      static const guint shares[][2] = { { 256, 25 }, { 1024, 100 }, { 4096, 400 } };
      g_autofree char *line = g_strdup_printf ("cpu_shares=%u", shares[each][unified]);
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GError) error = NULL;

      lodge_machine_resources_set_priority_async (resources, each, NULL, test_await_cb, &result);
      lodge_machine_resources_set_priority_finish (resources, test_await (&result), &error);
      g_assert_no_error (error);
      g_assert_cmpint (lodge_machine_resources_get_priority (resources), ==, each);
      g_assert_cmpint (lodge_machine_get_priority (fixture->machine), ==, each);
      g_assert_true (schedules (fixture, "--live", line));
      g_assert_true (schedules (fixture, "--config", line));
    }
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
  ADD ("growth", NULL, test_growth);
  ADD ("no-way", &no_agent, test_no_way);
  ADD ("hung-agent", &two_cores, test_hung_agent);
  ADD ("no-driver", &no_drivers, test_no_driver);
  ADD ("takes-it-back", &deflating, test_takes_it_back);
  ADD ("floor", NULL, test_floor);
  ADD ("others", NULL, test_others);
  ADD ("guest-dies", NULL, test_guest_dies);
  ADD ("daemon-dies", NULL, test_daemon_dies);
  ADD ("more-cores", &topology, test_more_cores);

#define ADD_SYSTEM(name, parts, func) \
  g_test_add ("/live/libvirt-resources/" name, Fixture, parts, system_set_up, func, \
              system_tear_down)

  ADD_SYSTEM ("cap", &no_agent, test_cap);
  ADD_SYSTEM ("priority", NULL, test_priority);

  status = g_test_run ();
  g_clear_pointer (&shared, test_libvirtd_free);

  return status;
}
