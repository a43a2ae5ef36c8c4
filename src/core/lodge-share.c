/* lodge-share.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-core-enums.h"
#include "lodge-machine.h"
#include "lodge-share-private.h"

/**
 * LodgeShare:
 *
 * One part of a computer's memory and cores: a guest's, a container's, the
 * host's, or nobody's.
 */

struct _LodgeShare
{
  GObject           parent_instance;
  LodgeShareKind    kind;
  char             *key;
  char             *name;
  char             *engine;
  LodgeMachine     *machine;
  guint64           memory;
  guint             cores;
  guint             load;
  LodgeShareSource  source;
};

enum {
  PROP_0,
  PROP_CORES,
  PROP_ENGINE,
  PROP_KIND,
  PROP_LOAD,
  PROP_MACHINE,
  PROP_MEMORY,
  PROP_NAME,
  PROP_SOURCE,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LodgeShare, lodge_share, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

LodgeShareFacts *
lodge_share_facts_new (LodgeShareKind    kind,
                       const char       *key,
                       guint64           memory,
                       LodgeShareSource  source)
{
  LodgeShareFacts *facts = g_new0 (LodgeShareFacts, 1);

  facts->kind = kind;
  facts->key = g_strdup (key);
  facts->memory = memory;
  facts->source = source;

  return facts;
}

void
lodge_share_facts_free (LodgeShareFacts *facts)
{
  g_clear_object (&facts->machine);
  g_free (facts->key);
  g_free (facts->name);
  g_free (facts->engine);
  g_free (facts);
}

static void
lodge_share_finalize (GObject *object)
{
  LodgeShare *self = (LodgeShare *)object;

  g_clear_object (&self->machine);
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->engine, g_free);

  G_OBJECT_CLASS (lodge_share_parent_class)->finalize (object);
}

static void
lodge_share_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  LodgeShare *self = LODGE_SHARE (object);

  switch (prop_id)
    {
    case PROP_CORES:
      g_value_set_uint (value, self->cores);
      break;

    case PROP_ENGINE:
      g_value_set_string (value, self->engine);
      break;

    case PROP_KIND:
      g_value_set_enum (value, self->kind);
      break;

    case PROP_LOAD:
      g_value_set_uint (value, self->load);
      break;

    case PROP_MACHINE:
      g_value_set_object (value, self->machine);
      break;

    case PROP_MEMORY:
      g_value_set_uint64 (value, self->memory);
      break;

    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;

    case PROP_SOURCE:
      g_value_set_enum (value, self->source);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_share_class_init (LodgeShareClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = lodge_share_finalize;
  object_class->get_property = lodge_share_get_property;

  properties[PROP_CORES] = g_param_spec_uint ("cores", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_ENGINE] = g_param_spec_string ("engine", NULL, NULL, NULL, flags);
  properties[PROP_KIND] = g_param_spec_enum ("kind", NULL, NULL, LODGE_TYPE_SHARE_KIND,
                                             LODGE_SHARE_RESERVE, flags);
  properties[PROP_LOAD] = g_param_spec_uint ("load", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_MACHINE] = g_param_spec_object ("machine", NULL, NULL, LODGE_TYPE_MACHINE, flags);
  properties[PROP_MEMORY] = g_param_spec_uint64 ("memory", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_SOURCE] = g_param_spec_enum ("source", NULL, NULL, LODGE_TYPE_SHARE_SOURCE,
                                               LODGE_SHARE_SOURCE_REST, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
lodge_share_init (LodgeShare *self)
{
}

LodgeShare *
_lodge_share_new (const LodgeShareFacts *facts)
{
  LodgeShare *self = g_object_new (LODGE_TYPE_SHARE, NULL);

  self->kind = facts->kind;
  self->key = g_strdup (facts->key);
  self->engine = g_strdup (facts->engine);
  self->machine = facts->machine != NULL ? g_object_ref (facts->machine) : NULL;
  _lodge_share_apply (self, facts);

  return self;
}

const char *
_lodge_share_get_key (LodgeShare *self)
{
  g_assert (LODGE_IS_SHARE (self));

  return self->key;
}

static void
set_uint (LodgeShare *self,
          guint      *field,
          guint       value,
          guint       prop_id)
{
  if (*field == value)
    return;

  *field = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

/* @facts: with the same key */
void
_lodge_share_apply (LodgeShare            *self,
                    const LodgeShareFacts *facts)
{
  g_assert (LODGE_IS_SHARE (self));
  g_assert (g_str_equal (self->key, facts->key));

  g_object_freeze_notify (G_OBJECT (self));

  if (g_strcmp0 (self->name, facts->name) != 0)
    {
      g_free (self->name);
      self->name = g_strdup (facts->name);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
    }

  if (self->memory != facts->memory)
    {
      self->memory = facts->memory;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MEMORY]);
    }

  if (self->source != facts->source)
    {
      self->source = facts->source;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SOURCE]);
    }

  set_uint (self, &self->cores, facts->cores, PROP_CORES);
  set_uint (self, &self->load, facts->load, PROP_LOAD);
  g_object_thaw_notify (G_OBJECT (self));
}

static gboolean
has_same_keys (GListStore *store,
               GPtrArray  *all)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (store));

  if (n != all->len)
    return FALSE;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(LodgeShare) share = g_list_model_get_item (G_LIST_MODEL (store), i);
      const LodgeShareFacts *facts = g_ptr_array_index (all, i);

      if (!g_str_equal (share->key, facts->key) || share->machine != facts->machine)
        return FALSE;
    }

  return TRUE;
}

static GPtrArray *
make_shares (GListStore *store,
             GPtrArray  *all)
{
  g_autoptr(GHashTable) old = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  GPtrArray *shares = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (store));

  for (guint i = 0; i < n; i++)
    {
      LodgeShare *share = g_list_model_get_item (G_LIST_MODEL (store), i);

      g_hash_table_replace (old, share->key, share);
    }

  for (guint i = 0; i < all->len; i++)
    {
      const LodgeShareFacts *facts = g_ptr_array_index (all, i);
      LodgeShare *share = g_hash_table_lookup (old, facts->key);

      if (share != NULL && share->machine == facts->machine)
        g_ptr_array_add (shares, g_object_ref (share));
      else
        g_ptr_array_add (shares, _lodge_share_new (facts));
    }

  return shares;
}

void
_lodge_share_sync (GListStore *store,
                   GPtrArray  *all)
{
  g_assert (G_IS_LIST_STORE (store));

  if (!has_same_keys (store, all))
    {
      g_autoptr(GPtrArray) shares = make_shares (store, all);

      g_list_store_splice (store, 0, g_list_model_get_n_items (G_LIST_MODEL (store)),
                           shares->pdata, shares->len);
    }

  for (guint i = 0; i < all->len; i++)
    {
      g_autoptr(LodgeShare) share = g_list_model_get_item (G_LIST_MODEL (store), i);

      _lodge_share_apply (share, g_ptr_array_index (all, i));
    }
}

LodgeShareKind
lodge_share_get_kind (LodgeShare *self)
{
  g_return_val_if_fail (LODGE_IS_SHARE (self), LODGE_SHARE_FREE);

  return self->kind;
}

/* Returns: (nullable) */
const char *
lodge_share_get_name (LodgeShare *self)
{
  g_return_val_if_fail (LODGE_IS_SHARE (self), NULL);

  return self->name;
}

/* Returns: (nullable) */
const char *
lodge_share_get_engine (LodgeShare *self)
{
  g_return_val_if_fail (LODGE_IS_SHARE (self), NULL);

  return self->engine;
}

/* Returns: (transfer none) (nullable) */
LodgeMachine *
lodge_share_get_machine (LodgeShare *self)
{
  g_return_val_if_fail (LODGE_IS_SHARE (self), NULL);

  return self->machine;
}

guint64
lodge_share_get_memory (LodgeShare *self)
{
  g_return_val_if_fail (LODGE_IS_SHARE (self), 0);

  return self->memory;
}

guint
lodge_share_get_cores (LodgeShare *self)
{
  g_return_val_if_fail (LODGE_IS_SHARE (self), 0);

  return self->cores;
}

guint
lodge_share_get_load (LodgeShare *self)
{
  g_return_val_if_fail (LODGE_IS_SHARE (self), 0);

  return self->load;
}

LodgeShareSource
lodge_share_get_source (LodgeShare *self)
{
  g_return_val_if_fail (LODGE_IS_SHARE (self), LODGE_SHARE_SOURCE_REST);

  return self->source;
}
