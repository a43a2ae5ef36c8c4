/* test-linux-guest.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "test-libvirtd.h"

G_BEGIN_DECLS

/* A guest with a Linux kernel that has the drivers of QEMU's memory balloon, of virtio-mem and of
 * processors that come and go, QEMU's guest agent, and a shell on a serial line, so that tests read
 * what the guest itself sees. It is made of the machine's own Debian kernel and BusyBox, needs no
 * disc, and is up after some 3 s of software emulation.
 */
typedef struct _TestLinuxGuest TestLinuxGuest;

/* Parts of its definition; NULL for what is said here. */
typedef struct
{
  const char *memory;   /* elements: 512 MiB */
  const char *cpus;     /* elements: one */
  const char *devices;  /* more elements: none */
  const char *usb;      /* elements: a controller "none" */
  const char *balloon;  /* element: a virtio one with statistics every second */
  const char *options;  /* more for the kernel's command line: none. See linux-guest/init */
} TestLinuxGuestParts;

/* Null where what it is made of is missing; then the test has been marked as skipped. */
TestLinuxGuest *test_linux_guest_new           (TestLibvirtd               *libvirtd,
                                                const char                 *name,
                                                const TestLinuxGuestParts  *parts);
void            test_linux_guest_free          (TestLinuxGuest             *self);
/* Its definition, for test_define(). */
const char     *test_linux_guest_get_xml       (TestLinuxGuest             *self);

/* Blocks until the shell of the started guest answers. */
void            test_linux_guest_wait_up       (TestLinuxGuest             *self);

/* Runs a command in the guest's shell and returns what it says, without white space at the ends.
 * Fails the test if the command fails, or after 30 s. Blocks.
 */
char           *test_linux_guest_ask           (TestLinuxGuest             *self,
                                                const char                 *command);

/* MemTotal and MemAvailable of /proc/meminfo, in KiB, and the processors that are online. */
guint64         test_linux_guest_get_total     (TestLinuxGuest             *self);
guint64         test_linux_guest_get_available (TestLinuxGuest             *self);
guint           test_linux_guest_get_cpus      (TestLinuxGuest             *self);

/* Has the guest use so many MiB more, or give all of that back. */
void            test_linux_guest_fill          (TestLinuxGuest             *self,
                                                guint                       mebibytes);
void            test_linux_guest_empty         (TestLinuxGuest             *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestLinuxGuest, test_linux_guest_free)

G_END_DECLS
