/* lodge-application-actions.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-application-private.h"
#include "lodge-preferences.h"
#include "lodge-settings.h"

static void
start_everyday_cb (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  _lodge_application_open_guest (user_data, NULL, TRUE, FALSE, NULL);
}

static void
start_cb (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  _lodge_application_open_guest (user_data, g_variant_get_string (parameter, NULL), TRUE, FALSE, NULL);
}

static void
open_guest_cb (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  _lodge_application_open_guest (user_data, g_variant_get_string (parameter, NULL), FALSE, FALSE, NULL);
}

static void
connect_cb (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  _lodge_application_present (user_data);
  _lodge_application_connect (user_data, g_variant_get_string (parameter, NULL), NULL);
}

static void
demo_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  _lodge_application_present (user_data);
  _lodge_application_demo (user_data, NULL);
}

static void
preferences_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  LodgeApplication *self = user_data;
  GtkWidget *preferences = lodge_preferences_new (lodge_application_get_hosts (self));

  gtk_window_set_transient_for (GTK_WINDOW (preferences), GTK_WINDOW (_lodge_application_present (self)));
  gtk_window_present (GTK_WINDOW (preferences));
}

static void
shortcuts_cb (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  g_autoptr(GtkBuilder) builder = gtk_builder_new_from_resource (APP_PATH "/shell/lodge-shortcuts.ui");
  GtkWindow *window = GTK_WINDOW (gtk_builder_get_object (builder, "shortcuts"));
  g_autofree char *keys = g_settings_get_string (lodge_settings_get (), "release-keys");

  /* GTK joins keys that are held together by another sign. */
  g_object_set (gtk_builder_get_object (builder, "release"),
                "accelerator", g_strdelimit (keys, "+", '&'), NULL);
  gtk_window_set_transient_for (window, GTK_WINDOW (_lodge_application_present (user_data)));
  gtk_window_present (window);
}

static void
about_cb (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  adw_show_about_window (GTK_WINDOW (_lodge_application_present (user_data)),
                         "application-name", _("Lodge"),
                         "application-icon", APP_ID,
                         "version", PACKAGE_VERSION,
                         "developer-name", _("The Lodge contributors"),
                         "comments", _("Your everyday virtual machine in a window"),
                         "license-type", GTK_LICENSE_GPL_3_0,
                         /* Translators: put your names here, one a line. */
                         "translator-credits", _("translator-credits"),
                         NULL);
}

static void
quit_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  g_autoptr(GList) windows = g_list_copy (gtk_application_get_windows (user_data));

  /* By the same way as the button of the window: it may have something to say. */
  for (GList *l = windows; l != NULL; l = l->next)
    {
      if (LODGE_IS_WINDOW (l->data))
        lodge_window_quit (l->data);
      else
        gtk_window_close (l->data);
    }

  /* Who says Quit does not want it in the background either. */
  if (gtk_application_get_windows (user_data) == NULL)
    g_application_quit (user_data);
}

void
_lodge_application_add_actions (LodgeApplication *self)
{
  static const GActionEntry entries[] = {
    { .name = "about", .activate = about_cb },
    { .name = "connect", .activate = connect_cb, .parameter_type = "s" },
    { .name = "demo", .activate = demo_cb },
    { .name = "open-guest", .activate = open_guest_cb, .parameter_type = "s" },
    { .name = "preferences", .activate = preferences_cb },
    { .name = "quit", .activate = quit_cb },
    { .name = "shortcuts", .activate = shortcuts_cb },
    { .name = "start", .activate = start_cb, .parameter_type = "s" },
    { .name = "start-everyday", .activate = start_everyday_cb },
  };
  static const struct
  {
    const char *action;
    const char *keys[2];
  } accels[] = {
    { "app.preferences", { "<Control>comma", NULL } },
    { "app.quit",        { "<Control>q", NULL } },
    { "app.shortcuts",   { "<Control>question", NULL } },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);

  for (guint i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accels[i].action, accels[i].keys);
}
