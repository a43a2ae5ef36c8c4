/* lodge-amount-field.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-amount-field.h"

/**
 * LodgeAmountField:
 *
 * A field for an amount, as people write it.
 *
 * What the user is about to write is left alone until it is done: with Enter, or by leaving the field.
 * Escape brings back what there was.
 */

struct _LodgeAmountField
{
  GtkWidget    parent_instance;

  char        *title;
  /* What there is, whatever the user has written meanwhile */
  char        *text;
  guint        heading : 1;
  guint        edited : 1;
  guint        updating : 1;

  /* Template references */
  GtkWidget   *box;
  GtkEditable *entry;
  GtkLabel    *refusal;
  GtkWidget   *title_label;
};

enum {
  PROP_0,
  PROP_HEADING,
  PROP_TITLE,
  N_PROPS
};

enum {
  ENTERED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (LodgeAmountField, lodge_amount_field, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* Its words stand below the field, where a list that scrolls may end. */
static gboolean
bring_into_view_cb (GtkWidget     *label,
                    GdkFrameClock *clock,
                    gpointer       user_data)
{
  GtkWidget *window = gtk_widget_get_ancestor (label, GTK_TYPE_SCROLLED_WINDOW);
  GtkWidget *list = window != NULL ? gtk_scrolled_window_get_child (GTK_SCROLLED_WINDOW (window)) : NULL;
  graphene_rect_t bounds;

  if (list != NULL && gtk_widget_get_visible (label) && gtk_widget_get_height (label) == 0)
    return G_SOURCE_CONTINUE;

  if (list != NULL && gtk_widget_get_mapped (label) && gtk_widget_compute_bounds (label, list, &bounds))
    {
      GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (window));
      double top = bounds.origin.y + (GTK_IS_VIEWPORT (list) ? gtk_adjustment_get_value (adjustment) : 0);

      gtk_adjustment_clamp_page (adjustment, top, top + bounds.size.height);
    }

  return G_SOURCE_REMOVE;
}

static void
show_refusal (LodgeAmountField *self,
              const char       *reason)
{
  gtk_label_set_text (self->refusal, reason != NULL ? reason : "");
  gtk_widget_set_visible (GTK_WIDGET (self->refusal), reason != NULL);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_STATE_INVALID,
                               reason != NULL ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  reason != NULL ? reason : "", -1);

  if (reason != NULL)
    {
      gtk_widget_add_css_class (GTK_WIDGET (self->entry), "error");
      gtk_widget_add_tick_callback (GTK_WIDGET (self->refusal), bring_into_view_cb, NULL, NULL);
    }
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
}

static void
show_in_entry (LodgeAmountField *self,
               const char       *text)
{
  if (g_str_equal (gtk_editable_get_text (self->entry), text))
    return;

  self->updating = TRUE;
  gtk_editable_set_text (self->entry, text);
  self->updating = FALSE;
}

static void
entry_changed_cb (LodgeAmountField *self)
{
  g_assert (LODGE_IS_AMOUNT_FIELD (self));

  if (self->updating)
    return;

  self->edited = TRUE;
  show_refusal (self, NULL);
}

static void
entry_done_cb (LodgeAmountField *self)
{
  g_assert (LODGE_IS_AMOUNT_FIELD (self));

  if (self->edited)
    g_signal_emit (self, signals[ENTERED], 0, gtk_editable_get_text (self->entry));
}

static gboolean
entry_key_cb (LodgeAmountField *self,
              guint             keyval,
              guint             keycode,
              GdkModifierType   state)
{
  g_assert (LODGE_IS_AMOUNT_FIELD (self));

  if (keyval != GDK_KEY_Escape || !self->edited)
    return GDK_EVENT_PROPAGATE;

  lodge_amount_field_accept (self);
  show_in_entry (self, self->text);

  return GDK_EVENT_STOP;
}

static gboolean
lodge_amount_field_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (LODGE_AMOUNT_FIELD (widget)->entry));
}

static void
lodge_amount_field_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LODGE_TYPE_AMOUNT_FIELD);

  G_OBJECT_CLASS (lodge_amount_field_parent_class)->dispose (object);
}

static void
lodge_amount_field_finalize (GObject *object)
{
  LodgeAmountField *self = (LodgeAmountField *)object;

  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->text, g_free);

  G_OBJECT_CLASS (lodge_amount_field_parent_class)->finalize (object);
}

static void
lodge_amount_field_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  LodgeAmountField *self = LODGE_AMOUNT_FIELD (object);

  switch (prop_id)
    {
    case PROP_HEADING:
      g_value_set_boolean (value, self->heading);
      break;

    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_amount_field_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  LodgeAmountField *self = LODGE_AMOUNT_FIELD (object);

  switch (prop_id)
    {
    case PROP_HEADING:
      self->heading = g_value_get_boolean (value);
      if (self->heading)
        gtk_widget_add_css_class (self->title_label, "heading");
      else
        gtk_widget_remove_css_class (self->title_label, "heading");
      break;

    case PROP_TITLE:
      g_free (self->title);
      self->title = g_value_dup_string (value);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, self->title, -1);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_amount_field_class_init (LodgeAmountFieldClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lodge_amount_field_dispose;
  object_class->finalize = lodge_amount_field_finalize;
  object_class->get_property = lodge_amount_field_get_property;
  object_class->set_property = lodge_amount_field_set_property;
  widget_class->grab_focus = lodge_amount_field_grab_focus;

  properties[PROP_HEADING] =
    g_param_spec_boolean ("heading", NULL, NULL,
                          FALSE,
                          (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL,
                         NULL,
                         (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[ENTERED] =
    g_signal_new ("entered",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/panels/lodge-amount-field.ui");
  gtk_widget_class_bind_template_child (widget_class, LodgeAmountField, box);
  gtk_widget_class_bind_template_child (widget_class, LodgeAmountField, entry);
  gtk_widget_class_bind_template_child (widget_class, LodgeAmountField, refusal);
  gtk_widget_class_bind_template_child (widget_class, LodgeAmountField, title_label);
  gtk_widget_class_bind_template_callback (widget_class, entry_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_done_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_key_cb);
}

static void
lodge_amount_field_init (LodgeAmountField *self)
{
  self->text = g_strdup ("");
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lodge_amount_field_set_text:
 * @text: what there is
 *
 * Shows it, unless the user is about to change it.
 */
void
lodge_amount_field_set_text (LodgeAmountField *self,
                             const char       *text)
{
  g_return_if_fail (LODGE_IS_AMOUNT_FIELD (self));
  g_return_if_fail (text != NULL);

  if (self->text != text)
    {
      g_free (self->text);
      self->text = g_strdup (text);
    }

  if (!self->edited)
    show_in_entry (self, text);
}

/**
 * lodge_amount_field_show_text:
 * @text: what the user has chosen by other means
 *
 * Shows it, whatever is written there.
 */
void
lodge_amount_field_show_text (LodgeAmountField *self,
                              const char       *text)
{
  g_return_if_fail (LODGE_IS_AMOUNT_FIELD (self));
  g_return_if_fail (text != NULL);

  lodge_amount_field_accept (self);
  show_in_entry (self, text);
}

/**
 * lodge_amount_field_set_obstacle:
 * @reason: (nullable): why it cannot be changed, or %NULL if it can
 *
 * With a reason it is insensitive, and its tooltip and its description are that reason.
 */
void
lodge_amount_field_set_obstacle (LodgeAmountField *self,
                                 const char       *reason)
{
  g_return_if_fail (LODGE_IS_AMOUNT_FIELD (self));

  if (g_strcmp0 (gtk_widget_get_tooltip_text (GTK_WIDGET (self)), reason) == 0)
    return;

  /* Each by itself: GTK tells assistive technology of nothing that is around a widget. */
  gtk_widget_set_sensitive (self->title_label, reason == NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->entry), reason == NULL);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), reason);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  reason != NULL ? reason : "", -1);
}

/**
 * lodge_amount_field_accept:
 *
 * What was entered makes sense and is on its way, or does not matter any more.
 */
void
lodge_amount_field_accept (LodgeAmountField *self)
{
  g_return_if_fail (LODGE_IS_AMOUNT_FIELD (self));

  self->edited = FALSE;
  show_refusal (self, NULL);
}

/**
 * lodge_amount_field_refuse:
 * @reason: what is wrong with what was entered, and what would do
 */
void
lodge_amount_field_refuse (LodgeAmountField *self,
                           const char       *reason)
{
  g_return_if_fail (LODGE_IS_AMOUNT_FIELD (self));
  g_return_if_fail (reason != NULL);

  show_refusal (self, reason);
}
