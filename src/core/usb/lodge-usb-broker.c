/* lodge-usb-broker.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-core-enums.h"
#include "lodge-error.h"
#include "lodge-host.h"
#include "lodge-usb-broker-private.h"

/**
 * LodgeUsbBroker:
 *
 * Keeps what is plugged in here and what the guests have in agreement with the rules and with what
 * the user says. It lives as long as the program, with or without a window.
 *
 * Whatever happens (a device comes or goes, a guest starts, a rule is written, a route tells that a
 * guest has something else) only makes it look again: lodge_usb_policy_decide() says what is to be
 * done, and where a device is, is what the routes say.
 */

/* Among the last guests, of a device that the user wants to stay here; no guest's id. */
#define KEPT_HERE ""

static void list_model_iface_init (GListModelInterface *iface);

enum {
  ASK,
  FAILED,
  GIVEN,
  HELD_UP,
  WAYS_CHANGED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE_WITH_CODE (LodgeUsbBroker, lodge_usb_broker, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

enum {
  PROP_0,
  PROP_NEEDED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static LodgeUsbBroker *default_broker;

static GType
lodge_usb_broker_get_item_type (GListModel *model)
{
  return LODGE_TYPE_USB_PLUG;
}

static guint
lodge_usb_broker_get_n_items (GListModel *model)
{
  return LODGE_USB_BROKER (model)->plugs->len;
}

static gpointer
lodge_usb_broker_get_item (GListModel *model,
                           guint       position)
{
  LodgeUsbBroker *self = LODGE_USB_BROKER (model);

  if (position >= self->plugs->len)
    return NULL;

  return g_object_ref (g_ptr_array_index (self->plugs, position));
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = lodge_usb_broker_get_item_type;
  iface->get_n_items = lodge_usb_broker_get_n_items;
  iface->get_item = lodge_usb_broker_get_item;
}

static gboolean
decide_cb (gpointer user_data)
{
  LodgeUsbBroker *self = user_data;

  self->decide_id = 0;
  _lodge_usb_broker_decide (self);

  return G_SOURCE_REMOVE;
}

void
_lodge_usb_broker_queue_decide (LodgeUsbBroker *self)
{
  if (self->decide_id == 0 && !g_cancellable_is_cancelled (self->cancellable))
    self->decide_id = g_idle_add_full (G_PRIORITY_DEFAULT, decide_cb, self, NULL);
}

LodgeUsbGuest *
_lodge_usb_broker_find_guest (LodgeUsbBroker *self,
                              const char     *id)
{
  return id != NULL ? g_hash_table_lookup (self->guests, id) : NULL;
}

static LodgeUsbPlug *
find_held (LodgeUsbBroker        *self,
           const LodgeUsbHolding *holding)
{
  for (guint i = 0; i < self->plugs->len; i++)
    {
      LodgeUsbPlug *plug = g_ptr_array_index (self->plugs, i);
      LodgeUsbDevice *device = plug->device;

      if (lodge_usb_device_get_bus (device) == holding->bus &&
          lodge_usb_device_get_address (device) == holding->address &&
          (holding->vendor == 0 || (lodge_usb_device_get_vendor (device) == holding->vendor &&
                                    lodge_usb_device_get_product (device) == holding->product)))
        return plug;
    }

  return NULL;
}

/* Where things are is what the routes say of the guests. */
void
_lodge_usb_broker_update_places (LodgeUsbBroker *self)
{
  g_autoptr(GHashTable) placed = g_hash_table_new (NULL, NULL);
  GHashTableIter iter;
  gpointer guest;

  g_hash_table_iter_init (&iter, self->guests);
  while (g_hash_table_iter_next (&iter, NULL, &guest))
    {
      LodgeMachine *machine = _lodge_usb_guest_get_machine (guest);

      for (guint i = 0; lodge_machine_is_active (machine) && i < self->routes->len; i++)
        {
          LodgeUsbRoute *route = g_ptr_array_index (self->routes, i);
          g_autoptr(GPtrArray) holdings = lodge_usb_route_dup_holdings (route, machine);

          for (guint k = 0; k < holdings->len; k++)
            {
              const LodgeUsbHolding *holding = g_ptr_array_index (holdings, k);
              LodgeUsbPlug *plug = find_held (self, holding);

              if (plug != NULL && g_hash_table_add (placed, plug))
                _lodge_usb_plug_set_holding (plug, route, holding);
            }
        }
    }

  for (guint i = 0; i < self->plugs->len; i++)
    {
      LodgeUsbPlug *plug = g_ptr_array_index (self->plugs, i);

      if (!g_hash_table_contains (placed, plug))
        {
          /* A guest that ended has given it back, too. */
          plug->was_released |= plug->holding != NULL && !plug->is_busy;
          _lodge_usb_plug_set_holding (plug, NULL, NULL);
        }
      _lodge_usb_broker_look_at_custody (plug);
    }
}

void
_lodge_usb_broker_update_needed (LodgeUsbBroker *self)
{
  gboolean needed = FALSE;
  GHashTableIter iter;
  gpointer guest;

  g_hash_table_iter_init (&iter, self->guests);
  while (!needed && g_hash_table_iter_next (&iter, NULL, &guest))
    needed = lodge_machine_is_active (_lodge_usb_guest_get_machine (guest)) &&
      g_list_model_get_n_items (G_LIST_MODEL (_lodge_usb_guest_get_rules (guest))) > 0;

  /* It goes when the program goes, if it is redirected; else its ghost is left when it is unplugged. */
  for (guint i = 0; !needed && i < self->plugs->len; i++)
    {
      LodgeUsbPlug *plug = g_ptr_array_index (self->plugs, i);

      needed = plug->holding != NULL && !plug->holding->is_foreign;
    }

  if (needed == self->is_needed)
    return;

  self->is_needed = needed;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NEEDED]);
}

static void
look_again (LodgeUsbBroker *self)
{
  g_assert (LODGE_IS_USB_BROKER (self));

  _lodge_usb_broker_queue_decide (self);
}

static void
route_changed_cb (LodgeUsbBroker *self)
{
  look_again (self);
  g_signal_emit (self, signals[WAYS_CHANGED], 0);
}

/* After a start a device that could not be given before may be tried again. */
static void
guest_changed_cb (LodgeUsbBroker *self,
                  LodgeUsbGuest  *guest)
{
  const char *id = lodge_machine_get_id (_lodge_usb_guest_get_machine (guest));

  g_assert (LODGE_IS_USB_BROKER (self));

  for (guint i = 0; i < self->plugs->len; i++)
    {
      LodgeUsbPlug *plug = g_ptr_array_index (self->plugs, i);

      if (g_strcmp0 (plug->failed_for, id) == 0)
        {
          g_clear_pointer (&plug->failed_for, g_free);
          plug->n_attempts = 0;
        }

      plug->is_conflict_noted = FALSE;
    }

  _lodge_usb_broker_queue_decide (self);
}

static void
update_guests (LodgeUsbBroker *self)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer id;

  g_assert (LODGE_IS_USB_BROKER (self));

  for (guint i = 0; i < self->machine_lists->len; i++)
    {
      GListModel *machines = g_ptr_array_index (self->machine_lists, i);

      for (guint k = 0; k < g_list_model_get_n_items (machines); k++)
        {
          g_autoptr(LodgeMachine) machine = g_list_model_get_item (machines, k);
          LodgeUsbGuest *guest = _lodge_usb_broker_find_guest (self, lodge_machine_get_id (machine));

          if (guest == NULL || _lodge_usb_guest_get_machine (guest) != machine)
            {
              guest = _lodge_usb_guest_new (machine);
              g_signal_connect_object (guest, "changed", G_CALLBACK (guest_changed_cb), self,
                                       G_CONNECT_SWAPPED);
              g_signal_connect_object (machine, "notify::defined", G_CALLBACK (look_again), self,
                                       G_CONNECT_SWAPPED);
              g_hash_table_replace (self->guests, g_strdup (lodge_machine_get_id (machine)), guest);
            }

          g_hash_table_add (seen, (gpointer)lodge_machine_get_id (machine));
        }
    }

  g_hash_table_iter_init (&iter, self->guests);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (!g_hash_table_contains (seen, id))
      g_hash_table_iter_remove (&iter);

  _lodge_usb_broker_queue_decide (self);
}

static void
hosts_changed_cb (LodgeUsbBroker *self)
{
  g_assert (LODGE_IS_USB_BROKER (self));

  for (guint i = 0; i < self->machine_lists->len; i++)
    g_signal_handlers_disconnect_by_func (g_ptr_array_index (self->machine_lists, i), update_guests, self);
  g_ptr_array_set_size (self->machine_lists, 0);

  for (guint i = 0; i < g_list_model_get_n_items (self->hosts); i++)
    {
      g_autoptr(LodgeHost) host = g_list_model_get_item (self->hosts, i);
      GListModel *machines = lodge_host_list_machines (host);

      g_signal_handlers_disconnect_by_func (host, look_again, self);
      g_signal_connect_object (host, "notify::state", G_CALLBACK (look_again), self,
                               G_CONNECT_SWAPPED);

      g_signal_connect_object (machines, "items-changed", G_CALLBACK (update_guests), self,
                               G_CONNECT_SWAPPED);
      g_ptr_array_add (self->machine_lists, machines);
    }

  update_guests (self);
}

/* What was refused before may be open to this user now. */
static void
device_settled_cb (LodgeUsbBroker *self,
                   GParamSpec     *pspec,
                   LodgeUsbDevice *device)
{
  LodgeUsbPlug *plug = lodge_usb_broker_find_plug (self, lodge_usb_device_get_id (device));

  if (plug == NULL || plug->retry_id == 0)
    return;

  g_clear_handle_id (&plug->retry_id, g_source_remove);
  plug->n_attempts = 0;
  _lodge_usb_broker_queue_decide (self);
}

/* A device that comes back as another one, as those do that are given their firmware, and some that are
 * reset when a guest lets go of them.
 */
static void
remember_predecessor (LodgeUsbBroker *self,
                      LodgeUsbPlug   *plug)
{
  LodgeUsbDevice *predecessor = lodge_usb_device_get_predecessor (plug->device);
  const char *guest = NULL;

  if (predecessor != NULL)
    guest = g_hash_table_lookup (self->last_guests, lodge_usb_device_get_id (predecessor));

  plug->is_kept = g_strcmp0 (guest, KEPT_HERE) == 0;
  plug->returned_to = plug->is_kept ? NULL : g_strdup (guest);
}

static void
drop_plug (LodgeUsbBroker *self,
           LodgeUsbPlug   *plug)
{
  g_autoptr(GError) error = NULL;

  if (plug->is_kept)
    g_hash_table_insert (self->last_guests, g_strdup (lodge_usb_device_get_id (plug->device)),
                         g_strdup (KEPT_HERE));
  else if (plug->machine != NULL && plug->state != LODGE_USB_PLUG_TAKING)
    g_hash_table_insert (self->last_guests, g_strdup (lodge_usb_device_get_id (plug->device)),
                         g_strdup (lodge_machine_get_id (plug->machine)));

  g_clear_handle_id (&plug->retry_id, g_source_remove);
  g_clear_handle_id (&plug->custody_id, g_source_remove);
  g_clear_handle_id (&plug->holder_id, g_source_remove);
  error = g_error_new_literal (LODGE_ERROR, LODGE_ERROR_GONE, "The device was unplugged");
  _lodge_usb_plug_answer (plug, error);
}

static void
devices_changed_cb (LodgeUsbBroker *self,
                    guint           position,
                    guint           n_removed,
                    guint           n_added)
{
  g_assert (LODGE_IS_USB_BROKER (self));

  for (guint i = 0; i < n_removed; i++)
    drop_plug (self, g_ptr_array_index (self->plugs, position + i));
  if (n_removed > 0)
    g_ptr_array_remove_range (self->plugs, position, n_removed);

  for (guint i = 0; i < n_added; i++)
    {
      g_autoptr(LodgeUsbDevice) device = g_list_model_get_item (self->devices, position + i);
      LodgeUsbPlug *plug = _lodge_usb_plug_new (device);

      remember_predecessor (self, plug);
      g_signal_connect_object (device, "notify::kind", G_CALLBACK (_lodge_usb_broker_queue_decide),
                               self, G_CONNECT_SWAPPED);
      g_signal_connect_object (device, "notify::held-by-program",
                               G_CALLBACK (_lodge_usb_broker_queue_decide), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (device, "notify::holder", G_CALLBACK (_lodge_usb_broker_queue_decide),
                               self, G_CONNECT_SWAPPED);
      g_signal_connect_object (device, "notify::settled", G_CALLBACK (device_settled_cb),
                               self, G_CONNECT_SWAPPED);
      g_ptr_array_insert (self->plugs, position + i, plug);
    }

  g_list_model_items_changed (G_LIST_MODEL (self), position, n_removed, n_added);
  _lodge_usb_broker_queue_decide (self);
}

static void
lodge_usb_broker_dispose (GObject *object)
{
  LodgeUsbBroker *self = (LodgeUsbBroker *)object;

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->decide_id, g_source_remove);
  for (guint i = 0; i < self->plugs->len; i++)
    {
      LodgeUsbPlug *plug = g_ptr_array_index (self->plugs, i);

      g_clear_handle_id (&plug->retry_id, g_source_remove);
      g_clear_handle_id (&plug->custody_id, g_source_remove);
      g_clear_handle_id (&plug->holder_id, g_source_remove);
    }
  g_hash_table_remove_all (self->guests);
  g_ptr_array_set_size (self->machine_lists, 0);
  g_clear_object (&self->devices);
  g_clear_object (&self->hosts);
  g_clear_object (&self->mounts);

  G_OBJECT_CLASS (lodge_usb_broker_parent_class)->dispose (object);
}

static void
lodge_usb_broker_finalize (GObject *object)
{
  LodgeUsbBroker *self = (LodgeUsbBroker *)object;

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->machine_lists, g_ptr_array_unref);
  g_clear_pointer (&self->guests, g_hash_table_unref);
  g_clear_pointer (&self->plugs, g_ptr_array_unref);
  g_clear_pointer (&self->routes, g_ptr_array_unref);
  g_clear_pointer (&self->taking, g_hash_table_unref);
  g_clear_pointer (&self->last_guests, g_hash_table_unref);
  g_clear_pointer (&self->front, g_strfreev);

  G_OBJECT_CLASS (lodge_usb_broker_parent_class)->finalize (object);
}

static void
lodge_usb_broker_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  LodgeUsbBroker *self = LODGE_USB_BROKER (object);

  switch (prop_id)
    {
    case PROP_NEEDED:
      g_value_set_boolean (value, self->is_needed);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_usb_broker_class_init (LodgeUsbBrokerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = lodge_usb_broker_dispose;
  object_class->finalize = lodge_usb_broker_finalize;
  object_class->get_property = lodge_usb_broker_get_property;

  properties[PROP_NEEDED] =
    g_param_spec_boolean ("needed", NULL, NULL, FALSE,
                          (G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[ASK] =
    g_signal_new ("ask", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 3, LODGE_TYPE_USB_PLUG, LODGE_TYPE_MACHINE, LODGE_TYPE_USB_REASON);
  signals[FAILED] =
    g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, LODGE_TYPE_USB_PLUG, LODGE_TYPE_MACHINE);
  signals[GIVEN] =
    g_signal_new ("given", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, LODGE_TYPE_USB_PLUG, LODGE_TYPE_MACHINE);
  signals[HELD_UP] =
    g_signal_new ("held-up", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, LODGE_TYPE_USB_PLUG, LODGE_TYPE_MACHINE);
  signals[WAYS_CHANGED] =
    g_signal_new ("ways-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lodge_usb_broker_init (LodgeUsbBroker *self)
{
  self->cancellable = g_cancellable_new ();
  self->machine_lists = g_ptr_array_new_with_free_func (g_object_unref);
  self->guests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->plugs = g_ptr_array_new_with_free_func (g_object_unref);
  self->routes = g_ptr_array_new_with_free_func (g_object_unref);
  self->taking = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->last_guests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->front = g_new0 (char *, 1);
}

/**
 * lodge_usb_broker_new:
 * @devices: the devices that are plugged in, of LodgeUsbDevice
 * @hosts: the hosts whose guests can have them, of LodgeHost
 *
 * Returns: (transfer full): a broker; nothing is given before a route is added
 */
LodgeUsbBroker *
lodge_usb_broker_new (GListModel *devices,
                      GListModel *hosts)
{
  LodgeUsbBroker *self = g_object_new (LODGE_TYPE_USB_BROKER, NULL);

  self->devices = g_object_ref (devices);
  self->hosts = g_object_ref (hosts);
  g_signal_connect_object (devices, "items-changed", G_CALLBACK (devices_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (hosts, "items-changed", G_CALLBACK (hosts_changed_cb), self,
                           G_CONNECT_SWAPPED);
  devices_changed_cb (self, 0, 0, g_list_model_get_n_items (devices));
  hosts_changed_cb (self);

  return self;
}

/**
 * lodge_usb_broker_get_default:
 *
 * Returns: (transfer none) (nullable): the program's broker, if it has one
 */
LodgeUsbBroker *
lodge_usb_broker_get_default (void)
{
  return default_broker;
}

/**
 * lodge_usb_broker_set_default:
 * @self: (nullable): a broker
 *
 * Makes it the program's, as long as it lives.
 */
void
lodge_usb_broker_set_default (LodgeUsbBroker *self)
{
  g_set_weak_pointer (&default_broker, self);
}

/**
 * lodge_usb_broker_find_plug:
 * @self: the broker
 * @id: of a device
 *
 * Returns: (transfer none) (nullable): the device where it is plugged in, if it still is
 */
LodgeUsbPlug *
lodge_usb_broker_find_plug (LodgeUsbBroker *self,
                            const char     *id)
{
  g_return_val_if_fail (LODGE_IS_USB_BROKER (self), NULL);

  for (guint i = 0; i < self->plugs->len; i++)
    {
      LodgeUsbPlug *plug = g_ptr_array_index (self->plugs, i);

      if (g_str_equal (lodge_usb_device_get_id (plug->device), id))
        return plug;
    }

  return NULL;
}

/**
 * lodge_usb_broker_add_route:
 *
 * Adds a way; the one that was added first is tried first.
 */
void
lodge_usb_broker_add_route (LodgeUsbBroker *self,
                            LodgeUsbRoute  *route)
{
  g_return_if_fail (LODGE_IS_USB_BROKER (self));
  g_return_if_fail (LODGE_IS_USB_ROUTE (route));

  g_ptr_array_add (self->routes, g_object_ref (route));
  g_signal_connect_object (route, "changed", G_CALLBACK (route_changed_cb), self, G_CONNECT_SWAPPED);
  route_changed_cb (self);
}

void
lodge_usb_broker_remove_route (LodgeUsbBroker *self,
                               LodgeUsbRoute  *route)
{
  g_return_if_fail (LODGE_IS_USB_BROKER (self));

  g_signal_handlers_disconnect_by_func (route, route_changed_cb, self);
  if (g_ptr_array_remove (self->routes, route))
    route_changed_cb (self);
}

/**
 * lodge_usb_broker_find_route:
 * @self: the broker
 * @plug: a device
 * @machine: a guest
 * @error: why the first way is no way
 *
 * Returns: (transfer none) (nullable): the way by which @machine would get it
 */
LodgeUsbRoute *
lodge_usb_broker_find_route (LodgeUsbBroker  *self,
                             LodgeUsbPlug    *plug,
                             LodgeMachine    *machine,
                             GError         **error)
{
  g_autoptr(GError) first = NULL;

  g_return_val_if_fail (LODGE_IS_USB_BROKER (self), NULL);

  for (guint i = 0; i < self->routes->len; i++)
    {
      LodgeUsbRoute *route = g_ptr_array_index (self->routes, i);

      if (lodge_usb_route_check (route, plug->device, machine, first == NULL ? &first : NULL))
        return route;
    }

  if (first == NULL)
    first = g_error_new_literal (LODGE_ERROR, LODGE_ERROR_UNSUPPORTED, "There is no way to the guest");
  g_propagate_error (error, g_steal_pointer (&first));

  return NULL;
}

void
lodge_usb_way_free (LodgeUsbWay *self)
{
  if (self == NULL)
    return;

  g_object_unref (self->route);
  g_clear_error (&self->obstacle);
  g_free (self);
}

/**
 * lodge_usb_broker_dup_ways:
 * @self: the broker
 * @plug: a device
 * @machine: a guest
 *
 * Returns: (transfer full) (element-type LodgeUsbWay): the ways up to the first that is possible, in
 *   the order in which they are tried; those after it are not looked at, which may cost something
 */
GPtrArray *
lodge_usb_broker_dup_ways (LodgeUsbBroker *self,
                           LodgeUsbPlug   *plug,
                           LodgeMachine   *machine)
{
  GPtrArray *ways = g_ptr_array_new_with_free_func ((GDestroyNotify)lodge_usb_way_free);

  g_return_val_if_fail (LODGE_IS_USB_BROKER (self), ways);
  g_return_val_if_fail (LODGE_IS_USB_PLUG (plug), ways);
  g_return_val_if_fail (LODGE_IS_MACHINE (machine), ways);

  for (guint i = 0; i < self->routes->len; i++)
    {
      LodgeUsbWay *way = g_new0 (LodgeUsbWay, 1);

      way->route = g_object_ref (g_ptr_array_index (self->routes, i));
      g_ptr_array_add (ways, way);
      if (lodge_usb_route_check (way->route, plug->device, machine, &way->obstacle))
        break;
    }

  return ways;
}

/**
 * lodge_usb_broker_set_front:
 * @self: the broker
 * @machine: the guest whose window is in front now
 *
 * Of several guests that want a device, the one gets it that was last in front.
 */
void
lodge_usb_broker_set_front (LodgeUsbBroker *self,
                            LodgeMachine   *machine)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  const char *id;

  g_return_if_fail (LODGE_IS_USB_BROKER (self));
  g_return_if_fail (LODGE_IS_MACHINE (machine));

  id = lodge_machine_get_id (machine);
  if (g_strcmp0 (self->front[0], id) == 0)
    return;

  g_strv_builder_add (builder, id);
  for (guint i = 0; self->front[i] != NULL; i++)
    if (!g_str_equal (self->front[i], id))
      g_strv_builder_add (builder, self->front[i]);

  g_strfreev (self->front);
  self->front = g_strv_builder_end (builder);
  _lodge_usb_broker_queue_decide (self);
}

/**
 * lodge_usb_broker_is_needed:
 *
 * Returns: whether a guest that is switched on has rules or a device, so that something is to be done even
 *   if nobody looks
 */
gboolean
lodge_usb_broker_is_needed (LodgeUsbBroker *self)
{
  g_return_val_if_fail (LODGE_IS_USB_BROKER (self), FALSE);

  return self->is_needed;
}

/**
 * lodge_usb_broker_renew:
 *
 * Takes what guests have and gives it again: after the computer has slept, QEMU's hold on a device
 * is void.
 */
void
lodge_usb_broker_renew (LodgeUsbBroker *self)
{
  g_return_if_fail (LODGE_IS_USB_BROKER (self));

  for (guint i = 0; i < self->plugs->len; i++)
    {
      LodgeUsbPlug *plug = g_ptr_array_index (self->plugs, i);

      if (plug->is_busy || plug->holding == NULL || plug->holding->is_foreign)
        continue;

      /* Who has it keeps it, rule or not. */
      g_free (plug->wanted_by);
      plug->wanted_by = g_strdup (lodge_machine_get_id (plug->machine));
      _lodge_usb_broker_take (self, plug, plug->route, plug->holding);
    }
}
