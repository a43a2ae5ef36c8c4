/* lodge-demo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-definition-private.h"
#include "lodge-demo-private.h"
#include "lodge-error.h"
#include "lodge-host.h"
#include "lodge-machine.h"
#include "lodge-xml-private.h"

/*
 * The definition of the demo guest (data/demo), which needs a screen, a
 * keyboard, a mouse, a serial line and a channel, being its own agent. It
 * opens no port: its screen can only be had through libvirt. Nothing is
 * compressed on a way that stays inside this computer.
 *
 * An element <lodge:demo/> in its metadata says that it is ours to change.
 */

#define DEMO_XML \
  "<domain type='%s'>" \
  "<name>" LODGE_DEMO_NAME "</name>" \
  "<title>" LODGE_DEMO_NAME "</title>" \
  "<description>A small guest without an operating system, to try Lodge with.</description>" \
  "<metadata>" \
  "<" LODGE_XMLNS_PREFIX ":guest xmlns:" LODGE_XMLNS_PREFIX "='" LODGE_XMLNS "'>" \
  "<" LODGE_XMLNS_PREFIX ":demo/>" \
  "</" LODGE_XMLNS_PREFIX ":guest>" \
  "</metadata>" \
  "<memory unit='MiB'>64</memory>" \
  "<vcpu>1</vcpu>" \
  "<os><type arch='x86_64' machine='pc'>hvm</type><kernel>%s</kernel></os>" \
  "<features><acpi/></features>" \
  "<clock offset='utc'/>" \
  "<on_poweroff>destroy</on_poweroff>" \
  "<on_reboot>restart</on_reboot>" \
  "<on_crash>destroy</on_crash>" \
  "<devices>" \
  "<controller type='usb' model='none'/>" \
  "<channel type='spicevmc'><target type='virtio' name='com.redhat.spice.0'/></channel>" \
  "<serial type='pty'/>" \
  "<graphics type='spice'>" \
  "<listen type='none'/>" \
  "<image compression='off'/>" \
  "<streaming mode='off'/>" \
  "</graphics>" \
  "<video><model type='vga' vram='16384' heads='1' primary='yes'/></video>" \
  "<memballoon model='none'/>" \
  "</devices>" \
  "</domain>"

static const char *
domain_type (LodgeAcceleration acceleration)
{
  return acceleration == LODGE_ACCELERATION_KVM ? "kvm" : "qemu";
}

char *
lodge_demo_build_xml (const char        *image,
                      LodgeAcceleration  acceleration)
{
  return g_markup_printf_escaped (DEMO_XML, domain_type (acceleration), image);
}

static gboolean
is_demo (xmlNode *domain)
{
  xmlNode *metadata = lodge_xml_child (domain, "metadata");

  for (xmlNode *node = metadata != NULL ? metadata->children : NULL; node; node = node->next)
    {
      if (node->ns != NULL && g_strcmp0 ((const char *)node->ns->href, LODGE_XMLNS) == 0)
        return lodge_xml_child (node, "demo") != NULL;
    }

  return FALSE;
}

static gboolean
set_content (xmlNode    *node,
             const char *content)
{
  g_autofree char *old = lodge_xml_dup_text (node);

  if (g_strcmp0 (old, content) == 0)
    return FALSE;

  lodge_xml_set_text (node, content);

  return TRUE;
}

static gboolean
set_attribute (xmlNode    *node,
               const char *name,
               const char *content)
{
  if (lodge_xml_attribute_is (node, name, content))
    return FALSE;

  lodge_xml_set_attribute (node, name, content);

  return TRUE;
}

/* Brings a demo guest's definition up to date. Returns NULL if it is already, or with @error set if
 * it is no demo guest of ours.
 */
char *
lodge_demo_update_xml (const char         *xml,
                       const char         *image,
                       LodgeAcceleration   acceleration,
                       GError            **error)
{
  g_autoptr(xmlDoc) document = lodge_xml_parse_domain (xml, NULL);
  xmlNode *domain = document != NULL ? xmlDocGetRootElement (document) : NULL;
  gboolean changed = FALSE;
  xmlNode *os;

  if (domain == NULL || !is_demo (domain))
    {
      g_set_error_literal (error, LODGE_ERROR, LODGE_ERROR_NAME_IN_USE,
                           "another machine is called " LODGE_DEMO_NAME);
      return NULL;
    }

  if ((os = lodge_xml_child (domain, "os")) != NULL)
    changed = set_content (lodge_xml_ensure (os, "kernel"), image);

  changed |= set_attribute (domain, "type", domain_type (acceleration));

  return changed ? lodge_xml_serialize (document) : NULL;
}

static void
defined_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  LodgeMachine *machine = lodge_host_define_machine_finish (LODGE_HOST (object), result, &error);

  if (machine == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, machine, g_object_unref);
}

static void
define (GTask      *task,
        const char *xml)
{
  lodge_host_define_machine_async (g_task_get_source_object (task), xml,
                                   g_task_get_cancellable (task), defined_cb, g_object_ref (task));
}

static void
xml_loaded_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  LodgeHost *host = g_task_get_source_object (task);
  g_autofree char *xml = NULL;
  g_autofree char *updated = NULL;
  GError *error = NULL;

  xml = lodge_machine_load_xml_finish (LODGE_MACHINE (object), result, &error);
  if (xml != NULL)
    updated = lodge_demo_update_xml (xml, g_task_get_task_data (task),
                                     lodge_host_get_acceleration (host), &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else if (updated != NULL)
    define (task, updated);
  else
    g_task_return_pointer (task, g_object_ref (object), g_object_unref);
}

static void
probed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  LodgeHost *host = LODGE_HOST (object);
  g_autoptr(LodgeMachine) machine = NULL;
  g_autofree char *xml = NULL;
  g_autoptr(GError) error = NULL;
  LodgeAcceleration acceleration;

  /* If it could not be found out, software is sure to run. */
  acceleration = lodge_host_probe_acceleration_finish (host, result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if ((machine = lodge_host_dup_machine (host, LODGE_DEMO_NAME)) != NULL)
    {
      lodge_machine_load_xml_async (machine, TRUE, g_task_get_cancellable (task),
                                    xml_loaded_cb, g_object_ref (task));
      return;
    }

  xml = lodge_demo_build_xml (g_task_get_task_data (task), acceleration);
  define (task, xml);
}

static void
opened_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (!lodge_host_open_finish (LODGE_HOST (object), result, &error))
    g_task_return_error (task, error);
  else
    lodge_host_probe_acceleration_async (LODGE_HOST (object), g_task_get_cancellable (task),
                                         probed_cb, g_object_ref (task));
}

/**
 * lodge_demo_create_async:
 * @host: a host; it is opened if it is not
 * @image: file name of the demo guest's image
 * @cancellable: (nullable): a cancellable
 * @callback: called on the main thread
 * @user_data: data for @callback
 *
 * Defines the demo guest, or finds the one that is there and brings it up to
 * date: with KVM where that works, and with the image where it lies now. The
 * host must be this computer, as @image is a file of it.
 */
void
lodge_demo_create_async (LodgeHost           *host,
                         const char          *image,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (LODGE_IS_HOST (host));
  g_return_if_fail (image != NULL);
  g_return_if_fail (!cancellable || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (host, cancellable, callback, user_data);
  g_task_set_source_tag (task, lodge_demo_create_async);
  g_task_set_task_data (task, g_canonicalize_filename (image, NULL), g_free);

  if (!lodge_host_get_local (host))
    g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED,
                             "the image of the demo guest is a file of this computer");
  else if (!g_file_test (image, G_FILE_TEST_IS_REGULAR))
    g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_DISC_MISSING,
                             "the image of the demo guest is missing: %s", image);
  else
    lodge_host_open_async (host, cancellable, opened_cb, g_object_ref (task));
}

/* Returns: (transfer full): the demo guest, or NULL */
LodgeMachine *
lodge_demo_create_finish (LodgeHost     *host,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (LODGE_IS_HOST (host), NULL);
  g_return_val_if_fail (g_task_is_valid (result, host), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
