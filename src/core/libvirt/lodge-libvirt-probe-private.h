/* lodge-libvirt-probe-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-libvirt-private.h"

G_BEGIN_DECLS

/* Transient guests of this name are Lodge's own and are not listed. */
#define LODGE_PROBE_PREFIX "lodge-probe-"

gboolean          lodge_libvirt_probe         (virConnectPtr       connect,
                                               LodgeAcceleration  *acceleration,
                                               gboolean           *ran,
                                               GError            **error);
LodgeAcceleration lodge_libvirt_probe_recall  (const char         *uri,
                                               gboolean            local);
void              lodge_libvirt_probe_store   (const char         *uri,
                                               gboolean            local,
                                               LodgeAcceleration   acceleration);

G_END_DECLS
