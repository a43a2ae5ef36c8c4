/* test-libvirt-demo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-core.h"
#include "lodge-demo.h"
#include "lodge-error.h"
#include "test-guest.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The demo guest as a user gets it. */

static LodgeMachine *
create (LodgeHost  *host,
        const char *image,
        GError    **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  lodge_demo_create_async (host, image, NULL, test_await_cb, &result);

  return lodge_demo_create_finish (host, test_await (&result), error);
}

static char *
load_xml (LodgeMachine *machine)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  char *xml;

  lodge_machine_load_xml_async (machine, TRUE, NULL, test_await_cb, &result);
  xml = lodge_machine_load_xml_finish (machine, test_await (&result), &error);
  g_assert_no_error (error);

  return xml;
}

static void
test_created_once (void)
{
  g_autoptr(TestLibvirtd) libvirtd = test_libvirtd_new ();
  g_autoptr(LodgeHost) host = NULL;
  g_autoptr(LodgeMachine) machine = NULL;
  g_autoptr(LodgeMachine) again = NULL;
  g_autoptr(LodgeMachine) moved = NULL;
  g_autoptr(LodgeGraphicsAddress) address = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *image = NULL;
  g_autofree char *elsewhere = NULL;
  g_autofree char *xml = NULL;

  if (libvirtd == NULL || (image = test_guest_image (libvirtd)) == NULL)
    return;

  /* It opens the host by itself. */
  host = lodge_host_new_for_uri (test_libvirtd_get_uri (libvirtd));
  machine = create (host, image, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (lodge_machine_get_name (machine), ==, "Lodge Demo");
  g_assert_true (lodge_machine_get_has_console (machine));

  again = create (host, image, &error);
  g_assert_no_error (error);
  g_assert_true (again == machine);

  /* Another build of Lodge has it elsewhere. */
  elsewhere = g_build_filename (test_libvirtd_get_folder (libvirtd), "a & b.elf", NULL);
  g_assert_cmpint (rename (image, elsewhere), ==, 0);
  moved = create (host, elsewhere, &error);
  g_assert_no_error (error);
  g_assert_true (moved == machine);
  xml = load_xml (machine);
  g_assert_nonnull (strstr (xml, "a &amp; b.elf"));

  test_perform (machine, LODGE_ACTION_START);
  address = lodge_machine_dup_graphics_address (machine);
  g_assert_true (address->lends_sockets);
  g_assert_null (address->host);

  /* It obeys its power button. */
  test_wait (lodge_machine_get_state (machine) == LODGE_STATE_RUNNING);
  test_wait_shut_down (machine);
  lodge_host_close (host);
}

static void
test_name_is_taken (void)
{
  g_autoptr(TestLibvirtd) libvirtd = test_libvirtd_new ();
  g_autoptr(LodgeHost) host = NULL;
  g_autoptr(LodgeMachine) machine = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *image = NULL;
  g_autofree char *xml = NULL;

  if (libvirtd == NULL || (image = test_guest_image (libvirtd)) == NULL)
    return;

  xml = test_guest_xml ("Lodge Demo", image, "");
  test_libvirtd_define (libvirtd, xml);
  host = lodge_host_new_for_uri (test_libvirtd_get_uri (libvirtd));

  machine = create (host, image, &error);
  g_assert_null (machine);
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_NAME_IN_USE);
  lodge_host_close (host);
}

static void
test_image_is_missing (void)
{
  g_autoptr(LodgeHost) host = lodge_host_new_for_uri ("test:///default");
  g_autoptr(LodgeMachine) machine = NULL;
  g_autoptr(GError) error = NULL;

  machine = create (host, "/nowhere/at/all.elf", &error);
  g_assert_null (machine);
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_DISC_MISSING);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  test_silence_libvirt ();
  lodge_core_init ();

  g_test_add_func ("/live/libvirt-demo/created-once", test_created_once);
  g_test_add_func ("/live/libvirt-demo/name-is-taken", test_name_is_taken);
  g_test_add_func ("/live/libvirt-demo/image-is-missing", test_image_is_missing);

  return g_test_run ();
}
