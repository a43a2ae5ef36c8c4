/* lodge-window.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-connect-dialog.h"
#include "lodge-dialog-heading.h"
#include "lodge-host.h"
#include "lodge-machine.h"
#include "lodge-mnemonics.h"
#include "lodge-report.h"
#include "lodge-settings.h"
#include "lodge-sidebar.h"
#include "lodge-subject-page.h"
#include "lodge-usb-broker.h"
#include "lodge-window.h"

/**
 * LodgeWindow:
 *
 * The window: what there is on the left, the chosen guest or host on the right, one after the
 * other where it is narrow.
 */

struct _LodgeWindow
{
  AdwApplicationWindow  parent_instance;

  LodgeHostList        *hosts;
  /* Whether a page was asked for; until then the everyday guest is shown when it is found */
  guint                 chosen : 1;
  guint                 asking_to_close : 1;
  guint                 quitting : 1;       /* if that is closed */

  /* Template references */
  GtkStack             *content;
  AdwLeaflet           *leaflet;
  GtkBox               *notices;
  LodgeSubjectPage     *page;
  LodgeSidebar         *sidebar;
  AdwStatusPage        *start_page;
  AdwToastOverlay      *toasts;
};

enum {
  PROP_0,
  PROP_HOSTS,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LodgeWindow, lodge_window, ADW_TYPE_APPLICATION_WINDOW)

static GParamSpec *properties[N_PROPS];

static guint
count_machines (LodgeWindow *self,
                gboolean     active_only)
{
  guint n_found = 0;

  for (guint i = 0; self->hosts != NULL && i < g_list_model_get_n_items (G_LIST_MODEL (self->hosts)); i++)
    {
      g_autoptr(LodgeHost) host = g_list_model_get_item (G_LIST_MODEL (self->hosts), i);
      g_autoptr(GListModel) machines = lodge_host_list_machines (host);

      for (guint j = 0; j < g_list_model_get_n_items (machines); j++)
        {
          g_autoptr(LodgeMachine) machine = g_list_model_get_item (machines, j);

          n_found += !active_only || lodge_machine_is_active (machine);
        }
    }

  return n_found;
}

static void
go_to_content (LodgeWindow *self)
{
  adw_leaflet_set_visible_child_name (self->leaflet, "content");
}

/* Of several guests that want a USB device, the one gets it that was last in front. */
static void
update_front (LodgeWindow *self)
{
  LodgeUsbBroker *broker = lodge_usb_broker_get_default ();
  GObject *subject;

  g_assert (LODGE_IS_WINDOW (self));

  subject = self->page != NULL ? lodge_subject_page_get_subject (self->page) : NULL;

  if (broker != NULL && LODGE_IS_MACHINE (subject) && gtk_window_is_active (GTK_WINDOW (self)))
    lodge_usb_broker_set_front (broker, LODGE_MACHINE (subject));
}

static void
show_page (LodgeWindow *self,
           GObject     *subject)
{
  lodge_subject_page_set_subject (self->page, subject);
  update_front (self);
  gtk_stack_set_visible_child_name (self->content, subject != NULL ? "subject" : "start");
  lodge_sidebar_select (self->sidebar, subject);
}

static void
subject_chosen_cb (LodgeWindow *self,
                   GObject     *subject)
{
  g_assert (LODGE_IS_WINDOW (self));

  self->chosen = TRUE;
  show_page (self, subject);
  go_to_content (self);
}

static void
visible_child_cb (LodgeWindow *self)
{
  g_assert (LODGE_IS_WINDOW (self));

  /* Back in the list nothing is shown, so that the same line can be chosen again and no screen
   * runs where nobody sees it.
   */
  if (adw_leaflet_get_folded (self->leaflet) && self->page != NULL &&
      g_strcmp0 (adw_leaflet_get_visible_child_name (self->leaflet), "sidebar") == 0)
    show_page (self, NULL);
}

static void
folded_cb (LodgeWindow *self)
{
  g_assert (LODGE_IS_WINDOW (self));

  lodge_sidebar_set_folded (self->sidebar, adw_leaflet_get_folded (self->leaflet));

  /* A window that was made narrow goes on showing what it showed. */
  if (adw_leaflet_get_folded (self->leaflet) && lodge_subject_page_get_subject (self->page) != NULL)
    go_to_content (self);
}

static void
everyday_changed_cb (LodgeWindow *self)
{
  LodgeMachine *everyday = lodge_host_list_get_everyday (self->hosts);

  g_assert (LODGE_IS_WINDOW (self));

  /* A guest that comes down from the top into the list stays marked. */
  lodge_sidebar_select (self->sidebar, lodge_subject_page_get_subject (self->page));

  if (self->chosen || everyday == NULL)
    return;

  self->chosen = TRUE;

  if (!adw_leaflet_get_folded (self->leaflet))
    show_page (self, G_OBJECT (everyday));
}

/* A guest that was deleted, or a host that was taken out, cannot stay on the page. */
static void
check_subject (LodgeWindow *self)
{
  GObject *subject = lodge_subject_page_get_subject (self->page);
  LodgeHost *wanted = LODGE_IS_MACHINE (subject) ? lodge_machine_get_host (LODGE_MACHINE (subject)) :
                      LODGE_IS_HOST (subject) ? LODGE_HOST (subject) : NULL;

  if (subject == NULL)
    return;

  for (guint i = 0; wanted != NULL && i < g_list_model_get_n_items (G_LIST_MODEL (self->hosts)); i++)
    {
      g_autoptr(LodgeHost) host = g_list_model_get_item (G_LIST_MODEL (self->hosts), i);
      g_autoptr(LodgeMachine) found = NULL;

      if (host != wanted)
        continue;

      if (subject == G_OBJECT (host))
        return;

      found = lodge_host_dup_machine (host, lodge_machine_get_id (LODGE_MACHINE (subject)));

      if (subject == G_OBJECT (found))
        return;
    }

  show_page (self, NULL);
}

static void
update_start_page (LodgeWindow *self)
{
  if (count_machines (self, FALSE) > 0)
    {
      adw_status_page_set_title (self->start_page, _("Choose a Guest"));
      adw_status_page_set_description (self->start_page,
                                       _("Pick one from the list, and make it your everyday guest in its menu"));
    }
  else
    {
      adw_status_page_set_title (self->start_page, _("Welcome to Lodge"));
      adw_status_page_set_description (self->start_page, _("A computer in a window, always at hand"));
    }
}

static void
machines_changed_cb (LodgeWindow *self)
{
  g_assert (LODGE_IS_WINDOW (self));

  check_subject (self);
  update_start_page (self);
}

static void
hosts_changed_cb (LodgeWindow *self,
                  guint        position,
                  guint        removed,
                  guint        added)
{
  g_assert (LODGE_IS_WINDOW (self));

  for (guint i = position; i < position + added; i++)
    {
      g_autoptr(LodgeHost) host = g_list_model_get_item (G_LIST_MODEL (self->hosts), i);
      g_autoptr(GListModel) machines = lodge_host_list_machines (host);

      g_signal_connect_object (machines, "items-changed", G_CALLBACK (machines_changed_cb),
                               self, G_CONNECT_SWAPPED);
    }

  machines_changed_cb (self);
}

static void
set_hosts (LodgeWindow   *self,
           LodgeHostList *hosts)
{
  if (hosts == NULL)
    return;

  self->hosts = g_object_ref (hosts);
  lodge_sidebar_set_hosts (self->sidebar, hosts);
  lodge_subject_page_set_hosts (self->page, hosts);

  g_signal_connect_object (hosts, "items-changed", G_CALLBACK (hosts_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (hosts, "notify::everyday", G_CALLBACK (everyday_changed_cb),
                           self, G_CONNECT_SWAPPED);
  hosts_changed_cb (self, 0, 0, g_list_model_get_n_items (G_LIST_MODEL (hosts)));
  everyday_changed_cb (self);
}

static void
connect_response_cb (LodgeConnectDialog *dialog,
                     const char         *uri,
                     LodgeWindow        *self)
{
  LodgeHost *host = lodge_host_list_add (self->hosts, uri, TRUE);

  lodge_window_show_subject (self, G_OBJECT (host));
}

static void
connect_activated (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  GtkWindow *dialog = lodge_connect_dialog_new (GTK_WINDOW (widget));

  g_signal_connect_object (dialog, "connect-to", G_CALLBACK (connect_response_cb), widget, 0);
  gtk_window_present (dialog);
}

static void
remove_host_activated (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  LodgeWindow *self = LODGE_WINDOW (widget);
  const char *uri = g_variant_get_string (parameter, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->hosts)); i++)
    {
      g_autoptr(LodgeHost) host = g_list_model_get_item (G_LIST_MODEL (self->hosts), i);

      if (g_str_equal (lodge_host_get_uri (host), uri))
        {
          lodge_host_list_remove (self->hosts, host);
          return;
        }
    }
}

static void
back_activated (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  LodgeWindow *self = LODGE_WINDOW (widget);

  if (adw_leaflet_get_folded (self->leaflet))
    adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

static void
search_activated (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  LodgeWindow *self = LODGE_WINDOW (widget);

  adw_leaflet_set_visible_child_name (self->leaflet, "sidebar");
  lodge_sidebar_start_search (self->sidebar);
}

static void
fullscreen_activated (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  LodgeWindow *self = LODGE_WINDOW (widget);

  if (gtk_window_is_fullscreen (GTK_WINDOW (self)))
    gtk_window_unfullscreen (GTK_WINDOW (self));
  else if (lodge_subject_page_get_subject (self->page) != NULL)
    gtk_window_fullscreen (GTK_WINDOW (self));
}

static void
fullscreened_cb (LodgeWindow *self)
{
  gboolean fullscreen = gtk_window_is_fullscreen (GTK_WINDOW (self));

  g_assert (LODGE_IS_WINDOW (self));

  if (fullscreen)
    go_to_content (self);

  adw_leaflet_set_can_unfold (self->leaflet, !fullscreen);
}

static void
close_response_cb (AdwMessageDialog *dialog,
                   const char       *response,
                   LodgeWindow      *self)
{
  gboolean quitting = self->quitting;

  self->asking_to_close = FALSE;
  self->quitting = FALSE;

  if (g_strcmp0 (response, "close") != 0)
    return;

  g_settings_set_boolean (lodge_settings_get (), "told-guests-keep-running", TRUE);

  /* The dialog may live a moment longer than its parent, and GTK then follows a dead pointer. */
  gtk_window_set_transient_for (GTK_WINDOW (dialog), NULL);

  if (quitting)
    gtk_widget_activate_action (GTK_WIDGET (self), "app.quit", NULL);
  else
    gtk_window_close (GTK_WINDOW (self));
}

static void
tell_guests_keep_running (LodgeWindow *self)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _("Your Guests Keep Running"),
                                              _("Closing the window does not shut guests down. They go on "
                                                "running, and are here again when you open Lodge. This is "
                                                "said only once."));

  self->asking_to_close = TRUE;
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog),
                                    "stay", _("_Stay Here"), "close", _("_Close Window"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "close",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "close");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "stay");
  lodge_mnemonics_name_buttons (dialog);
  lodge_dialog_heading_wrap (dialog);
  g_signal_connect_object (dialog, "response", G_CALLBACK (close_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
save_size (LodgeWindow *self)
{
  GSettings *settings = lodge_settings_get ();
  int width;
  int height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set_int (settings, "window-width", width);
  g_settings_set_int (settings, "window-height", height);
  g_settings_set_boolean (settings, "window-maximized", gtk_window_is_maximized (GTK_WINDOW (self)));
}

static gboolean
lodge_window_close_request (GtkWindow *window)
{
  LodgeWindow *self = LODGE_WINDOW (window);

  if (self->asking_to_close)
    return TRUE;

  if (!g_settings_get_boolean (lodge_settings_get (), "told-guests-keep-running") &&
      count_machines (self, TRUE) > 0)
    {
      tell_guests_keep_running (self);
      return TRUE;
    }

  save_size (self);

  return GTK_WINDOW_CLASS (lodge_window_parent_class)->close_request (window);
}

static void
lodge_window_dispose (GObject *object)
{
  LodgeWindow *self = (LodgeWindow *)object;

  if (self->page != NULL)
    lodge_subject_page_set_subject (self->page, NULL);
  g_clear_object (&self->hosts);
  gtk_widget_dispose_template (GTK_WIDGET (self), LODGE_TYPE_WINDOW);

  G_OBJECT_CLASS (lodge_window_parent_class)->dispose (object);
}

static void
lodge_window_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  LodgeWindow *self = LODGE_WINDOW (object);

  switch (prop_id)
    {
    case PROP_HOSTS:
      g_value_set_object (value, self->hosts);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_window_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  LodgeWindow *self = LODGE_WINDOW (object);

  switch (prop_id)
    {
    case PROP_HOSTS:
      set_hosts (self, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_window_class_init (LodgeWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GtkWindowClass *window_class = GTK_WINDOW_CLASS (klass);

  object_class->dispose = lodge_window_dispose;
  object_class->get_property = lodge_window_get_property;
  object_class->set_property = lodge_window_set_property;
  window_class->close_request = lodge_window_close_request;

  properties[PROP_HOSTS] =
    g_param_spec_object ("hosts", NULL, NULL,
                         LODGE_TYPE_HOST_LIST,
                         (G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (widget_class, "win.back", NULL, back_activated);
  gtk_widget_class_install_action (widget_class, "win.connect", NULL, connect_activated);
  gtk_widget_class_install_action (widget_class, "win.fullscreen", NULL, fullscreen_activated);
  gtk_widget_class_install_action (widget_class, "win.remove-host", "s", remove_host_activated);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search_activated);

  g_type_ensure (LODGE_TYPE_SIDEBAR);
  g_type_ensure (LODGE_TYPE_SUBJECT_PAGE);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/shell/lodge-window.ui");
  gtk_widget_class_bind_template_child (widget_class, LodgeWindow, content);
  gtk_widget_class_bind_template_child (widget_class, LodgeWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, LodgeWindow, notices);
  gtk_widget_class_bind_template_child (widget_class, LodgeWindow, page);
  gtk_widget_class_bind_template_child (widget_class, LodgeWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, LodgeWindow, start_page);
  gtk_widget_class_bind_template_child (widget_class, LodgeWindow, toasts);
  gtk_widget_class_bind_template_callback (widget_class, folded_cb);
  gtk_widget_class_bind_template_callback (widget_class, subject_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, visible_child_cb);
}

static void
lodge_window_init (LodgeWindow *self)
{
  GSettings *settings = lodge_settings_get ();

  gtk_widget_init_template (GTK_WIDGET (self));

  lodge_mnemonics_name_buttons (GTK_WIDGET (self));

  g_signal_connect (self, "notify::fullscreened", G_CALLBACK (fullscreened_cb), NULL);
  g_signal_connect (self, "notify::is-active", G_CALLBACK (update_front), NULL);

  gtk_window_set_default_size (GTK_WINDOW (self),
                               g_settings_get_int (settings, "window-width"),
                               g_settings_get_int (settings, "window-height"));
  if (g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
}

LodgeWindow *
lodge_window_new (GtkApplication *app,
                  LodgeHostList  *hosts)
{
  g_return_val_if_fail (!app || GTK_IS_APPLICATION (app), NULL);
  g_return_val_if_fail (LODGE_IS_HOST_LIST (hosts), NULL);

  return g_object_new (LODGE_TYPE_WINDOW, "application", app, "hosts", hosts, NULL);
}

/**
 * lodge_window_present:
 * @app: the program
 * @hosts: its hosts
 *
 * Brings the program's window to the front, and makes it if there is none.
 *
 * Returns: (transfer none): the window
 */
LodgeWindow *
lodge_window_present (GtkApplication *app,
                      LodgeHostList  *hosts)
{
  LodgeWindow *self = NULL;

  for (GList *l = gtk_application_get_windows (app); l != NULL && self == NULL; l = l->next)
    if (LODGE_IS_WINDOW (l->data))
      self = l->data;

  if (self == NULL)
    self = lodge_window_new (app, hosts);

  gtk_window_present (GTK_WINDOW (self));

  return self;
}

/**
 * lodge_window_show_subject:
 * @subject: (nullable): a host or a machine, or %NULL for the start page
 *
 * Shows a page as if the user had chosen it.
 */
void
lodge_window_show_subject (LodgeWindow *self,
                           GObject     *subject)
{
  g_return_if_fail (LODGE_IS_WINDOW (self));
  g_return_if_fail (!subject || G_IS_OBJECT (subject));

  self->chosen = TRUE;
  show_page (self, subject);
  go_to_content (self);
}

/**
 * lodge_window_get_subject:
 *
 * Returns: (transfer none) (nullable): what the page shows
 */
GObject *
lodge_window_get_subject (LodgeWindow *self)
{
  g_return_val_if_fail (LODGE_IS_WINDOW (self), NULL);

  return lodge_subject_page_get_subject (self->page);
}

/**
 * lodge_window_quit:
 *
 * Closes the window as its button does. If there is something to say first, Lodge quits when that has
 * been heard.
 */
void
lodge_window_quit (LodgeWindow *self)
{
  g_autoptr(LodgeWindow) kept = NULL;

  g_return_if_fail (LODGE_IS_WINDOW (self));

  kept = g_object_ref (self);
  gtk_window_close (GTK_WINDOW (self));
  self->quitting = self->asking_to_close;
}

/**
 * lodge_window_say:
 * @text: a sentence, plain text
 *
 * Shows a sentence in a toast.
 */
void
lodge_window_say (LodgeWindow *self,
                  const char  *text)
{
  g_return_if_fail (LODGE_IS_WINDOW (self));
  g_return_if_fail (text != NULL);

  lodge_report_text (GTK_WIDGET (self->leaflet), text);
}

/**
 * lodge_window_report:
 *
 * Shows an error in a toast, with the raw text on demand.
 */
void
lodge_window_report (LodgeWindow  *self,
                     const GError *error)
{
  g_return_if_fail (LODGE_IS_WINDOW (self));
  g_return_if_fail (error != NULL);

  lodge_report_error (GTK_WIDGET (self->leaflet), error);
}

/**
 * lodge_window_report_problem:
 *
 * The same with what is in words already.
 */
void
lodge_window_report_problem (LodgeWindow        *self,
                             const LodgeProblem *problem)
{
  g_return_if_fail (LODGE_IS_WINDOW (self));
  g_return_if_fail (problem != NULL);

  lodge_report_problem (GTK_WIDGET (self->leaflet), problem);
}

/**
 * lodge_window_add_notice:
 * @self: the window
 * @notice: a widget
 *
 * Shows a card at the lower edge, over what is shown. It takes no focus.
 */
void
lodge_window_add_notice (LodgeWindow *self,
                         GtkWidget   *notice)
{
  g_return_if_fail (LODGE_IS_WINDOW (self));

  gtk_box_append (self->notices, notice);
  gtk_widget_show (GTK_WIDGET (self->notices));
}

void
lodge_window_remove_notice (LodgeWindow *self,
                            GtkWidget   *notice)
{
  g_return_if_fail (LODGE_IS_WINDOW (self));

  gtk_box_remove (self->notices, notice);
  gtk_widget_set_visible (GTK_WIDGET (self->notices),
                          gtk_widget_get_first_child (GTK_WIDGET (self->notices)) != NULL);
}
