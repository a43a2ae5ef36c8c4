/* lodge-screen.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-display-types.h"

G_BEGIN_DECLS

#define LODGE_TYPE_SCREEN (lodge_screen_get_type ())

/* One head of a guest: what it shows and what it takes. Abstract; a protocol subclasses it, tests
 * fake it.
 *
 * Properties (readable, notify): id (int, the display id), ready (boolean: there is a picture),
 * framebuffer (LodgeFramebuffer, nullable), area (GdkRectangle, boxed: its part of the
 * framebuffer), cursor (GdkTexture, nullable: the shape the guest set), cursor-hotspot-x,
 * cursor-hotspot-y (ints), cursor-visible (boolean), cursor-x, cursor-y (ints: where the guest
 * draws it in server mouse mode), mouse-mode (LodgeMouseMode), lock-keys (LodgeLockKeys of the
 * guest), can-resize (boolean: the agent takes monitor configurations), key-press-delay (uint, ms;
 * 0 for local transports), read-only (boolean), scanout (LodgeScanout, nullable: a GL picture in place of the
 * framebuffer).
 */
G_DECLARE_DERIVABLE_TYPE (LodgeScreen, lodge_screen, LODGE, SCREEN, GObject)

struct _LodgeScreenClass
{
  GObjectClass parent_class;

  void (*key_press)        (LodgeScreen      *self,
                            guint             scancode);
  void (*key_release)      (LodgeScreen      *self,
                            guint             scancode);
  void (*key_tap)          (LodgeScreen      *self,
                            guint             scancode);
  void (*button_press)     (LodgeScreen      *self,
                            LodgeMouseButton  button,
                            guint             buttons);
  void (*button_release)   (LodgeScreen      *self,
                            LodgeMouseButton  button,
                            guint             buttons);
  void (*pointer_position) (LodgeScreen      *self,
                            int               x,
                            int               y,
                            guint             buttons);
  void (*pointer_motion)   (LodgeScreen      *self,
                            int               dx,
                            int               dy,
                            guint             buttons);
  void (*set_lock_keys)    (LodgeScreen      *self,
                            LodgeLockKeys     locked);
  void (*request_size)     (LodgeScreen      *self,
                            int               width,
                            int               height,
                            int               width_mm,
                            int               height_mm);
};

int               lodge_screen_get_id               (LodgeScreen      *self);
gboolean          lodge_screen_get_ready            (LodgeScreen      *self);
LodgeFramebuffer *lodge_screen_get_framebuffer      (LodgeScreen      *self);
LodgeScanout     *lodge_screen_get_scanout          (LodgeScreen      *self);
void              lodge_screen_get_area             (LodgeScreen      *self,
                                                     GdkRectangle     *area);
GdkTexture       *lodge_screen_get_cursor           (LodgeScreen      *self,
                                                     int              *hotspot_x,
                                                     int              *hotspot_y);
gboolean          lodge_screen_get_cursor_visible   (LodgeScreen      *self);
void              lodge_screen_get_cursor_position  (LodgeScreen      *self,
                                                     int              *x,
                                                     int              *y);
LodgeMouseMode    lodge_screen_get_mouse_mode       (LodgeScreen      *self);
LodgeLockKeys     lodge_screen_get_lock_keys        (LodgeScreen      *self);
gboolean          lodge_screen_get_can_resize       (LodgeScreen      *self);
guint             lodge_screen_get_key_press_delay  (LodgeScreen      *self);
gboolean          lodge_screen_get_read_only        (LodgeScreen      *self);

/* Scancodes are of XT set 1; 0x100 | code for the keys with an E0 prefix. */
void              lodge_screen_key_press            (LodgeScreen      *self,
                                                     guint             scancode);
void              lodge_screen_key_release          (LodgeScreen      *self,
                                                     guint             scancode);
void              lodge_screen_key_tap              (LodgeScreen      *self,
                                                     guint             scancode);
/* @buttons: the mask after the press or release. */
void              lodge_screen_button_press         (LodgeScreen      *self,
                                                     LodgeMouseButton  button,
                                                     guint             buttons);
void              lodge_screen_button_release       (LodgeScreen      *self,
                                                     LodgeMouseButton  button,
                                                     guint             buttons);
/* Guest pixels from the top left of the screen's area. */
void              lodge_screen_pointer_position     (LodgeScreen      *self,
                                                     int               x,
                                                     int               y,
                                                     guint             buttons);
void              lodge_screen_pointer_motion       (LodgeScreen      *self,
                                                     int               dx,
                                                     int               dy,
                                                     guint             buttons);
void              lodge_screen_set_lock_keys        (LodgeScreen      *self,
                                                     LodgeLockKeys     locked);
/* Asks the guest for a resolution, in guest pixels; the caller debounces. */
void              lodge_screen_request_size         (LodgeScreen      *self,
                                                     int               width,
                                                     int               height,
                                                     int               width_mm,
                                                     int               height_mm);
/* The whole picture of the screen as an independent copy, or NULL before the first. */
GdkTexture       *lodge_screen_dup_texture          (LodgeScreen      *self);

G_END_DECLS
