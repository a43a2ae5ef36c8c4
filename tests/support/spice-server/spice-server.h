/* spice-server.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <spice.h>

#include "patterns.h"

G_BEGIN_DECLS

/* A guest without a machine: a program of its own, so that a test may kill it. It reads commands
 * from standard input, a line each, and writes what happens to standard output, a line each. After
 * each command it writes "ok" or "failed WHY".
 */

/* Any thread. A newline is added. */
void say               (const char   *format,
                        ...) G_GNUC_PRINTF (1, 2);

/* Each takes a command's words and says whether it knew it; sets @problem if it failed. */
gboolean display_command (SpiceServer  *server,
                          char        **words,
                          char        **problem);
gboolean agent_command   (SpiceServer  *server,
                          char        **words,
                          char        **problem);
gboolean devices_command (SpiceServer  *server,
                          char        **words,
                          char        **problem);

void     display_add     (SpiceServer  *server,
                          guint         n_displays);
void     devices_add     (SpiceServer  *server);

G_END_DECLS
