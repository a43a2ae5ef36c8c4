/* lodge-console-panel-actions.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-console-panel-private.h"
#include "lodge-screenshot.h"
#include "lodge-settings.h"
#include "lodge-words.h"

/* What was asked for one guest, and takes its time. */
typedef struct
{
  LodgeConsolePanel *panel;
  LodgeConsole      *console;
} Request;

static Request *
request_new (LodgeConsolePanel *panel)
{
  Request *self = g_new0 (Request, 1);

  self->panel = g_object_ref (panel);
  self->console = g_object_ref (_lodge_console_panel_get_console (panel));

  return self;
}

static void
request_free (Request *self)
{
  g_clear_object (&self->panel);
  g_clear_object (&self->console);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

/* Whoever has turned to another guest does not mean that one. */
static gboolean
request_holds (Request *self)
{
  return _lodge_console_panel_get_console (self->panel) == self->console;
}

static LodgeDisplay *
get_display (LodgeConsolePanel *self)
{
  return lodge_screen_view_get_display (_lodge_console_panel_get_view (self));
}

static void
send_keys_cb (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  g_auto(GStrv) names = g_strsplit (g_variant_get_string (parameter, NULL), "+", -1);

  lodge_display_send_keys (get_display (user_data), (const char * const *)names);
}

static void
typed_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(LodgeConsolePanel) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  guint n_skipped = 0;

  if (!lodge_display_type_text_finish (LODGE_DISPLAY (object), result, &n_skipped, &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
        lodge_panel_say (LODGE_PANEL (self), _("Not all of the text was typed: the screen went away"));
      else
        lodge_panel_report (LODGE_PANEL (self), error);
      return;
    }

  if (n_skipped == 0)
    return;

  text = g_strdup_printf (ngettext ("%u character has no key and was left out",
                                    "%u characters have no key and were left out", n_skipped),
                          n_skipped);
  lodge_panel_say (LODGE_PANEL (self), text);
}

static void
clipboard_read_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(Request) request = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (object), result, &error);

  if (!request_holds (request))
    return;

  if (text == NULL || *text == '\0')
    {
      lodge_panel_say (LODGE_PANEL (request->panel), _("There is no text in the clipboard"));
      return;
    }

  lodge_display_type_text_async (get_display (request->panel), text, NULL, typed_cb,
                                 g_object_ref (request->panel));
}

static void
type_clipboard_cb (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (user_data), NULL, clipboard_read_cb,
                                 request_new (user_data));
}

static void
files_read_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(Request) request = user_data;
  g_autoptr(GError) error = NULL;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (object), result, &error);

  if (!request_holds (request))
    return;

  if (value == NULL || g_value_get_boxed (value) == NULL)
    lodge_panel_say (LODGE_PANEL (request->panel), _("There are no files in the clipboard"));
  else
    lodge_screen_view_send_files (_lodge_console_panel_get_view (request->panel), g_value_get_boxed (value));
}

/* What a guest's own "paste" cannot do: the agent has the names of files alone in its clipboard. */
static void
send_clipboard_files_cb (GSimpleAction *action,
                         GVariant      *parameter,
                         gpointer       user_data)
{
  gdk_clipboard_read_value_async (gtk_widget_get_clipboard (user_data), GDK_TYPE_FILE_LIST,
                                  G_PRIORITY_DEFAULT, NULL, files_read_cb, request_new (user_data));
}

static GdkTexture *
take_screenshot (LodgeConsolePanel *self)
{
  LodgeScreen *screen = lodge_console_get_first_screen (_lodge_console_panel_get_console (self));

  return screen != NULL ? lodge_screen_dup_texture (screen) : NULL;
}

static void
screenshot_copy_cb (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  g_autoptr(GdkTexture) texture = take_screenshot (user_data);

  if (texture == NULL)
    return;

  gdk_clipboard_set_texture (gtk_widget_get_clipboard (user_data), texture);
  lodge_panel_say (user_data, _("Screenshot copied to the clipboard"));
}

static void
screenshot_saved_cb (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(LodgeConsolePanel) self = user_data;
  g_autoptr(GError) error = NULL;

  if (lodge_screenshot_save_finish (result, &error))
    lodge_panel_say (LODGE_PANEL (self), _("Screenshot saved"));
  else
    lodge_panel_report (LODGE_PANEL (self), error);
}

static void
save_response_cb (GtkNativeDialog   *dialog,
                  int                response,
                  LodgeConsolePanel *self)
{
  GdkTexture *texture = g_object_get_data (G_OBJECT (dialog), "lodge-texture");
  g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL)
    lodge_screenshot_save_async (texture, file, NULL, screenshot_saved_cb, g_object_ref (self));

  g_object_unref (dialog);
}

static void
screenshot_save_cb (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  LodgeConsolePanel *self = user_data;
  g_autoptr(GdkTexture) texture = take_screenshot (self);
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autoptr(GFile) folder = NULL;
  g_autofree char *title = NULL;
  g_autofree char *name = NULL;
  const char *pictures = g_get_user_special_dir (G_USER_DIRECTORY_PICTURES);
  GtkFileChooserNative *dialog;

  if (texture == NULL)
    return;

  title = lodge_words_dup_machine_title (lodge_console_get_machine (_lodge_console_panel_get_console (self)));
  name = lodge_screenshot_dup_file_name (title, now);
  folder = g_file_new_for_path (pictures != NULL ? pictures : g_get_home_dir ());

  dialog = gtk_file_chooser_native_new (_("Save Screenshot"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                        GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (dialog), folder, NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  /* The picture of the moment when it was asked for, not of when the name was typed. */
  g_object_set_data_full (G_OBJECT (dialog), "lodge-texture", g_steal_pointer (&texture), g_object_unref);
  g_signal_connect_object (dialog, "response", G_CALLBACK (save_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
reconnect_cb (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  LodgeConsole *console = _lodge_console_panel_get_console (user_data);

  if (console != NULL)
    lodge_console_reconnect (console);
}

static void
zoom_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  g_autofree char *name = g_strconcat ("screen.", g_action_get_name (G_ACTION (action)), NULL);

  gtk_widget_activate_action (GTK_WIDGET (_lodge_console_panel_get_view (user_data)), name, NULL);
}

static void
monitor_cb (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  lodge_monitors_open (_lodge_console_panel_get_monitors (user_data), g_variant_get_int32 (parameter));
}

void
_lodge_console_panel_add_actions (LodgeConsolePanel *self)
{
  static const GActionEntry entries[] = {
    { .name = "monitor", .activate = monitor_cb, .parameter_type = "i" },
    { .name = "reconnect", .activate = reconnect_cb },
    { .name = "screenshot-copy", .activate = screenshot_copy_cb },
    { .name = "screenshot-save", .activate = screenshot_save_cb },
    { .name = "send-clipboard-files", .activate = send_clipboard_files_cb },
    { .name = "send-keys", .activate = send_keys_cb, .parameter_type = "s" },
    { .name = "type-clipboard", .activate = type_clipboard_cb },
    { .name = "zoom-in", .activate = zoom_cb },
    { .name = "zoom-out", .activate = zoom_cb },
    { .name = "zoom-reset", .activate = zoom_cb },
  };
  g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr(GAction) scaling = g_settings_create_action (lodge_settings_get (), "scaling");
  g_autoptr(GAction) resize_guest = g_settings_create_action (lodge_settings_get (), "resize-guest");

  g_action_map_add_action_entries (G_ACTION_MAP (group), entries, G_N_ELEMENTS (entries), self);
  g_action_map_add_action (G_ACTION_MAP (group), scaling);
  g_action_map_add_action (G_ACTION_MAP (group), resize_guest);
  lodge_panel_set_actions (LODGE_PANEL (self), G_ACTION_GROUP (group));
}

/* What needs a screen is possible while there is one. */
void
_lodge_console_panel_update_actions (LodgeConsolePanel *self)
{
  static const char * const names[] = { "monitor", "screenshot-copy", "screenshot-save",
                                        "send-clipboard-files", "send-keys",
                                        "type-clipboard", "zoom-in", "zoom-out", "zoom-reset" };
  LodgeConsole *console = _lodge_console_panel_get_console (self);
  GActionMap *map = G_ACTION_MAP (lodge_panel_get_actions (LODGE_PANEL (self)));
  gboolean shown = console != NULL && lodge_console_get_state (console) == LODGE_CONSOLE_STATE_SHOWN;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (map, names[i])), shown);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (map, "reconnect")),
                               console != NULL &&
                               lodge_console_get_state (console) == LODGE_CONSOLE_STATE_LOST);
}
