/* lodge-framebuffer.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-framebuffer-private.h"
#include "lodge-pixels-private.h"

/**
 * LodgeFramebuffer:
 *
 * The picture of one display channel.
 *
 * There are two ways to its pixels. A surface of 32 bits a pixel can be drawn by cairo as it lies
 * in the server's memory: nothing is copied while the server has it. Everything else (textures,
 * surfaces of 16 bits, the last frame after the server took its surface away) goes through the
 * shadow, an opaque copy that is brought up to date when somebody looks, and there only in the
 * rectangles that were damaged since: one rectangle a tile, so that the cost of keeping account has
 * a bound.
 */

/* One tile of the shadow is stale from x0, y0 up to, not including, x1, y1. */
typedef struct
{
  int x0;
  int y0;
  int x1;
  int y1;
} Stale;

struct _LodgeFramebuffer
{
  GObject           parent_instance;

  const guint8     *pixels;
  gsize             stride;
  LodgePixelFormat  format;
  int               width;
  int               height;

  GBytes           *shadow;
  cairo_surface_t  *shadow_surface;
  cairo_surface_t  *live_surface;
  Stale            *stale;
  LodgeTileGrid     grid;
  guint             n_stale;
  guint             generation;
  guint64           n_copied;
};

enum {
  PROP_0,
  PROP_HEIGHT,
  PROP_WIDTH,
  N_PROPS
};

enum {
  DAMAGED,
  RESIZED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (LodgeFramebuffer, lodge_framebuffer, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static int
split_evenly (int  length,
              int *n)
{
  *n = MAX (1, length / 256);

  return (length + *n - 1) / *n;
}

static void
grid_init (LodgeTileGrid *grid,
           int            width,
           int            height)
{
  grid->tile_width = split_evenly (width, &grid->n_columns);
  grid->tile_height = split_evenly (height, &grid->n_rows);
}

void
_lodge_tile_grid_find (const LodgeTileGrid *grid,
                       const GdkRectangle  *rectangle,
                       int                 *first_column,
                       int                 *last_column,
                       int                 *first_row,
                       int                 *last_row)
{
  *first_column = rectangle->x / grid->tile_width;
  *last_column = (rectangle->x + rectangle->width - 1) / grid->tile_width;
  *first_row = rectangle->y / grid->tile_height;
  *last_row = (rectangle->y + rectangle->height - 1) / grid->tile_height;
}

static void
lodge_framebuffer_add_stale (LodgeFramebuffer   *self,
                             const GdkRectangle *rectangle)
{
  int x1 = rectangle->x + rectangle->width, y1 = rectangle->y + rectangle->height;
  int first_column, last_column, first_row, last_row;

  _lodge_tile_grid_find (&self->grid, rectangle,
                         &first_column, &last_column, &first_row, &last_row);

  for (int row = first_row; row <= last_row; row++)
    for (int column = first_column; column <= last_column; column++)
      {
        Stale *stale = &self->stale[row * self->grid.n_columns + column];
        int left = column * self->grid.tile_width, top = row * self->grid.tile_height;
        Stale more = {
          MAX (rectangle->x, left),
          MAX (rectangle->y, top),
          MIN (x1, left + self->grid.tile_width),
          MIN (y1, top + self->grid.tile_height),
        };

        if (stale->x1 == 0)
          {
            *stale = more;
            self->n_stale++;
            continue;
          }

        stale->x0 = MIN (stale->x0, more.x0);
        stale->y0 = MIN (stale->y0, more.y0);
        stale->x1 = MAX (stale->x1, more.x1);
        stale->y1 = MAX (stale->y1, more.y1);
      }
}

static void
lodge_framebuffer_pull (LodgeFramebuffer *self)
{
  gsize pixel_size = _lodge_pixel_format_get_size (self->format);
  guint32 *shadow;

  if (self->pixels == NULL || self->n_stale == 0)
    return;

  /* The bytes are ours alone to change: GBytes gives them out as constant. */
  shadow = (guint32 *)g_bytes_get_data (self->shadow, NULL);

  for (int i = 0; i < self->grid.n_columns * self->grid.n_rows; i++)
    {
      Stale *stale = &self->stale[i];

      if (stale->x1 == 0)
        continue;

      _lodge_pixels_convert (shadow + (gsize)stale->y0 * self->width + stale->x0,
                             (gsize)self->width * 4,
                             self->pixels + stale->y0 * self->stride + stale->x0 * pixel_size,
                             self->stride, self->format,
                             stale->x1 - stale->x0, stale->y1 - stale->y0);
      self->n_copied += (guint64)(stale->x1 - stale->x0) * (stale->y1 - stale->y0);
      *stale = (Stale) { 0, };
    }

  self->n_stale = 0;
}

/* From the server's surface if it is there, so that a screenshot does not fill the shadow. */
static void
lodge_framebuffer_copy (LodgeFramebuffer   *self,
                        const GdkRectangle *rectangle,
                        guint32            *dest)
{
  LodgePixelFormat format = LODGE_PIXEL_FORMAT_XRGB32;
  const guint8 *source = self->pixels;
  gsize stride = (gsize)self->width * 4;

  if (source != NULL)
    {
      format = self->format;
      stride = self->stride;
    }
  else
    source = g_bytes_get_data (self->shadow, NULL);

  source += rectangle->y * stride + rectangle->x * _lodge_pixel_format_get_size (format);
  _lodge_pixels_convert (dest, (gsize)rectangle->width * 4, source, stride, format,
                         rectangle->width, rectangle->height);
}

/* Drops the server's pixels without a look at them. */
static void
lodge_framebuffer_forget_pixels (LodgeFramebuffer *self)
{
  /* Render nodes may still hold what cairo calls a snapshot of the surface, which shares its
   * memory. Finishing the surface gives each of them a copy of its own, now that the pixels are
   * still there.
   */
  if (self->live_surface != NULL)
    cairo_surface_finish (self->live_surface);

  g_clear_pointer (&self->live_surface, cairo_surface_destroy);
  self->pixels = NULL;
  self->generation++;
}

static void
lodge_framebuffer_drop_shadow (LodgeFramebuffer *self)
{
  g_clear_pointer (&self->shadow_surface, cairo_surface_destroy);
  g_clear_pointer (&self->shadow, g_bytes_unref);
}

static gboolean
lodge_framebuffer_make_shadow (LodgeFramebuffer *self,
                               int               width,
                               int               height)
{
  /* Zeroed memory of this size is not there before it is written to. */
  guint32 *pixels = g_try_malloc0_n ((gsize)width * height, 4);

  if (pixels == NULL)
    return FALSE;

  lodge_framebuffer_drop_shadow (self);
  self->shadow = g_bytes_new_take (pixels, (gsize)width * height * 4);

  g_free (self->stale);
  grid_init (&self->grid, width, height);
  self->stale = g_new0 (Stale, self->grid.n_columns * self->grid.n_rows);
  self->n_stale = 0;

  return TRUE;
}

static gboolean
can_draw_as_it_is (LodgePixelFormat  format,
                   gsize             stride,
                   const guint8     *pixels)
{
  return format == LODGE_PIXEL_FORMAT_XRGB32 &&
         stride % 4 == 0 && stride <= G_MAXINT &&
         (guintptr)pixels % 4 == 0;
}

static void
lodge_framebuffer_finalize (GObject *object)
{
  LodgeFramebuffer *self = (LodgeFramebuffer *)object;

  lodge_framebuffer_forget_pixels (self);
  lodge_framebuffer_drop_shadow (self);
  g_clear_pointer (&self->stale, g_free);

  G_OBJECT_CLASS (lodge_framebuffer_parent_class)->finalize (object);
}

static void
lodge_framebuffer_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  LodgeFramebuffer *self = LODGE_FRAMEBUFFER (object);

  switch (prop_id)
    {
    case PROP_HEIGHT:
      g_value_set_int (value, self->height);
      break;

    case PROP_WIDTH:
      g_value_set_int (value, self->width);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_framebuffer_class_init (LodgeFramebufferClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = lodge_framebuffer_finalize;
  object_class->get_property = lodge_framebuffer_get_property;

  properties[PROP_HEIGHT] =
    g_param_spec_int ("height", NULL, NULL, 0, LODGE_FRAMEBUFFER_MAX, 0, flags);

  properties[PROP_WIDTH] =
    g_param_spec_int ("width", NULL, NULL, 0, LODGE_FRAMEBUFFER_MAX, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * LodgeFramebuffer::damaged:
   * @x: left edge of what changed
   * @y: top edge
   * @width: at least 1
   * @height: at least 1
   *
   * Pixels changed. The rectangle is inside the framebuffer.
   */
  signals[DAMAGED] =
    g_signal_new ("damaged", LODGE_TYPE_FRAMEBUFFER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 4, G_TYPE_INT, G_TYPE_INT, G_TYPE_INT, G_TYPE_INT);

  /**
   * LodgeFramebuffer::resized:
   *
   * The size, or where the pixels lie, has changed: all that was derived from them is void.
   */
  signals[RESIZED] =
    g_signal_new ("resized", LODGE_TYPE_FRAMEBUFFER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
lodge_framebuffer_init (LodgeFramebuffer *self)
{
}

LodgeFramebuffer *
lodge_framebuffer_new (void)
{
  return g_object_new (LODGE_TYPE_FRAMEBUFFER, NULL);
}

int
lodge_framebuffer_get_width (LodgeFramebuffer *self)
{
  g_return_val_if_fail (LODGE_IS_FRAMEBUFFER (self), 0);

  return self->width;
}

int
lodge_framebuffer_get_height (LodgeFramebuffer *self)
{
  g_return_val_if_fail (LODGE_IS_FRAMEBUFFER (self), 0);

  return self->height;
}

/**
 * lodge_framebuffer_attach:
 * @self: a framebuffer
 * @format: how a pixel is made
 * @width: in pixels
 * @height: in pixels
 * @stride: bytes from one row to the next
 * @pixels: the caller's; valid until lodge_framebuffer_detach()
 *
 * Shows the server's surface from now on, all of it damaged. What was attached before is detached.
 *
 * Returns: %FALSE for a surface that cannot be shown (a side of 0 or of more than 16384 pixels, a
 *   stride shorter than a row, no memory for the copy): the last frame stays
 */
gboolean
lodge_framebuffer_attach (LodgeFramebuffer *self,
                          LodgePixelFormat  format,
                          int               width,
                          int               height,
                          gsize             stride,
                          const guint8     *pixels)
{
  gboolean resized;

  g_return_val_if_fail (LODGE_IS_FRAMEBUFFER (self), FALSE);

  lodge_framebuffer_detach (self);

  if (pixels == NULL ||
      width <= 0 || width > LODGE_FRAMEBUFFER_MAX ||
      height <= 0 || height > LODGE_FRAMEBUFFER_MAX ||
      stride < width * _lodge_pixel_format_get_size (format))
    return FALSE;

  resized = self->width != width || self->height != height;

  if (resized && !lodge_framebuffer_make_shadow (self, width, height))
    return FALSE;

  self->format = format;
  self->width = width;
  self->height = height;
  self->stride = stride;
  self->pixels = pixels;
  self->generation++;
  lodge_framebuffer_add_stale (self, &(GdkRectangle) { 0, 0, width, height });

  g_object_freeze_notify (G_OBJECT (self));
  if (resized)
    {
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WIDTH]);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HEIGHT]);
    }
  g_object_thaw_notify (G_OBJECT (self));
  g_signal_emit (self, signals[RESIZED], 0);

  return TRUE;
}

void
lodge_framebuffer_detach (LodgeFramebuffer *self)
{
  g_return_if_fail (LODGE_IS_FRAMEBUFFER (self));

  if (self->pixels == NULL)
    return;

  lodge_framebuffer_pull (self);
  lodge_framebuffer_forget_pixels (self);
  g_signal_emit (self, signals[RESIZED], 0);
}

/**
 * lodge_framebuffer_damage:
 * @self: a framebuffer
 * @x: left edge
 * @y: top edge
 * @width: any number
 * @height: any number
 *
 * The server has drawn there. What lies outside the surface is ignored.
 */
void
lodge_framebuffer_damage (LodgeFramebuffer *self,
                          int               x,
                          int               y,
                          int               width,
                          int               height)
{
  gint64 x0 = MAX (x, 0), y0 = MAX (y, 0);
  gint64 x1, y1;

  g_return_if_fail (LODGE_IS_FRAMEBUFFER (self));

  x1 = MIN ((gint64)x + width, self->width);
  y1 = MIN ((gint64)y + height, self->height);

  if (self->pixels == NULL || x0 >= x1 || y0 >= y1)
    return;

  lodge_framebuffer_add_stale (self, &(GdkRectangle) { x0, y0, x1 - x0, y1 - y0 });
  g_signal_emit (self, signals[DAMAGED], 0, (int)x0, (int)y0, (int)(x1 - x0), (int)(y1 - y0));
}

/**
 * lodge_framebuffer_dup_texture:
 * @self: a framebuffer
 * @area: (nullable): what to copy, %NULL for all
 *
 * Returns: (transfer full) (nullable): an independent copy of what is inside the framebuffer of
 *   @area; %NULL if there is nothing or no memory
 */
GdkTexture *
lodge_framebuffer_dup_texture (LodgeFramebuffer   *self,
                               const GdkRectangle *area)
{
  GdkRectangle rectangle = { 0, 0, 0, 0 };
  g_autoptr(GBytes) bytes = NULL;
  guint32 *copy;

  g_return_val_if_fail (LODGE_IS_FRAMEBUFFER (self), NULL);

  rectangle.width = self->width;
  rectangle.height = self->height;

  if (self->shadow == NULL ||
      (area != NULL && !gdk_rectangle_intersect (area, &rectangle, &rectangle)) ||
      !(copy = g_try_malloc_n ((gsize)rectangle.width * rectangle.height, 4)))
    return NULL;

  bytes = g_bytes_new_take (copy, (gsize)rectangle.width * rectangle.height * 4);
  lodge_framebuffer_copy (self, &rectangle, copy);

  return gdk_memory_texture_new (rectangle.width, rectangle.height, GDK_MEMORY_DEFAULT,
                                 bytes, (gsize)rectangle.width * 4);
}

void
_lodge_framebuffer_get_grid (LodgeFramebuffer *self,
                             LodgeTileGrid    *grid)
{
  g_assert (LODGE_IS_FRAMEBUFFER (self));

  *grid = self->grid;
}

guint
_lodge_framebuffer_get_generation (LodgeFramebuffer *self)
{
  g_assert (LODGE_IS_FRAMEBUFFER (self));

  return self->generation;
}

guint64
_lodge_framebuffer_get_n_copied (LodgeFramebuffer *self)
{
  g_assert (LODGE_IS_FRAMEBUFFER (self));

  return self->n_copied;
}

GBytes *
_lodge_framebuffer_get_bytes (LodgeFramebuffer *self)
{
  g_assert (LODGE_IS_FRAMEBUFFER (self));

  lodge_framebuffer_pull (self);

  return self->shadow;
}

cairo_surface_t *
_lodge_framebuffer_get_surface (LodgeFramebuffer *self)
{
  static const cairo_user_data_key_t shadow_key;

  g_assert (LODGE_IS_FRAMEBUFFER (self));

  if (self->pixels != NULL && can_draw_as_it_is (self->format, self->stride, self->pixels))
    {
      /* Cairo wants it writable and does not write. */
      if (self->live_surface == NULL)
        self->live_surface =
          cairo_image_surface_create_for_data ((guint8 *)self->pixels, CAIRO_FORMAT_RGB24,
                                               self->width, self->height, self->stride);

      return self->live_surface;
    }

  lodge_framebuffer_pull (self);

  if (self->shadow_surface == NULL && self->shadow != NULL)
    {
      self->shadow_surface =
        cairo_image_surface_create_for_data ((guint8 *)g_bytes_get_data (self->shadow, NULL),
                                             CAIRO_FORMAT_RGB24,
                                             self->width, self->height, self->width * 4);
      cairo_surface_set_user_data (self->shadow_surface, &shadow_key,
                                   g_bytes_ref (self->shadow),
                                   (cairo_destroy_func_t)g_bytes_unref);
    }

  return self->shadow_surface;
}
