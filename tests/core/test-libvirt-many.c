/* test-libvirt-many.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-core.h"
#include "lodge-host.h"
#include "lodge-machine.h"
#include "test-await.h"
#include "test-host.h"
#include "test-wait.h"

#include <dlfcn.h>
#include <glib/gstdio.h>
#include <libvirt/libvirt.h>

/* A host with a thousand machines. */

#define N_MACHINES 1000

/* Instead of libvirt's: so that reading takes as long as of a daemon that is busy. */
static int pause_of_read;   /* µs; atomic */

char *
virDomainGetXMLDesc (virDomainPtr domain,
                     unsigned int flags)
{
  char *(*real) (virDomainPtr, unsigned int) = dlsym (RTLD_NEXT, "virDomainGetXMLDesc");

  g_usleep (g_atomic_int_get (&pause_of_read));

  return real (domain, flags);
}

static char *
write_host (void)
{
  g_autoptr(GString) text = g_string_new ("<node>");
  char *path = NULL;
  int fd = g_file_open_tmp ("lodge-many-XXXXXX.xml", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);

  for (guint i = 0; i < N_MACHINES; i++)
    g_string_append_printf (text,
                            "<domain type='test'><name>machine %u</name><title>Title %u</title>"
                            "<memory unit='MiB'>64</memory><os><type>hvm</type></os></domain>",
                            i, i);

  g_string_append (text, "</node>");
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));

  return path;
}

typedef struct
{
  guint n_signals;
  guint n_added;
} Changes;

static void
items_changed_cb (Changes *changes,
                  guint    position,
                  guint    removed,
                  guint    added)
{
  changes->n_signals++;
  changes->n_added += added;
}

static void
test_listed_at_once (void)
{
  g_autofree char *path = write_host ();
  g_autofree char *uri = g_strconcat ("test://", path, NULL);
  g_autoptr(LodgeHost) host = lodge_host_new_for_uri (uri);
  g_autoptr(GListModel) machines = lodge_host_list_machines (host);
  g_autoptr(LodgeMachine) last = NULL;
  Changes changes = { 0, };
  gint64 began = g_get_monotonic_time ();

  g_signal_connect_swapped (machines, "items-changed", G_CALLBACK (items_changed_cb), &changes);
  test_open_host (host);

  g_test_message ("%d machines after %" G_GINT64_FORMAT " ms", N_MACHINES,
                  (g_get_monotonic_time () - began) / 1000);
  g_assert_cmpuint (g_list_model_get_n_items (machines), ==, N_MACHINES);
  g_assert_cmpuint (changes.n_signals, ==, 1);
  g_assert_cmpuint (changes.n_added, ==, N_MACHINES);

  /* What is not known yet comes by itself. */
  last = g_list_model_get_item (machines, N_MACHINES - 1);
  test_wait (lodge_machine_is_defined (last));
  g_assert_nonnull (lodge_machine_get_title (last));

  lodge_host_close (host);
  g_assert_cmpuint (changes.n_signals, ==, 2);
  g_unlink (path);
}

/* One that was let go of in the midst of reading tells everything when it is opened again. */
static void
test_closed_while_it_reads (void)
{
  g_autofree char *path = write_host ();
  g_autofree char *uri = g_strconcat ("test://", path, NULL);
  g_autoptr(LodgeHost) host = lodge_host_new_for_uri (uri);
  g_autoptr(GListModel) machines = lodge_host_list_machines (host);
  g_autoptr(LodgeMachine) last = NULL;

  g_atomic_int_set (&pause_of_read, 1000);
  test_open_host (host);
  last = g_list_model_get_item (machines, N_MACHINES - 1);
  g_assert_false (lodge_machine_is_defined (last));

  /* The next ones are being read. */
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_false (lodge_machine_is_defined (last));

  lodge_host_close (host);
  g_clear_object (&last);
  test_open_host (host);
  last = g_list_model_get_item (machines, N_MACHINES - 1);
  test_wait (lodge_machine_is_defined (last));

  g_atomic_int_set (&pause_of_read, 0);
  lodge_host_close (host);
  g_unlink (path);
}

static gboolean
count_cb (gpointer user_data)
{
  guint *n = user_data;

  ++*n;

  return G_SOURCE_CONTINUE;
}

/* With nothing to do, nothing is done: no source is ready for as long as one looks. */
static void
test_idle_at_rest (void)
{
  g_autofree char *path = write_host ();
  g_autofree char *uri = g_strconcat ("test://", path, NULL);
  g_autoptr(LodgeHost) host = lodge_host_new_for_uri (uri);
  g_autoptr(GListModel) machines = lodge_host_list_machines (host);
  g_autoptr(GAsyncResult) result = NULL;
  guint n_seconds = 0, n_iterations = 0, id;

  lodge_host_open_async (host, NULL, test_await_cb, &result);
  g_assert_true (lodge_host_open_finish (host, test_await (&result), NULL));

  for (guint i = 0; i < N_MACHINES; i++)
    {
      g_autoptr(LodgeMachine) machine = g_list_model_get_item (machines, i);

      test_wait (lodge_machine_is_defined (machine));
    }

  /* The watchdog of the calls just made ends with its next look. */
  test_run_for (4000);

  id = g_timeout_add (1000, count_cb, &n_seconds);
  while (n_seconds < 3)
    {
      g_main_context_iteration (NULL, TRUE);
      n_iterations++;
    }

  g_assert_cmpuint (n_iterations, <=, 4);
  g_source_remove (id);
  lodge_host_close (host);
  g_unlink (path);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  test_silence_libvirt ();
  lodge_core_init ();

  g_test_add_func ("/core/libvirt-many/listed-at-once", test_listed_at_once);
  g_test_add_func ("/core/libvirt-many/closed-while-it-reads", test_closed_while_it_reads);
  g_test_add_func ("/core/libvirt-many/idle-at-rest", test_idle_at_rest);

  return g_test_run ();
}
