/* lodge-libvirt-machine.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <stdlib.h>

#include "lodge-libvirt-machine-private.h"

/*
 * LodgeLibvirtMachine:
 *
 * A libvirt domain. The handle changes with the host's connection; without one
 * there is none.
 */

struct _LodgeLibvirtMachine
{
  LodgeMachine  parent_instance;
  LodgeLink    *link;
  virDomainPtr  domain;
};

G_DEFINE_FINAL_TYPE (LodgeLibvirtMachine, lodge_libvirt_machine, LODGE_TYPE_MACHINE)

void
lodge_domain_call_free (LodgeDomainCall *call)
{
  lodge_libvirt_release_domain (call->domain);
  lodge_link_unref (call->link);
  g_clear_error (&call->failure);
  g_clear_pointer (&call->preferences, lodge_preferences_free);
  g_free (call->known);
  g_free (call->text);
  g_free (call->path);
  g_free (call);
}

/* Makes the data of a call to libvirt for @task, or ends @task with an error and returns NULL. */
LodgeDomainCall *
lodge_libvirt_machine_begin (LodgeLibvirtMachine *self,
                             GTask               *task)
{
  LodgeDomainCall *call;

  g_assert (LODGE_IS_LIBVIRT_MACHINE (self));

  if (self->domain == NULL)
    {
      g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_DISCONNECTED,
                               "not connected to the host of this machine");
      return NULL;
    }

  call = g_new0 (LodgeDomainCall, 1);
  virDomainRef (self->domain);
  call->domain = self->domain;
  call->link = lodge_link_ref (self->link);
  g_task_set_task_data (task, call, (GDestroyNotify)lodge_domain_call_free);

  return call;
}

void
lodge_libvirt_machine_run (LodgeLibvirtMachine *self,
                           GTask               *task,
                           LodgeWorkFunc        func,
                           GDestroyNotify       result_destroy)
{
  LodgeHost *host = lodge_machine_get_host (LODGE_MACHINE (self));

  if (host == NULL)
    g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_DISCONNECTED, "the host is gone");
  else
    lodge_worker_run (lodge_libvirt_host_get_actions (LODGE_LIBVIRT_HOST (host)),
                      task, func, result_destroy);
}

/* Looks at the domain after something was done with it. It may be gone by that. */
GPtrArray *
lodge_libvirt_read_again (LodgeDomainCall *call)
{
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify)lodge_found_free);
  g_autoptr(GError) error = NULL;
  LodgeFound *found = lodge_found_new (call->domain);

  g_ptr_array_add (all, found);
  if (!lodge_libvirt_read_domain (found, &error))
    found->gone = g_error_matches (error, LODGE_ERROR, LODGE_ERROR_GONE);

  return g_steal_pointer (&all);
}

/* Ends a task whose result is what lodge_libvirt_read_again() found. */
gboolean
lodge_libvirt_machine_finish (LodgeMachine  *machine,
                              GAsyncResult  *result,
                              GError       **error)
{
  LodgeDomainCall *call = g_task_get_task_data (G_TASK (result));
  LodgeHost *host = lodge_machine_get_host (machine);
  GPtrArray *all;

  g_assert (g_task_is_valid (result, machine));

  if ((all = g_task_propagate_pointer (G_TASK (result), error)) == NULL)
    return FALSE;

  if (host != NULL)
    lodge_libvirt_host_apply (LODGE_LIBVIRT_HOST (host), lodge_link_get_serial (call->link), all);

  lodge_found_array_release (all);

  return TRUE;
}

/* What the user waits for. */
typedef struct
{
  LodgeAction action;
  guint64     memory;   /* KiB to start with this time; 0 for what is stored */
} Wish;

static void
set_wish (GTask       *task,
          LodgeAction  action,
          guint64      memory)
{
  Wish wish = { action, memory };

  g_task_set_task_data (task, g_memdup2 (&wish, sizeof wish), g_free);
}

static gpointer
perform_work (gpointer       source_object,
              gpointer       task_data,
              GCancellable  *cancellable,
              GError       **error)
{
  LodgeDomainCall *call = task_data;

  /* A guest that failed to start was seen starting, perhaps. */
  if (call->value != 0)
    lodge_libvirt_start_with (call->domain, call->value, cancellable, &call->failure);
  else
    lodge_libvirt_perform (call->domain, call->number, &call->failure);

  return lodge_libvirt_read_again (call);
}

/* Whether @action is done when libvirt says so, and does not wait for the guest. */
static gboolean
ends_with_call (LodgeAction  action,
                LodgeLink   *link)
{
  if (action == LODGE_ACTION_SHUT_DOWN)
    return FALSE;

  /* Only QEMU tells when the guest has restarted. */
  return action != LODGE_ACTION_RESTART || !g_str_equal (lodge_link_get_driver (link), "QEMU");
}

static void
perform_done_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  LodgeMachine *machine = LODGE_MACHINE (object);
  g_autoptr(GTask) task = user_data;
  LodgeDomainCall *call = g_task_get_task_data (G_TASK (result));
  const Wish *wish = g_task_get_task_data (task);
  LodgeAction action = wish->action;
  GError *error = NULL;
  gboolean done = lodge_libvirt_machine_finish (machine, result, &error);

  if (done && call->failure != NULL)
    {
      error = g_steal_pointer (&call->failure);
      done = FALSE;
    }

  if ((!done || ends_with_call (action, call->link)) &&
      lodge_machine_get_pending (machine) == action)
    _lodge_machine_set_pending (machine, LODGE_ACTION_NONE);

  if (done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* @task: what the user waits for; its data is a wish. */
static void
begin_action (LodgeLibvirtMachine *self,
              GTask               *task)
{
  const Wish *wish = g_task_get_task_data (task);
  g_autoptr(GTask) call_task = NULL;
  LodgeDomainCall *call;

  call_task = g_task_new (self, g_task_get_cancellable (task), perform_done_cb,
                          g_object_ref (task));
  g_task_set_source_tag (call_task, begin_action);

  if ((call = lodge_libvirt_machine_begin (self, call_task)) == NULL)
    return;

  call->number = wish->action;
  call->value = wish->memory;
  _lodge_machine_set_pending (LODGE_MACHINE (self), call->number);
  lodge_libvirt_machine_run (self, call_task, perform_work,
                             (GDestroyNotify)lodge_found_array_release);
}

static void
probed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  LodgeLibvirtMachine *self = g_task_get_source_object (task);
  LodgeAcceleration acceleration;

  acceleration = lodge_host_probe_acceleration_finish (LODGE_HOST (object), result, NULL);

  /* If it could not be found out, starting will tell. */
  if (acceleration != LODGE_ACCELERATION_NONE &&
      !g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    {
      begin_action (self, task);
      return;
    }

  if (lodge_machine_get_pending (LODGE_MACHINE (self)) == LODGE_ACTION_START)
    _lodge_machine_set_pending (LODGE_MACHINE (self), LODGE_ACTION_NONE);

  if (!g_task_return_error_if_cancelled (task))
    g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_KVM,
                             "KVM does not run guests on this host");
}

static gboolean
wants_kvm (LodgeMachine *machine)
{
  const LodgeDefinition *definition = _lodge_machine_get_definition (machine);

  return definition != NULL && g_strcmp0 (definition->type, "kvm") == 0 &&
         !lodge_machine_is_active (machine);
}

/* Starts the machine, unless KVM would let it hang. */
static void
begin_start (LodgeLibvirtMachine *self,
             GTask               *task)
{
  LodgeHost *host = lodge_machine_get_host (LODGE_MACHINE (self));

  if (host == NULL || !wants_kvm (LODGE_MACHINE (self)))
    {
      begin_action (self, task);
      return;
    }

  _lodge_machine_set_pending (LODGE_MACHINE (self), LODGE_ACTION_START);
  lodge_host_probe_acceleration_async (host, g_task_get_cancellable (task), probed_cb,
                                       g_object_ref (task));
}

static void
lodge_libvirt_machine_perform_async (LodgeMachine        *machine,
                                     LodgeAction          action,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  LodgeLibvirtMachine *self = (LodgeLibvirtMachine *)machine;
  g_autoptr(GTask) task = NULL;

  g_assert (LODGE_IS_LIBVIRT_MACHINE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lodge_libvirt_machine_perform_async);
  set_wish (task, action, 0);

  if (action != LODGE_ACTION_START)
    begin_action (self, task);
  else
    begin_start (self, task);
}

static void
lodge_libvirt_machine_start_with_async (LodgeMachine        *machine,
                                        guint64              kib,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (machine, cancellable, callback, user_data);

  g_task_set_source_tag (task, lodge_libvirt_machine_start_with_async);
  set_wish (task, LODGE_ACTION_START, kib);
  begin_start (LODGE_LIBVIRT_MACHINE (machine), task);
}

static void
lodge_libvirt_machine_start_anyway_async (LodgeMachine        *machine,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (machine, cancellable, callback, user_data);

  g_task_set_source_tag (task, lodge_libvirt_machine_start_anyway_async);
  set_wish (task, LODGE_ACTION_START, 0);
  begin_action (LODGE_LIBVIRT_MACHINE (machine), task);
}

static gboolean
lodge_libvirt_machine_perform_finish (LodgeMachine  *machine,
                                      GAsyncResult  *result,
                                      GError       **error)
{
  g_assert (g_task_is_valid (result, machine));

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Makes @task, known by @tag, and the data of its call to libvirt. Without a connection the task has
 * been ended, and there is no call.
 */
static LodgeDomainCall *
begin_call (LodgeMachine         *machine,
            gpointer              tag,
            GCancellable         *cancellable,
            GAsyncReadyCallback   callback,
            gpointer              user_data,
            GTask               **task)
{
  *task = g_task_new (machine, cancellable, callback, user_data);
  g_task_set_source_tag (*task, tag);

  return lodge_libvirt_machine_begin (LODGE_LIBVIRT_MACHINE (machine), *task);
}

static gpointer
write_preferences_work (gpointer       source_object,
                        gpointer       task_data,
                        GCancellable  *cancellable,
                        GError       **error)
{
  LodgeDomainCall *call = task_data;

  if (!lodge_libvirt_write_preferences (call->link, call->domain, call->preferences,
                                        call->number, error))
    return NULL;

  return lodge_libvirt_read_again (call);
}

static void
lodge_libvirt_machine_write_preferences_async (LodgeMachine           *machine,
                                               const LodgePreferences *preferences,
                                               LodgePreferenceFlags    what,
                                               GCancellable           *cancellable,
                                               GAsyncReadyCallback     callback,
                                               gpointer                user_data)
{
  g_autoptr(GTask) task = NULL;
  LodgeDomainCall *call = begin_call (machine, lodge_libvirt_machine_write_preferences_async,
                                      cancellable, callback, user_data, &task);

  if (call == NULL)
    return;

  call->preferences = lodge_preferences_copy (preferences);
  call->number = what;
  lodge_libvirt_machine_run (LODGE_LIBVIRT_MACHINE (machine), task, write_preferences_work,
                             (GDestroyNotify)lodge_found_array_release);
}

static gpointer
set_emulated_work (gpointer       source_object,
                   gpointer       task_data,
                   GCancellable  *cancellable,
                   GError       **error)
{
  LodgeDomainCall *call = task_data;

  if (!lodge_libvirt_write_emulated (call->link, call->domain, call->number, error))
    return NULL;

  return lodge_libvirt_read_again (call);
}

static void
lodge_libvirt_machine_set_emulated_async (LodgeMachine        *machine,
                                          gboolean             emulated,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  LodgeDomainCall *call = begin_call (machine, lodge_libvirt_machine_set_emulated_async, cancellable,
                                      callback, user_data, &task);

  if (call == NULL)
    return;

  call->number = emulated;
  lodge_libvirt_machine_run (LODGE_LIBVIRT_MACHINE (machine), task, set_emulated_work,
                             (GDestroyNotify)lodge_found_array_release);
}

static gpointer
load_xml_work (gpointer       source_object,
               gpointer       task_data,
               GCancellable  *cancellable,
               GError       **error)
{
  LodgeDomainCall *call = task_data;
  char *xml = virDomainGetXMLDesc (call->domain, call->number);
  char *copy;

  if (xml == NULL)
    {
      lodge_libvirt_fail (error);
      return NULL;
    }

  copy = g_strdup (xml);
  free (xml);

  return copy;
}

static void
lodge_libvirt_machine_load_xml_async (LodgeMachine        *machine,
                                      gboolean             stored,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  LodgeDomainCall *call = begin_call (machine, lodge_libvirt_machine_load_xml_async, cancellable,
                                      callback, user_data, &task);

  if (call == NULL)
    return;

  call->number = stored ? VIR_DOMAIN_XML_INACTIVE : 0;
  lodge_libvirt_machine_run (LODGE_LIBVIRT_MACHINE (machine), task, load_xml_work, g_free);
}

static char *
lodge_libvirt_machine_load_xml_finish (LodgeMachine  *machine,
                                       GAsyncResult  *result,
                                       GError       **error)
{
  g_assert (g_task_is_valid (result, machine));

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gpointer
open_console_work (gpointer       source_object,
                   gpointer       task_data,
                   GCancellable  *cancellable,
                   GError       **error)
{
  LodgeDomainCall *call = task_data;

  return lodge_libvirt_open_console (call->domain, call->text, error);
}

static void
lodge_libvirt_machine_open_console_async (LodgeMachine        *machine,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data)
{
  const LodgeDefinition *definition = _lodge_machine_get_definition (machine);
  g_autoptr(GTask) task = NULL;
  LodgeDomainCall *call = begin_call (machine, lodge_libvirt_machine_open_console_async, cancellable,
                                      callback, user_data, &task);

  if (call == NULL)
    return;

  call->text = definition != NULL ? g_strdup (definition->console) : NULL;
  lodge_libvirt_machine_run (LODGE_LIBVIRT_MACHINE (machine), task, open_console_work, g_object_unref);
}

static GIOStream *
lodge_libvirt_machine_open_console_finish (LodgeMachine  *machine,
                                           GAsyncResult  *result,
                                           GError       **error)
{
  g_assert (g_task_is_valid (result, machine));

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gpointer
take_screenshot_work (gpointer       source_object,
                      gpointer       task_data,
                      GCancellable  *cancellable,
                      GError       **error)
{
  LodgeDomainCall *call = task_data;

  return lodge_libvirt_take_screenshot (call->domain, error);
}

static void
lodge_libvirt_machine_take_screenshot_async (LodgeMachine        *machine,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  LodgeDomainCall *call = begin_call (machine, lodge_libvirt_machine_take_screenshot_async, cancellable,
                                      callback, user_data, &task);

  if (call != NULL)
    lodge_libvirt_machine_run (LODGE_LIBVIRT_MACHINE (machine), task, take_screenshot_work,
                               (GDestroyNotify)g_bytes_unref);
}

static GBytes *
lodge_libvirt_machine_take_screenshot_finish (LodgeMachine  *machine,
                                              GAsyncResult  *result,
                                              GError       **error)
{
  g_assert (g_task_is_valid (result, machine));

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
lodge_libvirt_machine_finalize (GObject *object)
{
  LodgeLibvirtMachine *self = (LodgeLibvirtMachine *)object;

  g_clear_pointer (&self->domain, lodge_libvirt_release_domain);
  g_clear_pointer (&self->link, lodge_link_unref);

  G_OBJECT_CLASS (lodge_libvirt_machine_parent_class)->finalize (object);
}

static void
lodge_libvirt_machine_class_init (LodgeLibvirtMachineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  LodgeMachineClass *machine_class = LODGE_MACHINE_CLASS (klass);

  object_class->finalize = lodge_libvirt_machine_finalize;

  /* The guest was to let go of the device that has this alias, and refused. */
  g_signal_new ("device-kept", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 1, G_TYPE_STRING);

  machine_class->perform_async = lodge_libvirt_machine_perform_async;
  machine_class->perform_finish = lodge_libvirt_machine_perform_finish;
  machine_class->start_anyway_async = lodge_libvirt_machine_start_anyway_async;
  machine_class->set_emulated_async = lodge_libvirt_machine_set_emulated_async;
  machine_class->set_emulated_finish = lodge_libvirt_machine_finish;
  machine_class->write_preferences_async = lodge_libvirt_machine_write_preferences_async;
  machine_class->write_preferences_finish = lodge_libvirt_machine_finish;
  machine_class->open_console_async = lodge_libvirt_machine_open_console_async;
  machine_class->open_console_finish = lodge_libvirt_machine_open_console_finish;
  machine_class->take_screenshot_async = lodge_libvirt_machine_take_screenshot_async;
  machine_class->take_screenshot_finish = lodge_libvirt_machine_take_screenshot_finish;
  machine_class->load_xml_async = lodge_libvirt_machine_load_xml_async;
  machine_class->load_xml_finish = lodge_libvirt_machine_load_xml_finish;
  machine_class->create_resources = lodge_libvirt_resources_new;
  machine_class->start_with_async = lodge_libvirt_machine_start_with_async;
  machine_class->set_balloon_period_async = lodge_libvirt_set_balloon_period_async;
  machine_class->balloon_finish = lodge_libvirt_balloon_finish;
  machine_class->dup_graphics_address = lodge_libvirt_dup_address;
  machine_class->open_graphics_fd_async = lodge_libvirt_open_fd_async;
  machine_class->open_graphics_fd_finish = lodge_libvirt_open_fd_finish;
}

static void
lodge_libvirt_machine_init (LodgeLibvirtMachine *self)
{
}

LodgeMachine *
lodge_libvirt_machine_new (LodgeLibvirtHost *host,
                           const char       *id)
{
  return g_object_new (LODGE_TYPE_LIBVIRT_MACHINE,
                       "host", host,
                       "id", id,
                       NULL);
}

/* @domain: (nullable): the machine's handle from now on, opened through @link */
void
lodge_libvirt_machine_set_domain (LodgeLibvirtMachine *self,
                                  LodgeLink           *link,
                                  virDomainPtr         domain)
{
  g_return_if_fail (LODGE_IS_LIBVIRT_MACHINE (self));
  g_return_if_fail ((link == NULL) == (domain == NULL));

  if (self->domain == domain)
    return;

  g_clear_pointer (&self->domain, lodge_libvirt_release_domain);
  g_clear_pointer (&self->link, lodge_link_unref);

  if (domain != NULL)
    {
      virDomainRef (domain);
      self->domain = domain;
      self->link = lodge_link_ref (link);
    }
}
