/* test-screen.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "test-screen.h"

struct _TestScreen
{
  LodgeScreen  parent_instance;
  GPtrArray   *calls;
};

G_DEFINE_FINAL_TYPE (TestScreen, test_screen, LODGE_TYPE_SCREEN)

static void
record (LodgeScreen *screen,
        char        *call)
{
  g_ptr_array_add (TEST_SCREEN (screen)->calls, call);
}

static void
test_screen_key_press (LodgeScreen *screen,
                       guint        scancode)
{
  record (screen, g_strdup_printf ("press %x", scancode));
}

static void
test_screen_key_release (LodgeScreen *screen,
                         guint        scancode)
{
  record (screen, g_strdup_printf ("release %x", scancode));
}

static void
test_screen_key_tap (LodgeScreen *screen,
                     guint        scancode)
{
  record (screen, g_strdup_printf ("tap %x", scancode));
}

static void
test_screen_button_press (LodgeScreen     *screen,
                          LodgeMouseButton button,
                          guint            buttons)
{
  record (screen, g_strdup_printf ("button-press %d mask %x", button, buttons));
}

static void
test_screen_button_release (LodgeScreen     *screen,
                            LodgeMouseButton button,
                            guint            buttons)
{
  record (screen, g_strdup_printf ("button-release %d mask %x", button, buttons));
}

static void
test_screen_pointer_position (LodgeScreen *screen,
                              int          x,
                              int          y,
                              guint        buttons)
{
  record (screen, g_strdup_printf ("position %d,%d mask %x", x, y, buttons));
}

static void
test_screen_pointer_motion (LodgeScreen *screen,
                            int          dx,
                            int          dy,
                            guint        buttons)
{
  record (screen, g_strdup_printf ("motion %d,%d mask %x", dx, dy, buttons));
}

static void
test_screen_set_lock_keys (LodgeScreen  *screen,
                           LodgeLockKeys locked)
{
  record (screen, g_strdup_printf ("lock-keys %x", locked));
}

static void
test_screen_request_size (LodgeScreen *screen,
                          int          width,
                          int          height,
                          int          width_mm,
                          int          height_mm)
{
  record (screen, g_strdup_printf ("size %dx%d mm %dx%d", width, height, width_mm, height_mm));
}

static void
test_screen_finalize (GObject *object)
{
  TestScreen *self = (TestScreen *)object;

  g_clear_pointer (&self->calls, g_ptr_array_unref);

  G_OBJECT_CLASS (test_screen_parent_class)->finalize (object);
}

static void
test_screen_class_init (TestScreenClass *klass)
{
  LodgeScreenClass *screen_class = LODGE_SCREEN_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = test_screen_finalize;

  screen_class->key_press = test_screen_key_press;
  screen_class->key_release = test_screen_key_release;
  screen_class->key_tap = test_screen_key_tap;
  screen_class->button_press = test_screen_button_press;
  screen_class->button_release = test_screen_button_release;
  screen_class->pointer_position = test_screen_pointer_position;
  screen_class->pointer_motion = test_screen_pointer_motion;
  screen_class->set_lock_keys = test_screen_set_lock_keys;
  screen_class->request_size = test_screen_request_size;
}

static void
test_screen_init (TestScreen *self)
{
  self->calls = g_ptr_array_new_with_free_func (g_free);
}

TestScreen *
test_screen_new (int width,
                 int height)
{
  TestScreen *self = g_object_new (TEST_TYPE_SCREEN, NULL);
  g_autoptr(LodgeFramebuffer) framebuffer = lodge_framebuffer_new ();

  _lodge_screen_set_framebuffer (LODGE_SCREEN (self), framebuffer);
  _lodge_screen_set_area (LODGE_SCREEN (self), &(GdkRectangle) { 0, 0, width, height });
  _lodge_screen_set_mouse_mode (LODGE_SCREEN (self), LODGE_MOUSE_MODE_CLIENT);
  _lodge_screen_set_ready (LODGE_SCREEN (self), TRUE);

  return self;
}

char *
test_screen_dup_calls (TestScreen *self)
{
  GString *joined = g_string_new (NULL);

  for (guint i = 0; i < self->calls->len; i++)
    {
      if (i > 0)
        g_string_append (joined, "; ");

      g_string_append (joined, g_ptr_array_index (self->calls, i));
    }

  return g_string_free (joined, FALSE);
}

char *
test_screen_take_calls (TestScreen *self)
{
  char *calls = test_screen_dup_calls (self);

  g_ptr_array_set_size (self->calls, 0);

  return calls;
}

guint
test_screen_get_n_calls (TestScreen *self)
{
  return self->calls->len;
}

const char *
test_screen_get_last (TestScreen *self)
{
  return self->calls->len > 0 ? g_ptr_array_index (self->calls, self->calls->len - 1) : NULL;
}
