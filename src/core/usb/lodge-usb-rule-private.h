/* lodge-usb-rule-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libxml/tree.h>

#include "lodge-usb-rule.h"

G_BEGIN_DECLS

LodgeUsbRule *_lodge_usb_rule_new_for_node (xmlNode                 *node);
xmlNode      *_lodge_usb_rule_make_node    (xmlNode                 *parent,
                                            const LodgeUsbIdentity  *identity);
xmlNode      *_lodge_usb_rule_get_node     (LodgeUsbRule            *self);
void          _lodge_usb_rule_set_verdict  (LodgeUsbRule            *self,
                                            LodgeUsbVerdict          verdict);
void          _lodge_usb_rule_set_name     (LodgeUsbRule            *self,
                                            const char              *name);
void          _lodge_usb_rule_forget_node  (LodgeUsbRule            *self);
const char   *_lodge_usb_local_name        (const xmlNode           *node);

G_END_DECLS
