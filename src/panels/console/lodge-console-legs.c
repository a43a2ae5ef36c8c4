/* lodge-console-legs.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-console-legs.h"
#include "lodge-settings.h"

static gboolean
get_flag (gpointer    object,
          const char *name)
{
  gboolean flag;

  g_object_get (object, name, &flag, NULL);

  return flag;
}

static void
leg_free (LodgeConsoleLeg *leg)
{
  g_free (leg->text);
  g_free (leg);
}

static void
add (GPtrArray  *legs,
     const char *title,
     gboolean    works,
     const char *text)
{
  LodgeConsoleLeg *leg = g_new0 (LodgeConsoleLeg, 1);

  leg->title = title;
  leg->works = works;
  leg->text = g_strdup (text);
  g_ptr_array_add (legs, leg);
}

static const char *
no_agent_words (LodgeMachine *machine)
{
  if (!get_flag (machine, "has-agent-channel"))
    return _("The guest has no channel for the SPICE agent (com.redhat.spice.0). Add one to its definition.");

  return _("Install spice-vdagent in the guest and log in there.");
}

static void
add_sound (GPtrArray    *legs,
           LodgeConsole *console)
{
  LodgeDisplaySession *session = lodge_console_get_session (console);
  g_autofree char *problem = NULL;
  gboolean playback = get_flag (session, "has-playback");
  gboolean record = get_flag (session, "has-record");

  g_object_get (session, "audio-error", &problem, NULL);

  if (!get_flag (session, "enable-audio"))
    add (legs, _("Sound"), FALSE, _("Switched off in the preferences."));
  else if (problem != NULL)
    {
      g_autofree char *text = g_strdup_printf (_("This computer cannot play it: %s"), problem);

      add (legs, _("Sound"), FALSE, text);
    }
  else if (!get_flag (lodge_console_get_machine (console), "has-sound"))
    add (legs, _("Sound"), FALSE, _("The guest has no sound card."));
  else if (!playback)
    add (legs, _("Sound"), FALSE, _("The guest does not send sound to its screen."));
  else
    add (legs, _("Sound"), TRUE, record ? _("The guest can play and record.") : _("The guest can play."));
}

/**
 * lodge_console_list_legs:
 *
 * Says of each thing that can go with a guest's screen whether it works, and why not.
 *
 * Returns: (transfer full) (element-type LodgeConsoleLeg): the legs, in the order to show them
 */
GPtrArray *
lodge_console_list_legs (LodgeConsole *console)
{
  GPtrArray *legs = g_ptr_array_new_with_free_func ((GDestroyNotify)leg_free);
  LodgeDisplaySession *session = lodge_console_get_session (console);
  LodgeMachine *machine = lodge_console_get_machine (console);
  gboolean agent = lodge_display_session_get_agent_connected (session);

  if (get_flag (machine, "emulated"))
    add (legs, _("Acceleration"), FALSE, _("Software emulation: the guest runs without KVM and is slow."));
  else
    add (legs, _("Acceleration"), TRUE, _("Hardware (KVM)."));

  add (legs, _("Agent"), agent, agent ? _("The guest’s agent answers.") : no_agent_words (machine));

  if (get_flag (session, "can-resize"))
    add (legs, _("Resizing"), TRUE, _("The guest’s screen can follow the window."));
  else
    add (legs, _("Resizing"), FALSE,
         agent ? _("The guest’s agent cannot change the resolution.") : _("Needs the agent."));

  if (!g_settings_get_boolean (lodge_settings_get (), "share-clipboard"))
    add (legs, _("Clipboard"), FALSE, _("Switched off for all guests in the preferences."));
  else if (!lodge_console_get_share_clipboard (console))
    add (legs, _("Clipboard"), FALSE, _("Switched off for this guest."));
  else if (get_flag (session, "can-share-clipboard"))
    add (legs, _("Clipboard"), TRUE, _("Text and pictures go both ways."));
  else
    add (legs, _("Clipboard"), FALSE,
         agent ? _("The guest’s agent does not share it.") : _("Needs the agent."));

  if (lodge_display_session_get_can_send_files (session))
    add (legs, _("File Transfer"), TRUE,
         _("Drop files on the guest’s screen, or choose “Send Files of the Clipboard”."));
  else
    add (legs, _("File Transfer"), FALSE,
         agent ? _("The guest’s agent does not take files.") : _("Needs the agent."));

  /* The agent's clipboard has names alone, of files in a folder that both sides have by WebDAV. */
  add (legs, _("Pasting Files"), FALSE,
       _("It takes a folder that is shared with the guest, which Lodge does not offer. Out of the guest, files go "
         "by a disc or the network."));
  add_sound (legs, console);

  return legs;
}
