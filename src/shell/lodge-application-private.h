/* lodge-application-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-application.h"
#include "lodge-window.h"

G_BEGIN_DECLS

LodgeWindow *_lodge_application_present     (LodgeApplication        *self);
void         _lodge_application_add_actions (LodgeApplication        *self);

/* Says it where it was asked for, and in the window. */
void         _lodge_application_tell_failure (LodgeApplication        *self,
                                              GApplicationCommandLine *command_line,
                                              const char              *text);

/* Requests of lodge-application-requests.c; @command_line, if any, is told of failure. */
void         _lodge_application_connect     (LodgeApplication        *self,
                                             const char              *uri,
                                             GApplicationCommandLine *command_line);
void         _lodge_application_open_guest  (LodgeApplication        *self,
                                             const char              *name,
                                             gboolean                 start,
                                             gboolean                 fullscreen,
                                             GApplicationCommandLine *command_line);
void         _lodge_application_demo        (LodgeApplication        *self,
                                             GApplicationCommandLine *command_line);

G_END_DECLS
