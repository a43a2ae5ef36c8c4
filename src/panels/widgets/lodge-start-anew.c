/* lodge-start-anew.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-machine-actions.h"
#include "lodge-start-anew.h"

/* A call that shuts a guest down may fail because the guest goes off while it is asked. */
#define GRACE_SECONDS 3

typedef struct
{
  GtkWidget    *widget;
  LodgeMachine *machine;
  gulong        handler_id;
  guint         idle_id;
  guint         grace_id;
} Renewal;

static void
renewal_free (Renewal *self)
{
  g_signal_handler_disconnect (self->machine, self->handler_id);
  g_clear_handle_id (&self->idle_id, g_source_remove);
  g_clear_handle_id (&self->grace_id, g_source_remove);
  g_object_unref (self->machine);
  g_object_unref (self->widget);
  g_free (self);
}

static gboolean
grace_over_cb (gpointer user_data)
{
  Renewal *self = user_data;

  self->grace_id = 0;
  renewal_free (self);

  return G_SOURCE_REMOVE;
}

/* State and pending do not change in one moment: what both say is looked at when both have changed. */
static gboolean
look_cb (gpointer user_data)
{
  Renewal *self = user_data;
  gboolean is_active = lodge_machine_is_active (self->machine);

  self->idle_id = 0;

  if (is_active)
    {
      if (lodge_machine_get_pending (self->machine) == LODGE_ACTION_SHUT_DOWN)
        g_clear_handle_id (&self->grace_id, g_source_remove);
      else if (self->grace_id == 0)
        self->grace_id = g_timeout_add_seconds (GRACE_SECONDS, grace_over_cb, self);

      return G_SOURCE_REMOVE;
    }

  if (lodge_machine_can (self->machine, LODGE_ACTION_START))
    lodge_machine_actions_perform (self->widget, self->machine, LODGE_ACTION_START);

  renewal_free (self);

  return G_SOURCE_REMOVE;
}

static void
changed_cb (Renewal *self)
{
  if (self->idle_id == 0)
    self->idle_id = g_idle_add (look_cb, self);
}

/**
 * lodge_start_anew:
 * @widget: where a failure is shown
 * @machine: a machine that runs
 *
 * Shuts @machine down and starts it again. What was changed in its stored definition holds only then:
 * a restart by the guest itself goes on with the machine as it is. If the guest does not heed, nothing
 * more is done.
 */
void
lodge_start_anew (GtkWidget    *widget,
                  LodgeMachine *machine)
{
  Renewal *self;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (LODGE_IS_MACHINE (machine));

  if (!lodge_machine_can (machine, LODGE_ACTION_SHUT_DOWN))
    return;

  self = g_new0 (Renewal, 1);
  self->widget = g_object_ref (widget);
  self->machine = g_object_ref (machine);
  self->handler_id = g_signal_connect_swapped (machine, "notify", G_CALLBACK (changed_cb), self);
  lodge_machine_actions_perform (widget, machine, LODGE_ACTION_SHUT_DOWN);
  changed_cb (self);
}
