/* lodge-usb-route.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-machine.h"
#include "lodge-usb-device.h"

G_BEGIN_DECLS

/**
 * LodgeUsbHolding:
 * @machine: the guest
 * @alias: by which the route knows it
 * @bus: where the device was when it was given
 * @address: where the device was when it was given
 * @vendor: the vendor's number, or 0 where not known
 * @product: the product's number, or 0 where not known
 * @is_foreign: somebody else gave it
 *
 * That a guest has a device, or what is left of one that was unplugged.
 */
typedef struct
{
  LodgeMachine *machine;
  char         *alias;
  guint         bus;
  guint         address;
  guint         vendor;
  guint         product;
  gboolean      is_foreign;
} LodgeUsbHolding;

LodgeUsbHolding *lodge_usb_holding_new  (LodgeMachine    *machine,
                                         const char      *alias);
LodgeUsbHolding *lodge_usb_holding_copy (LodgeUsbHolding *self);
void             lodge_usb_holding_free (LodgeUsbHolding *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LodgeUsbHolding, lodge_usb_holding_free)

#define LODGE_TYPE_USB_ROUTE (lodge_usb_route_get_type ())

G_DECLARE_INTERFACE (LodgeUsbRoute, lodge_usb_route, LODGE, USB_ROUTE, GObject)

/**
 * LodgeUsbRouteInterface:
 * @get_kind: which way it is
 * @check: whether it can bring @device into @machine as things are, without trying: else the
 *   reason. LODGE_ERROR_DENIED: no right to the device's node; LODGE_ERROR_UNSUPPORTED: not for
 *   this host or guest; LODGE_ERROR_NO_USB_PORT: the guest has no USB controller for it
 * @dup_holdings: what @machine has by this way now
 * @give_async: brings @device into @machine. Succeeds only when that is proven; then
 *   @dup_holdings has it
 * @give_finish: ends it
 * @take_async: takes back what @holding says, whether the device is still there or not. Succeeds
 *   only when that is proven, also if it was not there any more; then @dup_holdings has it not
 * @take_finish: ends it
 *
 * A way by which devices of this computer get into guests. All on the main thread; nothing waits
 * there. Signal: "changed" (machine): what @dup_holdings says of @machine is another thing now.
 */
struct _LodgeUsbRouteInterface
{
  GTypeInterface parent_iface;

  LodgeUsbRouteKind   (*get_kind)     (LodgeUsbRoute        *self);
  gboolean            (*check)        (LodgeUsbRoute        *self,
                                       LodgeUsbDevice       *device,
                                       LodgeMachine         *machine,
                                       GError              **error);
  GPtrArray         * (*dup_holdings) (LodgeUsbRoute        *self,
                                       LodgeMachine         *machine);
  void                (*give_async)   (LodgeUsbRoute        *self,
                                       LodgeUsbDevice       *device,
                                       LodgeMachine         *machine,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
  gboolean            (*give_finish)  (LodgeUsbRoute        *self,
                                       GAsyncResult         *result,
                                       GError              **error);
  void                (*take_async)   (LodgeUsbRoute        *self,
                                       LodgeUsbHolding      *holding,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
  gboolean            (*take_finish)  (LodgeUsbRoute        *self,
                                       GAsyncResult         *result,
                                       GError              **error);
};

LodgeUsbRouteKind  lodge_usb_route_get_kind     (LodgeUsbRoute        *self);
/* What the user reads for this way. Whoever adds the route to a broker says it. */
const char        *lodge_usb_route_get_title    (LodgeUsbRoute        *self);
void               lodge_usb_route_set_title    (LodgeUsbRoute        *self,
                                                 const char           *title);
gboolean           lodge_usb_route_check        (LodgeUsbRoute        *self,
                                                 LodgeUsbDevice       *device,
                                                 LodgeMachine         *machine,
                                                 GError              **error);
GPtrArray         *lodge_usb_route_dup_holdings (LodgeUsbRoute        *self,
                                                 LodgeMachine         *machine);
void               lodge_usb_route_give_async   (LodgeUsbRoute        *self,
                                                 LodgeUsbDevice       *device,
                                                 LodgeMachine         *machine,
                                                 GCancellable         *cancellable,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);
gboolean           lodge_usb_route_give_finish  (LodgeUsbRoute        *self,
                                                 GAsyncResult         *result,
                                                 GError              **error);
void               lodge_usb_route_take_async   (LodgeUsbRoute        *self,
                                                 LodgeUsbHolding      *holding,
                                                 GCancellable         *cancellable,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);
gboolean           lodge_usb_route_take_finish  (LodgeUsbRoute        *self,
                                                 GAsyncResult         *result,
                                                 GError              **error);
void               lodge_usb_route_changed      (LodgeUsbRoute        *self,
                                                 LodgeMachine         *machine);

G_END_DECLS
