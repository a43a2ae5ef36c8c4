/* test-fullscreen-box.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-fullscreen-box.h"
#include "test-wait.h"

typedef struct
{
  GtkWindow          *window;
  LodgeFullscreenBox *box;
  GtkWidget          *button;
  GtkWidget          *screen;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  GtkWidget *header = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  fixture->button = gtk_button_new_with_label ("Pause");
  fixture->screen = gtk_drawing_area_new ();
  gtk_widget_set_focusable (fixture->screen, TRUE);
  gtk_box_append (GTK_BOX (header), fixture->button);
  fixture->box = g_object_new (LODGE_TYPE_FULLSCREEN_BOX,
                               "header", header,
                               "content", fixture->screen,
                               NULL);

  fixture->window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_default_size (fixture->window, 600, 400);
  gtk_window_set_child (fixture->window, GTK_WIDGET (fixture->box));
  gtk_window_present (fixture->window);
  test_wait (gtk_widget_get_mapped (fixture->screen));
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  gtk_window_destroy (fixture->window);
}

/* The first button has the focus when a window opens, and the window may be fullscreen before the
 * guest's picture takes the keyboard.
 */
static void
test_goes_when_the_focus_leaves (Fixture       *fixture,
                                 gconstpointer  data)
{
  g_assert_true (gtk_widget_grab_focus (fixture->button));
  lodge_fullscreen_box_set_fullscreened (fixture->box, TRUE);
  g_assert_true (gtk_widget_grab_focus (fixture->screen));
  g_assert_false (lodge_fullscreen_box_get_revealed (fixture->box));

  g_assert_true (gtk_widget_grab_focus (fixture->button));
  g_assert_true (lodge_fullscreen_box_get_revealed (fixture->box));

  g_assert_true (gtk_widget_grab_focus (fixture->screen));
  g_assert_false (lodge_fullscreen_box_get_revealed (fixture->box));
}

static void
test_stays_in_a_window (Fixture       *fixture,
                        gconstpointer  data)
{
  g_assert_true (gtk_widget_grab_focus (fixture->screen));
  g_assert_true (lodge_fullscreen_box_get_revealed (fixture->box));
  g_assert_true (gtk_widget_get_mapped (fixture->button));

  lodge_fullscreen_box_set_fullscreened (fixture->box, TRUE);
  g_assert_false (lodge_fullscreen_box_get_revealed (fixture->box));
  test_wait (!gtk_widget_get_child_visible (fixture->button) || !gtk_widget_get_mapped (fixture->button));

  lodge_fullscreen_box_set_fullscreened (fixture->box, FALSE);
  g_assert_true (lodge_fullscreen_box_get_revealed (fixture->box));
  test_wait (gtk_widget_get_mapped (fixture->button));
}

#define ADD(name, func) \
  g_test_add ("/panels/fullscreen-box/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  ADD ("goes-when-the-focus-leaves", test_goes_when_the_focus_leaves);
  ADD ("stays-in-a-window", test_stays_in_a_window);

  return g_test_run ();
}
