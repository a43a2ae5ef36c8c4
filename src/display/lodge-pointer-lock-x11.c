/* lodge-pointer-lock-x11.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <gdk/x11/gdkx.h>
#include <X11/extensions/XInput2.h>
#include <X11/extensions/Xfixes.h>

#include "lodge-pointer-lock.h"

/* A lock of the pointer on X11.
 *
 * XFixes' barriers around the pixel that the pointer is on keep it there, and XInput's raw events
 * tell how the mouse moves all the same, before acceleration and barriers.
 */

#define LODGE_TYPE_POINTER_LOCK_X11 (lodge_pointer_lock_x11_get_type ())

G_DECLARE_FINAL_TYPE (LodgePointerLockX11, lodge_pointer_lock_x11, LODGE, POINTER_LOCK_X11,
                      LodgePointerLock)

/* How far the barriers reach beyond the pixel, so that no corner is open. */
#define OVERLAP 2

/* An axis that tells where it is, as those of tablets and of virtual machines' pointers do, instead
 * of how it moved.
 */
typedef struct
{
  gboolean absolute;
  gboolean seen;
  double   last;
  double   range;
} Axis;

typedef struct
{
  Axis axes[2];
} Device;

struct _LodgePointerLockX11
{
  LodgePointerLock  parent_instance;
  GdkDisplay       *display;
  GtkWidget        *widget;
  /* XInput's id of a slave device → Device */
  GHashTable       *devices;
  PointerBarrier    barriers[4];
  gulong            handler;
  int               master;
  int               opcode;
  /* Where the pointer is locked, in device pixels of the root window. */
  int               x;
  int               y;
};

G_DEFINE_FINAL_TYPE (LodgePointerLockX11, lodge_pointer_lock_x11, LODGE_TYPE_POINTER_LOCK)

/* All locks of a display share one selection of events. */
static void
select_raw_motion (GdkDisplay *display,
                   int         change)
{
  static const char key[] = "lodge-raw-motion";
  Display *xdisplay = gdk_x11_display_get_xdisplay (display);
  int users = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (display), key)) + change;
  unsigned char bits[XIMaskLen (XI_LASTEVENT)] = { 0 };
  XIEventMask mask = { XIAllMasterDevices, sizeof bits, bits };

  if (users > 0)
    XISetMask (bits, XI_RawMotion);

  g_object_set_data (G_OBJECT (display), key, GINT_TO_POINTER (users));
  XISelectEvents (xdisplay, gdk_x11_display_get_xrootwindow (display), &mask, 1);
  XFlush (xdisplay);
}

static Device *
get_device (LodgePointerLockX11 *self,
            int                  id)
{
  Device *device = g_hash_table_lookup (self->devices, GINT_TO_POINTER (id));
  Display *xdisplay = gdk_x11_display_get_xdisplay (self->display);
  XIDeviceInfo *info;
  int n_infos;

  if (device != NULL)
    return device;

  device = g_new0 (Device, 1);
  g_hash_table_insert (self->devices, GINT_TO_POINTER (id), device);

  gdk_x11_display_error_trap_push (self->display);
  info = XIQueryDevice (xdisplay, id, &n_infos);
  gdk_x11_display_error_trap_pop_ignored (self->display);

  for (int i = 0; info != NULL && i < info->num_classes; i++)
    {
      XIValuatorClassInfo *valuator = (XIValuatorClassInfo *)info->classes[i];

      if (valuator->type != XIValuatorClass || valuator->number < 0 || valuator->number > 1)
        continue;

      device->axes[valuator->number].absolute = valuator->mode == XIModeAbsolute;
      device->axes[valuator->number].range = valuator->max - valuator->min;
    }

  g_clear_pointer (&info, XIFreeDeviceInfo);

  return device;
}

static double
get_delta (Axis   *axis,
           double  value,
           int     length)
{
  double delta = value - axis->last;
  gboolean seen = axis->seen;

  if (!axis->absolute)
    return value;

  axis->last = value;
  axis->seen = TRUE;

  return seen && axis->range > 0 ? delta / axis->range * length : 0;
}

static void
raw_motion (LodgePointerLockX11 *self,
            const XIRawEvent    *event)
{
  Display *xdisplay = gdk_x11_display_get_xdisplay (self->display);
  int screen = DefaultScreen (xdisplay);
  const double *value = event->raw_values;
  double delta[2] = { 0, 0 };
  int length[2] = { DisplayWidth (xdisplay, screen), DisplayHeight (xdisplay, screen) };
  Device *device;

  if (event->deviceid != self->master)
    return;

  device = get_device (self, event->sourceid);

  for (int i = 0; i < event->valuators.mask_len * 8 && i < 2; i++)
    if (XIMaskIsSet (event->valuators.mask, i))
      delta[i] = get_delta (&device->axes[i], *value++, length[i]);

  if (delta[0] != 0 || delta[1] != 0)
    _lodge_pointer_lock_motion (LODGE_POINTER_LOCK (self), delta[0], delta[1]);
}

/* Whether the locked pointer is over the widget, wherever that is now. */
static gboolean
is_over_widget (LodgePointerLockX11 *self)
{
  Display *xdisplay = gdk_x11_display_get_xdisplay (self->display);
  GtkNative *native = gtk_widget_get_native (self->widget);
  GdkSurface *surface = native != NULL ? gtk_native_get_surface (native) : NULL;
  int scale, root_x, root_y;
  double native_x, native_y;
  graphene_rect_t bounds;
  gboolean known;
  Window child;

  if (!GDK_IS_X11_SURFACE (surface)
      || !gtk_widget_compute_bounds (self->widget, GTK_WIDGET (native), &bounds))
    return FALSE;

  gdk_x11_display_error_trap_push (self->display);
  known = XTranslateCoordinates (xdisplay, gdk_x11_surface_get_xid (surface),
                                 gdk_x11_display_get_xrootwindow (self->display), 0, 0, &root_x,
                                 &root_y, &child);

  if (gdk_x11_display_error_trap_pop (self->display) || !known)
    return FALSE;

  gtk_native_get_surface_transform (native, &native_x, &native_y);
  scale = gdk_surface_get_scale_factor (surface);
  graphene_rect_offset (&bounds, native_x, native_y);
  graphene_rect_scale (&bounds, scale, scale, &bounds);

  return self->x >= root_x + bounds.origin.x
         && self->y >= root_y + bounds.origin.y
         && self->x < root_x + bounds.origin.x + bounds.size.width
         && self->y < root_y + bounds.origin.y + bounds.size.height;
}

static gboolean
xevent_cb (LodgePointerLockX11 *self,
           const XEvent        *event)
{
  g_assert (LODGE_IS_POINTER_LOCK_X11 (self));

  if (event->type == GenericEvent
      && event->xcookie.extension == self->opcode
      && event->xcookie.evtype == XI_RawMotion
      && event->xcookie.data != NULL)
    {
      raw_motion (self, event->xcookie.data);
      return GDK_EVENT_PROPAGATE;
    }

  /* The window was moved away below the pointer, which is locked to the root window. */
  if (event->type == ConfigureNotify && self->widget != NULL && !is_over_widget (self))
    _lodge_pointer_lock_broken (LODGE_POINTER_LOCK (self));

  return GDK_EVENT_PROPAGATE;
}

static void
create_barriers (LodgePointerLockX11 *self)
{
  Display *xdisplay = gdk_x11_display_get_xdisplay (self->display);
  Window root = gdk_x11_display_get_xrootwindow (self->display);
  int left = MAX (self->x - OVERLAP, 0);
  int top = MAX (self->y - OVERLAP, 0);
  int right = self->x + 1 + OVERLAP;
  int bottom = self->y + 1 + OVERLAP;

  /* A barrier at n is between the pixels n - 1 and n; named is the way that stays open. */
  self->barriers[0] = XFixesCreatePointerBarrier (xdisplay, root, self->x, top, self->x, bottom,
                                                  BarrierPositiveX, 0, NULL);
  self->barriers[1] = XFixesCreatePointerBarrier (xdisplay, root, self->x + 1, top, self->x + 1,
                                                  bottom, BarrierNegativeX, 0, NULL);
  self->barriers[2] = XFixesCreatePointerBarrier (xdisplay, root, left, self->y, right, self->y,
                                                  BarrierPositiveY, 0, NULL);
  self->barriers[3] = XFixesCreatePointerBarrier (xdisplay, root, left, self->y + 1, right,
                                                  self->y + 1, BarrierNegativeY, 0, NULL);
}

static void
destroy_barriers (LodgePointerLockX11 *self)
{
  Display *xdisplay = gdk_x11_display_get_xdisplay (self->display);

  gdk_x11_display_error_trap_push (self->display);

  for (guint i = 0; i < G_N_ELEMENTS (self->barriers); i++)
    XFixesDestroyPointerBarrier (xdisplay, self->barriers[i]);

  gdk_x11_display_error_trap_pop_ignored (self->display);
}

static gboolean
lodge_pointer_lock_x11_lock (LodgePointerLock *lock,
                             GtkWidget        *widget)
{
  LodgePointerLockX11 *self = (LodgePointerLockX11 *)lock;
  Display *xdisplay = gdk_x11_display_get_xdisplay (self->display);
  GdkDevice *pointer = gdk_seat_get_pointer (gdk_display_get_default_seat (self->display));
  Window root, child;
  int window_x, window_y;
  unsigned int state;

  if (pointer == NULL
      || !XQueryPointer (xdisplay, gdk_x11_display_get_xrootwindow (self->display), &root, &child,
                         &self->x, &self->y, &window_x, &window_y, &state))
    return FALSE;

  g_set_weak_pointer (&self->widget, widget);
  self->master = gdk_x11_device_get_id (pointer);

  if (!is_over_widget (self))
    {
      g_clear_weak_pointer (&self->widget);
      return FALSE;
    }

  gdk_x11_display_error_trap_push (self->display);
  create_barriers (self);

  if (gdk_x11_display_error_trap_pop (self->display))
    {
      destroy_barriers (self);
      g_clear_weak_pointer (&self->widget);
      return FALSE;
    }

  select_raw_motion (self->display, 1);
  self->handler = g_signal_connect_object (self->display, "xevent", G_CALLBACK (xevent_cb), self,
                                           G_CONNECT_SWAPPED);
  _lodge_pointer_lock_locked (lock);

  return TRUE;
}

static void
lodge_pointer_lock_x11_unlock (LodgePointerLock *lock)
{
  LodgePointerLockX11 *self = (LodgePointerLockX11 *)lock;

  g_clear_weak_pointer (&self->widget);

  if (self->handler == 0)
    return;

  g_clear_signal_handler (&self->handler, self->display);
  g_hash_table_remove_all (self->devices);

  if (gdk_display_is_closed (self->display))
    return;

  destroy_barriers (self);
  select_raw_motion (self->display, -1);
}

static void
lodge_pointer_lock_x11_finalize (GObject *object)
{
  LodgePointerLockX11 *self = (LodgePointerLockX11 *)object;

  g_clear_pointer (&self->devices, g_hash_table_unref);
  g_clear_object (&self->display);

  G_OBJECT_CLASS (lodge_pointer_lock_x11_parent_class)->finalize (object);
}

static void
lodge_pointer_lock_x11_class_init (LodgePointerLockX11Class *klass)
{
  LodgePointerLockClass *lock_class = LODGE_POINTER_LOCK_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = lodge_pointer_lock_x11_finalize;

  lock_class->lock = lodge_pointer_lock_x11_lock;
  lock_class->unlock = lodge_pointer_lock_x11_unlock;
}

static void
lodge_pointer_lock_x11_init (LodgePointerLockX11 *self)
{
  self->devices = g_hash_table_new_full (NULL, NULL, NULL, g_free);
}

LodgePointerLock *
_lodge_pointer_lock_new_x11 (GdkDisplay *display)
{
  Display *xdisplay = gdk_x11_display_get_xdisplay (display);
  int opcode, first_event, first_error;
  int major = 5, minor = 0;
  LodgePointerLockX11 *self;

  /* GDK itself needs XInput 2. Barriers came with XFixes 5. */
  if (!XQueryExtension (xdisplay, "XInputExtension", &opcode, &first_event, &first_error)
      || !XFixesQueryExtension (xdisplay, &first_event, &first_error)
      || !XFixesQueryVersion (xdisplay, &major, &minor)
      || major < 5)
    return NULL;

  self = g_object_new (LODGE_TYPE_POINTER_LOCK_X11, NULL);
  self->display = g_object_ref (display);
  self->opcode = opcode;

  return LODGE_POINTER_LOCK (self);
}
