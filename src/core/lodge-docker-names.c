/* lodge-docker-names.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "lodge-docker-names-private.h"

/*
 * Docker's names of containers stand in no control group and no process: only its daemon knows them, for
 * those who may ask (GET /containers/json of its API). It is asked when there is a container that was
 * not there before, and of a daemon that did not answer not again for a while.
 */

#define TIMEOUT_SECONDS 1
#define PAUSE_SECONDS   30
#define ID_LENGTH       64

/* Several budgets may read at a time. */
static GMutex lock;
static GHashTable *names;     /* by ID */
static gint64 asked_at;       /* in vain */

/* Returns: (transfer full) (nullable): the body of the daemon's answer */
static GBytes *
ask (const char *socket)
{
  g_autoptr(GMainContext) context = g_main_context_new ();
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new (socket);
  g_autoptr(SoupMessage) message = soup_message_new (SOUP_METHOD_GET, "http://docker/containers/json");
  g_autoptr(SoupSession) session = NULL;
  g_autoptr(GBytes) answer = NULL;

  /* Of this thread alone, as a session belongs to one. */
  g_main_context_push_thread_default (context);
  session = soup_session_new_with_options ("remote-connectable", address,
                                           "proxy-resolver", NULL,
                                           "timeout", TIMEOUT_SECONDS,
                                           NULL);
  answer = soup_session_send_and_read (session, message, NULL, NULL);
  g_clear_object (&session);
  g_main_context_pop_thread_default (context);

  return soup_message_get_status (message) == SOUP_STATUS_OK ? g_steal_pointer (&answer) : NULL;
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

static void
read_names (GBytes *answer)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  JsonNode *root;

  if (!json_parser_load_from_data (parser, g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), NULL))
    return;

  if ((root = json_parser_get_root (parser)) != NULL && JSON_NODE_HOLDS_ARRAY (root))
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
      g_autoptr(GBytes) answer = ask (socket);

      if (answer != NULL)
        read_names (answer);

      asked_at = apply_known (containers) ? 0 : now;
    }
}
