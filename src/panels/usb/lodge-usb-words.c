/* lodge-usb-words.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-error.h"
#include "lodge-usb-access.h"
#include "lodge-usb-words.h"
#include "lodge-words.h"

const char *
lodge_usb_words_kind (LodgeUsbKind kind)
{
  switch (kind)
    {
    case LODGE_USB_KIND_CAMERA:
      return _("Camera");

    case LODGE_USB_KIND_STORAGE:
      return _("Storage");

    case LODGE_USB_KIND_AUDIO:
      return _("Sound device");

    case LODGE_USB_KIND_PHONE:
      return _("Phone");

    case LODGE_USB_KIND_PRINTER:
      return _("Printer");

    case LODGE_USB_KIND_SECURITY_KEY:
      return _("Security key");

    case LODGE_USB_KIND_INPUT:
      return _("Keyboard or mouse");

    case LODGE_USB_KIND_HUB:
      return _("Hub");

    case LODGE_USB_KIND_NETWORK:
      return _("Network device");

    case LODGE_USB_KIND_SERIAL:
      return _("Serial port");

    case LODGE_USB_KIND_OTHER:
    default:
      return _("USB device");
    }
}

const char *
lodge_usb_words_any (LodgeUsbKind kind)
{
  switch (kind)
    {
    case LODGE_USB_KIND_CAMERA:
      return _("Any camera");

    case LODGE_USB_KIND_STORAGE:
      return _("Any storage");

    case LODGE_USB_KIND_AUDIO:
      return _("Any sound device");

    case LODGE_USB_KIND_PHONE:
      return _("Any phone");

    case LODGE_USB_KIND_PRINTER:
      return _("Any printer");

    case LODGE_USB_KIND_SECURITY_KEY:
      return _("Any security key");

    case LODGE_USB_KIND_NETWORK:
      return _("Any network device");

    case LODGE_USB_KIND_SERIAL:
      return _("Any serial port");

    case LODGE_USB_KIND_INPUT:
    case LODGE_USB_KIND_HUB:
    case LODGE_USB_KIND_OTHER:
    default:
      return _("Any USB device");
    }
}

const char *
lodge_usb_words_kind_icon (LodgeUsbKind kind)
{
  switch (kind)
    {
    case LODGE_USB_KIND_CAMERA:
      return "camera-web-symbolic";

    case LODGE_USB_KIND_STORAGE:
      return "drive-removable-media-symbolic";

    case LODGE_USB_KIND_AUDIO:
      return "audio-headphones-symbolic";

    case LODGE_USB_KIND_PHONE:
      return "phone-symbolic";

    case LODGE_USB_KIND_PRINTER:
      return "printer-symbolic";

    case LODGE_USB_KIND_SECURITY_KEY:
      return "dialog-password-symbolic";

    case LODGE_USB_KIND_INPUT:
      return "input-keyboard-symbolic";

    case LODGE_USB_KIND_NETWORK:
      return "network-wired-symbolic";

    case LODGE_USB_KIND_SERIAL:
      return "utilities-terminal-symbolic";

    case LODGE_USB_KIND_HUB:
    case LODGE_USB_KIND_OTHER:
    default:
      return "media-removable-symbolic";
    }
}

const char *
lodge_usb_words_verdict (LodgeUsbVerdict verdict)
{
  switch (verdict)
    {
    case LODGE_USB_VERDICT_ALWAYS:
      return _("Always give to this guest");

    case LODGE_USB_VERDICT_ASK:
      return _("Ask when plugged in");

    case LODGE_USB_VERDICT_NEVER:
      return _("Never");

    case LODGE_USB_VERDICT_NONE:
    default:
      return _("No rule");
    }
}

/**
 * lodge_usb_words_dup_device:
 *
 * Returns: (transfer full): what @device is called, plain text, never empty
 */
char *
lodge_usb_words_dup_device (LodgeUsbDevice *device)
{
  const char *name = lodge_usb_device_get_name (device);

  if (name != NULL && *name != '\0')
    return g_strdup (name);

  return g_strdup_printf ("%s (%04x:%04x)", lodge_usb_words_kind (lodge_usb_device_get_kind (device)),
                          lodge_usb_device_get_vendor (device), lodge_usb_device_get_product (device));
}

/**
 * lodge_usb_words_dup_place:
 * @plug: a device
 * @seen_from: the guest whose panel says so
 *
 * Returns: (transfer full): where the device is, plain text
 */
char *
lodge_usb_words_dup_place (LodgeUsbPlug *plug,
                           LodgeMachine *seen_from)
{
  LodgeMachine *machine = lodge_usb_plug_get_machine (plug);
  gboolean here = machine == seen_from;
  g_autofree char *name = machine != NULL ? lodge_words_dup_machine_title (machine) : NULL;

  switch (lodge_usb_plug_get_state (plug))
    {
    case LODGE_USB_PLUG_GIVING:
      return here ? g_strdup (_("On its way to this guest…"))
                  : g_strdup_printf (_("On its way to “%s”…"), name);

    case LODGE_USB_PLUG_TAKING:
      return here ? g_strdup (_("On its way back from this guest…"))
                  : g_strdup_printf (_("On its way back from “%s”…"), name);

    case LODGE_USB_PLUG_GIVEN:
      if (lodge_usb_plug_is_foreign (plug))
        return here ? g_strdup (_("In this guest, given by another program"))
                    : g_strdup_printf (_("In “%s”, given by another program"), name);

      return here ? g_strdup (_("In this guest"))
                  : g_strdup_printf (_("In “%s”"), name);

    case LODGE_USB_PLUG_HERE:
    default:
      return g_strdup (_("On this computer"));
    }
}

/**
 * lodge_usb_words_dup_error:
 * @error: why a device did not go where it should
 * @device: the device
 *
 * Returns: (transfer full): cause and remedy, plain text
 */
char *
lodge_usb_words_dup_error (const GError   *error,
                           LodgeUsbDevice *device)
{
  switch (error->domain == LODGE_ERROR ? error->code : LODGE_ERROR_FAILED)
    {
    case LODGE_ERROR_DENIED:
      return g_strdup_printf (_("The guest’s user may not open %s. Show the guest’s screen, so that the device "
                                "can be sent through it, or allow it: the device’s details say how."),
                              lodge_usb_device_get_node (device));

    case LODGE_ERROR_NO_USB_PORT:
      return g_strdup (_("The guest has no free USB port. Take another device back, or prepare the guest "
                         "for USB and restart it."));

    case LODGE_ERROR_DEVICE_IN_USE:
      return g_strdup (_("The device is in use: this computer or another guest has it. Unmount or close it "
                         "there first."));

    case LODGE_ERROR_GONE:
      return g_strdup (_("The device was unplugged on the way. Plug it in again."));

    case LODGE_ERROR_UNSUPPORTED:
      return g_strdup (_("There is no way to the guest for it at this time. A guest of another host, or a device "
                         "that you may not open, needs the guest’s screen: show it, prepare the guest for USB, "
                         "and allow it when the system asks."));

    case LODGE_ERROR_DISCONNECTED:
    case LODGE_ERROR_UNREACHABLE:
      return g_strdup (_("The connection to the host was lost. The device is given when it is back."));

    case LODGE_ERROR_NOT_RELEASED:
      return g_strdup (_("The guest does not let go of the device. Eject or close it in the guest, then try "
                         "again; shutting the guest down gives it back, too."));

    case LODGE_ERROR_TIMED_OUT:
      return g_strdup (_("The guest did not answer in time. Wait until it has started, then try again."));

    default:
      return g_strdup (_("It was refused for a reason that Lodge does not know. Unplug the device and plug it in "
                         "again; if that does not help, restart the guest. The device’s details have the words "
                         "of the system."));
    }
}

/**
 * lodge_usb_words_dup_not_given:
 * @plug: a device
 * @machine: the guest that should have it, and has not
 *
 * Returns: (transfer full): that, plain text
 */
char *
lodge_usb_words_dup_not_given (LodgeUsbPlug *plug,
                               LodgeMachine *machine)
{
  g_autofree char *name = lodge_usb_words_dup_device (lodge_usb_plug_get_device (plug));
  g_autofree char *title = lodge_words_dup_machine_title (machine);

  return g_strdup_printf (_("%s could not be given to “%s”"), name, title);
}

/**
 * lodge_usb_words_dup_obstacle:
 * @broker: the broker
 * @plug: a device
 * @machine: a guest
 *
 * Returns: (transfer full) (nullable): what stands in the way of giving the device to the guest, if
 *   anything does, so that there is no need to try
 */
char *
lodge_usb_words_dup_obstacle (LodgeUsbBroker *broker,
                              LodgeUsbPlug   *plug,
                              LodgeMachine   *machine)
{
  LodgeUsbSafetyVerdict safety = lodge_usb_plug_get_safety (plug);
  g_autoptr(GError) error = NULL;

  if (safety == LODGE_USB_SAFETY_SYSTEM)
    return g_strdup (_("This computer’s own system is on it. It cannot be given away."));
  if (safety == LODGE_USB_SAFETY_GUEST_DISC)
    return g_strdup (_("A guest’s disc is on it. It cannot be given away while that guest knows it."));

  if (lodge_usb_plug_get_machine (plug) != machine && lodge_machine_is_active (machine) &&
      lodge_usb_broker_find_route (broker, plug, machine, &error) == NULL)
    return lodge_usb_words_dup_error (error, lodge_usb_plug_get_device (plug));

  return NULL;
}

/**
 * lodge_usb_words_dup_problem:
 * @title: (transfer full): what did not work
 * @error: why
 * @plug: the device that it is about
 *
 * Returns: (transfer full): the same with its cause and what to do about it
 */
LodgeProblem *
lodge_usb_words_dup_problem (char         *title,
                             const GError *error,
                             LodgeUsbPlug *plug)
{
  LodgeProblem *problem = g_new0 (LodgeProblem, 1);

  problem->title = title;
  problem->text = lodge_usb_words_dup_error (error, lodge_usb_plug_get_device (plug));
  problem->details = g_utf8_make_valid (error->message, -1);

  return problem;
}

/* In the middle of a sentence. */
static char *
dup_reason (const LodgeUsbWay *way)
{
  const GError *error = way->obstacle;

  if (g_error_matches (error, LODGE_ERROR, LODGE_ERROR_DENIED))
    return g_strdup (_("you have no right to open the device"));
  if (g_error_matches (error, LODGE_ERROR, LODGE_ERROR_NO_USB_PORT))
    return g_strdup (lodge_usb_route_get_kind (way->route) == LODGE_USB_ROUTE_HOSTDEV
                     ? _("the guest has no USB controller")
                     : _("the guest has no USB redirection that is not in use"));
  if (g_error_matches (error, LODGE_ERROR, LODGE_ERROR_GONE))
    return g_strdup (_("the device is not to be seen there"));
  if (g_error_matches (error, LODGE_ERROR, LODGE_ERROR_DISCONNECTED))
    return g_strdup (_("there is no connection to the guest’s screen"));
  if (!g_error_matches (error, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED))
    return g_strdup_printf (_("it was refused (%s)"), error->message);

  return g_strdup (lodge_usb_route_get_kind (way->route) == LODGE_USB_ROUTE_HOSTDEV
                   ? _("the guest does not run in QEMU on this computer")
                   : _("the guest’s screen is not shown"));
}

/**
 * lodge_usb_words_dup_way:
 * @broker: the broker
 * @plug: a device
 * @machine: the guest in whose panel it is shown
 *
 * Returns: (transfer full): the way by which a guest has it, or by which @machine would get it, and
 *   why none that comes before it
 */
char *
lodge_usb_words_dup_way (LodgeUsbBroker *broker,
                         LodgeUsbPlug   *plug,
                         LodgeMachine   *machine)
{
  LodgeUsbRoute *taken = lodge_usb_plug_get_way (plug);
  g_autoptr(GPtrArray) ways = lodge_usb_broker_dup_ways (broker, plug, machine);
  g_autoptr(GString) obstacles = g_string_new (NULL);
  const char *title = taken != NULL ? lodge_usb_route_get_title (taken) : NULL;

  if (taken != NULL && lodge_usb_plug_get_machine (plug) != machine)
    return g_strdup (title);

  for (guint i = 0; i < ways->len; i++)
    {
      const LodgeUsbWay *way = g_ptr_array_index (ways, i);
      g_autofree char *reason = NULL;

      if (way->route == taken)
        break;

      if (way->obstacle == NULL)
        {
          title = taken != NULL ? title : lodge_usb_route_get_title (way->route);
          break;
        }

      reason = dup_reason (way);
      g_string_append_c (obstacles, '\n');
      /* Translators: a way into the guest that cannot be gone, and why. */
      g_string_append_printf (obstacles, _("Not “%s”: %s"), lodge_usb_route_get_title (way->route), reason);
    }

  return g_strconcat (title != NULL ? title : _("None at this time"), obstacles->str, NULL);
}

/**
 * lodge_usb_words_dup_contenders:
 * @plug: a device
 * @seen_from: (nullable): the guest whose panel says so
 *
 * Returns: (transfer full) (nullable): which guests want it besides the one that has it
 */
char *
lodge_usb_words_dup_contenders (LodgeUsbPlug *plug,
                                LodgeMachine *seen_from)
{
  LodgeMachine * const *contenders = lodge_usb_plug_get_contenders (plug);
  g_autoptr(GString) names = g_string_new (NULL);
  gboolean is_seen_from = FALSE;

  for (guint i = 0; contenders != NULL && contenders[i] != NULL; i++)
    {
      g_autofree char *title = lodge_words_dup_machine_title (contenders[i]);

      if (contenders[i] == seen_from)
        is_seen_from = TRUE;
      else
        g_string_append_printf (names, names->len > 0 ? _(", “%s”") : _("“%s”"), title);
    }

  if (is_seen_from)
    return g_strdup (_("This guest wants it, too. Of guests that want a device, the one gets it whose window was "
                       "last in front."));

  return names->len > 0 ? g_strdup_printf (_("Wanted by a rule of %s, too."), names->str) : NULL;
}

/**
 * lodge_usb_words_dup_mounts:
 * @plug: a device whose #LodgeUsbPlug:safety says that it is mounted
 *
 * Returns: (transfer full): where this computer has it mounted, plain text
 */
char *
lodge_usb_words_dup_mounts (LodgeUsbPlug *plug)
{
  const LodgeUsbSafety *usage = lodge_usb_plug_get_usage (plug);
  g_autofree char *paths = g_strjoinv ("\n", usage->mount_points);
  /* Paths may be anything. */
  g_autofree char *shown = g_utf8_make_valid (paths, -1);

  return g_strdup_printf (_("This computer has it mounted here, and programs may be writing to it:\n%s"), shown);
}

/**
 * lodge_usb_words_dup_custody:
 *
 * Returns: (transfer full) (nullable): who holds @plug though this computer should have it; null if
 *   all is as it should be
 */
char *
lodge_usb_words_dup_custody (LodgeUsbPlug *plug)
{
  const LodgeUsbCustody *custody = lodge_usb_plug_get_custody (plug);

  if (custody == NULL)
    return NULL;

  if (custody->program != NULL)
    return g_strdup_printf (_("The program “%s” (process %u) holds it. Close it, or unplug the device and plug "
                              "it in again."), custody->program, custody->pid);

  if (custody->is_held)
    return g_strdup (_("A program of another user holds it. Unplug the device and plug it in again."));

  return g_strdup (_("No driver of this computer has taken it up again. Unplug the device and plug it in "
                     "again."));
}

/**
 * lodge_usb_words_dup_access:
 * @device: a device
 * @command: (out): a command for a shell that gives the right
 *
 * Returns: (transfer full) (nullable): what would give this user the right to open @device; null if the
 *   user has it, or if it cannot be given
 */
char *
lodge_usb_words_dup_access (LodgeUsbDevice  *device,
                            char           **command)
{
  g_autoptr(LodgeUsbAccess) access = lodge_usb_access_new (device);
  g_autofree char *rule = lodge_usb_access_dup_rule (device);
  g_autofree char *text = NULL;

  *command = NULL;
  if (access->is_open || access->is_sandboxed)
    return NULL;

  *command = g_strdup_printf ("echo '%s' | sudo tee -a %s && sudo udevadm control --reload && "
                              "sudo udevadm trigger --attr-match=idVendor=%04x --attr-match=idProduct=%04x",
                              rule, LODGE_USB_ACCESS_RULE_FILE, lodge_usb_device_get_vendor (device),
                              lodge_usb_device_get_product (device));
  text = g_strdup_printf (_("By this rule in %s whoever sits at this computer may use such devices:\n%s"),
                          LODGE_USB_ACCESS_RULE_FILE, rule);

  if (access->group != NULL)
    return g_strdup_printf (_("Members of the group “%s” may open it already. %s"), access->group, text);

  return g_steal_pointer (&text);
}

/**
 * lodge_usb_words_dup_rule:
 *
 * Returns: (transfer full): what @rule is about, plain text
 */
char *
lodge_usb_words_dup_rule (LodgeUsbRule *rule)
{
  const char *name = lodge_usb_rule_get_name (rule);

  if (lodge_usb_rule_is_for_kind (rule))
    return g_strdup (lodge_usb_words_any (lodge_usb_rule_get_kind (rule)));

  if (name != NULL && *name != '\0')
    return g_strdup (name);

  return g_strdup_printf ("%04x:%04x", lodge_usb_rule_get_vendor (rule), lodge_usb_rule_get_product (rule));
}
