/* lodge-libvirt-host-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-host-private.h"
#include "lodge-libvirt-private.h"
#include "lodge-libvirt-refresh-private.h"
#include "lodge-worker.h"

G_BEGIN_DECLS

#define LODGE_TYPE_LIBVIRT_HOST (lodge_libvirt_host_get_type ())

G_DECLARE_FINAL_TYPE (LodgeLibvirtHost, lodge_libvirt_host, LODGE, LIBVIRT_HOST, LodgeHost)

/* For the host's own parts. */
struct _LodgeLibvirtHost
{
  LodgeHost      parent_instance;
  LodgeWorker   *opener;
  LodgeWorker   *reader;
  LodgeWorker   *actions;
  LodgeRefresh  *events;         /* what events told of */
  LodgeRefresh  *details;        /* what was listed without its definition */
  LodgeLink     *link;
  guint          lost_link;      /* the number of one that was lost before it was ours */
  GPtrArray     *waiters;        /* tasks of lodge_host_open_async() */
  GCancellable  *attempt;
  guint          overdue_id;
  guint          retry_id;
  guint          failures;
  GPtrArray     *probers;        /* tasks of lodge_host_probe_acceleration_async() */
  GCancellable  *ping;           /* of the question whether the daemon lives */
  guint          ping_id;        /* the time for its answer */
  guint          watch_id;
  guint          overdue : 1;
};

/* lodge-libvirt-host.c */
LodgeWorker  *lodge_libvirt_host_get_actions           (LodgeLibvirtHost     *self);

void          lodge_libvirt_host_lose                  (LodgeLibvirtHost     *self,
                                                        const GError         *error);

/* lodge-libvirt-host-watch.c */
void          lodge_libvirt_host_check                 (LodgeLibvirtHost     *self);
void          lodge_libvirt_host_start_watch           (LodgeLibvirtHost     *self);
void          lodge_libvirt_host_stop_watch            (LodgeLibvirtHost     *self);
void          lodge_libvirt_host_watch_worker          (LodgeLibvirtHost     *self,
                                                        LodgeWorker          *worker);
void          lodge_libvirt_host_set_patience          (guint                 idle_seconds,
                                                        guint                 answer_seconds);

/* lodge-libvirt-host-machines.c */
LodgeMachine *lodge_libvirt_host_find                  (LodgeLibvirtHost     *self,
                                                        virDomainPtr          domain);
void          lodge_libvirt_host_apply                 (LodgeLibvirtHost     *self,
                                                        guint                 link,
                                                        GPtrArray            *all);
void          lodge_libvirt_host_retain                (LodgeLibvirtHost     *self,
                                                        GPtrArray            *all);
void          lodge_libvirt_host_changed               (gpointer              owner,
                                                        guint                 link,
                                                        virDomainPtr          domain);
void          lodge_libvirt_host_rebooted              (gpointer              owner,
                                                        guint                 link,
                                                        virDomainPtr          domain);
void          lodge_libvirt_host_memory_changed        (gpointer              owner,
                                                        guint                 link,
                                                        virDomainPtr          domain,
                                                        guint64               kib);
void          lodge_libvirt_host_device_kept           (gpointer              owner,
                                                        guint                 link,
                                                        virDomainPtr          domain,
                                                        const char           *alias);
void          lodge_libvirt_host_define_machine_async  (LodgeHost            *host,
                                                        const char           *xml,
                                                        GCancellable         *cancellable,
                                                        GAsyncReadyCallback   callback,
                                                        gpointer              user_data);
LodgeMachine *lodge_libvirt_host_define_machine_finish (LodgeHost            *host,
                                                        GAsyncResult         *result,
                                                        GError              **error);

/* lodge-libvirt-statistics.c */
void          lodge_libvirt_host_read_sample_async     (LodgeHost            *host,
                                                        gboolean              identity,
                                                        GCancellable         *cancellable,
                                                        GAsyncReadyCallback   callback,
                                                        gpointer              user_data);
LodgeSample  *lodge_libvirt_host_read_sample_finish    (LodgeHost            *host,
                                                        GAsyncResult         *result,
                                                        GError              **error);

/* lodge-libvirt-host-probe.c */
void          lodge_libvirt_host_probe_async           (LodgeHost            *host,
                                                        GCancellable         *cancellable,
                                                        GAsyncReadyCallback   callback,
                                                        gpointer              user_data);
gboolean      lodge_libvirt_host_probe_finish          (LodgeHost            *host,
                                                        GAsyncResult         *result,
                                                        GError              **error);

G_END_DECLS
