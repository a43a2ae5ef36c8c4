/* lodge-usb-rule.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-usb-device.h"

G_BEGIN_DECLS

/**
 * LodgeUsbIdentity:
 * @vendor: the vendor's number
 * @product: the product's number
 * @serial: (nullable): the serial number, escaped as lodge_usb_device_get_serial() does
 * @place: (nullable): where it is plugged, as lodge_usb_device_get_place() gives it
 * @kind: what it is
 * @may_be_input: whether it may be a keyboard or a mouse
 * @has_twin: whether another device is there that has the same numbers and the same serial
 *
 * What a rule looks at. The strings are borrowed.
 */
typedef struct
{
  guint         vendor;
  guint         product;
  const char   *serial;
  const char   *place;
  LodgeUsbKind  kind;
  gboolean      may_be_input;
  gboolean      has_twin;
} LodgeUsbIdentity;

/**
 * LodgeUsbMatch:
 * @LODGE_USB_MATCH_NONE: the rule is not about the device
 * @LODGE_USB_MATCH_KIND: it is about devices of that kind
 * @LODGE_USB_MATCH_MODEL: it is about a device like this, which has no serial and was plugged in
 *   elsewhere
 * @LODGE_USB_MATCH_DEVICE: it is about this device
 *
 * The higher, the more the rule means just this device.
 */
typedef enum
{
  LODGE_USB_MATCH_NONE,
  LODGE_USB_MATCH_KIND,
  LODGE_USB_MATCH_MODEL,
  LODGE_USB_MATCH_DEVICE,
} LodgeUsbMatch;

#define LODGE_TYPE_USB_RULE (lodge_usb_rule_get_type ())

G_DECLARE_FINAL_TYPE (LodgeUsbRule, lodge_usb_rule, LODGE, USB_RULE, GObject)

/* What is to be done with a device, or with devices of a kind, when it is plugged in. Belongs to
 * LodgeUsbRules, which changes it; only verdict and name change, with notify.
 */

gboolean         lodge_usb_rule_is_for_kind  (LodgeUsbRule           *self);
LodgeUsbKind     lodge_usb_rule_get_kind     (LodgeUsbRule           *self);
guint            lodge_usb_rule_get_vendor   (LodgeUsbRule           *self);
guint            lodge_usb_rule_get_product  (LodgeUsbRule           *self);
const char      *lodge_usb_rule_get_serial   (LodgeUsbRule           *self);
const char      *lodge_usb_rule_get_place    (LodgeUsbRule           *self);
const char      *lodge_usb_rule_get_name     (LodgeUsbRule           *self);
LodgeUsbVerdict  lodge_usb_rule_get_verdict  (LodgeUsbRule           *self);
LodgeUsbMatch    lodge_usb_rule_match        (LodgeUsbRule           *self,
                                              const LodgeUsbIdentity *identity);

void             lodge_usb_identity_init     (LodgeUsbIdentity       *self,
                                              LodgeUsbDevice         *device,
                                              gboolean                has_twin);
gboolean         lodge_usb_identity_is_twin  (const LodgeUsbIdentity *self,
                                              const LodgeUsbIdentity *other);
gboolean         lodge_usb_kind_can_have_rule (LodgeUsbKind           kind);

G_END_DECLS
