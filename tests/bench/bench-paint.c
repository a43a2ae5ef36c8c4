/* bench-paint.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What it costs to bring a guest's picture to a window: a synthetic surface, changed at a steady
 * pace, shown by the display widget. Prints one line a workload.
 *
 *   GSK_RENDERER=cairo bench-paint [--seconds 4] [--fps 30] [--size 1920x1080] [--window WxH]
 *                                  [--bits 32] [caret|region|full|scatter]…
 *
 * The CPU time is that of the whole process less what the workload itself took, so it can be put
 * beside the client of a real guest less its decoding. No test: figures of a busy machine mean
 * nothing.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "lodge-display-private.h"
#include "lodge-framebuffer-private.h"
#include "test-screen.h"

typedef struct
{
  const char        *name;
  int                width;
  int                height;
  int                bits;
  int                fps;
  double             seconds;
  GtkWidget         *window;
  GtkWidget         *display;
  LodgeFramebuffer  *framebuffer;
  guint8            *pixels;
  gsize              stride;

  guint              tick;
  guint              n_frames;
  guint              n_late;
  gint64             next;
  gint64             since;
  double             workload_cpu;
  double             latency;
  double             latency_max;
} Bench;

static double
cpu_of_thread (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);

  return now.tv_sec + now.tv_nsec / 1e9;
}

static double
cpu_of_process (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);

  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
         (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void
fill (Bench  *bench,
      int     x,
      int     y,
      int     width,
      int     height,
      guint32 colour)
{
  for (int row = y; row < y + height; row++)
    for (int column = x; column < x + width; column++)
      if (bench->bits == 32)
        ((guint32 *)(bench->pixels + row * bench->stride))[column] = colour + row * column;
      else
        ((guint16 *)(bench->pixels + row * bench->stride))[column] = colour + row * column;

  lodge_framebuffer_damage (bench->framebuffer, x, y, width, height);
}

static void
change (Bench *bench)
{
  guint32 colour = bench->tick * 0x050301;

  if (g_str_equal (bench->name, "caret"))
    fill (bench, 40 + bench->tick % 100 * 9, 60 + bench->tick / 100 % 20 * 18, 11, 18, colour);
  else if (g_str_equal (bench->name, "region"))
    fill (bench, (bench->width - 640) / 2, (bench->height - 360) / 2, 640, 360, colour);
  else if (g_str_equal (bench->name, "scatter"))
    for (int i = 0; i < 40; i++)
      fill (bench, i % 8 * (bench->width / 8) + 20, i / 8 * (bench->height / 5) + 30, 60, 16,
            colour);
  else
    fill (bench, 0, 0, bench->width, bench->height, colour);
}

static gboolean
tick_cb (gpointer user_data)
{
  Bench *bench = user_data;
  gint64 now = g_get_monotonic_time ();
  double start = cpu_of_thread ();

  change (bench);
  bench->tick++;
  if (bench->since == 0)
    bench->since = g_get_monotonic_time ();
  bench->workload_cpu += cpu_of_thread () - start;

  bench->next += G_USEC_PER_SEC / bench->fps;
  if (bench->next < now)
    {
      bench->n_late++;
      bench->next = now;
    }

  g_source_set_ready_time (g_main_current_source (), bench->next);

  return G_SOURCE_CONTINUE;
}

static gboolean
tick_dispatch (GSource     *source,
               GSourceFunc  callback,
               gpointer     user_data)
{
  return callback (user_data);
}

static GSourceFuncs tick_funcs = { .dispatch = tick_dispatch };

static void
after_paint_cb (GdkFrameClock *clock,
                Bench         *bench)
{
  double latency;

  if (bench->since == 0)
    return;

  latency = (g_get_monotonic_time () - bench->since) / 1e3;
  bench->latency += latency;
  bench->latency_max = MAX (bench->latency_max, latency);
  bench->since = 0;
  bench->n_frames++;
}

static gboolean
end_cb (gpointer user_data)
{
  *(gboolean *)user_data = TRUE;

  return G_SOURCE_REMOVE;
}

static void
run_for (double seconds)
{
  gboolean ended = FALSE;

  g_timeout_add (seconds * 1000, end_cb, &ended);
  while (!ended)
    g_main_context_iteration (NULL, TRUE);
}

static void
measure (Bench *bench)
{
  GSource *source = g_source_new (&tick_funcs, sizeof (GSource));
  double cpu, elapsed;
  guint64 copied;
  gint64 start;
  guint nodes, direct;

  g_source_set_priority (source, G_PRIORITY_DEFAULT_IDLE);
  g_source_set_callback (source, tick_cb, bench, NULL);
  bench->next = g_get_monotonic_time ();
  g_source_set_ready_time (source, bench->next);
  g_source_attach (source, NULL);
  run_for (1);

  bench->n_frames = bench->n_late = 0;
  bench->workload_cpu = bench->latency = bench->latency_max = 0;
  start = g_get_monotonic_time ();
  cpu = cpu_of_process ();
  copied = _lodge_framebuffer_get_n_copied (bench->framebuffer);
  nodes = _lodge_display_get_n_nodes (LODGE_DISPLAY (bench->display));
  direct = _lodge_display_get_n_direct (LODGE_DISPLAY (bench->display));
  run_for (bench->seconds);
  cpu = cpu_of_process () - cpu - bench->workload_cpu;
  elapsed = (g_get_monotonic_time () - start) / 1e6;
  copied = _lodge_framebuffer_get_n_copied (bench->framebuffer) - copied;
  nodes = _lodge_display_get_n_nodes (LODGE_DISPLAY (bench->display)) - nodes;
  direct = _lodge_display_get_n_direct (LODGE_DISPLAY (bench->display)) - direct;
  bench->n_frames += direct;

  g_source_destroy (source);
  g_source_unref (source);

  printf ("%-8s %dx%dx%d  cpu %6.2f ms/frame  %5.1f of %d fps, %u late  "
          "latency %5.1f ms, at most %5.1f  copied %7.1f kpixels, %4.1f nodes a frame, "
          "%u frames past GTK\n",
          bench->name, bench->width, bench->height, bench->bits,
          cpu * 1e3 / MAX (bench->n_frames, 1), bench->n_frames / elapsed, bench->fps,
          bench->n_late, bench->latency / MAX (bench->n_frames, 1), bench->latency_max,
          copied / 1e3 / MAX (bench->n_frames, 1), (double)nodes / MAX (bench->n_frames, 1), direct);
  fflush (stdout);
}

static guint n_polls;

static int
count_poll (GPollFD *fds,
            guint    n_fds,
            int      timeout)
{
  n_polls++;

  return g_poll (fds, n_fds, timeout);
}

/* Nothing changes: how often does the main loop wake up? */
static void
measure_idle (Bench *bench)
{
  struct rusage usage;

  run_for (1);
  g_main_context_set_poll_func (NULL, count_poll);
  run_for (bench->seconds);
  g_main_context_set_poll_func (NULL, NULL);

  getrusage (RUSAGE_SELF, &usage);
  printf ("idle     %u wake-ups in %.1f s; memory %ld MiB at most\n",
          n_polls - 1, bench->seconds, usage.ru_maxrss / 1024);
}

int
main (int   argc,
      char *argv[])
{
  static const char * const all[] = { "caret", "region", "full", "scatter", NULL };
  g_autofree char *size = NULL, *window_size = NULL;
  g_auto(GStrv) names = NULL;
  int window_width = 0, window_height = 0;
  Bench bench = { .width = 1920, .height = 1080, .bits = 32, .fps = 30, .seconds = 4 };
  const GOptionEntry entries[] = {
    { "bits", 0, 0, G_OPTION_ARG_INT, &bench.bits, "Bits a pixel: 16 or 32", "N" },
    { "fps", 0, 0, G_OPTION_ARG_INT, &bench.fps, "Changes a second", "N" },
    { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &bench.seconds, "Time of a workload", "S" },
    { "size", 0, 0, G_OPTION_ARG_STRING, &size, "Of the guest's screen", "WxH" },
    { "window", 0, 0, G_OPTION_ARG_STRING, &window_size, "Of the window", "WxH" },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &names, NULL, "WORKLOAD" },
    { NULL, }
  };
  g_autoptr(GOptionContext) options = g_option_context_new (NULL);
  g_autoptr(TestScreen) screen = NULL;
  g_autoptr(GError) error = NULL;

  g_option_context_add_main_entries (options, entries, NULL);
  if (!g_option_context_parse (options, &argc, &argv, &error))
    {
      fprintf (stderr, "%s\n", error->message);
      return 2;
    }

  if (size != NULL)
    sscanf (size, "%dx%d", &bench.width, &bench.height);
  window_width = bench.width;
  window_height = bench.height;
  if (window_size != NULL)
    sscanf (window_size, "%dx%d", &window_width, &window_height);

  if (!gtk_init_check ())
    {
      fprintf (stderr, "There is no display\n");
      return 77;
    }

  bench.stride = bench.width * 4;
  bench.pixels = g_malloc0 (bench.stride * bench.height);
  screen = test_screen_new (bench.width, bench.height);
  bench.framebuffer = lodge_screen_get_framebuffer (LODGE_SCREEN (screen));
  lodge_framebuffer_attach (bench.framebuffer,
                            bench.bits == 16 ? LODGE_PIXEL_FORMAT_RGB565
                                             : LODGE_PIXEL_FORMAT_XRGB32,
                            bench.width, bench.height, bench.stride, bench.pixels);

  bench.window = gtk_window_new ();
  bench.display = lodge_display_new ();
  lodge_display_set_screen (LODGE_DISPLAY (bench.display), LODGE_SCREEN (screen));
  gtk_window_set_decorated (GTK_WINDOW (bench.window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (bench.window), window_width, window_height);
  gtk_window_set_child (GTK_WINDOW (bench.window), bench.display);
  gtk_window_present (GTK_WINDOW (bench.window));
  g_signal_connect (gtk_widget_get_frame_clock (bench.window), "after-paint",
                    G_CALLBACK (after_paint_cb), &bench);

  printf ("%s, window %dx%d\n",
          G_OBJECT_TYPE_NAME (gtk_native_get_renderer (GTK_NATIVE (bench.window))),
          window_width, window_height);

  for (int i = 0; (names ? names[i] : all[i]) != NULL; i++)
    {
      bench.name = names ? names[i] : all[i];
      measure (&bench);
    }

  measure_idle (&bench);
  gtk_window_destroy (GTK_WINDOW (bench.window));
  lodge_framebuffer_detach (bench.framebuffer);
  g_free (bench.pixels);

  return 0;
}
