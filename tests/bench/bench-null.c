/* bench-null.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A SPICE client that decodes and paints nothing: what no client on spice-client-glib can go below.
 *
 *   bench-null ADDRESS
 *
 * Reads commands, one a line, and answers each with one line of JSON, as bench-probe does:
 *
 *   ready               once the guest's picture is here
 *   frames SECONDS      count the guest's frames by the mark in its picture
 *   keys COUNT GAP_MS   press a key; time until the echo block in the picture changes
 */

#include <glib-unix.h>
#include <spice-client.h>
#include <stdio.h>
#include <stdlib.h>

/* Places in the demo guest's picture (data/demo). */
#define MARK_X      96
#define ECHO_X      160
#define ROW_Y       16
#define SCANCODE_A  0x1e
#define KEY_TIMEOUT_MS 1500

typedef struct
{
  SpiceInputsChannel *inputs;
  const guint8       *data;
  int                 stride;
  guint               timeout;

  gboolean            asked_ready;

  gboolean            counting;
  gint64              begin;
  guint32             mark;
  int                 shown, first, last;

  int                 presses_left;
  double              gap;
  guint32             echo;
  gint64              pressed;
  GString            *times;
} Null;

static guint32
pixel (Null *self,
       int   x)
{
  return *(const guint32 *)(self->data + ROW_Y * self->stride + x * 4) & 0xffffff;
}

static void
answer (const char *text)
{
  printf ("%s\n", text);
  fflush (stdout);
}

static void
answer_ready (Null *self)
{
  if (self->asked_ready && self->data && self->inputs)
    {
      self->asked_ready = FALSE;
      answer ("{\"ready\": true}");
    }
}

static gboolean
frames_end_cb (gpointer user_data)
{
  Null *self = user_data;

  self->counting = FALSE;
  printf ("{\"seconds\": %.4f, \"shown\": %d, \"made\": %d}\n",
          (g_get_monotonic_time () - self->begin) / 1e6, self->shown,
          self->first < 0 ? 0 : ((self->last - self->first) & 0xffff) + 1);
  fflush (stdout);
  return G_SOURCE_REMOVE;
}

static void next_press (Null *self);

static gboolean
press_cb (gpointer user_data)
{
  Null *self = user_data;

  self->timeout = 0;
  if (self->pressed)
    {
      g_string_append (self->times, "-1, ");
      self->pressed = 0;
      next_press (self);
      return G_SOURCE_REMOVE;
    }
  self->echo = pixel (self, ECHO_X);
  self->pressed = g_get_monotonic_time ();
  spice_inputs_channel_key_press (self->inputs, SCANCODE_A);
  spice_inputs_channel_key_release (self->inputs, SCANCODE_A);
  self->timeout = g_timeout_add (KEY_TIMEOUT_MS, press_cb, self);
  return G_SOURCE_REMOVE;
}

static void
next_press (Null *self)
{
  if (self->presses_left-- > 0)
    {
      self->timeout = g_timeout_add (self->gap * (0.75 + drand48 () * 0.5), press_cb, self);
      return;
    }
  if (self->times->len > 2)
    g_string_truncate (self->times, self->times->len - 2);
  printf ("{\"times\": [%s]}\n", self->times->str);
  fflush (stdout);
}

static void
invalidate_cb (Null *self)
{
  if (!self->data)
    return;
  if (self->counting && pixel (self, MARK_X) != self->mark)
    {
      self->mark = pixel (self, MARK_X);
      self->last = (self->mark >> 16 & 255) | (self->mark & 255) << 8;
      if (self->first < 0)
        self->first = self->last;
      self->shown++;
    }
  if (self->pressed && pixel (self, ECHO_X) != self->echo)
    {
      g_string_append_printf (self->times, "%.2f, ",
                              (g_get_monotonic_time () - self->pressed) / 1e3);
      self->pressed = 0;
      g_clear_handle_id (&self->timeout, g_source_remove);
      next_press (self);
    }
}

static void
primary_create_cb (SpiceChannel *channel,
                   int           format,
                   int           width,
                   int           height,
                   int           stride,
                   int           shmid,
                   gpointer      data,
                   Null         *self)
{
  self->data = data;
  self->stride = stride;
  answer_ready (self);
}

static void
primary_destroy_cb (SpiceChannel *channel,
                    Null         *self)
{
  self->data = NULL;
}

static void
channel_new_cb (SpiceSession *session,
                SpiceChannel *channel,
                Null         *self)
{
  if (SPICE_IS_DISPLAY_CHANNEL (channel))
    {
      g_signal_connect (channel, "display-primary-create", G_CALLBACK (primary_create_cb), self);
      g_signal_connect (channel, "display-primary-destroy", G_CALLBACK (primary_destroy_cb), self);
      g_signal_connect_swapped (channel, "display-invalidate", G_CALLBACK (invalidate_cb), self);
      spice_channel_connect (channel);
    }
  else if (SPICE_IS_INPUTS_CHANNEL (channel))
    {
      self->inputs = SPICE_INPUTS_CHANNEL (channel);
      spice_channel_connect (channel);
      answer_ready (self);
    }
}

static gboolean
command_cb (int          fd,
            GIOCondition condition,
            gpointer     user_data)
{
  Null *self = user_data;
  char line[256];
  double seconds;
  int count;

  if (!fgets (line, sizeof line, stdin))
    exit (0);
  if (g_str_has_prefix (line, "ready"))
    {
      self->asked_ready = TRUE;
      answer_ready (self);
    }
  else if (sscanf (line, "frames %lf", &seconds) == 1)
    {
      self->counting = TRUE;
      self->begin = g_get_monotonic_time ();
      self->mark = pixel (self, MARK_X);
      self->shown = 0;
      self->first = -1;
      g_timeout_add (seconds * 1000, frames_end_cb, self);
    }
  else if (sscanf (line, "keys %d %lf", &count, &self->gap) == 2)
    {
      self->presses_left = count;
      g_string_truncate (self->times, 0);
      srand48 (1);
      next_press (self);
    }
  else
    answer ("{\"error\": \"no such command\"}");
  return G_SOURCE_CONTINUE;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  SpiceSession *session = spice_session_new ();
  Null self = { .times = g_string_new (NULL) };

  if (argc != 2)
    {
      fprintf (stderr, "usage: bench-null ADDRESS\n");
      return 2;
    }
  setvbuf (stdin, NULL, _IONBF, 0);
  g_object_set (session, "uri", argv[1], "enable-audio", FALSE, "enable-usbredir", FALSE,
                "enable-smartcard", FALSE, NULL);
  g_signal_connect (session, "channel-new", G_CALLBACK (channel_new_cb), &self);
  g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, command_cb, &self);
  if (!spice_session_connect (session))
    return 1;
  /* Until standard input ends. */
  g_main_loop_run (loop);
  g_object_unref (session);
  return 0;
}
