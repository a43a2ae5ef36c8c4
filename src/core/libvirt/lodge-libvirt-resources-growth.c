/* lodge-libvirt-resources-growth.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lodge-definition-growth-private.h"
#include "lodge-libvirt-resources-private.h"

/* Changes to a stored definition that no call of libvirt makes: it is edited, put back, read again,
 * and if libvirt has made something else of it, the old one is put back.
 */

typedef char   * (*EditFunc)  (const char  *xml,
                               guint64      memory,
                               guint        vcpus,
                               GError     **error);
typedef gboolean (*CheckFunc) (const char  *xml,
                               guint64      memory,
                               guint        vcpus);

/* With its passwords: it would lose them. */
static char *
read_stored (virDomainPtr   domain,
             GError       **error)
{
  char *xml = virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE);
  char *copy;

  if (xml == NULL)
    {
      lodge_libvirt_fail (error);
      return NULL;
    }

  copy = g_strdup (xml);
  explicit_bzero (xml, strlen (xml));
  free (xml);

  return copy;
}

static void
forget (char *xml)
{
  if (xml != NULL)
    explicit_bzero (xml, strlen (xml));

  g_free (xml);
}

static gboolean
define (virDomainPtr   domain,
        const char    *xml,
        GError       **error)
{
  virDomainPtr defined = virDomainDefineXML (virDomainGetConnect (domain), xml);

  if (defined == NULL)
    return lodge_libvirt_fail (error);

  virDomainFree (defined);

  return TRUE;
}

static gboolean
apply (virDomainPtr   domain,
       const char    *old,
       const char    *edited,
       guint64        memory,
       guint          vcpus,
       CheckFunc      check,
       GError       **error)
{
  gboolean good;
  char *now;

  if (!define (domain, edited, error))
    return FALSE;

  if ((now = read_stored (domain, error)) == NULL)
    return FALSE;

  /* Libvirt adds what it needs, and takes out nothing. */
  good = check (now, memory, vcpus) &&
         lodge_definition_count_devices (now) >= lodge_definition_count_devices (edited);
  forget (now);

  if (good)
    return TRUE;

  if (define (domain, old, error))
    g_set_error_literal (error, LODGE_ERROR, LODGE_ERROR_FAILED,
                         "libvirt made something else of the definition; the old one was put back");

  return FALSE;
}

static gboolean
edit_stored (LodgeLink     *link,
             virDomainPtr   domain,
             guint64        memory,
             guint          vcpus,
             EditFunc       edit,
             CheckFunc      check,
             GError       **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (lodge_link_get_definition_lock (link));
  gboolean done = FALSE;
  char *old, *edited;

  if ((old = read_stored (domain, error)) == NULL)
    return FALSE;

  if ((edited = edit (old, memory, vcpus, error)) != NULL)
    done = g_str_equal (old, edited) || apply (domain, old, edited, memory, vcpus, check, error);

  forget (edited);
  forget (old);

  return done;
}

gboolean
lodge_libvirt_prepare_growth (LodgeLink     *link,
                              virDomainPtr   domain,
                              guint64        memory,
                              guint          vcpus,
                              GError       **error)
{
  return edit_stored (link, domain, memory, vcpus, lodge_definition_prepare_growth,
                      lodge_definition_is_prepared, error);
}

static char *
edit_vcpus (const char  *xml,
            guint64      memory,
            guint        vcpus,
            GError     **error)
{
  return lodge_definition_raise_vcpus (xml, vcpus, error);
}

static gboolean
check_vcpus (const char *xml,
             guint64     memory,
             guint       vcpus)
{
  g_autoptr(LodgeResourceDefinition) definition = lodge_resource_definition_parse (xml, NULL);

  return definition != NULL && definition->vcpus_maximum >= vcpus;
}

/* Lets the machine have @vcpus cores at most. */
gboolean
lodge_libvirt_raise_vcpus (LodgeLink     *link,
                           virDomainPtr   domain,
                           guint          vcpus,
                           GError       **error)
{
  return edit_stored (link, domain, 0, vcpus, edit_vcpus, check_vcpus, error);
}
