/* agent.c: what a guest's agent does for the display: size, pointer and clipboard.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The SPICE agent protocol (spice/vd_agent.h): messages in chunks of at most 2,048 bytes. Of the
 * clipboard only text is shared, as the field below the picture holds it; Ctrl+C offers it, Ctrl+V
 * asks for that of the client.
 */

#include "demo.h"

enum { MOUSE_STATE = 1, MONITORS_CONFIG, REPLY, CLIPBOARD, DISPLAY_CONFIG, CAPABILITIES,
       CLIPBOARD_GRAB, CLIPBOARD_REQUEST, CLIPBOARD_RELEASE };

#define CAN (1 << 0 | 1 << 1 | 1 << 2 | 1 << 5 | 1 << 8)        /* mouse, monitors, reply, clipboard
                                                                   on demand, lines end with LF */
#define UTF8_TEXT 1
#define CLIENT_PORT 1
#define MOST 4096               /* of a message; the rest of a longer one is passed over */

typedef struct
{
  u32 port, size;
} Chunk;

typedef struct __attribute__ ((packed))
{
  u32 protocol, type, opaque, opaque_high, size;
} Message;

/* The server's own messages (the pointer) may come between the chunks of one of the client's. */
typedef struct
{
  u8  bytes[sizeof (Message) + MOST];
  u32 have;
} Assembly;

static Chunk chunk;
static u32 chunk_have;
static Assembly from_client, from_server;
static u32 wanted_width, wanted_height;
static int offered;

static void
send (u32         type,
      const void *data,
      u32         size)
{
  struct __attribute__ ((packed)) { Chunk chunk; Message message; u8 data[256]; } packet = {
    { CLIENT_PORT, sizeof (Message) + size }, { 1, type, 0, 0, size }, { 0 }
  };

  for (u32 i = 0; i < size && i < sizeof packet.data; i++)
    packet.data[i] = ((const u8 *)data)[i];
  virtio_send (&packet, sizeof packet.chunk + sizeof packet.message + size);
}

static void
announce (u32 request)
{
  const u32 what[2] = { request, CAN };

  send (CAPABILITIES, what, sizeof what);
}

void
agent_opened (int open)
{
  say (open ? "agent on" : "agent off");
  chunk_have = from_client.have = from_server.have = 0;
  offered = 0;
  if (open)
    announce (1);
}

static void
take_mouse (const u32 *state)
{
  static u32 before;
  u32 buttons = state[2];

  pointer.x = MIN (state[0], W - 1);
  pointer.y = MIN (state[1], H - 1);
  /* left, middle, right, up, down, side, extra, from bit 1 on */
  pointer.buttons = (buttons >> 1 & 1) | (buttons >> 3 & 1) << 1 | (buttons >> 2 & 1) << 2
                    | (buttons >> 6 & 3) << 3;
  pointer.wheel += (buttons & ~before) >> 5 & 1;
  pointer.wheel -= (buttons & ~before) >> 4 & 1;
  before = buttons;
  pointer_moved ();
}

static void
take_text (const u8 *text,
           u32       length)
{
  picture_type ('\033');
  for (u32 i = 0; i < length; i++)
    if (text[i] >= ' ' && text[i] < 0x7f)
      picture_type (text[i]);
    else if (text[i] >= 0xc0)           /* the first byte of something that is not in the font */
      picture_type ('?');
}

static void
obey (const Assembly *message)
{
  const Message *head = (const Message *)message->bytes;
  const u32 *data = (const u32 *)(message->bytes + sizeof *head);
  u32 size = MIN (head->size, MOST);

  if (head->type == CAPABILITIES && size >= 8 && data[0])
    announce (0);
  else if (head->type == MOUSE_STATE && size >= 12)
    take_mouse (data);
  else if (head->type == MONITORS_CONFIG && size >= 28)
    {
      const u32 answer[2] = { MONITORS_CONFIG, 1 };

      /* Only the last of many sizes counts; see agent_work(). */
      if (data[0])
        {
          wanted_height = data[2];
          wanted_width = data[3];
        }
      send (REPLY, answer, sizeof answer);
    }
  else if (head->type == CLIPBOARD_GRAB)
    {
      offered = 0;
      for (u32 i = 0; i < size / 4; i++)
        offered |= data[i] == UTF8_TEXT;
    }
  else if (head->type == CLIPBOARD_RELEASE)
    offered = 0;
  else if (head->type == CLIPBOARD_REQUEST && size >= 4 && data[0] == UTF8_TEXT)
    {
      struct { u32 type; char text[64]; } answer = { UTF8_TEXT, "" };

      put_text (answer.text, sizeof answer.text, picture_text ());
      send (CLIPBOARD, &answer, 4 + text_length (answer.text));
    }
  else if (head->type == CLIPBOARD && size >= 4 && data[0] == UTF8_TEXT)
    take_text ((const u8 *)(data + 1), size - 4);
}

/* Puts chunks together to messages. */
void
agent_receive (const u8 *data,
               u32       length)
{
  for (; length; data++, length--)
    {
      Assembly *message;

      if (chunk_have < sizeof chunk)
        {
          ((u8 *)&chunk)[chunk_have++] = *data;
          if (chunk_have == sizeof chunk && !chunk.size)
            chunk_have = 0;
          continue;
        }
      message = chunk.port == CLIENT_PORT ? &from_client : &from_server;
      if (message->have < sizeof message->bytes)
        message->bytes[message->have] = *data;
      message->have++;
      if (--chunk.size == 0)
        chunk_have = 0;
      if (message->have >= sizeof (Message)
          && message->have == sizeof (Message) + ((const Message *)message->bytes)->size)
        {
          obey (message);
          message->have = 0;
        }
    }
}

/* The size that the client would like, if it is another than before. */
int
agent_size (u32 *width,
            u32 *height)
{
  if (!wanted_width || !wanted_height)
    return 0;
  *width = MAX (wanted_width & ~7u, 320);
  *height = MAX (wanted_height, 200);
  wanted_width = wanted_height = 0;
  return *width != W || *height != H;
}

void
agent_copy (void)
{
  const u32 types[1] = { UTF8_TEXT };

  send (CLIPBOARD_GRAB, types, sizeof types);
}

void
agent_paste (void)
{
  const u32 type = UTF8_TEXT;

  if (offered)
    send (CLIPBOARD_REQUEST, &type, sizeof type);
}
