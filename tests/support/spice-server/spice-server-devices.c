/* spice-server-devices.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <stdlib.h>
#include <string.h>

#include "spice-server.h"

/* Keyboard, mouse, tablet and a sound card. */

static int leds;
static guint playing;
static guint recording;
static SpicePlaybackInstance playback;
static SpiceRecordInstance record;
static SpiceKbdInstance keyboard;
static SpiceTabletInstance tablet;

static void
key_cb (SpiceKbdInstance *instance,
        uint8_t           code)
{
  say ("key %02x", code);
}

static uint8_t
get_leds_cb (SpiceKbdInstance *instance)
{
  return (uint8_t)leds;
}

static void
mouse_motion_cb (SpiceMouseInstance *instance,
                 int                 dx,
                 int                 dy,
                 int                 dz,
                 uint32_t            buttons)
{
  say ("motion %d %d %d %u", dx, dy, dz, buttons);
}

static void
mouse_buttons_cb (SpiceMouseInstance *instance,
                  uint32_t            buttons)
{
  say ("buttons %u", buttons);
}

static void
tablet_size_cb (SpiceTabletInstance *instance,
                int                  width,
                int                  height)
{
}

static void
tablet_position_cb (SpiceTabletInstance *instance,
                    int                  x,
                    int                  y,
                    uint32_t             buttons)
{
  say ("position %d %d %u", x, y, buttons);
}

static void
tablet_wheel_cb (SpiceTabletInstance *instance,
                 int                  steps,
                 uint32_t             buttons)
{
  say ("wheel %d %u", steps, buttons);
}

static void
tablet_buttons_cb (SpiceTabletInstance *instance,
                   uint32_t             buttons)
{
  say ("buttons %u", buttons);
}

#define BASE(kind) \
  .base = { \
    .type = SPICE_INTERFACE_##kind, \
    .description = "test", \
    .major_version = SPICE_INTERFACE_##kind##_MAJOR, \
    .minor_version = SPICE_INTERFACE_##kind##_MINOR, \
  }

static const SpiceKbdInterface keyboard_interface = {
  BASE (KEYBOARD),
  .push_scan_freg = key_cb,
  .get_leds = get_leds_cb,
};

static const SpiceMouseInterface mouse_interface = {
  BASE (MOUSE),
  .motion = mouse_motion_cb,
  .buttons = mouse_buttons_cb,
};

static const SpiceTabletInterface tablet_interface = {
  BASE (TABLET),
  .set_logical_size = tablet_size_cb,
  .position = tablet_position_cb,
  .wheel = tablet_wheel_cb,
  .buttons = tablet_buttons_cb,
};

static const SpicePlaybackInterface playback_interface = { BASE (PLAYBACK) };
static const SpiceRecordInterface record_interface = { BASE (RECORD) };

void
devices_add (SpiceServer *server)
{
  static SpiceMouseInstance mouse;

  keyboard.base.sif = &keyboard_interface.base;
  mouse.base.sif = &mouse_interface.base;
  spice_server_add_interface (server, &keyboard.base);
  spice_server_add_interface (server, &mouse.base);
}

/* A steady tone that is loud enough to measure: full square wave. */
static gboolean
play_cb (gpointer data)
{
  uint32_t *samples = NULL;
  uint32_t n_samples = 0;

  spice_server_playback_get_buffer (&playback, &samples, &n_samples);
  if (samples == NULL)
    return G_SOURCE_CONTINUE;

  for (uint32_t i = 0; i < n_samples; i++)
    samples[i] = (i / 24) % 2 ? 0x40004000 : 0xc000c000;
  spice_server_playback_put_samples (&playback, samples);

  return G_SOURCE_CONTINUE;
}

static gboolean
record_cb (gpointer data)
{
  uint32_t samples[512];
  uint32_t n_samples = spice_server_record_get_samples (&record, samples, G_N_ELEMENTS (samples));

  if (n_samples > 0)
    say ("recorded %u", n_samples);

  return G_SOURCE_CONTINUE;
}

static gboolean
sound_command (SpiceServer  *server,
               char        **words)
{
  if (g_str_equal (words[0], "sound"))
    {
      playback.base.sif = &playback_interface.base;
      record.base.sif = &record_interface.base;
      spice_server_add_interface (server, &playback.base);
      spice_server_add_interface (server, &record.base);
      spice_server_set_playback_compression (server, FALSE);
    }
  else if (g_str_equal (words[0], "play"))
    {
      spice_server_playback_start (&playback);
      playing = g_timeout_add (10, play_cb, NULL);
    }
  else if (g_str_equal (words[0], "play-stop"))
    {
      g_clear_handle_id (&playing, g_source_remove);
      spice_server_playback_stop (&playback);
    }
  else if (g_str_equal (words[0], "record"))
    {
      spice_server_record_start (&record);
      recording = g_timeout_add (20, record_cb, NULL);
    }
  else if (g_str_equal (words[0], "record-stop"))
    {
      g_clear_handle_id (&recording, g_source_remove);
      spice_server_record_stop (&record);
    }
  else
    {
      return FALSE;
    }

  return TRUE;
}

gboolean
devices_command (SpiceServer  *server,
                 char        **words,
                 char        **problem)
{
  if (g_str_equal (words[0], "tablet"))
    {
      tablet.base.sif = &tablet_interface.base;
      spice_server_add_interface (server, &tablet.base);
    }
  else if (g_str_equal (words[0], "no-tablet"))
    {
      spice_server_remove_interface (&tablet.base);
    }
  else if (g_str_equal (words[0], "leds") && words[1] != NULL)
    {
      leds = atoi (words[1]);
      spice_server_kbd_leds (&keyboard, leds);
    }
  else
    {
      return sound_command (server, words);
    }

  return TRUE;
}
