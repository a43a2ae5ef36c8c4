/* lodge-usb-rule.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "lodge-core-enums.h"
#include "lodge-usb-rule-private.h"
#include "lodge-usb-text.h"

/**
 * LodgeUsbRule:
 *
 * One element in <usb>, either of
 *
 *   <device vendor="04a9" product="32cf" serial="0A1" place="pci-0000:00:14.0-usb2-1.2"
 *           kind="camera" name="Everyday Camera" verdict="always"/>
 *   <any kind="camera" verdict="ask"/>
 *
 * A device that has a serial is known by it wherever it is plugged in, unless
 * a twin with the same serial is there: then, and if it has none, the place
 * tells it from others.
 */

struct _LodgeUsbRule
{
  GObject          parent_instance;
  xmlNode         *node;            /* of the document of LodgeUsbRules, or NULL */
  gboolean         is_for_kind;
  LodgeUsbKind     kind;
  guint            vendor;
  guint            product;
  char            *serial;
  char            *place;
  char            *name;
  LodgeUsbVerdict  verdict;
};

enum {
  PROP_0,
  PROP_FOR_KIND,
  PROP_KIND,
  PROP_NAME,
  PROP_VERDICT,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LodgeUsbRule, lodge_usb_rule, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

/* A name in XML for a value of an enum, or the other way round. */
static const char *
get_nick (GType type,
          int   value)
{
  g_autoptr(GEnumClass) klass = g_type_class_ref (type);
  GEnumValue *found = g_enum_get_value (klass, value);

  return found != NULL ? found->value_nick : NULL;
}

static gboolean
find_nick (GType       type,
           const char *nick,
           int        *value)
{
  g_autoptr(GEnumClass) klass = g_type_class_ref (type);
  GEnumValue *found = nick != NULL ? g_enum_get_value_by_nick (klass, nick) : NULL;

  if (found != NULL)
    *value = found->value;

  return found != NULL;
}

/* Returns: (nullable) (transfer full): null also for an empty one */
static char *
dup_attribute (xmlNode    *node,
               const char *name)
{
  xmlChar *value = xmlGetNoNsProp (node, (const xmlChar *)name);
  char *copy = value != NULL && *value != '\0' ? g_strdup ((const char *)value) : NULL;

  xmlFree (value);

  return copy;
}

static gboolean
read_number (xmlNode    *node,
             const char *name,
             guint      *number)
{
  g_autofree char *text = dup_attribute (node, name);
  guint64 value;

  if (text == NULL || strlen (text) != 4 ||
      !g_ascii_string_to_unsigned (text, 16, 0, G_MAXUINT16, &value, NULL))
    return FALSE;

  *number = value;

  return TRUE;
}

static void
lodge_usb_rule_finalize (GObject *object)
{
  LodgeUsbRule *self = (LodgeUsbRule *)object;

  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->place, g_free);
  g_clear_pointer (&self->serial, g_free);

  G_OBJECT_CLASS (lodge_usb_rule_parent_class)->finalize (object);
}

static void
lodge_usb_rule_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  LodgeUsbRule *self = LODGE_USB_RULE (object);

  switch (prop_id)
    {
    case PROP_FOR_KIND:
      g_value_set_boolean (value, self->is_for_kind);
      break;
    case PROP_KIND:
      g_value_set_enum (value, self->kind);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_VERDICT:
      g_value_set_enum (value, self->verdict);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_usb_rule_class_init (LodgeUsbRuleClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = lodge_usb_rule_finalize;
  object_class->get_property = lodge_usb_rule_get_property;

  properties[PROP_FOR_KIND] =
    g_param_spec_boolean ("for-kind", NULL, NULL, FALSE,
                          (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  properties[PROP_KIND] =
    g_param_spec_enum ("kind", NULL, NULL,
                       LODGE_TYPE_USB_KIND, LODGE_USB_KIND_OTHER,
                       (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  properties[PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL, NULL,
                         (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  properties[PROP_VERDICT] =
    g_param_spec_enum ("verdict", NULL, NULL,
                       LODGE_TYPE_USB_VERDICT, LODGE_USB_VERDICT_NONE,
                       (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
lodge_usb_rule_init (LodgeUsbRule *self)
{
}

/* libvirt hands the metadata out with or without a prefix that nobody has declared any more. */
const char *
_lodge_usb_local_name (const xmlNode *node)
{
  const char *name = (const char *)node->name;
  const char *colon = strrchr (name, ':');

  return colon != NULL ? colon + 1 : name;
}

static gboolean
read_device (LodgeUsbRule *self)
{
  g_autofree char *kind = dup_attribute (self->node, "kind");
  g_autofree char *name = dup_attribute (self->node, "name");
  int value = LODGE_USB_KIND_OTHER;

  if (!read_number (self->node, "vendor", &self->vendor) ||
      !read_number (self->node, "product", &self->product))
    return FALSE;

  /* A kind that only a newer version knows costs an icon, not the rule. */
  find_nick (LODGE_TYPE_USB_KIND, kind, &value);
  self->kind = value;
  self->serial = dup_attribute (self->node, "serial");
  self->place = dup_attribute (self->node, "place");
  self->name = lodge_usb_text_dup_shown (name);

  return TRUE;
}

/* Returns: (nullable) (transfer full): null if @node is no rule that can be understood */
LodgeUsbRule *
_lodge_usb_rule_new_for_node (xmlNode *node)
{
  g_autoptr(LodgeUsbRule) self = g_object_new (LODGE_TYPE_USB_RULE, NULL);
  g_autofree char *verdict = dup_attribute (node, "verdict");
  g_autofree char *kind = dup_attribute (node, "kind");
  const char *element = _lodge_usb_local_name (node);
  int value;

  self->node = node;

  if (!find_nick (LODGE_TYPE_USB_VERDICT, verdict, &value) || value == LODGE_USB_VERDICT_NONE)
    return NULL;
  self->verdict = value;

  if (g_str_equal (element, "device"))
    return read_device (self) ? g_steal_pointer (&self) : NULL;

  if (!g_str_equal (element, "any") || !find_nick (LODGE_TYPE_USB_KIND, kind, &value) ||
      !lodge_usb_kind_can_have_rule (value))
    return NULL;

  self->is_for_kind = TRUE;
  self->kind = value;

  return g_steal_pointer (&self);
}

static void
set_attribute (xmlNode    *node,
               const char *name,
               const char *value)
{
  if (value != NULL)
    xmlSetProp (node, (const xmlChar *)name, (const xmlChar *)value);
}

/* Adds an element to @parent, with the verdict left out: for the device, or for the kind alone if
 * there is no vendor.
 */
xmlNode *
_lodge_usb_rule_make_node (xmlNode                *parent,
                           const LodgeUsbIdentity *identity)
{
  gboolean is_for_kind = identity->vendor == 0 && identity->place == NULL;
  xmlNode *node = xmlNewChild (parent, NULL,
                               (const xmlChar *)(is_for_kind ? "any" : "device"), NULL);

  if (!is_for_kind)
    {
      g_autofree char *vendor = g_strdup_printf ("%04x", identity->vendor);
      g_autofree char *product = g_strdup_printf ("%04x", identity->product);

      set_attribute (node, "vendor", vendor);
      set_attribute (node, "product", product);
      set_attribute (node, "serial", identity->serial);
      set_attribute (node, "place", identity->place);
    }

  set_attribute (node, "kind", get_nick (LODGE_TYPE_USB_KIND, identity->kind));

  return node;
}

xmlNode *
_lodge_usb_rule_get_node (LodgeUsbRule *self)
{
  return self->node;
}

void
_lodge_usb_rule_forget_node (LodgeUsbRule *self)
{
  self->node = NULL;
}

void
_lodge_usb_rule_set_verdict (LodgeUsbRule    *self,
                             LodgeUsbVerdict  verdict)
{
  if (self->verdict == verdict)
    return;

  self->verdict = verdict;
  set_attribute (self->node, "verdict", get_nick (LODGE_TYPE_USB_VERDICT, verdict));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VERDICT]);
}

void
_lodge_usb_rule_set_name (LodgeUsbRule *self,
                          const char   *name)
{
  if (name == NULL || g_strcmp0 (self->name, name) == 0)
    return;

  g_free (self->name);
  self->name = g_strdup (name);
  set_attribute (self->node, "name", name);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
}

/* Whether it is about all devices of a kind, rather than about one device. */
gboolean
lodge_usb_rule_is_for_kind (LodgeUsbRule *self)
{
  g_return_val_if_fail (LODGE_IS_USB_RULE (self), FALSE);

  return self->is_for_kind;
}

/* The kind that it is about, or that the device was of when the rule was made. */
LodgeUsbKind
lodge_usb_rule_get_kind (LodgeUsbRule *self)
{
  g_return_val_if_fail (LODGE_IS_USB_RULE (self), LODGE_USB_KIND_OTHER);

  return self->kind;
}

guint
lodge_usb_rule_get_vendor (LodgeUsbRule *self)
{
  g_return_val_if_fail (LODGE_IS_USB_RULE (self), 0);

  return self->vendor;
}

guint
lodge_usb_rule_get_product (LodgeUsbRule *self)
{
  g_return_val_if_fail (LODGE_IS_USB_RULE (self), 0);

  return self->product;
}

/* (nullable): as lodge_usb_device_get_serial() */
const char *
lodge_usb_rule_get_serial (LodgeUsbRule *self)
{
  g_return_val_if_fail (LODGE_IS_USB_RULE (self), NULL);

  return self->serial;
}

/* (nullable): as lodge_usb_device_get_place() */
const char *
lodge_usb_rule_get_place (LodgeUsbRule *self)
{
  g_return_val_if_fail (LODGE_IS_USB_RULE (self), NULL);

  return self->place;
}

/* (nullable): the name that the device had when it was last here, safe to show as plain text */
const char *
lodge_usb_rule_get_name (LodgeUsbRule *self)
{
  g_return_val_if_fail (LODGE_IS_USB_RULE (self), NULL);

  return self->name;
}

LodgeUsbVerdict
lodge_usb_rule_get_verdict (LodgeUsbRule *self)
{
  g_return_val_if_fail (LODGE_IS_USB_RULE (self), LODGE_USB_VERDICT_NONE);

  return self->verdict;
}

/**
 * lodge_usb_rule_match:
 * @self: a rule
 * @identity: a device's
 *
 * Returns: whether and how closely the rule is about the device
 */
LodgeUsbMatch
lodge_usb_rule_match (LodgeUsbRule           *self,
                      const LodgeUsbIdentity *identity)
{
  gboolean is_in_place;

  g_return_val_if_fail (LODGE_IS_USB_RULE (self), LODGE_USB_MATCH_NONE);
  g_return_val_if_fail (identity != NULL, LODGE_USB_MATCH_NONE);

  if (self->is_for_kind)
    return self->kind == identity->kind && !identity->may_be_input &&
           lodge_usb_kind_can_have_rule (identity->kind)
             ? LODGE_USB_MATCH_KIND : LODGE_USB_MATCH_NONE;

  if (self->vendor != identity->vendor || self->product != identity->product)
    return LODGE_USB_MATCH_NONE;

  is_in_place = g_strcmp0 (self->place, identity->place) == 0;

  if (self->serial != NULL)
    {
      if (g_strcmp0 (self->serial, identity->serial) != 0)
        return LODGE_USB_MATCH_NONE;

      return !identity->has_twin || is_in_place ? LODGE_USB_MATCH_DEVICE : LODGE_USB_MATCH_NONE;
    }

  /* Written by hand: all that are alike. */
  if (self->place == NULL)
    return LODGE_USB_MATCH_MODEL;

  if (is_in_place)
    return LODGE_USB_MATCH_DEVICE;

  return identity->serial == NULL && !identity->has_twin
           ? LODGE_USB_MATCH_MODEL : LODGE_USB_MATCH_NONE;
}

/**
 * lodge_usb_identity_init:
 * @self: (out caller-allocates): an identity, good while @device lives
 * @device: a device
 * @has_twin: what lodge_usb_monitor_has_twin() says, or false
 */
void
lodge_usb_identity_init (LodgeUsbIdentity *self,
                         LodgeUsbDevice   *device,
                         gboolean          has_twin)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (LODGE_IS_USB_DEVICE (device));

  *self = (LodgeUsbIdentity) {
    .vendor = lodge_usb_device_get_vendor (device),
    .product = lodge_usb_device_get_product (device),
    .serial = lodge_usb_device_get_serial (device),
    .place = lodge_usb_device_get_place (device),
    .kind = lodge_usb_device_get_kind (device),
    .may_be_input = lodge_usb_device_may_be_input (device),
    .has_twin = has_twin,
  };
}

/* Whether two devices can be told apart by their places only. */
gboolean
lodge_usb_identity_is_twin (const LodgeUsbIdentity *self,
                            const LodgeUsbIdentity *other)
{
  return self->vendor == other->vendor && self->product == other->product &&
         g_strcmp0 (self->serial, other->serial) == 0;
}

/* Keyboards, mice and hubs are not given by their kind, and of "others" nobody knows what comes. */
gboolean
lodge_usb_kind_can_have_rule (LodgeUsbKind kind)
{
  return kind != LODGE_USB_KIND_INPUT && kind != LODGE_USB_KIND_HUB &&
         kind != LODGE_USB_KIND_OTHER;
}
