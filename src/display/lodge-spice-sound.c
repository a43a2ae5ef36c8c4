/* lodge-spice-sound.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#ifdef HAVE_GSTREAMER
#include <gst/gst.h>
#endif

#include "lodge-spice-sound.h"

/**
 * LodgeSpiceSound:
 *
 * Sound of one connection.
 *
 * The library's SpiceAudio plays and records. It has no volume that a client can set (the "volume"
 * and "mute" of its channels are what the guest asks for), it does not stop when a part of its
 * pipeline is missing, and it does not say when there is no sound server. So this stands in front of
 * it: its handlers run before SpiceAudio's, scale the samples where they are, and hold signals back
 * when SpiceAudio could not handle them.
 */

typedef struct
{
  int format;
  int channels;
  int rate;
} AudioFormat;

struct _LodgeSpiceSound
{
  GObject       parent_instance;
  char         *error;
  GCancellable *cancellable;
  SpiceChannel *playback;
  SpiceChannel *record;
  AudioFormat   record_format;
  double        gain;
  guint         available : 1;
  guint         passing_on : 1;
  guint         probed : 1;
  guint         record_muted : 1;
  guint         recording : 1;
};

enum {
  PROP_0,
  PROP_ERROR,
  PROP_HAS_PLAYBACK,
  PROP_HAS_RECORD,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LodgeSpiceSound, lodge_spice_sound, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void
lodge_spice_sound_set_error (LodgeSpiceSound *self,
                             const char      *error)
{
  g_assert (LODGE_IS_SPICE_SOUND (self));

  if (g_strcmp0 (self->error, error) == 0)
    return;

  g_free (self->error);
  self->error = g_strdup (error);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
}

#ifdef HAVE_GSTREAMER

/* The parts of SpiceAudio's pipelines. Without one of them it goes on with a NULL pipeline. */
static char *
find_missing_part (void)
{
  const char *parts[] = {
    "appsrc", "audioconvert", "audioresample", "autoaudiosink", "autoaudiosrc", "appsink", "queue",
  };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      GstElementFactory *factory = gst_element_factory_find (parts[i]);

      if (factory == NULL)
        return g_strdup_printf ("GStreamer has no element “%s”", parts[i]);

      gst_object_unref (factory);
    }

  return NULL;
}

/* What autoaudiosink falls back to when no sink opens its device is a sink that throws everything
 * away. Runs on a thread: opening a device may wait for a server.
 */
static gboolean
has_real_sink (GstElement *automatic)
{
  GstIterator *sinks = gst_bin_iterate_sinks (GST_BIN (automatic));
  GValue item = G_VALUE_INIT;
  gboolean real = FALSE;

  while (!real && gst_iterator_next (sinks, &item) == GST_ITERATOR_OK)
    {
      GstElementFactory *factory = gst_element_get_factory (g_value_get_object (&item));

      real = factory != NULL && !g_str_equal (GST_OBJECT_NAME (factory), "fakesink");
      g_value_reset (&item);
    }

  g_value_unset (&item);
  gst_iterator_free (sinks);

  return real;
}

static void
lodge_spice_sound_probe_work (GTask        *task,
                              gpointer      source_object,
                              gpointer      task_data,
                              GCancellable *cancellable)
{
  GstElement *automatic = gst_element_factory_make ("autoaudiosink", NULL);
  gboolean works = FALSE;

  if (automatic != NULL)
    {
      gst_object_ref_sink (automatic);
      works = gst_element_set_state (automatic, GST_STATE_READY) != GST_STATE_CHANGE_FAILURE &&
              has_real_sink (automatic);
      gst_element_set_state (automatic, GST_STATE_NULL);
      gst_object_unref (automatic);
    }

  g_task_return_boolean (task, works);
}

static void
lodge_spice_sound_probe_cb (GObject      *object,
                            GAsyncResult *result,
                            gpointer      user_data)
{
  LodgeSpiceSound *self = LODGE_SPICE_SOUND (object);
  g_autoptr(GError) error = NULL;
  gboolean works = g_task_propagate_boolean (G_TASK (result), &error);

  if (error != NULL)
    return;

  /* A sound server that starts later is found at the next start of the guest's sound. */
  self->probed = works;
  lodge_spice_sound_set_error (self, works ? NULL : "No sound server or device could be opened");
}

static void
lodge_spice_sound_probe (LodgeSpiceSound *self)
{
  g_autoptr(GTask) task = NULL;

  g_assert (LODGE_IS_SPICE_SOUND (self));

  if (self->probed)
    return;

  self->probed = TRUE;
  task = g_task_new (self, self->cancellable, lodge_spice_sound_probe_cb, NULL);
  g_task_set_source_tag (task, lodge_spice_sound_probe);
  g_task_run_in_thread (task, lodge_spice_sound_probe_work);
}

#else

static char *
find_missing_part (void)
{
  return NULL;
}

static void
lodge_spice_sound_probe (LodgeSpiceSound *self)
{
}

#endif

static void
hold_back (SpiceChannel *channel,
           const char   *signal)
{
  g_signal_stop_emission_by_name (channel, signal);
}

static void
lodge_spice_sound_playback_start_cb (LodgeSpiceSound *self,
                                     int              format,
                                     int              channels,
                                     int              rate,
                                     SpiceChannel    *channel)
{
  if (self->available && format == SPICE_AUDIO_FMT_S16)
    lodge_spice_sound_probe (self);
  else
    hold_back (channel, "playback-start");
}

/* Scales the samples in place, before SpiceAudio copies them. */
static void
lodge_spice_sound_playback_data_cb (LodgeSpiceSound *self,
                                    gpointer         data,
                                    int              size,
                                    SpiceChannel    *channel)
{
  gint16 *samples = data;
  int gain;

  if (!self->available)
    {
      hold_back (channel, "playback-data");
      return;
    }

  gain = (int)(self->gain * 65536.0);
  if (gain >= 65536)
    return;

  for (gsize i = 0; i < (gsize)size / sizeof *samples; i++)
    samples[i] = (gint16)((samples[i] * gain) >> 16);
}

/* A microphone that is muted is not opened at all. */
static void
lodge_spice_sound_record_start_cb (LodgeSpiceSound *self,
                                   int              format,
                                   int              channels,
                                   int              rate,
                                   SpiceChannel    *channel)
{
  self->recording = TRUE;
  self->record_format = (AudioFormat) { format, channels, rate };

  if (self->record_muted || !self->available || format != SPICE_AUDIO_FMT_S16)
    hold_back (channel, "record-start");
}

static void
lodge_spice_sound_record_stop_cb (LodgeSpiceSound *self,
                                  SpiceChannel    *channel)
{
  /* Not the guest's word, but that of lodge_spice_sound_set_record_muted(). */
  if (!self->passing_on)
    self->recording = FALSE;
}

static void
lodge_spice_sound_dispose (GObject *object)
{
  LodgeSpiceSound *self = (LodgeSpiceSound *)object;

  g_cancellable_cancel (self->cancellable);

  G_OBJECT_CLASS (lodge_spice_sound_parent_class)->dispose (object);
}

static void
lodge_spice_sound_finalize (GObject *object)
{
  LodgeSpiceSound *self = (LodgeSpiceSound *)object;

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->error, g_free);

  G_OBJECT_CLASS (lodge_spice_sound_parent_class)->finalize (object);
}

static void
lodge_spice_sound_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  LodgeSpiceSound *self = LODGE_SPICE_SOUND (object);

  switch (prop_id)
    {
    case PROP_ERROR:
      g_value_set_string (value, self->error);
      break;

    case PROP_HAS_PLAYBACK:
      g_value_set_boolean (value, self->playback != NULL);
      break;

    case PROP_HAS_RECORD:
      g_value_set_boolean (value, self->record != NULL);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_spice_sound_class_init (LodgeSpiceSoundClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lodge_spice_sound_dispose;
  object_class->finalize = lodge_spice_sound_finalize;
  object_class->get_property = lodge_spice_sound_get_property;

  properties[PROP_ERROR] = g_param_spec_string ("error", NULL, NULL, NULL, flags);

  properties[PROP_HAS_PLAYBACK] = g_param_spec_boolean ("has-playback", NULL, NULL, FALSE, flags);

  properties[PROP_HAS_RECORD] = g_param_spec_boolean ("has-record", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
lodge_spice_sound_init (LodgeSpiceSound *self)
{
  self->cancellable = g_cancellable_new ();
  self->gain = 1.0;
}

static gpointer
prepare_thread (gpointer data)
{
  g_autoptr(GError) error = NULL;

  /* Who wants sound then finds out for itself. */
  if (!gst_init_check (NULL, NULL, &error))
    g_info ("GStreamer could not be started: %s", error->message);

  return NULL;
}

/**
 * lodge_spice_sound_prepare:
 *
 * Has GStreamer start while there is time: 16 ms, and half a second when it looks through its plugins
 * for the first time. Calling it again costs nothing.
 */
void
lodge_spice_sound_prepare (void)
{
  static gsize begun;

  if (!g_once_init_enter (&begun))
    return;

  g_thread_unref (g_thread_new ("sound", prepare_thread, NULL));
  g_once_init_leave (&begun, TRUE);
}

/**
 * lodge_spice_sound_new:
 * @session: a session that has sound enabled and is not connected
 *
 * Returns: (transfer full): its sound
 */
LodgeSpiceSound *
lodge_spice_sound_new (SpiceSession *session)
{
  LodgeSpiceSound *self = g_object_new (LODGE_TYPE_SPICE_SOUND, NULL);

  /* The session keeps it. It initialises GStreamer. */
  if (spice_audio_get (session, NULL) == NULL)
    {
      self->error = g_strdup ("GStreamer could not be started");
      return self;
    }

  self->error = find_missing_part ();
  self->available = self->error == NULL;

  return self;
}

void
lodge_spice_sound_add_channel (LodgeSpiceSound *self,
                               SpiceChannel    *channel)
{
  g_return_if_fail (LODGE_IS_SPICE_SOUND (self));

  if (SPICE_IS_PLAYBACK_CHANNEL (channel))
    {
      self->playback = channel;
      g_signal_connect_object (channel, "playback-start",
                               G_CALLBACK (lodge_spice_sound_playback_start_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (channel, "playback-data",
                               G_CALLBACK (lodge_spice_sound_playback_data_cb), self,
                               G_CONNECT_SWAPPED);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_PLAYBACK]);
    }
  else if (SPICE_IS_RECORD_CHANNEL (channel))
    {
      self->record = channel;
      g_signal_connect_object (channel, "record-start",
                               G_CALLBACK (lodge_spice_sound_record_start_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (channel, "record-stop",
                               G_CALLBACK (lodge_spice_sound_record_stop_cb), self,
                               G_CONNECT_SWAPPED);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_RECORD]);
    }
}

void
lodge_spice_sound_remove_channel (LodgeSpiceSound *self,
                                  SpiceChannel    *channel)
{
  g_return_if_fail (LODGE_IS_SPICE_SOUND (self));

  if (channel == self->playback)
    {
      self->playback = NULL;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_PLAYBACK]);
    }
  else if (channel == self->record)
    {
      self->record = NULL;
      self->recording = FALSE;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_RECORD]);
    }
  else
    {
      return;
    }

  g_signal_handlers_disconnect_by_data (channel, self);
}

/**
 * lodge_spice_sound_set_volume:
 * @self: sound
 * @volume: 0 to 1, as a slider shows it: the cube of it is the amplitude, as in PulseAudio, which is
 *   about how loud things sound
 * @muted: whether nothing is to be heard
 */
void
lodge_spice_sound_set_volume (LodgeSpiceSound *self,
                              double           volume,
                              gboolean         muted)
{
  g_return_if_fail (LODGE_IS_SPICE_SOUND (self));

  self->gain = muted ? 0.0 : volume * volume * volume;
}

void
lodge_spice_sound_set_record_muted (LodgeSpiceSound *self,
                                    gboolean         muted)
{
  g_return_if_fail (LODGE_IS_SPICE_SOUND (self));

  if (self->record_muted == !!muted)
    return;

  self->record_muted = !!muted;

  if (self->record == NULL || !self->recording || !self->available)
    return;

  self->passing_on = TRUE;
  if (muted)
    g_signal_emit_by_name (self->record, "record-stop");
  else
    g_signal_emit_by_name (self->record, "record-start", self->record_format.format,
                           self->record_format.channels, self->record_format.rate);
  self->passing_on = FALSE;
}

const char *
lodge_spice_sound_get_error (LodgeSpiceSound *self)
{
  g_return_val_if_fail (LODGE_IS_SPICE_SOUND (self), NULL);

  return self->error;
}

gboolean
lodge_spice_sound_get_has_playback (LodgeSpiceSound *self)
{
  g_return_val_if_fail (LODGE_IS_SPICE_SOUND (self), FALSE);

  return self->playback != NULL;
}

gboolean
lodge_spice_sound_get_has_record (LodgeSpiceSound *self)
{
  g_return_val_if_fail (LODGE_IS_SPICE_SOUND (self), FALSE);

  return self->record != NULL;
}
