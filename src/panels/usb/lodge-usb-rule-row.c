/* lodge-usb-rule-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-report.h"
#include "lodge-usb-rule-row.h"
#include "lodge-usb-words.h"

/**
 * LodgeUsbRuleRow:
 *
 * A rule of a guest, also for what is not plugged in: what it says, and a button to remove it.
 */

struct _LodgeUsbRuleRow
{
  AdwActionRow    parent_instance;

  LodgeUsbBroker *broker;
  LodgeUsbRule   *rule;
  LodgeMachine   *machine;

  /* Template references */
  GtkButton      *remove_button;
  GtkDropDown    *verdict_drop_down;
};

G_DEFINE_FINAL_TYPE (LodgeUsbRuleRow, lodge_usb_rule_row, ADW_TYPE_ACTION_ROW)

/* In the order of the list to choose from. */
static const LodgeUsbVerdict verdicts[] = {
  LODGE_USB_VERDICT_ALWAYS, LODGE_USB_VERDICT_ASK, LODGE_USB_VERDICT_NEVER
};

static gboolean
is_here (LodgeUsbRuleRow *self)
{
  guint n_plugs = g_list_model_get_n_items (G_LIST_MODEL (self->broker));

  for (guint i = 0; i < n_plugs; i++)
    {
      g_autoptr(LodgeUsbPlug) plug = g_list_model_get_item (G_LIST_MODEL (self->broker), i);
      LodgeUsbIdentity identity;

      lodge_usb_identity_init (&identity, lodge_usb_plug_get_device (plug), FALSE);
      if (lodge_usb_rule_match (self->rule, &identity) != LODGE_USB_MATCH_NONE)
        return TRUE;
    }

  return FALSE;
}

static char *
dup_identity (LodgeUsbRule *rule)
{
  const char *serial = lodge_usb_rule_get_serial (rule);
  const char *place = lodge_usb_rule_get_place (rule);
  guint vendor = lodge_usb_rule_get_vendor (rule);
  guint product = lodge_usb_rule_get_product (rule);

  if (serial != NULL)
    return g_strdup_printf (_("%04x:%04x, serial number %s"), vendor, product, serial);
  if (place != NULL)
    return g_strdup_printf (_("%04x:%04x, without a serial number, in its port"), vendor, product);

  return g_strdup_printf ("%04x:%04x", vendor, product);
}

static void
update (LodgeUsbRuleRow *self)
{
  g_autofree char *subtitle = NULL;
  gboolean here;

  g_assert (LODGE_IS_USB_RULE_ROW (self));

  here = is_here (self);

  if (lodge_usb_rule_is_for_kind (self->rule))
    {
      subtitle = g_strdup (here ? _("One is plugged in") : _("None is plugged in"));
    }
  else
    {
      g_autofree char *identity = dup_identity (self->rule);

      subtitle = g_strdup_printf ("%s\n%s", identity, here ? _("Plugged in") : _("Not plugged in"));
    }

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle);
}

static void
update_verdict (LodgeUsbRuleRow *self)
{
  LodgeUsbVerdict verdict = lodge_usb_rule_get_verdict (self->rule);

  g_assert (LODGE_IS_USB_RULE_ROW (self));

  for (guint i = 0; i < G_N_ELEMENTS (verdicts); i++)
    if (verdicts[i] == verdict)
      gtk_drop_down_set_selected (self->verdict_drop_down, i);
}

static void
written_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(LodgeUsbRuleRow) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!lodge_usb_broker_finish (LODGE_USB_BROKER (object), result, &error) &&
      gtk_widget_get_root (GTK_WIDGET (self)) != NULL)
    {
      lodge_report_error (GTK_WIDGET (self), error);
      update_verdict (self);
    }
}

static void
write_verdict (LodgeUsbRuleRow *self,
               LodgeUsbVerdict  verdict)
{
  lodge_usb_broker_set_rule_verdict_async (self->broker, self->rule, self->machine, verdict,
                                           written_cb, g_object_ref (self));
}

static void
selected_cb (LodgeUsbRuleRow *self)
{
  guint selected;

  g_assert (LODGE_IS_USB_RULE_ROW (self));

  selected = gtk_drop_down_get_selected (self->verdict_drop_down);
  if (self->rule != NULL && selected < G_N_ELEMENTS (verdicts) &&
      verdicts[selected] != lodge_usb_rule_get_verdict (self->rule))
    write_verdict (self, verdicts[selected]);
}

static void
undo_clicked_cb (LodgeUsbRuleRow *self)
{
  g_assert (LODGE_IS_USB_RULE_ROW (self));

  write_verdict (self, lodge_usb_rule_get_verdict (self->rule));
}

/* The row goes with its rule; the toast keeps it for as long as that may come back. */
static void
remove_clicked_cb (LodgeUsbRuleRow *self)
{
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;
  AdwToast *toast;

  g_assert (LODGE_IS_USB_RULE_ROW (self));

  name = lodge_usb_words_dup_rule (self->rule);
  text = g_strdup_printf (_("The rule for “%s” was removed"), name);
  toast = lodge_report_offer (GTK_WIDGET (self), text, _("_Undo"));
  if (toast != NULL)
    {
      g_object_set_data_full (G_OBJECT (toast), "lodge-row", g_object_ref (self), g_object_unref);
      g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_clicked_cb), self, G_CONNECT_SWAPPED);
    }

  write_verdict (self, LODGE_USB_VERDICT_NONE);
}

static void
lodge_usb_rule_row_dispose (GObject *object)
{
  LodgeUsbRuleRow *self = (LodgeUsbRuleRow *)object;

  g_clear_object (&self->machine);
  g_clear_object (&self->rule);
  g_clear_object (&self->broker);

  G_OBJECT_CLASS (lodge_usb_rule_row_parent_class)->dispose (object);
}

static void
lodge_usb_rule_row_class_init (LodgeUsbRuleRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lodge_usb_rule_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/panels/lodge-usb-rule-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LodgeUsbRuleRow, remove_button);
  gtk_widget_class_bind_template_child (widget_class, LodgeUsbRuleRow, verdict_drop_down);
  gtk_widget_class_bind_template_callback (widget_class, remove_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
}

static void
lodge_usb_rule_row_init (LodgeUsbRuleRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
lodge_usb_rule_row_new (LodgeUsbBroker *broker,
                        LodgeUsbRule   *rule,
                        LodgeMachine   *machine)
{
  LodgeUsbRuleRow *self = g_object_new (LODGE_TYPE_USB_RULE_ROW, NULL);
  g_autofree char *name = lodge_usb_words_dup_rule (rule);
  g_autofree char *choose = g_strdup_printf (_("When “%s” is plugged in"), name);
  g_autofree char *remove = g_strdup_printf (_("Remove the rule for “%s”"), name);

  self->broker = g_object_ref (broker);
  self->machine = g_object_ref (machine);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->remove_button), remove);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->remove_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, remove, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->verdict_drop_down),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, choose, -1);

  g_set_object (&self->rule, rule);
  update_verdict (self);
  update (self);
  g_signal_connect_object (rule, "notify::verdict", G_CALLBACK (update_verdict), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (broker, "items-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}
