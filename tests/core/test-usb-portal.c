/* test-usb-portal.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lodge-error.h"
#include "lodge-usb-portal.h"
#include "test-await.h"
#include "test-bus.h"
#include "test-usb-route.h"
#include "test-wait.h"

/* A desktop that answers as its user would. */
static const char interface_xml[] =
  "<node><interface name='org.freedesktop.portal.Usb'>"
  "<method name='EnumerateDevices'><arg type='a{sv}' direction='in'/>"
  "<arg type='a(sa{sv})' direction='out'/></method>"
  "<method name='AcquireDevices'><arg type='s' direction='in'/><arg type='a(sa{sv})' direction='in'/>"
  "<arg type='a{sv}' direction='in'/><arg type='o' direction='out'/></method>"
  "<method name='FinishAcquireDevices'><arg type='o' direction='in'/><arg type='a{sv}' direction='in'/>"
  "<arg type='a(sa{sv})' direction='out'/><arg type='b' direction='out'/></method>"
  "<method name='ReleaseDevices'><arg type='as' direction='in'/><arg type='a{sv}' direction='in'/></method>"
  "</interface></node>";

static const char request_xml[] =
  "<node><interface name='org.freedesktop.portal.Request'><method name='Close'/></interface></node>";

typedef struct
{
  GTestDBus       *daemon;
  GDBusConnection *desktop;
  GDBusConnection *bus;
  LodgeUsbPortal  *portal;
  LodgeUsbDevice  *device;
  char            *request;
  guint            n_closed;
  guint            n_released;
  guint            user_says_no : 1;
  guint            user_says_nothing : 1;
  guint            knows_nothing : 1;
} Fixture;

static void
enumerate (Fixture               *fixture,
           GDBusMethodInvocation *invocation)
{
  g_autoptr(GVariantBuilder) devices = g_variant_builder_new (G_VARIANT_TYPE ("a(sa{sv})"));
  GVariantBuilder properties;

  g_variant_builder_init (&properties, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&properties, "{sv}", "device-file", g_variant_new_string ("/dev/bus/usb/003/099"));
  g_variant_builder_add (devices, "(sa{sv})", "other", &properties);

  if (!fixture->knows_nothing)
    {
      g_variant_builder_init (&properties, G_VARIANT_TYPE_VARDICT);
      g_variant_builder_add (&properties, "{sv}", "device-file",
                             g_variant_new_string (lodge_usb_device_get_node (fixture->device)));
      g_variant_builder_add (devices, "(sa{sv})", "camera", &properties);
    }

  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(a(sa{sv}))", devices));
}

static void
close_called_cb (GDBusConnection       *connection,
                 const char            *sender,
                 const char            *object_path,
                 const char            *interface_name,
                 const char            *method_name,
                 GVariant              *parameters,
                 GDBusMethodInvocation *invocation,
                 gpointer               user_data)
{
  Fixture *fixture = user_data;

  fixture->n_closed++;
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
acquire (Fixture               *fixture,
         GDBusMethodInvocation *invocation,
         GVariant              *parameters)
{
  g_autoptr(GVariant) options = g_variant_get_child_value (parameters, 2);
  g_autofree char *sender = g_strdup (g_dbus_method_invocation_get_sender (invocation) + 1);
  g_autofree char *wanted = NULL;
  g_autoptr(GVariant) devices = g_variant_get_child_value (parameters, 1);
  const char *token = NULL;

  g_variant_get_child (devices, 0, "(sa{sv})", &wanted, NULL);
  g_assert_cmpstr (wanted, ==, "camera");
  g_variant_lookup (options, "handle_token", "&s", &token);
  g_strdelimit (sender, ".", '_');
  g_free (fixture->request);
  fixture->request = g_strdup_printf ("/org/freedesktop/portal/desktop/request/%s/%s", sender, token);
  if (fixture->user_says_nothing)
    test_bus_serve (fixture->desktop, fixture->request, request_xml, 0, close_called_cb, fixture);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", fixture->request));
  if (fixture->user_says_nothing)
    return;

  g_dbus_connection_emit_signal (fixture->desktop, NULL, fixture->request, "org.freedesktop.portal.Request",
                                 "Response",
                                 g_variant_new ("(ua{sv})", fixture->user_says_no ? 1 : 0, NULL), NULL);
}

static void
finish_acquiring (Fixture               *fixture,
                  GDBusMethodInvocation *invocation,
                  GVariant              *parameters)
{
  g_autoptr(GUnixFDList) fds = g_unix_fd_list_new ();
  GVariantBuilder devices;
  GVariantBuilder properties;
  const char *request;
  int fd = open ("/dev/null", O_RDWR | O_CLOEXEC);

  g_variant_get_child (parameters, 0, "&o", &request);
  g_assert_cmpstr (request, ==, fixture->request);
  g_variant_builder_init (&properties, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&properties, "{sv}", "success", g_variant_new_boolean (TRUE));
  g_variant_builder_add (&properties, "{sv}", "fd", g_variant_new_handle (g_unix_fd_list_append (fds, fd, NULL)));
  g_variant_builder_init (&devices, G_VARIANT_TYPE ("a(sa{sv})"));
  g_variant_builder_add (&devices, "(sa{sv})", "camera", &properties);
  close (fd);
  g_dbus_method_invocation_return_value_with_unix_fd_list (invocation,
                                                           g_variant_new ("(a(sa{sv})b)", &devices, TRUE), fds);
}

static void
method_call_cb (GDBusConnection       *connection,
                const char            *sender,
                const char            *object_path,
                const char            *interface_name,
                const char            *method_name,
                GVariant              *parameters,
                GDBusMethodInvocation *invocation,
                gpointer               user_data)
{
  Fixture *fixture = user_data;

  if (g_str_equal (method_name, "EnumerateDevices"))
    {
      enumerate (fixture, invocation);
    }
  else if (g_str_equal (method_name, "AcquireDevices"))
    {
      acquire (fixture, invocation, parameters);
    }
  else if (g_str_equal (method_name, "FinishAcquireDevices"))
    {
      finish_acquiring (fixture, invocation, parameters);
    }
  else
    {
      fixture->n_released++;
      g_dbus_method_invocation_return_value (invocation, NULL);
    }
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->daemon = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (fixture->daemon);
  fixture->desktop = test_bus_connect (fixture->daemon);
  fixture->bus = test_bus_connect (fixture->daemon);
  if (data == NULL)
    {
      test_bus_serve (fixture->desktop, "/org/freedesktop/portal/desktop", interface_xml, 0, method_call_cb,
                      fixture);
      test_bus_own (fixture->desktop, "org.freedesktop.portal.Desktop");
    }

  fixture->portal = lodge_usb_portal_new (fixture->bus);
  fixture->device = test_usb_device_new (5, 14, "A", "Everyday Camera");
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_clear_object (&fixture->portal);
  g_clear_object (&fixture->device);
  g_clear_object (&fixture->desktop);
  g_clear_object (&fixture->bus);
  g_clear_pointer (&fixture->request, g_free);
  g_test_dbus_down (fixture->daemon);
  g_clear_object (&fixture->daemon);
}

static int
open_device (Fixture  *fixture,
             GError  **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  lodge_usb_portal_open_async (fixture->portal, fixture->device, NULL, test_await_cb, &result);

  return lodge_usb_portal_open_finish (fixture->portal, test_await (&result), error);
}

static void
test_opens_and_releases (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  int fd = open_device (fixture, &error);
  struct stat status;

  g_assert_no_error (error);
  g_assert_cmpint (fstat (fd, &status), ==, 0);
  close (fd);

  lodge_usb_portal_release (fixture->portal, 3, 5);
  test_wait (fixture->n_released == 1);
  /* What is not open is not released. */
  lodge_usb_portal_release (fixture->portal, 3, 5);
  test_run_for (100);
  g_assert_cmpuint (fixture->n_released, ==, 1);
}

static void
test_user_says_no (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->user_says_no = TRUE;
  g_assert_cmpint (open_device (fixture, &error), ==, -1);
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_DENIED);
}

/* The question goes, and nobody waits for its answer. */
static void
test_cancelled (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  fixture->user_says_nothing = TRUE;
  lodge_usb_portal_open_async (fixture->portal, fixture->device, cancellable, test_await_cb, &result);
  test_wait (fixture->request != NULL);
  g_cancellable_cancel (cancellable);
  g_assert_cmpint (lodge_usb_portal_open_finish (fixture->portal, test_await (&result), &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  test_wait (fixture->n_closed == 1);
}

static void
test_device_is_not_there (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->knows_nothing = TRUE;
  g_assert_cmpint (open_device (fixture, &error), ==, -1);
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_GONE);
}

static void
test_no_portal (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (open_device (fixture, &error), ==, -1);
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, data, func) \
  g_test_add ("/core/usb-portal/" name, Fixture, data, fixture_set_up, func, fixture_tear_down)
  ADD ("open", NULL, test_opens_and_releases);
  ADD ("no", NULL, test_user_says_no);
  ADD ("cancelled", NULL, test_cancelled);
  ADD ("gone", NULL, test_device_is_not_there);
  ADD ("no-portal", "none", test_no_portal);
#undef ADD

  return g_test_run ();
}
