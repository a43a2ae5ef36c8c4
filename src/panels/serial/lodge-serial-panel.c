/* lodge-serial-panel.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>
#include <vte/vte.h>

#include "lodge-machine.h"
#include "lodge-problem.h"
#include "lodge-serial-link.h"
#include "lodge-serial-panel.h"
#include "lodge-start-failures.h"
#include "lodge-words.h"

/**
 * LodgeSerialPanel:
 *
 * A guest's serial console in a terminal. The line is opened when somebody looks: only one program
 * at a time can have it.
 */

struct _LodgeSerialPanel
{
  LodgePanel       parent_instance;

  LodgeSerialLink *link;
  GSignalGroup    *link_signals;
  GSignalGroup    *machine_signals;
  VteTerminal     *terminal;

  /* Template references */
  GtkRevealer     *notice;
  GtkLabel        *notice_label;
  GtkWidget       *reconnect_button;
  GtkWidget       *scroller;
  GtkWidget       *start_button;
};

G_DEFINE_FINAL_TYPE (LodgeSerialPanel, lodge_serial_panel, LODGE_TYPE_PANEL)

static LodgeMachine *
get_machine (LodgeSerialPanel *self)
{
  GObject *subject = lodge_panel_get_subject (LODGE_PANEL (self));

  return subject != NULL ? LODGE_MACHINE (subject) : NULL;
}

static void
commit_cb (LodgeSerialPanel *self,
           const char       *text,
           guint             size)
{
  g_assert (LODGE_IS_SERIAL_PANEL (self));

  if (self->link != NULL)
    lodge_serial_link_send (self->link, text, size);
}

static void
received_cb (LodgeSerialPanel *self,
             GBytes           *bytes)
{
  g_assert (LODGE_IS_SERIAL_PANEL (self));

  if (self->terminal != NULL)
    vte_terminal_feed (self->terminal, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static gboolean
key_cb (LodgeSerialPanel *self,
        guint             keyval,
        guint             keycode,
        GdkModifierType   state)
{
  GdkModifierType modifiers = state & gtk_accelerator_get_default_mod_mask ();

  if (modifiers != (GDK_CONTROL_MASK | GDK_SHIFT_MASK))
    return GDK_EVENT_PROPAGATE;

  if (gdk_keyval_to_lower (keyval) == GDK_KEY_c)
    vte_terminal_copy_clipboard_format (self->terminal, VTE_FORMAT_TEXT);
  else if (gdk_keyval_to_lower (keyval) == GDK_KEY_v)
    vte_terminal_paste_clipboard (self->terminal);
  else
    return GDK_EVENT_PROPAGATE;

  return GDK_EVENT_STOP;
}

/* The terminal library is loaded with the first look at a text console. */
static void
ensure_terminal (LodgeSerialPanel *self)
{
  GtkEventController *keys;

  if (self->terminal != NULL)
    return;

  self->terminal = VTE_TERMINAL (vte_terminal_new ());
  vte_terminal_set_scrollback_lines (self->terminal, 10000);
  vte_terminal_set_scroll_on_keystroke (self->terminal, TRUE);
  vte_terminal_set_cursor_blink_mode (self->terminal, VTE_CURSOR_BLINK_OFF);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->terminal), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Text console of the guest"), -1);
  g_signal_connect_object (self->terminal, "commit", G_CALLBACK (commit_cb), self, G_CONNECT_SWAPPED);

  keys = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->terminal), keys);

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), GTK_WIDGET (self->terminal));
}

static void
drop_link (LodgeSerialPanel *self)
{
  g_signal_group_set_target (self->link_signals, NULL);

  if (self->link != NULL)
    lodge_serial_link_close (self->link);

  g_clear_object (&self->link);
}

static void
open_link (LodgeSerialPanel *self)
{
  drop_link (self);
  self->link = lodge_serial_link_new (get_machine (self));
  g_signal_group_set_target (self->link_signals, self->link);
}

static char *
dup_notice (LodgeSerialPanel *self,
            LodgeMachine     *machine)
{
  const GError *error = self->link != NULL ? lodge_serial_link_get_error (self->link) : NULL;
  const GError *failure = lodge_start_failures_get (lodge_start_failures_get_default (), machine);

  if (!lodge_machine_is_active (machine) && failure != NULL)
    {
      g_autofree char *title = lodge_words_dup_machine_title (machine);
      g_autoptr(LodgeProblem) problem = lodge_problem_new (failure, LODGE_ACTION_START, title);

      return g_strdup_printf ("%s. %s", problem->title, problem->text);
    }

  if (!lodge_machine_is_active (machine))
    return g_strdup (_("The guest is off."));

  if (error != NULL)
    return g_strdup_printf (_("The text console closed: %s"), error->message);

  if (self->link != NULL && !lodge_serial_link_get_open (self->link))
    return g_strdup (_("The text console is not connected."));

  if (lodge_machine_get_graphics (machine) == LODGE_GRAPHICS_VNC)
    return g_strdup (_("The guest shows its screen by VNC, and Lodge shows SPICE. This is its text console."));

  if (lodge_machine_get_graphics (machine) != LODGE_GRAPHICS_SPICE)
    return g_strdup (_("The guest has no graphical screen. This is its text console."));

  return NULL;
}

static void
update (LodgeSerialPanel *self)
{
  LodgeMachine *machine = get_machine (self);
  g_autofree char *text = NULL;
  gboolean active;

  g_assert (LODGE_IS_SERIAL_PANEL (self));

  if (machine == NULL)
    return;

  active = lodge_machine_is_active (machine);

  if (!active)
    drop_link (self);
  else if (self->link == NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      open_link (self);
      gtk_widget_grab_focus (GTK_WIDGET (self));
    }

  text = dup_notice (self, machine);
  gtk_label_set_text (self->notice_label, text != NULL ? text : "");
  gtk_revealer_set_reveal_child (self->notice, text != NULL);
  gtk_widget_set_visible (self->start_button, !active);
  gtk_widget_set_visible (self->reconnect_button, active && self->link != NULL &&
                                                  !lodge_serial_link_get_open (self->link));
}

static void
reconnect_cb (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  LodgeSerialPanel *self = user_data;

  drop_link (self);
  update (self);
}

static void
copy_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  LodgeSerialPanel *self = user_data;

  if (self->terminal != NULL)
    vte_terminal_copy_clipboard_format (self->terminal, VTE_FORMAT_TEXT);
}

static void
paste_cb (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  LodgeSerialPanel *self = user_data;

  if (self->terminal != NULL)
    vte_terminal_paste_clipboard (self->terminal);
}

static void
failures_changed_cb (LodgeStartFailures *failures,
                     LodgeMachine       *machine,
                     LodgeSerialPanel   *self)
{
  g_assert (LODGE_IS_SERIAL_PANEL (self));

  if (machine == get_machine (self))
    update (self);
}

static gboolean
lodge_serial_panel_supports (LodgePanel *panel,
                             GObject    *subject)
{
  return LODGE_IS_MACHINE (subject) && lodge_machine_get_has_console (LODGE_MACHINE (subject));
}

static void
lodge_serial_panel_subject_changed (LodgePanel *panel,
                                    GObject    *subject)
{
  LodgeSerialPanel *self = LODGE_SERIAL_PANEL (panel);

  drop_link (self);
  g_signal_group_set_target (self->machine_signals, subject);

  if (self->terminal != NULL)
    vte_terminal_reset (self->terminal, TRUE, TRUE);

  update (self);
}

static gboolean
lodge_serial_panel_grab_focus (GtkWidget *widget)
{
  LodgeSerialPanel *self = LODGE_SERIAL_PANEL (widget);

  return self->terminal != NULL && gtk_widget_grab_focus (GTK_WIDGET (self->terminal));
}

static void
lodge_serial_panel_map (GtkWidget *widget)
{
  LodgeSerialPanel *self = LODGE_SERIAL_PANEL (widget);

  ensure_terminal (self);
  GTK_WIDGET_CLASS (lodge_serial_panel_parent_class)->map (widget);
  update (self);
}

static void
lodge_serial_panel_dispose (GObject *object)
{
  LodgeSerialPanel *self = (LodgeSerialPanel *)object;

  if (self->link_signals != NULL)
    drop_link (self);
  g_clear_object (&self->link_signals);
  g_clear_object (&self->machine_signals);
  self->terminal = NULL;
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), LODGE_TYPE_SERIAL_PANEL);

  G_OBJECT_CLASS (lodge_serial_panel_parent_class)->dispose (object);
}

static void
lodge_serial_panel_class_init (LodgeSerialPanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  LodgePanelClass *panel_class = LODGE_PANEL_CLASS (klass);

  object_class->dispose = lodge_serial_panel_dispose;
  widget_class->grab_focus = lodge_serial_panel_grab_focus;
  widget_class->map = lodge_serial_panel_map;
  panel_class->supports = lodge_serial_panel_supports;
  panel_class->subject_changed = lodge_serial_panel_subject_changed;

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/panels/lodge-serial-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, LodgeSerialPanel, notice);
  gtk_widget_class_bind_template_child (widget_class, LodgeSerialPanel, notice_label);
  gtk_widget_class_bind_template_child (widget_class, LodgeSerialPanel, reconnect_button);
  gtk_widget_class_bind_template_child (widget_class, LodgeSerialPanel, scroller);
  gtk_widget_class_bind_template_child (widget_class, LodgeSerialPanel, start_button);
}

static void
lodge_serial_panel_init (LodgeSerialPanel *self)
{
  static const GActionEntry entries[] = {
    { .name = "copy", .activate = copy_cb },
    { .name = "paste", .activate = paste_cb },
    { .name = "reconnect", .activate = reconnect_cb },
  };
  static const char * const props[] = { "notify::state", "notify::pending", "notify::graphics" };
  g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new ();

  gtk_widget_init_template (GTK_WIDGET (self));

  g_action_map_add_action_entries (G_ACTION_MAP (group), entries, G_N_ELEMENTS (entries), self);
  lodge_panel_set_actions (LODGE_PANEL (self), G_ACTION_GROUP (group));

  self->link_signals = g_signal_group_new (LODGE_TYPE_SERIAL_LINK);
  g_signal_group_connect_object (self->link_signals, "received", G_CALLBACK (received_cb), self, G_CONNECT_SWAPPED);
  g_signal_group_connect_object (self->link_signals, "notify::open", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_group_connect_object (self->link_signals, "notify::error", G_CALLBACK (update), self, G_CONNECT_SWAPPED);

  self->machine_signals = g_signal_group_new (LODGE_TYPE_MACHINE);
  for (guint i = 0; i < G_N_ELEMENTS (props); i++)
    g_signal_group_connect_object (self->machine_signals, props[i], G_CALLBACK (update), self, G_CONNECT_SWAPPED);

  g_signal_connect_object (lodge_start_failures_get_default (), "changed",
                           G_CALLBACK (failures_changed_cb), self, 0);
}
