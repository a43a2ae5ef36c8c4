/* test-xtest.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <X11/XKBlib.h>
#include <X11/Xlib.h>
#include <X11/extensions/XTest.h>

#include "test-xtest.h"

/* X numbers keys as Linux does, from 8 up. */
#define FIRST_KEYCODE 8

static Display *
get_display (void)
{
  static Display *display;
  int event, error, major, minor;

  if (display == NULL)
    {
      if ((display = XOpenDisplay (NULL)) == NULL)
        g_error ("There is no X server at “%s”", g_getenv ("DISPLAY"));

      if (!XTestQueryExtension (display, &event, &error, &major, &minor))
        g_error ("The X server has no XTEST");
    }

  return display;
}

void
test_xtest_key (guint    keycode,
                gboolean pressed)
{
  XTestFakeKeyEvent (get_display (), keycode + FIRST_KEYCODE, pressed, CurrentTime);
  XSync (get_display (), False);
}

void
test_xtest_tap (guint keycode)
{
  test_xtest_key (keycode, TRUE);
  test_xtest_key (keycode, FALSE);
}

void
test_xtest_button (guint    button,
                   gboolean pressed)
{
  XTestFakeButtonEvent (get_display (), button, pressed, CurrentTime);
  XSync (get_display (), False);
}

void
test_xtest_click (guint button)
{
  test_xtest_button (button, TRUE);
  test_xtest_button (button, FALSE);
}

void
test_xtest_move_to (int x,
                    int y)
{
  XTestFakeMotionEvent (get_display (), -1, x, y, CurrentTime);
  XSync (get_display (), False);
}

void
test_xtest_move_by (int dx,
                    int dy)
{
  XTestFakeRelativeMotionEvent (get_display (), dx, dy, CurrentTime);
  XSync (get_display (), False);
}

void
test_xtest_get_pointer (int *x,
                        int *y)
{
  Window root, child;
  int window_x, window_y;
  unsigned int state;

  XQueryPointer (get_display (), DefaultRootWindow (get_display ()), &root, &child, x, y, &window_x,
                 &window_y, &state);
}

void
test_xtest_set_repeat (guint delay,
                       guint interval)
{
  if (interval == 0)
    {
      XAutoRepeatOff (get_display ());
    }
  else
    {
      XAutoRepeatOn (get_display ());
      XkbSetAutoRepeatRate (get_display (), XkbUseCoreKbd, delay, interval);
    }

  XSync (get_display (), False);
}

static gboolean
has_name (Window      window,
          const char *name)
{
  Atom property = XInternAtom (get_display (), "_NET_WM_NAME", False);
  unsigned long n_items, n_left;
  unsigned char *value = NULL;
  gboolean matches;
  Atom type;
  int format;

  if (XGetWindowProperty (get_display (), window, property, 0, 1024, False, AnyPropertyType, &type,
                          &format, &n_items, &n_left, &value) != Success)
    return FALSE;

  matches = value != NULL && g_str_has_prefix ((const char *)value, name);
  XFree (value);

  return matches;
}

static Window
find_window (Window      parent,
             const char *name)
{
  Window found = None, root, grandparent, *children;
  unsigned int n_children;

  if (has_name (parent, name))
    return parent;

  if (!XQueryTree (get_display (), parent, &root, &grandparent, &children, &n_children))
    return None;

  for (unsigned int i = 0; i < n_children && found == None; i++)
    found = find_window (children[i], name);

  if (children != NULL)
    XFree (children);

  return found;
}

gboolean
test_xtest_focus (const char *name)
{
  Window window = find_window (DefaultRootWindow (get_display ()), name);
  XWindowAttributes attributes;

  if (window == None
      || !XGetWindowAttributes (get_display (), window, &attributes)
      || attributes.map_state != IsViewable)
    return FALSE;

  XSetInputFocus (get_display (), window, RevertToPointerRoot, CurrentTime);
  XSync (get_display (), False);

  return TRUE;
}
