/* test-libvirtd.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "test-libvirtd.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct _TestLibvirtd
{
  char        *folder;
  char        *socket;
  char        *uri;
  GSubprocess *daemon;
  GSubprocess *janitor;
};

/* Ends what is left as soon as its standard input does, that is, when the test is gone. */
static const char janitor_script[] =
  "cat >/dev/null\n"
  "for file in \"$1\"/run/libvirt/*.pid \"$1\"/run/libvirt/qemu/run/*.pid; do\n"
  "  [ -f \"$file\" ] && kill -9 \"$(cat \"$file\")\" 2>/dev/null\n"
  "done\n"
  "rm -rf \"$1\"\n";

static gboolean
have_program (const char *name)
{
  g_autofree char *path = g_find_program_in_path (name);

  return path != NULL;
}

static void
give_to_user (const char *path)
{
  const struct passwd *user = getpwnam ("nobody");

  if (geteuid () == 0 && user != NULL)
    g_assert_cmpint (chown (path, user->pw_uid, user->pw_gid), ==, 0);
}

static void
make_folder (TestLibvirtd *self,
             const char   *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  give_to_user (path);
}

static void
write_file (TestLibvirtd *self,
            const char   *name,
            const char   *text)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  give_to_user (path);
}

static void
set_folder (GSubprocessLauncher *launcher,
            TestLibvirtd        *self,
            const char          *variable,
            const char          *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  g_subprocess_launcher_setenv (launcher, variable, path, TRUE);
}

static gboolean
is_listening (TestLibvirtd *self)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new (self->socket);
  g_autoptr(GSocketConnection) connection =
    g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);

  return connection != NULL;
}

void
test_libvirtd_start (TestLibvirtd *self)
{
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *log = g_build_filename (self->folder, "libvirtd.log", NULL);
  gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  g_assert_null (self->daemon);

  set_folder (launcher, self, "HOME", "home");
  set_folder (launcher, self, "XDG_RUNTIME_DIR", "run");
  set_folder (launcher, self, "XDG_CONFIG_HOME", "config");
  set_folder (launcher, self, "XDG_CACHE_HOME", "cache");
  set_folder (launcher, self, "XDG_DATA_HOME", "data");
  set_folder (launcher, self, "XDG_STATE_HOME", "state");
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C.UTF-8", TRUE);
  g_subprocess_launcher_unsetenv (launcher, "LISTEN_FDS");
  g_subprocess_launcher_set_stdout_file_path (launcher, log);
  g_subprocess_launcher_set_flags (launcher, G_SUBPROCESS_FLAGS_STDERR_MERGE);

  if (geteuid () == 0)
    {
      g_ptr_array_add (argv, (gpointer)"setpriv");
      g_ptr_array_add (argv, (gpointer)"--reuid=nobody");
      g_ptr_array_add (argv, (gpointer)"--regid=nogroup");
      g_ptr_array_add (argv, (gpointer)"--clear-groups");
    }

  g_ptr_array_add (argv, (gpointer)"libvirtd");
  g_ptr_array_add (argv, NULL);
  self->daemon = g_subprocess_launcher_spawnv (launcher, (const char * const *)argv->pdata, &error);
  g_assert_no_error (error);

  while (!is_listening (self))
    {
      if (g_get_monotonic_time () > deadline)
        g_error ("libvirtd does not listen; see %s", log);
      g_usleep (10 * 1000);
    }
}

TestLibvirtd *
test_libvirtd_new (void)
{
  TestLibvirtd *self;
  g_autoptr(GError) error = NULL;

  if (!have_program ("libvirtd") || !have_program ("virsh") || !have_program ("qemu-img") ||
      !have_program ("qemu-system-x86_64"))
    {
      g_test_skip ("needs libvirtd, virsh and QEMU for x86");
      return NULL;
    }

  self = g_new0 (TestLibvirtd, 1);
  self->folder = g_dir_make_tmp ("lodge-test-XXXXXX", &error);
  g_assert_no_error (error);
  g_assert_cmpint (chmod (self->folder, 0755), ==, 0);
  give_to_user (self->folder);

  make_folder (self, "home");
  make_folder (self, "run");
  make_folder (self, "config");
  make_folder (self, "config/libvirt");
  make_folder (self, "cache");
  make_folder (self, "data");
  make_folder (self, "state");

  /* Else there would be a virtlogd beside it. */
  write_file (self, "config/libvirt/qemu.conf", "stdio_handler = \"file\"\n");

  self->socket = g_build_filename (self->folder, "run", "libvirt", "libvirt-sock", NULL);
  self->uri = g_strdup_printf ("qemu+unix:///session?socket=%s", self->socket);
  self->janitor = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE, &error,
                                    "sh", "-c", janitor_script, "sh", self->folder, NULL);
  g_assert_no_error (error);

  test_libvirtd_start (self);

  return self;
}

void
test_libvirtd_free (TestLibvirtd *self)
{
  if (self == NULL)
    return;

  g_output_stream_close (g_subprocess_get_stdin_pipe (self->janitor), NULL, NULL);
  g_subprocess_wait (self->janitor, NULL, NULL);
  if (self->daemon != NULL)
    g_subprocess_wait (self->daemon, NULL, NULL);

  g_clear_object (&self->janitor);
  g_clear_object (&self->daemon);
  g_free (self->folder);
  g_free (self->socket);
  g_free (self->uri);
  g_free (self);
}

const char *
test_libvirtd_get_uri (TestLibvirtd *self)
{
  return self->uri;
}

const char *
test_libvirtd_get_folder (TestLibvirtd *self)
{
  return self->folder;
}

void
test_libvirtd_kill (TestLibvirtd *self)
{
  g_subprocess_send_signal (self->daemon, SIGKILL);
  g_subprocess_wait (self->daemon, NULL, NULL);
  g_clear_object (&self->daemon);
}

void
test_libvirtd_stop (TestLibvirtd *self)
{
  g_subprocess_send_signal (self->daemon, SIGSTOP);
}

void
test_libvirtd_resume (TestLibvirtd *self)
{
  g_subprocess_send_signal (self->daemon, SIGCONT);
}

char *
test_libvirtd_virsh (TestLibvirtd *self,
                     ...)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *words = NULL;
  char *output = NULL, *messages = NULL;
  const char *word;
  va_list list;

  g_ptr_array_add (argv, (gpointer)"virsh");
  g_ptr_array_add (argv, (gpointer)"-q");
  g_ptr_array_add (argv, (gpointer)"-c");
  g_ptr_array_add (argv, self->uri);

  va_start (list, self);
  while ((word = va_arg (list, const char *)) != NULL)
    g_ptr_array_add (argv, (gpointer)word);
  va_end (list);

  g_ptr_array_add (argv, NULL);
  words = g_strjoinv (" ", (char **)argv->pdata);

  process = g_subprocess_newv ((const char * const *)argv->pdata,
                               G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE,
                               &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, &messages, &error);
  g_assert_no_error (error);

  if (!g_subprocess_get_successful (process))
    g_error ("%s: %s", words, messages);

  g_free (messages);

  return output;
}

void
test_libvirtd_define (TestLibvirtd *self,
                      const char   *xml)
{
  g_autofree char *path = g_build_filename (self->folder, "define.xml", NULL);

  write_file (self, "define.xml", xml);
  g_free (test_libvirtd_virsh (self, "define", path, NULL));
}

GPid
test_libvirtd_get_qemu_pid (TestLibvirtd *self,
                            const char   *name)
{
  g_autofree char *file = g_strconcat (name, ".pid", NULL);
  g_autofree char *path = g_build_filename (self->folder, "run", "libvirt", "qemu", "run", file,
                                            NULL);
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));

  return (GPid)g_ascii_strtoll (text, NULL, 10);
}

char *
test_libvirtd_copy (TestLibvirtd *self,
                    const char   *file)
{
  g_autofree char *name = g_path_get_basename (file);
  g_autoptr(GFile) from = g_file_new_for_path (file);
  g_autoptr(GFile) to = g_file_new_build_filename (self->folder, name, NULL);
  g_autoptr(GError) error = NULL;

  g_file_copy (from, to, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  give_to_user (g_file_peek_path (to));

  return g_file_get_path (to);
}

char *
test_libvirtd_create_disc (TestLibvirtd *self,
                           const char   *name,
                           guint         mebibytes)
{
  g_autofree char *size = g_strdup_printf ("%uM", mebibytes);
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error,
                              "qemu-img", "create", "-q", "-f", "qcow2", path, size, NULL);
  g_assert_no_error (error);
  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
  give_to_user (path);

  return g_steal_pointer (&path);
}
