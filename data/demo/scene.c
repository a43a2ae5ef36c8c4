/* scene.c: the lodge at night.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The picture is laid out for 1024 x 768 and grows with the screen; a wider screen shows more of the
 * mountains on both sides. All numbers in calls are in that layout.
 */

#include "demo.h"
#include "layout.h"

static int scale;               /* 256: as laid out */
static int origin_x, origin_y;

int
layout_size (int size)
{
  return size * scale / 16;
}

int
layout_x (int x)
{
  return origin_x + x * scale / 16;
}

int
layout_y (int y)
{
  return origin_y + y * scale / 16;
}

static void
corner (int x,
        int y)
{
  path_line (layout_x (x), layout_y (y));
}

static void
triangle (int x0,
          int y0,
          int x1,
          int y1,
          int x2,
          int y2)
{
  path_move (layout_x (x0), layout_y (y0));
  corner (x1, y1);
  corner (x2, y2);
  path_close ();
}

static void
box (int x,
     int y,
     int width,
     int height)
{
  path_move (layout_x (x), layout_y (y));
  corner (x + width, y);
  corner (x + width, y + height);
  corner (x, y + height);
  path_close ();
}

void
layout_label (int         x,
       int         y,
       int         height,
       int         weight,
       u32         colour,
       const char *text)
{
  draw_text (layout_x (x), layout_y (y), layout_size (height), MAX (layout_size (weight) / 16, 9), colour, text);
}

/* The same stars every night. */
static u32
chance (u32 below)
{
  static u32 seed;

  if (!below)
    return seed = 20;
  seed = seed * 1664525 + 1013904223;
  return (seed >> 8) % below;
}

static void
draw_sky (void)
{
  static const struct { u8 at; u32 colour; } bands[] = {
    { 0, 0x080d2b }, { 70, 0x142457 }, { 130, 0x34407f }, { 175, 0x8a6a9c }, { 205, 0xe39a8e },
    { 228, 0xffc98f }, { 255, 0xffdba8 },
  };
  u32 band = 0;

  for (u32 y = 0; y < H; y++)
    {
      u32 part = y * 330 / H;

      part = MIN (part, 255);
      while (band + 2 < COUNT (bands) && part >= bands[band + 1].at)
        band++;
      fill32 (canvas + y * W, mix (bands[band].colour, bands[band + 1].colour,
                                   (part - bands[band].at) * 256
                                   / (bands[band + 1].at - bands[band].at)), W);
    }

  chance (0);
  for (u32 i = 0; i < 260; i++)
    {
      int x = (int)chance (1600) - 288, y = chance (380), bright = chance (100);

      path_circle (layout_x (x), layout_y (y), layout_size (1) * (bright > 90 ? 24 : bright > 60 ? 16 : 11) / 16);
      path_fill (CREAM, CREAM, bright * (400 - y) / 200 + 30);
      if (bright > 92 && y < 240)
        draw_glow (layout_x (x), layout_y (y), layout_size (9), 0xbfd0ff, 110);
    }
}

static void
draw_moon (void)
{
  draw_glow (layout_x (842), layout_y (150), layout_size (250), 0xaebcf0, 90);
  draw_glow (layout_x (842), layout_y (150), layout_size (110), 0xfff1d6, 110);
  path_circle (layout_x (842), layout_y (150), layout_size (50));
  path_fill (0xfffaea, 0xf3dfb6, 256);
  path_circle (layout_x (826), layout_y (138), layout_size (10));
  path_circle (layout_x (858), layout_y (166), layout_size (13));
  path_circle (layout_x (862), layout_y (130), layout_size (6));
  path_circle (layout_x (832), layout_y (174), layout_size (6));
  path_fill (0xe2cda4, 0xe2cda4, 130);
}

/* A mountain with its light side to the right, where the moon is. */
static void
draw_peak (int x,
           int top,
           int half,
           int base,
           u32 light,
           u32 dark,
           u32 haze)
{
  int height = base - top, snow = height * 2 / 5;
  int reach = half * snow / height, notch = snow / 4;

  triangle (x, top, x + half, base, x - half, base);
  path_fill (light, haze, 256);
  path_move (layout_x (x), layout_y (top));
  corner (x - half, base);
  corner (x - half / 5, base);
  corner (x + half / 12, top + height * 3 / 5);
  corner (x - half / 14, top + height * 2 / 5);
  corner (x + half / 20, top + height / 5);
  path_close ();
  path_fill (dark, mix (dark, haze, 200), 256);

  path_move (layout_x (x), layout_y (top));
  corner (x + reach, top + snow);
  corner (x + reach * 3 / 5, top + snow - notch);
  corner (x + reach / 4, top + snow + notch);
  corner (x, top + snow - notch);
  corner (x - reach / 3, top + snow + notch / 2);
  corner (x - reach * 2 / 3, top + snow - notch);
  corner (x - reach, top + snow);
  path_close ();
  path_fill (0xfdfaff, 0xd3d9f2, 245);
  path_move (layout_x (x), layout_y (top));
  corner (x - reach, top + snow);
  corner (x - reach * 2 / 3, top + snow - notch);
  corner (x - reach / 3, top + snow + notch / 2);
  corner (x - reach / 8, top + snow - notch);
  corner (x + half / 40, top + height / 5);
  path_close ();
  path_fill (0xa9b3dd, 0x8f9acd, 230);
}

static void
draw_mountains (void)
{
  static const short far[][3] = { { -330, 320, 260 }, { -60, 350, 250 }, { 190, 300, 280 },
                                  { 520, 340, 260 }, { 960, 310, 280 }, { 1290, 345, 270 } };
  static const short near[][3] = { { -250, 390, 240 }, { 50, 330, 300 }, { 330, 322, 310 },
                                   { 690, 352, 270 }, { 1090, 372, 260 }, { 1350, 392, 240 } };

  for (u32 i = 0; i < COUNT (far); i++)
    draw_peak (far[i][0], far[i][1], far[i][2], 600, 0x8d90c4, 0x6a6fae, 0xd9a3a6);
  for (u32 i = 0; i < COUNT (near); i++)
    draw_peak (near[i][0], near[i][1], near[i][2], 640, 0x5f6cac, 0x39437f, 0x8c7fae);
}

static void
draw_pine (int x,
           int foot,
           int height,
           u32 colour)
{
  int half = height * 5 / 16;

  box (x - height / 28 - 1, foot - height / 8, height / 14 + 2, height / 8);
  for (int tier = 0; tier < 4; tier++)
    {
      int top = foot - height + tier * height / 5, wide = half * (tier + 2) / 5;

      triangle (x, top, x + wide, top + height * 3 / 8 - tier * height / 40,
                x - wide, top + height * 3 / 8 - tier * height / 40);
    }
  path_fill (mix (colour, 0x6f82b8, 60), colour, 256);
}

static void
draw_snowy_pine (int x,
                 int foot,
                 int height)
{
  draw_pine (x, foot, height, 0x14233f);
  for (int tier = 0; tier < 4; tier++)
    {
      int top = foot - height + tier * height / 5, wide = height * (tier + 2) / 16 / 2;

      triangle (x, top, x + wide, top + height / 5, x + wide / 5, top + height / 6);
    }
  path_fill (0xe8edff, 0xb6c3ea, 190);
}

static void
draw_forest (void)
{
  chance (0);
  for (int x = -300; x < 1330; x += 19)
    draw_pine (x + chance (14), 566 + chance (10), 44 + chance (46), 0x232f5c);
}

static void
draw_snow (void)
{
  path_move (0, H * 16);
  for (int i = 0; i <= 32; i++)
    {
      /* a low hill on the right, on which the lodge stands */
      int x = -288 + i * 50, d = x - 760;
      int y = 562 + (d * d > 400 * 400 ? 24 : 24 * (d * d / 100) / 1600);

      path_line (layout_x (x), layout_y (y));
    }
  path_line (W * 16, H * 16);
  path_close ();
  path_fill (0xdfe6fb, 0x6478b4, 256);

  path_move (0, H * 16);
  for (int i = 0; i <= 32; i++)
    {
      int x = -288 + i * 50, d = x - 200;

      path_line (layout_x (x), layout_y (618 + d * d / 14000 * (d > 0 ? 1 : 2) - (i & 1)));
    }
  path_line (W * 16, H * 16);
  path_close ();
  path_fill (0xb9c6ec, 0x34457f, 256);
}

static void
draw_window (int x,
             int y,
             int width,
             int height)
{
  draw_glow (layout_x (x + width / 2), layout_y (y + height / 2), layout_size (width + height), AMBER, 120);
  box (x - 4, y - 4, width + 8, height + 8);
  path_fill (0x3a2218, 0x2a1711, 256);
  box (x, y, width, height);
  path_fill (0xfff0b8, AMBER, 256);
  box (x + width / 2 - 1, y, 3, height);
  box (x, y + height / 2 - 1, width, 3);
  path_fill (0x3a2218, 0x2a1711, 256);
}

static void
draw_walls (void)
{
  box (676, 484, 216, 102);
  path_fill (0x8a5636, 0x5d3622, 256);
  triangle (676, 484, 892, 484, 784, 400);
  path_fill (0x6f4229, 0x8a5636, 256);
  for (int y = 484; y < 586; y += 15)
    {
      box (676, y + 11, 216, 4);
      path_fill (0x3f2417, 0x3f2417, 150);
    }
  for (int y = 424; y < 484; y += 15)
    {
      box (784 - (y - 396) * 5 / 4, y + 11, (y - 396) * 5 / 2, 3);
      path_fill (0x3f2417, 0x3f2417, 120);
    }
}

static void
draw_roof (void)
{
  box (836, 388, 26, 60);
  path_fill (0x6b5a5e, 0x4b3d42, 256);
  box (832, 382, 34, 9);
  path_fill (0xf4f6ff, 0xd0d8f2, 256);

  path_move (layout_x (784), layout_y (384));
  corner (924, 492);
  corner (912, 504);
  corner (784, 406);
  corner (656, 504);
  corner (644, 492);
  path_close ();
  path_fill (0x4a2a1d, 0x33190f, 256);
  path_move (layout_x (784), layout_y (370));
  corner (930, 484);
  corner (924, 494);
  corner (784, 388);
  corner (644, 494);
  corner (638, 484);
  path_close ();
  path_fill (0xffffff, 0xcdd7f4, 256);
}

static void
draw_smoke (void)
{
  static const short puffs[][4] = { { 850, 368, 9, 120 }, { 856, 350, 12, 100 },
                                    { 866, 330, 15, 80 }, { 880, 308, 19, 60 },
                                    { 898, 284, 23, 44 }, { 920, 258, 27, 30 } };

  for (u32 i = 0; i < COUNT (puffs); i++)
    {
      path_circle (layout_x (puffs[i][0]), layout_y (puffs[i][1]), layout_size (puffs[i][2]));
      path_fill (0xe9e6f4, 0xcfcde4, puffs[i][3]);
    }
}

static void
draw_lodge (void)
{
  draw_smoke ();
  draw_glow (layout_x (784), layout_y (600), layout_size (230), AMBER, 150);
  draw_walls ();
  draw_roof ();

  draw_window (694, 510, 48, 42);
  draw_window (826, 510, 48, 42);
  draw_window (768, 434, 32, 30);
  box (760, 512, 48, 74);
  path_fill (0x3a2218, 0x2a1711, 256);
  box (765, 517, 38, 69);
  path_fill (0x9a3b2b, 0x732519, 256);
  path_circle (layout_x (796), layout_y (554), layout_size (3));
  path_fill (AMBER, AMBER, 256);

  path_move (layout_x (668), layout_y (586));
  corner (900, 586);
  corner (908, 596);
  corner (660, 596);
  path_close ();
  path_fill (0xf6f8ff, 0xdbe3fa, 256);
  triangle (764, 590, 804, 590, 784, 590);
  path_move (layout_x (764), layout_y (590));
  corner (804, 590);
  corner (850, 650);
  corner (718, 650);
  path_close ();
  path_fill (AMBER, 0xc9c3d8, 130);
}

static void
draw_title (void)
{
  layout_label (66, 78, 104, 11 * 16, CREAM, "LODGE");
  layout_label (62, 214, 21, 22, 0xf4ecff, "This is the demo guest.");
  layout_label (62, 252, 21, 22, 0xf4ecff, "Press a key, move the mouse.");
}

void
scene_draw (void)
{
  scale = MIN (W * 256 / 1024, H * 256 / 768);
  origin_x = ((int)W * 16 - 1024 * scale / 16) / 2;
  origin_y = ((int)H * 16 - 768 * scale / 16);

  draw_sky ();
  draw_moon ();
  draw_mountains ();
  draw_forest ();
  draw_snow ();
  draw_lodge ();
  draw_snowy_pine (610, 600, 150);
  draw_snowy_pine (566, 612, 104);
  draw_snowy_pine (962, 606, 170);
  draw_snowy_pine (1010, 620, 120);
  draw_snowy_pine (60, 616, 130);
  draw_snowy_pine (120, 626, 90);
  draw_snowy_pine (-120, 620, 140);
  draw_snowy_pine (1180, 620, 150);
  draw_title ();
}
