/* lodge-usb-policy.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-usb-rules.h"

G_BEGIN_DECLS

/**
 * LodgeUsbWorldDevice:
 * @id: by which it is known here (lodge_usb_device_get_id())
 * @identity: what rules look at; has_twin is filled in by the policy
 * @is_new: it was plugged in while somebody looked on; what was there before is not asked about
 * @safety: what of the computer uses it
 * @wanted_by: (nullable): the guest that the user gave it to, until it is unplugged
 * @is_kept: the user said that it stays here, or took it back
 * @returned_to: (nullable): the guest that had it when it went away to come back as another device
 * @asked_about: (nullable): the guest for which the user was asked
 * @failed_for: (nullable): the guest to which it could not be given
 * @is_conflict_noted: the user was shown who else wants it
 * @is_held_up_noted: the user was shown that the computer's use of it holds the rule up
 *
 * A device that is there. What is said of guests are their ids.
 */
typedef struct
{
  char                  *id;
  LodgeUsbIdentity       identity;
  gboolean               is_new;
  LodgeUsbSafetyVerdict  safety;
  char                  *wanted_by;
  gboolean               is_kept;
  char                  *returned_to;
  char                  *asked_about;
  char                  *failed_for;
  gboolean               is_conflict_noted;
  gboolean               is_held_up_noted;
} LodgeUsbWorldDevice;

/**
 * LodgeUsbWorldGuest:
 * @id: by which it is known here
 * @rules: (nullable): its rules
 * @is_on: it can be given devices now
 * @rank: how many windows of other guests were in front since its own was; %G_MAXUINT: never
 */
typedef struct
{
  char          *id;
  LodgeUsbRules *rules;
  gboolean       is_on;
  guint          rank;
} LodgeUsbWorldGuest;

/**
 * LodgeUsbAction:
 * @kind: what to do
 * @device: the id of a device; with %LODGE_USB_ACTION_TAKE and %LODGE_USB_ACTION_FORGET it may be
 *   one that is not there any more
 * @guest: the id of a guest
 * @reason: why
 * @others: (nullable): with %LODGE_USB_ACTION_NOTE_CONFLICT, the guests that want it and do not
 *   get it
 */
typedef struct
{
  LodgeUsbActionKind   kind;
  char                *device;
  char                *guest;
  LodgeUsbReason       reason;
  char               **others;
} LodgeUsbAction;

typedef struct _LodgeUsbWorld LodgeUsbWorld;

LodgeUsbWorld       *lodge_usb_world_new            (void);
void                 lodge_usb_world_free           (LodgeUsbWorld          *self);
LodgeUsbWorldDevice *lodge_usb_world_add_device     (LodgeUsbWorld          *self,
                                                     const char             *id,
                                                     const LodgeUsbIdentity *identity);
LodgeUsbWorldGuest  *lodge_usb_world_add_guest      (LodgeUsbWorld          *self,
                                                     const char             *id,
                                                     LodgeUsbRules          *rules);
void                 lodge_usb_world_add_assignment (LodgeUsbWorld          *self,
                                                     const char             *device,
                                                     const char             *guest);

GPtrArray           *lodge_usb_policy_decide        (LodgeUsbWorld          *world);

void                 lodge_usb_action_free          (LodgeUsbAction         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LodgeUsbWorld, lodge_usb_world_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LodgeUsbAction, lodge_usb_action_free)

G_END_DECLS
