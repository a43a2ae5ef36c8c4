/* test-picture-store.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gstdio.h>

#include "lodge-picture-store.h"
#include "test-await.h"

#define ID "6695eb01-f6a4-8304-79aa-97f2502e193f"

typedef struct
{
  char              *folder;
  LodgePictureStore *store;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *top = g_dir_make_tmp ("lodge-pictures-XXXXXX", NULL);

  fixture->folder = g_build_filename (top, "made", "when needed", NULL);
  fixture->store = lodge_picture_store_new (fixture->folder);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_clear_object (&fixture->store);
  g_free (fixture->folder);
}

static GdkTexture *
create_texture (int     width,
                int     height,
                guint32 pixel)
{
  gsize stride = (gsize)width * 4;
  guint32 *pixels = g_malloc (stride * height);
  g_autoptr(GBytes) bytes = g_bytes_new_take (pixels, stride * height);

  for (int i = 0; i < width * height; i++)
    pixels[i] = pixel;

  return gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, stride);
}

static void
save (Fixture    *fixture,
      const char *id,
      GdkTexture *texture)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  lodge_picture_store_save_async (fixture->store, id, texture, NULL, test_await_cb, &result);
  g_assert_true (lodge_picture_store_save_finish (fixture->store, test_await (&result), &error));
  g_assert_no_error (error);
}

static GdkTexture *
load (Fixture     *fixture,
      const char  *id,
      GError     **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  lodge_picture_store_load_async (fixture->store, id, NULL, test_await_cb, &result);

  return lodge_picture_store_load_finish (fixture->store, test_await (&result), error);
}

static void
test_keeps_the_picture (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(GdkTexture) screen = create_texture (320, 200, 0xff3366cc);
  g_autoptr(GdkTexture) loaded = NULL;
  guint32 pixels[320 * 200];

  save (fixture, ID, screen);
  loaded = load (fixture, ID, NULL);

  g_assert_cmpint (gdk_texture_get_width (loaded), ==, 320);
  g_assert_cmpint (gdk_texture_get_height (loaded), ==, 200);
  gdk_texture_download (loaded, (guchar *)pixels, 320 * 4);
  g_assert_cmphex (pixels[0], ==, 0xff3366cc);
  g_assert_cmphex (pixels[320 * 200 - 1], ==, 0xff3366cc);
}

static void
test_makes_large_ones_small (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr(GdkTexture) screen = create_texture (1920, 1080, 0xff000000);
  g_autoptr(GdkTexture) wide = create_texture (4000, 1, 0xff000000);
  g_autoptr(GdkTexture) loaded = NULL;
  g_autoptr(GdkTexture) loaded_wide = NULL;

  save (fixture, ID, screen);
  loaded = load (fixture, ID, NULL);
  g_assert_cmpint (gdk_texture_get_width (loaded), ==, 640);
  g_assert_cmpint (gdk_texture_get_height (loaded), ==, 360);

  save (fixture, ID, wide);
  loaded_wide = load (fixture, ID, NULL);
  g_assert_cmpint (gdk_texture_get_height (loaded_wide), ==, 1);
}

static void
test_is_private (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->folder, ID ".png", NULL);
  g_autoptr(GdkTexture) screen = create_texture (10, 10, 0xff000000);
  GStatBuf info;

  save (fixture, ID, screen);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmphex (info.st_mode & 0777, ==, 0600);
}

static void
test_none_yet (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (load (fixture, ID, &error));
  g_assert_nonnull (error);
}

static void
test_broken_file (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->folder, ID ".png", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (fixture->folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, "\x89PNG and then nothing", -1, NULL));
  g_assert_null (load (fixture, ID, &error));
  g_assert_nonnull (error);
}

static void
test_stays_in_its_folder (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr(GdkTexture) screen = create_texture (10, 10, 0xff000000);
  g_autofree char *outside = g_build_filename (fixture->folder, "..", "escaped.png", NULL);

  save (fixture, "../escaped", screen);
  g_assert_false (g_file_test (outside, G_FILE_TEST_EXISTS));
}

static void
changed_cb (LodgePictureStore *store,
            const char        *id,
            gpointer           user_data)
{
  char **changed = user_data;

  *changed = g_strdup (id);
}

static void
test_tells_of_a_new_one (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(GdkTexture) screen = create_texture (10, 10, 0xff000000);
  g_autofree char *changed = NULL;

  g_signal_connect (fixture->store, "changed", G_CALLBACK (changed_cb), &changed);
  save (fixture, ID, screen);
  g_assert_cmpstr (changed, ==, ID);
}

#define ADD(name, func) \
  g_test_add ("/panels/picture-store/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("keeps-the-picture", test_keeps_the_picture);
  ADD ("makes-large-ones-small", test_makes_large_ones_small);
  ADD ("is-private", test_is_private);
  ADD ("none-yet", test_none_yet);
  ADD ("broken-file", test_broken_file);
  ADD ("stays-in-its-folder", test_stays_in_its_folder);
  ADD ("tells-of-a-new-one", test_tells_of_a_new_one);

  return g_test_run ();
}
