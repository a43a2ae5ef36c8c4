/* test-usb-panel.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "lodge-core.h"
#include "lodge-host.h"
#include "lodge-machine.h"
#include "lodge-usb-broker.h"
#include "lodge-usb-hostdev-route.h"
#include "lodge-usb-device-private.h"
#include "lodge-usb-panel.h"
#include "lodge-usb-question.h"
#include "lodge-usb-safety-private.h"
#include "test-usb-route.h"
#include "test-usb-tree.h"
#include "test-wait.h"
#include "test-widgets.h"

#define CLASS_INPUT   3
#define CLASS_STORAGE 8
#define CLASS_CAMERA 14

typedef struct
{
  GListStore     *devices;
  GListStore     *hosts;
  LodgeMachine   *machine;
  TestUsbRoute   *route;
  LodgeUsbBroker *broker;
  GtkWidget      *window;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(LodgeHost) host = lodge_host_new_for_uri ("test:///default");
  GtkWidget *panel;
  GtkWidget *toasts;

  fixture->devices = g_list_store_new (LODGE_TYPE_USB_DEVICE);
  fixture->hosts = g_list_store_new (LODGE_TYPE_HOST);
  g_list_store_append (fixture->hosts, host);
  lodge_host_open_async (host, NULL, NULL, NULL);
  test_wait_property (host, "state", LODGE_HOST_STATE_OPEN);
  test_wait ((fixture->machine = lodge_host_dup_machine (host, "test")) != NULL);
  test_wait (lodge_machine_is_defined (fixture->machine));

  fixture->route = test_usb_route_new ();
  lodge_usb_route_set_title (LODGE_USB_ROUTE (fixture->route), "The short way");
  fixture->broker = lodge_usb_broker_new (G_LIST_MODEL (fixture->devices), G_LIST_MODEL (fixture->hosts));
  lodge_usb_broker_add_route (fixture->broker, LODGE_USB_ROUTE (fixture->route));
  lodge_usb_broker_set_default (fixture->broker);

  panel = g_object_new (LODGE_TYPE_USB_PANEL, NULL);
  fixture->window = adw_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 420, 800);
  toasts = adw_toast_overlay_new ();
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (toasts), panel);
  adw_window_set_content (ADW_WINDOW (fixture->window), toasts);
  lodge_panel_set_subject (LODGE_PANEL (panel), G_OBJECT (fixture->machine));
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(LodgeHost) host = g_list_model_get_item (G_LIST_MODEL (fixture->hosts), 0);

  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_clear_object (&fixture->broker);
  g_clear_object (&fixture->route);
  g_clear_object (&fixture->machine);
  g_clear_object (&fixture->devices);
  g_clear_object (&fixture->hosts);
  lodge_host_close (host);
}

static void
plug_in (Fixture    *fixture,
         guint       interface_class,
         const char *name)
{
  g_autoptr(LodgeUsbDevice) device = test_usb_device_new (5, interface_class, "A", name);

  g_list_store_append (fixture->devices, device);
  test_wait (test_find_label (fixture->window, "On this computer") != NULL);
}

static gboolean
is_switch (GtkWidget *widget,
           gpointer   user_data)
{
  return GTK_IS_SWITCH (widget);
}

static GtkSwitch *
find_switch (Fixture *fixture)
{
  return GTK_SWITCH (test_find (fixture->window, is_switch, NULL));
}

/* The dialog that asks something, if there is one. */
static GtkWidget *
find_dialog (void)
{
  g_autoptr(GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (ADW_IS_MESSAGE_DIALOG (l->data) && gtk_widget_get_mapped (l->data))
      return l->data;

  return NULL;
}

/* As a click does. */
static void
respond (const char *response)
{
  GtkWidget *dialog;

  test_wait ((dialog = find_dialog ()) != NULL);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), response);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
test_switch_gives_and_takes (Fixture       *fixture,
                             gconstpointer  data)
{
  plug_in (fixture, CLASS_CAMERA, "Everyday Camera");
  g_assert_nonnull (test_find_label (fixture->window, "Everyday Camera"));
  g_assert_false (gtk_switch_get_state (find_switch (fixture)));

  gtk_switch_set_active (find_switch (fixture), TRUE);
  test_wait (test_find_label (fixture->window, "In this guest") != NULL);
  test_wait (gtk_switch_get_state (find_switch (fixture)));
  g_assert_cmpuint (fixture->route->holdings->len, ==, 1);

  gtk_switch_set_active (find_switch (fixture), FALSE);
  test_wait (test_find_label (fixture->window, "On this computer") != NULL);
  test_wait (!gtk_switch_get_state (find_switch (fixture)));
  g_assert_cmpuint (fixture->route->holdings->len, ==, 0);
}

static void
test_follows_what_others_do (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr(LodgeUsbDevice) device = NULL;

  plug_in (fixture, CLASS_CAMERA, "Everyday Camera");
  device = g_list_model_get_item (G_LIST_MODEL (fixture->devices), 0);
  test_usb_route_hold (fixture->route, device, fixture->machine, TRUE);
  lodge_usb_route_changed (LODGE_USB_ROUTE (fixture->route), fixture->machine);

  test_wait (test_find_label (fixture->window, "In this guest, given by another program") != NULL);
  g_assert_true (gtk_switch_get_state (find_switch (fixture)));
}

static void
test_goes_back_when_it_fails (Fixture       *fixture,
                              gconstpointer  data)
{
  plug_in (fixture, CLASS_CAMERA, "Everyday Camera");
  fixture->route->n_failures = 1;
  fixture->route->failure = LODGE_ERROR_NO_USB_PORT;
  gtk_switch_set_active (find_switch (fixture), TRUE);

  test_wait (test_find_label (fixture->window, "On this computer\nThe guest has no free USB port. Take another "
                              "device back, or prepare the guest for USB and restart it.") != NULL);
  test_wait (!gtk_switch_get_active (find_switch (fixture)));
}

static void
test_no_way_says_why (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(LodgeUsbDevice) device = test_usb_device_new (5, CLASS_CAMERA, "A", "Everyday Camera");

  fixture->route->is_closed = TRUE;
  g_list_store_append (fixture->devices, device);
  test_wait (test_find_label (fixture->window, "On this computer\nCannot be given to this guest") != NULL);
  g_assert_false (gtk_widget_is_sensitive (GTK_WIDGET (find_switch (fixture))));
  /* Which node, and which rule would help. */
  g_assert_nonnull (strstr (gtk_widget_get_tooltip_text (GTK_WIDGET (find_switch (fixture))),
                            "/dev/bus/usb/003/005"));
}

static gboolean
is_expander (GtkWidget *widget,
             gpointer   user_data)
{
  return ADW_IS_EXPANDER_ROW (widget);
}

static void
expand (Fixture *fixture)
{
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (test_find (fixture->window, is_expander, NULL)), TRUE);
}

static char *
dup_copied (Fixture *fixture)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (fixture->window);
  g_auto(GValue) value = G_VALUE_INIT;

  test_wait (gdk_clipboard_get_content (clipboard) != NULL);
  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (gdk_content_provider_get_value (gdk_clipboard_get_content (clipboard), &value, NULL));

  return g_value_dup_string (&value);
}

/* A node that may not be opened: which rule would help, to be copied; and what has no way says none. */
static void
test_denied_says_which_rule_helps (Fixture       *fixture,
                                   gconstpointer  data)
{
  g_autoptr(LodgeUsbDevice) device = test_usb_device_new (5, CLASS_CAMERA, "A", "Everyday Camera");
  g_autofree char *copied = NULL;

  fixture->route->is_closed = TRUE;
  g_list_store_append (fixture->devices, device);
  test_wait (test_find_label (fixture->window, "On this computer\nCannot be given to this guest") != NULL);
  expand (fixture);
  test_wait (test_find_label (fixture->window, "Allow It") != NULL);
  g_assert_nonnull (test_find_label (fixture->window,
                                     "By this rule in /etc/udev/rules.d/70-lodge-usb.rules whoever sits at this "
                                     "computer may use such devices:\n"
                                     "SUBSYSTEM==\"usb\", ENV{DEVTYPE}==\"usb_device\", "
                                     "ATTR{idVendor}==\"04a9\", ATTR{idProduct}==\"32cf\", TAG+=\"uaccess\""));
  g_assert_nonnull (test_find_label (fixture->window, "None at this time\nNot “The short way”: you have no right "
                                     "to open the device"));

  test_click (fixture->window, "Copy a command that adds the rule");
  copied = dup_copied (fixture);
  g_assert_true (g_str_has_prefix (copied, "echo 'SUBSYSTEM==\"usb\", "));
  g_assert_nonnull (strstr (copied, "| sudo tee -a /etc/udev/rules.d/70-lodge-usb.rules && "));
}

/* Whatever core says of a cause, the user reads it in words of the language that is set. */
static void
test_causes_are_in_words (Fixture       *fixture,
                          gconstpointer  data)
{
  const char *words = "There is no way to the guest for it at this time. A guest of another host, or a device that "
                      "you may not open, needs the guest’s screen: show it, prepare the guest for USB, and allow it "
                      "when the system asks.";
  g_autoptr(LodgeUsbDevice) device = test_usb_device_new (5, CLASS_CAMERA, "A", "Everyday Camera");

  fixture->route->is_closed = TRUE;
  fixture->route->closed_as = LODGE_ERROR_UNSUPPORTED;
  g_list_store_append (fixture->devices, device);
  test_wait (test_find_label (fixture->window, "On this computer\nCannot be given to this guest") != NULL);
  g_assert_cmpstr (gtk_widget_get_tooltip_text (GTK_WIDGET (find_switch (fixture))), ==, words);
  expand (fixture);
  test_wait (test_find_label (fixture->window, words) != NULL);
  g_assert_nonnull (test_find_label (fixture->window, "None at this time\nNot “The short way”: the guest does not run "
                                     "in QEMU on this computer"));
  g_assert_null (test_find_label (fixture->window, "Words of the System"));

  /* Only what nobody knows stands there as it came, under a heading of its own. */
  fixture->route->is_closed = FALSE;
  lodge_usb_route_changed (LODGE_USB_ROUTE (fixture->route), fixture->machine);
  test_wait (gtk_widget_is_sensitive (GTK_WIDGET (find_switch (fixture))));
  fixture->route->n_failures = 9;
  fixture->route->failure = LODGE_ERROR_INVALID;
  gtk_switch_set_active (find_switch (fixture), TRUE);
  test_wait (test_find_label (fixture->window, "Words of the System") != NULL);
  g_assert_nonnull (test_find_label (fixture->window, "Not this time"));
  g_assert_nonnull (test_find_label (fixture->window, "It was refused for a reason that Lodge does not know. Unplug the "
                                     "device and plug it in again; if that does not help, restart the guest. The "
                                     "device’s details have the words of the system."));
}

/* The next way is gone, and the row says why not the first. */
static void
test_another_way_is_offered (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr(TestUsbRoute) other = test_usb_route_new ();

  lodge_usb_route_set_title (LODGE_USB_ROUTE (other), "The long way");
  lodge_usb_broker_add_route (fixture->broker, LODGE_USB_ROUTE (other));
  plug_in (fixture, CLASS_CAMERA, "Everyday Camera");
  expand (fixture);
  test_wait (test_find_label (fixture->window, "The short way") != NULL);

  /* What is refused only when it is tried. */
  fixture->route->n_failures = 1;
  fixture->route->failure = LODGE_ERROR_DENIED;
  gtk_switch_set_active (find_switch (fixture), TRUE);
  test_wait (test_find_label (fixture->window, "In this guest") != NULL);
  g_assert_cmpuint (other->holdings->len, ==, 1);
  g_assert_nonnull (test_find_label (fixture->window, "The long way"));

  /* What is known before. */
  gtk_switch_set_active (find_switch (fixture), FALSE);
  test_wait (test_find_label (fixture->window, "On this computer") != NULL);
  fixture->route->is_closed = TRUE;
  lodge_usb_route_changed (LODGE_USB_ROUTE (fixture->route), fixture->machine);
  g_assert_nonnull (test_find_label (fixture->window, "The long way\nNot “The short way”: you have no right to "
                                     "open the device"));
  gtk_switch_set_active (find_switch (fixture), TRUE);
  test_wait (test_find_label (fixture->window, "In this guest") != NULL);
  g_assert_nonnull (test_find_label (fixture->window, "The long way\nNot “The short way”: you have no right to "
                                     "open the device"));
}

/* A guest that does not give it back. */
static void
test_failed_release_is_told (Fixture       *fixture,
                             gconstpointer  data)
{
  plug_in (fixture, CLASS_CAMERA, "Everyday Camera");
  gtk_switch_set_active (find_switch (fixture), TRUE);
  test_wait (test_find_label (fixture->window, "In this guest") != NULL);

  fixture->route->n_take_failures = 1;
  gtk_switch_set_active (find_switch (fixture), FALSE);
  test_wait (test_find_label (fixture->window, "In this guest\nThe guest does not let go of it. Close what uses it "
                              "there and try again, or unplug it.") != NULL);
  expand (fixture);
  test_wait (test_find_label (fixture->window, "It does not let go") != NULL);
  test_wait (gtk_switch_get_active (find_switch (fixture)));

  gtk_switch_set_active (find_switch (fixture), FALSE);
  test_wait (test_find_label (fixture->window, "On this computer") != NULL);
}

static LodgeUsbDevice *
read_device (TestUsbTree *tree)
{
  return _lodge_usb_device_new (lodge_usb_read_device (tree->sysfs, "3-5", NULL), TRUE,
                                g_get_monotonic_time ());
}

/* A device that is back, but not taken up by its driver. */
static void
test_says_what_holds_it (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(TestUsbTree) tree = test_usb_tree_new ();
  LodgeUsbSources sources = { .sysfs = tree->sysfs, .mountinfo = "/nothing", .swaps = "/nothing" };
  g_autofree char *folder = test_usb_tree_add_device (tree, "3-5", 5, 0x04a9, 0x32cf);
  g_autofree char *interface = test_usb_tree_add_interface (tree, "3-5", 0, CLASS_CAMERA, 1, 0, "uvcvideo");
  g_autofree char *driver = g_build_filename (tree->sysfs, interface, "driver", NULL);
  g_autoptr(LodgeUsbDevice) device = read_device (tree);

  _lodge_usb_safety_use_sources (&sources);
  g_list_store_append (fixture->devices, device);
  test_wait (test_find_label (fixture->window, "On this computer") != NULL);
  expand (fixture);
  test_wait (test_find_label (fixture->window, "uvcvideo") != NULL);

  gtk_switch_set_active (find_switch (fixture), TRUE);
  test_wait (test_find_label (fixture->window, "In this guest") != NULL);
  g_assert_cmpint (g_unlink (driver), ==, 0);
  g_assert_true (_lodge_usb_device_apply (device, lodge_usb_read_device (tree->sysfs, "3-5", NULL)));
  gtk_switch_set_active (find_switch (fixture), FALSE);

  test_wait (test_find_label (fixture->window, "On this computer\nNo driver of this computer has taken it up "
                              "again. Unplug the device and plug it in again.") != NULL);
  _lodge_usb_safety_use_sources (NULL);
}

/* What this computer does with a stick is said before it is to be given, and offered to be ended. */
static void
test_says_where_it_is_mounted (Fixture       *fixture,
                               gconstpointer  data)
{
  g_autoptr(TestUsbTree) tree = test_usb_tree_new ();
  g_autofree char *mountinfo = g_build_filename (tree->root, "mountinfo", NULL);
  g_autofree char *path = g_build_filename (tree->bus, "3-5", NULL);
  LodgeUsbSources sources = { .sysfs = tree->sysfs, .mountinfo = mountinfo, .swaps = "/nothing" };
  g_autoptr(LodgeUsbDevice) device = test_usb_device_new_at (path, 5, CLASS_STORAGE, "A", "Stick");

  test_usb_tree_mount (tree, "3-5", mountinfo, "/media/stick");
  _lodge_usb_safety_use_sources (&sources);

  g_list_store_append (fixture->devices, device);
  test_wait (test_find_label (fixture->window, "On this computer") != NULL);
  expand (fixture);
  test_wait (test_find_label (fixture->window, "Mounted at /media/stick") != NULL);

  gtk_switch_set_active (find_switch (fixture), TRUE);
  test_wait (find_dialog () != NULL);
  g_assert_nonnull (test_find_label (find_dialog (), "This computer has it mounted here, and programs may be writing "
                                     "to it:\n/media/stick"));
  respond ("keep");
  test_wait (!gtk_switch_get_active (find_switch (fixture)));
  g_assert_cmpuint (fixture->route->n_given, ==, 0);
  g_assert_nonnull (test_find_label (fixture->window, "This computer has it mounted. The switch asks whether to unmount "
                                     "it first."));

  /* The computer's own system is never given away, and that needs no trying. */
  g_assert_true (g_file_set_contents (mountinfo, "30 1 8:16 / / rw - ext4 /dev/sdb rw\n", -1, NULL));
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (test_find (fixture->window, is_expander, NULL)), FALSE);
  expand (fixture);
  test_wait (test_find_label (fixture->window,
                              "This computer’s own system is on it. It cannot be given away.") != NULL);
  g_assert_false (gtk_widget_is_sensitive (GTK_WIDGET (find_switch (fixture))));
  _lodge_usb_safety_use_sources (NULL);
}

static void
test_hostile_name_is_text (Fixture       *fixture,
                           gconstpointer  data)
{
  plug_in (fixture, CLASS_CAMERA, "<b>Camera</b> & \xff\x1b[31m");
  g_assert_null (test_find_label (fixture->window, "Camera & "));
  test_wait (test_find (fixture->window, is_switch, NULL) != NULL);
}

static void
test_keyboard_is_asked_about (Fixture       *fixture,
                              gconstpointer  data)
{
  plug_in (fixture, CLASS_INPUT, "Keyboard");
  gtk_switch_set_active (find_switch (fixture), TRUE);
  respond ("keep");
  test_wait (!gtk_switch_get_active (find_switch (fixture)));
  g_assert_cmpuint (fixture->route->n_given, ==, 0);

  gtk_switch_set_active (find_switch (fixture), TRUE);
  respond ("give");
  test_wait (test_find_label (fixture->window, "In this guest") != NULL);
}

static void
test_rule_outlives_the_device (Fixture       *fixture,
                               gconstpointer  data)
{
  GtkWidget *row;

  plug_in (fixture, CLASS_CAMERA, "Everyday Camera");
  row = test_find (fixture->window, is_expander, NULL);
  g_assert_true (gtk_widget_activate_action (row, "usb.rule", "s", "always"));
  test_wait (test_find_label (fixture->window, "04a9:32cf, serial number A\nPlugged in") != NULL);
  /* A rule is a word to give it now. */
  test_wait (test_find_label (fixture->window, "In this guest") != NULL);

  g_list_store_remove_all (fixture->devices);
  test_wait (test_find_label (fixture->window, "04a9:32cf, serial number A\nNot plugged in") != NULL);
  test_wait (fixture->route->holdings->len == 0);

  test_click (fixture->window, "Remove the rule for “Everyday Camera”");
  test_wait (test_find_label (fixture->window, "04a9:32cf, serial number A\nNot plugged in") == NULL);
  g_assert_nonnull (test_find_label (fixture->window, "The rule for “Everyday Camera” was removed"));
  test_click (fixture->window, "Undo");
  test_wait (test_find_label (fixture->window, "04a9:32cf, serial number A\nNot plugged in") != NULL);
  g_assert_nonnull (test_find_label (fixture->window, "Always"));
}

/* What was prepared holds from the next start on: it says so, and does not offer it again. */
static void
test_prepared_waits_for_restart (Fixture       *fixture,
                                 gconstpointer  data)
{
  test_wait (test_find_label (fixture->window, "Prepare This Guest for USB") != NULL);
  test_click (fixture->window, "Prepare");
  test_wait (test_find_label (fixture->window, "Prepared for USB: Waits for a Restart") != NULL);
  g_assert_nonnull (test_find_label (fixture->window, "Ports of its USB controller: 0 now, 15 after that."));
  g_assert_null (test_find_label (fixture->window, "Prepare This Guest for USB"));

  test_click (fixture->window, "Restart");
  test_wait (!lodge_machine_is_active (fixture->machine));
  /* It is asked for as every start is, and the test driver's computer is small. */
  test_wait (lodge_machine_is_active (fixture->machine) || find_dialog () != NULL);
  if (find_dialog () != NULL)
    test_click (find_dialog (), "Start Anyway");
  test_wait (lodge_machine_is_active (fixture->machine));
  test_wait (lodge_usb_has_room (fixture->machine, NULL, NULL));
  test_wait (test_find_label (fixture->window, "Prepared for USB: Waits for a Restart") == NULL);
}

static void
answered_cb (LodgeUsbQuestion *question,
             const char       *text,
             char            **answer)
{
  g_free (*answer);
  *answer = g_strdup (text);
}

static void
test_question (Fixture       *fixture,
               gconstpointer  data)
{
  g_autofree char *answer = NULL;
  g_autoptr(LodgeUsbPlug) plug = NULL;
  GtkWidget *question;

  plug_in (fixture, CLASS_CAMERA, "Everyday Camera");
  plug = g_list_model_get_item (G_LIST_MODEL (fixture->broker), 0);
  question = lodge_usb_question_new (fixture->broker, plug, fixture->machine);
  g_signal_connect (question, "answered", G_CALLBACK (answered_cb), &answer);
  adw_window_set_content (ADW_WINDOW (fixture->window), question);

  g_assert_nonnull (test_find_label (question, "Everyday Camera was plugged in"));
  test_click (question, "Keep Here");
  test_wait (g_strcmp0 (answer, "keep") == 0);
  test_click (question, "Always");
  test_wait (g_strcmp0 (answer, "always") == 0);
  test_click (question, "Give to test");
  test_wait (g_strcmp0 (answer, "give") == 0);
}

/* What the row says that cannot be given is not offered by the question either, until it can. */
static void
test_question_without_a_way (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr(LodgeUsbPlug) plug = NULL;
  g_autofree char *answer = NULL;
  GtkWidget *question;

  plug_in (fixture, CLASS_CAMERA, "Everyday Camera");
  fixture->route->is_closed = TRUE;
  plug = g_list_model_get_item (G_LIST_MODEL (fixture->broker), 0);
  question = lodge_usb_question_new (fixture->broker, plug, fixture->machine);
  g_signal_connect (question, "answered", G_CALLBACK (answered_cb), &answer);
  adw_window_set_content (ADW_WINDOW (fixture->window), question);

  test_wait (!gtk_widget_is_sensitive (test_find_button (question, "Give to test")));
  g_assert_true (gtk_widget_is_sensitive (test_find_button (question, "Always")));
  g_assert_null (test_find_label (question, "Everyday Camera was plugged in"));

  fixture->route->is_closed = FALSE;
  lodge_usb_route_changed (LODGE_USB_ROUTE (fixture->route), fixture->machine);
  test_wait (test_find_label (question, "Everyday Camera was plugged in") != NULL);
  test_click (question, "Give to test");
  test_wait (g_strcmp0 (answer, "give") == 0);
}

/* What a rule gives to a guest, and this computer has mounted, in a window of 360 pixels. */
static void
test_mounted_question (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(TestUsbTree) tree = test_usb_tree_new ();
  g_autofree char *mountinfo = g_build_filename (tree->root, "mountinfo", NULL);
  g_autofree char *path = g_build_filename (tree->bus, "3-5", NULL);
  LodgeUsbSources sources = { .sysfs = tree->sysfs, .mountinfo = mountinfo, .swaps = "/nothing" };
  g_autoptr(LodgeUsbDevice) device = test_usb_device_new_at (path, 5, CLASS_STORAGE, "A", "Stick");
  g_autoptr(LodgeUsbPlug) plug = NULL;
  g_autofree char *answer = NULL;
  GtkWidget *question;
  int minimum;

  test_usb_tree_mount (tree, "3-5", mountinfo, "/run/media/somebody/DonaudampfschifffahrtsgesellschaftskapitaenUndSoWeiter");
  _lodge_usb_safety_use_sources (&sources);
  g_list_store_append (fixture->devices, device);
  test_wait (test_find_label (fixture->window, "On this computer") != NULL);
  plug = g_list_model_get_item (G_LIST_MODEL (fixture->broker), 0);
  lodge_usb_broker_inspect (fixture->broker, plug);
  test_wait_property (plug, "safety", LODGE_USB_SAFETY_MOUNTED);

  question = g_object_ref_sink (lodge_usb_question_new_mounted (plug, fixture->machine));
  g_signal_connect (question, "answered", G_CALLBACK (answered_cb), &answer);
  gtk_widget_measure (question, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 336);
  adw_window_set_content (ADW_WINDOW (fixture->window), question);
  g_assert_null (test_find_label (question, "Always"));
  test_click (question, "Unmount and Give");
  test_wait (g_strcmp0 (answer, "unmount") == 0);
  test_click (question, "Keep Here");
  test_wait (g_strcmp0 (answer, "keep") == 0);

  g_object_unref (question);
  _lodge_usb_safety_use_sources (NULL);
}

/* In a window of 360 pixels, whatever the device and the guest are called. */
static void
test_question_is_narrow (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(LodgeUsbPlug) plug = NULL;
  GtkWidget *question;
  int minimum;

  plug_in (fixture, CLASS_CAMERA, "A camera with a long name and Donaudampfschifffahrtsgesellschaftskapitän");
  plug = g_list_model_get_item (G_LIST_MODEL (fixture->broker), 0);
  question = g_object_ref_sink (lodge_usb_question_new (fixture->broker, plug, fixture->machine));
  gtk_widget_measure (question, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 336);
  g_object_unref (question);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  lodge_core_init ();
  test_silence_libvirt ();

#define ADD(name, func) \
  g_test_add ("/panels/usb-panel/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("switch", test_switch_gives_and_takes);
  ADD ("others", test_follows_what_others_do);
  ADD ("failure", test_goes_back_when_it_fails);
  ADD ("no-way", test_no_way_says_why);
  ADD ("denied", test_denied_says_which_rule_helps);
  ADD ("causes", test_causes_are_in_words);
  ADD ("another-way", test_another_way_is_offered);
  ADD ("failed-release", test_failed_release_is_told);
  ADD ("custody", test_says_what_holds_it);
  ADD ("mounted", test_says_where_it_is_mounted);
  ADD ("hostile-name", test_hostile_name_is_text);
  ADD ("keyboard", test_keyboard_is_asked_about);
  ADD ("rule", test_rule_outlives_the_device);
  ADD ("prepared", test_prepared_waits_for_restart);
  ADD ("question", test_question);
  ADD ("question-without-a-way", test_question_without_a_way);
  ADD ("mounted-question", test_mounted_question);
  ADD ("narrow-question", test_question_is_narrow);
#undef ADD

  return g_test_run ();
}
