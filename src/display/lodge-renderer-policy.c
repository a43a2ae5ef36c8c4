/* lodge-renderer-policy.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <epoxy/gl.h>

#include "lodge-renderer-policy.h"

/*
 * On a machine without a GPU, Mesa draws OpenGL with the CPU. GTK takes that for OpenGL as any
 * other and is then slower than with cairo: measured with a caret that blinks, 47 times as much
 * CPU; with a film of 640 × 360, 17 times.
 */

/* What a GPU's driver shows to programs. */
static gboolean
has_gpu_device (void)
{
  g_autoptr(GDir) dir = g_dir_open ("/dev/dri", 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "renderD"))
      return TRUE;

  /* NVIDIA's own driver may do without DRM; WSL has a GPU of its own kind. */
  return g_file_test ("/dev/nvidiactl", G_FILE_TEST_EXISTS) ||
         g_file_test ("/dev/dxg", G_FILE_TEST_EXISTS);
}

/* The variable by which GDK was told, for as long as its display is not open. */
static const char *gl_disabled_by;

static gboolean
is_software (const char *renderer)
{
  static const char * const names[] = {
    "llvmpipe", "softpipe", "swrast", "SWR", "Software Rasterizer",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strstr (renderer, names[i]) != NULL)
      return TRUE;

  return FALSE;
}

/* Asks OpenGL itself: a device is no promise that there is a driver for it. GTK keeps most of what
 * this sets up for its own renderer. Without any OpenGL GTK takes cairo by itself.
 */
static gboolean
draws_in_software (GdkDisplay *display)
{
  g_autoptr(GdkGLContext) context = gdk_display_create_gl_context (display, NULL);
  const char *renderer;
  gboolean software = TRUE;

  if (context == NULL || !gdk_gl_context_realize (context, NULL))
    return TRUE;

  gdk_gl_context_make_current (context);
  renderer = (const char *)glGetString (GL_RENDERER);
  if (renderer != NULL)
    software = is_software (renderer);
  gdk_gl_context_clear_current ();

  return software;
}

void
lodge_renderer_policy_prepare (void)
{
  gboolean new_name = gtk_get_minor_version () >= 16;

  if (g_getenv ("GSK_RENDERER") != NULL ||
      g_getenv ("GDK_DEBUG") != NULL || g_getenv ("GDK_DISABLE") != NULL ||
      has_gpu_device ())
    return;

  gl_disabled_by = new_name ? "GDK_DISABLE" : "GDK_DEBUG";
  g_setenv (gl_disabled_by, new_name ? "gl" : "gl-disable", TRUE);
}

void
lodge_renderer_policy_apply (GdkDisplay *display)
{
  g_return_if_fail (GDK_IS_DISPLAY (display));

  /* GDK has read it; programs that are started from here are to decide for themselves. */
  if (gl_disabled_by != NULL)
    g_unsetenv (gl_disabled_by);
  gl_disabled_by = NULL;

  if (g_getenv ("GSK_RENDERER") != NULL)
    return;

  /* Where there is no device, the answer is known before OpenGL is loaded: that takes 9 ms with
   * GTK 4.8, 209 ms with 4.18.
   */
  if (!has_gpu_device () || draws_in_software (display))
    g_setenv ("GSK_RENDERER", "cairo", FALSE);
}
