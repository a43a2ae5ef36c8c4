/* lodge-screen-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-screen.h"

G_BEGIN_DECLS

/* For subclasses: each notifies only when something changed. */
void _lodge_screen_set_id              (LodgeScreen        *self,
                                        int                 id);
void _lodge_screen_set_ready           (LodgeScreen        *self,
                                        gboolean            ready);
void _lodge_screen_set_framebuffer     (LodgeScreen        *self,
                                        LodgeFramebuffer   *framebuffer);
void _lodge_screen_set_scanout         (LodgeScreen        *self,
                                        LodgeScanout       *scanout);
void _lodge_screen_set_area            (LodgeScreen        *self,
                                        const GdkRectangle *area);
void _lodge_screen_set_cursor          (LodgeScreen        *self,
                                        GdkTexture         *shape,
                                        int                 hotspot_x,
                                        int                 hotspot_y);
void _lodge_screen_set_cursor_visible  (LodgeScreen        *self,
                                        gboolean            visible);
void _lodge_screen_set_cursor_position (LodgeScreen        *self,
                                        int                 x,
                                        int                 y);
void _lodge_screen_set_mouse_mode      (LodgeScreen        *self,
                                        LodgeMouseMode      mode);
void _lodge_screen_set_guest_lock_keys (LodgeScreen        *self,
                                        LodgeLockKeys       locked);
void _lodge_screen_set_can_resize      (LodgeScreen        *self,
                                        gboolean            can_resize);
void _lodge_screen_set_key_press_delay (LodgeScreen        *self,
                                        guint               ms);
void _lodge_screen_set_read_only       (LodgeScreen        *self,
                                        gboolean            read_only);
/* The guest takes input from now on, and has told of its lock keys. */
void _lodge_screen_inputs_opened       (LodgeScreen        *self);

G_END_DECLS
