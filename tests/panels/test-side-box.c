/* test-side-box.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-side-box.h"
#include "test-wait.h"

typedef struct
{
  GtkWindow    *window;
  LodgeSideBox *box;
  GtkWidget    *screen;
  GtkWidget    *sheet;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  GtkWidget *tall = gtk_drawing_area_new ();

  fixture->screen = gtk_drawing_area_new ();
  fixture->sheet = gtk_scrolled_window_new ();
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (tall), 2000);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (fixture->sheet), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (fixture->sheet), tall);
  fixture->box = g_object_new (LODGE_TYPE_SIDE_BOX,
                               "content", fixture->screen,
                               "side", fixture->sheet,
                               NULL);

  fixture->window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_decorated (fixture->window, FALSE);
  gtk_window_set_child (fixture->window, GTK_WIDGET (fixture->box));
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  gtk_window_destroy (fixture->window);
}

static void
show (Fixture *fixture,
      int      width,
      int      height)
{
  gtk_window_set_default_size (fixture->window, width, height);
  gtk_window_present (fixture->window);
  test_wait (gtk_widget_get_width (GTK_WIDGET (fixture->box)) == width);
}

static graphene_rect_t
place_of (Fixture   *fixture,
          GtkWidget *widget)
{
  graphene_rect_t bounds;

  g_assert_true (gtk_widget_compute_bounds (widget, GTK_WIDGET (fixture->box), &bounds));

  return bounds;
}

/* A wide window has room for both. */
static void
test_beside (Fixture       *fixture,
             gconstpointer  data)
{
  graphene_rect_t screen, sheet;

  show (fixture, 1000, 600);
  g_assert_cmpint (gtk_widget_get_width (fixture->screen), ==, 1000);
  g_assert_false (gtk_widget_get_mapped (fixture->sheet));

  lodge_side_box_set_open (fixture->box, TRUE);
  test_wait (gtk_widget_get_width (fixture->screen) < 1000 && gtk_widget_get_width (fixture->sheet) > 0);
  screen = place_of (fixture, fixture->screen);
  sheet = place_of (fixture, fixture->sheet);
  g_assert_cmpfloat (screen.origin.x, ==, 0);
  g_assert_cmpfloat (sheet.origin.x, ==, screen.size.width);
  g_assert_cmpfloat (sheet.origin.x + sheet.size.width, ==, 1000);
  g_assert_cmpfloat (sheet.size.height, ==, 600);

  lodge_side_box_set_open (fixture->box, FALSE);
  test_wait (gtk_widget_get_width (fixture->screen) == 1000);
  g_assert_false (gtk_widget_get_mapped (fixture->sheet));
}

/* Where there is no room for both, the screen keeps its size and stays in sight. */
static void
test_over (Fixture       *fixture,
           gconstpointer  data)
{
  graphene_rect_t sheet;

  lodge_side_box_set_open (fixture->box, TRUE);
  show (fixture, 700, 600);
  test_wait (gtk_widget_get_width (fixture->sheet) > 0);
  sheet = place_of (fixture, fixture->sheet);
  g_assert_cmpint (gtk_widget_get_width (fixture->screen), ==, 700);
  g_assert_cmpfloat (sheet.origin.x + sheet.size.width, ==, 700);
  g_assert_cmpfloat (sheet.origin.x, >=, 200);
  g_assert_cmpint (lodge_side_box_get_place (fixture->box), ==, LODGE_SIDE_BOX_OVER);
}

static void
test_below (Fixture       *fixture,
            gconstpointer  data)
{
  graphene_rect_t sheet;

  lodge_side_box_set_open (fixture->box, TRUE);
  show (fixture, 360, 600);
  test_wait (gtk_widget_get_width (fixture->sheet) > 0);
  sheet = place_of (fixture, fixture->sheet);
  g_assert_cmpint (gtk_widget_get_height (fixture->screen), ==, 600);
  g_assert_cmpfloat (sheet.size.width, ==, 360);
  g_assert_cmpfloat (sheet.origin.y, >=, 240);
  g_assert_cmpfloat (sheet.origin.y + sheet.size.height, ==, 600);
}

static void
test_right_to_left (Fixture       *fixture,
                    gconstpointer  data)
{
  graphene_rect_t screen, sheet;

  gtk_widget_set_direction (GTK_WIDGET (fixture->box), GTK_TEXT_DIR_RTL);
  lodge_side_box_set_open (fixture->box, TRUE);
  show (fixture, 1000, 600);
  test_wait (gtk_widget_get_width (fixture->sheet) > 0);
  screen = place_of (fixture, fixture->screen);
  sheet = place_of (fixture, fixture->sheet);
  g_assert_cmpfloat (sheet.origin.x, ==, 0);
  g_assert_cmpfloat (screen.origin.x, ==, sheet.size.width);
}

#define ADD(name, func) \
  g_test_add ("/panels/side-box/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  ADD ("beside", test_beside);
  ADD ("over", test_over);
  ADD ("below", test_below);
  ADD ("right-to-left", test_right_to_left);

  return g_test_run ();
}
