/* lodge-machine-actions.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-machine-private.h"

/* What can be asked of a machine: the part of LodgeMachine that goes to the subclass. */

static gboolean
state_allows (LodgeMachine *self,
              LodgeAction   action)
{
  LodgeState state = lodge_machine_get_state (self);
  gboolean active = lodge_machine_is_active (self);

  switch (action)
    {
    case LODGE_ACTION_START:
      return !active || state == LODGE_STATE_ASLEEP;

    case LODGE_ACTION_PAUSE:
    case LODGE_ACTION_RESTART:
      return state == LODGE_STATE_RUNNING;

    case LODGE_ACTION_RESUME:
      return state == LODGE_STATE_PAUSED;

    case LODGE_ACTION_SAVE:
      return lodge_machine_get_persistent (self) &&
             (state == LODGE_STATE_RUNNING || state == LODGE_STATE_PAUSED);

    case LODGE_ACTION_DISCARD_SAVED:
      return state == LODGE_STATE_SAVED;

    /* A guest that did not listen may be asked again. */
    case LODGE_ACTION_SHUT_DOWN:
      return state == LODGE_STATE_RUNNING || state == LODGE_STATE_SHUTTING_DOWN;

    case LODGE_ACTION_FORCE_OFF:
      return active;

    case LODGE_ACTION_NONE:
    default:
      return FALSE;
    }
}

/* What may be asked for while something else is on its way. */
static gboolean
pending_allows (LodgeAction pending,
                LodgeAction action)
{
  switch (pending)
    {
    case LODGE_ACTION_NONE:
      return TRUE;

    case LODGE_ACTION_SHUT_DOWN:
    case LODGE_ACTION_RESTART:
      return action == LODGE_ACTION_SHUT_DOWN || action == LODGE_ACTION_FORCE_OFF;

    case LODGE_ACTION_START:
    case LODGE_ACTION_PAUSE:
    case LODGE_ACTION_RESUME:
    case LODGE_ACTION_SAVE:
      return action == LODGE_ACTION_FORCE_OFF;

    case LODGE_ACTION_DISCARD_SAVED:
    case LODGE_ACTION_FORCE_OFF:
    default:
      return FALSE;
    }
}

/**
 * lodge_machine_can:
 * @self: a machine
 * @action: an action
 *
 * Returns: whether @action makes sense in the state that the machine is in
 */
gboolean
lodge_machine_can (LodgeMachine *self,
                   LodgeAction   action)
{
  g_return_val_if_fail (LODGE_IS_MACHINE (self), FALSE);

  return lodge_machine_is_reachable (self) &&
         pending_allows (lodge_machine_get_pending (self), action) &&
         state_allows (self, action);
}

/**
 * lodge_machine_perform_async:
 * @self: a machine
 * @action: what to do
 * @cancellable: (nullable): ends the wait, not what libvirt is doing
 * @callback: called on the main thread
 * @user_data: data for @callback
 *
 * Asks for @action. For %LODGE_ACTION_SHUT_DOWN and %LODGE_ACTION_RESTART it
 * is done when the guest has been asked; #LodgeMachine:state tells the rest.
 */
void
lodge_machine_perform_async (LodgeMachine        *self,
                             LodgeAction          action,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_return_if_fail (LODGE_IS_MACHINE (self));
  g_return_if_fail (action != LODGE_ACTION_NONE);
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  LODGE_MACHINE_GET_CLASS (self)->perform_async (self, action, cancellable, callback, user_data);
}

/* A machine that did not start tells by the code why, and by the message in libvirt's words. */
gboolean
lodge_machine_perform_finish (LodgeMachine  *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (LODGE_IS_MACHINE (self), FALSE);

  return LODGE_MACHINE_GET_CLASS (self)->perform_finish (self, result, error);
}

/**
 * lodge_machine_start_anyway_async:
 * @self: a machine
 * @cancellable: (nullable): a cancellable
 * @callback: called on the main thread
 * @user_data: data for @callback
 *
 * Starts @self without looking at what the host's probe of KVM has shown.
 * Ends with lodge_machine_perform_finish().
 */
void
lodge_machine_start_anyway_async (LodgeMachine        *self,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_return_if_fail (LODGE_IS_MACHINE (self));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  LODGE_MACHINE_GET_CLASS (self)->start_anyway_async (self, cancellable, callback, user_data);
}

/**
 * lodge_machine_set_emulated_async:
 * @self: a machine
 * @emulated: whether its processor is to be software
 * @cancellable: (nullable): a cancellable
 * @callback: called on the main thread
 * @user_data: data for @callback
 *
 * Changes the stored definition, and so what happens at the next start.
 */
void
lodge_machine_set_emulated_async (LodgeMachine        *self,
                                  gboolean             emulated,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_return_if_fail (LODGE_IS_MACHINE (self));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  LODGE_MACHINE_GET_CLASS (self)->set_emulated_async (self, emulated, cancellable,
                                                      callback, user_data);
}

gboolean
lodge_machine_set_emulated_finish (LodgeMachine  *self,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  g_return_val_if_fail (LODGE_IS_MACHINE (self), FALSE);

  return LODGE_MACHINE_GET_CLASS (self)->set_emulated_finish (self, result, error);
}

void
_lodge_machine_set_everyday_async (LodgeMachine        *self,
                                   gboolean             everyday,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  LodgePreferences preferences;

  g_assert (LODGE_IS_MACHINE (self));

  lodge_preferences_init (&preferences);
  preferences.everyday = everyday;
  LODGE_MACHINE_GET_CLASS (self)->write_preferences_async (self, &preferences,
                                                           LODGE_PREFERENCE_EVERYDAY, cancellable,
                                                           callback, user_data);
}

gboolean
_lodge_machine_set_everyday_finish (LodgeMachine  *self,
                                    GAsyncResult  *result,
                                    GError       **error)
{
  g_assert (LODGE_IS_MACHINE (self));

  return LODGE_MACHINE_GET_CLASS (self)->write_preferences_finish (self, result, error);
}

/**
 * lodge_machine_dup_graphics_address:
 * @self: a machine
 *
 * Returns: (transfer full) (nullable): the way to its screen; null while it is not running, has
 *   no screen, or its definition has not been read
 */
LodgeGraphicsAddress *
lodge_machine_dup_graphics_address (LodgeMachine *self)
{
  const LodgeGraphics *graphics;

  g_return_val_if_fail (LODGE_IS_MACHINE (self), NULL);

  graphics = _lodge_machine_get_screen (self);
  if (graphics == NULL || graphics->type == LODGE_GRAPHICS_NONE || !lodge_machine_is_active (self))
    return NULL;

  return LODGE_MACHINE_GET_CLASS (self)->dup_graphics_address (self, graphics);
}

/**
 * lodge_machine_open_graphics_fd_async:
 * @self: a running machine
 * @cancellable: (nullable): a cancellable
 * @callback: called on the main thread
 * @user_data: data for @callback
 *
 * Opens one more connection to the machine's screen, where its
 * #LodgeGraphicsAddress says that sockets are lent.
 */
void
lodge_machine_open_graphics_fd_async (LodgeMachine        *self,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  g_return_if_fail (LODGE_IS_MACHINE (self));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  LODGE_MACHINE_GET_CLASS (self)->open_graphics_fd_async (self, cancellable, callback, user_data);
}

/* Returns a socket for the caller to close, or -1 with @error set. */
int
lodge_machine_open_graphics_fd_finish (LodgeMachine  *self,
                                       GAsyncResult  *result,
                                       GError       **error)
{
  g_return_val_if_fail (LODGE_IS_MACHINE (self), -1);

  return LODGE_MACHINE_GET_CLASS (self)->open_graphics_fd_finish (self, result, error);
}

/**
 * lodge_machine_open_console_async:
 * @self: a running machine
 * @cancellable: (nullable): a cancellable
 * @callback: called on the main thread
 * @user_data: data for @callback
 *
 * Opens the machine's first serial console. Somebody else who had it open
 * loses it, as there can be only one.
 */
void
lodge_machine_open_console_async (LodgeMachine        *self,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_return_if_fail (LODGE_IS_MACHINE (self));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  LODGE_MACHINE_GET_CLASS (self)->open_console_async (self, cancellable, callback, user_data);
}

/* Returns: (transfer full): a stream that ends when the machine does, or NULL */
GIOStream *
lodge_machine_open_console_finish (LodgeMachine  *self,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  g_return_val_if_fail (LODGE_IS_MACHINE (self), NULL);

  return LODGE_MACHINE_GET_CLASS (self)->open_console_finish (self, result, error);
}

void
lodge_machine_take_screenshot_async (LodgeMachine        *self,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  g_return_if_fail (LODGE_IS_MACHINE (self));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  LODGE_MACHINE_GET_CLASS (self)->take_screenshot_async (self, cancellable, callback, user_data);
}

/* Returns: (transfer full): an image file as QEMU makes them (PNG or PPM), or NULL */
GBytes *
lodge_machine_take_screenshot_finish (LodgeMachine  *self,
                                      GAsyncResult  *result,
                                      GError       **error)
{
  g_return_val_if_fail (LODGE_IS_MACHINE (self), NULL);

  return LODGE_MACHINE_GET_CLASS (self)->take_screenshot_finish (self, result, error);
}

void
lodge_machine_load_xml_async (LodgeMachine        *self,
                              gboolean             stored,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_return_if_fail (LODGE_IS_MACHINE (self));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  LODGE_MACHINE_GET_CLASS (self)->load_xml_async (self, stored, cancellable, callback, user_data);
}

/* Returns: (transfer full): XML without passwords, or NULL */
char *
lodge_machine_load_xml_finish (LodgeMachine  *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (LODGE_IS_MACHINE (self), NULL);

  return LODGE_MACHINE_GET_CLASS (self)->load_xml_finish (self, result, error);
}

void
_lodge_machine_start_with_async (LodgeMachine        *self,
                                 guint64              kib,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_assert (LODGE_IS_MACHINE (self));
  g_assert (kib > 0);

  LODGE_MACHINE_GET_CLASS (self)->start_with_async (self, kib, cancellable, callback, user_data);
}

void
_lodge_machine_set_balloon_period_async (LodgeMachine        *self,
                                         guint                seconds,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data)
{
  g_assert (LODGE_IS_MACHINE (self));

  LODGE_MACHINE_GET_CLASS (self)->set_balloon_period_async (self, seconds, cancellable,
                                                            callback, user_data);
}

gboolean
_lodge_machine_balloon_finish (LodgeMachine  *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  g_assert (LODGE_IS_MACHINE (self));

  return LODGE_MACHINE_GET_CLASS (self)->balloon_finish (self, result, error);
}
