/* lodge-balloon-watch-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-types.h"

G_BEGIN_DECLS

/* How often a balloon that is made to tell does so, in seconds. */
#define LODGE_BALLOON_PERIOD 2

/* Whether @machine's balloon is to tell what the guest uses. @run: the number of the run that it is in,
 * or 0 if it does not run. To be called again whenever one of the two may have changed.
 */
void _lodge_balloon_watch_update (LodgeMachine *machine,
                                  gboolean      wanted,
                                  int           run);

G_END_DECLS
