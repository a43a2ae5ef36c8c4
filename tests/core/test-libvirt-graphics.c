/* test-libvirt-graphics.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "libvirt/lodge-libvirt-machine-private.h"
#include "lodge-core.h"
#include "lodge-host.h"

static const struct
{
  const char    *uri;
  LodgeListen    listen;
  const char    *address;
  const char    *socket;
  guint16        port;
  guint16        tls_port;
  gboolean       lends;
  const char    *host;
} cases[] =
{
  /* This computer: libvirt lends sockets, whatever the definition says. */
  { "qemu:///session", LODGE_LISTEN_NONE, NULL, NULL, 0, 0, TRUE, NULL },
  { "qemu:///system", LODGE_LISTEN_ADDRESS, "0.0.0.0", NULL, 5900, 0, TRUE, "127.0.0.1" },
  { "qemu+unix:///system?socket=/x", LODGE_LISTEN_SOCKET, NULL, "/run/s", 0, 0, TRUE, NULL },
  { "xen:///", LODGE_LISTEN_ADDRESS, NULL, NULL, 5900, 0, FALSE, "127.0.0.1" },

  /* Through ssh. */
  { "qemu+ssh://box/system", LODGE_LISTEN_ADDRESS, "127.0.0.1", NULL, 5900, 0, TRUE, NULL },
  { "qemu+ssh://box/system", LODGE_LISTEN_SOCKET, NULL, "/run/s", 0, 0, TRUE, NULL },
  { "qemu+ssh://box/system", LODGE_LISTEN_NONE, NULL, NULL, 0, 0, FALSE, NULL },
  { "qemu+ssh://box/system", LODGE_LISTEN_ADDRESS, "::", NULL, 0, 5901, FALSE, "box" },

  /* Another computer: only what listens to others, and never ours by mistake. */
  { "qemu+tls://box/system", LODGE_LISTEN_ADDRESS, "0.0.0.0", NULL, 5900, 5901, FALSE, "box" },
  { "qemu+tls://box/system", LODGE_LISTEN_ADDRESS, "192.168.1.7", NULL, 5900, 0, FALSE,
    "192.168.1.7" },
  { "qemu+tls://box/system", LODGE_LISTEN_ADDRESS, "127.0.0.1", NULL, 5900, 0, FALSE, NULL },
  { "qemu+tls://box/system", LODGE_LISTEN_ADDRESS, "::1", NULL, 5900, 0, FALSE, NULL },
  { "qemu+tls://box/system", LODGE_LISTEN_ADDRESS, NULL, NULL, 5900, 0, FALSE, NULL },
};

static void
test_ways_to_the_screen (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(LodgeHost) host = lodge_host_new_for_uri (cases[i].uri);
      g_autoptr(LodgeMachine) machine = lodge_libvirt_machine_new (LODGE_LIBVIRT_HOST (host), "id");
      g_autoptr(LodgeGraphicsAddress) address = NULL;
      LodgeGraphics graphics =
      {
        .type = LODGE_GRAPHICS_SPICE,
        .listen = cases[i].listen,
        .address = (char *)cases[i].address,
        .socket = (char *)cases[i].socket,
        .port = cases[i].port,
        .tls_port = cases[i].tls_port,
      };

      g_test_message ("%s %s", cases[i].uri, cases[i].address);
      address = lodge_libvirt_dup_address (machine, &graphics);
      g_assert_cmpint (address->lends_sockets, ==, cases[i].lends);
      g_assert_cmpstr (address->host, ==, cases[i].host);
      g_assert_cmpuint (address->port, ==, cases[i].host != NULL ? cases[i].port : 0);
      g_assert_cmpuint (address->tls_port, ==, cases[i].host != NULL ? cases[i].tls_port : 0);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  lodge_core_init ();

  g_test_add_func ("/core/libvirt-graphics/ways-to-the-screen", test_ways_to_the_screen);

  return g_test_run ();
}
