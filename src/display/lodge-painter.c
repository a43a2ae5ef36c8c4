/* lodge-painter.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <math.h>
#include <string.h>

#include "lodge-framebuffer-private.h"
#include "lodge-painter-private.h"
#include "lodge-transfer-memory-private.h"

/*
 * GTK compares the nodes of a frame with those of the one before and redraws where they differ;
 * the same pointer costs nothing. So there is one node a tile, kept until it must change. What
 * must change depends on the renderer.
 *
 * With cairo, a node is a recording that refers to the framebuffer's memory: drawn again, it shows
 * what is there now. The tiles are therefore made once, and damage is told by a *marker*: an empty
 * node, drawn after the tiles, whose bounds are exactly what is damaged. A new marker in the place
 * of the old one makes GTK redraw the bounds of both, no more. A marker is never taken away without
 * another in its place, since that would redraw its bounds for nothing.
 *
 * With GL and Vulkan, the pixels of a texture are uploaded once, so a damaged tile gets a new
 * texture: a slice of the framebuffer's memory without a copy. Where the picture is scaled, slices
 * overlap by a pixel, so that filtering at their edges sees what the neighbour has and leaves no
 * seam.
 */

/* GTK redraws everything if more than 30 rectangles changed, counting the old and the new one of
 * each marker. Above this many, one marker stands for a whole row of tiles, then for all.
 */
#define MAX_MARKERS 12

typedef struct
{
  GskRenderNode *node;
  GskRenderNode *marker;
  /* In pixels of the framebuffer; empty if x1 is 0. */
  int            x0;
  int            y0;
  int            x1;
  int            y1;
} Tile;

struct _LodgePainter
{
  Tile            *tiles;
  GskRenderNode  **row_markers;
  GskRenderNode   *marker;
  GskRenderNode   *picture;
  cairo_surface_t *transfer;
  LodgeTileGrid    grid;
  GdkRectangle     area;
  LodgePlacement   placement;
  guint            generation;
  guint            n_made;
  gboolean         for_cairo;
};

LodgePainter *
_lodge_painter_new (void)
{
  return g_new0 (LodgePainter, 1);
}

void
_lodge_painter_free (LodgePainter *self)
{
  _lodge_painter_clear (self);
  g_free (self);
}

void
_lodge_painter_clear (LodgePainter *self)
{
  if (self->tiles == NULL)
    return;

  for (int i = 0; i < self->grid.n_columns * self->grid.n_rows; i++)
    {
      g_clear_pointer (&self->tiles[i].node, gsk_render_node_unref);
      g_clear_pointer (&self->tiles[i].marker, gsk_render_node_unref);
    }

  for (int row = 0; row < self->grid.n_rows; row++)
    g_clear_pointer (&self->row_markers[row], gsk_render_node_unref);

  g_clear_pointer (&self->transfer, cairo_surface_destroy);
  g_clear_pointer (&self->picture, gsk_render_node_unref);
  g_clear_pointer (&self->marker, gsk_render_node_unref);
  g_clear_pointer (&self->row_markers, g_free);
  g_clear_pointer (&self->tiles, g_free);
}

guint
_lodge_painter_get_n_made (LodgePainter *self)
{
  return self->n_made;
}

GskRenderNode *
_lodge_painter_get_picture (LodgePainter    *self,
                            graphene_rect_t *bounds)
{
  const LodgePlacement *placement = &self->placement;

  if (self->tiles == NULL)
    return NULL;

  *bounds = GRAPHENE_RECT_INIT (placement->x, placement->y, placement->width, placement->height);

  return self->picture;
}

gboolean
_lodge_painter_damage (LodgePainter       *self,
                       const GdkRectangle *rectangle)
{
  GdkRectangle wide = { rectangle->x - 1, rectangle->y - 1,
                        rectangle->width + 2, rectangle->height + 2 };
  int first_column, last_column, first_row, last_row;

  /* The next frame will be the first. */
  if (self->tiles == NULL)
    return TRUE;

  /* Filtering carries a pixel over to its neighbours. */
  if (!gdk_rectangle_intersect (&wide, &self->area, &wide))
    return FALSE;

  _lodge_tile_grid_find (&self->grid, &wide, &first_column, &last_column, &first_row, &last_row);

  for (int row = first_row; row <= last_row; row++)
    for (int column = first_column; column <= last_column; column++)
      {
        Tile *tile = &self->tiles[row * self->grid.n_columns + column];
        int left = column * self->grid.tile_width, top = row * self->grid.tile_height;
        int x0 = MAX (wide.x, left), x1 = MIN (wide.x + wide.width, left + self->grid.tile_width);
        int y0 = MAX (wide.y, top), y1 = MIN (wide.y + wide.height, top + self->grid.tile_height);

        if (tile->x1 == 0)
          {
            tile->x0 = x0;
            tile->y0 = y0;
          }

        tile->x0 = MIN (tile->x0, x0);
        tile->y0 = MIN (tile->y0, y0);
        tile->x1 = MAX (tile->x1, x1);
        tile->y1 = MAX (tile->y1, y1);
      }

  return TRUE;
}

/* The part of a tile that is in the area. */
static gboolean
lodge_painter_get_tile (LodgePainter *self,
                        int           column,
                        int           row,
                        GdkRectangle *rectangle)
{
  *rectangle = (GdkRectangle) {
    column * self->grid.tile_width, row * self->grid.tile_height,
    self->grid.tile_width, self->grid.tile_height
  };

  return gdk_rectangle_intersect (rectangle, &self->area, rectangle);
}

/* Where pixels stand in the widget, to the fraction. */
static graphene_rect_t
lodge_painter_get_bounds (LodgePainter *self,
                          int           x0,
                          int           y0,
                          int           x1,
                          int           y1)
{
  const LodgePlacement *placement = &self->placement;
  double horizontal = placement->width / self->area.width;
  double vertical = placement->height / self->area.height;

  return GRAPHENE_RECT_INIT (placement->x + (x0 - self->area.x) * horizontal,
                             placement->y + (y0 - self->area.y) * vertical,
                             (x1 - x0) * horizontal, (y1 - y0) * vertical);
}

/* The device pixel that an edge is next to (towards -1, 0, 1), in widget units. */
static double
snap (double position,
      double start,
      double device_scale,
      int    towards)
{
  double pixels = (position - start) * device_scale;

  /* What is whole but for rounding stays. */
  if (towards < 0)
    pixels = floor (pixels + 1e-4);
  else if (towards > 0)
    pixels = ceil (pixels - 1e-4);
  else
    pixels = round (pixels);

  return start + pixels / device_scale;
}

/* The same on device pixels: outwards, or to the nearest, so that neighbours share an edge. */
static graphene_rect_t
lodge_painter_get_device_bounds (LodgePainter *self,
                                 int           x0,
                                 int           y0,
                                 int           x1,
                                 int           y1,
                                 gboolean      outwards)
{
  const LodgePlacement *placement = &self->placement;
  double horizontal = placement->width / self->area.width;
  double vertical = placement->height / self->area.height;
  double left = snap (placement->x + (x0 - self->area.x) * horizontal, placement->x,
                      placement->device_scale, outwards ? -1 : 0);
  double top = snap (placement->y + (y0 - self->area.y) * vertical, placement->y,
                     placement->device_scale, outwards ? -1 : 0);
  double right = snap (placement->x + (x1 - self->area.x) * horizontal, placement->x,
                       placement->device_scale, outwards ? 1 : 0);
  double bottom = snap (placement->y + (y1 - self->area.y) * vertical, placement->y,
                        placement->device_scale, outwards ? 1 : 0);

  return GRAPHENE_RECT_INIT (left, top, right - left, bottom - top);
}

/* Draws the picture from the origin on, @width units wide and @height units high. */
static void
lodge_painter_draw (LodgePainter    *self,
                    cairo_t         *cr,
                    cairo_surface_t *surface,
                    double           width,
                    double           height)
{
  const LodgePlacement *placement = &self->placement;
  cairo_filter_t filter = CAIRO_FILTER_BILINEAR;

  /* Two by two pixels are enough down to half the size. Below, cairo looks at all there are, at
   * six times the price.
   */
  if (placement->crisp)
    filter = CAIRO_FILTER_NEAREST;
  else if (placement->factor < 0.5)
    filter = CAIRO_FILTER_GOOD;

  cairo_scale (cr, width / self->area.width, height / self->area.height);
  cairo_set_source_surface (cr, surface, -self->area.x, -self->area.y);
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  cairo_pattern_set_filter (cairo_get_source (cr), filter);
  cairo_set_operator (cr, CAIRO_OPERATOR_SOURCE);
  cairo_paint (cr);
}

static GskRenderNode *
lodge_painter_make_cairo_node (LodgePainter       *self,
                               cairo_surface_t    *surface,
                               const GdkRectangle *tile)
{
  const LodgePlacement *placement = &self->placement;
  graphene_rect_t bounds =
    lodge_painter_get_device_bounds (self, tile->x, tile->y,
                                     tile->x + tile->width, tile->y + tile->height, FALSE);
  GskRenderNode *node = gsk_cairo_node_new (&bounds);
  cairo_t *cr = gsk_cairo_node_get_draw_context (node);

  cairo_translate (cr, placement->x, placement->y);
  lodge_painter_draw (self, cr, surface, placement->width, placement->height);
  cairo_destroy (cr);
  self->n_made++;

  return node;
}

/* All tiles as one node, which GTK then compares in one look. */
static GskRenderNode *
lodge_painter_make_picture (LodgePainter    *self,
                            cairo_surface_t *surface)
{
  g_autoptr(GPtrArray) nodes =
    g_ptr_array_new_with_free_func ((GDestroyNotify)gsk_render_node_unref);

  for (int row = 0; row < self->grid.n_rows; row++)
    for (int column = 0; column < self->grid.n_columns; column++)
      {
        GdkRectangle rectangle;

        if (lodge_painter_get_tile (self, column, row, &rectangle))
          g_ptr_array_add (nodes, lodge_painter_make_cairo_node (self, surface, &rectangle));
      }

  return gsk_container_node_new ((GskRenderNode **)nodes->pdata, nodes->len);
}

static void
lodge_painter_replace_marker (LodgePainter   *self,
                              GskRenderNode **marker,
                              int             x0,
                              int             y0,
                              int             x1,
                              int             y1)
{
  graphene_rect_t bounds = lodge_painter_get_device_bounds (self, x0, y0, x1, y1, TRUE);

  g_clear_pointer (marker, gsk_render_node_unref);
  *marker = gsk_cairo_node_new (&bounds);
  self->n_made++;
}

/* Replaces the markers of the damaged tiles of one row, or the marker of the row. Returns how many
 * were damaged.
 */
static guint
lodge_painter_mark_row (LodgePainter *self,
                        int           row,
                        gboolean      together)
{
  Tile *tiles = &self->tiles[row * self->grid.n_columns];
  Tile all = { NULL, NULL, G_MAXINT, G_MAXINT, 0, 0 };
  guint n_damaged = 0;

  for (int column = 0; column < self->grid.n_columns; column++)
    {
      Tile *tile = &tiles[column];

      if (tile->x1 == 0)
        continue;

      n_damaged++;
      all.x0 = MIN (all.x0, tile->x0);
      all.y0 = MIN (all.y0, tile->y0);
      all.x1 = MAX (all.x1, tile->x1);
      all.y1 = MAX (all.y1, tile->y1);

      if (!together)
        lodge_painter_replace_marker (self, &tile->marker, tile->x0, tile->y0, tile->x1, tile->y1);

      tile->x1 = 0;
    }

  if (together && n_damaged > 0)
    lodge_painter_replace_marker (self, &self->row_markers[row], all.x0, all.y0, all.x1, all.y1);

  return n_damaged;
}

static void
lodge_painter_mark (LodgePainter *self)
{
  guint n_damaged = 0, n_rows = 0;

  for (int row = 0; row < self->grid.n_rows; row++)
    {
      guint before = n_damaged;

      for (int column = 0; column < self->grid.n_columns; column++)
        n_damaged += self->tiles[row * self->grid.n_columns + column].x1 != 0;

      n_rows += n_damaged != before;
    }

  if (n_rows > MAX_MARKERS)
    {
      lodge_painter_replace_marker (self, &self->marker, self->area.x, self->area.y,
                                    self->area.x + self->area.width,
                                    self->area.y + self->area.height);
      for (int i = 0; i < self->grid.n_columns * self->grid.n_rows; i++)
        self->tiles[i].x1 = 0;
    }
  else if (n_damaged > 0)
    {
      for (int row = 0; row < self->grid.n_rows; row++)
        lodge_painter_mark_row (self, row, n_damaged > MAX_MARKERS);
    }
}

static void
lodge_painter_snapshot_cairo (LodgePainter    *self,
                              GtkSnapshot     *snapshot,
                              cairo_surface_t *surface)
{
  if (self->picture == NULL)
    self->picture = lodge_painter_make_picture (self, surface);

  gtk_snapshot_append_node (snapshot, self->picture);
  lodge_painter_mark (self);

  for (int i = 0; i < self->grid.n_columns * self->grid.n_rows; i++)
    if (self->tiles[i].marker != NULL)
      gtk_snapshot_append_node (snapshot, self->tiles[i].marker);

  for (int row = 0; row < self->grid.n_rows; row++)
    if (self->row_markers[row] != NULL)
      gtk_snapshot_append_node (snapshot, self->row_markers[row]);

  if (self->marker != NULL)
    gtk_snapshot_append_node (snapshot, self->marker);
}

#if GTK_CHECK_VERSION (4, 10, 0)

/* GTK scales to widget units with the filter it was given, and from there to device pixels with
 * its own, which blurs; so the node is measured in device pixels.
 */
static GskRenderNode *
make_filtered_node (GdkTexture            *texture,
                    const graphene_rect_t *bounds,
                    float                  scale,
                    GskScalingFilter       filter)
{
  g_autoptr(GskTransform) transform = NULL;
  g_autoptr(GskRenderNode) node = NULL;
  graphene_rect_t device_bounds;

  if (scale == 1)
    return gsk_texture_scale_node_new (texture, bounds, filter);

  transform = gsk_transform_scale (NULL, 1 / scale, 1 / scale);
  graphene_rect_scale (bounds, scale, scale, &device_bounds);
  node = gsk_texture_scale_node_new (texture, &device_bounds, filter);

  return gsk_transform_node_new (node, transform);
}

#else

/* Before 4.10, textures are always filtered: crisp pixels must come as such. */
static GdkTexture *
make_enlarged_texture (const guint32      *pixels,
                       int                 stride,
                       const GdkRectangle *rectangle,
                       int                 factor)
{
  int width = rectangle->width * factor, height = rectangle->height * factor;
  guint32 *enlarged = g_new (guint32, (gsize)width * height);
  g_autoptr(GBytes) bytes = g_bytes_new_take (enlarged, (gsize)width * height * 4);

  for (int y = 0; y < rectangle->height; y++)
    {
      const guint32 *source = pixels + (gsize)(rectangle->y + y) * stride + rectangle->x;
      guint32 *dest = enlarged + (gsize)y * factor * width;

      for (int x = 0; x < width; x++)
        dest[x] = source[x / factor];

      for (int i = 1; i < factor; i++)
        memcpy (dest + (gsize)i * width, dest, (gsize)width * 4);
    }

  return gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, (gsize)width * 4);
}

#endif

static GskRenderNode *
lodge_painter_make_texture_node (LodgePainter       *self,
                                 LodgeFramebuffer   *framebuffer,
                                 GBytes             *bytes,
                                 const GdkRectangle *tile)
{
  const LodgePlacement *placement = &self->placement;
  gsize width = lodge_framebuffer_get_width (framebuffer);
  GdkRectangle slice = *tile;
  g_autoptr(GBytes) slice_bytes = NULL;
  g_autoptr(GdkTexture) texture = NULL;
  graphene_rect_t bounds;

  if (!placement->crisp)
    {
      slice = (GdkRectangle) { tile->x - 1, tile->y - 1, tile->width + 2, tile->height + 2 };
      gdk_rectangle_intersect (&slice, &self->area, &slice);
    }

  bounds = lodge_painter_get_bounds (self, slice.x, slice.y,
                                     slice.x + slice.width, slice.y + slice.height);
  self->n_made++;

#if !GTK_CHECK_VERSION (4, 10, 0)
  if (placement->crisp && placement->factor > 1)
    {
      texture = make_enlarged_texture (g_bytes_get_data (bytes, NULL), width, &slice,
                                       placement->factor);
      return gsk_texture_node_new (texture, &bounds);
    }
#endif

  slice_bytes = g_bytes_new_from_bytes (bytes, (slice.y * width + slice.x) * 4,
                                        ((slice.height - 1) * width + slice.width) * 4);
  texture = gdk_memory_texture_new (slice.width, slice.height, GDK_MEMORY_DEFAULT,
                                    slice_bytes, width * 4);

#if GTK_CHECK_VERSION (4, 10, 0)
  if (placement->crisp && placement->factor > 1)
    return make_filtered_node (texture, &bounds, placement->device_scale,
                               GSK_SCALING_FILTER_NEAREST);
  if (placement->factor < 0.5)
    return make_filtered_node (texture, &bounds, placement->device_scale,
                               GSK_SCALING_FILTER_TRILINEAR);
#endif

  return gsk_texture_node_new (texture, &bounds);
}

static void
lodge_painter_snapshot_textures (LodgePainter     *self,
                                 GtkSnapshot      *snapshot,
                                 LodgeFramebuffer *framebuffer)
{
  GBytes *bytes = _lodge_framebuffer_get_bytes (framebuffer);

  for (int row = 0; row < self->grid.n_rows; row++)
    for (int column = 0; column < self->grid.n_columns; column++)
      {
        Tile *tile = &self->tiles[row * self->grid.n_columns + column];
        GdkRectangle rectangle;

        if (!lodge_painter_get_tile (self, column, row, &rectangle))
          continue;

        if (tile->x1 != 0)
          {
            tile->x1 = 0;
            g_clear_pointer (&tile->node, gsk_render_node_unref);
          }

        if (tile->node == NULL)
          tile->node = lodge_painter_make_texture_node (self, framebuffer, bytes, &rectangle);

        gtk_snapshot_append_node (snapshot, tile->node);
      }
}

void
_lodge_painter_snapshot (LodgePainter         *self,
                         GtkSnapshot          *snapshot,
                         LodgeFramebuffer     *framebuffer,
                         const GdkRectangle   *area,
                         const LodgePlacement *placement,
                         GdkSurface           *cairo_target)
{
  gboolean for_cairo = cairo_target != NULL;
  cairo_surface_t *surface = NULL;
  guint generation;

  if (for_cairo)
    surface = _lodge_framebuffer_get_surface (framebuffer);

  generation = _lodge_framebuffer_get_generation (framebuffer);

  if (self->tiles == NULL ||
      self->generation != generation ||
      self->for_cairo != for_cairo ||
      !gdk_rectangle_equal (&self->area, area) ||
      !_lodge_placement_equal (&self->placement, placement))
    {
      _lodge_painter_clear (self);
      self->generation = generation;
      self->for_cairo = for_cairo;
      self->area = *area;
      self->placement = *placement;
      _lodge_framebuffer_get_grid (framebuffer, &self->grid);
      self->tiles = g_new0 (Tile, self->grid.n_columns * self->grid.n_rows);
      self->row_markers = g_new0 (GskRenderNode *, self->grid.n_rows);

      if (for_cairo)
        self->transfer =
          _lodge_transfer_memory_hold (cairo_target,
                                       ceil (placement->width * placement->device_scale),
                                       ceil (placement->height * placement->device_scale));
    }

  if (for_cairo)
    lodge_painter_snapshot_cairo (self, snapshot, surface);
  else
    lodge_painter_snapshot_textures (self, snapshot, framebuffer);
}

/* The pixels of the device that a tile's damage is seen on, from the picture's corner. */
static GdkRectangle
lodge_painter_get_device_damage (LodgePainter *self,
                                 const Tile   *tile)
{
  graphene_rect_t bounds =
    lodge_painter_get_device_bounds (self, tile->x0, tile->y0, tile->x1, tile->y1, TRUE);
  double scale = self->placement.device_scale;

  return (GdkRectangle) {
    round ((bounds.origin.x - self->placement.x) * scale),
    round ((bounds.origin.y - self->placement.y) * scale),
    round (bounds.size.width * scale), round (bounds.size.height * scale)
  };
}

gboolean
_lodge_painter_is_damaged (LodgePainter *self)
{
  if (self->tiles == NULL)
    return TRUE;

  for (int i = 0; i < self->grid.n_columns * self->grid.n_rows; i++)
    if (self->tiles[i].x1 != 0)
      return TRUE;

  return FALSE;
}

cairo_region_t *
_lodge_painter_take_damage (LodgePainter         *self,
                            LodgeFramebuffer     *framebuffer,
                            const cairo_region_t *open)
{
  cairo_region_t *damage = cairo_region_create ();

  /* Where the pixels lie has changed: nothing fits until GTK has painted. */
  if (self->picture == NULL || self->generation != _lodge_framebuffer_get_generation (framebuffer))
    return damage;

  for (int i = 0; i < self->grid.n_columns * self->grid.n_rows; i++)
    {
      GdkRectangle rectangle;

      if (self->tiles[i].x1 == 0)
        continue;

      rectangle = lodge_painter_get_device_damage (self, &self->tiles[i]);
      if (cairo_region_contains_rectangle (open, &rectangle) != CAIRO_REGION_OVERLAP_IN)
        continue;

      cairo_region_union_rectangle (damage, &rectangle);
      self->tiles[i].x1 = 0;
    }

  return damage;
}

void
_lodge_painter_draw (LodgePainter         *self,
                     LodgeFramebuffer     *framebuffer,
                     cairo_t              *cr)
{
  double scale = self->placement.device_scale;

  lodge_painter_draw (self, cr, _lodge_framebuffer_get_surface (framebuffer),
                      self->placement.width * scale, self->placement.height * scale);
}
