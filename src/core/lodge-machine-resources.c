/* lodge-machine-resources.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-core-enums.h"
#include "lodge-error.h"
#include "lodge-loan-private.h"
#include "lodge-machine-preferences.h"
#include "lodge-machine-private.h"
#include "lodge-machine-resources-private.h"
#include "lodge-usage.h"

/**
 * LodgeMachineResources:
 *
 * Memory and cores of a machine: what was asked for, what is reached, and
 * what stands in the way.
 *
 * What is reached comes from the host alone. Looks at it never overlap, and
 * however many events come while one is under way, one more follows. Changes
 * are made one after the other; of each kind one waits at most, the newest.
 */

typedef enum
{
  KIND_BOOLEAN,
  KIND_ENUM,
  KIND_FLAGS,
  KIND_UINT,
  KIND_UINT64,
} Kind;

typedef struct
{
  const char *name;
  Kind        kind;
  GType     (*type) (void);   /* of an enumeration */
  gsize       offset;
} Figure;

static const Figure table[] =
{
  { "agent-hangs", KIND_BOOLEAN, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, agent_hangs) },
  { "cores-cap", KIND_UINT, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, cores_cap) },
  { "growth-obstacle", KIND_ENUM, lodge_obstacle_get_type,
    G_STRUCT_OFFSET (LodgeResourceFigures, growth_obstacle) },
  { "growth-prepared", KIND_BOOLEAN, NULL,
    G_STRUCT_OFFSET (LodgeResourceFigures, growth_prepared) },
  { "memory-asked", KIND_UINT64, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, memory_asked) },
  { "memory-boot", KIND_UINT64, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, memory_boot) },
  { "memory-floor", KIND_UINT64, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, memory_floor) },
  { "memory-floor-source", KIND_ENUM, lodge_floor_source_get_type,
    G_STRUCT_OFFSET (LodgeResourceFigures, memory_floor_source) },
  { "memory-live-maximum", KIND_UINT64, NULL,
    G_STRUCT_OFFSET (LodgeResourceFigures, memory_live_maximum) },
  { "memory-obstacle", KIND_ENUM, lodge_obstacle_get_type,
    G_STRUCT_OFFSET (LodgeResourceFigures, memory_obstacle) },
  { "memory-offline", KIND_UINT64, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, memory_offline) },
  { "memory-reached", KIND_UINT64, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, memory_reached) },
  { "memory-state", KIND_ENUM, lodge_reach_get_type,
    G_STRUCT_OFFSET (LodgeResourceFigures, memory_state) },
  { "memory-step", KIND_UINT64, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, memory_step) },
  { "memory-stored", KIND_UINT64, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, memory_stored) },
  { "memory-stored-maximum", KIND_UINT64, NULL,
    G_STRUCT_OFFSET (LodgeResourceFigures, memory_stored_maximum) },
  { "memory-way-obstacle", KIND_ENUM, lodge_obstacle_get_type,
    G_STRUCT_OFFSET (LodgeResourceFigures, memory_way_obstacle) },
  { "priority", KIND_ENUM, lodge_priority_get_type,
    G_STRUCT_OFFSET (LodgeResourceFigures, priority) },
  { "priority-obstacle", KIND_ENUM, lodge_obstacle_get_type,
    G_STRUCT_OFFSET (LodgeResourceFigures, priority_obstacle) },
  { "ready", KIND_BOOLEAN, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, ready) },
  { "vcpus-asked", KIND_UINT, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, vcpus_asked) },
  { "vcpus-maximum", KIND_UINT, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, vcpus_maximum) },
  { "vcpus-obstacle", KIND_ENUM, lodge_obstacle_get_type,
    G_STRUCT_OFFSET (LodgeResourceFigures, vcpus_obstacle) },
  { "vcpus-offline", KIND_UINT, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, vcpus_offline) },
  { "vcpus-reached", KIND_UINT, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, vcpus_reached) },
  { "vcpus-stored", KIND_UINT, NULL, G_STRUCT_OFFSET (LodgeResourceFigures, vcpus_stored) },
  { "vcpus-stored-maximum", KIND_UINT, NULL,
    G_STRUCT_OFFSET (LodgeResourceFigures, vcpus_stored_maximum) },
  { "ways", KIND_FLAGS, lodge_ways_get_type, G_STRUCT_OFFSET (LodgeResourceFigures, ways) },
};

#define N_FIGURES G_N_ELEMENTS (table)

/* The figures come first, as in the table. */
enum {
  PROP_LOAN = N_FIGURES + 1,
  PROP_MACHINE,
  PROP_PENDING,
  N_PROPS
};

G_DEFINE_TYPE_WITH_PRIVATE (LodgeMachineResources, lodge_machine_resources, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];
static GQuark machine_quark;

static guint64
figure_of (const LodgeResourceFigures *figures,
           gsize                       offset)
{
  return G_STRUCT_MEMBER (guint64, figures, offset);
}

static guint64
get_figure (LodgeMachineResources *self,
            gsize                  offset)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_MACHINE_RESOURCES (self), 0);

  return figure_of (&priv->figures, offset);
}

/* Takes over @figures and tells what is different. */
void
_lodge_machine_resources_set_figures (LodgeMachineResources      *self,
                                      const LodgeResourceFigures *figures)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);
  LodgeResourceFigures old = priv->figures;

  priv->figures = *figures;

  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = 0; i < N_FIGURES; i++)
    {
      if (figure_of (&old, table[i].offset) != figure_of (figures, table[i].offset))
        g_object_notify_by_pspec (G_OBJECT (self), properties[i + 1]);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

static void
read_done_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  LodgeMachineResources *self = LODGE_MACHINE_RESOURCES (object);
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);
  LodgeResourceFacts *facts;

  facts = LODGE_MACHINE_RESOURCES_GET_CLASS (self)->read_finish (self, result, NULL);
  priv->reading = FALSE;

  /* What could not be read is read again when the machine is heard of. */
  if (priv->overtaken)
    {
      g_clear_pointer (&facts, lodge_resource_facts_free);
      priv->overtaken = FALSE;
      priv->again = TRUE;
    }
  else if (facts != NULL)
    _lodge_machine_resources_take_facts (self, facts);

  if (priv->again)
    _lodge_machine_resources_read (self);
}

void
_lodge_machine_resources_read (LodgeMachineResources *self)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);
  LodgeMachineResourcesClass *klass = LODGE_MACHINE_RESOURCES_GET_CLASS (self);

  if (klass->read_async == NULL || priv->machine == NULL ||
      !lodge_machine_is_reachable (priv->machine))
    return;

  priv->again = priv->reading;
  if (priv->reading)
    return;

  priv->reading = TRUE;
  klass->read_async (self, priv->closing, read_done_cb, NULL);
}

static gboolean
touched_cb (gpointer user_data)
{
  LodgeMachineResources *self = user_data;
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  priv->touched_id = 0;
  _lodge_machine_resources_read (self);

  return G_SOURCE_REMOVE;
}

static void
reachable_cb (LodgeMachine          *machine,
              GParamSpec            *pspec,
              LodgeMachineResources *self)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  /* Another connection may have other rights. */
  priv->denied = FALSE;
  _lodge_machine_resources_update (self);
  lodge_machine_resources_refresh (self);
}

/* No event of libvirt tells that somebody has plugged in a core, but the statistics do. They are asked
 * again and again, as a look may fail.
 */
static void
find_plugged_vcpus (LodgeMachineResources *self,
                    LodgeUsage            *usage)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);
  guint vcpus = lodge_usage_get_vcpus (usage);

  if (priv->facts != NULL && priv->facts->live != NULL && vcpus != 0 && vcpus != priv->facts->live->vcpus)
    lodge_machine_resources_refresh (self);
}

/* Somebody looks at what the guest uses, and so its floor is known anew with each look; but not by
 * figures of another balloon than the one that was last seen.
 */
static void
usage_updated_cb (LodgeUsage            *usage,
                  LodgeMachineResources *self)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  find_plugged_vcpus (self, usage);

  if (priv->facts == NULL || priv->facts->live == NULL || !lodge_usage_get_sampled (usage) ||
      lodge_usage_get_usable (usage) == 0 || lodge_usage_get_available (usage) == 0 ||
      (priv->facts->balloon != 0 && lodge_usage_get_actual (usage) != priv->facts->balloon))
    return;

  priv->facts->usable = lodge_usage_get_usable (usage);
  priv->facts->available = lodge_usage_get_available (usage);
  priv->facts->told = lodge_usage_get_guest_time (usage);
  priv->answered = TRUE;
  _lodge_machine_resources_update (self);
}

static void
set_machine (LodgeMachineResources *self,
             LodgeMachine          *machine)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  g_set_weak_pointer (&priv->machine, machine);

  if (machine != NULL)
    {
      g_signal_connect_object (machine, "notify::reachable", G_CALLBACK (reachable_cb), self, 0);
      g_signal_connect_object (lodge_machine_get_usage (machine), "updated",
                               G_CALLBACK (usage_updated_cb), self, 0);
      _lodge_loan_follow (self, machine);
    }

  _lodge_machine_resources_update (self);
}

static void
lodge_machine_resources_dispose (GObject *object)
{
  LodgeMachineResources *self = (LodgeMachineResources *)object;
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  g_cancellable_cancel (priv->closing);
  g_clear_handle_id (&priv->held_id, g_source_remove);
  g_clear_handle_id (&priv->touched_id, g_source_remove);
  g_clear_handle_id (&priv->soon_id, g_source_remove);
  g_clear_weak_pointer (&priv->machine);
  g_clear_object (&priv->loan);

  G_OBJECT_CLASS (lodge_machine_resources_parent_class)->dispose (object);
}

static void
lodge_machine_resources_finalize (GObject *object)
{
  LodgeMachineResources *self = (LodgeMachineResources *)object;
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  g_clear_pointer (&priv->facts, lodge_resource_facts_free);
  g_clear_object (&priv->pending);
  g_clear_object (&priv->closing);

  G_OBJECT_CLASS (lodge_machine_resources_parent_class)->finalize (object);
}

static void
get_table_property (guint64  figure,
                    Kind     kind,
                    GValue  *value)
{
  switch (kind)
    {
    case KIND_BOOLEAN:
      g_value_set_boolean (value, figure != 0);
      break;

    case KIND_ENUM:
      g_value_set_enum (value, figure);
      break;

    case KIND_FLAGS:
      g_value_set_flags (value, figure);
      break;

    case KIND_UINT:
      g_value_set_uint (value, figure);
      break;

    case KIND_UINT64:
    default:
      g_value_set_uint64 (value, figure);
      break;
    }
}

static void
lodge_machine_resources_get_property (GObject    *object,
                                      guint       prop_id,
                                      GValue     *value,
                                      GParamSpec *pspec)
{
  LodgeMachineResources *self = LODGE_MACHINE_RESOURCES (object);
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  switch (prop_id)
    {
    case PROP_LOAN:
      g_value_set_object (value, priv->loan);
      break;

    case PROP_MACHINE:
      g_value_set_object (value, priv->machine);
      break;

    case PROP_PENDING:
      g_value_set_object (value, priv->pending);
      break;

    default:
      if (prop_id == 0 || prop_id > N_FIGURES)
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      else
        get_table_property (get_figure (self, table[prop_id - 1].offset),
                            table[prop_id - 1].kind, value);
    }
}

static void
lodge_machine_resources_set_property (GObject      *object,
                                      guint         prop_id,
                                      const GValue *value,
                                      GParamSpec   *pspec)
{
  LodgeMachineResources *self = LODGE_MACHINE_RESOURCES (object);

  switch (prop_id)
    {
    case PROP_MACHINE:
      set_machine (self, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static GParamSpec *
table_property (const Figure *figure)
{
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  switch (figure->kind)
    {
    case KIND_BOOLEAN:
      return g_param_spec_boolean (figure->name, NULL, NULL, FALSE, flags);

    case KIND_ENUM:
      return g_param_spec_enum (figure->name, NULL, NULL, figure->type (), 0, flags);

    case KIND_FLAGS:
      return g_param_spec_flags (figure->name, NULL, NULL, figure->type (), 0, flags);

    case KIND_UINT:
      return g_param_spec_uint (figure->name, NULL, NULL, 0, G_MAXUINT, 0, flags);

    case KIND_UINT64:
    default:
      return g_param_spec_uint64 (figure->name, NULL, NULL, 0, G_MAXUINT64, 0, flags);
    }
}

static void
lodge_machine_resources_class_init (LodgeMachineResourcesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lodge_machine_resources_dispose;
  object_class->finalize = lodge_machine_resources_finalize;
  object_class->get_property = lodge_machine_resources_get_property;
  object_class->set_property = lodge_machine_resources_set_property;

  for (guint i = 0; i < N_FIGURES; i++)
    properties[i + 1] = table_property (&table[i]);

  properties[PROP_LOAN] =
    g_param_spec_object ("loan", NULL, NULL,
                         LODGE_TYPE_LOAN,
                         (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  properties[PROP_MACHINE] =
    g_param_spec_object ("machine", NULL, NULL,
                         LODGE_TYPE_MACHINE,
                         (G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS));

  properties[PROP_PENDING] =
    g_param_spec_object ("pending", NULL, NULL,
                         G_TYPE_LIST_MODEL,
                         (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);

  machine_quark = g_quark_from_static_string ("lodge-machine-resources");
}

static void
lodge_machine_resources_init (LodgeMachineResources *self)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  priv->pending = g_list_store_new (LODGE_TYPE_PENDING_CHANGE);
  priv->closing = g_cancellable_new ();
  priv->figures.priority = LODGE_PRIORITY_NORMAL;
  priv->figures.memory_step = 1;
  g_queue_init (&priv->waiting);
}

LodgeMachineResources *
lodge_machine_get_resources (LodgeMachine *machine)
{
  LodgeMachineResources *self;

  g_return_val_if_fail (LODGE_IS_MACHINE (machine), NULL);

  /* The class may not be there yet, and so the quark. */
  g_type_ensure (LODGE_TYPE_MACHINE_RESOURCES);
  g_type_class_unref (g_type_class_ref (LODGE_TYPE_MACHINE_RESOURCES));

  self = g_object_get_qdata (G_OBJECT (machine), machine_quark);
  if (self != NULL)
    return self;

  if (LODGE_MACHINE_GET_CLASS (machine)->create_resources != NULL)
    self = LODGE_MACHINE_GET_CLASS (machine)->create_resources (machine);
  else
    self = g_object_new (LODGE_TYPE_MACHINE_RESOURCES, "machine", machine, NULL);

  g_object_set_qdata_full (G_OBJECT (machine), machine_quark, self, g_object_unref);
  _lodge_machine_resources_read (self);

  return self;
}

gboolean
_lodge_machine_has_resources (LodgeMachine *machine)
{
  return machine_quark != 0 && g_object_get_qdata (G_OBJECT (machine), machine_quark) != NULL;
}

void
_lodge_machine_resources_touch (LodgeMachine *machine)
{
  LodgeMachineResources *self;

  if (machine_quark != 0 &&
      (self = g_object_get_qdata (G_OBJECT (machine), machine_quark)) != NULL)
    lodge_machine_resources_refresh (self);
}

/* Null before the first look. */
const LodgeResourceFacts *
_lodge_machine_resources_get_facts (LodgeMachineResources *self)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  g_assert (LODGE_IS_MACHINE_RESOURCES (self));

  return priv->facts;
}

const LodgeResourceFigures *
_lodge_machine_resources_get_figures (LodgeMachineResources *self)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  g_assert (LODGE_IS_MACHINE_RESOURCES (self));

  return &priv->figures;
}

/* Returns: (nullable) (transfer none): null once the machine is gone */
LodgeMachine *
lodge_machine_resources_get_machine (LodgeMachineResources *self)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_MACHINE_RESOURCES (self), NULL);

  return priv->machine;
}

LodgeLoan *
lodge_machine_resources_get_loan (LodgeMachineResources *self)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_MACHINE_RESOURCES (self), NULL);

  return priv->loan;
}

void
_lodge_machine_resources_set_loan (LodgeMachineResources *self,
                                   LodgeLoan             *loan)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  if (g_set_object (&priv->loan, loan))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOAN]);
}

GListModel *
lodge_machine_resources_get_pending (LodgeMachineResources *self)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_MACHINE_RESOURCES (self), NULL);

  return G_LIST_MODEL (priv->pending);
}

void
lodge_machine_resources_refresh (LodgeMachineResources *self)
{
  LodgeMachineResourcesPrivate *priv = lodge_machine_resources_get_instance_private (self);

  g_return_if_fail (LODGE_IS_MACHINE_RESOURCES (self));

  if (priv->touched_id == 0)
    priv->touched_id = g_idle_add (touched_cb, self);
}

gboolean
lodge_machine_resources_get_agent_hangs (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, agent_hangs));
}

guint
lodge_machine_resources_get_cores_cap (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, cores_cap));
}

LodgeObstacle
lodge_machine_resources_get_growth_obstacle (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, growth_obstacle));
}

gboolean
lodge_machine_resources_get_growth_prepared (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, growth_prepared));
}

guint64
lodge_machine_resources_get_memory_asked (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, memory_asked));
}

guint64
lodge_machine_resources_get_memory_boot (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, memory_boot));
}

guint64
lodge_machine_resources_get_memory_floor (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, memory_floor));
}

LodgeFloorSource
lodge_machine_resources_get_memory_floor_source (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, memory_floor_source));
}

guint64
lodge_machine_resources_get_memory_live_maximum (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, memory_live_maximum));
}

LodgeObstacle
lodge_machine_resources_get_memory_obstacle (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, memory_obstacle));
}

guint64
lodge_machine_resources_get_memory_offline (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, memory_offline));
}

guint64
lodge_machine_resources_get_memory_reached (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, memory_reached));
}

LodgeReach
lodge_machine_resources_get_memory_state (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, memory_state));
}

guint64
lodge_machine_resources_get_memory_step (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, memory_step));
}

guint64
lodge_machine_resources_get_memory_stored (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, memory_stored));
}

guint64
lodge_machine_resources_get_memory_stored_maximum (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, memory_stored_maximum));
}

LodgeObstacle
lodge_machine_resources_get_memory_way_obstacle (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, memory_way_obstacle));
}

gboolean
lodge_machine_resources_get_memory_waits (LodgeMachineResources *self)
{
  LodgeObstacle way = lodge_machine_resources_get_memory_way_obstacle (self);

  return way == LODGE_OBSTACLE_NO_BALLOON || way == LODGE_OBSTACLE_HUGE_PAGES;
}

LodgePriority
lodge_machine_resources_get_priority (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, priority));
}

LodgePriority
lodge_machine_get_priority (LodgeMachine *machine)
{
  LodgePriority shares;

  g_return_val_if_fail (LODGE_IS_MACHINE (machine), LODGE_PRIORITY_NORMAL);

  shares = lodge_machine_resources_get_priority (lodge_machine_get_resources (machine));

  return shares != LODGE_PRIORITY_NORMAL
         ? shares : lodge_machine_preferences_get_priority (lodge_machine_get_preferences (machine));
}

LodgeObstacle
lodge_machine_resources_get_priority_obstacle (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, priority_obstacle));
}

gboolean
lodge_machine_resources_is_ready (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, ready));
}

guint
lodge_machine_resources_get_vcpus_asked (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, vcpus_asked));
}

guint
lodge_machine_resources_get_vcpus_maximum (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, vcpus_maximum));
}

LodgeObstacle
lodge_machine_resources_get_vcpus_obstacle (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, vcpus_obstacle));
}

guint
lodge_machine_resources_get_vcpus_offline (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, vcpus_offline));
}

guint
lodge_machine_resources_get_vcpus_reached (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, vcpus_reached));
}

guint
lodge_machine_resources_get_vcpus_stored (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, vcpus_stored));
}

guint
lodge_machine_resources_get_vcpus_stored_maximum (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, vcpus_stored_maximum));
}

LodgeWays
lodge_machine_resources_get_ways (LodgeMachineResources *self)
{
  return get_figure (self, G_STRUCT_OFFSET (LodgeResourceFigures, ways));
}

LodgeMachineResourcesPrivate *
_lodge_machine_resources_get_private (LodgeMachineResources *self)
{
  return lodge_machine_resources_get_instance_private (self);
}
