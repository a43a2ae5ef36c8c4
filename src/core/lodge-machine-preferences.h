/* lodge-machine-preferences.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-types.h"

G_BEGIN_DECLS

#define LODGE_TYPE_MACHINE_PREFERENCES (lodge_machine_preferences_get_type ())

G_DECLARE_FINAL_TYPE (LodgeMachinePreferences, lodge_machine_preferences,
                      LODGE, MACHINE_PREFERENCES, GObject)

/* What people want of a machine; lodge_machine_get_preferences() has it. Properties, all readable
 * with notify, changed on the main thread only: automatic-memory (boolean), memory-floor and
 * memory-ceiling (uint64, KiB, 0 if nobody has set them), priority (LodgePriority), usb-rules
 * (string, nullable: an XML element <usb>), loan-amount (uint64, KiB: what it gave for a start, as
 * LodgeMachineResources:loan tells better, or 0), notice (string, nullable: what is written there and
 * makes no sense, one attribute a line, as name attribute="value").
 */

LodgeMachine  *lodge_machine_preferences_get_machine             (LodgeMachinePreferences  *self);
/* What LodgeMemoryGovernor made of the automatic memory: properties memory-reason (LodgeMemoryReason),
 * memory-decided (uint64, KiB: what it wants the guest to have now; 0 if nothing) and memory-problem
 * (GError, boxed, nullable: why that could not be had).
 */
LodgeMemoryReason lodge_machine_preferences_get_memory_reason   (LodgeMachinePreferences  *self);
guint64        lodge_machine_preferences_get_memory_decided      (LodgeMachinePreferences  *self);
const GError  *lodge_machine_preferences_get_memory_problem      (LodgeMachinePreferences  *self);

gboolean       lodge_machine_preferences_get_automatic_memory    (LodgeMachinePreferences  *self);
guint64        lodge_machine_preferences_get_memory_floor        (LodgeMachinePreferences  *self);
guint64        lodge_machine_preferences_get_memory_ceiling      (LodgeMachinePreferences  *self);
guint64        lodge_machine_preferences_get_loan_amount         (LodgeMachinePreferences  *self);
LodgePriority  lodge_machine_preferences_get_priority            (LodgeMachinePreferences  *self);
const char    *lodge_machine_preferences_get_notice              (LodgeMachinePreferences  *self);

/* Whether the machine's memory follows what the guest uses, and between what, in KiB (0 for the
 * default). Fails with LODGE_ERROR_INVALID where the floor is above the ceiling.
 */
void           lodge_machine_preferences_set_memory_range_async  (LodgeMachinePreferences  *self,
                                                                  gboolean                  automatic,
                                                                  guint64                   floor,
                                                                  guint64                   ceiling,
                                                                  GCancellable             *cancellable,
                                                                  GAsyncReadyCallback       callback,
                                                                  gpointer                  user_data);
gboolean       lodge_machine_preferences_set_memory_range_finish (LodgeMachinePreferences  *self,
                                                                  GAsyncResult             *result,
                                                                  GError                  **error);

/* Only what is wanted: lodge_machine_resources_set_priority_async() has the processors heed it. */
void           lodge_machine_preferences_set_priority_async      (LodgeMachinePreferences  *self,
                                                                  LodgePriority             priority,
                                                                  GCancellable             *cancellable,
                                                                  GAsyncReadyCallback       callback,
                                                                  gpointer                  user_data);
gboolean       lodge_machine_preferences_set_priority_finish     (LodgeMachinePreferences  *self,
                                                                  GAsyncResult             *result,
                                                                  GError                  **error);

/* The rules for USB devices: the text of one element <usb> without a namespace, or NULL for none.
 * What is in it stays as it was given, but for white space and the way that XML is written.
 */
const char    *lodge_machine_get_usb_rules_xml        (LodgeMachine         *machine);
void           lodge_machine_set_usb_rules_xml_async  (LodgeMachine         *machine,
                                                       const char           *xml,
                                                       GCancellable         *cancellable,
                                                       GAsyncReadyCallback   callback,
                                                       gpointer              user_data);
gboolean       lodge_machine_set_usb_rules_xml_finish (LodgeMachine         *machine,
                                                       GAsyncResult         *result,
                                                       GError              **error);

G_END_DECLS
