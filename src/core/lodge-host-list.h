/* lodge-host-list.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-types.h"

G_BEGIN_DECLS

#define LODGE_TYPE_HOST_LIST (lodge_host_list_get_type ())

/* A GListModel of LodgeHost, remembered in GSettings ("hosts", as). Adding and removing
 * writes the setting; hosts open by themselves once they are in the list.
 *
 * Property everyday (LodgeMachine, nullable, notify): the machine that bears the everyday flag in
 * its metadata, on whichever host. Signal woken: the computer has slept and is awake again.
 */
G_DECLARE_FINAL_TYPE (LodgeHostList, lodge_host_list, LODGE, HOST_LIST, GObject)

LodgeHostList *lodge_host_list_new                 (GSettings            *settings);
LodgeHost     *lodge_host_list_add                 (LodgeHostList        *self,
                                                    const char           *uri,
                                                    gboolean              remember);
void           lodge_host_list_remove              (LodgeHostList        *self,
                                                    LodgeHost            *host);
LodgeMachine  *lodge_host_list_get_everyday        (LodgeHostList        *self);
void           lodge_host_list_set_everyday_async  (LodgeHostList        *self,
                                                    LodgeMachine         *machine,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
gboolean       lodge_host_list_set_everyday_finish (LodgeHostList        *self,
                                                    GAsyncResult         *result,
                                                    GError              **error);

G_END_DECLS
