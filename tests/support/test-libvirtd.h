/* test-libvirtd.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A libvirt session daemon of the test's own, with its guests, in a folder of its own. It runs as
 * an ordinary user: as nobody if the test runs as root. All of it goes when the test frees it, and
 * also when the test crashes.
 */
typedef struct _TestLibvirtd TestLibvirtd;

/* Null where there is no libvirtd or no QEMU; then the test has been marked as skipped. */
TestLibvirtd *test_libvirtd_new          (void);

/* The same for somebody who may use /dev/kvm. Null, and the test is skipped, unless there is one
 * and the test runs as root.
 */
TestLibvirtd *test_libvirtd_new_with_kvm (void);

/* That of the system instead: it runs as root, in mounts and a network of its own, and has control
 * groups. Null, and the test is skipped, unless the test runs as root.
 */
TestLibvirtd *test_libvirtd_new_system   (void);
void          test_libvirtd_free         (TestLibvirtd  *self);

/* The URI to connect to; it stays the same when the daemon is started again. */
const char   *test_libvirtd_get_uri      (TestLibvirtd  *self);

/* A folder that guests can read and write. */
const char   *test_libvirtd_get_folder   (TestLibvirtd  *self);

/* SIGKILL, SIGSTOP and SIGCONT; starting it again waits until it listens. Guests go on running. */
void          test_libvirtd_kill         (TestLibvirtd  *self);
void          test_libvirtd_stop         (TestLibvirtd  *self);
void          test_libvirtd_resume       (TestLibvirtd  *self);
void          test_libvirtd_start        (TestLibvirtd  *self);

/* Runs virsh as somebody else than Lodge would; the arguments end with NULL. Fails the test if
 * virsh fails, else returns what it wrote. Blocks.
 */
char         *test_libvirtd_virsh        (TestLibvirtd  *self,
                                          ...) G_GNUC_NULL_TERMINATED;
void          test_libvirtd_define       (TestLibvirtd  *self,
                                          const char    *xml);

/* The process of a running guest, to be killed. */
GPid          test_libvirtd_get_qemu_pid (TestLibvirtd  *self,
                                          const char    *name);

/* Copies a file to where guests can read it and returns its new name. */
char         *test_libvirtd_copy         (TestLibvirtd  *self,
                                          const char    *file);

/* A disc image of @mebibytes in the folder. */
char         *test_libvirtd_create_disc  (TestLibvirtd  *self,
                                          const char    *name,
                                          guint          mebibytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestLibvirtd, test_libvirtd_free)

G_END_DECLS
