/* lodge-definition-usb-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>
#include <libxml/tree.h>

G_BEGIN_DECLS

/* What of Lodge's own devices begin with in a guest; libvirt wants "ua-" before aliases of users. */
#define LODGE_USB_ALIAS_PREFIX "ua-lodge-usb-"

/* What guests get that have less: the most ports that libvirt lets a controller have, and devices
 * that can be redirected at one time.
 */
#define LODGE_USB_PORTS        15
#define LODGE_USB_REDIRECTIONS 4

/* A device of the host that a running guest has. */
typedef struct
{
  char  *alias;
  guint  bus;
  guint  address;
  guint  vendor;   /* 0 where it was given by bus and address alone */
  guint  product;
} LodgeUsbHostdev;

/* What a domain's XML says of USB. */
typedef struct
{
  GPtrArray *hostdevs;      /* of LodgeUsbHostdev; NULL for none, or if it does not run */
  guint      ports;         /* of its largest controller, 0 if it has no controller */
  guint      redirections;  /* devices that SPICE can redirect at one time */
  gboolean   has_spice;
} LodgeUsbDefinition;

void      lodge_usb_definition_read   (LodgeUsbDefinition        *self,
                                       xmlNode                   *domain);
void      lodge_usb_definition_clear  (LodgeUsbDefinition        *self);
gboolean  lodge_usb_definition_equal  (const LodgeUsbDefinition  *self,
                                       const LodgeUsbDefinition  *other);
char     *lodge_definition_add_usb    (const char                *xml,
                                       GError                   **error);
char     *lodge_usb_hostdev_build_xml (const LodgeUsbHostdev     *self);

G_END_DECLS
