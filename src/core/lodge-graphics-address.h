/* lodge-graphics-address.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-types.h"

G_BEGIN_DECLS

/**
 * LodgeGraphicsAddress:
 * @type: what speaks there
 * @lends_sockets: lodge_machine_open_graphics_fd_async() gives a socket for each channel; then
 *   nothing else here is needed
 * @host: (nullable): where to connect to by TCP
 * @port: the plain TCP port, or 0
 * @tls_port: the TLS port, or 0
 * @needs_password: the definition says that there is a password
 *
 * The way to a running machine's screen.
 */
typedef struct
{
  LodgeGraphicsType  type;
  gboolean           lends_sockets;
  char              *host;
  guint16            port;
  guint16            tls_port;
  gboolean           needs_password;
} LodgeGraphicsAddress;

/* Null while the machine is not running. */
LodgeGraphicsAddress *lodge_machine_dup_graphics_address (LodgeMachine         *self);
void                  lodge_graphics_address_free        (LodgeGraphicsAddress *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LodgeGraphicsAddress, lodge_graphics_address_free)

G_END_DECLS
