/* lodge-sound-popover.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-sound-popover.h"

/**
 * LodgeSoundPopover:
 *
 * How loud the guest is here, and whether it hears.
 */

struct _LodgeSoundPopover
{
  GtkPopover     parent_instance;

  GBindingGroup *bindings;

  /* Template references */
  GtkSwitch     *microphone;
  GtkWidget     *microphone_row;
  GtkSwitch     *mute;
  GtkWidget     *mute_row;
  GtkAdjustment *volume_adjustment;
  GtkWidget     *volume_row;
};

G_DEFINE_FINAL_TYPE (LodgeSoundPopover, lodge_sound_popover, GTK_TYPE_POPOVER)

static void
lodge_sound_popover_dispose (GObject *object)
{
  LodgeSoundPopover *self = (LodgeSoundPopover *)object;

  g_clear_object (&self->bindings);
  gtk_widget_dispose_template (GTK_WIDGET (self), LODGE_TYPE_SOUND_POPOVER);

  G_OBJECT_CLASS (lodge_sound_popover_parent_class)->dispose (object);
}

static void
lodge_sound_popover_class_init (LodgeSoundPopoverClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lodge_sound_popover_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/panels/lodge-sound-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, LodgeSoundPopover, microphone);
  gtk_widget_class_bind_template_child (widget_class, LodgeSoundPopover, microphone_row);
  gtk_widget_class_bind_template_child (widget_class, LodgeSoundPopover, mute);
  gtk_widget_class_bind_template_child (widget_class, LodgeSoundPopover, mute_row);
  gtk_widget_class_bind_template_child (widget_class, LodgeSoundPopover, volume_adjustment);
  gtk_widget_class_bind_template_child (widget_class, LodgeSoundPopover, volume_row);
}

/* What is insensitive says why. */
static gboolean
reason_to (GBinding     *binding,
           const GValue *from,
           GValue       *to,
           gpointer      reason)
{
  g_value_set_string (to, g_value_get_boolean (from) ? "" : reason);

  return TRUE;
}

static void
bind_row (LodgeSoundPopover *self,
          const char        *property,
          GtkWidget         *row,
          const char        *reason)
{
  g_binding_group_bind (self->bindings, property, row, "sensitive", G_BINDING_SYNC_CREATE);
  g_binding_group_bind_full (self->bindings, property, row, "subtitle", G_BINDING_SYNC_CREATE,
                             reason_to, NULL, (gpointer)reason, NULL);
}

static void
lodge_sound_popover_init (LodgeSoundPopover *self)
{
  GBindingFlags both = G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL;

  gtk_widget_init_template (GTK_WIDGET (self));

  self->bindings = g_binding_group_new ();
  g_binding_group_bind (self->bindings, "playback-volume", self->volume_adjustment, "value", both);
  g_binding_group_bind (self->bindings, "playback-muted", self->mute, "active", both);
  g_binding_group_bind (self->bindings, "record-muted", self->microphone, "active", both);
  bind_row (self, "has-playback", self->volume_row, NULL);
  bind_row (self, "has-playback", self->mute_row, _("The guest does not play to its screen."));
  bind_row (self, "has-record", self->microphone_row, _("The guest does not record from its screen."));
}

GtkWidget *
lodge_sound_popover_new (void)
{
  return g_object_new (LODGE_TYPE_SOUND_POPOVER, NULL);
}

void
lodge_sound_popover_set_console (LodgeSoundPopover *self,
                                 LodgeConsole      *console)
{
  g_return_if_fail (LODGE_IS_SOUND_POPOVER (self));

  g_binding_group_set_source (self->bindings, console != NULL ? lodge_console_get_session (console) : NULL);
}
