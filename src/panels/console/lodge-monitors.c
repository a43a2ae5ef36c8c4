/* lodge-monitors.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-monitor-window.h"
#include "lodge-monitors.h"

/* How long a guest's desktop may take to find out that it has one monitor more. */
#define SWITCH_SECONDS 8

/**
 * LodgeMonitors:
 *
 * A guest has as many monitors as windows show it: to open the window of one that is dark asks the
 * guest to switch it on first, and the window comes with its picture.
 */

struct _LodgeMonitors
{
  GObject       parent_instance;

  /* Not held: it holds us */
  LodgePanel   *panel;
  GMenu        *menu;
  LodgeConsole *console;
  GSignalGroup *screens_signals;
  GSignalGroup *session_signals;
  guint         switch_timeout;
  int           switching;
};

G_DEFINE_FINAL_TYPE (LodgeMonitors, lodge_monitors, G_TYPE_OBJECT)

static LodgeScreen *
dup_screen (LodgeMonitors *self,
            int            id)
{
  GListModel *screens = lodge_display_session_list_screens (lodge_console_get_session (self->console));

  for (guint i = 0; i < g_list_model_get_n_items (screens); i++)
    {
      g_autoptr(LodgeScreen) screen = g_list_model_get_item (screens, i);

      if (lodge_screen_get_id (screen) == id)
        return g_steal_pointer (&screen);
    }

  return NULL;
}

static void
update_menu (LodgeMonitors *self)
{
  LodgeDisplaySession *session;
  gboolean can_resize;
  guint max_monitors;

  g_assert (LODGE_IS_MONITORS (self));

  g_menu_remove_all (self->menu);

  if (self->console == NULL)
    return;

  session = lodge_console_get_session (self->console);
  g_object_get (session, "can-resize", &can_resize, NULL);
  max_monitors = lodge_display_session_get_max_monitors (session);

  /* All but the first, which the main window shows. */
  for (int id = 1; id < (int)max_monitors; id++)
    {
      g_autoptr(LodgeScreen) screen = dup_screen (self, id);
      g_autofree char *label = g_strdup_printf (_("Monitor %d in a Window"), id + 1);
      g_autoptr(GMenuItem) item = g_menu_item_new (label, NULL);

      if (screen == NULL && !can_resize)
        continue;

      g_menu_item_set_action_and_target (item, "panel.monitor", "i", id);
      g_menu_append_item (self->menu, item);
    }

  if (g_menu_model_get_n_items (G_MENU_MODEL (self->menu)) == 0)
    g_menu_append (self->menu,
                   max_monitors > 1 ? _("More Monitors Need the Agent") : _("The Guest Has One Monitor"),
                   "panel.no-monitor");
}

static GtkWindow *
find_window (LodgeMonitors *self,
             LodgeScreen   *screen)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr(GtkWindow) window = g_list_model_get_item (windows, i);

      /* The list keeps it. */
      if (LODGE_IS_MONITOR_WINDOW (window) &&
          lodge_monitor_window_shows (LODGE_MONITOR_WINDOW (window), self->console,
                                      lodge_screen_get_id (screen)))
        return window;
    }

  return NULL;
}

static void
show_screen (LodgeMonitors *self,
             LodgeScreen   *screen)
{
  GtkWindow *window = find_window (self, screen);

  if (window == NULL)
    {
      window = lodge_monitor_window_new (self->console, screen);
      g_signal_connect_object (gtk_widget_get_root (GTK_WIDGET (self->panel)), "destroy",
                               G_CALLBACK (gtk_window_destroy), window, G_CONNECT_SWAPPED);
    }

  gtk_window_present (window);
}

static void
stop_switching (LodgeMonitors *self)
{
  g_clear_handle_id (&self->switch_timeout, g_source_remove);
  self->switching = 0;
}

static gboolean
switch_timeout_cb (gpointer user_data)
{
  LodgeMonitors *self = user_data;
  g_autofree char *text = g_strdup_printf (_("The guest did not switch monitor %d on."), self->switching + 1);

  lodge_display_session_set_monitor_wanted (lodge_console_get_session (self->console), self->switching, FALSE);
  self->switch_timeout = 0;
  self->switching = 0;
  lodge_panel_say (self->panel, text);

  return G_SOURCE_REMOVE;
}

static void
screens_changed_cb (LodgeMonitors *self)
{
  g_autoptr(LodgeScreen) screen = NULL;

  g_assert (LODGE_IS_MONITORS (self));

  if (self->switching > 0 && (screen = dup_screen (self, self->switching)) != NULL)
    {
      stop_switching (self);
      show_screen (self, screen);
    }

  update_menu (self);
}

static void
lodge_monitors_dispose (GObject *object)
{
  LodgeMonitors *self = (LodgeMonitors *)object;

  stop_switching (self);
  g_clear_object (&self->screens_signals);
  g_clear_object (&self->session_signals);
  g_clear_object (&self->console);
  g_clear_object (&self->menu);

  G_OBJECT_CLASS (lodge_monitors_parent_class)->dispose (object);
}

static void
lodge_monitors_class_init (LodgeMonitorsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lodge_monitors_dispose;
}

static void
lodge_monitors_init (LodgeMonitors *self)
{
  self->screens_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_object (self->screens_signals, "items-changed", G_CALLBACK (screens_changed_cb),
                                 self, G_CONNECT_SWAPPED);

  self->session_signals = g_signal_group_new (LODGE_TYPE_DISPLAY_SESSION);
  g_signal_group_connect_object (self->session_signals, "notify::max-monitors", G_CALLBACK (update_menu),
                                 self, G_CONNECT_SWAPPED);
  g_signal_group_connect_object (self->session_signals, "notify::can-resize", G_CALLBACK (update_menu),
                                 self, G_CONNECT_SWAPPED);
}

/**
 * lodge_monitors_new:
 * @panel: the panel that will hold the result
 * @menu: what to fill; its items call the action panel.monitor with a screen's id
 */
LodgeMonitors *
lodge_monitors_new (LodgePanel *panel,
                    GMenu      *menu)
{
  LodgeMonitors *self;

  g_return_val_if_fail (LODGE_IS_PANEL (panel), NULL);
  g_return_val_if_fail (G_IS_MENU (menu), NULL);

  self = g_object_new (LODGE_TYPE_MONITORS, NULL);
  self->panel = panel;
  self->menu = g_object_ref (menu);

  return self;
}

/* @console: (nullable). Windows that are open stay. */
void
lodge_monitors_set_console (LodgeMonitors *self,
                            LodgeConsole  *console)
{
  LodgeDisplaySession *session;

  g_return_if_fail (LODGE_IS_MONITORS (self));

  if (!g_set_object (&self->console, console))
    return;

  session = console != NULL ? lodge_console_get_session (console) : NULL;
  stop_switching (self);
  g_signal_group_set_target (self->session_signals, session);
  g_signal_group_set_target (self->screens_signals,
                             session != NULL ? lodge_display_session_list_screens (session) : NULL);
  update_menu (self);
}

/**
 * lodge_monitors_open:
 * @id: the id of a screen, lit or dark
 *
 * Shows a monitor in a window of its own, or brings the one that does to the front.
 */
void
lodge_monitors_open (LodgeMonitors *self,
                     int            id)
{
  g_autoptr(LodgeScreen) screen = NULL;

  g_return_if_fail (LODGE_IS_MONITORS (self));

  if (self->console == NULL ||
      id < 1 || id >= (int)lodge_display_session_get_max_monitors (lodge_console_get_session (self->console)))
    return;

  stop_switching (self);
  lodge_display_session_set_monitor_wanted (lodge_console_get_session (self->console), id, TRUE);

  if ((screen = dup_screen (self, id)) != NULL)
    {
      show_screen (self, screen);
      return;
    }

  self->switching = id;
  self->switch_timeout = g_timeout_add_seconds (SWITCH_SECONDS, switch_timeout_cb, self);
}
