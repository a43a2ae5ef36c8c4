/* test-screen-view.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <adwaita.h>

#include "lodge-screen-view.h"
#include "lodge-settings.h"
#include "test-screen.h"
#include "test-wait.h"

typedef struct
{
  TestScreen      *screen;
  GtkWidget       *window;
  GtkWidget       *button;
  LodgeScreenView *view;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  fixture->screen = test_screen_new (320, 200);
  fixture->view = LODGE_SCREEN_VIEW (lodge_screen_view_new ());
  fixture->button = gtk_button_new_with_label ("Other");
  fixture->window = adw_window_new ();
  gtk_widget_set_vexpand (GTK_WIDGET (fixture->view), TRUE);
  gtk_box_append (GTK_BOX (box), fixture->button);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (fixture->view));
  adw_window_set_content (ADW_WINDOW (fixture->window), box);
  lodge_screen_view_set_screen (fixture->view, LODGE_SCREEN (fixture->screen));
  gtk_window_present (GTK_WINDOW (fixture->window));
  test_wait (gtk_widget_get_mapped (GTK_WIDGET (fixture->view)));
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_assert_finalize_object (fixture->screen);
  g_settings_reset (lodge_settings_get (), "scaling");
}

static GtkWidget *
get_focus (Fixture *fixture)
{
  return gtk_window_get_focus (GTK_WINDOW (fixture->window));
}

/* Whoever types into the guest goes on doing so, whatever the size of the picture is from now on. */
static void
test_scaling_keeps_focus (Fixture       *fixture,
                          gconstpointer  data)
{
  static const char * const scalings[] = { "native", "fit", "native", "fit-down" };
  GtkWidget *display = GTK_WIDGET (lodge_screen_view_get_display (fixture->view));

  gtk_widget_grab_focus (GTK_WIDGET (fixture->view));
  g_assert_true (get_focus (fixture) == display);

  for (guint i = 0; i < G_N_ELEMENTS (scalings); i++)
    {
      g_settings_set_string (lodge_settings_get (), "scaling", scalings[i]);
      test_run_for (200);
      g_assert_true (gtk_widget_get_mapped (display));
      g_assert_true (get_focus (fixture) == display);
    }
}

static void
test_scaling_takes_no_focus (Fixture       *fixture,
                             gconstpointer  data)
{
  gtk_widget_grab_focus (fixture->button);
  g_settings_set_string (lodge_settings_get (), "scaling", "native");
  g_assert_true (get_focus (fixture) == fixture->button);
}

#define ADD(path, func) \
  g_test_add ("/panels/screen-view/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  ADD ("scaling-keeps-focus", test_scaling_keeps_focus);
  ADD ("scaling-takes-no-focus", test_scaling_takes_no_focus);

  return g_test_run ();
}
