/* lodge-application-requests.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>
#include <stdlib.h>

#include "lodge-application-private.h"
#include "lodge-host-uri.h"
#include "lodge-host.h"
#include "lodge-machine-actions.h"
#include "lodge-machine.h"

/* What was asked for on the command line or over D-Bus, and has to wait for hosts to connect. */
typedef struct
{
  LodgeApplication        *app;
  /* Kept until the answer is known: the program that asked waits for its exit status */
  GApplicationCommandLine *command_line;
  GSignalGroup            *list_signals;
  GPtrArray               *signals;
  /* Null for the everyday guest */
  char                    *name;
  guint                    check;
  gboolean                 start;
  gboolean                 fullscreen;
} Request;

static void
request_free (Request *request)
{
  g_clear_handle_id (&request->check, g_source_remove);
  g_clear_object (&request->list_signals);
  g_clear_pointer (&request->signals, g_ptr_array_unref);
  g_clear_object (&request->command_line);
  g_free (request->name);
  g_application_release (G_APPLICATION (request->app));
  g_object_unref (request->app);
  g_free (request);
}

/* Says it where it was asked, and in the window. */
void
_lodge_application_tell_failure (LodgeApplication        *app,
                                 GApplicationCommandLine *command_line,
                                 const char              *text)
{
  if (command_line != NULL)
    {
      g_application_command_line_printerr (command_line, "%s\n", text);
      g_application_command_line_set_exit_status (command_line, EXIT_FAILURE);
    }

  lodge_window_say (_lodge_application_present (app), text);
}

static LodgeMachine *
dup_machine (Request *request)
{
  GListModel *hosts = G_LIST_MODEL (lodge_application_get_hosts (request->app));

  if (request->name == NULL)
    {
      LodgeMachine *everyday = lodge_host_list_get_everyday (LODGE_HOST_LIST (hosts));

      return everyday != NULL ? g_object_ref (everyday) : NULL;
    }

  for (guint i = 0; i < g_list_model_get_n_items (hosts); i++)
    {
      g_autoptr(LodgeHost) host = g_list_model_get_item (hosts, i);
      LodgeMachine *machine = lodge_host_dup_machine (host, request->name);

      if (machine != NULL)
        return machine;
    }

  return NULL;
}

static gboolean
any_host_connecting (Request *request)
{
  GListModel *hosts = G_LIST_MODEL (lodge_application_get_hosts (request->app));

  for (guint i = 0; i < g_list_model_get_n_items (hosts); i++)
    {
      g_autoptr(LodgeHost) host = g_list_model_get_item (hosts, i);

      if (lodge_host_get_state (host) == LODGE_HOST_STATE_CONNECTING)
        return TRUE;
    }

  return FALSE;
}

static void
fulfil (Request      *request,
        LodgeMachine *machine)
{
  LodgeWindow *window = _lodge_application_present (request->app);

  lodge_window_show_subject (window, G_OBJECT (machine));

  if (request->fullscreen)
    gtk_window_fullscreen (GTK_WINDOW (window));

  if (!request->start)
    return;

  if (lodge_machine_can (machine, LODGE_ACTION_START))
    lodge_machine_actions_perform (GTK_WIDGET (window), machine, LODGE_ACTION_START);
  else if (lodge_machine_can (machine, LODGE_ACTION_RESUME))
    lodge_machine_actions_perform (GTK_WIDGET (window), machine, LODGE_ACTION_RESUME);
}

static gboolean
check_cb (gpointer user_data)
{
  Request *request = user_data;
  g_autoptr(LodgeMachine) machine = dup_machine (request);
  g_autofree char *text = NULL;

  request->check = 0;

  if (machine == NULL && any_host_connecting (request))
    return G_SOURCE_REMOVE;

  if (machine != NULL)
    fulfil (request, machine);
  else if (request->name != NULL)
    text = g_strdup_printf (_("There is no guest called “%s”."), request->name);
  else
    text = g_strdup (_("No guest is the everyday guest yet. Choose one in its menu."));

  if (text != NULL)
    _lodge_application_tell_failure (request->app, request->command_line, text);

  request_free (request);

  return G_SOURCE_REMOVE;
}

/* From an idle, so that a host that has just connected has told everybody of its guests. */
static void
check_soon (Request *request)
{
  if (request->check == 0)
    request->check = g_idle_add (check_cb, request);
}

static void
watch_hosts (Request *request)
{
  GListModel *hosts = G_LIST_MODEL (lodge_application_get_hosts (request->app));

  request->list_signals = g_signal_group_new (LODGE_TYPE_HOST_LIST);
  g_signal_group_connect_swapped (request->list_signals, "notify::everyday", G_CALLBACK (check_soon), request);
  g_signal_group_set_target (request->list_signals, hosts);

  request->signals = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (hosts); i++)
    {
      g_autoptr(LodgeHost) host = g_list_model_get_item (hosts, i);
      g_autoptr(GListModel) machines = lodge_host_list_machines (host);
      GSignalGroup *host_signals = g_signal_group_new (LODGE_TYPE_HOST);
      GSignalGroup *machines_signals = g_signal_group_new (G_TYPE_LIST_MODEL);

      g_signal_group_connect_swapped (host_signals, "notify::state", G_CALLBACK (check_soon), request);
      g_signal_group_set_target (host_signals, host);
      g_signal_group_connect_swapped (machines_signals, "items-changed", G_CALLBACK (check_soon), request);
      g_signal_group_set_target (machines_signals, machines);
      g_ptr_array_add (request->signals, host_signals);
      g_ptr_array_add (request->signals, machines_signals);
    }
}

/* Shows a guest, or the everyday one if @name is null, as soon as it is known. */
void
_lodge_application_open_guest (LodgeApplication        *self,
                               const char              *name,
                               gboolean                 start,
                               gboolean                 fullscreen,
                               GApplicationCommandLine *command_line)
{
  Request *request = g_new0 (Request, 1);

  request->app = g_object_ref (self);
  request->name = g_strdup (name);
  request->start = start;
  request->fullscreen = fullscreen;
  g_set_object (&request->command_line, command_line);
  g_application_hold (G_APPLICATION (self));

  watch_hosts (request);
  check_soon (request);
}

void
_lodge_application_connect (LodgeApplication        *self,
                            const char              *uri,
                            GApplicationCommandLine *command_line)
{
  const char *problem;
  g_autofree char *normalized = lodge_host_uri_normalize (uri, &problem);
  g_autofree char *text = NULL;

  if (normalized != NULL)
    {
      lodge_host_list_add (lodge_application_get_hosts (self), normalized, TRUE);
      return;
    }

  text = g_strdup_printf ("“%s”: %s", uri, problem);
  _lodge_application_tell_failure (self, command_line, text);
}
