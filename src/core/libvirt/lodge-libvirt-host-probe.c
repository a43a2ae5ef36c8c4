/* lodge-libvirt-host-probe.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-libvirt-host-private.h"
#include "lodge-libvirt-probe-private.h"

/* The probe of KVM as the host's own: once, however many ask, and remembered. */

static gpointer
probe_work (gpointer       source_object,
            gpointer       task_data,
            GCancellable  *cancellable,
            GError       **error)
{
  LodgeHost *host = source_object;
  LodgeLink *link = task_data;
  const char *uri = lodge_host_get_uri (host);
  gboolean local = lodge_host_get_local (host);
  LodgeAcceleration acceleration = lodge_libvirt_probe_recall (uri, local);

  if (acceleration == LODGE_ACCELERATION_UNKNOWN)
    {
      gboolean ran;

      if (!lodge_libvirt_probe (lodge_link_get_connect (link), &acceleration, &ran, error))
        return NULL;

      /* That there is no KVM is found out at once, and may change when a group is joined. */
      if (ran)
        lodge_libvirt_probe_store (uri, local, acceleration);
    }

  return GINT_TO_POINTER (acceleration);
}

static void
probe_done_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  LodgeLibvirtHost *self = (LodgeLibvirtHost *)object;
  g_autoptr(GPtrArray) probers = g_steal_pointer (&self->probers);
  g_autoptr(GError) error = NULL;
  LodgeAcceleration acceleration;

  acceleration = GPOINTER_TO_INT (g_task_propagate_pointer (G_TASK (result), &error));
  if (error == NULL)
    _lodge_host_set_acceleration (LODGE_HOST (self), acceleration);

  for (guint i = 0; i < probers->len; i++)
    {
      GTask *task = g_ptr_array_index (probers, i);

      if (error != NULL)
        g_task_return_error (task, g_error_copy (error));
      else
        g_task_return_boolean (task, TRUE);
    }
}

void
lodge_libvirt_host_probe_async (LodgeHost           *host,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  LodgeLibvirtHost *self = (LodgeLibvirtHost *)host;
  g_autoptr(GTask) task = NULL;
  g_autoptr(GTask) probe = NULL;

  g_assert (LODGE_IS_LIBVIRT_HOST (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lodge_libvirt_host_probe_async);

  if (lodge_host_get_acceleration (host) != LODGE_ACCELERATION_UNKNOWN)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  if (self->link == NULL)
    {
      g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_DISCONNECTED, "not connected");
      return;
    }

  if (self->probers != NULL)
    {
      g_ptr_array_add (self->probers, g_steal_pointer (&task));
      return;
    }

  self->probers = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (self->probers, g_steal_pointer (&task));

  probe = g_task_new (self, NULL, probe_done_cb, NULL);
  g_task_set_source_tag (probe, lodge_libvirt_host_probe_async);
  g_task_set_task_data (probe, lodge_link_ref (self->link), (GDestroyNotify)lodge_link_unref);
  lodge_worker_run (self->actions, probe, probe_work, NULL);
}

gboolean
lodge_libvirt_host_probe_finish (LodgeHost     *host,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  g_assert (g_task_is_valid (result, host));

  return g_task_propagate_boolean (G_TASK (result), error);
}
