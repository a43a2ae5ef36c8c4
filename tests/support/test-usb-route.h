/* test-usb-route.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-error.h"
#include "lodge-host.h"
#include "lodge-usb-route.h"

G_BEGIN_DECLS

#define TEST_TYPE_USB_ROUTE (test_usb_route_get_type ())

/* A route to guests that are not there: it gives and takes at once, or fails as it is told. */
G_DECLARE_FINAL_TYPE (TestUsbRoute, test_usb_route, TEST, USB_ROUTE, GObject)

struct _TestUsbRoute
{
  GObject     parent_instance;
  GPtrArray  *holdings;
  guint       n_given;
  guint       n_failures;    /* to come */
  LodgeHost  *awaited;       /* its guest "other" must be known before anything is given */
  LodgeError  failure;
  guint       n_take_failures;
  LodgeError  closed_as;     /* while it is closed */
  guint       is_closed : 1;
};

TestUsbRoute   *test_usb_route_new    (void);
void            test_usb_route_hold   (TestUsbRoute   *self,
                                       LodgeUsbDevice *device,
                                       LodgeMachine   *machine,
                                       gboolean        is_foreign);

/* A device of one interface, which is not there: @address tells one plugging from another. */
LodgeUsbDevice *test_usb_device_new   (guint           address,
                                       guint           interface_class,
                                       const char     *serial,
                                       const char     *product_name);
/* The same with its folder in sysfs, which may be there. */
LodgeUsbDevice *test_usb_device_new_at (const char     *sysfs_path,
                                        guint           address,
                                        guint           interface_class,
                                        const char     *serial,
                                        const char     *product_name);

G_END_DECLS
