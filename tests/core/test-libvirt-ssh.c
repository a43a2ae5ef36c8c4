/* test-libvirt-ssh.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "libvirt/lodge-libvirt-ssh-private.h"
#include "lodge-error.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static const struct
{
  const char *uri;
  const char *address;
  guint       port;
  const char *socket;
  const char *command;
} cases[] =
{
  { "qemu+ssh://box/system", "127.0.0.1", 5900, NULL,
    "ssh -T -oBatchMode=yes -oConnectTimeout=15 -W 127.0.0.1:5900 -- box" },
  { "qemu+ssh://me@box.example:2222/system?keyfile=/home/me/.ssh/k&no_verify=1", "::1", 5901, NULL,
    "ssh -T -oBatchMode=yes -oConnectTimeout=15 -i /home/me/.ssh/k -oStrictHostKeyChecking=no "
    "-p 2222 -l me -W [::1]:5901 -- box.example" },
  { "qemu+ssh://box/session?command=/opt/ssh", "0.0.0.0", 5900, NULL,
    "/opt/ssh -T -oBatchMode=yes -oConnectTimeout=15 -W 127.0.0.1:5900 -- box" },
  { "qemu+ssh:///system", NULL, 5900, NULL,
    "ssh -T -oBatchMode=yes -oConnectTimeout=15 -W 127.0.0.1:5900 -- localhost" },
  { "qemu+ssh://[fe80::1]/system", "192.168.1.2", 5900, NULL,
    "ssh -T -oBatchMode=yes -oConnectTimeout=15 -W 192.168.1.2:5900 -- fe80::1" },
  { "qemu+ssh://box/system", NULL, 0, "/run/it's here.sock",
    "ssh -T -oBatchMode=yes -oConnectTimeout=15 -- box nc -U '/run/it'\\''s here.sock'" },
};

static void
test_commands (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *command = NULL;
      g_auto(GStrv) argv = NULL;

      argv = lodge_ssh_build_argv (cases[i].uri, cases[i].address, cases[i].port, cases[i].socket,
                                   &error);
      g_assert_no_error (error);
      command = g_strjoinv (" ", argv);
      g_assert_cmpstr (command, ==, cases[i].command);
      g_assert_true (lodge_ssh_is_ssh_uri (cases[i].uri));
    }
}

/* A host name that ssh would take for an option. */
static void
test_no_options_from_uris (void)
{
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) argv = NULL;

  argv = lodge_ssh_build_argv ("qemu+ssh://-oProxyCommand=touch%20x/system", NULL, 1, NULL, &error);
  g_assert_null (argv);
  g_assert_nonnull (error);
}

static void
test_other_transports (void)
{
  g_assert_false (lodge_ssh_is_ssh_uri ("qemu:///system"));
  g_assert_false (lodge_ssh_is_ssh_uri ("qemu+tls://box/system"));
  g_assert_false (lodge_ssh_is_ssh_uri ("no uri"));
}

/* Whatever plays ssh: bytes go both ways, and its end is seen. */
static void
test_joins_the_sockets (void)
{
  g_autofree char *folder = g_dir_make_tmp ("lodge-test-XXXXXX", NULL);
  g_autofree char *script = g_build_filename (folder, "ssh", NULL);
  g_autofree char *uri = g_strconcat ("qemu+ssh://box/system?command=", script, NULL);
  g_autoptr(GSocket) socket = NULL;
  g_autoptr(GError) error = NULL;
  char answer[64];
  gssize n;
  int fd;

  g_assert_true (g_file_set_contents (script, "#!/bin/sh\nread line\necho \"got $line\"\n", -1, NULL));
  g_assert_cmpint (g_chmod (script, 0755), ==, 0);

  fd = lodge_ssh_open (uri, "127.0.0.1", 5900, NULL, &error);
  g_assert_no_error (error);
  socket = g_socket_new_from_fd (fd, &error);
  g_assert_no_error (error);
  g_socket_set_timeout (socket, 10);

  g_socket_send (socket, "hello\n", 6, NULL, &error);
  g_assert_no_error (error);
  n = g_socket_receive (socket, answer, sizeof answer, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (answer, n, "got hello\n", 10);
  g_assert_cmpint (g_socket_receive (socket, answer, sizeof answer, NULL, &error), ==, 0);

  g_unlink (script);
  g_rmdir (folder);
}

static void
test_no_ssh_at_all (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (lodge_ssh_open ("qemu+ssh://box/system?command=/nowhere/ssh", NULL, 1, NULL,
                                   &error), ==, -1);
  g_assert_nonnull (error);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/libvirt-ssh/commands", test_commands);
  g_test_add_func ("/core/libvirt-ssh/no-options-from-uris", test_no_options_from_uris);
  g_test_add_func ("/core/libvirt-ssh/other-transports", test_other_transports);
  g_test_add_func ("/core/libvirt-ssh/joins-the-sockets", test_joins_the_sockets);
  g_test_add_func ("/core/libvirt-ssh/no-ssh-at-all", test_no_ssh_at_all);

  return g_test_run ();
}
