/* test-libvirt-probe.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-core.h"
#include "lodge-definition-private.h"
#include "lodge-error.h"
#include "test-guest.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* What the computer can really do, seen by running something. */

static LodgeAcceleration
probe (LodgeHost *host)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  LodgeAcceleration acceleration;

  lodge_host_probe_acceleration_async (host, NULL, test_await_cb, &result);
  acceleration = lodge_host_probe_acceleration_finish (host, test_await (&result), &error);
  g_assert_no_error (error);

  return acceleration;
}

/* The session daemon of somebody who may not open /dev/kvm, or has none. */
static void
test_without_permission (void)
{
  g_autoptr(TestLibvirtd) libvirtd = test_libvirtd_new ();
  g_autoptr(LodgeHost) host = NULL;
  g_autoptr(GListModel) machines = NULL;

  if (libvirtd == NULL)
    return;

  if (geteuid () != 0 && access ("/dev/kvm", R_OK | W_OK) == 0)
    {
      g_test_skip ("this user may use KVM");
      return;
    }

  host = lodge_host_new_for_uri (test_libvirtd_get_uri (libvirtd));
  test_open_host (host);
  machines = lodge_host_list_machines (host);
  g_assert_cmpint (lodge_host_get_acceleration (host), ==, LODGE_ACCELERATION_UNKNOWN);
  g_assert_cmpint (probe (host), ==, LODGE_ACCELERATION_NONE);
  g_assert_cmpint (lodge_host_get_acceleration (host), ==, LODGE_ACCELERATION_NONE);
  g_assert_cmpuint (g_list_model_get_n_items (machines), ==, 0);
  lodge_host_close (host);
}

/* Wherever this runs: what was found is the truth about KVM here only if a guest that it chose
 * starts; and it is found out once.
 */
static void
test_by_running_it (void)
{
  g_autoptr(TestLibvirtd) libvirtd = test_libvirtd_new_with_kvm ();
  g_autofree char *file = NULL;
  g_autofree char *remembered = NULL;
  g_autoptr(LodgeHost) host = NULL;
  g_autoptr(LodgeHost) again = NULL;
  g_autoptr(GListModel) machines = NULL;
  LodgeAcceleration acceleration;

  if (libvirtd == NULL)
    return;

  host = lodge_host_new_for_uri (test_libvirtd_get_uri (libvirtd));
  test_open_host (host);
  machines = lodge_host_list_machines (host);

  acceleration = probe (host);
  g_test_message ("KVM here: %s", acceleration == LODGE_ACCELERATION_KVM ? "yes" : "no");

  /* The guests that raced are gone and never showed; what they found stays. */
  g_assert_cmpuint (g_list_model_get_n_items (machines), ==, 0);
  file = g_build_filename (g_get_user_cache_dir (), "lodge", "acceleration", NULL);
  g_assert_true (g_file_get_contents (file, &remembered, NULL, NULL));
  g_assert_nonnull (strstr (remembered, acceleration == LODGE_ACCELERATION_KVM ? "kvm" : "none"));

  again = lodge_host_new_for_uri (test_libvirtd_get_uri (libvirtd));
  test_open_host (again);
  g_assert_cmpint (probe (again), ==, acceleration);

  lodge_host_close (host);
  lodge_host_close (again);
}

/* A guest that wants KVM where there is none that works: the user decides, nobody else. */
static void
test_start_is_refused (void)
{
  g_autoptr(TestLibvirtd) libvirtd = test_libvirtd_new_with_kvm ();
  g_autoptr(LodgeHost) host = NULL;
  g_autoptr(LodgeMachine) machine = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *image = NULL;
  g_autofree char *emulated = NULL;
  g_autofree char *xml = NULL;

  if (libvirtd == NULL || (image = test_guest_image (libvirtd)) == NULL)
    return;

  emulated = test_guest_xml ("accelerated", image, "");
  xml = lodge_definition_set_emulated (emulated, FALSE, &error);
  g_assert_no_error (error);

  host = lodge_host_new_for_uri (test_libvirtd_get_uri (libvirtd));
  test_open_host (host);
  machine = test_define (libvirtd, host, "accelerated", xml);
  g_assert_false (lodge_machine_get_emulated (machine));

  error = test_try (machine, LODGE_ACTION_START);

  if (lodge_host_get_acceleration (host) == LODGE_ACCELERATION_KVM)
    {
      g_assert_no_error (error);
      lodge_host_close (host);
      return;
    }

  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_KVM);
  g_assert_cmpint (lodge_machine_get_state (machine), ==, LODGE_STATE_OFF);
  g_assert_cmpint (lodge_machine_get_pending (machine), ==, LODGE_ACTION_NONE);
  g_assert_false (lodge_machine_get_emulated (machine));
  g_clear_error (&error);

  lodge_machine_start_anyway_async (machine, NULL, test_await_cb, &result);
  g_assert_true (lodge_machine_perform_finish (machine, test_await (&result), &error));
  test_perform (machine, LODGE_ACTION_FORCE_OFF);
  g_clear_object (&result);

  lodge_machine_set_emulated_async (machine, TRUE, NULL, test_await_cb, &result);
  g_assert_true (lodge_machine_set_emulated_finish (machine, test_await (&result), &error));
  g_assert_true (lodge_machine_get_emulated (machine));
  test_perform (machine, LODGE_ACTION_START);
  lodge_host_close (host);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *home = g_dir_make_tmp ("lodge-test-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (home, "lodge", NULL);
  g_autofree char *file = g_build_filename (folder, "acceleration", NULL);
  int status;

  g_setenv ("XDG_CACHE_HOME", home, TRUE);
  g_test_init (&argc, &argv, NULL);
  test_silence_libvirt ();
  lodge_core_init ();

  g_test_add_func ("/live/libvirt-probe/without-permission", test_without_permission);
  g_test_add_func ("/live/libvirt-probe/by-running-it", test_by_running_it);

  g_test_add_func ("/live/libvirt-probe/start-is-refused", test_start_is_refused);

  status = g_test_run ();
  g_remove (file);
  g_rmdir (folder);
  g_rmdir (home);

  return status;
}
