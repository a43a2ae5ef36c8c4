/* lodge-libvirt-usb-ports.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <stdlib.h>

#include "lodge-libvirt-machine-private.h"
#include "usb/lodge-usb-hostdev-route.h"

/* Room for USB devices in guests that others made. */

static gboolean
has_room (const LodgeUsbDefinition *usb)
{
  return usb->ports >= LODGE_USB_PORTS &&
         (!usb->has_spice || usb->redirections >= LODGE_USB_REDIRECTIONS);
}

/**
 * lodge_usb_has_room:
 * @machine: a machine
 * @ports: (out) (optional): the ports of its largest USB controller
 * @redirections: (out) (optional): how many devices can be redirected at one time
 *
 * Returns: whether @machine has as much as Lodge gives to guests. Of one that is not known yet,
 *   nothing else is said.
 */
gboolean
lodge_usb_has_room (LodgeMachine *machine,
                    guint        *ports,
                    guint        *redirections)
{
  const LodgeDefinition *definition;

  g_return_val_if_fail (LODGE_IS_MACHINE (machine), FALSE);

  definition = _lodge_machine_get_definition (machine);

  if (ports != NULL)
    *ports = definition != NULL ? definition->usb.ports : 0;
  if (redirections != NULL)
    *redirections = definition != NULL ? definition->usb.redirections : 0;

  return definition == NULL || has_room (&definition->usb);
}

/**
 * lodge_usb_load_stored_room_async:
 * @machine: a machine
 * @cancellable: (nullable): a cancellable
 * @callback: called on the main thread
 * @user_data: data for @callback
 *
 * Reads what room @machine has when it is started next.
 */
void
lodge_usb_load_stored_room_async (LodgeMachine        *machine,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  lodge_machine_load_xml_async (machine, TRUE, cancellable, callback, user_data);
}

/* @ports: (out). @redirections: (out) */
gboolean
lodge_usb_load_stored_room_finish (LodgeMachine  *machine,
                                   GAsyncResult  *result,
                                   guint         *ports,
                                   guint         *redirections,
                                   GError       **error)
{
  g_autofree char *xml = lodge_machine_load_xml_finish (machine, result, error);
  g_autoptr(LodgeDefinition) stored = xml != NULL ? lodge_definition_parse (xml, error) : NULL;

  if (stored == NULL)
    return FALSE;

  *ports = stored->usb.ports;
  *redirections = stored->usb.redirections;

  return has_room (&stored->usb);
}

static gboolean
check_room (const char    *xml,
            gconstpointer  wish)
{
  g_autoptr(LodgeDefinition) definition = lodge_definition_parse (xml, NULL);

  return definition != NULL && has_room (&definition->usb);
}

static char *
edit_room (const char     *xml,
           gconstpointer   wish,
           GError        **error)
{
  return check_room (xml, wish) ? g_strdup (xml) : lodge_definition_add_usb (xml, error);
}

static gboolean
store_room (LodgeLink     *link,
            virDomainPtr   domain,
            GError       **error)
{
  if (virDomainIsPersistent (domain) != 1)
    {
      g_set_error_literal (error, LODGE_ERROR, LODGE_ERROR_NOT_STORED,
                           "the machine has no stored definition");
      return FALSE;
    }

  return lodge_libvirt_edit_stored (link, domain, edit_room, check_room, NULL, error);
}

static LodgeDefinition *
read_live (virDomainPtr domain)
{
  char *xml = virDomainGetXMLDesc (domain, 0);
  LodgeDefinition *definition = xml != NULL ? lodge_definition_parse (xml, NULL) : NULL;

  free (xml);

  return definition;
}

/* What cannot be plugged in (there may be no port for it) waits for the next start. */
static void
plug_redirections (virDomainPtr domain)
{
  g_autoptr(LodgeDefinition) live = NULL;

  if (virDomainIsActive (domain) != 1 || (live = read_live (domain)) == NULL ||
      !live->usb.has_spice || live->usb.ports == 0)
    return;

  for (guint n = live->usb.redirections; n < LODGE_USB_REDIRECTIONS; n++)
    {
      if (virDomainAttachDeviceFlags (domain, "<redirdev bus='usb' type='spicevmc'/>",
                                      VIR_DOMAIN_AFFECT_LIVE) < 0)
        return;
    }
}

static gpointer
add_room_work (gpointer       source_object,
               gpointer       task_data,
               GCancellable  *cancellable,
               GError       **error)
{
  LodgeDomainCall *call = task_data;

  if (!store_room (call->link, call->domain, &call->failure) &&
      !g_error_matches (call->failure, LODGE_ERROR, LODGE_ERROR_NOT_STORED))
    return lodge_libvirt_read_again (call);

  plug_redirections (call->domain);

  return lodge_libvirt_read_again (call);
}

/**
 * lodge_usb_add_room_async:
 * @machine: a machine
 * @cancellable: (nullable): a cancellable
 * @callback: called on the main thread
 * @user_data: data for @callback
 *
 * Gives @machine an xHCI controller with all its ports and ways for devices
 * to be redirected, as far as it has not got them.
 */
void
lodge_usb_add_room_async (LodgeMachine        *machine,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  LodgeDomainCall *call;

  g_return_if_fail (LODGE_IS_MACHINE (machine));

  task = g_task_new (machine, cancellable, callback, user_data);
  g_task_set_source_tag (task, lodge_usb_add_room_async);

  if (!LODGE_IS_LIBVIRT_MACHINE (machine))
    g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED, "not a machine of libvirt");
  else if ((call = lodge_libvirt_machine_begin (LODGE_LIBVIRT_MACHINE (machine), task)) != NULL)
    lodge_libvirt_machine_run (LODGE_LIBVIRT_MACHINE (machine), task, add_room_work,
                               (GDestroyNotify)lodge_found_array_release);
}

/* @needs_restart: (out) (optional): whether something of it waits for the machine's next start */
gboolean
lodge_usb_add_room_finish (LodgeMachine  *machine,
                           GAsyncResult  *result,
                           gboolean      *needs_restart,
                           GError       **error)
{
  LodgeDomainCall *call;

  g_return_val_if_fail (LODGE_IS_MACHINE (machine), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, machine), FALSE);

  if (!LODGE_IS_LIBVIRT_MACHINE (machine))
    return g_task_propagate_boolean (G_TASK (result), error);

  if (!lodge_libvirt_machine_finish (machine, result, error))
    return FALSE;

  call = g_task_get_task_data (G_TASK (result));
  if (call->failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&call->failure));
      return FALSE;
    }

  if (needs_restart != NULL)
    *needs_restart = lodge_machine_is_active (machine) && !lodge_usb_has_room (machine, NULL, NULL);

  return TRUE;
}
