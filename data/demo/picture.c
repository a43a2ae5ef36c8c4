/* picture.c: the lodge at night, and what stands on it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The picture is laid out for 1024 × 768 and grows with the screen; a wider screen shows more of
 * the mountains on both sides. All numbers in calls are in that layout.
 */

#include "demo.h"

#define FIELD_X      64
#define FIELD_Y      664
#define FIELD_WIDTH  620
#define FIELD_HEIGHT 56

#define NIGHT  0x0b1030
#define CREAM  0xfff1d6
#define AMBER  0xffc065
#define INK    0x10152e
#define BORDER 0x5a6a9c
#define DIM    0xa9b4d6

int mark = 16;

static int scale;               /* 256: as laid out */
static int origin_x, origin_y;
static char typed[64];
static int caret_x;

static int
size_of (int size)
{
  return size * scale / 16;
}

static int
at_x (int x)
{
  return origin_x + x * scale / 16;
}

static int
at_y (int y)
{
  return origin_y + y * scale / 16;
}

static void
corner (int x,
        int y)
{
  path_line (at_x (x), at_y (y));
}

static void
triangle (int x0,
          int y0,
          int x1,
          int y1,
          int x2,
          int y2)
{
  path_move (at_x (x0), at_y (y0));
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
  path_move (at_x (x), at_y (y));
  corner (x + width, y);
  corner (x + width, y + height);
  corner (x, y + height);
  path_close ();
}

static void
label (int         x,
       int         y,
       int         height,
       int         weight,
       u32         colour,
       const char *text)
{
  draw_text (at_x (x), at_y (y), size_of (height), MAX (size_of (weight) / 16, 9), colour, text);
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

      path_circle (at_x (x), at_y (y), size_of (1) * (bright > 90 ? 24 : bright > 60 ? 16 : 11) / 16);
      path_fill (CREAM, CREAM, bright * (400 - y) / 200 + 30);
      if (bright > 92 && y < 240)
        draw_glow (at_x (x), at_y (y), size_of (9), 0xbfd0ff, 110);
    }
}

static void
draw_moon (void)
{
  draw_glow (at_x (842), at_y (150), size_of (250), 0xaebcf0, 90);
  draw_glow (at_x (842), at_y (150), size_of (110), 0xfff1d6, 110);
  path_circle (at_x (842), at_y (150), size_of (50));
  path_fill (0xfffaea, 0xf3dfb6, 256);
  path_circle (at_x (826), at_y (138), size_of (10));
  path_circle (at_x (858), at_y (166), size_of (13));
  path_circle (at_x (862), at_y (130), size_of (6));
  path_circle (at_x (832), at_y (174), size_of (6));
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
  path_move (at_x (x), at_y (top));
  corner (x - half, base);
  corner (x - half / 5, base);
  corner (x + half / 12, top + height * 3 / 5);
  corner (x - half / 14, top + height * 2 / 5);
  corner (x + half / 20, top + height / 5);
  path_close ();
  path_fill (dark, mix (dark, haze, 200), 256);

  path_move (at_x (x), at_y (top));
  corner (x + reach, top + snow);
  corner (x + reach * 3 / 5, top + snow - notch);
  corner (x + reach / 4, top + snow + notch);
  corner (x, top + snow - notch);
  corner (x - reach / 3, top + snow + notch / 2);
  corner (x - reach * 2 / 3, top + snow - notch);
  corner (x - reach, top + snow);
  path_close ();
  path_fill (0xfdfaff, 0xd3d9f2, 245);
  path_move (at_x (x), at_y (top));
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

      path_line (at_x (x), at_y (y));
    }
  path_line (W * 16, H * 16);
  path_close ();
  path_fill (0xdfe6fb, 0x6478b4, 256);

  path_move (0, H * 16);
  for (int i = 0; i <= 32; i++)
    {
      int x = -288 + i * 50, d = x - 200;

      path_line (at_x (x), at_y (618 + d * d / 14000 * (d > 0 ? 1 : 2) - (i & 1)));
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
  draw_glow (at_x (x + width / 2), at_y (y + height / 2), size_of (width + height), AMBER, 120);
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

  path_move (at_x (784), at_y (384));
  corner (924, 492);
  corner (912, 504);
  corner (784, 406);
  corner (656, 504);
  corner (644, 492);
  path_close ();
  path_fill (0x4a2a1d, 0x33190f, 256);
  path_move (at_x (784), at_y (370));
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
      path_circle (at_x (puffs[i][0]), at_y (puffs[i][1]), size_of (puffs[i][2]));
      path_fill (0xe9e6f4, 0xcfcde4, puffs[i][3]);
    }
}

static void
draw_lodge (void)
{
  draw_smoke ();
  draw_glow (at_x (784), at_y (600), size_of (230), AMBER, 150);
  draw_walls ();
  draw_roof ();

  draw_window (694, 510, 48, 42);
  draw_window (826, 510, 48, 42);
  draw_window (768, 434, 32, 30);
  box (760, 512, 48, 74);
  path_fill (0x3a2218, 0x2a1711, 256);
  box (765, 517, 38, 69);
  path_fill (0x9a3b2b, 0x732519, 256);
  path_circle (at_x (796), at_y (554), size_of (3));
  path_fill (AMBER, AMBER, 256);

  path_move (at_x (668), at_y (586));
  corner (900, 586);
  corner (908, 596);
  corner (660, 596);
  path_close ();
  path_fill (0xf6f8ff, 0xdbe3fa, 256);
  triangle (764, 590, 804, 590, 784, 590);
  path_move (at_x (764), at_y (590));
  corner (804, 590);
  corner (850, 650);
  corner (718, 650);
  path_close ();
  path_fill (AMBER, 0xc9c3d8, 130);
}

static void
draw_title (void)
{
  label (66, 78, 104, 11 * 16, CREAM, "LODGE");
  label (62, 214, 21, 22, 0xf4ecff, "This is the demo guest.");
  label (62, 252, 21, 22, 0xf4ecff, "Press a key, move the mouse.");
}

static void
draw_field (void)
{
  path_rounded (at_x (FIELD_X) - size_of (2), at_y (FIELD_Y) - size_of (2),
                size_of (FIELD_WIDTH + 4), size_of (FIELD_HEIGHT + 4), size_of (14));
  path_fill (BORDER, BORDER, 256);
  path_rounded (at_x (FIELD_X), at_y (FIELD_Y), size_of (FIELD_WIDTH), size_of (FIELD_HEIGHT),
                size_of (12));
  path_fill (INK, INK, 256);
}

static void
draw_caret (u32 colour)
{
  int left = caret_x >> 4, top = at_y (FIELD_Y + 14) >> 4, width = MAX (size_of (3) >> 4, 1);

  /* whole pixels, so that nothing of it stays when it moves on */
  for (int y = top; y < top + (size_of (28) >> 4); y++)
    fill32 (canvas + y * W + left, colour, width);
}

/* The text that was typed, or what to do. */
static void
draw_typed (void)
{
  draw_field ();
  caret_x = at_x (FIELD_X + 20);
  if (typed[0])
    caret_x = draw_text (caret_x, at_y (FIELD_Y + 17), size_of (20), size_of (22) / 16, CREAM, typed);
  else
    label (FIELD_X + 30, FIELD_Y + 18, 18, 16, 0x7380aa, "Type here");
  draw_caret (AMBER);
}

static void
draw_key (void)
{
  u32 colour = last_scancode ? ((presses * 37 + 64) & 255) << 16 | last_scancode << 8 | 0x5a : INK;
  char text[3] = "";

  path_rounded (at_x (700), at_y (FIELD_Y - 2), size_of (74), size_of (60), size_of (14));
  path_fill (BORDER, BORDER, 256);
  path_rounded (at_x (702), at_y (FIELD_Y), size_of (70), size_of (FIELD_HEIGHT), size_of (12));
  path_fill (colour, colour, 256);
  if (!last_scancode)
    {
      label (718, FIELD_Y + 20, 16, 16, 0x7380aa, "Key");
      return;
    }
  put_hex (text, sizeof text, last_scancode, 2);
  label (720, FIELD_Y + 18, 20, 22, 0xffffff, text);
}

static void
draw_mouse (void)
{
  static u32 colours[5] = { 0xff6b57, 0x5ad1a0, 0x6fb7ff, 0xd78bff, 0xffd166 };
  int step = ((pointer.wheel % 8) + 8) % 8;

  path_rounded (at_x (790), at_y (FIELD_Y - 2), size_of (74), size_of (60), size_of (14));
  path_fill (BORDER, BORDER, 256);
  path_rounded (at_x (792), at_y (FIELD_Y), size_of (70), size_of (FIELD_HEIGHT), size_of (12));
  path_fill (INK, INK, 256);
  for (int i = 0; i < 3; i++)
    {
      static const u8 order[3] = { 0, 2, 1 };

      path_rounded (at_x (800 + i * 18), at_y (FIELD_Y + 8), size_of (16), size_of (22), size_of (4));
      path_fill (pointer.buttons >> order[i] & 1 ? colours[order[i]] : 0x2c3868, 0x2c3868
                 | (pointer.buttons >> order[i] & 1 ? colours[order[i]] : 0), 256);
    }
  for (int i = 0; i < 2; i++)
    {
      path_rounded (at_x (800 + i * 36), at_y (FIELD_Y + 34), size_of (16), size_of (14), size_of (4));
      path_fill (pointer.buttons >> (3 + i) & 1 ? colours[3 + i] : 0x2c3868,
                 pointer.buttons >> (3 + i) & 1 ? colours[3 + i] : 0x2c3868, 256);
    }
  path_circle (at_x (826), at_y (FIELD_Y + 34) + size_of (2 * step), size_of (4));
  path_fill (CREAM, CREAM, 256);
}

static void
draw_locks (void)
{
  static const char *const names[3] = { "Caps", "Num", "Scroll" };
  static const u8 bits[3] = { 4, 2, 1 };

  path_rounded (at_x (880), at_y (FIELD_Y - 2), size_of (84), size_of (60), size_of (14));
  path_fill (BORDER, BORDER, 256);
  path_rounded (at_x (882), at_y (FIELD_Y), size_of (80), size_of (FIELD_HEIGHT), size_of (12));
  path_fill (INK, INK, 256);
  for (int i = 0; i < 3; i++)
    {
      u32 colour = keyboard_locks & bits[i] ? 0x8ce99a : 0x2c3868;

      path_circle (at_x (896), at_y (FIELD_Y + 13 + i * 16), size_of (4));
      path_fill (colour, colour, 256);
      label (906, FIELD_Y + 8 + i * 16, 9, 13, DIM, names[i]);
    }
}

static void
draw_hints (void)
{
  label (66, 736, 9, 12, 0xc3cdea, "F1 still   F2 caret   F3 moving picture   F4 full screen   "
         "F5 pointer   F6 size   F7 colours   F8 beep");
}

static void
update (int x,
        int y,
        int width,
        int height)
{
  screen_update (at_x (x) >> 4, at_y (y) >> 4, (size_of (width) >> 4) + 2, (size_of (height) >> 4) + 2);
}

/* Draws everything on the canvas; the screen still shows what it showed. */
void
picture_draw (void)
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
  draw_typed ();
  draw_key ();
  draw_mouse ();
  draw_locks ();
  draw_hints ();
}

void
picture_key (void)
{
  draw_key ();
  update (699, FIELD_Y - 3, 76, 62);
}

void
picture_type (char character)
{
  u32 length = 0;
  char text[2] = { character, 0 };

  while (typed[length])
    length++;

  if (character == '\b' && length)
    typed[length - 1] = 0;
  else if (character == '\n' || character == '\033')
    typed[0] = 0;
  else if (character == '\t' || character < ' ')
    return;
  else if (length && length + 1 < sizeof typed
           && caret_x + text_width (text, size_of (20)) < at_x (FIELD_X + FIELD_WIDTH - 16))
    {
      /* Only the new letter is drawn, as long as there is room behind the others. */
      int from = caret_x;

      typed[length] = character;
      typed[length + 1] = 0;
      draw_caret (INK);
      caret_x = draw_text (from, at_y (FIELD_Y + 17), size_of (20), size_of (22) / 16, CREAM, text);
      draw_caret (AMBER);
      screen_update ((from >> 4) - 4, at_y (FIELD_Y) >> 4, ((caret_x - from) >> 4) + 12,
                     (size_of (FIELD_HEIGHT) >> 4) + 2);
      return;
    }
  else
    {
      typed[0] = character;
      typed[1] = 0;
    }
  draw_typed ();
  update (FIELD_X - 3, FIELD_Y - 3, FIELD_WIDTH + 6, FIELD_HEIGHT + 6);
}

void
picture_locks (void)
{
  draw_locks ();
  update (879, FIELD_Y - 3, 86, 62);
}

/* The pointer is drawn past the canvas, which gives back what was below. */
void
picture_pointer (int show)
{
  static int old_x, old_y, shown;
  static u32 old_buttons, old_wheel;
  static const u8 rows[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 8, 4, 4, 4 };

  if (pointer.buttons != old_buttons || (u32)pointer.wheel != old_wheel)
    {
      old_buttons = pointer.buttons;
      old_wheel = pointer.wheel;
      draw_mouse ();
      update (789, FIELD_Y - 3, 76, 62);
    }
  if (shown)
    screen_update (old_x - 10, old_y - 10, 28, 30);
  shown = show;
  if (!show)
    return;
  old_x = pointer.x;
  old_y = pointer.y;

  if (pointer.absolute)
    {
      /* The host's own pointer is in the middle. */
      u32 colour = pointer.buttons ? 0xff6b57 : AMBER;

      screen_block (0, old_x - 8, old_y - 1, 5, 2, colour);
      screen_block (0, old_x + 4, old_y - 1, 5, 2, colour);
      screen_block (0, old_x - 1, old_y - 8, 2, 5, colour);
      screen_block (0, old_x - 1, old_y + 4, 2, 5, colour);
      return;
    }
  for (u32 i = 0; i < COUNT (rows); i++)
    {
      screen_block (0, old_x, old_y + i, rows[i] + 2, 1, 0x000000);
      if (i > 0 && i + 1 < COUNT (rows))
        screen_block (0, old_x + 1, old_y + i, rows[i], 1, pointer.buttons ? 0xff6b57 : 0xffffff);
    }
}
