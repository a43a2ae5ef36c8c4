/* test-scanout.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <fcntl.h>
#include <unistd.h>

#include "lodge-scanout-private.h"
#include "lodge-screen-private.h"
#include "test-screen.h"

typedef struct
{
  LodgeScanout *scanout;
  guint         n_done;
  guint         n_damaged;
  guint         holds[2];
  guint         n_hold;
} Fixture;

static void
done_cb (LodgeScanout *scanout,
         Fixture      *fixture)
{
  fixture->n_done++;
}

/* What a widget does that is mapped. */
static void
damaged_cb (LodgeScanout *scanout,
            int           x,
            int           y,
            int           width,
            int           height,
            Fixture      *fixture)
{
  fixture->n_damaged++;
  for (guint i = 0; i < fixture->n_hold; i++)
    fixture->holds[i] = lodge_scanout_hold (scanout);
}

static LodgeScanout *
make_scanout (gboolean y0_top)
{
  g_autoptr(GError) error = NULL;
  int fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  LodgeScanout *scanout = lodge_scanout_new (fd, 1024, 768, 4096, 0x34325258,
                                             LODGE_SCANOUT_MODIFIER_NONE, y0_top, &error);

  g_assert_no_error (error);
  /* The caller may close its own. */
  close (fd);

  return scanout;
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->scanout = make_scanout (TRUE);
  g_signal_connect (fixture->scanout, "done", G_CALLBACK (done_cb), fixture);
  g_signal_connect (fixture->scanout, "damaged", G_CALLBACK (damaged_cb), fixture);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  if (fixture->scanout != NULL)
    g_assert_finalize_object (fixture->scanout);
}

static void
test_nobody_shows_it (Fixture       *fixture,
                      gconstpointer  data)
{
  for (guint i = 1; i <= 3; i++)
    {
      lodge_scanout_draw (fixture->scanout, 0, 0, 10, 10);
      g_assert_cmpuint (fixture->n_damaged, ==, i);
      g_assert_cmpuint (fixture->n_done, ==, i);
    }
}

static void
test_answered_once_all_have_painted (Fixture       *fixture,
                                     gconstpointer  data)
{
  fixture->n_hold = 2;

  for (guint i = 1; i <= 3; i++)
    {
      lodge_scanout_draw (fixture->scanout, 0, 0, 10, 10);
      g_assert_cmpuint (fixture->n_done, ==, i - 1);
      lodge_scanout_release (fixture->scanout, fixture->holds[0]);
      g_assert_cmpuint (fixture->n_done, ==, i - 1);
      lodge_scanout_release (fixture->scanout, fixture->holds[1]);
      g_assert_cmpuint (fixture->n_done, ==, i);

      /* One too many is nothing. */
      lodge_scanout_release (fixture->scanout, fixture->holds[1]);
      g_assert_cmpuint (fixture->n_done, ==, i);
    }
}

/* The frame clock of a hidden window stops; the guest must not. */
static void
test_answered_without_a_frame (Fixture       *fixture,
                               gconstpointer  data)
{
  gint64 start = g_get_monotonic_time ();

  fixture->n_hold = 1;
  lodge_scanout_draw (fixture->scanout, 0, 0, 10, 10);

  while (fixture->n_done == 0 && g_get_monotonic_time () - start < 10 * G_USEC_PER_SEC)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpuint (fixture->n_done, ==, 1);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 90000);

  /* The late answer is not one to the next draw. */
  guint late = fixture->holds[0];

  lodge_scanout_draw (fixture->scanout, 0, 0, 10, 10);
  lodge_scanout_release (fixture->scanout, late);
  g_assert_cmpuint (fixture->n_done, ==, 1);
  lodge_scanout_release (fixture->scanout, fixture->holds[0]);
  g_assert_cmpuint (fixture->n_done, ==, 2);
}

static void
test_second_draw_early (Fixture       *fixture,
                        gconstpointer  data)
{
  fixture->n_hold = 1;
  lodge_scanout_draw (fixture->scanout, 0, 0, 10, 10);
  lodge_scanout_draw (fixture->scanout, 0, 0, 10, 10);
  g_assert_cmpuint (fixture->n_done, ==, 1);
  lodge_scanout_release (fixture->scanout, fixture->holds[0]);
  g_assert_cmpuint (fixture->n_done, ==, 2);
}

static void
test_answered_when_dropped (Fixture       *fixture,
                            gconstpointer  data)
{
  fixture->n_hold = 1;
  lodge_scanout_draw (fixture->scanout, 0, 0, 10, 10);
  g_assert_finalize_object (g_steal_pointer (&fixture->scanout));
  g_assert_cmpuint (fixture->n_done, ==, 1);
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (lodge_scanout_new (-1, 10, 10, 40, 0, 0, FALSE, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_null (lodge_scanout_new (0, 0, 10, 40, 0, 0, FALSE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

static void
test_screen_has_it (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(TestScreen) screen = test_screen_new (1024, 768);
  LodgeScanout *got = NULL;

  _lodge_screen_set_scanout (LODGE_SCREEN (screen), fixture->scanout);
  g_object_get (screen, "scanout", &got, NULL);
  g_assert_true (got == fixture->scanout);
  g_object_unref (got);
  g_assert_true (lodge_scanout_get_y0_top (got));
  _lodge_screen_set_scanout (LODGE_SCREEN (screen), NULL);
  g_assert_null (lodge_screen_get_scanout (LODGE_SCREEN (screen)));
}

/* A screenshot is the right way up, whichever way the guest's GPU keeps its rows. */
static void
test_copy_upright (Fixture       *fixture,
                   gconstpointer  data)
{
  guint32 rows[6][4], copy[2][3];
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GdkTexture) texture = NULL, upright = NULL, flipped = NULL;

  for (int y = 0; y < 6; y++)
    for (int x = 0; x < 4; x++)
      rows[y][x] = 0xff000000 | y << 8 | x;

  bytes = g_bytes_new (rows, sizeof rows);
  texture = gdk_memory_texture_new (4, 6, GDK_MEMORY_DEFAULT, bytes, sizeof rows[0]);

  upright = _lodge_scanout_copy_texture (texture, FALSE, &(GdkRectangle) { 1, 1, 9, 2 });
  g_assert_cmpint (gdk_texture_get_width (upright), ==, 3);
  g_assert_cmpint (gdk_texture_get_height (upright), ==, 2);
  gdk_texture_download (upright, (guchar *)copy, sizeof copy[0]);
  g_assert_cmphex (copy[0][0], ==, 0xff000101);
  g_assert_cmphex (copy[1][2], ==, 0xff000203);

  flipped = _lodge_scanout_copy_texture (texture, TRUE, &(GdkRectangle) { 1, 1, 3, 2 });
  gdk_texture_download (flipped, (guchar *)copy, sizeof copy[0]);
  g_assert_cmphex (copy[0][0], ==, 0xff000401);
  g_assert_cmphex (copy[1][2], ==, 0xff000303);

  g_assert_null (_lodge_scanout_copy_texture (texture, TRUE, &(GdkRectangle) { 4, 0, 3, 2 }));
}

#define ADD(path, func) \
  g_test_add ("/display/scanout/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("nobody-shows-it", test_nobody_shows_it);
  ADD ("answered-once-all-have-painted", test_answered_once_all_have_painted);
  ADD ("answered-without-a-frame", test_answered_without_a_frame);
  ADD ("second-draw-early", test_second_draw_early);
  ADD ("answered-when-dropped", test_answered_when_dropped);
  ADD ("refused", test_refused);
  ADD ("screen-has-it", test_screen_has_it);
  ADD ("copy-upright", test_copy_upright);

  return g_test_run ();
}
