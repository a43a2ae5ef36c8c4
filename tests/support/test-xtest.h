/* test-xtest.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A user's hand on an X server, over a connection of its own: what is sent arrives as it would from
 * the devices. The server is $DISPLAY's at the first call. Keys are numbered as by Linux (KEY_… of
 * linux/input-event-codes.h), buttons as by X11 (4 and 5 are the wheel), positions are pixels of the
 * root window.
 */
void test_xtest_key         (guint     keycode,
                             gboolean  pressed);
void test_xtest_tap         (guint     keycode);
void test_xtest_button      (guint     button,
                             gboolean  pressed);
void test_xtest_click       (guint     button);
void test_xtest_move_to     (int       x,
                             int       y);
void test_xtest_move_by     (int       dx,
                             int       dy);
void test_xtest_get_pointer (int      *x,
                             int      *y);
/* How the keys repeat: the first time after @delay, then every @interval, in ms; 0 for never. */
void test_xtest_set_repeat  (guint     delay,
                             guint     interval);
/* Gives the focus of X to the window whose name begins with @name. Returns FALSE if none is shown. */
gboolean test_xtest_focus   (const char *name);

G_END_DECLS
