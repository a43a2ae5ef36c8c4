/* lodge-renderer-policy.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-display-types.h"

G_BEGIN_DECLS

/* Call after gtk_init() and before the first toplevel: where OpenGL is done in software, GTK's
 * cairo renderer costs a fraction. Leaves GSK_RENDERER alone if the user set it.
 */
void lodge_renderer_policy_apply (GdkDisplay *display);

G_END_DECLS
