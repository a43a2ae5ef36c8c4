/* work.c: the modes for tests. What is on the screen in each is said at the top of demo.c.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "demo.h"

#define REGION_WIDTH  640
#define REGION_HEIGHT 360

u32 work, frame, presses;
u8 last_scancode;

static u32 seen, caret, page;
static int region_x, region_y, region_dx, region_dy;

void
work_marks (u32 on_page)
{
  const int m = mark, right = W - m, bottom = H - m;

  screen_block (on_page, 0, 0, m, m, 0xff1053);
  screen_block (on_page, m, 0, m, m, 0x10ff53);
  screen_block (on_page, 2 * m, 0, 2 * m, m, (frame & 255) << 16 | 0xa500 | (frame >> 8 & 255));
  screen_block (on_page, 4 * m, 0, 2 * m, m,
                ((presses * 37 + 64) & 255) << 16 | last_scancode << 8 | 0x5a);
  screen_block (on_page, 6 * m, 0, 2 * m, m, work << 16 | 0x3cc3);
  screen_block (on_page, right, 0, m, m, 0x1053ff);
  screen_block (on_page, 0, bottom, m, m, 0xffd010);
  screen_block (on_page, right, bottom, m, m, 0xd010ff);
}

void
work_redraw (void)
{
  picture_pointer (0);
  picture_draw ();
  work_set (work);
}

void
work_set (u32 mode)
{
  work = mode;
  frame = caret = page = 0;
  seen = clock_ticks;
  region_x = ((int)W - REGION_WIDTH) / 2 & ~7;
  region_y = ((int)H - REGION_HEIGHT) / 2 & ~3;
  region_dx = 8;
  region_dy = 4;

  screen_show (0);
  screen_update (0, 0, W, H);
  work_marks (0);
  picture_pointer (1);
  clock_run (work != WORK_STILL);
}

static void
step_caret (void)
{
  caret ^= 1;
  if (caret)
    screen_block (0, W / 2, H / 2, 16, 32, 0xf0f0f0);
  else
    screen_update (W / 2, H / 2, 16, 32);
  work_marks (0);
}

/* A line of colours in the screen's own format, each row of the picture being a piece of it. */
static u8 *
colours (u32 n,
         u32 fast,
         u32 slow)
{
  static u32 line[4096 + 2048];

  for (u32 i = 0; i < n && i < COUNT (line); i++)
    {
      u32 v = i * fast + frame * 5;
      u32 colour = (v & 255) << 16 | (((v >> slow) + frame) & 255) << 8 | (255 - (v & 255));

      if (depth == 32)
        line[i] = colour;
      else
        ((u16 *)line)[i] = screen_pixel (colour);
    }
  return (u8 *)line;
}

static void
step_region (void)
{
  const int width = MIN (REGION_WIDTH, (int)W), height = MIN (REGION_HEIGHT, (int)H - 64);
  const int old_x = region_x, old_y = region_y, bytes = depth / 8;
  const u8 *line = colours (width + height, 3, 1);

  if (region_x + region_dx < 0 || region_x + region_dx + width > (int)W)
    region_dx = -region_dx;
  if (region_y + region_dy < 32 || region_y + region_dy + height > (int)H - 32)
    region_dy = -region_dy;
  region_x = MAX (0, region_x + region_dx);
  region_y = MAX (32, region_y + region_dy);

  if (frame > 1)
    {
      if (region_y > old_y)
        screen_update (old_x, old_y, width, region_y - old_y);
      else
        screen_update (old_x, region_y + height, width, old_y - region_y);
      if (region_x > old_x)
        screen_update (old_x, old_y, region_x - old_x, height);
      else
        screen_update (region_x + width, old_y, old_x - region_x, height);
    }
  for (int y = 0; y < height; y++)
    copy32 (screen_row (0, region_x, region_y + y), line + y * bytes, width * bytes / 4);
  work_marks (0);
}

static void
step_full (void)
{
  const u32 bytes = depth / 8;
  const u8 *line = colours (W + 1200, 2, 2);

  if (pages > 1)
    page ^= 1;
  for (u32 y = 0; y < H; y++)
    copy32 (screen_row (page, 0, y), line + (y >> 1) % 1200 * bytes, W * bytes / 4);
  work_marks (page);
  if (pages > 1)
    screen_show (page);
}

static u32
work_period (void)
{
  return work == WORK_CARET ? 30 : 2;
}

/* Whether it is time for the next picture. */
int
work_due (void)
{
  return work != WORK_STILL && clock_ticks - seen >= work_period ();
}

void
work_step (void)
{
  seen += work_period ();
  if (clock_ticks - seen > 60)
    seen = clock_ticks;                 /* far behind: do not catch up */
  frame++;
  if (work == WORK_CARET || work == WORK_BLINK)
    step_caret ();
  else if (work == WORK_REGION)
    step_region ();
  else
    step_full ();
}

/* Pictures of which both sides know every pixel. */
void
work_pattern (u32 number)
{
  static const u32 bars[8] = { 0xffffff, 0xffff00, 0x00ffff, 0x00ff00, 0xff00ff, 0xff0000, 0x0000ff,
                               0x000000 };

  picture_pointer (0);
  work = WORK_STILL;
  clock_run (0);
  screen_show (0);
  for (u32 y = 0; y < H; y++)
    for (u32 x = 0; x < W; x++)
      canvas[y * W + x] = number == 0 ? bars[x * 8 / W]
                          : number == 1 ? (((x ^ y) & 8) ? 0x204060 : 0xe0c0a0)
                          : number == 2 ? (x * 255 / (W - 1)) << 16 | (y * 255 / (H - 1)) << 8
                                          | ((x + y) & 255)
                          : (number * 0x1f3d5b) & 0xffffff;
  screen_update (0, 0, W, H);
}
