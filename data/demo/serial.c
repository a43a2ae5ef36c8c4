/* serial.c: the serial ports.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * COM1 is the guest's console. COM2 and COM3 can be joined: bytes that come in on one go out on the
 * other. With a channel of the display server behind COM2 and a socket of a test behind COM3, the
 * test plays the guest's agent.
 *
 * Registers as in the data sheet of the 16550. COM1 and COM3 share a line of interrupts, which
 * reports edges: all ports are read until none has anything left.
 */

#include "demo.h"

#define SIZE 8192               /* a power of two */

enum { COM1, COM2, COM3, N_PORTS };
enum { DATA, ENABLE, IDENTIFY, LINE, MODEM, STATUS };

typedef struct
{
  u8           bytes[SIZE];
  volatile u32 from, to;
} Ring;

typedef struct
{
  u16  base;
  u8   present, enabled;
  Ring in, out;
} Port;

static Port ports[N_PORTS];
int serial_joined;

static u32
ring_used (Ring *ring)
{
  return ring->to - ring->from;
}

static void
ring_put (Ring *ring,
          u8    byte)
{
  ring->bytes[ring->to % SIZE] = byte;
  ring->to++;
}

static u8
ring_take (Ring *ring)
{
  u8 byte = ring->bytes[ring->from % SIZE];

  ring->from++;
  return byte;
}

static void
port_enable (Port *port,
             u8    what)
{
  if (port->enabled == what)
    return;
  port->enabled = what;
  out8 (port->base + ENABLE, what);
}

void
serial_init (void)
{
  static const u16 bases[N_PORTS] = { 0x3f8, 0x2f8, 0x3e8 };

  for (Port *port = ports; port < ports + N_PORTS; port++)
    {
      port->base = bases[port - ports];
      out8 (port->base + 7, 0x5a);
      port->present = in8 (port->base + 7) == 0x5a;
      if (!port->present)
        continue;
      out8 (port->base + ENABLE, 0);
      out8 (port->base + LINE, 0x80);
      out8 (port->base + DATA, 1);      /* 115200 baud */
      out8 (port->base + ENABLE, 0);
      out8 (port->base + LINE, 0x03);   /* 8 bits, no parity, 1 stop bit */
      out8 (port->base + IDENTIFY, 0xc7);
      out8 (port->base + MODEM, 0x0b);  /* ready; interrupts on */
      port_enable (port, 1);
    }
}

/* What has come in, as far as there is room for it. */
static int
port_receive (Port *port)
{
  int some = 0;

  while (ring_used (&port->in) < SIZE && in8 (port->base + STATUS) & 1)
    {
      ring_put (&port->in, in8 (port->base + DATA));
      some = 1;
    }
  return some;
}

void
serial_irq (void)
{
  int some;

  do
    {
      some = 0;
      for (Port *port = ports; port < ports + N_PORTS; port++)
        if (port->present)
          {
            in8 (port->base + IDENTIFY);
            some |= port_receive (port);
          }
    }
  while (some);
}

/* Sends what waits, as far as the port takes it, and asks for an interrupt for the rest. */
static void
port_send (Port *port)
{
  while (ring_used (&port->out) && in8 (port->base + STATUS) & 0x20)
    for (u32 i = 0; i < 16 && ring_used (&port->out); i++)
      out8 (port->base + DATA, ring_take (&port->out));
  port_enable (port, ring_used (&port->out) ? 3 : 1);
}

static int
port_forward (Port *from,
              Port *to)
{
  int some = 0;

  while (ring_used (&from->in) && ring_used (&to->out) < SIZE)
    {
      ring_put (&to->out, ring_take (&from->in));
      some = 1;
    }
  return some;
}

/* Moves bytes; returns whether there is something to read on the console. Interrupts are off. */
int
serial_pump (void)
{
  for (Port *port = ports; port < ports + N_PORTS; port++)
    if (port->present)
      port_receive (port);

  if (ports[COM2].present && ports[COM3].present)
    {
      if (serial_joined)
        {
          port_forward (&ports[COM2], &ports[COM3]);
          port_forward (&ports[COM3], &ports[COM2]);
        }
      else
        {
          ports[COM2].in.from = ports[COM2].in.to;
          ports[COM3].in.from = ports[COM3].in.to;
        }
    }

  for (Port *port = ports; port < ports + N_PORTS; port++)
    if (port->present)
      port_send (port);

  return ring_used (&ports[COM1].in) > 0;
}

/* The next byte from the console, or -1. */
int
serial_read (void)
{
  return ring_used (&ports[COM1].in) ? ring_take (&ports[COM1].in) : -1;
}

/* Text for the console. What nobody reads in time is lost, and nothing waits for it. */
void
serial_write (const char *text)
{
  Ring *ring = &ports[COM1].out;

  for (; *text && ports[COM1].present && ring_used (ring) + 2 < SIZE; text++)
    {
      if (*text == '\n')
        ring_put (ring, '\r');
      ring_put (ring, *text);
    }
}

/* Before the end: gives the last words a moment to go out. */
void
serial_drain (void)
{
  for (u32 i = 0; i < 100000 && ring_used (&ports[COM1].out); i++)
    port_send (&ports[COM1]);
}
