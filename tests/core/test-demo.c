/* test-demo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-definition-private.h"
#include "lodge-demo-private.h"
#include "lodge-error.h"

#include <string.h>

static void
test_opens_no_port (void)
{
  g_autofree char *xml = lodge_demo_build_xml ("/usr/share/lodge/demo/x.elf",
                                               LODGE_ACCELERATION_NONE);
  g_autoptr(LodgeDefinition) definition = NULL;
  g_autoptr(GError) error = NULL;

  definition = lodge_definition_parse (xml, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (definition->name, ==, LODGE_DEMO_NAME);
  g_assert_true (lodge_definition_is_emulated (definition));
  g_assert_cmpint (definition->graphics.type, ==, LODGE_GRAPHICS_SPICE);
  g_assert_cmpint (definition->graphics.listen, ==, LODGE_LISTEN_NONE);
  g_assert_true (definition->has_console);
}

static void
test_uses_kvm_that_works (void)
{
  g_autofree char *kvm = lodge_demo_build_xml ("/x.elf", LODGE_ACCELERATION_KVM);
  g_autofree char *unknown = lodge_demo_build_xml ("/x.elf", LODGE_ACCELERATION_UNKNOWN);

  g_assert_true (g_str_has_prefix (kvm, "<domain type='kvm'>"));
  g_assert_true (g_str_has_prefix (unknown, "<domain type='qemu'>"));
}

static void
test_brought_up_to_date (void)
{
  g_autofree char *xml = lodge_demo_build_xml ("/old <&'>.elf", LODGE_ACCELERATION_NONE);
  g_autofree char *same = NULL;
  g_autofree char *moved = NULL;
  g_autofree char *faster = NULL;
  g_autofree char *settled = NULL;
  g_autoptr(GError) error = NULL;

  same = lodge_demo_update_xml (xml, "/old <&'>.elf", LODGE_ACCELERATION_NONE, &error);
  g_assert_no_error (error);
  g_assert_null (same);

  moved = lodge_demo_update_xml (xml, "/new & other.elf", LODGE_ACCELERATION_NONE, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (moved, "<kernel>/new &amp; other.elf</kernel>"));
  g_assert_null (strstr (moved, "/old"));

  faster = lodge_demo_update_xml (moved, "/new & other.elf", LODGE_ACCELERATION_KVM, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (faster, "type=\"kvm\""));

  settled = lodge_demo_update_xml (faster, "/new & other.elf", LODGE_ACCELERATION_KVM, &error);
  g_assert_no_error (error);
  g_assert_null (settled);
}

static void
test_others_are_left_alone (void)
{
  static const char *const texts[] =
  {
    "<domain type='qemu'><name>Lodge Demo</name></domain>",
    "<domain><metadata><guest xmlns='" LODGE_XMLNS "'/></metadata></domain>",
    "<network/>",
    "",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (lodge_demo_update_xml (texts[i], "/x", LODGE_ACCELERATION_NONE, &error));
      g_assert_error (error, LODGE_ERROR, LODGE_ERROR_NAME_IN_USE);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/demo/opens-no-port", test_opens_no_port);
  g_test_add_func ("/core/demo/uses-kvm-that-works", test_uses_kvm_that_works);
  g_test_add_func ("/core/demo/brought-up-to-date", test_brought_up_to_date);
  g_test_add_func ("/core/demo/others-are-left-alone", test_others_are_left_alone);

  return g_test_run ();
}
