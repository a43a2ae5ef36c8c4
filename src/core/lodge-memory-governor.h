/* lodge-memory-governor.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-types.h"

G_BEGIN_DECLS

#define LODGE_TYPE_MEMORY_GOVERNOR (lodge_memory_governor_get_type ())

/* Moves the memory of all running machines that are to have it automatic, on all of @hosts, for as
 * long as it lives. What it decides is said by the LodgeMachinePreferences of each. Property: busy
 * (boolean, notify).
 */
G_DECLARE_FINAL_TYPE (LodgeMemoryGovernor, lodge_memory_governor, LODGE, MEMORY_GOVERNOR, GObject)

/* @hosts: a list of LodgeHost */
LodgeMemoryGovernor *lodge_memory_governor_new            (GListModel           *hosts);

/* Whether it looks at any machine, which is what costs. */
gboolean             lodge_memory_governor_is_busy        (LodgeMemoryGovernor  *self);

/* It stops for good, and every machine gets back what its stored definition says, as far as the host
 * has it: nobody looks after them any more.
 */
void                 lodge_memory_governor_release_async  (LodgeMemoryGovernor  *self,
                                                           GCancellable         *cancellable,
                                                           GAsyncReadyCallback   callback,
                                                           gpointer              user_data);
gboolean             lodge_memory_governor_release_finish (LodgeMemoryGovernor  *self,
                                                           GAsyncResult         *result,
                                                           GError              **error);

G_END_DECLS
