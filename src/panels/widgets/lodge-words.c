/* lodge-words.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-words.h"

static const char *
pending_words (LodgeAction pending)
{
  switch (pending)
    {
    case LODGE_ACTION_START:
      return _("Starting…");

    case LODGE_ACTION_PAUSE:
      return _("Pausing…");

    case LODGE_ACTION_RESUME:
      return _("Resuming…");

    case LODGE_ACTION_SAVE:
      return _("Saving to disc…");

    case LODGE_ACTION_DISCARD_SAVED:
      return _("Discarding the saved state…");

    case LODGE_ACTION_SHUT_DOWN:
      return _("Shutting down…");

    case LODGE_ACTION_RESTART:
      return _("Restarting…");

    case LODGE_ACTION_FORCE_OFF:
      return _("Forcing off…");

    case LODGE_ACTION_NONE:
    default:
      return NULL;
    }
}

/**
 * lodge_words_machine_state:
 * @state: what events say
 * @pending: what was asked and is not done
 *
 * Returns: the state in words
 */
const char *
lodge_words_machine_state (LodgeState  state,
                           LodgeAction pending)
{
  if (pending != LODGE_ACTION_NONE)
    return pending_words (pending);

  switch (state)
    {
    case LODGE_STATE_SAVED:
      return _("Saved");

    case LODGE_STATE_CRASHED:
      return _("Crashed");

    case LODGE_STATE_RUNNING:
      return _("Running");

    case LODGE_STATE_PAUSED:
      return _("Paused");

    case LODGE_STATE_ASLEEP:
      return _("Asleep");

    case LODGE_STATE_SHUTTING_DOWN:
      return _("Shutting down…");

    case LODGE_STATE_OFF:
    default:
      return _("Off");
    }
}

const char *
lodge_words_machine_state_icon (LodgeState state)
{
  switch (state)
    {
    case LODGE_STATE_SAVED:
      return "document-save-symbolic";

    case LODGE_STATE_CRASHED:
      return "dialog-error-symbolic";

    case LODGE_STATE_RUNNING:
      return "media-playback-start-symbolic";

    case LODGE_STATE_PAUSED:
      return "media-playback-pause-symbolic";

    case LODGE_STATE_ASLEEP:
      return "weather-clear-night-symbolic";

    case LODGE_STATE_SHUTTING_DOWN:
    case LODGE_STATE_OFF:
    default:
      return "system-shutdown-symbolic";
    }
}

/**
 * lodge_words_dup_machine_title:
 *
 * Returns: (transfer full): what people call the machine, valid UTF-8 on one line
 */
char *
lodge_words_dup_machine_title (LodgeMachine *machine)
{
  const char *title = lodge_machine_get_title (machine);
  char *valid;

  if (title == NULL || *title == '\0')
    title = lodge_machine_get_name (machine);

  valid = g_utf8_make_valid (title != NULL ? title : "", -1);

  return g_strdelimit (valid, "\n\r\t", ' ');
}

/**
 * lodge_words_dup_host_name:
 *
 * Returns: (transfer full): what people call the host
 */
char *
lodge_words_dup_host_name (LodgeHost *host)
{
  const char *uri = lodge_host_get_uri (host);
  const char *name = lodge_host_get_name (host);

  if (g_str_equal (uri, "qemu:///session"))
    return g_strdup (_("This Computer"));

  if (g_str_equal (uri, "qemu:///system"))
    return g_strdup (_("This Computer (System)"));

  if (g_str_equal (uri, "lxc:///system") || g_str_equal (uri, "lxc:///"))
    return g_strdup (_("Containers on This Computer"));

  if (g_str_has_prefix (uri, "test:///"))
    return g_strdup (_("Test Host"));

  if (name != NULL && *name != '\0')
    return g_utf8_make_valid (name, -1);

  return g_utf8_make_valid (uri, -1);
}

static char *
lost_words (LodgeHost *host)
{
  gint64 retry_at = lodge_host_get_retry_at (host);
  gint64 left = retry_at - g_get_monotonic_time ();
  int seconds = left > 0 ? (int)((left + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC) : 0;

  if (retry_at == 0 || seconds == 0)
    return g_strdup (_("Not connected, retrying…"));

  return g_strdup_printf (ngettext ("Not connected, retrying in %d second",
                                    "Not connected, retrying in %d seconds", seconds),
                          seconds);
}

/**
 * lodge_words_dup_host_state:
 *
 * Returns: (transfer full): how the connection stands, with the seconds to the next attempt
 */
char *
lodge_words_dup_host_state (LodgeHost *host)
{
  switch (lodge_host_get_state (host))
    {
    case LODGE_HOST_STATE_CONNECTING:
      return g_strdup (_("Connecting…"));

    case LODGE_HOST_STATE_OPEN:
      return g_strdup (_("Connected"));

    case LODGE_HOST_STATE_LOST:
      return lost_words (host);

    case LODGE_HOST_STATE_CLOSED:
    default:
      return g_strdup (_("Not connected"));
    }
}

const char *
lodge_words_host_state_icon (LodgeHost *host)
{
  switch (lodge_host_get_state (host))
    {
    case LODGE_HOST_STATE_LOST:
      return "network-error-symbolic";

    case LODGE_HOST_STATE_CLOSED:
      return "network-offline-symbolic";

    case LODGE_HOST_STATE_CONNECTING:
    case LODGE_HOST_STATE_OPEN:
    default:
      return lodge_host_get_local (host) ? "computer-symbolic" : "network-server-symbolic";
    }
}

static const char *
key_words (const char *key)
{
  static const struct
  {
    const char *key;
    const char *words;
  } names[] = {
    { "Control_L", N_("Ctrl") },
    { "Alt_L",     N_("Alt") },
    { "Shift_L",   N_("Shift") },
    { "Super_L",   N_("Super") },
    { "Control_R", N_("Right Ctrl") },
    { "Alt_R",     N_("Right Alt") },
    { "Shift_R",   N_("Right Shift") },
    { "Super_R",   N_("Right Super") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i].key, key))
      return _(names[i].words);

  return key;
}

/**
 * lodge_words_dup_keys:
 * @keys: key names with + between them, as in the setting release-keys
 *
 * Returns: (transfer full): the keys as they are written on a keyboard
 */
char *
lodge_words_dup_keys (const char *keys)
{
  g_auto(GStrv) names = g_strsplit (keys, "+", -1);
  GString *words = g_string_new (NULL);

  for (guint i = 0; names[i] != NULL; i++)
    g_string_append_printf (words, "%s%s", i > 0 ? "+" : "", key_words (names[i]));

  return g_string_free (words, FALSE);
}
