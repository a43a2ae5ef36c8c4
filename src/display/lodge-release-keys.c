/* lodge-release-keys.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-keymap.h"
#include "lodge-release-keys.h"

/* The keys that let go of a grab, held together and let go of with nothing else in between: a
 * longer combination that begins with them, such as Ctrl+Alt+Delete, is the guest's.
 */

#define MAX_KEYS 4

struct _LodgeReleaseKeys
{
  guint    keyvals[MAX_KEYS];
  guint    n_keys;
  /* Bit i: keyvals[i] is down. */
  guint    down;
  gboolean spoiled;
};

static gboolean
parse (LodgeReleaseKeys *self,
       const char       *keys)
{
  g_auto(GStrv) names = g_strsplit (keys, "+", -1);

  self->n_keys = 0;

  for (guint i = 0; names[i] != NULL; i++)
    {
      guint keyval = gdk_keyval_from_name (g_strstrip (names[i]));

      if (keyval == GDK_KEY_VoidSymbol || self->n_keys == MAX_KEYS)
        return FALSE;

      self->keyvals[self->n_keys++] = gdk_keyval_to_lower (keyval);
    }

  return self->n_keys > 0;
}

static guint
bit_for_keyval (LodgeReleaseKeys *self,
                guint             keyval)
{
  for (guint i = 0; i < self->n_keys; i++)
    if (self->keyvals[i] == gdk_keyval_to_lower (keyval))
      return 1u << i;

  return 0;
}

static gboolean
is_complete (LodgeReleaseKeys *self)
{
  return self->down == (1u << self->n_keys) - 1;
}

/* A guest does nothing for a modifier alone, but it would for Pause or Scroll Lock. */
static gboolean
is_harmless (guint keyval)
{
  guint scancode = lodge_keymap_scancode_for_keyval (keyval);

  return lodge_keymap_is_modifier (scancode)
         && keyval != GDK_KEY_Caps_Lock
         && keyval != GDK_KEY_Num_Lock
         && keyval != GDK_KEY_Scroll_Lock;
}

/**
 * lodge_release_keys_new:
 * @keys: (nullable): names as in gdk_keyval_from_name(), joined by "+"; at most four
 *
 * What cannot be parsed gives #LODGE_RELEASE_KEYS_DEFAULT: there is always a way out.
 *
 * Returns: (transfer full): a matcher
 */
LodgeReleaseKeys *
lodge_release_keys_new (const char *keys)
{
  LodgeReleaseKeys *self = g_new0 (LodgeReleaseKeys, 1);

  if (keys == NULL || !parse (self, keys))
    parse (self, LODGE_RELEASE_KEYS_DEFAULT);

  return self;
}

void
lodge_release_keys_free (LodgeReleaseKeys *self)
{
  g_free (self);
}

/**
 * lodge_release_keys_press:
 * @self: a matcher
 * @keyval: the key that went down, without its modifiers
 *
 * Returns: whether the guest should not see it
 */
gboolean
lodge_release_keys_press (LodgeReleaseKeys *self,
                          guint             keyval)
{
  guint bit;

  g_return_val_if_fail (self != NULL, FALSE);

  if ((bit = bit_for_keyval (self, keyval)) == 0)
    {
      lodge_release_keys_spoil (self);
      return FALSE;
    }

  self->down |= bit;
  return is_complete (self) && !self->spoiled && !is_harmless (keyval);
}

/**
 * lodge_release_keys_release:
 * @self: a matcher
 * @keyval: the key that went up, without its modifiers
 *
 * Returns: whether this was the sign to let go
 */
gboolean
lodge_release_keys_release (LodgeReleaseKeys *self,
                            guint             keyval)
{
  gboolean fires;
  guint bit;

  g_return_val_if_fail (self != NULL, FALSE);

  if ((bit = bit_for_keyval (self, keyval)) == 0)
    return FALSE;

  fires = is_complete (self) && !self->spoiled;
  self->down &= ~bit;
  /* One sign for one time that all were down. */
  self->spoiled = self->down != 0 && (self->spoiled || fires);

  return fires;
}

/**
 * lodge_release_keys_spoil:
 * @self: a matcher
 *
 * Something else happened: another key, a click. What is down now is no sign any more.
 */
void
lodge_release_keys_spoil (LodgeReleaseKeys *self)
{
  g_return_if_fail (self != NULL);

  self->spoiled = self->down != 0;
}

/**
 * lodge_release_keys_reset:
 * @self: a matcher
 *
 * The keyboard was lost; nothing is known to be down.
 */
void
lodge_release_keys_reset (LodgeReleaseKeys *self)
{
  g_return_if_fail (self != NULL);

  self->down = 0;
  self->spoiled = FALSE;
}
