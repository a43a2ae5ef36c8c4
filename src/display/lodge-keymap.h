/* lodge-keymap.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-display-types.h"

G_BEGIN_DECLS

/* Scancodes are those of XT set 1: 0x100 | code for keys with an E0 prefix, 0x200 | code for the
 * E1 prefix that Pause alone has, 0 for none.
 */

/* The first half of Pause, for which it stands; see LodgeKeyTracker for what is sent. */
#define LODGE_SCANCODE_PAUSE      0x21d
#define LODGE_SCANCODE_PAUSE_TAIL 0x45
/* What the Pause key sends while Ctrl is held. */
#define LODGE_SCANCODE_BREAK      0x146
#define LODGE_SCANCODE_PRINT      0x137
/* What the Print key sends while Alt is held. */
#define LODGE_SCANCODE_SYSRQ      0x54
#define LODGE_SCANCODE_SHIFT      0x2a

guint    lodge_keymap_scancode_for_evdev  (guint        keycode);
guint    lodge_keymap_scancode_for_event  (GdkDisplay  *display,
                                           guint        hardware_keycode);
guint    lodge_keymap_scancode_for_keyval (guint        keyval);
guint    lodge_keymap_scancode_for_name   (const char  *name);
gboolean lodge_keymap_scancode_for_char   (gunichar     character,
                                           guint       *scancode,
                                           gboolean    *shift);
gboolean lodge_keymap_is_modifier         (guint        scancode);

G_END_DECLS
