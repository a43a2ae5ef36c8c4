/* lodge-usb-access.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lodge-usb-access.h"

/**
 * LodgeUsbAccess:
 *
 * Guests of qemu:///session run as the user, who may write to the nodes of
 * few devices. It is of no meaning for qemu:///system, where libvirt gives
 * each guest the nodes it needs.
 */

G_DEFINE_BOXED_TYPE (LodgeUsbAccess, lodge_usb_access, lodge_usb_access_copy, lodge_usb_access_free)

LodgeUsbAccess *
lodge_usb_access_copy (const LodgeUsbAccess *self)
{
  LodgeUsbAccess *copy = g_memdup2 (self, sizeof *self);

  copy->group = g_strdup (self->group);

  return copy;
}

void
lodge_usb_access_free (LodgeUsbAccess *self)
{
  if (self == NULL)
    return;

  g_free (self->group);
  g_free (self);
}

/* The group of root is no way in for anybody. */
static char *
find_group (const struct stat *info)
{
  char buffer[4096];
  struct group entry, *found = NULL;

  if (info->st_gid == 0 || (info->st_mode & (S_IRGRP | S_IWGRP)) != (S_IRGRP | S_IWGRP))
    return NULL;

  if (getgrgid_r (info->st_gid, &entry, buffer, sizeof buffer, &found) != 0 || found == NULL)
    return NULL;

  return g_strdup (found->gr_name);
}

/**
 * lodge_usb_access_new_for_node:
 * @node: "/dev/bus/usb/003/005"
 *
 * Asks the kernel, which takes no time.
 */
LodgeUsbAccess *
lodge_usb_access_new_for_node (const char *node)
{
  LodgeUsbAccess *self = g_new0 (LodgeUsbAccess, 1);
  struct stat info;

  g_return_val_if_fail (node != NULL, NULL);

  self->is_sandboxed = g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS) &&
                       !g_file_test ("/dev/bus/usb", G_FILE_TEST_IS_DIR);
  self->is_there = stat (node, &info) == 0;
  self->is_open = self->is_there && access (node, R_OK | W_OK) == 0;

  if (self->is_there && !self->is_open)
    self->group = find_group (&info);

  return self;
}

/* Returns: (transfer full): what may be done with @device as things are now */
LodgeUsbAccess *
lodge_usb_access_new (LodgeUsbDevice *device)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (device), NULL);

  return lodge_usb_access_new_for_node (lodge_usb_device_get_node (device));
}

/**
 * lodge_usb_access_dup_rule:
 * @device: a device
 *
 * Returns: (transfer full): a line for udev (%LODGE_USB_ACCESS_RULE_FILE) by which whoever sits at
 *   the computer may use devices like @device; it has nothing in it that the device says of itself
 *   but its numbers
 */
char *
lodge_usb_access_dup_rule (LodgeUsbDevice *device)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (device), NULL);

  return g_strdup_printf ("SUBSYSTEM==\"usb\", ENV{DEVTYPE}==\"usb_device\", "
                          "ATTR{idVendor}==\"%04x\", ATTR{idProduct}==\"%04x\", TAG+=\"uaccess\"",
                          lodge_usb_device_get_vendor (device),
                          lodge_usb_device_get_product (device));
}
