/* test-screen.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-framebuffer.h"
#include "lodge-screen-private.h"

G_BEGIN_DECLS

#define TEST_TYPE_SCREEN (test_screen_get_type ())

/* A screen with no guest behind it. What it shows is set with the _lodge_screen_set_… functions;
 * what it is asked for is written down.
 */
G_DECLARE_FINAL_TYPE (TestScreen, test_screen, TEST, SCREEN, LodgeScreen)

/* Ready, in client mouse mode, @width × @height, with a framebuffer that is still empty. */
TestScreen *test_screen_new          (int         width,
                                      int         height);
/* What was asked for since the last time, in order, joined by "; ":
 *
 *   press 1e; release 1e; tap 1e; button-press 1 mask 1; button-release 1 mask 0;
 *   position 10,20 mask 0; motion -1,2 mask 0; lock-keys 4; size 800x600 mm 211x158
 *
 * Scancodes are in hexadecimal. Forgets it.
 */
char       *test_screen_take_calls   (TestScreen *self);
/* The same without forgetting. */
char       *test_screen_dup_calls    (TestScreen *self);
guint       test_screen_get_n_calls  (TestScreen *self);
/* The last call alone, or NULL. */
const char *test_screen_get_last     (TestScreen *self);

G_END_DECLS
