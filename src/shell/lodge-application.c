/* lodge-application.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>
#include <stdlib.h>

#include "lodge-application-private.h"
#include "lodge-memory-governor.h"
#include "lodge-renderer-policy.h"
#include "lodge-reserves.h"
#include "lodge-settings.h"
#include "lodge-usb-attendant.h"

/**
 * LodgeApplication:
 *
 * The program: one instance a session, its command line, and the actions that a desktop shell or a
 * script can call over D-Bus.
 */

/* How long the end of the program may wait for hosts. */
#define RELEASE_SECONDS 2

struct _LodgeApplication
{
  AdwApplication       parent_instance;

  LodgeHostList       *hosts;
  LodgeUsbAttendant   *usb;
  LodgeMemoryGovernor *governor;
  gboolean             released;   /* the guests that the governor had */
  gboolean             holding;    /* the program, for the governor */
  LodgeReserves       *reserves;
};

G_DEFINE_FINAL_TYPE (LodgeApplication, lodge_application, ADW_TYPE_APPLICATION)

static const GOptionEntry options[] = {
  { "everyday", 0, 0, G_OPTION_ARG_NONE, NULL,
    N_("Start the everyday guest and show it in fullscreen"), NULL },
  { "start", 0, 0, G_OPTION_ARG_STRING, NULL,
    N_("Start a guest and show it"), N_("NAME") },
  { "connect", 0, 0, G_OPTION_ARG_STRING_ARRAY, NULL,
    N_("Connect to a libvirt host (can be given several times)"), N_("URI") },
  { "demo", 0, 0, G_OPTION_ARG_NONE, NULL,
    N_("Create the demo guest and start it"), NULL },
  { "background", 0, 0, G_OPTION_ARG_NONE, NULL,
    N_("Start without a window, to give USB devices to guests"), NULL },
  { "version", 'V', 0, G_OPTION_ARG_NONE, NULL,
    N_("Print the version and exit"), NULL },
  { NULL }
};

static int
lodge_application_handle_local_options (GApplication *app,
                                        GVariantDict *dict)
{
  if (g_variant_dict_contains (dict, "version"))
    {
      g_print ("lodge %s\n", PACKAGE_VERSION);
      return EXIT_SUCCESS;
    }

  return -1;
}

static int
lodge_application_command_line (GApplication            *app,
                                GApplicationCommandLine *command_line)
{
  LodgeApplication *self = LODGE_APPLICATION (app);
  GVariantDict *dict = g_application_command_line_get_options_dict (command_line);
  g_autofree const char **uris = NULL;
  const char *name = NULL;

  if (g_variant_dict_contains (dict, "background"))
    {
      lodge_usb_attendant_stay (self->usb);
      return g_application_command_line_get_exit_status (command_line);
    }

  _lodge_application_present (self);

  g_variant_dict_lookup (dict, "connect", "^a&s", &uris);
  for (guint i = 0; uris != NULL && uris[i] != NULL; i++)
    _lodge_application_connect (self, uris[i], command_line);

  if (g_variant_dict_contains (dict, "demo"))
    _lodge_application_demo (self, command_line);

  if (g_variant_dict_lookup (dict, "start", "&s", &name))
    _lodge_application_open_guest (self, name, TRUE, FALSE, command_line);

  if (g_variant_dict_contains (dict, "everyday"))
    _lodge_application_open_guest (self, NULL, TRUE, TRUE, command_line);

  return g_application_command_line_get_exit_status (command_line);
}

static void
lodge_application_activate (GApplication *app)
{
  _lodge_application_present (LODGE_APPLICATION (app));
}

/* What cannot be done without is said in a sentence, not in a warning of some library. */
static void
check_surroundings (GApplication *app)
{
  /* Screen readers come over the session's bus; without one GTK 4.8 would warn at every turn. */
  if (g_application_get_dbus_connection (app) == NULL)
    g_setenv ("GTK_A11Y", "none", FALSE);

  if (!gtk_init_check ())
    {
      const char *backend = g_getenv ("GDK_BACKEND");

      if (backend != NULL)
        g_printerr (_("Lodge needs a display, and GDK_BACKEND=%s leads to none. Unset it, or set it to wayland "
                      "or x11.\n"), backend);
      else
        g_printerr ("%s\n", _("Lodge needs a display: neither WAYLAND_DISPLAY nor DISPLAY leads to one."));
      exit (EXIT_FAILURE);
    }

  if (lodge_settings_get () == NULL)
    {
      g_printerr (_("The settings schema %s is not installed. Install Lodge completely, or start it from "
                    "its build folder.\n"), APP_ID);
      exit (EXIT_FAILURE);
    }

  if (lodge_settings_forgets ())
    g_printerr ("%s\n", _("There is no place for settings (dconf): what you change is forgotten at the end."));

  if (g_application_get_dbus_connection (app) == NULL)
    g_printerr ("%s\n", _("There is no D-Bus session: Lodge runs, but not as a single instance, and cannot "
                          "be called from outside."));
}

static void
load_style (void)
{
  g_autoptr(GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, APP_PATH "/shell/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

/* Automatic memory goes on while the window is closed, as long as a guest has it. */
static void
update_hold (LodgeApplication *self)
{
  gboolean hold;

  g_assert (LODGE_IS_APPLICATION (self));

  hold = self->governor != NULL && lodge_memory_governor_is_busy (self->governor) &&
    g_settings_get_boolean (lodge_settings_get (), "run-in-background");

  if (hold && !self->holding)
    g_application_hold (G_APPLICATION (self));
  else if (!hold && self->holding)
    g_application_release (G_APPLICATION (self));

  self->holding = hold;
}

static void
lodge_application_startup (GApplication *app)
{
  LodgeApplication *self = LODGE_APPLICATION (app);

  lodge_renderer_policy_prepare ();
  check_surroundings (app);

  G_APPLICATION_CLASS (lodge_application_parent_class)->startup (app);

  lodge_renderer_policy_apply (gdk_display_get_default ());
  gtk_window_set_default_icon_name (APP_ID);
  load_style ();

  self->hosts = lodge_host_list_new (lodge_settings_get ());
  self->usb = lodge_usb_attendant_new (GTK_APPLICATION (self), self->hosts);
  self->governor = lodge_memory_governor_new (G_LIST_MODEL (self->hosts));
  g_signal_connect_object (self->governor, "notify::busy", G_CALLBACK (update_hold), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (lodge_settings_get (), "changed::run-in-background", G_CALLBACK (update_hold),
                           self, G_CONNECT_SWAPPED);
  self->reserves = lodge_reserves_new (self->hosts);
  _lodge_application_add_actions (self);
}

static void
released_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(LodgeApplication) self = user_data;

  self->released = TRUE;
}

static gboolean
release_over_cb (gpointer user_data)
{
  gboolean *over = user_data;

  *over = TRUE;

  return G_SOURCE_REMOVE;
}

/* Guests that were made small get back what they had: nobody will look after them. There is no
 * window any more that could hang, and a daemon that does is not waited for.
 */
static void
release_guests (LodgeApplication *self)
{
  gboolean over = FALSE;
  guint over_id = g_timeout_add_seconds (RELEASE_SECONDS, release_over_cb, &over);

  lodge_memory_governor_release_async (self->governor, NULL, released_cb, g_object_ref (self));

  while (!self->released && !over)
    g_main_context_iteration (NULL, TRUE);

  if (!over)
    g_source_remove (over_id);
}

static void
lodge_application_shutdown (GApplication *app)
{
  LodgeApplication *self = LODGE_APPLICATION (app);

  g_clear_object (&self->usb);
  if (self->governor != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->governor, self);
      g_signal_handlers_disconnect_by_data (lodge_settings_get (), self);
      release_guests (self);
    }
  g_clear_object (&self->governor);
  g_clear_object (&self->reserves);
  g_clear_object (&self->hosts);

  G_APPLICATION_CLASS (lodge_application_parent_class)->shutdown (app);
}

static void
lodge_application_class_init (LodgeApplicationClass *klass)
{
  GApplicationClass *app_class = G_APPLICATION_CLASS (klass);

  app_class->activate = lodge_application_activate;
  app_class->command_line = lodge_application_command_line;
  app_class->handle_local_options = lodge_application_handle_local_options;
  app_class->shutdown = lodge_application_shutdown;
  app_class->startup = lodge_application_startup;
}

static void
lodge_application_init (LodgeApplication *self)
{
  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_parameter_string (G_APPLICATION (self),
                                                     _("— your everyday virtual machine in a window"));
}

LodgeApplication *
lodge_application_new (void)
{
  return g_object_new (LODGE_TYPE_APPLICATION,
                       "application-id", APP_ID,
                       "flags", G_APPLICATION_HANDLES_COMMAND_LINE,
                       "resource-base-path", APP_PATH,
                       NULL);
}

/**
 * lodge_application_get_hosts:
 *
 * Returns: (transfer none) (nullable): the hosts, from startup to shutdown
 */
LodgeHostList *
lodge_application_get_hosts (LodgeApplication *self)
{
  g_return_val_if_fail (LODGE_IS_APPLICATION (self), NULL);

  return self->hosts;
}

LodgeWindow *
_lodge_application_present (LodgeApplication *self)
{
  return lodge_window_present (GTK_APPLICATION (self), self->hosts);
}
