/* lodge-console.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-console-usb-route.h"
#include "lodge-console.h"
#include "lodge-error.h"
#include "lodge-framebuffer.h"
#include "lodge-graphics-address.h"
#include "lodge-host.h"
#include "lodge-panels-enums.h"
#include "lodge-picture-store.h"
#include "lodge-settings.h"

/* The first picture is kept soon, so that the sidebar shows the guest that was just started; one
 * that goes on changing, once in so many seconds.
 */
#define FIRST_PICTURE_SECONDS 2
#define PICTURE_SECONDS 30

/* The screen goes a moment before the event that the machine has stopped; only what lasts longer
 * is a lost connection.
 */
#define LOST_MS 700

/**
 * LodgeConsole:
 *
 * A machine and the session with its screen.
 */

struct _LodgeConsole
{
  GObject               parent_instance;

  LodgeMachine         *machine;
  LodgeDisplaySession  *session;
  GListModel           *screens;
  GSignalGroup         *screen_signals;
  GSignalGroup         *framebuffer_signals;
  /* Why there is no way to the screen at all; what broke on the way is the session's */
  GError               *error;
  LodgeConsoleState     state;
  guint                 picture_timeout;
  guint                 lost_timeout;
  guint                 lost_for_long : 1;
  guint                 picture_changed : 1;
  guint                 picture_kept : 1;
};

enum {
  PROP_0,
  PROP_MACHINE,
  PROP_SESSION,
  PROP_SHARE_CLIPBOARD,
  PROP_STATE,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LodgeConsole, lodge_console, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void update (LodgeConsole *self);

static void
picture_saved_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  /* A cache that cannot be written costs the thumbnail and nothing else. */
  if (!lodge_picture_store_save_finish (LODGE_PICTURE_STORE (object), result, &error))
    g_info ("last picture not kept: %s", error->message);
}

static void
save_picture (LodgeConsole *self)
{
  LodgeScreen *screen = lodge_console_get_first_screen (self);
  g_autoptr(GdkTexture) texture = NULL;

  g_clear_handle_id (&self->picture_timeout, g_source_remove);

  if (!self->picture_changed || screen == NULL)
    return;

  self->picture_changed = FALSE;
  self->picture_kept = TRUE;

  if ((texture = lodge_screen_dup_texture (screen)) != NULL)
    lodge_picture_store_save_async (lodge_picture_store_get_default (),
                                    lodge_machine_get_id (self->machine), texture, NULL,
                                    picture_saved_cb, NULL);
}

static gboolean
picture_timeout_cb (gpointer user_data)
{
  LodgeConsole *self = user_data;

  self->picture_timeout = 0;
  save_picture (self);

  return G_SOURCE_REMOVE;
}

static void
damaged_cb (LodgeConsole *self)
{
  self->picture_changed = TRUE;

  if (self->picture_timeout == 0)
    self->picture_timeout = g_timeout_add_seconds (self->picture_kept ? PICTURE_SECONDS
                                                                      : FIRST_PICTURE_SECONDS,
                                                   picture_timeout_cb, self);
}

static void
framebuffer_changed_cb (LodgeConsole *self)
{
  LodgeScreen *screen = lodge_console_get_first_screen (self);

  g_assert (LODGE_IS_CONSOLE (self));

  g_signal_group_set_target (self->framebuffer_signals,
                             screen != NULL ? lodge_screen_get_framebuffer (screen) : NULL);
  update (self);
}

static void
screens_changed_cb (LodgeConsole *self)
{
  g_assert (LODGE_IS_CONSOLE (self));

  g_signal_group_set_target (self->screen_signals, lodge_console_get_first_screen (self));
  framebuffer_changed_cb (self);
}

static gboolean
lost_timeout_cb (gpointer user_data)
{
  LodgeConsole *self = user_data;

  self->lost_timeout = 0;
  self->lost_for_long = TRUE;
  update (self);

  return G_SOURCE_REMOVE;
}

static gboolean
is_lost (LodgeConsole *self)
{
  if (lodge_display_session_get_state (self->session) != LODGE_SESSION_STATE_LOST)
    {
      g_clear_handle_id (&self->lost_timeout, g_source_remove);
      self->lost_for_long = FALSE;
    }
  else if (!self->lost_for_long && self->lost_timeout == 0)
    {
      self->lost_timeout = g_timeout_add (LOST_MS, lost_timeout_cb, self);
    }

  return self->lost_for_long;
}

static LodgeConsoleState
find_running_state (LodgeConsole *self)
{
  LodgeScreen *screen = lodge_console_get_first_screen (self);

  if (is_lost (self) || self->error != NULL)
    return LODGE_CONSOLE_STATE_LOST;

  switch (lodge_display_session_get_state (self->session))
    {
    case LODGE_SESSION_STATE_PASSWORD:
      return LODGE_CONSOLE_STATE_PASSWORD;

    case LODGE_SESSION_STATE_CONNECTED:
      return screen != NULL && lodge_screen_get_ready (screen) ?
             LODGE_CONSOLE_STATE_SHOWN : LODGE_CONSOLE_STATE_CONNECTING;

    case LODGE_SESSION_STATE_LOST:
      /* Not for long yet: what was shown stays. */
      return self->state == LODGE_CONSOLE_STATE_SHOWN ?
             LODGE_CONSOLE_STATE_SHOWN : LODGE_CONSOLE_STATE_CONNECTING;

    case LODGE_SESSION_STATE_IDLE:
    case LODGE_SESSION_STATE_CONNECTING:
    default:
      return LODGE_CONSOLE_STATE_CONNECTING;
    }
}

static LodgeConsoleState
find_state (LodgeConsole *self)
{
  if (!lodge_machine_is_active (self->machine))
    return lodge_machine_get_pending (self->machine) == LODGE_ACTION_START ?
           LODGE_CONSOLE_STATE_STARTING : LODGE_CONSOLE_STATE_OFF;

  if (lodge_machine_get_graphics (self->machine) != LODGE_GRAPHICS_SPICE)
    return LODGE_CONSOLE_STATE_NO_SCREEN;

  return find_running_state (self);
}

static void
update_sharing (LodgeConsole *self)
{
  GSettings *settings = lodge_settings_get ();

  g_object_set (self->session,
                "share-clipboard", g_settings_get_boolean (settings, "share-clipboard") &&
                                   lodge_console_get_share_clipboard (self),
                NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHARE_CLIPBOARD]);
}

static void
connect_session (LodgeConsole *self)
{
  g_autoptr(LodgeGraphicsAddress) address = lodge_machine_dup_graphics_address (self->machine);
  LodgeHost *host = lodge_machine_get_host (self->machine);

  /* The address comes with the same facts as the state; without one there is nothing to open yet. */
  if (address == NULL || address->type != LODGE_GRAPHICS_SPICE)
    return;

  g_clear_error (&self->error);

  if (!address->lends_sockets && address->host == NULL)
    {
      self->error = g_error_new_literal (LODGE_ERROR, LODGE_ERROR_UNSUPPORTED,
                                         "the screen listens on no address, and the host lends no socket");
      return;
    }

  g_object_set (self->session,
                "enable-audio", g_settings_get_boolean (lodge_settings_get (), "enable-sound"),
                "enable-usbredir", TRUE,
                "transport-local", host == NULL || lodge_host_get_local (host),
                NULL);
  update_sharing (self);
  lodge_display_session_set_gdk_display (self->session, gdk_display_get_default ());

  if (address->lends_sockets)
    lodge_display_session_open_with_fds (self->session, G_OBJECT (self->machine),
                                         (LodgeOpenFdFunc)lodge_machine_open_graphics_fd_async,
                                         (LodgeOpenFdFinishFunc)lodge_machine_open_graphics_fd_finish);
  else
    lodge_display_session_open_address (self->session, address->host, address->port, address->tls_port,
                                        NULL, NULL);
}

/* While the guest comes up nobody waits for us. */
static void
prepare_session (LodgeConsole *self)
{
  g_object_set (self->session,
                "enable-audio", g_settings_get_boolean (lodge_settings_get (), "enable-sound"),
                NULL);
  lodge_display_session_prepare (self->session);
}

static void
update (LodgeConsole *self)
{
  gboolean wanted;
  LodgeConsoleState state;

  g_assert (LODGE_IS_CONSOLE (self));

  wanted = lodge_machine_is_active (self->machine) &&
           lodge_machine_get_graphics (self->machine) == LODGE_GRAPHICS_SPICE;

  if (!wanted)
    g_clear_error (&self->error);

  if (wanted && self->error == NULL &&
      lodge_display_session_get_state (self->session) == LODGE_SESSION_STATE_IDLE)
    {
      connect_session (self);
    }
  else if (!wanted && lodge_display_session_get_state (self->session) != LODGE_SESSION_STATE_IDLE)
    {
      save_picture (self);
      lodge_display_session_close (self->session);
    }

  state = find_state (self);

  if (state == LODGE_CONSOLE_STATE_STARTING && self->state != state)
    prepare_session (self);

  if (state == LODGE_CONSOLE_STATE_LOST)
    save_picture (self);

  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
lodge_console_dispose (GObject *object)
{
  LodgeConsole *self = (LodgeConsole *)object;

  if (self->session != NULL)
    {
      _lodge_console_usb_route_remove_console (self);
      save_picture (self);
      lodge_display_session_set_gdk_display (self->session, NULL);
      g_signal_handlers_disconnect_by_data (self->session, self);
      g_signal_handlers_disconnect_by_data (self->screens, self);
      lodge_display_session_close (self->session);
    }

  if (self->machine != NULL)
    g_object_set_data (G_OBJECT (self->machine), "lodge-console", NULL);

  g_clear_handle_id (&self->picture_timeout, g_source_remove);
  g_clear_handle_id (&self->lost_timeout, g_source_remove);
  g_clear_object (&self->framebuffer_signals);
  g_clear_object (&self->screen_signals);
  g_clear_object (&self->screens);
  g_clear_object (&self->session);
  g_clear_object (&self->machine);

  G_OBJECT_CLASS (lodge_console_parent_class)->dispose (object);
}

static void
lodge_console_finalize (GObject *object)
{
  LodgeConsole *self = (LodgeConsole *)object;

  g_clear_error (&self->error);

  G_OBJECT_CLASS (lodge_console_parent_class)->finalize (object);
}

/* The host was away, and its guests' screens with it: what its loss broke is mended with its return,
 * once. What somebody else took is left to the user.
 */
static void
reachable_cb (LodgeConsole *self)
{
  g_assert (LODGE_IS_CONSOLE (self));

  if (lodge_machine_is_reachable (self->machine) &&
      !g_error_matches (lodge_console_get_error (self), LODGE_SESSION_ERROR, LODGE_SESSION_ERROR_TAKEN_OVER))
    lodge_console_reconnect (self);
}

static void
lodge_console_constructed (GObject *object)
{
  LodgeConsole *self = (LodgeConsole *)object;

  G_OBJECT_CLASS (lodge_console_parent_class)->constructed (object);

  g_signal_connect_object (self->machine, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->machine, "notify::pending", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->machine, "notify::reachable", G_CALLBACK (reachable_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->machine, "notify::graphics", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_object_set_data (G_OBJECT (self->machine), "lodge-console", self);
  _lodge_console_usb_route_add_console (self);
  update (self);
}

static void
lodge_console_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  LodgeConsole *self = LODGE_CONSOLE (object);

  switch (prop_id)
    {
    case PROP_MACHINE:
      g_value_set_object (value, self->machine);
      break;

    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;

    case PROP_SHARE_CLIPBOARD:
      g_value_set_boolean (value, lodge_console_get_share_clipboard (self));
      break;

    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_console_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  LodgeConsole *self = LODGE_CONSOLE (object);

  switch (prop_id)
    {
    case PROP_MACHINE:
      self->machine = g_value_dup_object (value);
      break;

    case PROP_SHARE_CLIPBOARD:
      lodge_console_set_share_clipboard (self, g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_console_class_init (LodgeConsoleClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = lodge_console_constructed;
  object_class->dispose = lodge_console_dispose;
  object_class->finalize = lodge_console_finalize;
  object_class->get_property = lodge_console_get_property;
  object_class->set_property = lodge_console_set_property;

  properties[PROP_MACHINE] =
    g_param_spec_object ("machine", NULL, NULL,
                         LODGE_TYPE_MACHINE,
                         (G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS));

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL,
                         LODGE_TYPE_DISPLAY_SESSION,
                         (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  properties[PROP_SHARE_CLIPBOARD] =
    g_param_spec_boolean ("share-clipboard", NULL, NULL,
                          TRUE,
                          (G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));

  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL,
                       LODGE_TYPE_CONSOLE_STATE,
                       LODGE_CONSOLE_STATE_OFF,
                       (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
lodge_console_init (LodgeConsole *self)
{
  self->session = lodge_display_session_new ();
  self->screens = g_object_ref (lodge_display_session_list_screens (self->session));

  self->framebuffer_signals = g_signal_group_new (LODGE_TYPE_FRAMEBUFFER);
  g_signal_group_connect_swapped (self->framebuffer_signals, "damaged", G_CALLBACK (damaged_cb), self);

  self->screen_signals = g_signal_group_new (LODGE_TYPE_SCREEN);
  g_signal_group_connect_swapped (self->screen_signals, "notify::ready", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->screen_signals, "notify::framebuffer",
                                  G_CALLBACK (framebuffer_changed_cb), self);

  g_signal_connect_object (self->screens, "items-changed", G_CALLBACK (screens_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (lodge_settings_get (), "changed::share-clipboard", G_CALLBACK (update_sharing),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (lodge_settings_get (), "changed::clipboard-off", G_CALLBACK (update_sharing),
                           self, G_CONNECT_SWAPPED);
}

/**
 * lodge_console_for_machine:
 *
 * Returns: (transfer full): the console of @machine, the same one for all who ask while one holds it
 */
LodgeConsole *
lodge_console_for_machine (LodgeMachine *machine)
{
  LodgeConsole *console;

  g_return_val_if_fail (LODGE_IS_MACHINE (machine), NULL);

  console = g_object_get_data (G_OBJECT (machine), "lodge-console");

  if (console != NULL)
    return g_object_ref (console);

  return g_object_new (LODGE_TYPE_CONSOLE, "machine", machine, NULL);
}

LodgeMachine *
lodge_console_get_machine (LodgeConsole *self)
{
  g_return_val_if_fail (LODGE_IS_CONSOLE (self), NULL);

  return self->machine;
}

LodgeDisplaySession *
lodge_console_get_session (LodgeConsole *self)
{
  g_return_val_if_fail (LODGE_IS_CONSOLE (self), NULL);

  return self->session;
}

LodgeConsoleState
lodge_console_get_state (LodgeConsole *self)
{
  g_return_val_if_fail (LODGE_IS_CONSOLE (self), LODGE_CONSOLE_STATE_OFF);

  return self->state;
}

/**
 * lodge_console_get_error:
 *
 * Returns: (transfer none) (nullable): why the way to the screen broke, or that there is none
 */
const GError *
lodge_console_get_error (LodgeConsole *self)
{
  g_return_val_if_fail (LODGE_IS_CONSOLE (self), NULL);

  return self->error != NULL ? self->error : lodge_display_session_get_error (self->session);
}

/**
 * lodge_console_get_first_screen:
 *
 * Returns: (transfer none) (nullable): the screen that the window shows
 */
LodgeScreen *
lodge_console_get_first_screen (LodgeConsole *self)
{
  g_autoptr(LodgeScreen) screen = NULL;

  g_return_val_if_fail (LODGE_IS_CONSOLE (self), NULL);

  /* The list keeps it. */
  screen = g_list_model_get_item (self->screens, 0);

  return screen;
}

gboolean
lodge_console_get_share_clipboard (LodgeConsole *self)
{
  g_auto(GStrv) off = NULL;

  g_return_val_if_fail (LODGE_IS_CONSOLE (self), FALSE);

  off = g_settings_get_strv (lodge_settings_get (), "clipboard-off");

  return !g_strv_contains ((const char * const *)off, lodge_machine_get_id (self->machine));
}

/**
 * lodge_console_set_share_clipboard:
 *
 * Lets this machine take part in the clipboard, or not. Remembered for the machine.
 */
void
lodge_console_set_share_clipboard (LodgeConsole *self,
                                   gboolean      share_clipboard)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) off = NULL;
  g_auto(GStrv) result = NULL;
  const char *id;

  g_return_if_fail (LODGE_IS_CONSOLE (self));

  if (lodge_console_get_share_clipboard (self) == !!share_clipboard)
    return;

  id = lodge_machine_get_id (self->machine);
  off = g_settings_get_strv (lodge_settings_get (), "clipboard-off");

  for (guint i = 0; off[i] != NULL; i++)
    if (!g_str_equal (off[i], id))
      g_strv_builder_add (builder, off[i]);

  if (!share_clipboard)
    g_strv_builder_add (builder, id);

  /* Everyone who shows the machine follows the setting. */
  result = g_strv_builder_end (builder);
  g_settings_set_strv (lodge_settings_get (), "clipboard-off", (const char * const *)result);
}

/**
 * lodge_console_reconnect:
 *
 * Opens the way to the screen again after it broke.
 */
void
lodge_console_reconnect (LodgeConsole *self)
{
  g_return_if_fail (LODGE_IS_CONSOLE (self));

  if (self->state == LODGE_CONSOLE_STATE_LOST)
    connect_session (self);

  update (self);
}
