/* lodge-machine-store.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-machine-store-private.h"
#include "lodge-machine.h"

/*
 * LodgeMachineStore:
 *
 * The machines of a host, in the order in which they appeared. Made for many:
 * a machine is found by its ID at once, and however many come and go
 * together, the list changes once.
 */

struct _LodgeMachineStore
{
  GObject     parent_instance;
  GPtrArray  *machines;
  GHashTable *by_id;     /* the machine's own ID → the machine */
};

static void list_model_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LodgeMachineStore, lodge_machine_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static GType
lodge_machine_store_get_item_type (GListModel *model)
{
  return LODGE_TYPE_MACHINE;
}

static guint
lodge_machine_store_get_n_items (GListModel *model)
{
  LodgeMachineStore *self = (LodgeMachineStore *)model;

  return self->machines->len;
}

static gpointer
lodge_machine_store_get_item (GListModel *model,
                              guint       position)
{
  LodgeMachineStore *self = (LodgeMachineStore *)model;

  if (position >= self->machines->len)
    return NULL;

  return g_object_ref (g_ptr_array_index (self->machines, position));
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = lodge_machine_store_get_item_type;
  iface->get_n_items = lodge_machine_store_get_n_items;
  iface->get_item = lodge_machine_store_get_item;
}

static void
lodge_machine_store_finalize (GObject *object)
{
  LodgeMachineStore *self = (LodgeMachineStore *)object;

  g_clear_pointer (&self->by_id, g_hash_table_unref);
  g_clear_pointer (&self->machines, g_ptr_array_unref);

  G_OBJECT_CLASS (lodge_machine_store_parent_class)->finalize (object);
}

static void
lodge_machine_store_class_init (LodgeMachineStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = lodge_machine_store_finalize;
}

static void
lodge_machine_store_init (LodgeMachineStore *self)
{
  self->machines = g_ptr_array_new_with_free_func (g_object_unref);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
}

LodgeMachineStore *
lodge_machine_store_new (void)
{
  return g_object_new (LODGE_TYPE_MACHINE_STORE, NULL);
}

/* Returns: (transfer none) (nullable) */
LodgeMachine *
lodge_machine_store_lookup (LodgeMachineStore *self,
                            const char        *id)
{
  g_assert (LODGE_IS_MACHINE_STORE (self));

  return g_hash_table_lookup (self->by_id, id);
}

/* Takes the @removed (a set of machines, nullable) out and appends the @added (nullable), which are
 * not yet in it.
 */
void
lodge_machine_store_change (LodgeMachineStore *self,
                            GHashTable        *removed,
                            GPtrArray         *added)
{
  g_autoptr(GPtrArray) old = NULL;
  guint position = 0;

  g_assert (LODGE_IS_MACHINE_STORE (self));

  if ((removed == NULL || g_hash_table_size (removed) == 0) && (added == NULL || added->len == 0))
    return;

  old = g_steal_pointer (&self->machines);
  self->machines = g_ptr_array_new_full (old->len, g_object_unref);
  g_hash_table_remove_all (self->by_id);

  for (guint i = 0; i < old->len; i++)
    {
      LodgeMachine *machine = g_ptr_array_index (old, i);

      if (removed != NULL && g_hash_table_contains (removed, machine))
        continue;

      if (position == i && self->machines->len == i)
        position = i + 1;

      g_ptr_array_add (self->machines, g_object_ref (machine));
      g_hash_table_insert (self->by_id, (gpointer)lodge_machine_get_id (machine), machine);
    }

  for (guint i = 0; added != NULL && i < added->len; i++)
    {
      LodgeMachine *machine = g_ptr_array_index (added, i);

      g_ptr_array_add (self->machines, g_object_ref (machine));
      g_hash_table_insert (self->by_id, (gpointer)lodge_machine_get_id (machine), machine);
    }

  g_list_model_items_changed (G_LIST_MODEL (self), position,
                              old->len - position, self->machines->len - position);
}
