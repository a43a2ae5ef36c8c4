/* lodge-screen.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-display-enums.h"
#include "lodge-framebuffer.h"
#include "lodge-scanout.h"
#include "lodge-screen-private.h"

/**
 * LodgeScreen:
 *
 * One head of a guest: what it shows and what it takes.
 *
 * The display widget knows this class alone, so that another protocol than SPICE needs a subclass
 * and no widget.
 */

typedef struct
{
  GdkTexture       *cursor;
  LodgeFramebuffer *framebuffer;
  LodgeScanout     *scanout;
  GdkRectangle      area;
  int               cursor_hotspot_x;
  int               cursor_hotspot_y;
  int               cursor_x;
  int               cursor_y;
  int               id;
  guint             key_press_delay;
  LodgeLockKeys     lock_keys;
  LodgeMouseMode    mouse_mode;
  guint             can_resize : 1;
  guint             cursor_visible : 1;
  guint             read_only : 1;
  guint             ready : 1;
} LodgeScreenPrivate;

enum {
  PROP_0,
  PROP_AREA,
  PROP_CAN_RESIZE,
  PROP_CURSOR,
  PROP_CURSOR_HOTSPOT_X,
  PROP_CURSOR_HOTSPOT_Y,
  PROP_CURSOR_VISIBLE,
  PROP_CURSOR_X,
  PROP_CURSOR_Y,
  PROP_FRAMEBUFFER,
  PROP_ID,
  PROP_KEY_PRESS_DELAY,
  PROP_LOCK_KEYS,
  PROP_MOUSE_MODE,
  PROP_READ_ONLY,
  PROP_READY,
  PROP_SCANOUT,
  N_PROPS
};

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (LodgeScreen, lodge_screen, G_TYPE_OBJECT)

enum {
  SIGNAL_INPUTS_OPENED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
lodge_screen_dispose (GObject *object)
{
  LodgeScreen *self = (LodgeScreen *)object;
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  g_clear_object (&priv->cursor);
  g_clear_object (&priv->framebuffer);
  g_clear_object (&priv->scanout);

  G_OBJECT_CLASS (lodge_screen_parent_class)->dispose (object);
}

static void
lodge_screen_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  LodgeScreen *self = LODGE_SCREEN (object);
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  switch (prop_id)
    {
    case PROP_AREA:
      g_value_set_boxed (value, &priv->area);
      break;

    case PROP_CAN_RESIZE:
      g_value_set_boolean (value, priv->can_resize);
      break;

    case PROP_CURSOR:
      g_value_set_object (value, priv->cursor);
      break;

    case PROP_CURSOR_HOTSPOT_X:
      g_value_set_int (value, priv->cursor_hotspot_x);
      break;

    case PROP_CURSOR_HOTSPOT_Y:
      g_value_set_int (value, priv->cursor_hotspot_y);
      break;

    case PROP_CURSOR_VISIBLE:
      g_value_set_boolean (value, priv->cursor_visible);
      break;

    case PROP_CURSOR_X:
      g_value_set_int (value, priv->cursor_x);
      break;

    case PROP_CURSOR_Y:
      g_value_set_int (value, priv->cursor_y);
      break;

    case PROP_FRAMEBUFFER:
      g_value_set_object (value, priv->framebuffer);
      break;

    case PROP_ID:
      g_value_set_int (value, priv->id);
      break;

    case PROP_KEY_PRESS_DELAY:
      g_value_set_uint (value, priv->key_press_delay);
      break;

    case PROP_LOCK_KEYS:
      g_value_set_flags (value, priv->lock_keys);
      break;

    case PROP_MOUSE_MODE:
      g_value_set_enum (value, priv->mouse_mode);
      break;

    case PROP_READ_ONLY:
      g_value_set_boolean (value, priv->read_only);
      break;

    case PROP_READY:
      g_value_set_boolean (value, priv->ready);
      break;

    case PROP_SCANOUT:
      g_value_set_object (value, priv->scanout);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_screen_class_init (LodgeScreenClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lodge_screen_dispose;
  object_class->get_property = lodge_screen_get_property;

  properties[PROP_AREA] =
    g_param_spec_boxed ("area", NULL, NULL, GDK_TYPE_RECTANGLE, flags);

  properties[PROP_CAN_RESIZE] =
    g_param_spec_boolean ("can-resize", NULL, NULL, FALSE, flags);

  properties[PROP_CURSOR] =
    g_param_spec_object ("cursor", NULL, NULL, GDK_TYPE_TEXTURE, flags);

  properties[PROP_CURSOR_HOTSPOT_X] =
    g_param_spec_int ("cursor-hotspot-x", NULL, NULL, G_MININT, G_MAXINT, 0, flags);

  properties[PROP_CURSOR_HOTSPOT_Y] =
    g_param_spec_int ("cursor-hotspot-y", NULL, NULL, G_MININT, G_MAXINT, 0, flags);

  properties[PROP_CURSOR_VISIBLE] =
    g_param_spec_boolean ("cursor-visible", NULL, NULL, FALSE, flags);

  properties[PROP_CURSOR_X] =
    g_param_spec_int ("cursor-x", NULL, NULL, G_MININT, G_MAXINT, 0, flags);

  properties[PROP_CURSOR_Y] =
    g_param_spec_int ("cursor-y", NULL, NULL, G_MININT, G_MAXINT, 0, flags);

  properties[PROP_FRAMEBUFFER] =
    g_param_spec_object ("framebuffer", NULL, NULL, LODGE_TYPE_FRAMEBUFFER, flags);

  properties[PROP_ID] =
    g_param_spec_int ("id", NULL, NULL, G_MININT, G_MAXINT, 0, flags);

  properties[PROP_KEY_PRESS_DELAY] =
    g_param_spec_uint ("key-press-delay", NULL, NULL, 0, G_MAXUINT, 0, flags);

  properties[PROP_LOCK_KEYS] =
    g_param_spec_flags ("lock-keys", NULL, NULL, LODGE_TYPE_LOCK_KEYS, 0, flags);

  properties[PROP_MOUSE_MODE] =
    g_param_spec_enum ("mouse-mode", NULL, NULL, LODGE_TYPE_MOUSE_MODE,
                       LODGE_MOUSE_MODE_SERVER, flags);

  properties[PROP_READ_ONLY] =
    g_param_spec_boolean ("read-only", NULL, NULL, FALSE, flags);

  properties[PROP_READY] =
    g_param_spec_boolean ("ready", NULL, NULL, FALSE, flags);

  properties[PROP_SCANOUT] =
    g_param_spec_object ("scanout", NULL, NULL, LODGE_TYPE_SCANOUT, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * LodgeScreen::inputs-opened:
   * @self: a screen
   *
   * The guest takes input from now on, and has told of its lock keys.
   */
  signals[SIGNAL_INPUTS_OPENED] =
    g_signal_new ("inputs-opened", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 0);
}

static void
lodge_screen_init (LodgeScreen *self)
{
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  priv->cursor_visible = TRUE;
}

int
lodge_screen_get_id (LodgeScreen *self)
{
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_SCREEN (self), 0);

  return priv->id;
}

gboolean
lodge_screen_get_ready (LodgeScreen *self)
{
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_SCREEN (self), FALSE);

  return priv->ready;
}

LodgeFramebuffer *
lodge_screen_get_framebuffer (LodgeScreen *self)
{
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_SCREEN (self), NULL);

  return priv->framebuffer;
}

gboolean
lodge_screen_get_cursor_visible (LodgeScreen *self)
{
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_SCREEN (self), FALSE);

  return priv->cursor_visible;
}

/**
 * lodge_screen_get_scanout:
 * @self: a screen
 *
 * Returns: (transfer none) (nullable): what is shown in place of the framebuffer
 */
LodgeScanout *
lodge_screen_get_scanout (LodgeScreen *self)
{
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_SCREEN (self), NULL);

  return priv->scanout;
}

LodgeMouseMode
lodge_screen_get_mouse_mode (LodgeScreen *self)
{
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_SCREEN (self), LODGE_MOUSE_MODE_SERVER);

  return priv->mouse_mode;
}

LodgeLockKeys
lodge_screen_get_lock_keys (LodgeScreen *self)
{
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_SCREEN (self), 0);

  return priv->lock_keys;
}

gboolean
lodge_screen_get_can_resize (LodgeScreen *self)
{
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_SCREEN (self), FALSE);

  return priv->can_resize;
}

guint
lodge_screen_get_key_press_delay (LodgeScreen *self)
{
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_SCREEN (self), 0);

  return priv->key_press_delay;
}

gboolean
lodge_screen_get_read_only (LodgeScreen *self)
{
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_SCREEN (self), FALSE);

  return priv->read_only;
}

void
lodge_screen_get_area (LodgeScreen  *self,
                       GdkRectangle *area)
{
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  g_return_if_fail (LODGE_IS_SCREEN (self));
  g_return_if_fail (area != NULL);

  *area = priv->area;
}

/**
 * lodge_screen_get_cursor:
 * @self: a screen
 * @hotspot_x: (out) (optional): the hot spot from the left of the shape, in guest pixels
 * @hotspot_y: (out) (optional): the hot spot from the top
 *
 * Returns: (transfer none) (nullable): the shape that the guest set
 */
GdkTexture *
lodge_screen_get_cursor (LodgeScreen *self,
                         int         *hotspot_x,
                         int         *hotspot_y)
{
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_SCREEN (self), NULL);

  if (hotspot_x != NULL)
    *hotspot_x = priv->cursor_hotspot_x;

  if (hotspot_y != NULL)
    *hotspot_y = priv->cursor_hotspot_y;

  return priv->cursor;
}

void
lodge_screen_get_cursor_position (LodgeScreen *self,
                                  int         *x,
                                  int         *y)
{
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  g_return_if_fail (LODGE_IS_SCREEN (self));

  *x = priv->cursor_x;
  *y = priv->cursor_y;
}

/**
 * lodge_screen_dup_texture:
 * @self: a screen
 *
 * Returns: (transfer full) (nullable): the whole picture of the screen as an independent copy,
 *   or %NULL before there is one
 */
GdkTexture *
lodge_screen_dup_texture (LodgeScreen *self)
{
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_SCREEN (self), NULL);

  if (priv->area.width == 0 || priv->area.height == 0)
    return NULL;

  if (priv->scanout != NULL)
    return lodge_scanout_dup_picture (priv->scanout, gdk_display_get_default (),
                                      &priv->area, NULL);

  if (priv->framebuffer == NULL)
    return NULL;

  return lodge_framebuffer_dup_texture (priv->framebuffer, &priv->area);
}

void
_lodge_screen_set_id (LodgeScreen *self,
                      int          id)
{
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  g_assert (LODGE_IS_SCREEN (self));

  if (priv->id == id)
    return;

  priv->id = id;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ID]);
}

void
_lodge_screen_set_key_press_delay (LodgeScreen *self,
                                   guint        ms)
{
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  g_assert (LODGE_IS_SCREEN (self));

  if (priv->key_press_delay == ms)
    return;

  priv->key_press_delay = ms;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_KEY_PRESS_DELAY]);
}

void
_lodge_screen_set_mouse_mode (LodgeScreen   *self,
                              LodgeMouseMode mode)
{
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  g_assert (LODGE_IS_SCREEN (self));

  if (priv->mouse_mode == mode)
    return;

  priv->mouse_mode = mode;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MOUSE_MODE]);
}

void
_lodge_screen_set_guest_lock_keys (LodgeScreen  *self,
                                   LodgeLockKeys locked)
{
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  g_assert (LODGE_IS_SCREEN (self));

  if (priv->lock_keys == locked)
    return;

  priv->lock_keys = locked;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOCK_KEYS]);
}

void
_lodge_screen_set_can_resize (LodgeScreen *self,
                              gboolean     can_resize)
{
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  g_assert (LODGE_IS_SCREEN (self));

  if (priv->can_resize == !!can_resize)
    return;

  priv->can_resize = !!can_resize;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_RESIZE]);
}

void
_lodge_screen_set_cursor_visible (LodgeScreen *self,
                                  gboolean     visible)
{
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  g_assert (LODGE_IS_SCREEN (self));

  if (priv->cursor_visible == !!visible)
    return;

  priv->cursor_visible = !!visible;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CURSOR_VISIBLE]);
}

void
_lodge_screen_set_read_only (LodgeScreen *self,
                             gboolean     read_only)
{
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  g_assert (LODGE_IS_SCREEN (self));

  if (priv->read_only == !!read_only)
    return;

  priv->read_only = !!read_only;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READ_ONLY]);
}

void
_lodge_screen_set_ready (LodgeScreen *self,
                         gboolean     ready)
{
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  g_assert (LODGE_IS_SCREEN (self));

  if (priv->ready == !!ready)
    return;

  priv->ready = !!ready;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READY]);
}

void
_lodge_screen_set_framebuffer (LodgeScreen      *self,
                               LodgeFramebuffer *framebuffer)
{
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  g_assert (LODGE_IS_SCREEN (self));

  if (g_set_object (&priv->framebuffer, framebuffer))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRAMEBUFFER]);
}

void
_lodge_screen_set_scanout (LodgeScreen  *self,
                           LodgeScanout *scanout)
{
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  g_assert (LODGE_IS_SCREEN (self));

  if (g_set_object (&priv->scanout, scanout))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SCANOUT]);
}

void
_lodge_screen_set_area (LodgeScreen        *self,
                        const GdkRectangle *area)
{
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  g_assert (LODGE_IS_SCREEN (self));

  if (gdk_rectangle_equal (&priv->area, area))
    return;

  priv->area = *area;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AREA]);
}

void
_lodge_screen_set_cursor (LodgeScreen *self,
                          GdkTexture  *shape,
                          int          hotspot_x,
                          int          hotspot_y)
{
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  g_assert (LODGE_IS_SCREEN (self));

  /* The hot spot first: whoever hears of the shape reads it. */
  priv->cursor_hotspot_x = hotspot_x;
  priv->cursor_hotspot_y = hotspot_y;

  if (g_set_object (&priv->cursor, shape))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CURSOR]);
}

void
_lodge_screen_set_cursor_position (LodgeScreen *self,
                                   int          x,
                                   int          y)
{
  LodgeScreenPrivate *priv = lodge_screen_get_instance_private (self);

  g_assert (LODGE_IS_SCREEN (self));

  if (priv->cursor_x == x && priv->cursor_y == y)
    return;

  priv->cursor_x = x;
  priv->cursor_y = y;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CURSOR_X]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CURSOR_Y]);
}

void
_lodge_screen_inputs_opened (LodgeScreen *self)
{
  g_assert (LODGE_IS_SCREEN (self));

  g_signal_emit (self, signals[SIGNAL_INPUTS_OPENED], 0);
}

void
lodge_screen_key_press (LodgeScreen *self,
                        guint        scancode)
{
  g_return_if_fail (LODGE_IS_SCREEN (self));

  LODGE_SCREEN_GET_CLASS (self)->key_press (self, scancode);
}

void
lodge_screen_key_release (LodgeScreen *self,
                          guint        scancode)
{
  g_return_if_fail (LODGE_IS_SCREEN (self));

  LODGE_SCREEN_GET_CLASS (self)->key_release (self, scancode);
}

void
lodge_screen_key_tap (LodgeScreen *self,
                      guint        scancode)
{
  g_return_if_fail (LODGE_IS_SCREEN (self));

  LODGE_SCREEN_GET_CLASS (self)->key_tap (self, scancode);
}

void
lodge_screen_button_press (LodgeScreen     *self,
                           LodgeMouseButton button,
                           guint            buttons)
{
  g_return_if_fail (LODGE_IS_SCREEN (self));

  LODGE_SCREEN_GET_CLASS (self)->button_press (self, button, buttons);
}

void
lodge_screen_button_release (LodgeScreen     *self,
                             LodgeMouseButton button,
                             guint            buttons)
{
  g_return_if_fail (LODGE_IS_SCREEN (self));

  LODGE_SCREEN_GET_CLASS (self)->button_release (self, button, buttons);
}

void
lodge_screen_pointer_position (LodgeScreen *self,
                               int          x,
                               int          y,
                               guint        buttons)
{
  g_return_if_fail (LODGE_IS_SCREEN (self));

  LODGE_SCREEN_GET_CLASS (self)->pointer_position (self, x, y, buttons);
}

void
lodge_screen_pointer_motion (LodgeScreen *self,
                             int          dx,
                             int          dy,
                             guint        buttons)
{
  g_return_if_fail (LODGE_IS_SCREEN (self));

  LODGE_SCREEN_GET_CLASS (self)->pointer_motion (self, dx, dy, buttons);
}

void
lodge_screen_set_lock_keys (LodgeScreen  *self,
                            LodgeLockKeys locked)
{
  g_return_if_fail (LODGE_IS_SCREEN (self));

  LODGE_SCREEN_GET_CLASS (self)->set_lock_keys (self, locked);
}

void
lodge_screen_request_size (LodgeScreen *self,
                           int          width,
                           int          height,
                           int          width_mm,
                           int          height_mm)
{
  g_return_if_fail (LODGE_IS_SCREEN (self));

  LODGE_SCREEN_GET_CLASS (self)->request_size (self, width, height, width_mm, height_mm);
}
