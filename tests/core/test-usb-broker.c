/* test-usb-broker.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/wait.h>

#include "lodge-core.h"
#include "lodge-host.h"
#include "lodge-machine.h"
#include "lodge-usb-broker.h"
#include "lodge-usb-device-private.h"
#include "lodge-usb-safety-private.h"
#include "test-await.h"
#include "test-usb-route.h"
#include "test-usb-tree.h"
#include "test-wait.h"

#define CLASS_STORAGE 8
#define CLASS_CAMERA  14

typedef struct
{
  GListStore     *devices;
  GListStore     *hosts;
  LodgeMachine   *machine;
  TestUsbRoute   *route;
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

  fixture->route = test_usb_route_new ();
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

/* Plugs @device in, which is the fixture's from then on. */
static LodgeUsbPlug *
plug_in_device (Fixture        *fixture,
                LodgeUsbDevice *device)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (fixture->devices));
  g_autoptr(LodgeUsbPlug) plug = NULL;

  g_list_store_append (fixture->devices, device);
  g_object_unref (device);
  plug = g_list_model_get_item (G_LIST_MODEL (fixture->broker), n);

  return plug;
}

/* A camera: @address tells one plugging from another. */
static LodgeUsbPlug *
plug_in (Fixture    *fixture,
         guint       address,
         const char *serial)
{
  return plug_in_device (fixture, test_usb_device_new (address, CLASS_CAMERA, serial, "Camera"));
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

/* A guest that lets go of a device resets it, and some come back from that under another address. */
static void
test_keeps_what_was_reset (Fixture       *fixture,
                           gconstpointer  data)
{
  LodgeUsbPlug *plug = plug_in (fixture, 5, "A");
  g_autoptr(LodgeUsbDevice) before = g_object_ref (lodge_usb_plug_get_device (plug));
  LodgeUsbDevice *after = test_usb_device_new (6, CLASS_CAMERA, "A", "Camera");
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  write_always (fixture, plug);
  test_wait_property (plug, "state", LODGE_USB_PLUG_GIVEN);
  lodge_usb_broker_take_async (fixture->broker, plug, test_await_cb, &result);
  finish (test_await (&result), &error);
  g_assert_no_error (error);

  unplug (fixture);
  _lodge_usb_device_set_predecessor (after, before);
  plug = plug_in_device (fixture, after);
  while (g_main_context_iteration (NULL, FALSE));
  g_assert_cmpint (lodge_usb_plug_get_state (plug), ==, LODGE_USB_PLUG_HERE);
  g_assert_cmpuint (fixture->route->n_given, ==, 1);

  /* Unplugged by hand and plugged in again, the rule holds. */
  unplug (fixture);
  plug = plug_in (fixture, 7, "A");
  test_wait_property (plug, "state", LODGE_USB_PLUG_GIVEN);
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

  test_usb_route_hold (fixture->route, lodge_usb_plug_get_device (plug), fixture->machine, TRUE);
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
  test_usb_tree_mount (tree, "3-5", mountinfo, "/media/stick");
  _lodge_usb_safety_use_sources (&sources);

  plug = plug_in_device (fixture, test_usb_device_new_at (path, 5, CLASS_STORAGE, "A", "Stick"));
  lodge_usb_broker_give_async (fixture->broker, plug, fixture->machine, test_await_cb, &result);
  g_assert_false (finish (test_await (&result), &error));
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_DEVICE_IN_USE);
  g_assert_cmpint (lodge_usb_plug_get_safety (plug), ==, LODGE_USB_SAFETY_MOUNTED);
  g_assert_cmpstr (lodge_usb_plug_get_usage (plug)->mount_points[0], ==, "/media/stick");
  g_assert_cmpint (lodge_usb_plug_get_state (plug), ==, LODGE_USB_PLUG_HERE);
  g_assert_cmpuint (fixture->route->n_given, ==, 0);

  /* Who asked for it has the answer; by a rule it is not given either, of which the user hears once. */
  g_assert_cmpuint (fixture->n_held_up, ==, 0);
  write_always (fixture, plug);
  test_wait (fixture->n_held_up == 1);
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
  plug = plug_in_device (fixture, test_usb_device_new (5, CLASS_STORAGE, "A", "Stick"));
  give (fixture, plug);
  g_assert_cmpuint (fixture->route->n_given, ==, 1);

  lodge_host_close (host);
  g_unlink (path);
  g_rmdir (folder);
}

static LodgeUsbFacts *
read_camera (TestUsbTree *tree)
{
  g_autoptr(GError) error = NULL;
  LodgeUsbFacts *facts = lodge_usb_read_device (tree->sysfs, "3-5", &error);

  g_assert_no_error (error);

  return facts;
}

/* A program that lives, and has a device open as far as the tree's own /proc says. */
static GPid
open_device (TestUsbTree *tree,
             const char  *node,
             const char  *name)
{
  const char *argv[] = { "sleep", "1000", NULL };
  g_autofree char *comm = NULL;
  g_autofree char *link = NULL;
  g_autoptr(GError) error = NULL;
  GPid pid;

  g_spawn_async (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                 &error);
  g_assert_no_error (error);
  comm = g_strdup_printf ("proc/%d/comm", pid);
  link = g_strdup_printf ("proc/%d/fd/7", pid);
  test_usb_tree_write (tree, comm, name, -1);
  test_usb_tree_link (tree, link, node);

  return pid;
}

static void
close_device (TestUsbTree *tree,
              GPid         pid)
{
  g_autofree char *link = g_strdup_printf ("%s/proc/%d/fd/7", tree->sysfs, pid);

  g_assert_cmpint (g_unlink (link), ==, 0);
  g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
  g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
}

/* A driver that does not come back to its device. */
static void
test_says_what_holds_a_device (Fixture       *fixture,
                               gconstpointer  data)
{
  g_autoptr(TestUsbTree) tree = test_usb_tree_new ();
  g_autofree char *proc = g_build_filename (tree->sysfs, "proc", NULL);
  LodgeUsbSources sources = { .sysfs = tree->sysfs, .mountinfo = "/nothing", .swaps = "/nothing", .proc = proc };
  g_autofree char *folder = test_usb_tree_add_device (tree, "3-5", 5, 0x04a9, 0x32cf);
  g_autofree char *interface = test_usb_tree_add_interface (tree, "3-5", 0, CLASS_CAMERA, 1, 0, "uvcvideo");
  g_autofree char *driver = g_build_filename (tree->sysfs, interface, "driver", NULL);
  g_autofree char *relative = g_build_filename (interface, "driver", NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  LodgeUsbDevice *device = _lodge_usb_device_new (read_camera (tree), TRUE, g_get_monotonic_time ());
  LodgeUsbPlug *plug;
  GPid first;
  GPid second;

  _lodge_usb_safety_use_sources (&sources);
  plug = plug_in_device (fixture, device);
  give (fixture, plug);
  g_assert_cmpint (g_unlink (driver), ==, 0);
  test_usb_tree_link (tree, relative, "/sys/bus/usb/drivers/usbfs");
  g_assert_true (_lodge_usb_device_apply (device, read_camera (tree)));
  g_assert_null (lodge_usb_plug_get_custody (plug));

  lodge_usb_broker_take_async (fixture->broker, plug, test_await_cb, &result);
  g_assert_true (finish (test_await (&result), &error));
  g_assert_no_error (error);
  g_assert_null (lodge_usb_plug_get_custody (plug));

  /* Some program has it. */
  test_wait (lodge_usb_plug_get_custody (plug) != NULL);
  g_assert_false (lodge_usb_plug_get_custody (plug)->is_back);
  g_assert_null (lodge_usb_plug_get_custody (plug)->driver);
  g_assert_null (lodge_usb_plug_get_custody (plug)->program);

  /* Who looks at it learns which one, and it is known when that ends. */
  first = open_device (tree, lodge_usb_device_get_node (device), "scanner");
  lodge_usb_broker_inspect (fixture->broker, plug);
  test_wait (g_strcmp0 (lodge_usb_plug_get_custody (plug)->program, "scanner") == 0);
  second = open_device (tree, lodge_usb_device_get_node (device), "player");
  close_device (tree, first);
  test_wait (g_strcmp0 (lodge_usb_plug_get_custody (plug)->program, "player") == 0);
  close_device (tree, second);
  test_wait (lodge_usb_plug_get_custody (plug)->program == NULL);

  /* Now nobody has it, and then its driver. */
  g_assert_cmpint (g_unlink (driver), ==, 0);
  g_assert_true (_lodge_usb_device_apply (device, read_camera (tree)));
  test_usb_tree_link (tree, relative, "/sys/bus/usb/drivers/uvcvideo");
  g_assert_true (_lodge_usb_device_apply (device, read_camera (tree)));
  test_wait (lodge_usb_plug_get_custody (plug) == NULL);

  _lodge_usb_safety_use_sources (NULL);
}

/* A guest that does not let go keeps it, and the user hears of it. */
static void
test_release_fails (Fixture       *fixture,
                    gconstpointer  data)
{
  LodgeUsbPlug *plug = plug_in (fixture, 5, "A");
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  give (fixture, plug);
  fixture->route->n_take_failures = 1;
  lodge_usb_broker_take_async (fixture->broker, plug, test_await_cb, &result);
  g_assert_false (finish (test_await (&result), &error));
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_TIMED_OUT);
  g_assert_cmpint (lodge_usb_plug_get_state (plug), ==, LODGE_USB_PLUG_GIVEN);
  g_assert_error (lodge_usb_plug_get_error (plug), LODGE_ERROR, LODGE_ERROR_TIMED_OUT);
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
  ADD ("reset", test_keeps_what_was_reset);
  ADD ("not-ready", test_tries_again_what_is_not_ready);
  ADD ("no-way", test_says_why_there_is_no_way);
  ADD ("foreign", test_leaves_to_others_what_they_gave);
  ADD ("renew", test_renews_after_sleep);
  ADD ("ask", test_asks_for_the_guest_in_front);
  ADD ("waits-for-udev", test_waits_for_udev);
  ADD ("mounted", test_keeps_what_is_mounted);
  ADD ("all-guests", test_waits_for_all_guests);
  ADD ("custody", test_says_what_holds_a_device);
  ADD ("release-fails", test_release_fails);
#undef ADD

  return g_test_run ();
}
