/* lodge-machine.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-types.h"

G_BEGIN_DECLS

#define LODGE_TYPE_MACHINE (lodge_machine_get_type ())

G_DECLARE_DERIVABLE_TYPE (LodgeMachine, lodge_machine, LODGE, MACHINE, GObject)

/* Properties, all readable with notify, changed on the main thread only: id (UUID string), name,
 * title, description (strings), state (LodgeState), pending (LodgeAction: what was asked and is
 * not done yet), everyday (boolean), persistent (boolean), emulated (boolean: no KVM),
 * memory (uint64, KiB), maximum-memory (uint64, KiB), vcpus (uint), graphics
 * (LodgeGraphicsType), has-console (boolean: a serial port or console that libvirt can open),
 * has-agent-channel (boolean: the SPICE agent's channel com.redhat.spice.0 is defined),
 * has-sound (boolean), agent-connected (boolean: the QEMU guest agent answers),
 * cores-changed-live (boolean: no snapshot with memory can be brought back), defined (boolean:
 * the definition has been read; before, all that comes from it is at its default), reachable
 * (boolean: the host's connection stands; if not, all this is what was last known), host
 * (LodgeHost, borrowed).
 */

const char        *lodge_machine_get_id             (LodgeMachine         *self);
const char        *lodge_machine_get_name           (LodgeMachine         *self);
const char        *lodge_machine_get_title          (LodgeMachine         *self);
const char        *lodge_machine_get_description    (LodgeMachine         *self);
LodgeHost         *lodge_machine_get_host           (LodgeMachine         *self);
LodgeMachinePreferences *
                   lodge_machine_get_preferences    (LodgeMachine         *self);
LodgeState         lodge_machine_get_state          (LodgeMachine         *self);
LodgeAction        lodge_machine_get_pending        (LodgeMachine         *self);
gboolean           lodge_machine_get_everyday       (LodgeMachine         *self);
gboolean           lodge_machine_get_persistent     (LodgeMachine         *self);
gboolean           lodge_machine_get_emulated       (LodgeMachine         *self);
guint64            lodge_machine_get_memory         (LodgeMachine         *self);
guint64            lodge_machine_get_maximum_memory (LodgeMachine         *self);
guint              lodge_machine_get_vcpus          (LodgeMachine         *self);
LodgeGraphicsType  lodge_machine_get_graphics       (LodgeMachine         *self);
gboolean           lodge_machine_get_has_console    (LodgeMachine         *self);
gboolean           lodge_machine_is_active          (LodgeMachine         *self);
gboolean           lodge_machine_is_defined         (LodgeMachine         *self);
gboolean           lodge_machine_is_reachable       (LodgeMachine         *self);

/* Whether it makes sense to ask for @action in the state that the machine is in. */
gboolean           lodge_machine_can                (LodgeMachine         *self,
                                                     LodgeAction           action);
void               lodge_machine_perform_async      (LodgeMachine         *self,
                                                     LodgeAction           action,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
gboolean           lodge_machine_perform_finish     (LodgeMachine         *self,
                                                     GAsyncResult         *result,
                                                     GError              **error);

/* What is left when starting fails with LODGE_ERROR_KVM, because the host's probe has shown that
 * KVM does not run guests there: to start all the same, or to have the machine run in software from
 * now on. Both are the user's choice. The first ends with lodge_machine_perform_finish().
 */
void               lodge_machine_start_anyway_async  (LodgeMachine         *self,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
void               lodge_machine_set_emulated_async  (LodgeMachine         *self,
                                                      gboolean              emulated,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
gboolean           lodge_machine_set_emulated_finish (LodgeMachine         *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);

/* The way to the machine's screen (see LodgeGraphicsAddress) and, where the host can lend one, a
 * connected socket for one SPICE channel: virDomainOpenGraphicsFD for local hosts, the SSH tunnel
 * of the libvirt connection for qemu+ssh. Returns -1 on error.
 */
void               lodge_machine_open_graphics_fd_async  (LodgeMachine         *self,
                                                          GCancellable         *cancellable,
                                                          GAsyncReadyCallback   callback,
                                                          gpointer              user_data);
int                lodge_machine_open_graphics_fd_finish (LodgeMachine         *self,
                                                          GAsyncResult         *result,
                                                          GError              **error);

/* Opens the serial console; the stream is closed by closing it. */
void               lodge_machine_open_console_async      (LodgeMachine         *self,
                                                          GCancellable         *cancellable,
                                                          GAsyncReadyCallback   callback,
                                                          gpointer              user_data);
GIOStream         *lodge_machine_open_console_finish     (LodgeMachine         *self,
                                                          GAsyncResult         *result,
                                                          GError              **error);

/* A picture of the running machine's first screen, as PNG or PPM. */
void               lodge_machine_take_screenshot_async   (LodgeMachine         *self,
                                                          GCancellable         *cancellable,
                                                          GAsyncReadyCallback   callback,
                                                          gpointer              user_data);
GBytes            *lodge_machine_take_screenshot_finish  (LodgeMachine         *self,
                                                          GAsyncResult         *result,
                                                          GError              **error);

/* The definition as libvirt has it now (live if running), or as stored if @stored. */
void               lodge_machine_load_xml_async          (LodgeMachine         *self,
                                                          gboolean              stored,
                                                          GCancellable         *cancellable,
                                                          GAsyncReadyCallback   callback,
                                                          gpointer              user_data);
char              *lodge_machine_load_xml_finish         (LodgeMachine         *self,
                                                          GAsyncResult         *result,
                                                          GError              **error);

G_END_DECLS
