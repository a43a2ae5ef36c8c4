/* lodge-clipboard.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>
#include <spice-client.h>

G_BEGIN_DECLS

#define LODGE_TYPE_CLIPBOARD (lodge_clipboard_get_type ())

/* Shares the clipboards of a display with a guest, CLIPBOARD and PRIMARY, both ways. */
G_DECLARE_FINAL_TYPE (LodgeClipboard, lodge_clipboard, LODGE, CLIPBOARD, GObject)

LodgeClipboard *lodge_clipboard_new         (GdkDisplay          *display);
/* The channel is borrowed until the next call; NULL lets go. */
void            lodge_clipboard_set_channel (LodgeClipboard      *self,
                                             SpiceMainChannel    *channel);
/* Whether anything may cross: the agent can and the user wants. */
void            lodge_clipboard_set_enabled (LodgeClipboard      *self,
                                             gboolean             enabled);
/* How long a guest may take to answer; 30 seconds by default. For tests. */
void            lodge_clipboard_set_timeout (LodgeClipboard      *self,
                                             guint                ms);

/* For LodgeClipboardProvider: what the guest has in @selection, as bytes fit for @mime_type. */
void            lodge_clipboard_read_async  (LodgeClipboard      *self,
                                             guint                selection,
                                             const char          *mime_type,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data);
GBytes         *lodge_clipboard_read_finish (LodgeClipboard      *self,
                                             GAsyncResult        *result,
                                             GError             **error);

G_END_DECLS
