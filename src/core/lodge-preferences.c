/* lodge-preferences.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "lodge-error.h"
#include "lodge-preferences-private.h"
#include "lodge-xml-private.h"

/*
 * LodgePreferences:
 *
 * Lodge's element in a domain's metadata.
 *
 *   <lodge:guest xmlns:lodge="https://lodgevm.org/xmlns/domain/1">
 *     <lodge:everyday since="1700000000"/>
 *     <lodge:memory automatic="yes" floor="1048576" ceiling="4194304"/>
 *     <lodge:priority level="first"/>
 *     <lodge:loan for="5a3c…" from="4194304" amount="524288"/>
 *     <lodge:usb>…</lodge:usb>
 *   </lodge:guest>
 *
 * A newer Lodge may have put more into it, so it is edited in place: what is
 * not meant stays, elements and attributes alike, also what makes no sense.
 * libvirt takes the namespace off when it hands the element out and puts it on
 * again when it takes it back. What is in <usb> is for those who know USB.
 */

static const char *const priorities[] = { "background", "normal", "first" };

/* @xmlns: (nullable): the namespace that the node must have, or null for none */
static gboolean
is_named (xmlNode    *node,
          const char *xmlns,
          const char *name)
{
  const char *href = node->ns != NULL ? (const char *)node->ns->href : NULL;

  return node->type == XML_ELEMENT_NODE &&
         g_strcmp0 (href, xmlns) == 0 &&
         g_strcmp0 ((const char *)node->name, name) == 0;
}

static xmlNode *
find_child (xmlNode    *parent,
            const char *name)
{
  for (xmlNode *node = parent->children; node != NULL; node = node->next)
    {
      if (is_named (node, NULL, name))
        return node;
    }

  return NULL;
}

static void
add_notice (LodgePreferences *self,
            xmlNode          *node,
            const char       *attribute,
            const char       *value)
{
  g_autofree char *old = self->notice;

  self->notice = g_strdup_printf ("%s%s%s %s=\"%s\"", old != NULL ? old : "",
                                  old != NULL ? "\n" : "", (const char *)node->name,
                                  attribute, value);
}

static guint64
read_kib (LodgePreferences *self,
          xmlNode          *node,
          const char       *attribute)
{
  g_autofree char *text = lodge_xml_dup_attribute (node, attribute);
  guint64 kib;

  if (text == NULL)
    return 0;

  if (g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT64 / 1024, &kib, NULL))
    return kib;

  add_notice (self, node, attribute, text);

  return 0;
}

/* A range that makes no sense switches the automatic mode off: nobody knows what was meant. */
static void
read_memory (LodgePreferences *self,
             xmlNode          *node)
{
  g_autofree char *automatic = lodge_xml_dup_attribute (node, "automatic");
  g_autofree char *known = g_strdup (self->notice);

  self->automatic_memory = g_strcmp0 (automatic, "yes") == 0;
  self->memory_floor = read_kib (self, node, "floor");
  self->memory_ceiling = read_kib (self, node, "ceiling");

  if (automatic != NULL && !self->automatic_memory && !g_str_equal (automatic, "no"))
    add_notice (self, node, "automatic", automatic);

  if (self->memory_ceiling != 0 && self->memory_floor > self->memory_ceiling)
    {
      g_autofree char *floor = lodge_xml_dup_attribute (node, "floor");

      add_notice (self, node, "floor", floor);
      self->memory_floor = 0;
      self->memory_ceiling = 0;
    }

  if (g_strcmp0 (self->notice, known) != 0)
    self->automatic_memory = FALSE;
}

static void
read_priority (LodgePreferences *self,
               xmlNode          *node)
{
  g_autofree char *level = lodge_xml_dup_attribute (node, "level");

  for (guint i = 0; level != NULL && i < G_N_ELEMENTS (priorities); i++)
    {
      if (g_str_equal (level, priorities[i]))
        {
          self->priority = i;
          return;
        }
    }

  if (level != NULL)
    add_notice (self, node, "level", level);
}

static void
read_loan (LodgePreferences *self,
           xmlNode          *node)
{
  self->loan_from = read_kib (self, node, "from");
  self->loan_amount = read_kib (self, node, "amount");

  if (self->loan_amount != 0 && self->loan_amount <= self->loan_from)
    self->loan_borrower = lodge_xml_dup_attribute (node, "for");
}

static void
read_everyday (LodgePreferences *self,
               xmlNode          *node)
{
  g_autofree char *since = lodge_xml_dup_attribute (node, "since");

  self->everyday = TRUE;
  if (since != NULL)
    g_ascii_string_to_signed (since, 10, 0, G_MAXINT64, &self->everyday_since, NULL);
}

/* Takes Lodge's namespace off @node and all below it; namespaces of others stay. */
static void
make_plain (xmlNode *node)
{
  xmlNs **link = &node->nsDef;

  if (node->type != XML_ELEMENT_NODE)
    return;

  if (node->ns != NULL && g_strcmp0 ((const char *)node->ns->href, LODGE_XMLNS) == 0)
    node->ns = NULL;

  for (xmlAttr *each = node->properties; each != NULL; each = each->next)
    {
      if (each->ns != NULL && g_strcmp0 ((const char *)each->ns->href, LODGE_XMLNS) == 0)
        each->ns = NULL;
    }

  for (xmlNode *child = node->children; child != NULL; child = child->next)
    make_plain (child);

  /* Nobody below refers to it any more. */
  while (*link != NULL)
    {
      xmlNs *each = *link;

      if (g_strcmp0 ((const char *)each->href, LODGE_XMLNS) == 0)
        {
          *link = each->next;
          xmlFreeNs (each);
        }
      else
        link = &each->next;
    }
}

static char *
dup_plain_text (xmlNode *node)
{
  g_autoptr(xmlDoc) document = xmlNewDoc ((const xmlChar *)"1.0");
  xmlNode *root = xmlDocCopyNode (node, document, 1);

  xmlDocSetRootElement (document, root);
  make_plain (root);

  return lodge_xml_dump (root);
}

static void
read_guest (LodgePreferences *self,
            xmlNode          *guest)
{
  gboolean has_memory = FALSE, has_priority = FALSE;

  for (xmlNode *node = guest->children; node != NULL; node = node->next)
    {
      if (is_named (node, LODGE_XMLNS, "everyday"))
        read_everyday (self, node);
      else if (is_named (node, LODGE_XMLNS, "memory") && !has_memory)
        {
          has_memory = TRUE;
          read_memory (self, node);
        }
      else if (is_named (node, LODGE_XMLNS, "priority") && !has_priority)
        {
          has_priority = TRUE;
          read_priority (self, node);
        }
      else if (is_named (node, LODGE_XMLNS, "loan") && self->loan_borrower == NULL)
        read_loan (self, node);
      else if (is_named (node, LODGE_XMLNS, "usb") && self->usb_rules == NULL)
        self->usb_rules = dup_plain_text (node);
    }
}

void
lodge_preferences_init (LodgePreferences *self)
{
  memset (self, 0, sizeof *self);
  self->priority = LODGE_PRIORITY_NORMAL;
}

/* @self: initialized
 * @metadata: (nullable): the <metadata> of a domain
 */
void
lodge_preferences_read (LodgePreferences *self,
                        xmlNode          *metadata)
{
  xmlNode *guest = metadata != NULL ? metadata->children : NULL;

  for (; guest != NULL; guest = guest->next)
    {
      if (is_named (guest, LODGE_XMLNS, "guest"))
        {
          read_guest (self, guest);
          return;
        }
    }
}

void
lodge_preferences_clear (LodgePreferences *self)
{
  g_clear_pointer (&self->loan_borrower, g_free);
  g_clear_pointer (&self->usb_rules, g_free);
  g_clear_pointer (&self->notice, g_free);
}

LodgePreferences *
lodge_preferences_copy (const LodgePreferences *self)
{
  LodgePreferences *copy = g_memdup2 (self, sizeof *self);

  copy->loan_borrower = g_strdup (self->loan_borrower);
  copy->usb_rules = g_strdup (self->usb_rules);
  copy->notice = g_strdup (self->notice);

  return copy;
}

void
lodge_preferences_free (LodgePreferences *self)
{
  lodge_preferences_clear (self);
  g_free (self);
}

static void
remove_children (xmlNode    *parent,
                 const char *name)
{
  xmlNode *node;

  while ((node = find_child (parent, name)) != NULL)
    lodge_xml_remove (node);
}

static gboolean
is_empty (xmlNode *node)
{
  for (xmlNode *child = node->children; child != NULL; child = child->next)
    {
      if (!xmlIsBlankNode (child))
        return FALSE;
    }

  return node->properties == NULL;
}

/* Sets an attribute of the first child with that name, which is made if there is none and goes when
 * nothing is left of it. @value: (nullable): null to remove the attribute.
 */
static void
set_attribute (xmlNode    *guest,
               const char *child,
               const char *attribute,
               const char *value)
{
  xmlNode *node = find_child (guest, child);

  if (value != NULL)
    {
      if (node == NULL)
        node = xmlNewChild (guest, NULL, (const xmlChar *)child, NULL);
      lodge_xml_set_attribute (node, attribute, value);
    }
  else if (node != NULL)
    {
      xmlUnsetProp (node, (const xmlChar *)attribute);
      if (is_empty (node))
        lodge_xml_remove (node);
    }
}

static void
set_kib (xmlNode    *guest,
         const char *child,
         const char *attribute,
         guint64     kib)
{
  g_autofree char *text = kib != 0 ? g_strdup_printf ("%" G_GUINT64_FORMAT, kib) : NULL;

  set_attribute (guest, child, attribute, text);
}

static void
set_everyday (xmlNode  *guest,
              gboolean  everyday)
{
  g_autofree char *since = NULL;

  remove_children (guest, "everyday");
  if (!everyday)
    return;

  since = g_strdup_printf ("%" G_GINT64_FORMAT, g_get_real_time () / G_USEC_PER_SEC);
  set_attribute (guest, "everyday", "since", since);
}

static gboolean
set_usb_rules (xmlNode     *guest,
               const char  *text,
               GError     **error)
{
  g_autoptr(xmlDoc) document = NULL;
  xmlNode *root;

  if (text == NULL)
    {
      remove_children (guest, "usb");
      return TRUE;
    }

  document = lodge_xml_parse (text);
  root = document != NULL ? xmlDocGetRootElement (document) : NULL;
  if (root != NULL)
    make_plain (root);

  if (root == NULL || !is_named (root, NULL, "usb"))
    {
      g_set_error_literal (error, LODGE_ERROR, LODGE_ERROR_INVALID, "not a <usb> element");
      return FALSE;
    }

  remove_children (guest, "usb");
  xmlAddChild (guest, xmlDocCopyNode (root, guest->doc, 1));

  return TRUE;
}

/* The element in @old, or a new one. */
static xmlDoc *
parse_guest (const char *old)
{
  g_autoptr(xmlDoc) document = old != NULL ? lodge_xml_parse (old) : NULL;

  if (document == NULL)
    {
      document = xmlNewDoc ((const xmlChar *)"1.0");
      xmlDocSetRootElement (document, xmlNewNode (NULL, (const xmlChar *)"guest"));
    }

  return g_steal_pointer (&document);
}

/* Writes the parts of @self that @what names into @old (nullable), an element as
 * virDomainGetMetadata() gives it. Returns what virDomainSetMetadata() is to have: NULL without an
 * error to remove the element, NULL with @error set for rules that are no XML.
 */
char *
lodge_preferences_edit (const LodgePreferences  *self,
                        LodgePreferenceFlags     what,
                        const char              *old,
                        GError                 **error)
{
  g_autoptr(xmlDoc) document = parse_guest (old);
  xmlNode *guest = xmlDocGetRootElement (document);

  if ((what & LODGE_PREFERENCE_EVERYDAY) != 0)
    set_everyday (guest, self->everyday);

  if ((what & LODGE_PREFERENCE_MEMORY) != 0)
    {
      set_attribute (guest, "memory", "automatic", self->automatic_memory ? "yes" : NULL);
      set_kib (guest, "memory", "floor", self->memory_floor);
      set_kib (guest, "memory", "ceiling", self->memory_ceiling);
    }

  if ((what & LODGE_PREFERENCE_PRIORITY) != 0)
    set_attribute (guest, "priority", "level",
                   self->priority != LODGE_PRIORITY_NORMAL ? priorities[self->priority] : NULL);

  if ((what & LODGE_PREFERENCE_LOAN) != 0)
    {
      set_attribute (guest, "loan", "for", self->loan_borrower);
      set_kib (guest, "loan", "from", self->loan_borrower != NULL ? self->loan_from : 0);
      set_kib (guest, "loan", "amount", self->loan_borrower != NULL ? self->loan_amount : 0);
    }

  if ((what & LODGE_PREFERENCE_USB_RULES) != 0 &&
      !set_usb_rules (guest, self->usb_rules, error))
    return NULL;

  if (is_empty (guest))
    return NULL;

  return lodge_xml_serialize (document);
}
