/* test-usb-attendant.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <adwaita.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "lodge-core.h"
#include "lodge-host-list.h"
#include "lodge-settings.h"
#include "lodge-usb-attendant.h"
#include "lodge-usb-broker.h"
#include "lodge-usb-monitor.h"
#include "lodge-usb-safety-private.h"
#include "lodge-window.h"
#include "test-await.h"
#include "test-bus.h"
#include "test-usb-bus.h"
#include "test-usb-route.h"
#include "test-wait.h"
#include "test-widgets.h"

/* All that happens without a window, from what the kernel says to what the desktop is told: devices are
 * those of a mock bus, the system's and the session's message bus are one of the test's own, on which it
 * is logind, the desktop and UDisks.
 */

#define NOTIFICATIONS "org.freedesktop.Notifications"
#define LOGIND        "org.freedesktop.login1"
#define UDISKS        "org.freedesktop.UDisks2"
#define CLASS_STORAGE 8
#define CLASS_CAMERA  14

typedef struct
{
  UMockdevTestbed    *bus;
  LodgeHostList      *hosts;
  LodgeHost          *host;
  LodgeMachine       *one;
  LodgeMachine       *two;
  LodgeUsbAttendant  *attendant;
  LodgeUsbBroker     *broker;
  TestUsbRoute       *route;
  char               *file;
  char               *mountinfo;
  LodgeUsbSources     sources;
} Fixture;

static GtkApplication *app;
static GDBusConnection *desktop;
static GVariant *last_notification;
static guint n_withdrawn;
static const char *mountinfo;  /* of the running case */

static void
called_cb (GDBusConnection       *connection,
           const char            *sender,
           const char            *object_path,
           const char            *interface_name,
           const char            *method_name,
           GVariant              *parameters,
           GDBusMethodInvocation *invocation,
           gpointer               user_data)
{
  if (g_str_equal (method_name, "Notify"))
    {
      g_clear_pointer (&last_notification, g_variant_unref);
      last_notification = g_variant_ref (parameters);
      g_dbus_method_invocation_return_value (invocation, g_variant_new ("(u)", 7));
    }
  else if (g_str_equal (method_name, "ResolveDevice"))
    {
      g_dbus_method_invocation_return_value (invocation, g_variant_new_parsed ("([objectpath '/stick'],)"));
    }
  else if (g_str_equal (method_name, "Unmount"))
    {
      g_assert_true (g_file_set_contents (mountinfo, "", -1, NULL));
      g_dbus_method_invocation_return_value (invocation, NULL);
    }
  else
    {
      n_withdrawn += g_str_equal (method_name, "CloseNotification");
      g_dbus_method_invocation_return_value (invocation, NULL);
    }
}

static const char interfaces_xml[] =
  "<node><interface name='" NOTIFICATIONS "'>"
  "<method name='Notify'><arg type='s' direction='in'/><arg type='u' direction='in'/>"
  "<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/>"
  "<arg type='as' direction='in'/><arg type='a{sv}' direction='in'/><arg type='i' direction='in'/>"
  "<arg type='u' direction='out'/></method>"
  "<method name='CloseNotification'><arg type='u' direction='in'/></method>"
  "</interface>"
  "<interface name='" UDISKS ".Manager'>"
  "<method name='ResolveDevice'><arg type='a{sv}' direction='in'/><arg type='a{sv}' direction='in'/>"
  "<arg type='ao' direction='out'/></method></interface>"
  "<interface name='" UDISKS ".Filesystem'>"
  "<method name='Unmount'><arg type='a{sv}' direction='in'/></method></interface>"
  "</node>";

/* Before anything asks for a bus. */
static GTestDBus *
start_desktop (void)
{
  static const char * const paths[] = {
    "/org/freedesktop/Notifications", "/org/freedesktop/UDisks2/Manager", "/stick"
  };
  GTestDBus *bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_autofree char *display = g_strdup (g_getenv ("DISPLAY"));
  g_autofree char *folder = g_strdup (g_getenv ("XDG_RUNTIME_DIR"));

  /* Which forgets the screen, too. */
  g_test_dbus_up (bus);
  g_setenv ("DISPLAY", display, TRUE);
  g_setenv ("XDG_RUNTIME_DIR", folder, TRUE);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", g_test_dbus_get_bus_address (bus), TRUE);
  desktop = test_bus_connect (bus);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    test_bus_serve (desktop, paths[i], interfaces_xml, i, called_cb, NULL);
  test_bus_own (desktop, NOTIFICATIONS);
  test_bus_own (desktop, UDISKS);
  test_bus_own (desktop, LOGIND);

  return bus;
}

static void
say_on_bus (const char *path,
            const char *interface,
            const char *name,
            GVariant   *parameters)
{
  g_autoptr(GError) error = NULL;

  g_dbus_connection_emit_signal (desktop, NULL, path, interface, name, parameters, &error);
  g_assert_no_error (error);
  g_dbus_connection_flush_sync (desktop, NULL, &error);
  g_assert_no_error (error);
}

static LodgeMachine *
await_machine (Fixture    *fixture,
               const char *name)
{
  g_autoptr(LodgeMachine) machine = NULL;

  test_wait ((machine = lodge_host_dup_machine (fixture->host, name)) != NULL);
  test_wait (lodge_machine_is_defined (machine));

  return g_steal_pointer (&machine);
}

/* Two guests that run. */
static void
open_hosts (Fixture *fixture)
{
  const char *none[] = { NULL };
  g_autofree char *uri = NULL;
  int fd = g_file_open_tmp ("lodge-host-XXXXXX.xml", &fixture->file, NULL);

  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (fixture->file,
                                      "<node><domain type='test'><name>one</name><memory>8192</memory>"
                                      "<os><type>hvm</type></os></domain>"
                                      "<domain type='test'><name>two</name><title>The Second</title>"
                                      "<memory>8192</memory><os><type>hvm</type></os></domain></node>",
                                      -1, NULL));
  uri = g_strconcat ("test://", fixture->file, NULL);
  g_settings_set_strv (lodge_settings_get (), "hosts", none);
  fixture->hosts = lodge_host_list_new (lodge_settings_get ());
  fixture->host = g_object_ref (lodge_host_list_add (fixture->hosts, uri, TRUE));
  test_wait_property (fixture->host, "state", LODGE_HOST_STATE_OPEN);
  fixture->one = await_machine (fixture, "one");
  fixture->two = await_machine (fixture, "two");
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(LodgeUsbMonitor) monitor = NULL;

  fixture->bus = test_usb_bus_new ();
  g_close (g_file_open_tmp ("lodge-mountinfo-XXXXXX", &fixture->mountinfo, NULL), NULL);
  mountinfo = fixture->mountinfo;
  fixture->sources = (LodgeUsbSources) {
    .sysfs = "/sys", .mountinfo = mountinfo, .swaps = "/nothing"
  };
  _lodge_usb_safety_use_sources (&fixture->sources);
  open_hosts (fixture);
  fixture->attendant = lodge_usb_attendant_new (app, fixture->hosts);
  fixture->broker = lodge_usb_broker_get_default ();
  fixture->route = test_usb_route_new ();
  lodge_usb_broker_add_route (fixture->broker, LODGE_USB_ROUTE (fixture->route));
  g_clear_pointer (&last_notification, g_variant_unref);

  /* What is there before is not new. */
  monitor = lodge_usb_monitor_dup_default ();
  test_wait_property (monitor, "state", LODGE_USB_MONITOR_RUNNING);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_clear_object (&fixture->attendant);
  g_clear_object (&fixture->route);
  g_clear_object (&fixture->one);
  g_clear_object (&fixture->two);
  g_clear_object (&fixture->host);
  g_clear_object (&fixture->hosts);
  g_object_unref (fixture->bus);
  _lodge_usb_safety_use_sources (NULL);
  g_unlink (fixture->mountinfo);
  g_free (fixture->mountinfo);
  g_unlink (fixture->file);
  g_free (fixture->file);
}

static void
plug_in_at (Fixture    *fixture,
            const char *port,
            guint       address)
{
  test_usb_bus_plug (fixture->bus, port, address, 0x04a9, 0x32cf, "A", CLASS_CAMERA, NULL);
}

static void
plug_in (Fixture *fixture,
         guint    address)
{
  plug_in_at (fixture, "3-1", address);
}

static LodgeUsbPlug *
await_plug (Fixture *fixture)
{
  g_autoptr(LodgeUsbPlug) plug = NULL;

  test_wait (g_list_model_get_n_items (G_LIST_MODEL (fixture->broker)) == 1);
  plug = g_list_model_get_item (G_LIST_MODEL (fixture->broker), 0);

  return plug;
}

static void
write_always (Fixture      *fixture,
              LodgeMachine *machine)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  lodge_usb_broker_set_kind_verdict_async (fixture->broker, LODGE_USB_KIND_CAMERA, machine,
                                           LODGE_USB_VERDICT_ALWAYS, test_await_cb, &result);
  lodge_usb_broker_finish (fixture->broker, test_await (&result), &error);
  g_assert_no_error (error);
}

static void
sleep_begins (gboolean begins)
{
  say_on_bus ("/org/freedesktop/login1", LOGIND ".Manager", "PrepareForSleep", g_variant_new ("(b)", begins));
}

/* The program listens to logind as soon as the bus has answered it, which nothing tells. */
static gboolean
wake_again_cb (gpointer user_data)
{
  sleep_begins (FALSE);

  return G_SOURCE_CONTINUE;
}

static LodgeUsbHolding *
get_holding (Fixture *fixture)
{
  g_assert_cmpuint (fixture->route->holdings->len, ==, 1);

  return g_ptr_array_index (fixture->route->holdings, 0);
}

/* QEMU's hold on a device is void after the computer has slept. */
static void
test_sleep (Fixture       *fixture,
            gconstpointer  data)
{
  LodgeUsbPlug *plug;
  guint id;

  write_always (fixture, fixture->one);
  plug_in (fixture, 5);
  plug = await_plug (fixture);
  test_wait_property (plug, "state", LODGE_USB_PLUG_GIVEN);
  g_assert_cmpuint (fixture->route->n_given, ==, 1);

  sleep_begins (TRUE);
  test_run_for (200);
  g_assert_cmpuint (fixture->route->n_given, ==, 1);

  wake_again_cb (NULL);
  id = g_timeout_add_seconds (2, wake_again_cb, NULL);
  test_wait (fixture->route->n_given >= 2);
  g_source_remove (id);
  test_wait_property (plug, "state", LODGE_USB_PLUG_GIVEN);
  g_assert_true (get_holding (fixture)->machine == fixture->one);

  /* In the middle of being given. */
  test_usb_bus_unplug (fixture->bus, "3-1");
  test_wait (fixture->route->holdings->len == 0);
  plug_in (fixture, 6);
  sleep_begins (TRUE);
  sleep_begins (FALSE);
  test_wait (fixture->route->holdings->len == 1 && get_holding (fixture)->address == 6);
  test_wait_property (await_plug (fixture), "state", LODGE_USB_PLUG_GIVEN);
}

/* It came back with another number while nobody listened. */
static void
test_changed_in_sleep (Fixture       *fixture,
                       gconstpointer  data)
{
  guint id;

  write_always (fixture, fixture->one);
  plug_in (fixture, 5);
  test_wait_property (await_plug (fixture), "state", LODGE_USB_PLUG_GIVEN);

  sleep_begins (TRUE);
  umockdev_testbed_set_attribute (fixture->bus, "/sys/devices/0000:00:14.0/usb3/3-1", "devnum", "9");
  wake_again_cb (NULL);
  id = g_timeout_add_seconds (2, wake_again_cb, NULL);
  test_wait (fixture->route->holdings->len == 1 && get_holding (fixture)->address == 9);
  g_source_remove (id);
  g_assert_true (get_holding (fixture)->machine == fixture->one);
  test_wait_property (await_plug (fixture), "state", LODGE_USB_PLUG_GIVEN);
}

static const char *
get_body (void)
{
  const char *body;

  g_variant_get_child (last_notification, 4, "&s", &body);

  return body;
}

/* The guest that was last in front gets it, whichever was in front at first, and the user hears of it. */
static void
test_conflict (Fixture       *fixture,
               gconstpointer  data)
{
  LodgeUsbPlug *plug;

  write_always (fixture, fixture->one);
  write_always (fixture, fixture->two);
  lodge_usb_broker_set_front (fixture->broker, fixture->two);
  lodge_usb_broker_set_front (fixture->broker, fixture->one);
  lodge_usb_broker_set_front (fixture->broker, fixture->two);
  plug_in (fixture, 5);
  plug = await_plug (fixture);
  test_wait_property (plug, "state", LODGE_USB_PLUG_GIVEN);
  g_assert_true (get_holding (fixture)->machine == fixture->two);
  g_assert_nonnull (lodge_usb_plug_get_contenders (plug));
  g_assert_true (lodge_usb_plug_get_contenders (plug)[0] == fixture->one);
  g_assert_null (lodge_usb_plug_get_contenders (plug)[1]);

  test_wait (last_notification != NULL);
  g_assert_nonnull (strstr (get_body (), "is in “The Second” now. Wanted by a rule of “one”, too."));

  /* What one has is not taken from it because another one comes to the front. */
  lodge_usb_broker_set_front (fixture->broker, fixture->one);
  test_run_for (200);
  g_assert_true (get_holding (fixture)->machine == fixture->two);

  /* Plugged in again elsewhere, it goes there. */
  test_usb_bus_unplug (fixture->bus, "3-1");
  test_wait (fixture->route->holdings->len == 0);
  plug_in_at (fixture, "3-2", 6);
  test_wait (fixture->route->holdings->len == 1 && get_holding (fixture)->machine == fixture->one);
}

/* Returns: what the desktop is told when the button with that label is clicked; null if there is none */
static const char *
find_button (const char *label)
{
  g_autofree const char **actions = NULL;

  g_variant_get_child (last_notification, 5, "^a&s", &actions);
  for (guint i = 0; actions[i] != NULL; i += 2)
    if (g_str_equal (actions[i + 1], label))
      return actions[i];

  return NULL;
}

static void
click_notification (const char *action)
{
  g_assert_nonnull (action);
  say_on_bus ("/org/freedesktop/Notifications", NOTIFICATIONS, "ActionInvoked",
              g_variant_new ("(us)", 7, action));
}

static gboolean
heading_has (const char *words)
{
  const char *heading = "";

  if (last_notification != NULL)
    g_variant_get_child (last_notification, 3, "&s", &heading);

  return strstr (heading, words) != NULL;
}

/* With its window not in front the desktop asks, and its answer holds. */
static void
test_question (Fixture       *fixture,
               gconstpointer  data)
{
  lodge_usb_broker_set_front (fixture->broker, fixture->two);
  plug_in (fixture, 5);
  test_wait (heading_has (" was plugged in"));
  g_assert_nonnull (find_button ("Give to The Second"));
  g_assert_nonnull (find_button ("Keep Here"));
  g_assert_cmpuint (fixture->route->n_given, ==, 0);

  click_notification (find_button ("Always"));
  test_wait_property (await_plug (fixture), "state", LODGE_USB_PLUG_GIVEN);
  g_assert_true (get_holding (fixture)->machine == fixture->two);

  /* "Always" is a rule from then on. */
  test_usb_bus_unplug (fixture->bus, "3-1");
  test_wait (fixture->route->holdings->len == 0);
  plug_in (fixture, 6);
  test_wait (fixture->route->holdings->len == 1);
}

/* What is not known to be shown cannot be taken back: until the desktop's answer has come. */
static void
await_shown (const char *words)
{
  GDBusConnection *connections[] = { desktop, g_application_get_dbus_connection (G_APPLICATION (app)) };

  test_wait (heading_has (words));

  for (guint i = 0; i < G_N_ELEMENTS (connections); i++)
    {
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GVariant) answer = NULL;

      g_dbus_connection_call (connections[i], "org.freedesktop.DBus", "/org/freedesktop/DBus",
                              "org.freedesktop.DBus", "GetId", NULL, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                              test_await_cb, &result);
      answer = g_dbus_connection_call_finish (connections[i], test_await (&result), NULL);
      g_assert_nonnull (answer);
    }
}

/* A question that is over is taken back from the desktop, whoever answered it. */
static void
test_question_is_withdrawn (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autoptr(GAsyncResult) result = NULL;

  lodge_usb_broker_set_front (fixture->broker, fixture->two);
  plug_in (fixture, 5);
  await_shown (" was plugged in");
  n_withdrawn = 0;
  lodge_usb_broker_give_async (fixture->broker, await_plug (fixture), fixture->two, test_await_cb, &result);
  test_await (&result);
  test_wait (n_withdrawn > 0);
}

static void
test_question_goes_with_its_device (Fixture       *fixture,
                                    gconstpointer  data)
{
  lodge_usb_broker_set_front (fixture->broker, fixture->two);
  plug_in (fixture, 5);
  await_shown (" was plugged in");
  n_withdrawn = 0;
  test_usb_bus_unplug (fixture->bus, "3-1");
  test_wait (n_withdrawn > 0);
}

/* A stick, which the desktop mounts as soon as it is there. */
static void
plug_stick_in (Fixture *fixture,
               guint    address)
{
  g_autofree char *root = umockdev_testbed_get_root_dir (fixture->bus);
  g_autofree char *disc = g_build_filename (root, "sys/devices/0000:00:14.0/usb3/3-1/3-1:1.0/block/sdb", NULL);
  g_autofree char *number = g_build_filename (disc, "dev", NULL);
  g_autofree char *class = g_build_filename (root, "sys/class/block", NULL);
  g_autofree char *link = g_build_filename (class, "sdb", NULL);

  g_assert_true (g_file_set_contents (fixture->mountinfo, "30 1 8:16 / /media/stick rw - vfat /dev/sdb rw\n", -1,
                                      NULL));
  test_usb_bus_add (fixture->bus, "3-1", address, 0x0951, 0x1666, "A");
  test_usb_bus_add_interface (fixture->bus, "3-1", 0, CLASS_STORAGE, "usb-storage");
  g_assert_cmpint (g_mkdir_with_parents (disc, 0700), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (class, 0700), ==, 0);
  g_assert_true (g_file_set_contents (number, "8:16\n", -1, NULL));
  g_unlink (link);
  g_assert_cmpint (symlink ("../../devices/0000:00:14.0/usb3/3-1/3-1:1.0/block/sdb", link), ==, 0);
  test_usb_bus_bind (fixture->bus, "3-1");
}

/* From the desktop's question alone, whose answer is in the way of a mount, to the guest. */
static void
test_mounted_by_notification (Fixture       *fixture,
                              gconstpointer  data)
{
  lodge_usb_broker_set_front (fixture->broker, fixture->two);
  plug_stick_in (fixture, 5);
  test_wait (heading_has (" was plugged in"));
  click_notification (find_button ("Give to The Second"));

  test_wait (heading_has (" and Give It to “The Second”?"));
  g_assert_nonnull (strstr (get_body (), "/media/stick"));
  g_assert_cmpuint (fixture->route->n_given, ==, 0);
  click_notification (find_button ("Unmount and Give"));
  test_wait_property (await_plug (fixture), "state", LODGE_USB_PLUG_GIVEN);
  g_assert_true (get_holding (fixture)->machine == fixture->two);
}

static LodgeWindow *
find_window (void)
{
  GList *windows = gtk_application_get_windows (app);

  return windows != NULL ? LODGE_WINDOW (windows->data) : NULL;
}

/* By a rule, and by a click on the notification itself, which leads to the question in the window. */
static void
test_mounted_in_window (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(GAsyncResult) result = NULL;
  LodgeWindow *window;

  lodge_usb_broker_set_kind_verdict_async (fixture->broker, LODGE_USB_KIND_STORAGE, fixture->two,
                                           LODGE_USB_VERDICT_ALWAYS, test_await_cb, &result);
  g_assert_true (lodge_usb_broker_finish (fixture->broker, test_await (&result), NULL));
  plug_stick_in (fixture, 5);
  test_wait (heading_has (" and Give It to “The Second”?"));
  g_assert_nonnull (find_button ("Unmount and Give"));
  g_assert_null (find_window ());

  click_notification ("default");
  test_wait ((window = find_window ()) != NULL);
  test_wait (lodge_window_get_subject (window) == G_OBJECT (fixture->two));
  g_assert_cmpuint (fixture->route->n_given, ==, 0);
  test_click (GTK_WIDGET (window), "Unmount and Give");
  test_wait_property (await_plug (fixture), "state", LODGE_USB_PLUG_GIVEN);
  g_assert_true (get_holding (fixture)->machine == fixture->two);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;
  GTestDBus *bus;
  int result;

  g_test_init (&argc, &argv, NULL);
  bus = start_desktop ();
  adw_init ();
  app = gtk_application_new ("org.lodgevm.Lodge.Test", G_APPLICATION_NON_UNIQUE);
  g_application_register (G_APPLICATION (app), NULL, &error);
  g_assert_no_error (error);
  lodge_core_init ();
  test_silence_libvirt ();

#define ADD(name, func) \
  g_test_add ("/shell/usb-attendant/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("sleep", test_sleep);
  ADD ("changed-in-sleep", test_changed_in_sleep);
  ADD ("conflict", test_conflict);
  ADD ("question", test_question);
  ADD ("question-answered-elsewhere", test_question_is_withdrawn);
  ADD ("question-gone", test_question_goes_with_its_device);
  ADD ("mounted", test_mounted_by_notification);
  ADD ("mounted-in-window", test_mounted_in_window);
#undef ADD

  result = g_test_run ();
  g_clear_object (&app);
  g_clear_object (&desktop);
  /* Freed, it would wait for the whole process to let go of the bus. */
  g_test_dbus_stop (bus);

  return result;
}
