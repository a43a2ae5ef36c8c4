/* test-host-list.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-core.h"
#include "lodge-error.h"
#include "lodge-host-list.h"
#include "lodge-host.h"
#include "lodge-machine.h"
#include "test-await.h"
#include "test-wait.h"

static char *
host_uri (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "hosts", name, NULL);

  return g_strconcat ("test://", path, NULL);
}

static void
set_hosts (GSettings  *settings,
           const char *first,
           const char *second)
{
  const char *uris[] = { first, first != NULL ? second : NULL, NULL };

  g_settings_set_strv (settings, "hosts", uris);
}

static guint
count (LodgeHostList *list)
{
  return g_list_model_get_n_items (G_LIST_MODEL (list));
}

static void
test_follows_the_settings (void)
{
  g_autoptr(GSettings) settings = g_settings_new ("org.lodgevm.Lodge");
  g_autofree char *one = host_uri ("one.xml");
  g_autofree char *odd = host_uri ("odd.xml");
  g_autoptr(LodgeHostList) list = NULL;
  g_autoptr(LodgeHost) host = NULL;

  set_hosts (settings, one, NULL);
  list = lodge_host_list_new (settings);
  g_assert_cmpuint (count (list), ==, 1);
  host = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_assert_cmpstr (lodge_host_get_uri (host), ==, one);

  /* By itself. */
  test_wait_property (host, "state", LODGE_HOST_STATE_OPEN);

  set_hosts (settings, one, odd);
  test_wait (count (list) == 2);
  set_hosts (settings, odd, NULL);
  test_wait (count (list) == 1);
  g_assert_cmpint (lodge_host_get_state (host), ==, LODGE_HOST_STATE_CLOSED);
  g_settings_reset (settings, "hosts");
}

static void
test_remembers_what_it_is_told_to (void)
{
  g_autoptr(GSettings) settings = g_settings_new ("org.lodgevm.Lodge");
  g_autofree char *one = host_uri ("one.xml");
  g_autofree char *odd = host_uri ("odd.xml");
  g_autoptr(LodgeHostList) list = NULL;
  g_auto(GStrv) uris = NULL;
  LodgeHost *passing, *kept;

  set_hosts (settings, NULL, NULL);
  list = lodge_host_list_new (settings);
  passing = lodge_host_list_add (list, one, FALSE);
  kept = lodge_host_list_add (list, odd, TRUE);
  g_assert_true (lodge_host_list_add (list, one, FALSE) == passing);
  g_assert_cmpuint (count (list), ==, 2);

  uris = g_settings_get_strv (settings, "hosts");
  g_assert_cmpuint (g_strv_length (uris), ==, 1);
  g_assert_cmpstr (uris[0], ==, odd);

  lodge_host_list_remove (list, kept);
  lodge_host_list_remove (list, passing);
  g_assert_cmpuint (count (list), ==, 0);
  g_clear_pointer (&uris, g_strfreev);
  uris = g_settings_get_strv (settings, "hosts");
  g_assert_cmpuint (g_strv_length (uris), ==, 0);
  g_settings_reset (settings, "hosts");
}

static void
set_everyday (LodgeHostList *list,
              LodgeMachine  *machine)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  lodge_host_list_set_everyday_async (list, machine, NULL, test_await_cb, &result);
  lodge_host_list_set_everyday_finish (list, test_await (&result), &error);
  g_assert_no_error (error);
}

static void
test_there_is_one_everyday_machine (void)
{
  g_autoptr(LodgeHostList) list = lodge_host_list_new (NULL);
  g_autofree char *one = host_uri ("one.xml");
  g_autofree char *odd = host_uri ("odd.xml");
  LodgeHost *first = lodge_host_list_add (list, one, FALSE);
  LodgeHost *second = lodge_host_list_add (list, odd, FALSE);
  g_autoptr(LodgeMachine) here = NULL;
  g_autoptr(LodgeMachine) there = NULL;

  test_wait_property (first, "state", LODGE_HOST_STATE_OPEN);
  test_wait_property (second, "state", LODGE_HOST_STATE_OPEN);
  here = lodge_host_dup_machine (first, "test");
  there = lodge_host_dup_machine (second, "plain");

  /* The file says that one is. */
  test_wait (lodge_host_list_get_everyday (list) != NULL);
  g_assert_cmpstr (lodge_machine_get_name (lodge_host_list_get_everyday (list)), ==, "chosen");

  set_everyday (list, here);
  g_assert_true (lodge_host_list_get_everyday (list) == here);
  g_assert_true (lodge_machine_get_everyday (here));
  g_assert_null (lodge_host_get_everyday (second));

  set_everyday (list, there);
  g_assert_true (lodge_host_list_get_everyday (list) == there);
  g_assert_false (lodge_machine_get_everyday (here));

  /* It is not among those that are known while its host is not. */
  lodge_host_list_remove (list, second);
  g_assert_null (lodge_host_list_get_everyday (list));

  set_everyday (list, here);
  set_everyday (list, NULL);
  g_assert_null (lodge_host_list_get_everyday (list));
}

static void
test_odd_machines_are_listed (void)
{
  g_autofree char *odd = host_uri ("odd.xml");
  g_autoptr(LodgeHostList) list = lodge_host_list_new (NULL);
  LodgeHost *host = lodge_host_list_add (list, odd, FALSE);
  g_autoptr(GListModel) machines = lodge_host_list_machines (host);
  g_autoptr(LodgeMachine) lengthy = NULL;
  g_autofree char *name = g_strnfill (255, 'n');

  test_wait_property (host, "state", LODGE_HOST_STATE_OPEN);
  g_assert_cmpuint (g_list_model_get_n_items (machines), ==, 7);
  lengthy = lodge_host_dup_machine (host, name);
  g_assert_nonnull (lengthy);

  for (guint i = 0; i < 7; i++)
    {
      g_autoptr(LodgeMachine) machine = g_list_model_get_item (machines, i);

      test_wait (lodge_machine_is_defined (machine));
      g_assert_true (g_utf8_validate (lodge_machine_get_name (machine), -1, NULL));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  test_silence_libvirt ();
  lodge_core_init ();

  g_test_add_func ("/core/host-list/follows-the-settings", test_follows_the_settings);
  g_test_add_func ("/core/host-list/remembers-what-it-is-told-to",
                   test_remembers_what_it_is_told_to);
  g_test_add_func ("/core/host-list/there-is-one-everyday-machine",
                   test_there_is_one_everyday_machine);
  g_test_add_func ("/core/host-list/odd-machines-are-listed", test_odd_machines_are_listed);

  return g_test_run ();
}
