/* lodge-usb-broker-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gunixmounts.h>

#include "lodge-usb-broker.h"
#include "lodge-usb-guest-private.h"
#include "lodge-usb-plug-private.h"
#include "lodge-usb-policy.h"

G_BEGIN_DECLS

/* For the broker's own parts. */
struct _LodgeUsbBroker
{
  GObject         parent_instance;
  GListModel     *devices;
  GListModel     *hosts;
  GPtrArray      *machine_lists;  /* one a host, as they were when they were last looked at */
  GHashTable     *guests;         /* machine id → LodgeUsbGuest */
  GPtrArray      *plugs;
  GPtrArray      *routes;         /* in the order in which they are tried */
  GHashTable     *taking;         /* set of the aliases of what is being taken out of guests */
  GHashTable     *last_guests;    /* device id → machine id or KEPT_HERE, of what is not there any more */
  char          **front;          /* machine ids, the one whose window was last in front first */
  GUnixMountMonitor *mounts;      /* while devices are mounted that guests are to have */
  GCancellable   *cancellable;
  guint           decide_id;
  guint           is_needed : 1;
};

/* lodge-usb-broker.c */
void            _lodge_usb_broker_queue_decide  (LodgeUsbBroker         *self);
LodgeUsbGuest  *_lodge_usb_broker_find_guest    (LodgeUsbBroker         *self,
                                                 const char             *id);
void            _lodge_usb_broker_update_places (LodgeUsbBroker         *self);
void            _lodge_usb_broker_update_needed (LodgeUsbBroker         *self);

/* lodge-usb-broker-acts.c */
void            _lodge_usb_broker_give          (LodgeUsbBroker         *self,
                                                 LodgeUsbPlug           *plug,
                                                 LodgeMachine           *machine,
                                                 LodgeUsbReason          reason);
void            _lodge_usb_broker_take          (LodgeUsbBroker         *self,
                                                 LodgeUsbPlug           *plug,
                                                 LodgeUsbRoute          *route,
                                                 const LodgeUsbHolding  *holding);
void            _lodge_usb_broker_begin_to_give (LodgeUsbBroker         *self,
                                                 LodgeUsbPlug           *plug,
                                                 LodgeMachine           *machine,
                                                 GTask                  *task);
void            _lodge_usb_broker_begin_wish    (LodgeUsbBroker         *self,
                                                 LodgeUsbPlug           *plug,
                                                 const char             *wanted_by,
                                                 gboolean                is_kept);

/* lodge-usb-broker-safety.c */
gboolean        _lodge_usb_broker_may_judge     (LodgeUsbBroker         *self,
                                                 LodgeUsbPlug           *plug);
char          **_lodge_usb_broker_dup_discs     (LodgeUsbBroker         *self);
void            _lodge_usb_broker_watch_mounts  (LodgeUsbBroker         *self);

/* lodge-usb-broker-custody.c */
void            _lodge_usb_broker_look_at_custody (LodgeUsbPlug         *plug);
void            _lodge_usb_broker_find_custody  (LodgeUsbPlug           *plug);

/* lodge-usb-broker-decide.c */
void            _lodge_usb_broker_decide        (LodgeUsbBroker         *self);

G_END_DECLS
