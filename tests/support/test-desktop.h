/* test-desktop.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A desktop for one test program: an X server of its own (Xvfb), 1280×800, with a window manager
 * (openbox), so that windows get the focus and lose it as at a user's. Sets $DISPLAY and
 * $GDK_BACKEND; to be called before GTK is initialized.
 *
 * Windows are put at 0,0 and have no frame. A new window gets the focus, and the one before it when
 * it goes; clicks do not move it.
 *
 * The window manager has one shortcut, Super+X.
 */
void  test_desktop_start           (void);
/* The same, with a Wayland compositor (Weston) in a window of 1000×700 at 0,0, and GTK using that.
 * What the hand of test-xtest.h does on the X server, it does in there.
 */
void  test_desktop_start_wayland   (void);
/* How often Super+X was pressed and reached the window manager. */
guint test_desktop_get_n_shortcuts (void);
void  test_desktop_stop            (void);

G_END_DECLS
