/* lodge-pointer-lock.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-pointer-lock.h"

#ifdef HAVE_WAYLAND
#include <gdk/wayland/gdkwayland.h>
#endif

#ifdef HAVE_X11
#include <gdk/x11/gdkx.h>
#endif

/**
 * LodgePointerLock:
 *
 * Keeps the pointer where it is and reports how the mouse moves, which a guest with a mouse in place
 * of a tablet needs.
 *
 * The pointer is never warped: GTK has no means to, Wayland forbids it, and on X11 each warp comes
 * back as a motion that cannot be told from the user's.
 */

enum {
  SIGNAL_MOTION,
  N_SIGNALS
};

enum {
  PROP_0,
  PROP_LOCKED,
  N_PROPS
};

typedef struct
{
  GtkWidget *widget;
  gboolean   locked;
} LodgePointerLockPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (LodgePointerLock, lodge_pointer_lock, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
set_locked (LodgePointerLock *self,
            gboolean          locked)
{
  LodgePointerLockPrivate *priv = lodge_pointer_lock_get_instance_private (self);

  if (priv->locked == locked)
    return;

  priv->locked = locked;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOCKED]);
}

static void
lodge_pointer_lock_dispose (GObject *object)
{
  lodge_pointer_lock_unlock (LODGE_POINTER_LOCK (object));

  G_OBJECT_CLASS (lodge_pointer_lock_parent_class)->dispose (object);
}

static void
lodge_pointer_lock_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  LodgePointerLock *self = LODGE_POINTER_LOCK (object);

  switch (prop_id)
    {
    case PROP_LOCKED:
      g_value_set_boolean (value, lodge_pointer_lock_get_locked (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_pointer_lock_class_init (LodgePointerLockClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lodge_pointer_lock_dispose;
  object_class->get_property = lodge_pointer_lock_get_property;

  properties[PROP_LOCKED] =
    g_param_spec_boolean ("locked", NULL, NULL, FALSE,
                          (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * LodgePointerLock::motion:
   * @self: a pointer lock
   * @dx: to the right, in units of the mouse, without the host's acceleration
   * @dy: downwards
   *
   * The mouse moved while the pointer is locked.
   */
  signals[SIGNAL_MOTION] =
    g_signal_new ("motion", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
}

static void
lodge_pointer_lock_init (LodgePointerLock *self)
{
}

/**
 * lodge_pointer_lock_new:
 * @display: a display
 *
 * Returns: (transfer full) (nullable): a lock for the pointer of @display, or %NULL where the
 *   windowing system cannot lock it
 */
LodgePointerLock *
lodge_pointer_lock_new (GdkDisplay *display)
{
  g_return_val_if_fail (GDK_IS_DISPLAY (display), NULL);

#ifdef HAVE_X11
  if (GDK_IS_X11_DISPLAY (display))
    return _lodge_pointer_lock_new_x11 (display);
#endif

#ifdef HAVE_WAYLAND
  if (GDK_IS_WAYLAND_DISPLAY (display))
    return _lodge_pointer_lock_new_wayland (display);
#endif

  return NULL;
}

/**
 * lodge_pointer_lock_lock:
 * @self: a pointer lock
 * @widget: a mapped widget that the pointer is over
 *
 * The windowing system may take its time, or never do it: follow the `locked` property. It may end
 * the lock as well.
 *
 * Returns: whether the lock was asked for
 */
gboolean
lodge_pointer_lock_lock (LodgePointerLock *self,
                         GtkWidget        *widget)
{
  LodgePointerLockPrivate *priv = lodge_pointer_lock_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_POINTER_LOCK (self), FALSE);
  g_return_val_if_fail (GTK_IS_WIDGET (widget), FALSE);

  if (priv->widget == widget)
    return TRUE;

  lodge_pointer_lock_unlock (self);

  if (!gtk_widget_get_mapped (widget))
    return FALSE;

  /* Set before, as the backend may be locked at once. */
  g_set_weak_pointer (&priv->widget, widget);

  if (LODGE_POINTER_LOCK_GET_CLASS (self)->lock (self, widget))
    return TRUE;

  g_clear_weak_pointer (&priv->widget);
  return FALSE;
}

void
lodge_pointer_lock_unlock (LodgePointerLock *self)
{
  LodgePointerLockPrivate *priv = lodge_pointer_lock_get_instance_private (self);

  g_return_if_fail (LODGE_IS_POINTER_LOCK (self));

  g_clear_weak_pointer (&priv->widget);
  LODGE_POINTER_LOCK_GET_CLASS (self)->unlock (self);
  set_locked (self, FALSE);
}

gboolean
lodge_pointer_lock_get_locked (LodgePointerLock *self)
{
  LodgePointerLockPrivate *priv = lodge_pointer_lock_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_POINTER_LOCK (self), FALSE);

  return priv->locked;
}

/* The windowing system has locked the pointer. */
void
_lodge_pointer_lock_locked (LodgePointerLock *self)
{
  g_assert (LODGE_IS_POINTER_LOCK (self));

  set_locked (self, TRUE);
}

/* The windowing system has ended or refused the lock. */
void
_lodge_pointer_lock_broken (LodgePointerLock *self)
{
  g_assert (LODGE_IS_POINTER_LOCK (self));

  lodge_pointer_lock_unlock (self);
}

void
_lodge_pointer_lock_motion (LodgePointerLock *self,
                            double            dx,
                            double            dy)
{
  g_assert (LODGE_IS_POINTER_LOCK (self));

  if (lodge_pointer_lock_get_locked (self))
    g_signal_emit (self, signals[SIGNAL_MOTION], 0, dx, dy);
}
