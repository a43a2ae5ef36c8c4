/* lodge-clipboard-types.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

/* More than this crosses in neither direction: whoever pastes gets an error. The library holds all
 * of it in memory, some of it twice.
 */
#define LODGE_CLIPBOARD_MAX_SIZE (64 * 1024 * 1024)

/* Types of spice/vd_agent.h and MIME types. */
guint32            lodge_clipboard_type_from_mime     (const char              *mime_type);
/* The MIME types of a type, best first, ended by NULL. */
const char * const *lodge_clipboard_type_get_mimes    (guint32                  type);
/* Of guint32: what a guest could be offered of @formats. */
GArray            *lodge_clipboard_types_from_formats (GdkContentFormats       *formats);
GdkContentFormats *lodge_clipboard_types_to_formats   (const guint32           *types,
                                                       guint                    n_types);
gboolean           lodge_clipboard_type_is_text       (guint32                  type);
/* Text as the guest's agent gave it, as UTF-8 without end marks and, if @crlf, with this side's
 * ends of lines. Takes time for much text.
 */
GBytes            *lodge_clipboard_text_from_guest    (GBytes                  *bytes,
                                                       gboolean                 crlf);
GBytes            *lodge_clipboard_text_to_guest      (const char              *text,
                                                       gboolean                 crlf);

G_END_DECLS
