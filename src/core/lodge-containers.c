/* lodge-containers.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <dirent.h>
#include <string.h>

#include "lodge-containers-private.h"

/*
 * Finds containers by their control groups, which need no engine's socket and
 * no right, and tell limits and use as the kernel enforces and counts them
 * (kernel: admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst).
 *
 * With version 2 there is one tree, with version 1 one for each controller, in
 * which a container has the same path. The names of groups are the engines'.
 */

/* Containers stand within a few levels: user.slice, a user's own, the engine's. */
#define DEEPEST 10

#define ID_LENGTH 64

typedef struct
{
  const char *proc;
  const char *memory;     /* the tree with the memory controller */
  char       *cpu;        /* the trees of version 1, or NULL */
  char       *cpuacct;
  gboolean    unified;    /* version 2 */
  GPtrArray  *found;
  GHashTable *names;      /* of containers of Podman, by ID */
} Search;

void
lodge_container_free (LodgeContainer *container)
{
  g_free (container->id);
  g_free (container->name);
  g_free (container);
}

static gboolean
is_id (const char *text,
       gsize       length)
{
  if (length != ID_LENGTH)
    return FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isxdigit (text[i]))
        return FALSE;
    }

  return TRUE;
}

/* systemd writes what is special as \x2d. */
static char *
unescape (const char *text,
          gsize       length)
{
  g_autoptr(GString) plain = g_string_new (NULL);

  for (gsize i = 0; i < length; i++)
    {
      if (i + 3 < length && text[i] == '\\' && text[i + 1] == 'x' &&
          g_ascii_isxdigit (text[i + 2]) && g_ascii_isxdigit (text[i + 3]))
        {
          g_string_append_c (plain, g_ascii_xdigit_value (text[i + 2]) * 16 +
                                    g_ascii_xdigit_value (text[i + 3]));
          i += 3;
        }
      else
        g_string_append_c (plain, text[i]);
    }

  return g_utf8_make_valid (plain->str, -1);
}

static LodgeContainer *
container_new (const char *engine,
               const char *id,
               gsize       length,
               gboolean    named)
{
  LodgeContainer *container = g_new0 (LodgeContainer, 1);

  container->engine = engine;
  container->id = unescape (id, length);
  container->name = named ? g_strdup (container->id) : g_strndup (container->id, 12);
  container->cpu_time = G_MAXUINT64;

  return container;
}

/* libpod-ID.scope, or without the end where systemd does not keep the groups. */
static LodgeContainer *
match_id (const char *name,
          gsize       length)
{
  static const struct
  {
    const char *prefix;
    const char *engine;
  } engines[] =
  {
    { "libpod-", "podman" },
    { "docker-", "docker" },
    { "cri-containerd-", "kubernetes" },
    { "crio-", "kubernetes" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (engines); i++)
    {
      gsize skip = strlen (engines[i].prefix);

      if (length > skip && g_str_has_prefix (name, engines[i].prefix) &&
          is_id (name + skip, length - skip))
        return container_new (engines[i].engine, name + skip, length - skip, FALSE);
    }

  return NULL;
}

/* machine-lxc\x2d123\x2dname of libvirt with systemd. */
static LodgeContainer *
match_libvirt (const char *name,
               gsize       length)
{
  g_autofree char *plain = unescape (name, length);
  const char *at;

  if (!g_str_has_prefix (plain, "machine-lxc-"))
    return NULL;

  at = plain + strlen ("machine-lxc-");
  while (g_ascii_isdigit (*at))
    at++;

  if (*at != '-' || at[1] == '\0')
    return NULL;

  return container_new ("libvirt-lxc", at + 1, strlen (at + 1), TRUE);
}

/* The container that a group called @name in one called @parent is of, or NULL. */
static LodgeContainer *
match (const char *parent,
       const char *name)
{
  gsize length = strlen (name);
  LodgeContainer *container;

  if (g_str_has_suffix (name, ".libvirt-lxc"))
    return container_new ("libvirt-lxc", name, length - strlen (".libvirt-lxc"), TRUE);

  if (g_str_has_prefix (name, "lxc.payload.") && name[strlen ("lxc.payload.")] != '\0')
    return container_new ("lxc", name + strlen ("lxc.payload."),
                          length - strlen ("lxc.payload."), TRUE);

  if (g_str_has_prefix (name, "systemd-nspawn@") && g_str_has_suffix (name, ".service"))
    return container_new ("nspawn", name + strlen ("systemd-nspawn@"),
                          length - strlen ("systemd-nspawn@") - strlen (".service"), TRUE);

  if (is_id (name, length))
    return container_new (g_str_equal (parent, "docker") ? "docker" : "kubernetes",
                          name, length, FALSE);

  if (g_str_has_suffix (name, ".scope"))
    length -= strlen (".scope");

  if ((container = match_id (name, length)) != NULL)
    return container;

  return match_libvirt (name, length);
}

static char *
read_text (const char *folder,
           const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? text : NULL;
}

/* The first number in a file; G_MAXUINT64 for "max", -1 and what cannot be read. */
static guint64
read_number (const char *folder,
             const char *name)
{
  g_autofree char *text = read_text (folder, name);

  if (text == NULL || !g_ascii_isdigit (*text))
    return G_MAXUINT64;

  return g_ascii_strtoull (text, NULL, 10);
}

/* The number behind @key in a file of lines "key number"; 0 if it is not there. */
static guint64
read_entry (const char *folder,
            const char *name,
            const char *key)
{
  g_autofree char *text = read_text (folder, name);
  gsize length = strlen (key);

  for (const char *line = text; line != NULL && *line != '\0'; )
    {
      const char *end = strchr (line, '\n');

      if (strncmp (line, key, length) == 0 && line[length] == ' ')
        return g_ascii_strtoull (line + length + 1, NULL, 10);

      line = end != NULL ? end + 1 : NULL;
    }

  return 0;
}

static guint
quota_in_cores (guint64 quota,
                guint64 period)
{
  if (quota == 0 || quota == G_MAXUINT64 || period == 0 || period == G_MAXUINT64)
    return 0;

  return MIN ((double)quota / period * 1000, G_MAXINT);
}

static void
read_memory (LodgeContainer *container,
             const char     *folder,
             gboolean        unified)
{
  guint64 limit = read_number (folder, unified ? "memory.max" : "memory.limit_in_bytes");
  guint64 use = read_number (folder, unified ? "memory.current" : "memory.usage_in_bytes");
  guint64 caches = read_entry (folder, "memory.stat",
                               unified ? "inactive_file" : "total_inactive_file");

  /* Without a limit, version 1 has the largest number of whole pages. */
  container->limit = limit < G_MAXINT64 / 2 ? limit / 1024 : 0;

  if (use != G_MAXUINT64)
    container->use = (use > caches ? use - caches : 0) / 1024;
}

static void
read_processor_unified (LodgeContainer *container,
                        const char     *folder)
{
  g_autofree char *quota = read_text (folder, "cpu.max");
  guint64 time = read_entry (folder, "cpu.stat", "usage_usec");

  if (quota != NULL && g_ascii_isdigit (*quota))
    {
      char *rest;
      guint64 number = g_ascii_strtoull (quota, &rest, 10);

      container->cores = quota_in_cores (number, g_ascii_strtoull (rest, NULL, 10));
    }

  if (time != 0 && time < G_MAXUINT64 / 1000)
    container->cpu_time = time * 1000;
}

/* @path: of the group, from the top of a tree */
static void
read_processor (LodgeContainer *container,
                Search         *search,
                const char     *path)
{
  g_autofree char *cpu = NULL, *cpuacct = NULL;

  if (search->cpu != NULL)
    {
      cpu = g_build_filename (search->cpu, path, NULL);
      container->cores = quota_in_cores (read_number (cpu, "cpu.cfs_quota_us"),
                                         read_number (cpu, "cpu.cfs_period_us"));
    }

  if (search->cpuacct != NULL)
    {
      cpuacct = g_build_filename (search->cpuacct, path, NULL);
      container->cpu_time = read_number (cpuacct, "cpuacct.usage");
    }
}

/* Podman's conmon stands beside each container, and its arguments name the container: -c ID -n NAME. */
static void
read_conmon (Search     *search,
             const char *pid)
{
  g_autofree char *path = g_build_filename (search->proc, pid, "cmdline", NULL);
  g_autofree char *text = NULL;
  const char *id = NULL, *name = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, NULL))
    return;

  for (const char *at = text; at < text + length; at += strlen (at) + 1)
    {
      const char *next = at + strlen (at) + 1;

      if (next >= text + length)
        break;

      if (g_str_equal (at, "-c"))
        id = next;
      else if (g_str_equal (at, "-n"))
        name = next;
    }

  if (id != NULL && name != NULL && *name != '\0')
    g_hash_table_replace (search->names, g_strdup (id), g_utf8_make_valid (name, -1));
}

static void
read_conmons (Search     *search,
              const char *folder)
{
  g_autofree char *text = read_text (folder, "cgroup.procs");
  g_auto(GStrv) pids = g_strsplit (text != NULL ? text : "", "\n", -1);

  for (guint i = 0; pids[i] != NULL; i++)
    {
      if (g_ascii_isdigit (*pids[i]))
        read_conmon (search, pids[i]);
    }
}

static gboolean
is_conmon (const char *parent,
           const char *name)
{
  return g_str_has_prefix (name, "libpod-conmon-") ||
         (g_str_equal (name, "conmon") && g_str_has_prefix (parent, "libpod"));
}

static gboolean
has_processes (const char *folder,
               guint       depth)
{
  g_autofree char *text = read_text (folder, "cgroup.procs");
  gboolean found = text == NULL || *text != '\0';
  DIR *directory = !found && depth <= DEEPEST ? opendir (folder) : NULL;
  struct dirent *entry;

  while (!found && directory != NULL && (entry = readdir (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, entry->d_name, NULL);

      found = entry->d_type == DT_DIR && *entry->d_name != '.' && has_processes (path, depth + 1);
    }

  g_clear_pointer (&directory, closedir);

  return found;
}

/* A container that was killed may leave its group, with its limit, and nobody in it. */
static gboolean
is_left_over (Search     *search,
              const char *folder)
{
  g_autofree char *events = NULL;

  if (!search->unified)
    return !has_processes (folder, 0);

  events = read_text (folder, "cgroup.events");

  return events != NULL && strstr (events, "populated 0") != NULL;
}

/* Takes @container. */
static void
take (Search         *search,
      LodgeContainer *container,
      const char     *folder)
{
  if (is_left_over (search, folder))
    {
      lodge_container_free (container);
      return;
    }

  read_memory (container, folder, search->unified);
  if (search->unified)
    read_processor_unified (container, folder);
  else
    read_processor (container, search, folder + strlen (search->memory));

  g_ptr_array_add (search->found, container);
}

/* Goes through the groups in @folder; those of containers and guests are not entered. Each group has
 * dozens of files, which must not be looked at one by one.
 */
static void
walk (Search     *search,
      const char *folder,
      const char *parent,
      guint       depth)
{
  DIR *directory = depth <= DEEPEST ? opendir (folder) : NULL;
  struct dirent *entry;

  while (directory != NULL && (entry = readdir (directory)) != NULL)
    {
      const char *name = entry->d_name;
      g_autofree char *path = NULL;
      LodgeContainer *container;

      if (entry->d_type != DT_DIR || *name == '.')
        continue;

      path = g_build_filename (folder, name, NULL);
      if (is_conmon (parent, name))
        read_conmons (search, path);
      else if ((container = match (parent, name)) != NULL)
        take (search, container, path);
      else if (!g_str_has_prefix (name, "machine-qemu"))
        walk (search, path, name, depth + 1);
    }

  g_clear_pointer (&directory, closedir);
}

/* Version 1 mounts some controllers together, under a name of all or of each. */
static char *
find_tree (const char *cgroup,
           const char *controller)
{
  g_autofree char *alone = g_build_filename (cgroup, controller, NULL);
  g_autofree char *together = g_build_filename (cgroup, "cpu,cpuacct", NULL);

  if (g_file_test (alone, G_FILE_TEST_IS_DIR))
    return g_steal_pointer (&alone);

  return g_file_test (together, G_FILE_TEST_IS_DIR) ? g_steal_pointer (&together) : NULL;
}

static void
apply_names (Search *search)
{
  for (guint i = 0; i < search->found->len; i++)
    {
      LodgeContainer *container = g_ptr_array_index (search->found, i);
      const char *name = g_hash_table_lookup (search->names, container->id);

      if (name != NULL)
        {
          g_free (container->name);
          container->name = g_strdup (name);
        }
    }
}

GPtrArray *
lodge_containers_read (const char *cgroup,
                       const char *proc)
{
  g_autofree char *controllers = g_build_filename (cgroup, "cgroup.controllers", NULL);
  g_autofree char *memory = g_build_filename (cgroup, "memory", NULL);
  Search search = { .proc = proc, };

  g_return_val_if_fail (cgroup != NULL, NULL);
  g_return_val_if_fail (proc != NULL, NULL);

  search.found = g_ptr_array_new_with_free_func ((GDestroyNotify)lodge_container_free);
  search.names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  search.unified = g_file_test (controllers, G_FILE_TEST_EXISTS);
  search.memory = search.unified ? cgroup : memory;

  if (!search.unified)
    {
      search.cpu = find_tree (cgroup, "cpu");
      search.cpuacct = find_tree (cgroup, "cpuacct");
    }

  walk (&search, search.memory, "", 0);
  apply_names (&search);

  g_hash_table_unref (search.names);
  g_free (search.cpu);
  g_free (search.cpuacct);

  return search.found;
}
