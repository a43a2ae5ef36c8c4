/* lodge-libvirt-actions.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lodge-libvirt-machine-private.h"

/* Starting a domain that sleeps would be refused; it is woken up. */
static int
start_domain (virDomainPtr domain)
{
  int state, reason;

  if (virDomainGetState (domain, &state, &reason, 0) == 0 && state == VIR_DOMAIN_PMSUSPENDED)
    return virDomainPMWakeup (domain, 0);

  /* With a saved state it is restored from there. */
  return virDomainCreate (domain);
}

/* Blocks until libvirt has done @action, or has asked the guest to. */
gboolean
lodge_libvirt_perform (virDomainPtr   domain,
                       LodgeAction    action,
                       GError       **error)
{
  int result = -1;

  switch (action)
    {
    case LODGE_ACTION_START:
      result = start_domain (domain);
      break;

    case LODGE_ACTION_PAUSE:
      result = virDomainSuspend (domain);
      break;

    case LODGE_ACTION_RESUME:
      result = virDomainResume (domain);
      break;

    case LODGE_ACTION_SAVE:
      result = virDomainManagedSave (domain, 0);
      break;

    case LODGE_ACTION_DISCARD_SAVED:
      result = virDomainManagedSaveRemove (domain, 0);
      break;

    case LODGE_ACTION_SHUT_DOWN:
      result = virDomainShutdown (domain);
      break;

    case LODGE_ACTION_RESTART:
      result = virDomainReboot (domain, 0);
      break;

    case LODGE_ACTION_FORCE_OFF:
      result = virDomainDestroyFlags (domain, 0);
      break;

    case LODGE_ACTION_NONE:
    default:
      g_set_error_literal (error, LODGE_ERROR, LODGE_ERROR_INVALID, "no such action");
      return FALSE;
    }

  return result < 0 ? lodge_libvirt_fail (error) : TRUE;
}

/* Blocks. The definition is read with its passwords, as it would lose them. */
gboolean
lodge_libvirt_write_emulated (LodgeLink     *link,
                              virDomainPtr   domain,
                              gboolean       emulated,
                              GError       **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (lodge_link_get_definition_lock (link));
  g_autofree char *edited = NULL;
  virDomainPtr defined;
  char *xml;

  xml = virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE);
  if (xml == NULL)
    return lodge_libvirt_fail (error);

  edited = lodge_definition_set_emulated (xml, emulated, error);
  explicit_bzero (xml, strlen (xml));
  free (xml);

  if (edited == NULL)
    return FALSE;

  defined = virDomainDefineXML (virDomainGetConnect (domain), edited);
  explicit_bzero (edited, strlen (edited));
  if (defined == NULL)
    return lodge_libvirt_fail (error);

  virDomainFree (defined);

  return TRUE;
}
