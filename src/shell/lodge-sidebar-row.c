/* lodge-sidebar-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-sidebar-row.h"
#include "lodge-words.h"

/**
 * LodgeSidebarRow:
 *
 * One line of the sidebar's list. Lines are recycled: the item changes as the list scrolls.
 */

struct _LodgeSidebarRow
{
  GtkWidget     parent_instance;

  GObject      *item;
  GSignalGroup *machine_signals;
  GSignalGroup *host_signals;
  guint         countdown;

  /* Template references */
  GtkImage     *icon;
  GtkWidget    *labels;
  GtkButton    *retry;
  GtkLabel     *subtitle;
  GtkLabel     *title;
};

enum {
  PROP_0,
  PROP_ITEM,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LodgeSidebarRow, lodge_sidebar_row, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static void update_countdown (LodgeSidebarRow *self);

/* What a screen reader says of a line is said by the widget that GTK puts around it. */
static void
name_line (LodgeSidebarRow *self)
{
  GtkWidget *line = gtk_widget_get_parent (GTK_WIDGET (self));

  if (line != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (line),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL, gtk_label_get_text (self->title),
                                    GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, gtk_label_get_text (self->subtitle),
                                    -1);
}

static void
update_machine (LodgeSidebarRow *self)
{
  LodgeMachine *machine = LODGE_MACHINE (self->item);
  g_autofree char *title = lodge_words_dup_machine_title (machine);
  LodgeState state = lodge_machine_get_state (machine);

  gtk_image_set_from_icon_name (self->icon, lodge_words_machine_state_icon (state));
  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->subtitle,
                      lodge_words_machine_state (state, lodge_machine_get_pending (machine)));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), title);

  if (lodge_machine_is_active (machine))
    gtk_widget_add_css_class (GTK_WIDGET (self), "active");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "active");
}

static void
update_host (LodgeSidebarRow *self)
{
  LodgeHost *host = LODGE_HOST (self->item);
  g_autofree char *title = lodge_words_dup_host_name (host);
  g_autofree char *state = lodge_words_dup_host_state (host);
  const GError *error = lodge_host_get_error (host);
  LodgeHostState host_state = lodge_host_get_state (host);

  gtk_image_set_from_icon_name (self->icon, lodge_words_host_state_icon (host));
  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->subtitle, state);
  gtk_widget_set_visible (GTK_WIDGET (self->retry),
                          host_state == LODGE_HOST_STATE_LOST || host_state == LODGE_HOST_STATE_CLOSED);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self),
                               error != NULL ? error->message : lodge_host_get_uri (host));
  update_countdown (self);
}

static void
update (LodgeSidebarRow *self)
{
  g_assert (LODGE_IS_SIDEBAR_ROW (self));

  if (LODGE_IS_MACHINE (self->item))
    update_machine (self);
  else if (LODGE_IS_HOST (self->item))
    update_host (self);

  if (self->item != NULL)
    name_line (self);
}

static gboolean
countdown_cb (gpointer user_data)
{
  LodgeSidebarRow *self = user_data;
  g_autofree char *state = lodge_words_dup_host_state (LODGE_HOST (self->item));

  gtk_label_set_text (self->subtitle, state);

  return G_SOURCE_CONTINUE;
}

/* Seconds are counted only where somebody can see them. */
static void
update_countdown (LodgeSidebarRow *self)
{
  gboolean wanted = LODGE_IS_HOST (self->item) &&
                    gtk_widget_get_mapped (GTK_WIDGET (self)) &&
                    lodge_host_get_state (LODGE_HOST (self->item)) == LODGE_HOST_STATE_LOST;

  if (wanted && self->countdown == 0)
    self->countdown = g_timeout_add_seconds (1, countdown_cb, self);
  else if (!wanted)
    g_clear_handle_id (&self->countdown, g_source_remove);
}

static void
retry_clicked_cb (LodgeSidebarRow *self)
{
  g_assert (LODGE_IS_SIDEBAR_ROW (self));

  if (LODGE_IS_HOST (self->item))
    lodge_host_retry (LODGE_HOST (self->item));
}

static void
lodge_sidebar_row_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lodge_sidebar_row_parent_class)->map (widget);
  update (LODGE_SIDEBAR_ROW (widget));
}

static void
lodge_sidebar_row_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lodge_sidebar_row_parent_class)->unmap (widget);
  update_countdown (LODGE_SIDEBAR_ROW (widget));
}

static void
lodge_sidebar_row_dispose (GObject *object)
{
  LodgeSidebarRow *self = (LodgeSidebarRow *)object;

  g_clear_handle_id (&self->countdown, g_source_remove);
  g_clear_object (&self->machine_signals);
  g_clear_object (&self->host_signals);
  g_clear_object (&self->item);
  gtk_widget_dispose_template (GTK_WIDGET (self), LODGE_TYPE_SIDEBAR_ROW);

  G_OBJECT_CLASS (lodge_sidebar_row_parent_class)->dispose (object);
}

static void
lodge_sidebar_row_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  LodgeSidebarRow *self = LODGE_SIDEBAR_ROW (object);

  switch (prop_id)
    {
    case PROP_ITEM:
      g_value_set_object (value, self->item);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_sidebar_row_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  LodgeSidebarRow *self = LODGE_SIDEBAR_ROW (object);

  switch (prop_id)
    {
    case PROP_ITEM:
      lodge_sidebar_row_set_item (self, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_sidebar_row_class_init (LodgeSidebarRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lodge_sidebar_row_dispose;
  object_class->get_property = lodge_sidebar_row_get_property;
  object_class->set_property = lodge_sidebar_row_set_property;
  widget_class->map = lodge_sidebar_row_map;
  widget_class->unmap = lodge_sidebar_row_unmap;

  properties[PROP_ITEM] =
    g_param_spec_object ("item", NULL, NULL,
                         G_TYPE_OBJECT,
                         (G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "sidebarrow");
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/shell/lodge-sidebar-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LodgeSidebarRow, icon);
  gtk_widget_class_bind_template_child (widget_class, LodgeSidebarRow, labels);
  gtk_widget_class_bind_template_child (widget_class, LodgeSidebarRow, retry);
  gtk_widget_class_bind_template_child (widget_class, LodgeSidebarRow, subtitle);
  gtk_widget_class_bind_template_child (widget_class, LodgeSidebarRow, title);
  gtk_widget_class_bind_template_callback (widget_class, retry_clicked_cb);
}

static void
lodge_sidebar_row_init (LodgeSidebarRow *self)
{
  static const char * const machine_props[] = { "notify::state", "notify::pending", "notify::name",
                                                "notify::title" };
  static const char * const host_props[] = { "notify::state", "notify::error", "notify::retry-at",
                                             "notify::name" };

  gtk_widget_init_template (GTK_WIDGET (self));

  self->machine_signals = g_signal_group_new (LODGE_TYPE_MACHINE);
  for (guint i = 0; i < G_N_ELEMENTS (machine_props); i++)
    g_signal_group_connect_object (self->machine_signals, machine_props[i], G_CALLBACK (update),
                                   self, G_CONNECT_SWAPPED);

  self->host_signals = g_signal_group_new (LODGE_TYPE_HOST);
  for (guint i = 0; i < G_N_ELEMENTS (host_props); i++)
    g_signal_group_connect_object (self->host_signals, host_props[i], G_CALLBACK (update),
                                   self, G_CONNECT_SWAPPED);
}

GtkWidget *
lodge_sidebar_row_new (void)
{
  return g_object_new (LODGE_TYPE_SIDEBAR_ROW, NULL);
}

GObject *
lodge_sidebar_row_get_item (LodgeSidebarRow *self)
{
  g_return_val_if_fail (LODGE_IS_SIDEBAR_ROW (self), NULL);

  return self->item;
}

void
lodge_sidebar_row_set_item (LodgeSidebarRow *self,
                            GObject         *item)
{
  g_return_if_fail (LODGE_IS_SIDEBAR_ROW (self));

  if (!g_set_object (&self->item, item))
    return;

  g_signal_group_set_target (self->machine_signals, LODGE_IS_MACHINE (item) ? item : NULL);
  g_signal_group_set_target (self->host_signals, LODGE_IS_HOST (item) ? item : NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->retry), FALSE);

  if (LODGE_IS_HOST (item))
    {
      gtk_widget_add_css_class (GTK_WIDGET (self), "host");
      gtk_widget_add_css_class (GTK_WIDGET (self->title), "heading");
    }
  else
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self), "host");
      gtk_widget_remove_css_class (GTK_WIDGET (self->title), "heading");
    }

  update (self);
  update_countdown (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ITEM]);
}
