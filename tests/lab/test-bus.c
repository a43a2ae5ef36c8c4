/* test-bus.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The laboratory itself: what is plugged into it is seen by its kernel, by libvirt and by Lodge.
 */

#include "config.h"

#include <string.h>

#include "lab-hosts.h"
#include "lab.h"

/* libvirt names a device after its port. */
static gboolean
libvirt_knows (LodgeUsbDevice *device)
{
  g_autofree char *name = g_strdelimit (g_strconcat ("usb_", lodge_usb_device_get_port (device), "\n", NULL),
                                        "-.", '_');

  return lab_says (name, "virsh -q nodedev-list --cap usb_device");
}

static void
test_stick (void)
{
  g_autoptr(LodgeUsbMonitor) monitor = lodge_usb_monitor_new ();
  g_autoptr(LodgeUsbDevice) device = NULL;

  lab_plug ("stick", "one", "LAB0001");
  device = lab_device (monitor, "LAB0001");

  g_assert_cmpuint (lodge_usb_device_get_vendor (device), ==, 0x46f4);
  lab_await (lodge_usb_device_get_kind (device) == LODGE_USB_KIND_STORAGE);
  lab_await (lab_says ("sd", "ls /sys/block"));
  lab_await (libvirt_knows (device));

  lab_unplug ("one");
  lab_await (!lodge_usb_device_is_present (device));
  lab_await (!libvirt_knows (device));
}

static void
test_camera (void)
{
  g_autoptr(LodgeUsbMonitor) monitor = lodge_usb_monitor_new ();
  g_autoptr(LodgeUsbDevice) device = NULL;
  g_autoptr(LabCamera) camera = lab_camera_plug ("CAM1", NULL);
  g_autofree char *frames = NULL;

  device = lab_device (monitor, "CAM1");
  g_assert_cmpstr (lodge_usb_device_get_product_name (device), ==, "Everyday Camera");
  lab_await (lodge_usb_device_get_kind (device) == LODGE_USB_KIND_CAMERA);

  lab_await (lab_says ("video0", "ls /dev"));
  frames = lab_run ("/lab/frames /dev/video0 10");
  g_assert_nonnull (strstr (frames, "\n5\n"));

  g_clear_pointer (&camera, lab_camera_free);
  lab_await (!lodge_usb_device_is_present (device));
}

static void
test_guest (void)
{
  g_autofree char *said = lab_linux_ask ("cat /proc/version; ls /sys/bus/usb/devices");

  g_assert_nonnull (strstr (said, "Linux version"));
  g_assert_nonnull (strstr (said, "usb1"));
}

int
main (int    argc,
      char **argv)
{
  lab_init (&argc, &argv);
  g_test_add_func ("/lab/stick", test_stick);
  g_test_add_func ("/lab/camera", test_camera);
  g_test_add_func ("/lab/guest", test_guest);

  return g_test_run ();
}
