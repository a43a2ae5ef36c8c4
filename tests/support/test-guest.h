/* test-guest.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-graphics-address.h"
#include "test-host.h"
#include "test-libvirtd.h"
#include "test-wait.h"

G_BEGIN_DECLS

/* The demo guest's image, or NULL and the test is skipped. */
static inline char *
test_guest_image (TestLibvirtd *libvirtd)
{
  g_autofree char *built = g_test_build_filename (G_TEST_BUILT, "..", "data", "demo",
                                                  "lodge-demo.elf", NULL);

  if (!g_file_test (built, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("needs the demo guest, which was not built");
      return NULL;
    }

  return test_libvirtd_copy (libvirtd, built);
}

/* A guest without an operating system, under software emulation. */
static inline char *
test_guest_xml (const char *name,
                const char *image,
                const char *devices)
{
  g_autofree char *escaped = g_markup_escape_text (name, -1);

  return g_strdup_printf ("<domain type='qemu'><name>%s</name><memory unit='MiB'>32</memory>"
                          "<vcpu>1</vcpu><os><type arch='x86_64' machine='pc'>hvm</type>"
                          "<kernel>%s</kernel></os><features><acpi/></features>"
                          "<devices><serial type='pty'/><memballoon model='none'/>"
                          "<controller type='usb' model='none'/>"
                          "<graphics type='spice'><listen type='none'/></graphics>"
                          "<video><model type='vga'/></video>%s</devices></domain>",
                          escaped, image, devices);
}

/* A guest that is still starting does not hear, so it is asked until it does. */
static inline void
test_wait_shut_down (LodgeMachine *machine)
{
  for (guint i = 0; i < 20 && lodge_machine_can (machine, LODGE_ACTION_SHUT_DOWN); i++)
    {
      g_autoptr(GError) error = test_try (machine, LODGE_ACTION_SHUT_DOWN);

      for (guint k = 0; k < 10 && lodge_machine_is_active (machine); k++)
        test_run_for (100);
    }

  test_wait_property (machine, "state", LODGE_STATE_OFF);
}

/* Defines a guest and waits until Lodge has it. */
static inline LodgeMachine *
test_define (TestLibvirtd *libvirtd,
             LodgeHost    *host,
             const char   *name,
             const char   *xml)
{
  g_autoptr(LodgeMachine) machine = NULL;

  test_libvirtd_define (libvirtd, xml);
  test_wait ((machine = lodge_host_dup_machine (host, name)) != NULL);

  return g_steal_pointer (&machine);
}

G_END_DECLS
