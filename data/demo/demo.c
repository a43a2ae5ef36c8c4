/* demo.c: the demo guest, a small program that runs on a virtual machine without anything else.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * It shows a lodge at night, answers the keyboard, the pointer, the power button and the serial
 * console, and has modes in which tests and benchmarks know what is on the screen. Nothing runs
 * while nothing happens: the processor halts until the next interrupt.
 *
 *   qemu-system-x86_64 -vga std -serial stdio -kernel lodge-demo.elf -append "mode=1280x800 wl=3"
 *
 * Words on the command line
 *   mode=WxH             size of the screen (1024x768)
 *   depth=16             65,536 colours
 *   wl=N                 the mode to begin with, 1 to 5 as below; marks become 32 pixels wide
 *   marks=N              width of the marks (16; 0 leaves them out)
 *   pointer=relative     a mouse that must be captured, rather than a tablet
 *   power=ignore         the power button does nothing
 *   bridge               joins COM2 and COM3
 *   quiet                events are not reported on COM1
 *
 * Where there is a virtio channel com.redhat.spice.0 (on the PC machine), it is its own agent: its
 * screen follows the client's window, the client's pointer is its own, and text can be copied.
 *
 * Keys
 *   F1 still   F2 caret: a block 16x32 in the middle comes and goes, twice a second
 *   F3 region: 640x360 pixels with new content in a new place, 30 times a second
 *   F4 full: all pixels, 30 times a second (two pages, where video memory has room for them)
 *   F5 tablet or mouse   F6 next size   F7 32 or 16 bits   F8 a beep
 *   F9 blink: as caret, 30 times a second
 *   Ctrl+C offers the text of the field to the client's clipboard, Ctrl+V asks for the client's
 *   Ctrl+Alt+Del restarts; any other key types into the field
 *
 * COM1, one line each; what is asked is answered by "ok ..." or "error ..."
 *   still, caret, region, full, blink, mode WxH, depth N, marks N, pattern N, fill RRGGBB,
 *   rect X Y W H RRGGBB, redraw, pointer absolute|relative, power on|ignore, bridge on|off,
 *   events on|off, echo on|off, beep [HERTZ], state, off, reboot, help
 *   Reported by itself: "ready 1024x768x32 still" once everything works; "key HH" for each byte of
 *   the keyboard; "pointer X Y BUTTONS WHEEL"; "locks caps num scroll" as 0 and 1; "agent on" and
 *   "agent off"; "power".
 *
 * Marks, so that a program can find the picture on a screen and read numbers from it; N is the width
 * of one, and colours are RRGGBB:
 *   corners  N x N: upper left ff1053, right of it 10ff53, upper right 1053ff, lower left ffd010,
 *            lower right d010ff
 *   frame    2N x N at (2N, 0): red = frame & 255, green = a5, blue = frame >> 8 & 255; the number
 *            begins at 0 with each mode and grows by one with each picture
 *   echo     2N x N at (4N, 0): red = presses * 37 + 64, green = last key pressed, blue = 5a
 *   state    2N x N at (6N, 0): red = mode (1 to 5), green = 3c, blue = c3
 * Patterns (pattern N): 0 eight bars, 1 squares of 8 pixels, 2 a ramp, others one colour; see
 * work_pattern().
 */

#include "demo.h"

void demo_main (const u32 *multiboot);

static void
next_size (void)
{
  static const u16 sizes[][2] = { { 800, 600 }, { 1024, 768 }, { 1280, 800 }, { 1920, 1080 } };
  u32 i = 0;

  while (i < COUNT (sizes) && sizes[i][0] <= W)
    i++;
  i %= COUNT (sizes);
  if (!set_mode (sizes[i][0], sizes[i][1], depth))
    set_mode (sizes[0][0], sizes[0][1], depth);
}

static void
function_key (u8 key)
{
  if (key >= 0x3b && key <= 0x3e)
    work_set (key - 0x3a);
  else if (key == 0x3f)
    {
      picture_pointer (0);
      input_absolute (!pointer.absolute);
      picture_pointer (1);
    }
  else if (key == 0x40)
    next_size ();
  else if (key == 0x41)
    set_mode (W, H, depth == 32 ? 16 : 32);
  else if (key == 0x42)
    beep (660);
  else if (key == 0x43)
    work_set (WORK_BLINK);
  if (report_events)
    say_state ("state ");
}

static void
say_locks (void)
{
  char line[16] = "locks 0 0 0";

  line[6] += keyboard_locks >> 2 & 1;
  line[8] += keyboard_locks >> 1 & 1;
  line[10] += keyboard_locks & 1;
  say (line);
}

static void
key_byte (u8 byte)
{
  static u8 extended, locks = 2;
  char line[16] = "key ", character;

  put_hex (line, sizeof line, byte, 2);
  if (report_events)
    say (line);
  if (byte == 0xe0 || byte == 0xe1)
    {
      extended = byte;
      return;
    }
  if (!(byte & 0x80))
    {
      /* first what tests look for, then what takes longer */
      last_scancode = byte;
      presses++;
      if (mark)
        screen_block (0, 4 * mark, 0, 2 * mark, mark, ((presses * 37 + 64) & 255) << 16 | byte << 8 | 0x5a);
      if (extended && byte == 0x53 && (keyboard_modifiers & 6) == 6)
        power_reset ();
      if (work != WORK_FULL)
        picture_key ();
      if (byte >= 0x3b && byte <= 0x43 && !extended)
        function_key (byte);
      else if (byte == 0x2e && keyboard_modifiers == 2)
        agent_copy ();
      else if (byte == 0x2f && keyboard_modifiers == 2)
        agent_paste ();
      else if ((character = input_character (byte, extended)) && !(keyboard_modifiers & 6)
               && work != WORK_FULL)
        picture_type (character);
    }
  extended = 0;
  if (locks != keyboard_locks)
    {
      locks = keyboard_locks;
      picture_locks ();
      say_locks ();
    }
}

void
pointer_moved (void)
{
  char line[48] = "pointer ";

  if (work != WORK_FULL)
    picture_pointer (1);
  if (!report_events)
    return;
  put_number (line, sizeof line, pointer.x);
  put_text (line, sizeof line, " ");
  put_number (line, sizeof line, pointer.y);
  put_text (line, sizeof line, " ");
  put_number (line, sizeof line, pointer.buttons);
  put_text (line, sizeof line, " ");
  put_number (line, sizeof line, pointer.wheel);
  say (line);
}

/* The client may ask for another size of the screen. */
static void
agent_work (void)
{
  u32 width, height;

  virtio_work ();
  if (agent_size (&width, &height) && set_mode (width, height, depth) && report_events)
    say_state ("state ");
}

static void
power_button (void)
{
  power_pressed = 0;
  say ("power");
  if (obey_power)
    power_off ();
}

static const char *
start (const u32 *multiboot,
       u32       *mode)
{
  const char *line = multiboot[0] & 4 ? (const char *)multiboot[4] : "", *at;
  u32 width = 1024, height = 768, bits = 32;

  *mode = WORK_STILL;
  if ((at = word_after (line, "mode=")))
    {
      width = read_number (&at);
      at += *at == 'x';
      height = read_number (&at);
    }
  if ((at = word_after (line, "depth=")))
    bits = read_number (&at);
  if ((at = word_after (line, "wl=")))
    {
      *mode = read_number (&at);
      if (*mode < WORK_STILL || *mode > WORK_BLINK)
        *mode = WORK_STILL;
      mark = 32;
    }
  if ((at = word_after (line, "marks=")))
    mark = MIN (read_number (&at), 64);
  if (word_after (line, "quiet"))
    report_events = 0;
  if (word_after (line, "bridge"))
    serial_joined = 1;
  if (word_after (line, "power=ignore"))
    obey_power = 0;

  if (!screen_init (multiboot[0] & 1 ? multiboot[2] : 0))
    return "error no screen";
  if (!screen_set_mode (width, height, bits) && !screen_set_mode (1024, 768, 32))
    return "error not enough memory for the screen";
  return 0;
}

void
demo_main (const u32 *multiboot)
{
  const char *line = multiboot[0] & 4 ? (const char *)multiboot[4] : "", *problem;
  u32 mode;

  serial_init ();
  if ((problem = start (multiboot, &mode)))
    {
      say (problem);
      serial_drain ();
      return;
    }
  pointer.x = W / 2;
  pointer.y = H / 2;
  picture_draw ();
  hardware_init ();
  input_init ();
  virtio_init ();
  input_absolute (!word_after (line, "pointer=relative"));
  work_set (mode);
  say_state ("ready ");

  for (;;)
    {
      u8 scancode;
      int key, moved, console, agent, due;

      __asm__ volatile ("cli");
      console = serial_pump ();
      key = input_next_key (&scancode);
      moved = !key && input_pointer ();
      agent = virtio_pending ();
      due = work_due ();
      if (!console && !key && !moved && !agent && !power_pressed && !due)
        {
          __asm__ volatile ("sti; hlt");
          continue;
        }
      __asm__ volatile ("sti");

      if (power_pressed)
        power_button ();
      if (key)
        key_byte (scancode);
      if (moved)
        pointer_moved ();
      if (console)
        console_byte (serial_read ());
      if (agent)
        agent_work ();
      if (work_due ())          /* a key may have changed the mode */
        work_step ();
    }
}
