/* test-libvirt-guest.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-core.h"
#include "lodge-error.h"
#include "test-guest.h"

#include <signal.h>

/* Real guests under a real libvirtd. */

typedef struct
{
  TestLibvirtd *libvirtd;
  LodgeHost    *host;
  char         *image;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->libvirtd = test_libvirtd_new ();
  if (fixture->libvirtd == NULL || (fixture->image = test_guest_image (fixture->libvirtd)) == NULL)
    return;

  fixture->host = lodge_host_new_for_uri (test_libvirtd_get_uri (fixture->libvirtd));
  test_open_host (fixture->host);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  if (fixture->host != NULL)
    lodge_host_close (fixture->host);

  g_clear_object (&fixture->host);
  g_clear_pointer (&fixture->libvirtd, test_libvirtd_free);
  g_free (fixture->image);
}

static LodgeMachine *
define_guest (Fixture    *fixture,
              const char *name,
              const char *devices)
{
  g_autofree char *xml = test_guest_xml (name, fixture->image, devices);

  return test_define (fixture->libvirtd, fixture->host, name, xml);
}

static void
test_lives (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(LodgeMachine) machine = NULL;
  g_autoptr(LodgeGraphicsAddress) address = NULL;

  if (fixture->host == NULL)
    return;

  machine = define_guest (fixture, "life", "");
  g_assert_cmpint (lodge_machine_get_state (machine), ==, LODGE_STATE_OFF);
  g_assert_true (lodge_machine_get_emulated (machine));
  g_assert_true (lodge_machine_get_has_console (machine));
  g_assert_cmpint (lodge_machine_get_graphics (machine), ==, LODGE_GRAPHICS_SPICE);
  g_assert_null (lodge_machine_dup_graphics_address (machine));

  test_perform (machine, LODGE_ACTION_START);
  g_assert_cmpint (lodge_machine_get_state (machine), ==, LODGE_STATE_RUNNING);
  address = lodge_machine_dup_graphics_address (machine);
  g_assert_true (address->lends_sockets);
  g_assert_null (address->host);

  test_perform (machine, LODGE_ACTION_PAUSE);
  g_assert_cmpint (lodge_machine_get_state (machine), ==, LODGE_STATE_PAUSED);
  test_perform (machine, LODGE_ACTION_RESUME);
  test_perform (machine, LODGE_ACTION_SAVE);
  g_assert_cmpint (lodge_machine_get_state (machine), ==, LODGE_STATE_SAVED);
  test_perform (machine, LODGE_ACTION_START);
  g_assert_cmpint (lodge_machine_get_state (machine), ==, LODGE_STATE_RUNNING);
  test_perform (machine, LODGE_ACTION_FORCE_OFF);
  g_assert_cmpint (lodge_machine_get_state (machine), ==, LODGE_STATE_OFF);
}

static void
test_follows_others (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(LodgeMachine) machine = NULL;

  if (fixture->host == NULL)
    return;

  machine = define_guest (fixture, "others", "");

  g_free (test_libvirtd_virsh (fixture->libvirtd, "start", "others", NULL));
  test_wait_property (machine, "state", LODGE_STATE_RUNNING);
  g_free (test_libvirtd_virsh (fixture->libvirtd, "suspend", "others", NULL));
  test_wait_property (machine, "state", LODGE_STATE_PAUSED);
  g_free (test_libvirtd_virsh (fixture->libvirtd, "resume", "others", NULL));
  test_wait_property (machine, "state", LODGE_STATE_RUNNING);

  g_free (test_libvirtd_virsh (fixture->libvirtd, "desc", "others", "--title", "A & <title>",
                               "--live", "--config", NULL));
  test_wait (g_strcmp0 (lodge_machine_get_title (machine), "A & <title>") == 0);

  g_free (test_libvirtd_virsh (fixture->libvirtd, "managedsave", "others", NULL));
  test_wait_property (machine, "state", LODGE_STATE_SAVED);
  g_free (test_libvirtd_virsh (fixture->libvirtd, "managedsave-remove", "others", NULL));
  g_free (test_libvirtd_virsh (fixture->libvirtd, "start", "others", NULL));
  test_wait_property (machine, "state", LODGE_STATE_RUNNING);
  g_free (test_libvirtd_virsh (fixture->libvirtd, "destroy", "others", NULL));
  test_wait_property (machine, "state", LODGE_STATE_OFF);

  g_free (test_libvirtd_virsh (fixture->libvirtd, "domrename", "others", "renamed", NULL));
  test_wait (g_strcmp0 (lodge_machine_get_name (machine), "renamed") == 0);

  g_free (test_libvirtd_virsh (fixture->libvirtd, "undefine", "renamed", NULL));
  test_wait (!lodge_machine_is_reachable (machine));
  g_assert_null (lodge_host_dup_machine (fixture->host, "renamed"));
}

static void
test_sees_a_crash (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(LodgeMachine) machine = NULL;

  if (fixture->host == NULL)
    return;

  machine = define_guest (fixture, "crash", "");
  test_perform (machine, LODGE_ACTION_START);
  kill (test_libvirtd_get_qemu_pid (fixture->libvirtd, "crash"), SIGKILL);

  test_wait_property (machine, "state", LODGE_STATE_CRASHED);
  g_assert_false (lodge_machine_is_active (machine));
  g_assert_true (lodge_machine_can (machine, LODGE_ACTION_START));

  test_perform (machine, LODGE_ACTION_START);
  g_assert_cmpint (lodge_machine_get_state (machine), ==, LODGE_STATE_RUNNING);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  test_silence_libvirt ();
  lodge_core_init ();

#define ADD(name, func) \
  g_test_add ("/live/libvirt-guest/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("lives", test_lives);
  ADD ("follows-others", test_follows_others);
  ADD ("sees-a-crash", test_sees_a_crash);

  return g_test_run ();
}
