/* hardware.c: PCI, interrupts, clock, power.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers are from the data sheets of the 8259A (interrupts), 8254 (clock), PIIX4 and ICH9 (power
 * management), and from the ACPI specification, section 4.8.3 (PM1 registers).
 */

#include "demo.h"

#define PIC1 0x20
#define PIC2 0xa0
#define FIRST_VECTOR 0x20

#define PM1_STATUS  0           /* from the base of the power management ports */
#define PM1_ENABLE  2
#define PM1_CONTROL 4
#define PM1_POWER_BUTTON 0x0100
#define PM1_SCI_ENABLE   0x0001
#define PM1_SLEEP        0x2000 /* with sleep type 0: off, on both chips as QEMU makes them */

extern const u32 interrupt_entries[16];
void demo_interrupt (u32 line);

volatile u32 clock_ticks;
volatile u8  power_pressed;

static struct
{
  u16 low, selector, type, high;
} vectors[FIRST_VECTOR + 16];
static u16 power_base;

u32
pci_read (u32 device,
          u32 function,
          u32 offset)
{
  out32 (0xcf8, 0x80000000u | device << 11 | function << 8 | offset);
  return in32 (0xcfc);
}

void
pci_write (u32 device,
           u32 function,
           u32 offset,
           u32 value)
{
  out32 (0xcf8, 0x80000000u | device << 11 | function << 8 | offset);
  out32 (0xcfc, value);
}

void
interrupt_allow (u32 line)
{
  u16 port = line < 8 ? PIC1 + 1 : PIC2 + 1;

  if (line < 16)
    out8 (port, in8 (port) & ~(1 << (line & 7)));
}

static void
power_init (void)
{
  for (u32 device = 0; device < 32 && !power_base; device++)
    for (u32 function = 0; function < 8 && !power_base; function++)
      {
        u32 id = pci_read (device, function, 0);

        if (id == 0x71138086)
          power_base = pci_read (device, function, 0x40) & 0xffc0;
        else if (id == 0x29188086)
          power_base = pci_read (device, function, 0x40) & 0xff80;
      }
  if (!power_base)
    return;

  out16 (power_base + PM1_CONTROL, in16 (power_base + PM1_CONTROL) | PM1_SCI_ENABLE);
  out16 (power_base + PM1_STATUS, 0xffff);
  out16 (power_base + PM1_ENABLE, PM1_POWER_BUTTON);
}

static void
power_irq (void)
{
  u16 status;

  if (!power_base)
    return;
  status = in16 (power_base + PM1_STATUS);
  if (status & PM1_POWER_BUTTON)
    power_pressed = 1;
  out16 (power_base + PM1_STATUS, status);
}

void
power_off (void)
{
  serial_drain ();
  if (power_base)
    out16 (power_base + PM1_CONTROL, PM1_SLEEP | PM1_SCI_ENABLE);
  for (;;)
    __asm__ volatile ("cli; hlt");
}

/* The keyboard controller holds the processor's reset line. */
void
power_reset (void)
{
  serial_drain ();
  for (;;)
    out8 (0x64, 0xfe);
}

/* 60 Hz while @on. Without it nothing wakes the processor but what the user does. */
void
clock_run (int on)
{
  u8 mask = in8 (PIC1 + 1);

  out8 (PIC1 + 1, on ? mask & ~1 : mask | 1);
}

/* Sound of that pitch from the speaker; 0 ends it. */
void
speaker_beep (u32 hertz)
{
  if (hertz < 20 || hertz > 20000)
    {
      out8 (0x61, in8 (0x61) & ~3);
      return;
    }
  out8 (0x43, 0xb6);
  out8 (0x42, (1193182 / hertz) & 255);
  out8 (0x42, (1193182 / hertz) >> 8);
  out8 (0x61, in8 (0x61) | 3);
}

void
demo_interrupt (u32 line)
{
  if (line == 0)
    clock_ticks++;
  else if (line == 1 || line == 12)
    input_irq ();
  else if (line == 3 || line == 4)
    serial_irq ();
  else if (line == 9)
    power_irq ();
  virtio_irq (line);

  if (line >= 8)
    out8 (PIC2, 0x20);
  out8 (PIC1, 0x20);
}

void
hardware_init (void)
{
  static struct __attribute__ ((packed)) { u16 size; u32 at; } table;
  const u16 reload = 1193182 / 60;

  for (u32 line = 0; line < 16; line++)
    {
      u32 entry = interrupt_entries[line];

      vectors[FIRST_VECTOR + line].low = entry & 0xffff;
      vectors[FIRST_VECTOR + line].selector = 0x08;
      vectors[FIRST_VECTOR + line].type = 0x8e00;
      vectors[FIRST_VECTOR + line].high = entry >> 16;
    }
  table.size = sizeof vectors - 1;
  table.at = (u32)vectors;
  __asm__ volatile ("lidt %0" :: "m" (table));

  out8 (PIC1, 0x11);
  out8 (PIC2, 0x11);
  out8 (PIC1 + 1, FIRST_VECTOR);
  out8 (PIC2 + 1, FIRST_VECTOR + 8);
  out8 (PIC1 + 1, 4);
  out8 (PIC2 + 1, 2);
  out8 (PIC1 + 1, 1);
  out8 (PIC2 + 1, 1);
  out8 (PIC1 + 1, (u8)~(1 << 1 | 1 << 2 | 1 << 3 | 1 << 4));
  out8 (PIC2 + 1, (u8)~(1 << 1 | 1 << 4));

  out8 (0x43, 0x34);
  out8 (0x40, reload & 255);
  out8 (0x40, reload >> 8);

  power_init ();
}
