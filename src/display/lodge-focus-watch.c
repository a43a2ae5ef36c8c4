/* lodge-focus-watch.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-focus-watch.h"

#ifdef HAVE_X11
#include <X11/extensions/XInput2.h>
#include <gdk/x11/gdkx.h>
#endif

/**
 * LodgeFocusWatch:
 *
 * What GDK does not tell of the focus on X11, where it takes it to be where the keyboard's grab is.
 *
 * While GDK has a grab (that is how system shortcuts are inhibited), it does not hear of the focus
 * going to another window, unless the window manager marks that (_NET_WM_STATE_FOCUSED), which not
 * all do. Then the grab is ended here, and GDK hears. And where another program has a grab for the
 * time of a shortcut, GDK reports the focus to go and to come back. Elsewhere there is nothing to
 * watch.
 */

struct _LodgeFocusWatch
{
  GObject      parent_instance;
  GdkToplevel *toplevel;
  gboolean     interlude;
};

G_DEFINE_FINAL_TYPE (LodgeFocusWatch, lodge_focus_watch, G_TYPE_OBJECT)

#ifdef HAVE_X11
static void
focus_out (LodgeFocusWatch       *self,
           const XIFocusOutEvent *event)
{
  if (event->event != gdk_x11_surface_get_xid (GDK_SURFACE (self->toplevel))
      || event->detail == XINotifyInferior
      || event->detail == XINotifyPointer)
    return;

  if (event->mode == XINotifyGrab)
    self->interlude = TRUE;
  else if (event->mode == XINotifyNormal || event->mode == XINotifyWhileGrabbed)
    self->interlude = FALSE;

  if (event->mode == XINotifyWhileGrabbed)
    gdk_toplevel_restore_system_shortcuts (self->toplevel);
}

static gboolean
xevent_cb (LodgeFocusWatch *self,
           const XEvent    *xevent)
{
  const XGenericEventCookie *cookie = &xevent->xcookie;

  g_assert (LODGE_IS_FOCUS_WATCH (self));

  /* GDK selects no generic events but XInput's. */
  if (xevent->type == GenericEvent && cookie->evtype == XI_FocusOut && cookie->data != NULL)
    focus_out (self, cookie->data);

  return GDK_EVENT_PROPAGATE;
}
#endif

static void
lodge_focus_watch_dispose (GObject *object)
{
  lodge_focus_watch_set_toplevel (LODGE_FOCUS_WATCH (object), NULL);

  G_OBJECT_CLASS (lodge_focus_watch_parent_class)->dispose (object);
}

static void
lodge_focus_watch_class_init (LodgeFocusWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lodge_focus_watch_dispose;
}

static void
lodge_focus_watch_init (LodgeFocusWatch *self)
{
}

LodgeFocusWatch *
lodge_focus_watch_new (void)
{
  return g_object_new (LODGE_TYPE_FOCUS_WATCH, NULL);
}

/**
 * lodge_focus_watch_set_toplevel:
 * @self: a watch
 * @toplevel: (nullable): what to watch
 */
void
lodge_focus_watch_set_toplevel (LodgeFocusWatch *self,
                                GdkToplevel     *toplevel)
{
  g_return_if_fail (LODGE_IS_FOCUS_WATCH (self));

  if (self->toplevel == toplevel)
    return;

  if (self->toplevel != NULL)
    g_signal_handlers_disconnect_by_data (gdk_surface_get_display (GDK_SURFACE (self->toplevel)),
                                          self);

  g_set_object (&self->toplevel, toplevel);
  self->interlude = FALSE;

#ifdef HAVE_X11
  if (GDK_IS_X11_SURFACE (toplevel))
    g_signal_connect_object (gdk_surface_get_display (GDK_SURFACE (toplevel)), "xevent",
                             G_CALLBACK (xevent_cb), self, G_CONNECT_SWAPPED);
#endif
}

/**
 * lodge_focus_watch_take_interlude:
 * @self: a watch
 *
 * To be asked when the focus has come: whether it was away for nothing but another program's
 * shortcut. The next time it is news again.
 */
gboolean
lodge_focus_watch_take_interlude (LodgeFocusWatch *self)
{
  gboolean interlude;

  g_return_val_if_fail (LODGE_IS_FOCUS_WATCH (self), FALSE);

  interlude = self->interlude;
  self->interlude = FALSE;

  return interlude;
}
