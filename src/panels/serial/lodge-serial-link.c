/* lodge-serial-link.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-serial-link.h"

#define BLOCK 4096

/* What is typed while the other end does not read is worth no more than this. */
#define MAX_WAITING (64 * 1024)

/**
 * LodgeSerialLink:
 *
 * The line to a machine's serial console. It is opened when it is made, and ends with the machine.
 */

struct _LodgeSerialLink
{
  GObject       parent_instance;

  LodgeMachine *machine;
  GIOStream    *stream;
  GCancellable *cancellable;
  GByteArray   *waiting;
  GBytes       *under_way;
  GError       *error;
};

enum {
  PROP_0,
  PROP_ERROR,
  PROP_OPEN,
  N_PROPS
};

enum {
  RECEIVED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (LodgeSerialLink, lodge_serial_link, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void read_more  (LodgeSerialLink *self);
static void write_more (LodgeSerialLink *self);

/* Takes @error. Null: the other end closed. */
static void
end (LodgeSerialLink *self,
     GError          *error)
{
  g_autoptr(GIOStream) stream = g_steal_pointer (&self->stream);

  if (stream != NULL)
    g_io_stream_close_async (stream, G_PRIORITY_DEFAULT, NULL, NULL, NULL);

  g_clear_error (&self->error);
  self->error = error;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPEN]);
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(LodgeSerialLink) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result, &error);

  if (self->stream == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    {
      end (self, g_steal_pointer (&error));
      return;
    }

  g_signal_emit (self, signals[RECEIVED], 0, bytes);

  if (self->stream != NULL)
    read_more (self);
}

static void
read_more (LodgeSerialLink *self)
{
  g_input_stream_read_bytes_async (g_io_stream_get_input_stream (self->stream), BLOCK, G_PRIORITY_DEFAULT,
                                   self->cancellable, read_cb, g_object_ref (self));
}

static void
write_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(LodgeSerialLink) self = user_data;
  g_autoptr(GError) error = NULL;

  g_clear_pointer (&self->under_way, g_bytes_unref);

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (object), result, NULL, &error))
    {
      if (self->stream != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        end (self, g_steal_pointer (&error));
      return;
    }

  write_more (self);
}

static void
write_more (LodgeSerialLink *self)
{
  if (self->stream == NULL || self->under_way != NULL || self->waiting->len == 0)
    return;

  self->under_way = g_byte_array_free_to_bytes (g_steal_pointer (&self->waiting));
  self->waiting = g_byte_array_new ();
  g_output_stream_write_all_async (g_io_stream_get_output_stream (self->stream),
                                   g_bytes_get_data (self->under_way, NULL),
                                   g_bytes_get_size (self->under_way),
                                   G_PRIORITY_DEFAULT, self->cancellable, write_cb, g_object_ref (self));
}

static void
opened_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(LodgeSerialLink) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GIOStream) stream = lodge_machine_open_console_finish (LODGE_MACHINE (object), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    {
      if (stream != NULL)
        g_io_stream_close_async (stream, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
      return;
    }

  if (stream == NULL)
    {
      end (self, g_steal_pointer (&error));
      return;
    }

  self->stream = g_steal_pointer (&stream);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPEN]);
  read_more (self);
  write_more (self);
}

static void
lodge_serial_link_dispose (GObject *object)
{
  LodgeSerialLink *self = (LodgeSerialLink *)object;

  lodge_serial_link_close (self);
  g_clear_object (&self->machine);

  G_OBJECT_CLASS (lodge_serial_link_parent_class)->dispose (object);
}

static void
lodge_serial_link_finalize (GObject *object)
{
  LodgeSerialLink *self = (LodgeSerialLink *)object;

  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  g_clear_pointer (&self->waiting, g_byte_array_unref);
  g_clear_pointer (&self->under_way, g_bytes_unref);

  G_OBJECT_CLASS (lodge_serial_link_parent_class)->finalize (object);
}

static void
lodge_serial_link_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  LodgeSerialLink *self = LODGE_SERIAL_LINK (object);

  switch (prop_id)
    {
    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;

    case PROP_OPEN:
      g_value_set_boolean (value, lodge_serial_link_get_open (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_serial_link_class_init (LodgeSerialLinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lodge_serial_link_dispose;
  object_class->finalize = lodge_serial_link_finalize;
  object_class->get_property = lodge_serial_link_get_property;

  properties[PROP_ERROR] =
    g_param_spec_boxed ("error", NULL, NULL,
                        G_TYPE_ERROR,
                        (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  properties[PROP_OPEN] =
    g_param_spec_boolean ("open", NULL, NULL,
                          FALSE,
                          (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[RECEIVED] =
    g_signal_new ("received",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_BYTES);
}

static void
lodge_serial_link_init (LodgeSerialLink *self)
{
  self->cancellable = g_cancellable_new ();
  self->waiting = g_byte_array_new ();
}

/**
 * lodge_serial_link_new:
 * @machine: a running machine with a console
 *
 * Returns: (transfer full): a link that is being opened
 */
LodgeSerialLink *
lodge_serial_link_new (LodgeMachine *machine)
{
  LodgeSerialLink *self;

  g_return_val_if_fail (LODGE_IS_MACHINE (machine), NULL);

  self = g_object_new (LODGE_TYPE_SERIAL_LINK, NULL);
  self->machine = g_object_ref (machine);
  lodge_machine_open_console_async (machine, self->cancellable, opened_cb, g_object_ref (self));

  return self;
}

gboolean
lodge_serial_link_get_open (LodgeSerialLink *self)
{
  g_return_val_if_fail (LODGE_IS_SERIAL_LINK (self), FALSE);

  return self->stream != NULL;
}

const GError *
lodge_serial_link_get_error (LodgeSerialLink *self)
{
  g_return_val_if_fail (LODGE_IS_SERIAL_LINK (self), NULL);

  return self->error;
}

/**
 * lodge_serial_link_send:
 *
 * Sends bytes in order, when the line is open and the other end takes them.
 */
void
lodge_serial_link_send (LodgeSerialLink *self,
                        const char      *data,
                        gsize            length)
{
  g_return_if_fail (LODGE_IS_SERIAL_LINK (self));

  if (self->error != NULL || self->waiting->len + length > MAX_WAITING)
    return;

  g_byte_array_append (self->waiting, (const guint8 *)data, length);
  write_more (self);
}

void
lodge_serial_link_close (LodgeSerialLink *self)
{
  g_autoptr(GIOStream) stream = NULL;

  g_return_if_fail (LODGE_IS_SERIAL_LINK (self));

  g_cancellable_cancel (self->cancellable);

  if ((stream = g_steal_pointer (&self->stream)) != NULL)
    g_io_stream_close_async (stream, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
}
