/* lodge-usb-facts.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-usb-facts-private.h"

static void
interface_free (gpointer data)
{
  LodgeUsbInterface *self = data;

  g_free (self->driver);
  g_free (self->label);
  g_free (self);
}

LodgeUsbFacts *
lodge_usb_facts_new (void)
{
  LodgeUsbFacts *self = g_new0 (LodgeUsbFacts, 1);

  self->interfaces = g_ptr_array_new_with_free_func (interface_free);

  return self;
}

void
lodge_usb_facts_free (LodgeUsbFacts *self)
{
  if (self == NULL)
    return;

  g_free (self->port);
  g_free (self->place);
  g_free (self->sysfs_path);
  g_free (self->node);
  g_free (self->serial);
  g_free (self->vendor_name);
  g_free (self->product_name);
  g_free (self->vendor_known_as);
  g_free (self->product_known_as);
  g_ptr_array_unref (self->interfaces);
  g_free (self);
}

/* Returns: (transfer none): one to fill in */
LodgeUsbInterface *
lodge_usb_facts_add_interface (LodgeUsbFacts *self)
{
  LodgeUsbInterface *interface = g_new0 (LodgeUsbInterface, 1);

  g_ptr_array_add (self->interfaces, interface);

  return interface;
}

/* Returns: (nullable): the drivers of the kernel that hold it, each once. @program tells whether a
 * program holds an interface, QEMU for instance.
 */
char *
lodge_usb_facts_dup_holder (const LodgeUsbFacts *self,
                            gboolean            *program)
{
  g_autoptr(GPtrArray) drivers = g_ptr_array_new ();

  *program = FALSE;

  for (guint i = 0; i < self->interfaces->len; i++)
    {
      const LodgeUsbInterface *interface = g_ptr_array_index (self->interfaces, i);

      if (interface->driver == NULL)
        continue;

      if (g_str_equal (interface->driver, "usbfs"))
        *program = TRUE;
      else if (!g_ptr_array_find_with_equal_func (drivers, interface->driver, g_str_equal, NULL))
        g_ptr_array_add (drivers, interface->driver);
    }

  if (drivers->len == 0)
    return NULL;

  g_ptr_array_add (drivers, NULL);

  return g_strjoinv (", ", (char **)drivers->pdata);
}
