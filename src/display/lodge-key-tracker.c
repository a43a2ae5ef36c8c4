/* lodge-key-tracker.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-key-tracker.h"
#include "lodge-keymap.h"

/**
 * LodgeKeyTracker:
 *
 * The keys of the guest's keyboard that are down.
 *
 * What stands between a host's keyboard, of which one sees a part (whatever goes elsewhere is
 * missed), and a guest's, whose keys must never stay down. A key is released only if it was pressed
 * here, and all are when the host's keyboard is lost.
 *
 * Where the way to the guest is long (see the screen's key-press-delay), a late release would make
 * the guest repeat the key. There a press waits until it is known to be a short one, which then
 * travels as one message. Modifiers, and anything after the first repeat, do not wait.
 */

typedef struct
{
  guint scancode;
  /* What the guest was told, as Print and Pause depend on the modifiers; 0 if nothing is held. */
  guint sent;
} HeldKey;

struct _LodgeKeyTracker
{
  GObject      parent_instance;
  LodgeScreen *screen;
  GArray      *held;
  /* Modifiers that are down on the host and were let go of in the guest. */
  GArray      *suspended;
  guint        pending;
  guint        pending_source;
};

G_DEFINE_FINAL_TYPE (LodgeKeyTracker, lodge_key_tracker, G_TYPE_OBJECT)

static int
find_key (GArray *keys,
          guint   scancode)
{
  for (guint i = 0; i < keys->len; i++)
    if (g_array_index (keys, HeldKey, i).scancode == scancode)
      return i;

  return -1;
}

static gboolean
is_held (LodgeKeyTracker *self,
         guint            first,
         guint            second)
{
  return find_key (self->held, first) >= 0 || find_key (self->held, second) >= 0;
}

/* Press and release of Pause are one burst: the key does not tell when it is let go of. */
static void
send_pause (LodgeKeyTracker *self)
{
  if (is_held (self, 0x1d, 0x11d))
    {
      lodge_screen_key_press (self->screen, LODGE_SCANCODE_BREAK);
      lodge_screen_key_release (self->screen, LODGE_SCANCODE_BREAK);
      return;
    }

  lodge_screen_key_press (self->screen, LODGE_SCANCODE_PAUSE);
  lodge_screen_key_press (self->screen, LODGE_SCANCODE_PAUSE_TAIL);
  lodge_screen_key_release (self->screen, LODGE_SCANCODE_PAUSE);
  lodge_screen_key_release (self->screen, LODGE_SCANCODE_PAUSE_TAIL);
}

static void
send_press (LodgeKeyTracker *self,
            guint            scancode)
{
  int index = find_key (self->held, scancode);
  HeldKey key = { scancode, scancode };

  if (index >= 0)
    {
      key = g_array_index (self->held, HeldKey, index);

      if (key.sent != 0)
        lodge_screen_key_press (self->screen, key.sent);

      return;
    }

  if (scancode == LODGE_SCANCODE_PAUSE)
    key.sent = 0;
  else if (scancode == LODGE_SCANCODE_PRINT && is_held (self, 0x38, 0x138))
    key.sent = LODGE_SCANCODE_SYSRQ;

  if (key.sent == 0)
    send_pause (self);
  else
    lodge_screen_key_press (self->screen, key.sent);

  g_array_append_val (self->held, key);
}

static void
flush_timeout_cb (gpointer user_data)
{
  LodgeKeyTracker *self = user_data;

  g_assert (LODGE_IS_KEY_TRACKER (self));

  self->pending_source = 0;
  lodge_key_tracker_flush (self);
}

static guint
take_pending (LodgeKeyTracker *self)
{
  guint pending = self->pending;

  g_clear_handle_id (&self->pending_source, g_source_remove);
  self->pending = 0;
  return pending;
}

static void
lodge_key_tracker_dispose (GObject *object)
{
  LodgeKeyTracker *self = (LodgeKeyTracker *)object;

  lodge_key_tracker_set_screen (self, NULL);

  G_OBJECT_CLASS (lodge_key_tracker_parent_class)->dispose (object);
}

static void
lodge_key_tracker_finalize (GObject *object)
{
  LodgeKeyTracker *self = (LodgeKeyTracker *)object;

  g_clear_pointer (&self->held, g_array_unref);
  g_clear_pointer (&self->suspended, g_array_unref);

  G_OBJECT_CLASS (lodge_key_tracker_parent_class)->finalize (object);
}

static void
lodge_key_tracker_class_init (LodgeKeyTrackerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lodge_key_tracker_dispose;
  object_class->finalize = lodge_key_tracker_finalize;
}

static void
lodge_key_tracker_init (LodgeKeyTracker *self)
{
  self->held = g_array_new (FALSE, FALSE, sizeof (HeldKey));
  self->suspended = g_array_new (FALSE, FALSE, sizeof (HeldKey));
}

LodgeKeyTracker *
lodge_key_tracker_new (void)
{
  return g_object_new (LODGE_TYPE_KEY_TRACKER, NULL);
}

/**
 * lodge_key_tracker_set_screen:
 * @self: a key tracker
 * @screen: (nullable): where keys go; without one they go nowhere
 *
 * Releases what is down on the screen before.
 */
void
lodge_key_tracker_set_screen (LodgeKeyTracker *self,
                              LodgeScreen     *screen)
{
  g_return_if_fail (LODGE_IS_KEY_TRACKER (self));

  if (self->screen == screen)
    return;

  lodge_key_tracker_release_all (self);
  g_set_object (&self->screen, screen);
}

static gboolean
is_lock (guint scancode)
{
  return scancode == 0x3a || scancode == 0x45 || scancode == 0x46;
}

/* The modifiers that the user still holds have a meaning for this key too. */
static void
resume (LodgeKeyTracker *self)
{
  for (guint i = 0; i < self->suspended->len; i++)
    send_press (self, g_array_index (self->suspended, HeldKey, i).scancode);

  g_array_set_size (self->suspended, 0);
}

/**
 * lodge_key_tracker_press:
 * @self: a key tracker
 * @scancode: as in lodge-keymap.h; 0 is ignored
 *
 * A key went down or repeats.
 */
void
lodge_key_tracker_press (LodgeKeyTracker *self,
                         guint            scancode)
{
  guint delay;
  gboolean modifier = lodge_keymap_is_modifier (scancode);

  g_return_if_fail (LODGE_IS_KEY_TRACKER (self));

  if (scancode == 0 || self->screen == NULL)
    return;

  lodge_key_tracker_flush (self);

  if (modifier)
    {
      int index = find_key (self->suspended, scancode);

      if (index >= 0)
        g_array_remove_index (self->suspended, index);
    }
  else
    {
      resume (self);
    }

  delay = lodge_screen_get_key_press_delay (self->screen);

  if (delay == 0 || modifier || scancode == LODGE_SCANCODE_PAUSE
      || scancode == LODGE_SCANCODE_PRINT || find_key (self->held, scancode) >= 0)
    {
      send_press (self, scancode);
      return;
    }

  self->pending = scancode;
  self->pending_source = g_timeout_add_once (delay, flush_timeout_cb, self);
}

/**
 * lodge_key_tracker_release:
 * @self: a key tracker
 * @scancode: as in lodge-keymap.h
 *
 * A key went up. Nothing happens if it was not down in the guest.
 */
void
lodge_key_tracker_release (LodgeKeyTracker *self,
                           guint            scancode)
{
  int index;

  g_return_if_fail (LODGE_IS_KEY_TRACKER (self));

  if (scancode != 0 && self->pending == scancode)
    {
      lodge_screen_key_tap (self->screen, take_pending (self));
      return;
    }

  if ((index = find_key (self->suspended, scancode)) >= 0)
    g_array_remove_index (self->suspended, index);

  if ((index = find_key (self->held, scancode)) >= 0)
    {
      guint sent = g_array_index (self->held, HeldKey, index).sent;

      lodge_key_tracker_flush (self);
      g_array_remove_index (self->held, index);

      if (sent != 0)
        lodge_screen_key_release (self->screen, sent);
    }
}

/**
 * lodge_key_tracker_flush:
 * @self: a key tracker
 *
 * Sends the press that waits. To be called before any other input goes to the screen, so that the
 * order is kept.
 */
void
lodge_key_tracker_flush (LodgeKeyTracker *self)
{
  g_return_if_fail (LODGE_IS_KEY_TRACKER (self));

  if (self->pending != 0)
    send_press (self, take_pending (self));
}

/**
 * lodge_key_tracker_suspend:
 * @self: a key tracker
 *
 * Releases all that is down, but presses the modifiers again with the next key, as far as they are
 * held until then. For a shortcut that stays with the host.
 */
void
lodge_key_tracker_suspend (LodgeKeyTracker *self)
{
  g_autoptr(GArray) modifiers = NULL;

  g_return_if_fail (LODGE_IS_KEY_TRACKER (self));

  modifiers = g_steal_pointer (&self->suspended);
  self->suspended = g_array_new (FALSE, FALSE, sizeof (HeldKey));

  for (guint i = 0; i < self->held->len; i++)
    {
      HeldKey key = g_array_index (self->held, HeldKey, i);

      if (lodge_keymap_is_modifier (key.scancode) && !is_lock (key.scancode))
        g_array_append_val (modifiers, key);
    }

  lodge_key_tracker_release_all (self);

  g_array_unref (self->suspended);
  self->suspended = g_steal_pointer (&modifiers);
}

/**
 * lodge_key_tracker_release_all:
 * @self: a key tracker
 *
 * Releases all that is down, the last key first.
 */
void
lodge_key_tracker_release_all (LodgeKeyTracker *self)
{
  g_return_if_fail (LODGE_IS_KEY_TRACKER (self));

  g_array_set_size (self->suspended, 0);

  if (self->pending != 0)
    lodge_screen_key_tap (self->screen, take_pending (self));

  while (self->held->len > 0)
    {
      guint sent = g_array_index (self->held, HeldKey, self->held->len - 1).sent;

      g_array_set_size (self->held, self->held->len - 1);

      if (sent != 0)
        lodge_screen_key_release (self->screen, sent);
    }
}

/**
 * lodge_key_tracker_is_pressed:
 * @self: a key tracker
 * @scancode: as in lodge-keymap.h
 *
 * Returns: whether the key is down in the guest, or about to be
 */
gboolean
lodge_key_tracker_is_pressed (LodgeKeyTracker *self,
                              guint            scancode)
{
  g_return_val_if_fail (LODGE_IS_KEY_TRACKER (self), FALSE);

  return find_key (self->held, scancode) >= 0 || (scancode != 0 && self->pending == scancode);
}
