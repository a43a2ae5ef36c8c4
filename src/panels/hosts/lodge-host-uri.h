/* lodge-host-uri.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *lodge_host_uri_normalize (const char  *text,
                                const char **problem);

G_END_DECLS
