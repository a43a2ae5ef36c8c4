/* lodge-docker-names-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-containers-private.h"

G_BEGIN_DECLS

#define LODGE_DOCKER_SOCKET "/run/docker.sock"

/* Blocks, for a second at most. Gives those of @containers their names that are Docker's, as the daemon
 * behind @socket tells them; where that may not be asked they keep their short IDs.
 */
void  lodge_docker_names_apply (GPtrArray   *containers,
                                const char  *socket);

G_END_DECLS
