/* lodge-usb-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-dialog-heading.h"
#include "lodge-error.h"
#include "lodge-menu-names.h"
#include "lodge-mnemonics.h"
#include "lodge-report.h"
#include "lodge-usb-row.h"
#include "lodge-usb-unmount-dialog.h"
#include "lodge-usb-words.h"
#include "lodge-words.h"

/**
 * LodgeUsbRow:
 *
 * A device in a guest's panel: where it is, a switch to give it or take it back, and the rule.
 */

struct _LodgeUsbRow
{
  AdwExpanderRow      parent_instance;

  LodgeUsbBroker     *broker;
  LodgeUsbPlug       *plug;
  LodgeMachine       *machine;
  LodgeUsbRules      *rules;
  GSimpleActionGroup *actions;

  char               *command;  /* that gives this user the right to the device, or NULL */

  /* Template references */
  AdwActionRow       *access_row;
  GtkSwitch          *give_switch;
  AdwActionRow       *holder_row;
  AdwActionRow       *identity_row;
  GtkMenuButton      *menu_button;
  AdwActionRow       *problem_row;
  AdwActionRow       *raw_row;
  AdwActionRow       *rule_row;
  GtkSpinner         *spinner;
  AdwActionRow       *way_row;
};

G_DEFINE_FINAL_TYPE (LodgeUsbRow, lodge_usb_row, ADW_TYPE_EXPANDER_ROW)

static const struct
{
  const char      *nick;
  LodgeUsbVerdict  verdict;
} verdicts[] = {
  { "none", LODGE_USB_VERDICT_NONE },
  { "always", LODGE_USB_VERDICT_ALWAYS },
  { "ask", LODGE_USB_VERDICT_ASK },
  { "never", LODGE_USB_VERDICT_NEVER },
};

static void
update_switch (LodgeUsbRow *self,
               const char  *obstacle)
{
  LodgeUsbPlugState state = lodge_usb_plug_get_state (self->plug);
  gboolean mine = lodge_usb_plug_get_machine (self->plug) == self->machine;
  gboolean under_way = state == LODGE_USB_PLUG_GIVING || state == LODGE_USB_PLUG_TAKING;
  gboolean wanted = mine && state != LODGE_USB_PLUG_HERE && state != LODGE_USB_PLUG_TAKING;

  /* The knob says what is wanted, the colour what is so. */
  g_signal_handlers_block_matched (self->give_switch, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, self);

  /* One that is on its way by hand would not get there if it were told what it is. */
  if (wanted != gtk_switch_get_active (self->give_switch))
    gtk_switch_set_active (self->give_switch, wanted);

  gtk_switch_set_state (self->give_switch, mine && state == LODGE_USB_PLUG_GIVEN);
  g_signal_handlers_unblock_matched (self->give_switch, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, self);

  gtk_widget_set_sensitive (GTK_WIDGET (self->give_switch), !under_way && obstacle == NULL);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->give_switch), obstacle);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), under_way);
  gtk_spinner_set_spinning (self->spinner, under_way);
}

/* What went wrong when it was tried. */
static char *
dup_failure (LodgeUsbRow *self)
{
  const GError *error = lodge_usb_plug_get_error (self->plug);

  if (error == NULL || lodge_usb_plug_get_error_machine (self->plug) != self->machine)
    return NULL;

  if (lodge_usb_plug_get_state (self->plug) == LODGE_USB_PLUG_GIVEN &&
      lodge_usb_plug_get_machine (self->plug) == self->machine)
    return g_strdup (_("The guest does not let go of it. Close what uses it there and try again, or unplug it."));

  /* Where, is said with what uses it. */
  if (lodge_usb_plug_get_safety (self->plug) == LODGE_USB_SAFETY_MOUNTED)
    return g_strdup (_("This computer has it mounted. The switch asks whether to unmount it first."));

  return lodge_usb_words_dup_error (error, lodge_usb_plug_get_device (self->plug));
}

static void
update_rule (LodgeUsbRow *self)
{
  LodgeUsbMatch match;
  LodgeUsbVerdict verdict = lodge_usb_broker_get_verdict (self->broker, self->plug, self->machine, &match);
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "rule");
  g_autofree char *words = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (verdicts); i++)
    if (verdicts[i].verdict == verdict)
      g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_string (verdicts[i].nick));

  if (match == LODGE_USB_MATCH_KIND)
    words = g_strdup_printf (_("%s, by the rule “%s”"), lodge_usb_words_verdict (verdict),
                             lodge_usb_words_any (lodge_usb_device_get_kind (lodge_usb_plug_get_device (self->plug))));
  else
    words = g_strdup (lodge_usb_words_verdict (verdict));

  adw_action_row_set_subtitle (self->rule_row, words);
}

/* Where the right to the device is missing, and nobody else has it. */
static void
update_access (LodgeUsbRow *self)
{
  g_autoptr(GPtrArray) ways = lodge_usb_broker_dup_ways (self->broker, self->plug, self->machine);
  const GError *error = lodge_usb_plug_get_error (self->plug);
  gboolean is_denied = g_error_matches (error, LODGE_ERROR, LODGE_ERROR_DENIED);
  g_autofree char *words = NULL;

  for (guint i = 0; i < ways->len; i++)
    is_denied |= g_error_matches (((LodgeUsbWay *)g_ptr_array_index (ways, i))->obstacle, LODGE_ERROR,
                                  LODGE_ERROR_DENIED);

  g_clear_pointer (&self->command, g_free);
  if (is_denied)
    words = lodge_usb_words_dup_access (lodge_usb_plug_get_device (self->plug), &self->command);

  gtk_widget_set_visible (GTK_WIDGET (self->access_row), words != NULL);
  adw_action_row_set_subtitle (self->access_row, words != NULL ? words : "");
}

/* The drivers of this computer that have it, and where its file systems are. */
static char *
dup_use (LodgeUsbRow *self)
{
  const char *holder = lodge_usb_device_get_holder (lodge_usb_plug_get_device (self->plug));
  const LodgeUsbSafety *usage = lodge_usb_plug_get_usage (self->plug);
  g_autofree char *paths = NULL;
  g_autofree char *shown = NULL;

  if (usage == NULL || usage->verdict != LODGE_USB_SAFETY_MOUNTED)
    return g_strdup (holder);

  /* Paths may be anything. */
  paths = g_strjoinv (", ", usage->mount_points);
  shown = g_utf8_make_valid (paths, -1);

  return holder != NULL ? g_strdup_printf (_("%s; mounted at %s"), holder, shown)
                        : g_strdup_printf (_("Mounted at %s"), shown);
}

/* Libvirt's, the library's or the kernel's, which may be in no language that the user reads. */
static void
update_raw (LodgeUsbRow *self)
{
  const GError *error = lodge_usb_plug_get_error (self->plug);
  g_autofree char *words = NULL;

  if (error != NULL && lodge_usb_plug_get_error_machine (self->plug) == self->machine)
    words = g_utf8_make_valid (error->message, -1);

  gtk_widget_set_visible (GTK_WIDGET (self->raw_row), words != NULL);
  adw_action_row_set_subtitle (self->raw_row, words != NULL ? words : "");
}

static void
update_details (LodgeUsbRow *self,
                const char  *problem,
                const char  *custody)
{
  LodgeUsbDevice *device = lodge_usb_plug_get_device (self->plug);
  const char *serial = lodge_usb_device_get_serial (device);
  g_autofree char *holder = custody != NULL ? g_strdup (custody) : dup_use (self);
  g_autofree char *way = lodge_usb_words_dup_way (self->broker, self->plug, self->machine);
  g_autoptr(GString) identity = g_string_new (NULL);

  gtk_widget_set_visible (GTK_WIDGET (self->problem_row), problem != NULL);
  adw_action_row_set_subtitle (self->problem_row, problem != NULL ? problem : "");
  update_raw (self);
  update_access (self);
  adw_action_row_set_subtitle (self->way_row, way);
  gtk_widget_set_visible (GTK_WIDGET (self->holder_row), holder != NULL);
  adw_action_row_set_subtitle (self->holder_row, holder != NULL ? holder : "");

  g_string_printf (identity, _("%s, %04x:%04x, port %s"), lodge_usb_words_kind (lodge_usb_device_get_kind (device)),
                   lodge_usb_device_get_vendor (device), lodge_usb_device_get_product (device),
                   lodge_usb_device_get_port (device));
  if (serial != NULL)
    g_string_append_printf (identity, _(", serial number %s"), serial);
  adw_action_row_set_subtitle (self->identity_row, identity->str);
}

static void
update (LodgeUsbRow *self)
{
  g_autofree char *place = NULL;
  g_autofree char *obstacle = NULL;
  g_autofree char *failure = NULL;
  g_autofree char *custody = NULL;
  g_autoptr(GString) subtitle = NULL;
  g_autofree char *contenders = NULL;

  g_assert (LODGE_IS_USB_ROW (self));

  place = lodge_usb_words_dup_place (self->plug, self->machine);
  obstacle = lodge_usb_words_dup_obstacle (self->broker, self->plug, self->machine);
  failure = dup_failure (self);
  custody = lodge_usb_words_dup_custody (self->plug);
  subtitle = g_string_new (place);
  contenders = lodge_usb_words_dup_contenders (self->plug, self->machine);

  if (contenders != NULL)
    g_string_append_printf (subtitle, "\n%s", contenders);
  /* The details have it in full, and more room. */
  if (failure != NULL && !adw_expander_row_get_expanded (ADW_EXPANDER_ROW (self)))
    g_string_append_printf (subtitle, "\n%s", failure);
  else if (failure == NULL && obstacle != NULL)
    g_string_append_printf (subtitle, "\n%s", _("Cannot be given to this guest"));
  if (custody != NULL)
    g_string_append_printf (subtitle, "\n%s", custody);

  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), subtitle->str);
  update_switch (self, obstacle);
  update_rule (self);
  update_details (self, obstacle != NULL ? obstacle : failure, custody);
}

/* Rights to it may have been given meanwhile, of which nobody tells. */
static void
expanded_cb (LodgeUsbRow *self)
{
  g_assert (LODGE_IS_USB_ROW (self));

  update (self);
  if (adw_expander_row_get_expanded (ADW_EXPANDER_ROW (self)))
    lodge_usb_broker_inspect (self->broker, self->plug);
}

/* @title: (transfer full) */
static void
say_problem (LodgeUsbRow  *self,
             char         *title,
             const GError *error)
{
  g_autoptr(LodgeProblem) problem = lodge_usb_words_dup_problem (title, error, self->plug);

  if (gtk_widget_get_root (GTK_WIDGET (self)) != NULL &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    lodge_report_problem (GTK_WIDGET (self), problem);
}

static void
unmounted_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(LodgeUsbRow) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean given = lodge_usb_broker_finish (LODGE_USB_BROKER (object), result, &error);

  if (self->broker == NULL)
    return;

  if (!given)
    say_problem (self, lodge_usb_words_dup_not_given (self->plug, self->machine), error);
  update (self);
}

static void
given_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(LodgeUsbRow) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean given = lodge_usb_broker_finish (LODGE_USB_BROKER (object), result, &error);

  if (self->broker == NULL)
    return;

  if (!given && lodge_usb_plug_get_safety (self->plug) == LODGE_USB_SAFETY_MOUNTED &&
      gtk_widget_get_root (GTK_WIDGET (self)) != NULL)
    lodge_usb_unmount_dialog_run_async (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->broker,
                                        self->plug, self->machine, unmounted_cb, g_object_ref (self));
  else if (!given)
    say_problem (self, lodge_usb_words_dup_not_given (self->plug, self->machine), error);

  /* The switch goes back where it did not work. */
  update (self);
}

static void
taken_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(LodgeUsbRow) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean taken = lodge_usb_broker_finish (LODGE_USB_BROKER (object), result, &error);
  g_autofree char *name = NULL;

  if (self->broker == NULL)
    return;

  name = lodge_usb_words_dup_device (lodge_usb_plug_get_device (self->plug));
  if (!taken)
    say_problem (self, g_strdup_printf (_("%s could not be taken back"), name), error);
  update (self);
}

static void
rule_written_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(LodgeUsbRow) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!lodge_usb_broker_finish (LODGE_USB_BROKER (object), result, &error) &&
      gtk_widget_get_root (GTK_WIDGET (self)) != NULL)
    lodge_report_error (GTK_WIDGET (self), error);
}

static void
give (LodgeUsbRow *self)
{
  lodge_usb_broker_give_async (self->broker, self->plug, self->machine, given_cb, g_object_ref (self));
}

static void
response_cb (LodgeUsbRow *self,
             const char  *response)
{
  g_assert (LODGE_IS_USB_ROW (self));

  if (g_str_equal (response, "give") && self->broker != NULL)
    give (self);
  else if (self->broker != NULL)
    update (self);
}

static void
ask (LodgeUsbRow *self,
     const char  *heading,
     const char  *body)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (root), heading, body);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog),
                                    "keep", _("_Keep Here"), "give", _("_Give to the Guest"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "give", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  lodge_mnemonics_name_buttons (dialog);
  lodge_dialog_heading_wrap (dialog);
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
begin_to_give (LodgeUsbRow *self)
{
  LodgeUsbDevice *device = lodge_usb_plug_get_device (self->plug);
  LodgeMachine *holder = lodge_usb_plug_get_machine (self->plug);
  g_autofree char *name = lodge_usb_words_dup_device (device);

  if (lodge_usb_device_may_be_input (device))
    {
      g_autofree char *heading = g_strdup_printf (_("Give “%s” Away?"), name);

      ask (self, heading, _("It may be the keyboard or mouse that you are using. While a guest has it, it does "
                            "nothing on this computer; unplug it to have it back."));
    }
  else if (holder != NULL && holder != self->machine)
    {
      g_autofree char *title = lodge_words_dup_machine_title (holder);
      g_autofree char *heading = g_strdup_printf (_("Take “%s” From “%s”?"), name, title);

      ask (self, heading, _("For that guest it is as if the device was unplugged while it is in use."));
    }
  else
    {
      give (self);
    }
}

static gboolean
state_set_cb (GtkSwitch   *give_switch,
              gboolean     active,
              LodgeUsbRow *self)
{
  g_assert (LODGE_IS_USB_ROW (self));

  if (active)
    begin_to_give (self);
  else
    lodge_usb_broker_take_async (self->broker, self->plug, taken_cb, g_object_ref (self));

  return TRUE;
}

static void
copy_clicked_cb (LodgeUsbRow *self)
{
  g_assert (LODGE_IS_USB_ROW (self));

  if (self->command == NULL)
    return;

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->command);
  lodge_report_text (GTK_WIDGET (self), _("The command is in the clipboard. Run it in a terminal."));
}

static void
rule_activated_cb (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  LodgeUsbRow *self = user_data;
  const char *nick = g_variant_get_string (parameter, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (verdicts); i++)
    if (g_str_equal (verdicts[i].nick, nick))
      lodge_usb_broker_set_verdict_async (self->broker, self->plug, self->machine, verdicts[i].verdict,
                                          rule_written_cb, g_object_ref (self));
}

static void
lodge_usb_row_dispose (GObject *object)
{
  LodgeUsbRow *self = (LodgeUsbRow *)object;

  g_clear_object (&self->rules);
  g_clear_object (&self->machine);
  g_clear_object (&self->plug);
  g_clear_object (&self->broker);
  g_clear_object (&self->actions);
  g_clear_pointer (&self->command, g_free);

  G_OBJECT_CLASS (lodge_usb_row_parent_class)->dispose (object);
}

static void
lodge_usb_row_class_init (LodgeUsbRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lodge_usb_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/panels/lodge-usb-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LodgeUsbRow, access_row);
  gtk_widget_class_bind_template_child (widget_class, LodgeUsbRow, give_switch);
  gtk_widget_class_bind_template_child (widget_class, LodgeUsbRow, holder_row);
  gtk_widget_class_bind_template_child (widget_class, LodgeUsbRow, identity_row);
  gtk_widget_class_bind_template_child (widget_class, LodgeUsbRow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, LodgeUsbRow, problem_row);
  gtk_widget_class_bind_template_child (widget_class, LodgeUsbRow, raw_row);
  gtk_widget_class_bind_template_child (widget_class, LodgeUsbRow, rule_row);
  gtk_widget_class_bind_template_child (widget_class, LodgeUsbRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, LodgeUsbRow, way_row);
  gtk_widget_class_bind_template_callback (widget_class, copy_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, state_set_cb);
}

static void
lodge_usb_row_init (LodgeUsbRow *self)
{
  const GActionEntry entries[] = {
    { .name = "rule", .activate = rule_activated_cb, .parameter_type = "s", .state = "'none'" },
  };

  gtk_widget_init_template (GTK_WIDGET (self));
  lodge_menu_button_name_items (self->menu_button);

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "usb", G_ACTION_GROUP (self->actions));
}

static void
name_controls (LodgeUsbRow *self,
               const char  *name)
{
  g_autofree char *menu = g_strdup_printf (_("Rule for “%s”"), name);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->give_switch), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->menu_button), menu);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->menu_button), GTK_ACCESSIBLE_PROPERTY_LABEL, menu, -1);
}

/**
 * lodge_usb_row_new:
 * @broker: the broker
 * @plug: a device
 * @machine: the guest in whose panel it is shown
 */
GtkWidget *
lodge_usb_row_new (LodgeUsbBroker *broker,
                   LodgeUsbPlug   *plug,
                   LodgeMachine   *machine)
{
  LodgeUsbRow *self = g_object_new (LODGE_TYPE_USB_ROW, NULL);
  LodgeUsbDevice *device = lodge_usb_plug_get_device (plug);
  g_autofree char *name = lodge_usb_words_dup_device (device);

  self->broker = g_object_ref (broker);
  self->plug = g_object_ref (plug);
  self->machine = g_object_ref (machine);
  g_set_object (&self->rules, lodge_usb_broker_get_rules (broker, machine));

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), name);
  adw_expander_row_set_icon_name (ADW_EXPANDER_ROW (self),
                                  lodge_usb_words_kind_icon (lodge_usb_device_get_kind (device)));
  name_controls (self, name);

  g_signal_connect_object (plug, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (device, "notify::holder", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::expanded", G_CALLBACK (expanded_cb), NULL);
  g_signal_connect_object (machine, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (broker, "ways-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  if (self->rules != NULL)
    {
      g_signal_connect_object (self->rules, "items-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->rules, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
    }
  update (self);

  return GTK_WIDGET (self);
}
