/* lodge-docker-names.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

#include "lodge-docker-names-private.h"

/*
 * Docker's names of containers stand in no control group and no process: only its daemon knows them, for
 * those who may ask (GET /containers/json of its API). It is asked when there is a container that was
 * not there before, and of a daemon that did not answer not again for a while.
 */

#define TIMEOUT_SECONDS 1
#define PAUSE_SECONDS   30
#define MOST            (4 * 1024 * 1024)
#define ID_LENGTH       64

/* Several budgets may read at a time. */
static GMutex lock;
static GHashTable *names;     /* by ID */
static gint64 asked_at;       /* in vain */

/* Returns: (nullable): what the daemon says, head and all */
static char *
ask (const char *socket)
{
  static const char question[] = "GET /containers/json HTTP/1.0\r\nHost: docker\r\n\r\n";
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new (socket);
  g_autoptr(GSocketConnection) connection = NULL;
  g_autoptr(GByteArray) answer = g_byte_array_new ();
  guint8 piece[16384];
  gssize n;

  g_socket_client_set_timeout (client, TIMEOUT_SECONDS);
  g_socket_client_set_enable_proxy (client, FALSE);
  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);
  if (connection == NULL ||
      !g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), question,
                                  sizeof question - 1, NULL, NULL, NULL))
    return NULL;

  while ((n = g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), piece,
                                   sizeof piece, NULL, NULL)) > 0 && answer->len < MOST)
    g_byte_array_append (answer, piece, (guint)n);

  if (n < 0 || answer->len == 0)
    return NULL;

  return g_strndup ((const char *)answer->data, answer->len);
}

/* The text behind @key, up to the next quotation mark; names and IDs have none and no escapes. */
static char *
dup_value (const char  *at,
           const char  *key,
           const char **end)
{
  const char *value = strstr (at, key);
  const char *quote;

  if (value == NULL || (quote = strchr (value + strlen (key), '"')) == NULL)
    return NULL;

  *end = quote + 1;

  return g_strndup (value + strlen (key), (gsize)(quote - value) - strlen (key));
}

/* Each container begins with its ID, and its own name is the one without another slash: the others are
 * by links from other containers.
 */
static void
read_names (const char *answer)
{
  const char *at = answer;

  while (TRUE)
    {
      const char *next, *list, *close;
      g_autofree char *id = dup_value (at, "{\"Id\":\"", &next);

      if (id == NULL)
        return;

      at = next;
      if (strlen (id) != ID_LENGTH || !g_str_has_prefix (at, ",\"Names\":["))
        continue;

      list = at;
      if ((close = strchr (list, ']')) == NULL)
        return;

      while ((list = strstr (list, "\"/")) != NULL && list < close)
        {
          const char *quote = strchr (list + 2, '"');

          if (quote == NULL)
            return;

          if (memchr (list + 2, '/', (gsize)(quote - list - 2)) == NULL)
            g_hash_table_replace (names, g_strdup (id),
                                  g_utf8_make_valid (list + 2, quote - list - 2));
          list = quote + 1;
        }
    }
}

static gboolean
apply_known (GPtrArray *containers)
{
  gboolean all = TRUE;

  for (guint i = 0; i < containers->len; i++)
    {
      LodgeContainer *container = g_ptr_array_index (containers, i);
      const char *name;

      if (!g_str_equal (container->engine, "docker"))
        continue;

      if ((name = g_hash_table_lookup (names, container->id)) == NULL)
        all = FALSE;
      else if (!g_str_equal (name, container->name))
        {
          g_free (container->name);
          container->name = g_strdup (name);
        }
    }

  return all;
}

void
lodge_docker_names_apply (GPtrArray  *containers,
                          const char *socket)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&lock);
  gint64 now = g_get_monotonic_time ();

  if (names == NULL)
    names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  if (!apply_known (containers) && (asked_at == 0 || now - asked_at > PAUSE_SECONDS * G_USEC_PER_SEC))
    {
      g_autofree char *answer = ask (socket);

      if (answer != NULL)
        read_names (answer);

      asked_at = apply_known (containers) ? 0 : now;
    }
}
