/* lodge-display-session-monitors.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-display-session-private.h"
#include "lodge-spice-surface.h"

/* Which monitors the guest is to have, and how large they are.
 *
 * The agent is always told of all of them at once. A monitor that nobody looks at is none: a guest
 * that has one puts windows there, and the pointer gets lost in it.
 */

/* As many heads as the library's table of them has. */
#define MAX_HEADS 16

/* What a monitor begins with, until the window that shows it asks for its own size. */
#define NEW_WIDTH  1024
#define NEW_HEIGHT 768

/* Of the picture that stands for a monitor without a signal (QEMU, qemu_console_resize() and
 * qemu_create_placeholder_surface()).
 */
#define OFF_WIDTH  640
#define OFF_HEIGHT 480

static LodgeScreen *
lodge_display_session_find_screen (LodgeDisplaySession *self,
                                   int                  id)
{
  guint n_screens = g_list_model_get_n_items (G_LIST_MODEL (self->screens));

  for (guint i = 0; i < n_screens; i++)
    {
      g_autoptr(LodgeScreen) screen = g_list_model_get_item (G_LIST_MODEL (self->screens), i);

      /* The list keeps it. */
      if (lodge_screen_get_id (screen) == id)
        return screen;
    }

  return NULL;
}

static gboolean
lodge_display_session_is_first (LodgeDisplaySession *self,
                                LodgeScreen         *screen)
{
  g_autoptr(LodgeScreen) first = g_list_model_get_item (G_LIST_MODEL (self->screens), 0);

  return screen != NULL && first == screen;
}

/* Side by side, in the order of their numbers. What is not wanted, or went dark, stays in the
 * library's table, switched off. @asked: (nullable): the screen that is to have the size @size; the
 * others keep theirs.
 */
static void
lodge_display_session_send_monitors (LodgeDisplaySession *self,
                                     SpiceMainChannel    *channel,
                                     LodgeScreen         *asked,
                                     const GdkRectangle  *size)
{
  int x = 0;

  for (int id = 0; id < MAX_HEADS; id++)
    {
      LodgeScreen *screen = lodge_display_session_find_screen (self, id);
      gboolean wanted = (self->wanted_monitors & (1u << id)) != 0 ||
                        lodge_display_session_is_first (self, screen);
      GdkRectangle area = { 0, 0, NEW_WIDTH, NEW_HEIGHT };

      if (screen != NULL && screen == asked)
        {
          area = *size;
          wanted = TRUE;
        }
      else if (screen != NULL)
        lodge_screen_get_area (screen, &area);

      wanted = wanted && area.width > 0 && area.height > 0;
      spice_main_channel_update_display_enabled (channel, id, wanted, FALSE);

      if (wanted)
        {
          spice_main_channel_update_display (channel, id, x, 0, area.width, area.height, FALSE);
          x += area.width;
        }
    }

  spice_main_channel_send_monitor_config (channel);
}

/**
 * _lodge_display_session_request_size:
 * @self: a session
 * @screen: one of its screens
 * @width: in guest pixels
 * @height: in guest pixels
 * @width_mm: how large that is on the host's monitor, 0 if unknown
 * @height_mm: likewise
 *
 * Sends the agent one configuration of all heads: @screen with its new size, the others that are
 * shown as they are, side by side. Does nothing when the agent cannot.
 */
void
_lodge_display_session_request_size (LodgeDisplaySession *self,
                                     LodgeScreen         *screen,
                                     int                  width,
                                     int                  height,
                                     int                  width_mm,
                                     int                  height_mm)
{
  SpiceMainChannel *channel = _lodge_display_session_get_main (self);
  const GdkRectangle size = { 0, 0, width, height };
  int id = lodge_screen_get_id (screen);

  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  if (channel == NULL || !self->agent.can_resize || width <= 0 || height <= 0 ||
      id < 0 || id >= MAX_HEADS)
    return;

  spice_main_channel_update_display_mm (channel, id, MAX (width_mm, 0), MAX (height_mm, 0), FALSE);
  lodge_display_session_send_monitors (self, channel, screen, &size);
}

/**
 * lodge_display_session_set_monitor_wanted:
 * @self: a session
 * @id: the id of a screen, whether there is one or not yet
 * @wanted: whether somebody shows it
 *
 * Asks the guest to switch a monitor on or off, which takes an agent that can resize. The first
 * screen is always wanted; others that are not are switched off when next a size is asked for. A
 * monitor that was switched on comes as a screen, soon or, if the guest does not follow, never; it
 * may go and come again while the guest changes its modes.
 */
void
lodge_display_session_set_monitor_wanted (LodgeDisplaySession *self,
                                          int                  id,
                                          gboolean             wanted)
{
  SpiceMainChannel *channel;
  LodgeScreen *screen;
  GdkRectangle area = { 0 };
  guint before;

  g_return_if_fail (LODGE_IS_DISPLAY_SESSION (self));
  g_return_if_fail (id >= 0 && id < MAX_HEADS);

  before = self->wanted_monitors;
  self->wanted_monitors = wanted ? before | (1u << id) : before & ~(1u << id);
  channel = _lodge_display_session_get_main (self);


  if (self->wanted_monitors == before || channel == NULL || !self->agent.can_resize)
    return;

  if (!wanted)
    {
      lodge_display_session_send_monitors (self, channel, NULL, NULL);
      return;
    }

  /* QEMU gives one that is switched off a small picture that says so. */
  if ((screen = lodge_display_session_find_screen (self, id)) != NULL)
    lodge_screen_get_area (screen, &area);

  if (area.width <= OFF_WIDTH && area.height <= OFF_HEIGHT)
    {
      area.width = NEW_WIDTH;
      area.height = NEW_HEIGHT;
    }

  lodge_display_session_send_monitors (self, channel, screen, &area);
}

static guint
lodge_display_session_count_monitors (LodgeDisplaySession *self)
{
  guint n_channels = 0;
  guint n_heads = 0;

  for (guint i = 0; i < self->surfaces->len; i++)
    {
      LodgeSpiceSurface *surface = g_ptr_array_index (self->surfaces, i);

      if (!lodge_spice_surface_get_attached (surface))
        continue;

      n_channels = MAX (n_channels, (guint)lodge_spice_surface_get_id (surface) + 1);
      n_heads = MAX (n_heads, lodge_spice_surface_get_max_heads (surface));
    }

  /* A card with several heads is the only card. */
  return MIN (n_channels > 1 ? n_channels : n_heads, MAX_HEADS);
}

/**
 * lodge_display_session_get_max_monitors:
 *
 * Returns: how many monitors the guest's video cards can drive, 0 while there is no connection; the
 *   ids of their screens are below that
 */
guint
lodge_display_session_get_max_monitors (LodgeDisplaySession *self)
{
  g_return_val_if_fail (LODGE_IS_DISPLAY_SESSION (self), 0);

  return self->max_monitors;
}

void
_lodge_display_session_update_max_monitors (LodgeDisplaySession *self)
{
  guint max_monitors = lodge_display_session_count_monitors (self);

  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  if (self->max_monitors == max_monitors)
    return;

  self->max_monitors = max_monitors;
  _lodge_display_session_notify (self, LODGE_DISPLAY_SESSION_PROP_MAX_MONITORS);
}
