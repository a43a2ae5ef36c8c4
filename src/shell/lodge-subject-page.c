/* lodge-subject-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-fullscreen-box.h"
#include "lodge-machine-actions.h"
#include "lodge-menu-names.h"
#include "lodge-mnemonics.h"
#include "lodge-panels.h"
#include "lodge-report.h"
#include "lodge-settings.h"
#include "lodge-sheet.h"
#include "lodge-side-box.h"
#include "lodge-subject-page.h"
#include "lodge-words.h"

/**
 * LodgeSubjectPage:
 *
 * The page of the chosen guest or host.
 *
 * The page has the header and the life of the guest; all else comes from the panels, which it asks
 * whether they have to do with the subject. It knows none of them by name.
 */

struct _LodgeSubjectPage
{
  GtkWidget            parent_instance;

  GObject             *subject;
  LodgeHostList       *hosts;
  LodgeMachineActions *machine_actions;
  GSimpleActionGroup  *page_actions;
  GSignalGroup        *machine_signals;
  GSignalGroup        *host_signals;
  GPtrArray           *panels;
  GSignalGroup        *panel_signals;
  /* Not owned: what had the focus before the sheet took it */
  GtkWidget           *focus_before;
  guint                folded : 1;
  guint                fullscreened : 1;

  /* Template references */
  GtkWidget           *back_button;
  LodgeFullscreenBox  *box;
  GtkWidget           *fullscreen_button;
  GMenuModel          *life_menu;
  GtkMenuButton       *menu_button;
  GtkWidget           *pause_button;
  GtkWidget           *resume_button;
  LodgeSheet          *sheet;
  GtkWidget           *sheet_button;
  LodgeSideBox        *side_box;
  GtkSpinner          *spinner;
  GtkStack            *stack;
  GtkWidget           *start_button;
  AdwHeaderBar        *header;
  GtkBox              *second_row;
  GtkWidget           *switcher;
  AdwWindowTitle      *title;
  AdwBin              *tools_slot;
};

enum {
  PROP_0,
  PROP_FOLDED,
  PROP_FULLSCREENED,
  PROP_SUBJECT,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LodgeSubjectPage, lodge_subject_page, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static LodgePanel *
get_visible_panel (LodgeSubjectPage *self)
{
  GtkWidget *child = gtk_stack_get_visible_child (self->stack);

  return child != NULL ? LODGE_PANEL (child) : NULL;
}

static void
update_menu (LodgeSubjectPage *self)
{
  LodgePanel *panel = get_visible_panel (self);
  GMenuModel *panel_menu = panel != NULL ? lodge_panel_get_menu (panel) : NULL;
  /* A new one each time: GTK 4.8 keeps the submenus of a section that is taken out. */
  g_autoptr(GMenu) menu = g_menu_new ();

  if (panel_menu != NULL)
    g_menu_append_section (menu, NULL, panel_menu);
  if (LODGE_IS_MACHINE (self->subject))
    g_menu_append_section (menu, NULL, self->life_menu);

  gtk_menu_button_set_menu_model (self->menu_button, G_MENU_MODEL (menu));
  gtk_widget_set_visible (GTK_WIDGET (self->menu_button), g_menu_model_get_n_items (G_MENU_MODEL (menu)) > 0);
}

static void
visible_panel_changed_cb (LodgeSubjectPage *self)
{
  LodgePanel *panel;

  g_assert (LODGE_IS_SUBJECT_PAGE (self));

  if (self->panel_signals == NULL)
    return;

  panel = get_visible_panel (self);
  g_signal_group_set_target (self->panel_signals, panel);
  adw_bin_set_child (self->tools_slot, panel != NULL ? lodge_panel_get_tools (panel) : NULL);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "panel",
                                  panel != NULL ? lodge_panel_get_actions (panel) : NULL);
  update_menu (self);
}

static void
create_panels (LodgeSubjectPage *self)
{
  self->panels = lodge_panels_create ();

  for (guint i = 0; i < self->panels->len; i++)
    {
      LodgePanel *panel = g_ptr_array_index (self->panels, i);
      GtkStackPage *page;

      lodge_mnemonics_name_buttons (GTK_WIDGET (panel));

      if (lodge_panel_get_place (panel) == LODGE_PANEL_PLACE_SHEET)
        {
          lodge_sheet_add_panel (self->sheet, panel);
          continue;
        }

      page = gtk_stack_add_titled (self->stack, GTK_WIDGET (panel), G_OBJECT_TYPE_NAME (panel),
                                   lodge_panel_get_title (panel));
      gtk_stack_page_set_icon_name (page, lodge_panel_get_icon_name (panel));
    }
}

static void
focus_gone_cb (gpointer  data,
               GObject  *where_the_object_was)
{
  LodgeSubjectPage *self = data;

  self->focus_before = NULL;
}

static void
remember_focus (LodgeSubjectPage *self,
                GtkWidget        *focus)
{
  if (self->focus_before != NULL)
    g_object_weak_unref (G_OBJECT (self->focus_before), focus_gone_cb, self);

  self->focus_before = focus;

  if (focus != NULL)
    g_object_weak_ref (G_OBJECT (focus), focus_gone_cb, self);
}

/* The sheet is open if the user wants one and there is something in it. */
static void
update_sheet (LodgeSubjectPage *self)
{
  gboolean empty = lodge_sheet_is_empty (self->sheet);
  gboolean open = !empty && g_settings_get_boolean (lodge_settings_get (), "sheet-open");
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->page_actions), "sheet");

  gtk_widget_set_visible (self->sheet_button, !empty);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), !empty);
  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_boolean (open));
  lodge_side_box_set_open (self->side_box, open);
}

/* The keyboard goes into the sheet that opens, and back to where it was when the sheet closes. */
static void
set_sheet_open (LodgeSubjectPage *self,
                gboolean          open)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  gboolean inside = focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->sheet));

  if (open && !inside)
    remember_focus (self, focus);
  if (!open && inside)
    gtk_widget_grab_focus (self->focus_before != NULL ? self->focus_before : self->sheet_button);

  g_settings_set_boolean (lodge_settings_get (), "sheet-open", open);
  update_sheet (self);

  if (open)
    gtk_widget_child_focus (GTK_WIDGET (self->sheet), GTK_DIR_TAB_FORWARD);
}

static void
sheet_activated_cb (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  LodgeSubjectPage *self = user_data;

  set_sheet_open (self, !lodge_side_box_get_open (self->side_box));
}

static void
sheet_close_cb (LodgeSubjectPage *self)
{
  g_assert (LODGE_IS_SUBJECT_PAGE (self));

  set_sheet_open (self, FALSE);
}

/* A narrow header has no room for more than the life of the guest: the rest gets a row of its own.
 * In fullscreen the page is folded for want of a list beside it, not of room.
 */
static void
place_tools (LodgeSubjectPage *self)
{
  gboolean apart = self->folded && !self->fullscreened;
  g_autoptr(GtkWidget) switcher = g_object_ref (self->switcher);
  g_autoptr(GtkWidget) tools = g_object_ref (GTK_WIDGET (self->tools_slot));
  g_autoptr(GtkWidget) sheet_button = g_object_ref (self->sheet_button);

  if (apart == gtk_widget_is_ancestor (switcher, GTK_WIDGET (self->second_row)))
    return;

  if (apart)
    {
      adw_header_bar_remove (self->header, switcher);
      adw_header_bar_remove (self->header, tools);
      adw_header_bar_remove (self->header, sheet_button);
      gtk_box_append (self->second_row, switcher);
      gtk_box_append (self->second_row, tools);
      gtk_box_append (self->second_row, sheet_button);
    }
  else
    {
      gtk_box_remove (self->second_row, switcher);
      gtk_box_remove (self->second_row, tools);
      gtk_box_remove (self->second_row, sheet_button);
      adw_header_bar_pack_end (self->header, sheet_button);
      adw_header_bar_pack_end (self->header, tools);
      adw_header_bar_pack_end (self->header, switcher);
    }

  gtk_widget_set_hexpand (tools, apart);
  gtk_widget_set_halign (tools, apart ? GTK_ALIGN_END : GTK_ALIGN_FILL);
  gtk_widget_set_visible (GTK_WIDGET (self->second_row), apart);
}

/* Shows the panels that have to do with the subject, the first of them if the one that was shown
 * does not.
 */
static void
update_panels (LodgeSubjectPage *self,
               gboolean          show_first)
{
  LodgePanel *visible = get_visible_panel (self);
  LodgePanel *first = NULL;
  guint n_visible = 0;

  for (guint i = 0; i < self->panels->len; i++)
    {
      LodgePanel *panel = g_ptr_array_index (self->panels, i);
      gboolean supported = self->subject != NULL && lodge_panel_supports (panel, self->subject);

      if (lodge_panel_get_place (panel) == LODGE_PANEL_PLACE_SHEET)
        continue;

      gtk_stack_page_set_visible (gtk_stack_get_page (self->stack, GTK_WIDGET (panel)), supported);
      n_visible += supported;

      if (supported && (first == NULL || (!show_first && panel == visible)))
        first = panel;
    }

  if (first != NULL)
    gtk_stack_set_visible_child (self->stack, GTK_WIDGET (first));

  for (guint i = 0; i < self->panels->len; i++)
    {
      LodgePanel *panel = g_ptr_array_index (self->panels, i);
      GtkStackPage *page;

      if (lodge_panel_get_place (panel) == LODGE_PANEL_PLACE_SHEET)
        continue;

      page = gtk_stack_get_page (self->stack, GTK_WIDGET (panel));
      lodge_panel_set_subject (panel, gtk_stack_page_get_visible (page) ? self->subject : NULL);
    }

  gtk_widget_set_visible (self->switcher, n_visible > 1);
  lodge_sheet_set_subject (self->sheet, self->subject);
  update_sheet (self);
}

static void
set_action_enabled (LodgeSubjectPage *self,
                    const char       *name,
                    gboolean          enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->page_actions), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static void
update_machine (LodgeSubjectPage *self)
{
  LodgeMachine *machine = LODGE_MACHINE (self->subject);
  g_autofree char *title = lodge_words_dup_machine_title (machine);
  LodgeAction pending = lodge_machine_get_pending (machine);
  const char *state = lodge_words_machine_state (lodge_machine_get_state (machine), pending);
  gboolean can_start = lodge_machine_can (machine, LODGE_ACTION_START);
  gboolean everyday = lodge_machine_get_everyday (machine);
  /* A start is told in words: where cairo draws, the spinner takes what the start could use. */
  gboolean spins = pending != LODGE_ACTION_NONE && pending != LODGE_ACTION_START;
  g_autofree char *subtitle = NULL;

  /* Slowness that has a reason should be seen with its reason. */
  if (lodge_machine_get_emulated (machine) && lodge_machine_is_active (machine))
    subtitle = g_strdup_printf (_("%s, software emulation"), state);

  adw_window_title_set_title (self->title, title);
  adw_window_title_set_subtitle (self->title, subtitle != NULL ? subtitle : state);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), spins);
  gtk_spinner_set_spinning (self->spinner, spins);

  gtk_widget_set_visible (self->start_button, can_start);
  gtk_widget_set_visible (self->resume_button, lodge_machine_can (machine, LODGE_ACTION_RESUME) && !can_start);
  gtk_widget_set_visible (self->pause_button, lodge_machine_can (machine, LODGE_ACTION_PAUSE));

  set_action_enabled (self, "make-everyday", !everyday);
  set_action_enabled (self, "unmake-everyday", everyday);
}

static void
update_host (LodgeSubjectPage *self)
{
  LodgeHost *host = LODGE_HOST (self->subject);
  g_autofree char *name = lodge_words_dup_host_name (host);

  adw_window_title_set_title (self->title, name);
  adw_window_title_set_subtitle (self->title, lodge_host_get_uri (host));
  gtk_widget_set_visible (GTK_WIDGET (self->spinner),
                          lodge_host_get_state (host) == LODGE_HOST_STATE_CONNECTING);
  gtk_spinner_set_spinning (self->spinner,
                            lodge_host_get_state (host) == LODGE_HOST_STATE_CONNECTING);
  gtk_widget_set_visible (self->start_button, FALSE);
  gtk_widget_set_visible (self->pause_button, FALSE);
  gtk_widget_set_visible (self->resume_button, FALSE);
}

static void
update (LodgeSubjectPage *self)
{
  g_assert (LODGE_IS_SUBJECT_PAGE (self));

  if (LODGE_IS_MACHINE (self->subject))
    update_machine (self);
  else if (LODGE_IS_HOST (self->subject))
    update_host (self);
}

/* A guest that was given a screen or a serial port gets the panel for it. */
static void
abilities_changed_cb (LodgeSubjectPage *self)
{
  g_assert (LODGE_IS_SUBJECT_PAGE (self));

  update_panels (self, FALSE);
}

static void
set_everyday_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(LodgeSubjectPage) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!lodge_host_list_set_everyday_finish (LODGE_HOST_LIST (object), result, &error))
    lodge_report_error (GTK_WIDGET (self), error);
}

static void
make_everyday_cb (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  LodgeSubjectPage *self = user_data;
  gboolean make = g_str_equal (g_action_get_name (G_ACTION (action)), "make-everyday");

  if (LODGE_IS_MACHINE (self->subject) && self->hosts != NULL)
    lodge_host_list_set_everyday_async (self->hosts, make ? LODGE_MACHINE (self->subject) : NULL, NULL,
                                        set_everyday_cb, g_object_ref (self));
}

/* The one thing to do next: start, pause or resume. */
static void
toggle_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  static const LodgeAction actions[] = { LODGE_ACTION_START, LODGE_ACTION_RESUME, LODGE_ACTION_PAUSE };
  LodgeSubjectPage *self = user_data;

  for (guint i = 0; LODGE_IS_MACHINE (self->subject) && i < G_N_ELEMENTS (actions); i++)
    if (lodge_machine_can (LODGE_MACHINE (self->subject), actions[i]))
      {
        lodge_machine_actions_perform (GTK_WIDGET (self), LODGE_MACHINE (self->subject), actions[i]);
        return;
      }
}

static void
lodge_subject_page_dispose (GObject *object)
{
  LodgeSubjectPage *self = (LodgeSubjectPage *)object;

  if (self->panels != NULL)
    for (guint i = 0; i < self->panels->len; i++)
      lodge_panel_set_subject (g_ptr_array_index (self->panels, i), NULL);

  remember_focus (self, NULL);
  g_clear_object (&self->panel_signals);
  g_clear_object (&self->machine_signals);
  g_clear_object (&self->host_signals);
  g_clear_object (&self->machine_actions);
  g_clear_object (&self->page_actions);
  g_clear_pointer (&self->panels, g_ptr_array_unref);
  g_clear_object (&self->subject);
  g_clear_object (&self->hosts);
  gtk_widget_dispose_template (GTK_WIDGET (self), LODGE_TYPE_SUBJECT_PAGE);

  G_OBJECT_CLASS (lodge_subject_page_parent_class)->dispose (object);
}

static void
lodge_subject_page_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  LodgeSubjectPage *self = LODGE_SUBJECT_PAGE (object);

  switch (prop_id)
    {
    case PROP_FOLDED:
      g_value_set_boolean (value, self->folded);
      break;

    case PROP_FULLSCREENED:
      g_value_set_boolean (value, self->fullscreened);
      break;

    case PROP_SUBJECT:
      g_value_set_object (value, self->subject);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_subject_page_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  LodgeSubjectPage *self = LODGE_SUBJECT_PAGE (object);

  switch (prop_id)
    {
    case PROP_FOLDED:
      self->folded = g_value_get_boolean (value);
      place_tools (self);
      gtk_widget_set_visible (self->back_button, self->folded && !self->fullscreened);
      break;

    case PROP_FULLSCREENED:
      lodge_subject_page_set_fullscreened (self, g_value_get_boolean (value));
      break;

    case PROP_SUBJECT:
      lodge_subject_page_set_subject (self, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_subject_page_class_init (LodgeSubjectPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lodge_subject_page_dispose;
  object_class->get_property = lodge_subject_page_get_property;
  object_class->set_property = lodge_subject_page_set_property;

  properties[PROP_FOLDED] =
    g_param_spec_boolean ("folded", NULL, NULL,
                          FALSE,
                          (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  properties[PROP_FULLSCREENED] =
    g_param_spec_boolean ("fullscreened", NULL, NULL,
                          FALSE,
                          (G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));

  properties[PROP_SUBJECT] =
    g_param_spec_object ("subject", NULL, NULL,
                         G_TYPE_OBJECT,
                         (G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (LODGE_TYPE_FULLSCREEN_BOX);
  g_type_ensure (LODGE_TYPE_SHEET);
  g_type_ensure (LODGE_TYPE_SIDE_BOX);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/shell/lodge-subject-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LodgeSubjectPage, back_button);
  gtk_widget_class_bind_template_child (widget_class, LodgeSubjectPage, box);
  gtk_widget_class_bind_template_child (widget_class, LodgeSubjectPage, fullscreen_button);
  gtk_widget_class_bind_template_child (widget_class, LodgeSubjectPage, header);
  gtk_widget_class_bind_template_child (widget_class, LodgeSubjectPage, life_menu);
  gtk_widget_class_bind_template_child (widget_class, LodgeSubjectPage, menu_button);
  gtk_widget_class_bind_template_child (widget_class, LodgeSubjectPage, pause_button);
  gtk_widget_class_bind_template_child (widget_class, LodgeSubjectPage, resume_button);
  gtk_widget_class_bind_template_child (widget_class, LodgeSubjectPage, second_row);
  gtk_widget_class_bind_template_child (widget_class, LodgeSubjectPage, sheet);
  gtk_widget_class_bind_template_child (widget_class, LodgeSubjectPage, sheet_button);
  gtk_widget_class_bind_template_child (widget_class, LodgeSubjectPage, side_box);
  gtk_widget_class_bind_template_child (widget_class, LodgeSubjectPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, LodgeSubjectPage, stack);
  gtk_widget_class_bind_template_child (widget_class, LodgeSubjectPage, start_button);
  gtk_widget_class_bind_template_child (widget_class, LodgeSubjectPage, switcher);
  gtk_widget_class_bind_template_child (widget_class, LodgeSubjectPage, title);
  gtk_widget_class_bind_template_child (widget_class, LodgeSubjectPage, tools_slot);
  gtk_widget_class_bind_template_callback (widget_class, sheet_close_cb);
  gtk_widget_class_bind_template_callback (widget_class, visible_panel_changed_cb);
}

static void
connect_signals (LodgeSubjectPage *self)
{
  static const char * const machine_props[] = { "notify::state", "notify::pending", "notify::name",
                                                "notify::title", "notify::emulated",
                                                "notify::everyday" };
  static const char * const ability_props[] = { "notify::graphics", "notify::has-console" };

  self->machine_signals = g_signal_group_new (LODGE_TYPE_MACHINE);
  for (guint i = 0; i < G_N_ELEMENTS (machine_props); i++)
    g_signal_group_connect_object (self->machine_signals, machine_props[i], G_CALLBACK (update),
                                   self, G_CONNECT_SWAPPED);
  for (guint i = 0; i < G_N_ELEMENTS (ability_props); i++)
    g_signal_group_connect_object (self->machine_signals, ability_props[i],
                                   G_CALLBACK (abilities_changed_cb), self, G_CONNECT_SWAPPED);

  self->host_signals = g_signal_group_new (LODGE_TYPE_HOST);
  g_signal_group_connect_object (self->host_signals, "notify::state", G_CALLBACK (update),
                                 self, G_CONNECT_SWAPPED);

  self->panel_signals = g_signal_group_new (LODGE_TYPE_PANEL);
  g_signal_group_connect_object (self->panel_signals, "notify::menu", G_CALLBACK (update_menu),
                                 self, G_CONNECT_SWAPPED);
}

static void
lodge_subject_page_init (LodgeSubjectPage *self)
{
  static const GActionEntry entries[] = {
    { .name = "make-everyday", .activate = make_everyday_cb },
    { .name = "sheet", .activate = sheet_activated_cb, .state = "false" },
    { .name = "toggle", .activate = toggle_cb },
    { .name = "unmake-everyday", .activate = make_everyday_cb },
  };

  gtk_widget_init_template (GTK_WIDGET (self));
  lodge_menu_button_name_items (self->menu_button);

  self->machine_actions = lodge_machine_actions_new (GTK_WIDGET (self));
  self->page_actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->page_actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "page", G_ACTION_GROUP (self->page_actions));

  connect_signals (self);
}

GObject *
lodge_subject_page_get_subject (LodgeSubjectPage *self)
{
  g_return_val_if_fail (LODGE_IS_SUBJECT_PAGE (self), NULL);

  return self->subject;
}

/**
 * lodge_subject_page_set_subject:
 * @subject: (nullable): a host or a machine
 *
 * Shows another subject. The panels let go of what they held for the last one.
 */
void
lodge_subject_page_set_subject (LodgeSubjectPage *self,
                                GObject          *subject)
{
  g_return_if_fail (LODGE_IS_SUBJECT_PAGE (self));
  g_return_if_fail (!subject || G_IS_OBJECT (subject));

  if (!g_set_object (&self->subject, subject))
    return;

  if (self->panels == NULL)
    create_panels (self);

  lodge_machine_actions_set_machine (self->machine_actions,
                                     LODGE_IS_MACHINE (subject) ? LODGE_MACHINE (subject) : NULL);
  g_signal_group_set_target (self->machine_signals, LODGE_IS_MACHINE (subject) ? subject : NULL);
  g_signal_group_set_target (self->host_signals, LODGE_IS_HOST (subject) ? subject : NULL);

  update_panels (self, TRUE);
  update (self);
  update_menu (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SUBJECT]);
}

void
lodge_subject_page_set_hosts (LodgeSubjectPage *self,
                              LodgeHostList    *hosts)
{
  g_return_if_fail (LODGE_IS_SUBJECT_PAGE (self));
  g_return_if_fail (LODGE_IS_HOST_LIST (hosts));

  g_set_object (&self->hosts, hosts);
}

gboolean
lodge_subject_page_get_fullscreened (LodgeSubjectPage *self)
{
  g_return_val_if_fail (LODGE_IS_SUBJECT_PAGE (self), FALSE);

  return self->fullscreened;
}

/**
 * lodge_subject_page_set_fullscreened:
 *
 * Gives the whole page to the panel; the header waits above the upper edge.
 */
void
lodge_subject_page_set_fullscreened (LodgeSubjectPage *self,
                                     gboolean          fullscreened)
{
  g_return_if_fail (LODGE_IS_SUBJECT_PAGE (self));

  if (self->fullscreened == !!fullscreened)
    return;

  self->fullscreened = !!fullscreened;
  lodge_fullscreen_box_set_fullscreened (self->box, fullscreened);
  place_tools (self);
  gtk_widget_set_visible (self->fullscreen_button, fullscreened);
  gtk_widget_set_visible (self->back_button, self->folded && !fullscreened);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FULLSCREENED]);
}
