/* lodge-screenshot.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

char     *lodge_screenshot_dup_file_name (const char           *machine_title,
                                          GDateTime            *time);
void      lodge_screenshot_save_async    (GdkTexture           *texture,
                                          GFile                *file,
                                          GCancellable         *cancellable,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);
gboolean  lodge_screenshot_save_finish   (GAsyncResult         *result,
                                          GError              **error);

G_END_DECLS
