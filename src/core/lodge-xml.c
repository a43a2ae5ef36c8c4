/* lodge-xml.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "lodge-error.h"
#include "lodge-xml-private.h"

/* Returns NULL for what is no XML; what it returns has a root. */
xmlDoc *
lodge_xml_parse (const char *xml)
{
  g_autoptr(xmlDoc) document = xmlReadMemory (xml, strlen (xml), NULL, NULL,
                                              (XML_PARSE_NONET | XML_PARSE_NOERROR |
                                               XML_PARSE_NOWARNING));

  if (document == NULL || xmlDocGetRootElement (document) == NULL)
    return NULL;

  return g_steal_pointer (&document);
}

/* Returns NULL with @error set for all that is not the XML of a domain. */
xmlDoc *
lodge_xml_parse_domain (const char  *xml,
                        GError     **error)
{
  g_autoptr(xmlDoc) document = lodge_xml_parse (xml);
  xmlNode *root = document != NULL ? xmlDocGetRootElement (document) : NULL;

  if (root == NULL || g_strcmp0 ((const char *)root->name, "domain") != 0)
    {
      g_set_error_literal (error, LODGE_ERROR, LODGE_ERROR_INVALID, "not the XML of a domain");
      return NULL;
    }

  return g_steal_pointer (&document);
}

char *
lodge_xml_serialize (xmlDoc *document)
{
  xmlChar *text = NULL;
  char *copy;
  int length;

  xmlDocDumpMemoryEnc (document, &text, &length, "UTF-8");
  copy = g_strdup ((const char *)text);
  xmlFree (text);

  return copy;
}

/* The text of one element. */
char *
lodge_xml_dump (xmlNode *node)
{
  xmlBuffer *buffer = xmlBufferCreate ();
  char *text;

  xmlNodeDump (buffer, node->doc, node, 0, 0);
  text = g_strdup ((const char *)xmlBufferContent (buffer));
  xmlBufferFree (buffer);

  return text;
}

/* @node itself, or the first of its later siblings, that is called @name. */
xmlNode *
lodge_xml_next (xmlNode    *node,
                const char *name)
{
  for (; node != NULL; node = node->next)
    {
      if (node->type == XML_ELEMENT_NODE && g_strcmp0 ((const char *)node->name, name) == 0)
        return node;
    }

  return NULL;
}

xmlNode *
lodge_xml_child (xmlNode    *parent,
                 const char *name)
{
  return parent != NULL ? lodge_xml_next (parent->children, name) : NULL;
}

/* The child called @name, made at the end of @parent if there is none. */
xmlNode *
lodge_xml_ensure (xmlNode    *parent,
                  const char *name)
{
  xmlNode *node = lodge_xml_child (parent, name);

  return node != NULL ? node : xmlNewChild (parent, NULL, (const xmlChar *)name, NULL);
}

/* A new child of @parent after @sibling, or as the first one if that is NULL. */
xmlNode *
lodge_xml_insert_after (xmlNode    *parent,
                        xmlNode    *sibling,
                        const char *name)
{
  xmlNode *node = xmlNewDocNode (parent->doc, NULL, (const xmlChar *)name, NULL);

  if (sibling != NULL)
    return xmlAddNextSibling (sibling, node);
  if (parent->children != NULL)
    return xmlAddPrevSibling (parent->children, node);

  return xmlAddChild (parent, node);
}

void
lodge_xml_remove (xmlNode *node)
{
  if (node == NULL)
    return;

  xmlUnlinkNode (node);
  xmlFreeNode (node);
}

char *
lodge_xml_dup_attribute (xmlNode    *node,
                         const char *name)
{
  xmlChar *value = node != NULL ? xmlGetNoNsProp (node, (const xmlChar *)name) : NULL;
  char *copy = g_strdup ((const char *)value);

  xmlFree (value);

  return copy;
}

gboolean
lodge_xml_attribute_is (xmlNode    *node,
                        const char *name,
                        const char *expected)
{
  g_autofree char *value = lodge_xml_dup_attribute (node, name);

  return g_strcmp0 (value, expected) == 0;
}

/* @attribute: (nullable): where the number stands; else it is the text of @node */
guint64
lodge_xml_read_number (xmlNode    *node,
                       const char *attribute,
                       guint64     otherwise)
{
  g_autofree char *text = NULL;
  guint64 number;

  text = attribute != NULL ? lodge_xml_dup_attribute (node, attribute) : lodge_xml_dup_text (node);

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &number, NULL))
    return otherwise;

  return number;
}

void
lodge_xml_set_attribute (xmlNode    *node,
                         const char *name,
                         const char *value)
{
  xmlSetProp (node, (const xmlChar *)name, (const xmlChar *)value);
}

void
lodge_xml_set_number (xmlNode    *node,
                      const char *name,
                      guint64     value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, value);

  lodge_xml_set_attribute (node, name, text);
}

/* Null for an element that is missing or has nothing but blanks in it. */
char *
lodge_xml_dup_text (xmlNode *node)
{
  xmlChar *content;
  char *text;

  if (node == NULL)
    return NULL;

  content = xmlNodeGetContent (node);
  text = g_strdup ((const char *)content);
  xmlFree (content);

  if (text != NULL && *g_strstrip (text) == '\0')
    g_clear_pointer (&text, g_free);

  return text;
}

void
lodge_xml_set_text (xmlNode    *node,
                    const char *text)
{
  /* xmlNodeSetContent() would read it as markup. */
  xmlNodeSetContent (node, NULL);
  xmlNodeAddContent (node, (const xmlChar *)text);
}

/* Bytes in the units of libvirt's scaledInteger (formatdomain.html, "Memory allocation"):
 * KB is 1,000 and KiB or K is 1,024; without a unit it is KiB.
 */
static guint64
unit_in_bytes (const char *unit)
{
  static const char letters[] = "KMGTPE";
  guint64 base = 1024, bytes = 1;
  const char *letter;

  if (unit == NULL || *unit == '\0')
    return 1024;

  if (g_ascii_strcasecmp (unit, "b") == 0 || g_ascii_strcasecmp (unit, "bytes") == 0)
    return 1;

  letter = strchr (letters, g_ascii_toupper (*unit));
  if (letter == NULL)
    return 1024;

  if (g_ascii_toupper (unit[1]) == 'B')
    base = 1000;

  for (const char *at = letters; at <= letter; at++)
    bytes *= base;

  return bytes;
}

/* KiB; 0 for what is no number, and a very large one for what is too large. */
guint64
lodge_xml_read_scaled (const char *text,
                       const char *unit)
{
  guint64 number, bytes;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, &number, NULL))
    return 0;

  if (!g_uint64_checked_mul (&bytes, number, unit_in_bytes (unit)))
    return G_MAXUINT64 / 1024;

  return bytes / 1024;
}

guint64
lodge_xml_read_kib (xmlNode *node)
{
  g_autofree char *text = lodge_xml_dup_text (node);
  g_autofree char *unit = lodge_xml_dup_attribute (node, "unit");

  return lodge_xml_read_scaled (text, unit);
}

void
lodge_xml_set_kib (xmlNode *node,
                   guint64  kib)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, kib);

  lodge_xml_set_text (node, text);
  lodge_xml_set_attribute (node, "unit", "KiB");
}
