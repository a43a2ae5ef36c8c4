/* lodge-display-session-agent.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <spice/vd_agent.h>

#include "lodge-display-session-private.h"
#include "lodge-screen-private.h"

/* What the guest's agent can, and asking it for resolutions.
 *
 * The agent counts as connected as soon as anything in the guest opens its port; what it can is
 * known only after it has announced that.
 */

/* As many heads as the library's table of them has. */
#define MAX_HEADS 16

static void
lodge_display_session_set_agent (LodgeDisplaySession   *self,
                                 const LodgeAgentState *agent)
{
  const LodgeAgentState before = self->agent;

  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  /* All of it first, so that whoever hears of one sees the others as they are. */
  self->agent = *agent;
  g_object_freeze_notify (G_OBJECT (self));

  if (before.connected != agent->connected)
    _lodge_display_session_notify (self, LODGE_DISPLAY_SESSION_PROP_AGENT_CONNECTED);

  if (before.can_resize != agent->can_resize)
    _lodge_display_session_notify (self, LODGE_DISPLAY_SESSION_PROP_CAN_RESIZE);

  if (before.can_send_files != agent->can_send_files)
    _lodge_display_session_notify (self, LODGE_DISPLAY_SESSION_PROP_CAN_SEND_FILES);

  if (before.can_share_clipboard != agent->can_share_clipboard)
    _lodge_display_session_notify (self, LODGE_DISPLAY_SESSION_PROP_CAN_SHARE_CLIPBOARD);

  g_object_thaw_notify (G_OBJECT (self));
  _lodge_display_session_update_clipboard (self);
  _lodge_display_session_update_screens (self);
}

static gboolean
agent_can (SpiceMainChannel *channel,
           guint32           capability)
{
  return spice_main_channel_agent_test_capability (channel, capability);
}

void
_lodge_display_session_update_agent (LodgeDisplaySession *self)
{
  SpiceMainChannel *channel = _lodge_display_session_get_main (self);
  LodgeAgentState agent = { 0 };
  gboolean connected = FALSE;

  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  if (channel != NULL)
    g_object_get (channel, "agent-connected", &connected, NULL);

  if (connected)
    {
      /* Transfers have no capability of their own: an agent that announced anything knows them. */
      gboolean announced = agent_can (channel, VD_AGENT_CAP_REPLY) ||
                           agent_can (channel, VD_AGENT_CAP_MOUSE_STATE) ||
                           agent_can (channel, VD_AGENT_CAP_MONITORS_CONFIG) ||
                           agent_can (channel, VD_AGENT_CAP_CLIPBOARD_BY_DEMAND);

      agent.connected = TRUE;
      agent.can_resize = agent_can (channel, VD_AGENT_CAP_MONITORS_CONFIG);
      agent.can_send_files = announced && !agent_can (channel, VD_AGENT_CAP_FILE_XFER_DISABLED);
      agent.can_share_clipboard = agent_can (channel, VD_AGENT_CAP_CLIPBOARD_BY_DEMAND);
    }

  lodge_display_session_set_agent (self, &agent);
}

static void
lodge_display_session_update_head (SpiceMainChannel *channel,
                                   int               id,
                                   int               x,
                                   int               width,
                                   int               height)
{
  spice_main_channel_update_display_enabled (channel, id, TRUE, FALSE);
  spice_main_channel_update_display (channel, id, x, 0, width, height, FALSE);
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
 * Sends the agent one configuration of all heads: @screen with its new size, the others as they
 * are, side by side. Does nothing when the agent cannot.
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
  guint n_screens = g_list_model_get_n_items (G_LIST_MODEL (self->screens));
  int x = 0;

  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  if (channel == NULL || !self->agent.can_resize || width <= 0 || height <= 0)
    return;

  for (guint i = 0; i < n_screens; i++)
    {
      g_autoptr(LodgeScreen) head = g_list_model_get_item (G_LIST_MODEL (self->screens), i);
      int id = lodge_screen_get_id (head);
      GdkRectangle area;

      if (id < 0 || id >= MAX_HEADS)
        continue;

      lodge_screen_get_area (head, &area);

      if (head == screen)
        {
          area.width = width;
          area.height = height;
          spice_main_channel_update_display_mm (channel, id, MAX (width_mm, 0), MAX (height_mm, 0),
                                                FALSE);
        }

      if (area.width == 0 || area.height == 0)
        continue;

      lodge_display_session_update_head (channel, id, x, area.width, area.height);
      x += area.width;
    }

  /* Heads that went dark stay in the library's table. */
  for (int id = 0; id < MAX_HEADS; id++)
    {
      gboolean lit = FALSE;

      for (guint i = 0; i < n_screens && !lit; i++)
        {
          g_autoptr(LodgeScreen) head = g_list_model_get_item (G_LIST_MODEL (self->screens), i);

          lit = lodge_screen_get_id (head) == id;
        }

      if (!lit)
        spice_main_channel_update_display_enabled (channel, id, FALSE, FALSE);
    }

  spice_main_channel_send_monitor_config (channel);
}

gboolean
lodge_display_session_get_agent_connected (LodgeDisplaySession *self)
{
  g_return_val_if_fail (LODGE_IS_DISPLAY_SESSION (self), FALSE);

  return self->agent.connected;
}

gboolean
lodge_display_session_get_can_send_files (LodgeDisplaySession *self)
{
  g_return_val_if_fail (LODGE_IS_DISPLAY_SESSION (self), FALSE);

  return self->agent.can_send_files;
}
