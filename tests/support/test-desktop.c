/* test-desktop.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* For nftw(). */
#define _GNU_SOURCE

#include "config.h"

#include <ftw.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "test-desktop.h"
#include "test-wait.h"
#include "test-xtest.h"

static GPtrArray *children;
static char *folder;

/* No button has a meaning: what the window manager takes a look at first comes late, out of order. */
static const char openbox_config[] =
  "<?xml version='1.0'?>"
  "<openbox_config xmlns='http://openbox.org/3.4/rc'>"
  "<focus><focusNew>yes</focusNew><followMouse>no</followMouse></focus>"
  "<desktops><number>1</number><popupTime>0</popupTime></desktops>"
  "<keyboard><keybind key='W-x'><action name='Execute'><command>sh -c 'echo &gt;&gt; %s/shortcuts'</command></action>"
  "</keybind></keyboard>"
  "<applications><application class='*'><decor>no</decor>"
  "<position force='yes'><x>0</x><y>0</y></position></application></applications>"
  "</openbox_config>";

/* What a test started ends with it, even if it crashed. */
static void
child_setup_cb (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

static void
start (GSubprocessLauncher *launcher,
       const char * const  *argv)
{
  g_autoptr(GError) error = NULL;
  GSubprocess *child;

  g_subprocess_launcher_set_child_setup (launcher, child_setup_cb, NULL, NULL);
  child = g_subprocess_launcher_spawnv (launcher, argv, &error);

  if (child == NULL)
    g_error ("%s: %s", argv[0], error->message);

  g_ptr_array_add (children, child);
}

static GSubprocessLauncher *
create_launcher (void)
{
  return g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE
                                    | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
}

static void
start_x_server (void)
{
  static const char * const argv[] = {
    "Xvfb", "-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset", NULL,
  };
  g_autoptr(GSubprocessLauncher) launcher = create_launcher ();
  g_autofree char *name = NULL;
  char number[16] = "";
  gssize n_read, total = 0;
  int pipe_fds[2];

  if (pipe (pipe_fds) != 0)
    g_error ("pipe: %s", g_strerror (errno));

  g_subprocess_launcher_take_fd (launcher, pipe_fds[1], 3);
  start (launcher, argv);
  g_subprocess_launcher_close (launcher);

  while (strchr (number, '\n') == NULL
         && (n_read = read (pipe_fds[0], number + total, sizeof number - 1 - total)) > 0)
    total += n_read;

  close (pipe_fds[0]);

  if (total == 0)
    g_error ("Xvfb did not start");

  name = g_strconcat (":", g_strchomp (number), NULL);
  g_setenv ("DISPLAY", name, TRUE);
}

static void
start_window_manager (void)
{
  g_autoptr(GSubprocessLauncher) launcher = create_launcher ();
  g_autofree char *path = g_build_filename (folder, "openbox.xml", NULL);
  g_autofree char *ready = g_build_filename (folder, "ready", NULL);
  g_autofree char *touch = g_strdup_printf ("touch %s", ready);
  g_autofree char *config = g_strdup_printf (openbox_config, folder);
  const char * const argv[] = { "openbox", "--config-file", path, "--startup", touch, NULL };
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, config, -1, &error);
  g_assert_no_error (error);
  start (launcher, argv);

  /* It runs its startup command once it manages windows. */
  test_wait (g_file_test (ready, G_FILE_TEST_EXISTS));
}

/**
 * test_desktop_start:
 *
 * See the header.
 */
void
test_desktop_start (void)
{
  g_autoptr(GError) error = NULL;

  g_assert (children == NULL);

  children = g_ptr_array_new_with_free_func (g_object_unref);
  folder = g_dir_make_tmp ("lodge-test-XXXXXX", &error);
  g_assert_no_error (error);

  start_x_server ();
  start_window_manager ();

  g_setenv ("GDK_BACKEND", "x11", TRUE);
  g_unsetenv ("WAYLAND_DISPLAY");
}

void
test_desktop_start_wayland (void)
{
  static const char * const argv[] = {
    "weston", "--backend=x11-backend.so", "--shell=kiosk-shell.so", "--use-pixman", "--no-config",
    "--socket=wayland-lodge", "--width=1000", "--height=700", "--idle-time=0", NULL,
  };
  g_autoptr(GSubprocessLauncher) launcher = NULL;
  g_autofree char *socket = NULL;

  test_desktop_start ();

  socket = g_build_filename (folder, "wayland-lodge", NULL);
  g_setenv ("XDG_RUNTIME_DIR", folder, TRUE);
  g_setenv ("WAYLAND_DISPLAY", "wayland-lodge", TRUE);
  g_setenv ("GDK_BACKEND", "wayland", TRUE);

  launcher = create_launcher ();
  start (launcher, argv);
  test_wait (g_file_test (socket, G_FILE_TEST_EXISTS));
  test_wait (test_xtest_focus ("Weston"));
}

guint
test_desktop_get_n_shortcuts (void)
{
  g_autofree char *path = g_build_filename (folder, "shortcuts", NULL);
  GStatBuf info;

  /* A line each time. */
  return g_stat (path, &info) == 0 ? (guint)info.st_size : 0;
}

static int
remove_cb (const char        *path,
           const struct stat *info,
           int                type,
           struct FTW        *where)
{
  remove (path);

  return 0;
}

/* The desktop itself ends with this program and not before: a message bus that was started by the way
 * ends with the X server, and would end this program with a signal.
 */
void
test_desktop_stop (void)
{
  g_assert (children != NULL);

  g_clear_pointer (&children, g_ptr_array_unref);
  nftw (folder, remove_cb, 8, FTW_DEPTH | FTW_PHYS);
  g_clear_pointer (&folder, g_free);
}
