/* lodge-sound-popover.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "lodge-console.h"

G_BEGIN_DECLS

#define LODGE_TYPE_SOUND_POPOVER (lodge_sound_popover_get_type ())

/* The guest's volume, and switches for its sound and its microphone. */
G_DECLARE_FINAL_TYPE (LodgeSoundPopover, lodge_sound_popover, LODGE, SOUND_POPOVER, GtkPopover)

GtkWidget *lodge_sound_popover_new         (void);
void       lodge_sound_popover_set_console (LodgeSoundPopover *self,
                                            LodgeConsole      *console);

G_END_DECLS
