/* test-usb-tree.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A sysfs of one's own in a folder, with one USB controller. Paths are below the folder's "sys". */
typedef struct
{
  char *root;   /* a temporary folder */
  char *sysfs;
  char *bus;    /* where devices are: ".../usb3" */
} TestUsbTree;

TestUsbTree *test_usb_tree_new           (void);
void         test_usb_tree_free          (TestUsbTree *self);
void         test_usb_tree_write         (TestUsbTree *self,
                                          const char  *path,
                                          const void  *contents,
                                          gssize       length);
void         test_usb_tree_link          (TestUsbTree *self,
                                          const char  *path,
                                          const char  *target);
char        *test_usb_tree_add_device    (TestUsbTree *self,
                                          const char  *port,
                                          guint        address,
                                          guint        vendor,
                                          guint        product);
char        *test_usb_tree_add_interface (TestUsbTree *self,
                                          const char  *port,
                                          guint        number,
                                          guint        class,
                                          guint        subclass,
                                          guint        protocol,
                                          const char  *driver);
void         test_usb_tree_mount         (TestUsbTree *self,
                                          const char  *port,
                                          const char  *mountinfo,
                                          const char  *point);
void         test_usb_tree_set           (TestUsbTree *self,
                                          const char  *port,
                                          const char  *attribute,
                                          const char  *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestUsbTree, test_usb_tree_free)

G_END_DECLS
