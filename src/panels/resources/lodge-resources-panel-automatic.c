/* lodge-resources-panel-automatic.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-memory-policy.h"
#include "lodge-quantity.h"
#include "lodge-resource-words.h"
#include "lodge-resources-panel-private.h"

/* The range as it is, or what stands for none. */
static guint64
get_floor (LodgeResourcesPanel *self)
{
  LodgeMachinePreferences *preferences = lodge_machine_get_preferences (self->machine);
  guint64 floor = lodge_machine_preferences_get_memory_floor (preferences);

  if (floor > 0)
    return floor;

  return lodge_memory_policy_get_default_floor (lodge_machine_resources_get_memory_boot (self->resources));
}

static guint64
get_ceiling (LodgeResourcesPanel *self)
{
  LodgeMachinePreferences *preferences = lodge_machine_get_preferences (self->machine);
  guint64 ceiling = lodge_machine_preferences_get_memory_ceiling (preferences);

  return ceiling > 0 ? ceiling : lodge_machine_resources_get_memory_live_maximum (self->resources);
}

static void
set_finish_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(LodgeResourcesPanel) self = user_data;
  g_autoptr(GError) error = NULL;

  self->n_ranges--;

  if (lodge_machine_preferences_set_memory_range_finish (LODGE_MACHINE_PREFERENCES (object), result, &error))
    _lodge_resources_panel_queue_update (self);
  else
    _lodge_resources_panel_refused (self, error, _("The automatic memory of “%s” was not changed"));
}

static void
set_range (LodgeResourcesPanel *self,
           gboolean             automatic,
           guint64              floor,
           guint64              ceiling)
{
  self->n_ranges++;
  lodge_machine_preferences_set_memory_range_async (lodge_machine_get_preferences (self->machine),
                                                    automatic, floor, ceiling, NULL,
                                                    set_finish_cb, g_object_ref (self));
}

static void
switched_cb (LodgeResourcesPanel *self)
{
  LodgeMachinePreferences *preferences;
  gboolean automatic = gtk_switch_get_active (self->automatic_switch);

  g_assert (LODGE_IS_RESOURCES_PANEL (self));

  if (self->updating || self->machine == NULL)
    return;

  preferences = lodge_machine_get_preferences (self->machine);

  if (automatic != lodge_machine_preferences_get_automatic_memory (preferences))
    set_range (self, automatic, lodge_machine_preferences_get_memory_floor (preferences),
               lodge_machine_preferences_get_memory_ceiling (preferences));
}

static void
refuse (LodgeAmountField *field,
        const GError     *error,
        const char       *text,
        const char       *too_small_format,
        guint64           minimum,
        const char       *too_large_format,
        guint64           maximum)
{
  g_autofree char *minimum_text = lodge_quantity_format_memory (minimum);
  g_autofree char *maximum_text = lodge_quantity_format_memory (maximum);
  g_auto(GStrv) small_parts = g_strsplit (too_small_format, "%s", 2);
  g_auto(GStrv) large_parts = g_strsplit (too_large_format, "%s", 2);
  g_autofree char *too_small = g_strjoinv (minimum_text, small_parts);
  g_autofree char *too_large = g_strjoinv (maximum_text, large_parts);
  g_autofree char *words = lodge_resource_words_dup_refusal (error, text, FALSE, too_small, too_large);

  lodge_amount_field_refuse (field, words);
}

static void
floor_entered_cb (LodgeResourcesPanel *self,
                  const char          *text)
{
  LodgeMachinePreferences *preferences = lodge_machine_get_preferences (self->machine);
  guint64 least = lodge_memory_policy_get_least (0);
  g_autoptr(GError) error = NULL;
  guint64 kib;

  g_assert (LODGE_IS_RESOURCES_PANEL (self));

  if (lodge_quantity_parse_memory (text, least, get_ceiling (self), &kib, &error))
    {
      lodge_amount_field_accept (self->floor_field);
      set_range (self, lodge_machine_preferences_get_automatic_memory (preferences), kib,
                 lodge_machine_preferences_get_memory_ceiling (preferences));
    }
  else
    refuse (self->floor_field, error, text, _("With less than %s no guest works."), least,
            _("That is more than its upper end, %s."), get_ceiling (self));
}

static void
ceiling_entered_cb (LodgeResourcesPanel *self,
                    const char          *text)
{
  LodgeMachinePreferences *preferences = lodge_machine_get_preferences (self->machine);
  guint64 maximum = lodge_machine_resources_get_memory_live_maximum (self->resources);
  g_autoptr(GError) error = NULL;
  guint64 kib;

  g_assert (LODGE_IS_RESOURCES_PANEL (self));

  if (lodge_quantity_parse_memory (text, get_floor (self), MAX (maximum, get_floor (self)), &kib, &error))
    {
      lodge_amount_field_accept (self->ceiling_field);
      set_range (self, lodge_machine_preferences_get_automatic_memory (preferences),
                 lodge_machine_preferences_get_memory_floor (preferences), kib);
    }
  else
    refuse (self->ceiling_field, error, text, _("That is less than its lower end, %s."), get_floor (self),
            _("Without a restart the guest can have %s at most."), maximum);
}

/* What it does now, or what it would do. */
static const char *
get_words (LodgeResourcesPanel *self)
{
  LodgeMachinePreferences *preferences = lodge_machine_get_preferences (self->machine);
  const char *words = NULL;

  if (lodge_machine_preferences_get_automatic_memory (preferences) && lodge_machine_is_active (self->machine))
    words = lodge_resource_words_reason (lodge_machine_preferences_get_memory_reason (preferences));

  return words != NULL ? words : _("What the guest does not use serves the host, and comes back when the "
                                   "guest needs it.");
}

void
_lodge_resources_panel_update_automatic (LodgeResourcesPanel *self)
{
  LodgeMachinePreferences *preferences = lodge_machine_get_preferences (self->machine);
  LodgeObstacle obstacle = lodge_machine_resources_get_memory_obstacle (self->resources);
  LodgeObstacle way = lodge_machine_resources_get_memory_way_obstacle (self->resources);
  const char *reason = lodge_resource_words_obstacle (obstacle != LODGE_OBSTACLE_NONE ? obstacle : way);
  g_autofree char *floor = lodge_quantity_format_memory_exact (get_floor (self));
  g_autofree char *ceiling = lodge_quantity_format_memory_exact (get_ceiling (self));
  gboolean automatic = lodge_machine_preferences_get_automatic_memory (preferences);

  /* Until it is written, what the user has chosen stands. And a switch that is on its way does not get
   * there if it is told what it is.
   */
  if (self->n_ranges == 0 && automatic != gtk_switch_get_active (self->automatic_switch))
    {
      self->updating = TRUE;
      gtk_switch_set_active (self->automatic_switch, automatic);
      self->updating = FALSE;
    }

  lodge_amount_field_set_text (self->floor_field, floor);
  lodge_amount_field_set_text (self->ceiling_field, ceiling);

  /* Who has switched it on elsewhere can always switch it off. */
  gtk_widget_set_sensitive (GTK_WIDGET (self->automatic_switch), reason == NULL || automatic);
  _lodge_resources_panel_bar (GTK_WIDGET (self->automatic_switch), reason);
  lodge_amount_field_set_obstacle (self->floor_field, reason);
  lodge_amount_field_set_obstacle (self->ceiling_field, reason);
  gtk_label_set_text (self->automatic_label,
                      reason != NULL && _lodge_resources_panel_get_obstacle (self) == LODGE_OBSTACLE_NONE
                      ? reason : get_words (self));
}

void
_lodge_resources_panel_init_automatic (LodgeResourcesPanel *self)
{
  g_signal_connect_object (self->automatic_switch, "notify::active", G_CALLBACK (switched_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->floor_field, "entered", G_CALLBACK (floor_entered_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->ceiling_field, "entered", G_CALLBACK (ceiling_entered_cb),
                           self, G_CONNECT_SWAPPED);
}
