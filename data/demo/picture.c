/* picture.c: what the user does, shown at the lower edge of the picture.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "demo.h"
#include "layout.h"

#define FIELD_X      64
#define FIELD_Y      664
#define FIELD_WIDTH  620
#define FIELD_HEIGHT 56

#define INK    0x10152e
#define BORDER 0x5a6a9c
#define DIM    0xa9b4d6
#define FAINT  0x7380aa

int mark = 16;

static char typed[64];
static int caret_x;

static void
draw_field (void)
{
  path_rounded (layout_x (FIELD_X) - layout_size (2), layout_y (FIELD_Y) - layout_size (2),
                layout_size (FIELD_WIDTH + 4), layout_size (FIELD_HEIGHT + 4), layout_size (14));
  path_fill (BORDER, BORDER, 256);
  path_rounded (layout_x (FIELD_X), layout_y (FIELD_Y), layout_size (FIELD_WIDTH), layout_size (FIELD_HEIGHT),
                layout_size (12));
  path_fill (INK, INK, 256);
}

static void
draw_caret (u32 colour)
{
  int left = caret_x >> 4, top = layout_y (FIELD_Y + 14) >> 4, width = MAX (layout_size (3) >> 4, 1);

  /* whole pixels, so that nothing of it stays when it moves on */
  for (int y = top; y < top + (layout_size (28) >> 4); y++)
    fill32 (canvas + y * W + left, colour, width);
}

/* The text that was typed, or what to do. */
static void
draw_typed (void)
{
  draw_field ();
  caret_x = layout_x (FIELD_X + 20);
  if (typed[0])
    caret_x = draw_text (caret_x, layout_y (FIELD_Y + 17), layout_size (20), layout_size (22) / 16, CREAM, typed);
  else
    layout_label (FIELD_X + 30, FIELD_Y + 18, 18, 16, FAINT, "Type here");
  draw_caret (AMBER);
}

static void
draw_key (void)
{
  u32 colour = last_scancode ? ((presses * 37 + 64) & 255) << 16 | last_scancode << 8 | 0x5a : INK;
  char text[3] = "";

  path_rounded (layout_x (700), layout_y (FIELD_Y - 2), layout_size (74), layout_size (60), layout_size (14));
  path_fill (BORDER, BORDER, 256);
  path_rounded (layout_x (702), layout_y (FIELD_Y), layout_size (70), layout_size (FIELD_HEIGHT), layout_size (12));
  path_fill (colour, colour, 256);
  if (!last_scancode)
    {
      layout_label (718, FIELD_Y + 20, 16, 16, FAINT, "Key");
      return;
    }
  put_hex (text, sizeof text, last_scancode, 2);
  layout_label (720, FIELD_Y + 18, 20, 22, 0xffffff, text);
}

static void
draw_mouse (void)
{
  static u32 colours[5] = { 0xff6b57, 0x5ad1a0, 0x6fb7ff, 0xd78bff, 0xffd166 };
  int step = ((pointer.wheel % 8) + 8) % 8;

  path_rounded (layout_x (790), layout_y (FIELD_Y - 2), layout_size (74), layout_size (60), layout_size (14));
  path_fill (BORDER, BORDER, 256);
  path_rounded (layout_x (792), layout_y (FIELD_Y), layout_size (70), layout_size (FIELD_HEIGHT), layout_size (12));
  path_fill (INK, INK, 256);
  for (int i = 0; i < 3; i++)
    {
      static const u8 order[3] = { 0, 2, 1 };

      path_rounded (layout_x (800 + i * 18), layout_y (FIELD_Y + 8), layout_size (16), layout_size (22), layout_size (4));
      path_fill (pointer.buttons >> order[i] & 1 ? colours[order[i]] : 0x2c3868, 0x2c3868
                 | (pointer.buttons >> order[i] & 1 ? colours[order[i]] : 0), 256);
    }
  for (int i = 0; i < 2; i++)
    {
      path_rounded (layout_x (800 + i * 36), layout_y (FIELD_Y + 34), layout_size (16), layout_size (14), layout_size (4));
      path_fill (pointer.buttons >> (3 + i) & 1 ? colours[3 + i] : 0x2c3868,
                 pointer.buttons >> (3 + i) & 1 ? colours[3 + i] : 0x2c3868, 256);
    }
  path_circle (layout_x (826), layout_y (FIELD_Y + 34) + layout_size (2 * step), layout_size (4));
  path_fill (CREAM, CREAM, 256);
}

static void
draw_locks (void)
{
  static const char *const names[3] = { "Caps", "Num", "Scroll" };
  static const u8 bits[3] = { 4, 2, 1 };

  path_rounded (layout_x (880), layout_y (FIELD_Y - 2), layout_size (84), layout_size (60), layout_size (14));
  path_fill (BORDER, BORDER, 256);
  path_rounded (layout_x (882), layout_y (FIELD_Y), layout_size (80), layout_size (FIELD_HEIGHT), layout_size (12));
  path_fill (INK, INK, 256);
  for (int i = 0; i < 3; i++)
    {
      u32 colour = keyboard_locks & bits[i] ? 0x8ce99a : 0x2c3868;

      path_circle (layout_x (896), layout_y (FIELD_Y + 13 + i * 16), layout_size (4));
      path_fill (colour, colour, 256);
      layout_label (906, FIELD_Y + 8 + i * 16, 9, 13, DIM, names[i]);
    }
}

static void
draw_hints (void)
{
  layout_label (66, 736, 9, 12, 0xc3cdea, "F1 still   F2 caret   F3 moving picture   F4 full screen   "
         "F5 pointer   F6 size   F7 colours   F8 beep   Ctrl+C copy   Ctrl+V paste");
}

static void
update (int x,
        int y,
        int width,
        int height)
{
  screen_update (layout_x (x) >> 4, layout_y (y) >> 4, (layout_size (width) >> 4) + 2, (layout_size (height) >> 4) + 2);
}

/* Draws everything on the canvas; the screen still shows what it showed. */
void
picture_draw (void)
{
  scene_draw ();
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

const char *
picture_text (void)
{
  return typed;
}

void
picture_type (char character)
{
  u32 length = text_length (typed);
  char text[2] = { character, 0 };

  if (character == '\b' && length)
    typed[length - 1] = 0;
  else if (character == '\n' || character == '\033')
    typed[0] = 0;
  else if (character == '\t' || character < ' ')
    return;
  else if (length && length + 1 < sizeof typed
           && caret_x + text_width (text, layout_size (20)) < layout_x (FIELD_X + FIELD_WIDTH - 16))
    {
      /* Only the new letter is drawn, as long as there is room behind the others. */
      int from = caret_x;

      typed[length] = character;
      typed[length + 1] = 0;
      draw_caret (INK);
      caret_x = draw_text (from, layout_y (FIELD_Y + 17), layout_size (20), layout_size (22) / 16, CREAM, text);
      draw_caret (AMBER);
      screen_update ((from >> 4) - 4, layout_y (FIELD_Y) >> 4, ((caret_x - from) >> 4) + 12,
                     (layout_size (FIELD_HEIGHT) >> 4) + 2);
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
