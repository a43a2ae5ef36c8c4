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

/* lodge-libvirt-resources-change.c */
gboolean            lodge_libvirt_change         (LodgeDomainCall           *call,
                                                  const LodgeResourceFacts  *facts,
                                                  guint64                   *sent,
                                                  GError                   **error);

G_END_DECLS
