/* lodge-libvirt-link.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-libvirt-private.h"

/*
 * LodgeLink:
 *
 * One libvirt connection from its opening to its end. A lost one is never
 * mended: a new link takes its place.
 *
 * The GVirConnection is made around a connection that is already open:
 * gvir_connection_open() would register a handler of its own for domain
 * events, which calls libvirt on the main thread and waits.
 *
 * No keepalive of libvirt's own is set: when it gives a daemon up while
 * several calls wait, only the first of them ends, the loss is not told, and
 * if the daemon goes on libvirt (9.0) uses what it has freed. The host asks
 * for a sign of life instead (lodge-libvirt-host-watch.c).
 *
 * Libvirt delivers events on the main thread (gvir_event_register()), the
 * loss of the connection on any. An event finds the link's owner by a weak
 * reference and names its link by number, as it may come late.
 */

/* The next link's; none has 0. */
static guint serials = 1;

/* What the callbacks have. It goes when the last of them is deregistered. */
typedef struct
{
  gatomicrefcount         ref_count;
  GWeakRef                owner;
  const LodgeLinkEvents  *events;
  guint                   serial;    /* of the link, which may be gone already */
} Watch;

struct _LodgeLink
{
  gatomicrefcount        ref_count;
  guint                  serial;
  GVirConnection        *connection;
  virConnectPtr          connect;
  char                  *driver;
  GArray                *event_ids;
  GMutex                 definition_lock;
  gboolean               has_close_callback;
};

typedef struct
{
  Watch  *watch;
  GError *error;
} Closed;

static Watch *
watch_ref (Watch *watch)
{
  g_atomic_ref_count_inc (&watch->ref_count);

  return watch;
}

static void
watch_unref (gpointer data)
{
  Watch *watch = data;

  if (!g_atomic_ref_count_dec (&watch->ref_count))
    return;

  g_weak_ref_clear (&watch->owner);
  g_free (watch);
}

static void
domain_changed (Watch        *watch,
                virDomainPtr  domain)
{
  g_autoptr(GObject) owner = g_weak_ref_get (&watch->owner);

  if (owner != NULL)
    watch->events->domain_changed (owner, watch->serial, domain);
}

/* The callbacks of domain events begin alike and end differently; what follows is not needed. */
static int
lifecycle_cb (virConnectPtr connect,
              virDomainPtr  domain,
              int           event,
              int           detail,
              void         *user_data)
{
  domain_changed (user_data, domain);

  return 0;
}

static void
generic_cb (virConnectPtr  connect,
            virDomainPtr   domain,
            void          *user_data)
{
  domain_changed (user_data, domain);
}

static void
reboot_cb (virConnectPtr  connect,
           virDomainPtr   domain,
           void          *user_data)
{
  Watch *watch = user_data;
  g_autoptr(GObject) owner = g_weak_ref_get (&watch->owner);

  if (owner != NULL)
    watch->events->rebooted (owner, watch->serial, domain);
}

static void
balloon_cb (virConnectPtr       connect,
            virDomainPtr        domain,
            unsigned long long  actual,
            void               *user_data)
{
  Watch *watch = user_data;
  g_autoptr(GObject) owner = g_weak_ref_get (&watch->owner);

  if (owner != NULL)
    watch->events->memory_changed (owner, watch->serial, domain, actual);
}

static void
power_cb (virConnectPtr  connect,
          virDomainPtr   domain,
          int            reason,
          void          *user_data)
{
  domain_changed (user_data, domain);
}

static void
metadata_cb (virConnectPtr  connect,
             virDomainPtr   domain,
             int            type,
             const char    *uri,
             void          *user_data)
{
  domain_changed (user_data, domain);
}

static void
agent_cb (virConnectPtr  connect,
          virDomainPtr   domain,
          int            state,
          int            reason,
          void          *user_data)
{
  domain_changed (user_data, domain);
}

static void
device_cb (virConnectPtr  connect,
           virDomainPtr   domain,
           const char    *alias,
           void          *user_data)
{
  domain_changed (user_data, domain);
}

static void
device_kept_cb (virConnectPtr  connect,
                virDomainPtr   domain,
                const char    *alias,
                void          *user_data)
{
  Watch *watch = user_data;
  g_autoptr(GObject) owner = g_weak_ref_get (&watch->owner);

  if (owner != NULL)
    watch->events->device_kept (owner, watch->serial, domain, alias);
}

static void
memory_device_cb (virConnectPtr       connect,
                  virDomainPtr        domain,
                  const char         *alias,
                  unsigned long long  size,
                  void               *user_data)
{
  domain_changed (user_data, domain);
}

static void
tunable_cb (virConnectPtr         connect,
            virDomainPtr          domain,
            virTypedParameterPtr  params,
            int                   n_params,
            void                 *user_data)
{
  domain_changed (user_data, domain);
}

static const struct
{
  int                               id;
  virConnectDomainEventGenericCallback callback;
} subscriptions[] =
{
  { VIR_DOMAIN_EVENT_ID_LIFECYCLE, VIR_DOMAIN_EVENT_CALLBACK (lifecycle_cb) },
  { VIR_DOMAIN_EVENT_ID_REBOOT, reboot_cb },
  { VIR_DOMAIN_EVENT_ID_CONTROL_ERROR, generic_cb },
  { VIR_DOMAIN_EVENT_ID_BALLOON_CHANGE, VIR_DOMAIN_EVENT_CALLBACK (balloon_cb) },
  { VIR_DOMAIN_EVENT_ID_PMWAKEUP, VIR_DOMAIN_EVENT_CALLBACK (power_cb) },
  { VIR_DOMAIN_EVENT_ID_PMSUSPEND, VIR_DOMAIN_EVENT_CALLBACK (power_cb) },
  { VIR_DOMAIN_EVENT_ID_PMSUSPEND_DISK, VIR_DOMAIN_EVENT_CALLBACK (power_cb) },
  { VIR_DOMAIN_EVENT_ID_METADATA_CHANGE, VIR_DOMAIN_EVENT_CALLBACK (metadata_cb) },
  { VIR_DOMAIN_EVENT_ID_AGENT_LIFECYCLE, VIR_DOMAIN_EVENT_CALLBACK (agent_cb) },
  { VIR_DOMAIN_EVENT_ID_DEVICE_ADDED, VIR_DOMAIN_EVENT_CALLBACK (device_cb) },
  { VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED, VIR_DOMAIN_EVENT_CALLBACK (device_cb) },
  { VIR_DOMAIN_EVENT_ID_DEVICE_REMOVAL_FAILED, VIR_DOMAIN_EVENT_CALLBACK (device_kept_cb) },
  { VIR_DOMAIN_EVENT_ID_MEMORY_DEVICE_SIZE_CHANGE, VIR_DOMAIN_EVENT_CALLBACK (memory_device_cb) },
  { VIR_DOMAIN_EVENT_ID_TUNABLE, VIR_DOMAIN_EVENT_CALLBACK (tunable_cb) },
};

static gboolean
closed_idle_cb (gpointer user_data)
{
  Closed *closed = user_data;
  Watch *watch = closed->watch;
  g_autoptr(GObject) owner = g_weak_ref_get (&watch->owner);

  if (owner != NULL)
    watch->events->closed (owner, watch->serial, closed->error);

  return G_SOURCE_REMOVE;
}

static void
closed_free (gpointer data)
{
  Closed *closed = data;

  watch_unref (closed->watch);
  g_error_free (closed->error);
  g_free (closed);
}

static const char *
describe_close (int reason)
{
  switch (reason)
    {
    case VIR_CONNECT_CLOSE_REASON_EOF:
      return "the daemon closed the connection";

    case VIR_CONNECT_CLOSE_REASON_KEEPALIVE:
      return "the daemon does not answer";

    default:
      return "the connection was lost";
    }
}

/* On any thread. */
static void
close_cb (virConnectPtr  connect,
          int            reason,
          void          *user_data)
{
  Watch *watch = user_data;
  Closed *closed;

  if (reason == VIR_CONNECT_CLOSE_REASON_CLIENT)
    return;

  closed = g_new0 (Closed, 1);
  closed->watch = watch_ref (watch);
  closed->error = g_error_new_literal (LODGE_ERROR,
                                       reason == VIR_CONNECT_CLOSE_REASON_KEEPALIVE
                                       ? LODGE_ERROR_TIMED_OUT : LODGE_ERROR_DISCONNECTED,
                                       describe_close (reason));
  g_idle_add_full (G_PRIORITY_DEFAULT, closed_idle_cb, closed, closed_free);
}

static void
link_watch (LodgeLink *self,
            Watch     *watch)
{
  for (guint i = 0; i < G_N_ELEMENTS (subscriptions); i++)
    {
      int id = virConnectDomainEventRegisterAny (self->connect, NULL, subscriptions[i].id,
                                                 subscriptions[i].callback,
                                                 watch_ref (watch), watch_unref);

      /* Drivers have few of the events; what they lack cannot happen there. */
      if (id < 0)
        watch_unref (watch);
      else
        g_array_append_val (self->event_ids, id);
    }

  /* The test driver cannot lose a connection; it accepts the callback and never frees its data. */
  if (g_str_equal (self->driver, "TEST"))
    return;

  if (virConnectRegisterCloseCallback (self->connect, close_cb, watch_ref (watch), watch_unref) < 0)
    watch_unref (watch);
  else
    self->has_close_callback = TRUE;
}

/* Blocks. @owner: weakly referenced; whom @events are told, on the main thread. */
LodgeLink *
lodge_link_open (const char             *uri,
                 const LodgeLinkEvents  *events,
                 GWeakRef               *owner,
                 GError                **error)
{
  g_autoptr(GObject) target = NULL;
  virConnectPtr connect;
  const char *driver;
  LodgeLink *self;
  Watch *watch;

  if ((connect = virConnectOpen (uri)) == NULL)
    {
      lodge_libvirt_fail (error);
      return NULL;
    }

  /* The daemon is asked for it. */
  if ((driver = virConnectGetType (connect)) == NULL)
    {
      lodge_libvirt_fail (error);
      virConnectClose (connect);
      return NULL;
    }

  self = g_new0 (LodgeLink, 1);
  self->serial = g_atomic_int_add (&serials, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->connect = connect;
  self->driver = g_strdup (driver);
  self->event_ids = g_array_new (FALSE, FALSE, sizeof (int));
  g_mutex_init (&self->definition_lock);
  self->connection = g_object_new (GVIR_TYPE_CONNECTION, "uri", uri, "handle", connect, NULL);

  watch = g_new0 (Watch, 1);
  g_atomic_ref_count_init (&watch->ref_count);
  target = g_weak_ref_get (owner);
  g_weak_ref_init (&watch->owner, target);
  watch->events = events;
  watch->serial = self->serial;
  link_watch (self, watch);
  watch_unref (watch);

  return self;
}

LodgeLink *
lodge_link_ref (LodgeLink *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

static void
link_free (gpointer data)
{
  LodgeLink *self = data;

  for (guint i = 0; i < self->event_ids->len; i++)
    virConnectDomainEventDeregisterAny (self->connect, g_array_index (self->event_ids, int, i));

  /* If the daemon is dead this fails, and the callback comes later; it has a reference. */
  if (self->has_close_callback)
    virConnectUnregisterCloseCallback (self->connect, close_cb);

  g_array_unref (self->event_ids);
  g_mutex_clear (&self->definition_lock);
  g_object_unref (self->connection);
  virConnectClose (self->connect);
  g_free (self->driver);
  g_free (self);
}

/* On any thread; never waits. */
void
lodge_link_unref (LodgeLink *self)
{
  if (g_atomic_ref_count_dec (&self->ref_count))
    lodge_libvirt_release (self, link_free);
}

virConnectPtr
lodge_link_get_connect (LodgeLink *self)
{
  return self->connect;
}

/* A number that no other link has had. */
guint
lodge_link_get_serial (LodgeLink *self)
{
  return self->serial;
}

/* What libvirt calls the driver: QEMU, LXC, TEST … */
const char *
lodge_link_get_driver (LodgeLink *self)
{
  return self->driver;
}

/* For who reads a definition, or what of it is in the metadata, to write it back, on a worker thread:
 * another may be between reading and writing.
 */
GMutex *
lodge_link_get_definition_lock (LodgeLink *self)
{
  return &self->definition_lock;
}
