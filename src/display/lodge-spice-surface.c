/* lodge-spice-surface.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-display-session-private.h"
#include "lodge-framebuffer.h"
#include "lodge-scanout.h"
#include "lodge-spice-surface.h"

/**
 * LodgeSpiceSurface:
 *
 * What one display channel and its cursor channel say.
 *
 * It outlives the channels: the framebuffer keeps the last picture, and the next connection's
 * channel of the same number goes on with the same screens.
 */

struct _LodgeSpiceSurface
{
  GObject              parent_instance;
  LodgeDisplaySession *session;
  SpiceChannel        *display;
  SpiceChannel        *cursor;
  LodgeFramebuffer    *framebuffer;
  LodgeScanout        *scanout;
  GPtrArray           *screens;
  GdkTexture          *shape;
  int                  cursor_x;
  int                  cursor_y;
  int                  hotspot_x;
  int                  hotspot_y;
  int                  id;
  guint                cursor_hidden : 1;
  guint                has_primary : 1;
  guint                marked : 1;
};

enum {
  LIT,
  MAX_HEADS_CHANGED,
  SCREENS_CHANGED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (LodgeSpiceSurface, lodge_spice_surface, G_TYPE_OBJECT)

static guint signals[N_SIGNALS];

static void
lodge_spice_surface_update_cursor (LodgeSpiceSurface *self,
                                   LodgeScreen       *screen)
{
  GdkRectangle area;

  g_assert (LODGE_IS_SPICE_SURFACE (self));

  lodge_screen_get_area (screen, &area);
  _lodge_screen_set_cursor (screen, self->shape, self->hotspot_x, self->hotspot_y);
  _lodge_screen_set_cursor_visible (screen, !self->cursor_hidden);
  _lodge_screen_set_cursor_position (screen, self->cursor_x - area.x, self->cursor_y - area.y);
}

static void
lodge_spice_surface_update_cursors (LodgeSpiceSurface *self)
{
  g_assert (LODGE_IS_SPICE_SURFACE (self));

  for (guint i = 0; i < self->screens->len; i++)
    lodge_spice_surface_update_cursor (self, g_ptr_array_index (self->screens, i));
}

/* How large the picture of the whole channel is. */
static void
lodge_spice_surface_get_size (LodgeSpiceSurface *self,
                              GdkRectangle      *all)
{
  g_assert (LODGE_IS_SPICE_SURFACE (self));

  all->x = all->y = 0;

  if (self->scanout != NULL)
    {
      all->width = lodge_scanout_get_width (self->scanout);
      all->height = lodge_scanout_get_height (self->scanout);
    }
  else
    {
      all->width = lodge_framebuffer_get_width (self->framebuffer);
      all->height = lodge_framebuffer_get_height (self->framebuffer);
    }
}

/* Whether there is something to show now: GL needs no mark. */
static gboolean
lodge_spice_surface_get_lit (LodgeSpiceSurface *self)
{
  g_assert (LODGE_IS_SPICE_SURFACE (self));

  return self->scanout != NULL || (self->has_primary && self->marked);
}

/* The heads that are lit, at least one for channel 0: that is the machine's console even while it
 * has nothing to show. Returns an array of SpiceDisplayMonitorConfig.
 */
static GArray *
lodge_spice_surface_list_heads (LodgeSpiceSurface *self)
{
  g_autoptr(GArray) monitors = NULL;
  GArray *heads = g_array_new (FALSE, TRUE, sizeof (SpiceDisplayMonitorConfig));
  SpiceDisplayMonitorConfig all = { 0 };
  GdkRectangle size;

  g_assert (LODGE_IS_SPICE_SURFACE (self));

  if (self->id > 0 && !lodge_spice_surface_get_lit (self))
    return heads;

  lodge_spice_surface_get_size (self, &size);
  all.width = (guint)size.width;
  all.height = (guint)size.height;

  if (self->has_primary || self->scanout != NULL)
    g_object_get (self->display, "monitors", &monitors, NULL);

  for (guint i = 0; monitors != NULL && i < monitors->len; i++)
    {
      SpiceDisplayMonitorConfig head = g_array_index (monitors, SpiceDisplayMonitorConfig, i);

      if (head.width == 0 || head.height == 0)
        continue;

      /* No driver puts a head on another surface than the primary one; if one did, the whole
       * primary surface would be more use than nothing.
       */
      if (head.surface_id != 0)
        {
          head.x = head.y = 0;
          head.width = all.width;
          head.height = all.height;
        }

      g_array_append_val (heads, head);
    }

  if (heads->len == 0)
    g_array_append_val (heads, all);

  return heads;
}

static LodgeScreen *
lodge_spice_surface_find_screen (LodgeSpiceSurface *self,
                                 guint              monitor_id)
{
  g_assert (LODGE_IS_SPICE_SURFACE (self));

  for (guint i = 0; i < self->screens->len; i++)
    {
      LodgeSpiceScreen *screen = g_ptr_array_index (self->screens, i);

      if ((guint)lodge_spice_screen_get_monitor_id (screen) == monitor_id)
        return LODGE_SCREEN (screen);
    }

  return NULL;
}

static void
lodge_spice_surface_update_screen (LodgeSpiceSurface               *self,
                                   LodgeScreen                     *screen,
                                   const SpiceDisplayMonitorConfig *head)
{
  GdkRectangle all;
  GdkRectangle area = { (int)head->x, (int)head->y, (int)head->width, (int)head->height };
  gboolean visible;

  g_assert (LODGE_IS_SPICE_SURFACE (self));

  /* A guest may speak of heads and surfaces in any order, so that one may stick out for a while. */
  lodge_spice_surface_get_size (self, &all);
  visible = gdk_rectangle_intersect (&area, &all, &area);
  if (visible)
    _lodge_screen_set_area (screen, &area);

  _lodge_screen_set_scanout (screen, self->scanout);

  /* Once there was a picture there is one, until another takes its place. */
  if (self->has_primary || self->scanout != NULL)
    _lodge_screen_set_ready (screen, visible && lodge_spice_surface_get_lit (self));

  lodge_spice_surface_update_cursor (self, screen);
}

static void
lodge_spice_surface_update (LodgeSpiceSurface *self)
{
  g_autoptr(GPtrArray) screens = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GArray) heads = NULL;
  gboolean changed = FALSE;

  g_assert (LODGE_IS_SPICE_SURFACE (self));

  /* Between two surfaces and after the channel has gone everything stays as it was. */
  if (!self->has_primary && self->scanout == NULL && self->screens->len > 0 &&
      (self->id == 0 || self->marked))
    return;

  heads = lodge_spice_surface_list_heads (self);

  for (guint i = 0; i < heads->len; i++)
    {
      const SpiceDisplayMonitorConfig *head = &g_array_index (heads, SpiceDisplayMonitorConfig, i);
      LodgeScreen *screen = lodge_spice_surface_find_screen (self, head->id);

      if (screen == NULL)
        screen = LODGE_SCREEN (lodge_spice_screen_new (self->session, self->framebuffer,
                                                       self->id, (int)head->id));
      else
        g_object_ref (screen);

      g_ptr_array_add (screens, screen);
      lodge_spice_surface_update_screen (self, screen, head);
    }

  changed = screens->len != self->screens->len;
  for (guint i = 0; i < screens->len && !changed; i++)
    changed = g_ptr_array_index (screens, i) != g_ptr_array_index (self->screens, i);

  if (!changed)
    return;

  g_ptr_array_unref (self->screens);
  self->screens = g_steal_pointer (&screens);
  g_signal_emit (self, signals[SCREENS_CHANGED], 0);
}

static gboolean
pixel_format_from_spice (int               format,
                         LodgePixelFormat *pixel_format)
{
  switch (format)
    {
    case SPICE_SURFACE_FMT_32_xRGB:
    case SPICE_SURFACE_FMT_32_ARGB:
      *pixel_format = LODGE_PIXEL_FORMAT_XRGB32;
      return TRUE;

    case SPICE_SURFACE_FMT_16_555:
      *pixel_format = LODGE_PIXEL_FORMAT_RGB555;
      return TRUE;

    case SPICE_SURFACE_FMT_16_565:
      *pixel_format = LODGE_PIXEL_FORMAT_RGB565;
      return TRUE;

    default:
      return FALSE;
    }
}

static void
lodge_spice_surface_primary_create_cb (LodgeSpiceSurface *self,
                                       int                format,
                                       int                width,
                                       int                height,
                                       int                stride,
                                       int                shmid,
                                       gpointer           pixels,
                                       SpiceChannel      *channel)
{
  LodgePixelFormat pixel_format;

  self->has_primary = pixels != NULL && pixel_format_from_spice (format, &pixel_format) &&
                      lodge_framebuffer_attach (self->framebuffer, pixel_format, width, height,
                                                (gsize)stride, pixels);

  /* The guest draws without GL again. */
  g_clear_object (&self->scanout);
  lodge_spice_surface_update (self);
  g_signal_emit (self, signals[LIT], 0);
}

/* The pixels are freed when this returns. */
static void
lodge_spice_surface_primary_destroy_cb (LodgeSpiceSurface *self,
                                        SpiceChannel      *channel)
{
  lodge_framebuffer_detach (self->framebuffer);
  self->has_primary = FALSE;
}

/* Comes once for each drawing command: the framebuffer only takes notes. */
static void
lodge_spice_surface_invalidate_cb (LodgeSpiceSurface *self,
                                   int                x,
                                   int                y,
                                   int                width,
                                   int                height,
                                   SpiceChannel      *channel)
{
  if (self->has_primary)
    lodge_framebuffer_damage (self->framebuffer, x, y, width, height);
}

static void
lodge_spice_surface_mark_cb (LodgeSpiceSurface *self,
                             gboolean           marked,
                             SpiceChannel      *channel)
{
  self->marked = marked;
  lodge_spice_surface_update (self);
}

/* The server draws no further frame before this. */
static void
lodge_spice_surface_scanout_done_cb (LodgeSpiceSurface *self)
{
  if (self->display != NULL)
    spice_display_channel_gl_draw_done (SPICE_DISPLAY_CHANNEL (self->display));
}

static void
lodge_spice_surface_scanout_cb (LodgeSpiceSurface *self,
                                GParamSpec        *pspec,
                                SpiceChannel      *channel)
{
  const SpiceGlScanout *scanout =
    spice_display_channel_get_gl_scanout (SPICE_DISPLAY_CHANNEL (channel));
  g_autoptr(GError) error = NULL;

  g_clear_object (&self->scanout);

  if (scanout != NULL)
    {
      self->scanout = lodge_scanout_new (scanout->fd, (int)scanout->width, (int)scanout->height,
                                         scanout->stride, scanout->format,
                                         LODGE_SCANOUT_MODIFIER_NONE, scanout->y0top, &error);
      if (self->scanout != NULL)
        g_signal_connect_object (self->scanout, "done",
                                 G_CALLBACK (lodge_spice_surface_scanout_done_cb), self,
                                 G_CONNECT_SWAPPED);
      else
        g_debug ("A scanout cannot be shown: %s", error->message);
    }

  lodge_spice_surface_update (self);
  if (self->scanout != NULL)
    g_signal_emit (self, signals[LIT], 0);
}

static void
lodge_spice_surface_gl_draw_cb (LodgeSpiceSurface *self,
                                guint              x,
                                guint              y,
                                guint              width,
                                guint              height,
                                SpiceChannel      *channel)
{
  if (self->scanout != NULL)
    lodge_scanout_draw (self->scanout, (int)x, (int)y, (int)width, (int)height);
  else
    lodge_spice_surface_scanout_done_cb (self);
}

static void
lodge_spice_surface_max_heads_cb (LodgeSpiceSurface *self)
{
  g_signal_emit (self, signals[MAX_HEADS_CHANGED], 0);
}

static void
lodge_spice_surface_attach_display (LodgeSpiceSurface *self,
                                    SpiceChannel      *channel)
{
  SpiceDisplayPrimary primary;

  g_assert (LODGE_IS_SPICE_SURFACE (self));
  g_assert (self->display == NULL);

  self->display = channel;
  g_signal_connect_object (channel, "display-primary-create",
                           G_CALLBACK (lodge_spice_surface_primary_create_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (channel, "display-primary-destroy",
                           G_CALLBACK (lodge_spice_surface_primary_destroy_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (channel, "display-invalidate",
                           G_CALLBACK (lodge_spice_surface_invalidate_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (channel, "display-mark",
                           G_CALLBACK (lodge_spice_surface_mark_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (channel, "notify::gl-scanout",
                           G_CALLBACK (lodge_spice_surface_scanout_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (channel, "gl-draw",
                           G_CALLBACK (lodge_spice_surface_gl_draw_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (channel, "notify::monitors",
                           G_CALLBACK (lodge_spice_surface_update), self,
                           G_CONNECT_SWAPPED);
  /* The library does not notify of monitors-max. */
  g_signal_connect_object (channel, "notify::monitors",
                           G_CALLBACK (lodge_spice_surface_max_heads_cb), self,
                           G_CONNECT_SWAPPED);

  if (spice_display_channel_get_primary (channel, 0, &primary))
    {
      self->marked = primary.marked;
      lodge_spice_surface_primary_create_cb (self, (int)primary.format, primary.width,
                                             primary.height, primary.stride, primary.shmid,
                                             primary.data, channel);
    }
  else
    {
      lodge_spice_surface_update (self);
    }
}

static void
lodge_spice_surface_set_shape (LodgeSpiceSurface *self,
                               SpiceCursorShape  *shape)
{
  g_autoptr(GBytes) bytes = NULL;

  g_assert (LODGE_IS_SPICE_SURFACE (self));

  g_clear_object (&self->shape);
  self->hotspot_x = self->hotspot_y = 0;

  /* An empty shape is a way to hide the cursor. */
  if (shape->data == NULL || shape->width == 0 || shape->height == 0)
    return;

  /* The library turns every kind of cursor into R, G, B, A bytes. A hot spot may stand just outside
   * the shape, where GDK would refuse it.
   */
  bytes = g_bytes_new (shape->data, (gsize)shape->width * shape->height * 4);
  self->shape = gdk_memory_texture_new (shape->width, shape->height, GDK_MEMORY_R8G8B8A8, bytes,
                                        (gsize)shape->width * 4);
  self->hotspot_x = MIN (shape->hot_spot_x, shape->width - 1);
  self->hotspot_y = MIN (shape->hot_spot_y, shape->height - 1);
}

static void
lodge_spice_surface_shape_cb (LodgeSpiceSurface *self,
                              GParamSpec        *pspec,
                              SpiceChannel      *channel)
{
  SpiceCursorShape *shape = NULL;

  g_object_get (channel, "cursor", &shape, NULL);
  if (shape == NULL)
    return;

  lodge_spice_surface_set_shape (self, shape);
  g_boxed_free (SPICE_TYPE_CURSOR_SHAPE, shape);

  /* Where the guest places the cursor, a shape that it sets while hidden shows at the next move. */
  if (self->shape == NULL)
    self->cursor_hidden = TRUE;
  else if (self->session != NULL &&
           _lodge_display_session_get_mouse_mode (self->session) == LODGE_MOUSE_MODE_CLIENT)
    self->cursor_hidden = FALSE;

  lodge_spice_surface_update_cursors (self);
}

static void
lodge_spice_surface_cursor_hide_cb (LodgeSpiceSurface *self,
                                    SpiceChannel      *channel)
{
  self->cursor_hidden = TRUE;
  lodge_spice_surface_update_cursors (self);
}

/* The server lost its cursor: the host's own one is shown until it sets another. */
static void
lodge_spice_surface_cursor_reset_cb (LodgeSpiceSurface *self,
                                     SpiceChannel      *channel)
{
  g_clear_object (&self->shape);
  self->cursor_hidden = FALSE;
  lodge_spice_surface_update_cursors (self);
}

static void
lodge_spice_surface_cursor_move_cb (LodgeSpiceSurface *self,
                                    int                x,
                                    int                y,
                                    SpiceChannel      *channel)
{
  self->cursor_x = x;
  self->cursor_y = y;
  self->cursor_hidden = FALSE;
  lodge_spice_surface_update_cursors (self);
}

static void
lodge_spice_surface_attach_cursor (LodgeSpiceSurface *self,
                                   SpiceChannel      *channel)
{
  g_assert (LODGE_IS_SPICE_SURFACE (self));
  g_assert (self->cursor == NULL);

  self->cursor = channel;
  g_signal_connect_object (channel, "notify::cursor",
                           G_CALLBACK (lodge_spice_surface_shape_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (channel, "cursor-hide",
                           G_CALLBACK (lodge_spice_surface_cursor_hide_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (channel, "cursor-move",
                           G_CALLBACK (lodge_spice_surface_cursor_move_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (channel, "cursor-reset",
                           G_CALLBACK (lodge_spice_surface_cursor_reset_cb), self,
                           G_CONNECT_SWAPPED);
  lodge_spice_surface_shape_cb (self, NULL, channel);
}

static void
lodge_spice_surface_dispose (GObject *object)
{
  LodgeSpiceSurface *self = (LodgeSpiceSurface *)object;

  if (self->display != NULL)
    lodge_spice_surface_detach (self, self->display);

  if (self->cursor != NULL)
    lodge_spice_surface_detach (self, self->cursor);

  g_clear_weak_pointer (&self->session);

  G_OBJECT_CLASS (lodge_spice_surface_parent_class)->dispose (object);
}

static void
lodge_spice_surface_finalize (GObject *object)
{
  LodgeSpiceSurface *self = (LodgeSpiceSurface *)object;

  g_clear_object (&self->framebuffer);
  g_clear_object (&self->scanout);
  g_clear_object (&self->shape);
  g_clear_pointer (&self->screens, g_ptr_array_unref);

  G_OBJECT_CLASS (lodge_spice_surface_parent_class)->finalize (object);
}

static void
lodge_spice_surface_class_init (LodgeSpiceSurfaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lodge_spice_surface_dispose;
  object_class->finalize = lodge_spice_surface_finalize;

  signals[LIT] =
    g_signal_new ("lit", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  signals[MAX_HEADS_CHANGED] =
    g_signal_new ("max-heads-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 0);

  signals[SCREENS_CHANGED] =
    g_signal_new ("screens-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 0);
}

static void
lodge_spice_surface_init (LodgeSpiceSurface *self)
{
  self->framebuffer = lodge_framebuffer_new ();
  self->screens = g_ptr_array_new_with_free_func (g_object_unref);
}

LodgeSpiceSurface *
lodge_spice_surface_new (LodgeDisplaySession *session,
                         int                  channel_id)
{
  LodgeSpiceSurface *self = g_object_new (LODGE_TYPE_SPICE_SURFACE, NULL);

  g_set_weak_pointer (&self->session, session);
  self->id = channel_id;

  return self;
}

int
lodge_spice_surface_get_id (LodgeSpiceSurface *self)
{
  g_return_val_if_fail (LODGE_IS_SPICE_SURFACE (self), 0);

  return self->id;
}

GPtrArray *
lodge_spice_surface_get_screens (LodgeSpiceSurface *self)
{
  g_return_val_if_fail (LODGE_IS_SPICE_SURFACE (self), NULL);

  return self->screens;
}

gboolean
lodge_spice_surface_get_attached (LodgeSpiceSurface *self)
{
  g_return_val_if_fail (LODGE_IS_SPICE_SURFACE (self), FALSE);

  return self->display != NULL;
}

/* How many heads the card can drive, 0 without a channel. */
guint
lodge_spice_surface_get_max_heads (LodgeSpiceSurface *self)
{
  guint max_heads = 0;

  g_return_val_if_fail (LODGE_IS_SPICE_SURFACE (self), 0);

  if (self->display != NULL)
    g_object_get (self->display, "monitors-max", &max_heads, NULL);

  return max_heads;
}

void
lodge_spice_surface_attach (LodgeSpiceSurface *self,
                            SpiceChannel      *channel)
{
  g_return_if_fail (LODGE_IS_SPICE_SURFACE (self));

  if (SPICE_IS_DISPLAY_CHANNEL (channel))
    lodge_spice_surface_attach_display (self, channel);
  else if (SPICE_IS_CURSOR_CHANNEL (channel))
    lodge_spice_surface_attach_cursor (self, channel);
}

void
lodge_spice_surface_detach (LodgeSpiceSurface *self,
                            SpiceChannel      *channel)
{
  g_return_if_fail (LODGE_IS_SPICE_SURFACE (self));

  if (channel == NULL || (channel != self->display && channel != self->cursor))
    return;

  g_signal_handlers_disconnect_by_data (channel, self);

  if (channel == self->cursor)
    {
      self->cursor = NULL;
      return;
    }

  /* A channel that dies does not say that its pixels go. A scanout is memory of its own, which stays
   * as it was drawn last.
   */
  if (self->has_primary)
    lodge_framebuffer_detach (self->framebuffer);
  self->has_primary = FALSE;
  self->display = NULL;
}
