/* lodge-pointer-lock.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LODGE_TYPE_POINTER_LOCK (lodge_pointer_lock_get_type ())

G_DECLARE_DERIVABLE_TYPE (LodgePointerLock, lodge_pointer_lock, LODGE, POINTER_LOCK, GObject)

struct _LodgePointerLockClass
{
  GObjectClass parent_class;

  gboolean (*lock)   (LodgePointerLock *self,
                      GtkWidget        *widget);
  void     (*unlock) (LodgePointerLock *self);
};

LodgePointerLock *lodge_pointer_lock_new        (GdkDisplay       *display);
gboolean          lodge_pointer_lock_lock       (LodgePointerLock *self,
                                                 GtkWidget        *widget);
void              lodge_pointer_lock_unlock     (LodgePointerLock *self);
gboolean          lodge_pointer_lock_get_locked (LodgePointerLock *self);

/* For backends. */
void              _lodge_pointer_lock_locked    (LodgePointerLock *self);
void              _lodge_pointer_lock_broken    (LodgePointerLock *self);
void              _lodge_pointer_lock_motion    (LodgePointerLock *self,
                                                 double            dx,
                                                 double            dy);
LodgePointerLock *_lodge_pointer_lock_new_x11     (GdkDisplay     *display);
LodgePointerLock *_lodge_pointer_lock_new_wayland (GdkDisplay     *display);

G_END_DECLS
