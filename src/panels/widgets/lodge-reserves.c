/* lodge-reserves.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-budget.h"
#include "lodge-host.h"
#include "lodge-reserves.h"
#include "lodge-settings.h"

#define KEY "reserves"

/**
 * LodgeReserves:
 *
 * Keeps the reserves of computers in the settings.
 *
 * Core has none: it is told when a computer is known, and what is set in a budget is kept.
 */

struct _LodgeReserves
{
  GObject        parent_instance;

  LodgeHostList *hosts;
  guint          updating : 1;
};

G_DEFINE_FINAL_TYPE (LodgeReserves, lodge_reserves, G_TYPE_OBJECT)

static void
apply (LodgeReserves *self,
       LodgeBudget   *budget)
{
  g_autoptr(GVariant) reserves = g_settings_get_value (lodge_settings_get (), KEY);
  const char *id = lodge_budget_get_id (budget);
  guint64 memory;
  int cores;

  if (id == NULL || !g_variant_lookup (reserves, id, "(ti)", &memory, &cores))
    return;

  self->updating = TRUE;
  lodge_budget_set_reserve_setting (budget, memory);
  lodge_budget_set_reserve_cores_setting (budget, cores);
  self->updating = FALSE;
}

static void
setting_changed_cb (LodgeBudget   *budget,
                    GParamSpec    *pspec,
                    LodgeReserves *self)
{
  g_autoptr(GVariant) reserves = NULL;
  guint64 memory = lodge_budget_get_reserve_setting (budget);
  int cores = lodge_budget_get_reserve_cores_setting (budget);
  const char *id = lodge_budget_get_id (budget);
  GVariantBuilder builder;
  GVariantIter iter;
  const char *other;
  guint64 other_memory;
  int other_cores;

  g_assert (LODGE_IS_RESERVES (self));

  if (self->updating || id == NULL)
    return;

  reserves = g_settings_get_value (lodge_settings_get (), KEY);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{s(ti)}"));
  g_variant_iter_init (&iter, reserves);

  while (g_variant_iter_next (&iter, "{&s(ti)}", &other, &other_memory, &other_cores))
    if (!g_str_equal (other, id))
      g_variant_builder_add (&builder, "{s(ti)}", other, other_memory, other_cores);

  if (memory != 0 || cores >= 0)
    g_variant_builder_add (&builder, "{s(ti)}", id, memory, cores);

  g_settings_set_value (lodge_settings_get (), KEY, g_variant_builder_end (&builder));
}

static void follow_all (LodgeReserves *self);

static void
follow (LodgeReserves *self,
        LodgeHost     *host)
{
  LodgeBudget *budget = lodge_host_get_budget (host);

  if (g_signal_handler_find (budget, G_SIGNAL_MATCH_FUNC | G_SIGNAL_MATCH_DATA, 0, 0, NULL,
                             setting_changed_cb, self) != 0)
    return;

  apply (self, budget);
  g_signal_connect_object (budget, "notify::reserve-setting", G_CALLBACK (setting_changed_cb), self, 0);
  g_signal_connect_object (budget, "notify::reserve-cores-setting", G_CALLBACK (setting_changed_cb), self, 0);
  g_signal_connect_object (budget, "changed", G_CALLBACK (follow_all), self, G_CONNECT_SWAPPED);
}

static void
follow_all (LodgeReserves *self)
{
  g_assert (LODGE_IS_RESERVES (self));

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->hosts)); i++)
    {
      g_autoptr(LodgeHost) host = g_list_model_get_item (G_LIST_MODEL (self->hosts), i);

      follow (self, host);
    }
}

static void
hosts_changed_cb (LodgeReserves *self,
                  guint          position,
                  guint          removed,
                  guint          added)
{
  g_assert (LODGE_IS_RESERVES (self));

  for (guint i = position; i < position + added; i++)
    {
      g_autoptr(LodgeHost) host = g_list_model_get_item (G_LIST_MODEL (self->hosts), i);

      /* What computer a host is on may be known only when it is connected. */
      g_signal_connect_object (host, "notify::state", G_CALLBACK (follow_all), self, G_CONNECT_SWAPPED);
    }

  follow_all (self);
}

static void
lodge_reserves_dispose (GObject *object)
{
  LodgeReserves *self = (LodgeReserves *)object;

  g_clear_object (&self->hosts);

  G_OBJECT_CLASS (lodge_reserves_parent_class)->dispose (object);
}

static void
lodge_reserves_class_init (LodgeReservesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lodge_reserves_dispose;
}

static void
lodge_reserves_init (LodgeReserves *self)
{
}

/**
 * lodge_reserves_new:
 * @hosts: whose computers
 *
 * Returns: (transfer full): what follows them for as long as it lives
 */
LodgeReserves *
lodge_reserves_new (LodgeHostList *hosts)
{
  LodgeReserves *self;

  g_return_val_if_fail (LODGE_IS_HOST_LIST (hosts), NULL);

  self = g_object_new (LODGE_TYPE_RESERVES, NULL);
  self->hosts = g_object_ref (hosts);
  g_signal_connect_object (hosts, "items-changed", G_CALLBACK (hosts_changed_cb), self, G_CONNECT_SWAPPED);
  hosts_changed_cb (self, 0, 0, g_list_model_get_n_items (G_LIST_MODEL (hosts)));

  return self;
}
