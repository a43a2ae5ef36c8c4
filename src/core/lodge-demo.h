/* lodge-demo.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-types.h"

G_BEGIN_DECLS

/* Defines the demo guest on @host, or finds it there and brings it up to date, and returns it.
 * @image: the file name of the demo guest's kernel image (data/demo).
 */
void          lodge_demo_create_async  (LodgeHost            *host,
                                        const char           *image,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
LodgeMachine *lodge_demo_create_finish (LodgeHost            *host,
                                        GAsyncResult         *result,
                                        GError              **error);

G_END_DECLS
