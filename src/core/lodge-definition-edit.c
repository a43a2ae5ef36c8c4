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
  gboolean fits = lodge_xml_attribute_is (node, name, from);

  if (fits)
    lodge_xml_set_attribute (node, name, to);

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

  replace_attribute (lodge_xml_child (domain, "cpu"), "mode",
                     emulated ? "host-passthrough" : "maximum",
                     emulated ? "maximum" : "host-passthrough");

  return lodge_xml_serialize (document);
}
