/* test-host-uri.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-host-uri.h"

static void
test_takes_what_libvirt_takes (void)
{
  static const char * const uris[] = {
    "qemu:///session",
    "qemu:///system",
    "lxc:///system",
    "lxc:///",
    "test:///default",
    "test:///some/folder/host.xml",
    "qemu+ssh://user@host/system",
    "qemu+ssh://user@[fe80::1]:2222/system?keyfile=/some/key&no_verify=1",
    "qemu+unix:///session?socket=/run/libvirt/sock",
    "qemu+tls://host.example/system",
    "qemu:///embed?root=/some/root",
    "xen:///",
    "bhyve+ssh://root@host/system",
  };

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++)
    {
      const char *problem;
      g_autofree char *uri = lodge_host_uri_normalize (uris[i], &problem);

      g_assert_cmpstr (uri, ==, uris[i]);
      g_assert_null (problem);
    }
}

static void
test_refuses_in_words (void)
{
  static const char * const texts[] = {
    "",
    "   ",
    "qemu",
    "host.example",
    "qemu:/session",
    "qemu:///sytem",
    "qemu+ssh:///system",
    "qemu+shh://host/system",
    "qemu://ho st/system",
    "://host/system",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const char *problem = NULL;
      g_autofree char *uri = lodge_host_uri_normalize (texts[i], &problem);

      g_assert_null (uri);
      g_assert_nonnull (problem);
      g_assert_cmpint (g_utf8_strlen (problem, -1), >, 20);
    }
}

static void
test_forgives_spaces_around (void)
{
  const char *problem;
  g_autofree char *uri = lodge_host_uri_normalize ("  qemu:///system\n", &problem);

  g_assert_cmpstr (uri, ==, "qemu:///system");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/panels/host-uri/takes-what-libvirt-takes", test_takes_what_libvirt_takes);
  g_test_add_func ("/panels/host-uri/refuses-in-words", test_refuses_in_words);
  g_test_add_func ("/panels/host-uri/forgives-spaces-around", test_forgives_spaces_around);

  return g_test_run ();
}
