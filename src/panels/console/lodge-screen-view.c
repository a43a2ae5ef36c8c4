/* lodge-screen-view.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-report.h"
#include "lodge-screen-view.h"
#include "lodge-settings.h"
#include "lodge-words.h"

#define ZOOM_STEP 1.25
#define ZOOM_MIN  0.25
#define ZOOM_MAX  4.0

/* Long enough to be read twice. */
#define HINT_SECONDS 5

/**
 * LodgeScreenView:
 *
 * One screen of a guest in a window, with all that a person needs around it.
 */

struct _LodgeScreenView
{
  GtkWidget      parent_instance;

  LodgeConsole  *console;
  LodgeDisplay  *display;
  GtkWidget     *overlay;
  GtkWidget     *scrolled;
  GtkRevealer   *hint;
  GtkLabel      *hint_label;
  guint          hint_timeout;
  LodgeGrab      grabbed;
};

G_DEFINE_FINAL_TYPE (LodgeScreenView, lodge_screen_view, GTK_TYPE_WIDGET)

static gboolean
hint_timeout_cb (gpointer user_data)
{
  LodgeScreenView *self = user_data;

  self->hint_timeout = 0;
  gtk_revealer_set_reveal_child (self->hint, FALSE);

  return G_SOURCE_REMOVE;
}

static void
show_hint (LodgeScreenView *self)
{
  g_autofree char *keys = g_settings_get_string (lodge_settings_get (), "release-keys");
  g_autofree char *words = lodge_words_dup_keys (keys);
  g_autofree char *text = g_strdup_printf (_("Press %s to release the pointer"), words);

  gtk_label_set_text (self->hint_label, text);
  gtk_revealer_set_reveal_child (self->hint, TRUE);
  g_clear_handle_id (&self->hint_timeout, g_source_remove);
  self->hint_timeout = g_timeout_add_seconds (HINT_SECONDS, hint_timeout_cb, self);
}

static void
grabbed_cb (LodgeScreenView *self)
{
  LodgeGrab grabbed = lodge_display_get_grabbed (self->display);

  g_assert (LODGE_IS_SCREEN_VIEW (self));

  if ((grabbed & LODGE_GRAB_POINTER) && !(self->grabbed & LODGE_GRAB_POINTER))
    show_hint (self);
  else if (!(grabbed & LODGE_GRAB_POINTER))
    gtk_revealer_set_reveal_child (self->hint, FALSE);

  self->grabbed = grabbed;
}

/* One to one the picture may be larger than the window; else it fits by itself, and what stands
 * between it and the window would only cost time.
 */
static void
scaling_cb (LodgeScreenView *self)
{
  gboolean native = lodge_display_get_scaling (self->display) == LODGE_SCALING_NATIVE;
  g_autoptr(GtkWidget) display = g_object_ref (GTK_WIDGET (self->display));
  gboolean focused = gtk_widget_is_focus (display);

  g_assert (LODGE_IS_SCREEN_VIEW (self));

  if (native == (self->scrolled != NULL))
    return;

  gtk_overlay_set_child (GTK_OVERLAY (self->overlay), NULL);
  if (self->scrolled != NULL)
    gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), NULL);
  self->scrolled = NULL;

  if (native)
    {
      self->scrolled = gtk_scrolled_window_new ();
      gtk_scrolled_window_set_kinetic_scrolling (GTK_SCROLLED_WINDOW (self->scrolled), FALSE);
      gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), display);
    }

  gtk_overlay_set_child (GTK_OVERLAY (self->overlay), native ? self->scrolled : display);

  /* It was out of the window for a moment. */
  if (focused)
    gtk_widget_grab_focus (display);
}

static void
host_keys_cb (LodgeScreenView *self)
{
  g_auto(GStrv) keys = g_settings_get_strv (lodge_settings_get (), "host-keys");

  g_assert (LODGE_IS_SCREEN_VIEW (self));

  lodge_display_set_host_keys (self->display, (const char * const *)keys);
}

static gboolean
drop_cb (LodgeScreenView *self,
         const GValue    *value)
{
  return lodge_screen_view_send_files (self, g_value_get_boxed (value));
}

static void
zoom_activated (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  LodgeScreenView *self = LODGE_SCREEN_VIEW (widget);
  double zoom = lodge_display_get_zoom (self->display);

  if (g_str_equal (action_name, "screen.zoom-in"))
    zoom *= ZOOM_STEP;
  else if (g_str_equal (action_name, "screen.zoom-out"))
    zoom /= ZOOM_STEP;
  else
    zoom = 1.0;

  /* Steps that meet 1.0 again however they were taken. */
  if (zoom > 0.95 && zoom < 1.05)
    zoom = 1.0;

  lodge_display_set_zoom (self->display, CLAMP (zoom, ZOOM_MIN, ZOOM_MAX));
}

static gboolean
lodge_screen_view_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (LODGE_SCREEN_VIEW (widget)->display));
}

static void
lodge_screen_view_dispose (GObject *object)
{
  LodgeScreenView *self = (LodgeScreenView *)object;

  g_clear_handle_id (&self->hint_timeout, g_source_remove);
  g_clear_object (&self->console);
  if (self->overlay != NULL)
    lodge_display_set_screen (self->display, NULL);
  g_clear_pointer (&self->overlay, gtk_widget_unparent);
  g_clear_object (&self->display);

  G_OBJECT_CLASS (lodge_screen_view_parent_class)->dispose (object);
}

static void
lodge_screen_view_class_init (LodgeScreenViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  static const struct
  {
    guint       key;
    const char *action;
  } keys[] = {
    { GDK_KEY_plus,        "screen.zoom-in" },
    { GDK_KEY_equal,       "screen.zoom-in" },
    { GDK_KEY_KP_Add,      "screen.zoom-in" },
    { GDK_KEY_minus,       "screen.zoom-out" },
    { GDK_KEY_KP_Subtract, "screen.zoom-out" },
    { GDK_KEY_0,           "screen.zoom-reset" },
    { GDK_KEY_KP_0,        "screen.zoom-reset" },
  };

  object_class->dispose = lodge_screen_view_dispose;
  widget_class->grab_focus = lodge_screen_view_grab_focus;

  gtk_widget_class_install_action (widget_class, "screen.zoom-in", NULL, zoom_activated);
  gtk_widget_class_install_action (widget_class, "screen.zoom-out", NULL, zoom_activated);
  gtk_widget_class_install_action (widget_class, "screen.zoom-reset", NULL, zoom_activated);

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, GDK_CONTROL_MASK, keys[i].action, NULL);

  gtk_widget_class_set_css_name (widget_class, "screenview");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
create_hint (LodgeScreenView *self)
{
  self->hint_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->hint_label, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->hint_label), "osd");
  gtk_widget_add_css_class (GTK_WIDGET (self->hint_label), "hint");

  self->hint = GTK_REVEALER (gtk_revealer_new ());
  gtk_revealer_set_transition_type (self->hint, GTK_REVEALER_TRANSITION_TYPE_CROSSFADE);
  gtk_widget_set_halign (GTK_WIDGET (self->hint), GTK_ALIGN_CENTER);
  gtk_widget_set_valign (GTK_WIDGET (self->hint), GTK_ALIGN_START);
  gtk_widget_set_can_target (GTK_WIDGET (self->hint), FALSE);
  gtk_revealer_set_child (self->hint, GTK_WIDGET (self->hint_label));
  gtk_overlay_add_overlay (GTK_OVERLAY (self->overlay), GTK_WIDGET (self->hint));
}

static void
lodge_screen_view_init (LodgeScreenView *self)
{
  GSettings *settings = lodge_settings_get ();
  GtkDropTarget *drop = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  self->display = LODGE_DISPLAY (g_object_ref_sink (lodge_display_new ()));
  self->overlay = gtk_overlay_new ();
  gtk_overlay_set_child (GTK_OVERLAY (self->overlay), GTK_WIDGET (self->display));
  gtk_widget_set_parent (self->overlay, GTK_WIDGET (self));
  create_hint (self);

  g_signal_connect_object (self->display, "notify::scaling", G_CALLBACK (scaling_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->display, "notify::grabbed", G_CALLBACK (grabbed_cb), self, G_CONNECT_SWAPPED);
  g_settings_bind (settings, "scaling", self->display, "scaling", G_SETTINGS_BIND_GET);
  g_settings_bind (settings, "resize-guest", self->display, "resize-guest", G_SETTINGS_BIND_GET);
  g_settings_bind (settings, "release-keys", self->display, "release-keys", G_SETTINGS_BIND_GET);
  g_signal_connect_object (settings, "changed::host-keys", G_CALLBACK (host_keys_cb), self, G_CONNECT_SWAPPED);
  host_keys_cb (self);

  g_signal_connect_swapped (drop, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
}

GtkWidget *
lodge_screen_view_new (void)
{
  return g_object_new (LODGE_TYPE_SCREEN_VIEW, NULL);
}

LodgeDisplay *
lodge_screen_view_get_display (LodgeScreenView *self)
{
  g_return_val_if_fail (LODGE_IS_SCREEN_VIEW (self), NULL);

  return self->display;
}

/**
 * lodge_screen_view_set_console:
 * @console: (nullable): where dropped files go
 */
void
lodge_screen_view_set_console (LodgeScreenView *self,
                               LodgeConsole    *console)
{
  g_autofree char *title = NULL;

  g_return_if_fail (LODGE_IS_SCREEN_VIEW (self));

  if (!g_set_object (&self->console, console) || console == NULL)
    return;

  title = lodge_words_dup_machine_title (lodge_console_get_machine (console));
  lodge_display_set_label (self->display, title);
}

void
lodge_screen_view_set_screen (LodgeScreenView *self,
                              LodgeScreen     *screen)
{
  g_return_if_fail (LODGE_IS_SCREEN_VIEW (self));

  lodge_display_set_screen (self->display, screen);
}

/**
 * lodge_screen_view_send_files:
 * @files: files of this computer
 *
 * Sends files to the guest, which puts them where its agent puts downloads. Says so if it cannot.
 *
 * Returns: whether they are on the way
 */
gboolean
lodge_screen_view_send_files (LodgeScreenView *self,
                              GdkFileList     *files)
{
  LodgeDisplaySession *session;
  g_autoptr(GSList) list = NULL;
  g_autoptr(GListStore) store = NULL;

  g_return_val_if_fail (LODGE_IS_SCREEN_VIEW (self), FALSE);

  if (self->console == NULL)
    return FALSE;

  session = lodge_console_get_session (self->console);

  if (!lodge_display_session_get_can_send_files (session))
    {
      lodge_report_text (GTK_WIDGET (self),
                         _("The guest cannot take files: it needs the SPICE agent (spice-vdagent)."));
      return FALSE;
    }

  store = g_list_store_new (G_TYPE_FILE);
  list = gdk_file_list_get_files (files);

  for (GSList *l = list; l != NULL; l = l->next)
    g_list_store_append (store, l->data);

  lodge_display_session_send_files (session, G_LIST_MODEL (store));

  return TRUE;
}
