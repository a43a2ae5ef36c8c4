/* lodge-definition-edit.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-definition-private.h"
#include "lodge-error.h"
#include "lodge-xml-private.h"

/* Changes to domain XML that others wrote: all that is not meant stays as it is. */

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

  if ((document = lodge_xml_parse_domain (xml, error)) == NULL)
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

  return lodge_xml_serialize (document);
}
