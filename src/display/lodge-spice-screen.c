/* lodge-spice-screen.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-display-session-private.h"
#include "lodge-spice-screen.h"

/**
 * LodgeSpiceScreen:
 *
 * One head of a SPICE display channel: hands input to the session's inputs channel.
 *
 * While there is no such channel input is dropped: there is nobody to take it, and a key that
 * arrives at the next boot would be worse than one that is lost.
 */

struct _LodgeSpiceScreen
{
  LodgeScreen          parent_instance;
  LodgeDisplaySession *session;
  int                  channel_id;
  int                  monitor_id;
};

G_DEFINE_FINAL_TYPE (LodgeSpiceScreen, lodge_spice_screen, LODGE_TYPE_SCREEN)

static SpiceInputsChannel *
lodge_spice_screen_get_inputs (LodgeSpiceScreen *self)
{
  g_assert (LODGE_IS_SPICE_SCREEN (self));

  return self->session != NULL ? _lodge_display_session_get_inputs (self->session) : NULL;
}

static void
lodge_spice_screen_key_press (LodgeScreen *screen,
                              guint        scancode)
{
  SpiceInputsChannel *inputs = lodge_spice_screen_get_inputs (LODGE_SPICE_SCREEN (screen));

  if (inputs != NULL)
    spice_inputs_channel_key_press (inputs, scancode);
}

static void
lodge_spice_screen_key_release (LodgeScreen *screen,
                                guint        scancode)
{
  SpiceInputsChannel *inputs = lodge_spice_screen_get_inputs (LODGE_SPICE_SCREEN (screen));

  if (inputs != NULL)
    spice_inputs_channel_key_release (inputs, scancode);
}

static void
lodge_spice_screen_key_tap (LodgeScreen *screen,
                            guint        scancode)
{
  SpiceInputsChannel *inputs = lodge_spice_screen_get_inputs (LODGE_SPICE_SCREEN (screen));

  if (inputs != NULL)
    spice_inputs_channel_key_press_and_release (inputs, scancode);
}

/* SPICE's masks have one bit a button, in the order of its button numbers (spice/enums.h). */
static void
lodge_spice_screen_button_press (LodgeScreen      *screen,
                                 LodgeMouseButton  button,
                                 guint             buttons)
{
  SpiceInputsChannel *inputs = lodge_spice_screen_get_inputs (LODGE_SPICE_SCREEN (screen));

  if (inputs != NULL)
    spice_inputs_channel_button_press (inputs, (int)button, (int)buttons);
}

static void
lodge_spice_screen_button_release (LodgeScreen      *screen,
                                   LodgeMouseButton  button,
                                   guint             buttons)
{
  SpiceInputsChannel *inputs = lodge_spice_screen_get_inputs (LODGE_SPICE_SCREEN (screen));

  if (inputs != NULL)
    spice_inputs_channel_button_release (inputs, (int)button, (int)buttons);
}

static void
lodge_spice_screen_pointer_position (LodgeScreen *screen,
                                     int          x,
                                     int          y,
                                     guint        buttons)
{
  LodgeSpiceScreen *self = LODGE_SPICE_SCREEN (screen);
  SpiceInputsChannel *inputs = lodge_spice_screen_get_inputs (self);

  if (inputs == NULL)
    return;

  /* The agent adds the head's place to the point; a tablet spans the whole surface. */
  if (!lodge_display_session_get_agent_connected (self->session))
    {
      GdkRectangle area;

      lodge_screen_get_area (screen, &area);
      x += area.x;
      y += area.y;
    }

  spice_inputs_channel_position (inputs, x, y, lodge_screen_get_id (screen), (int)buttons);
}

static void
lodge_spice_screen_pointer_motion (LodgeScreen *screen,
                                   int          dx,
                                   int          dy,
                                   guint        buttons)
{
  SpiceInputsChannel *inputs = lodge_spice_screen_get_inputs (LODGE_SPICE_SCREEN (screen));

  if (inputs != NULL)
    spice_inputs_channel_motion (inputs, dx, dy, (int)buttons);
}

static void
lodge_spice_screen_set_lock_keys (LodgeScreen   *screen,
                                  LodgeLockKeys  locked)
{
  SpiceInputsChannel *inputs = lodge_spice_screen_get_inputs (LODGE_SPICE_SCREEN (screen));

  if (inputs != NULL)
    spice_inputs_channel_set_key_locks (inputs, locked);
}

static void
lodge_spice_screen_request_size (LodgeScreen *screen,
                                 int          width,
                                 int          height,
                                 int          width_mm,
                                 int          height_mm)
{
  LodgeSpiceScreen *self = LODGE_SPICE_SCREEN (screen);

  if (self->session != NULL)
    _lodge_display_session_request_size (self->session, screen, width, height, width_mm, height_mm);
}

static void
lodge_spice_screen_dispose (GObject *object)
{
  LodgeSpiceScreen *self = (LodgeSpiceScreen *)object;

  g_clear_weak_pointer (&self->session);

  G_OBJECT_CLASS (lodge_spice_screen_parent_class)->dispose (object);
}

static void
lodge_spice_screen_class_init (LodgeSpiceScreenClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  LodgeScreenClass *screen_class = LODGE_SCREEN_CLASS (klass);

  object_class->dispose = lodge_spice_screen_dispose;

  screen_class->button_press = lodge_spice_screen_button_press;
  screen_class->button_release = lodge_spice_screen_button_release;
  screen_class->key_press = lodge_spice_screen_key_press;
  screen_class->key_release = lodge_spice_screen_key_release;
  screen_class->key_tap = lodge_spice_screen_key_tap;
  screen_class->pointer_motion = lodge_spice_screen_pointer_motion;
  screen_class->pointer_position = lodge_spice_screen_pointer_position;
  screen_class->request_size = lodge_spice_screen_request_size;
  screen_class->set_lock_keys = lodge_spice_screen_set_lock_keys;
}

static void
lodge_spice_screen_init (LodgeSpiceScreen *self)
{
}

LodgeSpiceScreen *
lodge_spice_screen_new (LodgeDisplaySession *session,
                        LodgeFramebuffer    *framebuffer,
                        int                  channel_id,
                        int                  monitor_id)
{
  LodgeSpiceScreen *self = g_object_new (LODGE_TYPE_SPICE_SCREEN, NULL);

  g_set_weak_pointer (&self->session, session);
  self->channel_id = channel_id;
  self->monitor_id = monitor_id;

  /* Only channel 0 has several heads; the others are numbered by channel, as the agent does. */
  _lodge_screen_set_id (LODGE_SCREEN (self), channel_id > 0 ? channel_id : monitor_id);
  _lodge_screen_set_framebuffer (LODGE_SCREEN (self), framebuffer);

  return self;
}

int
lodge_spice_screen_get_channel_id (LodgeSpiceScreen *self)
{
  g_return_val_if_fail (LODGE_IS_SPICE_SCREEN (self), 0);

  return self->channel_id;
}

int
lodge_spice_screen_get_monitor_id (LodgeSpiceScreen *self)
{
  g_return_val_if_fail (LODGE_IS_SPICE_SCREEN (self), 0);

  return self->monitor_id;
}
