/* lodge-usb-words.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-problem.h"
#include "lodge-usb-broker.h"

G_BEGIN_DECLS

const char *lodge_usb_words_kind          (LodgeUsbKind       kind);
const char *lodge_usb_words_any           (LodgeUsbKind       kind);
const char *lodge_usb_words_kind_icon     (LodgeUsbKind       kind);
const char *lodge_usb_words_verdict       (LodgeUsbVerdict    verdict);
char       *lodge_usb_words_dup_device    (LodgeUsbDevice    *device);
char       *lodge_usb_words_dup_place     (LodgeUsbPlug      *plug,
                                           LodgeMachine      *seen_from);
char       *lodge_usb_words_dup_error     (const GError      *error,
                                           LodgeUsbDevice    *device);
char       *lodge_usb_words_dup_not_given (LodgeUsbPlug      *plug,
                                           LodgeMachine      *machine);
char       *lodge_usb_words_dup_obstacle  (LodgeUsbBroker    *broker,
                                           LodgeUsbPlug      *plug,
                                           LodgeMachine      *machine);
LodgeProblem *lodge_usb_words_dup_problem (char              *title,
                                           const GError      *error,
                                           LodgeUsbPlug      *plug);
char       *lodge_usb_words_dup_way       (LodgeUsbBroker    *broker,
                                           LodgeUsbPlug      *plug,
                                           LodgeMachine      *machine);
char       *lodge_usb_words_dup_contenders (LodgeUsbPlug     *plug,
                                           LodgeMachine      *seen_from);
char       *lodge_usb_words_dup_mounts    (LodgeUsbPlug      *plug);
char       *lodge_usb_words_dup_custody   (LodgeUsbPlug      *plug);
char       *lodge_usb_words_dup_access    (LodgeUsbDevice    *device,
                                           char             **command);
char       *lodge_usb_words_dup_rule      (LodgeUsbRule      *rule);

G_END_DECLS
