/* spice-server-agent.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <stdlib.h>
#include <string.h>

#include <spice/vd_agent.h>

#include "spice-server.h"

/* The guest's agent: spice/vd_agent.h from the other side. */

#define CHUNK 2048
#define N_CAPS_WORDS 1

static SpiceCharDeviceInstance device;
static GByteArray *outgoing;
static gsize outgoing_offset;
static GByteArray *incoming;
static GByteArray *message;
static guint32 caps;
static gboolean announce;
static gboolean mute_files;

typedef struct
{
  guint64  size;
  guint64  received;
  guint32  sum;
} Transfer;

static GHashTable *transfers;

static void
append_chunk (const guint8 *data,
              gsize         size)
{
  VDIChunkHeader header = { .port = VDP_CLIENT_PORT, .size = (uint32_t)size };

  g_byte_array_append (outgoing, (const guint8 *)&header, sizeof header);
  g_byte_array_append (outgoing, data, (guint)size);
}

static void
send_message (guint32       type,
              const guint8 *payload,
              gsize         size)
{
  VDAgentMessage header = { .protocol = VD_AGENT_PROTOCOL, .type = type, .size = (uint32_t)size };
  g_autofree guint8 *whole = g_malloc (sizeof header + size);
  gsize total = sizeof header + size;

  memcpy (whole, &header, sizeof header);
  memcpy (whole + sizeof header, payload, size);

  for (gsize offset = 0; offset < total; offset += CHUNK)
    append_chunk (whole + offset, MIN (CHUNK, total - offset));

  spice_server_char_device_wakeup (&device);
}

static void
send_caps (gboolean request)
{
  guint32 words[1 + N_CAPS_WORDS] = { request, caps };

  send_message (VD_AGENT_ANNOUNCE_CAPABILITIES, (const guint8 *)words, sizeof words);
}

static void
say_monitors (const guint8 *payload)
{
  const VDAgentMonitorsConfig *config = (gconstpointer)payload;
  g_autoptr(GString) text = g_string_new ("monitors");

  for (guint i = 0; i < config->num_of_monitors; i++)
    g_string_append_printf (text, " %ux%u+%d+%d", config->monitors[i].width,
                            config->monitors[i].height, config->monitors[i].x,
                            config->monitors[i].y);

  if (config->flags & VD_AGENT_CONFIG_MONITORS_FLAG_PHYSICAL_SIZE)
    {
      const VDAgentMonitorMM *mm = (gconstpointer)&config->monitors[config->num_of_monitors];

      for (guint i = 0; i < config->num_of_monitors; i++)
        g_string_append_printf (text, " %ux%umm", mm[i].width, mm[i].height);
    }

  say ("%s", text->str);
}

static void
send_file_status (guint32 id,
                  guint32 result)
{
  guint32 status[] = { id, result };

  send_message (VD_AGENT_FILE_XFER_STATUS, (const guint8 *)status, sizeof status);
}

static void
finish_file (guint32   id,
             Transfer *transfer)
{
  say ("file-done %u %" G_GUINT64_FORMAT " %08x", id, transfer->received, transfer->sum);
  send_file_status (id, VD_AGENT_FILE_XFER_STATUS_SUCCESS);
  g_hash_table_remove (transfers, GUINT_TO_POINTER (id));
}

static void
handle_file_start (const guint8 *payload)
{
  const VDAgentFileXferStartMessage *start = (gconstpointer)payload;
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autofree char *name = NULL;
  Transfer *transfer = g_new0 (Transfer, 1);

  g_key_file_load_from_data (file, (const char *)start->data, (gsize)-1, 0, NULL);
  name = g_key_file_get_string (file, "vdagent-file-xfer", "name", NULL);
  transfer->size = g_key_file_get_uint64 (file, "vdagent-file-xfer", "size", NULL);
  transfer->sum = 2166136261u;
  g_hash_table_insert (transfers, GUINT_TO_POINTER (start->id), transfer);
  say ("file %u %" G_GUINT64_FORMAT " %s", start->id, transfer->size, name);

  if (mute_files)
    return;

  send_file_status (start->id, VD_AGENT_FILE_XFER_STATUS_CAN_SEND_DATA);
}

static void
handle_file_data (const guint8 *payload)
{
  const VDAgentFileXferDataMessage *data = (gconstpointer)payload;
  Transfer *transfer = g_hash_table_lookup (transfers, GUINT_TO_POINTER (data->id));

  if (transfer == NULL)
    return;

  for (guint64 i = 0; i < data->size; i++)
    transfer->sum = (transfer->sum ^ data->data[i]) * 16777619u;
  transfer->received += data->size;

  if (transfer->received >= transfer->size)
    finish_file (data->id, transfer);
}

static void
handle_clipboard (guint32       type,
                  const guint8 *payload,
                  gsize         size)
{
  guint selection = payload[0];
  const guint32 *words = (gconstpointer)(payload + 4);
  g_autoptr(GString) text = g_string_new (NULL);

  switch (type)
    {
    case VD_AGENT_CLIPBOARD_GRAB:
      for (gsize i = 0; i < (size - 4) / 4; i++)
        g_string_append_printf (text, " %u", words[i]);
      say ("grab %u%s", selection, text->str);
      break;

    case VD_AGENT_CLIPBOARD_REQUEST:
      say ("request %u %u", selection, words[0]);
      break;

    case VD_AGENT_CLIPBOARD_RELEASE:
      say ("release %u", selection);
      break;

    default:
      say ("data %u %u %" G_GSIZE_FORMAT " %08x", selection, words[0], size - 8,
           checksum (payload + 8, size - 8));
    }
}

static void
handle_message (const guint8 *data)
{
  const VDAgentMessage *header = (gconstpointer)data;
  const guint8 *payload = data + sizeof *header;

  switch (header->type)
    {
    case VD_AGENT_ANNOUNCE_CAPABILITIES:
      say ("caps");
      if (announce && ((const guint32 *)(gconstpointer)payload)[0])
        send_caps (FALSE);
      break;

    case VD_AGENT_MONITORS_CONFIG:
      say_monitors (payload);
      break;

    case VD_AGENT_CLIPBOARD:
    case VD_AGENT_CLIPBOARD_GRAB:
    case VD_AGENT_CLIPBOARD_REQUEST:
    case VD_AGENT_CLIPBOARD_RELEASE:
      handle_clipboard (header->type, payload, header->size);
      break;

    case VD_AGENT_FILE_XFER_START:
      handle_file_start (payload);
      break;

    case VD_AGENT_FILE_XFER_DATA:
      handle_file_data (payload);
      break;

    case VD_AGENT_FILE_XFER_STATUS:
      say ("file-status %u %u", ((const guint32 *)(gconstpointer)payload)[0],
           ((const guint32 *)(gconstpointer)payload)[1]);
      break;

    default:
      break;
    }
}

static void
push_chunk (const guint8 *data,
            guint32       size)
{
  g_byte_array_append (message, data, size);

  while (message->len >= sizeof (VDAgentMessage))
    {
      gsize whole = sizeof (VDAgentMessage) +
                    ((const VDAgentMessage *)(gconstpointer)message->data)->size;

      if (message->len < whole)
        break;

      handle_message (message->data);
      g_byte_array_remove_range (message, 0, (guint)whole);
    }
}

static int
write_cb (SpiceCharDeviceInstance *instance,
          const uint8_t           *data,
          int                      length)
{
  g_byte_array_append (incoming, data, (guint)length);

  while (incoming->len >= sizeof (VDIChunkHeader))
    {
      VDIChunkHeader header = *(const VDIChunkHeader *)(gconstpointer)incoming->data;

      if (incoming->len < sizeof header + header.size)
        break;

      /* The server's own messages are about its mouse. */
      if (header.port == VDP_CLIENT_PORT)
        push_chunk (incoming->data + sizeof header, header.size);

      g_byte_array_remove_range (incoming, 0, (guint)(sizeof header + header.size));
    }

  return length;
}

static int
read_cb (SpiceCharDeviceInstance *instance,
         uint8_t                 *data,
         int                      length)
{
  gsize n = MIN ((gsize)length, outgoing->len - outgoing_offset);

  if (n == 0)
    return 0;

  memcpy (data, outgoing->data + outgoing_offset, n);
  outgoing_offset += n;

  if (outgoing_offset == outgoing->len)
    {
      g_byte_array_set_size (outgoing, 0);
      outgoing_offset = 0;
    }

  return (int)n;
}

static void
state_cb (SpiceCharDeviceInstance *instance,
          int                      connected)
{
}

static SpiceCharDeviceInterface device_interface = {
  .base = {
    .type = SPICE_INTERFACE_CHAR_DEVICE,
    .description = "test",
    .major_version = SPICE_INTERFACE_CHAR_DEVICE_MAJOR,
    .minor_version = SPICE_INTERFACE_CHAR_DEVICE_MINOR,
  },
  .state = state_cb,
  .write = write_cb,
  .read = read_cb,
};

/* agent [crlf] [silent] [disabled-files] [mute-files] [no-clipboard] [no-monitors] [no-primary] */
static void
start_agent (SpiceServer  *server,
             char        **words)
{
  const char * const *options = (const char * const *)words;

  outgoing = g_byte_array_new ();
  incoming = g_byte_array_new ();
  message = g_byte_array_new ();
  outgoing_offset = 0;
  transfers = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  announce = !g_strv_contains (options, "silent");
  mute_files = g_strv_contains (options, "mute-files");

  caps = 1u << VD_AGENT_CAP_REPLY | 1u << VD_AGENT_CAP_CLIPBOARD_SELECTION;
  if (!g_strv_contains (options, "no-clipboard"))
    caps |= 1u << VD_AGENT_CAP_CLIPBOARD_BY_DEMAND;
  if (!g_strv_contains (options, "no-monitors"))
    caps |= 1u << VD_AGENT_CAP_MONITORS_CONFIG;
  if (g_strv_contains (options, "no-primary"))
    caps &= ~(1u << VD_AGENT_CAP_CLIPBOARD_SELECTION);
  if (g_strv_contains (options, "crlf"))
    caps |= 1u << VD_AGENT_CAP_GUEST_LINEEND_CRLF;
  if (g_strv_contains (options, "disabled-files"))
    caps |= 1u << VD_AGENT_CAP_FILE_XFER_DISABLED;
  if (g_strv_contains (options, "mouse"))
    caps |= 1u << VD_AGENT_CAP_MOUSE_STATE;

  device.base.sif = &device_interface.base;
  device.subtype = "vdagent";
  spice_server_add_interface (server, &device.base);

  if (announce)
    send_caps (TRUE);
}

static void
stop_agent (void)
{
  spice_server_remove_interface (&device.base);
  g_clear_pointer (&outgoing, g_byte_array_unref);
  g_clear_pointer (&incoming, g_byte_array_unref);
  g_clear_pointer (&message, g_byte_array_unref);
  g_clear_pointer (&transfers, g_hash_table_unref);
}

/* grab SELECTION TYPE… */
static void
send_grab (char **words)
{
  guint n_types = g_strv_length (words) - 1;
  guint32 *grab = g_new0 (guint32, n_types + 1);

  *(guint8 *)grab = (guint8)atoi (words[0]);
  for (guint i = 0; i < n_types; i++)
    grab[i + 1] = (guint32)atoi (words[i + 1]);

  send_message (VD_AGENT_CLIPBOARD_GRAB, (const guint8 *)grab, (n_types + 1) * sizeof *grab);
  g_free (grab);
}

/* data SELECTION TYPE fill SIZE | data SELECTION TYPE hex DIGITS | data SELECTION TYPE none */
static void
send_data (char **words)
{
  gboolean hex = g_str_equal (words[2], "hex");
  gsize size = g_str_equal (words[2], "none") ? 0
             : hex ? strlen (words[3]) / 2 : (gsize)g_ascii_strtoull (words[3], NULL, 10);
  g_autofree guint8 *data = g_malloc0 (size + 8);

  data[0] = (guint8)atoi (words[0]);
  *(guint32 *)(gpointer)(data + 4) = (guint32)atoi (words[1]);

  for (gsize i = 0; i < size; i++)
    data[8 + i] = hex ? (guint8)(g_ascii_xdigit_value (words[3][2 * i]) << 4 |
                                 g_ascii_xdigit_value (words[3][2 * i + 1]))
                      : filling (i);

  send_message (VD_AGENT_CLIPBOARD, data, size + 8);
}

/* selection-release SELECTION, selection-request SELECTION TYPE */
static void
send_selection (guint32   type,
                char    **words)
{
  guint32 data[] = { 0, 0 };

  *(guint8 *)data = (guint8)atoi (words[0]);
  if (words[1] != NULL)
    data[1] = (guint32)atoi (words[1]);

  send_message (type, (const guint8 *)data, words[1] != NULL ? 8 : 4);
}

gboolean
agent_command (SpiceServer  *server,
               char        **words,
               char        **problem)
{
  if (g_str_equal (words[0], "agent"))
    {
      start_agent (server, words + 1);
      return TRUE;
    }

  if (outgoing == NULL)
    return FALSE;

  if (g_str_equal (words[0], "no-agent"))
    stop_agent ();
  else if (g_str_equal (words[0], "announce"))
    send_caps (FALSE);
  else if (g_str_equal (words[0], "grab"))
    send_grab (words + 1);
  else if (g_str_equal (words[0], "data"))
    send_data (words + 1);
  else if (g_str_equal (words[0], "selection-release"))
    send_selection (VD_AGENT_CLIPBOARD_RELEASE, words + 1);
  else if (g_str_equal (words[0], "selection-request"))
    send_selection (VD_AGENT_CLIPBOARD_REQUEST, words + 1);
  else if (g_str_equal (words[0], "file-status"))
    send_file_status ((guint32)atoi (words[1]), (guint32)atoi (words[2]));
  else
    return FALSE;

  return TRUE;
}
