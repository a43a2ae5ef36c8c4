/* lodge-clipboard-reader.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

/* What @clipboard has as @type of the agent protocol, fit for the guest. Fails if it is more than
 * LODGE_CLIPBOARD_MAX_SIZE.
 */
void    lodge_clipboard_reader_read_async  (GdkClipboard         *clipboard,
                                            guint32               type,
                                            gboolean              crlf,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
GBytes *lodge_clipboard_reader_read_finish (GdkClipboard         *clipboard,
                                            GAsyncResult         *result,
                                            GError              **error);

G_END_DECLS
