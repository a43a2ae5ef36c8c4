/* lodge-libvirt-host-machines.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-libvirt-host-private.h"
#include "lodge-libvirt-machine-private.h"
#include "lodge-libvirt-probe-private.h"

/* The machines of a LodgeLibvirtHost: how the list follows what libvirt tells. */

typedef struct
{
  LodgeLink *link;
  char      *xml;
} Definition;

static void
definition_free (gpointer data)
{
  Definition *definition = data;

  lodge_link_unref (definition->link);
  g_free (definition->xml);
  g_free (definition);
}

static gboolean
is_current (LodgeLibvirtHost *self,
            guint             link)
{
  return self->link != NULL && lodge_link_get_serial (self->link) == link;
}

/* Returns: (transfer none) (nullable) */
LodgeMachine *
lodge_libvirt_host_find (LodgeLibvirtHost *self,
                         virDomainPtr      domain)
{
  char id[VIR_UUID_STRING_BUFLEN];

  if (virDomainGetUUIDString (domain, id) < 0)
    return NULL;

  return lodge_machine_store_lookup (_lodge_host_get_store (LODGE_HOST (self)), id);
}

/* An event. */
void
lodge_libvirt_host_rebooted (gpointer      owner,
                             guint         link,
                             virDomainPtr  domain)
{
  LodgeLibvirtHost *self = owner;
  LodgeMachine *machine = lodge_libvirt_host_find (self, domain);

  if (machine != NULL && (lodge_machine_get_pending (machine) == LODGE_ACTION_RESTART ||
                          lodge_machine_get_pending (machine) == LODGE_ACTION_SHUT_DOWN))
    _lodge_machine_set_pending (machine, LODGE_ACTION_NONE);

  lodge_libvirt_host_changed (self, link, domain);
}

/* An event. */
void
lodge_libvirt_host_memory_changed (gpointer      owner,
                                   guint         link,
                                   virDomainPtr  domain,
                                   guint64       kib)
{
  LodgeLibvirtHost *self = owner;
  LodgeMachine *machine = lodge_libvirt_host_find (self, domain);

  if (machine != NULL && is_current (self, link))
    _lodge_machine_set_memory (machine, kib);
}

/* An event: the guest was asked to let go of a device, and refused. */
void
lodge_libvirt_host_device_kept (gpointer      owner,
                                guint         link,
                                virDomainPtr  domain,
                                const char   *alias)
{
  LodgeLibvirtHost *self = owner;
  LodgeMachine *machine = lodge_libvirt_host_find (self, domain);

  if (machine != NULL && is_current (self, link))
    g_signal_emit_by_name (machine, "device-kept", alias);
}

/* @removed: a set of machines, which must hold references to them */
static void
change_machines (LodgeLibvirtHost *self,
                 GHashTable       *removed,
                 GPtrArray        *added)
{
  GHashTableIter iter;
  gpointer machine;

  _lodge_host_change_machines (LODGE_HOST (self), removed, added);

  g_hash_table_iter_init (&iter, removed);
  while (g_hash_table_iter_next (&iter, &machine, NULL))
    {
      lodge_libvirt_machine_set_domain (machine, NULL, NULL);
      _lodge_machine_vanish (machine);
    }
}

/* The machines that are not in @all any more. */
static GHashTable *
find_vanished (LodgeLibvirtHost *self,
               GPtrArray        *all)
{
  GListModel *machines = G_LIST_MODEL (_lodge_host_get_store (LODGE_HOST (self)));
  g_autoptr(GHashTable) vanished = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  guint n = g_list_model_get_n_items (machines);

  for (guint i = 0; i < n; i++)
    g_hash_table_add (vanished, g_list_model_get_item (machines, i));

  for (guint i = 0; i < all->len; i++)
    {
      LodgeFound *found = g_ptr_array_index (all, i);
      LodgeMachine *machine = lodge_libvirt_host_find (self, found->domain);

      if (machine != NULL)
        g_hash_table_remove (vanished, machine);
    }

  return g_steal_pointer (&vanished);
}

/* Takes out the machines that are not in @all (an array of LodgeFound) any more. */
void
lodge_libvirt_host_retain (LodgeLibvirtHost *self,
                           GPtrArray        *all)
{
  g_autoptr(GHashTable) vanished = find_vanished (self, all);

  change_machines (self, vanished, NULL);
}

static gboolean
is_our_probe (const LodgeMachineFacts *facts)
{
  return !facts->persistent && g_str_has_prefix (facts->name, LODGE_PROBE_PREFIX);
}

/* Applies what was found (an array of LodgeFound) through the link with the number @link. */
void
lodge_libvirt_host_apply (LodgeLibvirtHost *self,
                          guint             link,
                          GPtrArray        *all)
{
  g_autoptr(GHashTable) removed = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  g_autoptr(GPtrArray) added = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_if_fail (LODGE_IS_LIBVIRT_HOST (self));

  if (!is_current (self, link))
    return;

  for (guint i = 0; i < all->len; i++)
    {
      LodgeFound *found = g_ptr_array_index (all, i);
      LodgeMachine *machine = lodge_libvirt_host_find (self, found->domain);

      if (found->gone && machine != NULL)
        g_hash_table_add (removed, g_object_ref (machine));

      if (found->facts == NULL || is_our_probe (found->facts))
        continue;

      if (machine == NULL)
        {
          machine = lodge_libvirt_machine_new (self, found->facts->id);
          g_ptr_array_add (added, machine);
        }

      found->has_details = found->facts->definition != NULL;
      lodge_libvirt_machine_set_domain (LODGE_LIBVIRT_MACHINE (machine), self->link, found->domain);
      _lodge_machine_apply (machine, found->facts);
      _lodge_machine_set_reachable (machine, TRUE);
    }

  change_machines (self, removed, added);
}

/* An event: the domain is looked at again, soon. */
void
lodge_libvirt_host_changed (gpointer      owner,
                            guint         link,
                            virDomainPtr  domain)
{
  LodgeLibvirtHost *self = owner;

  g_return_if_fail (LODGE_IS_LIBVIRT_HOST (self));

  /* Without a link, it may be that of an attempt which has listed the domains already. */
  if (self->events != NULL && (self->link == NULL || is_current (self, link)))
    lodge_refresh_add (self->events, link, domain);
}

static gpointer
define_work (gpointer       source_object,
             gpointer       task_data,
             GCancellable  *cancellable,
             GError       **error)
{
  Definition *definition = task_data;
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify)lodge_found_free);
  g_autoptr(virDomain) domain = NULL;
  LodgeFound *found;

  domain = virDomainDefineXML (lodge_link_get_connect (definition->link), definition->xml);
  if (domain == NULL)
    {
      lodge_libvirt_fail (error);
      return NULL;
    }

  found = lodge_found_new (domain);
  g_ptr_array_add (all, found);

  return lodge_libvirt_read_domain (found, error) ? g_steal_pointer (&all) : NULL;
}

void
lodge_libvirt_host_define_machine_async (LodgeHost           *host,
                                         const char          *xml,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data)
{
  LodgeLibvirtHost *self = (LodgeLibvirtHost *)host;
  g_autoptr(GTask) task = NULL;
  Definition *definition;

  g_assert (LODGE_IS_LIBVIRT_HOST (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lodge_libvirt_host_define_machine_async);

  if (self->link == NULL)
    {
      g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_DISCONNECTED, "not connected");
      return;
    }

  definition = g_new0 (Definition, 1);
  definition->link = lodge_link_ref (self->link);
  definition->xml = g_strdup (xml);
  g_task_set_task_data (task, definition, definition_free);
  lodge_worker_run (self->actions, task, define_work, (GDestroyNotify)lodge_found_array_release);
}

LodgeMachine *
lodge_libvirt_host_define_machine_finish (LodgeHost     *host,
                                          GAsyncResult  *result,
                                          GError       **error)
{
  LodgeLibvirtHost *self = (LodgeLibvirtHost *)host;
  Definition *definition = g_task_get_task_data (G_TASK (result));
  LodgeMachine *machine;
  GPtrArray *all;

  g_assert (g_task_is_valid (result, host));

  if ((all = g_task_propagate_pointer (G_TASK (result), error)) == NULL)
    return NULL;

  lodge_libvirt_host_apply (self, lodge_link_get_serial (definition->link), all);
  machine = lodge_libvirt_host_find (self, ((LodgeFound *)g_ptr_array_index (all, 0))->domain);
  lodge_found_array_release (all);

  if (machine == NULL)
    {
      g_set_error_literal (error, LODGE_ERROR, LODGE_ERROR_DISCONNECTED,
                           "the connection was lost meanwhile");
      return NULL;
    }

  return g_object_ref (machine);
}
