/* lodge-usb-monitor.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-core-enums.h"
#include "lodge-usb-device-private.h"
#include "lodge-usb-monitor.h"
#include "lodge-usb-uevents-private.h"
#include "lodge-worker.h"

/**
 * LodgeUsbMonitor:
 *
 * The USB devices that are plugged into this computer, whichever hosts Lodge
 * is connected to. It follows what the system tells and never polls.
 *
 * A device comes into the list when the kernel has set it up and not before:
 * one that is given to a guest in the midst of that is lost to both. It does
 * not wait for udev, whose rules may take long; see #LodgeUsbDevice:settled. What
 * there is to be known of it is read on a worker thread, as the kernel holds
 * up the reader while it talks to the device.
 */

#define SYSFS "/sys"
#define MOST_READERS 4

/* How long a device may stay without the kernel's generic driver and be waited for. */
#define MOST_UNBOUND_MS        3000
#define MOST_UNBOUND_COARSE_MS 300      /* where nobody tells when it has one */

/* A device that comes back so soon, in the same place, is the same thing as another device: no hand
 * is that fast. Uploaded firmware takes longer to start, but it seldom changes the vendor.
 */
#define MOST_RETURN       (1500 * G_TIME_SPAN_MILLISECOND)
#define MOST_RETURN_ALIKE (5 * G_TIME_SPAN_SECOND)
#define MOST_REMEMBERED 16

struct _LodgeUsbMonitor
{
  GObject               parent_instance;
  LodgeUsbMonitorState  state;
  GPtrArray            *devices;      /* what the list shows */
  GHashTable           *ports;        /* name → Port */
  GQueue                gone;         /* of Gone, the latest first */
  LodgeWorker          *worker;
  GCancellable         *cancellable;
  LodgeUsbUevents      *uevents;
  guint                 n_first;      /* readings of the first listing that are not done */
  gboolean              is_listing;
  gboolean              list_again;
  gboolean              is_listed;
};

/* A place where a device is, or is about to be. */
typedef struct
{
  LodgeUsbMonitor *monitor;
  char            *name;
  LodgeUsbDevice  *device;
  gint64           since;
  guint            patience_id;
  gboolean         is_new;
  gboolean         is_first;    /* of the first listing, and not read yet */
  gboolean         is_reading;
  gboolean         read_again;  /* what is being read may be out of date */
  gboolean         is_late;     /* waited long enough for the kernel */
  gboolean         is_settled;  /* udev has done with it */
} Port;

typedef struct
{
  LodgeUsbDevice *device;
  gint64          time;
} Gone;

enum {
  PROP_0,
  PROP_STATE,
  N_PROPS
};

enum {
  DEVICE_ADDED,
  DEVICE_REMOVED,
  N_SIGNALS
};

static void list_model_iface_init (GListModelInterface *iface);
static void read_port             (LodgeUsbMonitor     *self,
                                   Port                *port);

G_DEFINE_FINAL_TYPE_WITH_CODE (LodgeUsbMonitor, lodge_usb_monitor, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static GType
lodge_usb_monitor_get_item_type (GListModel *model)
{
  return LODGE_TYPE_USB_DEVICE;
}

static guint
lodge_usb_monitor_get_n_items (GListModel *model)
{
  LodgeUsbMonitor *self = (LodgeUsbMonitor *)model;

  return self->devices->len;
}

static gpointer
lodge_usb_monitor_get_item (GListModel *model,
                            guint       position)
{
  LodgeUsbMonitor *self = (LodgeUsbMonitor *)model;

  if (position >= self->devices->len)
    return NULL;

  return g_object_ref (g_ptr_array_index (self->devices, position));
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = lodge_usb_monitor_get_item_type;
  iface->get_n_items = lodge_usb_monitor_get_n_items;
  iface->get_item = lodge_usb_monitor_get_item;
}

static void
gone_free (gpointer data)
{
  Gone *gone = data;

  g_object_unref (gone->device);
  g_free (gone);
}

static void
port_free (gpointer data)
{
  Port *port = data;

  g_clear_handle_id (&port->patience_id, g_source_remove);
  g_clear_object (&port->device);
  g_free (port->name);
  g_free (port);
}

static void
set_state (LodgeUsbMonitor      *self,
           LodgeUsbMonitorState  state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

/* The list is whole when each device of the first listing has been read. */
static void
update_state (LodgeUsbMonitor *self)
{
  if (!self->is_listed || self->n_first > 0)
    return;

  if (self->uevents == NULL)
    set_state (self, LODGE_USB_MONITOR_BLIND);
  else
    set_state (self, LODGE_USB_MONITOR_RUNNING);
}

static void
drop_device (LodgeUsbMonitor *self,
             Port            *port)
{
  g_autoptr(LodgeUsbDevice) device = g_steal_pointer (&port->device);
  Gone *gone;
  guint position;

  if (device == NULL)
    return;

  gone = g_new0 (Gone, 1);
  gone->device = g_object_ref (device);
  gone->time = g_get_monotonic_time ();
  g_queue_push_head (&self->gone, gone);
  if (self->gone.length > MOST_REMEMBERED)
    gone_free (g_queue_pop_tail (&self->gone));

  _lodge_usb_device_set_gone (device);

  if (g_ptr_array_find (self->devices, device, &position))
    {
      g_ptr_array_remove_index (self->devices, position);
      g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
      g_signal_emit (self, signals[DEVICE_REMOVED], 0, device);
    }
}

/* Finds what @device was before it went away and came back, and forgets it. */
static void
find_predecessor (LodgeUsbMonitor *self,
                  LodgeUsbDevice  *device)
{
  for (GList *at = self->gone.head; at != NULL; at = at->next)
    {
      Gone *gone = at->data;
      gint64 gap = lodge_usb_device_get_since (device) - gone->time;
      gboolean is_alike = lodge_usb_device_get_vendor (gone->device) ==
                          lodge_usb_device_get_vendor (device);

      if (g_strcmp0 (lodge_usb_device_get_port (gone->device),
                     lodge_usb_device_get_port (device)) != 0)
        continue;

      if (gap <= (is_alike ? MOST_RETURN_ALIKE : MOST_RETURN))
        _lodge_usb_device_set_predecessor (device, gone->device);

      g_queue_delete_link (&self->gone, at);
      gone_free (gone);
      return;
    }
}

/* Where @device goes in the list. There it stays, also if it turns out to be of another kind: nothing
 * moves under the user's hand.
 */
static guint
find_position (LodgeUsbMonitor *self,
               LodgeUsbDevice  *device)
{
  guint position = 0;

  while (position < self->devices->len &&
         lodge_usb_device_compare (g_ptr_array_index (self->devices, position), device) <= 0)
    position++;

  return position;
}

static void
take_device (LodgeUsbMonitor *self,
             Port            *port,
             LodgeUsbFacts   *facts)
{
  LodgeUsbDevice *device = _lodge_usb_device_new (facts, port->is_new, port->since);
  guint position;

  g_clear_handle_id (&port->patience_id, g_source_remove);
  port->device = device;
  if (port->is_new)
    {
      _lodge_usb_device_set_settled (device, port->is_settled || self->uevents == NULL ||
                                             !_lodge_usb_uevents_have_udev (self->uevents));
      find_predecessor (self, device);
    }

  if (lodge_usb_device_get_kind (device) == LODGE_USB_KIND_HUB)
    return;

  position = find_position (self, device);
  g_ptr_array_insert (self->devices, position, g_object_ref (device));
  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, 1);
  g_signal_emit (self, signals[DEVICE_ADDED], 0, device);
}

static gboolean
patience_over_cb (gpointer user_data)
{
  Port *port = user_data;

  port->patience_id = 0;
  port->is_late = TRUE;
  read_port (port->monitor, port);

  return G_SOURCE_REMOVE;
}

static void
apply_facts (LodgeUsbMonitor *self,
             Port            *port,
             LodgeUsbFacts   *facts)
{
  gboolean is_ready = facts->bound || !port->is_new || port->is_late;

  if (port->device != NULL)
    {
      g_autoptr(LodgeUsbFacts) copy = NULL;

      if (lodge_usb_device_get_address (port->device) == facts->address &&
          lodge_usb_device_get_bus (port->device) == facts->bus)
        {
          if (_lodge_usb_device_apply (port->device, facts))
            return;

          /* The facts are gone with that; what is there now is read as a new device. */
          drop_device (self, port);
          port->is_new = TRUE;
          port->since = g_get_monotonic_time ();
          read_port (self, port);
          return;
        }

      drop_device (self, port);
      port->is_new = TRUE;
      port->is_late = port->is_settled = FALSE;
      port->since = g_get_monotonic_time ();
      is_ready = facts->bound;
    }

  if (is_ready)
    {
      take_device (self, port, facts);
      return;
    }

  if (port->patience_id == 0)
    {
      gboolean is_told = self->uevents != NULL && !_lodge_usb_uevents_are_coarse (self->uevents);

      port->patience_id = g_timeout_add (is_told ? MOST_UNBOUND_MS : MOST_UNBOUND_COARSE_MS,
                                         patience_over_cb, port);
    }
  lodge_usb_facts_free (facts);
}

static gpointer
read_work (gpointer       source_object,
           gpointer       task_data,
           GCancellable  *cancellable,
           GError       **error)
{
  return lodge_usb_read_device (SYSFS, task_data, error);
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  LodgeUsbMonitor *self = user_data;
  const char *name = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;
  LodgeUsbFacts *facts = g_task_propagate_pointer (G_TASK (result), &error);
  Port *port;

  /* Then the monitor is not there any more. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  port = g_hash_table_lookup (self->ports, name);
  g_assert (port != NULL);
  port->is_reading = FALSE;

  if (port->read_again)
    {
      g_clear_pointer (&facts, lodge_usb_facts_free);
      read_port (self, port);
      return;
    }

  if (port->is_first)
    {
      port->is_first = FALSE;
      self->n_first--;
    }

  if (facts != NULL)
    {
      apply_facts (self, port, facts);
    }
  else
    {
      drop_device (self, port);
      g_hash_table_remove (self->ports, name);
    }

  update_state (self);
}

static void
read_port (LodgeUsbMonitor *self,
           Port            *port)
{
  g_autoptr(GTask) task = NULL;

  port->read_again = port->is_reading;
  if (port->is_reading)
    return;

  port->is_reading = TRUE;
  task = g_task_new (NULL, self->cancellable, read_cb, self);
  g_task_set_source_tag (task, read_port);
  g_task_set_task_data (task, g_strdup (port->name), g_free);
  lodge_worker_run (self->worker, task, read_work, (GDestroyNotify)lodge_usb_facts_free);
}

static Port *
get_port (LodgeUsbMonitor *self,
          const char      *name)
{
  Port *port = g_hash_table_lookup (self->ports, name);

  if (port == NULL)
    {
      port = g_new0 (Port, 1);
      port->monitor = self;
      port->name = g_strdup (name);
      port->since = g_get_monotonic_time ();
      port->is_new = self->is_listed;
      g_hash_table_insert (self->ports, port->name, port);
    }

  return port;
}

/* Compares the list with what is there. */
static void
apply_ports (LodgeUsbMonitor *self,
             GPtrArray       *names)
{
  g_autoptr(GHashTable) there = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GList) known = NULL;

  for (guint i = 0; i < names->len; i++)
    {
      Port *port = get_port (self, g_ptr_array_index (names, i));

      g_hash_table_add (there, port->name);
      if (!self->is_listed && !port->is_first && port->device == NULL)
        {
          port->is_first = TRUE;
          self->n_first++;
        }
      read_port (self, port);
    }

  known = g_hash_table_get_values (self->ports);
  for (GList *at = known; at != NULL; at = at->next)
    {
      Port *port = at->data;

      if (!g_hash_table_contains (there, port->name))
        read_port (self, port);
    }
}

static gpointer
list_work (gpointer       source_object,
           gpointer       task_data,
           GCancellable  *cancellable,
           GError       **error)
{
  GPtrArray *ports = lodge_usb_read_ports (SYSFS);

  if (ports == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no USB bus");

  return ports;
}

static void
list_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  LodgeUsbMonitor *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) names = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->is_listing = FALSE;

  if (names != NULL)
    apply_ports (self, names);
  else if (g_hash_table_size (self->ports) == 0)
    set_state (self, LODGE_USB_MONITOR_NO_BUS);

  self->is_listed = TRUE;
  if (names != NULL)
    update_state (self);

  if (self->list_again)
    lodge_usb_monitor_refresh (self);
}

static void
uevent_cb (LodgeUsbUevent  event,
           const char     *name,
           gpointer        user_data)
{
  LodgeUsbMonitor *self = user_data;
  Port *port;

  if (event == LODGE_USB_UEVENT_LOST)
    {
      lodge_usb_monitor_refresh (self);
      return;
    }

  port = get_port (self, name);

  if (event == LODGE_USB_UEVENT_GONE)
    {
      drop_device (self, port);
      g_clear_handle_id (&port->patience_id, g_source_remove);
      port->is_late = port->is_settled = FALSE;
      port->is_new = TRUE;
    }
  else if (event == LODGE_USB_UEVENT_ADDED)
    {
      port->since = g_get_monotonic_time ();
    }
  else if (event == LODGE_USB_UEVENT_SETTLED)
    {
      port->is_settled = TRUE;
      if (port->device != NULL)
        _lodge_usb_device_set_settled (port->device, TRUE);
    }

  read_port (self, port);
}

static void
lodge_usb_monitor_constructed (GObject *object)
{
  LodgeUsbMonitor *self = (LodgeUsbMonitor *)object;
  g_autoptr(GError) error = NULL;

  G_OBJECT_CLASS (lodge_usb_monitor_parent_class)->constructed (object);

  /* Before the list is read, so that nothing is missed in between. */
  self->uevents = _lodge_usb_uevents_new (uevent_cb, self, &error);
  if (self->uevents == NULL)
    g_debug ("No news of USB devices: %s", error->message);

  lodge_usb_monitor_refresh (self);
}

static void
lodge_usb_monitor_dispose (GObject *object)
{
  LodgeUsbMonitor *self = (LodgeUsbMonitor *)object;

  g_cancellable_cancel (self->cancellable);
  g_clear_pointer (&self->uevents, _lodge_usb_uevents_free);
  g_hash_table_remove_all (self->ports);

  G_OBJECT_CLASS (lodge_usb_monitor_parent_class)->dispose (object);
}

static void
lodge_usb_monitor_finalize (GObject *object)
{
  LodgeUsbMonitor *self = (LodgeUsbMonitor *)object;

  g_queue_clear_full (&self->gone, gone_free);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->worker);
  g_clear_pointer (&self->devices, g_ptr_array_unref);
  g_clear_pointer (&self->ports, g_hash_table_unref);

  G_OBJECT_CLASS (lodge_usb_monitor_parent_class)->finalize (object);
}

static void
lodge_usb_monitor_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  LodgeUsbMonitor *self = LODGE_USB_MONITOR (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_usb_monitor_class_init (LodgeUsbMonitorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = lodge_usb_monitor_constructed;
  object_class->dispose = lodge_usb_monitor_dispose;
  object_class->finalize = lodge_usb_monitor_finalize;
  object_class->get_property = lodge_usb_monitor_get_property;

  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL,
                       LODGE_TYPE_USB_MONITOR_STATE, LODGE_USB_MONITOR_STARTING,
                       (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[DEVICE_ADDED] =
    g_signal_new ("device-added", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, LODGE_TYPE_USB_DEVICE);
  signals[DEVICE_REMOVED] =
    g_signal_new ("device-removed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, LODGE_TYPE_USB_DEVICE);
}

static void
lodge_usb_monitor_init (LodgeUsbMonitor *self)
{
  self->devices = g_ptr_array_new_with_free_func (g_object_unref);
  self->ports = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, port_free);
  self->worker = lodge_worker_new (MOST_READERS);
  self->cancellable = g_cancellable_new ();
  g_queue_init (&self->gone);
}

/**
 * lodge_usb_monitor_dup_default:
 *
 * Returns: (transfer full): the monitor that all share; it ends with its last user
 */
LodgeUsbMonitor *
lodge_usb_monitor_dup_default (void)
{
  static LodgeUsbMonitor *shared;

  if (shared != NULL)
    return g_object_ref (shared);

  shared = lodge_usb_monitor_new ();
  g_object_add_weak_pointer (G_OBJECT (shared), (gpointer *)&shared);

  return shared;
}

/* One of its own. It is for the main thread only. */
LodgeUsbMonitor *
lodge_usb_monitor_new (void)
{
  return g_object_new (LODGE_TYPE_USB_MONITOR, NULL);
}

LodgeUsbMonitorState
lodge_usb_monitor_get_state (LodgeUsbMonitor *self)
{
  g_return_val_if_fail (LODGE_IS_USB_MONITOR (self), LODGE_USB_MONITOR_STARTING);

  return self->state;
}

/**
 * lodge_usb_monitor_find:
 * @self: a monitor
 * @bus: the number of a bus
 * @address: the number of a device on it
 *
 * Returns: (nullable) (transfer none): the device
 */
LodgeUsbDevice *
lodge_usb_monitor_find (LodgeUsbMonitor *self,
                        guint            bus,
                        guint            address)
{
  g_return_val_if_fail (LODGE_IS_USB_MONITOR (self), NULL);

  for (guint i = 0; i < self->devices->len; i++)
    {
      LodgeUsbDevice *device = g_ptr_array_index (self->devices, i);

      if (lodge_usb_device_get_bus (device) == bus &&
          lodge_usb_device_get_address (device) == address)
        return device;
    }

  return NULL;
}

/**
 * lodge_usb_monitor_find_id:
 * @self: a monitor
 * @id: what lodge_usb_device_get_id() gave
 *
 * Returns: (nullable) (transfer none): the device, if it is still there
 */
LodgeUsbDevice *
lodge_usb_monitor_find_id (LodgeUsbMonitor *self,
                           const char      *id)
{
  g_return_val_if_fail (LODGE_IS_USB_MONITOR (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  for (guint i = 0; i < self->devices->len; i++)
    {
      LodgeUsbDevice *device = g_ptr_array_index (self->devices, i);

      if (g_str_equal (lodge_usb_device_get_id (device), id))
        return device;
    }

  return NULL;
}

/**
 * lodge_usb_monitor_has_twin:
 * @self: a monitor
 * @device: a device
 *
 * Returns: whether another device is there that can be told from @device by its place only
 */
gboolean
lodge_usb_monitor_has_twin (LodgeUsbMonitor *self,
                            LodgeUsbDevice  *device)
{
  g_return_val_if_fail (LODGE_IS_USB_MONITOR (self), FALSE);
  g_return_val_if_fail (LODGE_IS_USB_DEVICE (device), FALSE);

  for (guint i = 0; i < self->devices->len; i++)
    {
      LodgeUsbDevice *other = g_ptr_array_index (self->devices, i);

      if (other != device &&
          lodge_usb_device_get_vendor (other) == lodge_usb_device_get_vendor (device) &&
          lodge_usb_device_get_product (other) == lodge_usb_device_get_product (device) &&
          g_strcmp0 (lodge_usb_device_get_serial (other),
                     lodge_usb_device_get_serial (device)) == 0)
        return TRUE;
    }

  return FALSE;
}

/**
 * lodge_usb_monitor_refresh:
 * @self: a monitor
 *
 * Looks again at all that is plugged in, as after the computer was asleep.
 */
void
lodge_usb_monitor_refresh (LodgeUsbMonitor *self)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (LODGE_IS_USB_MONITOR (self));

  self->list_again = self->is_listing;
  if (self->is_listing)
    return;

  self->is_listing = TRUE;
  task = g_task_new (NULL, self->cancellable, list_cb, self);
  g_task_set_source_tag (task, lodge_usb_monitor_refresh);
  lodge_worker_run (self->worker, task, list_work, (GDestroyNotify)g_ptr_array_unref);
}
