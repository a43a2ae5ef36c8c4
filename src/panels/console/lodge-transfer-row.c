/* lodge-transfer-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-transfer-row.h"

/**
 * LodgeTransferRow:
 *
 * One file on its way to the guest.
 */

struct _LodgeTransferRow
{
  GtkListBoxRow      parent_instance;

  LodgeFileTransfer *transfer;
};

enum {
  PROP_0,
  PROP_TRANSFER,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LodgeTransferRow, lodge_transfer_row, GTK_TYPE_LIST_BOX_ROW)

static GParamSpec *properties[N_PROPS];

static char *
format_state (GObject *object,
              guint64  transferred,
              guint64  total,
              gboolean done,
              GError  *error)
{
  g_autofree char *sent = g_format_size (transferred);
  g_autofree char *all = g_format_size (total);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_strdup (_("Cancelled"));

  if (error != NULL)
    return g_strdup_printf (_("Not sent: %s"), error->message);

  if (done)
    return g_strdup_printf (_("Sent, %s"), all);

  return g_strdup_printf (_("%s of %s"), sent, all);
}

static gboolean
is_under_way (GObject *object,
              gboolean done)
{
  return !done;
}

static void
cancel_clicked_cb (LodgeTransferRow *self)
{
  g_assert (LODGE_IS_TRANSFER_ROW (self));

  lodge_file_transfer_cancel (self->transfer);
}

static void
lodge_transfer_row_dispose (GObject *object)
{
  LodgeTransferRow *self = (LodgeTransferRow *)object;

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), LODGE_TYPE_TRANSFER_ROW);
  g_clear_object (&self->transfer);

  G_OBJECT_CLASS (lodge_transfer_row_parent_class)->dispose (object);
}

static void
lodge_transfer_row_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  LodgeTransferRow *self = LODGE_TRANSFER_ROW (object);

  switch (prop_id)
    {
    case PROP_TRANSFER:
      g_value_set_object (value, self->transfer);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_transfer_row_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  LodgeTransferRow *self = LODGE_TRANSFER_ROW (object);

  switch (prop_id)
    {
    case PROP_TRANSFER:
      self->transfer = g_value_dup_object (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_transfer_row_class_init (LodgeTransferRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lodge_transfer_row_dispose;
  object_class->get_property = lodge_transfer_row_get_property;
  object_class->set_property = lodge_transfer_row_set_property;

  properties[PROP_TRANSFER] =
    g_param_spec_object ("transfer", NULL, NULL,
                         LODGE_TYPE_FILE_TRANSFER,
                         (G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (LODGE_TYPE_FILE_TRANSFER);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/panels/lodge-transfer-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, cancel_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, format_state);
  gtk_widget_class_bind_template_callback (widget_class, is_under_way);
}

static void
lodge_transfer_row_init (LodgeTransferRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
lodge_transfer_row_new (LodgeFileTransfer *transfer)
{
  g_return_val_if_fail (LODGE_IS_FILE_TRANSFER (transfer), NULL);

  return g_object_new (LODGE_TYPE_TRANSFER_ROW, "transfer", transfer, NULL);
}
