/* lodge-usb-facts-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-usb-types.h"

G_BEGIN_DECLS

/* One interface of the active configuration. */
typedef struct
{
  guint8   number;
  guint8   class;
  guint8   subclass;
  guint8   protocol;
  char    *driver;        /* the kernel's, "usbfs" for a program, or NULL */
  char    *label;         /* raw, or NULL */
  gboolean has_network;   /* a network card has come of it */
  gboolean has_serial;    /* a serial port has come of it */
  guint    reports;       /* flags of what its HID reports are about, 0 where not known */
} LodgeUsbInterface;

/* What a HID report descriptor is about. */
enum
{
  LODGE_USB_REPORT_INPUT    = 1 << 0,  /* keyboard, keypad, mouse, pointer, tablet, touch */
  LODGE_USB_REPORT_SECURITY = 1 << 1,  /* FIDO */
  LODGE_USB_REPORT_OTHER    = 1 << 2,  /* volume knobs, lights, game controllers, batteries … */
};

/* What is to be read of a device in sysfs and in the hardware database. */
typedef struct
{
  char      *port;            /* "3-1.2", also its name in sysfs */
  char      *place;           /* the same, whatever number the bus has this time */
  char      *sysfs_path;
  char      *node;
  guint      bus;
  guint      address;
  guint16    vendor;
  guint16    product;
  guint8     class;
  guint      speed;           /* kbit/s, 0 where not known */
  char      *serial;          /* raw, or NULL */
  char      *vendor_name;     /* raw, or NULL */
  char      *product_name;    /* raw, or NULL */
  char      *vendor_known_as; /* of the hardware database, or NULL */
  char      *product_known_as;
  gboolean   authorized;
  gboolean   configured;      /* the kernel has set a configuration up, interfaces are there */
  gboolean   bound;           /* the kernel has done with setting it up */
  GPtrArray *interfaces;      /* of LodgeUsbInterface */
} LodgeUsbFacts;

LodgeUsbFacts     *lodge_usb_facts_new             (void);
void               lodge_usb_facts_free            (LodgeUsbFacts       *self);
LodgeUsbInterface *lodge_usb_facts_add_interface   (LodgeUsbFacts       *self);
char              *lodge_usb_facts_dup_holder      (const LodgeUsbFacts *self,
                                                    gboolean            *program);
LodgeUsbKind       lodge_usb_facts_find_kind       (const LodgeUsbFacts *self);
gboolean           lodge_usb_facts_may_be_input    (const LodgeUsbFacts *self);
gboolean           lodge_usb_facts_may_have_discs  (const LodgeUsbFacts *self);
guint              lodge_usb_report_parse          (const guint8        *descriptor,
                                                    gsize                length);

/* lodge-usb-read.c; blocking, for worker threads */
LodgeUsbFacts     *lodge_usb_read_device           (const char          *sysfs,
                                                    const char          *port,
                                                    GError             **error);
GPtrArray         *lodge_usb_read_ports            (const char          *sysfs);
gboolean           lodge_usb_is_port               (const char          *name);

/* lodge-usb-hwdb.c; blocking */
void               lodge_usb_hwdb_look_up          (guint16              vendor,
                                                    guint16              product,
                                                    char               **vendor_name,
                                                    char               **product_name);
void               lodge_usb_hwdb_look_up_in_list  (const char          *contents,
                                                    gsize                size,
                                                    guint16              vendor,
                                                    guint16              product,
                                                    char               **vendor_name,
                                                    char               **product_name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LodgeUsbFacts, lodge_usb_facts_free)

G_END_DECLS
