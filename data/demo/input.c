/* input.c: keyboard and pointer.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A PS/2 keyboard with scan code set 1 and a PS/2 mouse with a wheel and five buttons (the
 * IntelliMouse Explorer's way of asking for them: rates 200, 100, 80, then 200, 200, 80). On top of
 * it VMware's absolute pointer, which QEMU's PC has: an I/O port that answers in registers. It makes
 * the host's pointer and the guest's one and the same; without it the mouse must be captured.
 */

#include "demo.h"

#define VMWARE_MAGIC  0x564d5868
#define VMWARE_PORT   0x5658
#define VMWARE_VERSION  10
#define VMWARE_DATA     39
#define VMWARE_STATUS   40
#define VMWARE_COMMAND  41
#define VMWARE_ENABLE   0x45414552
#define VMWARE_ABSOLUTE 0x53424152
#define VMWARE_DISABLE  0xf5

Pointer pointer;
u8 keyboard_locks = 2, keyboard_modifiers;

static u8 keys[256], mouse[1024];
static volatile u32 keys_from, keys_to, mouse_from, mouse_to;
static u8 lights_wanted, lights_state, packet_size = 3, have_absolute;

static u32
vmware (u32  command,
        u32  argument,
        u32 *b,
        u32 *c,
        u32 *d)
{
  u32 a = VMWARE_MAGIC;

  *b = argument;
  *c = command;
  *d = VMWARE_PORT;
  __asm__ volatile ("inl %%dx,%%eax" : "+a" (a), "+b" (*b), "+c" (*c), "+d" (*d));
  return a;
}

static int
wait_write (void)
{
  for (u32 i = 0; i < 100000; i++)
    if (!(in8 (0x64) & 2))
      return 1;
  return 0;
}

static int
wait_read (void)
{
  for (u32 i = 0; i < 100000; i++)
    if (in8 (0x64) & 1)
      return in8 (0x60);
  return -1;
}

static int
mouse_command (u8 byte)
{
  wait_write ();
  out8 (0x64, 0xd4);
  wait_write ();
  out8 (0x60, byte);
  return wait_read ();
}

static void
mouse_rate (u8 rate)
{
  mouse_command (0xf3);
  mouse_command (rate);
}

static void
mouse_init (void)
{
  static const u8 knocks[] = { 200, 100, 80, 200, 200, 80 };
  int id;

  for (u32 i = 0; i < COUNT (knocks); i++)
    mouse_rate (knocks[i]);
  mouse_command (0xf2);
  id = wait_read ();
  packet_size = id == 3 || id == 4 ? 4 : 3;
  mouse_rate (100);
  mouse_command (0xf4);
}

void
input_absolute (int absolute)
{
  u32 b, c, d;

  if (!have_absolute)
    return;
  if (absolute && !pointer.absolute)
    {
      vmware (VMWARE_COMMAND, VMWARE_ENABLE, &b, &c, &d);
      vmware (VMWARE_STATUS, 0, &b, &c, &d);
      vmware (VMWARE_DATA, 1, &b, &c, &d);
      vmware (VMWARE_COMMAND, VMWARE_ABSOLUTE, &b, &c, &d);
    }
  else if (!absolute && pointer.absolute)
    vmware (VMWARE_COMMAND, VMWARE_DISABLE, &b, &c, &d);
  pointer.absolute = absolute;
}

void
input_init (void)
{
  u32 b, c, d;
  int setting;

  while (in8 (0x64) & 1)
    in8 (0x60);
  wait_write ();
  out8 (0x64, 0xa8);                    /* the mouse's port on */
  wait_write ();
  out8 (0x64, 0x20);
  setting = wait_read ();
  mouse_init ();
  wait_write ();
  out8 (0x60, 0xf4);                    /* the keyboard on */
  wait_read ();
  wait_write ();
  out8 (0x64, 0x60);
  wait_write ();
  out8 (0x60, (setting & ~0x30) | 0x43);        /* interrupts of both, set 1 */

  have_absolute = vmware (VMWARE_VERSION, ~VMWARE_MAGIC, &b, &c, &d) != ~0u && b == VMWARE_MAGIC;
}

static void
lights_step (void)
{
  if (lights_state == 0 && lights_wanted)
    {
      lights_wanted = 0;
      lights_state = 1;
      wait_write ();
      out8 (0x60, 0xed);
    }
}

static void
key_byte (u8 byte)
{
  if (byte == 0xfa && lights_state)
    {
      if (lights_state == 1)
        {
          lights_state = 2;
          wait_write ();
          out8 (0x60, keyboard_locks);
        }
      else
        {
          lights_state = 0;
          lights_step ();
        }
      return;
    }
  if (keys_to - keys_from < sizeof keys)
    keys[keys_to++ % sizeof keys] = byte;
}

void
input_irq (void)
{
  u8 status;

  while ((status = in8 (0x64)) & 1)
    {
      u8 byte = in8 (0x60);

      if (!(status & 0x20))
        key_byte (byte);
      else if (mouse_to - mouse_from < sizeof mouse)
        mouse[mouse_to++ % sizeof mouse] = byte;
    }
}

/* The next byte of the keyboard, with locks and modifiers kept. Interrupts are off. */
int
input_next_key (u8 *scancode)
{
  static u8 extended;
  u8 byte, key, bit = 0, lock = 0;

  if (keys_from == keys_to)
    return 0;
  *scancode = byte = keys[keys_from++ % sizeof keys];
  key = byte & 0x7f;

  if (byte == 0xe0 || byte == 0xe1)
    {
      extended = byte;
      return 1;
    }
  if ((key == 0x2a || key == 0x36) && !extended)
    bit = 1;
  else if (key == 0x1d)
    bit = 2;
  else if (key == 0x38)
    bit = 4;
  else if (key == 0x3a)
    lock = 4;
  else if (key == 0x45 && !extended)
    lock = 2;
  else if (key == 0x46 && !extended)
    lock = 1;
  extended = 0;

  if (byte & 0x80)
    keyboard_modifiers &= ~bit;
  else
    {
      keyboard_modifiers |= bit;
      if (lock)
        {
          keyboard_locks ^= lock;
          lights_wanted = 1;
          lights_step ();
        }
    }
  return 1;
}

/* What a key types on a US keyboard, or 0. */
char
input_character (u8  scancode,
                 int extended)
{
  static const char plain[] = "\0\0331234567890-=\b\tqwertyuiop[]\n\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 ";
  static const char shifted[] = "\0\033!@#$%^&*()_+\b\tQWERTYUIOP{}\n\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 ";
  static const char pad[] = "789-456+1230.";
  char c;

  if (extended)
    return scancode == 0x1c ? '\n' : scancode == 0x35 ? '/' : 0;
  if (scancode >= 0x47 && scancode <= 0x53)
    return keyboard_locks & 2 || scancode == 0x4a || scancode == 0x4e ? pad[scancode - 0x47] : 0;
  if (scancode == 0x56)
    return keyboard_modifiers & 1 ? '>' : '<';
  if (scancode >= sizeof plain - 1)
    return 0;
  c = plain[scancode];
  if (c >= 'a' && c <= 'z')
    return !(keyboard_modifiers & 1) == !(keyboard_locks & 4) ? c : shifted[scancode];
  return keyboard_modifiers & 1 ? shifted[scancode] : c;
}

static int
absolute_packets (void)
{
  u32 status, x, y, wheel;
  int some = 0;

  for (;;)
    {
      status = vmware (VMWARE_STATUS, 0, &x, &y, &wheel);
      if (status >> 16 == 0xffff || (status & 0xffff) < 4)
        return some;
      status = vmware (VMWARE_DATA, 4, &x, &y, &wheel);
      pointer.x = ((x & 0xffff) * (W - 1) + 0x7fff) / 0xffff;
      pointer.y = ((y & 0xffff) * (H - 1) + 0x7fff) / 0xffff;
      pointer.buttons = (status & 0x20 ? 1 : 0) | (status & 0x10 ? 2 : 0) | (status & 0x08 ? 4 : 0);
      pointer.wheel += (signed char)wheel;
      some = 1;
    }
}

static int
relative_packet (const u8 *packet)
{
  int dx = packet[1] - (packet[0] & 0x10 ? 256 : 0);
  int dy = packet[2] - (packet[0] & 0x20 ? 256 : 0);

  pointer.x = MAX (0, MIN (pointer.x + dx, (int)W - 1));
  pointer.y = MAX (0, MIN (pointer.y - dy, (int)H - 1));
  pointer.buttons = packet[0] & 7;
  if (packet_size == 4)
    {
      int wheel = packet[3] & 15;

      pointer.wheel += wheel >= 8 ? wheel - 16 : wheel;
      pointer.buttons |= packet[3] >> 1 & 0x18;
    }
  return 1;
}

/* Takes one packet of the mouse, or all of the absolute pointer. Returns whether anything came.
 * Interrupts are off.
 */
int
input_pointer (void)
{
  u8 packet[4];

  if (pointer.absolute)
    {
      mouse_from = mouse_to;
      return absolute_packets ();
    }

  while (mouse_to != mouse_from && !(mouse[mouse_from % sizeof mouse] & 8))
    mouse_from++;               /* out of step: a first byte has this bit set */
  if (mouse_to - mouse_from < packet_size)
    return 0;
  for (u32 i = 0; i < packet_size; i++)
    packet[i] = mouse[mouse_from++ % sizeof mouse];
  return relative_packet (packet);
}
