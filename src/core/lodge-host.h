/* lodge-host.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-types.h"

G_BEGIN_DECLS

#define LODGE_TYPE_HOST (lodge_host_get_type ())

G_DECLARE_DERIVABLE_TYPE (LodgeHost, lodge_host, LODGE, HOST, GObject)

/* Properties, all readable with notify: uri (string), name (string: what people call it, from
 * the URI: "This computer", "This computer (system)" and so on are the panels' words, so this is
 * the host name of a remote URI or NULL), state (LodgeHostState), error (GError, boxed, nullable:
 * why it is not open), retry-at (gint64 monotonic µs of the next attempt, 0 for none),
 * local (boolean), acceleration (LodgeAcceleration), everyday (LodgeMachine, nullable: the one that
 * bears the flag here; LodgeHostList has the one of all hosts).
 */

LodgeHost         *lodge_host_new_for_uri           (const char           *uri);
const char        *lodge_host_get_uri               (LodgeHost            *self);
const char        *lodge_host_get_name              (LodgeHost            *self);
LodgeHostState     lodge_host_get_state             (LodgeHost            *self);
const GError      *lodge_host_get_error             (LodgeHost            *self);
gint64             lodge_host_get_retry_at          (LodgeHost            *self);
gboolean           lodge_host_get_local             (LodgeHost            *self);
LodgeAcceleration  lodge_host_get_acceleration      (LodgeHost            *self);
LodgeMachine      *lodge_host_get_everyday          (LodgeHost            *self);
GListModel        *lodge_host_list_machines         (LodgeHost            *self);

/* Those whose memory is to follow what they use (LodgeMachinePreferences), running or not. */
GListModel        *lodge_host_list_automatic        (LodgeHost            *self);
LodgeMachine      *lodge_host_dup_machine           (LodgeHost            *self,
                                                     const char           *name_or_id);
void               lodge_host_open_async            (LodgeHost            *self,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
gboolean           lodge_host_open_finish           (LodgeHost            *self,
                                                     GAsyncResult         *result,
                                                     GError              **error);
void               lodge_host_close                 (LodgeHost            *self);
void               lodge_host_retry                 (LodgeHost            *self);
void               lodge_host_define_machine_async  (LodgeHost            *self,
                                                     const char           *xml,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
LodgeMachine      *lodge_host_define_machine_finish (LodgeHost            *self,
                                                     GAsyncResult         *result,
                                                     GError              **error);

/* Finds out by running a small guest for a moment whether KVM really works there. The result is
 * remembered until that machine is booted again.
 */
void               lodge_host_probe_acceleration_async  (LodgeHost            *self,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
LodgeAcceleration  lodge_host_probe_acceleration_finish (LodgeHost            *self,
                                                         GAsyncResult         *result,
                                                         GError              **error);

G_END_DECLS
