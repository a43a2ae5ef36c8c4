/* lodge-libvirt-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libvirt-gobject/libvirt-gobject.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#include "lodge-error.h"
#include "lodge-machine-private.h"

G_BEGIN_DECLS

/* Not virConnectClose() and virDomainFree() at once: whoever drops the last reference to a
 * connection says good-bye to the daemon and waits for its answer. See lodge_libvirt_release_….
 */
void lodge_libvirt_release_domain (virDomainPtr    domain);
void lodge_libvirt_release        (gpointer        thing,
                                   GDestroyNotify  destroy);

/* For worker threads only. */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (virDomain, virDomainFree)

gboolean  lodge_libvirt_fail      (GError      **error);
int       lodge_libvirt_map_error (int           domain,
                                   int           code,
                                   const char   *message);

/* A domain and what was read of it, on the way to the main thread. Without facts it could not be
 * read; then @gone tells whether that is because it is not there any more.
 */
typedef struct
{
  virDomainPtr       domain;
  LodgeMachineFacts *facts;
  gboolean           gone;
  gboolean           has_details;  /* there was a definition, which has been moved on */
} LodgeFound;

LodgeFound        *lodge_found_new           (virDomainPtr    domain);
void               lodge_found_free          (LodgeFound     *found);
void               lodge_found_array_release (GPtrArray      *all);
GPtrArray         *lodge_libvirt_read_all    (virConnectPtr   connect,
                                              gint64          details_until,
                                              GError        **error);
gboolean           lodge_libvirt_read_domain (LodgeFound     *found,
                                              GError        **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LodgeFound, lodge_found_free)

/* One libvirt connection from its opening to its end. */
typedef struct _LodgeLink LodgeLink;

/* What a link tells; @link is its serial number. */
typedef struct
{
  void (*domain_changed) (gpointer      owner,
                          guint         link,
                          virDomainPtr  domain);
  void (*rebooted)       (gpointer      owner,
                          guint         link,
                          virDomainPtr  domain);
  void (*memory_changed) (gpointer      owner,
                          guint         link,
                          virDomainPtr  domain,
                          guint64       kib);
  void (*device_kept)    (gpointer      owner,
                          guint         link,
                          virDomainPtr  domain,
                          const char   *alias);
  void (*closed)         (gpointer      owner,
                          guint         link,
                          const GError *error);
} LodgeLinkEvents;

LodgeLink     *lodge_link_open           (const char             *uri,
                                          const LodgeLinkEvents  *events,
                                          GWeakRef               *owner,
                                          GError                **error);
LodgeLink     *lodge_link_ref            (LodgeLink              *self);
void           lodge_link_unref          (LodgeLink              *self);
virConnectPtr  lodge_link_get_connect    (LodgeLink              *self);
guint          lodge_link_get_serial     (LodgeLink              *self);
const char    *lodge_link_get_driver     (LodgeLink              *self);
GMutex        *lodge_link_get_definition_lock (LodgeLink         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LodgeLink, lodge_link_unref)

G_END_DECLS
