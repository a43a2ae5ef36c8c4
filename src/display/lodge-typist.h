/* lodge-typist.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-screen.h"

G_BEGIN_DECLS

#define LODGE_TYPE_TYPIST (lodge_typist_get_type ())

G_DECLARE_FINAL_TYPE (LodgeTypist, lodge_typist, LODGE, TYPIST, GObject)

LodgeTypist *lodge_typist_new         (void);
void         lodge_typist_type_async  (LodgeTypist          *self,
                                       LodgeScreen          *screen,
                                       const char           *text,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
gboolean     lodge_typist_type_finish (LodgeTypist          *self,
                                       GAsyncResult         *result,
                                       guint                *n_skipped,
                                       GError              **error);
void         lodge_typist_stop        (LodgeTypist          *self);

G_END_DECLS
