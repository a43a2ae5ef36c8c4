/* lodge-preferences.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-autostart.h"
#include "lodge-connect-dialog.h"
#include "lodge-host.h"
#include "lodge-mnemonics.h"
#include "lodge-preferences.h"
#include "lodge-report.h"
#include "lodge-settings.h"
#include "lodge-words.h"

/**
 * LodgePreferences:
 *
 * What holds for all guests on this computer.
 */

struct _LodgePreferences
{
  AdwPreferencesWindow  parent_instance;

  LodgeHostList        *hosts;
  GPtrArray            *host_key_rows;
  GtkStringList        *release_values;
  GtkEventController   *recorder;

  /* Template references */
  GtkSwitch            *autostart_switch;
  GtkWidget            *background_switch;
  GtkWidget            *clipboard_switch;
  AdwPreferencesGroup  *host_keys_group;
  GtkListBox           *hosts_list;
  GtkToggleButton      *record_button;
  AdwComboRow          *release_row;
  GtkWidget            *resize_switch;
  AdwComboRow          *scaling_row;
  GtkWidget            *sound_switch;
};

G_DEFINE_FINAL_TYPE (LodgePreferences, lodge_preferences, ADW_TYPE_PREFERENCES_WINDOW)

static void
autostart_set_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(LodgePreferences) self = user_data;
  g_autoptr(GError) error = NULL;
  LodgeProblem problem = { 0 };

  if (lodge_autostart_set_finish (result, &error) || self->autostart_switch == NULL)
    return;

  problem.title = _("Whether Lodge starts with the desktop could not be changed");
  problem.text = _("The desktop did not allow it, or the folder “autostart” in your settings cannot be written. Allow "
                   "Lodge to run in the background in the settings of the desktop, or see who owns that folder.");
  problem.details = error->message;
  lodge_report_problem (GTK_WIDGET (self), &problem);
  gtk_switch_set_active (self->autostart_switch, lodge_autostart_get ());
}

static void
autostart_changed_cb (LodgePreferences *self)
{
  gboolean active;

  g_assert (LODGE_IS_PREFERENCES (self));

  active = gtk_switch_get_active (self->autostart_switch);
  if (active != lodge_autostart_get ())
    lodge_autostart_set_async (active, NULL, autostart_set_cb, g_object_ref (self));
}

static const char * const release_presets[] = {
  "Control_L+Alt_L",
  "Control_L+Shift_L",
  "Control_R",
  "Super_R",
  NULL
};

static void
release_selected_cb (LodgePreferences *self)
{
  guint selected = adw_combo_row_get_selected (self->release_row);

  g_assert (LODGE_IS_PREFERENCES (self));

  if (selected != GTK_INVALID_LIST_POSITION)
    g_settings_set_string (lodge_settings_get (), "release-keys",
                           gtk_string_list_get_string (self->release_values, selected));
}

static void
fill_release_keys (LodgePreferences *self)
{
  g_autofree char *current = g_settings_get_string (lodge_settings_get (), "release-keys");
  g_autoptr(GtkStringList) labels = gtk_string_list_new (NULL);
  guint selected = G_MAXUINT;

  self->release_values = gtk_string_list_new (release_presets);
  /* One that was set by hand stays to be chosen. */
  if (!g_strv_contains (release_presets, current))
    gtk_string_list_append (self->release_values, current);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->release_values)); i++)
    {
      const char *value = gtk_string_list_get_string (self->release_values, i);

      gtk_string_list_take (labels, lodge_words_dup_keys (value));
      if (g_str_equal (value, current))
        selected = i;
    }

  adw_combo_row_set_model (self->release_row, G_LIST_MODEL (labels));
  adw_combo_row_set_selected (self->release_row, selected);
  g_signal_connect_object (self->release_row, "notify::selected", G_CALLBACK (release_selected_cb),
                           self, G_CONNECT_SWAPPED);
}

static void
remove_host_key_cb (LodgePreferences *self,
                    GtkWidget        *button)
{
  GSettings *settings = lodge_settings_get ();
  const char *removed = g_object_get_data (G_OBJECT (button), "lodge-accelerator");
  g_auto(GStrv) keys = g_settings_get_strv (settings, "host-keys");
  g_autoptr(GStrvBuilder) left = g_strv_builder_new ();
  g_auto(GStrv) result = NULL;

  g_assert (LODGE_IS_PREFERENCES (self));

  for (guint i = 0; keys[i] != NULL; i++)
    if (!g_str_equal (keys[i], removed))
      g_strv_builder_add (left, keys[i]);

  result = g_strv_builder_end (left);
  g_settings_set_strv (settings, "host-keys", (const char * const *)result);
}

static GtkWidget *
create_remove_button (const char *tooltip)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("user-trash-symbolic");

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip, -1);

  return button;
}

static void
fill_host_keys (LodgePreferences *self)
{
  g_auto(GStrv) keys = g_settings_get_strv (lodge_settings_get (), "host-keys");

  g_assert (LODGE_IS_PREFERENCES (self));

  for (guint i = 0; i < self->host_key_rows->len; i++)
    adw_preferences_group_remove (self->host_keys_group, g_ptr_array_index (self->host_key_rows, i));
  g_ptr_array_set_size (self->host_key_rows, 0);

  for (guint i = 0; keys[i] != NULL; i++)
    {
      GtkWidget *row = adw_action_row_new ();
      GtkWidget *label = gtk_shortcut_label_new (keys[i]);
      GtkWidget *button = create_remove_button (_("Send This Shortcut to Guests Again"));

      gtk_widget_set_valign (label, GTK_ALIGN_CENTER);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), label);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
      g_object_set_data_full (G_OBJECT (button), "lodge-accelerator", g_strdup (keys[i]), g_free);
      g_signal_connect_object (button, "clicked", G_CALLBACK (remove_host_key_cb), self, G_CONNECT_SWAPPED);
      adw_preferences_group_add (self->host_keys_group, row);
      g_ptr_array_add (self->host_key_rows, row);
    }
}

static void
add_host_key (const char *accelerator)
{
  GSettings *settings = lodge_settings_get ();
  g_auto(GStrv) keys = g_settings_get_strv (settings, "host-keys");
  g_autoptr(GStrvBuilder) all = g_strv_builder_new ();
  g_auto(GStrv) result = NULL;

  if (g_strv_contains ((const char * const *)keys, accelerator))
    return;

  g_strv_builder_addv (all, (const char **)keys);
  g_strv_builder_add (all, accelerator);
  result = g_strv_builder_end (all);
  g_settings_set_strv (settings, "host-keys", (const char * const *)result);
}

static gboolean
is_modifier (guint keyval)
{
  return (keyval >= GDK_KEY_Shift_L && keyval <= GDK_KEY_Hyper_R) ||
         keyval == GDK_KEY_ISO_Level3_Shift || keyval == GDK_KEY_Num_Lock;
}

static gboolean
record_key_cb (LodgePreferences *self,
               guint             keyval,
               guint             keycode,
               GdkModifierType   state)
{
  GdkModifierType modifiers = state & gtk_accelerator_get_default_mod_mask ();
  g_autofree char *accelerator = NULL;

  g_assert (LODGE_IS_PREFERENCES (self));

  if (!gtk_toggle_button_get_active (self->record_button))
    return GDK_EVENT_PROPAGATE;

  if (is_modifier (keyval))
    return GDK_EVENT_STOP;

  gtk_toggle_button_set_active (self->record_button, FALSE);

  if (keyval == GDK_KEY_Escape && modifiers == 0)
    return GDK_EVENT_STOP;

  accelerator = gtk_accelerator_name (gdk_keyval_to_lower (keyval), modifiers);
  add_host_key (accelerator);

  return GDK_EVENT_STOP;
}

static void
record_toggled_cb (LodgePreferences *self)
{
  g_assert (LODGE_IS_PREFERENCES (self));

  gtk_button_set_label (GTK_BUTTON (self->record_button),
                        gtk_toggle_button_get_active (self->record_button) ?
                        _("Press the Shortcut Now") : _("_Add…"));
}

static void
remove_host_cb (LodgePreferences *self,
                GtkWidget        *button)
{
  g_assert (LODGE_IS_PREFERENCES (self));

  lodge_host_list_remove (self->hosts, g_object_get_data (G_OBJECT (button), "lodge-host"));
}

static GtkWidget *
create_host_row (gpointer item,
                 gpointer user_data)
{
  LodgePreferences *self = user_data;
  g_autofree char *name = lodge_words_dup_host_name (item);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = create_remove_button (_("Remove From the List"));

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), lodge_host_get_uri (item));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  g_object_set_data_full (G_OBJECT (button), "lodge-host", g_object_ref (item), g_object_unref);
  g_signal_connect_object (button, "clicked", G_CALLBACK (remove_host_cb), self, G_CONNECT_SWAPPED);

  return row;
}

static void
connect_to_cb (LodgePreferences *self,
               const char       *uri)
{
  g_assert (LODGE_IS_PREFERENCES (self));

  lodge_host_list_add (self->hosts, uri, TRUE);
}

static void
connect_clicked_cb (LodgePreferences *self)
{
  GtkWindow *dialog = lodge_connect_dialog_new (GTK_WINDOW (self));

  g_assert (LODGE_IS_PREFERENCES (self));

  g_signal_connect_object (dialog, "connect-to", G_CALLBACK (connect_to_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (dialog);
}

static gboolean
enum_to_index (GValue   *value,
               GVariant *variant,
               gpointer  user_data)
{
  static const char * const nicks[] = { "fit", "fit-down", "native", NULL };

  for (guint i = 0; nicks[i] != NULL; i++)
    if (g_str_equal (nicks[i], g_variant_get_string (variant, NULL)))
      g_value_set_uint (value, i);

  return TRUE;
}

static GVariant *
index_to_enum (const GValue       *value,
               const GVariantType *expected_type,
               gpointer            user_data)
{
  static const char * const nicks[] = { "fit", "fit-down", "native" };
  guint i = g_value_get_uint (value);

  return i < G_N_ELEMENTS (nicks) ? g_variant_new_string (nicks[i]) : NULL;
}

static void
lodge_preferences_dispose (GObject *object)
{
  LodgePreferences *self = (LodgePreferences *)object;

  if (self->hosts_list != NULL)
    gtk_list_box_bind_model (self->hosts_list, NULL, NULL, NULL, NULL);
  g_clear_object (&self->hosts);
  g_clear_object (&self->release_values);
  g_clear_pointer (&self->host_key_rows, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), LODGE_TYPE_PREFERENCES);

  G_OBJECT_CLASS (lodge_preferences_parent_class)->dispose (object);
}

static void
lodge_preferences_class_init (LodgePreferencesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lodge_preferences_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/shell/lodge-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, LodgePreferences, autostart_switch);
  gtk_widget_class_bind_template_child (widget_class, LodgePreferences, background_switch);
  gtk_widget_class_bind_template_child (widget_class, LodgePreferences, clipboard_switch);
  gtk_widget_class_bind_template_child (widget_class, LodgePreferences, host_keys_group);
  gtk_widget_class_bind_template_child (widget_class, LodgePreferences, hosts_list);
  gtk_widget_class_bind_template_child (widget_class, LodgePreferences, record_button);
  gtk_widget_class_bind_template_child (widget_class, LodgePreferences, release_row);
  gtk_widget_class_bind_template_child (widget_class, LodgePreferences, resize_switch);
  gtk_widget_class_bind_template_child (widget_class, LodgePreferences, scaling_row);
  gtk_widget_class_bind_template_child (widget_class, LodgePreferences, sound_switch);
  gtk_widget_class_bind_template_callback (widget_class, autostart_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, connect_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, record_toggled_cb);
}

static void
lodge_preferences_init (LodgePreferences *self)
{
  GSettings *settings = lodge_settings_get ();

  gtk_widget_init_template (GTK_WIDGET (self));
  lodge_mnemonics_name_buttons (GTK_WIDGET (self));
  self->host_key_rows = g_ptr_array_new ();

  g_settings_bind (settings, "resize-guest", self->resize_switch, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "share-clipboard", self->clipboard_switch, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "run-in-background", self->background_switch, "active",
                   G_SETTINGS_BIND_DEFAULT);
  gtk_switch_set_active (self->autostart_switch, lodge_autostart_get ());
  g_settings_bind (settings, "enable-sound", self->sound_switch, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind_with_mapping (settings, "scaling", self->scaling_row, "selected", G_SETTINGS_BIND_DEFAULT,
                                enum_to_index, index_to_enum, NULL, NULL);

  fill_release_keys (self);
  fill_host_keys (self);
  g_signal_connect_object (settings, "changed::host-keys", G_CALLBACK (fill_host_keys),
                           self, G_CONNECT_SWAPPED);

  self->recorder = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (self->recorder, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (self->recorder, "key-pressed", G_CALLBACK (record_key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), self->recorder);
}

GtkWidget *
lodge_preferences_new (LodgeHostList *hosts)
{
  LodgePreferences *self;

  g_return_val_if_fail (LODGE_IS_HOST_LIST (hosts), NULL);

  self = g_object_new (LODGE_TYPE_PREFERENCES, NULL);
  self->hosts = g_object_ref (hosts);
  gtk_list_box_bind_model (self->hosts_list, G_LIST_MODEL (hosts), create_host_row, self, NULL);

  return GTK_WIDGET (self);
}
