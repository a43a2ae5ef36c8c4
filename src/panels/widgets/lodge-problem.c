/* lodge-problem.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-display-session.h"
#include "lodge-error.h"
#include "lodge-problem.h"

static const char *
cause_and_remedy (LodgeError code)
{
  switch (code)
    {
    case LODGE_ERROR_GONE:
      return _("The guest is not there any more. Another program has probably removed it.");

    case LODGE_ERROR_DENIED:
      return _("You are not allowed to do this on that host. Ask whoever looks after it for the right "
               "to manage guests (often a group called “libvirt”), or use the guests of your own "
               "session (qemu:///session).");

    case LODGE_ERROR_UNSUPPORTED:
      return _("The host cannot do what the guest needs. The details name it: change it in the "
               "guest’s definition, or run the guest on another host.");

    case LODGE_ERROR_DISCONNECTED:
      return _("The connection to the host was lost on the way. Lodge connects again by itself; try "
               "once more when the host is back.");

    case LODGE_ERROR_UNREACHABLE:
      return _("The host cannot be reached. Check that it is switched on, that libvirt runs there and "
               "that the network works, then try again.");

    case LODGE_ERROR_INVALID:
      return _("The guest’s definition, or the state it is in, does not allow this. The details name "
               "what is wrong: correct the definition, or wait until the guest has settled.");

    case LODGE_ERROR_NAME_IN_USE:
      return _("Another guest already has this name. Shut that one down, or give one of the two "
               "another name.");

    case LODGE_ERROR_PORT_IN_USE:
      return _("Another program uses a network port that the guest wants. Close that program, or let "
               "the guest find a free port by itself instead of asking for a fixed one.");

    case LODGE_ERROR_DISC_MISSING:
      return _("A disc or image file of the guest is not where it should be. Put the file back, "
               "connect the drive that holds it, or take the disc out of the guest.");

    case LODGE_ERROR_DISC_LOCKED:
      return _("Another program, most likely another guest, has one of the discs open. Shut that "
               "guest down first: two guests that write to one disc destroy what is on it.");

    case LODGE_ERROR_FILE_DENIED:
      return _("QEMU is not allowed to open a file of the guest. Give the user that QEMU runs as the "
               "right to read and write the file, and to enter every folder above it.");

    case LODGE_ERROR_MEMORY:
      return _("The host has not enough free memory. Close other programs or shut other guests down, "
               "or give this guest less memory.");

    case LODGE_ERROR_KVM:
      return _("Hardware acceleration (KVM) cannot be used on this host. Switch virtualisation on in "
               "the computer’s firmware settings and make sure that you may open /dev/kvm, or let "
               "the guest use software emulation, which is slower.");

    case LODGE_ERROR_NETWORK_INACTIVE:
      return _("A virtual network that the guest is attached to is not running. Start the network "
               "(virsh net-start NAME; virsh net-autostart NAME keeps it on), then try again.");

    case LODGE_ERROR_NETWORK_MISSING:
      return _("A virtual network or bridge that the guest is attached to does not exist on this "
               "host. Create it, or attach the guest to another network.");

    case LODGE_ERROR_QEMU_EXITED:
      return _("QEMU ended while the guest was starting. Its last words are in the details; often a "
               "device or option in the guest’s definition does not exist on this host.");

    case LODGE_ERROR_TIMED_OUT:
      return _("The host did not answer in time. It may be busy or hang: wait a moment and try again, "
               "or restart libvirt there.");

    case LODGE_ERROR_NO_USB_PORT:
      return _("The guest has no USB controller for the device, or no free port. Prepare it for USB in "
               "its USB panel and restart it.");

    case LODGE_ERROR_DEVICE_IN_USE:
      return _("The device is in use by this computer or by another guest. Close or unmount it there "
               "first.");

    case LODGE_ERROR_NOT_RELEASED:
      return _("The guest does not let go of the device. Eject or close it in the guest, then try "
               "again; shutting the guest down gives it back, too.");

    case LODGE_ERROR_NOT_STORED:
      return _("The running guest was changed, but not its stored definition: after its next start it "
               "is as before. Try again, or look at the details.");

    case LODGE_ERROR_HELD:
      return _("A running guest does not give back the memory it was asked for: its programs need "
               "it, or it has no driver for its memory balloon. Close programs in that guest, or "
               "shut it down, then try again.");

    /* What was entered is refused beside its field. */
    case LODGE_ERROR_NOT_A_NUMBER:
    case LODGE_ERROR_UNKNOWN_UNIT:
    case LODGE_ERROR_NOT_POSITIVE:
    case LODGE_ERROR_TOO_SMALL:
    case LODGE_ERROR_TOO_LARGE:
    /* Nobody is told. */
    case LODGE_ERROR_SUPERSEDED:
    case LODGE_ERROR_FAILED:
    default:
      return _("The host refused, and gave no reason that Lodge knows. The details have its own "
               "words.");
    }
}

static char *
title_for_action (LodgeAction  action,
                  const char  *name)
{
  switch (action)
    {
    case LODGE_ACTION_START:
      return g_strdup_printf (_("“%s” could not be started"), name);

    case LODGE_ACTION_PAUSE:
      return g_strdup_printf (_("“%s” could not be paused"), name);

    case LODGE_ACTION_RESUME:
      return g_strdup_printf (_("“%s” could not be resumed"), name);

    case LODGE_ACTION_SAVE:
      return g_strdup_printf (_("“%s” could not be saved to disc"), name);

    case LODGE_ACTION_DISCARD_SAVED:
      return g_strdup_printf (_("The saved state of “%s” could not be discarded"), name);

    case LODGE_ACTION_SHUT_DOWN:
      return g_strdup_printf (_("“%s” could not be shut down"), name);

    case LODGE_ACTION_RESTART:
      return g_strdup_printf (_("“%s” could not be restarted"), name);

    case LODGE_ACTION_FORCE_OFF:
      return g_strdup_printf (_("“%s” could not be forced off"), name);

    case LODGE_ACTION_NONE:
    default:
      return g_strdup (_("That did not work"));
    }
}

static void
choose_button (LodgeProblem *self,
               const GError *error,
               LodgeAction   action)
{
  if (g_error_matches (error, LODGE_ERROR, LODGE_ERROR_DENIED))
    {
      self->button_label = _("_Open Preferences");
      self->action_name = "app.preferences";
    }
  else if (action == LODGE_ACTION_START && !g_error_matches (error, LODGE_ERROR, LODGE_ERROR_GONE))
    {
      self->button_label = _("_Try Again");
      self->action_name = "machine.start";
    }
}

/**
 * lodge_problem_new:
 * @error: what core reported
 * @action: what was tried, or %LODGE_ACTION_NONE
 * @machine_name: (nullable): the machine it was tried with
 *
 * Puts an error into words: its cause and what to do about it.
 *
 * Returns: (transfer full): the problem
 */
LodgeProblem *
lodge_problem_new (const GError *error,
                   LodgeAction   action,
                   const char   *machine_name)
{
  LodgeProblem *self;

  g_return_val_if_fail (error != NULL, NULL);

  self = g_new0 (LodgeProblem, 1);
  self->title = title_for_action (action, machine_name != NULL ? machine_name : "");
  self->text = g_strdup (error->domain == LODGE_ERROR ? cause_and_remedy (error->code) : error->message);

  if (error->domain == LODGE_ERROR)
    self->details = g_utf8_make_valid (error->message, -1);

  choose_button (self, error, action);

  return self;
}

static const char *
session_words (const GError *error)
{
  if (g_error_matches (error, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED))
    return _("The guest’s screen can only be reached from the host it runs on. Connect to that host over "
             "SSH (qemu+ssh://user@host/system), or let the screen listen on an address.");

  if (error == NULL || error->domain != LODGE_SESSION_ERROR)
    return _("The connection to the guest’s screen broke.");

  switch ((LodgeSessionError)error->code)
    {
    case LODGE_SESSION_ERROR_CONNECT:
      return _("The guest’s screen cannot be reached. A firewall may stand in between, or the guest "
               "is just starting.");

    case LODGE_SESSION_ERROR_TLS:
      return _("The encrypted connection was refused: the host’s certificate is not trusted or is for "
               "another name.");

    case LODGE_SESSION_ERROR_PASSWORD:
      return _("The password was wrong.");

    case LODGE_SESSION_ERROR_ENDED:
      return _("The guest’s screen went away. The guest may have crashed or moved to another host.");

    case LODGE_SESSION_ERROR_TAKEN_OVER:
      return _("Another program has taken the guest’s screen over. Reconnecting takes it back.");

    case LODGE_SESSION_ERROR_FAILED:
    default:
      return _("The connection to the guest’s screen broke.");
    }
}

/**
 * lodge_problem_new_session:
 * @error: (nullable): why a display session ended
 *
 * Puts the end of a display session into words.
 *
 * Returns: (transfer full): the problem
 */
LodgeProblem *
lodge_problem_new_session (const GError *error)
{
  LodgeProblem *self = g_new0 (LodgeProblem, 1);

  self->title = g_strdup (_("Screen Not Connected"));
  self->text = g_strdup (session_words (error));
  self->details = error != NULL ? g_utf8_make_valid (error->message, -1) : NULL;
  self->button_label = _("_Reconnect");
  self->action_name = "panel.reconnect";

  return self;
}

void
lodge_problem_free (LodgeProblem *self)
{
  if (self == NULL)
    return;

  g_free (self->title);
  g_free (self->text);
  g_free (self->details);
  g_free (self);
}
