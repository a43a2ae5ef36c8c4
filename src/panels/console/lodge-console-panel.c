/* lodge-console-panel.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-console-panel-private.h"
#include "lodge-host.h"
#include "lodge-picture-store.h"
#include "lodge-problem.h"
#include "lodge-sound-popover.h"
#include "lodge-start-failures.h"
#include "lodge-status-popover.h"
#include "lodge-transfers-popover.h"
#include "lodge-words.h"

/**
 * LodgeConsolePanel:
 *
 * The screen of a guest: its last picture and a large button while it is off, and the screen itself
 * from the moment it runs, with one sentence and one button for whatever stands between.
 */

struct _LodgeConsolePanel
{
  LodgePanel       parent_instance;

  LodgeConsole    *console;
  LodgeMonitors   *monitors;
  GSignalGroup    *console_signals;
  GSignalGroup    *machine_signals;
  GSignalGroup    *session_signals;
  GSignalGroup    *screens_signals;
  GSignalGroup    *transfers_signals;
  GCancellable    *picture_cancellable;
  LodgeScreenView *view;

  /* Template references */
  GtkStack        *backdrop;
  GtkWidget       *discard_button;
  GtkLabel        *busy_label;
  GtkButton       *failed_button;
  GtkWidget       *failed_details;
  GtkLabel        *failed_raw;
  GtkLabel        *failed_text;
  GtkLabel        *failed_title;
  GtkStack        *front;
  GtkWidget       *front_scroller;
  GtkWidget       *lost_button;
  GtkWidget       *lost_details;
  GtkLabel        *lost_raw;
  GtkLabel        *lost_text;
  GtkLabel        *lost_title;
  GMenu           *monitors_menu;
  GtkLabel        *no_screen_text;
  GtkLabel        *off_label;
  GtkWidget       *password_entry;
  GtkLabel        *password_text;
  GtkPicture      *picture;
  GtkWidget       *picture_slot;
  AdwBin          *screen_slot;
  GtkMenuButton   *sound_button;
  GtkButton       *start_button;
  GtkMenuButton   *status_button;
  GtkMenuButton   *transfers_button;
};

G_DEFINE_FINAL_TYPE (LodgeConsolePanel, lodge_console_panel, LODGE_TYPE_PANEL)

static LodgeMachine *
get_machine (LodgeConsolePanel *self)
{
  return self->console != NULL ? lodge_console_get_machine (self->console) : NULL;
}

LodgeConsole *
_lodge_console_panel_get_console (LodgeConsolePanel *self)
{
  return self->console;
}

LodgeMonitors *
_lodge_console_panel_get_monitors (LodgeConsolePanel *self)
{
  return self->monitors;
}

/* The widget and what it draws with are made when the first screen is shown, not at startup. */
LodgeScreenView *
_lodge_console_panel_get_view (LodgeConsolePanel *self)
{
  if (self->view == NULL)
    {
      self->view = LODGE_SCREEN_VIEW (lodge_screen_view_new ());
      adw_bin_set_child (self->screen_slot, GTK_WIDGET (self->view));
      lodge_screen_view_set_console (self->view, self->console);
    }

  return self->view;
}

static void
set_details (GtkWidget  *expander,
             GtkLabel   *label,
             const char *text)
{
  gtk_widget_set_visible (expander, text != NULL && *text != '\0');
  gtk_label_set_text (label, text != NULL ? text : "");
}

static void
show_failure (LodgeConsolePanel *self,
              const GError      *error)
{
  g_autofree char *title = lodge_words_dup_machine_title (get_machine (self));
  g_autoptr(LodgeProblem) problem = lodge_problem_new (error, LODGE_ACTION_START, title);

  gtk_label_set_text (self->failed_title, problem->title);
  gtk_label_set_text (self->failed_text, problem->text);
  set_details (self->failed_details, self->failed_raw, problem->details);
  gtk_widget_set_visible (GTK_WIDGET (self->failed_button), problem->button_label != NULL);

  if (problem->button_label != NULL)
    {
      gtk_button_set_label (self->failed_button, problem->button_label);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (self->failed_button), problem->action_name);
    }

  gtk_stack_set_visible_child_name (self->front, "failed");
}

static void
show_off (LodgeConsolePanel *self)
{
  LodgeMachine *machine = get_machine (self);
  LodgeState state = lodge_machine_get_state (machine);
  const GError *failure = lodge_start_failures_get (lodge_start_failures_get_default (), machine);

  if (failure != NULL && lodge_machine_get_pending (machine) == LODGE_ACTION_NONE)
    {
      show_failure (self, failure);
      return;
    }

  if (state == LODGE_STATE_SAVED)
    gtk_label_set_text (self->off_label, _("Saved, and goes on where it was"));
  else if (state == LODGE_STATE_CRASHED)
    gtk_label_set_text (self->off_label, _("The guest crashed"));
  else
    gtk_label_set_text (self->off_label, lodge_words_machine_state (state, lodge_machine_get_pending (machine)));

  gtk_button_set_label (self->start_button, state == LODGE_STATE_SAVED ? _("_Continue") : _("_Start"));
  gtk_widget_set_visible (self->discard_button, lodge_machine_can (machine, LODGE_ACTION_DISCARD_SAVED));
  gtk_stack_set_visible_child_name (self->front, "off");
}

static void
show_lost (LodgeConsolePanel *self)
{
  g_autoptr(LodgeProblem) problem = lodge_problem_new_session (lodge_console_get_error (self->console));

  gtk_label_set_text (self->lost_title, problem->title);
  gtk_label_set_text (self->lost_text, problem->text);
  set_details (self->lost_details, self->lost_raw, problem->details);
  gtk_stack_set_visible_child_name (self->front, "lost");
}

static void
show_password (LodgeConsolePanel *self)
{
  const GError *error = lodge_display_session_get_error (lodge_console_get_session (self->console));
  gboolean again = g_error_matches (error, LODGE_SESSION_ERROR, LODGE_SESSION_ERROR_PASSWORD);

  gtk_label_set_text (self->password_text,
                      again ? _("That was not the password. Try again.") :
                      _("The guest’s screen is protected by a password."));
  gtk_stack_set_visible_child_name (self->front, "password");

  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_widget_grab_focus (self->password_entry);
}

/* Words and no spinner: where OpenGL is done in software, drawing it would take the time that the
 * connection needs.
 */
static void
show_busy (LodgeConsolePanel *self,
           const char        *text)
{
  gtk_label_set_text (self->busy_label, text);
  gtk_stack_set_visible_child_name (self->front, "busy");
}

/* What lies over a running screen: nothing, or that the guest stands still. */
static void
show_running (LodgeConsolePanel *self,
              gboolean          *covered)
{
  switch ((int)lodge_machine_get_state (get_machine (self)))
    {
    case LODGE_STATE_PAUSED:
      gtk_stack_set_visible_child_name (self->front, "paused");
      break;

    case LODGE_STATE_ASLEEP:
      gtk_stack_set_visible_child_name (self->front, "asleep");
      break;

    default:
      *covered = FALSE;
      break;
    }
}

static void
show_no_screen (LodgeConsolePanel *self)
{
  if (lodge_machine_get_graphics (get_machine (self)) == LODGE_GRAPHICS_VNC)
    gtk_label_set_text (self->no_screen_text,
                        _("The guest shows its screen by VNC. Lodge shows SPICE: give the guest SPICE graphics, "
                          "or use a VNC viewer."));
  else
    gtk_label_set_text (self->no_screen_text, _("The guest has no graphics, and no text console either."));

  gtk_stack_set_visible_child_name (self->front, "no-screen");
}

/* A screen that comes does not take the keyboard from under somebody who writes something else. */
static gboolean
may_take_keyboard (LodgeConsolePanel *self)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));

  return focus == NULL || !GTK_IS_EDITABLE (focus) || gtk_widget_is_ancestor (focus, GTK_WIDGET (self));
}

static void
update_backdrop (LodgeConsolePanel *self,
                 gboolean           covered)
{
  LodgeScreen *screen = lodge_console_get_first_screen (self->console);
  LodgeConsoleState state = lodge_console_get_state (self->console);
  gboolean shown = screen != NULL && lodge_screen_get_ready (screen) &&
                   (state == LODGE_CONSOLE_STATE_SHOWN || state == LODGE_CONSOLE_STATE_LOST);

  if (shown)
    {
      LodgeScreenView *view = _lodge_console_panel_get_view (self);

      lodge_screen_view_set_screen (view, screen);
      lodge_display_set_dimmed (lodge_screen_view_get_display (view), covered);
    }
  else if (self->view != NULL)
    {
      lodge_screen_view_set_screen (self->view, NULL);
    }

  gtk_stack_set_visible_child_name (self->backdrop, shown ? "screen" : "picture");

  if (shown && !covered && gtk_widget_get_mapped (GTK_WIDGET (self)) &&
      !gtk_widget_get_focus_child (GTK_WIDGET (self->screen_slot)) && may_take_keyboard (self))
    gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
update_tools (LodgeConsolePanel *self)
{
  LodgeDisplaySession *session;
  gboolean playback;
  gboolean record;
  gboolean muted;

  g_assert (LODGE_IS_CONSOLE_PANEL (self));

  if (self->console == NULL)
    return;

  session = lodge_console_get_session (self->console);
  g_object_get (session, "has-playback", &playback, "has-record", &record, "playback-muted", &muted, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->sound_button), playback || record);
  gtk_menu_button_set_icon_name (self->sound_button,
                                 muted ? "audio-volume-muted-symbolic" : "audio-volume-high-symbolic");
  gtk_widget_set_visible (GTK_WIDGET (self->status_button),
                          lodge_display_session_get_state (session) == LODGE_SESSION_STATE_CONNECTED);
  gtk_widget_set_visible (GTK_WIDGET (self->transfers_button),
                          g_list_model_get_n_items (lodge_display_session_list_transfers (session)) > 0);
}

static void
update (LodgeConsolePanel *self)
{
  gboolean covered = TRUE;

  g_assert (LODGE_IS_CONSOLE_PANEL (self));

  if (self->console == NULL)
    return;

  switch (lodge_console_get_state (self->console))
    {
    case LODGE_CONSOLE_STATE_STARTING:
      show_busy (self, _("Starting…"));
      break;

    case LODGE_CONSOLE_STATE_CONNECTING:
      show_busy (self, _("Connecting to the screen…"));
      break;

    case LODGE_CONSOLE_STATE_PASSWORD:
      show_password (self);
      break;

    case LODGE_CONSOLE_STATE_SHOWN:
      show_running (self, &covered);
      break;

    case LODGE_CONSOLE_STATE_LOST:
      show_lost (self);
      break;

    case LODGE_CONSOLE_STATE_NO_SCREEN:
      show_no_screen (self);
      break;

    case LODGE_CONSOLE_STATE_OFF:
    default:
      show_off (self);
      break;
    }

  gtk_widget_set_visible (self->front_scroller, covered);
  update_backdrop (self, covered);
  update_tools (self);
  _lodge_console_panel_update_actions (self);
}

static void
failures_changed_cb (LodgeStartFailures *failures,
                     LodgeMachine       *machine,
                     LodgeConsolePanel  *self)
{
  g_assert (LODGE_IS_CONSOLE_PANEL (self));

  if (machine == get_machine (self))
    update (self);
}

static void
password_given_cb (LodgeConsolePanel *self)
{
  const char *password = gtk_editable_get_text (GTK_EDITABLE (self->password_entry));

  g_assert (LODGE_IS_CONSOLE_PANEL (self));

  if (self->console == NULL || *password == '\0')
    return;

  lodge_display_session_authenticate (lodge_console_get_session (self->console), password);
  gtk_editable_set_text (GTK_EDITABLE (self->password_entry), "");
}

/* A picture is dimmed into black, as the screen is; without one there is nothing to dim. The black
 * is not behind the screen, where every frame would pay for it.
 */
static void
show_picture (LodgeConsolePanel *self,
              GdkTexture        *texture)
{
  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (texture));

  if (texture != NULL)
    gtk_widget_add_css_class (self->picture_slot, "console-backdrop");
  else
    gtk_widget_remove_css_class (self->picture_slot, "console-backdrop");
}

static void
picture_loaded_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(LodgeConsolePanel) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GdkTexture) texture = NULL;

  texture = lodge_picture_store_load_finish (LODGE_PICTURE_STORE (object), result, &error);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_picture (self, texture);
}

static void
load_picture (LodgeConsolePanel *self)
{
  g_cancellable_cancel (self->picture_cancellable);
  g_clear_object (&self->picture_cancellable);

  if (self->console == NULL)
    return;

  self->picture_cancellable = g_cancellable_new ();
  lodge_picture_store_load_async (lodge_picture_store_get_default (),
                                  lodge_machine_get_id (get_machine (self)), self->picture_cancellable,
                                  picture_loaded_cb, g_object_ref (self));
}

static void
picture_changed_cb (LodgePictureStore *store,
                    const char        *id,
                    LodgeConsolePanel *self)
{
  g_assert (LODGE_IS_CONSOLE_PANEL (self));

  if (self->console != NULL && g_strcmp0 (id, lodge_machine_get_id (get_machine (self))) == 0)
    load_picture (self);
}

static void
create_status_popover (GtkMenuButton *button,
                       gpointer       user_data)
{
  LodgeConsolePanel *self = user_data;
  GtkWidget *popover = GTK_WIDGET (gtk_menu_button_get_popover (button));

  if (popover == NULL)
    gtk_menu_button_set_popover (button, popover = lodge_status_popover_new ());

  lodge_status_popover_set_console (LODGE_STATUS_POPOVER (popover), self->console);
}

static void
create_sound_popover (GtkMenuButton *button,
                      gpointer       user_data)
{
  LodgeConsolePanel *self = user_data;
  GtkWidget *popover = GTK_WIDGET (gtk_menu_button_get_popover (button));

  if (popover == NULL)
    gtk_menu_button_set_popover (button, popover = lodge_sound_popover_new ());

  lodge_sound_popover_set_console (LODGE_SOUND_POPOVER (popover), self->console);
}

static void
create_transfers_popover (GtkMenuButton *button,
                          gpointer       user_data)
{
  LodgeConsolePanel *self = user_data;
  GtkWidget *popover = GTK_WIDGET (gtk_menu_button_get_popover (button));

  if (popover == NULL)
    gtk_menu_button_set_popover (button, popover = lodge_transfers_popover_new ());

  lodge_transfers_popover_set_console (LODGE_TRANSFERS_POPOVER (popover), self->console);
}

/* They hold the console of the last guest; another one gets new ones. */
static void
drop_popovers (LodgeConsolePanel *self)
{
  gtk_menu_button_set_popover (self->status_button, NULL);
  gtk_menu_button_set_popover (self->sound_button, NULL);
  gtk_menu_button_set_popover (self->transfers_button, NULL);
  gtk_menu_button_set_create_popup_func (self->status_button, create_status_popover, self, NULL);
  gtk_menu_button_set_create_popup_func (self->sound_button, create_sound_popover, self, NULL);
  gtk_menu_button_set_create_popup_func (self->transfers_button, create_transfers_popover, self, NULL);
}

static gboolean
lodge_console_panel_supports (LodgePanel *panel,
                              GObject    *subject)
{
  /* A guest without a screen that could be shown is better served by its text console. */
  return LODGE_IS_MACHINE (subject) &&
         (lodge_machine_get_graphics (LODGE_MACHINE (subject)) == LODGE_GRAPHICS_SPICE ||
          !lodge_machine_get_has_console (LODGE_MACHINE (subject)));
}

static void
lodge_console_panel_subject_changed (LodgePanel *panel,
                                     GObject    *subject)
{
  LodgeConsolePanel *self = LODGE_CONSOLE_PANEL (panel);
  LodgeDisplaySession *session = NULL;

  if (self->view != NULL)
    {
      lodge_screen_view_set_screen (self->view, NULL);
      lodge_screen_view_set_console (self->view, NULL);
    }

  g_clear_object (&self->console);
  if (subject != NULL)
    self->console = lodge_console_for_machine (LODGE_MACHINE (subject));
  if (self->console != NULL)
    session = lodge_console_get_session (self->console);

  g_signal_group_set_target (self->console_signals, self->console);
  g_signal_group_set_target (self->machine_signals, subject);
  g_signal_group_set_target (self->session_signals, session);
  g_signal_group_set_target (self->screens_signals,
                             session != NULL ? lodge_display_session_list_screens (session) : NULL);
  g_signal_group_set_target (self->transfers_signals,
                             session != NULL ? lodge_display_session_list_transfers (session) : NULL);

  if (self->view != NULL)
    lodge_screen_view_set_console (self->view, self->console);

  show_picture (self, NULL);
  gtk_editable_set_text (GTK_EDITABLE (self->password_entry), "");
  drop_popovers (self);
  load_picture (self);
  lodge_monitors_set_console (self->monitors, self->console);
  update (self);
}

static gboolean
lodge_console_panel_grab_focus (GtkWidget *widget)
{
  LodgeConsolePanel *self = LODGE_CONSOLE_PANEL (widget);

  if (gtk_widget_get_visible (self->front_scroller) || self->view == NULL)
    return gtk_widget_child_focus (GTK_WIDGET (self->front), GTK_DIR_TAB_FORWARD);

  return gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
lodge_console_panel_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lodge_console_panel_parent_class)->map (widget);
  update (LODGE_CONSOLE_PANEL (widget));
}

static void
lodge_console_panel_dispose (GObject *object)
{
  LodgeConsolePanel *self = (LodgeConsolePanel *)object;

  g_cancellable_cancel (self->picture_cancellable);
  g_clear_object (&self->picture_cancellable);
  g_clear_object (&self->console_signals);
  g_clear_object (&self->machine_signals);
  g_clear_object (&self->session_signals);
  g_clear_object (&self->screens_signals);
  g_clear_object (&self->transfers_signals);
  g_clear_object (&self->monitors);
  self->view = NULL;
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), LODGE_TYPE_CONSOLE_PANEL);
  g_clear_object (&self->console);

  G_OBJECT_CLASS (lodge_console_panel_parent_class)->dispose (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, LodgeConsolePanel, child)

static void
lodge_console_panel_class_init (LodgeConsolePanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  LodgePanelClass *panel_class = LODGE_PANEL_CLASS (klass);

  object_class->dispose = lodge_console_panel_dispose;
  widget_class->grab_focus = lodge_console_panel_grab_focus;
  widget_class->map = lodge_console_panel_map;
  panel_class->supports = lodge_console_panel_supports;
  panel_class->subject_changed = lodge_console_panel_subject_changed;

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/panels/lodge-console-panel.ui");
  BIND (backdrop);
  BIND (busy_label);
  BIND (discard_button);
  BIND (failed_button);
  BIND (failed_details);
  BIND (failed_raw);
  BIND (failed_text);
  BIND (failed_title);
  BIND (front);
  BIND (front_scroller);
  BIND (lost_button);
  BIND (lost_details);
  BIND (lost_raw);
  BIND (lost_text);
  BIND (lost_title);
  BIND (monitors_menu);
  BIND (no_screen_text);
  BIND (off_label);
  BIND (password_entry);
  BIND (password_text);
  BIND (picture);
  BIND (picture_slot);
  BIND (screen_slot);
  BIND (sound_button);
  BIND (start_button);
  BIND (status_button);
  BIND (transfers_button);
  gtk_widget_class_bind_template_callback (widget_class, password_given_cb);
}

static void
connect_signals (LodgeConsolePanel *self)
{
  static const char * const tool_props[] = { "notify::has-playback", "notify::has-record",
                                             "notify::playback-muted" };

  self->console_signals = g_signal_group_new (LODGE_TYPE_CONSOLE);
  g_signal_group_connect_object (self->console_signals, "notify::state", G_CALLBACK (update),
                                 self, G_CONNECT_SWAPPED);

  self->machine_signals = g_signal_group_new (LODGE_TYPE_MACHINE);
  g_signal_group_connect_object (self->machine_signals, "notify::state", G_CALLBACK (update),
                                 self, G_CONNECT_SWAPPED);
  g_signal_group_connect_object (self->machine_signals, "notify::pending", G_CALLBACK (update),
                                 self, G_CONNECT_SWAPPED);

  self->session_signals = g_signal_group_new (LODGE_TYPE_DISPLAY_SESSION);
  g_signal_group_connect_object (self->session_signals, "notify::state", G_CALLBACK (update),
                                 self, G_CONNECT_SWAPPED);
  for (guint i = 0; i < G_N_ELEMENTS (tool_props); i++)
    g_signal_group_connect_object (self->session_signals, tool_props[i], G_CALLBACK (update_tools),
                                   self, G_CONNECT_SWAPPED);

  self->screens_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_object (self->screens_signals, "items-changed", G_CALLBACK (update),
                                 self, G_CONNECT_SWAPPED);

  self->transfers_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_object (self->transfers_signals, "items-changed", G_CALLBACK (update_tools),
                                 self, G_CONNECT_SWAPPED);

  g_signal_connect_object (lodge_start_failures_get_default (), "changed",
                           G_CALLBACK (failures_changed_cb), self, 0);
  g_signal_connect_object (lodge_picture_store_get_default (), "changed",
                           G_CALLBACK (picture_changed_cb), self, 0);
}

static void
lodge_console_panel_init (LodgeConsolePanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->monitors = lodge_monitors_new (LODGE_PANEL (self), self->monitors_menu);
  connect_signals (self);
  drop_popovers (self);
  _lodge_console_panel_add_actions (self);
}
