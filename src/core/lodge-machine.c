/* lodge-machine.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-core-enums.h"
#include "lodge-host-private.h"
#include "lodge-machine-preferences-private.h"
#include "lodge-machine-private.h"
#include "lodge-machine-resources-private.h"

/**
 * LodgeMachine:
 *
 * A virtual machine or system container on some host.
 *
 * Its properties change on the main thread only, and only by what the host
 * reports: asking for something changes nothing but #LodgeMachine:pending.
 */

/* A guest may ignore what it is asked; after this the question is forgotten. */
#define PENDING_SECONDS 60

typedef struct
{
  LodgeHost               *host;         /* weak */
  LodgeDefinition         *definition;   /* NULL before it was read */
  LodgeMachinePreferences *preferences;  /* NULL before somebody asked */
  char                    *id;
  char                    *name;
  LodgeState               state;        /* as the host says, without what is pending */
  LodgeAction              pending;
  gint64                   time;         /* when what is here was read */
  gint64                   memory_time;  /* when an event told of the memory, or 0 */
  guint64                  memory;
  guint64                  maximum_memory;
  guint                    vcpus;
  guint                    pending_id;
  guint                    active : 1;
  guint                    persistent : 1;
  guint                    reachable : 1;
} LodgeMachinePrivate;

enum {
  PROP_0,
  PROP_AGENT_CONNECTED,
  PROP_CORES_CHANGED,
  PROP_DEFINED,
  PROP_DESCRIPTION,
  PROP_EMULATED,
  PROP_EVERYDAY,
  PROP_GRAPHICS,
  PROP_HAS_AGENT_CHANNEL,
  PROP_HAS_CONSOLE,
  PROP_HAS_SOUND,
  PROP_HOST,
  PROP_ID,
  PROP_MAXIMUM_MEMORY,
  PROP_MEMORY,
  PROP_NAME,
  PROP_PENDING,
  PROP_PERSISTENT,
  PROP_REACHABLE,
  PROP_STATE,
  PROP_TITLE,
  PROP_VCPUS,
  N_PROPS
};

enum {
  USB_CHANGED,
  N_SIGNALS
};

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (LodgeMachine, lodge_machine, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
notify (LodgeMachine *self,
        guint         prop_id)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

static gboolean
pending_over_cb (gpointer user_data)
{
  LodgeMachine *self = user_data;
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  priv->pending_id = 0;
  _lodge_machine_set_pending (self, LODGE_ACTION_NONE);

  return G_SOURCE_REMOVE;
}

/* Whether @pending has come true, or cannot any more. */
static gboolean
is_settled (LodgeAction pending,
            LodgeState  state,
            gboolean    active)
{
  switch (pending)
    {
    case LODGE_ACTION_SHUT_DOWN:
    case LODGE_ACTION_RESTART:
    case LODGE_ACTION_FORCE_OFF:
    case LODGE_ACTION_SAVE:
      return !active;

    case LODGE_ACTION_PAUSE:
      return state == LODGE_STATE_PAUSED || !active;

    case LODGE_ACTION_RESUME:
      return state == LODGE_STATE_RUNNING || !active;

    case LODGE_ACTION_DISCARD_SAVED:
      return state != LODGE_STATE_SAVED;

    case LODGE_ACTION_START:
      return state == LODGE_STATE_RUNNING;

    case LODGE_ACTION_NONE:
    default:
      return FALSE;
    }
}

static void
apply_preferences (LodgeMachine           *self,
                   const LodgePreferences *old,
                   const LodgePreferences *new)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  if (priv->preferences != NULL)
    _lodge_machine_preferences_apply (priv->preferences, new);

  if (old->everyday != new->everyday)
    notify (self, PROP_EVERYDAY);

  if (priv->host != NULL && old->automatic_memory != new->automatic_memory)
    _lodge_host_automatic_changed (priv->host, self);

  if (priv->host != NULL &&
      (old->everyday != new->everyday || old->everyday_since != new->everyday_since))
    _lodge_host_everyday_changed (priv->host, self);
}

static void
apply_definition (LodgeMachine    *self,
                  LodgeDefinition *definition)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);
  g_autoptr(LodgeDefinition) old = g_steal_pointer (&priv->definition);
  LodgeDefinition none = { 0, };
  LodgeDefinition *was = old != NULL ? old : &none;

  priv->definition = definition;

  if (old == NULL)
    notify (self, PROP_DEFINED);
  if (g_strcmp0 (was->title, definition->title) != 0)
    notify (self, PROP_TITLE);
  if (g_strcmp0 (was->description, definition->description) != 0)
    notify (self, PROP_DESCRIPTION);
  if (lodge_definition_is_emulated (was) != lodge_definition_is_emulated (definition))
    notify (self, PROP_EMULATED);
  if (was->graphics.type != definition->graphics.type)
    notify (self, PROP_GRAPHICS);
  if (was->has_console != definition->has_console)
    notify (self, PROP_HAS_CONSOLE);
  if (was->has_agent_channel != definition->has_agent_channel)
    notify (self, PROP_HAS_AGENT_CHANNEL);
  if (was->has_sound != definition->has_sound)
    notify (self, PROP_HAS_SOUND);
  if (was->agent_connected != definition->agent_connected)
    notify (self, PROP_AGENT_CONNECTED);
  if (was->cores_changed != definition->cores_changed)
    notify (self, PROP_CORES_CHANGED);

  apply_preferences (self, &was->preferences, &definition->preferences);
}

static void
lodge_machine_dispose (GObject *object)
{
  LodgeMachine *self = (LodgeMachine *)object;
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  g_clear_handle_id (&priv->pending_id, g_source_remove);
  g_clear_weak_pointer (&priv->host);
  g_clear_object (&priv->preferences);

  G_OBJECT_CLASS (lodge_machine_parent_class)->dispose (object);
}

static void
lodge_machine_finalize (GObject *object)
{
  LodgeMachine *self = (LodgeMachine *)object;
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  g_clear_pointer (&priv->definition, lodge_definition_free);
  g_clear_pointer (&priv->id, g_free);
  g_clear_pointer (&priv->name, g_free);

  G_OBJECT_CLASS (lodge_machine_parent_class)->finalize (object);
}

/* What its definition says, as far as that has been read. */
static gboolean
get_flag (LodgeMachine *self,
          guint         prop_id)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);
  const LodgeDefinition *definition = priv->definition;

  if (definition == NULL)
    return FALSE;

  switch (prop_id)
    {
    case PROP_AGENT_CONNECTED:
      return definition->agent_connected;

    case PROP_CORES_CHANGED:
      return definition->cores_changed;

    case PROP_HAS_AGENT_CHANNEL:
      return definition->has_agent_channel;

    case PROP_HAS_SOUND:
      return definition->has_sound;

    default:
      g_return_val_if_reached (FALSE);
    }
}

static void
lodge_machine_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  LodgeMachine *self = LODGE_MACHINE (object);

  switch (prop_id)
    {
    case PROP_AGENT_CONNECTED:
    case PROP_CORES_CHANGED:
    case PROP_HAS_AGENT_CHANNEL:
    case PROP_HAS_SOUND:
      g_value_set_boolean (value, get_flag (self, prop_id));
      break;

    case PROP_DEFINED:
      g_value_set_boolean (value, lodge_machine_is_defined (self));
      break;

    case PROP_DESCRIPTION:
      g_value_set_string (value, lodge_machine_get_description (self));
      break;

    case PROP_EMULATED:
      g_value_set_boolean (value, lodge_machine_get_emulated (self));
      break;

    case PROP_EVERYDAY:
      g_value_set_boolean (value, lodge_machine_get_everyday (self));
      break;

    case PROP_GRAPHICS:
      g_value_set_enum (value, lodge_machine_get_graphics (self));
      break;

    case PROP_HAS_CONSOLE:
      g_value_set_boolean (value, lodge_machine_get_has_console (self));
      break;

    case PROP_HOST:
      g_value_set_object (value, lodge_machine_get_host (self));
      break;

    case PROP_ID:
      g_value_set_string (value, lodge_machine_get_id (self));
      break;

    case PROP_MAXIMUM_MEMORY:
      g_value_set_uint64 (value, lodge_machine_get_maximum_memory (self));
      break;

    case PROP_MEMORY:
      g_value_set_uint64 (value, lodge_machine_get_memory (self));
      break;

    case PROP_NAME:
      g_value_set_string (value, lodge_machine_get_name (self));
      break;

    case PROP_PENDING:
      g_value_set_enum (value, lodge_machine_get_pending (self));
      break;

    case PROP_PERSISTENT:
      g_value_set_boolean (value, lodge_machine_get_persistent (self));
      break;

    case PROP_REACHABLE:
      g_value_set_boolean (value, lodge_machine_is_reachable (self));
      break;

    case PROP_STATE:
      g_value_set_enum (value, lodge_machine_get_state (self));
      break;

    case PROP_TITLE:
      g_value_set_string (value, lodge_machine_get_title (self));
      break;

    case PROP_VCPUS:
      g_value_set_uint (value, lodge_machine_get_vcpus (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_machine_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  LodgeMachine *self = LODGE_MACHINE (object);
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  switch (prop_id)
    {
    case PROP_HOST:
      g_set_weak_pointer (&priv->host, g_value_get_object (value));
      break;

    case PROP_ID:
      priv->id = g_value_dup_string (value);
      g_assert (priv->id != NULL);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static GParamSpec *
boolean_property (const char *name,
                  gboolean    initially)
{
  return g_param_spec_boolean (name, NULL, NULL, initially,
                               (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static GParamSpec *
string_property (const char *name)
{
  return g_param_spec_string (name, NULL, NULL, NULL,
                              (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static GParamSpec *
kib_property (const char *name)
{
  return g_param_spec_uint64 (name, NULL, NULL, 0, G_MAXUINT64, 0,
                              (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static GParamSpec *
enum_property (const char *name,
               GType       type)
{
  return g_param_spec_enum (name, NULL, NULL, type, 0,
                            (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
add_definition_properties (void)
{
  /**
   * LodgeMachine:agent-connected:
   *
   * Whether the QEMU guest agent (not SPICE's) runs in the guest.
   */
  properties[PROP_AGENT_CONNECTED] = boolean_property ("agent-connected", FALSE);

  /**
   * LodgeMachine:cores-changed-live:
   *
   * Whether QEMU got processors besides those of its command line: since its
   * start, or as hot-pluggable ones at its start. libvirt 9.0 cannot bring a
   * snapshot back then that has the memory in it ("Unknown savevm section or
   * instance 'cpu_common'"), and leaves the machine off.
   */
  properties[PROP_CORES_CHANGED] = boolean_property ("cores-changed-live", FALSE);

  /**
   * LodgeMachine:defined:
   *
   * Whether the definition has been read. With thousands of machines the list
   * comes first and the definitions follow.
   */
  properties[PROP_DEFINED] = boolean_property ("defined", FALSE);
  properties[PROP_DESCRIPTION] = string_property ("description");

  /**
   * LodgeMachine:emulated:
   *
   * Whether its processor is software, by definition.
   */
  properties[PROP_EMULATED] = boolean_property ("emulated", FALSE);
  properties[PROP_EVERYDAY] = boolean_property ("everyday", FALSE);
  properties[PROP_GRAPHICS] = enum_property ("graphics", LODGE_TYPE_GRAPHICS_TYPE);

  /**
   * LodgeMachine:has-agent-channel:
   *
   * Whether it has a port for the SPICE agent.
   */
  properties[PROP_HAS_AGENT_CHANNEL] = boolean_property ("has-agent-channel", FALSE);

  /**
   * LodgeMachine:has-console:
   *
   * Whether it has a serial port or console that libvirt can open.
   */
  properties[PROP_HAS_CONSOLE] = boolean_property ("has-console", FALSE);
  properties[PROP_HAS_SOUND] = boolean_property ("has-sound", FALSE);
}

static void
lodge_machine_class_init (LodgeMachineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lodge_machine_dispose;
  object_class->finalize = lodge_machine_finalize;
  object_class->get_property = lodge_machine_get_property;
  object_class->set_property = lodge_machine_set_property;

  add_definition_properties ();

  properties[PROP_HOST] =
    g_param_spec_object ("host", NULL, NULL,
                         LODGE_TYPE_HOST,
                         (G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS));

  properties[PROP_ID] =
    g_param_spec_string ("id", NULL, NULL,
                         NULL,
                         (G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS));

  /**
   * LodgeMachine:maximum-memory:
   *
   * The memory it can have without being restarted, in KiB.
   */
  properties[PROP_MAXIMUM_MEMORY] = kib_property ("maximum-memory");

  /**
   * LodgeMachine:memory:
   *
   * The memory it has now, in KiB.
   */
  properties[PROP_MEMORY] = kib_property ("memory");
  properties[PROP_NAME] = string_property ("name");

  /**
   * LodgeMachine:pending:
   *
   * What was asked for by lodge_machine_perform_async() and is not done yet.
   * What the guest itself must do is forgotten after a minute.
   */
  properties[PROP_PENDING] = enum_property ("pending", LODGE_TYPE_ACTION);
  properties[PROP_PERSISTENT] = boolean_property ("persistent", FALSE);

  /**
   * LodgeMachine:reachable:
   *
   * Whether the connection to its host stands. While it does not, everything
   * else is what was last known and nothing can be done.
   */
  properties[PROP_REACHABLE] = boolean_property ("reachable", TRUE);
  properties[PROP_STATE] = enum_property ("state", LODGE_TYPE_STATE);
  properties[PROP_TITLE] = string_property ("title");

  properties[PROP_VCPUS] =
    g_param_spec_uint ("vcpus", NULL, NULL,
                       0, G_MAXUINT, 0,
                       (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /*
   * LodgeMachine::usb-changed:
   *
   * For core alone: its USB controllers, or what of the host is plugged into
   * them, is not what it was.
   */
  signals[USB_CHANGED] =
    g_signal_new ("usb-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
lodge_machine_init (LodgeMachine *self)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  priv->reachable = TRUE;
}

void
lodge_machine_facts_free (LodgeMachineFacts *facts)
{
  g_clear_pointer (&facts->definition, lodge_definition_free);
  g_free (facts->id);
  g_free (facts->name);
  g_free (facts);
}

static void
set_memory (LodgeMachine *self,
            guint64       kib)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  if (priv->memory == kib)
    return;

  priv->memory = kib;
  notify (self, PROP_MEMORY);
  _lodge_machine_resources_touch (self);
}

static void
apply_resources (LodgeMachine            *self,
                 const LodgeMachineFacts *facts)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);
  const LodgeDefinition *definition = facts->definition;
  guint64 maximum = facts->maximum_memory;
  guint64 memory = facts->memory;
  guint vcpus = facts->vcpus;

  /* The definition of a running machine is live, too, and knows more. */
  if (definition != NULL)
    {
      maximum = definition->maximum_memory;
      memory = definition->memory;
      vcpus = definition->vcpus;
    }

  if (maximum != 0 && maximum != priv->maximum_memory)
    {
      priv->maximum_memory = maximum;
      notify (self, PROP_MAXIMUM_MEMORY);
    }

  if (vcpus != 0 && vcpus != priv->vcpus)
    {
      priv->vcpus = vcpus;
      notify (self, PROP_VCPUS);
    }

  /* What was read before the event may be older than what that told. */
  if (memory != 0 && facts->time > priv->memory_time)
    set_memory (self, memory);
}

/* Takes over what is new in @facts; its definition is moved, not copied. The state comes last, so
 * that who waits for it finds the rest already there.
 */
void
_lodge_machine_apply (LodgeMachine      *self,
                      LodgeMachineFacts *facts)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);
  LodgeState old_state;
  gboolean usb_changed;

  g_assert (LODGE_IS_MACHINE (self));
  g_assert (facts != NULL && g_str_equal (facts->id, priv->id));

  /* Several threads read, and what was read first may come last. */
  if (facts->time < priv->time)
    return;

  priv->time = facts->time;
  g_object_freeze_notify (G_OBJECT (self));
  old_state = lodge_machine_get_state (self);

  if (facts->name != NULL && g_strcmp0 (priv->name, facts->name) != 0)
    {
      g_free (priv->name);
      priv->name = g_strdup (facts->name);
      notify (self, PROP_NAME);
    }

  if (priv->persistent != facts->persistent)
    {
      priv->persistent = facts->persistent;
      notify (self, PROP_PERSISTENT);
    }

  priv->state = facts->state;
  priv->active = facts->active;
  apply_resources (self, facts);
  usb_changed = facts->definition != NULL &&
                (priv->definition == NULL ||
                 !lodge_usb_definition_equal (&priv->definition->usb, &facts->definition->usb));

  if (facts->definition != NULL)
    apply_definition (self, g_steal_pointer (&facts->definition));

  if (is_settled (priv->pending, facts->state, facts->active))
    _lodge_machine_set_pending (self, LODGE_ACTION_NONE);

  if (old_state != lodge_machine_get_state (self))
    notify (self, PROP_STATE);

  g_object_thaw_notify (G_OBJECT (self));
  _lodge_machine_resources_touch (self);

  if (usb_changed)
    g_signal_emit (self, signals[USB_CHANGED], 0);
}

/* By an event of now. */
void
_lodge_machine_set_memory (LodgeMachine *self,
                           guint64       kib)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  g_assert (LODGE_IS_MACHINE (self));

  priv->memory_time = g_get_monotonic_time ();
  set_memory (self, kib);
}

void
_lodge_machine_set_pending (LodgeMachine *self,
                            LodgeAction   pending)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);
  LodgeState old_state;

  g_assert (LODGE_IS_MACHINE (self));

  g_clear_handle_id (&priv->pending_id, g_source_remove);

  if (pending == LODGE_ACTION_SHUT_DOWN || pending == LODGE_ACTION_RESTART)
    priv->pending_id = g_timeout_add_seconds (PENDING_SECONDS, pending_over_cb, self);

  if (priv->pending == pending)
    return;

  old_state = lodge_machine_get_state (self);
  priv->pending = pending;
  notify (self, PROP_PENDING);

  if (old_state != lodge_machine_get_state (self))
    notify (self, PROP_STATE);
}

void
_lodge_machine_set_reachable (LodgeMachine *self,
                              gboolean      reachable)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  g_assert (LODGE_IS_MACHINE (self));

  if (priv->reachable == reachable)
    return;

  priv->reachable = reachable;
  if (!reachable)
    _lodge_machine_set_pending (self, LODGE_ACTION_NONE);
  notify (self, PROP_REACHABLE);
}

/* It is not on the host any more. */
void
_lodge_machine_vanish (LodgeMachine *self)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);
  LodgeState old_state;

  g_assert (LODGE_IS_MACHINE (self));

  old_state = lodge_machine_get_state (self);
  priv->active = FALSE;
  priv->state = LODGE_STATE_OFF;
  _lodge_machine_set_pending (self, LODGE_ACTION_NONE);
  _lodge_machine_set_reachable (self, FALSE);

  if (old_state != LODGE_STATE_OFF)
    notify (self, PROP_STATE);
}

gint64
_lodge_machine_get_everyday_since (LodgeMachine *self)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  g_assert (LODGE_IS_MACHINE (self));

  return priv->definition != NULL ? priv->definition->preferences.everyday_since : 0;
}

const LodgeGraphics *
_lodge_machine_get_screen (LodgeMachine *self)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  g_assert (LODGE_IS_MACHINE (self));

  return priv->definition != NULL ? &priv->definition->graphics : NULL;
}

/* Null before it was read. */
const LodgeDefinition *
_lodge_machine_get_definition (LodgeMachine *self)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  g_assert (LODGE_IS_MACHINE (self));

  return priv->definition;
}

const char *
lodge_machine_get_id (LodgeMachine *self)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_MACHINE (self), NULL);

  return priv->id;
}

const char *
lodge_machine_get_name (LodgeMachine *self)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_MACHINE (self), NULL);

  return priv->name;
}

/**
 * lodge_machine_get_title:
 * @self: a machine
 *
 * Returns: (nullable): the title that people gave it besides its name
 */
const char *
lodge_machine_get_title (LodgeMachine *self)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_MACHINE (self), NULL);

  return priv->definition != NULL ? priv->definition->title : NULL;
}

/**
 * lodge_machine_get_description:
 * @self: a machine
 *
 * Returns: (nullable): free text, may have several lines
 */
const char *
lodge_machine_get_description (LodgeMachine *self)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_MACHINE (self), NULL);

  return priv->definition != NULL ? priv->definition->description : NULL;
}

/**
 * lodge_machine_get_host:
 * @self: a machine
 *
 * Returns: (nullable) (transfer none): where it is; null once the host is gone
 */
LodgeHost *
lodge_machine_get_host (LodgeMachine *self)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_MACHINE (self), NULL);

  return priv->host;
}

LodgeState
lodge_machine_get_state (LodgeMachine *self)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_MACHINE (self), LODGE_STATE_OFF);

  if (priv->state == LODGE_STATE_RUNNING && priv->pending == LODGE_ACTION_SHUT_DOWN)
    return LODGE_STATE_SHUTTING_DOWN;

  return priv->state;
}

LodgeAction
lodge_machine_get_pending (LodgeMachine *self)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_MACHINE (self), LODGE_ACTION_NONE);

  return priv->pending;
}

gboolean
lodge_machine_get_everyday (LodgeMachine *self)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_MACHINE (self), FALSE);

  return priv->definition != NULL && priv->definition->preferences.everyday;
}

gboolean
lodge_machine_get_persistent (LodgeMachine *self)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_MACHINE (self), FALSE);

  return priv->persistent;
}

gboolean
lodge_machine_get_emulated (LodgeMachine *self)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_MACHINE (self), FALSE);

  return priv->definition != NULL && lodge_definition_is_emulated (priv->definition);
}

/**
 * lodge_machine_get_memory:
 * @self: a machine
 *
 * Returns: the memory it has now, in KiB, or 0 if that is not known
 */
guint64
lodge_machine_get_memory (LodgeMachine *self)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_MACHINE (self), 0);

  return priv->memory;
}

/**
 * lodge_machine_get_maximum_memory:
 * @self: a machine
 *
 * Returns: the memory it can have without a restart, in KiB, or 0 if that is not known
 */
guint64
lodge_machine_get_maximum_memory (LodgeMachine *self)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_MACHINE (self), 0);

  return priv->maximum_memory;
}

guint
lodge_machine_get_vcpus (LodgeMachine *self)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_MACHINE (self), 0);

  return priv->vcpus;
}

LodgeGraphicsType
lodge_machine_get_graphics (LodgeMachine *self)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_MACHINE (self), LODGE_GRAPHICS_NONE);

  return priv->definition != NULL ? priv->definition->graphics.type : LODGE_GRAPHICS_NONE;
}

gboolean
lodge_machine_get_has_console (LodgeMachine *self)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_MACHINE (self), FALSE);

  return priv->definition != NULL && priv->definition->has_console;
}

/**
 * lodge_machine_is_active:
 * @self: a machine
 *
 * Returns: whether there is a process behind it: it runs, stands still, or hangs after a crash
 */
gboolean
lodge_machine_is_active (LodgeMachine *self)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_MACHINE (self), FALSE);

  return priv->active;
}

/**
 * lodge_machine_is_defined:
 * @self: a machine
 *
 * Returns: whether its definition has been read; without it, nothing is known of its screen
 */
gboolean
lodge_machine_is_defined (LodgeMachine *self)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_MACHINE (self), FALSE);

  return priv->definition != NULL;
}

/**
 * lodge_machine_is_reachable:
 * @self: a machine
 *
 * Returns: whether the connection to its host stands
 */
gboolean
lodge_machine_is_reachable (LodgeMachine *self)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_MACHINE (self), FALSE);

  return priv->reachable;
}

/**
 * lodge_machine_get_preferences:
 * @self: a machine
 *
 * Returns: (transfer none): what people want of it; the same object for all its life
 */
LodgeMachinePreferences *
lodge_machine_get_preferences (LodgeMachine *self)
{
  LodgeMachinePrivate *priv = lodge_machine_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_MACHINE (self), NULL);

  if (priv->preferences == NULL)
    {
      priv->preferences = _lodge_machine_preferences_new (self);
      if (priv->definition != NULL)
        _lodge_machine_preferences_apply (priv->preferences, &priv->definition->preferences);
    }

  return priv->preferences;
}
