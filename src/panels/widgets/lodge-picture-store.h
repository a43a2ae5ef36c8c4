/* lodge-picture-store.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LODGE_TYPE_PICTURE_STORE (lodge_picture_store_get_type ())

/* The last pictures of guests' screens, by UUID, in the user's cache folder.
 * Signal ::changed (string id) when one was saved.
 */
G_DECLARE_FINAL_TYPE (LodgePictureStore, lodge_picture_store, LODGE, PICTURE_STORE, GObject)

LodgePictureStore *lodge_picture_store_get_default (void);
LodgePictureStore *lodge_picture_store_new         (const char           *folder);
void               lodge_picture_store_save_async  (LodgePictureStore    *self,
                                                    const char           *id,
                                                    GdkTexture           *texture,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
gboolean           lodge_picture_store_save_finish (LodgePictureStore    *self,
                                                    GAsyncResult         *result,
                                                    GError              **error);
void               lodge_picture_store_load_async  (LodgePictureStore    *self,
                                                    const char           *id,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
GdkTexture        *lodge_picture_store_load_finish (LodgePictureStore    *self,
                                                    GAsyncResult         *result,
                                                    GError              **error);

G_END_DECLS
