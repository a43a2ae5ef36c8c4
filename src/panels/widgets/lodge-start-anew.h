/* lodge-start-anew.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "lodge-machine.h"

G_BEGIN_DECLS

void lodge_start_anew (GtkWidget    *widget,
                       LodgeMachine *machine);

G_END_DECLS
