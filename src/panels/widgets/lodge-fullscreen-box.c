/* lodge-fullscreen-box.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-fullscreen-box.h"

/* Distances in widget units: where the header comes down, and how far below it the pointer must be
 * for it to go.
 */
#define EDGE   2
#define LEEWAY 24

/**
 * LodgeFullscreenBox:
 *
 * A header that gets out of the way in fullscreen.
 */

struct _LodgeFullscreenBox
{
  GtkWidget    parent_instance;

  GtkWidget   *header;
  GtkWidget   *content;
  GtkWidget   *overlay;
  GtkWidget   *box;
  AdwBin      *header_slot;
  AdwBin      *content_slot;
  AdwBin      *fullscreen_slot;
  GtkRevealer *revealer;
  /* Not owned: the window whose focus is followed */
  GtkWidget   *window;
  guint        fullscreened : 1;
  guint        header_used : 1;
};

enum {
  PROP_0,
  PROP_CONTENT,
  PROP_FULLSCREENED,
  PROP_HEADER,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LodgeFullscreenBox, lodge_fullscreen_box, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

/* The window is asked: a header that was moved while a button in it had the focus keeps that as its
 * focus child, and its focus controllers never hear that the focus left (GTK 4.8).
 */
static gboolean
header_is_used (LodgeFullscreenBox *self)
{
  GtkWidget *focus = self->window != NULL ? gtk_root_get_focus (GTK_ROOT (self->window)) : NULL;

  return focus != NULL && self->header != NULL && gtk_widget_is_ancestor (focus, self->header);
}

static void
motion_cb (LodgeFullscreenBox *self,
           double              x,
           double              y)
{
  g_assert (LODGE_IS_FULLSCREEN_BOX (self));

  if (!self->fullscreened)
    return;

  if (y <= EDGE)
    gtk_revealer_set_reveal_child (self->revealer, TRUE);
  else if (y > gtk_widget_get_height (GTK_WIDGET (self->fullscreen_slot)) + LEEWAY && !self->header_used)
    gtk_revealer_set_reveal_child (self->revealer, FALSE);
}

/* Comes down for the keyboard, and goes when the focus leaves it. */
static void
focus_cb (LodgeFullscreenBox *self)
{
  gboolean used = header_is_used (self);

  g_assert (LODGE_IS_FULLSCREEN_BOX (self));

  if (used == self->header_used)
    return;

  self->header_used = used;

  if (self->fullscreened)
    gtk_revealer_set_reveal_child (self->revealer, used);
}

static void
set_header (LodgeFullscreenBox *self,
            GtkWidget          *header)
{
  if (g_set_object (&self->header, header))
    adw_bin_set_child (self->fullscreened ? self->fullscreen_slot : self->header_slot, header);
}

static void
set_content (LodgeFullscreenBox *self,
             GtkWidget          *content)
{
  if (g_set_object (&self->content, content))
    adw_bin_set_child (self->content_slot, content);
}

static void
lodge_fullscreen_box_root (GtkWidget *widget)
{
  LodgeFullscreenBox *self = LODGE_FULLSCREEN_BOX (widget);

  GTK_WIDGET_CLASS (lodge_fullscreen_box_parent_class)->root (widget);

  self->window = GTK_WIDGET (gtk_widget_get_root (widget));
  g_signal_connect_object (self->window, "notify::focus-widget", G_CALLBACK (focus_cb), self, G_CONNECT_SWAPPED);
}

static void
lodge_fullscreen_box_unroot (GtkWidget *widget)
{
  LodgeFullscreenBox *self = LODGE_FULLSCREEN_BOX (widget);

  g_signal_handlers_disconnect_by_func (self->window, focus_cb, self);
  self->window = NULL;

  GTK_WIDGET_CLASS (lodge_fullscreen_box_parent_class)->unroot (widget);
}

static void
lodge_fullscreen_box_dispose (GObject *object)
{
  LodgeFullscreenBox *self = (LodgeFullscreenBox *)object;

  g_clear_object (&self->header);
  g_clear_object (&self->content);
  g_clear_pointer (&self->overlay, gtk_widget_unparent);

  G_OBJECT_CLASS (lodge_fullscreen_box_parent_class)->dispose (object);
}

static void
lodge_fullscreen_box_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  LodgeFullscreenBox *self = LODGE_FULLSCREEN_BOX (object);

  switch (prop_id)
    {
    case PROP_CONTENT:
      g_value_set_object (value, self->content);
      break;

    case PROP_FULLSCREENED:
      g_value_set_boolean (value, self->fullscreened);
      break;

    case PROP_HEADER:
      g_value_set_object (value, self->header);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_fullscreen_box_set_property (GObject      *object,
                                   guint         prop_id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  LodgeFullscreenBox *self = LODGE_FULLSCREEN_BOX (object);

  switch (prop_id)
    {
    case PROP_CONTENT:
      set_content (self, g_value_get_object (value));
      break;

    case PROP_FULLSCREENED:
      lodge_fullscreen_box_set_fullscreened (self, g_value_get_boolean (value));
      break;

    case PROP_HEADER:
      set_header (self, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_fullscreen_box_class_init (LodgeFullscreenBoxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lodge_fullscreen_box_dispose;
  object_class->get_property = lodge_fullscreen_box_get_property;
  object_class->set_property = lodge_fullscreen_box_set_property;
  widget_class->root = lodge_fullscreen_box_root;
  widget_class->unroot = lodge_fullscreen_box_unroot;

  properties[PROP_CONTENT] =
    g_param_spec_object ("content", NULL, NULL,
                         GTK_TYPE_WIDGET,
                         (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  properties[PROP_FULLSCREENED] =
    g_param_spec_boolean ("fullscreened", NULL, NULL,
                          FALSE,
                          (G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));

  properties[PROP_HEADER] =
    g_param_spec_object ("header", NULL, NULL,
                         GTK_TYPE_WIDGET,
                         (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
lodge_fullscreen_box_init (LodgeFullscreenBox *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();

  self->header_slot = ADW_BIN (adw_bin_new ());
  self->content_slot = ADW_BIN (adw_bin_new ());
  self->fullscreen_slot = ADW_BIN (adw_bin_new ());
  gtk_widget_set_vexpand (GTK_WIDGET (self->content_slot), TRUE);

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->header_slot));
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->content_slot));

  self->revealer = GTK_REVEALER (gtk_revealer_new ());
  gtk_widget_set_valign (GTK_WIDGET (self->revealer), GTK_ALIGN_START);
  gtk_widget_set_visible (GTK_WIDGET (self->revealer), FALSE);
  gtk_revealer_set_child (self->revealer, GTK_WIDGET (self->fullscreen_slot));

  self->overlay = gtk_overlay_new ();
  gtk_overlay_set_child (GTK_OVERLAY (self->overlay), self->box);
  gtk_overlay_add_overlay (GTK_OVERLAY (self->overlay), GTK_WIDGET (self->revealer));
  gtk_widget_set_parent (self->overlay, GTK_WIDGET (self));

  gtk_event_controller_set_propagation_phase (motion, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  gtk_widget_add_controller (self->overlay, motion);
}

gboolean
lodge_fullscreen_box_get_fullscreened (LodgeFullscreenBox *self)
{
  g_return_val_if_fail (LODGE_IS_FULLSCREEN_BOX (self), FALSE);

  return self->fullscreened;
}

void
lodge_fullscreen_box_set_fullscreened (LodgeFullscreenBox *self,
                                       gboolean            fullscreened)
{
  g_return_if_fail (LODGE_IS_FULLSCREEN_BOX (self));

  if (self->fullscreened == !!fullscreened)
    return;

  self->fullscreened = !!fullscreened;
  adw_bin_set_child (fullscreened ? self->header_slot : self->fullscreen_slot, NULL);
  adw_bin_set_child (fullscreened ? self->fullscreen_slot : self->header_slot, self->header);
  gtk_widget_set_visible (GTK_WIDGET (self->revealer), fullscreened);
  gtk_revealer_set_reveal_child (self->revealer, FALSE);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FULLSCREENED]);
}

/**
 * lodge_fullscreen_box_get_revealed:
 *
 * Returns: whether the header can be seen
 */
gboolean
lodge_fullscreen_box_get_revealed (LodgeFullscreenBox *self)
{
  g_return_val_if_fail (LODGE_IS_FULLSCREEN_BOX (self), FALSE);

  return !self->fullscreened || gtk_revealer_get_reveal_child (self->revealer);
}
