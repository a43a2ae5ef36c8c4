/* lodge-display-session-agent.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <spice/vd_agent.h>

#include "lodge-display-session-private.h"

/* What the guest's agent can.
 *
 * The agent counts as connected as soon as anything in the guest opens its port; what it can is
 * known only after it has announced that.
 */

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
