/* lodge-usb-hwdb.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <libudev.h>
#include <string.h>

#include "lodge-usb-facts-private.h"

/*
 * What others know of a device that says nothing of itself: udev's hardware
 * database, or the list it is made from where there is no udev, as in a
 * sandbox.
 */

static const char * const lists[] = {
  "/app/share/hwdata/usb.ids",
  "/usr/share/hwdata/usb.ids",
  "/usr/share/misc/usb.ids",
};

static gboolean
look_up_in_database (guint16   vendor,
                     guint16   product,
                     char    **vendor_name,
                     char    **product_name)
{
  g_autofree char *key = g_strdup_printf ("usb:v%04Xp%04X", vendor, product);
  struct udev *udev = udev_new ();
  struct udev_hwdb *hwdb = udev != NULL ? udev_hwdb_new (udev) : NULL;
  gboolean is_there = hwdb != NULL;

  if (is_there)
    {
      struct udev_list_entry *list = udev_hwdb_get_properties_list_entry (hwdb, key, 0);
      struct udev_list_entry *entry;

      udev_list_entry_foreach (entry, list)
        {
          const char *name = udev_list_entry_get_name (entry);

          if (g_strcmp0 (name, "ID_VENDOR_FROM_DATABASE") == 0 && *vendor_name == NULL)
            *vendor_name = g_strdup (udev_list_entry_get_value (entry));
          else if (g_strcmp0 (name, "ID_MODEL_FROM_DATABASE") == 0 && *product_name == NULL)
            *product_name = g_strdup (udev_list_entry_get_value (entry));
        }
    }

  if (hwdb != NULL)
    udev_hwdb_unref (hwdb);
  if (udev != NULL)
    udev_unref (udev);

  return is_there;
}

/* A vendor's line is "04a9  Canon, Inc.", those of its products follow it and begin with a tab. */
static gboolean
take_name (const char  *line,
           gsize        length,
           guint16      number,
           char       **name)
{
  g_autofree char *wanted = g_strdup_printf ("%04x  ", number);

  if (length <= 6 || g_ascii_strncasecmp (line, wanted, 6) != 0)
    return FALSE;

  if (*name == NULL)
    *name = g_strndup (line + 6, length - 6);

  return TRUE;
}

/* @contents: (array length=size): of usb.ids */
void
lodge_usb_hwdb_look_up_in_list (const char  *contents,
                                gsize        size,
                                guint16      vendor,
                                guint16      product,
                                char       **vendor_name,
                                char       **product_name)
{
  gboolean is_vendor = FALSE;

  for (const char *line = contents, *end = contents + size; line < end;)
    {
      const char *stop = memchr (line, '\n', end - line);
      gsize length = (stop != NULL ? stop : end) - line;

      if (length > 0 && *line == '\t')
        {
          if (is_vendor && take_name (line + 1, length - 1, product, product_name))
            return;
        }
      else if (length > 0 && *line != '#')
        {
          if (is_vendor)
            return;
          is_vendor = take_name (line, length, vendor, vendor_name);
        }

      line += length + 1;
    }
}

/**
 * lodge_usb_hwdb_look_up:
 * @vendor: a vendor's number
 * @product: a product's number
 * @vendor_name: (out) (nullable): a name, not checked
 * @product_name: (out) (nullable): a name, not checked
 *
 * Reads files, so it is for a worker thread.
 */
void
lodge_usb_hwdb_look_up (guint16   vendor,
                        guint16   product,
                        char    **vendor_name,
                        char    **product_name)
{
  *vendor_name = NULL;
  *product_name = NULL;

  if (look_up_in_database (vendor, product, vendor_name, product_name))
    return;

  for (guint i = 0; i < G_N_ELEMENTS (lists) && *vendor_name == NULL; i++)
    {
      g_autoptr(GMappedFile) file = g_mapped_file_new (lists[i], FALSE, NULL);

      if (file != NULL && g_mapped_file_get_length (file) > 0)
        lodge_usb_hwdb_look_up_in_list (g_mapped_file_get_contents (file),
                                        g_mapped_file_get_length (file),
                                        vendor, product, vendor_name, product_name);
    }
}
