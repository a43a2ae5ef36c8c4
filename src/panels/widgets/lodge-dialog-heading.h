/* lodge-dialog-heading.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void lodge_dialog_heading_wrap (GtkWidget *dialog);

G_END_DECLS
