/* lodge-libvirt-screenshot.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <stdlib.h>

#include "lodge-libvirt-machine-private.h"

/* A screen of 16384 × 16384 as PPM; nothing sane is larger. */
#define LARGEST (16384u * 16384u * 3u + 64u)

static int
take_bytes (virStreamPtr  stream,
            const char   *data,
            size_t        length,
            void         *user_data)
{
  GByteArray *bytes = user_data;

  if (bytes->len + length > LARGEST)
    return -1;

  g_byte_array_append (bytes, (const guint8 *)data, length);

  return length;
}

/* Blocks. Returns: (transfer full): an image file */
GBytes *
lodge_libvirt_take_screenshot (virDomainPtr   domain,
                               GError       **error)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  virStreamPtr stream = virStreamNew (virDomainGetConnect (domain), 0);
  char *mime_type = NULL;
  gboolean done;

  if (stream == NULL)
    {
      lodge_libvirt_fail (error);
      return NULL;
    }

  mime_type = virDomainScreenshot (domain, stream, 0, 0);
  done = mime_type != NULL && virStreamRecvAll (stream, take_bytes, bytes) == 0;

  if (!done)
    lodge_libvirt_fail (error);
  else if (virStreamFinish (stream) < 0)
    done = lodge_libvirt_fail (error);

  free (mime_type);
  virStreamFree (stream);

  return done ? g_byte_array_free_to_bytes (g_steal_pointer (&bytes)) : NULL;
}
