/* lodge-libvirt-resources-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-libvirt-machine-private.h"
#include "lodge-machine-resources-private.h"

G_BEGIN_DECLS

/* For worker threads; everything here waits for libvirt. */

/* lodge-libvirt-resources-read.c */
LodgeResourceFacts *lodge_libvirt_read_resources (LodgeDomainCall           *call,
                                                  GError                   **error);

gboolean            lodge_libvirt_is_denied      (virDomainPtr               domain,
                                                  const LodgeResourceFacts  *facts);

/* lodge-libvirt-resources-change.c */
gboolean            lodge_libvirt_succeed        (int                        result,
                                                  GError                   **error);
gboolean            lodge_libvirt_not_stored     (GError                   **error);
gboolean            lodge_libvirt_set_live_memory (virDomainPtr             domain,
                                               const LodgeResourceDefinition *live,
                                               guint64                   kib,
                                               GError                  **error);
gboolean            lodge_libvirt_change         (LodgeDomainCall           *call,
                                                  const LodgeResourceFacts  *facts,
                                                  guint64                   *sent,
                                                  GError                   **error);

/* lodge-libvirt-resources-cores.c */
gboolean            lodge_libvirt_set_vcpus      (LodgeLink                 *link,
                                                  virDomainPtr               domain,
                                                  const LodgeResourceFacts  *facts,
                                                  guint                      n,
                                                  GError                   **error);
gboolean            lodge_libvirt_store_vcpus    (LodgeLink                 *link,
                                                  virDomainPtr               domain,
                                                  const LodgeResourceFacts  *facts,
                                                  guint                      n,
                                                  GError                   **error);
gboolean            lodge_libvirt_set_priority   (virDomainPtr               domain,
                                                  const LodgeResourceFacts  *facts,
                                                  LodgePriority              priority,
                                                  GError                   **error);

/* lodge-libvirt-resources-growth.c */
gboolean            lodge_libvirt_prepare_growth (LodgeLink                 *link,
                                                  virDomainPtr               domain,
                                                  guint64                    memory,
                                                  guint                      vcpus,
                                                  GError                   **error);
gboolean            lodge_libvirt_raise_vcpus    (LodgeLink                 *link,
                                                  virDomainPtr               domain,
                                                  guint                      vcpus,
                                                  GError                   **error);

/* lodge-libvirt-agent.c: what the agent in the guest says and does. It may hang; it is waited for a
 * few seconds.
 */
typedef struct
{
  guint    vcpus;    /* in use, or 0 if it does not say */
  guint64  offline;  /* KiB of memory that are not in use, or LODGE_NOT_KNOWN */
  gboolean hangs;
} LodgeGuestFacts;

void                lodge_libvirt_ask_guest      (virDomainPtr               domain,
                                                  LodgeGuestFacts           *facts);
gboolean            lodge_libvirt_use_vcpus      (virDomainPtr               domain,
                                                  guint                      n,
                                                  gboolean                   fresh,
                                                  GError                   **error);
gboolean            lodge_libvirt_use_memory     (virDomainPtr               domain,
                                                  GError                   **error);

G_END_DECLS
