/* test-usb-broker.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>

#include "lodge-core.h"
#include "lodge-error.h"
#include "lodge-host.h"
#include "lodge-machine.h"
#include "lodge-usb-broker.h"
#include "lodge-usb-device-private.h"
#include "lodge-usb-safety-private.h"
#include "test-await.h"
#include "test-usb-tree.h"
#include "test-wait.h"

/* A route that gives and takes at once, or fails as it is told. */
#define TEST_TYPE_ROUTE (test_route_get_type ())

G_DECLARE_FINAL_TYPE (TestRoute, test_route, TEST, ROUTE, GObject)

struct _TestRoute
{
  GObject     parent_instance;
  GPtrArray  *holdings;
  guint       n_given;
  guint       n_failures;    /* to come */
  LodgeHost  *awaited;       /* must be known before anything is given */
  LodgeError  failure;
  guint       is_closed : 1;
};

static LodgeUsbRouteKind
test_route_get_kind (LodgeUsbRoute *route)
{
  return LODGE_USB_ROUTE_HOSTDEV;
}

static gboolean
test_route_check (LodgeUsbRoute   *route,
                  LodgeUsbDevice  *device,
                  LodgeMachine    *machine,
                  GError         **error)
{
  if (!TEST_ROUTE (route)->is_closed)
    return TRUE;

  g_set_error_literal (error, LODGE_ERROR, LODGE_ERROR_DENIED, "Permission denied");
  return FALSE;
}

static GPtrArray *
test_route_dup_holdings (LodgeUsbRoute *route,
                         LodgeMachine  *machine)
{
  TestRoute *self = TEST_ROUTE (route);
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify)lodge_usb_holding_free);

  for (guint i = 0; i < self->holdings->len; i++)
    {
      LodgeUsbHolding *holding = g_ptr_array_index (self->holdings, i);

      if (holding->machine == machine)
        g_ptr_array_add (found, lodge_usb_holding_copy (holding));
    }

  return found;
}

static void
hold (TestRoute      *self,
      LodgeUsbDevice *device,
      LodgeMachine   *machine,
      gboolean        is_foreign)
{
  g_autofree char *alias = g_strdup_printf ("ua-%u", ++self->n_given);
  LodgeUsbHolding *holding = lodge_usb_holding_new (machine, alias);

  holding->bus = lodge_usb_device_get_bus (device);
  holding->address = lodge_usb_device_get_address (device);
  holding->is_foreign = is_foreign;
  g_ptr_array_add (self->holdings, holding);
}

static void
test_route_give_async (LodgeUsbRoute       *route,
                       LodgeUsbDevice      *device,
                       LodgeMachine        *machine,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  TestRoute *self = TEST_ROUTE (route);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  if (self->awaited != NULL)
    {
      g_autoptr(LodgeMachine) other = lodge_host_dup_machine (self->awaited, "other");

      g_assert_nonnull (other);
      g_assert_true (lodge_machine_is_defined (other));
    }

  if (self->n_failures > 0)
    {
      self->n_failures--;
      g_task_return_new_error (task, LODGE_ERROR, self->failure, "Not this time");
      return;
    }

  hold (self, device, machine, FALSE);
  g_task_return_boolean (task, TRUE);
}

static gboolean
test_route_finish (LodgeUsbRoute  *route,
                   GAsyncResult   *result,
                   GError        **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
test_route_take_async (LodgeUsbRoute       *route,
                       LodgeUsbHolding     *holding,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  TestRoute *self = TEST_ROUTE (route);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  for (guint i = 0; i < self->holdings->len; i++)
    {
      LodgeUsbHolding *mine = g_ptr_array_index (self->holdings, i);

      if (g_str_equal (mine->alias, holding->alias))
        {
          g_ptr_array_remove_index (self->holdings, i);
          break;
        }
    }

  g_task_return_boolean (task, TRUE);
}

static void
test_route_iface_init (LodgeUsbRouteInterface *iface)
{
  iface->get_kind = test_route_get_kind;
  iface->check = test_route_check;
  iface->dup_holdings = test_route_dup_holdings;
  iface->give_async = test_route_give_async;
  iface->give_finish = test_route_finish;
  iface->take_async = test_route_take_async;
  iface->take_finish = test_route_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestRoute, test_route, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LODGE_TYPE_USB_ROUTE, test_route_iface_init))

static void
test_route_finalize (GObject *object)
{
  g_ptr_array_unref (TEST_ROUTE (object)->holdings);

  G_OBJECT_CLASS (test_route_parent_class)->finalize (object);
}

static void
test_route_class_init (TestRouteClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_route_finalize;
}

static void
test_route_init (TestRoute *self)
{
  self->holdings = g_ptr_array_new_with_free_func ((GDestroyNotify)lodge_usb_holding_free);
}

typedef struct
{
  GListStore     *devices;
  GListStore     *hosts;
  LodgeMachine   *machine;
  TestRoute      *route;
  LodgeUsbBroker *broker;
  guint           n_asked;
  guint           n_held_up;
} Fixture;

static void
asked_cb (Fixture *fixture)
{
  fixture->n_asked++;
}

/* libvirt's test driver has one guest, which runs. */
static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(LodgeHost) host = lodge_host_new_for_uri ("test:///default");

  fixture->devices = g_list_store_new (LODGE_TYPE_USB_DEVICE);
  fixture->hosts = g_list_store_new (LODGE_TYPE_HOST);
  g_list_store_append (fixture->hosts, host);
  lodge_host_open_async (host, NULL, NULL, NULL);
  test_wait_property (host, "state", LODGE_HOST_STATE_OPEN);
  test_wait ((fixture->machine = lodge_host_dup_machine (host, "test")) != NULL);
  test_wait (lodge_machine_is_defined (fixture->machine));

  fixture->route = g_object_new (TEST_TYPE_ROUTE, NULL);
  fixture->broker = lodge_usb_broker_new (G_LIST_MODEL (fixture->devices), G_LIST_MODEL (fixture->hosts));
  lodge_usb_broker_add_route (fixture->broker, LODGE_USB_ROUTE (fixture->route));
  g_signal_connect_swapped (fixture->broker, "ask", G_CALLBACK (asked_cb), fixture);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(LodgeHost) host = g_list_model_get_item (G_LIST_MODEL (fixture->hosts), 0);

  g_clear_object (&fixture->broker);
  g_clear_object (&fixture->route);
  g_clear_object (&fixture->machine);
  g_clear_object (&fixture->devices);
  g_clear_object (&fixture->hosts);
  lodge_host_close (host);
}

#define CLASS_STORAGE 8
#define CLASS_VIDEO   14

/* Plugs a device in: @address tells one plugging from another. @sysfs_path: (nullable) */
static LodgeUsbPlug *
plug_in_at (Fixture    *fixture,
            const char *sysfs_path,
            guint       class,
            guint       address,
            const char *serial)
{
  LodgeUsbFacts *facts = lodge_usb_facts_new ();
  g_autoptr(LodgeUsbDevice) device = NULL;
  LodgeUsbInterface *interface;
  LodgeUsbPlug *plug;
  guint n = g_list_model_get_n_items (G_LIST_MODEL (fixture->devices));

  facts->port = g_strdup_printf ("3-%u", address);
  facts->place = g_strdup_printf ("pci-%u", address);
  facts->sysfs_path = g_strdup (sysfs_path);
  facts->bus = 3;
  facts->address = address;
  facts->vendor = 0x04a9;
  facts->product = 0x32cf;
  facts->serial = g_strdup (serial);
  facts->authorized = facts->configured = facts->bound = TRUE;
  interface = lodge_usb_facts_add_interface (facts);
  interface->class = class;
  device = _lodge_usb_device_new (facts, TRUE, g_get_monotonic_time ());
  g_list_store_append (fixture->devices, device);

  plug = g_list_model_get_item (G_LIST_MODEL (fixture->broker), n);
  g_object_unref (plug);

  return plug;
}

static LodgeUsbPlug *
plug_in (Fixture    *fixture,
         guint       address,
         const char *serial)
{
  return plug_in_at (fixture, NULL, CLASS_VIDEO, address, serial);
}

static void
unplug (Fixture *fixture)
{
  g_list_store_remove (fixture->devices, g_list_model_get_n_items (G_LIST_MODEL (fixture->devices)) - 1);
}

static gboolean
finish (GAsyncResult  *result,
        GError       **error)
{
  return lodge_usb_broker_finish (g_task_get_source_object (G_TASK (result)), result, error);
}

static void
give (Fixture      *fixture,
      LodgeUsbPlug *plug)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  lodge_usb_broker_give_async (fixture->broker, plug, fixture->machine, test_await_cb, &result);
  finish (test_await (&result), &error);
  g_assert_no_error (error);
}

static void
write_always (Fixture      *fixture,
              LodgeUsbPlug *plug)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  lodge_usb_broker_set_verdict_async (fixture->broker, plug, fixture->machine, LODGE_USB_VERDICT_ALWAYS,
                                      test_await_cb, &result);
  finish (test_await (&result), &error);
  g_assert_no_error (error);
}

static void
test_gives_and_takes_by_hand (Fixture       *fixture,
                              gconstpointer  data)
{
  LodgeUsbPlug *plug = plug_in (fixture, 5, "A");
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  give (fixture, plug);
  g_assert_cmpint (lodge_usb_plug_get_state (plug), ==, LODGE_USB_PLUG_GIVEN);
  g_assert_true (lodge_usb_plug_get_machine (plug) == fixture->machine);
  g_assert_cmpuint (fixture->route->holdings->len, ==, 1);

  lodge_usb_broker_take_async (fixture->broker, plug, test_await_cb, &result);
  finish (test_await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpint (lodge_usb_plug_get_state (plug), ==, LODGE_USB_PLUG_HERE);
  g_assert_null (lodge_usb_plug_get_machine (plug));
  g_assert_cmpuint (fixture->route->holdings->len, ==, 0);
}

static void
test_gives_by_rule_at_every_plugging (Fixture       *fixture,
                                      gconstpointer  data)
{
  write_always (fixture, plug_in (fixture, 5, "A"));

  for (guint address = 6; address < 26; address++)
    {
      LodgeUsbPlug *plug;

      /* What is left of the one that went is taken out of the guest. */
      unplug (fixture);
      test_wait (fixture->route->holdings->len == 0);
      plug = plug_in (fixture, address, "A");
      test_wait_property (plug, "state", LODGE_USB_PLUG_GIVEN);
      g_assert_cmpuint (fixture->route->holdings->len, ==, 1);
    }

  g_assert_cmpuint (fixture->n_asked, <=, 1);
}

static void
test_takes_back_what_left_while_on_its_way (Fixture       *fixture,
                                            gconstpointer  data)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  lodge_usb_broker_give_async (fixture->broker, plug_in (fixture, 5, "A"), fixture->machine,
                               test_await_cb, &result);
  unplug (fixture);
  g_assert_false (finish (test_await (&result), &error));
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_GONE);
  test_wait (fixture->route->holdings->len == 0);
}

static void
test_tries_again_what_is_not_ready (Fixture       *fixture,
                                    gconstpointer  data)
{
  LodgeUsbPlug *plug = plug_in (fixture, 5, "A");

  fixture->route->n_failures = 2;
  fixture->route->failure = LODGE_ERROR_GONE;
  give (fixture, plug);
  g_assert_cmpint (lodge_usb_plug_get_state (plug), ==, LODGE_USB_PLUG_GIVEN);
  g_assert_null (lodge_usb_plug_get_error (plug));
}

static void
test_says_why_there_is_no_way (Fixture       *fixture,
                               gconstpointer  data)
{
  LodgeUsbPlug *plug = plug_in (fixture, 5, "A");
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  fixture->route->is_closed = TRUE;
  lodge_usb_broker_give_async (fixture->broker, plug, fixture->machine, test_await_cb, &result);
  g_assert_false (finish (test_await (&result), &error));
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_DENIED);
  g_assert_cmpint (lodge_usb_plug_get_state (plug), ==, LODGE_USB_PLUG_HERE);
  g_assert_error (lodge_usb_plug_get_error (plug), LODGE_ERROR, LODGE_ERROR_DENIED);
  g_assert_true (lodge_usb_plug_get_error_machine (plug) == fixture->machine);

  /* Once it can be, the user's next word does it. */
  fixture->route->is_closed = FALSE;
  give (fixture, plug);
  g_assert_null (lodge_usb_plug_get_error (plug));
}

static void
test_leaves_to_others_what_they_gave (Fixture       *fixture,
                                      gconstpointer  data)
{
  LodgeUsbPlug *plug = plug_in (fixture, 5, "A");

  hold (fixture->route, lodge_usb_plug_get_device (plug), fixture->machine, TRUE);
  lodge_usb_route_changed (LODGE_USB_ROUTE (fixture->route), fixture->machine);
  test_wait_property (plug, "state", LODGE_USB_PLUG_GIVEN);
  g_assert_true (lodge_usb_plug_is_foreign (plug));

  unplug (fixture);
  for (guint i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (fixture->route->holdings->len, ==, 1);
}

static void
test_renews_after_sleep (Fixture       *fixture,
                         gconstpointer  data)
{
  LodgeUsbPlug *plug = plug_in (fixture, 5, "A");

  give (fixture, plug);
  g_assert_cmpuint (fixture->route->n_given, ==, 1);
  lodge_usb_broker_renew (fixture->broker);
  test_wait (fixture->route->n_given == 2);
  test_wait_property (plug, "state", LODGE_USB_PLUG_GIVEN);
  g_assert_cmpuint (fixture->route->holdings->len, ==, 1);
}

static void
test_asks_for_the_guest_in_front (Fixture       *fixture,
                                  gconstpointer  data)
{
  LodgeUsbPlug *plug;

  lodge_usb_broker_set_front (fixture->broker, fixture->machine);
  plug = plug_in (fixture, 5, "A");
  test_wait (fixture->n_asked == 1);

  lodge_usb_broker_keep (fixture->broker, plug);
  for (guint i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (fixture->n_asked, ==, 1);
  g_assert_cmpint (lodge_usb_plug_get_state (plug), ==, LODGE_USB_PLUG_HERE);
}

/* A node that udev has not given to this user yet. */
static void
test_waits_for_udev (Fixture       *fixture,
                     gconstpointer  data)
{
  LodgeUsbPlug *plug = plug_in (fixture, 5, "A");
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  _lodge_usb_device_set_settled (lodge_usb_plug_get_device (plug), FALSE);
  fixture->route->is_closed = TRUE;
  lodge_usb_broker_give_async (fixture->broker, plug, fixture->machine, test_await_cb, &result);
  for (guint i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_null (result);
  g_assert_null (lodge_usb_plug_get_error (plug));

  fixture->route->is_closed = FALSE;
  _lodge_usb_device_set_settled (lodge_usb_plug_get_device (plug), TRUE);
  g_assert_true (finish (test_await (&result), &error));
  g_assert_no_error (error);
  g_assert_cmpint (lodge_usb_plug_get_state (plug), ==, LODGE_USB_PLUG_GIVEN);
}

static void
held_up_cb (Fixture *fixture)
{
  fixture->n_held_up++;
}

/* What is mounted here stays here until it is unmounted, whoever wants it. */
static void
test_keeps_what_is_mounted (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autoptr(TestUsbTree) tree = test_usb_tree_new ();
  g_autofree char *mountinfo = g_build_filename (tree->root, "mountinfo", NULL);
  g_autofree char *path = g_build_filename (tree->bus, "3-5", NULL);
  LodgeUsbSources sources = { .sysfs = tree->sysfs, .mountinfo = mountinfo, .swaps = "/nothing" };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  LodgeUsbPlug *plug;

  g_signal_connect_swapped (fixture->broker, "held-up", G_CALLBACK (held_up_cb), fixture);
  test_usb_tree_write (tree, "devices/pci0000:00/0000:00:14.0/usb3/3-5/3-5:1.0/block/sdb/dev",
                       "8:16\n", -1);
  test_usb_tree_link (tree, "class/block/sdb",
                      "../../devices/pci0000:00/0000:00:14.0/usb3/3-5/3-5:1.0/block/sdb");
  g_assert_true (g_file_set_contents (mountinfo, "30 1 8:16 / /media/stick rw - vfat /dev/sdb rw\n",
                                      -1, NULL));
  _lodge_usb_safety_use_sources (&sources);

  plug = plug_in_at (fixture, path, CLASS_STORAGE, 5, "A");
  lodge_usb_broker_give_async (fixture->broker, plug, fixture->machine, test_await_cb, &result);
  g_assert_false (finish (test_await (&result), &error));
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_DEVICE_IN_USE);
  g_assert_cmpint (lodge_usb_plug_get_safety (plug), ==, LODGE_USB_SAFETY_MOUNTED);
  g_assert_cmpstr (lodge_usb_plug_get_usage (plug)->mount_points[0], ==, "/media/stick");
  g_assert_cmpint (lodge_usb_plug_get_state (plug), ==, LODGE_USB_PLUG_HERE);
  g_assert_cmpuint (fixture->route->n_given, ==, 0);

  /* Nor by a rule, of which the user hears once. */
  test_wait (fixture->n_held_up == 1);
  write_always (fixture, plug);
  test_wait (fixture->n_held_up == 2);
  g_assert_cmpuint (fixture->route->n_given, ==, 0);

  g_assert_true (g_file_set_contents (mountinfo, "", -1, NULL));
  give (fixture, plug);
  g_assert_cmpint (lodge_usb_plug_get_safety (plug), ==, LODGE_USB_SAFETY_FREE);
  g_assert_null (lodge_usb_plug_get_usage (plug));
  g_assert_cmpint (lodge_usb_plug_get_state (plug), ==, LODGE_USB_PLUG_GIVEN);

  _lodge_usb_safety_use_sources (NULL);
}

/* The disc of a guest of which nothing was heard yet may be on it. */
static void
test_waits_for_all_guests (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autofree char *folder = g_dir_make_tmp ("lodge-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "host.xml", NULL);
  g_autofree char *uri = g_strconcat ("test://", path, NULL);
  g_autoptr(LodgeHost) host = lodge_host_new_for_uri (uri);
  LodgeUsbPlug *plug;

  g_assert_true (g_file_set_contents (path, "<node><domain type='test'><name>other</name><memory>8192</memory>"
                                      "<os><type>hvm</type></os></domain></node>", -1, NULL));
  g_list_store_append (fixture->hosts, host);
  lodge_host_open_async (host, NULL, NULL, NULL);
  g_assert_cmpint (lodge_host_get_state (host), ==, LODGE_HOST_STATE_CONNECTING);

  fixture->route->awaited = host;
  plug = plug_in_at (fixture, NULL, CLASS_STORAGE, 5, "A");
  give (fixture, plug);
  g_assert_cmpuint (fixture->route->n_given, ==, 1);

  lodge_host_close (host);
  g_unlink (path);
  g_rmdir (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  lodge_core_init ();

#define ADD(name, func) \
  g_test_add ("/core/usb-broker/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("by-hand", test_gives_and_takes_by_hand);
  ADD ("by-rule", test_gives_by_rule_at_every_plugging);
  ADD ("left-on-its-way", test_takes_back_what_left_while_on_its_way);
  ADD ("not-ready", test_tries_again_what_is_not_ready);
  ADD ("no-way", test_says_why_there_is_no_way);
  ADD ("foreign", test_leaves_to_others_what_they_gave);
  ADD ("renew", test_renews_after_sleep);
  ADD ("ask", test_asks_for_the_guest_in_front);
  ADD ("waits-for-udev", test_waits_for_udev);
  ADD ("mounted", test_keeps_what_is_mounted);
  ADD ("all-guests", test_waits_for_all_guests);
#undef ADD

  return g_test_run ();
}
