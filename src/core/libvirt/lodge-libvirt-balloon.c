/* lodge-libvirt-balloon.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-libvirt-machine-private.h"

/* The balloon of a running guest. Nothing here changes what is stored. */

static gpointer
set_balloon_work (gpointer       source_object,
                  gpointer       task_data,
                  GCancellable  *cancellable,
                  GError       **error)
{
  LodgeDomainCall *call = task_data;

  if (virDomainSetMemoryFlags (call->domain, call->value, VIR_DOMAIN_AFFECT_LIVE) == 0)
    return GINT_TO_POINTER (TRUE);

  lodge_libvirt_fail (error);

  return NULL;
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
lodge_libvirt_set_balloon_async (LodgeMachine        *machine,
                                 guint64              kib,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  LodgeLibvirtMachine *self = LODGE_LIBVIRT_MACHINE (machine);
  g_autoptr(GTask) task = g_task_new (machine, cancellable, callback, user_data);
  LodgeDomainCall *call;

  g_task_set_source_tag (task, lodge_libvirt_set_balloon_async);

  if ((call = lodge_libvirt_machine_begin (self, task)) == NULL)
    return;

  call->value = kib;
  lodge_libvirt_machine_run (self, task, set_balloon_work, NULL);
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
