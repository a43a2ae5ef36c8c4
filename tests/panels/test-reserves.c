/* test-reserves.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-budget.h"
#include "lodge-core.h"
#include "lodge-host-list.h"
#include "lodge-host.h"
#include "lodge-reserves.h"
#include "lodge-settings.h"
#include "test-wait.h"

#define GIBIBYTE G_GUINT64_CONSTANT (1048576)

static LodgeHostList *
hosts_new (void)
{
  const char *uris[] = { "test:///default", NULL };

  g_settings_set_strv (lodge_settings_get (), "hosts", uris);

  return lodge_host_list_new (lodge_settings_get ());
}

static LodgeBudget *
get_budget (LodgeHostList *hosts)
{
  g_autoptr(LodgeHost) host = g_list_model_get_item (G_LIST_MODEL (hosts), 0);

  return lodge_host_get_budget (host);
}

static gboolean
is_open (LodgeHostList *hosts)
{
  g_autoptr(LodgeHost) host = g_list_model_get_item (G_LIST_MODEL (hosts), 0);

  return lodge_host_get_state (host) == LODGE_HOST_STATE_OPEN;
}

/* What is set in one run of the program holds in the next, and a default leaves nothing behind. */
static void
test_is_kept (void)
{
  g_settings_reset (lodge_settings_get (), "reserves");

  {
    g_autoptr(LodgeHostList) hosts = hosts_new ();
    g_autoptr(LodgeReserves) reserves = lodge_reserves_new (hosts);

    test_wait (is_open (hosts));
    g_assert_cmpuint (lodge_budget_get_reserve_setting (get_budget (hosts)), ==, 0);
    lodge_budget_set_reserve_setting (get_budget (hosts), GIBIBYTE / 2);
    lodge_budget_set_reserve_cores_setting (get_budget (hosts), 2000);
  }

  {
    g_autoptr(LodgeHostList) hosts = hosts_new ();
    g_autoptr(LodgeReserves) reserves = lodge_reserves_new (hosts);
    g_autoptr(GVariant) left = NULL;

    test_wait (is_open (hosts));
    test_wait (lodge_budget_get_reserve_setting (get_budget (hosts)) == GIBIBYTE / 2);
    g_assert_cmpint (lodge_budget_get_reserve_cores_setting (get_budget (hosts)), ==, 2000);

    lodge_budget_set_reserve_setting (get_budget (hosts), 0);
    lodge_budget_set_reserve_cores_setting (get_budget (hosts), -1);
    left = g_settings_get_value (lodge_settings_get (), "reserves");
    g_assert_cmpuint (g_variant_n_children (left), ==, 0);
  }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  lodge_core_init ();
  test_silence_libvirt ();

  g_test_add_func ("/panels/reserves/is-kept", test_is_kept);

  return g_test_run ();
}
