/* lodge-resource-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-amount-field.h"
#include "lodge-resource-row.h"

/**
 * LodgeResourceRow:
 *
 * One amount that a guest has, as a slider and as a field that show the same.
 *
 * What the user is about to write or to drag is left alone until it is done.
 */

struct _LodgeResourceRow
{
  GtkWidget             parent_instance;

  char                 *title;
  LodgeZoneScaleFormat  format_exact;

  /* Template references */
  GtkWidget            *controls;
  LodgeAmountField     *field;
  LodgeUsageGraph      *graph;
  GtkLabel             *obstacle;
  LodgeZoneScale       *scale;
  GtkLabel             *status;
};

enum {
  PROP_0,
  PROP_TITLE,
  N_PROPS
};

enum {
  ASKED,
  ENTERED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (LodgeResourceRow, lodge_resource_row, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
field_entered_cb (LodgeResourceRow *self,
                  const char       *text)
{
  g_assert (LODGE_IS_RESOURCE_ROW (self));

  g_signal_emit (self, signals[ENTERED], 0, text);
}

static void
scale_moved_cb (LodgeResourceRow *self,
                double            value)
{
  g_assert (LODGE_IS_RESOURCE_ROW (self));

  if (self->format_exact != NULL)
    {
      g_autofree char *text = self->format_exact (value);

      lodge_amount_field_show_text (self->field, text);
    }
}

static void
scale_asked_cb (LodgeResourceRow *self,
                double            value)
{
  g_assert (LODGE_IS_RESOURCE_ROW (self));

  g_signal_emit (self, signals[ASKED], 0, value);
}

static void
lodge_resource_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LODGE_TYPE_RESOURCE_ROW);

  G_OBJECT_CLASS (lodge_resource_row_parent_class)->dispose (object);
}

static void
lodge_resource_row_finalize (GObject *object)
{
  LodgeResourceRow *self = (LodgeResourceRow *)object;

  g_clear_pointer (&self->title, g_free);

  G_OBJECT_CLASS (lodge_resource_row_parent_class)->finalize (object);
}

static void
lodge_resource_row_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  LodgeResourceRow *self = LODGE_RESOURCE_ROW (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_resource_row_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  LodgeResourceRow *self = LODGE_RESOURCE_ROW (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_free (self->title);
      self->title = g_value_dup_string (value);

      gtk_accessible_update_property (GTK_ACCESSIBLE (self->scale),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, self->title, -1);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_resource_row_class_init (LodgeResourceRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lodge_resource_row_dispose;
  object_class->finalize = lodge_resource_row_finalize;
  object_class->get_property = lodge_resource_row_get_property;
  object_class->set_property = lodge_resource_row_set_property;

  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL,
                         NULL,
                         (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[ASKED] =
    g_signal_new ("asked",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_DOUBLE);

  signals[ENTERED] =
    g_signal_new ("entered",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (LODGE_TYPE_AMOUNT_FIELD);
  g_type_ensure (LODGE_TYPE_USAGE_GRAPH);
  g_type_ensure (LODGE_TYPE_ZONE_SCALE);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/panels/lodge-resource-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LodgeResourceRow, controls);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourceRow, field);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourceRow, graph);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourceRow, obstacle);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourceRow, scale);
  gtk_widget_class_bind_template_child (widget_class, LodgeResourceRow, status);
  gtk_widget_class_bind_template_callback (widget_class, field_entered_cb);
  gtk_widget_class_bind_template_callback (widget_class, scale_asked_cb);
  gtk_widget_class_bind_template_callback (widget_class, scale_moved_cb);
}

static void
lodge_resource_row_init (LodgeResourceRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

LodgeZoneScale *
lodge_resource_row_get_scale (LodgeResourceRow *self)
{
  g_return_val_if_fail (LODGE_IS_RESOURCE_ROW (self), NULL);

  return self->scale;
}

LodgeUsageGraph *
lodge_resource_row_get_graph (LodgeResourceRow *self)
{
  g_return_val_if_fail (LODGE_IS_RESOURCE_ROW (self), NULL);

  return self->graph;
}

/**
 * lodge_resource_row_set_formats:
 * @format: for ticks and assistive technology
 * @format_exact: for the field, whose text is read again
 */
void
lodge_resource_row_set_formats (LodgeResourceRow     *self,
                                LodgeZoneScaleFormat  format,
                                LodgeZoneScaleFormat  format_exact)
{
  g_return_if_fail (LODGE_IS_RESOURCE_ROW (self));

  self->format_exact = format_exact;
  lodge_zone_scale_set_format (self->scale, format);
}

/**
 * lodge_resource_row_set_value:
 * @value: what there is
 *
 * Shows it in both, unless the user is about to change it.
 */
void
lodge_resource_row_set_value (LodgeResourceRow *self,
                              double            value)
{
  g_return_if_fail (LODGE_IS_RESOURCE_ROW (self));

  lodge_zone_scale_set_value (self->scale, value);

  if (self->format_exact != NULL && !lodge_zone_scale_is_held (self->scale))
    {
      g_autofree char *text = self->format_exact (value);

      lodge_amount_field_set_text (self->field, text);
    }
}

/**
 * lodge_resource_row_set_status:
 * @text: (nullable): what there is, next to what was asked
 * @warning: whether it should be seen
 */
void
lodge_resource_row_set_status (LodgeResourceRow *self,
                               const char       *text,
                               gboolean          warning)
{
  g_return_if_fail (LODGE_IS_RESOURCE_ROW (self));

  gtk_label_set_text (self->status, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->status), text != NULL);

  if (warning)
    {
      gtk_widget_add_css_class (GTK_WIDGET (self->status), "warning");
      gtk_widget_remove_css_class (GTK_WIDGET (self->status), "dim-label");
    }
  else
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self->status), "warning");
      gtk_widget_add_css_class (GTK_WIDGET (self->status), "dim-label");
    }
}

/* Whoever is in it with the keyboard would be nowhere if it became insensitive. */
static void
leave (LodgeResourceRow *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  for (guint i = 0; root != NULL && i < 2; i++)
    {
      GtkWidget *focus = gtk_root_get_focus (root);

      if (focus == NULL || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
        return;

      gtk_widget_child_focus (GTK_WIDGET (root), GTK_DIR_TAB_FORWARD);
    }
}

/**
 * lodge_resource_row_set_obstacle:
 * @reason: (nullable): why it cannot be changed, or %NULL if it can
 * @shown: whether the reason is to be read here; it stands somewhere else otherwise
 */
void
lodge_resource_row_set_obstacle (LodgeResourceRow *self,
                                 const char       *reason,
                                 gboolean          shown)
{
  g_return_if_fail (LODGE_IS_RESOURCE_ROW (self));

  if (reason != NULL)
    leave (self);

  lodge_zone_scale_set_obstacle (self->scale, reason);
  lodge_amount_field_set_obstacle (self->field, reason);
  gtk_label_set_text (self->obstacle, reason != NULL ? reason : "");
  gtk_widget_set_visible (GTK_WIDGET (self->obstacle), reason != NULL && shown);
}

/**
 * lodge_resource_row_accept:
 *
 * What was entered makes sense and is on its way.
 */
void
lodge_resource_row_accept (LodgeResourceRow *self)
{
  g_return_if_fail (LODGE_IS_RESOURCE_ROW (self));

  lodge_amount_field_accept (self->field);
}

/**
 * lodge_resource_row_refuse:
 * @reason: what is wrong with what was entered, and what would do
 */
void
lodge_resource_row_refuse (LodgeResourceRow *self,
                           const char       *reason)
{
  g_return_if_fail (LODGE_IS_RESOURCE_ROW (self));
  g_return_if_fail (reason != NULL);

  lodge_amount_field_refuse (self->field, reason);
}
