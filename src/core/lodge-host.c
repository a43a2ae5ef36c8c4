/* lodge-host.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "libvirt/lodge-libvirt-host-private.h"
#include "lodge-budget-private.h"
#include "lodge-core-enums.h"
#include "lodge-host-private.h"
#include "lodge-machine-private.h"

/**
 * LodgeHost:
 *
 * A computer with machines on it, here or elsewhere: one libvirt connection,
 * which comes back by itself when it was lost.
 *
 * Its properties and its list of machines change on the main thread only.
 */

typedef struct
{
  LodgeMachineStore *machines;
  LodgeMachine      *everyday;
  GListStore        *automatic;
  char              *uri;
  char              *name;
  GError            *error;
  gint64             retry_at;
  LodgeHostState     state;
  LodgeAcceleration  acceleration;
  guint              local : 1;
} LodgeHostPrivate;

enum {
  PROP_0,
  PROP_ACCELERATION,
  PROP_ERROR,
  PROP_EVERYDAY,
  PROP_LOCAL,
  PROP_NAME,
  PROP_RETRY_AT,
  PROP_STATE,
  PROP_URI,
  N_PROPS
};

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (LodgeHost, lodge_host, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void
notify (LodgeHost *self,
        guint      prop_id)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

/* The server's name in a URI like qemu+ssh://user@[::1]:22/system?keyfile=x, or NULL for one
 * that means this computer.
 */
static char *
dup_server_name (const char *uri_string)
{
  g_autoptr(GUri) uri = g_uri_parse (uri_string, G_URI_FLAGS_NON_DNS, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  return host != NULL && *host != '\0' ? g_strdup (host) : NULL;
}

/* Means a way to libvirt that lends it no file descriptors and shows it no files. */
static gboolean
is_local_uri (const char *uri_string)
{
  g_autofree char *server = dup_server_name (uri_string);
  g_autofree char *scheme = g_uri_parse_scheme (uri_string);
  const char *transport = scheme != NULL ? strchr (scheme, '+') : NULL;

  if (server != NULL)
    return FALSE;

  return transport == NULL || g_str_equal (transport, "+unix");
}

static void
lodge_host_constructed (GObject *object)
{
  LodgeHost *self = (LodgeHost *)object;
  LodgeHostPrivate *priv = lodge_host_get_instance_private (self);

  G_OBJECT_CLASS (lodge_host_parent_class)->constructed (object);

  priv->name = dup_server_name (priv->uri);
  priv->local = is_local_uri (priv->uri);
  _lodge_budget_join (self);
}

static void
lodge_host_dispose (GObject *object)
{
  LodgeHost *self = (LodgeHost *)object;
  LodgeHostPrivate *priv = lodge_host_get_instance_private (self);

  _lodge_budget_leave (self);
  g_clear_object (&priv->everyday);

  G_OBJECT_CLASS (lodge_host_parent_class)->dispose (object);
}

static void
lodge_host_finalize (GObject *object)
{
  LodgeHost *self = (LodgeHost *)object;
  LodgeHostPrivate *priv = lodge_host_get_instance_private (self);

  g_clear_object (&priv->automatic);
  g_clear_object (&priv->machines);
  g_clear_error (&priv->error);
  g_clear_pointer (&priv->name, g_free);
  g_clear_pointer (&priv->uri, g_free);

  G_OBJECT_CLASS (lodge_host_parent_class)->finalize (object);
}

static void
lodge_host_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  LodgeHost *self = LODGE_HOST (object);

  switch (prop_id)
    {
    case PROP_ACCELERATION:
      g_value_set_enum (value, lodge_host_get_acceleration (self));
      break;

    case PROP_ERROR:
      g_value_set_boxed (value, lodge_host_get_error (self));
      break;

    case PROP_EVERYDAY:
      g_value_set_object (value, lodge_host_get_everyday (self));
      break;

    case PROP_LOCAL:
      g_value_set_boolean (value, lodge_host_get_local (self));
      break;

    case PROP_NAME:
      g_value_set_string (value, lodge_host_get_name (self));
      break;

    case PROP_RETRY_AT:
      g_value_set_int64 (value, lodge_host_get_retry_at (self));
      break;

    case PROP_STATE:
      g_value_set_enum (value, lodge_host_get_state (self));
      break;

    case PROP_URI:
      g_value_set_string (value, lodge_host_get_uri (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_host_set_property (GObject      *object,
                         guint         prop_id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  LodgeHost *self = LODGE_HOST (object);
  LodgeHostPrivate *priv = lodge_host_get_instance_private (self);

  switch (prop_id)
    {
    case PROP_URI:
      priv->uri = g_value_dup_string (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_host_class_init (LodgeHostClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = lodge_host_constructed;
  object_class->dispose = lodge_host_dispose;
  object_class->finalize = lodge_host_finalize;
  object_class->get_property = lodge_host_get_property;
  object_class->set_property = lodge_host_set_property;

  /**
   * LodgeHost:acceleration:
   *
   * What the probe found; see lodge_host_probe_acceleration_async().
   */
  properties[PROP_ACCELERATION] =
    g_param_spec_enum ("acceleration", NULL, NULL,
                       LODGE_TYPE_ACCELERATION, LODGE_ACCELERATION_UNKNOWN,
                       (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  /**
   * LodgeHost:error:
   *
   * Why it is not open, or null.
   */
  properties[PROP_ERROR] =
    g_param_spec_boxed ("error", NULL, NULL,
                        G_TYPE_ERROR,
                        (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  properties[PROP_EVERYDAY] =
    g_param_spec_object ("everyday", NULL, NULL,
                         LODGE_TYPE_MACHINE,
                         (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  /**
   * LodgeHost:local:
   *
   * Whether it is this computer, so that files and sockets can be shared.
   */
  properties[PROP_LOCAL] =
    g_param_spec_boolean ("local", NULL, NULL,
                          FALSE,
                          (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  properties[PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL,
                         NULL,
                         (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  /**
   * LodgeHost:retry-at:
   *
   * When it will be tried again, in monotonic time, or 0.
   */
  properties[PROP_RETRY_AT] =
    g_param_spec_int64 ("retry-at", NULL, NULL,
                        0, G_MAXINT64, 0,
                        (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL,
                       LODGE_TYPE_HOST_STATE, LODGE_HOST_STATE_CLOSED,
                       (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  properties[PROP_URI] =
    g_param_spec_string ("uri", NULL, NULL,
                         NULL,
                         (G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
lodge_host_init (LodgeHost *self)
{
  LodgeHostPrivate *priv = lodge_host_get_instance_private (self);

  priv->machines = lodge_machine_store_new ();
  priv->automatic = g_list_store_new (LODGE_TYPE_MACHINE);
}

/**
 * lodge_host_new_for_uri:
 * @uri: a libvirt URI
 *
 * Returns: (transfer full): a host that is not open yet
 */
LodgeHost *
lodge_host_new_for_uri (const char *uri)
{
  g_return_val_if_fail (uri != NULL, NULL);

  return g_object_new (LODGE_TYPE_LIBVIRT_HOST, "uri", uri, NULL);
}

LodgeMachineStore *
_lodge_host_get_store (LodgeHost *self)
{
  LodgeHostPrivate *priv = lodge_host_get_instance_private (self);

  g_assert (LODGE_IS_HOST (self));

  return priv->machines;
}

void
_lodge_host_set_state (LodgeHost      *self,
                       LodgeHostState  state,
                       const GError   *error,
                       gint64          retry_at)
{
  LodgeHostPrivate *priv = lodge_host_get_instance_private (self);
  GError *old_error;

  g_assert (LODGE_IS_HOST (self));

  g_object_freeze_notify (G_OBJECT (self));

  if (error != NULL || priv->error != NULL)
    {
      old_error = priv->error;
      priv->error = error != NULL ? g_error_copy (error) : NULL;
      g_clear_error (&old_error);
      notify (self, PROP_ERROR);
    }

  if (priv->retry_at != retry_at)
    {
      priv->retry_at = retry_at;
      notify (self, PROP_RETRY_AT);
    }

  if (priv->state != state)
    {
      priv->state = state;
      notify (self, PROP_STATE);
    }

  g_object_thaw_notify (G_OBJECT (self));
}

void
_lodge_host_set_acceleration (LodgeHost         *self,
                              LodgeAcceleration  acceleration)
{
  LodgeHostPrivate *priv = lodge_host_get_instance_private (self);

  g_assert (LODGE_IS_HOST (self));

  if (priv->acceleration == acceleration)
    return;

  priv->acceleration = acceleration;
  notify (self, PROP_ACCELERATION);
}

static void
set_everyday (LodgeHost    *self,
              LodgeMachine *machine)
{
  LodgeHostPrivate *priv = lodge_host_get_instance_private (self);

  if (g_set_object (&priv->everyday, machine))
    notify (self, PROP_EVERYDAY);
}

/* Of several that bear the flag it is the one that got it last. */
static LodgeMachine *
find_everyday (LodgeHost *self)
{
  LodgeHostPrivate *priv = lodge_host_get_instance_private (self);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (priv->machines));
  LodgeMachine *found = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(LodgeMachine) machine = g_list_model_get_item (G_LIST_MODEL (priv->machines), i);

      if (lodge_machine_get_everyday (machine) &&
          (found == NULL || _lodge_machine_get_everyday_since (machine) >
                            _lodge_machine_get_everyday_since (found)))
        found = machine;
    }

  return found;
}

void
_lodge_host_everyday_changed (LodgeHost    *self,
                              LodgeMachine *machine)
{
  LodgeHostPrivate *priv = lodge_host_get_instance_private (self);

  g_assert (LODGE_IS_HOST (self));
  g_assert (LODGE_IS_MACHINE (machine));

  /* A machine that is still on its way into the list is looked at when it is there. */
  if (lodge_machine_store_lookup (priv->machines, lodge_machine_get_id (machine)) == machine)
    set_everyday (self, find_everyday (self));
}

static void
set_automatic (LodgeHost    *self,
               LodgeMachine *machine,
               gboolean      automatic)
{
  LodgeHostPrivate *priv = lodge_host_get_instance_private (self);
  gboolean found;
  guint position;

  found = g_list_store_find (priv->automatic, machine, &position);

  if (found && !automatic)
    g_list_store_remove (priv->automatic, position);
  else if (!found && automatic)
    g_list_store_append (priv->automatic, machine);
}

void
_lodge_host_automatic_changed (LodgeHost    *self,
                               LodgeMachine *machine)
{
  const LodgeDefinition *definition = _lodge_machine_get_definition (machine);

  g_assert (LODGE_IS_HOST (self));
  g_assert (LODGE_IS_MACHINE (machine));

  set_automatic (self, machine, definition != NULL && definition->preferences.automatic_memory);
}

/* Removes and adds machines in one change of the list. */
void
_lodge_host_change_machines (LodgeHost  *self,
                             GHashTable *removed,
                             GPtrArray  *added)
{
  LodgeHostPrivate *priv = lodge_host_get_instance_private (self);
  GHashTableIter iter;
  gpointer machine;

  g_assert (LODGE_IS_HOST (self));

  lodge_machine_store_change (priv->machines, removed, added);
  set_everyday (self, find_everyday (self));

  g_hash_table_iter_init (&iter, removed);
  while (g_hash_table_iter_next (&iter, &machine, NULL))
    set_automatic (self, machine, FALSE);
}

const char *
lodge_host_get_uri (LodgeHost *self)
{
  LodgeHostPrivate *priv = lodge_host_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_HOST (self), NULL);

  return priv->uri;
}

/**
 * lodge_host_get_name:
 * @self: a host
 *
 * Returns: (nullable): the server's name in the URI; null if it is this computer
 */
const char *
lodge_host_get_name (LodgeHost *self)
{
  LodgeHostPrivate *priv = lodge_host_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_HOST (self), NULL);

  return priv->name;
}

LodgeHostState
lodge_host_get_state (LodgeHost *self)
{
  LodgeHostPrivate *priv = lodge_host_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_HOST (self), LODGE_HOST_STATE_CLOSED);

  return priv->state;
}

/**
 * lodge_host_get_error:
 * @self: a host
 *
 * Returns: (nullable) (transfer none): why it is not open
 */
const GError *
lodge_host_get_error (LodgeHost *self)
{
  LodgeHostPrivate *priv = lodge_host_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_HOST (self), NULL);

  return priv->error;
}

/**
 * lodge_host_get_retry_at:
 * @self: a host
 *
 * Returns: when it will be tried again, as g_get_monotonic_time() counts, or 0
 */
gint64
lodge_host_get_retry_at (LodgeHost *self)
{
  LodgeHostPrivate *priv = lodge_host_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_HOST (self), 0);

  return priv->retry_at;
}

gboolean
lodge_host_get_local (LodgeHost *self)
{
  LodgeHostPrivate *priv = lodge_host_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_HOST (self), FALSE);

  return priv->local;
}

LodgeAcceleration
lodge_host_get_acceleration (LodgeHost *self)
{
  LodgeHostPrivate *priv = lodge_host_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_HOST (self), LODGE_ACCELERATION_UNKNOWN);

  return priv->acceleration;
}

/**
 * lodge_host_get_everyday:
 * @self: a host
 *
 * Returns: (nullable) (transfer none): the machine that bears the everyday flag here
 */
LodgeMachine *
lodge_host_get_everyday (LodgeHost *self)
{
  LodgeHostPrivate *priv = lodge_host_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_HOST (self), NULL);

  return priv->everyday;
}

/**
 * lodge_host_list_machines:
 * @self: a host
 *
 * Returns: (transfer full): a list model of #LodgeMachine
 */
GListModel *
lodge_host_list_machines (LodgeHost *self)
{
  LodgeHostPrivate *priv = lodge_host_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_HOST (self), NULL);

  return g_object_ref (G_LIST_MODEL (priv->machines));
}

/**
 * lodge_host_list_automatic:
 * @self: a host
 *
 * Returns: (transfer full): the machines with automatic memory, a list that lives on
 */
GListModel *
lodge_host_list_automatic (LodgeHost *self)
{
  LodgeHostPrivate *priv = lodge_host_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_HOST (self), NULL);

  return g_object_ref (G_LIST_MODEL (priv->automatic));
}

/**
 * lodge_host_dup_machine:
 * @self: a host
 * @name_or_id: a machine's UUID, at once, or its name, by going through the list
 *
 * Returns: (transfer full) (nullable): the machine
 */
LodgeMachine *
lodge_host_dup_machine (LodgeHost  *self,
                        const char *name_or_id)
{
  LodgeHostPrivate *priv = lodge_host_get_instance_private (self);
  LodgeMachine *found;
  guint n;

  g_return_val_if_fail (LODGE_IS_HOST (self), NULL);
  g_return_val_if_fail (name_or_id != NULL, NULL);

  if ((found = lodge_machine_store_lookup (priv->machines, name_or_id)) != NULL)
    return g_object_ref (found);

  n = g_list_model_get_n_items (G_LIST_MODEL (priv->machines));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(LodgeMachine) machine = g_list_model_get_item (G_LIST_MODEL (priv->machines), i);

      if (g_strcmp0 (lodge_machine_get_name (machine), name_or_id) == 0)
        return g_steal_pointer (&machine);
    }

  return NULL;
}

/**
 * lodge_host_open_async:
 * @self: a host
 * @cancellable: (nullable): a cancellable; it is heeded when the attempt has ended
 * @callback: called on the main thread, when the machines are listed
 * @user_data: data for @callback
 *
 * Connects. Where that fails and may work later, it is tried again and again
 * until lodge_host_close().
 */
void
lodge_host_open_async (LodgeHost           *self,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_return_if_fail (LODGE_IS_HOST (self));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  LODGE_HOST_GET_CLASS (self)->open_async (self, cancellable, callback, user_data);
}

gboolean
lodge_host_open_finish (LodgeHost     *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (LODGE_IS_HOST (self), FALSE);

  return LODGE_HOST_GET_CLASS (self)->open_finish (self, result, error);
}

/* Lets go of the connection and empties the list of machines. */
void
lodge_host_close (LodgeHost *self)
{
  g_return_if_fail (LODGE_IS_HOST (self));

  LODGE_HOST_GET_CLASS (self)->close (self);
}

/* Does not wait for the time of the next attempt. If it is open, asks now whether that is still true. */
void
lodge_host_retry (LodgeHost *self)
{
  g_return_if_fail (LODGE_IS_HOST (self));

  LODGE_HOST_GET_CLASS (self)->retry (self);
}

/**
 * lodge_host_define_machine_async:
 * @self: an open host
 * @xml: domain XML; with the UUID of a machine that exists, it gets this definition
 * @cancellable: (nullable): a cancellable
 * @callback: called on the main thread, when the machine is in the list
 * @user_data: data for @callback
 */
void
lodge_host_define_machine_async (LodgeHost           *self,
                                 const char          *xml,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_return_if_fail (LODGE_IS_HOST (self));
  g_return_if_fail (xml != NULL);
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  LODGE_HOST_GET_CLASS (self)->define_machine_async (self, xml, cancellable, callback, user_data);
}

/* Returns: (transfer full): the machine, or NULL */
LodgeMachine *
lodge_host_define_machine_finish (LodgeHost     *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (LODGE_IS_HOST (self), NULL);

  return LODGE_HOST_GET_CLASS (self)->define_machine_finish (self, result, error);
}

/**
 * lodge_host_probe_acceleration_async:
 * @self: an open host
 * @cancellable: (nullable): a cancellable; it is heeded when the guest has run
 * @callback: called on the main thread
 * @user_data: data for @callback
 *
 * Finds out whether KVM really runs guests there, by running one for a
 * moment. At once if that is known since the host was started.
 */
void
lodge_host_probe_acceleration_async (LodgeHost           *self,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  g_return_if_fail (LODGE_IS_HOST (self));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  LODGE_HOST_GET_CLASS (self)->probe_acceleration_async (self, cancellable, callback, user_data);
}

/* Returns %LODGE_ACCELERATION_UNKNOWN with @error set where it could not be found out. */
LodgeAcceleration
lodge_host_probe_acceleration_finish (LodgeHost     *self,
                                      GAsyncResult  *result,
                                      GError       **error)
{
  g_return_val_if_fail (LODGE_IS_HOST (self), LODGE_ACCELERATION_UNKNOWN);

  if (!LODGE_HOST_GET_CLASS (self)->probe_acceleration_finish (self, result, error))
    return LODGE_ACCELERATION_UNKNOWN;

  return lodge_host_get_acceleration (self);
}

void
_lodge_host_read_sample_async (LodgeHost           *self,
                               gboolean             identity,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_assert (LODGE_IS_HOST (self));

  LODGE_HOST_GET_CLASS (self)->read_sample_async (self, identity, cancellable, callback, user_data);
}

/* Returns: (transfer full): what was read, or NULL */
LodgeSample *
_lodge_host_read_sample_finish (LodgeHost     *self,
                                GAsyncResult  *result,
                                GError       **error)
{
  g_assert (LODGE_IS_HOST (self));

  return LODGE_HOST_GET_CLASS (self)->read_sample_finish (self, result, error);
}
