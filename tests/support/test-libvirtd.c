/* test-libvirtd.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "test-libvirtd.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

struct _TestLibvirtd
{
  char        *folder;
  char        *socket;
  char        *uri;
  char        *kvm;      /* a device of the user's own, or NULL */
  gboolean     system;
  GSubprocess *reaper;
  GSubprocess *janitor;
};

/* Ends what is left as soon as its standard input does, that is, when the test is gone. */
static const char janitor_script[] =
  "cat >/dev/null\n"
  "for file in \"$1\"/run/libvirt/*.pid \"$1\"/run/libvirt/qemu/run/*.pid"
  " \"$1\"/run/libvirt/qemu/*.pid; do\n"
  "  [ -f \"$file\" ] && kill -9 \"$(cat \"$file\")\" 2>/dev/null\n"
  "done\n"
  "rm -rf \"$1\"\n";

/* With a mount of its own the daemon sees another /dev/kvm. */
static const char kvm_script[] = "mount --bind \"$1\" /dev/kvm && shift && exec \"$@\"";

/* What the daemon of the system has everywhere, it has in the folder. libvirt does not take the mix
 * of both versions of control groups that some machines have.
 */
static const char system_script[] =
  "set -e; folder=$1; shift\n"
  "umount /sys/fs/cgroup/unified 2>/dev/null || true\n"
  "mkdir -p /run/libvirt\n"
  "mount --bind \"$folder/run/libvirt\" /run/libvirt\n"
  "mount --bind \"$folder/config/libvirt\" /etc/libvirt\n"
  "mount --bind \"$folder/data\" /var/lib/libvirt\n"
  "mount --bind \"$folder/cache\" /var/cache/libvirt\n"
  "mount --bind \"$folder/state\" /var/log/libvirt\n"
  "exec \"$@\"\n";

static const char system_settings[] =
  "stdio_handler = \"file\"\n"
  "user = \"root\"\n"
  "group = \"root\"\n"
  "security_driver = \"none\"\n"
  "namespaces = []\n";

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

static void
add_words (GPtrArray  *argv,
           const char *words)
{
  g_auto(GStrv) split = g_strsplit (words, " ", -1);

  for (guint i = 0; split[i] != NULL; i++)
    g_ptr_array_add (argv, g_strdup (split[i]));
}

static GPtrArray *
build_command (TestLibvirtd *self)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (argv, g_test_build_filename (G_TEST_BUILT, "support", "test-reaper", NULL));

  if (self->kvm != NULL)
    {
      add_words (argv, "unshare --mount --propagation private sh -c");
      g_ptr_array_add (argv, g_strdup (kvm_script));
      add_words (argv, "sh");
      g_ptr_array_add (argv, g_strdup (self->kvm));
    }

  if (self->system)
    {
      add_words (argv, "unshare --mount --net --propagation private sh -c");
      g_ptr_array_add (argv, g_strdup (system_script));
      add_words (argv, "sh");
      g_ptr_array_add (argv, g_strdup (self->folder));
    }
  else if (geteuid () == 0)
    add_words (argv, "setpriv --reuid=nobody --regid=nogroup --clear-groups");

  add_words (argv, "libvirtd");
  if (self->system)
    {
      add_words (argv, "--config");
      g_ptr_array_add (argv, g_build_filename (self->folder, "libvirtd.conf", NULL));
      add_words (argv, "--pid-file");
      g_ptr_array_add (argv, g_build_filename (self->folder, "run/libvirt/libvirtd.pid", NULL));
    }
  g_ptr_array_add (argv, NULL);

  return g_steal_pointer (&argv);
}

void
test_libvirtd_start (TestLibvirtd *self)
{
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr(GPtrArray) argv = build_command (self);
  g_autoptr(GError) error = NULL;
  g_autofree char *log = g_build_filename (self->folder, "libvirtd.log", NULL);
  gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  g_assert_null (self->reaper);

  set_folder (launcher, self, "HOME", "home");
  set_folder (launcher, self, "XDG_RUNTIME_DIR", "run");
  set_folder (launcher, self, "XDG_CONFIG_HOME", "config");
  set_folder (launcher, self, "XDG_CACHE_HOME", "cache");
  set_folder (launcher, self, "XDG_DATA_HOME", "data");
  set_folder (launcher, self, "XDG_STATE_HOME", "state");
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C.UTF-8", TRUE);
  g_subprocess_launcher_unsetenv (launcher, "LIBVIRT_LOG_OUTPUTS");
  g_subprocess_launcher_unsetenv (launcher, "LIBVIRT_LOG_FILTERS");
  g_subprocess_launcher_set_stdout_file_path (launcher, log);
  g_subprocess_launcher_set_flags (launcher, G_SUBPROCESS_FLAGS_STDERR_MERGE);

  self->reaper = g_subprocess_launcher_spawnv (launcher, (const char * const *)argv->pdata, &error);
  g_assert_no_error (error);

  while (!is_listening (self))
    {
      if (g_get_monotonic_time () > deadline)
        g_error ("libvirtd does not listen; see %s", log);
      g_usleep (10 * 1000);
    }
}

static pid_t
read_pid (const char *path)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    g_error ("no process: %s", path);

  return (pid_t)g_ascii_strtoll (text, NULL, 10);
}

static void
send_signal (TestLibvirtd *self,
             int           number)
{
  g_autofree char *path = g_build_filename (self->folder, "run", "libvirt", "libvirtd.pid", NULL);

  g_assert_cmpint (kill (read_pid (path), number), ==, 0);
}

static void
write_settings (TestLibvirtd *self)
{
  g_autofree char *settings = NULL;

  /* Else there would be a virtlogd beside it. */
  if (!self->system)
    {
      write_file (self, "config/libvirt/qemu.conf", "stdio_handler = \"file\"\n");
      return;
    }

  make_folder (self, "run/libvirt");
  settings = g_strdup_printf ("unix_sock_dir = \"%s/run/libvirt\"\nauth_unix_rw = \"none\"\n",
                              self->folder);
  write_file (self, "libvirtd.conf", settings);
  write_file (self, "config/libvirt/qemu.conf", system_settings);
}

static TestLibvirtd *
create (gboolean with_kvm,
        gboolean system)
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
  self->system = system;
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

  write_settings (self);
  self->socket = g_build_filename (self->folder, "run", "libvirt", "libvirt-sock", NULL);
  self->uri = g_strdup_printf ("qemu+unix:///%s?socket=%s", system ? "system" : "session",
                               self->socket);
  self->janitor = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE, &error,
                                    "setsid", "sh", "-c", janitor_script, "sh", self->folder, NULL);
  g_assert_no_error (error);

  if (with_kvm)
    {
      struct stat status;

      self->kvm = g_build_filename (self->folder, "kvm", NULL);
      g_assert_cmpint (stat ("/dev/kvm", &status), ==, 0);
      g_assert_cmpint (mknod (self->kvm, S_IFCHR | 0600, status.st_rdev), ==, 0);
      give_to_user (self->kvm);
    }

  test_libvirtd_start (self);

  return self;
}

TestLibvirtd *
test_libvirtd_new (void)
{
  return create (FALSE, FALSE);
}

TestLibvirtd *
test_libvirtd_new_with_kvm (void)
{
  if (geteuid () != 0 || access ("/dev/kvm", R_OK | W_OK) != 0)
    {
      g_test_skip ("needs /dev/kvm and root");
      return NULL;
    }

  return create (TRUE, FALSE);
}

TestLibvirtd *
test_libvirtd_new_system (void)
{
  if (geteuid () != 0)
    {
      g_test_skip ("needs root");
      return NULL;
    }

  return create (FALSE, TRUE);
}

void
test_libvirtd_free (TestLibvirtd *self)
{
  if (self == NULL)
    return;

  g_output_stream_close (g_subprocess_get_stdin_pipe (self->janitor), NULL, NULL);
  g_subprocess_wait (self->janitor, NULL, NULL);

  g_clear_object (&self->janitor);
  g_clear_object (&self->reaper);
  g_free (self->kvm);
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
  send_signal (self, SIGKILL);
  g_clear_object (&self->reaper);

  while (is_listening (self))
    g_usleep (1000);
}

void
test_libvirtd_stop (TestLibvirtd *self)
{
  send_signal (self, SIGSTOP);
}

void
test_libvirtd_resume (TestLibvirtd *self)
{
  send_signal (self, SIGCONT);
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
  g_autofree char *path = g_build_filename (self->folder, "run", "libvirt", "qemu",
                                            self->system ? "" : "run", file, NULL);

  return read_pid (path);
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
