/* lodge-machine-resources-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-machine-resources.h"
#include "lodge-resource-figures-private.h"

G_BEGIN_DECLS

typedef enum
{
  LODGE_CHANGE_MEMORY,
  LODGE_CHANGE_LIVE_MEMORY,
  LODGE_CHANGE_VCPUS,
  LODGE_CHANGE_PRIORITY,
  LODGE_CHANGE_STORED_MEMORY,
  LODGE_CHANGE_STORED_VCPUS,
  LODGE_CHANGE_GROWTH,
  LODGE_CHANGE_ONLINE,
} LodgeChangeKind;

/* One thing to do; what the values are depends on the kind. */
typedef struct
{
  LodgeChangeKind kind;
  guint64         value;
  guint64         second;
} LodgeResourceChange;

/* A subclass reads and changes; both end with facts. A change that failed has the error in them, if
 * the machine could be looked at afterwards.
 */
struct _LodgeMachineResourcesClass
{
  GObjectClass parent_class;

  void                 (*read_async)    (LodgeMachineResources      *self,
                                         GCancellable               *cancellable,
                                         GAsyncReadyCallback         callback,
                                         gpointer                    user_data);
  LodgeResourceFacts * (*read_finish)   (LodgeMachineResources      *self,
                                         GAsyncResult               *result,
                                         GError                    **error);
  void                 (*change_async)  (LodgeMachineResources      *self,
                                         const LodgeResourceChange  *change,
                                         GCancellable               *cancellable,
                                         GAsyncReadyCallback         callback,
                                         gpointer                    user_data);
  LodgeResourceFacts * (*change_finish) (LodgeMachineResources      *self,
                                         GAsyncResult               *result,
                                         GError                    **error);
};

/* Whether somebody has asked for the resources of @machine. */
gboolean                    _lodge_machine_has_resources         (LodgeMachine           *machine);

/* For the machine: something was heard of it. Does nothing while nobody has asked for its resources. */
void                        _lodge_machine_resources_touch       (LodgeMachine           *machine);

/* For the subclass. */
const LodgeResourceFacts   *_lodge_machine_resources_get_facts   (LodgeMachineResources  *self);
const LodgeResourceFigures *_lodge_machine_resources_get_figures (LodgeMachineResources  *self);

G_END_DECLS
