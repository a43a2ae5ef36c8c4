/* lodge-display-input-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-display-private.h"

G_BEGIN_DECLS

#define LODGE_TYPE_DISPLAY_INPUT (lodge_display_input_get_type ())

/* The hands of a LodgeDisplay: its event controllers, grabs, and what goes to the screen. The
 * display owns it and must lodge_display_input_shut_down() it in dispose.
 */
G_DECLARE_FINAL_TYPE (LodgeDisplayInput, lodge_display_input, LODGE, DISPLAY_INPUT, GObject)

LodgeDisplayInput *lodge_display_input_new               (LodgeDisplay        *display);
void               lodge_display_input_shut_down         (LodgeDisplayInput   *self);
/* The display's screen, view-only or what may be grabbed has changed. */
void               lodge_display_input_update            (LodgeDisplayInput   *self);
void               lodge_display_input_set_grab_keyboard (LodgeDisplayInput   *self,
                                                          gboolean             allowed);
void               lodge_display_input_set_grab_pointer  (LodgeDisplayInput   *self,
                                                          gboolean             allowed);
void               lodge_display_input_set_release_keys  (LodgeDisplayInput   *self,
                                                          const char          *keys);
void               lodge_display_input_set_host_keys     (LodgeDisplayInput   *self,
                                                          const char * const  *accelerators);
void               lodge_display_input_ungrab            (LodgeDisplayInput   *self);
void               lodge_display_input_send_keys         (LodgeDisplayInput   *self,
                                                          const char * const  *names);
void               lodge_display_input_type_text_async   (LodgeDisplayInput   *self,
                                                          const char          *text,
                                                          GCancellable        *cancellable,
                                                          GAsyncReadyCallback  callback,
                                                          gpointer             user_data);
gboolean           lodge_display_input_type_text_finish  (LodgeDisplayInput   *self,
                                                          GAsyncResult        *result,
                                                          guint               *n_skipped,
                                                          GError             **error);

G_END_DECLS
