/* bench-memory.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <dlfcn.h>
#include <gio/gunixsocketaddress.h>
#include <libvirt/libvirt-qemu.h>
#include <libvirt/libvirt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "lodge-core.h"
#include "lodge-machine-resources.h"
#include "lodge-resources-panel.h"
#include "lodge-statistics.h"
#include "lodge-usage.h"
#include "lodge-zone-scale.h"
#include "test-guest.h"
#include "test-linux-guest.h"
#include "test-widgets.h"
#include "test-xtest.h"

/*
 * What it costs and how long it takes to change a guest's memory, and to watch many guests. Figures,
 * not a test: on a quiet machine, with an X server.
 *
 *   bench-memory slider          from the user's hand to libvirt and to the guest, and the same by QEMU
 *                                alone, in turn: the balloon
 *   bench-memory plug            the same from Lodge's call, above the boot memory: virtio-mem
 *   bench-memory guests N        one sample of N running guests
 *   bench-memory record WORK     what a guest tells while it does WORK (idle, fill or sort), as the
 *                                files in tests/data/memory-traces
 */

#define MEBIBYTE    G_GUINT64_CONSTANT (1024)
#define ROUNDS      6
#define MOVEMENTS   1000
#define WATCH_TICKS 15

/* What the guest's total may be off by, in KiB: others of its kernel count there, too. */
#define TOLERANCE (G_GUINT64_CONSTANT (2) * MEBIBYTE)

/* And what it keeps of a GiB that is plugged in, for its own list of pages. */
#define PLUGGED_TOLERANCE (G_GUINT64_CONSTANT (24) * MEBIBYTE)

static struct
{
  GMutex  lock;
  GArray *set_memory;   /* gint64: when the memory of a running guest was set */
  guint   n_statistics;
} calls;

/* Between Lodge and libvirt, and so as Lodge does it. */
int
virDomainSetMemoryFlags (virDomainPtr  domain,
                         unsigned long memory,
                         unsigned int  flags)
{
  int (*real) (virDomainPtr, unsigned long, unsigned int) = dlsym (RTLD_NEXT, "virDomainSetMemoryFlags");
  gint64 now = g_get_monotonic_time ();

  if ((flags & VIR_DOMAIN_AFFECT_LIVE) != 0)
    {
      g_mutex_lock (&calls.lock);
      g_array_append_val (calls.set_memory, now);
      g_mutex_unlock (&calls.lock);
    }

  return real (domain, memory, flags);
}

int
virConnectGetAllDomainStats (virConnectPtr              connect,
                             unsigned int               stats,
                             virDomainStatsRecordPtr  **records,
                             unsigned int               flags)
{
  int (*real) (virConnectPtr, unsigned int, virDomainStatsRecordPtr **, unsigned int) =
    dlsym (RTLD_NEXT, "virConnectGetAllDomainStats");

  g_mutex_lock (&calls.lock);
  calls.n_statistics++;
  g_mutex_unlock (&calls.lock);

  return real (connect, stats, records, flags);
}

typedef struct
{
  TestLibvirtd          *libvirtd;
  TestLinuxGuest        *guest;
  LodgeHost             *host;
  LodgeMachine          *machine;
  LodgeMachineResources *resources;
  GtkWidget             *window;
  LodgeZoneScale        *scale;
  guint64                kernel;      /* what the guest's kernel keeps for itself, in KiB */
  guint64                tolerance;   /* by how much the guest may be off, KiB */
} Scene;

static guint
count_calls (void)
{
  guint n;

  g_mutex_lock (&calls.lock);
  n = calls.set_memory->len;
  g_mutex_unlock (&calls.lock);

  return n;
}

static gint64
get_call (guint n)
{
  gint64 time;

  g_mutex_lock (&calls.lock);
  time = g_array_index (calls.set_memory, gint64, n);
  g_mutex_unlock (&calls.lock);

  return time;
}

static void
begin_with (Scene                     *scene,
            const TestLinuxGuestParts *parts)
{
  if ((scene->libvirtd = test_libvirtd_new ()) == NULL ||
      (scene->guest = test_linux_guest_new (scene->libvirtd, "linux", parts)) == NULL)
    g_error ("needs libvirt, QEMU and the Linux guest");

  scene->host = lodge_host_new_for_uri (test_libvirtd_get_uri (scene->libvirtd));
  test_open_host (scene->host);
  scene->machine = test_define (scene->libvirtd, scene->host, "linux",
                                test_linux_guest_get_xml (scene->guest));
  scene->resources = lodge_machine_get_resources (scene->machine);
  test_perform (scene->machine, LODGE_ACTION_START);
  test_linux_guest_wait_up (scene->guest);
  test_wait (lodge_machine_resources_is_ready (scene->resources));
}

static void
begin (Scene *scene,
       guint  mebibytes,
       guint  current)
{
  g_autofree char *memory = NULL;
  TestLinuxGuestParts parts = { NULL, };

  /* A knob at the end of its slider is hard to take. */
  memory = g_strdup_printf ("<memory unit='MiB'>%u</memory><currentMemory unit='MiB'>%u</currentMemory>",
                            mebibytes, current);
  parts.memory = memory;
  begin_with (scene, &parts);
}

static void
end (Scene *scene)
{
  if (scene->window != NULL)
    gtk_window_destroy (GTK_WINDOW (scene->window));
  if (lodge_machine_is_active (scene->machine))
    test_perform (scene->machine, LODGE_ACTION_FORCE_OFF);
  lodge_host_close (scene->host);
  g_clear_object (&scene->machine);
  g_clear_object (&scene->host);
  g_clear_pointer (&scene->guest, test_linux_guest_free);
  g_clear_pointer (&scene->libvirtd, test_libvirtd_free);
}

static gboolean
is_memory_scale (GtkWidget *widget,
                 gpointer   user_data)
{
  return LODGE_IS_ZONE_SCALE (widget);
}

static void
show_panel (Scene *scene)
{
  LodgePanel *panel = g_object_new (LODGE_TYPE_RESOURCES_PANEL, NULL);

  scene->window = gtk_window_new ();
  gtk_window_set_decorated (GTK_WINDOW (scene->window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (scene->window), 600, 700);
  gtk_window_set_child (GTK_WINDOW (scene->window), GTK_WIDGET (panel));
  lodge_panel_set_subject (panel, G_OBJECT (scene->machine));
  gtk_window_present (GTK_WINDOW (scene->window));
  test_run_for (2000);

  /* Memory is the first row. */
  scene->scale = LODGE_ZONE_SCALE (test_find (scene->window, is_memory_scale, NULL));
  g_assert_nonnull (scene->scale);
}

static void
get_place (Scene  *scene,
           double  share,
           int    *x,
           int    *y)
{
  GtkWidget *scale = GTK_WIDGET (scene->scale);
  GdkRectangle trough;
  double at_x, at_y;

  gtk_range_get_range_rect (GTK_RANGE (scene->scale), &trough);
  if (!gtk_widget_translate_coordinates (scale, scene->window,
                                         gtk_widget_get_width (scale) * share,
                                         trough.y + trough.height / 2.0, &at_x, &at_y))
    g_error ("the slider is not in the window");

  *x = (int)at_x;
  *y = (int)at_y;
}

/* Where on the slider an amount stands. */
static double
get_share (Scene  *scene,
           double  gib)
{
  GtkAdjustment *adjustment = gtk_range_get_adjustment (GTK_RANGE (scene->scale));
  GdkRectangle trough;
  double lower = gtk_adjustment_get_lower (adjustment);
  double share = (gib - lower) / (gtk_adjustment_get_upper (adjustment) - lower);

  gtk_range_get_range_rect (GTK_RANGE (scene->scale), &trough);

  return (trough.x + share * trough.width) / gtk_widget_get_width (GTK_WIDGET (scene->scale));
}

/* Presses where the knob is. */
static void
take (Scene *scene)
{
  int x, y;

  get_place (scene, get_share (scene, gtk_range_get_value (GTK_RANGE (scene->scale))), &x, &y);
  test_xtest_move_to (x, y);
  test_run_for (50);
  test_xtest_button (1, TRUE);
  test_run_for (50);
}

/* The balloon of a guest that starts is on its way for a while. */
static void
settle (Scene *scene)
{
  guint64 before, now = 0;

  do
    {
      before = now;
      test_run_for (1500);
      now = test_linux_guest_get_total (scene->guest);
    }
  while (before != now);

  scene->kernel = lodge_machine_resources_get_memory_asked (scene->resources) - now;
  scene->tolerance = TOLERANCE;
}

/* Until the guest itself sees that it has @kib; when that was. */
static gint64
wait_guest (Scene   *scene,
            guint64  kib)
{
  guint64 now, total = kib - scene->kernel;

  do
    {
      test_run_for (100);
      now = test_linux_guest_get_total (scene->guest);
    }
  while (MAX (now, total) - MIN (now, total) > scene->tolerance);

  return g_get_monotonic_time ();
}

/* QEMU alone: its own command, and nobody who waits for events. */
static double
measure_bare (Scene         *scene,
              virDomainPtr   domain,
              double         gib)
{
  guint64 asked = lodge_machine_resources_get_memory_asked (scene->resources);
  guint64 wanted = (guint64)(gib * 1024) * MEBIBYTE;
  g_autofree char *command = g_strdup_printf ("{\"execute\":\"balloon\",\"arguments\":{\"value\":%"
                                              G_GUINT64_FORMAT "}}", wanted * 1024);
  gint64 begun = g_get_monotonic_time (), seen;
  char *answer = NULL;
  double change = ABS ((double)wanted - (double)asked) / MEBIBYTE / 1024;

  if (virDomainQemuMonitorCommand (domain, command, &answer, 0) < 0)
    g_error ("QEMU does not answer");
  free (answer);
  seen = wait_guest (scene, wanted);
  g_print ("QEMU alone                                   to the guest's figure %5.0f ms   "
           "%.2f GiB moved, %.2f s/GiB\n", (seen - begun) / 1e3, change, (seen - begun) / 1e6 / change);
  test_wait (lodge_machine_resources_get_memory_asked (scene->resources) == wanted);

  return (seen - begun) / 1e6 / change;
}

static double
measure_release (Scene  *scene,
                 double  gib)
{
  guint64 asked = lodge_machine_resources_get_memory_asked (scene->resources);
  guint64 wanted;
  gint64 released, called, reached, seen;
  double change;
  guint n;
  int x, y;

  /* On a busy machine it may have come to rest before it is let go. */
  take (scene);
  n = count_calls ();
  get_place (scene, get_share (scene, gib), &x, &y);
  test_xtest_move_to (x, y);
  test_run_for (50);
  test_xtest_button (1, FALSE);
  released = g_get_monotonic_time ();
  test_wait (count_calls () > n);
  called = MAX (get_call (n), released);

  test_wait ((wanted = lodge_machine_resources_get_memory_asked (scene->resources)) != asked);
  seen = wait_guest (scene, wanted);
  test_wait (lodge_machine_resources_get_memory_reached (scene->resources) == wanted);
  reached = g_get_monotonic_time ();
  change = ABS ((double)wanted - (double)asked) / MEBIBYTE / 1024;
  g_print ("release to call %4.0f ms   to shown %5.0f ms   to the guest's figure %5.0f ms   "
           "%.2f GiB moved, %.2f s/GiB\n",
           (called - released) / 1e3, (reached - released) / 1e3, (seen - released) / 1e3,
           change, (seen - released) / 1e6 / change);

  return (seen - released) / 1e6 / change;
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  double one = *(const double *)a, other = *(const double *)b;

  return (one > other) - (one < other);
}

static double
take_median (GArray *figures)
{
  g_array_sort (figures, compare);

  return g_array_index (figures, double, figures->len / 2);
}

/* Less and more, by hand and by QEMU alone, in turn. */
static void
measure_moves (Scene *scene)
{
  virConnectPtr connect = virConnectOpen (test_libvirtd_get_uri (scene->libvirtd));
  virDomainPtr domain = virDomainLookupByName (connect, "linux");
  static const char * const names[] = { "shrinking", "growing" };
  GArray *hand[2], *bare[2];

  for (guint k = 0; k < 2; k++)
    {
      hand[k] = g_array_new (FALSE, FALSE, sizeof (double));
      bare[k] = g_array_new (FALSE, FALSE, sizeof (double));
    }

  for (guint i = 0; i < ROUNDS; i++)
    {
      double gib = i % 2 == 0 ? 0.75 : 1.75;
      double back = i % 2 == 0 ? 1.75 : 0.75;
      double by_hand = measure_release (scene, gib);
      double alone = measure_bare (scene, domain, back);

      g_array_append_val (hand[i % 2], by_hand);
      g_array_append_val (bare[1 - i % 2], alone);

      /* The next one goes the other way. */
      measure_bare (scene, domain, gib);
    }

  for (guint k = 0; k < 2; k++)
    {
      double by_hand = take_median (hand[k]), alone = take_median (bare[k]);

      g_print ("%s: %.2f s/GiB from the slider, %.2f s/GiB by QEMU alone: %.2f\n", names[k],
               by_hand, alone, by_hand / alone);
      g_array_unref (hand[k]);
      g_array_unref (bare[k]);
    }

  virDomainFree (domain);
  virConnectClose (connect);
}

/* To and fro, without ever resting, as fast as a hand that is nervous. */
static void
measure_flood (Scene *scene)
{
  guint n = count_calls (), most = 0, sum;
  gint64 begun = g_get_monotonic_time ();

  take (scene);

  for (guint i = 0; i < MOVEMENTS; i++)
    {
      double gib = 0.75 + (i % 100 < 50 ? i % 50 : 50 - i % 50) / 50.0;
      int x, y;

      get_place (scene, get_share (scene, gib), &x, &y);
      test_xtest_move_to (x, y);

      /* A rest comes now and then. */
      test_run_for (i % 200 == 199 ? 300 : 5);
    }

  test_xtest_button (1, FALSE);
  test_run_for (1000);
  sum = count_calls () - n;

  for (guint i = n; i < count_calls (); i++)
    {
      guint in_second = 0;

      for (guint k = i; k < count_calls () && get_call (k) - get_call (i) < G_USEC_PER_SEC; k++)
        in_second++;
      most = MAX (most, in_second);
    }

  g_print ("%d movements in %.1f s: %u calls, at most %u a second\n", MOVEMENTS,
           (g_get_monotonic_time () - begun) / 1e6, sum, most);
}

static void
run_slider (void)
{
  Scene scene = { NULL, };

  begin (&scene, 2048, 1536);
  show_panel (&scene);

  settle (&scene);
  measure_moves (&scene);
  measure_flood (&scene);
  end (&scene);
}

static void
asked_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!lodge_machine_resources_set_memory_finish (LODGE_MACHINE_RESOURCES (object), result, &error))
    g_error ("%s", error->message);
  *(gboolean *)user_data = TRUE;
}

static void
say_plugged (const char *who,
             gint64      begun,
             gint64      seen)
{
  g_print ("%s to the guest's figure %5.0f ms   1.00 GiB moved, %.2f s/GiB\n", who, (seen - begun) / 1e3,
           (seen - begun) / 1e6);
}

static void
plug (Scene   *scene,
      guint64  kib)
{
  gint64 begun = g_get_monotonic_time ();
  gboolean done = FALSE;

  lodge_machine_resources_set_memory_async (scene->resources, kib, NULL, asked_cb, &done);
  say_plugged ("Lodge     ", begun, wait_guest (scene, kib));
  test_wait (done);
}

/* QEMU's own property of the device that libvirt calls so. */
static void
plug_bare (Scene        *scene,
           virDomainPtr  domain,
           guint64       kib,
           guint64       boot)
{
  g_autofree char *command = g_strdup_printf (
    "{\"execute\":\"qom-set\",\"arguments\":{\"path\":\"/machine/peripheral/virtiomem0\","
    "\"property\":\"requested-size\",\"value\":%" G_GUINT64_FORMAT "}}", (kib - boot) * 1024);
  gint64 begun = g_get_monotonic_time ();
  char *answer = NULL;

  if (virDomainQemuMonitorCommand (domain, command, &answer, 0) < 0 || strstr (answer, "error") != NULL)
    g_error ("QEMU: %s", answer);
  free (answer);
  say_plugged ("QEMU alone", begun, wait_guest (scene, kib));
}

static void
run_plug (void)
{
  static const TestLinuxGuestParts parts =
  {
    .memory = "<maxMemory slots='4' unit='MiB'>8192</maxMemory><memory unit='MiB'>2560</memory>",
    .cpus = "<vcpu>1</vcpu><cpu><numa><cell id='0' cpus='0' memory='512' unit='MiB'/></numa></cpu>",
    .options = "memhp_default_state=online_movable",
    .devices = "<memory model='virtio-mem'><target><size unit='MiB'>2048</size><node>0</node>"
               "<block unit='MiB'>2</block><requested unit='MiB'>0</requested></target></memory>",
  };
  const guint64 boot = 512 * MEBIBYTE, most = boot + 1024 * MEBIBYTE;
  Scene scene = { NULL, };
  virConnectPtr connect;
  virDomainPtr domain;

  begin_with (&scene, &parts);
  settle (&scene);
  scene.tolerance = PLUGGED_TOLERANCE;
  connect = virConnectOpen (test_libvirtd_get_uri (scene.libvirtd));
  domain = virDomainLookupByName (connect, "linux");

  for (guint i = 0; i < ROUNDS / 2; i++)
    {
      plug (&scene, most);
      plug (&scene, boot);
      plug_bare (&scene, domain, most, boot);
      plug_bare (&scene, domain, boot, boot);
    }

  virDomainFree (domain);
  virConnectClose (connect);
  end (&scene);
}

/* The daemon is who listens at its socket. */
static GPid
find_daemon (const char *uri)
{
  g_autofree char *path = g_strdup (strstr (uri, "socket=") + strlen ("socket="));
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketAddress) address = NULL;
  g_autoptr(GSocketConnection) connection = NULL;
  g_autoptr(GCredentials) credentials = NULL;
  g_autoptr(GError) error = NULL;

  address = g_unix_socket_address_new (g_strdelimit (path, "&", '\0'));
  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);
  credentials = g_socket_get_credentials (g_socket_connection_get_socket (connection), &error);
  g_assert_no_error (error);

  return g_credentials_get_unix_pid (credentials, NULL);
}

/* In seconds. */
static double
get_cpu (GPid pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/schedstat", pid);
  g_autofree char *tasks = g_strdup_printf ("/proc/%d/task", pid);
  g_autoptr(GDir) folder = g_dir_open (tasks, 0, NULL);
  const char *name;
  double sum = 0;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *file = g_build_filename (tasks, name, "schedstat", NULL);
      g_autofree char *text = NULL;

      if (g_file_get_contents (file, &text, NULL, NULL))
        sum += g_ascii_strtoull (text, NULL, 10) / 1e9;
    }

  return sum;
}

static void
start_guests (TestLibvirtd *libvirtd,
              guint         n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("g%03u", i);
      g_autofree char *xml = g_strdup_printf (
        "<domain type='qemu'><name>%s</name><memory unit='MiB'>16</memory><vcpu>1</vcpu>"
        "<os><type arch='x86_64' machine='pc'>hvm</type></os>"
        "<devices><controller type='usb' model='none'/><video><model type='none'/></video>"
        "<memballoon model='virtio'><stats period='2'/></memballoon></devices></domain>", name);

      test_libvirtd_define (libvirtd, xml);
      g_free (test_libvirtd_virsh (libvirtd, "start", "--paused", name, NULL));
    }
}

/* What each kind of figure costs the daemon. */
static void
measure_kinds (const char *uri,
               GPid        daemon,
               guint       n_guests)
{
  static const struct
  {
    const char *name;
    guint       flag;
  } kinds[] =
  {
    { "state", VIR_DOMAIN_STATS_STATE },
    { "processor time", VIR_DOMAIN_STATS_CPU_TOTAL },
    { "balloon", VIR_DOMAIN_STATS_BALLOON },
    { "virtual processors", VIR_DOMAIN_STATS_VCPU },
  };
  virConnectPtr connect = virConnectOpen (uri);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      double used = get_cpu (daemon);

      for (guint k = 0; k < WATCH_TICKS; k++)
        {
          virDomainStatsRecordPtr *records = NULL;

          if (virConnectGetAllDomainStats (connect, kinds[i].flag, &records,
                                           (VIR_CONNECT_GET_ALL_DOMAINS_STATS_ACTIVE |
                                            VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT)) >= 0)
            virDomainStatsRecordListFree (records);
        }

      g_print ("%s: %.3f ms of libvirtd a guest\n", kinds[i].name,
               (get_cpu (daemon) - used) * 1e3 / WATCH_TICKS / n_guests);
    }

  virConnectClose (connect);
}

static void
run_guests (guint n)
{
  TestLibvirtd *libvirtd = test_libvirtd_new ();
  g_autoptr(LodgeHost) host = NULL;
  g_autoptr(LodgeStatisticsWatch) watch = NULL;
  double idle, idle_daemon, used, used_daemon;
  guint before;
  GPid daemon;

  if (libvirtd == NULL)
    g_error ("needs libvirt and QEMU");

  start_guests (libvirtd, n);
  daemon = find_daemon (test_libvirtd_get_uri (libvirtd));
  host = lodge_host_new_for_uri (test_libvirtd_get_uri (libvirtd));
  test_open_host (host);
  test_run_for (5000);

  before = calls.n_statistics;
  idle = get_cpu (getpid ());
  idle_daemon = get_cpu (daemon);
  test_run_for (WATCH_TICKS * LODGE_STATISTICS_INTERVAL);
  idle = get_cpu (getpid ()) - idle;
  idle_daemon = get_cpu (daemon) - idle_daemon;
  g_print ("not watched: %u calls, Lodge %.2f %%, libvirtd %.2f %% of a core\n",
           calls.n_statistics - before, idle / WATCH_TICKS / LODGE_STATISTICS_INTERVAL * 1e5,
           idle_daemon / WATCH_TICKS / LODGE_STATISTICS_INTERVAL * 1e5);

  watch = lodge_host_watch_statistics (host, LODGE_STATISTICS_INTERVAL);
  test_run_for (LODGE_STATISTICS_INTERVAL);
  before = calls.n_statistics;
  used = get_cpu (getpid ());
  used_daemon = get_cpu (daemon);
  test_run_for (WATCH_TICKS * LODGE_STATISTICS_INTERVAL);
  used = get_cpu (getpid ()) - used;
  used_daemon = get_cpu (daemon) - used_daemon;
  g_print ("%u guests watched: %.2f calls a tick of %g s, Lodge %.2f %%, libvirtd %.2f %% of a core\n",
           n, (double)(calls.n_statistics - before) / WATCH_TICKS, LODGE_STATISTICS_INTERVAL / 1e3,
           used / WATCH_TICKS / LODGE_STATISTICS_INTERVAL * 1e5,
           used_daemon / WATCH_TICKS / LODGE_STATISTICS_INTERVAL * 1e5);

  g_clear_object (&watch);
  measure_kinds (test_libvirtd_get_uri (libvirtd), daemon, n);
  lodge_host_close (host);
  test_libvirtd_free (libvirtd);
}

static const struct
{
  const char *name;
  const char *commands[12];
} works[] =
{
  { "idle", { "sleep 20", "sleep 20" } },
  { "fill", { "sleep 5", "mkdir -p /run/fill; mount -t tmpfs -o size=100% fill /run/fill",
              "dd if=/dev/zero of=/run/fill/1 bs=1M count=250", "sleep 8",
              "dd if=/dev/zero of=/run/fill/2 bs=1M count=300", "sleep 5", "rm /run/fill/1",
              "sleep 8", "rm /run/fill/2", "sleep 5",
              "dd if=/dev/zero of=/run/fill/3 bs=1M count=500", "sleep 5" } },
  { "sort", { "seq 1 300000 | sort -r | tail -n 1", "sleep 3", "seq 1 100000 | sort -r | tail -n 1",
              "sleep 1", "seq 1 500000 | sort -r | tail -n 1", "sleep 5",
              "seq 1 200000 | sort -r | tail -n 1", "seq 1 300000 | sort -r | tail -n 1", "sleep 3" } },
};

typedef struct
{
  TestLinuxGuest *guest;
  const char     *work;
  gint            over;
} Work;

static gpointer
work_thread (gpointer data)
{
  Work *work = data;

  for (guint i = 0; i < G_N_ELEMENTS (works); i++)
    {
      if (!g_str_equal (works[i].name, work->work))
        continue;

      for (guint k = 0; k < G_N_ELEMENTS (works[i].commands) && works[i].commands[k] != NULL; k++)
        g_free (test_linux_guest_ask (work->guest, works[i].commands[k]));
    }

  g_atomic_int_set (&work->over, TRUE);

  return NULL;
}

static void
updated_cb (LodgeUsage *usage,
            gint64     *begun)
{
  if (*begun == 0)
    *begun = g_get_monotonic_time ();

  g_print ("%.1f %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %"
           G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT "\n",
           (g_get_monotonic_time () - *begun) / 1e6, lodge_usage_get_actual (usage),
           lodge_usage_get_unused (usage), lodge_usage_get_usable (usage),
           lodge_usage_get_available (usage), lodge_usage_get_swapped (usage),
           lodge_usage_get_major_faults (usage));
}

static void
run_record (const char *name)
{
  Scene scene = { NULL, };
  Work work = { NULL, name, FALSE };
  g_autoptr(LodgeStatisticsWatch) watch = NULL;
  gint64 begun = 0;
  GThread *thread;

  begin (&scene, 1024, 1024);
  work.guest = scene.guest;
  g_print ("# A Linux guest of 1 GiB under software emulation: %s. In KiB:\n"
           "# seconds actual unused usable available swapped major-faults\n", name);
  g_signal_connect (lodge_machine_get_usage (scene.machine), "updated", G_CALLBACK (updated_cb), &begun);
  watch = lodge_machine_watch_usage (scene.machine, 1000);
  thread = g_thread_new ("work", work_thread, &work);
  test_wait_seconds (g_atomic_int_get (&work.over), 400);
  g_thread_join (thread);
  g_signal_handlers_disconnect_by_func (lodge_machine_get_usage (scene.machine), updated_cb, &begun);
  g_clear_object (&watch);
  end (&scene);
}

int
main (int   argc,
      char *argv[])
{
  static char *no_arguments[] = { (char *)"bench-memory", NULL };
  char **arguments = no_arguments;
  int n_arguments = 1;
  gboolean slider = argc == 2 && g_str_equal (argv[1], "slider");
  gboolean plugging = argc == 2 && g_str_equal (argv[1], "plug");

  if (!slider && !plugging && !(argc == 3 && (g_str_equal (argv[1], "guests") || g_str_equal (argv[1], "record"))))
    {
      g_printerr ("bench-memory slider | plug | guests N | record idle|fill|sort\n");
      return EXIT_FAILURE;
    }

  g_test_init (&n_arguments, &arguments, NULL);
  g_log_set_default_handler (g_log_default_handler, NULL);
  test_silence_libvirt ();
  lodge_core_init ();
  calls.set_memory = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (slider)
    {
      adw_init ();
      run_slider ();
    }
  else if (plugging)
    run_plug ();
  else if (g_str_equal (argv[1], "guests"))
    run_guests (atoi (argv[2]));
  else
    run_record (argv[2]);

  return EXIT_SUCCESS;
}
