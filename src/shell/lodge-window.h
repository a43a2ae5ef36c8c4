/* lodge-window.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "lodge-host-list.h"
#include "lodge-problem.h"

G_BEGIN_DECLS

#define LODGE_TYPE_WINDOW (lodge_window_get_type ())

/* The window: sidebar and page. Property hosts (LodgeHostList). */
G_DECLARE_FINAL_TYPE (LodgeWindow, lodge_window, LODGE, WINDOW, AdwApplicationWindow)

LodgeWindow *lodge_window_new          (GtkApplication *app,
                                        LodgeHostList  *hosts);
LodgeWindow *lodge_window_present      (GtkApplication *app,
                                        LodgeHostList  *hosts);
void         lodge_window_show_subject (LodgeWindow    *self,
                                        GObject        *subject);
GObject     *lodge_window_get_subject  (LodgeWindow    *self);
void         lodge_window_quit         (LodgeWindow    *self);
void         lodge_window_say          (LodgeWindow    *self,
                                        const char     *text);
void         lodge_window_report       (LodgeWindow    *self,
                                        const GError   *error);

void         lodge_window_report_problem (LodgeWindow        *self,
                                          const LodgeProblem *problem);

/* A card at the lower edge, over what is shown, until it is removed. */
void         lodge_window_add_notice    (LodgeWindow  *self,
                                         GtkWidget    *notice);
void         lodge_window_remove_notice (LodgeWindow  *self,
                                         GtkWidget    *notice);

G_END_DECLS
