/* draw.c: smooth shapes on the canvas.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A shape is a path of straight edges in sixteenths of a pixel. Each row of pixels is cut four
 * times; what lies inside (by the nonzero rule, so that overlapping pieces of one path are one
 * shape) is added up as coverage, 64 for a whole pixel.
 */

#include "demo.h"

#define MAX_EDGES 4096
#define MAX_WIDTH 4096

typedef struct
{
  int x0, y0, x1, y1, direction;
} Edge;

static Edge edges[MAX_EDGES];
static u32 n_edges, first_edge;
static int start_x, start_y, last_x, last_y;
static int coverage[MAX_WIDTH + 2];

/* cosines of a sixteenth of a circle each, times 1024 */
static const short round16[17] = { 1024, 946, 724, 392, 0, -392, -724, -946, -1024,
                                   -946, -724, -392, 0, 392, 724, 946, 1024 };

u32
mix (u32 from,
     u32 to,
     u32 part)
{
  u32 red_blue = ((from & 0xff00ff) * (256 - part) + (to & 0xff00ff) * part) >> 8 & 0xff00ff;
  u32 green = ((from & 0xff00) * (256 - part) + (to & 0xff00) * part) >> 8 & 0xff00;

  return red_blue | green;
}

static u32
square_root (u32 number)
{
  u32 root = 0;

  for (u32 bit = 1u << 30; bit; bit >>= 2)
    if (number >= root + bit)
      {
        number -= root + bit;
        root = (root >> 1) + bit;
      }
    else
      root >>= 1;
  return root;
}

static void
add_edge (int x0,
          int y0,
          int x1,
          int y1)
{
  Edge *edge = edges + n_edges;

  if (n_edges == MAX_EDGES)
    return;
  n_edges++;
  *edge = y0 <= y1 ? (Edge){ x0, y0, x1, y1, 1 } : (Edge){ x1, y1, x0, y0, -1 };
}

void
path_move (int x,
           int y)
{
  first_edge = n_edges;
  start_x = last_x = x;
  start_y = last_y = y;
}

void
path_line (int x,
           int y)
{
  add_edge (last_x, last_y, x, y);
  last_x = x;
  last_y = y;
}

/* Ends a piece of the path, and turns it so that all pieces go round the same way. */
void
path_close (void)
{
  int area = 0;

  path_line (start_x, start_y);
  for (u32 i = first_edge; i < n_edges; i++)
    area += edges[i].direction * (edges[i].x0 - start_x + edges[i].x1 - start_x)
            * ((edges[i].y1 - edges[i].y0)) / 32;
  if (area < 0)
    for (u32 i = first_edge; i < n_edges; i++)
      edges[i].direction = -edges[i].direction;
}

void
path_circle (int x,
             int y,
             int radius)
{
  path_move (x + radius, y);
  for (u32 i = 0; i < 16; i++)
    {
      /* the point between two sixteenths lies on the circle as well */
      int c = (round16[i] + round16[i + 1]) * 522 / 1024, s = (round16[(i + 12) % 16]
              + round16[(i + 13) % 16]) * 522 / 1024;

      if (i)
        path_line (x + radius * round16[i] / 1024, y + radius * round16[(i + 12) % 16] / 1024);
      if (radius > 64)
        path_line (x + radius * c / 1024, y + radius * s / 1024);
    }
  path_close ();
}

/* A line with round ends. */
void
path_stroke (int x0,
             int y0,
             int x1,
             int y1,
             int radius)
{
  int dx = x1 - x0, dy = y1 - y0;
  int length = square_root (dx * dx + dy * dy);

  path_circle (x0, y0, radius);
  if (!length)
    return;
  path_circle (x1, y1, radius);
  dx = dx * radius / length;
  dy = dy * radius / length;
  path_move (x0 - dy, y0 + dx);
  path_line (x1 - dy, y1 + dx);
  path_line (x1 + dy, y1 - dx);
  path_line (x0 + dy, y0 - dx);
  path_close ();
}

void
path_rounded (int x,
              int y,
              int width,
              int height,
              int radius)
{
  path_move (x + width, y + height - radius);
  for (u32 i = 0; i < 16; i++)
    {
      u32 quarter = i / 4;
      int cx = quarter == 0 || quarter == 3 ? x + width - radius : x + radius;
      int cy = quarter < 2 ? y + height - radius : y + radius;

      path_line (cx + radius * round16[i] / 1024, cy + radius * round16[(i + 12) % 16] / 1024);
      path_line (cx + radius * (round16[i] + round16[i + 1]) * 522 / 1048576,
                 cy + radius * (round16[(i + 12) % 16] + round16[(i + 13) % 16]) * 522 / 1048576);
      path_line (cx + radius * round16[i + 1] / 1024,
                 cy + radius * round16[(i + 13) % 16] / 1024);
    }
  path_close ();
}

static void
cover (int from,
       int to)
{
  int first, last;

  from = MAX (from, 0);
  to = MIN (to, (int)W * 16);
  if (from >= to)
    return;
  first = from >> 4;
  last = to >> 4;
  if (first == last)
    {
      coverage[first] += to - from;
      return;
    }
  coverage[first] += 16 - (from & 15);
  for (int x = first + 1; x < last; x++)
    coverage[x] += 16;
  coverage[last] += to & 15;
}

/* Adds what one cut through the path at @y covers. */
static void
cut (int y)
{
  static struct { int x, direction; } crossings[MAX_EDGES];
  u32 n = 0;
  int winding = 0;

  for (Edge *edge = edges; edge < edges + n_edges; edge++)
    if (edge->y0 <= y && y < edge->y1)
      {
        int rise = edge->y1 - edge->y0, run = edge->x1 - edge->x0, part = y - edge->y0;
        /* in two steps: a product of both could be too large */
        int x = edge->x0 + run / rise * part + run % rise * part / rise;
        u32 at = n++;

        for (; at && crossings[at - 1].x > x; at--)
          crossings[at] = crossings[at - 1];
        crossings[at].x = x;
        crossings[at].direction = edge->direction;
      }
  for (u32 i = 0; i + 1 < n; i++)
    {
      winding += crossings[i].direction;
      if (winding)
        cover (crossings[i].x, crossings[i + 1].x);
    }
}

/* Fills the path with colours from @top to @bottom and forgets it. @opacity: 256 hides what is
 * below.
 */
void
path_fill (u32 top,
           u32 bottom,
           u32 opacity)
{
  int left = 0x7fffffff, right = -left, upper = left, lower = -left;

  for (Edge *edge = edges; edge < edges + n_edges; edge++)
    {
      left = MIN (left, MIN (edge->x0, edge->x1));
      right = MAX (right, MAX (edge->x0, edge->x1));
      upper = MIN (upper, edge->y0);
      lower = MAX (lower, edge->y1);
    }
  left = MAX (left >> 4, 0);
  right = MIN (right >> 4, (int)W - 1);

  for (int y = MAX (upper >> 4, 0); y <= MIN (lower >> 4, (int)H - 1) && left <= right; y++)
    {
      u32 part = lower > upper ? MIN (MAX ((y * 16 - upper) * 16 / ((lower - upper + 15) / 16), 0), 256) : 0;
      u32 colour = mix (top, bottom, part);
      u32 *row = canvas + y * W;

      for (int i = 2; i < 16; i += 4)
        cut (y * 16 + i);
      for (int x = left; x <= right; x++)
        {
          if (coverage[x])
            row[x] = mix (row[x], colour, coverage[x] * opacity / 64);
          coverage[x] = 0;
        }
    }
  n_edges = 0;
}

/* Light around a point: strongest in the middle, gone at @radius. */
void
draw_glow (int x,
           int y,
           int radius,
           u32 colour,
           u32 opacity)
{
  int cx = x >> 4, cy = y >> 4, r = radius >> 4;

  for (int j = MAX (cy - r, 0); j < MIN (cy + r, (int)H); j++)
    for (int i = MAX (cx - r, 0); i < MIN (cx + r, (int)W); i++)
      {
        int rest = r * r - (i - cx) * (i - cx) - (j - cy) * (j - cy);
        u32 *pixel = canvas + j * W + i;
        u32 part;

        if (rest <= 0)
          continue;
        part = rest / (r * r / 256 + 1);
        *pixel = mix (*pixel, colour, part * part / 256 * opacity / 256);
      }
}
