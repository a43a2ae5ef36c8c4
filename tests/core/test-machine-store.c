/* test-machine-store.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-core.h"
#include "lodge-host.h"
#include "lodge-machine-store-private.h"
#include "libvirt/lodge-libvirt-machine-private.h"

typedef struct
{
  LodgeMachineStore *store;
  LodgeHost         *host;
  guint              n_signals;
  guint              position;
  guint              removed;
  guint              added;
} Fixture;

static void
items_changed_cb (Fixture *fixture,
                  guint    position,
                  guint    removed,
                  guint    added)
{
  fixture->n_signals++;
  fixture->position = position;
  fixture->removed = removed;
  fixture->added = added;
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->host = lodge_host_new_for_uri ("test:///default");
  fixture->store = lodge_machine_store_new ();
  g_signal_connect_swapped (fixture->store, "items-changed", G_CALLBACK (items_changed_cb),
                            fixture);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_object_unref (fixture->store);
  g_object_unref (fixture->host);
}

static GPtrArray *
create (Fixture *fixture,
        guint    first,
        guint    n)
{
  g_autoptr(GPtrArray) machines = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = first; i < first + n; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      g_ptr_array_add (machines, lodge_libvirt_machine_new (LODGE_LIBVIRT_HOST (fixture->host), id));
    }

  return g_steal_pointer (&machines);
}

static char *
contents (LodgeMachineStore *store)
{
  g_autoptr(GString) text = g_string_new (NULL);
  LodgeMachine *machine;

  for (guint i = 0; (machine = g_list_model_get_item (G_LIST_MODEL (store), i)) != NULL; i++)
    {
      g_string_append_printf (text, "%s ", lodge_machine_get_id (machine));
      g_object_unref (machine);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_many_come_at_once (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(GPtrArray) machines = create (fixture, 0, 10000);

  lodge_machine_store_change (fixture->store, NULL, machines);
  g_assert_cmpuint (fixture->n_signals, ==, 1);
  g_assert_cmpuint (fixture->position, ==, 0);
  g_assert_cmpuint (fixture->removed, ==, 0);
  g_assert_cmpuint (fixture->added, ==, 10000);
  g_assert_true (lodge_machine_store_lookup (fixture->store, "9999") ==
                 g_ptr_array_index (machines, 9999));
  g_assert_null (lodge_machine_store_lookup (fixture->store, "10000"));
}

static void
test_some_go_and_some_come (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autoptr(GPtrArray) machines = create (fixture, 0, 6);
  g_autoptr(GPtrArray) more = create (fixture, 6, 2);
  g_autoptr(GHashTable) removed = g_hash_table_new (NULL, NULL);
  g_autofree char *text = NULL;

  lodge_machine_store_change (fixture->store, NULL, machines);
  g_hash_table_add (removed, g_ptr_array_index (machines, 2));
  g_hash_table_add (removed, g_ptr_array_index (machines, 4));
  lodge_machine_store_change (fixture->store, removed, more);

  text = contents (fixture->store);
  g_assert_cmpstr (text, ==, "0 1 3 5 6 7 ");
  g_assert_cmpuint (fixture->n_signals, ==, 2);
  g_assert_cmpuint (fixture->position, ==, 2);
  g_assert_cmpuint (fixture->removed, ==, 4);
  g_assert_cmpuint (fixture->added, ==, 4);
  g_assert_null (lodge_machine_store_lookup (fixture->store, "2"));
  g_assert_nonnull (lodge_machine_store_lookup (fixture->store, "7"));
}

static void
test_nothing_new_is_no_news (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr(GHashTable) removed = g_hash_table_new (NULL, NULL);
  g_autoptr(GPtrArray) added = g_ptr_array_new ();

  lodge_machine_store_change (fixture->store, NULL, NULL);
  lodge_machine_store_change (fixture->store, removed, added);
  g_assert_cmpuint (fixture->n_signals, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  lodge_core_init ();

#define ADD(name, func) \
  g_test_add ("/core/machine-store/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("many-come-at-once", test_many_come_at_once);
  ADD ("some-go-and-some-come", test_some_go_and_some_come);
  ADD ("nothing-new-is-no-news", test_nothing_new_is_no_news);

  return g_test_run ();
}
