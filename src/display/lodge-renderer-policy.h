/* lodge-renderer-policy.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-display-types.h"

G_BEGIN_DECLS

/* Call before gtk_init(): on a machine without a GPU, keeps GDK from loading OpenGL all the same. Mesa
 * and LLVM take 27 MiB and a third of the time until the first window is painted. Leaves
 * GSK_RENDERER, GDK_DEBUG and GDK_DISABLE alone if the user set one of them.
 */
void lodge_renderer_policy_prepare (void);

/* Call after gtk_init() and before the first toplevel: where OpenGL is done in software, GTK's
 * cairo renderer costs a fraction. Leaves GSK_RENDERER alone if the user set it.
 */
void lodge_renderer_policy_apply   (GdkDisplay *display);

G_END_DECLS
