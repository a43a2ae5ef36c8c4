/* lodge-cover.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <math.h>

#include "lodge-cover-private.h"

/*
 * The tree of render nodes says in which order what is drawn where. GTK keeps the node of each
 * widget until it must be drawn anew, so to have the tree once more after a frame costs next to
 * nothing, and it is what stands in the window.
 *
 * What is drawn before the picture is behind it. What comes after it covers it within its bounds.
 * Only boxes, shifts and clips may be around it.
 */

/* More than any theme rounds the corners of a window. */
#define WINDOW_RADIUS 24

typedef struct
{
  GskRenderNode   *picture;
  graphene_rect_t  bounds;
  cairo_region_t  *open;
  double           scale;
  /* The picture's corner, in device pixels of the window widget. */
  double           x;
  double           y;
} Walk;

/* @rectangle is in units of the window widget. */
static GdkRectangle
walk_get_pixels (const Walk            *self,
                 const graphene_rect_t *rectangle,
                 gboolean               outwards)
{
  double x0 = rectangle->origin.x * self->scale - self->x;
  double y0 = rectangle->origin.y * self->scale - self->y;
  double x1 = x0 + rectangle->size.width * self->scale;
  double y1 = y0 + rectangle->size.height * self->scale;
  GdkRectangle pixels;

  /* What is whole but for rounding stays; what is endless becomes less so. */
  x0 = CLAMP (outwards ? floor (x0 + 1e-3) : ceil (x0 - 1e-3), -1e6, 1e6);
  y0 = CLAMP (outwards ? floor (y0 + 1e-3) : ceil (y0 - 1e-3), -1e6, 1e6);
  x1 = CLAMP (outwards ? ceil (x1 - 1e-3) : floor (x1 + 1e-3), x0, 1e6);
  y1 = CLAMP (outwards ? ceil (y1 - 1e-3) : floor (y1 + 1e-3), y0, 1e6);

  pixels = (GdkRectangle) { x0, y0, x1 - x0, y1 - y0 };

  return pixels;
}

static void
walk_found (Walk   *self,
            double  x,
            double  y)
{
  self->x = (x + self->bounds.origin.x) * self->scale;
  self->y = (y + self->bounds.origin.y) * self->scale;

  /* The picture is laid out on whole pixels; if it does not stand on them, it is not as it was. */
  if (fabs (self->x - round (self->x)) > 1e-3 || fabs (self->y - round (self->y)) > 1e-3)
    self->open = cairo_region_create ();
  else
    self->open = cairo_region_create_rectangle (&(GdkRectangle) {
      0, 0, round (self->bounds.size.width * self->scale),
      round (self->bounds.size.height * self->scale)
    });
}

static void
walk_cover (Walk                  *self,
            const graphene_rect_t *rectangle)
{
  GdkRectangle pixels = walk_get_pixels (self, rectangle, TRUE);

  cairo_region_subtract_rectangle (self->open, &pixels);
}

static void
walk_clip (Walk                  *self,
           const graphene_rect_t *rectangle)
{
  GdkRectangle pixels = walk_get_pixels (self, rectangle, FALSE);

  cairo_region_intersect_rectangle (self->open, &pixels);
}

static void
walk_clip_corners (Walk                  *self,
                   const graphene_rect_t *rectangle,
                   const graphene_size_t *corners)
{
  float right = rectangle->origin.x + rectangle->size.width;
  float bottom = rectangle->origin.y + rectangle->size.height;

  walk_clip (self, rectangle);
  for (int i = 0; i < 4; i++)
    {
      float width = corners[i].width, height = corners[i].height;

      /* Clockwise from the top left, as GskCorner counts. */
      walk_cover (self, &GRAPHENE_RECT_INIT (i == 0 || i == 3 ? rectangle->origin.x : right - width,
                                             i < 2 ? rectangle->origin.y : bottom - height,
                                             width, height));
    }
}

static graphene_rect_t
moved (const graphene_rect_t *rectangle,
       double                 x,
       double                 y)
{
  graphene_rect_t result;

  graphene_rect_offset_r (rectangle, x, y, &result);

  return result;
}

static void walk_node (Walk          *self,
                       GskRenderNode *node,
                       double         x,
                       double         y);

static void
walk_leaf (Walk          *self,
           GskRenderNode *node,
           double         x,
           double         y)
{
  graphene_rect_t bounds;

  if (self->open == NULL)
    return;

  /* One in which nothing is drawn marks what has changed. */
  if (gsk_render_node_get_node_type (node) == GSK_CAIRO_NODE &&
      gsk_cairo_node_get_surface (node) == NULL)
    return;

  gsk_render_node_get_bounds (node, &bounds);
  bounds = moved (&bounds, x, y);
  walk_cover (self, &bounds);
}

static void
walk_transform (Walk          *self,
                GskRenderNode *node,
                double         x,
                double         y)
{
  GskTransform *transform = gsk_transform_node_get_transform (node);
  float dx, dy;

  if (gsk_transform_get_category (transform) < GSK_TRANSFORM_CATEGORY_2D_TRANSLATE)
    {
      walk_leaf (self, node, x, y);
      return;
    }

  gsk_transform_to_translate (transform, &dx, &dy);
  walk_node (self, gsk_transform_node_get_child (node), x + dx, y + dy);
}

static void
walk_clip_node (Walk          *self,
                GskRenderNode *node,
                double         x,
                double         y)
{
  gboolean rounded = gsk_render_node_get_node_type (node) == GSK_ROUNDED_CLIP_NODE;
  graphene_rect_t clip;

  /* What is clipped and in front covers no more than the clip. */
  if (self->open != NULL)
    {
      walk_leaf (self, node, x, y);
      return;
    }

  walk_node (self, rounded ? gsk_rounded_clip_node_get_child (node)
                           : gsk_clip_node_get_child (node), x, y);
  if (self->open == NULL)
    return;

  if (rounded)
    {
      const GskRoundedRect *outline = gsk_rounded_clip_node_get_clip (node);

      clip = moved (&outline->bounds, x, y);
      walk_clip_corners (self, &clip, outline->corner);
    }
  else
    {
      clip = moved (gsk_clip_node_get_clip (node), x, y);
      walk_clip (self, &clip);
    }
}

static void
walk_node (Walk          *self,
           GskRenderNode *node,
           double         x,
           double         y)
{
  if (node == self->picture)
    {
      walk_found (self, x, y);
      return;
    }

  switch ((int)gsk_render_node_get_node_type (node))
    {
    case GSK_CONTAINER_NODE:
      for (guint i = 0; i < gsk_container_node_get_n_children (node); i++)
        walk_node (self, gsk_container_node_get_child (node, i), x, y);
      break;

    case GSK_TRANSFORM_NODE:
      walk_transform (self, node, x, y);
      break;

    case GSK_CLIP_NODE:
    case GSK_ROUNDED_CLIP_NODE:
      walk_clip_node (self, node, x, y);
      break;

    case GSK_DEBUG_NODE:
      walk_node (self, gsk_debug_node_get_child (node), x, y);
      break;

    default:
      walk_leaf (self, node, x, y);
    }
}

/* A window that stands free, with borders of its own, may have round corners. Its own node is out
 * of reach; the classes are what GTK gives it for its style.
 */
static void
walk_window (Walk      *self,
             GtkWidget *window)
{
  const graphene_size_t radius = GRAPHENE_SIZE_INIT (WINDOW_RADIUS, WINDOW_RADIUS);
  const graphene_size_t corners[] = { radius, radius, radius, radius };
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (window),
                                               gtk_widget_get_height (window));

  if (GTK_IS_WINDOW (window) &&
      (!gtk_widget_has_css_class (window, "csd") ||
       gtk_widget_has_css_class (window, "solid-csd") ||
       gtk_widget_has_css_class (window, "maximized") ||
       gtk_widget_has_css_class (window, "fullscreen")))
    walk_clip (self, &bounds);
  else
    walk_clip_corners (self, &bounds, corners);

  if (gtk_widget_get_opacity (window) < 1)
    g_clear_pointer (&self->open, cairo_region_destroy);
}

void
_lodge_cover_init (LodgeCover            *self,
                   GtkWidget             *widget,
                   GskRenderNode         *picture,
                   const graphene_rect_t *bounds)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_native (widget));
  Walk walk = { .picture = picture, .bounds = *bounds };
  g_autoptr(GskRenderNode) node = NULL;
  GtkSnapshot *snapshot;
  double dx, dy;

  *self = (LodgeCover) { 0, };
  if (window == NULL || picture == NULL || !gtk_widget_get_mapped (widget))
    return;

  snapshot = gtk_snapshot_new ();
  for (GtkWidget *child = gtk_widget_get_first_child (window); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    gtk_widget_snapshot_child (window, child, snapshot);
  node = gtk_snapshot_free_to_node (snapshot);

  walk.scale = gtk_widget_get_scale_factor (widget);
  if (node != NULL)
    walk_node (&walk, node, 0, 0);
  if (walk.open != NULL)
    walk_window (&walk, window);

  gtk_native_get_surface_transform (GTK_NATIVE (window), &dx, &dy);
  self->open = walk.open;
  self->x = round (walk.x + dx * walk.scale);
  self->y = round (walk.y + dy * walk.scale);
}
