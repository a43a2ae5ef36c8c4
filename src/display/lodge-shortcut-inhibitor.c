/* lodge-shortcut-inhibitor.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-shortcut-inhibitor.h"

/**
 * LodgeShortcutInhibitor:
 *
 * Asks the windowing system to leave its own shortcuts to a toplevel, for as long as it has the
 * focus.
 *
 * A Wayland compositor may ask its user, refuse, or end it; nothing can be done about that. On X11
 * it is a grab of the keyboard by GDK, which fails while someone else has one (the window manager,
 * as long as Alt+Tab is held) or while the window is still on its way to the screen, so it is tried
 * for a while.
 */

#define RETRY_MS 100
#define MAX_RETRIES 30

struct _LodgeShortcutInhibitor
{
  GObject      parent_instance;
  GdkToplevel *toplevel;
  guint        n_retries;
  guint        retry_source;
};

G_DEFINE_FINAL_TYPE (LodgeShortcutInhibitor, lodge_shortcut_inhibitor, G_TYPE_OBJECT)

static gboolean
is_inhibited (LodgeShortcutInhibitor *self)
{
  gboolean inhibited;

  g_object_get (self->toplevel, "shortcuts-inhibited", &inhibited, NULL);

  return inhibited;
}

static gboolean
is_focused (LodgeShortcutInhibitor *self)
{
  return (gdk_toplevel_get_state (self->toplevel) & GDK_TOPLEVEL_STATE_FOCUSED) != 0;
}

/* Returns whether to try again. */
static gboolean
inhibit (LodgeShortcutInhibitor *self)
{
  if (is_inhibited (self) || !is_focused (self))
    return FALSE;

  gdk_toplevel_inhibit_system_shortcuts (self->toplevel, NULL);

  return !is_inhibited (self);
}

static gboolean
retry_cb (gpointer user_data)
{
  LodgeShortcutInhibitor *self = user_data;

  g_assert (LODGE_IS_SHORTCUT_INHIBITOR (self));

  if (inhibit (self) && ++self->n_retries < MAX_RETRIES)
    return G_SOURCE_CONTINUE;

  self->retry_source = 0;
  return G_SOURCE_REMOVE;
}

static void
start (LodgeShortcutInhibitor *self)
{
  g_clear_handle_id (&self->retry_source, g_source_remove);
  self->n_retries = 0;

  if (inhibit (self))
    self->retry_source = g_timeout_add (RETRY_MS, retry_cb, self);
}

static void
state_cb (LodgeShortcutInhibitor *self)
{
  g_assert (LODGE_IS_SHORTCUT_INHIBITOR (self));

  if (self->retry_source == 0)
    start (self);
}

static void
lodge_shortcut_inhibitor_dispose (GObject *object)
{
  lodge_shortcut_inhibitor_set_toplevel (LODGE_SHORTCUT_INHIBITOR (object), NULL);

  G_OBJECT_CLASS (lodge_shortcut_inhibitor_parent_class)->dispose (object);
}

static void
lodge_shortcut_inhibitor_class_init (LodgeShortcutInhibitorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lodge_shortcut_inhibitor_dispose;
}

static void
lodge_shortcut_inhibitor_init (LodgeShortcutInhibitor *self)
{
}

LodgeShortcutInhibitor *
lodge_shortcut_inhibitor_new (void)
{
  return g_object_new (LODGE_TYPE_SHORTCUT_INHIBITOR, NULL);
}

static void
disconnect (LodgeShortcutInhibitor *self)
{
  g_clear_handle_id (&self->retry_source, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->toplevel, self);

  if (!gdk_surface_is_destroyed (GDK_SURFACE (self->toplevel)))
    gdk_toplevel_restore_system_shortcuts (self->toplevel);
}

/**
 * lodge_shortcut_inhibitor_set_toplevel:
 * @self: an inhibitor
 * @toplevel: (nullable): whose user wants all keys, or %NULL to give the shortcuts back
 */
void
lodge_shortcut_inhibitor_set_toplevel (LodgeShortcutInhibitor *self,
                                       GdkToplevel            *toplevel)
{
  g_return_if_fail (LODGE_IS_SHORTCUT_INHIBITOR (self));

  if (self->toplevel == toplevel)
    return;

  if (self->toplevel != NULL)
    disconnect (self);

  g_set_object (&self->toplevel, toplevel);

  if (toplevel == NULL)
    return;

  g_signal_connect_object (toplevel, "notify::state", G_CALLBACK (state_cb), self,
                           G_CONNECT_SWAPPED);
  start (self);
}
