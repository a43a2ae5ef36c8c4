/* lodge-console.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-display-session.h"
#include "lodge-machine.h"

G_BEGIN_DECLS

/**
 * LodgeConsoleState:
 * @LODGE_CONSOLE_STATE_OFF: the machine does not run
 * @LODGE_CONSOLE_STATE_STARTING: it was told to start
 * @LODGE_CONSOLE_STATE_CONNECTING: it runs, the way to its screen is being opened
 * @LODGE_CONSOLE_STATE_PASSWORD: its screen wants a password
 * @LODGE_CONSOLE_STATE_SHOWN: there is a picture
 * @LODGE_CONSOLE_STATE_LOST: it runs, but the way to its screen broke
 * @LODGE_CONSOLE_STATE_NO_SCREEN: it runs and has no screen that can be shown
 */
typedef enum
{
  LODGE_CONSOLE_STATE_OFF,
  LODGE_CONSOLE_STATE_STARTING,
  LODGE_CONSOLE_STATE_CONNECTING,
  LODGE_CONSOLE_STATE_PASSWORD,
  LODGE_CONSOLE_STATE_SHOWN,
  LODGE_CONSOLE_STATE_LOST,
  LODGE_CONSOLE_STATE_NO_SCREEN,
} LodgeConsoleState;

#define LODGE_TYPE_CONSOLE (lodge_console_get_type ())

/* A machine and the session with its screen, as one thing with one state. It connects as soon as
 * the machine runs and keeps the last picture when it ends. Whoever shows a machine holds the
 * same object; with the last of them the session ends.
 *
 * Properties (notify): machine, session, state, share-clipboard (boolean, read-write: the user's
 * choice for this machine).
 */
G_DECLARE_FINAL_TYPE (LodgeConsole, lodge_console, LODGE, CONSOLE, GObject)

LodgeConsole        *lodge_console_for_machine         (LodgeMachine *machine);
LodgeMachine        *lodge_console_get_machine         (LodgeConsole *self);
LodgeDisplaySession *lodge_console_get_session         (LodgeConsole *self);
LodgeConsoleState    lodge_console_get_state           (LodgeConsole *self);
const GError        *lodge_console_get_error           (LodgeConsole *self);
LodgeScreen         *lodge_console_get_first_screen    (LodgeConsole *self);
gboolean             lodge_console_get_share_clipboard (LodgeConsole *self);
void                 lodge_console_set_share_clipboard (LodgeConsole *self,
                                                        gboolean      share_clipboard);
void                 lodge_console_reconnect           (LodgeConsole *self);

G_END_DECLS
