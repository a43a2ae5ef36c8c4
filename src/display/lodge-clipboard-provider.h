/* lodge-clipboard-provider.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-clipboard.h"

G_BEGIN_DECLS

#define LODGE_TYPE_CLIPBOARD_PROVIDER (lodge_clipboard_provider_get_type ())

/* What a guest has in its clipboard, as content of one of ours: asked for when somebody pastes. */
G_DECLARE_FINAL_TYPE (LodgeClipboardProvider, lodge_clipboard_provider, LODGE, CLIPBOARD_PROVIDER,
                      GdkContentProvider)

GdkContentProvider *lodge_clipboard_provider_new        (LodgeClipboard         *clipboard,
                                                         guint                   selection,
                                                         GdkContentFormats      *formats);
/* The guest has it no more: pastes fail from now on. */
void                lodge_clipboard_provider_invalidate (LodgeClipboardProvider *self);

G_END_DECLS
