/* lodge-sheet.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-settings.h"
#include "lodge-sheet.h"

/**
 * LodgeSheet:
 *
 * What there is to a guest besides its screen, one panel at a time.
 *
 * It knows no panel by name; it remembers in the settings which was shown last.
 */

struct _LodgeSheet
{
  GtkWidget    parent_instance;

  GObject     *subject;
  guint        updating : 1;

  /* Template references */
  GtkWidget   *box;
  GtkWidget   *close_button;
  GtkStack    *stack;
  GtkWidget   *switcher;
  GtkLabel    *title;
  AdwBin      *tools_slot;
};

enum {
  PROP_0,
  PROP_EMPTY,
  N_PROPS
};

enum {
  CLOSE,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (LodgeSheet, lodge_sheet, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static LodgePanel *
get_visible_panel (LodgeSheet *self)
{
  GtkWidget *child = gtk_stack_get_visible_child (self->stack);

  return child != NULL ? LODGE_PANEL (child) : NULL;
}

static void
visible_panel_changed_cb (LodgeSheet *self)
{
  LodgePanel *panel = get_visible_panel (self);
  GSettings *settings = lodge_settings_get ();

  g_assert (LODGE_IS_SHEET (self));

  gtk_label_set_text (self->title, panel != NULL ? lodge_panel_get_title (panel) : "");
  adw_bin_set_child (self->tools_slot, panel != NULL ? lodge_panel_get_tools (panel) : NULL);

  /* Only what the user chose, not what a guest happens not to have. */
  if (panel != NULL && !self->updating && self->subject != NULL && settings != NULL)
    g_settings_set_string (settings, "sheet-panel", G_OBJECT_TYPE_NAME (panel));
}

static gboolean
close_cb (GtkWidget *widget,
          GVariant  *arguments,
          gpointer   user_data)
{
  g_signal_emit (widget, signals[CLOSE], 0);

  return TRUE;
}

static void
close_clicked_cb (LodgeSheet *self)
{
  g_assert (LODGE_IS_SHEET (self));

  g_signal_emit (self, signals[CLOSE], 0);
}

static void
lodge_sheet_dispose (GObject *object)
{
  LodgeSheet *self = (LodgeSheet *)object;

  g_clear_object (&self->subject);
  gtk_widget_dispose_template (GTK_WIDGET (self), LODGE_TYPE_SHEET);

  G_OBJECT_CLASS (lodge_sheet_parent_class)->dispose (object);
}

static void
lodge_sheet_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  LodgeSheet *self = LODGE_SHEET (object);

  switch (prop_id)
    {
    case PROP_EMPTY:
      g_value_set_boolean (value, lodge_sheet_is_empty (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_sheet_class_init (LodgeSheetClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lodge_sheet_dispose;
  object_class->get_property = lodge_sheet_get_property;

  properties[PROP_EMPTY] =
    g_param_spec_boolean ("empty", NULL, NULL,
                          TRUE,
                          (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[CLOSE] =
    g_signal_new ("close",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, close_cb, NULL);

  gtk_widget_class_set_css_name (widget_class, "sheet");
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/shell/lodge-sheet.ui");
  gtk_widget_class_bind_template_child (widget_class, LodgeSheet, box);
  gtk_widget_class_bind_template_child (widget_class, LodgeSheet, close_button);
  gtk_widget_class_bind_template_child (widget_class, LodgeSheet, stack);
  gtk_widget_class_bind_template_child (widget_class, LodgeSheet, switcher);
  gtk_widget_class_bind_template_child (widget_class, LodgeSheet, title);
  gtk_widget_class_bind_template_child (widget_class, LodgeSheet, tools_slot);
  gtk_widget_class_bind_template_callback (widget_class, close_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, visible_panel_changed_cb);
}

static void
lodge_sheet_init (LodgeSheet *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lodge_sheet_add_panel:
 * @panel: a panel whose place is the sheet
 *
 * Adds a panel after those that are there.
 */
void
lodge_sheet_add_panel (LodgeSheet *self,
                       LodgePanel *panel)
{
  GtkStackPage *page;

  g_return_if_fail (LODGE_IS_SHEET (self));
  g_return_if_fail (LODGE_IS_PANEL (panel));

  self->updating = TRUE;
  page = gtk_stack_add_titled (self->stack, GTK_WIDGET (panel), G_OBJECT_TYPE_NAME (panel),
                               lodge_panel_get_title (panel));
  gtk_stack_page_set_icon_name (page, lodge_panel_get_icon_name (panel));
  gtk_stack_page_set_visible (page, FALSE);
  self->updating = FALSE;
}

/* The panel that was shown last, where it has to do with the subject, or else the first. */
static void
choose_panel (LodgeSheet *self)
{
  g_autofree char *wanted = g_settings_get_string (lodge_settings_get (), "sheet-panel");
  GtkWidget *chosen = NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->stack));
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkStackPage *page = gtk_stack_get_page (self->stack, child);

      if (!gtk_stack_page_get_visible (page))
        continue;

      if (chosen == NULL || g_str_equal (gtk_stack_page_get_name (page), wanted))
        chosen = child;
    }

  if (chosen != NULL)
    gtk_stack_set_visible_child (self->stack, chosen);
}

/**
 * lodge_sheet_set_subject:
 * @subject: (nullable): a host or a machine
 *
 * Gives the subject to the panels that have to do with it, and shows one of them. To be called
 * again when the subject has changed in what it can do.
 */
void
lodge_sheet_set_subject (LodgeSheet *self,
                         GObject    *subject)
{
  guint n_visible = 0;

  g_return_if_fail (LODGE_IS_SHEET (self));
  g_return_if_fail (!subject || G_IS_OBJECT (subject));

  self->updating = TRUE;
  g_set_object (&self->subject, subject);

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->stack));
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkStackPage *page = gtk_stack_get_page (self->stack, child);
      LodgePanel *panel = LODGE_PANEL (child);
      gboolean supported = subject != NULL && lodge_panel_supports (panel, subject);

      gtk_stack_page_set_visible (page, supported);
      lodge_panel_set_subject (panel, supported ? subject : NULL);
      n_visible += supported;
    }

  choose_panel (self);
  gtk_widget_set_visible (self->switcher, n_visible > 1);
  self->updating = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EMPTY]);
}

gboolean
lodge_sheet_is_empty (LodgeSheet *self)
{
  g_return_val_if_fail (LODGE_IS_SHEET (self), TRUE);

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->stack));
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkStackPage *page = gtk_stack_get_page (self->stack, child);

      if (gtk_stack_page_get_visible (page))
        return FALSE;
    }

  return TRUE;
}
