/* lodge-display.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <math.h>

#include "lodge-display-cursor-private.h"
#include "lodge-display-enums.h"
#include "lodge-display-input-private.h"
#include "lodge-display-picture-private.h"
#include "lodge-display-resizer-private.h"

/**
 * LodgeDisplay:
 *
 * The widget that shows one screen and takes its input.
 *
 * It paints only what the guest changed, and does nothing at all while nothing changes: no tick
 * callback, no timer. Several widgets may show one screen; each keeps its own nodes.
 *
 * What it does is split by aspect: what it shows is LodgeDisplayPicture's, the pointer's shape
 * LodgeDisplayCursor's, what the guest is asked for LodgeDisplayResizer's, keys and buttons
 * LodgeDisplayInput's.
 */

struct _LodgeDisplay
{
  GtkWidget             parent_instance;

  LodgeDisplayCursor   *cursor;
  LodgeDisplayInput    *input;
  LodgeDisplayPicture  *picture;
  LodgeDisplayResizer  *resizer;

  LodgeScreen          *screen;
  GSignalGroup         *screen_signals;
  gulong                surface_scale_id;

  char                 *label;
  char                 *release_keys;
  double                zoom;
  LodgeGrab             grabbed;
  LodgeScaling          scaling;
  guint                 dimmed : 1;
  guint                 grab_keyboard : 1;
  guint                 grab_pointer : 1;
  guint                 resize_guest : 1;
  guint                 view_only : 1;
};

enum {
  PROP_0,
  PROP_DIMMED,
  PROP_GRAB_KEYBOARD,
  PROP_GRAB_POINTER,
  PROP_GRABBED,
  PROP_LABEL,
  PROP_RELEASE_KEYS,
  PROP_RESIZE_GUEST,
  PROP_SCALING,
  PROP_SCREEN,
  PROP_VIEW_ONLY,
  PROP_ZOOM,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LodgeDisplay, lodge_display, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

double
_lodge_display_get_device_scale (LodgeDisplay *self)
{
#if GTK_CHECK_VERSION (4, 12, 0)
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  GdkSurface *surface = native != NULL ? gtk_native_get_surface (native) : NULL;

  if (surface != NULL)
    return gdk_surface_get_scale (surface);
#endif

  return gtk_widget_get_scale_factor (GTK_WIDGET (self));
}

gboolean
_lodge_display_pixel_at (LodgeDisplay *self,
                         double        x,
                         double        y,
                         int          *guest_x,
                         int          *guest_y)
{
  LodgePlacement placement;
  GdkRectangle area;

  g_assert (LODGE_IS_DISPLAY (self));

  _lodge_display_picture_get_placement (self->picture, &area, &placement);

  return _lodge_placement_find_pixel (&placement, area.width, area.height, x, y, guest_x, guest_y);
}

double
_lodge_display_get_scale (LodgeDisplay *self)
{
  LodgePlacement placement;
  GdkRectangle area;

  g_assert (LODGE_IS_DISPLAY (self));

  if (!_lodge_display_picture_get_placement (self->picture, &area, &placement))
    return 1.0;

  return area.width / placement.width;
}

double
_lodge_display_get_factor (LodgeDisplay *self)
{
  LodgePlacement placement;
  GdkRectangle area;

  return _lodge_display_picture_get_placement (self->picture, &area, &placement) ? placement.factor : 1.0;
}

guint
_lodge_display_get_n_nodes (LodgeDisplay *self)
{
  g_assert (LODGE_IS_DISPLAY (self));

  return _lodge_painter_get_n_made (_lodge_display_picture_get_painter (self->picture));
}

guint
_lodge_display_get_n_direct (LodgeDisplay *self)
{
  g_assert (LODGE_IS_DISPLAY (self));

  return _lodge_display_picture_get_n_direct (self->picture);
}

void
_lodge_display_set_grabbed (LodgeDisplay *self,
                            LodgeGrab     grabbed)
{
  g_assert (LODGE_IS_DISPLAY (self));

  if (self->grabbed == grabbed)
    return;

  self->grabbed = grabbed;
  _lodge_display_cursor_update (self->cursor);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GRABBED]);
}

void
_lodge_display_picture_moved (LodgeDisplay *self)
{
  if (self->input == NULL)
    return;

  /* What the guest was asked for must not come back as a size request, or the two chase each
   * other.
   */
  if (self->scaling == LODGE_SCALING_NATIVE || !self->resize_guest)
    gtk_widget_queue_resize (GTK_WIDGET (self));

  gtk_widget_queue_draw (GTK_WIDGET (self));
  _lodge_display_cursor_update (self->cursor);
}

static void
notify_picture_cb (LodgeScreen  *screen,
                   GParamSpec   *pspec,
                   LodgeDisplay *self)
{
  _lodge_display_picture_set_screen (self->picture, screen);
}

static void
notify_area_cb (LodgeScreen  *screen,
                GParamSpec   *pspec,
                LodgeDisplay *self)
{
  _lodge_display_picture_moved (self);
}

/* In server mouse mode the guest's cursor is part of the picture. */
static void
notify_cursor_cb (LodgeScreen  *screen,
                  GParamSpec   *pspec,
                  LodgeDisplay *self)
{
  _lodge_display_cursor_update (self->cursor);

  if (lodge_screen_get_mouse_mode (screen) == LODGE_MOUSE_MODE_SERVER ||
      g_str_equal (pspec->name, "mouse-mode"))
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
notify_input_cb (LodgeScreen  *screen,
                 GParamSpec   *pspec,
                 LodgeDisplay *self)
{
  lodge_display_input_update (self->input);
  _lodge_display_cursor_update (self->cursor);
}

static void
notify_can_resize_cb (LodgeScreen  *screen,
                      GParamSpec   *pspec,
                      LodgeDisplay *self)
{
  _lodge_display_resizer_start_over (self->resizer);
}

static void
scale_changed_cb (LodgeDisplay *self)
{
  if (self->input == NULL)
    return;

  _lodge_display_picture_moved (self);
  _lodge_display_resizer_queue (self->resizer);
}

static void
lodge_display_connect_groups (LodgeDisplay *self)
{
  static const struct { const char *signal; GCallback callback; } screen_signals[] = {
    { "notify::area", G_CALLBACK (notify_area_cb) },
    { "notify::can-resize", G_CALLBACK (notify_can_resize_cb) },
    { "notify::cursor", G_CALLBACK (notify_cursor_cb) },
    { "notify::cursor-visible", G_CALLBACK (notify_cursor_cb) },
    { "notify::cursor-x", G_CALLBACK (notify_cursor_cb) },
    { "notify::cursor-y", G_CALLBACK (notify_cursor_cb) },
    { "notify::framebuffer", G_CALLBACK (notify_picture_cb) },
    { "notify::mouse-mode", G_CALLBACK (notify_cursor_cb) },
    { "notify::read-only", G_CALLBACK (notify_input_cb) },
    { "notify::scanout", G_CALLBACK (notify_picture_cb) },
  };

  self->screen_signals = g_signal_group_new (LODGE_TYPE_SCREEN);
  for (guint i = 0; i < G_N_ELEMENTS (screen_signals); i++)
    g_signal_group_connect_object (self->screen_signals, screen_signals[i].signal,
                                   screen_signals[i].callback, self, 0);
}

static void
lodge_display_snapshot (GtkWidget   *widget,
                        GtkSnapshot *snapshot)
{
  LodgeDisplay *self = LODGE_DISPLAY (widget);

  if (self->picture != NULL)
    _lodge_display_picture_snapshot (self->picture, snapshot);
}

static void
lodge_display_measure (GtkWidget      *widget,
                       GtkOrientation  orientation,
                       int             for_size,
                       int            *minimum,
                       int            *natural,
                       int            *minimum_baseline,
                       int            *natural_baseline)
{
  LodgeDisplay *self = LODGE_DISPLAY (widget);
  GdkRectangle area;
  int pixels;

  *minimum = *natural = 1;
  *minimum_baseline = *natural_baseline = -1;

  if (self->picture == NULL || !_lodge_display_picture_get_area (self->picture, &area))
    return;

  pixels = orientation == GTK_ORIENTATION_HORIZONTAL ? area.width : area.height;

  if (self->scaling == LODGE_SCALING_NATIVE)
    *minimum = *natural = ceil (pixels * self->zoom / _lodge_display_get_device_scale (self));
  else if (!self->resize_guest)
    *natural = ceil (pixels / _lodge_display_get_device_scale (self));
}

static void
lodge_display_size_allocate (GtkWidget *widget,
                             int        width,
                             int        height,
                             int        baseline)
{
  LodgeDisplay *self = LODGE_DISPLAY (widget);

  if (self->input == NULL)
    return;

  _lodge_display_resizer_queue (self->resizer);
  _lodge_display_cursor_update (self->cursor);
}

static void
lodge_display_realize (GtkWidget *widget)
{
  LodgeDisplay *self = LODGE_DISPLAY (widget);

  GTK_WIDGET_CLASS (lodge_display_parent_class)->realize (widget);

  if (self->picture == NULL)
    return;

  _lodge_display_picture_set_clock (self->picture, gtk_widget_get_frame_clock (widget));
#if GTK_CHECK_VERSION (4, 12, 0)
  self->surface_scale_id =
    g_signal_connect_object (gtk_native_get_surface (gtk_widget_get_native (widget)),
                             "notify::scale", G_CALLBACK (scale_changed_cb), self,
                             G_CONNECT_SWAPPED);
#endif
}

static void
lodge_display_unrealize (GtkWidget *widget)
{
  LodgeDisplay *self = LODGE_DISPLAY (widget);

  if (self->picture != NULL)
    _lodge_display_picture_set_clock (self->picture, NULL);

  g_clear_signal_handler (&self->surface_scale_id,
                          gtk_native_get_surface (gtk_widget_get_native (widget)));

  GTK_WIDGET_CLASS (lodge_display_parent_class)->unrealize (widget);
}

static void
lodge_display_map (GtkWidget *widget)
{
  LodgeDisplay *self = LODGE_DISPLAY (widget);

  GTK_WIDGET_CLASS (lodge_display_parent_class)->map (widget);

  if (self->resizer != NULL)
    _lodge_display_resizer_queue (self->resizer);
}

static void
lodge_display_unmap (GtkWidget *widget)
{
  LodgeDisplay *self = LODGE_DISPLAY (widget);

  if (self->picture != NULL)
    _lodge_display_picture_unmap (self->picture);

  GTK_WIDGET_CLASS (lodge_display_parent_class)->unmap (widget);
}

static void
lodge_display_dispose (GObject *object)
{
  LodgeDisplay *self = (LodgeDisplay *)object;

  if (self->input != NULL)
    {
      lodge_display_set_screen (self, NULL);
      lodge_display_input_shut_down (self->input);
    }

  g_clear_object (&self->input);
  g_clear_object (&self->screen_signals);
  g_clear_pointer (&self->cursor, _lodge_display_cursor_free);
  g_clear_pointer (&self->resizer, _lodge_display_resizer_free);
  g_clear_pointer (&self->picture, _lodge_display_picture_free);

  G_OBJECT_CLASS (lodge_display_parent_class)->dispose (object);
}

static void
lodge_display_finalize (GObject *object)
{
  LodgeDisplay *self = (LodgeDisplay *)object;

  g_clear_pointer (&self->label, g_free);
  g_clear_pointer (&self->release_keys, g_free);

  G_OBJECT_CLASS (lodge_display_parent_class)->finalize (object);
}

static void
lodge_display_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  LodgeDisplay *self = LODGE_DISPLAY (object);

  switch (prop_id)
    {
    case PROP_DIMMED:
      g_value_set_boolean (value, self->dimmed);
      break;

    case PROP_GRAB_KEYBOARD:
      g_value_set_boolean (value, self->grab_keyboard);
      break;

    case PROP_GRAB_POINTER:
      g_value_set_boolean (value, self->grab_pointer);
      break;

    case PROP_GRABBED:
      g_value_set_flags (value, self->grabbed);
      break;

    case PROP_LABEL:
      g_value_set_string (value, self->label);
      break;

    case PROP_RELEASE_KEYS:
      g_value_set_string (value, self->release_keys);
      break;

    case PROP_RESIZE_GUEST:
      g_value_set_boolean (value, self->resize_guest);
      break;

    case PROP_SCALING:
      g_value_set_enum (value, self->scaling);
      break;

    case PROP_SCREEN:
      g_value_set_object (value, self->screen);
      break;

    case PROP_VIEW_ONLY:
      g_value_set_boolean (value, self->view_only);
      break;

    case PROP_ZOOM:
      g_value_set_double (value, self->zoom);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_display_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  LodgeDisplay *self = LODGE_DISPLAY (object);

  switch (prop_id)
    {
    case PROP_DIMMED:
      lodge_display_set_dimmed (self, g_value_get_boolean (value));
      break;

    case PROP_GRAB_KEYBOARD:
      lodge_display_set_grab_keyboard (self, g_value_get_boolean (value));
      break;

    case PROP_GRAB_POINTER:
      lodge_display_set_grab_pointer (self, g_value_get_boolean (value));
      break;

    case PROP_LABEL:
      lodge_display_set_label (self, g_value_get_string (value));
      break;

    case PROP_RELEASE_KEYS:
      lodge_display_set_release_keys (self, g_value_get_string (value));
      break;

    case PROP_RESIZE_GUEST:
      lodge_display_set_resize_guest (self, g_value_get_boolean (value));
      break;

    case PROP_SCALING:
      lodge_display_set_scaling (self, g_value_get_enum (value));
      break;

    case PROP_SCREEN:
      lodge_display_set_screen (self, g_value_get_object (value));
      break;

    case PROP_VIEW_ONLY:
      lodge_display_set_view_only (self, g_value_get_boolean (value));
      break;

    case PROP_ZOOM:
      lodge_display_set_zoom (self, g_value_get_double (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_display_install_properties (GObjectClass *object_class)
{
  const GParamFlags flags =
    G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  properties[PROP_DIMMED] =
    g_param_spec_boolean ("dimmed", NULL, NULL, FALSE, flags);

  properties[PROP_GRAB_KEYBOARD] =
    g_param_spec_boolean ("grab-keyboard", NULL, NULL, TRUE, flags);

  properties[PROP_GRAB_POINTER] =
    g_param_spec_boolean ("grab-pointer", NULL, NULL, TRUE, flags);

  properties[PROP_GRABBED] =
    g_param_spec_flags ("grabbed", NULL, NULL, LODGE_TYPE_GRAB, LODGE_GRAB_NONE,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  properties[PROP_LABEL] =
    g_param_spec_string ("label", NULL, NULL, NULL, flags);

  properties[PROP_RELEASE_KEYS] =
    g_param_spec_string ("release-keys", NULL, NULL, "Control_L+Alt_L", flags);

  properties[PROP_RESIZE_GUEST] =
    g_param_spec_boolean ("resize-guest", NULL, NULL, FALSE, flags);

  properties[PROP_SCALING] =
    g_param_spec_enum ("scaling", NULL, NULL, LODGE_TYPE_SCALING, LODGE_SCALING_FIT, flags);

  properties[PROP_SCREEN] =
    g_param_spec_object ("screen", NULL, NULL, LODGE_TYPE_SCREEN, flags);

  properties[PROP_VIEW_ONLY] =
    g_param_spec_boolean ("view-only", NULL, NULL, FALSE, flags);

  properties[PROP_ZOOM] =
    g_param_spec_double ("zoom", NULL, NULL, 0.1, 10.0, 1.0, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
lodge_display_class_init (LodgeDisplayClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lodge_display_dispose;
  object_class->finalize = lodge_display_finalize;
  object_class->get_property = lodge_display_get_property;
  object_class->set_property = lodge_display_set_property;

  widget_class->map = lodge_display_map;
  widget_class->measure = lodge_display_measure;
  widget_class->realize = lodge_display_realize;
  widget_class->size_allocate = lodge_display_size_allocate;
  widget_class->snapshot = lodge_display_snapshot;
  widget_class->unmap = lodge_display_unmap;
  widget_class->unrealize = lodge_display_unrealize;

  lodge_display_install_properties (object_class);

  gtk_widget_class_set_css_name (widget_class, "display");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
lodge_display_init (LodgeDisplay *self)
{
  self->grab_keyboard = TRUE;
  self->grab_pointer = TRUE;
  self->release_keys = g_strdup ("Control_L+Alt_L");
  self->zoom = 1.0;

  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);

  self->picture = _lodge_display_picture_new (self);
  self->cursor = _lodge_display_cursor_new (self);
  self->resizer = _lodge_display_resizer_new (self);
  self->input = lodge_display_input_new (self);

  lodge_display_connect_groups (self);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (scale_changed_cb), NULL);
}

GtkWidget *
lodge_display_new (void)
{
  return g_object_new (LODGE_TYPE_DISPLAY, NULL);
}

LodgeScreen *
lodge_display_get_screen (LodgeDisplay *self)
{
  g_return_val_if_fail (LODGE_IS_DISPLAY (self), NULL);

  return self->screen;
}

/**
 * lodge_display_set_screen:
 * @self: a display
 * @screen: (nullable): what to show
 */
void
lodge_display_set_screen (LodgeDisplay *self,
                          LodgeScreen  *screen)
{
  g_return_if_fail (LODGE_IS_DISPLAY (self));
  g_return_if_fail (screen == NULL || LODGE_IS_SCREEN (screen));

  if (self->screen == screen)
    return;

  g_signal_group_set_target (self->screen_signals, screen);

  /* The input still talks to the old screen while it lets go of its keys. */
  g_autoptr(LodgeScreen) old = g_steal_pointer (&self->screen);

  g_set_object (&self->screen, screen);
  lodge_display_input_update (self->input);
  _lodge_display_picture_set_screen (self->picture, screen);
  _lodge_display_resizer_start_over (self->resizer);
  _lodge_display_picture_moved (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SCREEN]);
}

LodgeScaling
lodge_display_get_scaling (LodgeDisplay *self)
{
  g_return_val_if_fail (LODGE_IS_DISPLAY (self), LODGE_SCALING_FIT);

  return self->scaling;
}

void
lodge_display_set_scaling (LodgeDisplay *self,
                           LodgeScaling  scaling)
{
  g_return_if_fail (LODGE_IS_DISPLAY (self));

  if (self->scaling == scaling)
    return;

  self->scaling = scaling;
  gtk_widget_queue_resize (GTK_WIDGET (self));
  _lodge_display_picture_moved (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SCALING]);
}

double
lodge_display_get_zoom (LodgeDisplay *self)
{
  g_return_val_if_fail (LODGE_IS_DISPLAY (self), 1.0);

  return self->zoom;
}

/**
 * lodge_display_set_zoom:
 * @self: a display
 * @zoom: from 0.1 to 10; what is beyond is taken as the nearest
 */
void
lodge_display_set_zoom (LodgeDisplay *self,
                        double        zoom)
{
  g_return_if_fail (LODGE_IS_DISPLAY (self));

  zoom = CLAMP (zoom, 0.1, 10.0);
  if (self->zoom == zoom)
    return;

  self->zoom = zoom;
  _lodge_display_picture_moved (self);
  _lodge_display_resizer_queue (self->resizer);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ZOOM]);
}

gboolean
lodge_display_get_resize_guest (LodgeDisplay *self)
{
  g_return_val_if_fail (LODGE_IS_DISPLAY (self), FALSE);

  return self->resize_guest;
}

void
lodge_display_set_resize_guest (LodgeDisplay *self,
                                gboolean      resize_guest)
{
  g_return_if_fail (LODGE_IS_DISPLAY (self));

  if (self->resize_guest == !!resize_guest)
    return;

  self->resize_guest = !!resize_guest;
  _lodge_display_resizer_start_over (self->resizer);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RESIZE_GUEST]);
}

gboolean
lodge_display_get_dimmed (LodgeDisplay *self)
{
  g_return_val_if_fail (LODGE_IS_DISPLAY (self), FALSE);

  return self->dimmed;
}

void
lodge_display_set_dimmed (LodgeDisplay *self,
                          gboolean      dimmed)
{
  g_return_if_fail (LODGE_IS_DISPLAY (self));

  if (self->dimmed == !!dimmed)
    return;

  self->dimmed = !!dimmed;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DIMMED]);
}

/**
 * lodge_display_get_label:
 * @self: a display
 *
 * Returns: (transfer none) (nullable): what a screen reader says of the display
 */
const char *
lodge_display_get_label (LodgeDisplay *self)
{
  g_return_val_if_fail (LODGE_IS_DISPLAY (self), NULL);

  return self->label;
}

void
lodge_display_set_label (LodgeDisplay *self,
                         const char   *label)
{
  g_return_if_fail (LODGE_IS_DISPLAY (self));

  if (g_strcmp0 (self->label, label) == 0)
    return;

  g_free (self->label);
  self->label = g_strdup (label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label ? label : "", -1);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LABEL]);
}

gboolean
lodge_display_get_grab_keyboard (LodgeDisplay *self)
{
  g_return_val_if_fail (LODGE_IS_DISPLAY (self), FALSE);

  return self->grab_keyboard;
}

void
lodge_display_set_grab_keyboard (LodgeDisplay *self,
                                 gboolean      allowed)
{
  g_return_if_fail (LODGE_IS_DISPLAY (self));

  if (self->grab_keyboard == !!allowed)
    return;

  self->grab_keyboard = !!allowed;
  lodge_display_input_set_grab_keyboard (self->input, self->grab_keyboard);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GRAB_KEYBOARD]);
}

gboolean
lodge_display_get_grab_pointer (LodgeDisplay *self)
{
  g_return_val_if_fail (LODGE_IS_DISPLAY (self), FALSE);

  return self->grab_pointer;
}

void
lodge_display_set_grab_pointer (LodgeDisplay *self,
                                gboolean      allowed)
{
  g_return_if_fail (LODGE_IS_DISPLAY (self));

  if (self->grab_pointer == !!allowed)
    return;

  self->grab_pointer = !!allowed;
  lodge_display_input_set_grab_pointer (self->input, self->grab_pointer);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GRAB_POINTER]);
}

LodgeGrab
lodge_display_get_grabbed (LodgeDisplay *self)
{
  g_return_val_if_fail (LODGE_IS_DISPLAY (self), LODGE_GRAB_NONE);

  return self->grabbed;
}

void
lodge_display_ungrab (LodgeDisplay *self)
{
  g_return_if_fail (LODGE_IS_DISPLAY (self));

  lodge_display_input_ungrab (self->input);
}

const char *
lodge_display_get_release_keys (LodgeDisplay *self)
{
  g_return_val_if_fail (LODGE_IS_DISPLAY (self), NULL);

  return self->release_keys;
}

void
lodge_display_set_release_keys (LodgeDisplay *self,
                                const char   *keys)
{
  g_return_if_fail (LODGE_IS_DISPLAY (self));

  if (g_strcmp0 (self->release_keys, keys) == 0)
    return;

  g_free (self->release_keys);
  self->release_keys = g_strdup (keys);
  lodge_display_input_set_release_keys (self->input, keys);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RELEASE_KEYS]);
}

void
lodge_display_set_host_keys (LodgeDisplay       *self,
                             const char * const *accelerators)
{
  g_return_if_fail (LODGE_IS_DISPLAY (self));

  lodge_display_input_set_host_keys (self->input, accelerators);
}

gboolean
lodge_display_get_view_only (LodgeDisplay *self)
{
  g_return_val_if_fail (LODGE_IS_DISPLAY (self), FALSE);

  return self->view_only;
}

void
lodge_display_set_view_only (LodgeDisplay *self,
                             gboolean      view_only)
{
  g_return_if_fail (LODGE_IS_DISPLAY (self));

  if (self->view_only == !!view_only)
    return;

  self->view_only = !!view_only;
  gtk_widget_set_focusable (GTK_WIDGET (self), !view_only);
  lodge_display_input_update (self->input);
  _lodge_display_cursor_update (self->cursor);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VIEW_ONLY]);
}

void
lodge_display_send_keys (LodgeDisplay       *self,
                         const char * const *names)
{
  g_return_if_fail (LODGE_IS_DISPLAY (self));

  lodge_display_input_send_keys (self->input, names);
}

void
lodge_display_type_text_async (LodgeDisplay        *self,
                               const char          *text,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_return_if_fail (LODGE_IS_DISPLAY (self));

  lodge_display_input_type_text_async (self->input, text, cancellable, callback, user_data);
}

gboolean
lodge_display_type_text_finish (LodgeDisplay  *self,
                                GAsyncResult  *result,
                                guint         *n_skipped,
                                GError       **error)
{
  g_return_val_if_fail (LODGE_IS_DISPLAY (self), FALSE);

  return lodge_display_input_type_text_finish (self->input, result, n_skipped, error);
}
