/* lodge-machine-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-definition-private.h"
#include "lodge-graphics-address.h"
#include "lodge-machine.h"
#include "lodge-machine-resources.h"

G_BEGIN_DECLS

struct _LodgeMachineClass
{
  GObjectClass parent_class;

  void                   (*perform_async)           (LodgeMachine         *self,
                                                     LodgeAction           action,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
  gboolean               (*perform_finish)          (LodgeMachine         *self,
                                                     GAsyncResult         *result,
                                                     GError              **error);
  void                   (*start_anyway_async)      (LodgeMachine         *self,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
  void                   (*set_emulated_async)      (LodgeMachine         *self,
                                                     gboolean              emulated,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
  gboolean               (*set_emulated_finish)     (LodgeMachine         *self,
                                                     GAsyncResult         *result,
                                                     GError              **error);
  void                   (*write_preferences_async) (LodgeMachine           *self,
                                                     const LodgePreferences *preferences,
                                                     LodgePreferenceFlags    what,
                                                     GCancellable           *cancellable,
                                                     GAsyncReadyCallback     callback,
                                                     gpointer                user_data);
  gboolean               (*write_preferences_finish) (LodgeMachine        *self,
                                                     GAsyncResult         *result,
                                                     GError              **error);
  LodgeGraphicsAddress * (*dup_graphics_address)    (LodgeMachine         *self,
                                                     const LodgeGraphics  *graphics);
  void                   (*open_graphics_fd_async)  (LodgeMachine         *self,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
  int                    (*open_graphics_fd_finish) (LodgeMachine         *self,
                                                     GAsyncResult         *result,
                                                     GError              **error);
  void                   (*open_console_async)      (LodgeMachine         *self,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
  GIOStream            * (*open_console_finish)     (LodgeMachine         *self,
                                                     GAsyncResult         *result,
                                                     GError              **error);
  void                   (*take_screenshot_async)   (LodgeMachine         *self,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
  GBytes               * (*take_screenshot_finish)  (LodgeMachine         *self,
                                                     GAsyncResult         *result,
                                                     GError              **error);
  void                   (*load_xml_async)          (LodgeMachine         *self,
                                                     gboolean              stored,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
  char                 * (*load_xml_finish)         (LodgeMachine         *self,
                                                     GAsyncResult         *result,
                                                     GError              **error);
  LodgeMachineResources * (*create_resources)       (LodgeMachine         *self);
  void                   (*start_with_async)        (LodgeMachine         *self,
                                                     guint64               kib,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
  void                   (*set_balloon_period_async) (LodgeMachine        *self,
                                                     guint                 seconds,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
  gboolean               (*balloon_finish)          (LodgeMachine         *self,
                                                     GAsyncResult         *result,
                                                     GError              **error);
};

/* What a worker thread found out about a machine; the main thread applies it. */
typedef struct
{
  char            *id;
  char            *name;
  gint64           time;            /* when the reading began, monotonic */
  LodgeState       state;
  gboolean         active;
  gboolean         persistent;
  guint64          memory;          /* 0 where not known */
  guint64          maximum_memory;  /* 0 where not known */
  guint            vcpus;           /* 0 where not known */
  LodgeDefinition *definition;      /* NULL where it was not read */
} LodgeMachineFacts;

void                   lodge_machine_facts_free          (LodgeMachineFacts        *facts);

/* For the host and the subclass, on the main thread. */
void                   _lodge_machine_apply              (LodgeMachine             *self,
                                                          LodgeMachineFacts        *facts);
void                   _lodge_machine_set_memory         (LodgeMachine             *self,
                                                          guint64                   kib);
void                   _lodge_machine_set_pending        (LodgeMachine             *self,
                                                          LodgeAction               pending);
void                   _lodge_machine_set_reachable      (LodgeMachine             *self,
                                                          gboolean                  reachable);
void                   _lodge_machine_vanish             (LodgeMachine             *self);
gint64                 _lodge_machine_get_everyday_since (LodgeMachine             *self);
const LodgeGraphics   *_lodge_machine_get_screen         (LodgeMachine             *self);
const LodgeDefinition *_lodge_machine_get_definition     (LodgeMachine             *self);
void                   _lodge_machine_set_everyday_async (LodgeMachine             *self,
                                                          gboolean                  everyday,
                                                          GCancellable             *cancellable,
                                                          GAsyncReadyCallback       callback,
                                                          gpointer                  user_data);
gboolean               _lodge_machine_set_everyday_finish (LodgeMachine            *self,
                                                          GAsyncResult             *result,
                                                          GError                  **error);

/* Starts the machine with @kib of memory this time; what is stored stays as it is. Ends with
 * lodge_machine_perform_finish(). LODGE_ERROR_INVALID for a machine whose memory is saved.
 */
void                   _lodge_machine_start_with_async   (LodgeMachine             *self,
                                                          guint64                   kib,
                                                          GCancellable             *cancellable,
                                                          GAsyncReadyCallback       callback,
                                                          gpointer                  user_data);

/* How often the running guest's balloon tells what the guest uses; 0 for never. */
void                   _lodge_machine_set_balloon_period_async (LodgeMachine       *self,
                                                          guint                     seconds,
                                                          GCancellable             *cancellable,
                                                          GAsyncReadyCallback       callback,
                                                          gpointer                  user_data);
gboolean               _lodge_machine_balloon_finish     (LodgeMachine             *self,
                                                          GAsyncResult             *result,
                                                          GError                  **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LodgeMachineFacts, lodge_machine_facts_free)

G_END_DECLS
