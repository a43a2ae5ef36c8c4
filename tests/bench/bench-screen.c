/* bench-screen.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench-screen.h"

#include <X11/Xatom.h>
#include <X11/Xutil.h>
#include <X11/extensions/XShm.h>
#include <X11/extensions/Xdamage.h>

#include <poll.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <time.h>

/* A picture at less than this is a preview, not a screen in use. */
#define MARK_LEAST     10
#define WINDOW_LEAST_W 100
#define WINDOW_LEAST_H 60

Display *display;
Window root;
Area screen;
void (*screen_mapped) (Window window);

static XImage *image;
static Area grabbed;
static XShmSegmentInfo segment;
static Damage damage;
static int damage_event;

double
clock_now (void)
{
  struct timespec t;

  clock_gettime (CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

/* Windows come and go between a look and the next request. */
static int
ignore_error (Display     *unused,
              XErrorEvent *event)
{
  return 0;
}

Area
screen_grabbed (void)
{
  return grabbed;
}

static Area
clip (Area a)
{
  int right = a.x + a.width, bottom = a.y + a.height;

  a.x = a.x < 0 ? 0 : a.x;
  a.y = a.y < 0 ? 0 : a.y;
  a.width = (right > screen.width ? screen.width : right) - a.x;
  a.height = (bottom > screen.height ? screen.height : bottom) - a.y;
  return a;
}

static Area
unite (Area a,
       Area b)
{
  int right, bottom;

  if (a.width <= 0)
    return b;
  right = a.x + a.width > b.x + b.width ? a.x + a.width : b.x + b.width;
  bottom = a.y + a.height > b.y + b.height ? a.y + a.height : b.y + b.height;
  a.x = a.x < b.x ? a.x : b.x;
  a.y = a.y < b.y ? a.y : b.y;
  a.width = right - a.x;
  a.height = bottom - a.y;
  return a;
}

bool
screen_grab (Area area)
{
  area = clip (area);
  if (area.width <= 0 || area.height <= 0)
    return false;
  image->width = area.width;
  image->height = area.height;
  image->bytes_per_line = area.width * 4;
  grabbed = area;
  return XShmGetImage (display, root, image, area.x, area.y, AllPlanes);
}

uint32_t
screen_pixel (int x,
       int y)
{
  const char *line = image->data + (size_t)(y - grabbed.y) * image->bytes_per_line;

  return *(const uint32_t *)(line + (x - grabbed.x) * 4) & 0xffffff;
}

uint32_t
screen_pixel_now (int x,
           int y)
{
  return screen_grab ((Area){ x, y, 1, 1 }) ? screen_pixel (x, y) : 0;
}

bool
colours_alike (uint32_t a,
       uint32_t b)
{
  for (int shift = 0; shift < 24; shift += 8)
    if (abs ((int)(a >> shift & 255) - (int)(b >> shift & 255)) > 6)
      return false;
  return true;
}

bool
screen_find_marks (int *left,
                   int *top,
                   int *size)
{
  int end_x = grabbed.x + grabbed.width, end_y = grabbed.y + grabbed.height;

  *size = 0;
  for (int y = grabbed.y; y < end_y; y += MARK_LEAST / 2)
    for (int x = grabbed.x; x < end_x; x += MARK_LEAST / 2)
      {
        int first = x, last = x, above = y, width;

        if (!colours_alike (screen_pixel (x, y), MARK_TOP_LEFT))
          continue;
        while (first > grabbed.x && colours_alike (screen_pixel (first - 1, y), MARK_TOP_LEFT))
          first--;
        while (last + 1 < end_x && colours_alike (screen_pixel (last + 1, y), MARK_TOP_LEFT))
          last++;
        width = last - first + 1;
        x = last;
        if (width < MARK_LEAST || width <= *size || last + width / 2 >= end_x
            || !colours_alike (screen_pixel (last + width / 2, y), MARK_BESIDE))
          continue;
        while (above > grabbed.y
               && colours_alike (screen_pixel (first, above - 1), MARK_TOP_LEFT))
          above--;
        *left = first;
        *top = above;
        *size = width;
      }
  return *size > 0;
}

/* The client's window inside the window manager's frame: the one with WM_STATE. */
static Window
client_of (Window window,
           int    depth)
{
  Atom wm_state = XInternAtom (display, "WM_STATE", False), type = None;
  unsigned long n, left;
  unsigned char *data = NULL;
  int format;
  Window unused, parent, *children = NULL, found = None;
  unsigned int n_children = 0;

  XGetWindowProperty (display, window, wm_state, 0, 2, False, AnyPropertyType,
                      &type, &format, &n, &left, &data);
  if (data)
    XFree (data);
  if (type != None)
    return window;
  if (depth == 0 || !XQueryTree (display, window, &unused, &parent, &children, &n_children))
    return None;
  for (unsigned int i = 0; i < n_children && !found; i++)
    found = client_of (children[i], depth - 1);
  if (children)
    XFree (children);
  return found;
}

bool
read_top_level (Window    window,
                TopLevel *top)
{
  XWindowAttributes a;
  Window child;

  if (!XGetWindowAttributes (display, window, &a) || a.class == InputOnly
      || a.map_state != IsViewable || a.width < WINDOW_LEAST_W || a.height < WINDOW_LEAST_H)
    return false;
  top->frame = window;
  top->area = (Area){ a.x, a.y, a.width, a.height };
  top->client = client_of (window, 3);
  if (!top->client)
    top->client = window;
  if (!XGetWindowAttributes (display, top->client, &a))
    return false;
  top->inside = (Area){ 0, 0, a.width, a.height };
  XTranslateCoordinates (display, top->client, root, 0, 0, &top->inside.x, &top->inside.y, &child);
  return true;
}

static int
larger_first (const void *a,
              const void *b)
{
  const Area *x = &((const TopLevel *)a)->area, *y = &((const TopLevel *)b)->area;

  return y->width * y->height - x->width * x->height;
}

int
list_top_levels (TopLevel *tops,
                 int       max)
{
  Window unused, parent, *children = NULL;
  unsigned int n_children = 0;
  int n = 0;

  if (!XQueryTree (display, root, &unused, &parent, &children, &n_children))
    return 0;
  for (unsigned int i = 0; i < n_children && n < max; i++)
    n += read_top_level (children[i], &tops[n]);
  if (children)
    XFree (children);
  qsort (tops, n, sizeof *tops, larger_first);
  return n;
}

bool
screen_take (Area *area)
{
  bool any = false;

  while (XPending (display))
    {
      XEvent event;

      XNextEvent (display, &event);
      if (event.type == damage_event + XDamageNotify)
        {
          XDamageNotifyEvent *report = (XDamageNotifyEvent *)&event;

          any = true;
          if (area)
            *area = unite (*area, (Area){ report->area.x, report->area.y,
                                          report->area.width, report->area.height });
        }
      else if (event.type == MapNotify && screen_mapped && !event.xmap.override_redirect)
        screen_mapped (event.xmap.window);
    }
  if (any)
    XDamageSubtract (display, damage, None, None);
  return any;
}

bool
screen_await (double  deadline,
              Area   *area)
{
  for (;;)
    {
      struct pollfd fd = { ConnectionNumber (display), POLLIN, 0 };
      double left;

      if (screen_take (area))
        return true;
      left = deadline - clock_now ();
      if (left <= 0)
        return false;
      XFlush (display);
      poll (&fd, 1, left > 1 ? 1000 : (int)(left * 1000) + 1);
    }
}

bool
screen_set_up (void)
{
  int error;

  display = XOpenDisplay (NULL);
  if (!display || !XDamageQueryExtension (display, &damage_event, &error)
      || !XShmQueryExtension (display))
    return false;
  XSetErrorHandler (ignore_error);
  root = DefaultRootWindow (display);
  screen = (Area){ 0, 0, DisplayWidth (display, 0), DisplayHeight (display, 0) };
  image = XShmCreateImage (display, DefaultVisual (display, 0), DefaultDepth (display, 0), ZPixmap,
                           NULL, &segment, screen.width, screen.height);
  if (!image || image->bits_per_pixel != 32)
    return false;
  segment.shmid = shmget (IPC_PRIVATE, (size_t)screen.width * screen.height * 4,
                          IPC_CREAT | 0600);
  segment.shmaddr = image->data = shmat (segment.shmid, NULL, 0);
  XShmAttach (display, &segment);
  XSync (display, False);
  shmctl (segment.shmid, IPC_RMID, NULL);
  XSelectInput (display, root, SubstructureNotifyMask);
  damage = XDamageCreate (display, root, XDamageReportBoundingBox);
  XSync (display, False);
  return true;
}
