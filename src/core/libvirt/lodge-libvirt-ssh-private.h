/* lodge-libvirt-ssh-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean   lodge_ssh_is_ssh_uri (const char   *uri);
char     **lodge_ssh_build_argv (const char   *uri,
                                 const char   *address,
                                 guint         port,
                                 const char   *socket_path,
                                 GError      **error);
int        lodge_ssh_open       (const char   *uri,
                                 const char   *address,
                                 guint         port,
                                 const char   *socket_path,
                                 GError      **error);

G_END_DECLS
