/* lodge-xml-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

G_BEGIN_DECLS

/* Small helps with the trees of libxml2. A node may be NULL wherever it is only read. */

xmlDoc   *lodge_xml_parse         (const char  *xml);
xmlDoc   *lodge_xml_parse_domain  (const char  *xml,
                                   GError     **error);
char     *lodge_xml_serialize     (xmlDoc      *document);
char     *lodge_xml_dump          (xmlNode     *node);
xmlNode  *lodge_xml_next          (xmlNode     *node,
                                   const char  *name);
xmlNode  *lodge_xml_child         (xmlNode     *parent,
                                   const char  *name);
xmlNode  *lodge_xml_ensure        (xmlNode     *parent,
                                   const char  *name);
xmlNode  *lodge_xml_insert_after  (xmlNode     *parent,
                                   xmlNode     *sibling,
                                   const char  *name);
void      lodge_xml_remove        (xmlNode     *node);
char     *lodge_xml_dup_attribute (xmlNode     *node,
                                   const char  *name);
gboolean  lodge_xml_attribute_is  (xmlNode     *node,
                                   const char  *name,
                                   const char  *expected);
guint64   lodge_xml_read_number   (xmlNode     *node,
                                   const char  *attribute,
                                   guint64      otherwise);
void      lodge_xml_set_attribute (xmlNode     *node,
                                   const char  *name,
                                   const char  *value);
void      lodge_xml_set_number    (xmlNode     *node,
                                   const char  *name,
                                   guint64      value);
char     *lodge_xml_dup_text      (xmlNode     *node);
void      lodge_xml_set_text      (xmlNode     *node,
                                   const char  *text);
guint64   lodge_xml_read_kib      (xmlNode     *node);
guint64   lodge_xml_read_scaled   (const char  *text,
                                   const char  *unit);
void      lodge_xml_set_kib       (xmlNode     *node,
                                   guint64      kib);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlDoc, xmlFreeDoc)

G_END_DECLS
