/* lodge-libvirt-host-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-host-private.h"
#include "lodge-libvirt-private.h"
#include "lodge-worker.h"

G_BEGIN_DECLS

#define LODGE_TYPE_LIBVIRT_HOST (lodge_libvirt_host_get_type ())

G_DECLARE_FINAL_TYPE (LodgeLibvirtHost, lodge_libvirt_host, LODGE, LIBVIRT_HOST, LodgeHost)

LodgeWorker *lodge_libvirt_host_get_actions (LodgeLibvirtHost *self);
LodgeLink   *lodge_libvirt_host_get_link    (LodgeLibvirtHost *self);
void         lodge_libvirt_host_apply       (LodgeLibvirtHost *self,
                                             LodgeLink        *link,
                                             GPtrArray        *all);
void         lodge_libvirt_host_mark        (LodgeLibvirtHost *self,
                                             LodgeLink        *link,
                                             virDomainPtr      domain);

G_END_DECLS
