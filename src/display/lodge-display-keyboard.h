/* lodge-display-keyboard.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-display-private.h"

G_BEGIN_DECLS

#define LODGE_TYPE_DISPLAY_KEYBOARD (lodge_display_keyboard_get_type ())

G_DECLARE_FINAL_TYPE (LodgeDisplayKeyboard, lodge_display_keyboard, LODGE, DISPLAY_KEYBOARD, GObject)

LodgeDisplayKeyboard *lodge_display_keyboard_new              (LodgeDisplay         *display);
void                  lodge_display_keyboard_shut_down        (LodgeDisplayKeyboard *self);
void                  lodge_display_keyboard_set_screen       (LodgeDisplayKeyboard *self,
                                                               LodgeScreen          *screen);
void                  lodge_display_keyboard_set_may_grab     (LodgeDisplayKeyboard *self,
                                                               gboolean              may_grab);
void                  lodge_display_keyboard_set_release_keys (LodgeDisplayKeyboard *self,
                                                               const char           *keys);
void                  lodge_display_keyboard_set_host_keys    (LodgeDisplayKeyboard *self,
                                                               const char * const   *accelerators);
gboolean              lodge_display_keyboard_get_focused      (LodgeDisplayKeyboard *self);
gboolean              lodge_display_keyboard_get_grabbed      (LodgeDisplayKeyboard *self);
void                  lodge_display_keyboard_resume           (LodgeDisplayKeyboard *self);
void                  lodge_display_keyboard_let_go           (LodgeDisplayKeyboard *self);
void                  lodge_display_keyboard_flush            (LodgeDisplayKeyboard *self);
void                  lodge_display_keyboard_clicked          (LodgeDisplayKeyboard *self);
void                  lodge_display_keyboard_send             (LodgeDisplayKeyboard *self,
                                                               const char * const   *names);
void                  lodge_display_keyboard_release_all      (LodgeDisplayKeyboard *self);

G_END_DECLS
