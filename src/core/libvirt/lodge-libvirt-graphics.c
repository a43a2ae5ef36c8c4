/* lodge-libvirt-graphics.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <unistd.h>

#include "lodge-libvirt-machine-private.h"
#include "lodge-libvirt-ssh-private.h"

/* The ways to a machine's screen. */

static gboolean
is_qemu_host (LodgeHost *host)
{
  return g_str_has_prefix (lodge_host_get_uri (host), "qemu");
}

/* An address on which the server listens, seen from here. Null if it only listens to its own
 * computer and that is another one: our 127.0.0.1 is not its.
 */
static char *
reachable_address (LodgeHost  *host,
                   const char *address)
{
  gboolean local = lodge_host_get_local (host);
  g_autoptr(GInetAddress) inet = address != NULL ? g_inet_address_new_from_string (address) : NULL;

  if (local)
    return g_strdup (address == NULL || (inet != NULL && g_inet_address_get_is_any (inet))
                     ? "127.0.0.1" : address);

  /* Libvirt's default is the loopback. */
  if (address == NULL || g_str_equal (address, "localhost") ||
      (inet != NULL && g_inet_address_get_is_loopback (inet)))
    return NULL;

  if (inet != NULL && g_inet_address_get_is_any (inet))
    return g_strdup (lodge_host_get_name (host));

  return g_strdup (address);
}

/* Whether this connection of libvirt, or the SSH server behind it, gives us a socket. */
static gboolean
lends_sockets (LodgeHost           *host,
               const LodgeGraphics *graphics)
{
  if (!is_qemu_host (host))
    return FALSE;

  if (lodge_host_get_local (host))
    return TRUE;

  return lodge_ssh_is_ssh_uri (lodge_host_get_uri (host)) &&
         (graphics->port != 0 || graphics->socket != NULL);
}

LodgeGraphicsAddress *
lodge_libvirt_dup_address (LodgeMachine        *machine,
                           const LodgeGraphics *graphics)
{
  LodgeHost *host = lodge_machine_get_host (machine);
  LodgeGraphicsAddress *address;

  if (host == NULL)
    return NULL;

  address = g_new0 (LodgeGraphicsAddress, 1);
  address->type = graphics->type;
  address->lends_sockets = lends_sockets (host, graphics);
  address->needs_password = graphics->has_password;

  if (graphics->listen == LODGE_LISTEN_ADDRESS && (graphics->port != 0 || graphics->tls_port != 0))
    {
      address->host = reachable_address (host, graphics->address);
      address->port = address->host != NULL ? graphics->port : 0;
      address->tls_port = address->host != NULL ? graphics->tls_port : 0;
    }

  return address;
}

/* File descriptors travel as pointers, plus one as 0 is a descriptor, too. */
static void
close_result (gpointer data)
{
  close (GPOINTER_TO_INT (data) - 1);
}

static gpointer
open_fd_work (gpointer       source_object,
              gpointer       task_data,
              GCancellable  *cancellable,
              GError       **error)
{
  LodgeDomainCall *call = task_data;
  int fd = virDomainOpenGraphicsFD (call->domain, call->number, VIR_DOMAIN_OPEN_GRAPHICS_SKIPAUTH);

  if (fd < 0)
    {
      lodge_libvirt_fail (error);
      return NULL;
    }

  return GINT_TO_POINTER (fd + 1);
}

static void
open_through_ssh (GTask               *task,
                  LodgeHost           *host,
                  const LodgeGraphics *graphics)
{
  g_autoptr(GError) error = NULL;
  int fd;

  fd = lodge_ssh_open (lodge_host_get_uri (host),
                       graphics->socket != NULL ? NULL : graphics->address,
                       graphics->port, graphics->socket, &error);
  if (fd < 0)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, GINT_TO_POINTER (fd + 1), close_result);
}

void
lodge_libvirt_open_fd_async (LodgeMachine        *machine,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  LodgeLibvirtMachine *self = LODGE_LIBVIRT_MACHINE (machine);
  const LodgeGraphics *graphics = _lodge_machine_get_screen (machine);
  LodgeHost *host = lodge_machine_get_host (machine);
  g_autoptr(GTask) task = g_task_new (machine, cancellable, callback, user_data);
  LodgeDomainCall *call;

  g_task_set_source_tag (task, lodge_libvirt_open_fd_async);

  if ((call = lodge_libvirt_machine_begin (self, task)) == NULL)
    return;

  if (host == NULL || graphics == NULL || graphics->type == LODGE_GRAPHICS_NONE ||
      !lends_sockets (host, graphics))
    g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED,
                             "this host lends no socket for the screen of this machine");
  else if (!lodge_host_get_local (host))
    open_through_ssh (task, host, graphics);
  else
    {
      call->number = graphics->index;
      lodge_libvirt_machine_run (self, task, open_fd_work, close_result);
    }
}

int
lodge_libvirt_open_fd_finish (LodgeMachine  *machine,
                              GAsyncResult  *result,
                              GError       **error)
{
  g_assert (g_task_is_valid (result, machine));

  return GPOINTER_TO_INT (g_task_propagate_pointer (G_TASK (result), error)) - 1;
}
