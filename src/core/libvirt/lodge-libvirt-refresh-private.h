/* lodge-libvirt-refresh-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-libvirt-private.h"
#include "lodge-worker.h"

G_BEGIN_DECLS

typedef struct _LodgeRefresh LodgeRefresh;

/* @all: an array of LodgeFound, which is released afterwards. */
typedef void (*LodgeRefreshFunc) (gpointer   owner,
                                  guint      link,
                                  GPtrArray *all);

LodgeRefresh *lodge_refresh_new        (GObject          *owner,
                                        LodgeRefreshFunc  func);
void          lodge_refresh_free       (LodgeRefresh     *self);
void          lodge_refresh_set_worker (LodgeRefresh     *self,
                                        LodgeWorker      *worker);
void          lodge_refresh_add        (LodgeRefresh     *self,
                                        guint             link,
                                        virDomainPtr      domain);
void          lodge_refresh_clear      (LodgeRefresh     *self,
                                        guint             except);
void          lodge_refresh_hold       (LodgeRefresh     *self,
                                        gboolean          held);

G_END_DECLS
