/* lodge-usb-rules.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <libxml/parser.h>
#include <string.h>

#include "lodge-usb-rule-private.h"
#include "lodge-usb-rules.h"

/**
 * LodgeUsbRules:
 *
 * What one guest is to be given. The element is edited in place: what a newer
 * version put there, or somebody wrote by hand and got wrong, is not acted
 * on, is counted, and stays.
 */

struct _LodgeUsbRules
{
  GObject    parent_instance;
  xmlDoc    *document;
  GPtrArray *rules;
  guint      n_ignored;
};

static void list_model_iface_init (GListModelInterface *iface);

enum {
  CHANGED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE_WITH_CODE (LodgeUsbRules, lodge_usb_rules, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static guint signals[N_SIGNALS];

static GType
lodge_usb_rules_get_item_type (GListModel *model)
{
  return LODGE_TYPE_USB_RULE;
}

static guint
lodge_usb_rules_get_n_items (GListModel *model)
{
  LodgeUsbRules *self = (LodgeUsbRules *)model;

  return self->rules->len;
}

static gpointer
lodge_usb_rules_get_item (GListModel *model,
                          guint       position)
{
  LodgeUsbRules *self = (LodgeUsbRules *)model;

  if (position >= self->rules->len)
    return NULL;

  return g_object_ref (g_ptr_array_index (self->rules, position));
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = lodge_usb_rules_get_item_type;
  iface->get_n_items = lodge_usb_rules_get_n_items;
  iface->get_item = lodge_usb_rules_get_item;
}

static void
rule_free (gpointer data)
{
  _lodge_usb_rule_forget_node (data);
  g_object_unref (data);
}

/* What is no XML, or not this element, is kept as text beside the rules. */
static xmlDoc *
parse (const char *xml,
       gboolean   *is_whole)
{
  xmlDoc *document = NULL;
  xmlNode *root;

  *is_whole = TRUE;

  if (xml != NULL && *xml != '\0')
    {
      document = xmlReadMemory (xml, strlen (xml), NULL, NULL,
                                XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
      root = document != NULL ? xmlDocGetRootElement (document) : NULL;
      if (root != NULL && g_str_equal (_lodge_usb_local_name (root), "usb"))
        return document;

      *is_whole = FALSE;
      g_clear_pointer (&document, xmlFreeDoc);
    }

  document = xmlNewDoc ((const xmlChar *)"1.0");
  root = xmlNewNode (NULL, (const xmlChar *)"usb");
  xmlDocSetRootElement (document, root);

  if (!*is_whole)
    {
      g_autofree char *valid = g_utf8_make_valid (xml, -1);

      xmlNewTextChild (root, NULL, (const xmlChar *)"unreadable", (const xmlChar *)valid);
    }

  return document;
}

static void
read_rules (LodgeUsbRules *self)
{
  xmlNode *root = xmlDocGetRootElement (self->document);

  for (xmlNode *node = root->children; node != NULL; node = node->next)
    {
      LodgeUsbRule *rule;

      if (node->type != XML_ELEMENT_NODE)
        continue;

      rule = _lodge_usb_rule_new_for_node (node);
      if (rule != NULL)
        g_ptr_array_add (self->rules, rule);
      else
        self->n_ignored++;
    }
}

static void
lodge_usb_rules_finalize (GObject *object)
{
  LodgeUsbRules *self = (LodgeUsbRules *)object;

  g_clear_pointer (&self->rules, g_ptr_array_unref);
  g_clear_pointer (&self->document, xmlFreeDoc);

  G_OBJECT_CLASS (lodge_usb_rules_parent_class)->finalize (object);
}

static void
lodge_usb_rules_class_init (LodgeUsbRulesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = lodge_usb_rules_finalize;

  signals[CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lodge_usb_rules_init (LodgeUsbRules *self)
{
  gboolean is_whole;

  self->rules = g_ptr_array_new_with_free_func (rule_free);
  self->document = parse (NULL, &is_whole);
}

/**
 * lodge_usb_rules_new:
 * @xml: (nullable): what lodge_machine_get_usb_rules_xml() gave
 */
LodgeUsbRules *
lodge_usb_rules_new (const char *xml)
{
  LodgeUsbRules *self = g_object_new (LODGE_TYPE_USB_RULES, NULL);

  lodge_usb_rules_load (self, xml);

  return self;
}

/**
 * lodge_usb_rules_load:
 * @self: rules
 * @xml: (nullable): the element <usb>
 *
 * Replaces all rules by those in @xml. Does not emit "changed".
 */
void
lodge_usb_rules_load (LodgeUsbRules *self,
                      const char    *xml)
{
  g_autofree char *old = NULL;
  xmlDoc *document;
  gboolean is_whole;
  guint n;

  g_return_if_fail (LODGE_IS_USB_RULES (self));

  /* The echo of what was written from here. */
  old = lodge_usb_rules_dup_xml (self);
  if (g_strcmp0 (old, xml) == 0)
    return;

  document = parse (xml, &is_whole);
  n = self->rules->len;
  g_ptr_array_set_size (self->rules, 0);
  xmlFreeDoc (self->document);
  self->document = document;
  self->n_ignored = 0;
  read_rules (self);

  if (n > 0 || self->rules->len > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n, self->rules->len);
}

/* A remark that somebody wrote is worth keeping, too. */
static gboolean
is_empty (xmlNode *root)
{
  for (xmlNode *node = root->children; node != NULL; node = node->next)
    {
      if (!xmlIsBlankNode (node))
        return FALSE;
    }

  return root->properties == NULL;
}

/**
 * lodge_usb_rules_dup_xml:
 * @self: rules
 *
 * Returns: (nullable) (transfer full): the element <usb>, or null if there is nothing in it
 */
char *
lodge_usb_rules_dup_xml (LodgeUsbRules *self)
{
  xmlNode *root;
  xmlBuffer *buffer;
  char *xml = NULL;

  g_return_val_if_fail (LODGE_IS_USB_RULES (self), NULL);

  root = xmlDocGetRootElement (self->document);

  if (is_empty (root))
    return NULL;

  buffer = xmlBufferCreate ();
  if (xmlNodeDump (buffer, self->document, root, 0, 0) >= 0)
    xml = g_strdup ((const char *)xmlBufferContent (buffer));
  xmlBufferFree (buffer);

  return xml;
}

/* How many elements are there that this version does not understand. They stay. */
guint
lodge_usb_rules_get_n_ignored (LodgeUsbRules *self)
{
  g_return_val_if_fail (LODGE_IS_USB_RULES (self), 0);

  return self->n_ignored;
}

/**
 * lodge_usb_rules_find:
 * @self: rules
 * @identity: a device's
 * @match: (out) (optional): how closely
 *
 * Returns: (nullable) (transfer none): the rule that is most closely about the device; of equals,
 *   the first
 */
LodgeUsbRule *
lodge_usb_rules_find (LodgeUsbRules          *self,
                      const LodgeUsbIdentity *identity,
                      LodgeUsbMatch          *match)
{
  LodgeUsbMatch closest = LODGE_USB_MATCH_NONE;
  LodgeUsbRule *found = NULL;

  g_return_val_if_fail (LODGE_IS_USB_RULES (self), NULL);
  g_return_val_if_fail (identity != NULL, NULL);

  for (guint i = 0; i < self->rules->len; i++)
    {
      LodgeUsbRule *rule = g_ptr_array_index (self->rules, i);
      LodgeUsbMatch candidate = lodge_usb_rule_match (rule, identity);

      if (candidate > closest)
        {
          closest = candidate;
          found = rule;
        }
    }

  if (match != NULL)
    *match = closest;

  return found;
}

/* The verdict of lodge_usb_rules_find(), or %LODGE_USB_VERDICT_NONE. */
LodgeUsbVerdict
lodge_usb_rules_look_up (LodgeUsbRules          *self,
                         const LodgeUsbIdentity *identity,
                         LodgeUsbMatch          *match)
{
  LodgeUsbRule *rule = lodge_usb_rules_find (self, identity, match);

  return rule != NULL ? lodge_usb_rule_get_verdict (rule) : LODGE_USB_VERDICT_NONE;
}

static void
remove_rule (LodgeUsbRules *self,
             guint          position)
{
  LodgeUsbRule *rule = g_ptr_array_index (self->rules, position);
  xmlNode *node = _lodge_usb_rule_get_node (rule);

  xmlUnlinkNode (node);
  xmlFreeNode (node);
  g_ptr_array_remove_index (self->rules, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

static void
add_rule (LodgeUsbRules          *self,
          const LodgeUsbIdentity *identity,
          const char             *name,
          LodgeUsbVerdict         verdict)
{
  xmlNode *node = _lodge_usb_rule_make_node (xmlDocGetRootElement (self->document), identity);
  LodgeUsbRule *rule;

  /* What a rule is read from has a verdict. */
  xmlSetProp (node, (const xmlChar *)"verdict",
              (const xmlChar *)(verdict == LODGE_USB_VERDICT_NEVER ? "never" : "ask"));
  rule = _lodge_usb_rule_new_for_node (node);
  g_assert (rule != NULL);

  _lodge_usb_rule_set_verdict (rule, verdict);
  _lodge_usb_rule_set_name (rule, name);
  g_ptr_array_add (self->rules, rule);
  g_list_model_items_changed (G_LIST_MODEL (self), self->rules->len - 1, 0, 1);
}

/* Whether @rule was made for just that device, rather than matches it, too. */
static gboolean
is_made_for (LodgeUsbRule           *rule,
             const LodgeUsbIdentity *identity)
{
  if (lodge_usb_rule_is_for_kind (rule) ||
      lodge_usb_rule_get_vendor (rule) != identity->vendor ||
      lodge_usb_rule_get_product (rule) != identity->product ||
      g_strcmp0 (lodge_usb_rule_get_serial (rule), identity->serial) != 0)
    return FALSE;

  return (identity->serial != NULL && !identity->has_twin) ||
         g_strcmp0 (lodge_usb_rule_get_place (rule), identity->place) == 0;
}

static void
set_for (LodgeUsbRules          *self,
         const LodgeUsbIdentity *identity,
         gboolean                for_kind,
         const char             *name,
         LodgeUsbVerdict         verdict)
{
  gboolean is_there = FALSE;

  for (guint i = self->rules->len; i > 0; i--)
    {
      LodgeUsbRule *rule = g_ptr_array_index (self->rules, i - 1);
      gboolean is_meant = for_kind ? lodge_usb_rule_is_for_kind (rule) &&
                                     lodge_usb_rule_get_kind (rule) == identity->kind
                                   : is_made_for (rule, identity);

      if (!is_meant)
        continue;

      if (verdict == LODGE_USB_VERDICT_NONE)
        {
          remove_rule (self, i - 1);
          continue;
        }

      _lodge_usb_rule_set_verdict (rule, verdict);
      _lodge_usb_rule_set_name (rule, name);
      is_there = TRUE;
    }

  if (!is_there && verdict != LODGE_USB_VERDICT_NONE)
    add_rule (self, identity, name, verdict);

  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * lodge_usb_rules_set_for_device:
 * @self: rules
 * @identity: a device's
 * @name: (nullable): what to call it when it is not here
 * @verdict: what is to happen; %LODGE_USB_VERDICT_NONE removes the device's own rule
 */
void
lodge_usb_rules_set_for_device (LodgeUsbRules          *self,
                                const LodgeUsbIdentity *identity,
                                const char             *name,
                                LodgeUsbVerdict         verdict)
{
  g_return_if_fail (LODGE_IS_USB_RULES (self));
  g_return_if_fail (identity != NULL);

  set_for (self, identity, FALSE, name, verdict);
}

/**
 * lodge_usb_rules_set_for_kind:
 * @self: rules
 * @kind: a kind
 * @verdict: what is to happen; %LODGE_USB_VERDICT_NONE removes the rule
 *
 * Returns: false, and does nothing, for a kind that cannot have a rule
 */
gboolean
lodge_usb_rules_set_for_kind (LodgeUsbRules   *self,
                              LodgeUsbKind     kind,
                              LodgeUsbVerdict  verdict)
{
  LodgeUsbIdentity identity = { .kind = kind };

  g_return_val_if_fail (LODGE_IS_USB_RULES (self), FALSE);

  if (!lodge_usb_kind_can_have_rule (kind))
    return FALSE;

  set_for (self, &identity, TRUE, NULL, verdict);

  return TRUE;
}

static void
bring_back (LodgeUsbRules   *self,
            LodgeUsbRule    *rule,
            LodgeUsbVerdict  verdict)
{
  const LodgeUsbIdentity identity = {
    .vendor = lodge_usb_rule_get_vendor (rule),
    .product = lodge_usb_rule_get_product (rule),
    .serial = lodge_usb_rule_get_serial (rule),
    .place = lodge_usb_rule_get_place (rule),
    .kind = lodge_usb_rule_get_kind (rule),
    .has_twin = lodge_usb_rule_get_serial (rule) != NULL && lodge_usb_rule_get_place (rule) != NULL,
  };

  set_for (self, &identity, lodge_usb_rule_is_for_kind (rule), lodge_usb_rule_get_name (rule), verdict);
}

/**
 * lodge_usb_rules_set_verdict:
 * @self: rules
 * @rule: one of them, or one that was removed, which comes back
 * @verdict: what is to happen; %LODGE_USB_VERDICT_NONE removes @rule
 */
void
lodge_usb_rules_set_verdict (LodgeUsbRules   *self,
                             LodgeUsbRule    *rule,
                             LodgeUsbVerdict  verdict)
{
  guint position;

  g_return_if_fail (LODGE_IS_USB_RULES (self));
  g_return_if_fail (LODGE_IS_USB_RULE (rule));

  if (!g_ptr_array_find (self->rules, rule, &position))
    {
      bring_back (self, rule, verdict);
      return;
    }

  if (lodge_usb_rule_get_verdict (rule) == verdict)
    return;

  if (verdict == LODGE_USB_VERDICT_NONE)
    remove_rule (self, position);
  else
    _lodge_usb_rule_set_verdict (rule, verdict);

  g_signal_emit (self, signals[CHANGED], 0);
}
