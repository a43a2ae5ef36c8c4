/* lodge-libvirt-edit.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lodge-definition-growth-private.h"
#include "lodge-libvirt-machine-private.h"

/* Changes to a stored definition that no call of libvirt makes. */

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
apply (virDomainPtr          domain,
       const char           *old,
       const char           *edited,
       LodgeDefinitionCheck  check,
       gconstpointer         wish,
       GError              **error)
{
  gboolean good;
  char *now;

  if (!define (domain, edited, error))
    return FALSE;

  if ((now = read_stored (domain, error)) == NULL)
    return FALSE;

  /* Libvirt adds what it needs, and takes out nothing. */
  good = check (now, wish) &&
         lodge_definition_count_devices (now) >= lodge_definition_count_devices (edited);
  forget (now);

  if (good)
    return TRUE;

  if (define (domain, old, error))
    g_set_error_literal (error, LODGE_ERROR, LODGE_ERROR_FAILED,
                         "libvirt made something else of the definition; the old one was put back");

  return FALSE;
}

/* Blocks. The definition is edited by @edit, put back and read again; if @check does not find in it what
 * was wished for, or a device is missing, the old one is put back. @wish goes to both. Nothing is written
 * if @edit changes nothing. Changes on one connection wait for each other.
 */
gboolean
lodge_libvirt_edit_stored (LodgeLink             *link,
                           virDomainPtr           domain,
                           LodgeDefinitionEdit    edit,
                           LodgeDefinitionCheck   check,
                           gconstpointer          wish,
                           GError               **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (lodge_link_get_definition_lock (link));
  gboolean done = FALSE;
  char *old, *edited;

  if ((old = read_stored (domain, error)) == NULL)
    return FALSE;

  if ((edited = edit (old, wish, error)) != NULL)
    done = g_str_equal (old, edited) || apply (domain, old, edited, check, wish, error);

  forget (edited);
  forget (old);

  return done;
}
