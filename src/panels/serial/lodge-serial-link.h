/* lodge-serial-link.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-machine.h"

G_BEGIN_DECLS

#define LODGE_TYPE_SERIAL_LINK (lodge_serial_link_get_type ())

/* The line to a machine's serial console: bytes in, bytes out.
 *
 * Properties (notify): open (boolean), error (GError, nullable: why it is not open any more).
 * Signal ::received (GBytes).
 */
G_DECLARE_FINAL_TYPE (LodgeSerialLink, lodge_serial_link, LODGE, SERIAL_LINK, GObject)

LodgeSerialLink *lodge_serial_link_new       (LodgeMachine    *machine);
gboolean         lodge_serial_link_get_open  (LodgeSerialLink *self);
const GError    *lodge_serial_link_get_error (LodgeSerialLink *self);
void             lodge_serial_link_send      (LodgeSerialLink *self,
                                              const char      *data,
                                              gsize            length);
void             lodge_serial_link_close     (LodgeSerialLink *self);

G_END_DECLS
