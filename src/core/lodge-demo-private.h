/* lodge-demo-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-demo.h"

G_BEGIN_DECLS

#define LODGE_DEMO_NAME "Lodge Demo"

char *lodge_demo_build_xml  (const char         *image,
                             LodgeAcceleration   acceleration);
char *lodge_demo_update_xml (const char         *xml,
                             const char         *image,
                             LodgeAcceleration   acceleration,
                             GError            **error);

G_END_DECLS
