/* test-libvirt-error.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "libvirt/lodge-libvirt-private.h"

/* What libvirt 9.0 with QEMU 7.2 and libvirt 11.3 with QEMU 10 really say. */

static const struct
{
  const char *name;
  LodgeError  expected;
  int         domain;
  int         code;
  const char *message;
} cases[] =
{
  { "disc-missing", LODGE_ERROR_DISC_MISSING, VIR_FROM_NONE, VIR_ERR_SYSTEM_ERROR,
    "Cannot access storage file '/srv/nope.qcow2' (as uid:65534, gid:65534): "
    "No such file or directory" },
  { "cdrom-missing", LODGE_ERROR_DISC_MISSING, VIR_FROM_STORAGE, VIR_ERR_SYSTEM_ERROR,
    "Cannot access storage file '/srv/no.iso': No such file or directory" },
  { "kernel-missing", LODGE_ERROR_DISC_MISSING, VIR_FROM_QEMU, VIR_ERR_INTERNAL_ERROR,
    "internal error: qemu unexpectedly closed the monitor: qemu: could not open kernel file "
    "'/srv/nokernel': No such file or directory" },
  { "shared-folder-missing", LODGE_ERROR_DISC_MISSING, VIR_FROM_QEMU, VIR_ERR_INTERNAL_ERROR,
    "internal error: process exited while connecting to monitor: 2026-11-23T09:26:24.792248Z "
    "qemu-system-x86_64: -device {\"driver\":\"virtio-9p-pci\",\"id\":\"fs0\"}: cannot initialize "
    "fsdev 'fsdev-fs0': failed to open '/srv/nodir': No such file or directory" },
  { "pool-missing", LODGE_ERROR_DISC_MISSING, VIR_FROM_STORAGE, VIR_ERR_NO_STORAGE_POOL,
    "Storage pool not found: no storage pool with matching name 'nopool'" },
  { "pool-inactive", LODGE_ERROR_DISC_MISSING, VIR_FROM_STORAGE, VIR_ERR_OPERATION_INVALID,
    "Requested operation is not valid: storage pool 'default' is not active" },
  { "disc-locked", LODGE_ERROR_DISC_LOCKED, VIR_FROM_QEMU, VIR_ERR_INTERNAL_ERROR,
    "internal error: qemu unexpectedly closed the monitor: 2026-11-23T09:26:07.523753Z "
    "qemu-system-x86_64: -blockdev {\"node-name\":\"libvirt-1-format\"}: Failed to get \"write\" "
    "lock\nIs another process using the image [/srv/a.qcow2]?" },
  { "disc-locked-11", LODGE_ERROR_DISC_LOCKED, VIR_FROM_QEMU, VIR_ERR_INTERNAL_ERROR,
    "internal error: QEMU unexpectedly closed the monitor (vm='lock2'): 2026-11-23T09:26:07.523Z "
    "qemu-system-x86_64: -blockdev {\"node-name\":\"libvirt-1-storage\"}: Failed to get \"write\" "
    "lock\nIs another process using the image [/srv/a.qcow2]?" },
  { "disc-locked-by-daemon", LODGE_ERROR_DISC_LOCKED, VIR_FROM_RPC, VIR_ERR_RESOURCE_BUSY,
    "resource busy: Lockspace resource '/srv/a.qcow2' is locked" },
  { "disc-denied", LODGE_ERROR_FILE_DENIED, VIR_FROM_QEMU, VIR_ERR_SYSTEM_ERROR,
    "Failed to open file '/srv/b.qcow2': Permission denied" },
  { "disc-denied-to-qemu", LODGE_ERROR_FILE_DENIED, VIR_FROM_QEMU, VIR_ERR_INTERNAL_ERROR,
    "internal error: process exited while connecting to monitor: qemu-system-x86_64: -blockdev "
    "{\"driver\":\"file\"}: Could not open '/home/me/a.qcow2': Permission denied" },
  { "disc-denied-to-user", LODGE_ERROR_FILE_DENIED, VIR_FROM_STORAGE, VIR_ERR_SYSTEM_ERROR,
    "Cannot access storage file '/home/me/a.qcow2' (as uid:64055, gid:64055): Permission denied" },
  { "kernel-denied", LODGE_ERROR_FILE_DENIED, VIR_FROM_QEMU, VIR_ERR_INTERNAL_ERROR,
    "internal error: qemu unexpectedly closed the monitor: qemu: could not open kernel file "
    "'/home/me/k': Permission denied" },
  { "spice-port", LODGE_ERROR_PORT_IN_USE, VIR_FROM_QEMU, VIR_ERR_INTERNAL_ERROR,
    "internal error: process exited while connecting to monitor: 2026-11-23T09:26:12.127496Z "
    "qemu-system-x86_64: warning: Spice: ../server/reds.cpp:2585:reds_init_socket: binding socket "
    "to 127.0.0.1:5999 failed\nqemu-system-x86_64: warning: Spice: ../server/reds.cpp:3442:"
    "do_spice_init: Failed to open SPICE sockets\nqemu-system-x86_64: failed to initialize spice "
    "server" },
  { "vnc-port", LODGE_ERROR_PORT_IN_USE, VIR_FROM_QEMU, VIR_ERR_INTERNAL_ERROR,
    "internal error: process exited while connecting to monitor: qemu-system-x86_64: -vnc "
    "127.0.0.1:99,audiodev=audio1: Failed to find an available port: Address already in use" },
  { "device-kept", LODGE_ERROR_NOT_RELEASED, VIR_FROM_QEMU, VIR_ERR_OPERATION_FAILED,
    "operation failed: unplug of device was rejected by the guest" },
  { "memory", LODGE_ERROR_MEMORY, VIR_FROM_QEMU, VIR_ERR_INTERNAL_ERROR,
    "internal error: qemu unexpectedly closed the monitor: 2026-11-23T09:26:15.952657Z "
    "qemu-system-x86_64: cannot set up guest memory 'pc.ram': Cannot allocate memory" },
  { "memory-11", LODGE_ERROR_MEMORY, VIR_FROM_QEMU, VIR_ERR_INTERNAL_ERROR,
    "internal error: process exited while connecting to monitor: 2026-11-23T09:26:15.952657Z "
    "qemu-system-x86_64: unable to map backing store for guest RAM: Cannot allocate memory" },
  { "kvm-unknown-to-emulator", LODGE_ERROR_KVM, VIR_FROM_QEMU, VIR_ERR_CONFIG_UNSUPPORTED,
    "unsupported configuration: Emulator '/usr/bin/qemu-system-x86_64' does not support virt type "
    "'kvm'" },
  { "kvm-denied", LODGE_ERROR_KVM, VIR_FROM_QEMU, VIR_ERR_INTERNAL_ERROR,
    "internal error: process exited while connecting to monitor: Could not access KVM kernel "
    "module: Permission denied\nqemu-system-x86_64: failed to initialize kvm: Permission denied" },
  { "kvm-missing", LODGE_ERROR_KVM, VIR_FROM_QEMU, VIR_ERR_CONFIG_UNSUPPORTED,
    "unsupported configuration: Domain requires KVM, but it is not available. Check that "
    "virtualization is enabled in the host BIOS, and host configuration is setup to load the kvm "
    "modules." },
  { "network-missing", LODGE_ERROR_NETWORK_MISSING, VIR_FROM_NETWORK, VIR_ERR_NO_NETWORK,
    "Network not found: no network with matching name 'nothere'" },
  { "network-inactive", LODGE_ERROR_NETWORK_INACTIVE, VIR_FROM_NETWORK, VIR_ERR_OPERATION_INVALID,
    "Requested operation is not valid: network 'idle' is not active" },
  { "bridge-missing", LODGE_ERROR_NETWORK_MISSING, VIR_FROM_NONE, VIR_ERR_SYSTEM_ERROR,
    "Cannot get interface MTU on 'br77': No such device" },
  { "bridge-denied", LODGE_ERROR_DENIED, VIR_FROM_NONE, VIR_ERR_SYSTEM_ERROR,
    "/usr/lib/qemu/qemu-bridge-helper --br=br77 --fd=28: failed to communicate with bridge helper: "
    "stderr=failed to parse default acl file `/etc/qemu/bridge.conf'\n: Transport endpoint is not "
    "connected" },
  { "name-in-use", LODGE_ERROR_NAME_IN_USE, VIR_FROM_QEMU, VIR_ERR_OPERATION_FAILED,
    "operation failed: domain 'lock1' already exists with uuid "
    "084fa860-6117-4557-8070-25b98e8f71e4" },
  { "bad-image", LODGE_ERROR_QEMU_EXITED, VIR_FROM_QEMU, VIR_ERR_INTERNAL_ERROR,
    "internal error: qemu unexpectedly closed the monitor: qemu-system-x86_64: -blockdev "
    "{\"driver\":\"qcow2\"}: Image is not in qcow2 format" },
  { "bad-kernel", LODGE_ERROR_QEMU_EXITED, VIR_FROM_QEMU, VIR_ERR_INTERNAL_ERROR,
    "internal error: qemu unexpectedly closed the monitor: qemu: invalid kernel header" },
  { "bad-option", LODGE_ERROR_QEMU_EXITED, VIR_FROM_QEMU, VIR_ERR_INTERNAL_ERROR,
    "internal error: QEMU unexpectedly closed the monitor (vm='x'): qemu-system-x86_64: "
    "-soundhw: invalid option" },
  { "gone", LODGE_ERROR_GONE, VIR_FROM_QEMU, VIR_ERR_NO_DOMAIN,
    "Domain not found: no domain with matching uuid '084fa860-6117-4557-8070-25b98e8f71e4' (x)" },
  { "not-running", LODGE_ERROR_INVALID, VIR_FROM_QEMU, VIR_ERR_OPERATION_INVALID,
    "Requested operation is not valid: domain is not running" },
  { "already-running", LODGE_ERROR_INVALID, VIR_FROM_QEMU, VIR_ERR_OPERATION_INVALID,
    "Requested operation is not valid: domain is already running" },
  { "not-supported", LODGE_ERROR_UNSUPPORTED, VIR_FROM_LXC, VIR_ERR_NO_SUPPORT,
    "this function is not supported by the connection driver: virDomainManagedSave" },
  { "usb-disabled", LODGE_ERROR_UNSUPPORTED, VIR_FROM_QEMU, VIR_ERR_CONFIG_UNSUPPORTED,
    "unsupported configuration: Can't add host USB device: USB is disabled in this host" },
  { "busy", LODGE_ERROR_TIMED_OUT, VIR_FROM_QEMU, VIR_ERR_OPERATION_TIMEOUT,
    "Timed out during operation: cannot acquire state change lock (held by monitor="
    "remoteDispatchDomainManagedSave)" },
  { "polkit", LODGE_ERROR_DENIED, VIR_FROM_POLKIT, VIR_ERR_AUTH_UNAVAILABLE,
    "authentication unavailable: no polkit agent available to authenticate action "
    "'org.libvirt.unix.manage'" },
  { "read-only", LODGE_ERROR_DENIED, VIR_FROM_DOM, VIR_ERR_OPERATION_DENIED,
    "operation virDomainCreate forbidden for read only access" },
  { "socket-denied", LODGE_ERROR_DENIED, VIR_FROM_RPC, VIR_ERR_SYSTEM_ERROR,
    "Failed to connect socket to '/run/libvirt/libvirt-sock': Permission denied" },
  { "ssh-key-unknown", LODGE_ERROR_DENIED, VIR_FROM_RPC, VIR_ERR_SYSTEM_ERROR,
    "Cannot recv data: Host key verification failed.: Connection reset by peer" },
  { "ssh-denied", LODGE_ERROR_DENIED, VIR_FROM_RPC, VIR_ERR_SYSTEM_ERROR,
    "Cannot recv data: me@box: Permission denied (publickey,password).: Connection reset by peer" },
  { "socket-closed", LODGE_ERROR_DISCONNECTED, VIR_FROM_RPC, VIR_ERR_INTERNAL_ERROR,
    "internal error: client socket is closed" },
  { "broken-pipe", LODGE_ERROR_DISCONNECTED, VIR_FROM_RPC, VIR_ERR_SYSTEM_ERROR,
    "Cannot write data: Broken pipe" },
  { "end-of-file", LODGE_ERROR_DISCONNECTED, VIR_FROM_RPC, VIR_ERR_SYSTEM_ERROR,
    "End of file while reading data: Input/output error" },
  { "no-text", LODGE_ERROR_FAILED, VIR_FROM_NONE, VIR_ERR_OK, NULL },

  /* Where the daemon speaks another language, only the code and QEMU's own words help. */
  { "german-network", LODGE_ERROR_NETWORK_MISSING, VIR_FROM_NETWORK, VIR_ERR_NO_NETWORK,
    "Netzwerk nicht gefunden: kein Netzwerk mit Namen »nothere«" },
  { "german-memory", LODGE_ERROR_MEMORY, VIR_FROM_QEMU, VIR_ERR_INTERNAL_ERROR,
    "Interner Fehler: qemu-system-x86_64: cannot set up guest memory 'pc.ram': Cannot allocate "
    "memory" },

  /* A name of somebody's choice is not to be taken for the reason. */
  { "misleading-name", LODGE_ERROR_GONE, VIR_FROM_QEMU, VIR_ERR_NO_DOMAIN,
    "Domain not found: no domain with matching uuid '0' (out of memory)" },
};

static void
test_says_why (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);

  g_assert_cmpint (lodge_libvirt_map_error (cases[i].domain, cases[i].code, cases[i].message),
                   ==, (int)cases[i].expected);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/core/libvirt-error/", cases[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_says_why);
    }

  return g_test_run ();
}
