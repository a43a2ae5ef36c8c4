/* lodge-usb-attendant.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "lodge-console-usb-route.h"
#include "lodge-host.h"
#include "lodge-machine.h"
#include "lodge-settings.h"
#include "lodge-usb-attendant.h"
#include "lodge-usb-broker.h"
#include "lodge-usb-hostdev-route.h"
#include "lodge-usb-monitor.h"
#include "lodge-usb-question.h"
#include "lodge-usb-unmount-dialog.h"
#include "lodge-usb-words.h"
#include "lodge-window.h"
#include "lodge-words.h"

/**
 * LodgeUsbAttendant:
 *
 * Lets USB devices find their guests as long as the program runs, and speaks with the user about
 * it: in the guest's window if that is in front, else by a notification of the desktop.
 */

struct _LodgeUsbAttendant
{
  GObject          parent_instance;

  GtkApplication  *app;
  LodgeHostList   *hosts;
  LodgeUsbMonitor *monitor;
  LodgeUsbBroker  *broker;
  GHashTable      *notified;  /* set of LodgeUsbPlug that notifications are about */
  guint            is_holding : 1;
  guint            is_staying : 1;
};

G_DEFINE_FINAL_TYPE (LodgeUsbAttendant, lodge_usb_attendant, G_TYPE_OBJECT)

static LodgeWindow *
find_window_in_front (LodgeUsbAttendant *self)
{
  GtkWindow *window = gtk_application_get_active_window (self->app);

  while (window != NULL && !LODGE_IS_WINDOW (window))
    window = gtk_window_get_transient_for (window);

  return window != NULL && gtk_window_is_active (window) ? LODGE_WINDOW (window) : NULL;
}

static char *
dup_notification_id (LodgeUsbPlug *plug)
{
  return g_strconcat ("usb-", lodge_usb_device_get_id (lodge_usb_plug_get_device (plug)), NULL);
}

static void
withdraw (LodgeUsbAttendant *self,
          LodgeUsbPlug      *plug)
{
  g_autofree char *id = dup_notification_id (plug);

  g_assert (LODGE_IS_USB_ATTENDANT (self));

  g_signal_handlers_disconnect_by_data (plug, self);
  g_application_withdraw_notification (G_APPLICATION (self->app), id);
  g_hash_table_remove (self->notified, plug);
}

static void
state_changed_cb (LodgeUsbAttendant *self,
                  GParamSpec        *pspec,
                  LodgeUsbPlug      *plug)
{
  withdraw (self, plug);
}

/* It goes with what it is about: when the device is unplugged, or is elsewhere. */
static void
notify (LodgeUsbAttendant *self,
        LodgeUsbPlug      *plug,
        LodgeMachine      *machine,
        const char        *click,
        GNotification     *notification)
{
  LodgeUsbDevice *device = lodge_usb_plug_get_device (plug);
  g_autofree char *id = dup_notification_id (plug);
  g_autoptr(GIcon) icon = g_themed_icon_new (lodge_usb_words_kind_icon (lodge_usb_device_get_kind (device)));

  g_notification_set_icon (notification, icon);
  g_notification_set_default_action_and_target (notification, "app.usb-answer", "(sss)", click,
                                                lodge_usb_device_get_id (device), lodge_machine_get_id (machine));
  g_application_send_notification (G_APPLICATION (self->app), id, notification);

  if (g_hash_table_add (self->notified, g_object_ref (plug)))
    g_signal_connect_object (plug, "notify::state", G_CALLBACK (state_changed_cb), self, G_CONNECT_SWAPPED);
}

/* Says in one sentence what happened without a click. */
static void
tell (LodgeUsbAttendant *self,
      LodgeUsbPlug      *plug,
      LodgeMachine      *machine,
      const char        *text,
      gboolean           is_urgent)
{
  LodgeWindow *window = find_window_in_front (self);

  if (window != NULL)
    {
      lodge_window_say (window, text);
    }
  else if (is_urgent)
    {
      g_autofree char *name = lodge_usb_words_dup_device (lodge_usb_plug_get_device (plug));
      g_autoptr(GNotification) notification = g_notification_new (name);

      g_notification_set_body (notification, text);
      notify (self, plug, machine, "show", notification);
    }
}

/* What a call takes along. */
typedef struct
{
  LodgeUsbAttendant *attendant;
  LodgeUsbPlug      *plug;
  LodgeMachine      *machine;
} Answer;

static Answer *
answer_new (LodgeUsbAttendant *attendant,
            LodgeUsbPlug      *plug,
            LodgeMachine      *machine)
{
  Answer *self = g_new0 (Answer, 1);

  self->attendant = g_object_ref (attendant);
  self->plug = g_object_ref (plug);
  self->machine = g_object_ref (machine);

  return self;
}

static void
answer_free (Answer *self)
{
  g_object_unref (self->machine);

  g_object_unref (self->attendant);
  g_object_unref (self->plug);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Answer, answer_free)

/* What did not work: in the window in front in short, with the rest on demand. */
static void
tell_problem (LodgeUsbAttendant *self,
              LodgeUsbPlug      *plug,
              LodgeMachine      *machine,
              const GError      *error)
{
  LodgeWindow *window = find_window_in_front (self);
  g_autoptr(LodgeProblem) problem =
    lodge_usb_words_dup_problem (lodge_usb_words_dup_not_given (plug, machine), error, plug);

  if (window != NULL)
    {
      lodge_window_report_problem (window, problem);
    }
  else
    {
      g_autoptr(GNotification) notification = g_notification_new (problem->title);

      g_notification_set_body (notification, problem->text);
      notify (self, plug, machine, "show", notification);
    }
}

static void
tell_error (Answer       *answer,
            const GError *error)
{
  if (answer->attendant->broker != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tell_problem (answer->attendant, answer->plug, answer->machine, error);
}

static void
unmounted_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(Answer) answer = user_data;
  g_autoptr(GError) error = NULL;

  if (!lodge_usb_broker_finish (LODGE_USB_BROKER (object), result, &error))
    tell_error (answer, error);
}

static void
add_button (GNotification *notification,
            const char    *label,
            const char    *text,
            LodgeUsbPlug  *plug,
            LodgeMachine  *machine)
{
  g_notification_add_button_with_target (notification, label, "app.usb-answer", "(sss)", text,
                                         lodge_usb_device_get_id (lodge_usb_plug_get_device (plug)),
                                         lodge_machine_get_id (machine));
}

static void
offer_to_unmount (LodgeUsbAttendant *self,
                  LodgeUsbPlug      *plug,
                  LodgeMachine      *machine)
{
  g_autofree char *name = lodge_usb_words_dup_device (lodge_usb_plug_get_device (plug));
  g_autofree char *title = lodge_words_dup_machine_title (machine);
  g_autofree char *heading = g_strdup_printf (_("Unmount “%s” and Give It to “%s”?"), name, title);
  g_autofree char *body = lodge_usb_words_dup_mounts (plug);
  g_autoptr(GNotification) notification = g_notification_new (heading);

  g_notification_set_body (notification, body);
  add_button (notification, _("Unmount and Give"), "unmount", plug, machine);
  add_button (notification, _("Keep Here"), "keep", plug, machine);
  notify (self, plug, machine, "ask", notification);
}

/* Desktops mount a stick as soon as it is plugged in, so that this is the usual case. */
static void
answered_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Answer) answer = user_data;
  g_autoptr(GError) error = NULL;
  LodgeWindow *window;

  if (lodge_usb_broker_finish (LODGE_USB_BROKER (object), result, &error) || answer->attendant->broker == NULL)
    return;

  window = find_window_in_front (answer->attendant);
  if (lodge_usb_plug_get_safety (answer->plug) != LODGE_USB_SAFETY_MOUNTED)
    tell_error (answer, error);
  else if (window != NULL)
    lodge_usb_unmount_dialog_run_async (GTK_WINDOW (window), LODGE_USB_BROKER (object), answer->plug,
                                        answer->machine, unmounted_cb,
                                        answer_new (answer->attendant, answer->plug, answer->machine));
  else
    offer_to_unmount (answer->attendant, answer->plug, answer->machine);
}

static void question_answered_cb (LodgeUsbQuestion  *question,
                                  const char        *text,
                                  LodgeUsbAttendant *self);

static void
ask_in_window (LodgeUsbAttendant *self,
               LodgeWindow       *window,
               GtkWidget         *question)
{
  g_signal_connect_object (question, "answered", G_CALLBACK (question_answered_cb), self, 0);
  lodge_window_add_notice (window, question);
}

/* The notification itself was clicked: its question is where there is room for it. */
static void
show (LodgeUsbAttendant *self,
      LodgeUsbPlug      *plug,
      LodgeMachine      *machine,
      gboolean           ask)
{
  LodgeWindow *window = lodge_window_present (self->app, self->hosts);

  lodge_window_show_subject (window, G_OBJECT (machine));

  if (!ask || lodge_usb_plug_get_state (plug) != LODGE_USB_PLUG_HERE)
    return;

  ask_in_window (self, window, lodge_usb_plug_get_safety (plug) == LODGE_USB_SAFETY_MOUNTED
                               ? lodge_usb_question_new_mounted (plug, machine)
                               : lodge_usb_question_new (self->broker, plug, machine));
}

static void
answer (LodgeUsbAttendant *self,
        LodgeUsbPlug      *plug,
        LodgeMachine      *machine,
        const char        *answer)
{
  if (g_str_equal (answer, "give"))
    lodge_usb_broker_give_async (self->broker, plug, machine, answered_cb, answer_new (self, plug, machine));
  else if (g_str_equal (answer, "keep"))
    lodge_usb_broker_keep (self->broker, plug);
  else if (g_str_equal (answer, "always"))
    lodge_usb_broker_set_verdict_async (self->broker, plug, machine, LODGE_USB_VERDICT_ALWAYS,
                                        answered_cb, answer_new (self, plug, machine));
  else if (g_str_equal (answer, "unmount"))
    lodge_usb_broker_unmount_and_give_async (self->broker, plug, machine, unmounted_cb,
                                             answer_new (self, plug, machine));
  else if (!g_str_equal (answer, "gone"))
    show (self, plug, machine, g_str_equal (answer, "ask"));
}

static void
question_answered_cb (LodgeUsbQuestion  *question,
                      const char        *text,
                      LodgeUsbAttendant *self)
{
  LodgeWindow *window = LODGE_WINDOW (gtk_widget_get_root (GTK_WIDGET (question)));

  answer (self, lodge_usb_question_get_plug (question), lodge_usb_question_get_machine (question), text);
  lodge_window_remove_notice (window, GTK_WIDGET (question));
}

static void
ask_by_notification (LodgeUsbAttendant *self,
                     LodgeUsbPlug      *plug,
                     LodgeMachine      *machine)
{
  g_autofree char *name = lodge_usb_words_dup_device (lodge_usb_plug_get_device (plug));
  g_autofree char *title = lodge_words_dup_machine_title (machine);
  g_autofree char *heading = g_strdup_printf (_("%s was plugged in"), name);
  g_autofree char *give = g_strdup_printf (_("Give to %s"), title);
  g_autofree char *obstacle = lodge_usb_words_dup_obstacle (self->broker, plug, machine);
  g_autoptr(GNotification) notification = g_notification_new (heading);

  if (obstacle != NULL)
    g_notification_set_body (notification, obstacle);
  else
    add_button (notification, give, "give", plug, machine);

  add_button (notification, _("Keep Here"), "keep", plug, machine);
  add_button (notification, _("Always"), "always", plug, machine);
  notify (self, plug, machine, "ask", notification);
}

static void
ask_cb (LodgeUsbAttendant *self,
        LodgeUsbPlug      *plug,
        LodgeMachine      *machine,
        LodgeUsbReason     reason)
{
  LodgeWindow *window;

  g_assert (LODGE_IS_USB_ATTENDANT (self));

  window = find_window_in_front (self);
  if (window != NULL && lodge_window_get_subject (window) == G_OBJECT (machine))
    ask_in_window (self, window, lodge_usb_question_new (self->broker, plug, machine));
  else
    ask_by_notification (self, plug, machine);
}

static void
given_cb (LodgeUsbAttendant *self,
          LodgeUsbPlug      *plug,
          LodgeMachine      *machine)
{
  g_autofree char *name = NULL;
  g_autofree char *title = NULL;
  g_autofree char *others = NULL;
  g_autofree char *text = NULL;

  g_assert (LODGE_IS_USB_ATTENDANT (self));

  name = lodge_usb_words_dup_device (lodge_usb_plug_get_device (plug));
  title = lodge_words_dup_machine_title (machine);
  others = lodge_usb_words_dup_contenders (plug, NULL);
  text = others == NULL ? g_strdup_printf (_("%s is in “%s” now"), name, title)
                        : g_strdup_printf (_("%s is in “%s” now. %s"), name, title, others);
  tell (self, plug, machine, text, others != NULL);
}

static void
failed_cb (LodgeUsbAttendant *self,
           LodgeUsbPlug      *plug,
           LodgeMachine      *machine)
{
  g_assert (LODGE_IS_USB_ATTENDANT (self));

  if (lodge_usb_plug_get_error (plug) != NULL)
    tell_problem (self, plug, machine, lodge_usb_plug_get_error (plug));
}

/* The desktop mounts a stick as soon as it is plugged in, also one that a rule gives to a guest. */
static void
held_up_cb (LodgeUsbAttendant *self,
            LodgeUsbPlug      *plug,
            LodgeMachine      *machine)
{
  LodgeWindow *window;

  g_assert (LODGE_IS_USB_ATTENDANT (self));

  window = find_window_in_front (self);

  if (lodge_usb_plug_get_safety (plug) != LODGE_USB_SAFETY_MOUNTED)
    failed_cb (self, plug, machine);
  else if (window != NULL)
    ask_in_window (self, window, lodge_usb_question_new_mounted (plug, machine));
  else
    offer_to_unmount (self, plug, machine);
}

/* A notification about what is not there any more helps nobody. */
static void
devices_changed_cb (LodgeUsbAttendant *self)
{
  g_autoptr(GList) plugs = NULL;

  g_assert (LODGE_IS_USB_ATTENDANT (self));

  plugs = g_hash_table_get_keys (self->notified);
  for (GList *l = plugs; l != NULL; l = l->next)
    if (!lodge_usb_device_is_present (lodge_usb_plug_get_device (l->data)))
      withdraw (self, l->data);
}

/* Rules go on while the window is closed, as long as there is a guest that they could serve. */
static void
update_hold (LodgeUsbAttendant *self)
{
  gboolean hold;

  g_assert (LODGE_IS_USB_ATTENDANT (self));

  hold = self->broker != NULL && (self->is_staying || lodge_usb_broker_is_needed (self->broker)) &&
    g_settings_get_boolean (lodge_settings_get (), "run-in-background");

  if (hold && !self->is_holding)
    g_application_hold (G_APPLICATION (self->app));
  else if (!hold && self->is_holding)
    g_application_release (G_APPLICATION (self->app));

  self->is_holding = hold;
}

static LodgeMachine *
dup_machine (LodgeUsbAttendant *self,
             const char        *id)
{
  LodgeMachine *machine = NULL;

  for (guint i = 0; machine == NULL && i < g_list_model_get_n_items (G_LIST_MODEL (self->hosts)); i++)
    {
      g_autoptr(LodgeHost) host = g_list_model_get_item (G_LIST_MODEL (self->hosts), i);

      machine = lodge_host_dup_machine (host, id);
    }

  return machine;
}

static void
usb_answer_cb (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  LodgeUsbAttendant *self = user_data;
  g_autoptr(LodgeMachine) machine = NULL;
  const char *text;
  const char *device;
  const char *guest;
  LodgeUsbPlug *plug;

  g_variant_get (parameter, "(&s&s&s)", &text, &device, &guest);
  plug = lodge_usb_broker_find_plug (self->broker, device);
  machine = dup_machine (self, guest);

  if (plug == NULL || machine == NULL)
    return;

  withdraw (self, plug);
  answer (self, plug, machine, text);
}

static void
lodge_usb_attendant_dispose (GObject *object)
{
  LodgeUsbAttendant *self = (LodgeUsbAttendant *)object;

  if (self->app != NULL)
    g_action_map_remove_action (G_ACTION_MAP (self->app), "usb-answer");
  g_clear_object (&self->broker);
  if (self->app != NULL)
    update_hold (self);
  g_clear_object (&self->monitor);
  g_clear_object (&self->hosts);
  self->app = NULL;

  G_OBJECT_CLASS (lodge_usb_attendant_parent_class)->dispose (object);
}

static void
lodge_usb_attendant_finalize (GObject *object)
{
  LodgeUsbAttendant *self = (LodgeUsbAttendant *)object;

  g_clear_pointer (&self->notified, g_hash_table_unref);

  G_OBJECT_CLASS (lodge_usb_attendant_parent_class)->finalize (object);
}

static void
lodge_usb_attendant_class_init (LodgeUsbAttendantClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lodge_usb_attendant_dispose;
  object_class->finalize = lodge_usb_attendant_finalize;
}

static void
lodge_usb_attendant_init (LodgeUsbAttendant *self)
{
  self->notified = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

/* What happened to devices while the computer slept may not have been told. */
static void
woken_cb (LodgeUsbAttendant *self)
{
  g_assert (LODGE_IS_USB_ATTENDANT (self));

  lodge_usb_monitor_refresh (self->monitor);
  lodge_usb_broker_renew (self->broker);
}

/* All ways there are, in the order in which they are tried, and what the user reads for them. */
static void
add_routes (LodgeUsbAttendant *self)
{
  g_autoptr(LodgeUsbRoute) hostdev = lodge_usb_hostdev_route_new ();
  LodgeUsbRoute *console = lodge_console_usb_route_get_default ();

  lodge_usb_route_set_title (hostdev, _("Directly, by libvirt (hostdev)"));
  lodge_usb_route_set_title (console, lodge_usb_route_get_kind (console) == LODGE_USB_ROUTE_PORTAL
                                      ? _("Opened by the desktop, through the guest’s screen connection (USB portal)")
                                      : _("Through the guest’s screen connection (SPICE redirection)"));
  lodge_usb_broker_add_route (self->broker, hostdev);
  lodge_usb_broker_add_route (self->broker, console);
}

/**
 * lodge_usb_attendant_new:
 * @app: the program, which outlives it
 * @hosts: the hosts whose guests can have devices
 *
 * Makes its broker the program's.
 *
 * Returns: (transfer full): the attendant
 */
LodgeUsbAttendant *
lodge_usb_attendant_new (GtkApplication *app,
                         LodgeHostList  *hosts)
{
  LodgeUsbAttendant *self = g_object_new (LODGE_TYPE_USB_ATTENDANT, NULL);
  const GActionEntry entries[] = {
    { .name = "usb-answer", .activate = usb_answer_cb, .parameter_type = "(sss)" },
  };

  self->app = app;
  self->hosts = g_object_ref (hosts);
  self->monitor = lodge_usb_monitor_dup_default ();
  self->broker = lodge_usb_broker_new (G_LIST_MODEL (self->monitor), G_LIST_MODEL (hosts));
  add_routes (self);
  lodge_usb_broker_set_default (self->broker);
  g_action_map_add_action_entries (G_ACTION_MAP (app), entries, G_N_ELEMENTS (entries), self);

  g_signal_connect_object (self->broker, "ask", G_CALLBACK (ask_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->broker, "given", G_CALLBACK (given_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->broker, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->broker, "held-up", G_CALLBACK (held_up_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->broker, "items-changed", G_CALLBACK (devices_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->broker, "notify::needed", G_CALLBACK (update_hold), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (hosts, "woken", G_CALLBACK (woken_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (lodge_settings_get (), "changed::run-in-background", G_CALLBACK (update_hold),
                           self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * lodge_usb_attendant_stay:
 * @self: the attendant
 *
 * The program was started without a window: it stays for guests that may come, unless the user does
 * not want it in the background.
 */
void
lodge_usb_attendant_stay (LodgeUsbAttendant *self)
{
  g_return_if_fail (LODGE_IS_USB_ATTENDANT (self));

  self->is_staying = TRUE;
  update_hold (self);
}
