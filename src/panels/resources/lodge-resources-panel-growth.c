/* lodge-resources-panel-growth.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-quantity.h"
#include "lodge-resource-words.h"
#include "lodge-resources-panel-private.h"

static void
prepare_finish_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(LodgeResourcesPanel) self = user_data;
  g_autoptr(GError) error = NULL;

  self->preparing = FALSE;

  if (!lodge_machine_resources_prepare_growth_finish (LODGE_MACHINE_RESOURCES (object), result, &error))
    _lodge_resources_panel_refused (self, error, _("“%s” was not prepared for growth"));
  else
    _lodge_resources_panel_queue_update (self);
}

/* Up to what the budget allows now: more than that it could not be given either. */
static void
prepare_clicked_cb (LodgeResourcesPanel *self)
{
  gboolean known = lodge_budget_is_known (self->budget);
  guint64 memory = known ? lodge_budget_get_reachable_memory (self->budget, self->machine) : 0;
  guint cores = known ? lodge_budget_get_reachable_cores (self->budget, self->machine) : 0;

  g_assert (LODGE_IS_RESOURCES_PANEL (self));

  self->preparing = TRUE;
  lodge_machine_resources_prepare_growth_async (self->resources, memory, cores, NULL,
                                                prepare_finish_cb, g_object_ref (self));
  _lodge_resources_panel_update_growth (self);
}

static void
online_clicked_cb (LodgeResourcesPanel *self)
{
  g_assert (LODGE_IS_RESOURCES_PANEL (self));

  lodge_machine_resources_bring_online_async (
    self->resources, NULL, _lodge_resources_panel_over_cb,
    _lodge_resources_panel_expect (self, lodge_machine_resources_bring_online_finish,
                                   _("“%s” did not take what it was given")));
}

static char *
dup_growth_words (LodgeResourcesPanel *self,
                  LodgeObstacle        obstacle)
{
  g_autofree char *memory =
    lodge_quantity_format_memory (lodge_machine_resources_get_memory_live_maximum (self->resources));
  const char *reason = lodge_resource_words_obstacle (obstacle);

  if (reason != NULL)
    return g_strdup_printf (_("Above %s this guest grows only by a restart, and cannot be prepared for more. "
                              "%s"), memory, reason);

  return g_strdup_printf (_("Above %s this guest grows only by a restart. Once prepared, it grows while it "
                            "runs, from its next start on."), memory);
}

/* What the guest's kernel has not taken of what it was given, and what helps. */
static char *
dup_offline_words (LodgeResourcesPanel *self)
{
  guint64 memory = lodge_machine_resources_get_memory_offline (self->resources);
  guint vcpus = lodge_machine_resources_get_vcpus_offline (self->resources);
  g_autofree char *amount = lodge_quantity_format_memory (memory);

  if (lodge_machine_resources_get_agent_hangs (self->resources))
    return g_strdup (_("The guest agent is connected, but does not answer. Restart qemu-guest-agent in the "
                       "guest, or the guest."));

  if (!lodge_machine_is_active (self->machine))
    return NULL;

  if (memory > 0)
    return g_strdup_printf (_("The guest’s kernel leaves %s of its memory unused. Its guest agent can switch "
                              "that on; with the kernel option memhp_default_state=online_movable it does so "
                              "by itself."), amount);

  if (vcpus > 0)
    return g_strdup_printf (ngettext ("The guest’s kernel leaves %u core unused. Its guest agent can switch "
                                      "that on.",
                                      "The guest’s kernel leaves %u cores unused. Its guest agent can switch "
                                      "them on.", vcpus), vcpus);

  return NULL;
}

void
_lodge_resources_panel_update_growth (LodgeResourcesPanel *self)
{
  LodgeObstacle obstacle = lodge_machine_resources_get_growth_obstacle (self->resources);
  gboolean wanted = lodge_machine_resources_is_ready (self->resources) &&
                    !lodge_machine_resources_get_growth_prepared (self->resources) &&
                    lodge_machine_resources_get_memory_obstacle (self->resources) == LODGE_OBSTACLE_NONE;
  gboolean can_wake = (lodge_machine_resources_get_ways (self->resources) & LODGE_WAY_AGENT) != 0 &&
                      !lodge_machine_resources_get_agent_hangs (self->resources);
  g_autofree char *words = dup_growth_words (self, obstacle);
  g_autofree char *offline = dup_offline_words (self);

  gtk_widget_set_visible (self->growth_box, wanted);
  gtk_label_set_text (self->growth_label, words);
  gtk_widget_set_sensitive (self->growth_button, obstacle == LODGE_OBSTACLE_NONE && !self->preparing);
  gtk_widget_set_tooltip_text (self->growth_button, lodge_resource_words_obstacle (obstacle));

  gtk_widget_set_visible (self->offline_box, offline != NULL);
  gtk_label_set_text (self->offline_label, offline != NULL ? offline : "");
  gtk_widget_set_sensitive (self->offline_button, can_wake);
  gtk_widget_set_tooltip_text (self->offline_button,
                               can_wake ? NULL : _("The guest agent does not run in the guest"));
}

void
_lodge_resources_panel_init_growth (LodgeResourcesPanel *self)
{
  g_signal_connect_object (self->growth_button, "clicked", G_CALLBACK (prepare_clicked_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->offline_button, "clicked", G_CALLBACK (online_clicked_cb),
                           self, G_CONNECT_SWAPPED);
}
