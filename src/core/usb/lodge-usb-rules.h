/* lodge-usb-rules.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-usb-rule.h"

G_BEGIN_DECLS

#define LODGE_TYPE_USB_RULES (lodge_usb_rules_get_type ())

G_DECLARE_FINAL_TYPE (LodgeUsbRules, lodge_usb_rules, LODGE, USB_RULES, GObject)

/* The rules of one guest: a GListModel of LodgeUsbRule, read from and written as the element <usb>
 * of Lodge's metadata. Signal: "changed", after a call here has changed something.
 */

LodgeUsbRules   *lodge_usb_rules_new            (const char              *xml);
void             lodge_usb_rules_load           (LodgeUsbRules           *self,
                                                 const char              *xml);
char            *lodge_usb_rules_dup_xml        (LodgeUsbRules           *self);
guint            lodge_usb_rules_get_n_ignored  (LodgeUsbRules           *self);
LodgeUsbRule    *lodge_usb_rules_find           (LodgeUsbRules           *self,
                                                 const LodgeUsbIdentity  *identity,
                                                 LodgeUsbMatch           *match);
LodgeUsbVerdict  lodge_usb_rules_look_up        (LodgeUsbRules           *self,
                                                 const LodgeUsbIdentity  *identity,
                                                 LodgeUsbMatch           *match);
void             lodge_usb_rules_set_for_device (LodgeUsbRules           *self,
                                                 const LodgeUsbIdentity  *identity,
                                                 const char              *name,
                                                 LodgeUsbVerdict          verdict);
gboolean         lodge_usb_rules_set_for_kind   (LodgeUsbRules           *self,
                                                 LodgeUsbKind             kind,
                                                 LodgeUsbVerdict          verdict);
void             lodge_usb_rules_set_verdict    (LodgeUsbRules           *self,
                                                 LodgeUsbRule            *rule,
                                                 LodgeUsbVerdict          verdict);

G_END_DECLS
