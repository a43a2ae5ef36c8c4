/* lodge-definition-edit.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <string.h>

#include "lodge-definition-private.h"
#include "lodge-error.h"

/* Changes to domain XML that others wrote: all that is not meant stays as it is. */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlDoc, xmlFreeDoc)

static xmlDoc *
parse_domain (const char  *xml,
              GError     **error)
{
  g_autoptr(xmlDoc) document = NULL;
  xmlNode *root;

  document = xmlReadMemory (xml, strlen (xml), NULL, NULL,
                            XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  root = document != NULL ? xmlDocGetRootElement (document) : NULL;

  if (root == NULL || g_strcmp0 ((const char *)root->name, "domain") != 0)
    {
      g_set_error_literal (error, LODGE_ERROR, LODGE_ERROR_INVALID, "not the XML of a domain");
      return NULL;
    }

  return g_steal_pointer (&document);
}

static char *
serialize (xmlDoc *document)
{
  xmlChar *text = NULL;
  char *copy;
  int length;

  xmlDocDumpMemoryEnc (document, &text, &length, "UTF-8");
  copy = g_strdup ((const char *)text);
  xmlFree (text);

  return copy;
}

static gboolean
replace_attribute (xmlNode    *node,
                   const char *name,
                   const char *from,
                   const char *to)
{
  xmlChar *value = xmlGetNoNsProp (node, (const xmlChar *)name);
  gboolean fits = g_strcmp0 ((const char *)value, from) == 0;

  xmlFree (value);
  if (fits)
    xmlSetProp (node, (const xmlChar *)name, (const xmlChar *)to);

  return fits;
}

/* From KVM to software or back. The processor of the host itself can only be had with KVM; its
 * like in software is the one that can do most. Returns NULL with @error set if the domain is
 * neither.
 */
char *
lodge_definition_set_emulated (const char  *xml,
                               gboolean     emulated,
                               GError     **error)
{
  const char *type = emulated ? "qemu" : "kvm";
  g_autoptr(xmlDoc) document = NULL;
  xmlNode *domain;

  g_return_val_if_fail (xml != NULL, NULL);

  if ((document = parse_domain (xml, error)) == NULL)
    return NULL;

  domain = xmlDocGetRootElement (document);
  if (!replace_attribute (domain, "type", emulated ? "kvm" : "qemu", type) &&
      !replace_attribute (domain, "type", type, type))
    {
      g_set_error_literal (error, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED,
                           "only guests of QEMU have a choice between KVM and software");
      return NULL;
    }

  for (xmlNode *node = domain->children; node != NULL; node = node->next)
    {
      if (node->type == XML_ELEMENT_NODE && g_strcmp0 ((const char *)node->name, "cpu") == 0)
        replace_attribute (node, "mode",
                           emulated ? "host-passthrough" : "maximum",
                           emulated ? "maximum" : "host-passthrough");
    }

  return serialize (document);
}
