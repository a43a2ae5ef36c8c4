/* lodge-host-list.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-host-list.h"
#include "lodge-host.h"
#include "lodge-machine-private.h"

/**
 * LodgeHostList:
 *
 * The hosts that Lodge knows: those of the setting "hosts", and those that
 * were added for this run only. They are opened as they come in.
 *
 * When the computer wakes up, hosts that were lost are tried at once.
 */

#define HOSTS_KEY "hosts"

struct _LodgeHostList
{
  GObject          parent_instance;
  GSettings       *settings;
  GPtrArray       *hosts;
  GHashTable      *remembered;   /* set of the URIs that stand in the setting */
  LodgeMachine    *everyday;
  GCancellable    *cancellable;
  GDBusConnection *bus;
  guint            sleep_id;
};

enum {
  PROP_0,
  PROP_EVERYDAY,
  N_PROPS
};

enum {
  WOKEN,
  N_SIGNALS
};

static void list_model_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LodgeHostList, lodge_host_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static GType
lodge_host_list_get_item_type (GListModel *model)
{
  return LODGE_TYPE_HOST;
}

static guint
lodge_host_list_get_n_items (GListModel *model)
{
  LodgeHostList *self = (LodgeHostList *)model;

  return self->hosts->len;
}

static gpointer
lodge_host_list_get_item (GListModel *model,
                          guint       position)
{
  LodgeHostList *self = (LodgeHostList *)model;

  if (position >= self->hosts->len)
    return NULL;

  return g_object_ref (g_ptr_array_index (self->hosts, position));
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = lodge_host_list_get_item_type;
  iface->get_n_items = lodge_host_list_get_n_items;
  iface->get_item = lodge_host_list_get_item;
}

/* Where two hosts have one, it is the one that was chosen last. */
static void
update_everyday (LodgeHostList *self)
{
  LodgeMachine *found = NULL;

  for (guint i = 0; i < self->hosts->len; i++)
    {
      LodgeMachine *machine = lodge_host_get_everyday (g_ptr_array_index (self->hosts, i));

      if (machine != NULL &&
          (found == NULL || _lodge_machine_get_everyday_since (machine) >
                            _lodge_machine_get_everyday_since (found)))
        found = machine;
    }

  if (g_set_object (&self->everyday, found))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EVERYDAY]);
}

static LodgeHost *
find_host (LodgeHostList *self,
           const char    *uri,
           guint         *position)
{
  for (guint i = 0; i < self->hosts->len; i++)
    {
      LodgeHost *host = g_ptr_array_index (self->hosts, i);

      if (g_str_equal (lodge_host_get_uri (host), uri))
        {
          if (position != NULL)
            *position = i;
          return host;
        }
    }

  return NULL;
}

static LodgeHost *
take_host (LodgeHostList *self,
           const char    *uri)
{
  LodgeHost *host = lodge_host_new_for_uri (uri);

  g_signal_connect_object (host, "notify::everyday",
                           G_CALLBACK (update_everyday), self, G_CONNECT_SWAPPED);
  g_ptr_array_add (self->hosts, host);
  g_list_model_items_changed (G_LIST_MODEL (self), self->hosts->len - 1, 0, 1);

  /* How it goes shows in the host's state. */
  lodge_host_open_async (host, NULL, NULL, NULL);

  return host;
}

static void
drop_host (LodgeHostList *self,
           guint          position)
{
  g_autoptr(LodgeHost) host = g_object_ref (g_ptr_array_index (self->hosts, position));

  g_signal_handlers_disconnect_by_func (host, update_everyday, self);
  g_ptr_array_remove_index (self->hosts, position);
  lodge_host_close (host);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
  update_everyday (self);
}

static void
store_hosts (LodgeHostList *self)
{
  g_autoptr(GPtrArray) uris = g_ptr_array_new ();

  if (self->settings == NULL)
    return;

  for (guint i = 0; i < self->hosts->len; i++)
    {
      const char *uri = lodge_host_get_uri (g_ptr_array_index (self->hosts, i));

      if (g_hash_table_contains (self->remembered, uri))
        g_ptr_array_add (uris, (gpointer)uri);
    }

  g_ptr_array_add (uris, NULL);
  g_settings_set_strv (self->settings, HOSTS_KEY, (const char * const *)uris->pdata);
}

/* Follows the setting, which other programs and other windows may change. */
static void
settings_changed_cb (LodgeHostList *self)
{
  g_auto(GStrv) uris = g_settings_get_strv (self->settings, HOSTS_KEY);

  for (guint i = self->hosts->len; i > 0; i--)
    {
      const char *uri = lodge_host_get_uri (g_ptr_array_index (self->hosts, i - 1));

      if (g_hash_table_contains (self->remembered, uri) &&
          !g_strv_contains ((const char * const *)uris, uri))
        {
          g_hash_table_remove (self->remembered, uri);
          drop_host (self, i - 1);
        }
    }

  for (guint i = 0; uris[i] != NULL; i++)
    {
      if (*uris[i] == '\0')
        continue;

      g_hash_table_add (self->remembered, g_strdup (uris[i]));
      if (find_host (self, uris[i], NULL) == NULL)
        take_host (self, uris[i]);
    }
}

static void
prepare_for_sleep_cb (GDBusConnection *connection,
                      const char      *sender_name,
                      const char      *object_path,
                      const char      *interface_name,
                      const char      *signal_name,
                      GVariant        *parameters,
                      gpointer         user_data)
{
  LodgeHostList *self = user_data;
  gboolean begins;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    return;

  g_variant_get (parameters, "(b)", &begins);
  if (begins)
    return;

  for (guint i = 0; i < self->hosts->len; i++)
    {
      LodgeHost *host = g_ptr_array_index (self->hosts, i);
      LodgeHostState state = lodge_host_get_state (host);

      if (state == LODGE_HOST_STATE_LOST || state == LODGE_HOST_STATE_OPEN)
        lodge_host_retry (host);
    }

  g_signal_emit (self, signals[WOKEN], 0);
}

static void
system_bus_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GDBusConnection) bus = g_bus_get_finish (result, NULL);
  LodgeHostList *self = user_data;

  /* Without a bus there is nobody to tell, or the list is gone. */
  if (bus == NULL)
    return;

  self->bus = g_steal_pointer (&bus);
  g_dbus_connection_set_exit_on_close (self->bus, FALSE);
  self->sleep_id =
    g_dbus_connection_signal_subscribe (self->bus, "org.freedesktop.login1",
                                        "org.freedesktop.login1.Manager", "PrepareForSleep",
                                        "/org/freedesktop/login1", NULL,
                                        G_DBUS_SIGNAL_FLAGS_NONE,
                                        prepare_for_sleep_cb, self, NULL);
}

static void
lodge_host_list_dispose (GObject *object)
{
  LodgeHostList *self = (LodgeHostList *)object;

  g_cancellable_cancel (self->cancellable);

  if (self->sleep_id != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->sleep_id);
  self->sleep_id = 0;

  for (guint i = 0; i < self->hosts->len; i++)
    {
      LodgeHost *host = g_ptr_array_index (self->hosts, i);

      g_signal_handlers_disconnect_by_func (host, update_everyday, self);
      lodge_host_close (host);
    }

  g_ptr_array_set_size (self->hosts, 0);
  g_clear_object (&self->bus);
  g_clear_object (&self->everyday);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (lodge_host_list_parent_class)->dispose (object);
}

static void
lodge_host_list_finalize (GObject *object)
{
  LodgeHostList *self = (LodgeHostList *)object;

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->hosts, g_ptr_array_unref);
  g_clear_pointer (&self->remembered, g_hash_table_unref);

  G_OBJECT_CLASS (lodge_host_list_parent_class)->finalize (object);
}

static void
lodge_host_list_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  LodgeHostList *self = LODGE_HOST_LIST (object);

  switch (prop_id)
    {
    case PROP_EVERYDAY:
      g_value_set_object (value, lodge_host_list_get_everyday (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_host_list_class_init (LodgeHostListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lodge_host_list_dispose;
  object_class->finalize = lodge_host_list_finalize;
  object_class->get_property = lodge_host_list_get_property;

  /**
   * LodgeHostList:everyday:
   *
   * The machine that the user works with every day, on whichever host, or
   * null.
   */
  properties[PROP_EVERYDAY] =
    g_param_spec_object ("everyday", NULL, NULL,
                         LODGE_TYPE_MACHINE,
                         (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[WOKEN] =
    g_signal_new ("woken", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
lodge_host_list_init (LodgeHostList *self)
{
  self->hosts = g_ptr_array_new_with_free_func (g_object_unref);
  self->remembered = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->cancellable = g_cancellable_new ();
}

/**
 * lodge_host_list_new:
 * @settings: (nullable): settings with the key "hosts"; null for a list that forgets
 *
 * Returns: (transfer full): a list of the remembered hosts, which are being opened
 */
LodgeHostList *
lodge_host_list_new (GSettings *settings)
{
  LodgeHostList *self;

  g_return_val_if_fail (settings == NULL || G_IS_SETTINGS (settings), NULL);

  self = g_object_new (LODGE_TYPE_HOST_LIST, NULL);
  g_bus_get (G_BUS_TYPE_SYSTEM, self->cancellable, system_bus_cb, self);

  if (settings != NULL)
    {
      self->settings = g_object_ref (settings);
      g_signal_connect_object (settings, "changed::" HOSTS_KEY,
                               G_CALLBACK (settings_changed_cb), self, G_CONNECT_SWAPPED);
      settings_changed_cb (self);
    }

  return self;
}

/**
 * lodge_host_list_add:
 * @self: a host list
 * @uri: a libvirt URI
 * @remember: whether to write it into the settings
 *
 * Opens another host, or finds it in the list.
 *
 * Returns: (transfer none): the host
 */
LodgeHost *
lodge_host_list_add (LodgeHostList *self,
                     const char    *uri,
                     gboolean       remember)
{
  LodgeHost *host;

  g_return_val_if_fail (LODGE_IS_HOST_LIST (self), NULL);
  g_return_val_if_fail (uri != NULL && *uri != '\0', NULL);

  host = find_host (self, uri, NULL);
  if (host == NULL)
    host = take_host (self, uri);

  if (remember && g_hash_table_add (self->remembered, g_strdup (uri)))
    store_hosts (self);

  return host;
}

/**
 * lodge_host_list_remove:
 * @self: a host list
 * @host: one of its hosts
 *
 * Closes @host and forgets it. Its machines go on running.
 */
void
lodge_host_list_remove (LodgeHostList *self,
                        LodgeHost     *host)
{
  g_autofree char *uri = NULL;
  guint position;

  g_return_if_fail (LODGE_IS_HOST_LIST (self));
  g_return_if_fail (LODGE_IS_HOST (host));

  if (!g_ptr_array_find (self->hosts, host, &position))
    return;

  uri = g_strdup (lodge_host_get_uri (host));
  drop_host (self, position);

  if (g_hash_table_remove (self->remembered, uri))
    store_hosts (self);
}

/**
 * lodge_host_list_get_everyday:
 * @self: a host list
 *
 * Returns: (nullable) (transfer none): the everyday machine, if its host has been reached
 */
LodgeMachine *
lodge_host_list_get_everyday (LodgeHostList *self)
{
  g_return_val_if_fail (LODGE_IS_HOST_LIST (self), NULL);

  return self->everyday;
}

static void
cleared_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  guint *left = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  /* One that keeps its flag is the older one, which loses. */
  if (!_lodge_machine_set_everyday_finish (LODGE_MACHINE (object), result, &error))
    g_debug ("Everyday flag not cleared: %s", error->message);

  if (--*left == 0)
    g_task_return_boolean (task, TRUE);
}

/* Takes the flag from all but @chosen, then ends @task. */
static void
clear_others (LodgeHostList *self,
              LodgeMachine  *chosen,
              GTask         *task)
{
  guint *left = g_new0 (guint, 1);

  g_task_set_task_data (task, left, g_free);
  *left = 1;

  for (guint i = 0; i < self->hosts->len; i++)
    {
      g_autoptr(GListModel) machines = lodge_host_list_machines (g_ptr_array_index (self->hosts, i));
      guint n = g_list_model_get_n_items (machines);

      for (guint k = 0; k < n; k++)
        {
          g_autoptr(LodgeMachine) machine = g_list_model_get_item (machines, k);

          if (machine == chosen || !lodge_machine_get_everyday (machine) ||
              !lodge_machine_is_reachable (machine))
            continue;

          ++*left;
          _lodge_machine_set_everyday_async (machine, FALSE, g_task_get_cancellable (task),
                                             cleared_cb, g_object_ref (task));
        }
    }

  if (--*left == 0)
    g_task_return_boolean (task, TRUE);
}

static void
flag_set_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  LodgeHostList *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!_lodge_machine_set_everyday_finish (LODGE_MACHINE (object), result, &error))
    g_task_return_error (task, error);
  else
    clear_others (self, LODGE_MACHINE (object), task);
}

/**
 * lodge_host_list_set_everyday_async:
 * @self: a host list
 * @machine: (nullable): the new everyday machine; null for none
 * @cancellable: (nullable): a cancellable
 * @callback: called on the main thread
 * @user_data: data for @callback
 *
 * Writes the flag into the machine's metadata and takes it out of all others.
 * A machine on a host that cannot be reached keeps its own, but the one
 * chosen last counts.
 */
void
lodge_host_list_set_everyday_async (LodgeHostList       *self,
                                    LodgeMachine        *machine,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (LODGE_IS_HOST_LIST (self));
  g_return_if_fail (machine == NULL || LODGE_IS_MACHINE (machine));
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lodge_host_list_set_everyday_async);

  if (machine == NULL)
    clear_others (self, NULL, task);
  else
    _lodge_machine_set_everyday_async (machine, TRUE, cancellable,
                                       flag_set_cb, g_object_ref (task));
}

gboolean
lodge_host_list_set_everyday_finish (LodgeHostList  *self,
                                     GAsyncResult   *result,
                                     GError        **error)
{
  g_return_val_if_fail (LODGE_IS_HOST_LIST (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
