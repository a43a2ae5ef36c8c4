/* lodge-keymap.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-display-types.h"

G_BEGIN_DECLS

/* XT set 1 scancodes, 0x100 | code for keys with an E0 prefix, 0 for none. */
guint    lodge_keymap_scancode_for_evdev (guint        keycode);
guint    lodge_keymap_scancode_for_event (GdkDisplay  *display,
                                          guint        hardware_keycode);
/* "ctrl", "alt", "shift", "super", "delete", "f1" … "f12", "print", "escape", "a" … */
guint    lodge_keymap_scancode_for_name  (const char  *name);
/* On a US keyboard. Returns FALSE if there is no key for @character. */
gboolean lodge_keymap_scancode_for_char  (gunichar     character,
                                          guint       *scancode,
                                          gboolean    *shift);

G_END_DECLS
