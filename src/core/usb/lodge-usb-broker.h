/* lodge-usb-broker.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-usb-plug.h"
#include "lodge-usb-route.h"
#include "lodge-usb-rules.h"

G_BEGIN_DECLS

#define LODGE_TYPE_USB_BROKER (lodge_usb_broker_get_type ())

G_DECLARE_FINAL_TYPE (LodgeUsbBroker, lodge_usb_broker, LODGE, USB_BROKER, GObject)

/* A GListModel of LodgeUsbPlug: what is plugged in here, and where it is.
 *
 * Property: needed (boolean, notify): a guest that is switched on has rules, or a device.
 *
 * Signals, all with (plug, machine): "ask", the user is to be asked whether the guest gets it (and
 * a LodgeUsbReason why); "held-up": the guest would get it without a click, but the computer is using
 * it; "given", "failed": by a rule, without a click. And "ways-changed": lodge_usb_broker_find_route() may
 * say something else now.
 */

LodgeUsbBroker *lodge_usb_broker_new             (GListModel           *devices,
                                                  GListModel           *hosts);
LodgeUsbBroker *lodge_usb_broker_get_default     (void);
void            lodge_usb_broker_set_default     (LodgeUsbBroker       *self);
LodgeUsbPlug   *lodge_usb_broker_find_plug       (LodgeUsbBroker       *self,
                                                  const char           *id);
void            lodge_usb_broker_add_route       (LodgeUsbBroker       *self,
                                                  LodgeUsbRoute        *route);
void            lodge_usb_broker_remove_route    (LodgeUsbBroker       *self,
                                                  LodgeUsbRoute        *route);
LodgeUsbRoute  *lodge_usb_broker_find_route      (LodgeUsbBroker       *self,
                                                  LodgeUsbPlug         *plug,
                                                  LodgeMachine         *machine,
                                                  GError              **error);
/* A way in which a guest could get a device, and why it cannot; obstacle is null if it can. */
typedef struct
{
  LodgeUsbRoute *route;
  GError        *obstacle;
} LodgeUsbWay;

void            lodge_usb_way_free               (LodgeUsbWay          *self);
GPtrArray      *lodge_usb_broker_dup_ways        (LodgeUsbBroker       *self,
                                                  LodgeUsbPlug         *plug,
                                                  LodgeMachine         *machine);
void            lodge_usb_broker_set_front       (LodgeUsbBroker       *self,
                                                  LodgeMachine         *machine);
gboolean        lodge_usb_broker_is_needed       (LodgeUsbBroker       *self);
void            lodge_usb_broker_renew           (LodgeUsbBroker       *self);

/* The user's wishes. */
void            lodge_usb_broker_give_async      (LodgeUsbBroker       *self,
                                                  LodgeUsbPlug         *plug,
                                                  LodgeMachine         *machine,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
void            lodge_usb_broker_take_async      (LodgeUsbBroker       *self,
                                                  LodgeUsbPlug         *plug,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
void            lodge_usb_broker_keep            (LodgeUsbBroker       *self,
                                                  LodgeUsbPlug         *plug);
void            lodge_usb_broker_inspect         (LodgeUsbBroker       *self,
                                                  LodgeUsbPlug         *plug);
void            lodge_usb_broker_unmount_and_give_async (LodgeUsbBroker      *self,
                                                         LodgeUsbPlug        *plug,
                                                         LodgeMachine        *machine,
                                                         GAsyncReadyCallback  callback,
                                                         gpointer             user_data);

/* Rules; each guest's are its own. Rules of lodge_usb_broker_get_rules() are changed by these
 * alone.
 */
LodgeUsbRules  *lodge_usb_broker_get_rules       (LodgeUsbBroker       *self,
                                                  LodgeMachine         *machine);
LodgeUsbVerdict lodge_usb_broker_get_verdict     (LodgeUsbBroker       *self,
                                                  LodgeUsbPlug         *plug,
                                                  LodgeMachine         *machine,
                                                  LodgeUsbMatch        *match);
void            lodge_usb_broker_set_verdict_async      (LodgeUsbBroker       *self,
                                                         LodgeUsbPlug         *plug,
                                                         LodgeMachine         *machine,
                                                         LodgeUsbVerdict       verdict,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
void            lodge_usb_broker_set_kind_verdict_async (LodgeUsbBroker       *self,
                                                         LodgeUsbKind          kind,
                                                         LodgeMachine         *machine,
                                                         LodgeUsbVerdict       verdict,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
void            lodge_usb_broker_set_rule_verdict_async (LodgeUsbBroker       *self,
                                                         LodgeUsbRule         *rule,
                                                         LodgeMachine         *machine,
                                                         LodgeUsbVerdict       verdict,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
gboolean        lodge_usb_broker_finish          (LodgeUsbBroker       *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);

G_END_DECLS
