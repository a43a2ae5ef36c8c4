/* lodge-resources-panel-cores.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <math.h>

#include <glib/gi18n.h>

#include "lodge-budget-words.h"
#include "lodge-quantity.h"
#include "lodge-resource-words.h"
#include "lodge-resources-panel-private.h"

static guint
get_total (LodgeResourcesPanel *self)
{
  guint total = MAX (lodge_machine_resources_get_vcpus_maximum (self->resources),
                     lodge_machine_resources_get_vcpus_stored_maximum (self->resources));

  if (lodge_budget_is_known (self->budget))
    total = lodge_budget_get_cores (self->budget) / 1000;

  return MAX (total, lodge_machine_resources_get_vcpus_asked (self->resources));
}

static guint
get_reachable (LodgeResourcesPanel *self)
{
  guint reachable = get_total (self);

  if (lodge_budget_is_known (self->budget))
    reachable = MIN (reachable, lodge_budget_get_reachable_cores (self->budget, self->machine));

  return MAX (1, reachable);
}

static guint
get_wanted (LodgeResourcesPanel *self)
{
  guint stored = lodge_machine_resources_get_vcpus_stored (self->resources);

  if (stored > lodge_machine_resources_get_vcpus_maximum (self->resources))
    return stored;

  return lodge_machine_resources_get_vcpus_asked (self->resources);
}

static void
send (LodgeResourcesPanel *self,
      guint                vcpus)
{
  const char *title = _("The cores of “%s” were not changed");

  if (vcpus > lodge_machine_resources_get_vcpus_maximum (self->resources))
    lodge_machine_resources_store_vcpus_async (
      self->resources, vcpus, NULL, _lodge_resources_panel_over_cb,
      _lodge_resources_panel_expect (self, lodge_machine_resources_store_vcpus_finish, title));
  else
    lodge_machine_resources_set_vcpus_async (
      self->resources, vcpus, NULL, _lodge_resources_panel_over_cb,
      _lodge_resources_panel_expect (self, lodge_machine_resources_set_vcpus_finish, title));
}

static void
asked_cb (LodgeResourcesPanel *self,
          double               value)
{
  g_assert (LODGE_IS_RESOURCES_PANEL (self));

  if (self->resources != NULL)
    send (self, (guint)lround (value));
}

static char *
dup_too_large (LodgeResourcesPanel *self,
               guint                reachable)
{
  g_autofree char *words = g_strdup_printf (ngettext ("At most %u core can be had.",
                                                      "At most %u cores can be had.", reachable), reachable);
  g_autofree char *others = NULL;

  if (!lodge_budget_is_known (self->budget))
    return g_steal_pointer (&words);

  others = lodge_budget_words_dup_others_cores (self->budget, self->machine);

  return g_strdup_printf ("%s %s.", words, others);
}

static void
entered_cb (LodgeResourcesPanel *self,
            const char          *text)
{
  g_autoptr(GError) error = NULL;
  guint reachable, thousandths;

  g_assert (LODGE_IS_RESOURCES_PANEL (self));

  if (self->resources == NULL)
    return;

  reachable = get_reachable (self);

  if (lodge_quantity_parse_cores (text, 1000, reachable * 1000, &thousandths, &error) &&
      thousandths % 1000 == 0)
    {
      lodge_resource_row_accept (self->cores_row);

      if (thousandths / 1000 != get_wanted (self))
        send (self, thousandths / 1000);

      _lodge_resources_panel_update_cores (self);
    }
  else if (error == NULL)
    {
      lodge_resource_row_refuse (self->cores_row, _("Only whole cores can be given to a guest."));
    }
  else
    {
      g_autofree char *too_large = dup_too_large (self, reachable);
      g_autofree char *words = lodge_resource_words_dup_refusal (error, text, TRUE,
                                                                 _("A guest needs at least one core."),
                                                                 too_large);

      lodge_resource_row_refuse (self->cores_row, words);
    }
}

static void
update_words (LodgeResourcesPanel *self,
              LodgeZoneScale      *scale)
{
  guint live = lodge_machine_resources_get_vcpus_maximum (self->resources);
  guint reachable = get_reachable (self);
  g_autofree char *free_words = live < reachable && lodge_machine_is_active (self->machine) ?
    g_strdup_printf (_("Free: up to %u at once, up to %u after a restart."), live, reachable) :
    g_strdup_printf (_("Free: up to %u."), reachable);

  g_autofree char *list = lodge_budget_words_dup_others_cores (self->budget, self->machine);
  g_autofree char *others = reachable < get_total (self) && lodge_budget_is_known (self->budget) ?
    g_strdup_printf (_("Cannot be had. %s."), list) : NULL;

  lodge_zone_scale_set_words (scale, _("A guest needs at least one core."), free_words, others);
}

static void
update_graph (LodgeResourcesPanel *self)
{
  LodgeUsage *usage = lodge_machine_get_usage (self->machine);
  LodgeUsageGraph *graph = lodge_resource_row_get_graph (self->cores_row);
  g_autoptr(GArray) history = lodge_usage_copy_history (usage);
  g_autoptr(GArray) points = g_array_new (FALSE, FALSE, sizeof (LodgeUsagePoint));
  guint has = MAX (1, lodge_machine_resources_get_vcpus_reached (self->resources));
  double used = lodge_usage_get_cores_used (usage);
  g_autofree char *used_text = lodge_quantity_format_cores ((guint)lround (MAX (0, used) * 10) * 100);
  g_autofree char *words = NULL;

  for (guint i = 0; i < history->len; i++)
    {
      const LodgeUsageSample *sample = &g_array_index (history, LodgeUsageSample, i);
      LodgeUsagePoint point = { sample->time, sample->cores };

      g_array_append_val (points, point);
    }

  words = g_strdup_printf (_("Cores kept busy over the last five minutes: now %s of %u"), used_text, has);
  gtk_widget_set_visible (GTK_WIDGET (graph), lodge_usage_get_sampled (usage));
  lodge_usage_graph_set_words (graph, words);
  lodge_usage_graph_set_points (graph, (const LodgeUsagePoint *)(gpointer)points->data, points->len, has);
  lodge_zone_scale_set_used (lodge_resource_row_get_scale (self->cores_row), MAX (0, used));
}

void
_lodge_resources_panel_update_cores (LodgeResourcesPanel *self)
{
  LodgeZoneScale *scale = lodge_resource_row_get_scale (self->cores_row);
  LodgeObstacle obstacle = lodge_machine_resources_get_vcpus_obstacle (self->resources);
  g_autofree char *status = NULL;
  gboolean warning;

  lodge_zone_scale_set_steps (scale, 1, 1);
  lodge_zone_scale_set_zones (scale, 1, get_reachable (self), get_total (self));
  lodge_resource_row_set_value (self->cores_row, get_wanted (self));
  update_words (self, scale);

  lodge_resource_row_set_obstacle (self->cores_row, lodge_resource_words_obstacle (obstacle),
                                   _lodge_resources_panel_get_obstacle (self) == LODGE_OBSTACLE_NONE);
  status = lodge_resource_words_dup_vcpus (self->resources, &warning);
  lodge_resource_row_set_status (self->cores_row, status, warning);
  update_graph (self);
}

void
_lodge_resources_panel_init_cores (LodgeResourcesPanel *self)
{
  lodge_resource_row_set_formats (self->cores_row, lodge_resource_words_dup_cores,
                                  lodge_resource_words_dup_cores);
  g_signal_connect_object (self->cores_row, "asked", G_CALLBACK (asked_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->cores_row, "entered", G_CALLBACK (entered_cb), self, G_CONNECT_SWAPPED);
}
