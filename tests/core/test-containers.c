/* test-containers.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-containers-private.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* Trees of control groups as systemd, Podman and Docker make them, in a folder. */

#define ID_A "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ID_B "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
#define ID_C "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

#define KIB(mebibytes) ((mebibytes) * G_GUINT64_CONSTANT (1024))

typedef struct
{
  char *cgroup;
  char *proc;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->cgroup = g_dir_make_tmp ("lodge-cgroup-XXXXXX", NULL);
  fixture->proc = g_dir_make_tmp ("lodge-proc-XXXXXX", NULL);
}

static void
remove_tree (const char *path)
{
  g_autoptr(GDir) directory = g_dir_open (path, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_tree (child);
      else
        g_unlink (child);
    }

  g_rmdir (path);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  remove_tree (fixture->cgroup);
  remove_tree (fixture->proc);
  g_free (fixture->cgroup);
  g_free (fixture->proc);
}

static void
write_file (const char *base,
            const char *group,
            const char *file,
            const char *text,
            gssize      length)
{
  g_autofree char *folder = g_build_filename (base, group, NULL);
  g_autofree char *path = g_build_filename (folder, file, NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, length, NULL));
}

static void
write_group (Fixture    *fixture,
             const char *group,
             const char *file,
             const char *text)
{
  write_file (fixture->cgroup, group, file, text, -1);
}

static void
write_unified (Fixture    *fixture,
               const char *group,
               const char *limit,
               const char *use,
               const char *caches,
               const char *quota)
{
  g_autofree char *stat = g_strdup_printf ("anon 1\nfile 5\ninactive_file %s\nactive_file 7\n", caches);

  write_group (fixture, "", "cgroup.controllers", "cpu memory pids\n");
  write_group (fixture, group, "memory.max", limit);
  write_group (fixture, group, "memory.current", use);
  write_group (fixture, group, "memory.stat", stat);
  write_group (fixture, group, "cpu.max", quota);
  write_group (fixture, group, "cpu.stat", "usage_usec 2500000\nuser_usec 1\n");
}

static LodgeContainer *
find (GPtrArray  *all,
      const char *id)
{
  for (guint i = 0; i < all->len; i++)
    {
      LodgeContainer *container = g_ptr_array_index (all, i);

      if (g_str_equal (container->id, id))
        return container;
    }

  return NULL;
}

static void
test_unified (Fixture       *fixture,
              gconstpointer  data)
{
  static const char conmon[] =
    "/usr/bin/conmon\0--api-version\0001\0-c\0" ID_A "\0-u\0" ID_A "\0-n\0my-database\0--exit\0";
  g_autoptr(GPtrArray) all = NULL;
  LodgeContainer *container;

  write_unified (fixture, "machine.slice/libpod-" ID_A ".scope", "536870912\n", "104857600\n",
                 "52428800", "150000 100000\n");
  write_group (fixture, "machine.slice/libpod-" ID_A ".scope/container", "memory.max", "max\n");
  write_group (fixture, "machine.slice/libpod-conmon-" ID_A ".scope", "cgroup.procs", "4711\n");
  write_file (fixture->proc, "4711", "cmdline", conmon, sizeof conmon - 1);
  write_unified (fixture, "system.slice/docker-" ID_B ".scope", "max\n", "209715200\n", "0",
                 "max 100000\n");
  write_unified (fixture, "user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" ID_C ".scope",
                 "max\n", "1048576\n", "0", "max 100000\n");
  write_unified (fixture, "system.slice/docker.service", "max\n", "99999999\n", "0", "max 100000\n");
  write_unified (fixture, "machine.slice/machine-qemu\\x2d1\\x2dguest.scope/libvirt", "max\n", "1\n",
                 "0", "max 100000\n");

  all = lodge_containers_read (fixture->cgroup, fixture->proc);
  g_assert_cmpuint (all->len, ==, 3);

  container = find (all, ID_A);
  g_assert_cmpstr (container->engine, ==, "podman");
  g_assert_cmpstr (container->name, ==, "my-database");
  g_assert_cmpuint (container->limit, ==, KIB (512));
  g_assert_cmpuint (container->use, ==, KIB (50));
  g_assert_cmpuint (container->cores, ==, 1500);
  g_assert_cmpuint (container->cpu_time, ==, G_GUINT64_CONSTANT (2500000000));

  container = find (all, ID_B);
  g_assert_cmpstr (container->engine, ==, "docker");
  g_assert_cmpstr (container->name, ==, "fedcba987654");
  g_assert_cmpuint (container->limit, ==, 0);
  g_assert_cmpuint (container->use, ==, KIB (200));
  g_assert_cmpuint (container->cores, ==, 0);

  g_assert_cmpstr (find (all, ID_C)->engine, ==, "podman");
}

static void
test_version_1 (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GPtrArray) all = NULL;
  LodgeContainer *container;

  write_group (fixture, "memory/docker/" ID_A, "memory.limit_in_bytes", "9223372036854771712\n");
  write_group (fixture, "memory/docker/" ID_A, "memory.usage_in_bytes", "104857600\n");
  write_group (fixture, "memory/docker/" ID_A, "memory.stat",
               "inactive_file 1\ntotal_inactive_file 10485760\n");
  write_group (fixture, "cpu,cpuacct/docker/" ID_A, "cpu.cfs_quota_us", "-1\n");
  write_group (fixture, "cpu,cpuacct/docker/" ID_A, "cpu.cfs_period_us", "100000\n");
  write_group (fixture, "cpu,cpuacct/docker/" ID_A, "cpuacct.usage", "1234567890\n");
  write_group (fixture, "memory/machine.slice/libpod-" ID_B ".scope", "memory.limit_in_bytes",
               "67108864\n");
  write_group (fixture, "memory/machine.slice/libpod-" ID_B ".scope", "memory.usage_in_bytes",
               "1048576\n");
  write_group (fixture, "cpu,cpuacct/machine.slice/libpod-" ID_B ".scope", "cpu.cfs_quota_us",
               "50000\n");
  write_group (fixture, "cpu,cpuacct/machine.slice/libpod-" ID_B ".scope", "cpu.cfs_period_us",
               "100000\n");
  write_group (fixture, "memory/machine/web.libvirt-lxc", "memory.usage_in_bytes", "2097152\n");
  write_group (fixture, "memory/lxc.payload.old", "memory.usage_in_bytes", "3145728\n");
  write_group (fixture, "memory/lxc.monitor.old", "memory.usage_in_bytes", "3145728\n");

  all = lodge_containers_read (fixture->cgroup, fixture->proc);
  g_assert_cmpuint (all->len, ==, 4);

  container = find (all, ID_A);
  g_assert_cmpstr (container->engine, ==, "docker");
  g_assert_cmpuint (container->limit, ==, 0);
  g_assert_cmpuint (container->use, ==, KIB (90));
  g_assert_cmpuint (container->cores, ==, 0);
  g_assert_cmpuint (container->cpu_time, ==, 1234567890);

  container = find (all, ID_B);
  g_assert_cmpstr (container->engine, ==, "podman");
  g_assert_cmpuint (container->limit, ==, KIB (64));
  g_assert_cmpuint (container->cores, ==, 500);

  g_assert_cmpstr (find (all, "web")->engine, ==, "libvirt-lxc");
  g_assert_cmpstr (find (all, "old")->engine, ==, "lxc");
}

/* What was killed may leave its group and its limit behind. */
static void
test_left_over (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GPtrArray) old = NULL, unified = NULL;

  write_group (fixture, "memory/machine/web.libvirt-lxc", "cgroup.procs", "");
  write_group (fixture, "memory/machine/web.libvirt-lxc", "memory.limit_in_bytes", "67108864\n");
  write_group (fixture, "memory/docker/" ID_A, "cgroup.procs", "");
  write_group (fixture, "memory/docker/" ID_A "/init.scope", "cgroup.procs", "1\n");
  write_group (fixture, "memory/lxc.payload.old", "cgroup.procs", "4711\n");
  old = lodge_containers_read (fixture->cgroup, fixture->proc);
  g_assert_cmpuint (old->len, ==, 2);
  g_assert_null (find (old, "web"));

  write_unified (fixture, "system.slice/docker-" ID_B ".scope", "max\n", "1024\n", "0", "max 100000\n");
  write_group (fixture, "system.slice/docker-" ID_B ".scope", "cgroup.events", "populated 0\nfrozen 0\n");
  write_unified (fixture, "system.slice/docker-" ID_C ".scope", "max\n", "1024\n", "0", "max 100000\n");
  write_group (fixture, "system.slice/docker-" ID_C ".scope", "cgroup.events", "populated 1\nfrozen 0\n");
  unified = lodge_containers_read (fixture->cgroup, fixture->proc);
  g_assert_null (find (unified, ID_B));
  g_assert_nonnull (find (unified, ID_C));
}

static void
test_names_of_systemd (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(GPtrArray) all = NULL;

  write_unified (fixture, "machine.slice/machine-lxc\\x2d4711\\x2dmy\\x2dweb.scope", "max\n", "1024\n",
                 "0", "max 100000\n");
  write_unified (fixture, "system.slice/systemd-nspawn@box.service", "max\n", "1024\n", "0",
                 "max 100000\n");
  write_unified (fixture, "kubepods.slice/kubepods-pod1.slice/cri-containerd-" ID_A ".scope", "max\n",
                 "1024\n", "0", "max 100000\n");

  all = lodge_containers_read (fixture->cgroup, fixture->proc);
  g_assert_cmpuint (all->len, ==, 3);
  g_assert_cmpstr (find (all, "my-web")->engine, ==, "libvirt-lxc");
  g_assert_cmpstr (find (all, "box")->engine, ==, "nspawn");
  g_assert_cmpstr (find (all, ID_A)->engine, ==, "kubernetes");
}

/* Anybody may make a group with any name, and files may be of another kernel. */
static void
test_hostile (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *group = g_build_filename (fixture->cgroup, "loop", NULL);
  g_autoptr(GPtrArray) all = NULL;
  LodgeContainer *container;

  write_unified (fixture, "docker-" ID_A ".scope", "-5 lies\n", "99999999999999999999999\n",
                 "99999999999999999999", "0 0\n");
  write_unified (fixture, "libpod-" ID_B ".scope", "", "", "", "100000\n");
  write_unified (fixture, "lxc.payload.\377\376 %s", "max", "1048576", "x", "99999999999 1\n");
  write_unified (fixture, "libpod-short.scope", "max", "1048576", "0", "max 1\n");
  write_unified (fixture, "lxc.payload.", "max", "1048576", "0", "max 1\n");
  write_unified (fixture, ".libvirt-lxc", "max", "1048576", "0", "max 1\n");
  write_unified (fixture, "machine-lxc\\x2dx.scope", "max", "1048576", "0", "max 1\n");
  g_assert_cmpint (symlink (fixture->cgroup, group), ==, 0);

  all = lodge_containers_read (fixture->cgroup, fixture->proc);
  g_assert_cmpuint (all->len, ==, 3);

  for (guint i = 0; i < all->len; i++)
    {
      container = g_ptr_array_index (all, i);
      g_assert_true (g_utf8_validate (container->name, -1, NULL));
      g_assert_cmpuint (container->limit, ==, 0);
    }

  g_assert_cmpuint (find (all, ID_A)->use, ==, 0);
  g_assert_cmpuint (find (all, ID_B)->cores, ==, 0);
}

static void
test_nothing_there (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(GPtrArray) empty = lodge_containers_read (fixture->cgroup, fixture->proc);
  g_autoptr(GPtrArray) missing = lodge_containers_read ("/nowhere/at-all", "/nowhere");

  g_assert_cmpuint (empty->len, ==, 0);
  g_assert_cmpuint (missing->len, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) \
  g_test_add ("/core/containers/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("unified", test_unified);
  ADD ("version-1", test_version_1);
  ADD ("left-over", test_left_over);
  ADD ("names-of-systemd", test_names_of_systemd);
  ADD ("hostile", test_hostile);
  ADD ("nothing-there", test_nothing_there);

  return g_test_run ();
}
