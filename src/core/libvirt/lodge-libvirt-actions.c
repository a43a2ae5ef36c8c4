/* lodge-libvirt-actions.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

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

static char *
edit_emulated (const char     *xml,
               gconstpointer   wish,
               GError        **error)
{
  const gboolean *emulated = wish;

  return lodge_definition_set_emulated (xml, *emulated, error);
}

static gboolean
check_emulated (const char    *xml,
                gconstpointer  wish)
{
  const gboolean *emulated = wish;
  g_autoptr(LodgeDefinition) definition = lodge_definition_parse (xml, NULL);

  return definition != NULL && lodge_definition_is_emulated (definition) == *emulated;
}

/* Blocks. */
gboolean
lodge_libvirt_write_emulated (LodgeLink     *link,
                              virDomainPtr   domain,
                              gboolean       emulated,
                              GError       **error)
{
  return lodge_libvirt_edit_stored (link, domain, edit_emulated, check_emulated, &emulated, error);
}
