/* test-usb-bus.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>
#include <umockdev.h>

G_BEGIN_DECLS

/* A USB bus for the whole process, which has to run under umockdev-wrapper: what is plugged here is
 * seen in /sys and told of by udev.
 */

UMockdevTestbed *test_usb_bus_new           (void);
void             test_usb_bus_add           (UMockdevTestbed *self,
                                             const char      *port,
                                             guint            address,
                                             guint            vendor,
                                             guint            product,
                                             const char      *serial);
void             test_usb_bus_add_interface (UMockdevTestbed *self,
                                             const char      *port,
                                             guint            number,
                                             guint            class,
                                             const char      *driver);
void             test_usb_bus_bind          (UMockdevTestbed *self,
                                             const char      *port);
void             test_usb_bus_set_driver    (UMockdevTestbed *self,
                                             const char      *port,
                                             guint            number,
                                             const char      *driver);
void             test_usb_bus_plug          (UMockdevTestbed *self,
                                             const char      *port,
                                             guint            address,
                                             guint            vendor,
                                             guint            product,
                                             const char      *serial,
                                             guint            class,
                                             const char      *driver);
void             test_usb_bus_unplug        (UMockdevTestbed *self,
                                             const char      *port);

G_END_DECLS
