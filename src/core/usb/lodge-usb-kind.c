/* lodge-usb-kind.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-usb-facts-private.h"

/*
 * What a device is. Class codes are those of the USB Implementers Forum's
 * "Defined Class Codes"; ids are from the hardware database of systemd and
 * from libfido2.
 */

enum
{
  CLASS_AUDIO       = 0x01,
  CLASS_CDC         = 0x02,
  CLASS_HID         = 0x03,
  CLASS_IMAGE       = 0x06,
  CLASS_PRINTER     = 0x07,
  CLASS_STORAGE     = 0x08,
  CLASS_HUB         = 0x09,
  CLASS_CDC_DATA    = 0x0a,
  CLASS_SMART_CARD  = 0x0b,
  CLASS_VIDEO       = 0x0e,
  CLASS_AUDIO_VIDEO = 0x10,
  CLASS_WIRELESS    = 0xe0,
  CLASS_MISC        = 0xef,
  CLASS_VENDOR      = 0xff,
};

typedef struct
{
  guint16 vendor;
  guint16 first;
  guint16 last;
} Range;

/* Security keys; many of them type like a keyboard. */
static const Range security_keys[] = {
  { 0x1050, 0x0010, 0x0fff },   /* Yubico */
  { 0x096e, 0x0840, 0x0880 },   /* Feitian */
  { 0x18d1, 0x5026, 0x5026 },   /* Google Titan */
  { 0x20a0, 0x4107, 0x4109 },   /* Nitrokey */
  { 0x20a0, 0x4211, 0x4211 },
  { 0x20a0, 0x4230, 0x4230 },
  { 0x20a0, 0x4287, 0x4287 },
  { 0x20a0, 0x42b1, 0x42d4 },
  { 0x0483, 0xa2ca, 0xa2ca },   /* SoloKeys */
  { 0x1209, 0x5070, 0x50b0 },
  { 0x1209, 0xbeee, 0xbeee },
  { 0x1209, 0x53c1, 0x53c1 },   /* Trezor */
  { 0x534c, 0x0001, 0x0002 },
  { 0x1d50, 0x60fc, 0x60fc },   /* OnlyKey */
  { 0x2c97, 0x0000, 0xffff },   /* Ledger */
  { 0x349e, 0x0000, 0xffff },   /* Token2 */
};

/* Makers of phones whose devices with the class of still cameras are phones. */
static const guint16 phone_makers[] = {
  0x0489, 0x04dd, 0x04e8, 0x05ac, 0x05c6, 0x0bb4, 0x0e8d, 0x0fce, 0x1004, 0x109b, 0x12d1, 0x17ef,
  0x18d1, 0x19d2, 0x1bbb, 0x1ebf, 0x22b8, 0x22d9, 0x2717, 0x2833, 0x2a45, 0x2a70, 0x2ae5, 0x2d95,
  0x2e04, 0x339b,
};

static gboolean
is_known (const Range *ranges,
          guint        n_ranges,
          guint16      vendor,
          guint16      product)
{
  for (guint i = 0; i < n_ranges; i++)
    {
      if (ranges[i].vendor == vendor && product >= ranges[i].first && product <= ranges[i].last)
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_phone_maker (guint16 vendor)
{
  for (guint i = 0; i < G_N_ELEMENTS (phone_makers); i++)
    {
      if (phone_makers[i] == vendor)
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_interface (const LodgeUsbInterface *interface,
              guint8                   class,
              guint8                   subclass,
              guint8                   protocol)
{
  return interface->class == class && interface->subclass == subclass &&
         interface->protocol == protocol;
}

/* A keyboard or a mouse that the firmware of a computer can use (HID 1.11, 4.2 and 4.3). */
static gboolean
is_boot_input (const LodgeUsbInterface *interface)
{
  return interface->class == CLASS_HID && interface->subclass == 1 &&
         (interface->protocol == 1 || interface->protocol == 2);
}

static LodgeUsbKind
find_still_image_kind (const LodgeUsbFacts     *self,
                       const LodgeUsbInterface *interface)
{
  gboolean is_mtp = interface->label != NULL && g_ascii_strcasecmp (interface->label, "MTP") == 0;

  return is_mtp || is_phone_maker (self->vendor) ? LODGE_USB_KIND_PHONE : LODGE_USB_KIND_CAMERA;
}

static LodgeUsbKind
find_cdc_kind (const LodgeUsbInterface *interface)
{
  switch (interface->subclass)
    {
    case 0x02: /* abstract control: modems, serial ports */
      return interface->protocol == 0xff ? LODGE_USB_KIND_NETWORK : LODGE_USB_KIND_SERIAL;
    case 0x06: /* Ethernet */
    case 0x0a: /* device management, of broadband modems */
    case 0x0c: /* Ethernet emulation */
    case 0x0d: /* NCM */
    case 0x0e: /* MBIM */
      return LODGE_USB_KIND_NETWORK;
    default:
      return LODGE_USB_KIND_OTHER;
    }
}

static LodgeUsbKind
find_hid_kind (const LodgeUsbInterface *interface)
{
  if (interface->reports & LODGE_USB_REPORT_SECURITY)
    return LODGE_USB_KIND_SECURITY_KEY;

  return LODGE_USB_KIND_INPUT;
}

static LodgeUsbKind
find_vendor_kind (const LodgeUsbInterface *interface)
{
  /* Android's debugging bridge and fastboot; Apple's multiplexer. */
  if (interface->subclass == 0x42 && (interface->protocol == 1 || interface->protocol == 3))
    return LODGE_USB_KIND_PHONE;
  if (interface->subclass == 0xfe && interface->protocol == 2)
    return LODGE_USB_KIND_PHONE;

  if (interface->subclass == 0xff && interface->label != NULL &&
      g_ascii_strcasecmp (interface->label, "MTP") == 0)
    return LODGE_USB_KIND_PHONE;

  return LODGE_USB_KIND_OTHER;
}

static LodgeUsbKind
find_interface_kind (const LodgeUsbFacts     *self,
                     const LodgeUsbInterface *interface)
{
  if (interface->has_network)
    return LODGE_USB_KIND_NETWORK;

  switch (interface->class)
    {
    case CLASS_AUDIO:
      return LODGE_USB_KIND_AUDIO;
    case CLASS_CDC:
      return find_cdc_kind (interface);
    case CLASS_HID:
      return find_hid_kind (interface);
    case CLASS_IMAGE:
      return find_still_image_kind (self, interface);
    case CLASS_PRINTER:
      return LODGE_USB_KIND_PRINTER;
    case CLASS_STORAGE:
      return LODGE_USB_KIND_STORAGE;
    case CLASS_HUB:
      return LODGE_USB_KIND_HUB;
    case CLASS_SMART_CARD:
      return LODGE_USB_KIND_SECURITY_KEY;
    case CLASS_VIDEO:
    case CLASS_AUDIO_VIDEO:
      return LODGE_USB_KIND_CAMERA;
    case CLASS_WIRELESS:
    case CLASS_MISC: /* both: networks of phones (RNDIS) */
      if (is_interface (interface, CLASS_WIRELESS, 1, 3) ||
          is_interface (interface, CLASS_MISC, 4, 1))
        return LODGE_USB_KIND_NETWORK;
      break;
    case CLASS_VENDOR:
      if (find_vendor_kind (interface) != LODGE_USB_KIND_OTHER)
        return find_vendor_kind (interface);
      break;
    default:
      break;
    }

  return interface->has_serial ? LODGE_USB_KIND_SERIAL : LODGE_USB_KIND_OTHER;
}

/* Of a device with several sides: which of them its user would name it by. */
static guint
rank_kind (LodgeUsbKind kind)
{
  static const LodgeUsbKind order[] = {
    LODGE_USB_KIND_OTHER,
    LODGE_USB_KIND_INPUT,       /* the buttons of a headset */
    LODGE_USB_KIND_SERIAL,      /* the control port of a modem */
    LODGE_USB_KIND_STORAGE,     /* the drivers' disc of a modem, the card slot of a printer */
    LODGE_USB_KIND_NETWORK,     /* a phone that shares its network */
    LODGE_USB_KIND_AUDIO,       /* the microphone of a camera */
    LODGE_USB_KIND_SECURITY_KEY,
    LODGE_USB_KIND_PRINTER,
    LODGE_USB_KIND_CAMERA,
    LODGE_USB_KIND_PHONE,
    LODGE_USB_KIND_HUB,
  };

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      if (order[i] == kind)
        return i;
    }

  return 0;
}

/**
 * lodge_usb_facts_may_be_input:
 * @self: facts
 *
 * Whether whoever has the device might lose or gain a keyboard or a mouse. A
 * HID interface of which nothing more is known may be one, but not beside
 * what makes the device something else: the buttons of headsets and cameras.
 */
gboolean
lodge_usb_facts_may_be_input (const LodgeUsbFacts *self)
{
  gboolean is_more = FALSE, has_unknown = FALSE;

  if (is_known (security_keys, G_N_ELEMENTS (security_keys), self->vendor, self->product))
    return FALSE;

  for (guint i = 0; i < self->interfaces->len; i++)
    {
      const LodgeUsbInterface *interface = g_ptr_array_index (self->interfaces, i);

      if (is_boot_input (interface) || (interface->reports & LODGE_USB_REPORT_INPUT))
        return TRUE;

      if (interface->class == CLASS_HID)
        has_unknown |= interface->reports == 0;
      else
        is_more |= find_interface_kind (self, interface) != LODGE_USB_KIND_OTHER;
    }

  return has_unknown && !is_more;
}

LodgeUsbKind
lodge_usb_facts_find_kind (const LodgeUsbFacts *self)
{
  LodgeUsbKind kind = LODGE_USB_KIND_OTHER;

  if (self->class == CLASS_HUB)
    return LODGE_USB_KIND_HUB;

  if (is_known (security_keys, G_N_ELEMENTS (security_keys), self->vendor, self->product))
    return LODGE_USB_KIND_SECURITY_KEY;

  if (lodge_usb_facts_may_be_input (self))
    return LODGE_USB_KIND_INPUT;

  for (guint i = 0; i < self->interfaces->len; i++)
    {
      LodgeUsbKind candidate = find_interface_kind (self, g_ptr_array_index (self->interfaces, i));

      if (rank_kind (candidate) > rank_kind (kind))
        kind = candidate;
    }

  return kind;
}

static guint
classify_usage (guint32 page,
                guint32 usage)
{
  /* HID Usage Tables 1.4: generic desktop, keyboard, digitizers, and FIDO's page. */
  if (page == 0xf1d0)
    return LODGE_USB_REPORT_SECURITY;

  if (page == 0x01 && (usage == 0x01 || usage == 0x02 || usage == 0x06 || usage == 0x07))
    return LODGE_USB_REPORT_INPUT;

  if (page == 0x0d)
    return LODGE_USB_REPORT_INPUT;

  return LODGE_USB_REPORT_OTHER;
}

/**
 * lodge_usb_report_parse:
 * @descriptor: a report descriptor
 * @length: of @descriptor
 *
 * Finds out what the top collections of a HID report descriptor are about
 * (HID 1.11, 6.2.2).
 *
 * Returns: flags, 0 where nothing is to be made of it
 */
guint
lodge_usb_report_parse (const guint8 *descriptor,
                        gsize         length)
{
  guint32 page = 0, usage = 0;
  guint depth = 0, flags = 0;
  gboolean has_page = FALSE;
  gsize at = 0;

  while (at < length)
    {
      guint8 prefix = descriptor[at++];
      gsize size = (prefix & 3) == 3 ? 4 : (prefix & 3);
      guint32 value = 0;

      if (prefix == 0xfe) /* a long item, of which none is defined */
        {
          if (at + 1 >= length)
            break;
          at += 2 + (gsize)descriptor[at];
          continue;
        }

      if (size > length - at)
        break;

      for (gsize i = 0; i < size; i++)
        value |= (guint32)descriptor[at + i] << (8 * i);
      at += size;

      switch (prefix & 0xfc)
        {
        case 0x04: /* usage page */
          page = value & 0xffff;
          break;
        case 0x08: /* usage, with its page where it has four bytes */
          usage = value;
          has_page = size == 4;
          break;
        case 0xa0: /* collection, of type application */
          if (depth++ == 0 && value == 1)
            flags |= classify_usage (has_page ? usage >> 16 : page, usage & 0xffff);
          usage = 0;
          break;
        case 0xc0: /* its end */
          depth -= depth > 0;
          break;
        default:
          break;
        }
    }

  return flags;
}

/* Whether block devices may come of it, which takes the kernel a second or more. */
gboolean
lodge_usb_facts_may_have_discs (const LodgeUsbFacts *self)
{
  for (guint i = 0; i < self->interfaces->len; i++)
    {
      const LodgeUsbInterface *interface = g_ptr_array_index (self->interfaces, i);

      if (interface->class == CLASS_STORAGE)
        return TRUE;
    }

  return FALSE;
}
