/* lodge-host-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-host.h"
#include "lodge-machine-store-private.h"
#include "lodge-statistics-private.h"

G_BEGIN_DECLS

struct _LodgeHostClass
{
  GObjectClass parent_class;

  void           (*open_async)                 (LodgeHost            *self,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
  gboolean       (*open_finish)                (LodgeHost            *self,
                                                GAsyncResult         *result,
                                                GError              **error);
  void           (*close)                      (LodgeHost            *self);
  void           (*retry)                      (LodgeHost            *self);
  void           (*define_machine_async)       (LodgeHost            *self,
                                                const char           *xml,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
  LodgeMachine * (*define_machine_finish)      (LodgeHost            *self,
                                                GAsyncResult         *result,
                                                GError              **error);
  void           (*probe_acceleration_async)   (LodgeHost            *self,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
  gboolean       (*probe_acceleration_finish)  (LodgeHost            *self,
                                                GAsyncResult         *result,
                                                GError              **error);
  void           (*read_sample_async)          (LodgeHost            *self,
                                                gboolean              identity,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
  LodgeSample  * (*read_sample_finish)         (LodgeHost            *self,
                                                GAsyncResult         *result,
                                                GError              **error);
};

/* For the subclass. */
LodgeMachineStore *_lodge_host_get_store        (LodgeHost         *self);
void               _lodge_host_set_state        (LodgeHost         *self,
                                                 LodgeHostState     state,
                                                 const GError      *error,
                                                 gint64             retry_at);
void               _lodge_host_set_acceleration (LodgeHost         *self,
                                                 LodgeAcceleration  acceleration);
void               _lodge_host_change_machines  (LodgeHost         *self,
                                                 GHashTable        *removed,
                                                 GPtrArray         *added);

/* For LodgeStatistics: the figures of now. @identity: which computer it is, too. */
void               _lodge_host_read_sample_async  (LodgeHost            *self,
                                                   gboolean              identity,
                                                   GCancellable         *cancellable,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
LodgeSample       *_lodge_host_read_sample_finish (LodgeHost            *self,
                                                   GAsyncResult         *result,
                                                   GError              **error);

/* For LodgeMachine, when its memory became automatic or ceased to be. */
void               _lodge_host_automatic_changed (LodgeHost        *self,
                                                  LodgeMachine     *machine);

/* For LodgeMachine, when its flag came, went or is of another time. */
void               _lodge_host_everyday_changed (LodgeHost         *self,
                                                 LodgeMachine      *machine);

G_END_DECLS
