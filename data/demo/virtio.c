/* virtio.c: one serial port of a virtio console, which is the way to the display server's agent.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Virtio 1.1, section 4.1.4.8 (the legacy interface of PCI devices), 2.6.2 (the layout of a split
 * queue) and 5.3 (the console device). Only devices that still have the legacy interface are used,
 * which QEMU's are on the PC machine and not on Q35.
 *
 * Queues 2 and 3 carry orders about ports; port N has queues 2N + 2 and 2N + 3 (from port 1 on).
 */

#include "demo.h"

#define PORT_NAME "com.redhat.spice.0"
#define QUEUE_SIZE_MAX 128
#define BUFFER 2048
#define N_BUFFERS 8

enum { FEATURES = 0, GUEST_FEATURES = 4, ADDRESS = 8, SIZE = 12, SELECT = 14, NOTIFY = 16,
       STATUS = 18, INTERRUPT = 19 };
enum { DEVICE_READY, PORT_ADD, PORT_REMOVE, PORT_READY, CONSOLE_PORT, RESIZE, PORT_OPEN, PORT_NAMED };
enum { CONTROL_IN, CONTROL_OUT, DATA_IN, DATA_OUT, N_QUEUES };

#define WRITES 2                        /* the device writes to this buffer */
#define MULTIPORT 2                     /* feature bit 1 */

typedef struct
{
  u32 address, address_high, length;
  u16 flags, next;
} Descriptor;

typedef struct
{
  u16 flags;
  volatile u16 index;
  u16 ring[QUEUE_SIZE_MAX];
} Available;

typedef struct
{
  u16 flags;
  volatile u16 index;
  struct { u32 id, length; } ring[QUEUE_SIZE_MAX];
} Used;

typedef struct
{
  u8          memory[3 * 4096] __attribute__ ((aligned (4096)));
  u8          buffers[N_BUFFERS][BUFFER];
  u16         number, size, seen, sent;
  Available  *available;
  Used       *used;
} Queue;

typedef struct
{
  u32 port;
  u16 event, value;
} Control;

static Queue queues[N_QUEUES];
static u16 base;
static u32 line, agent_port;
static volatile u8 pending;
static int opened;

static int
queue_init (Queue *queue,
            u16    number)
{
  out16 (base + SELECT, number);
  queue->number = number;
  queue->size = in16 (base + SIZE);
  if (!queue->size || queue->size > QUEUE_SIZE_MAX)
    return 0;
  queue->available = (Available *)(queue->memory + queue->size * sizeof (Descriptor));
  queue->used = (Used *)(((u32)queue->available + 6 + 2 * queue->size + 4095) & ~4095u);
  queue->seen = queue->sent = 0;
  out32 (base + ADDRESS, (u32)queue->memory >> 12);
  return 1;
}

/* Gives one of the queue's buffers to the device. */
static void
queue_give (Queue *queue,
            u32    buffer,
            u32    length,
            u16    flags)
{
  Descriptor *descriptor = (Descriptor *)queue->memory + buffer;

  descriptor->address = (u32)queue->buffers[buffer];
  descriptor->length = length;
  descriptor->flags = flags;
  queue->available->ring[queue->available->index % queue->size] = buffer;
  __asm__ volatile ("" ::: "memory");
  queue->available->index++;
  __asm__ volatile ("lock; addl $0, (%%esp)" ::: "memory");
  out16 (base + NOTIFY, queue->number);
}

static void
queue_offer_all (Queue *queue)
{
  for (u32 i = 0; i < N_BUFFERS; i++)
    queue_give (queue, i, BUFFER, WRITES);
}

/* Sends up to BUFFER bytes; what finds no free buffer is lost. Returns whether it was sent. */
static int
queue_send (Queue      *queue,
            const void *data,
            u32         length)
{
  u32 buffer;

  if ((u16)(queue->sent - queue->used->index) >= N_BUFFERS || length > BUFFER)
    return 0;
  buffer = queue->sent++ % N_BUFFERS;
  for (u32 i = 0; i < length; i++)
    queue->buffers[buffer][i] = ((const u8 *)data)[i];
  queue_give (queue, buffer, length, 0);
  return 1;
}

static void
order (u32 port,
       u16 event,
       u16 value)
{
  Control control = { port, event, value };

  queue_send (&queues[CONTROL_OUT], &control, sizeof control);
}

static int
same_name (const u8 *name,
           u32       length)
{
  const char *wanted = PORT_NAME;

  for (u32 i = 0; wanted[i]; i++)
    if (i >= length || name[i] != wanted[i])
      return 0;
  return 1;
}

static void
obey (const u8 *data,
      u32       length)
{
  const Control *control = (const Control *)data;

  if (length < sizeof *control)
    return;
  if (control->event == PORT_ADD)
    order (control->port, PORT_READY, 1);
  else if (control->event == PORT_NAMED && !agent_port && control->port
           && same_name (data + sizeof *control, length - sizeof *control))
    {
      agent_port = control->port;
      if (queue_init (&queues[DATA_IN], 2 * agent_port + 2)
          && queue_init (&queues[DATA_OUT], 2 * agent_port + 3))
        {
          queue_offer_all (&queues[DATA_IN]);
          order (agent_port, PORT_OPEN, 1);
        }
    }
  else if (control->event == PORT_OPEN && agent_port && control->port == agent_port
           && opened != control->value)
    {
      opened = control->value;
      agent_opened (opened);
    }
}

static int
queue_take (Queue *queue,
            void (*function) (const u8 *data, u32 length))
{
  int some = 0;

  while (queue->used && queue->seen != queue->used->index)
    {
      u32 buffer = queue->used->ring[queue->seen % queue->size].id;
      u32 length = queue->used->ring[queue->seen % queue->size].length;

      queue->seen++;
      function (queue->buffers[buffer], MIN (length, BUFFER));
      queue_give (queue, buffer, BUFFER, WRITES);
      some = 1;
    }
  return some;
}

void
virtio_init (void)
{
  for (u32 device = 0; device < 32 && !base; device++)
    if (pci_read (device, 0, 0) == 0x10031af4 && pci_read (device, 0, 0x10) & 1)
      {
        base = pci_read (device, 0, 0x10) & 0xfffc;
        line = pci_read (device, 0, 0x3c) & 0xff;
        pci_write (device, 0, 4, pci_read (device, 0, 4) | 5);  /* ports, and memory by itself */
      }
  if (!base)
    return;

  out8 (base + STATUS, 0);
  out8 (base + STATUS, 1);              /* seen */
  out8 (base + STATUS, 3);              /* and known */
  if (!(in32 (base + FEATURES) & MULTIPORT))
    return;
  out32 (base + GUEST_FEATURES, MULTIPORT);
  if (!queue_init (&queues[CONTROL_IN], 2) || !queue_init (&queues[CONTROL_OUT], 3))
    return;
  out8 (base + STATUS, 7);              /* and driven */
  queue_offer_all (&queues[CONTROL_IN]);
  interrupt_allow (line);
  order (0, DEVICE_READY, 1);
}

void
virtio_irq (u32 which)
{
  if (base && which == line && in8 (base + INTERRUPT))
    pending = 1;
}

int
virtio_pending (void)
{
  return pending;
}

/* Hands over what has come in. */
void
virtio_work (void)
{
  pending = 0;
  while (queue_take (&queues[CONTROL_IN], obey) | queue_take (&queues[DATA_IN], agent_receive))
    ;
}

int
virtio_send (const void *data,
             u32         length)
{
  return opened && queue_send (&queues[DATA_OUT], data, length);
}
