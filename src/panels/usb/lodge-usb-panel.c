/* lodge-usb-panel.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-console.h"
#include "lodge-core-enums.h"
#include "lodge-host.h"
#include "lodge-machine.h"
#include "lodge-menu-names.h"
#include "lodge-mnemonics.h"
#include "lodge-report.h"
#include "lodge-start-anew.h"
#include "lodge-usb-hostdev-route.h"
#include "lodge-usb-monitor.h"
#include "lodge-usb-panel.h"
#include "lodge-usb-row.h"
#include "lodge-usb-rule-row.h"
#include "lodge-usb-words.h"

/**
 * LodgeUsbPanel:
 *
 * What is plugged into this computer, as a guest sees it, and the guest's rules.
 */

struct _LodgeUsbPanel
{
  LodgePanel       parent_instance;

  LodgeUsbBroker  *broker;
  LodgeUsbMonitor *monitor;
  LodgeUsbRules   *rules;
  GSignalGroup    *broker_signals;
  GSignalGroup    *rules_signals;
  GSignalGroup    *machine_signals;
  guint            is_preparing : 1;
  guint            needs_restart : 1;  /* what it was prepared with */

  /* Template references */
  GtkMenuButton   *add_button;
  GtkListBox      *devices;
  GtkLabel        *empty_label;
  GtkLabel        *ignored_label;
  GtkButton       *image_button;
  GtkLabel        *no_rules_label;
  GtkButton       *room_button;
  GtkWidget       *room_group;
  AdwActionRow    *room_row;
  GtkListBox      *rules_list;
};

G_DEFINE_FINAL_TYPE (LodgeUsbPanel, lodge_usb_panel, LODGE_TYPE_PANEL)

static LodgeMachine *
get_machine (LodgeUsbPanel *self)
{
  GObject *subject = lodge_panel_get_subject (LODGE_PANEL (self));

  return subject != NULL ? LODGE_MACHINE (subject) : NULL;
}

static GtkWidget *
create_device_row (gpointer item,
                   gpointer user_data)
{
  LodgeUsbPanel *self = user_data;

  return lodge_usb_row_new (self->broker, item, get_machine (self));
}

static GtkWidget *
create_rule_row (gpointer item,
                 gpointer user_data)
{
  LodgeUsbPanel *self = user_data;

  return lodge_usb_rule_row_new (self->broker, item, get_machine (self));
}

static const char *
words_for_no_device (LodgeUsbMonitor *monitor)
{
  LodgeUsbMonitorState state = monitor != NULL ? lodge_usb_monitor_get_state (monitor)
                                               : LODGE_USB_MONITOR_NO_BUS;

  switch (state)
    {
    case LODGE_USB_MONITOR_STARTING:
      return _("Looking for devices…");

    case LODGE_USB_MONITOR_NO_BUS:
      return _("This computer has no USB bus.");

    case LODGE_USB_MONITOR_BLIND:
      return _("The system does not tell when devices are plugged in. What was there at the start is shown.");

    case LODGE_USB_MONITOR_RUNNING:
    default:
      return _("Nothing is plugged in. What you plug into this computer shows up here.");
    }
}

static void
update_devices (LodgeUsbPanel *self)
{
  guint n_devices;
  gboolean blind;

  g_assert (LODGE_IS_USB_PANEL (self));

  n_devices = self->broker != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->broker)) : 0;
  blind = self->monitor != NULL && lodge_usb_monitor_get_state (self->monitor) == LODGE_USB_MONITOR_BLIND;
  gtk_label_set_label (self->empty_label, words_for_no_device (self->monitor));
  gtk_widget_set_visible (GTK_WIDGET (self->empty_label), n_devices == 0 || blind);
  gtk_widget_set_visible (GTK_WIDGET (self->devices), n_devices > 0);
}

static void
update_rules (LodgeUsbPanel *self)
{
  guint n_rules;
  guint n_ignored;
  g_autofree char *words = NULL;

  g_assert (LODGE_IS_USB_PANEL (self));

  n_rules = self->rules != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->rules)) : 0;
  n_ignored = self->rules != NULL ? lodge_usb_rules_get_n_ignored (self->rules) : 0;
  words = g_strdup_printf (ngettext ("%u entry that this version does not understand is left as it is.",
                                     "%u entries that this version does not understand are left as they are.",
                                     n_ignored), n_ignored);
  gtk_label_set_label (self->ignored_label, words);
  gtk_widget_set_visible (GTK_WIDGET (self->ignored_label), n_ignored > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->no_rules_label), n_rules == 0);
  gtk_widget_set_visible (GTK_WIDGET (self->rules_list), n_rules > 0);
}

static void
written_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(LodgeUsbPanel) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!lodge_usb_broker_finish (LODGE_USB_BROKER (object), result, &error))
    lodge_panel_report (LODGE_PANEL (self), error);
}

static void
add_kind (GtkWidget  *widget,
          const char *action_name,
          GVariant   *parameter)
{
  LodgeUsbPanel *self = LODGE_USB_PANEL (widget);

  if (self->broker != NULL && get_machine (self) != NULL)
    lodge_usb_broker_set_kind_verdict_async (self->broker, g_variant_get_int32 (parameter), get_machine (self),
                                             LODGE_USB_VERDICT_ALWAYS, written_cb, g_object_ref (self));
}

/* The drive is in the screen's connection: without a screen there is none. */
static void
update_image_button (LodgeUsbPanel *self)
{
  LodgeMachine *machine = get_machine (self);
  const char *reason = NULL;

  g_assert (LODGE_IS_USB_PANEL (self));

  if (machine == NULL || !lodge_machine_is_active (machine))
    reason = _("The guest is switched off");
  else if (lodge_machine_get_graphics (machine) != LODGE_GRAPHICS_SPICE)
    reason = _("The guest has no SPICE screen, through which it would get a USB CD drive");

  gtk_widget_set_sensitive (GTK_WIDGET (self->image_button), reason == NULL);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->image_button),
                               reason != NULL ? reason : _("The guest sees a USB CD drive with the image in it"));
}

/* A guest that somebody else has made may have nowhere to plug anything in; one that was prepared may
 * have to be started anew first.
 */
static void
show_room (LodgeUsbPanel *self,
           const char    *title,
           const char    *subtitle,
           const char    *label)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->room_row), title);
  adw_action_row_set_subtitle (self->room_row, subtitle);
  gtk_button_set_label (self->room_button, label);
  lodge_mnemonics_name_buttons (GTK_WIDGET (self->room_row));
  gtk_widget_set_visible (self->room_group, TRUE);
}

static void
update_room_button (LodgeUsbPanel *self)
{
  LodgeMachine *machine = get_machine (self);

  g_assert (LODGE_IS_USB_PANEL (self));

  gtk_widget_set_sensitive (GTK_WIDGET (self->room_button),
                            machine != NULL && !self->is_preparing &&
                            (!self->needs_restart || lodge_machine_can (machine, LODGE_ACTION_SHUT_DOWN)));
}

static void
show_needs_restart (LodgeUsbPanel *self,
                    guint          ports,
                    guint          redirections)
{
  g_autoptr(GString) words = g_string_new (NULL);
  guint ports_now;
  guint redirections_now;

  lodge_usb_has_room (get_machine (self), &ports_now, &redirections_now);
  if (ports != ports_now)
    g_string_append_printf (words, _("Ports of its USB controller: %u now, %u after that."), ports_now, ports);
  if (words->len > 0 && redirections != redirections_now)
    g_string_append_c (words, '\n');
  if (redirections != redirections_now)
    g_string_append_printf (words, _("Devices that can be redirected at one time: %u now, %u after that."),
                            redirections_now, redirections);

  show_room (self, _("Prepared for USB: Waits for a Restart"), words->str, _("_Restart"));
}

static void
stored_room_loaded_cb (GObject      *object,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr(LodgeUsbPanel) self = user_data;
  LodgeMachine *machine = LODGE_MACHINE (object);
  guint ports;
  guint redirections;
  gboolean is_enough = lodge_usb_load_stored_room_finish (machine, result, &ports, &redirections, NULL);

  if (machine != get_machine (self) || lodge_usb_has_room (machine, NULL, NULL))
    return;

  self->needs_restart = is_enough && lodge_machine_is_active (machine);
  if (self->needs_restart)
    show_needs_restart (self, ports, redirections);
  else
    show_room (self, _("Prepare This Guest for USB"),
               _("It has no room for devices. A controller with 15 ports, and room for redirection, are added "
                 "to its definition."), _("_Prepare"));
  update_room_button (self);
}

static void
update_room (LodgeUsbPanel *self)
{
  LodgeMachine *machine = get_machine (self);

  g_assert (LODGE_IS_USB_PANEL (self));

  if (machine == NULL || !lodge_machine_get_persistent (machine) || !lodge_machine_is_defined (machine) ||
      lodge_usb_has_room (machine, NULL, NULL))
    gtk_widget_set_visible (self->room_group, FALSE);
  else
    lodge_usb_load_stored_room_async (machine, NULL, stored_room_loaded_cb, g_object_ref (self));
}

static void
room_added_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(LodgeUsbPanel) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean needs_restart;

  self->is_preparing = FALSE;
  update_room_button (self);

  if (!lodge_usb_add_room_finish (LODGE_MACHINE (object), result, &needs_restart, &error))
    lodge_panel_report (LODGE_PANEL (self), error);
  else
    lodge_panel_say (LODGE_PANEL (self), needs_restart
                                         ? _("The guest is prepared for USB from its next start on")
                                         : _("The guest is prepared for USB"));

  update_room (self);
}

static void
room_clicked_cb (LodgeUsbPanel *self)
{
  LodgeMachine *machine = get_machine (self);

  g_assert (LODGE_IS_USB_PANEL (self));

  if (machine == NULL)
    return;

  if (self->needs_restart)
    {
      lodge_start_anew (GTK_WIDGET (self), machine);
      return;
    }

  self->is_preparing = TRUE;
  update_room_button (self);
  lodge_usb_add_room_async (machine, NULL, room_added_cb, g_object_ref (self));
}

static void
inserted_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(LodgeUsbPanel) self = user_data;
  g_autoptr(GError) error = NULL;
  LodgeProblem problem = { 0 };

  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    {
      lodge_display_session_finish_usb (LODGE_DISPLAY_SESSION (object), result, NULL);
      return;
    }

  if (lodge_display_session_finish_usb (LODGE_DISPLAY_SESSION (object), result, &error))
    {
      lodge_report_text (GTK_WIDGET (self), _("The image is in a USB CD drive of the guest now"));
      return;
    }

  problem.title = _("The image could not be inserted");
  problem.text = _("The guest needs a USB controller, and a way of USB redirection that is not in use: prepare it "
                   "for USB, or take a device back that is redirected.");
  problem.details = error->message;
  lodge_report_problem (GTK_WIDGET (self), &problem);
}

static void
image_chosen_cb (GtkNativeDialog *chooser,
                 int              response,
                 LodgeUsbPanel   *self)
{
  g_autoptr(GFile) file = NULL;
  g_autofree char *path = NULL;
  g_autoptr(LodgeConsole) console = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  path = file != NULL ? g_file_get_path (file) : NULL;
  gtk_native_dialog_destroy (chooser);

  if (file == NULL || get_machine (self) == NULL)
    return;

  if (path == NULL)
    {
      lodge_report_text (GTK_WIDGET (self), _("The image must be a file of this computer"));
      return;
    }

  console = lodge_console_for_machine (get_machine (self));
  lodge_display_session_insert_image_async (lodge_console_get_session (console), path, NULL, inserted_cb,
                                            g_object_ref (self));
}

static void
image_clicked_cb (LodgeUsbPanel *self)
{
  GtkFileChooserNative *chooser;
  g_autoptr(GtkFileFilter) filter = gtk_file_filter_new ();

  g_assert (LODGE_IS_USB_PANEL (self));

  chooser = gtk_file_chooser_native_new (_("Insert a Disc Image"),
                                         GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                         GTK_FILE_CHOOSER_ACTION_OPEN, _("_Insert"), _("_Cancel"));
  gtk_file_filter_set_name (filter, _("Disc images"));
  gtk_file_filter_add_mime_type (filter, "application/x-cd-image");
  gtk_file_filter_add_suffix (filter, "iso");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (image_chosen_cb), self, 0);
  /* It is let go when it is destroyed. */
  g_signal_connect_after (chooser, "response", G_CALLBACK (g_object_unref), NULL);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static GMenuModel *
create_kinds_menu (void)
{
  g_autoptr(GEnumClass) kinds = g_type_class_ref (LODGE_TYPE_USB_KIND);
  GMenu *menu = g_menu_new ();

  for (guint i = 0; i < kinds->n_values; i++)
    {
      LodgeUsbKind kind = kinds->values[i].value;
      g_autoptr(GMenuItem) item = NULL;

      if (!lodge_usb_kind_can_have_rule (kind))
        continue;

      item = g_menu_item_new (lodge_usb_words_any (kind), NULL);
      g_menu_item_set_action_and_target (item, "usb-panel.add-kind", "i", (int)kind);
      g_menu_append_item (menu, item);
    }

  return G_MENU_MODEL (menu);
}

static void
unbind (LodgeUsbPanel *self)
{
  gtk_list_box_bind_model (self->devices, NULL, NULL, NULL, NULL);
  gtk_list_box_bind_model (self->rules_list, NULL, NULL, NULL, NULL);
  g_signal_group_set_target (self->broker_signals, NULL);
  g_signal_group_set_target (self->rules_signals, NULL);
  g_clear_object (&self->rules);
  g_clear_object (&self->broker);
}

/* Containers have the computer's devices as they are. */
static gboolean
lodge_usb_panel_supports (LodgePanel *panel,
                          GObject    *subject)
{
  return LODGE_IS_MACHINE (subject) && lodge_usb_broker_get_default () != NULL &&
    !g_str_has_prefix (lodge_host_get_uri (lodge_machine_get_host (LODGE_MACHINE (subject))), "lxc");
}

static void
lodge_usb_panel_subject_changed (LodgePanel *panel,
                                 GObject    *subject)
{
  LodgeUsbPanel *self = LODGE_USB_PANEL (panel);
  LodgeUsbBroker *broker = lodge_usb_broker_get_default ();

  unbind (self);

  if (subject != NULL && broker != NULL)
    {
      self->broker = g_object_ref (broker);
      g_set_object (&self->rules, lodge_usb_broker_get_rules (broker, LODGE_MACHINE (subject)));
      g_signal_group_set_target (self->broker_signals, broker);
      g_signal_group_set_target (self->rules_signals, self->rules);
      gtk_list_box_bind_model (self->devices, G_LIST_MODEL (broker), create_device_row, self, NULL);
      if (self->rules != NULL)
        gtk_list_box_bind_model (self->rules_list, G_LIST_MODEL (self->rules), create_rule_row, self, NULL);
    }

  g_signal_group_set_target (self->machine_signals, subject);
  update_devices (self);
  update_image_button (self);
  update_room (self);
  update_rules (self);
}

static void
lodge_usb_panel_dispose (GObject *object)
{
  LodgeUsbPanel *self = (LodgeUsbPanel *)object;

  if (self->devices != NULL)
    unbind (self);
  g_clear_object (&self->broker_signals);
  g_clear_object (&self->rules_signals);
  g_clear_object (&self->machine_signals);
  g_clear_object (&self->monitor);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), LODGE_TYPE_USB_PANEL);

  G_OBJECT_CLASS (lodge_usb_panel_parent_class)->dispose (object);
}

static void
lodge_usb_panel_class_init (LodgeUsbPanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  LodgePanelClass *panel_class = LODGE_PANEL_CLASS (klass);

  object_class->dispose = lodge_usb_panel_dispose;
  panel_class->place = LODGE_PANEL_PLACE_SHEET;
  panel_class->supports = lodge_usb_panel_supports;
  panel_class->subject_changed = lodge_usb_panel_subject_changed;

  gtk_widget_class_install_action (widget_class, "usb-panel.add-kind", "i", add_kind);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/panels/lodge-usb-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, LodgeUsbPanel, add_button);
  gtk_widget_class_bind_template_child (widget_class, LodgeUsbPanel, devices);
  gtk_widget_class_bind_template_child (widget_class, LodgeUsbPanel, empty_label);
  gtk_widget_class_bind_template_child (widget_class, LodgeUsbPanel, ignored_label);
  gtk_widget_class_bind_template_child (widget_class, LodgeUsbPanel, image_button);
  gtk_widget_class_bind_template_child (widget_class, LodgeUsbPanel, no_rules_label);
  gtk_widget_class_bind_template_child (widget_class, LodgeUsbPanel, room_button);
  gtk_widget_class_bind_template_child (widget_class, LodgeUsbPanel, room_group);
  gtk_widget_class_bind_template_child (widget_class, LodgeUsbPanel, room_row);
  gtk_widget_class_bind_template_child (widget_class, LodgeUsbPanel, rules_list);
  gtk_widget_class_bind_template_callback (widget_class, image_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, room_clicked_cb);
}

static void
lodge_usb_panel_init (LodgeUsbPanel *self)
{
  g_autoptr(GMenuModel) kinds = create_kinds_menu ();

  gtk_widget_init_template (GTK_WIDGET (self));
  lodge_menu_button_name_items (self->add_button);
  gtk_menu_button_set_menu_model (self->add_button, kinds);

  self->monitor = lodge_usb_monitor_dup_default ();
  g_signal_connect_object (self->monitor, "notify::state", G_CALLBACK (update_devices), self,
                           G_CONNECT_SWAPPED);

  self->broker_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_object (self->broker_signals, "items-changed", G_CALLBACK (update_devices), self,
                                 G_CONNECT_SWAPPED);
  self->rules_signals = g_signal_group_new (LODGE_TYPE_USB_RULES);
  g_signal_group_connect_object (self->rules_signals, "items-changed", G_CALLBACK (update_rules), self,
                                 G_CONNECT_SWAPPED);
  self->machine_signals = g_signal_group_new (LODGE_TYPE_MACHINE);
  g_signal_group_connect_object (self->machine_signals, "notify::state", G_CALLBACK (update_image_button), self,
                                 G_CONNECT_SWAPPED);
  g_signal_group_connect_object (self->machine_signals, "notify::graphics", G_CALLBACK (update_image_button),
                                 self, G_CONNECT_SWAPPED);
  g_signal_group_connect_object (self->machine_signals, "notify::state", G_CALLBACK (update_room), self,
                                 G_CONNECT_SWAPPED);
  g_signal_group_connect_object (self->machine_signals, "notify::defined", G_CALLBACK (update_room), self,
                                 G_CONNECT_SWAPPED);
  g_signal_group_connect_object (self->machine_signals, "usb-changed", G_CALLBACK (update_room), self,
                                 G_CONNECT_SWAPPED);
  g_signal_group_connect_object (self->machine_signals, "notify::pending", G_CALLBACK (update_room_button),
                                 self, G_CONNECT_SWAPPED);
}
