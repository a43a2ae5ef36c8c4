/* lodge-usb-device.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "lodge-core-enums.h"
#include "lodge-usb-device-private.h"
#include "lodge-usb-text.h"

/**
 * LodgeUsbDevice:
 *
 * A USB device that is plugged into this computer, with all that can be known
 * of it without asking it. What it says of itself has been made safe to show.
 */

struct _LodgeUsbDevice
{
  GObject         parent_instance;
  LodgeUsbFacts  *facts;
  char           *id;
  char           *serial;
  char           *name;
  char           *vendor_name;
  char           *product_name;
  char           *holder;
  LodgeUsbKind    kind;
  gboolean        may_be_input;
  gboolean        held_by_program;
  gboolean        had_driver;     /* of the kernel, at any time */
  gboolean        is_present;
  gboolean        is_new;
  gboolean        is_settled;
  gint64          since;
  LodgeUsbDevice *predecessor;
};

enum {
  PROP_0,
  PROP_ADDRESS,
  PROP_AUTHORIZED,
  PROP_BUS,
  PROP_HELD_BY_PROGRAM,
  PROP_HOLDER,
  PROP_ID,
  PROP_KIND,
  PROP_MAY_BE_INPUT,
  PROP_NAME,
  PROP_NODE,
  PROP_PLACE,
  PROP_PORT,
  PROP_PRESENT,
  PROP_PRODUCT,
  PROP_SERIAL,
  PROP_SETTLED,
  PROP_SPEED,
  PROP_VENDOR,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LodgeUsbDevice, lodge_usb_device, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

/* "Logitech" and "BRIO" make "Logitech BRIO"; "Logitech BRIO" needs no second Logitech. */
static char *
join_names (const char *vendor,
            const char *product)
{
  g_autofree char *product_folded = NULL;
  g_autofree char *word = NULL;

  if (product == NULL || vendor == NULL)
    return g_strdup (product);

  product_folded = g_utf8_casefold (product, -1);
  word = g_utf8_casefold (vendor, strcspn (vendor, " ,."));

  if (strstr (product_folded, word) != NULL)
    return g_strdup (product);

  return g_strconcat (vendor, " ", product, NULL);
}

static void
set_names (LodgeUsbDevice *self)
{
  g_autofree char *joined = NULL;

  self->vendor_name = lodge_usb_text_dup_shown (self->facts->vendor_name);
  if (self->vendor_name == NULL)
    self->vendor_name = lodge_usb_text_dup_shown (self->facts->vendor_known_as);

  self->product_name = lodge_usb_text_dup_shown (self->facts->product_name);
  if (self->product_name == NULL)
    self->product_name = lodge_usb_text_dup_shown (self->facts->product_known_as);

  joined = join_names (self->vendor_name, self->product_name);
  self->name = lodge_usb_text_dup_shown (joined);
}

static void
lodge_usb_device_finalize (GObject *object)
{
  LodgeUsbDevice *self = (LodgeUsbDevice *)object;

  g_clear_object (&self->predecessor);
  g_clear_pointer (&self->facts, lodge_usb_facts_free);
  g_clear_pointer (&self->holder, g_free);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->product_name, g_free);
  g_clear_pointer (&self->serial, g_free);
  g_clear_pointer (&self->vendor_name, g_free);

  G_OBJECT_CLASS (lodge_usb_device_parent_class)->finalize (object);
}

static void
lodge_usb_device_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  LodgeUsbDevice *self = LODGE_USB_DEVICE (object);

  switch (prop_id)
    {
    case PROP_ADDRESS:
      g_value_set_uint (value, self->facts->address);
      break;
    case PROP_AUTHORIZED:
      g_value_set_boolean (value, self->facts->authorized);
      break;
    case PROP_BUS:
      g_value_set_uint (value, self->facts->bus);
      break;
    case PROP_HELD_BY_PROGRAM:
      g_value_set_boolean (value, self->held_by_program);
      break;
    case PROP_HOLDER:
      g_value_set_string (value, self->holder);
      break;
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_KIND:
      g_value_set_enum (value, self->kind);
      break;
    case PROP_MAY_BE_INPUT:
      g_value_set_boolean (value, self->may_be_input);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_NODE:
      g_value_set_string (value, self->facts->node);
      break;
    case PROP_PLACE:
      g_value_set_string (value, self->facts->place);
      break;
    case PROP_PORT:
      g_value_set_string (value, self->facts->port);
      break;
    case PROP_PRESENT:
      g_value_set_boolean (value, self->is_present);
      break;
    case PROP_PRODUCT:
      g_value_set_uint (value, self->facts->product);
      break;
    case PROP_SERIAL:
      g_value_set_string (value, self->serial);
      break;
    case PROP_SETTLED:
      g_value_set_boolean (value, self->is_settled);
      break;
    case PROP_SPEED:
      g_value_set_uint (value, self->facts->speed);
      break;
    case PROP_VENDOR:
      g_value_set_uint (value, self->facts->vendor);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
install_uint (guint       id,
              const char *name)
{
  properties[id] = g_param_spec_uint (name, NULL, NULL, 0, G_MAXUINT, 0,
                                      (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
install_string (guint       id,
                const char *name)
{
  properties[id] = g_param_spec_string (name, NULL, NULL, NULL,
                                        (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
install_boolean (guint       id,
                 const char *name)
{
  properties[id] = g_param_spec_boolean (name, NULL, NULL, FALSE,
                                         (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
lodge_usb_device_class_init (LodgeUsbDeviceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = lodge_usb_device_finalize;
  object_class->get_property = lodge_usb_device_get_property;

  install_uint (PROP_ADDRESS, "address");
  install_boolean (PROP_AUTHORIZED, "authorized");
  install_uint (PROP_BUS, "bus");
  install_boolean (PROP_HELD_BY_PROGRAM, "held-by-program");
  install_string (PROP_HOLDER, "holder");
  install_string (PROP_ID, "id");
  properties[PROP_KIND] =
    g_param_spec_enum ("kind", NULL, NULL,
                       LODGE_TYPE_USB_KIND, LODGE_USB_KIND_OTHER,
                       (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  install_boolean (PROP_MAY_BE_INPUT, "may-be-input");
  install_string (PROP_NAME, "name");
  install_string (PROP_NODE, "node");
  install_string (PROP_PLACE, "place");
  install_string (PROP_PORT, "port");
  install_boolean (PROP_PRESENT, "present");
  install_uint (PROP_PRODUCT, "product");
  install_string (PROP_SERIAL, "serial");
  install_boolean (PROP_SETTLED, "settled");
  install_uint (PROP_SPEED, "speed");
  install_uint (PROP_VENDOR, "vendor");

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
lodge_usb_device_init (LodgeUsbDevice *self)
{
  self->is_present = TRUE;
  self->is_settled = TRUE;
}

/* @facts: (transfer full). @is_new: plugged in while the monitor ran. @since: monotonic time. */
LodgeUsbDevice *
_lodge_usb_device_new (LodgeUsbFacts *facts,
                       gboolean       is_new,
                       gint64         since)
{
  static guint count;
  LodgeUsbDevice *self = g_object_new (LODGE_TYPE_USB_DEVICE, NULL);

  self->facts = facts;
  self->is_new = is_new;
  self->since = since;
  self->id = g_strdup_printf ("%s#%u", facts->port, ++count);
  self->serial = lodge_usb_text_dup_escaped (facts->serial);
  self->kind = lodge_usb_facts_find_kind (facts);
  self->may_be_input = lodge_usb_facts_may_be_input (facts);
  self->holder = lodge_usb_facts_dup_holder (facts, &self->held_by_program);
  self->had_driver = self->holder != NULL;
  set_names (self);

  return self;
}

/* While a program has the device, the kernel knows less of it than before. */
static void
apply_kind (LodgeUsbDevice *self)
{
  LodgeUsbKind kind = lodge_usb_facts_find_kind (self->facts);
  gboolean may_be_input = lodge_usb_facts_may_be_input (self->facts);

  if (self->held_by_program)
    return;

  if (self->may_be_input != may_be_input)
    {
      self->may_be_input = may_be_input;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MAY_BE_INPUT]);
    }

  if (self->kind != kind)
    {
      self->kind = kind;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_KIND]);
    }
}

/* Takes @facts over as news of the device. Returns FALSE if they are of another one. */
gboolean
_lodge_usb_device_apply (LodgeUsbDevice *self,
                         LodgeUsbFacts  *facts)
{
  g_autoptr(LodgeUsbFacts) old = NULL;
  g_autofree char *holder = NULL;
  gboolean program;

  g_return_val_if_fail (LODGE_IS_USB_DEVICE (self), FALSE);

  if (facts->address != self->facts->address || facts->bus != self->facts->bus ||
      facts->vendor != self->facts->vendor || facts->product != self->facts->product ||
      g_strcmp0 (facts->serial, self->facts->serial) != 0)
    {
      lodge_usb_facts_free (facts);
      return FALSE;
    }

  g_object_freeze_notify (G_OBJECT (self));
  old = g_steal_pointer (&self->facts);
  self->facts = facts;
  holder = lodge_usb_facts_dup_holder (facts, &program);

  if (old->authorized != facts->authorized)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AUTHORIZED]);

  if (self->held_by_program != program)
    {
      self->held_by_program = program;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HELD_BY_PROGRAM]);
    }

  if (g_strcmp0 (self->holder, holder) != 0)
    {
      g_free (self->holder);
      self->holder = g_steal_pointer (&holder);
      self->had_driver |= self->holder != NULL;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HOLDER]);
    }

  apply_kind (self);
  g_object_thaw_notify (G_OBJECT (self));

  return TRUE;
}

void
_lodge_usb_device_set_gone (LodgeUsbDevice *self)
{
  g_return_if_fail (LODGE_IS_USB_DEVICE (self));

  if (!self->is_present)
    return;

  self->is_present = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PRESENT]);
}

void
_lodge_usb_device_set_settled (LodgeUsbDevice *self,
                               gboolean        settled)
{
  g_return_if_fail (LODGE_IS_USB_DEVICE (self));

  if (self->is_settled == settled)
    return;

  self->is_settled = settled;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SETTLED]);
}

/* Whether a driver of the kernel's was ever seen to have it. */
gboolean
_lodge_usb_device_had_driver (LodgeUsbDevice *self)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (self), FALSE);

  return self->had_driver;
}

gboolean
_lodge_usb_device_may_have_discs (LodgeUsbDevice *self)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (self), FALSE);

  return lodge_usb_facts_may_have_discs (self->facts);
}

void
_lodge_usb_device_set_predecessor (LodgeUsbDevice *self,
                                   LodgeUsbDevice *predecessor)
{
  g_return_if_fail (LODGE_IS_USB_DEVICE (self));
  g_return_if_fail (LODGE_IS_USB_DEVICE (predecessor));

  /* One step back is enough, and a device that comes and goes all day makes no chain. */
  g_clear_object (&predecessor->predecessor);
  g_set_object (&self->predecessor, predecessor);
}

/**
 * lodge_usb_device_get_id:
 * @self: a device
 *
 * Returns: what this device and no other is known by while the program runs
 */
const char *
lodge_usb_device_get_id (LodgeUsbDevice *self)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (self), NULL);

  return self->id;
}

guint
lodge_usb_device_get_bus (LodgeUsbDevice *self)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (self), 0);

  return self->facts->bus;
}

/* Its number on the bus, which it gets each time it is plugged in. */
guint
lodge_usb_device_get_address (LodgeUsbDevice *self)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (self), 0);

  return self->facts->address;
}

/* The bus and the ports on the way to it as the kernel names them: "3-1.2". */
const char *
lodge_usb_device_get_port (LodgeUsbDevice *self)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (self), NULL);

  return self->facts->port;
}

/**
 * lodge_usb_device_get_place:
 * @self: a device
 *
 * Returns: the controller and the ports on the way to it, which is the same whatever number the
 *   bus was given this time: "pci-0000:00:14.0-usb2-1.2"
 */
const char *
lodge_usb_device_get_place (LodgeUsbDevice *self)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (self), NULL);

  return self->facts->place;
}

guint
lodge_usb_device_get_vendor (LodgeUsbDevice *self)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (self), 0);

  return self->facts->vendor;
}

guint
lodge_usb_device_get_product (LodgeUsbDevice *self)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (self), 0);

  return self->facts->product;
}

/**
 * lodge_usb_device_get_serial:
 * @self: a device
 *
 * Returns: (nullable): its serial number, in which all but visible ASCII characters is escaped
 */
const char *
lodge_usb_device_get_serial (LodgeUsbDevice *self)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (self), NULL);

  return self->serial;
}

/**
 * lodge_usb_device_get_name:
 * @self: a device
 *
 * Returns: (nullable): a name to show, as plain text: what it says of itself, or what the hardware
 *   database says; null if neither says anything
 */
const char *
lodge_usb_device_get_name (LodgeUsbDevice *self)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (self), NULL);

  return self->name;
}

const char *
lodge_usb_device_get_vendor_name (LodgeUsbDevice *self)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (self), NULL);

  return self->vendor_name;
}

const char *
lodge_usb_device_get_product_name (LodgeUsbDevice *self)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (self), NULL);

  return self->product_name;
}

/* Can change once drivers have looked at the device: a serial port is known by its driver only. */
LodgeUsbKind
lodge_usb_device_get_kind (LodgeUsbDevice *self)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (self), LODGE_USB_KIND_OTHER);

  return self->kind;
}

/* Whether a keyboard or a mouse may be in it, so that it is not to be given without a question. */
gboolean
lodge_usb_device_may_be_input (LodgeUsbDevice *self)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (self), TRUE);

  return self->may_be_input;
}

/* In kbit/s, 0 where not known. */
guint
lodge_usb_device_get_speed (LodgeUsbDevice *self)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (self), 0);

  return self->facts->speed;
}

const char *
lodge_usb_device_get_node (LodgeUsbDevice *self)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (self), NULL);

  return self->facts->node;
}

const char *
lodge_usb_device_get_sysfs_path (LodgeUsbDevice *self)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (self), NULL);

  return self->facts->sysfs_path;
}

/**
 * lodge_usb_device_get_holder:
 * @self: a device
 *
 * Returns: (nullable): the drivers of this computer's kernel that hold it: "uvcvideo, snd-usb-audio"
 */
const char *
lodge_usb_device_get_holder (LodgeUsbDevice *self)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (self), NULL);

  return self->holder;
}

/* Whether a program, as QEMU, holds it. */
gboolean
lodge_usb_device_is_held_by_program (LodgeUsbDevice *self)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (self), FALSE);

  return self->held_by_program;
}

/* False if this computer was told not to use it, by USBGuard for instance. */
gboolean
lodge_usb_device_is_authorized (LodgeUsbDevice *self)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (self), FALSE);

  return self->facts->authorized;
}

gboolean
lodge_usb_device_is_present (LodgeUsbDevice *self)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (self), FALSE);

  return self->is_present;
}

/* Whether it was plugged in while the monitor ran, and not before. */
gboolean
lodge_usb_device_is_new (LodgeUsbDevice *self)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (self), FALSE);

  return self->is_new;
}

/**
 * lodge_usb_device_is_settled:
 * @self: a device
 *
 * Returns: whether udev has done with it. Before, its node may not yet be open to this user; what
 *   needs no right to the node need not wait
 */
gboolean
lodge_usb_device_is_settled (LodgeUsbDevice *self)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (self), FALSE);

  return self->is_settled;
}

/* When the system told of it: g_get_monotonic_time(). */
gint64
lodge_usb_device_get_since (LodgeUsbDevice *self)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (self), 0);

  return self->since;
}

/**
 * lodge_usb_device_get_predecessor:
 * @self: a device
 *
 * Returns: (nullable) (transfer none): the device that this one was a moment ago. One that is given
 *   its firmware, or is told to change its mode, goes and comes back in the same place as another
 */
LodgeUsbDevice *
lodge_usb_device_get_predecessor (LodgeUsbDevice *self)
{
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (self), NULL);

  return self->predecessor;
}

/* What a user looks for comes first; what is at hand anyway, and seldom given away, comes last. */
static guint
rank_kind (LodgeUsbKind kind)
{
  switch (kind)
    {
    case LODGE_USB_KIND_CAMERA:
    case LODGE_USB_KIND_STORAGE:
    case LODGE_USB_KIND_AUDIO:
    case LODGE_USB_KIND_PHONE:
    case LODGE_USB_KIND_PRINTER:
    case LODGE_USB_KIND_SECURITY_KEY:
    case LODGE_USB_KIND_NETWORK:
    case LODGE_USB_KIND_SERIAL:
      return kind;

    case LODGE_USB_KIND_INPUT:
    case LODGE_USB_KIND_HUB:
      return 100 + kind;

    case LODGE_USB_KIND_OTHER:
    default:
      return 50;
    }
}

/* "3-2" comes before "3-10". */
static int
compare_naturally (const char *one,
                   const char *other)
{
  g_autofree char *key = g_utf8_collate_key_for_filename (one, -1);
  g_autofree char *other_key = g_utf8_collate_key_for_filename (other, -1);

  return strcmp (key, other_key);
}

/**
 * lodge_usb_device_compare:
 * @self: a device
 * @other: another one
 *
 * The order in which devices are listed: by kind, by name (those without one last), by place. It is
 * the same however and whenever they were plugged in.
 *
 * Returns: less than, equal to or greater than 0, as qsort() wants it
 */
int
lodge_usb_device_compare (LodgeUsbDevice *self,
                          LodgeUsbDevice *other)
{
  int order;

  g_return_val_if_fail (LODGE_IS_USB_DEVICE (self), 0);
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (other), 0);

  order = (int)rank_kind (self->kind) - (int)rank_kind (other->kind);
  if (order == 0)
    order = (self->name == NULL) - (other->name == NULL);
  if (order == 0 && self->name != NULL)
    order = compare_naturally (self->name, other->name);

  return order != 0 ? order : compare_naturally (self->facts->port, other->facts->port);
}
