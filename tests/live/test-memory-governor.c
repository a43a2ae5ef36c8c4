/* test-memory-governor.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-core.h"
#include "lodge-machine-preferences.h"
#include "lodge-machine-resources.h"
#include "lodge-memory-governor.h"
#include "lodge-statistics.h"
#include "lodge-usage.h"
#include "test-guest.h"
#include "test-linux-guest.h"

#define MEBIBYTE G_GUINT64_CONSTANT (1024)

/* How soon a guest that needs more must be given more. */
#define REACTION_SECONDS 5

/* Giving back is slow by intent. */
#define GIVE_BACK_SECONDS 150

/* The memory of a real Linux guest follows what it does, and the host's memory with it. */

static const TestLinuxGuestParts parts = { .memory = "<memory unit='MiB'>1024</memory>" };

typedef struct
{
  TestLibvirtd            *libvirtd;
  GListStore              *hosts;
  LodgeHost               *host;
  LodgeMachine            *machine;
  LodgeMachinePreferences *preferences;
  LodgeMachineResources   *resources;
  LodgeUsage              *usage;
  TestLinuxGuest          *guest;
  LodgeMemoryGovernor     *governor;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  if ((fixture->libvirtd = test_libvirtd_new ()) == NULL ||
      (fixture->guest = test_linux_guest_new (fixture->libvirtd, "linux", &parts)) == NULL)
    return;

  fixture->host = lodge_host_new_for_uri (test_libvirtd_get_uri (fixture->libvirtd));
  test_open_host (fixture->host);
  fixture->hosts = g_list_store_new (LODGE_TYPE_HOST);
  g_list_store_append (fixture->hosts, fixture->host);
  fixture->machine = test_define (fixture->libvirtd, fixture->host, "linux",
                                  test_linux_guest_get_xml (fixture->guest));
  fixture->preferences = lodge_machine_get_preferences (fixture->machine);
  fixture->resources = lodge_machine_get_resources (fixture->machine);
  fixture->usage = lodge_machine_get_usage (fixture->machine);
  fixture->governor = lodge_memory_governor_new (G_LIST_MODEL (fixture->hosts));
  test_perform (fixture->machine, LODGE_ACTION_START);
  test_linux_guest_wait_up (fixture->guest);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_clear_object (&fixture->governor);
  if (fixture->machine != NULL && lodge_machine_is_active (fixture->machine))
    test_perform (fixture->machine, LODGE_ACTION_FORCE_OFF);
  if (fixture->host != NULL)
    lodge_host_close (fixture->host);

  g_clear_object (&fixture->machine);
  g_clear_object (&fixture->hosts);
  g_clear_object (&fixture->host);
  g_clear_pointer (&fixture->guest, test_linux_guest_free);
  g_clear_pointer (&fixture->libvirtd, test_libvirtd_free);
}

static void
set_automatic (Fixture *fixture,
               guint64  floor)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  lodge_machine_preferences_set_memory_range_async (fixture->preferences, TRUE, floor, 0, NULL,
                                                    test_await_cb, &result);
  lodge_machine_preferences_set_memory_range_finish (fixture->preferences, test_await (&result),
                                                     &error);
  g_assert_no_error (error);
}

/* What the governor sees and why it does what it does, for a failure's record. */
static gboolean
tell_cb (gpointer user_data)
{
  Fixture *fixture = user_data;

  g_test_message ("host %d, state %d, obstacle %d, reason %d; MiB: asked %" G_GUINT64_FORMAT
                  ", reached %" G_GUINT64_FORMAT ", usage: has %" G_GUINT64_FORMAT ", usable %"
                  G_GUINT64_FORMAT ", told at %" G_GINT64_FORMAT,
                  lodge_host_get_state (fixture->host), lodge_machine_get_state (fixture->machine),
                  lodge_machine_resources_get_memory_obstacle (fixture->resources),
                  lodge_machine_preferences_get_memory_reason (fixture->preferences),
                  lodge_machine_resources_get_memory_asked (fixture->resources) / MEBIBYTE,
                  lodge_machine_resources_get_memory_reached (fixture->resources) / MEBIBYTE,
                  lodge_usage_get_actual (fixture->usage) / MEBIBYTE,
                  lodge_usage_get_usable (fixture->usage) / MEBIBYTE,
                  lodge_usage_get_guest_time (fixture->usage));

  return G_SOURCE_CONTINUE;
}

static guint64
get_asked (Fixture *fixture)
{
  return lodge_machine_resources_get_memory_asked (fixture->resources);
}

/* Until the guest has told what it uses now: what it had on the way while it was filled comes late, and
 * counts as the most that it used for a minute.
 */
static void
wait_for_new_figures (Fixture *fixture)
{
  g_autoptr(LodgeStatisticsWatch) watch = lodge_machine_watch_usage (fixture->machine, 1000);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  test_wait (lodge_usage_get_guest_time (fixture->usage) > now + 1);
}

static void
test_follows_the_guest (Fixture       *fixture,
                        gconstpointer  data)
{
  guint64 used, resident, low;
  guint tell_id;
  gint64 begun;

  if (fixture->guest == NULL)
    return;

  tell_id = g_timeout_add_seconds (10, tell_cb, fixture);

  /* What it used once lies in the host's memory for good, as long as nobody cares. */
  test_linux_guest_fill (fixture->guest, 600);
  test_linux_guest_empty (fixture->guest);
  wait_for_new_figures (fixture);
  set_automatic (fixture, 128 * MEBIBYTE);
  test_wait (lodge_usage_get_used (fixture->usage) != 0);
  used = lodge_usage_get_used (fixture->usage);
  resident = lodge_usage_get_resident (fixture->usage);
  g_assert_cmpuint (used, <, 300 * MEBIBYTE);
  g_assert_cmpuint (resident, >, 600 * MEBIBYTE);

  /* What it does not use goes to the host, slowly and not all of it. */
  test_wait_seconds (get_asked (fixture) < 550 * MEBIBYTE, GIVE_BACK_SECONDS);
  test_wait (lodge_usage_get_resident (fixture->usage) < resident - 300 * MEBIBYTE);
  test_wait_seconds (lodge_machine_preferences_get_memory_reason (fixture->preferences) ==
                     LODGE_MEMORY_REASON_STEADY, GIVE_BACK_SECONDS);
  low = get_asked (fixture);
  g_assert_cmpuint (low, >, used + 128 * MEBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_stored (fixture->resources), ==,
                    1024 * MEBIBYTE);

  /* And comes back soon when it needs it. */
  test_linux_guest_fill (fixture->guest, 260);
  begun = g_get_monotonic_time ();
  test_wait_seconds (lodge_machine_resources_get_memory_reached (fixture->resources) > low,
                     TEST_WAIT_SECONDS);
  g_test_message ("after %.1f s", (double)(g_get_monotonic_time () - begun) / G_USEC_PER_SEC);
  g_assert_cmpint (g_get_monotonic_time () - begun, <=, REACTION_SECONDS * G_USEC_PER_SEC);
  test_wait (test_linux_guest_get_available (fixture->guest) > 150 * MEBIBYTE);
  g_source_remove (tell_id);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  test_silence_libvirt ();
  lodge_core_init ();

  g_test_add ("/live/memory-governor/follows-the-guest", Fixture, NULL, fixture_set_up,
              test_follows_the_guest, fixture_tear_down);

  return g_test_run ();
}
