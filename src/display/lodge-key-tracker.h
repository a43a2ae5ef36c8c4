/* lodge-key-tracker.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-screen.h"

G_BEGIN_DECLS

#define LODGE_TYPE_KEY_TRACKER (lodge_key_tracker_get_type ())

G_DECLARE_FINAL_TYPE (LodgeKeyTracker, lodge_key_tracker, LODGE, KEY_TRACKER, GObject)

LodgeKeyTracker *lodge_key_tracker_new         (void);
void             lodge_key_tracker_set_screen  (LodgeKeyTracker *self,
                                                LodgeScreen     *screen);
void             lodge_key_tracker_press       (LodgeKeyTracker *self,
                                                guint            scancode);
void             lodge_key_tracker_release     (LodgeKeyTracker *self,
                                                guint            scancode);
void             lodge_key_tracker_flush       (LodgeKeyTracker *self);
void             lodge_key_tracker_suspend     (LodgeKeyTracker *self);
void             lodge_key_tracker_release_all (LodgeKeyTracker *self);
gboolean         lodge_key_tracker_is_pressed  (LodgeKeyTracker *self,
                                                guint            scancode);

G_END_DECLS
