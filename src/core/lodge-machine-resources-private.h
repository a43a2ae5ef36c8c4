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

/* For the machine: something was heard of it. Does nothing if nobody has asked for its resources. */
void                        _lodge_machine_resources_touch       (LodgeMachine           *machine);

/* For LodgeLoan. */
void                        _lodge_machine_resources_set_loan    (LodgeMachineResources  *self,
                                                                  LodgeLoan              *loan);

/* The inside of a LodgeMachineResources. */
typedef struct
{
  LodgeMachine         *machine;       /* weak */
  LodgeResourceFacts   *facts;         /* NULL before the first look */
  LodgeResourceFigures  figures;
  LodgeLoan            *loan;
  GListStore           *pending;
  GCancellable         *closing;       /* ends what is under way with this object */
  GQueue                waiting;       /* of GTask: changes */
  GTask                *running;
  gint64                moved_at;      /* when memory last moved or was asked for */
  guint                 held_id;
  guint                 touched_id;
  guint                 soon_id;
  guint64               memory_before; /* what was asked before the change under way */
  guint                 vcpus_before;
  guint                 reading : 1;
  guint                 again : 1;     /* one more look is needed */
  guint                 overtaken : 1; /* the look under way is older than a change's answer */
  guint                 known : 1;     /* what was asked is more than a guess */
  guint                 arrived : 1;   /* it has been reached once */
  guint                 answered : 1;  /* the guest has moved, or talked, since it started */
  guint                 denied : 1;
} LodgeMachineResourcesPrivate;

/* For its own parts. */
LodgeMachineResourcesPrivate *
          _lodge_machine_resources_get_private       (LodgeMachineResources       *self);
void      _lodge_machine_resources_read              (LodgeMachineResources       *self);
void      _lodge_machine_resources_set_figures       (LodgeMachineResources       *self,
                                                      const LodgeResourceFigures  *figures);

/* lodge-machine-resources-state.c */
gboolean  _lodge_machine_resources_has_change        (LodgeMachineResources       *self,
                                                      LodgeChangeKind              kind);
void      _lodge_machine_resources_find_memory_state (LodgeMachineResources       *self,
                                                      LodgeResourceFigures        *figures);
void      _lodge_machine_resources_update            (LodgeMachineResources       *self);
void      _lodge_machine_resources_take_facts        (LodgeMachineResources       *self,
                                                      LodgeResourceFacts          *facts);

/* For the subclass. */
const LodgeResourceFacts   *_lodge_machine_resources_get_facts   (LodgeMachineResources  *self);
const LodgeResourceFigures *_lodge_machine_resources_get_figures (LodgeMachineResources  *self);

G_END_DECLS
