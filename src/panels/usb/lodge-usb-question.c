/* lodge-usb-question.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-mnemonics.h"
#include "lodge-usb-question.h"
#include "lodge-usb-words.h"
#include "lodge-words.h"

/**
 * LodgeUsbQuestion:
 *
 * Whether a guest gets what was just plugged in, or what a rule gives it and this computer has mounted.
 * It waits at the edge of the screen and takes neither the keyboard nor the pointer away.
 */

struct _LodgeUsbQuestion
{
  AdwBin          parent_instance;

  LodgeUsbBroker *broker;
  LodgeUsbPlug   *plug;
  LodgeMachine   *machine;

  /* Template references */
  GtkWidget      *always_button;
  GtkButton      *give_button;
  GtkImage       *icon;
  GtkLabel       *label;
  GtkWidget      *unmount_button;
};

enum {
  ANSWERED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (LodgeUsbQuestion, lodge_usb_question, ADW_TYPE_BIN)

static guint signals[N_SIGNALS];

static void
answer (LodgeUsbQuestion *self,
        const char       *text)
{
  g_autoptr(LodgeUsbQuestion) alive = g_object_ref (self);

  g_signal_emit (self, signals[ANSWERED], 0, text);
}

static void
give_clicked_cb (LodgeUsbQuestion *self)
{
  g_assert (LODGE_IS_USB_QUESTION (self));

  answer (self, "give");
}

static void
keep_clicked_cb (LodgeUsbQuestion *self)
{
  g_assert (LODGE_IS_USB_QUESTION (self));

  answer (self, "keep");
}

static void
always_clicked_cb (LodgeUsbQuestion *self)
{
  g_assert (LODGE_IS_USB_QUESTION (self));

  answer (self, "always");
}

static void
unmount_clicked_cb (LodgeUsbQuestion *self)
{
  g_assert (LODGE_IS_USB_QUESTION (self));

  answer (self, "unmount");
}

static void
present_changed_cb (LodgeUsbQuestion *self)
{
  g_assert (LODGE_IS_USB_QUESTION (self));

  if (!lodge_usb_device_is_present (lodge_usb_plug_get_device (self->plug)))
    answer (self, "gone");
}

/* Given from its panel, or by another window's answer, it need not be asked about any more. */
static void
state_changed_cb (LodgeUsbQuestion *self)
{
  g_assert (LODGE_IS_USB_QUESTION (self));

  if (lodge_usb_plug_get_state (self->plug) != LODGE_USB_PLUG_HERE)
    answer (self, "gone");
}

static void
lodge_usb_question_dispose (GObject *object)
{
  LodgeUsbQuestion *self = (LodgeUsbQuestion *)object;

  g_clear_object (&self->broker);
  g_clear_object (&self->plug);
  g_clear_object (&self->machine);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), LODGE_TYPE_USB_QUESTION);

  G_OBJECT_CLASS (lodge_usb_question_parent_class)->dispose (object);
}

static void
lodge_usb_question_class_init (LodgeUsbQuestionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lodge_usb_question_dispose;

  signals[ANSWERED] =
    g_signal_new ("answered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/panels/lodge-usb-question.ui");
  gtk_widget_class_bind_template_child (widget_class, LodgeUsbQuestion, always_button);
  gtk_widget_class_bind_template_child (widget_class, LodgeUsbQuestion, give_button);
  gtk_widget_class_bind_template_child (widget_class, LodgeUsbQuestion, icon);
  gtk_widget_class_bind_template_child (widget_class, LodgeUsbQuestion, label);
  gtk_widget_class_bind_template_child (widget_class, LodgeUsbQuestion, unmount_button);
  gtk_widget_class_bind_template_callback (widget_class, always_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, give_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, keep_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, unmount_clicked_cb);
}

static void
lodge_usb_question_init (LodgeUsbQuestion *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
say (LodgeUsbQuestion *self,
     const char       *text)
{
  gtk_label_set_text (self->label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

/* What cannot be done now is said, and not offered; a rule waits until it can be. */
static void
update_offer (LodgeUsbQuestion *self)
{
  g_autofree char *name = lodge_usb_words_dup_device (lodge_usb_plug_get_device (self->plug));
  g_autofree char *text = g_strdup_printf (_("%s was plugged in"), name);
  g_autofree char *obstacle = lodge_usb_words_dup_obstacle (self->broker, self->plug, self->machine);
  g_autofree char *both = g_strjoin ("\n", text, obstacle, NULL);

  say (self, both);
  gtk_widget_set_sensitive (GTK_WIDGET (self->give_button), obstacle == NULL);
}

static LodgeUsbQuestion *
question_new (LodgeUsbPlug *plug,
              LodgeMachine *machine)
{
  LodgeUsbQuestion *self = g_object_new (LODGE_TYPE_USB_QUESTION, NULL);
  LodgeUsbDevice *device = lodge_usb_plug_get_device (plug);

  self->plug = g_object_ref (plug);
  self->machine = g_object_ref (machine);
  gtk_image_set_from_icon_name (self->icon, lodge_usb_words_kind_icon (lodge_usb_device_get_kind (device)));

  g_signal_connect_object (device, "notify::present", G_CALLBACK (present_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (plug, "notify::state", G_CALLBACK (state_changed_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * lodge_usb_question_new:
 * @broker: the broker
 * @plug: what was plugged in
 * @machine: the guest that may have it
 */
GtkWidget *
lodge_usb_question_new (LodgeUsbBroker *broker,
                        LodgeUsbPlug   *plug,
                        LodgeMachine   *machine)
{
  g_autofree char *title = lodge_words_dup_machine_title (machine);
  g_auto(GStrv) parts = g_strsplit (title, "_", -1);
  g_autofree char *escaped = g_strjoinv ("__", parts);
  g_autofree char *give = g_strdup_printf (_("_Give to %s"), escaped);
  LodgeUsbQuestion *self = question_new (plug, machine);

  self->broker = g_object_ref (broker);
  gtk_button_set_label (self->give_button, give);
  /* A guest's name may be long, and the window narrow. */
  gtk_label_set_ellipsize (GTK_LABEL (gtk_button_get_child (self->give_button)), PANGO_ELLIPSIZE_END);
  lodge_mnemonics_name_buttons (GTK_WIDGET (self));

  g_signal_connect_object (plug, "notify::safety", G_CALLBACK (update_offer), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (broker, "ways-changed", G_CALLBACK (update_offer), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (machine, "notify::state", G_CALLBACK (update_offer), self, G_CONNECT_SWAPPED);
  update_offer (self);

  return GTK_WIDGET (self);
}

/**
 * lodge_usb_question_new_mounted:
 * @plug: a device whose #LodgeUsbPlug:safety says that it is mounted
 * @machine: the guest that is to have it
 */
GtkWidget *
lodge_usb_question_new_mounted (LodgeUsbPlug *plug,
                                LodgeMachine *machine)
{
  g_autofree char *name = lodge_usb_words_dup_device (lodge_usb_plug_get_device (plug));
  g_autofree char *title = lodge_words_dup_machine_title (machine);
  g_autofree char *mounts = lodge_usb_words_dup_mounts (plug);
  g_autofree char *text = g_strdup_printf (_("%s is to be given to “%s”. %s"), name, title, mounts);
  LodgeUsbQuestion *self = question_new (plug, machine);

  say (self, text);
  gtk_widget_set_visible (GTK_WIDGET (self->give_button), FALSE);
  gtk_widget_set_visible (self->always_button, FALSE);
  gtk_widget_set_visible (self->unmount_button, TRUE);
  lodge_mnemonics_name_buttons (GTK_WIDGET (self));

  return GTK_WIDGET (self);
}

LodgeUsbPlug *
lodge_usb_question_get_plug (LodgeUsbQuestion *self)
{
  g_return_val_if_fail (LODGE_IS_USB_QUESTION (self), NULL);

  return self->plug;
}

LodgeMachine *
lodge_usb_question_get_machine (LodgeUsbQuestion *self)
{
  g_return_val_if_fail (LODGE_IS_USB_QUESTION (self), NULL);

  return self->machine;
}
