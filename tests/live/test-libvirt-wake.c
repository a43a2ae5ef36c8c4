/* test-libvirt-wake.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "libvirt/lodge-libvirt-host-private.h"
#include "lodge-core.h"
#include "lodge-host-list.h"
#include "test-bus.h"
#include "test-guest.h"

/* The computer has slept, and wakes: nobody waits for a timer to see what is left. A bus of our own
 * stands for the system's, and this test for logind.
 */

typedef struct
{
  GTestDBus       *bus;
  GDBusConnection *logind;
  TestLibvirtd    *libvirtd;
  LodgeHostList   *list;
  LodgeHost       *host;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GSettings) settings = g_settings_new ("org.lodgevm.Lodge");
  const char *uris[] = { NULL, NULL };

  /* First: its helper keeps open whatever is open now. */
  fixture->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (fixture->bus);

  if ((fixture->libvirtd = test_libvirtd_new ()) == NULL)
    return;

  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", g_test_dbus_get_bus_address (fixture->bus), TRUE);

  fixture->logind = test_bus_connect (fixture->bus);
  test_bus_own (fixture->logind, "org.freedesktop.login1");

  uris[0] = test_libvirtd_get_uri (fixture->libvirtd);
  g_settings_set_strv (settings, "hosts", uris);
  fixture->list = lodge_host_list_new (settings);
  fixture->host = g_list_model_get_item (G_LIST_MODEL (fixture->list), 0);
  test_wait_property (fixture->host, "state", LODGE_HOST_STATE_OPEN);
  /* It listens to logind as soon as the bus has answered. */
  test_run_for (300);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_clear_object (&fixture->host);
  g_clear_object (&fixture->list);
  g_clear_pointer (&fixture->libvirtd, test_libvirtd_free);
  g_clear_object (&fixture->logind);

  if (fixture->bus != NULL)
    g_test_dbus_stop (fixture->bus);
  g_clear_object (&fixture->bus);
}

static void
tell (Fixture  *fixture,
      gboolean  begins)
{
  g_autoptr(GError) error = NULL;

  g_dbus_connection_emit_signal (fixture->logind, NULL, "/org/freedesktop/login1",
                                 "org.freedesktop.login1.Manager", "PrepareForSleep",
                                 g_variant_new ("(b)", begins), &error);
  g_assert_no_error (error);
  g_dbus_connection_flush_sync (fixture->logind, NULL, &error);
  g_assert_no_error (error);
}

/* A connection that is still thought to be open: the other end was cut off in the meantime. */
static void
test_cut_off (Fixture       *fixture,
              gconstpointer  data)
{
  if (fixture->host == NULL)
    return;

  test_libvirtd_stop (fixture->libvirtd);
  tell (fixture, TRUE);
  test_run_for (2000);
  g_assert_cmpint (lodge_host_get_state (fixture->host), ==, LODGE_HOST_STATE_OPEN);

  tell (fixture, FALSE);
  test_wait_property (fixture->host, "state", LODGE_HOST_STATE_LOST);
  test_libvirtd_resume (fixture->libvirtd);
  test_wait_property (fixture->host, "state", LODGE_HOST_STATE_OPEN);
}

/* One that is as before is left alone. */
static void
test_still_there (Fixture       *fixture,
                  gconstpointer  data)
{
  if (fixture->host == NULL)
    return;

  tell (fixture, FALSE);
  test_run_for (2500);
  g_assert_cmpint (lodge_host_get_state (fixture->host), ==, LODGE_HOST_STATE_OPEN);
}

/* One that was lost, and would be tried again in some seconds, is tried now. */
static void
test_back_again (Fixture       *fixture,
                 gconstpointer  data)
{
  gint64 retry_at;

  if (fixture->host == NULL)
    return;

  test_libvirtd_kill (fixture->libvirtd);
  test_wait_property (fixture->host, "state", LODGE_HOST_STATE_LOST);
  test_wait (lodge_host_get_retry_at (fixture->host) - g_get_monotonic_time () > 10 * G_USEC_PER_SEC);
  retry_at = lodge_host_get_retry_at (fixture->host);
  test_libvirtd_start (fixture->libvirtd);
  tell (fixture, FALSE);
  test_wait_property (fixture->host, "state", LODGE_HOST_STATE_OPEN);
  g_assert_cmpint (g_get_monotonic_time (), <, retry_at);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  test_silence_libvirt ();
  lodge_core_init ();

  /* By itself nobody would ask in the time of this test. */
  lodge_libvirt_host_set_patience (1000, 1);

#define ADD(name, func) \
  g_test_add ("/live/libvirt-wake/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("cut-off", test_cut_off);
  ADD ("still-there", test_still_there);
  ADD ("back-again", test_back_again);

  return g_test_run ();
}
