/* test-pointer-lock.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <gtk/gtk.h>

#include "lodge-pointer-lock.h"
#include "test-desktop.h"
#include "test-wait.h"
#include "test-xtest.h"

#define TITLE "Pointer lock"

/* A window at 0,0 of the screen with a widget somewhere in it. */
typedef struct
{
  GtkWindow        *window;
  GtkWidget        *widget;
  LodgePointerLock *lock;
  double            dx;
  double            dy;
  guint             n_motions;
  guint             n_notified;
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

static void
locked_cb (Fixture *fixture)
{
  fixture->n_notified++;
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_title (fixture->window, TITLE);
  gtk_window_set_decorated (fixture->window, FALSE);
  gtk_window_set_default_size (fixture->window, 600, 400);

  fixture->widget = gtk_drawing_area_new ();
  gtk_widget_set_margin_start (fixture->widget, 100);
  gtk_widget_set_margin_top (fixture->widget, 100);
  gtk_window_set_child (fixture->window, fixture->widget);
  gtk_window_present (fixture->window);

  fixture->lock = lodge_pointer_lock_new (gtk_widget_get_display (fixture->widget));
  g_assert_nonnull (fixture->lock);
  g_signal_connect_swapped (fixture->lock, "motion", G_CALLBACK (motion_cb), fixture);
  g_signal_connect_swapped (fixture->lock, "notify::locked", G_CALLBACK (locked_cb), fixture);

  test_wait (gtk_window_is_active (fixture->window));
  test_wait (gtk_widget_get_width (fixture->widget) == 500);
  test_xtest_move_to (300, 200);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_assert_finalize_object (fixture->lock);
  gtk_window_destroy (fixture->window);
}

static void
lock (Fixture *fixture)
{
  g_assert_false (lodge_pointer_lock_get_locked (fixture->lock));
  g_assert_true (lodge_pointer_lock_lock (fixture->lock, fixture->widget));
  test_wait (lodge_pointer_lock_get_locked (fixture->lock));
  g_assert_cmpuint (fixture->n_notified, ==, 1);
  gdk_display_sync (gtk_widget_get_display (fixture->widget));
}

static void
assert_pointer (int x,
                int y)
{
  int actual_x, actual_y;

  test_xtest_get_pointer (&actual_x, &actual_y);
  g_assert_cmpint (actual_x, ==, x);
  g_assert_cmpint (actual_y, ==, y);
}

static void
test_motion (Fixture       *fixture,
             gconstpointer  data)
{
  lock (fixture);

  for (int i = 0; i < 60; i++)
    {
      test_xtest_move_by (25, 3);
      assert_pointer (300, 200);
    }

  test_wait (fixture->n_motions == 60);
  g_assert_cmpfloat (fixture->dx, ==, 60 * 25);
  g_assert_cmpfloat (fixture->dy, ==, 60 * 3);

  /* Through each of the corners, slowly and far. */
  fixture->dx = fixture->dy = fixture->n_motions = 0;

  for (int i = 0; i < 40; i++)
    {
      int step = 1 + i * 10;

      test_xtest_move_by (i % 2 ? step : -step, i / 2 % 2 ? step : -step);
      assert_pointer (300, 200);
    }

  test_wait (fixture->n_motions == 40);
  g_assert_cmpfloat (fixture->dx, ==, 200);
  g_assert_cmpfloat (fixture->dy, ==, 400);
}

static void
test_unlock (Fixture       *fixture,
             gconstpointer  data)
{
  lock (fixture);
  lodge_pointer_lock_unlock (fixture->lock);
  g_assert_false (lodge_pointer_lock_get_locked (fixture->lock));
  g_assert_cmpuint (fixture->n_notified, ==, 2);
  /* The server has heard of it. */
  gdk_display_sync (gtk_widget_get_display (fixture->widget));

  test_xtest_move_by (50, -50);
  assert_pointer (350, 150);

  lodge_pointer_lock_unlock (fixture->lock);
  g_assert_cmpuint (fixture->n_notified, ==, 2);

  /* And again. */
  fixture->n_notified = 0;
  lock (fixture);
  test_xtest_move_by (7, 8);
  assert_pointer (350, 150);
  test_wait (fixture->n_motions == 1);
}

/* The last reference frees the pointer as well. */
static void
test_dispose (Fixture       *fixture,
              gconstpointer  data)
{
  lock (fixture);
  g_assert_finalize_object (fixture->lock);
  gdk_display_sync (gtk_widget_get_display (fixture->widget));
  test_xtest_move_by (10, 10);
  assert_pointer (310, 210);

  fixture->lock = lodge_pointer_lock_new (gtk_widget_get_display (fixture->widget));
}

static void
test_not_over_widget (Fixture       *fixture,
                      gconstpointer  data)
{
  test_xtest_move_to (50, 200);
  g_assert_false (lodge_pointer_lock_lock (fixture->lock, fixture->widget));
  g_assert_cmpuint (fixture->n_notified, ==, 0);

  gtk_widget_set_visible (fixture->widget, FALSE);
  test_xtest_move_to (300, 200);
  g_assert_false (lodge_pointer_lock_lock (fixture->lock, fixture->widget));
}

/* At the edge of the screen there is no room for all barriers. */
static void
test_edge (Fixture       *fixture,
           gconstpointer  data)
{
  gtk_widget_set_margin_start (fixture->widget, 0);
  gtk_widget_set_margin_top (fixture->widget, 0);
  test_wait (gtk_widget_get_width (fixture->widget) == 600);
  test_xtest_move_to (0, 1);
  lock (fixture);
  test_xtest_move_by (5, 5);
  assert_pointer (0, 1);
  test_xtest_move_by (-5, -5);
  assert_pointer (0, 1);
  test_wait (fixture->n_motions == 2);
  g_assert_cmpfloat (fixture->dx, ==, 0);
}

/* Two windows of one program hand over in either order. */
static void
test_two (Fixture       *fixture,
          gconstpointer  data)
{
  g_autoptr(LodgePointerLock) other = lodge_pointer_lock_new (gtk_widget_get_display (fixture->widget));
  guint n_motions;

  g_assert_true (lodge_pointer_lock_lock (other, fixture->widget));
  lock (fixture);
  lodge_pointer_lock_unlock (other);
  gdk_display_sync (gtk_widget_get_display (fixture->widget));

  n_motions = fixture->n_motions;
  test_xtest_move_by (5, 5);
  assert_pointer (300, 200);
  test_wait (fixture->n_motions == n_motions + 1);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  test_desktop_start ();
  gtk_init ();

#define ADD(path, function) \
  g_test_add ("/display/pointer-lock/" path, Fixture, NULL, fixture_set_up, function, \
              fixture_tear_down)

  ADD ("motion", test_motion);
  ADD ("unlock", test_unlock);
  ADD ("dispose", test_dispose);
  ADD ("not-over-widget", test_not_over_widget);
  ADD ("edge", test_edge);
  ADD ("two", test_two);

  status = g_test_run ();
  test_desktop_stop ();

  return status;
}
