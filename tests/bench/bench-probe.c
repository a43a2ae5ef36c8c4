/* bench-probe.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What the X server sees of a client, and a hand on its keyboard and mouse.
 *
 * One process a session: it reads commands, one a line, and answers each with one line of JSON.
 * While it watches, it writes a line for each thing that it sees besides. All times are seconds of
 * CLOCK_MONOTONIC. It never polls the screen: each look follows a report of DAMAGE and takes only
 * what changed, so that looking costs the client as little as can be.
 *
 *   watch LEAST                         from now on say "map", "painted" and "guest", once each; a
 *                                       guest whose marks are narrower than LEAST is a preview
 *   rest                                stop that
 *   windows                             the top-level windows, the largest first
 *   find WIDTH HEIGHT                   where the guest's picture of that size stands now
 *   resize WINDOW WIDTH HEIGHT          ask for that size
 *   focus WINDOW X Y                    raise and focus it, pointer to X Y
 *   click X Y                           a click; the time is that of the press
 *   frames X Y SECONDS                  count the guest's frames by the mark at X Y
 *   keys X Y KEY COUNT HOLD_MS GAP_MS   press a key; time until the pixel at X Y changes
 *   settle QUIET_MS MAX_MS              wait until nothing was drawn for that long
 *   shot FILE                           the whole screen as a PPM file
 */

#include "bench-screen.h"

#include <X11/Xutil.h>
#include <X11/extensions/XTest.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PRESS_MAX   1000
#define FRAMES_MAX  100000
#define KEY_TIMEOUT 1.5

static int least;
static bool watching, seen_map, seen_painted, seen_guest;

static void
nap (double seconds)
{
  struct timespec t = { (time_t)seconds, (long)((seconds - (time_t)seconds) * 1e9) };

  if (seconds > 0)
    nanosleep (&t, NULL);
}

/* A window that was drawn holds at least three colours; one just mapped holds one. */
static bool
is_painted (Area area)
{
  uint32_t seen[3];
  int n = 0;

  if (!screen_grab (area))
    return false;
  area = screen_grabbed ();
  for (int y = area.y + 2; y < area.y + area.height - 2; y += 3)
    for (int x = area.x + 2; x < area.x + area.width - 2; x += 3)
      {
        int i = 0;

        while (i < n && seen[i] != screen_pixel (x, y))
          i++;
        if (i < n)
          continue;
        seen[n++] = screen_pixel (x, y);
        if (n == 3)
          return true;
      }
  return false;
}

static void
mapped_cb (Window window)
{
  double t = clock_now ();
  TopLevel top;

  if (!watching || seen_map || !read_top_level (window, &top))
    return;
  seen_map = true;
  printf ("{\"event\": \"map\", \"t\": %.6f, \"width\": %d, \"height\": %d}\n",
          t, top.area.width, top.area.height);
}

static void
look (Area changed)
{
  TopLevel tops[16];
  int n, x, y, size;

  if (!seen_painted)
    {
      n = list_top_levels (tops, 16);
      for (int i = 0; i < n && !seen_painted; i++)
        if (is_painted (tops[i].inside))
          {
            seen_painted = true;
            printf ("{\"event\": \"painted\", \"t\": %.6f}\n", clock_now ());
          }
    }
  /* The marks may have come in two reports: look a little around. */
  changed.x -= 4 * MARK_SIZE;
  changed.y -= 4 * MARK_SIZE;
  changed.width += 8 * MARK_SIZE;
  changed.height += 8 * MARK_SIZE;
  if (!seen_guest && screen_grab (changed) && screen_find_marks (&x, &y, &size)
      && size >= least)
    {
      seen_guest = true;
      printf ("{\"event\": \"guest\", \"t\": %.6f, \"x\": %d, \"y\": %d, \"size\": %d}\n",
              clock_now (), x, y, size);
    }
}

static void
find (int width,
      int height)
{
  int x, y, size, right = -1, bottom = -1;
  double scale_x, scale_y;

  if (!screen_grab (screen) || !screen_find_marks (&x, &y, &size))
    {
      printf ("{\"found\": false}\n");
      return;
    }
  for (int i = screen.width - 1; i > x && right < 0; i--)
    if (colours_alike (screen_pixel (i, y + size / 2), MARK_TOP_RIGHT))
      right = i + 1;
  for (int i = screen.height - 1; i > y && bottom < 0; i--)
    if (colours_alike (screen_pixel (x + size / 2, i), MARK_BOTTOM_LEFT))
      bottom = i + 1;
  scale_x = right > 0 ? (right - x) / (double)width : size / (double)MARK_SIZE;
  scale_y = bottom > 0 ? (bottom - y) / (double)height : scale_x;
  printf ("{\"found\": true, \"whole\": %s, \"x\": %d, \"y\": %d, "
          "\"width\": %.0f, \"height\": %.0f, \"mark\": %d}\n",
          right > 0 && bottom > 0 ? "true" : "false", x, y, width * scale_x, height * scale_y, size);
}

static void
windows (void)
{
  TopLevel tops[32];
  int n = list_top_levels (tops, 32);

  printf ("[");
  for (int i = 0; i < n; i++)
    {
      char *name = NULL;

      /* XFetchName reads WM_NAME; what is not ASCII there is of no use to a benchmark. */
      XFetchName (display, tops[i].client, &name);
      for (char *c = name; c && *c; c++)
        if (*c == '"' || *c == '\\' || *c < ' ' || *c > '~')
          *c = '?';
      printf ("%s{\"window\": %lu, \"title\": \"%s\", \"x\": %d, \"y\": %d, \"width\": %d, "
              "\"height\": %d}",
              i ? ", " : "", tops[i].client, name ? name : "", tops[i].inside.x, tops[i].inside.y,
              tops[i].inside.width, tops[i].inside.height);
      if (name)
        XFree (name);
    }
  printf ("]\n");
}

static void
click (int x,
       int y)
{
  double t;

  XTestFakeMotionEvent (display, -1, x, y, CurrentTime);
  XSync (display, False);
  nap (0.1);
  t = clock_now ();
  XTestFakeButtonEvent (display, 1, True, CurrentTime);
  XSync (display, False);
  nap (0.02);
  XTestFakeButtonEvent (display, 1, False, CurrentTime);
  /* Away again, or a tooltip comes over the guest. */
  XTestFakeMotionEvent (display, -1, 1, 1, CurrentTime);
  XSync (display, False);
  printf ("{\"t\": %.6f}\n", t);
}

static int
compare_doubles (const void *a,
                 const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

/* The guest writes the number of its frame into the mark: low byte in red, high byte in blue. */
static void
frames (int    x,
        int    y,
        double seconds)
{
  static double intervals[FRAMES_MAX];
  double begin = clock_now (), previous = 0, took;
  uint32_t colour = screen_pixel_now (x, y);
  int shown = 0, first = -1, last = -1, n = 0;

  while (screen_await (begin + seconds, NULL))
    {
      uint32_t value = screen_pixel_now (x, y);
      double t = clock_now ();

      if (value == colour)
        continue;
      colour = value;
      last = (value >> 16 & 255) | (value & 255) << 8;
      if (first < 0)
        first = last;
      if (previous > 0 && n < FRAMES_MAX)
        intervals[n++] = (t - previous) * 1e3;
      previous = t;
      shown++;
    }
  took = clock_now () - begin;
  qsort (intervals, n, sizeof *intervals, compare_doubles);
  printf ("{\"seconds\": %.4f, \"shown\": %d, \"made\": %d, \"interval\": %.2f, "
          "\"interval_max\": %.2f}\n",
          took, shown, first < 0 ? 0 : ((last - first) & 0xffff) + 1,
          n ? intervals[n / 2] : 0.0, n ? intervals[n - 1] : 0.0);
}

/* One press, held and released; milliseconds until the pixel changed, or -1. */
static double
press (KeyCode key,
       int     x,
       int     y,
       double  hold)
{
  uint32_t before = screen_pixel_now (x, y);
  double begin = clock_now (), hit = -1;
  bool down = true;

  XTestFakeKeyEvent (display, key, True, CurrentTime);
  XFlush (display);
  while (down || (hit < 0 && clock_now () < begin + KEY_TIMEOUT))
    {
      if (screen_await (down ? begin + hold : begin + KEY_TIMEOUT, NULL)
          && hit < 0 && screen_pixel_now (x, y) != before)
        hit = (clock_now () - begin) * 1e3;
      if (down && clock_now () >= begin + hold)
        {
          XTestFakeKeyEvent (display, key, False, CurrentTime);
          XFlush (display);
          down = false;
        }
    }
  return hit;
}

static void
keys (int         x,
      int         y,
      const char *name,
      int         count,
      double      hold,
      double      gap)
{
  KeyCode key = XKeysymToKeycode (display, XStringToKeysym (name));

  printf ("{\"times\": [");
  /* The same uneven gaps each time: an even one could keep step with QEMU's look at the screen. */
  srand48 (1);
  for (int i = 0; i < count && i < PRESS_MAX; i++)
    {
      nap (gap * (0.75 + drand48 () * 0.5));
      screen_take (NULL);
      printf ("%s%.2f", i ? ", " : "", press (key, x, y, hold));
    }
  printf ("]}\n");
}

static void
settle (double quiet,
        double longest)
{
  double begin = clock_now (), last = begin;

  while (clock_now () < begin + longest && clock_now () - last < quiet)
    if (screen_await (last + quiet, NULL))
      last = clock_now ();
  printf ("{\"last\": %.6f, \"quiet\": %s}\n",
          last, clock_now () - last >= quiet ? "true" : "false");
}

static void
shot (const char *path)
{
  FILE *file = fopen (path, "wb");

  if (!file || !screen_grab (screen))
    {
      printf ("{\"error\": \"%s\"}\n", strerror (errno));
      return;
    }
  fprintf (file, "P6\n%d %d\n255\n", screen.width, screen.height);
  for (int y = 0; y < screen.height; y++)
    for (int x = 0; x < screen.width; x++)
      {
        uint32_t p = screen_pixel (x, y);
        unsigned char rgb[3] = { p >> 16, p >> 8, p };

        fwrite (rgb, 1, 3, file);
      }
  printf ("{\"ok\": %s}\n", fclose (file) == 0 ? "true" : "false");
}

static void
run_command (const char *line)
{
  char word[256];
  unsigned long window;
  int a, b, count;
  double c, d;

  if (sscanf (line, "watch %d", &least) == 1 || strcmp (line, "rest") == 0)
    {
      screen_take (NULL);
      watching = line[0] == 'w';
      seen_map = seen_painted = seen_guest = false;
      printf ("{\"t\": %.6f}\n", clock_now ());
    }
  else if (strcmp (line, "windows") == 0)
    windows ();
  else if (sscanf (line, "find %d %d", &a, &b) == 2)
    find (a, b);
  else if (sscanf (line, "resize %lu %d %d", &window, &a, &b) == 3)
    {
      XMoveResizeWindow (display, window, 20, 40, a, b);
      XSync (display, False);
      printf ("{}\n");
    }
  else if (sscanf (line, "focus %lu %d %d", &window, &a, &b) == 3)
    {
      XRaiseWindow (display, window);
      XSetInputFocus (display, window, RevertToPointerRoot, CurrentTime);
      XTestFakeMotionEvent (display, -1, a, b, CurrentTime);
      XSync (display, False);
      printf ("{}\n");
    }
  else if (sscanf (line, "click %d %d", &a, &b) == 2)
    click (a, b);
  else if (sscanf (line, "frames %d %d %lf", &a, &b, &c) == 3)
    frames (a, b, c);
  else if (sscanf (line, "keys %d %d %255s %d %lf %lf", &a, &b, word, &count, &c, &d) == 6)
    keys (a, b, word, count, c / 1e3, d / 1e3);
  else if (sscanf (line, "settle %lf %lf", &c, &d) == 2)
    settle (c / 1e3, d / 1e3);
  else if (sscanf (line, "shot %255s", word) == 1)
    shot (word);
  else
    printf ("{\"error\": \"no such command\"}\n");
}

int
main (void)
{
  char line[512];
  Area changed = { 0 };

  screen_mapped = mapped_cb;
  if (!screen_set_up ())
    {
      fprintf (stderr, "bench-probe: no X display with DAMAGE and MIT-SHM\n");
      return 1;
    }
  setvbuf (stdin, NULL, _IONBF, 0);
  for (;;)
    {
      struct pollfd fds[] = { { STDIN_FILENO, POLLIN, 0 },
                              { ConnectionNumber (display), POLLIN, 0 } };

      if (screen_take (&changed) && watching)
        look (changed);
      changed = (Area){ 0 };
      fflush (stdout);
      XFlush (display);
      if (XPending (display))
        continue;
      /* Between commands nobody needs the reports: sleep, so as not to be measured with others. */
      poll (fds, watching ? 2 : 1, -1);
      if (!fds[0].revents)
        continue;
      if (!fgets (line, sizeof line, stdin))
        return 0;
      line[strcspn (line, "\n")] = '\0';
      run_command (line);
      fflush (stdout);
    }
}
