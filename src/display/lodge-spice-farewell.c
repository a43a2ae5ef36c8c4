/* lodge-spice-farewell.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-spice-farewell.h"

/* The library's spice_session_disconnect() takes the session from its channels at once, wherever they
 * are. One that is on its way to the server (its coroutine waits for an idle or for the socket) then
 * either never wakes up again, and leaks itself and the session, or wakes up and uses the session
 * that it has not got. So each channel is ended first, as soon as it can be, and the session last.
 */

/* And the server: libspice-server 0.15 crashes, and QEMU and the guest with it, when a client hangs up
 * while the server's worker thread still makes a channel for it. That happens after the channel is
 * open for the client. So channels that are on their way may arrive first, and settle.
 */
#define SETTLE_MS 300
#define MAX_SETTLE_MS 2000

/* A channel that waits for its socket does not hear of it; it does when it has one. */
#define REPEAT_MS 100
/* The library gives up connecting after 10 seconds. */
#define N_REPEATS 150

typedef struct
{
  SpiceSession *session;
  GHashTable   *running;
  GCallback     done;
  gpointer      user_data;
  gint64        begun;
  gint64        last_opened;
  guint         repeat;
  guint         n_repeats;
  gboolean      hanging_up;
} Farewell;

static void
farewell_end (Farewell *farewell)
{
  GHashTableIter iter;
  gpointer channel;

  g_clear_handle_id (&farewell->repeat, g_source_remove);
  g_hash_table_iter_init (&iter, farewell->running);
  while (g_hash_table_iter_next (&iter, &channel, NULL))
    g_signal_handlers_disconnect_by_data (channel, farewell);
  g_signal_handlers_disconnect_by_data (farewell->session, farewell);

  spice_session_disconnect (farewell->session);
  ((void (*) (gpointer))farewell->done) (farewell->user_data);
  g_clear_object (&farewell->session);
  g_clear_pointer (&farewell->running, g_hash_table_unref);
  g_free (farewell);
}

static gboolean
farewell_repeat_cb (gpointer user_data)
{
  Farewell *farewell = user_data;
  g_autoptr(GList) channels = g_hash_table_get_keys (farewell->running);

  if (channels == NULL || ++farewell->n_repeats > N_REPEATS)
    {
      farewell->repeat = 0;
      farewell_end (farewell);
      return G_SOURCE_REMOVE;
    }

  for (GList *l = channels; l != NULL; l = l->next)
    spice_channel_disconnect (l->data, SPICE_CHANNEL_NONE);

  return G_SOURCE_CONTINUE;
}

/* Whether a channel other than the main one is on its way or has just arrived. */
static gboolean
farewell_is_unsettled (Farewell *farewell)
{
  const gint64 now = g_get_monotonic_time ();
  GHashTableIter iter;
  gpointer channel, opened;
  guint n_others = 0;
  gboolean on_its_way = FALSE;

  g_hash_table_iter_init (&iter, farewell->running);
  while (g_hash_table_iter_next (&iter, &channel, &opened))
    if (!SPICE_IS_MAIN_CHANNEL (channel))
      {
        n_others++;
        on_its_way |= !GPOINTER_TO_INT (opened);
      }

  return n_others > 0 && now - farewell->begun < MAX_SETTLE_MS * 1000 &&
         (on_its_way || now - farewell->last_opened < SETTLE_MS * 1000);
}

static void
farewell_hang_up (Farewell *farewell)
{
  g_autoptr(GList) channels = g_hash_table_get_keys (farewell->running);

  if (channels == NULL)
    {
      farewell_end (farewell);
      return;
    }

  farewell->hanging_up = TRUE;
  g_clear_handle_id (&farewell->repeat, g_source_remove);
  farewell->repeat = g_timeout_add (REPEAT_MS, farewell_repeat_cb, farewell);

  for (GList *l = channels; l != NULL; l = l->next)
    spice_channel_disconnect (l->data, SPICE_CHANNEL_NONE);
}

static gboolean
farewell_settle_cb (gpointer user_data)
{
  Farewell *farewell = user_data;

  if (farewell_is_unsettled (farewell))
    return G_SOURCE_CONTINUE;

  farewell->repeat = 0;
  farewell_hang_up (farewell);

  return G_SOURCE_REMOVE;
}

static void
farewell_forget (Farewell     *farewell,
                 SpiceChannel *channel)
{
  if (!g_hash_table_remove (farewell->running, channel))
    return;

  g_signal_handlers_disconnect_by_data (channel, farewell);
  if (g_hash_table_size (farewell->running) > 0)
    return;

  /* Not from within a handler of the last one. */
  g_clear_handle_id (&farewell->repeat, g_source_remove);
  farewell->repeat = g_idle_add (farewell_repeat_cb, farewell);
}

static void
farewell_event_cb (SpiceChannel      *channel,
                   SpiceChannelEvent  event,
                   Farewell          *farewell)
{
  if (event == SPICE_CHANNEL_OPENED || event == SPICE_CHANNEL_SWITCHING)
    {
      g_hash_table_insert (farewell->running, channel, GINT_TO_POINTER (TRUE));
      farewell->last_opened = g_get_monotonic_time ();
      if (farewell->hanging_up)
        spice_channel_disconnect (channel, SPICE_CHANNEL_NONE);
    }
  else if (event != SPICE_CHANNEL_NONE)
    farewell_forget (farewell, channel);
}

static void
farewell_destroy_cb (SpiceSession *session,
                     SpiceChannel *channel,
                     Farewell     *farewell)
{
  farewell_forget (farewell, channel);
}

void
lodge_spice_farewell (SpiceSession *session,
                      GHashTable   *running,
                      gint64        last_opened,
                      GCallback     done,
                      gpointer      user_data)
{
  Farewell *farewell = g_new0 (Farewell, 1);
  g_autoptr(GList) channels = g_hash_table_get_keys (running);

  farewell->session = g_object_ref (session);
  farewell->running = running;
  farewell->begun = g_get_monotonic_time ();
  farewell->last_opened = last_opened;
  farewell->done = done;
  farewell->user_data = user_data;

  /* Disconnected in farewell_end(): the data is no object. */
  g_signal_connect (session, "channel-destroy", G_CALLBACK (farewell_destroy_cb), farewell);
  for (GList *l = channels; l != NULL; l = l->next)
    g_signal_connect (l->data, "channel-event", G_CALLBACK (farewell_event_cb), farewell);

  if (farewell_is_unsettled (farewell))
    farewell->repeat = g_timeout_add (REPEAT_MS / 2, farewell_settle_cb, farewell);
  else
    farewell_hang_up (farewell);
}
