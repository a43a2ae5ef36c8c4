/* lodge-usb-safety-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-usb-blocks-private.h"
#include "lodge-usb-safety.h"
#include "lodge-worker.h"

G_BEGIN_DECLS

LodgeUsbSafety        *_lodge_usb_safety_inspect     (const LodgeUsbBlocks  *blocks,
                                                      const char * const    *guest_discs);
const LodgeUsbSources *_lodge_usb_safety_get_sources (void);
void                   _lodge_usb_safety_use_sources (const LodgeUsbSources *sources);
LodgeWorker           *_lodge_usb_safety_get_worker  (void);

G_END_DECLS
