/* lab-hosts.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lodge's side of a test in the laboratory: the host, its guests and what is plugged in.
 */

#pragma once

#include "lodge-host.h"
#include "lodge-machine.h"
#include "usb/lodge-usb-hostdev-route.h"
#include "usb/lodge-usb-monitor.h"

G_BEGIN_DECLS

LodgeHost      *lab_host_open          (const char       *uri);

/* Waits until it is there, and its definition was read. */
LodgeMachine   *lab_machine            (LodgeHost        *host,
                                        const char       *name);

/* Defines and starts a guest without an operating system, paused, as its firmware would only keep the
 * laboratory busy; @ports: of its xHCI controller, 0 for none.
 */
LodgeMachine   *lab_machine_new        (LodgeHost        *host,
                                        const char       *name,
                                        guint             ports);
void            lab_machine_remove     (LodgeMachine     *machine);

LodgeUsbDevice *lab_find_serial        (LodgeUsbMonitor  *monitor,
                                        const char       *serial);

/* Waits until the device is there. */
LodgeUsbDevice *lab_device             (LodgeUsbMonitor  *monitor,
                                        const char       *serial);

/* What ends is waited for; @error: or NULL if it must succeed. */
void            lab_give               (LodgeUsbRoute    *route,
                                        LodgeUsbDevice   *device,
                                        LodgeMachine     *machine,
                                        GError          **error);
void            lab_take               (LodgeUsbRoute    *route,
                                        LodgeUsbHolding  *holding);

/* What libvirt says, asked beside Lodge: "BUS:ADDRESS " of each device that the guest has. */
char           *lab_devices_of         (const char       *name);
gboolean        lab_has                (const char       *name,
                                        LodgeUsbDevice   *device);

G_END_DECLS
