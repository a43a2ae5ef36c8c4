/* font.c: letters made of strokes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each letter is drawn on a grid: capitals reach from row 0 to row 9, small letters from row 3 to
 * row 9, tails to row 12 (c). A stroke is a run of points, each a digit for the column and one for
 * the row; strokes are separated by a space. A stroke that begins with ~ is bent at its inner
 * points, one with @ is a bent ring.
 */

#include "demo.h"

static const char *const letters[] = {
  [' '] = "",
  ['!'] = "0006 0909",
  ['"'] = "0002 2022",
  ['#'] = "2119 5149 0363 0666",
  ['$'] = "~6250000465691907 303a",
  ['%'] = "6009 @00202303 @46666949",
  ['&'] = "~69121040430509 ~094965",
  ['\''] = "0002",
  ['('] = "~20000929",
  [')'] = "~00202909",
  ['*'] = "3036 0165 6105",
  ['+'] = "0565 3238",
  [','] = "190b",
  ['-'] = "0545",
  ['.'] = "0909",
  ['/'] = "5009",
  ['0'] = "@00505909",
  ['1'] = "023039",
  ['2'] = "~0200505409 0959",
  ['3'] = "~0100505424 ~2464690908",
  ['4'] = "49400666",
  ['5'] = "500004 ~0464690908",
  ['6'] = "~500006 @04646909",
  ['7'] = "006029",
  ['8'] = "@10505414 @04646909",
  ['9'] = "@00606505 ~636919",
  [':'] = "0404 0909",
  [';'] = "1414 190b",
  ['<'] = "530659",
  ['='] = "0454 0757",
  ['>'] = "035609",
  ['?'] = "~020050543436 3939",
  ['@'] = "@24545727 ~548780000979",
  ['A'] = "093069 1656",
  ['B'] = "0030 0434 0939 0009 ~30505434 ~34646939",
  ['C'] = "~625000095967",
  ['D'] = "0030 0939 0009 ~30606939",
  ['E'] = "50000959 0444",
  ['F'] = "500009 0444",
  ['G'] = "~6250000969 696535",
  ['H'] = "0009 6069 0464",
  ['I'] = "0009",
  ['J'] = "~50590907",
  ['K'] = "0009 6006 2469",
  ['L'] = "000959",
  ['M'] = "0900356069",
  ['N'] = "09006960",
  ['O'] = "@00707909",
  ['P'] = "0900 0030 0535 ~30606535",
  ['Q'] = "@00707909 477a",
  ['R'] = "0900 0030 0535 ~30606535 3569",
  ['S'] = "~6250000465691907",
  ['T'] = "0060 3039",
  ['U'] = "~00096960",
  ['V'] = "003960",
  ['W'] = "0029426980",
  ['X'] = "0069 6009",
  ['Y'] = "003460 3439",
  ['Z'] = "00600969",
  ['['] = "20000929",
  ['\\'] = "0059",
  [']'] = "00202909",
  ['^'] = "022042",
  ['_'] = "0a6a",
  ['`'] = "0012",
  ['a'] = "@03535909 5359",
  ['b'] = "0009 @03535909",
  ['c'] = "~544303094958",
  ['d'] = "5059 @03535909",
  ['e'] = "0656 ~565303094958",
  ['f'] = "~401019 0343",
  ['g'] = "@03535909 ~535c1c0b",
  ['h'] = "0009 ~06035359",
  ['i'] = "0309 0000",
  ['j'] = "~131c0c 1010",
  ['k'] = "0009 4307 1649",
  ['l'] = "0009",
  ['m'] = "0309 ~06034349 ~46438389",
  ['n'] = "0309 ~06035359",
  ['o'] = "@03535909",
  ['p'] = "030c @03535909",
  ['q'] = "535c @03535909",
  ['r'] = "0309 ~060343",
  ['s'] = "~5443030656591908",
  ['t'] = "~101949 0343",
  ['u'] = "~03095953 5359",
  ['v'] = "033963",
  ['w'] = "0329456983",
  ['x'] = "0359 5309",
  ['y'] = "0339 632b",
  ['z'] = "03530959",
  ['{'] = "~301014 ~140505 ~050516 ~161939",
  ['|'] = "000b",
  ['}'] = "~002024 ~243535 ~353526 ~262909",
  ['~'] = "~0513476563",
};

typedef struct { int x, y; } Point;

static int
digit (char c)
{
  return c >= 'a' ? c - 'a' + 10 : c - '0';
}

/* Cuts the corners of a line of points; done a few times it becomes a curve. */
static u32
bend (Point *points,
      u32    n,
      int    ring)
{
  Point old[48];
  u32 n_new = 0;

  if (n < 2)
    return n;
  for (u32 i = 0; i < n; i++)
    old[i] = points[i];
  if (!ring)
    points[n_new++] = old[0];
  for (u32 i = 0; i + !ring < n; i++)
    {
      Point a = old[i], b = old[(i + 1) % n];

      if (ring || i > 0)
        points[n_new++] = (Point){ (a.x * 3 + b.x) / 4, (a.y * 3 + b.y) / 4 };
      if (ring || i + 2 < n)
        points[n_new++] = (Point){ (a.x + b.x * 3) / 4, (a.y + b.y * 3) / 4 };
    }
  if (!ring)
    points[n_new++] = old[n - 1];
  return n_new;
}

static const char *
glyph (char c)
{
  const char *strokes = (u8)c < COUNT (letters) ? letters[(u8)c] : 0;

  return strokes ? strokes : letters['?'];
}

/* Columns of a letter, without the gap to the next. */
static int
columns (const char *strokes)
{
  int most = *strokes ? 0 : 1;

  for (const char *at = strokes; *at; at++)
    {
      if (*at == ' ' || *at == '~' || *at == '@')
        continue;
      most = MAX (most, digit (*at));
      at++;
    }
  return most;
}

static const char *
add_stroke (const char *at,
            int         x,
            int         y,
            int         height,
            int         weight)
{
  Point points[48];
  u32 n = 0;
  int bent = *at == '~', ring = *at == '@';

  if (bent || ring)
    at++;
  for (; *at && *at != ' '; at += 2, n++)
    points[n] = (Point){ x + digit (at[0]) * height / 9, y + digit (at[1]) * height / 9 };

  for (u32 times = height > 800 ? 3 : 2; times && (bent || ring) && n <= 24; times--)
    n = bend (points, n, ring);
  for (u32 i = 0; i + !ring < n; i++)
    path_stroke (points[i].x, points[i].y, points[(i + 1) % n].x, points[(i + 1) % n].y, weight);
  return *at ? at + 1 : at;
}

/* Sizes are sixteenths of a pixel; @height is that of a capital letter. */
int
text_width (const char *text,
            int         height)
{
  int width = 0;

  for (; *text; text++)
    width += (columns (glyph (*text)) + 3) * height / 9;
  return width;
}

/* Draws from the upper left corner of the first letter, with strokes of half the width @weight.
 * Returns where the next letter would stand.
 */
int
draw_text (int         x,
           int         y,
           int         height,
           int         weight,
           u32         colour,
           const char *text)
{
  for (; *text; text++)
    {
      const char *strokes = glyph (*text);

      for (const char *at = strokes; *at;)
        at = add_stroke (at, x, y, height, weight);
      path_fill (colour, colour, 256);
      x += (columns (strokes) + 3) * height / 9;
    }
  return x;
}
