/* bench-screen.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <X11/Xlib.h>

#include <stdbool.h>
#include <stdint.h>

/* Corners of the demo guest's picture (data/demo), each MARK_SIZE wide and high. */
#define MARK_SIZE        32
#define MARK_TOP_LEFT    0xff1053
#define MARK_BESIDE      0x10ff53
#define MARK_TOP_RIGHT   0x1053ff
#define MARK_BOTTOM_LEFT 0xffd010

typedef struct
{
  int x, y, width, height;
} Area;

typedef struct
{
  Window frame;                         /* of the window manager */
  Window client;
  Area   area;                          /* of the frame, on the screen */
  Area   inside;                        /* of the client, on the screen */
} TopLevel;

extern Display *display;
extern Window   root;
extern Area     screen;

/* Called for each window that is mapped, once reports are taken; may be NULL. */
extern void   (*screen_mapped) (Window window);

bool     screen_set_up     (void);

/* Takes a part of the screen; false if nothing of it is on the screen. screen_pixel() then reads
 * what was taken, at coordinates of the screen. */
bool     screen_grab       (Area area);
Area     screen_grabbed    (void);
uint32_t screen_pixel      (int x,
                            int y);
uint32_t screen_pixel_now  (int x,
                            int y);

/* Scaled and converted colours are a little off. */
bool     colours_alike     (uint32_t a,
                            uint32_t b);
/* The largest of the guest's pictures in what was grabbed, by its first corner and the mark beside
 * it; previews are smaller. @size is that of a mark. */
bool     screen_find_marks (int *left,
                            int *top,
                            int *size);

bool     read_top_level    (Window    window,
                            TopLevel *top);
/* Those that can be seen, the largest first; how many. */
int      list_top_levels   (TopLevel *tops,
                            int       max);

/* Takes all reports of DAMAGE that wait; true if there was one. @changed may be NULL. */
bool     screen_take       (Area *changed);
/* Waits for a report, at most until @deadline of clock_now(). */
bool     screen_await      (double  deadline,
                            Area   *changed);

/* Seconds of CLOCK_MONOTONIC. */
double   clock_now         (void);
