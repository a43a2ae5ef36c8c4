/* test-screenshot.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "lodge-screenshot.h"
#include "test-await.h"

static char *
name_for (const char *title)
{
  g_autoptr(GDateTime) time = g_date_time_new_utc (2026, 3, 9, 8, 5, 1);

  return lodge_screenshot_dup_file_name (title, time);
}

static void
test_names_guest_and_time (void)
{
  g_autofree char *name = name_for ("Desk");

  g_assert_cmpstr (name, ==, "Desk 2026-03-09 08-05-01.png");
}

static void
test_any_title_makes_a_file_name (void)
{
  g_autofree char *long_title = g_strnfill (255, 'x');
  g_autofree char *name = name_for (long_title);
  g_autofree char *slashes = name_for ("../../etc/passwd");
  g_autofree char *empty = name_for ("");
  g_autofree char *emoji = NULL;
  g_autoptr(GString) many = g_string_new (NULL);

  g_assert_cmpuint (strlen (name), <=, 255);
  g_assert_null (strchr (slashes, '/'));
  g_assert_true (slashes[0] != '.');
  g_assert_true (g_str_has_suffix (empty, ".png"));

  for (int i = 0; i < 80; i++)
    g_string_append (many, "🦆");
  emoji = name_for (many->str);
  g_assert_true (g_utf8_validate (emoji, -1, NULL));
  g_assert_cmpuint (strlen (emoji), <=, 255);
}

static void
test_saves_a_png (void)
{
  static const guchar pixels[4 * 4] = { 0, 0, 255, 255, 0, 255, 0, 255, 255, 0, 0, 255, 255, 255, 255, 255 };
  g_autoptr(GBytes) bytes = g_bytes_new_static (pixels, sizeof pixels);
  g_autoptr(GdkTexture) texture = gdk_memory_texture_new (2, 2, GDK_MEMORY_B8G8R8A8, bytes, 8);
  g_autofree char *folder = g_dir_make_tmp ("lodge-screenshot-XXXXXX", NULL);
  g_autoptr(GFile) file = g_file_new_build_filename (folder, "shot.png", NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GdkTexture) loaded = NULL;
  g_autoptr(GError) error = NULL;

  lodge_screenshot_save_async (texture, file, NULL, test_await_cb, &result);
  g_assert_true (lodge_screenshot_save_finish (test_await (&result), &error));
  g_assert_no_error (error);

  loaded = gdk_texture_new_from_file (file, &error);
  g_assert_no_error (error);
  g_assert_cmpint (gdk_texture_get_width (loaded), ==, 2);
}

static void
test_says_where_it_cannot (void)
{
  static const guchar pixels[4] = { 0 };
  g_autoptr(GBytes) bytes = g_bytes_new_static (pixels, sizeof pixels);
  g_autoptr(GdkTexture) texture = gdk_memory_texture_new (1, 1, GDK_MEMORY_B8G8R8A8, bytes, 4);
  g_autoptr(GFile) file = g_file_new_for_path ("/nowhere/at/all/shot.png");
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  lodge_screenshot_save_async (texture, file, NULL, test_await_cb, &result);
  g_assert_false (lodge_screenshot_save_finish (test_await (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/panels/screenshot/names-guest-and-time", test_names_guest_and_time);
  g_test_add_func ("/panels/screenshot/any-title-makes-a-file-name", test_any_title_makes_a_file_name);
  g_test_add_func ("/panels/screenshot/saves-a-png", test_saves_a_png);
  g_test_add_func ("/panels/screenshot/says-where-it-cannot", test_says_where_it_cannot);

  return g_test_run ();
}
