/* test-pointer-lock-wayland.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <gtk/gtk.h>

#include "lodge-pointer-lock.h"
#include "test-desktop.h"
#include "test-wait.h"
#include "test-xtest.h"

typedef struct
{
  GtkWindow        *window;
  GtkWidget        *widget;
  LodgePointerLock *lock;
  double            dx;
  double            dy;
  guint             n_motions;
  double            x;
  double            y;
  guint             n_told;
  guint             n_absolute;
} Fixture;

static void
motion_cb (Fixture *fixture,
           double   dx,
           double   dy)
{
  fixture->dx += dx;
  fixture->dy += dy;
  fixture->n_motions++;
}

/* GTK also tells of a pointer that stays where it is, when the widgets under it may be others. */
static void
absolute_cb (Fixture *fixture,
             double   x,
             double   y)
{
  fixture->n_told++;

  if (x != fixture->x || y != fixture->y)
    fixture->n_absolute++;

  fixture->x = x;
  fixture->y = y;
}

/* A first motion may only be an entering. */
static gboolean
nudge (Fixture *fixture)
{
  test_xtest_move_by (2, 0);
  test_xtest_move_by (-2, 0);

  return fixture->n_told > 0;
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  GtkEventController *controller = gtk_event_controller_motion_new ();

  /* The shell of this compositor gives a window the whole screen. */
  fixture->window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_decorated (fixture->window, FALSE);
  fixture->widget = gtk_drawing_area_new ();
  gtk_window_set_child (fixture->window, fixture->widget);
  g_signal_connect_swapped (controller, "motion", G_CALLBACK (absolute_cb), fixture);
  gtk_widget_add_controller (fixture->widget, controller);
  gtk_window_present (fixture->window);

  fixture->lock = lodge_pointer_lock_new (gtk_widget_get_display (fixture->widget));
  g_assert_nonnull (fixture->lock);
  g_signal_connect_swapped (fixture->lock, "motion", G_CALLBACK (motion_cb), fixture);

  test_wait (gtk_window_is_active (fixture->window));
  test_wait (gtk_widget_get_width (fixture->widget) > 500);
  test_xtest_move_to (500, 350);
  test_wait (nudge (fixture));
  /* A compositor locks for the window that the user turned to. */
  test_xtest_click (1);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  GdkDisplay *display = gtk_widget_get_display (fixture->widget);

  g_assert_finalize_object (fixture->lock);
  gtk_window_destroy (fixture->window);
  /* The compositor looks for the next one to have the focus before there is one. */
  gdk_display_sync (display);
}

static void
test_motion (Fixture       *fixture,
             gconstpointer  data)
{
  g_assert_true (lodge_pointer_lock_lock (fixture->lock, fixture->widget));
  g_assert_false (lodge_pointer_lock_get_locked (fixture->lock));
  test_wait (lodge_pointer_lock_get_locked (fixture->lock));
  fixture->n_absolute = 0;

  for (int i = 0; i < 20; i++)
    test_xtest_move_by (12, -4);

  test_wait (fixture->dx >= 240);
  g_assert_cmpfloat (fixture->dx, ==, 240);
  g_assert_cmpfloat (fixture->dy, ==, -80);
  g_assert_cmpuint (fixture->n_absolute, ==, 0);

  lodge_pointer_lock_unlock (fixture->lock);
  g_assert_false (lodge_pointer_lock_get_locked (fixture->lock));
  fixture->n_motions = 0;
  fixture->n_told = 0;
  test_wait (nudge (fixture));
  g_assert_cmpuint (fixture->n_motions, ==, 0);
}

/* The compositor ends the lock when the window loses the focus; it does not come back by itself. */
static void
test_broken (Fixture       *fixture,
             gconstpointer  data)
{
  GtkWindow *other = GTK_WINDOW (gtk_window_new ());

  g_assert_true (lodge_pointer_lock_lock (fixture->lock, fixture->widget));
  test_wait (lodge_pointer_lock_get_locked (fixture->lock));

  gtk_window_present (other);
  test_wait (!lodge_pointer_lock_get_locked (fixture->lock));
  gtk_window_destroy (other);
  test_wait (gtk_window_is_active (fixture->window));

  fixture->n_told = 0;
  test_wait (nudge (fixture));
  g_assert_false (lodge_pointer_lock_get_locked (fixture->lock));
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  test_desktop_start_wayland ();
  gtk_init ();

#define ADD(path, function) \
  g_test_add ("/display/pointer-lock-wayland/" path, Fixture, NULL, fixture_set_up, function, \
              fixture_tear_down)

  ADD ("motion", test_motion);
  ADD ("broken", test_broken);

  status = g_test_run ();
  test_desktop_stop ();

  return status;
}
