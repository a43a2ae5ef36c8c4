/* lodge-usb-text.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-usb-text.h"

/*
 * What a device says of itself is written by whoever made it, and may be
 * meant to harm: to look like another program's words, to turn the line
 * around, to break the file that it is written to.
 */

/* A string descriptor holds 126 characters at most; a row has room for less. */
#define MOST_SHOWN 64
/* More marks on one letter than any language has reach over the rows above and below. */
#define MOST_MARKS 3

static gboolean
is_shown (gunichar character)
{
  switch ((int)g_unichar_type (character))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:              /* directions, joiners, tags */
    case G_UNICODE_SURROGATE:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return FALSE;
    default:
      break;
    }

  /* Fillers that have a width or are letters by type and are seen as nothing. */
  switch (character)
    {
    case 0x034f:
    case 0x115f:
    case 0x1160:
    case 0x2800:
    case 0x3164:
    case 0xffa0:
    case 0xfffc:
      return FALSE;
    default:
      return !(character >= 0xfe00 && character <= 0xfe0f) &&
             !(character >= 0xe0000 && character <= 0xe0fff);
    }
}

/**
 * lodge_usb_text_dup_shown:
 * @raw: (nullable): bytes as a device or the kernel gave them
 *
 * Makes a text that can be shown in one line beside others: valid UTF-8, no
 * control characters, nothing that is not seen, no turns of direction, one
 * blank between words, 64 characters at most. It may still contain "<" and
 * "&", so it has to be shown as text, not as markup.
 *
 * Returns: (nullable) (transfer full): the text, or null if no letter or digit is left
 */
char *
lodge_usb_text_dup_shown (const char *raw)
{
  g_autofree char *valid = NULL;
  g_autoptr(GString) shown = NULL;
  guint count = 0, marks = 0;
  gboolean blank = FALSE, has_word = FALSE;

  if (raw == NULL)
    return NULL;

  valid = g_utf8_make_valid (raw, -1);
  shown = g_string_new (NULL);

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      if (g_unichar_isspace (character) || character == 0x0b ||
          g_unichar_type (character) == G_UNICODE_LINE_SEPARATOR ||
          g_unichar_type (character) == G_UNICODE_PARAGRAPH_SEPARATOR)
        {
          blank = shown->len > 0;
          continue;
        }

      if (!is_shown (character))
        continue;

      marks = g_unichar_ismark (character) ? marks + 1 : 0;
      if (marks > MOST_MARKS || (marks > 0 && (blank || shown->len == 0)))
        continue;

      if (count + (blank ? 1 : 0) >= MOST_SHOWN)
        {
          g_string_append (shown, "…");
          break;
        }

      if (blank)
        g_string_append_c (shown, ' ');
      g_string_append_unichar (shown, character);
      count += blank ? 2 : 1;
      blank = FALSE;
      has_word |= g_unichar_isalnum (character);
    }

  return has_word ? g_string_free (g_steal_pointer (&shown), FALSE) : NULL;
}

/**
 * lodge_usb_text_dup_escaped:
 * @raw: (nullable): bytes as a device or the kernel gave them
 *
 * Makes a text by which the bytes can be told from all others and that can
 * stand in XML and in a line of a log: what is not a visible ASCII character,
 * and "%", is written as "%" and two hexadecimal digits.
 *
 * Returns: (nullable) (transfer full): the text, or null if there is nothing but blanks
 */
char *
lodge_usb_text_dup_escaped (const char *raw)
{
  g_autoptr(GString) escaped = NULL;
  gboolean blank = TRUE;

  if (raw == NULL)
    return NULL;

  escaped = g_string_new (NULL);

  for (const guchar *at = (const guchar *)raw; *at != '\0'; at++)
    {
      if (*at > 0x20 && *at < 0x7f && *at != '%')
        g_string_append_c (escaped, *at);
      else
        g_string_append_printf (escaped, "%%%02x", *at);

      blank &= *at <= 0x20;
    }

  return blank ? NULL : g_string_free (g_steal_pointer (&escaped), FALSE);
}
