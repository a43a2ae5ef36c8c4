/* test-libvirt-start.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-core.h"
#include "lodge-error.h"
#include "test-guest.h"

#include <glib/gstdio.h>
#include <string.h>

/* Guests that cannot start, and whether one learns why. */

typedef struct
{
  TestLibvirtd *libvirtd;
  LodgeHost    *host;
  char         *image;
} World;

static gboolean
world_open (World *world)
{
  world->libvirtd = test_libvirtd_new ();
  if (world->libvirtd == NULL || (world->image = test_guest_image (world->libvirtd)) == NULL)
    return FALSE;

  world->host = lodge_host_new_for_uri (test_libvirtd_get_uri (world->libvirtd));
  test_open_host (world->host);

  return TRUE;
}

static void
world_close (World *world)
{
  if (world->host != NULL)
    lodge_host_close (world->host);

  g_clear_object (&world->host);
  g_clear_pointer (&world->libvirtd, test_libvirtd_free);
  g_clear_pointer (&world->image, g_free);
}

static LodgeMachine *
define (World      *world,
        const char *name,
        const char *image,
        const char *devices)
{
  g_autofree char *xml = test_guest_xml (name, image, devices);

  return test_define (world->libvirtd, world->host, name, xml);
}

static void
assert_fails (World      *world,
              const char *name,
              const char *image,
              const char *devices,
              LodgeError  expected)
{
  g_autoptr(LodgeMachine) machine = define (world, name, image, devices);
  g_autoptr(GError) error = test_try (machine, LODGE_ACTION_START);

  g_test_message ("%s: %s", name, error != NULL ? error->message : "started");
  g_assert_error (error, LODGE_ERROR, (int)expected);
  g_assert_cmpint (strlen (error->message), >, 10);
  g_assert_cmpint (lodge_machine_get_state (machine), ==, LODGE_STATE_OFF);
  g_assert_cmpint (lodge_machine_get_pending (machine), ==, LODGE_ACTION_NONE);
  g_assert_true (lodge_machine_can (machine, LODGE_ACTION_START));
}

static char *
disc_xml (const char *file)
{
  return g_strdup_printf ("<disk type='file' device='disk'><driver name='qemu' type='qcow2'/>"
                          "<source file='%s'/><target dev='vda' bus='virtio'/></disk>", file);
}

static void
test_discs (void)
{
  World world = { NULL, };
  g_autoptr(LodgeMachine) owner = NULL;
  g_autofree char *disc = NULL;
  g_autofree char *xml = NULL;
  g_autofree char *missing = disc_xml ("/nowhere/at-all.qcow2");

  if (world_open (&world))
    {
      disc = test_libvirtd_create_disc (world.libvirtd, "a.qcow2", 10);
      xml = disc_xml (disc);

      assert_fails (&world, "disc-missing", world.image, missing, LODGE_ERROR_DISC_MISSING);

      owner = define (&world, "owner", world.image, xml);
      test_perform (owner, LODGE_ACTION_START);
      assert_fails (&world, "disc-locked", world.image, xml, LODGE_ERROR_DISC_LOCKED);
      test_perform (owner, LODGE_ACTION_FORCE_OFF);

      g_assert_cmpint (g_chmod (disc, 0), ==, 0);
      assert_fails (&world, "disc-denied", world.image, xml, LODGE_ERROR_FILE_DENIED);
    }

  world_close (&world);
}

static void
test_ports_and_networks (void)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *port_xml = NULL;
  World world = { NULL, };
  guint16 port;

  port = g_socket_listener_add_any_inet_port (listener, NULL, &error);
  g_assert_no_error (error);
  port_xml = g_strdup_printf ("<graphics type='vnc' port='%u' autoport='no'>"
                              "<listen type='address' address='127.0.0.1'/></graphics>", port);

  if (world_open (&world))
    {
      if (port >= 5900)
        assert_fails (&world, "port", world.image, port_xml, LODGE_ERROR_PORT_IN_USE);

      assert_fails (&world, "network-missing", world.image,
                    "<interface type='network'><source network='nothere'/></interface>",
                    LODGE_ERROR_NETWORK_MISSING);
    }

  world_close (&world);
}

static void
test_network_is_off (void)
{
  World world = { NULL, };

  if (world_open (&world))
    {
      g_autofree char *file = g_build_filename (test_libvirtd_get_folder (world.libvirtd),
                                                "idle.xml", NULL);

      g_assert_true (g_file_set_contents (file,
                                          "<network><name>idle</name><forward mode='nat'/>"
                                          "<ip address='10.11.12.1' netmask='255.255.255.0'/>"
                                          "</network>", -1, NULL));
      g_free (test_libvirtd_virsh (world.libvirtd, "net-define", file, NULL));
      assert_fails (&world, "network-off", world.image,
                    "<interface type='network'><source network='idle'/></interface>",
                    LODGE_ERROR_NETWORK_INACTIVE);
    }

  world_close (&world);
}

static void
test_qemu (void)
{
  World world = { NULL, };

  if (world_open (&world))
    {
      g_autofree char *garbage = g_build_filename (test_libvirtd_get_folder (world.libvirtd),
                                                   "garbage", NULL);
      g_autofree char *xml = test_guest_xml ("memory", world.image, "");
      g_auto(GStrv) parts = g_strsplit (xml, "<memory unit='MiB'>32<", 2);
      g_autofree char *large = g_strjoinv ("<memory unit='GiB'>90000<", parts);
      g_autoptr(LodgeMachine) machine = NULL;
      g_autoptr(GError) error = NULL;

      g_assert_true (g_file_set_contents (garbage, "garbage\n", -1, NULL));
      assert_fails (&world, "kernel-missing", "/nowhere/kernel", "", LODGE_ERROR_DISC_MISSING);
      assert_fails (&world, "kernel-garbage", garbage, "", LODGE_ERROR_QEMU_EXITED);

      machine = test_define (world.libvirtd, world.host, "memory", large);
      error = test_try (machine, LODGE_ACTION_START);
      g_assert_error (error, LODGE_ERROR, LODGE_ERROR_MEMORY);
    }

  world_close (&world);
}

static void
test_name_is_taken (void)
{
  World world = { NULL, };

  if (world_open (&world))
    {
      g_autoptr(LodgeMachine) machine = define (&world, "taken", world.image, "");
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GError) error = NULL;
      g_autofree char *xml = test_guest_xml ("taken", world.image, "");

      lodge_host_define_machine_async (world.host, xml, NULL, test_await_cb, &result);
      g_assert_null (lodge_host_define_machine_finish (world.host, test_await (&result), &error));
      g_assert_error (error, LODGE_ERROR, LODGE_ERROR_NAME_IN_USE);
    }

  world_close (&world);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  test_silence_libvirt ();
  lodge_core_init ();

  g_test_add_func ("/live/libvirt-start/discs", test_discs);
  g_test_add_func ("/live/libvirt-start/ports-and-networks", test_ports_and_networks);
  g_test_add_func ("/live/libvirt-start/network-is-off", test_network_is_off);
  g_test_add_func ("/live/libvirt-start/qemu", test_qemu);
  g_test_add_func ("/live/libvirt-start/name-is-taken", test_name_is_taken);

  return g_test_run ();
}
