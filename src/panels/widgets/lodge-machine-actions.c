/* lodge-machine-actions.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-dialog-heading.h"
#include "lodge-machine-actions.h"
#include "lodge-mnemonics.h"
#include "lodge-report.h"
#include "lodge-start-failures.h"
#include "lodge-start-gate.h"
#include "lodge-words.h"

/**
 * LodgeMachineActions:
 *
 * What a person can do with the life of one machine, as actions that buttons, menus and keys call.
 */

struct _LodgeMachineActions
{
  GObject             parent_instance;

  /* Not owned: the widget the group is inserted into */
  GtkWidget          *widget;
  GSimpleActionGroup *group;
  GSignalGroup       *signals;
  LodgeMachine       *machine;
};

enum {
  PROP_0,
  PROP_MACHINE,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LodgeMachineActions, lodge_machine_actions, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static const struct
{
  const char  *name;
  LodgeAction  action;
} entries[] = {
  { "start",         LODGE_ACTION_START },
  { "pause",         LODGE_ACTION_PAUSE },
  { "resume",        LODGE_ACTION_RESUME },
  { "save",          LODGE_ACTION_SAVE },
  { "discard-saved", LODGE_ACTION_DISCARD_SAVED },
  { "shut-down",     LODGE_ACTION_SHUT_DOWN },
  { "restart",       LODGE_ACTION_RESTART },
  { "force-off",     LODGE_ACTION_FORCE_OFF },
};

typedef struct
{
  GtkWidget    *widget;
  LodgeMachine *machine;
  LodgeAction   action;
} Request;

static Request *
request_new (GtkWidget    *widget,
             LodgeMachine *machine,
             LodgeAction   action)
{
  Request *request = g_new0 (Request, 1);

  request->widget = g_object_ref (widget);
  request->machine = g_object_ref (machine);
  request->action = action;

  return request;
}

static void
request_free (Request *request)
{
  g_object_unref (request->widget);
  g_object_unref (request->machine);
  g_free (request);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static void
perform_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Request) request = user_data;
  g_autoptr(LodgeProblem) problem = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *title = NULL;

  if (lodge_machine_perform_finish (request->machine, result, &error) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  /* Told at length on the page of the machine, which is where a start leads to. */
  if (request->action == LODGE_ACTION_START)
    {
      lodge_start_failures_set (lodge_start_failures_get_default (), request->machine, error);
      return;
    }

  title = lodge_words_dup_machine_title (request->machine);
  problem = lodge_problem_new (error, request->action, title);
  lodge_report_problem (request->widget, problem);
}

static void
perform (GtkWidget    *widget,
         LodgeMachine *machine,
         LodgeAction   action)
{
  if (action == LODGE_ACTION_START)
    lodge_start_failures_set (lodge_start_failures_get_default (), machine, NULL);

  lodge_machine_perform_async (machine, action, NULL, perform_cb,
                               request_new (widget, machine, action));
}

static void
start (GtkWidget    *widget,
       LodgeMachine *machine)
{
  perform (widget, machine, LODGE_ACTION_START);
}

static void
question_response_cb (AdwMessageDialog *dialog,
                      const char       *response,
                      gpointer          user_data)
{
  const Request *request = user_data;

  if (g_strcmp0 (response, "yes") == 0)
    perform (request->widget, request->machine, request->action);
}

static void
ask (GtkWidget    *widget,
     LodgeMachine *machine,
     LodgeAction   action)
{
  g_autofree char *title = lodge_words_dup_machine_title (machine);
  Request *request = request_new (widget, machine, action);
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *dialog;

  dialog = adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL, NULL);

  if (action == LODGE_ACTION_FORCE_OFF)
    {
      adw_message_dialog_format_heading (ADW_MESSAGE_DIALOG (dialog), _("Force “%s” Off?"), title);
      adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog),
                                   _("This is like pulling the plug. Everything in the guest that is "
                                     "not saved is lost, and its discs may be left in disorder."));
      adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog),
                                        "no", _("_Cancel"), "yes", _("_Force Off"), NULL);
    }
  else
    {
      adw_message_dialog_format_heading (ADW_MESSAGE_DIALOG (dialog),
                                         _("Discard the Saved State of “%s”?"), title);
      adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog),
                                   _("The programs and documents that were open when the guest was "
                                     "saved are lost. It starts afresh next time, as after a power "
                                     "cut."));
      adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog),
                                        "no", _("_Cancel"), "yes", _("_Discard"), NULL);
    }

  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "yes",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "no");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "no");
  lodge_mnemonics_name_buttons (dialog);
  lodge_dialog_heading_wrap (dialog);
  /* It goes with the dialog, which may go with its window and without an answer. */
  g_object_set_data_full (G_OBJECT (dialog), "lodge-request", request, (GDestroyNotify)request_free);
  g_signal_connect (dialog, "response", G_CALLBACK (question_response_cb), request);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
action_activated_cb (GSimpleAction *action,
                     GVariant      *parameter,
                     gpointer       user_data)
{
  LodgeMachineActions *self = user_data;

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    if (self->machine != NULL && g_str_equal (entries[i].name, g_action_get_name (G_ACTION (action))))
      lodge_machine_actions_perform (self->widget, self->machine, entries[i].action);
}

static void
update (LodgeMachineActions *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->group), entries[i].name);

      g_simple_action_set_enabled (G_SIMPLE_ACTION (action),
                                   self->machine != NULL &&
                                   lodge_machine_can (self->machine, entries[i].action));
    }
}

static void
lodge_machine_actions_dispose (GObject *object)
{
  LodgeMachineActions *self = (LodgeMachineActions *)object;

  g_clear_object (&self->signals);
  g_clear_object (&self->group);
  g_clear_object (&self->machine);

  G_OBJECT_CLASS (lodge_machine_actions_parent_class)->dispose (object);
}

static void
lodge_machine_actions_get_property (GObject    *object,
                                    guint       prop_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  LodgeMachineActions *self = LODGE_MACHINE_ACTIONS (object);

  switch (prop_id)
    {
    case PROP_MACHINE:
      g_value_set_object (value, self->machine);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_machine_actions_set_property (GObject      *object,
                                    guint         prop_id,
                                    const GValue *value,
                                    GParamSpec   *pspec)
{
  LodgeMachineActions *self = LODGE_MACHINE_ACTIONS (object);

  switch (prop_id)
    {
    case PROP_MACHINE:
      lodge_machine_actions_set_machine (self, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_machine_actions_class_init (LodgeMachineActionsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lodge_machine_actions_dispose;
  object_class->get_property = lodge_machine_actions_get_property;
  object_class->set_property = lodge_machine_actions_set_property;

  properties[PROP_MACHINE] =
    g_param_spec_object ("machine", NULL, NULL,
                         LODGE_TYPE_MACHINE,
                         (G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
lodge_machine_actions_init (LodgeMachineActions *self)
{
  self->group = g_simple_action_group_new ();

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      g_autoptr(GSimpleAction) action = g_simple_action_new (entries[i].name, NULL);

      g_signal_connect_object (action, "activate", G_CALLBACK (action_activated_cb), self, 0);
      g_action_map_add_action (G_ACTION_MAP (self->group), G_ACTION (action));
    }

  self->signals = g_signal_group_new (LODGE_TYPE_MACHINE);
  g_signal_group_connect_object (self->signals, "notify::state", G_CALLBACK (update),
                                 self, G_CONNECT_SWAPPED);
  g_signal_group_connect_object (self->signals, "notify::pending", G_CALLBACK (update),
                                 self, G_CONNECT_SWAPPED);
  update (self);
}

/**
 * lodge_machine_actions_new:
 * @widget: (transfer none): gets the group as "machine" and shows what goes wrong; must outlive
 *   the actions
 *
 * Returns: (transfer full): actions without a machine
 */
LodgeMachineActions *
lodge_machine_actions_new (GtkWidget *widget)
{
  LodgeMachineActions *self;

  g_return_val_if_fail (GTK_IS_WIDGET (widget), NULL);

  self = g_object_new (LODGE_TYPE_MACHINE_ACTIONS, NULL);
  self->widget = widget;
  gtk_widget_insert_action_group (widget, "machine", G_ACTION_GROUP (self->group));

  return self;
}

LodgeMachine *
lodge_machine_actions_get_machine (LodgeMachineActions *self)
{
  g_return_val_if_fail (LODGE_IS_MACHINE_ACTIONS (self), NULL);

  return self->machine;
}

void
lodge_machine_actions_set_machine (LodgeMachineActions *self,
                                   LodgeMachine        *machine)
{
  g_return_if_fail (LODGE_IS_MACHINE_ACTIONS (self));
  g_return_if_fail (!machine || LODGE_IS_MACHINE (machine));

  if (!g_set_object (&self->machine, machine))
    return;

  g_signal_group_set_target (self->signals, machine);
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MACHINE]);
}

/**
 * lodge_machine_actions_perform:
 * @widget: where a question or a failure is shown
 *
 * Does @action, after a question where it loses data or takes memory that the host needs. A failure is
 * told in the window of @widget; that of a start is kept in the #LodgeStartFailures, for the page of the
 * machine.
 */
void
lodge_machine_actions_perform (GtkWidget    *widget,
                               LodgeMachine *machine,
                               LodgeAction   action)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (LODGE_IS_MACHINE (machine));

  if (action == LODGE_ACTION_FORCE_OFF || action == LODGE_ACTION_DISCARD_SAVED)
    ask (widget, machine, action);
  else if (action == LODGE_ACTION_START)
    lodge_start_gate_pass (widget, machine, start);
  else
    perform (widget, machine, action);
}
