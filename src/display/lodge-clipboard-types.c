/* lodge-clipboard-types.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <spice/vd_agent.h>

#include "lodge-clipboard-types.h"

/* The agent protocol's types of content (spice/vd_agent.h) and their MIME types. */

static const struct
{
  guint32     type;
  const char *mimes[6];
} kinds[] = {
  /* GDK makes X11's targets (UTF8_STRING and the older ones) of the first of these by itself. */
  { VD_AGENT_CLIPBOARD_UTF8_TEXT, { "text/plain;charset=utf-8", "text/plain", NULL } },
  { VD_AGENT_CLIPBOARD_IMAGE_PNG, { "image/png", NULL } },
  { VD_AGENT_CLIPBOARD_IMAGE_BMP,
    { "image/bmp", "image/x-bmp", "image/x-MS-bmp", "image/x-win-bitmap", NULL } },
  { VD_AGENT_CLIPBOARD_IMAGE_TIFF, { "image/tiff", NULL } },
  { VD_AGENT_CLIPBOARD_IMAGE_JPG, { "image/jpeg", NULL } },
};

guint32
lodge_clipboard_type_from_mime (const char *mime_type)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strv_contains (kinds[i].mimes, mime_type))
      return kinds[i].type;

  return VD_AGENT_CLIPBOARD_NONE;
}

const char * const *
lodge_clipboard_type_get_mimes (guint32 type)
{
  static const char * const none[] = { NULL };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i].type == type)
      return kinds[i].mimes;

  return none;
}

gboolean
lodge_clipboard_type_is_text (guint32 type)
{
  return type == VD_AGENT_CLIPBOARD_UTF8_TEXT;
}

GArray *
lodge_clipboard_types_from_formats (GdkContentFormats *formats)
{
  g_autoptr(GdkContentFormats) all = NULL;
  GArray *types = g_array_new (FALSE, FALSE, sizeof (guint32));

  /* Content of this process may be known by its GType alone. */
  all = gdk_content_formats_union_serialize_mime_types (gdk_content_formats_ref (formats));

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (guint j = 0; kinds[i].mimes[j] != NULL; j++)
      if (gdk_content_formats_contain_mime_type (all, kinds[i].mimes[j]))
        {
          g_array_append_val (types, kinds[i].type);
          break;
        }

  return types;
}

GdkContentFormats *
lodge_clipboard_types_to_formats (const guint32 *types,
                                  guint          n_types)
{
  GdkContentFormatsBuilder *builder = gdk_content_formats_builder_new ();

  for (guint i = 0; i < n_types; i++)
    {
      const char * const *mimes = lodge_clipboard_type_get_mimes (types[i]);

      for (guint j = 0; mimes[j] != NULL; j++)
        gdk_content_formats_builder_add_mime_type (builder, mimes[j]);
    }

  return gdk_content_formats_builder_free_to_formats (builder);
}

/* Every end of a line becomes @end, whatever it was: CR LF or LF. */
static GString *
convert_lines (const char *text,
               gsize       length,
               const char *end)
{
  GString *converted = g_string_sized_new (length + length / 32);
  const char *stop = text + length;

  while (text < stop)
    {
      const char *line_end = memchr (text, '\n', (gsize)(stop - text));
      gsize n = (gsize)((line_end != NULL ? line_end : stop) - text);

      if (line_end == NULL)
        {
          g_string_append_len (converted, text, (gssize)n);
          break;
        }

      if (n > 0 && text[n - 1] == '\r')
        n--;

      g_string_append_len (converted, text, (gssize)n);
      g_string_append (converted, end);
      text = line_end + 1;
    }

  return converted;
}

GBytes *
lodge_clipboard_text_from_guest (GBytes   *bytes,
                                 gboolean  crlf)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  g_autofree char *valid = NULL;

  /* Some agents count the mark at the end as text. */
  while (length > 0 && text[length - 1] == '\0')
    length--;

  if (!g_utf8_validate_len (text, length, NULL))
    {
      valid = g_utf8_make_valid (text, (gssize)length);
      text = valid;
      length = strlen (valid);
    }

  if (crlf)
    return g_string_free_to_bytes (convert_lines (text, length, "\n"));

  if (valid != NULL)
    return g_bytes_new_take (g_steal_pointer (&valid), length);

  return g_bytes_new_from_bytes (bytes, 0, length);
}

GBytes *
lodge_clipboard_text_to_guest (const char *text,
                               gboolean    crlf)
{
  if (crlf)
    return g_string_free_to_bytes (convert_lines (text, strlen (text), "\r\n"));

  return g_bytes_new (text, strlen (text));
}
