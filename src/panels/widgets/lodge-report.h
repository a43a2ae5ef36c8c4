/* lodge-report.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "lodge-problem.h"

G_BEGIN_DECLS

/* Toasts of the window that @widget stands in. Text is plain, never markup. */
void lodge_report_text    (GtkWidget          *widget,
                           const char         *text);
void lodge_report_error   (GtkWidget          *widget,
                           const GError       *error);
void lodge_report_problem (GtkWidget          *widget,
                           const LodgeProblem *problem);

/* With a button, whose signal is "button-clicked". Returns: (transfer none) (nullable): the toast, or
 * NULL where there is no window
 */
AdwToast *lodge_report_offer (GtkWidget      *widget,
                              const char     *text,
                              const char     *label);

G_END_DECLS
