/* lodge-libvirt-ssh.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lodge-error.h"
#include "lodge-libvirt-ssh-private.h"

/*
 * Sockets through the SSH server of a libvirt URI.
 *
 * One ssh process a socket, with what the URI says about user, port, key and
 * host key checking (https://libvirt.org/uri.html#ssh-transport). It never
 * asks for anything: libvirt's own connection has got in the same way.
 */

gboolean
lodge_ssh_is_ssh_uri (const char *uri)
{
  g_autofree char *scheme = g_uri_parse_scheme (uri);

  return scheme != NULL && g_str_has_suffix (scheme, "+ssh");
}

/* A word for the shell of the other side. A leading dash would be an option to ssh. */
static gboolean
is_safe_host (const char *host)
{
  return host != NULL && *host != '\0' && *host != '-';
}

static void
add_parameters (GPtrArray *argv,
                GUri      *uri)
{
  g_autoptr(GHashTable) parameters = NULL;
  const char *value;

  if (g_uri_get_query (uri) != NULL)
    parameters = g_uri_parse_params (g_uri_get_query (uri), -1, "&;", G_URI_PARAMS_NONE, NULL);
  if (parameters == NULL)
    return;

  if ((value = g_hash_table_lookup (parameters, "keyfile")) != NULL)
    {
      g_ptr_array_add (argv, g_strdup ("-i"));
      g_ptr_array_add (argv, g_strdup (value));
    }

  if (g_strcmp0 (g_hash_table_lookup (parameters, "no_verify"), "1") == 0)
    g_ptr_array_add (argv, g_strdup ("-oStrictHostKeyChecking=no"));

  /* "command" names another ssh. */
  if ((value = g_hash_table_lookup (parameters, "command")) != NULL)
    {
      g_free (g_ptr_array_index (argv, 0));
      g_ptr_array_index (argv, 0) = g_strdup (value);
    }
}

static const char *
address_from_there (const char *address)
{
  g_autoptr(GInetAddress) inet = address != NULL ? g_inet_address_new_from_string (address) : NULL;

  if (address == NULL || (inet != NULL && g_inet_address_get_is_any (inet)))
    return "127.0.0.1";

  return address;
}

/* The command that joins its standard input and output to a socket of the other side: to
 * @socket_path, or else to @address (nullable) and @port.
 */
char **
lodge_ssh_build_argv (const char  *uri_string,
                      const char  *address,
                      guint        port,
                      const char  *socket_path,
                      GError     **error)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GUri) uri = NULL;
  const char *host;

  uri = g_uri_parse (uri_string, G_URI_FLAGS_NON_DNS | G_URI_FLAGS_HAS_PASSWORD, error);
  if (uri == NULL)
    return NULL;

  host = g_uri_get_host (uri);
  if (host == NULL || *host == '\0')
    host = "localhost";

  if (!is_safe_host (host))
    {
      g_set_error (error, LODGE_ERROR, LODGE_ERROR_INVALID, "bad host name in %s", uri_string);
      return NULL;
    }

  g_ptr_array_add (argv, g_strdup ("ssh"));
  g_ptr_array_add (argv, g_strdup ("-T"));
  g_ptr_array_add (argv, g_strdup ("-oBatchMode=yes"));
  g_ptr_array_add (argv, g_strdup ("-oConnectTimeout=15"));
  add_parameters (argv, uri);

  if (g_uri_get_port (uri) > 0)
    {
      g_ptr_array_add (argv, g_strdup ("-p"));
      g_ptr_array_add (argv, g_strdup_printf ("%d", g_uri_get_port (uri)));
    }

  if (g_uri_get_user (uri) != NULL)
    {
      g_ptr_array_add (argv, g_strdup ("-l"));
      g_ptr_array_add (argv, g_strdup (g_uri_get_user (uri)));
    }

  if (socket_path == NULL)
    {
      const char *target = address_from_there (address);

      g_ptr_array_add (argv, g_strdup ("-W"));
      g_ptr_array_add (argv, g_strdup_printf (strchr (target, ':') ? "[%s]:%u" : "%s:%u",
                                              target, port));
    }

  g_ptr_array_add (argv, g_strdup ("--"));
  g_ptr_array_add (argv, g_strdup (host));

  if (socket_path != NULL)
    {
      g_autofree char *quoted = g_shell_quote (socket_path);

      /* ssh -W speaks TCP only; libvirt itself needs nc there, too. */
      g_ptr_array_add (argv, g_strdup_printf ("nc -U %s", quoted));
    }

  g_ptr_array_add (argv, NULL);

  return (char **)g_ptr_array_free (g_steal_pointer (&argv), FALSE);
}

/* Returns a socket for the caller to close, or -1. That the other side refuses shows as its end. */
int
lodge_ssh_open (const char  *uri,
                const char  *address,
                guint        port,
                const char  *socket_path,
                GError     **error)
{
  g_autoptr(GSubprocessLauncher) launcher = NULL;
  g_autoptr(GSubprocess) process = NULL;
  g_auto(GStrv) argv = NULL;
  int fds[2];

  if ((argv = lodge_ssh_build_argv (uri, address, port, socket_path, error)) == NULL)
    return -1;

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
    {
      int saved = errno;

      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (saved), g_strerror (saved));
      return -1;
    }

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_subprocess_launcher_take_stdin_fd (launcher, dup (fds[1]));
  g_subprocess_launcher_take_stdout_fd (launcher, fds[1]);
  process = g_subprocess_launcher_spawnv (launcher, (const char * const *)argv, error);

  if (process == NULL)
    {
      close (fds[0]);
      return -1;
    }

  return fds[0];
}
