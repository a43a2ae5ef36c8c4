/* lodge-display.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-screen.h"

G_BEGIN_DECLS

#define LODGE_TYPE_DISPLAY (lodge_display_get_type ())

/* The widget that shows one screen and takes its input.
 *
 * Properties: label (string: for screen readers), screen, scaling (LodgeScaling), zoom (double, 1.0; what the guest is asked for is divided by it,
 * what NATIVE draws multiplied), resize-guest (boolean), dimmed (boolean), grab-keyboard,
 * grab-pointer (booleans: allowed), grabbed (LodgeGrab flags, readable), release-keys (string,
 * "Control_L+Alt_L"), view-only (boolean).
 */
G_DECLARE_FINAL_TYPE (LodgeDisplay, lodge_display, LODGE, DISPLAY, GtkWidget)

GtkWidget    *lodge_display_new              (void);
LodgeScreen  *lodge_display_get_screen       (LodgeDisplay        *self);
void          lodge_display_set_screen       (LodgeDisplay        *self,
                                              LodgeScreen         *screen);
LodgeScaling  lodge_display_get_scaling      (LodgeDisplay        *self);
void          lodge_display_set_scaling      (LodgeDisplay        *self,
                                              LodgeScaling         scaling);
double        lodge_display_get_zoom         (LodgeDisplay        *self);
void          lodge_display_set_zoom         (LodgeDisplay        *self,
                                              double               zoom);
gboolean      lodge_display_get_resize_guest (LodgeDisplay        *self);
void          lodge_display_set_resize_guest (LodgeDisplay        *self,
                                              gboolean             resize_guest);
gboolean      lodge_display_get_dimmed       (LodgeDisplay        *self);
void          lodge_display_set_dimmed       (LodgeDisplay        *self,
                                              gboolean             dimmed);
/* What a screen reader says of it. */
const char   *lodge_display_get_label        (LodgeDisplay        *self);
void          lodge_display_set_label        (LodgeDisplay        *self,
                                              const char          *label);
gboolean      lodge_display_get_grab_keyboard (LodgeDisplay       *self);
void          lodge_display_set_grab_keyboard (LodgeDisplay       *self,
                                              gboolean             allowed);
gboolean      lodge_display_get_grab_pointer (LodgeDisplay        *self);
void          lodge_display_set_grab_pointer (LodgeDisplay        *self,
                                              gboolean             allowed);
LodgeGrab     lodge_display_get_grabbed      (LodgeDisplay        *self);
void          lodge_display_ungrab           (LodgeDisplay        *self);
const char   *lodge_display_get_release_keys (LodgeDisplay        *self);
void          lodge_display_set_release_keys (LodgeDisplay        *self,
                                              const char          *keys);
/* Shortcuts that stay with the host while the keyboard is grabbed: GTK accelerators, as in
 * gtk_accelerator_parse().
 */
void          lodge_display_set_host_keys    (LodgeDisplay        *self,
                                              const char * const  *accelerators);
gboolean      lodge_display_get_view_only    (LodgeDisplay        *self);
void          lodge_display_set_view_only    (LodgeDisplay        *self,
                                              gboolean             view_only);
/* Names as in lodge_keymap_scancode_for_name(): {"ctrl", "alt", "delete", NULL}. Pressed in order,
 * released in reverse.
 */
void          lodge_display_send_keys        (LodgeDisplay        *self,
                                              const char * const  *names);
/* Types @text on a US keyboard, a key at a time; what it has no key for is left out and counted. */
void          lodge_display_type_text_async  (LodgeDisplay        *self,
                                              const char          *text,
                                              GCancellable        *cancellable,
                                              GAsyncReadyCallback  callback,
                                              gpointer             user_data);
gboolean      lodge_display_type_text_finish (LodgeDisplay        *self,
                                              GAsyncResult        *result,
                                              guint               *n_skipped,
                                              GError             **error);

G_END_DECLS
