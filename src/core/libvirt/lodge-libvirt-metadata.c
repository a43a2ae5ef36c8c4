/* lodge-libvirt-metadata.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdlib.h>
#include <string.h>

#include "lodge-libvirt-machine-private.h"

/*
 * Lodge's element in a domain's metadata.
 *
 *   <lodge:guest xmlns:lodge="https://lodgevm.org/xmlns/domain/1">
 *     <lodge:everyday since="1700000000"/>
 *   </lodge:guest>
 *
 * A newer Lodge may have put more into it, so it is edited in place. libvirt
 * takes the namespace off when it hands the element out and puts it on again
 * when it takes it back.
 */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlDoc, xmlFreeDoc)

static xmlNode *
find_child (xmlNode    *parent,
            const char *name)
{
  for (xmlNode *node = parent->children; node != NULL; node = node->next)
    {
      if (node->type == XML_ELEMENT_NODE && g_strcmp0 ((const char *)node->name, name) == 0)
        return node;
    }

  return NULL;
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

static void
set_flag (xmlNode  *guest,
          gboolean  everyday)
{
  xmlNode *node;

  while ((node = find_child (guest, "everyday")) != NULL)
    {
      xmlUnlinkNode (node);
      xmlFreeNode (node);
    }

  if (everyday)
    {
      g_autofree char *since = g_strdup_printf ("%" G_GINT64_FORMAT,
                                                g_get_real_time () / G_USEC_PER_SEC);

      node = xmlNewChild (guest, NULL, (const xmlChar *)"everyday", NULL);
      xmlNewProp (node, (const xmlChar *)"since", (const xmlChar *)since);
    }
}

/* Sets or clears the flag in @old (nullable), an element as virDomainGetMetadata() gives it.
 * Returns what virDomainSetMetadata() is to have: NULL to remove the element.
 */
char *
lodge_libvirt_edit_everyday (const char *old,
                             gboolean    everyday)
{
  g_autoptr(xmlDoc) document = NULL;
  xmlChar *text = NULL;
  xmlNode *guest;
  char *copy;
  int length;

  if (old != NULL)
    document = xmlReadMemory (old, strlen (old), NULL, NULL,
                              XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);

  if (document == NULL || xmlDocGetRootElement (document) == NULL)
    {
      g_clear_pointer (&document, xmlFreeDoc);
      document = xmlNewDoc ((const xmlChar *)"1.0");
      xmlDocSetRootElement (document, xmlNewNode (NULL, (const xmlChar *)"guest"));
    }

  guest = xmlDocGetRootElement (document);
  set_flag (guest, everyday);

  if (is_empty (guest))
    return NULL;

  xmlDocDumpMemoryEnc (document, &text, &length, "UTF-8");
  copy = g_strdup ((const char *)text);
  xmlFree (text);

  return copy;
}

static gboolean
write_everyday (virDomainPtr   domain,
                gboolean       everyday,
                guint          scope,
                GError       **error)
{
  g_autofree char *edited = NULL;
  char *old = virDomainGetMetadata (domain, VIR_DOMAIN_METADATA_ELEMENT, LODGE_XMLNS, scope);
  int result;

  edited = lodge_libvirt_edit_everyday (old, everyday);

  if (old == NULL && edited == NULL)
    return TRUE;

  free (old);
  result = virDomainSetMetadata (domain, VIR_DOMAIN_METADATA_ELEMENT, edited,
                                 LODGE_XMLNS_PREFIX, LODGE_XMLNS, scope);

  return result < 0 ? lodge_libvirt_fail (error) : TRUE;
}

/* Two calls, as not every driver takes both flags in one. */
gboolean
lodge_libvirt_write_everyday (virDomainPtr   domain,
                              gboolean       everyday,
                              GError       **error)
{
  if (virDomainIsPersistent (domain) == 1 &&
      !write_everyday (domain, everyday, VIR_DOMAIN_AFFECT_CONFIG, error))
    return FALSE;

  if (virDomainIsActive (domain) == 1 &&
      !write_everyday (domain, everyday, VIR_DOMAIN_AFFECT_LIVE, error))
    return FALSE;

  return TRUE;
}
