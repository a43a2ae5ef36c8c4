/* lodge-libvirt-error.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-libvirt-private.h"

/*
 * The one place where libvirt's errors become ours.
 *
 * What a person can act on stands mostly in the text: libvirt reports a port
 * in use, a locked disc and a lack of memory alike as internal errors with
 * the last words of QEMU. libvirt's own words are translated where the
 * daemon runs in another language, QEMU's never are, so the latter are
 * looked for first and the codes decide the rest.
 */

typedef struct
{
  LodgeError  code;
  const char *words[3];  /* all must be there, in any letter case */
} Rule;

static const Rule rules[] =
{
  { LODGE_ERROR_DEVICE_IN_USE, { "usb device", "is in use by" } },
  { LODGE_ERROR_NOT_RELEASED, { "unplug of device was rejected by the guest" } },
  { LODGE_ERROR_NO_USB_PORT, { "no free usb port" } },
  { LODGE_ERROR_NO_USB_PORT, { "no usb controller" } },
  { LODGE_ERROR_NO_USB_PORT, { "no free slots", "usb" } },
  { LODGE_ERROR_NO_USB_PORT, { "no 'usb-bus' bus" } },
  { LODGE_ERROR_NO_USB_PORT, { "no usb bus" } },
  { LODGE_ERROR_NO_USB_PORT, { "usb is disabled for this domain" } },
  { LODGE_ERROR_DENIED, { "/dev/bus/usb/", "permission denied" } },
  { LODGE_ERROR_DENIED, { "/dev/bus/usb/", "operation not permitted" } },
  { LODGE_ERROR_DISC_LOCKED, { "failed to get", "lock" } },
  { LODGE_ERROR_DISC_LOCKED, { "failed to acquire", "lock" } },
  { LODGE_ERROR_DISC_LOCKED, { "is another process using the image" } },
  { LODGE_ERROR_DISC_LOCKED, { "resource busy", "lock" } },
  { LODGE_ERROR_PORT_IN_USE, { "address already in use" } },
  { LODGE_ERROR_PORT_IN_USE, { "failed to open spice sockets" } },
  { LODGE_ERROR_PORT_IN_USE, { "unable to find an unused port" } },
  { LODGE_ERROR_PORT_IN_USE, { "port", "already in use" } },
  { LODGE_ERROR_KVM, { "/dev/kvm" } },
  { LODGE_ERROR_KVM, { "kvm kernel module" } },
  { LODGE_ERROR_KVM, { "failed to initialize kvm" } },
  { LODGE_ERROR_KVM, { "could not access kvm" } },
  { LODGE_ERROR_KVM, { "domain requires kvm" } },
  { LODGE_ERROR_KVM, { "does not support virt type 'kvm'" } },
  { LODGE_ERROR_KVM, { "invalid accelerator kvm" } },
  { LODGE_ERROR_KVM, { "requires kvm" } },
  { LODGE_ERROR_KVM, { "kvm is not" } },
  { LODGE_ERROR_MEMORY, { "cannot allocate memory" } },
  { LODGE_ERROR_MEMORY, { "cannot set up guest memory" } },
  { LODGE_ERROR_MEMORY, { "could not allocate memory" } },
  { LODGE_ERROR_MEMORY, { "unable to map backing store for guest ram" } },
  { LODGE_ERROR_MEMORY, { "insufficient free host memory" } },
  { LODGE_ERROR_MEMORY, { "out of memory" } },
  { LODGE_ERROR_NETWORK_INACTIVE, { "network", "is not active" } },
  { LODGE_ERROR_NETWORK_MISSING, { "network not found" } },
  { LODGE_ERROR_NETWORK_MISSING, { "cannot get interface mtu" } },
  { LODGE_ERROR_NETWORK_MISSING, { "unable to add bridge", "no such device" } },
  { LODGE_ERROR_NETWORK_MISSING, { "failed to get bridge", "no such device" } },
  { LODGE_ERROR_NETWORK_MISSING, { "bridge", "does not exist" } },
  { LODGE_ERROR_DENIED, { "bridge helper" } },
  { LODGE_ERROR_FILE_DENIED, { "cannot access storage file", "permission denied" } },
  { LODGE_ERROR_FILE_DENIED, { "could not open", "permission denied" } },
  { LODGE_ERROR_FILE_DENIED, { "could not open", "operation not permitted" } },
  { LODGE_ERROR_FILE_DENIED, { "could not load kernel", "permission denied" } },
  { LODGE_ERROR_FILE_DENIED, { "unable to set user and group" } },
  { LODGE_ERROR_FILE_DENIED, { "failed to open file", "permission denied" } },
  { LODGE_ERROR_FILE_DENIED, { "cannot open file", "permission denied" } },
  { LODGE_ERROR_FILE_DENIED, { "unable to open", "permission denied" } },
  { LODGE_ERROR_DISC_MISSING, { "cannot access storage file" } },
  { LODGE_ERROR_DISC_MISSING, { "could not open", "no such file" } },
  { LODGE_ERROR_DISC_MISSING, { "could not load kernel" } },
  { LODGE_ERROR_DISC_MISSING, { "could not load pc bios" } },
  { LODGE_ERROR_DISC_MISSING, { "failed to open", "no such file" } },
  { LODGE_ERROR_DISC_MISSING, { "failed to stat", "no such file" } },
  { LODGE_ERROR_DISC_MISSING, { "unable to open", "no such file" } },
  { LODGE_ERROR_DISC_MISSING, { "storage volume not found" } },
  { LODGE_ERROR_DISC_MISSING, { "storage pool", "is not active" } },
  { LODGE_ERROR_NAME_IN_USE, { "already exists with uuid" } },
  { LODGE_ERROR_NAME_IN_USE, { "domain with name", "already exists" } },
  { LODGE_ERROR_NAME_IN_USE, { "is already defined with uuid" } },
  { LODGE_ERROR_INVALID, { "domain", "already running" } },
  { LODGE_ERROR_INVALID, { "domain", "is not running" } },
  { LODGE_ERROR_INVALID, { "unable to parse uri" } },
  { LODGE_ERROR_UNSUPPORTED, { "no connection driver available" } },
  { LODGE_ERROR_DENIED, { "failed to connect socket", "permission denied" } },
  { LODGE_ERROR_DENIED, { "host key verification failed" } },
  { LODGE_ERROR_DENIED, { "permission denied (" } },
  { LODGE_ERROR_DISCONNECTED, { "client socket is closed" } },
  { LODGE_ERROR_DISCONNECTED, { "connection closed due to keepalive timeout" } },
  { LODGE_ERROR_DISCONNECTED, { "broken pipe" } },
  { LODGE_ERROR_DISCONNECTED, { "end of file while reading data" } },
  { LODGE_ERROR_DISCONNECTED, { "client is going to close" } },
};

static gboolean
rule_fits (const Rule *rule,
           const char *message)
{
  for (guint i = 0; i < G_N_ELEMENTS (rule->words) && rule->words[i] != NULL; i++)
    {
      if (strstr (message, rule->words[i]) == NULL)
        return FALSE;
    }

  return TRUE;
}

/* QEMU spoke its last words; whether they are known to us was looked at before. */
static gboolean
qemu_exited (const char *message)
{
  return strstr (message, "process exited while connecting to monitor") != NULL ||
         strstr (message, "qemu unexpectedly closed the monitor") != NULL ||
         strstr (message, "process exited") != NULL ||
         strstr (message, "monitor socket did not show up") != NULL;
}

static LodgeError
map_code (int domain,
          int code)
{
  switch (code)
    {
    case VIR_ERR_NO_DOMAIN:
      return LODGE_ERROR_GONE;

    case VIR_ERR_DOM_EXIST:
      return LODGE_ERROR_NAME_IN_USE;

    case VIR_ERR_NO_NETWORK:
      return LODGE_ERROR_NETWORK_MISSING;

    case VIR_ERR_NO_STORAGE_VOL:
    case VIR_ERR_NO_STORAGE_POOL:
      return LODGE_ERROR_DISC_MISSING;

    case VIR_ERR_NO_MEMORY:
      return LODGE_ERROR_MEMORY;

    case VIR_ERR_AUTH_FAILED:
    case VIR_ERR_AUTH_CANCELLED:
    case VIR_ERR_AUTH_UNAVAILABLE:
    case VIR_ERR_ACCESS_DENIED:
    case VIR_ERR_OPERATION_DENIED:
      return LODGE_ERROR_DENIED;

    case VIR_ERR_NO_SUPPORT:
    case VIR_ERR_OPERATION_UNSUPPORTED:
    case VIR_ERR_ARGUMENT_UNSUPPORTED:
    case VIR_ERR_CONFIG_UNSUPPORTED:
      return LODGE_ERROR_UNSUPPORTED;

    case VIR_ERR_OPERATION_INVALID:
    case VIR_ERR_XML_ERROR:
    case VIR_ERR_XML_DETAIL:
    case VIR_ERR_XML_INVALID_SCHEMA:
    case VIR_ERR_INVALID_ARG:
      return LODGE_ERROR_INVALID;

    case VIR_ERR_RESOURCE_BUSY:
      return LODGE_ERROR_DISC_LOCKED;

    case VIR_ERR_OPERATION_TIMEOUT:
    case VIR_ERR_AGENT_UNRESPONSIVE:
      return LODGE_ERROR_TIMED_OUT;

    case VIR_ERR_NO_CONNECT:
      return LODGE_ERROR_UNREACHABLE;

    default:
      return LODGE_ERROR_FAILED;
    }
}

/* @domain and @code as in virError. */
int
lodge_libvirt_map_error (int         domain,
                         int         code,
                         const char *message)
{
  g_autofree char *lower = g_ascii_strdown (message != NULL ? message : "", -1);
  LodgeError mapped;

  /* These are never about anything else, whatever the machine is called. */
  if (code == VIR_ERR_NO_DOMAIN || code == VIR_ERR_DOM_EXIST || code == VIR_ERR_NO_NETWORK)
    return map_code (domain, code);

  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      if (rule_fits (&rules[i], lower))
        return rules[i].code;
    }

  mapped = map_code (domain, code);
  if (mapped == LODGE_ERROR_FAILED && qemu_exited (lower))
    return LODGE_ERROR_QEMU_EXITED;

  return mapped;
}

/* Turns the last error of this thread into @error. To be called at once, as the next call of
 * libvirt forgets it. File names and QEMU's last words may be of any encoding; what is made of them
 * is UTF-8. Returns %FALSE.
 */
gboolean
lodge_libvirt_fail (GError **error)
{
  virErrorPtr last = virGetLastError ();
  g_autofree char *message = g_utf8_make_valid (virGetLastErrorMessage (), -1);

  g_set_error_literal (error, LODGE_ERROR,
                       lodge_libvirt_map_error (last != NULL ? last->domain : VIR_FROM_NONE,
                                                last != NULL ? last->code : VIR_ERR_OK,
                                                message),
                       message);

  return FALSE;
}
