/* lodge-fullscreen-box.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define LODGE_TYPE_FULLSCREEN_BOX (lodge_fullscreen_box_get_type ())

/* A header above a content. While fullscreened is set the content has all the room and the header
 * comes down when the pointer touches the upper edge or the focus goes into it.
 *
 * Properties: header, content (GtkWidget, nullable), fullscreened (boolean).
 */
G_DECLARE_FINAL_TYPE (LodgeFullscreenBox, lodge_fullscreen_box, LODGE, FULLSCREEN_BOX, GtkWidget)

gboolean lodge_fullscreen_box_get_fullscreened (LodgeFullscreenBox *self);
void     lodge_fullscreen_box_set_fullscreened (LodgeFullscreenBox *self,
                                                gboolean            fullscreened);
gboolean lodge_fullscreen_box_get_revealed     (LodgeFullscreenBox *self);

G_END_DECLS
