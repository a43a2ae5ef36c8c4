/* test-renderer-policy.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "lodge-renderer-policy.h"

/* Each in a process of its own: the renderer is chosen once. */
static void
run_alone (const char *path)
{
  g_test_trap_subprocess (path, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
}

static void
test_user_decides (void)
{
  if (!g_test_subprocess ())
    {
      run_alone (NULL);
      return;
    }

  g_setenv ("GSK_RENDERER", "gl", TRUE);
  gtk_init ();
  lodge_renderer_policy_apply (gdk_display_get_default ());
  g_assert_cmpstr (g_getenv ("GSK_RENDERER"), ==, "gl");
}

static void
test_software_means_cairo (void)
{
  GtkWidget *window;
  gint64 start;

  if (!g_test_subprocess ())
    {
      run_alone (NULL);
      return;
    }

  g_unsetenv ("GSK_RENDERER");
  g_setenv ("LIBGL_ALWAYS_SOFTWARE", "1", TRUE);
  gtk_init ();
  start = g_get_monotonic_time ();
  lodge_renderer_policy_apply (gdk_display_get_default ());
  g_test_message ("Decided in %.1f ms", (g_get_monotonic_time () - start) / 1e3);
  g_assert_cmpstr (g_getenv ("GSK_RENDERER"), ==, "cairo");

  /* And it comes in time for the first window. */
  window = gtk_window_new ();
  gtk_window_present (GTK_WINDOW (window));
  g_assert_true (GSK_IS_CAIRO_RENDERER (gtk_native_get_renderer (GTK_NATIVE (window))));
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
has_loaded (const char *library)
{
  g_autofree char *maps = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/maps", &maps, NULL, NULL));

  return strstr (maps, library) != NULL;
}

/* No library of OpenGL is loaded for nothing, and no other program is told what we decided. */
static void
test_no_gpu_means_no_gl (void)
{
  GtkWidget *window;

  if (g_file_test ("/dev/dri", G_FILE_TEST_EXISTS) ||
      g_file_test ("/dev/nvidiactl", G_FILE_TEST_EXISTS) ||
      g_file_test ("/dev/dxg", G_FILE_TEST_EXISTS))
    {
      g_test_skip ("There is a GPU");
      return;
    }

  if (!g_test_subprocess ())
    {
      run_alone (NULL);
      return;
    }

  g_unsetenv ("GSK_RENDERER");
  g_unsetenv ("GDK_DEBUG");
  g_unsetenv ("GDK_DISABLE");
  lodge_renderer_policy_prepare ();
  gtk_init ();
  lodge_renderer_policy_apply (gdk_display_get_default ());
  g_assert_null (g_getenv ("GDK_DEBUG"));
  g_assert_null (g_getenv ("GDK_DISABLE"));

  window = gtk_window_new ();
  gtk_window_present (GTK_WINDOW (window));
  g_assert_true (GSK_IS_CAIRO_RENDERER (gtk_native_get_renderer (GTK_NATIVE (window))));
  g_assert_false (has_loaded ("swrast_dri"));
  g_assert_false (has_loaded ("libLLVM"));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/display/renderer-policy/user-decides", test_user_decides);
  g_test_add_func ("/display/renderer-policy/software-means-cairo", test_software_means_cairo);

  g_test_add_func ("/display/renderer-policy/no-gpu-means-no-gl", test_no_gpu_means_no_gl);

  return g_test_run ();
}
