/* lodge-resources-panel-memory.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-budget-words.h"
#include "lodge-memory-policy.h"
#include "lodge-quantity.h"
#include "lodge-resource-words.h"
#include "lodge-resources-panel-private.h"

/* What the slider may do now, in KiB. */
typedef struct
{
  guint64 floor;
  guint64 reachable;
  guint64 total;
} Limits;

static Limits
get_limits (LodgeResourcesPanel *self)
{
  LodgeMachineResources *resources = self->resources;
  Limits limits;

  limits.floor = lodge_machine_resources_get_memory_waits (resources) ?
                 lodge_memory_policy_get_least (0) : lodge_machine_resources_get_memory_floor (resources);
  limits.total = MAX (lodge_machine_resources_get_memory_live_maximum (resources),
                      lodge_machine_resources_get_memory_stored_maximum (resources));
  limits.total = MAX (limits.total, lodge_machine_resources_get_memory_asked (resources));
  limits.reachable = limits.total;

  if (lodge_budget_is_known (self->budget))
    {
      limits.total = MAX (lodge_budget_get_total (self->budget),
                          lodge_machine_resources_get_memory_asked (resources));
      limits.reachable = MIN (lodge_budget_get_reachable_memory (self->budget, self->machine), limits.total);
    }

  limits.floor = MIN (limits.floor, limits.reachable);

  return limits;
}

/* What the user wants it to have: what waits for a restart counts. */
static guint64
get_wanted (LodgeResourcesPanel *self)
{
  guint64 stored = lodge_machine_resources_get_memory_stored (self->resources);

  if (lodge_machine_resources_get_memory_waits (self->resources) ||
      stored > lodge_machine_resources_get_memory_live_maximum (self->resources))
    return stored;

  return lodge_machine_resources_get_memory_asked (self->resources);
}

static void
send (LodgeResourcesPanel *self,
      guint64              kib)
{
  const char *title = _("The memory of “%s” was not changed");

  if (lodge_machine_resources_get_memory_waits (self->resources) ||
      kib > lodge_machine_resources_get_memory_live_maximum (self->resources))
    lodge_machine_resources_store_memory_async (
      self->resources, kib, NULL, _lodge_resources_panel_over_cb,
      _lodge_resources_panel_expect (self, lodge_machine_resources_store_memory_finish, title));
  else
    lodge_machine_resources_set_memory_async (
      self->resources, kib, NULL, _lodge_resources_panel_over_cb,
      _lodge_resources_panel_expect (self, lodge_machine_resources_set_memory_finish, title));
}

static void
asked_cb (LodgeResourcesPanel *self,
          double               value)
{
  g_assert (LODGE_IS_RESOURCES_PANEL (self));

  if (self->resources != NULL)
    send (self, lodge_resource_kib_from_gib (value));
}

static char *
dup_too_small (LodgeResourcesPanel *self,
               const Limits        *limits)
{
  g_autofree char *floor = lodge_quantity_format_memory (limits->floor);

  return g_strdup_printf (_("The guest must keep %s: with less, its programs would be ended."), floor);
}

static char *
dup_too_large (LodgeResourcesPanel *self,
               const Limits        *limits)
{
  g_autofree char *reachable = lodge_quantity_format_memory (limits->reachable);
  g_autofree char *others = NULL;

  if (!lodge_budget_is_known (self->budget))
    return g_strdup_printf (_("At most %s can be had."), reachable);

  others = lodge_budget_words_dup_others (self->budget, self->machine);

  return g_strdup_printf (_("At most %s can be had. %s."), reachable, others);
}

static void
entered_cb (LodgeResourcesPanel *self,
            const char          *text)
{
  g_autoptr(GError) error = NULL;
  Limits limits;
  guint64 kib;

  g_assert (LODGE_IS_RESOURCES_PANEL (self));

  if (self->resources == NULL)
    return;

  limits = get_limits (self);

  if (lodge_quantity_parse_memory (text, limits.floor, limits.reachable, &kib, &error))
    {
      lodge_resource_row_accept (self->memory_row);

      if (kib != get_wanted (self))
        send (self, kib);

      _lodge_resources_panel_update_memory (self);
    }
  else
    {
      g_autofree char *too_small = dup_too_small (self, &limits);
      g_autofree char *too_large = dup_too_large (self, &limits);
      g_autofree char *words = lodge_resource_words_dup_refusal (error, text, FALSE, too_small, too_large);

      lodge_resource_row_refuse (self->memory_row, words);
    }
}

/* A step is a sixteenth of a GiB, more where there is much, and less where there is little. */
static void
update_steps (LodgeZoneScale *scale,
              double          total,
              double          least)
{
  double step = 1.0 / 16;

  while (total / step > 512)
    step *= 2;
  while (total / step < 32 && step > 1.0 / 1024)
    step /= 2;

  step = MAX (step, least);
  lodge_zone_scale_set_steps (scale, step, MAX (1, step));
}

static void
update_words (LodgeResourcesPanel *self,
              LodgeZoneScale      *scale,
              const Limits        *limits)
{
  guint64 used = lodge_usage_get_used (lodge_machine_get_usage (self->machine));
  guint64 live = lodge_machine_resources_get_memory_live_maximum (self->resources);
  g_autofree char *floor_text = lodge_quantity_format_memory (limits->floor);
  g_autofree char *used_text = lodge_quantity_format_memory (used);
  g_autofree char *live_text = lodge_quantity_format_memory (live);
  g_autofree char *reachable_text = lodge_quantity_format_memory (limits->reachable);
  gboolean assumed = lodge_machine_resources_get_memory_floor_source (self->resources) == LODGE_FLOOR_ASSUMED;
  g_autofree char *floor = used > 0 ?
    g_strdup_printf (_("The guest must keep %s; it uses %s now."), floor_text, used_text) :
    assumed ? g_strdup_printf (_("The guest must keep %s, as it does not say what it uses."), floor_text) :
    g_strdup_printf (_("The guest must keep %s."), floor_text);
  g_autofree char *free_words = live < limits->reachable && lodge_machine_is_active (self->machine) ?
    g_strdup_printf (_("Free: up to %s at once, up to %s after a restart."), live_text, reachable_text) :
    g_strdup_printf (_("Free: up to %s."), reachable_text);

  g_autofree char *list = lodge_budget_words_dup_others (self->budget, self->machine);
  g_autofree char *others = limits->reachable < limits->total && lodge_budget_is_known (self->budget) ?
    g_strdup_printf (_("Cannot be had. %s."), list) : NULL;

  lodge_zone_scale_set_words (scale, floor, free_words, others);
}

static void
update_graph (LodgeResourcesPanel *self,
              guint64              has)
{
  LodgeUsage *usage = lodge_machine_get_usage (self->machine);
  g_autoptr(GArray) history = lodge_usage_copy_history (usage);
  g_autoptr(GArray) points = g_array_new (FALSE, FALSE, sizeof (LodgeUsagePoint));
  g_autofree char *used_text = lodge_quantity_format_memory (lodge_usage_get_used (usage));
  g_autofree char *resident_text = lodge_quantity_format_memory (lodge_usage_get_resident (usage));
  g_autofree char *has_text = lodge_quantity_format_memory (has);
  g_autofree char *words = NULL;
  LodgeUsageGraph *graph = lodge_resource_row_get_graph (self->memory_row);
  gboolean guest_tells = lodge_usage_get_used (usage) > 0;

  for (guint i = 0; i < history->len; i++)
    {
      const LodgeUsageSample *sample = &g_array_index (history, LodgeUsageSample, i);
      guint64 value = guest_tells ? sample->used : sample->resident;
      LodgeUsagePoint point = { sample->time, value > 0 ? lodge_resource_gib_from_kib (value) : -1 };

      g_array_append_val (points, point);
    }

  if (guest_tells)
    words = g_strdup_printf (_("Memory in use over the last five minutes: now %s of %s"), used_text, has_text);
  else
    words = g_strdup_printf (_("Memory of the host that the guest occupied over the last five minutes: now %s"),
                             resident_text);

  gtk_widget_set_visible (GTK_WIDGET (graph), lodge_usage_get_sampled (usage));
  lodge_usage_graph_set_words (graph, words);
  lodge_usage_graph_set_points (graph, (const LodgeUsagePoint *)(gpointer)points->data, points->len,
                                lodge_resource_gib_from_kib (has));
}

static void
update_budget (LodgeResourcesPanel *self)
{
  gboolean known = lodge_budget_is_known (self->budget);
  g_autofree char *total = lodge_quantity_format_memory (lodge_budget_get_total (self->budget));
  g_autofree char *free_text = lodge_quantity_format_memory (lodge_budget_get_free (self->budget));
  g_autofree char *text = lodge_budget_get_free (self->budget) > 0 ?
    g_strdup_printf (_("%s of memory on the host, %s free"), total, free_text) :
    g_strdup_printf (_("%s of memory on the host, none of it free"), total);

  gtk_widget_set_visible (self->budget_box, known);
  gtk_label_set_text (self->budget_label, text);

  if (known)
    lodge_budget_words_show_memory (self->budget_bar, self->budget, self->machine);
}

void
_lodge_resources_panel_update_memory (LodgeResourcesPanel *self)
{
  LodgeZoneScale *scale = lodge_resource_row_get_scale (self->memory_row);
  LodgeObstacle obstacle = lodge_machine_resources_get_memory_obstacle (self->resources);
  LodgeObstacle way = lodge_machine_resources_get_memory_way_obstacle (self->resources);
  guint64 used = lodge_usage_get_used (lodge_machine_get_usage (self->machine));
  Limits limits = get_limits (self);
  g_autofree char *status = NULL;
  gboolean warning;

  update_steps (scale, lodge_resource_gib_from_kib (limits.total),
                lodge_resource_gib_from_kib (lodge_machine_resources_get_memory_step (self->resources)));
  lodge_zone_scale_set_zones (scale, lodge_resource_gib_from_kib (limits.floor),
                              lodge_resource_gib_from_kib (limits.reachable),
                              lodge_resource_gib_from_kib (limits.total));
  lodge_zone_scale_set_used (scale, lodge_resource_gib_from_kib (used));
  lodge_resource_row_set_value (self->memory_row, lodge_resource_gib_from_kib (get_wanted (self)));
  update_words (self, scale, &limits);

  lodge_resource_row_set_obstacle (self->memory_row, lodge_resource_words_obstacle (obstacle),
                                   _lodge_resources_panel_get_obstacle (self) == LODGE_OBSTACLE_NONE);
  status = lodge_resource_words_dup_memory (self->resources, &warning);

  /* Why a running one waits for its next start. */
  if (obstacle == LODGE_OBSTACLE_NONE && status != NULL &&
      lodge_machine_resources_get_memory_waits (self->resources))
    {
      g_autofree char *has = g_steal_pointer (&status);

      status = g_strdup_printf ("%s. %s", has, lodge_resource_words_obstacle (way));
    }

  lodge_resource_row_set_status (self->memory_row, status, warning);
  update_graph (self, lodge_machine_resources_get_memory_reached (self->resources));
  update_budget (self);
}

void
_lodge_resources_panel_init_memory (LodgeResourcesPanel *self)
{
  lodge_resource_row_set_formats (self->memory_row, lodge_resource_words_dup_gib,
                                  lodge_resource_words_dup_gib_exact);
  g_signal_connect_object (self->memory_row, "asked", G_CALLBACK (asked_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->memory_row, "entered", G_CALLBACK (entered_cb), self, G_CONNECT_SWAPPED);
}
