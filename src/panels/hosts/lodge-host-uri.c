/* lodge-host-uri.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "lodge-host-uri.h"

static gboolean
is_known (const char         *word,
          gsize               length,
          const char * const *words)
{
  for (guint i = 0; words[i] != NULL; i++)
    if (strlen (words[i]) == length && strncmp (words[i], word, length) == 0)
      return TRUE;

  return FALSE;
}

static const char *
check_scheme (const char *scheme)
{
  static const char * const transports[] = { "ssh", "tcp", "tls", "unix", "ext", "libssh", "libssh2", NULL };
  const char *plus = strchr (scheme, '+');

  if (!g_ascii_isalpha (*scheme))
    return _("A host’s address begins with the kind of host, such as qemu or lxc.");

  if (plus != NULL && !is_known (plus + 1, strlen (plus + 1), transports))
    return _("After the “+” comes the way to the host: ssh, libssh2, tls, tcp or unix.");

  return NULL;
}

static const char *
check_path (const char *scheme,
            const char *path)
{
  gsize length = strcspn (scheme, "+");

  if (length == 4 && strncmp (scheme, "qemu", 4) == 0 &&
      strcmp (path, "/system") != 0 && strcmp (path, "/session") != 0 && strcmp (path, "/embed") != 0)
    return _("A QEMU host’s address ends in /system (guests of the whole computer) or /session "
             "(guests of one user).");

  return NULL;
}

/**
 * lodge_host_uri_normalize:
 * @text: what somebody typed
 * @problem: (out) (transfer none): what is wrong with it, in words
 *
 * Checks the address of a libvirt host as far as that can be done without asking it.
 *
 * Returns: (transfer full) (nullable): the address without spaces around it, or %NULL
 */
char *
lodge_host_uri_normalize (const char  *text,
                          const char **problem)
{
  g_autofree char *uri = g_strstrip (g_strdup (text));
  g_autoptr(GUri) parsed = NULL;
  const char *wrong = NULL;

  if (*uri == '\0')
    wrong = _("Type the address of a host.");
  else if (strstr (uri, "://") == NULL)
    wrong = _("An address looks like qemu:///system or qemu+ssh://user@host/system.");
  else if (strpbrk (uri, " \t\r\n") != NULL ||
           (parsed = g_uri_parse (uri, G_URI_FLAGS_NON_DNS | G_URI_FLAGS_ENCODED, NULL)) == NULL)
    wrong = _("This is not a complete address. Are there spaces or a stray sign in it?");
  else if ((wrong = check_scheme (g_uri_get_scheme (parsed))) == NULL &&
           (wrong = check_path (g_uri_get_scheme (parsed), g_uri_get_path (parsed))) == NULL &&
           strstr (g_uri_get_scheme (parsed), "+ssh") != NULL &&
           (g_uri_get_host (parsed) == NULL || *g_uri_get_host (parsed) == '\0'))
    wrong = _("Over SSH the address needs the name of a computer: qemu+ssh://user@host/system.");

  *problem = wrong;

  return wrong == NULL ? g_steal_pointer (&uri) : NULL;
}
