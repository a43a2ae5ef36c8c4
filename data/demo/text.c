/* text.c: the few string functions that are needed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "demo.h"

/* The compiler may call these by itself. */
void *memset (void *to, int value, u32 size);
void *memcpy (void *to, const void *from, u32 size);

void *
memset (void *to,
        int   value,
        u32   size)
{
  void *at = to;

  __asm__ volatile ("rep stosb" : "+D" (at), "+c" (size) : "a" (value) : "memory");
  return to;
}

void *
memcpy (void       *to,
        const void *from,
        u32         size)
{
  void *at = to;

  __asm__ volatile ("rep movsb" : "+D" (at), "+S" (from), "+c" (size) :: "memory");
  return to;
}

u32
text_length (const char *text)
{
  u32 length = 0;

  while (text[length])
    length++;
  return length;
}

/* Appends to the text in @to, which holds @size bytes. */
void
put_text (char       *to,
          u32         size,
          const char *text)
{
  u32 at = text_length (to);

  while (*text && at + 1 < size)
    to[at++] = *text++;
  if (at < size)
    to[at] = 0;
}

void
put_number (char *to,
            u32   size,
            int   number)
{
  char digits[12];
  u32 at = sizeof digits - 1, rest = number < 0 ? -number : number;

  digits[at] = 0;
  do
    digits[--at] = '0' + rest % 10;
  while (rest /= 10);
  if (number < 0)
    digits[--at] = '-';
  put_text (to, size, digits + at);
}

void
put_hex (char *to,
         u32   size,
         u32   number,
         u32   digits)
{
  char text[9];

  text[digits] = 0;
  for (u32 at = digits; at--; number >>= 4)
    text[at] = "0123456789abcdef"[number & 15];
  put_text (to, size, text);
}

/* What follows @word in @line, or NULL where @line does not hold it as a word of its own. A word
 * that ends with '=' is followed by its value at once.
 */
const char *
word_after (const char *line,
            const char *word)
{
  for (const char *at = line; *at; at++)
    {
      const char *a = at, *w = word;

      if (at > line && at[-1] != ' ')
        continue;
      while (*w && *a == *w)
        a++, w++;
      if (*w)
        continue;
      if (w[-1] == '=')
        return a;
      if (!*a)
        return a;
      if (*a == ' ')
        return a + 1;
    }
  return 0;
}

u32
read_number (const char **text)
{
  u32 number = 0;

  while (**text == ' ')
    (*text)++;
  while (**text >= '0' && **text <= '9')
    number = number * 10 + *(*text)++ - '0';
  return number;
}

u32
read_hex (const char **text)
{
  u32 number = 0;

  while (**text == ' ')
    (*text)++;
  for (;; (*text)++)
    {
      char c = **text | 32;

      if (c >= '0' && c <= '9')
        number = number << 4 | (c - '0');
      else if (c >= 'a' && c <= 'f')
        number = number << 4 | (c - 'a' + 10);
      else
        return number;
    }
}
