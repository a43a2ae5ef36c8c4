/* lodge-usb-question.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "lodge-usb-broker.h"

G_BEGIN_DECLS

#define LODGE_TYPE_USB_QUESTION (lodge_usb_question_get_type ())

/* A quiet question over a guest's screen. Signal: "answered" (string: "give", "keep" or "always"; of
 * what is mounted here "unmount" or "keep"), also when there is nothing to be asked any more ("gone").
 */
G_DECLARE_FINAL_TYPE (LodgeUsbQuestion, lodge_usb_question, LODGE, USB_QUESTION, AdwBin)

GtkWidget    *lodge_usb_question_new         (LodgeUsbBroker   *broker,
                                              LodgeUsbPlug     *plug,
                                              LodgeMachine     *machine);
GtkWidget    *lodge_usb_question_new_mounted (LodgeUsbPlug     *plug,
                                              LodgeMachine     *machine);
LodgeUsbPlug *lodge_usb_question_get_plug    (LodgeUsbQuestion *self);
LodgeMachine *lodge_usb_question_get_machine (LodgeUsbQuestion *self);

G_END_DECLS
