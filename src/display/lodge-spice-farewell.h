/* lodge-spice-farewell.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <spice-client.h>

G_BEGIN_DECLS

/* Ends @session. @running: the channels that were told to connect and have not ended since, as keys,
 * and whether they were opened; taken over. Nobody else may have handlers on them. @last_opened: when
 * the last of them was, by the monotonic clock. @done is called when none of them can reach the
 * server any more, maybe at once.
 */
void lodge_spice_farewell (SpiceSession *session,
                           GHashTable   *running,
                           gint64        last_opened,
                           GCallback     done,
                           gpointer      user_data);

G_END_DECLS
