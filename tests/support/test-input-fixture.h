/* test-input-fixture.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <linux/input-event-codes.h>

#include "lodge-display.h"
#include "test-desktop.h"
#include "test-screen.h"
#include "test-wait.h"
#include "test-xtest.h"

G_BEGIN_DECLS

/* For tests of a display's hands: a window with a display that shows a screen with no guest behind
 * it, and a button, in an application that has accelerators of its own.
 */

/* The display is at 0,0 of the screen; to the right of it is a button. */
#define WIDTH 800
#define HEIGHT 600

/* Where no window is. */
#define NOWHERE_X 1200
#define NOWHERE_Y 700

typedef struct
{
  GtkWindow    *window;
  GtkWidget    *button;
  LodgeDisplay *display;
  TestScreen   *screen;
  guint         n_accelerators;
  /* Presses and releases of buttons, and motions, that reached the window. */
  guint         n_buttons;
  guint         n_motions;
} Fixture;

/* A process has one. */
static GtkApplication *application;

static inline void
activate_cb (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  Fixture *fixture = user_data;

  fixture->n_accelerators++;
}

static inline gboolean
is_grabbed (Fixture   *fixture,
            LodgeGrab  grabbed)
{
  return lodge_display_get_grabbed (fixture->display) == grabbed;
}

static inline gboolean
is_inhibited (Fixture *fixture)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (fixture->window));
  gboolean inhibited;

  g_object_get (surface, "shortcuts-inhibited", &inhibited, NULL);

  return inhibited;
}

static inline gboolean
window_event_cb (Fixture  *fixture,
                 GdkEvent *event)
{
  GdkEventType type = gdk_event_get_event_type (event);

  if (type == GDK_BUTTON_PRESS || type == GDK_BUTTON_RELEASE)
    fixture->n_buttons++;
  else if (type == GDK_MOTION_NOTIFY)
    fixture->n_motions++;

  return GDK_EVENT_PROPAGATE;
}

static inline void
create_window (Fixture *fixture)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkEventController *events = gtk_event_controller_legacy_new ();
  const GActionEntry entries[] = { { "act", activate_cb, NULL, NULL, NULL, { 0 } } };

  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, 1, fixture);

  fixture->display = LODGE_DISPLAY (lodge_display_new ());
  gtk_widget_set_size_request (GTK_WIDGET (fixture->display), WIDTH, HEIGHT);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (fixture->display));
  fixture->button = gtk_button_new_with_label ("Elsewhere");
  gtk_box_append (GTK_BOX (box), fixture->button);

  fixture->window = GTK_WINDOW (gtk_application_window_new (application));
  gtk_window_set_title (fixture->window, "Display input");
  gtk_window_set_decorated (fixture->window, FALSE);
  gtk_window_set_child (fixture->window, box);

  gtk_event_controller_set_propagation_phase (events, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (events, "event", G_CALLBACK (window_event_cb), fixture);
  gtk_widget_add_controller (GTK_WIDGET (fixture->window), events);
}

/* Large enough for all that the tests make of it. */
static inline void
show_picture (TestScreen *screen)
{
  static guint32 pixels[1600 * 800];

  g_assert_true (lodge_framebuffer_attach (lodge_screen_get_framebuffer (LODGE_SCREEN (screen)),
                                           LODGE_PIXEL_FORMAT_XRGB32, 1600, 800, 1600 * 4,
                                           (const guint8 *)pixels));
}

static inline void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  test_xtest_move_to (NOWHERE_X, NOWHERE_Y);
  create_window (fixture);
  fixture->screen = test_screen_new (640, 480);
  show_picture (fixture->screen);
  lodge_display_set_screen (fixture->display, LODGE_SCREEN (fixture->screen));
  gtk_window_present (fixture->window);
  gtk_widget_grab_focus (GTK_WIDGET (fixture->display));

  test_wait (gtk_window_is_active (fixture->window));
  test_wait (gtk_widget_get_height (GTK_WIDGET (fixture->display)) == HEIGHT);
  test_wait (is_grabbed (fixture, LODGE_GRAB_KEYBOARD));
  test_wait (is_inhibited (fixture));
  g_assert_cmpuint (test_screen_get_n_calls (fixture->screen), ==, 0);
}

static inline void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  LodgeDisplay *display = fixture->display;

  g_object_add_weak_pointer (G_OBJECT (display), (gpointer *)&display);
  gtk_window_destroy (fixture->window);
  test_wait (display == NULL);
  gdk_display_sync (gdk_display_get_default ());
  g_assert_finalize_object (fixture->screen);
}

/* All that was sent since the last time, once as much has come as is expected. */
static inline void
expect (Fixture    *fixture,
        const char *expected)
{
  g_auto(GStrv) wanted = g_strsplit (expected, "; ", -1);
  g_autofree char *calls = NULL;

  test_wait (test_screen_get_n_calls (fixture->screen) >= g_strv_length (wanted));
  calls = test_screen_take_calls (fixture->screen);
  g_assert_cmpstr (calls, ==, expected);
}

/* What was done before has been dealt with when this key comes, and sent nothing. */
static inline void
expect_only_key (Fixture *fixture)
{
  test_xtest_tap (KEY_B);
  expect (fixture, "press 30; release 30");
}

/* The same where keys do not reach the guest. */
static inline void
expect_nothing (Fixture *fixture)
{
  fixture->n_accelerators = 0;
  test_xtest_tap (KEY_F10);
  test_wait (fixture->n_accelerators == 1);
  g_assert_cmpuint (test_screen_get_n_calls (fixture->screen), ==, 0);
}

static inline void
move_and_expect (Fixture    *fixture,
                 int         x,
                 int         y,
                 const char *expected)
{
  test_xtest_move_to (x, y);
  expect (fixture, expected);
}

static inline void
let_go (Fixture *fixture)
{
  test_xtest_key (KEY_LEFTCTRL, TRUE);
  test_xtest_key (KEY_LEFTALT, TRUE);
  test_xtest_key (KEY_LEFTALT, FALSE);
  test_xtest_key (KEY_LEFTCTRL, FALSE);
  test_wait (is_grabbed (fixture, LODGE_GRAB_NONE));
}

/* A click in the widget takes the pointer, and the release keys give it back. */
static inline void
capture (Fixture *fixture)
{
  _lodge_screen_set_mouse_mode (LODGE_SCREEN (fixture->screen), LODGE_MOUSE_MODE_SERVER);
  test_xtest_move_to (300, 200);
  expect_only_key (fixture);
  test_xtest_click (1);
  test_wait (is_grabbed (fixture, LODGE_GRAB_KEYBOARD | LODGE_GRAB_POINTER));
  expect_only_key (fixture);
}

static inline void
create_application (void)
{
  static const char * const accelerators[] = { "<Control>w", "F10", "<Control>plus", NULL };
  g_autoptr(GError) error = NULL;

  application = gtk_application_new ("org.lodgevm.TestInput", G_APPLICATION_NON_UNIQUE);
  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);
  gtk_application_set_accels_for_action (application, "app.act", accelerators);
}

/* Runs what was added, on a desktop of its own. */
static inline int
run_on_desktop (void)
{
  int status;

  test_desktop_start ();
  test_xtest_set_repeat (0, 0);
  gtk_init ();
  create_application ();
  status = g_test_run ();
  g_object_unref (application);
  test_desktop_stop ();

  return status;
}

G_END_DECLS
