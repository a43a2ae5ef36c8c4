/* lodge-resources-panel-priority.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-resource-words.h"
#include "lodge-resources-panel-private.h"

/* Whether the processors can not heed a priority on this host, while automatic memory can. */
static gboolean
is_half (LodgeObstacle obstacle)
{
  return obstacle == LODGE_OBSTACLE_SESSION || obstacle == LODGE_OBSTACLE_NO_CGROUPS;
}

static void
done (LodgeResourcesPanel *self,
      const GError        *error)
{
  self->n_priorities--;

  if (error != NULL)
    _lodge_resources_panel_refused (self, error, _("The priority of “%s” was not changed"));
  else
    _lodge_resources_panel_queue_update (self);
}

static void
set_finish_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(LodgeResourcesPanel) self = user_data;
  g_autoptr(GError) error = NULL;

  lodge_machine_resources_set_priority_finish (LODGE_MACHINE_RESOURCES (object), result, &error);
  done (self, error);
}

static void
wished_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(LodgeResourcesPanel) self = user_data;
  LodgeMachinePreferences *preferences = LODGE_MACHINE_PREFERENCES (object);
  LodgeMachine *machine = lodge_machine_preferences_get_machine (preferences);
  LodgeMachineResources *resources = machine != NULL ? lodge_machine_get_resources (machine) : NULL;
  g_autoptr(GError) error = NULL;

  if (!lodge_machine_preferences_set_priority_finish (preferences, result, &error) || resources == NULL ||
      lodge_machine_resources_get_priority_obstacle (resources) != LODGE_OBSTACLE_NONE)
    done (self, error);
  else
    lodge_machine_resources_set_priority_async (resources,
                                                lodge_machine_preferences_get_priority (preferences), NULL,
                                                set_finish_cb, g_steal_pointer (&self));
}

/* Also one that is active: what is wished may not be so yet. */
static void
clicked_cb (LodgeResourcesPanel *self,
            GtkButton           *button)
{
  LodgePriority priority = button == GTK_BUTTON (self->priority_background) ? LODGE_PRIORITY_BACKGROUND :
                           button == GTK_BUTTON (self->priority_first) ? LODGE_PRIORITY_FIRST :
                           LODGE_PRIORITY_NORMAL;

  g_assert (LODGE_IS_RESOURCES_PANEL (self));

  if (self->machine == NULL)
    return;

  self->n_priorities++;
  lodge_machine_preferences_set_priority_async (lodge_machine_get_preferences (self->machine), priority, NULL,
                                                wished_cb, g_object_ref (self));
}

static const char *
get_words (LodgeResourcesPanel *self,
           LodgeObstacle        obstacle)
{
  if (obstacle == LODGE_OBSTACLE_SESSION)
    return _("Automatic memory heeds this here; processor time does not: that can be shared out only among "
             "guests of the system (qemu:///system).");

  if (obstacle == LODGE_OBSTACLE_NO_CGROUPS)
    return _("Automatic memory heeds this here; processor time does not: the host has no control group for "
             "this guest.");

  if (obstacle != LODGE_OBSTACLE_NONE)
    return lodge_resource_words_obstacle (obstacle);

  if (lodge_machine_get_priority (self->machine) != lodge_machine_resources_get_priority (self->resources))
    return _("Processor time does not heed this on this host yet. Press it once more for that.");

  return NULL;
}

static const char *
get_effect (LodgePriority priority)
{
  switch (priority)
    {
    case LODGE_PRIORITY_BACKGROUND:
      return _("Gives way to all others when there is not enough processor time");

    case LODGE_PRIORITY_FIRST:
      return _("Before all others when there is not enough processor time");

    case LODGE_PRIORITY_NORMAL:
    default:
      return _("As much processor time as any other guest");
    }
}

void
_lodge_resources_panel_update_priority (LodgeResourcesPanel *self)
{
  LodgeObstacle obstacle = lodge_machine_resources_get_priority_obstacle (self->resources);
  GtkToggleButton *buttons[] = { self->priority_background, self->priority_normal, self->priority_first };
  gboolean barred = obstacle != LODGE_OBSTACLE_NONE && !is_half (obstacle);
  const char *words;

  /* Until it is written, what the user has pressed stands. */
  if (self->n_priorities > 0)
    return;

  words = get_words (self, obstacle);
  gtk_toggle_button_set_active (buttons[lodge_machine_get_priority (self->machine)], TRUE);
  gtk_widget_set_tooltip_text (self->priority_box, words);

  /* Not the box: GTK tells assistive technology of nothing that is around a widget. */
  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++)
    {
      gtk_widget_set_sensitive (GTK_WIDGET (buttons[i]), !barred);
      _lodge_resources_panel_bar (GTK_WIDGET (buttons[i]), barred ? words : get_effect (i));
    }

  gtk_label_set_text (self->priority_reason, words != NULL ? words : "");
  gtk_widget_set_visible (GTK_WIDGET (self->priority_reason),
                          words != NULL && _lodge_resources_panel_get_obstacle (self) == LODGE_OBSTACLE_NONE);
}

void
_lodge_resources_panel_init_priority (LodgeResourcesPanel *self)
{
  GtkToggleButton *buttons[] = { self->priority_background, self->priority_normal, self->priority_first };

  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++)
    g_signal_connect_object (buttons[i], "clicked", G_CALLBACK (clicked_cb), self, G_CONNECT_SWAPPED);
}
