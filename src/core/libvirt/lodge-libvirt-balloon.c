/* lodge-libvirt-balloon.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <stdlib.h>

#include "lodge-libvirt-resources-private.h"

/* The balloon of a running guest. Nothing here changes what is stored. */

/* Sets the memory of a domain that has not run an instruction yet. */
static gboolean
set_first_memory (virDomainPtr   domain,
                  guint64        kib,
                  GError       **error)
{
  g_autoptr(LodgeResourceDefinition) live = NULL;
  char *xml = virDomainGetXMLDesc (domain, 0);

  if (xml == NULL)
    return lodge_libvirt_fail (error);

  live = lodge_resource_definition_parse (xml, error);
  free (xml);

  return live != NULL && lodge_libvirt_set_live_memory (domain, live, kib, error);
}

/* Blocks. Starts @domain with other memory than is stored, this time: it is paused until its balloon
 * knows, so that nothing has to be stored and taken back, which a crash could come between. Ended and
 * with @error set if that cannot be.
 */
gboolean
lodge_libvirt_start_with (virDomainPtr   domain,
                          guint64        kib,
                          GCancellable  *cancellable,
                          GError       **error)
{
  if (virDomainHasManagedSaveImage (domain, 0) == 1)
    {
      g_set_error_literal (error, LODGE_ERROR, LODGE_ERROR_INVALID,
                           "the machine's memory is saved, as large as it is");
      return FALSE;
    }

  if (virDomainCreateWithFlags (domain, VIR_DOMAIN_START_PAUSED) < 0)
    return lodge_libvirt_fail (error);

  if (set_first_memory (domain, kib, error) &&
      !g_cancellable_set_error_if_cancelled (cancellable, error))
    {
      if (virDomainResume (domain) == 0)
        return TRUE;

      lodge_libvirt_fail (error);
    }

  virDomainDestroyFlags (domain, 0);

  return FALSE;
}

static gpointer
set_period_work (gpointer       source_object,
                 gpointer       task_data,
                 GCancellable  *cancellable,
                 GError       **error)
{
  LodgeDomainCall *call = task_data;

  if (virDomainSetMemoryStatsPeriod (call->domain, call->number, VIR_DOMAIN_AFFECT_LIVE) == 0)
    return GINT_TO_POINTER (TRUE);

  lodge_libvirt_fail (error);

  return NULL;
}

void
lodge_libvirt_set_balloon_period_async (LodgeMachine        *machine,
                                        guint                seconds,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  LodgeLibvirtMachine *self = LODGE_LIBVIRT_MACHINE (machine);
  g_autoptr(GTask) task = g_task_new (machine, cancellable, callback, user_data);
  LodgeDomainCall *call;

  g_task_set_source_tag (task, lodge_libvirt_set_balloon_period_async);

  if ((call = lodge_libvirt_machine_begin (self, task)) == NULL)
    return;

  call->number = seconds;
  lodge_libvirt_machine_run (self, task, set_period_work, NULL);
}

gboolean
lodge_libvirt_balloon_finish (LodgeMachine  *machine,
                              GAsyncResult  *result,
                              GError       **error)
{
  g_assert (g_task_is_valid (result, machine));

  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}
