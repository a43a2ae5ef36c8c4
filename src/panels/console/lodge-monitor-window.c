/* lodge-monitor-window.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-fullscreen-box.h"
#include "lodge-monitor-window.h"
#include "lodge-screen-view.h"
#include "lodge-words.h"

/* A guest that changes the mode of one of its monitors may let the others go dark on the way. */
#define DARK_SECONDS 3

/**
 * LodgeMonitorWindow:
 *
 * Another monitor of a guest. It keeps the console, so the guest's screens stay while the main
 * window shows something else.
 */

struct _LodgeMonitorWindow
{
  AdwWindow        parent_instance;

  LodgeConsole    *console;
  LodgeScreen     *screen;
  guint            dark_timeout;

  /* Template references */
  GtkButton       *fullscreen_button;
  LodgeScreenView *view;
};

G_DEFINE_FINAL_TYPE (LodgeMonitorWindow, lodge_monitor_window, ADW_TYPE_WINDOW)

static void
fullscreen_activated (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  GtkWindow *window = GTK_WINDOW (widget);

  if (gtk_window_is_fullscreen (window))
    gtk_window_unfullscreen (window);
  else
    gtk_window_fullscreen (window);
}

static void
fullscreened_cb (LodgeMonitorWindow *self)
{
  gboolean fullscreen = gtk_window_is_fullscreen (GTK_WINDOW (self));
  const char *words = fullscreen ? _("Leave Fullscreen") : _("Fullscreen");

  g_assert (LODGE_IS_MONITOR_WINDOW (self));

  gtk_button_set_icon_name (self->fullscreen_button,
                            fullscreen ? "view-restore-symbolic" : "view-fullscreen-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->fullscreen_button), words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->fullscreen_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  words, -1);
}

static gboolean
dark_timeout_cb (gpointer user_data)
{
  LodgeMonitorWindow *self = user_data;

  self->dark_timeout = 0;
  gtk_window_destroy (GTK_WINDOW (self));

  return G_SOURCE_REMOVE;
}

static void
screens_changed_cb (LodgeMonitorWindow *self)
{
  GListModel *screens = lodge_display_session_list_screens (lodge_console_get_session (self->console));

  g_assert (LODGE_IS_MONITOR_WINDOW (self));

  for (guint i = 0; i < g_list_model_get_n_items (screens); i++)
    {
      g_autoptr(LodgeScreen) screen = g_list_model_get_item (screens, i);

      if (lodge_screen_get_id (screen) != lodge_screen_get_id (self->screen))
        continue;

      g_clear_handle_id (&self->dark_timeout, g_source_remove);
      if (g_set_object (&self->screen, screen))
        lodge_screen_view_set_screen (self->view, screen);

      return;
    }

  if (self->dark_timeout == 0)
    self->dark_timeout = g_timeout_add_seconds (DARK_SECONDS, dark_timeout_cb, self);
}

static void
state_cb (LodgeMonitorWindow *self)
{
  LodgeConsoleState state = lodge_console_get_state (self->console);

  g_assert (LODGE_IS_MONITOR_WINDOW (self));

  lodge_display_set_dimmed (lodge_screen_view_get_display (self->view), state != LODGE_CONSOLE_STATE_SHOWN);

  if (state == LODGE_CONSOLE_STATE_OFF || state == LODGE_CONSOLE_STATE_NO_SCREEN)
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
lodge_monitor_window_dispose (GObject *object)
{
  LodgeMonitorWindow *self = (LodgeMonitorWindow *)object;

  g_clear_handle_id (&self->dark_timeout, g_source_remove);

  /* The guest moves what it showed there to a monitor that is left. */
  if (self->screen != NULL)
    lodge_display_session_set_monitor_wanted (lodge_console_get_session (self->console),
                                              lodge_screen_get_id (self->screen), FALSE);

  gtk_widget_dispose_template (GTK_WIDGET (self), LODGE_TYPE_MONITOR_WINDOW);
  g_clear_object (&self->screen);
  g_clear_object (&self->console);

  G_OBJECT_CLASS (lodge_monitor_window_parent_class)->dispose (object);
}

static void
lodge_monitor_window_class_init (LodgeMonitorWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lodge_monitor_window_dispose;

  gtk_widget_class_install_action (widget_class, "monitor.fullscreen", NULL, fullscreen_activated);

  g_type_ensure (LODGE_TYPE_FULLSCREEN_BOX);
  g_type_ensure (LODGE_TYPE_SCREEN_VIEW);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/panels/lodge-monitor-window.ui");
  gtk_widget_class_bind_template_child (widget_class, LodgeMonitorWindow, fullscreen_button);
  gtk_widget_class_bind_template_child (widget_class, LodgeMonitorWindow, view);
}

static void
lodge_monitor_window_init (LodgeMonitorWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "notify::fullscreened", G_CALLBACK (fullscreened_cb), NULL);
}

GtkWindow *
lodge_monitor_window_new (LodgeConsole *console,
                          LodgeScreen  *screen)
{
  LodgeMonitorWindow *self;
  g_autofree char *title = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (LODGE_IS_CONSOLE (console), NULL);
  g_return_val_if_fail (LODGE_IS_SCREEN (screen), NULL);

  self = g_object_new (LODGE_TYPE_MONITOR_WINDOW, NULL);
  self->console = g_object_ref (console);
  self->screen = g_object_ref (screen);

  title = lodge_words_dup_machine_title (lodge_console_get_machine (console));
  text = g_strdup_printf (_("%s, Monitor %d"), title, lodge_screen_get_id (screen) + 1);
  gtk_window_set_title (GTK_WINDOW (self), text);

  lodge_screen_view_set_console (self->view, console);
  lodge_screen_view_set_screen (self->view, screen);
  g_signal_connect_object (lodge_display_session_list_screens (lodge_console_get_session (console)),
                           "items-changed", G_CALLBACK (screens_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (console, "notify::state", G_CALLBACK (state_cb), self, G_CONNECT_SWAPPED);
  state_cb (self);

  return GTK_WINDOW (self);
}

gboolean
lodge_monitor_window_shows (LodgeMonitorWindow *self,
                            LodgeConsole       *console,
                            int                 id)
{
  g_return_val_if_fail (LODGE_IS_MONITOR_WINDOW (self), FALSE);

  return self->console == console && self->screen != NULL && lodge_screen_get_id (self->screen) == id;
}
