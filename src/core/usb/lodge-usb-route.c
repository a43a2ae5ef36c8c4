/* lodge-usb-route.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-usb-route.h"

/**
 * LodgeUsbRoute:
 *
 * A way by which devices of this computer get into guests.
 */

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_INTERFACE (LodgeUsbRoute, lodge_usb_route, G_TYPE_OBJECT)

static void
lodge_usb_route_default_init (LodgeUsbRouteInterface *iface)
{
  signals[CHANGED] =
    g_signal_new ("changed", LODGE_TYPE_USB_ROUTE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, LODGE_TYPE_MACHINE);
}

/**
 * lodge_usb_holding_new:
 * @machine: a guest
 * @alias: by which the route knows it
 *
 * Returns: (transfer full): a holding; the rest is to be filled in
 */
LodgeUsbHolding *
lodge_usb_holding_new (LodgeMachine *machine,
                       const char   *alias)
{
  LodgeUsbHolding *self = g_new0 (LodgeUsbHolding, 1);

  self->machine = g_object_ref (machine);
  self->alias = g_strdup (alias);

  return self;
}

LodgeUsbHolding *
lodge_usb_holding_copy (LodgeUsbHolding *self)
{
  LodgeUsbHolding *copy;

  if (self == NULL)
    return NULL;

  copy = g_memdup2 (self, sizeof *self);
  g_object_ref (copy->machine);
  copy->alias = g_strdup (self->alias);

  return copy;
}

void
lodge_usb_holding_free (LodgeUsbHolding *self)
{
  if (self == NULL)
    return;

  g_object_unref (self->machine);
  g_free (self->alias);
  g_free (self);
}

LodgeUsbRouteKind
lodge_usb_route_get_kind (LodgeUsbRoute *self)
{
  g_return_val_if_fail (LODGE_IS_USB_ROUTE (self), LODGE_USB_ROUTE_HOSTDEV);

  return LODGE_USB_ROUTE_GET_IFACE (self)->get_kind (self);
}

static GQuark
title_quark (void)
{
  return g_quark_from_static_string ("lodge-usb-route-title");
}

/**
 * lodge_usb_route_get_title:
 *
 * Returns: (transfer none): what the user reads for this way, as lodge_usb_route_set_title() was told;
 *   else empty
 */
const char *
lodge_usb_route_get_title (LodgeUsbRoute *self)
{
  const char *title;

  g_return_val_if_fail (LODGE_IS_USB_ROUTE (self), NULL);

  title = g_object_get_qdata (G_OBJECT (self), title_quark ());

  return title != NULL ? title : "";
}

void
lodge_usb_route_set_title (LodgeUsbRoute *self,
                           const char    *title)
{
  g_return_if_fail (LODGE_IS_USB_ROUTE (self));

  g_object_set_qdata_full (G_OBJECT (self), title_quark (), g_strdup (title), g_free);
}

gboolean
lodge_usb_route_check (LodgeUsbRoute   *self,
                       LodgeUsbDevice  *device,
                       LodgeMachine    *machine,
                       GError         **error)
{
  g_return_val_if_fail (LODGE_IS_USB_ROUTE (self), FALSE);

  return LODGE_USB_ROUTE_GET_IFACE (self)->check (self, device, machine, error);
}

/**
 * lodge_usb_route_dup_holdings:
 *
 * Returns: (transfer full) (element-type LodgeUsbHolding): what @machine has by this way
 */
GPtrArray *
lodge_usb_route_dup_holdings (LodgeUsbRoute *self,
                              LodgeMachine  *machine)
{
  g_return_val_if_fail (LODGE_IS_USB_ROUTE (self), NULL);

  return LODGE_USB_ROUTE_GET_IFACE (self)->dup_holdings (self, machine);
}

void
lodge_usb_route_give_async (LodgeUsbRoute       *self,
                            LodgeUsbDevice      *device,
                            LodgeMachine        *machine,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_return_if_fail (LODGE_IS_USB_ROUTE (self));

  LODGE_USB_ROUTE_GET_IFACE (self)->give_async (self, device, machine, cancellable, callback, user_data);
}

gboolean
lodge_usb_route_give_finish (LodgeUsbRoute  *self,
                             GAsyncResult   *result,
                             GError        **error)
{
  g_return_val_if_fail (LODGE_IS_USB_ROUTE (self), FALSE);

  return LODGE_USB_ROUTE_GET_IFACE (self)->give_finish (self, result, error);
}

void
lodge_usb_route_take_async (LodgeUsbRoute       *self,
                            LodgeUsbHolding     *holding,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_return_if_fail (LODGE_IS_USB_ROUTE (self));

  LODGE_USB_ROUTE_GET_IFACE (self)->take_async (self, holding, cancellable, callback, user_data);
}

gboolean
lodge_usb_route_take_finish (LodgeUsbRoute  *self,
                             GAsyncResult   *result,
                             GError        **error)
{
  g_return_val_if_fail (LODGE_IS_USB_ROUTE (self), FALSE);

  return LODGE_USB_ROUTE_GET_IFACE (self)->take_finish (self, result, error);
}

/**
 * lodge_usb_route_changed:
 * @self: a route
 * @machine: a guest
 *
 * For implementations: tells that @machine has other devices by this way now.
 */
void
lodge_usb_route_changed (LodgeUsbRoute *self,
                         LodgeMachine  *machine)
{
  g_return_if_fail (LODGE_IS_USB_ROUTE (self));

  g_signal_emit (self, signals[CHANGED], 0, machine);
}
