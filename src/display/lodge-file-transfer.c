/* lodge-file-transfer.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-file-transfer-private.h"

/**
 * LodgeFileTransfer:
 *
 * One file on its way to the guest.
 *
 * It stays readable after it has ended, also when the connection it went over is long gone.
 */

struct _LodgeFileTransfer
{
  GObject       parent_instance;
  GCancellable *cancellable;
  GError       *error;
  char         *name;
  guint64       total;
  guint64       transferred;
  guint         done : 1;
};

enum {
  PROP_0,
  PROP_DONE,
  PROP_ERROR,
  PROP_FRACTION,
  PROP_NAME,
  PROP_TOTAL,
  PROP_TRANSFERRED,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LodgeFileTransfer, lodge_file_transfer, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void
lodge_file_transfer_progress_cb (LodgeFileTransfer     *self,
                                 GParamSpec            *pspec,
                                 SpiceFileTransferTask *task)
{
  guint64 transferred = spice_file_transfer_task_get_transferred_bytes (task);
  guint64 total = spice_file_transfer_task_get_total_bytes (task);

  if (self->done || (self->total == total && self->transferred == transferred))
    return;

  g_object_freeze_notify (G_OBJECT (self));

  if (self->total != total)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TOTAL]);

  if (self->transferred != transferred)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TRANSFERRED]);

  self->total = total;
  self->transferred = transferred;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRACTION]);

  g_object_thaw_notify (G_OBJECT (self));
}

static void
lodge_file_transfer_finished_cb (LodgeFileTransfer     *self,
                                 GError                *error,
                                 SpiceFileTransferTask *task)
{
  lodge_file_transfer_progress_cb (self, NULL, task);
  _lodge_file_transfer_end (self, error);
}

static void
lodge_file_transfer_finalize (GObject *object)
{
  LodgeFileTransfer *self = (LodgeFileTransfer *)object;

  g_clear_error (&self->error);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->name, g_free);

  G_OBJECT_CLASS (lodge_file_transfer_parent_class)->finalize (object);
}

static void
lodge_file_transfer_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  LodgeFileTransfer *self = LODGE_FILE_TRANSFER (object);

  switch (prop_id)
    {
    case PROP_DONE:
      g_value_set_boolean (value, self->done);
      break;

    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;

    case PROP_FRACTION:
      g_value_set_double (value, lodge_file_transfer_get_fraction (self));
      break;

    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;

    case PROP_TOTAL:
      g_value_set_uint64 (value, self->total);
      break;

    case PROP_TRANSFERRED:
      g_value_set_uint64 (value, self->transferred);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_file_transfer_class_init (LodgeFileTransferClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = lodge_file_transfer_finalize;
  object_class->get_property = lodge_file_transfer_get_property;

  properties[PROP_DONE] = g_param_spec_boolean ("done", NULL, NULL, FALSE, flags);

  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);

  properties[PROP_FRACTION] =
    g_param_spec_double ("fraction", NULL, NULL, 0.0, 1.0, 0.0, flags);

  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);

  properties[PROP_TOTAL] =
    g_param_spec_uint64 ("total", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  properties[PROP_TRANSFERRED] =
    g_param_spec_uint64 ("transferred", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
lodge_file_transfer_init (LodgeFileTransfer *self)
{
  self->cancellable = g_cancellable_new ();
}

LodgeFileTransfer *
_lodge_file_transfer_new (GFile *file)
{
  LodgeFileTransfer *self = g_object_new (LODGE_TYPE_FILE_TRANSFER, NULL);
  g_autofree char *basename = g_file_get_basename (file);

  self->name = g_filename_display_name (basename != NULL ? basename : "");

  return self;
}

GCancellable *
_lodge_file_transfer_get_cancellable (LodgeFileTransfer *self)
{
  g_assert (LODGE_IS_FILE_TRANSFER (self));

  return self->cancellable;
}

void
_lodge_file_transfer_follow (LodgeFileTransfer     *self,
                             SpiceFileTransferTask *task)
{
  g_assert (LODGE_IS_FILE_TRANSFER (self));

  g_signal_connect_object (task, "notify::progress",
                           G_CALLBACK (lodge_file_transfer_progress_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (task, "finished",
                           G_CALLBACK (lodge_file_transfer_finished_cb), self, G_CONNECT_SWAPPED);
}

void
_lodge_file_transfer_end (LodgeFileTransfer *self,
                          const GError      *error)
{
  g_assert (LODGE_IS_FILE_TRANSFER (self));

  if (self->done)
    return;

  self->done = TRUE;
  g_object_freeze_notify (G_OBJECT (self));

  if (error != NULL)
    {
      self->error = g_error_copy (error);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
    }

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRACTION]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DONE]);
  g_object_thaw_notify (G_OBJECT (self));
}

const char *
lodge_file_transfer_get_name (LodgeFileTransfer *self)
{
  g_return_val_if_fail (LODGE_IS_FILE_TRANSFER (self), NULL);

  return self->name;
}

double
lodge_file_transfer_get_fraction (LodgeFileTransfer *self)
{
  g_return_val_if_fail (LODGE_IS_FILE_TRANSFER (self), 0.0);

  /* An empty file is there or it is not. */
  if (self->done && self->error == NULL)
    return 1.0;

  if (self->total == 0)
    return 0.0;

  return MIN ((double)self->transferred / (double)self->total, 1.0);
}

gboolean
lodge_file_transfer_get_done (LodgeFileTransfer *self)
{
  g_return_val_if_fail (LODGE_IS_FILE_TRANSFER (self), FALSE);

  return self->done;
}

/**
 * lodge_file_transfer_get_error:
 * @self: a transfer
 *
 * Returns: (transfer none) (nullable): why it failed; %G_IO_ERROR_CANCELLED if that was asked for
 */
const GError *
lodge_file_transfer_get_error (LodgeFileTransfer *self)
{
  g_return_val_if_fail (LODGE_IS_FILE_TRANSFER (self), NULL);

  return self->error;
}

/**
 * lodge_file_transfer_cancel:
 * @self: a transfer
 *
 * Ends it now. The library hears of it when it next reads from the file, which an agent that does
 * not answer may put off for ever.
 */
void
lodge_file_transfer_cancel (LodgeFileTransfer *self)
{
  g_autoptr(GError) error = NULL;

  g_return_if_fail (LODGE_IS_FILE_TRANSFER (self));

  if (self->done)
    return;

  g_cancellable_cancel (self->cancellable);
  g_cancellable_set_error_if_cancelled (self->cancellable, &error);
  _lodge_file_transfer_end (self, error);
}
