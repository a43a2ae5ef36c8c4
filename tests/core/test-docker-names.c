/* test-docker-names.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-docker-names-private.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

/* A daemon that answers once as Docker's does, in a thread of its own. */

#define WEB  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define DATA "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
#define NEW  "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

#define BODY \
  "[{\"Id\":\"" WEB "\",\"Names\":[\"/shop/db\",\"/web\"],\"Image\":\"nginx\",\"Command\":\"sh -c \\\"x\\\"\"," \
  "\"Labels\":{\"a\":\"/b\"}}," \
  "{\"Id\":\"" DATA "\",\"Names\":[\"/shop-database_1\"],\"Image\":\"postgres\"}]\n"

/* As the daemon sends what it has not counted. */
#define CHUNKED \
  "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" \
  "%zx\r\n" BODY "\r\n0\r\n\r\n"

typedef struct
{
  char            *folder;
  char            *path;
  GSocketListener *listener;
  GThread         *thread;
  const char      *answer;
} Daemon;

static gpointer
answer_thread (gpointer data)
{
  Daemon *daemon = data;
  g_autoptr(GSocketConnection) connection = g_socket_listener_accept (daemon->listener, NULL, NULL, NULL);
  char question[4096];
  gssize n = g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), question,
                                  sizeof question - 1, NULL, NULL);

  g_assert_cmpint (n, >, 0);
  question[n] = '\0';
  g_assert_true (g_str_has_prefix (question, "GET /containers/json HTTP/1."));
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), daemon->answer,
                             strlen (daemon->answer), NULL, NULL, NULL);

  return NULL;
}

static void
daemon_begin (Daemon     *daemon,
              const char *answer)
{
  g_autoptr(GSocketAddress) address = NULL;
  g_autoptr(GError) error = NULL;

  daemon->folder = g_dir_make_tmp ("lodge-docker-XXXXXX", NULL);
  daemon->path = g_build_filename (daemon->folder, "docker.sock", NULL);
  daemon->answer = answer;
  daemon->listener = g_socket_listener_new ();
  address = g_unix_socket_address_new (daemon->path);
  g_socket_listener_add_address (daemon->listener, address, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT,
                                 NULL, NULL, &error);
  g_assert_no_error (error);
  daemon->thread = g_thread_new ("docker", answer_thread, daemon);
}

static void
daemon_end (Daemon *daemon)
{
  g_thread_join (daemon->thread);
  g_object_unref (daemon->listener);
  g_unlink (daemon->path);
  g_rmdir (daemon->folder);
  g_free (daemon->path);
  g_free (daemon->folder);
}

static void
add (GPtrArray  *containers,
     const char *engine,
     const char *id)
{
  LodgeContainer *container = g_new0 (LodgeContainer, 1);

  container->engine = engine;
  container->id = g_strdup (id);
  container->name = g_strndup (id, 12);
  g_ptr_array_add (containers, container);
}

static const char *
name_of (GPtrArray *containers,
         guint      position)
{
  return ((LodgeContainer *)g_ptr_array_index (containers, position))->name;
}

/* As people know it, and not by an alias that another container has for it. */
static void
test_names (void)
{
  g_autoptr(GPtrArray) containers = g_ptr_array_new_with_free_func ((GDestroyNotify)lodge_container_free);
  g_autoptr(GPtrArray) again = g_ptr_array_new_with_free_func ((GDestroyNotify)lodge_container_free);
  g_autofree char *answer = g_strdup_printf (CHUNKED, strlen (BODY));
  Daemon daemon;

  add (containers, "docker", WEB);
  add (containers, "podman", DATA);
  add (containers, "docker", DATA);
  daemon_begin (&daemon, answer);
  lodge_docker_names_apply (containers, daemon.path);
  daemon_end (&daemon);
  g_assert_cmpstr (name_of (containers, 0), ==, "web");
  g_assert_cmpstr (name_of (containers, 1), ==, "fedcba987654");
  g_assert_cmpstr (name_of (containers, 2), ==, "shop-database_1");

  /* Who is known is not asked about again. */
  add (again, "docker", WEB);
  lodge_docker_names_apply (again, "/nowhere/at-all");
  g_assert_cmpstr (name_of (again, 0), ==, "web");
}

/* Without the right to ask, and with nonsense for an answer, the short ID stays; and who is not there is
 * not asked all the time.
 */
static void
test_no_answer (void)
{
  g_autoptr(GPtrArray) containers = g_ptr_array_new_with_free_func ((GDestroyNotify)lodge_container_free);
  Daemon daemon;

  add (containers, "docker", NEW);
  daemon_begin (&daemon, "HTTP/1.0 200 OK\r\n\r\n[{\"Id\":\"" NEW "\",\"Names\":[\"/cut");
  lodge_docker_names_apply (containers, daemon.path);
  daemon_end (&daemon);
  g_assert_cmpstr (name_of (containers, 0), ==, "001122334455");

  lodge_docker_names_apply (containers, "/nowhere/at-all");
  g_assert_cmpstr (name_of (containers, 0), ==, "001122334455");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/docker-names/names", test_names);
  g_test_add_func ("/core/docker-names/no-answer", test_no_answer);

  return g_test_run ();
}
