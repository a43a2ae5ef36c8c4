/* lodge-pointer-lock-wayland.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <gdk/wayland/gdkwayland.h>

#include "lodge-pointer-lock.h"
#include "pointer-constraints-unstable-v1-client-protocol.h"
#include "relative-pointer-unstable-v1-client-protocol.h"

/* A lock of the pointer on Wayland, by the protocols made for this: pointer constraints and relative
 * pointer. The compositor locks when the surface has the focus, and may end it when it likes.
 */

#define LODGE_TYPE_POINTER_LOCK_WAYLAND (lodge_pointer_lock_wayland_get_type ())

G_DECLARE_FINAL_TYPE (LodgePointerLockWayland, lodge_pointer_lock_wayland, LODGE,
                      POINTER_LOCK_WAYLAND, LodgePointerLock)

typedef struct
{
  struct zwp_pointer_constraints_v1      *constraints;
  struct zwp_relative_pointer_manager_v1 *relative;
} Globals;

struct _LodgePointerLockWayland
{
  LodgePointerLock                parent_instance;
  GdkDisplay                     *display;
  struct zwp_locked_pointer_v1   *locked;
  struct zwp_relative_pointer_v1 *relative;
};

G_DEFINE_FINAL_TYPE (LodgePointerLockWayland, lodge_pointer_lock_wayland, LODGE_TYPE_POINTER_LOCK)

static void
registry_global (void               *data,
                 struct wl_registry *registry,
                 uint32_t            name,
                 const char         *interface,
                 uint32_t            version)
{
  Globals *globals = data;

  if (g_str_equal (interface, zwp_pointer_constraints_v1_interface.name))
    globals->constraints = wl_registry_bind (registry, name, &zwp_pointer_constraints_v1_interface,
                                             1);
  else if (g_str_equal (interface, zwp_relative_pointer_manager_v1_interface.name))
    globals->relative = wl_registry_bind (registry, name,
                                          &zwp_relative_pointer_manager_v1_interface, 1);
}

static void
registry_global_remove (void               *data,
                        struct wl_registry *registry,
                        uint32_t            name)
{
}

static const struct wl_registry_listener registry_listener = {
  .global = registry_global,
  .global_remove = registry_global_remove,
};

static void
free_globals (Globals *globals)
{
  g_clear_pointer (&globals->constraints, zwp_pointer_constraints_v1_destroy);
  g_clear_pointer (&globals->relative, zwp_relative_pointer_manager_v1_destroy);
  g_free (globals);
}

static void
display_closed_cb (GdkDisplay *display,
                   gboolean    is_error,
                   Globals    *globals)
{
  g_object_set_data (G_OBJECT (display), "lodge-wayland-globals", NULL);
  free_globals (globals);
}

/* The answers come on a queue of our own, so that no event of GDK's is handled in the middle of
 * this; later events come with GDK's.
 */
static Globals *
get_globals (GdkDisplay *display)
{
  static const char key[] = "lodge-wayland-globals";
  struct wl_display *wl_display = gdk_wayland_display_get_wl_display (display);
  Globals *globals = g_object_get_data (G_OBJECT (display), key);
  struct wl_event_queue *queue;
  struct wl_display *wrapper;
  struct wl_registry *registry;

  if (globals != NULL)
    return globals;

  globals = g_new0 (Globals, 1);
  g_object_set_data (G_OBJECT (display), key, globals);
  g_signal_connect (display, "closed", G_CALLBACK (display_closed_cb), globals);

  queue = wl_display_create_queue (wl_display);
  wrapper = wl_proxy_create_wrapper (wl_display);
  wl_proxy_set_queue ((struct wl_proxy *)wrapper, queue);
  registry = wl_display_get_registry (wrapper);
  wl_proxy_wrapper_destroy (wrapper);

  wl_registry_add_listener (registry, &registry_listener, globals);
  wl_display_roundtrip_queue (wl_display, queue);
  wl_registry_destroy (registry);

  if (globals->constraints != NULL)
    wl_proxy_set_queue ((struct wl_proxy *)globals->constraints, NULL);

  if (globals->relative != NULL)
    wl_proxy_set_queue ((struct wl_proxy *)globals->relative, NULL);

  wl_event_queue_destroy (queue);

  return globals;
}

static void
locked_pointer_locked (void                         *data,
                       struct zwp_locked_pointer_v1 *locked)
{
  _lodge_pointer_lock_locked (data);
}

static void
locked_pointer_unlocked (void                         *data,
                         struct zwp_locked_pointer_v1 *locked)
{
  _lodge_pointer_lock_broken (data);
}

static const struct zwp_locked_pointer_v1_listener locked_listener = {
  .locked = locked_pointer_locked,
  .unlocked = locked_pointer_unlocked,
};

static void
relative_pointer_motion (void                           *data,
                         struct zwp_relative_pointer_v1 *relative,
                         uint32_t                        time_hi,
                         uint32_t                        time_lo,
                         wl_fixed_t                      dx,
                         wl_fixed_t                      dy,
                         wl_fixed_t                      dx_unaccelerated,
                         wl_fixed_t                      dy_unaccelerated)
{
  _lodge_pointer_lock_motion (data, wl_fixed_to_double (dx_unaccelerated),
                              wl_fixed_to_double (dy_unaccelerated));
}

static const struct zwp_relative_pointer_v1_listener relative_listener = {
  .relative_motion = relative_pointer_motion,
};

/* The pointer has to come here to be locked. */
static struct wl_region *
create_region (LodgePointerLockWayland *self,
               GtkWidget               *widget,
               GtkNative               *native)
{
  struct wl_region *region;
  graphene_rect_t bounds;
  double x, y;

  if (!gtk_widget_compute_bounds (widget, GTK_WIDGET (native), &bounds))
    return NULL;

  gtk_native_get_surface_transform (native, &x, &y);
  graphene_rect_offset (&bounds, x, y);
  graphene_rect_round_extents (&bounds, &bounds);

  region = wl_compositor_create_region (gdk_wayland_display_get_wl_compositor (self->display));
  wl_region_add (region, bounds.origin.x, bounds.origin.y, bounds.size.width, bounds.size.height);

  return region;
}

static gboolean
lodge_pointer_lock_wayland_lock (LodgePointerLock *lock,
                                 GtkWidget        *widget)
{
  LodgePointerLockWayland *self = (LodgePointerLockWayland *)lock;
  Globals *globals = get_globals (self->display);
  GdkDevice *device = gdk_seat_get_pointer (gdk_display_get_default_seat (self->display));
  GtkNative *native = gtk_widget_get_native (widget);
  struct wl_pointer *pointer = device != NULL ? gdk_wayland_device_get_wl_pointer (device) : NULL;
  struct wl_surface *surface =
    native != NULL ? gdk_wayland_surface_get_wl_surface (gtk_native_get_surface (native)) : NULL;
  struct wl_region *region;

  if (pointer == NULL || surface == NULL
      || (region = create_region (self, widget, native)) == NULL)
    return FALSE;

  /* Once only: a lock that came back by itself with the focus would be a trap. */
  self->locked =
    zwp_pointer_constraints_v1_lock_pointer (globals->constraints, surface, pointer, region,
                                             ZWP_POINTER_CONSTRAINTS_V1_LIFETIME_ONESHOT);
  zwp_locked_pointer_v1_add_listener (self->locked, &locked_listener, self);
  wl_region_destroy (region);

  self->relative =
    zwp_relative_pointer_manager_v1_get_relative_pointer (globals->relative, pointer);
  zwp_relative_pointer_v1_add_listener (self->relative, &relative_listener, self);

  return TRUE;
}

static void
lodge_pointer_lock_wayland_unlock (LodgePointerLock *lock)
{
  LodgePointerLockWayland *self = (LodgePointerLockWayland *)lock;

  g_clear_pointer (&self->relative, zwp_relative_pointer_v1_destroy);
  g_clear_pointer (&self->locked, zwp_locked_pointer_v1_destroy);
}

static void
lodge_pointer_lock_wayland_finalize (GObject *object)
{
  LodgePointerLockWayland *self = (LodgePointerLockWayland *)object;

  g_clear_object (&self->display);

  G_OBJECT_CLASS (lodge_pointer_lock_wayland_parent_class)->finalize (object);
}

static void
lodge_pointer_lock_wayland_class_init (LodgePointerLockWaylandClass *klass)
{
  LodgePointerLockClass *lock_class = LODGE_POINTER_LOCK_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = lodge_pointer_lock_wayland_finalize;

  lock_class->lock = lodge_pointer_lock_wayland_lock;
  lock_class->unlock = lodge_pointer_lock_wayland_unlock;
}

static void
lodge_pointer_lock_wayland_init (LodgePointerLockWayland *self)
{
}

LodgePointerLock *
_lodge_pointer_lock_new_wayland (GdkDisplay *display)
{
  Globals *globals = get_globals (display);
  LodgePointerLockWayland *self;

  if (globals->constraints == NULL || globals->relative == NULL)
    return NULL;

  self = g_object_new (LODGE_TYPE_POINTER_LOCK_WAYLAND, NULL);
  self->display = g_object_ref (display);

  return LODGE_POINTER_LOCK (self);
}
