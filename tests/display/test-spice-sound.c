/* test-spice-sound.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-display-session-private.h"
#include "test-spice-server.h"

/* Sound between a guest and a machine that may have none. */

typedef struct
{
  TestSpiceServer     *server;
  LodgeDisplaySession *session;
  SpiceChannel        *playback;
  int                  loudest;
  guint                n_started;
} Fixture;

static gboolean
has (Fixture    *fixture,
     const char *property)
{
  gboolean value;

  g_object_get (fixture->session, property, &value, NULL);

  return value;
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  test_allow_library_messages ();
  fixture->server = test_spice_server_new (NULL, NULL);
  fixture->session = lodge_display_session_new ();
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_assert_finalize_object (fixture->session);
  g_assert_finalize_object (fixture->server);
}

static void
connect_session (Fixture *fixture)
{
  test_spice_server_do (fixture->server, "sound");
  test_spice_server_open (fixture->server, fixture->session);
  test_await_that (lodge_display_session_get_state (fixture->session) ==
                   LODGE_SESSION_STATE_CONNECTED);
}

static SpiceChannel *
find_channel (Fixture *fixture,
              GType    type)
{
  g_autoptr(GList) channels = NULL;

  channels = spice_session_get_channels (
    lodge_spice_connection_get_session (fixture->session->connection));
  for (GList *l = channels; l != NULL; l = l->next)
    if (g_type_is_a (G_OBJECT_TYPE (l->data), type))
      return l->data;

  return NULL;
}

/* What SpiceAudio gets to play: connected after it. */
static void
heard_cb (SpiceChannel *channel,
          gpointer      data,
          int           size,
          Fixture      *fixture)
{
  const gint16 *samples = data;

  for (int i = 0; i < size / 2; i++)
    fixture->loudest = MAX (fixture->loudest, ABS ((int)samples[i]));
}

static gboolean
is_as_loud (Fixture *fixture,
            int      least,
            int      most)
{
  int loudest = fixture->loudest;

  fixture->loudest = -1;
  if (loudest < 0)
    return FALSE;

  return loudest >= least && loudest <= most;
}

static void
test_volume (Fixture       *fixture,
             gconstpointer  data)
{
  g_object_set (fixture->session, "playback-volume", 0.5, NULL);
  connect_session (fixture);
  test_await_that (has (fixture, "has-playback") && has (fixture, "has-record"));

  fixture->playback = find_channel (fixture, SPICE_TYPE_PLAYBACK_CHANNEL);
  g_signal_connect_after (fixture->playback, "playback-data", G_CALLBACK (heard_cb), fixture);
  g_free (test_spice_server_expect (fixture->server, "channel-up 5"));
  test_spice_server_do (fixture->server, "play");

  /* The server's tone is at 0x4000; half of a slider is an eighth of that. */
  fixture->loudest = -1;
  test_await_that (is_as_loud (fixture, 2040, 2050));
  g_object_set (fixture->session, "playback-muted", TRUE, NULL);
  test_await_that (is_as_loud (fixture, 0, 1));
  g_object_set (fixture->session, "playback-volume", 1.0, NULL);
  test_await_that (is_as_loud (fixture, 0, 1));
  g_object_set (fixture->session, "playback-muted", FALSE, NULL);
  test_await_that (is_as_loud (fixture, 0x4000, 0x4000));

  test_spice_server_do (fixture->server, "play-stop");
  lodge_display_session_close (fixture->session);
  g_assert_false (has (fixture, "has-playback") || has (fixture, "has-record"));
}

static gboolean
has_error (Fixture *fixture)
{
  g_autofree char *error = NULL;

  g_object_get (fixture->session, "audio-error", &error, NULL);

  return error != NULL;
}

static void
test_no_sound_server (Fixture       *fixture,
                      gconstpointer  data)
{
#ifndef HAVE_GSTREAMER
  g_test_skip ("Built without GStreamer");
#else
  connect_session (fixture);
  test_await_that (has (fixture, "has-playback"));
  g_free (test_spice_server_expect (fixture->server, "channel-up 5"));
  test_spice_server_do (fixture->server, "play");
  test_await_that (has_error (fixture));
  g_assert_cmpint (lodge_display_session_get_state (fixture->session), ==,
                   LODGE_SESSION_STATE_CONNECTED);
#endif
}

static void
started_cb (SpiceChannel *channel,
            int           format,
            int           channels,
            int           rate,
            Fixture      *fixture)
{
  fixture->n_started++;
}

static void
test_microphone (Fixture       *fixture,
                 gconstpointer  data)
{
  SpiceChannel *record;

  g_object_set (fixture->session, "record-muted", TRUE, NULL);
  connect_session (fixture);
  test_await_that (has (fixture, "has-record"));
  record = find_channel (fixture, SPICE_TYPE_RECORD_CHANNEL);
  g_signal_connect_after (record, "record-start", G_CALLBACK (started_cb), fixture);
  g_free (test_spice_server_expect (fixture->server, "channel-up 6"));

  /* Muted: the guest asks, and nobody opens the microphone. */
  test_spice_server_do (fixture->server, "record");
  test_run_for (200);
  g_assert_cmpuint (fixture->n_started, ==, 0);
  g_assert_false (test_spice_server_has_said (fixture->server, "recorded"));

  g_object_set (fixture->session, "record-muted", FALSE, NULL);
  g_assert_cmpuint (fixture->n_started, ==, 1);
  g_object_set (fixture->session, "record-muted", TRUE, NULL);
  test_spice_server_do (fixture->server, "record-stop");
  test_run_for (100);
  g_object_set (fixture->session, "record-muted", FALSE, NULL);
  g_assert_cmpuint (fixture->n_started, ==, 1);
}

static void
test_disabled (Fixture       *fixture,
               gconstpointer  data)
{
  g_object_set (fixture->session, "enable-audio", FALSE, NULL);
  connect_session (fixture);
  test_run_for (200);
  g_assert_false (has (fixture, "has-playback") || has (fixture, "has-record"));
  g_assert_false (has_error (fixture));
}

int
main (int   argc,
      char *argv[])
{
  /* Whatever this machine has: no sound server. */
  g_setenv ("PULSE_SERVER", "unix:/nowhere", TRUE);
  g_setenv ("PIPEWIRE_REMOTE", "nowhere", TRUE);
  g_test_init (&argc, &argv, NULL);

  if (!test_spice_server_is_there ())
    return 0;

#define ADD(path, function) \
  g_test_add ("/display/spice-sound/" path, Fixture, NULL, fixture_set_up, function, \
              fixture_tear_down)
  ADD ("volume", test_volume);
  ADD ("no-sound-server", test_no_sound_server);
  ADD ("microphone", test_microphone);
  ADD ("disabled", test_disabled);
#undef ADD

  return g_test_run ();
}
