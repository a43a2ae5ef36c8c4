/* lodge-docker-names.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <json-glib/json-glib.h>
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

/* A container's own name is the one without another slash: the others are by links from other containers. */
static void
read_name (JsonArray *array,
           guint      i,
           JsonNode  *node,
           gpointer   user_data)
{
  JsonObject *container = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *id = container != NULL ? json_object_get_string_member_with_default (container, "Id", "") : "";
  JsonNode *list = container != NULL ? json_object_get_member (container, "Names") : NULL;

  if (id == NULL || strlen (id) != ID_LENGTH || list == NULL || !JSON_NODE_HOLDS_ARRAY (list))
    return;

  for (guint k = 0; k < json_array_get_length (json_node_get_array (list)); k++)
    {
      JsonNode *item = json_array_get_element (json_node_get_array (list), k);
      const char *name = JSON_NODE_HOLDS_VALUE (item) ? json_node_get_string (item) : NULL;

      if (name != NULL && name[0] == '/' && strchr (name + 1, '/') == NULL)
        g_hash_table_replace (names, g_strdup (id), g_strdup (name + 1));
    }
}

/* @answer: with the head of HTTP before it */
static void
read_names (const char *answer)
{
  const char *body = strstr (answer, "\r\n\r\n");
  g_autoptr(JsonNode) root = body != NULL ? json_from_string (body, NULL) : NULL;

  if (root != NULL && JSON_NODE_HOLDS_ARRAY (root))
    json_array_foreach_element (json_node_get_array (root), read_name, NULL);
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
