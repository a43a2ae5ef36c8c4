/* console.c: orders and answers on the first serial line. They are listed at the top of demo.c.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "demo.h"

static const char *const work_names[] = { "", "still", "caret", "region", "full", "blink" };
static int echo = 1;
int report_events = 1, obey_power = 1;

void
say (const char *text)
{
  serial_write (text);
  serial_write ("\n");
}

static void
append_state (char *line,
              u32   size)
{
  put_number (line, size, W);
  put_text (line, size, "x");
  put_number (line, size, H);
  put_text (line, size, "x");
  put_number (line, size, depth);
  put_text (line, size, " ");
  put_text (line, size, work_names[work]);
}

void
say_state (const char *word)
{
  char line[96] = "";

  put_text (line, sizeof line, word);
  append_state (line, sizeof line);
  put_text (line, sizeof line, pointer.absolute ? " absolute" : " relative");
  say (line);
}

int
set_mode (u32 width,
          u32 height,
          u32 bits)
{
  if (!screen_set_mode (width, height, bits))
    return 0;
  pointer.x = MIN (pointer.x, (int)width - 1);
  pointer.y = MIN (pointer.y, (int)height - 1);
  work_redraw ();
  return 1;
}

void
beep (u32 hertz)
{
  u32 until;

  speaker_beep (hertz);
  clock_run (1);
  __asm__ volatile ("sti");
  for (until = clock_ticks + 15; (int)(until - clock_ticks) > 0;)
    __asm__ volatile ("hlt");
  speaker_beep (0);
  clock_run (work != WORK_STILL);
}

static int
command_rect (const char *at,
              int         whole)
{
  u32 x = 0, y = 0, width = W, height = H, colour;

  if (!whole)
    {
      x = read_number (&at);
      y = read_number (&at);
      width = read_number (&at);
      height = read_number (&at);
    }
  if (x >= W || y >= H || !width || !height || width > W || height > H)
    return 0;
  colour = read_hex (&at) & 0xffffff;
  for (u32 row = y; row < MIN (y + height, H); row++)
    fill32 (canvas + row * W + x, colour, MIN (width, W - x));
  screen_update (x, y, width, height);
  return 1;
}

static int
command_mode (const char *at)
{
  u32 width = read_number (&at);

  if (*at != 'x')
    return 0;
  at++;
  return set_mode (width, read_number (&at), depth);
}

static int
command_marks (const char *at)
{
  mark = MIN (read_number (&at), 64);
  work_set (work);
  return 1;
}

static int
switch_word (const char *at,
             const char *on,
             const char *off,
             int        *value)
{
  if (word_after (at, on))
    *value = 1;
  else if (word_after (at, off))
    *value = 0;
  else
    return 0;
  return 1;
}

static int
command_pointer (const char *at)
{
  int absolute;

  if (!switch_word (at, "absolute", "relative", &absolute))
    return 0;
  picture_pointer (0);
  input_absolute (absolute);
  picture_pointer (1);
  return pointer.absolute == absolute;
}

static void
say_help (void)
{
  say ("This is the demo guest. Lines that it understands:");
  say ("  still | caret | region | full        what moves on the screen");
  say ("  mode WxH | depth 16|32 | redraw      the screen");
  say ("  pattern N | fill RRGGBB | rect X Y W H RRGGBB | marks N");
  say ("  pointer absolute|relative | power on|ignore | bridge on|off");
  say ("  events on|off | echo on|off | beep [HERTZ] | state | off | reboot");
}

static int
command (const char *line)
{
  const char *at;
  static int joined;

  for (u32 i = WORK_STILL; i <= WORK_BLINK; i++)
    if (word_after (line, work_names[i]))
      return work_set (i), 1;
  if ((at = word_after (line, "mode")))
    return command_mode (at);
  if ((at = word_after (line, "depth")))
    return set_mode (W, H, read_number (&at));
  if ((at = word_after (line, "marks")))
    return command_marks (at);
  if ((at = word_after (line, "pattern")))
    return work_pattern (read_number (&at)), 1;
  if ((at = word_after (line, "fill")))
    return command_rect (at, 1);
  if ((at = word_after (line, "rect")))
    return command_rect (at, 0);
  if (word_after (line, "redraw"))
    return work_redraw (), 1;
  if ((at = word_after (line, "pointer")))
    return command_pointer (at);
  if ((at = word_after (line, "power")))
    return switch_word (at, "on", "ignore", &obey_power);
  if ((at = word_after (line, "bridge")))
    {
      if (!switch_word (at, "on", "off", &joined))
        return 0;
      serial_joined = joined;
      return 1;
    }
  if ((at = word_after (line, "events")))
    return switch_word (at, "on", "off", &report_events);
  if ((at = word_after (line, "echo")))
    return switch_word (at, "on", "off", &echo);
  if ((at = word_after (line, "beep")))
    {
      u32 hertz = read_number (&at);

      beep (hertz ? hertz : 660);
      return 1;
    }
  if (word_after (line, "help"))
    return say_help (), 1;
  if (word_after (line, "off"))
    power_off ();
  if (word_after (line, "reboot"))
    power_reset ();
  return word_after (line, "state") != 0;
}

static void
obey (const char *line)
{
  char answer[160] = "";

  if (!*line)
    return;
  if (!command (line))
    {
      put_text (answer, sizeof answer, "error ");
      put_text (answer, sizeof answer, line);
      say (answer);
      return;
    }
  say_state ("ok ");
}

void
console_byte (u8 byte)
{
  static char line[128];
  static u32 length;
  char text[2] = { byte, 0 };

  if (byte == '\r' || byte == '\n')
    {
      line[length] = 0;
      length = 0;
      if (echo && *line)
        serial_write ("\n");
      obey (line);
      line[0] = 0;
    }
  else if ((byte == '\b' || byte == 0x7f) && length)
    {
      length--;
      if (echo)
        serial_write ("\b \b");
    }
  else if (byte >= ' ' && byte < 0x7f && length + 1 < sizeof line)
    {
      line[length++] = byte;
      if (echo)
        serial_write (text);
    }
}
