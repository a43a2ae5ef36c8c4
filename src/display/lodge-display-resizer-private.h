/* lodge-display-resizer-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-display-private.h"

G_BEGIN_DECLS

typedef struct _LodgeDisplayResizer LodgeDisplayResizer;

/* Asks the guest for the resolution that fits the display, if it is to (resize-guest). */
LodgeDisplayResizer *_lodge_display_resizer_new        (LodgeDisplay        *display);
void                 _lodge_display_resizer_free       (LodgeDisplayResizer *self);
/* The display may have another size: ask when it has come to rest. */
void                 _lodge_display_resizer_queue      (LodgeDisplayResizer *self);
/* The same, and what was asked for before does not count: it may not have been heard. */
void                 _lodge_display_resizer_start_over (LodgeDisplayResizer *self);

G_END_DECLS
