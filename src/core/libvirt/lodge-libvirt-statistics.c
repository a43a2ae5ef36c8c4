/* lodge-libvirt-statistics.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lodge-libvirt-host-private.h"
#include "lodge-libvirt-probe-private.h"
#include "lodge-xml-private.h"

/*
 * Reads the figures of a host and of all its active machines, on a worker.
 *
 * The computer's memory is that of virNodeGetMemoryStats(): virNodeGetInfo()
 * does not know of memory that was added after boot.
 */

typedef struct
{
  LodgeLink *link;
  gboolean   identity;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  lodge_link_unref (question->link);
  g_free (question);
}

static void
read_node_memory (virConnectPtr  connect,
                  LodgeSample   *sample)
{
  g_autofree virNodeMemoryStatsPtr stats = NULL;
  int n = 0;

  if (virNodeGetMemoryStats (connect, VIR_NODE_MEMORY_STATS_ALL_CELLS, NULL, &n, 0) < 0 || n == 0)
    return;

  stats = g_new0 (virNodeMemoryStats, n);
  if (virNodeGetMemoryStats (connect, VIR_NODE_MEMORY_STATS_ALL_CELLS, stats, &n, 0) < 0)
    return;

  for (int i = 0; i < n; i++)
    {
      if (g_str_equal (stats[i].field, VIR_NODE_MEMORY_STATS_TOTAL))
        sample->memory_total = stats[i].value;
      else if (g_str_equal (stats[i].field, VIR_NODE_MEMORY_STATS_FREE) ||
               g_str_equal (stats[i].field, VIR_NODE_MEMORY_STATS_BUFFERS) ||
               g_str_equal (stats[i].field, VIR_NODE_MEMORY_STATS_CACHED))
        sample->memory_free += stats[i].value;
    }
}

static void
read_node_processor (virConnectPtr  connect,
                     LodgeSample   *sample)
{
  g_autofree virNodeCPUStatsPtr stats = NULL;
  int n = 0;

  if (virNodeGetCPUStats (connect, VIR_NODE_CPU_STATS_ALL_CPUS, NULL, &n, 0) < 0 || n == 0)
    return;

  stats = g_new0 (virNodeCPUStats, n);
  if (virNodeGetCPUStats (connect, VIR_NODE_CPU_STATS_ALL_CPUS, stats, &n, 0) < 0)
    return;

  for (int i = 0; i < n; i++)
    {
      if (g_str_equal (stats[i].field, VIR_NODE_CPU_STATS_IDLE) ||
          g_str_equal (stats[i].field, VIR_NODE_CPU_STATS_IOWAIT))
        sample->cpu_idle += stats[i].value;
      else if (g_str_equal (stats[i].field, VIR_NODE_CPU_STATS_KERNEL) ||
               g_str_equal (stats[i].field, VIR_NODE_CPU_STATS_USER) ||
               g_str_equal (stats[i].field, VIR_NODE_CPU_STATS_INTR))
        sample->cpu_busy += stats[i].value;
    }
}

/* Some drivers have no statistics of the computer. */
static void
read_node (virConnectPtr  connect,
           LodgeSample   *sample)
{
  virNodeInfo info;

  read_node_memory (connect, sample);
  read_node_processor (connect, sample);

  if (virNodeGetInfo (connect, &info) < 0)
    return;

  sample->cores = info.cpus;
  if (sample->memory_total == 0)
    {
      sample->memory_total = info.memory;
      sample->memory_free = virNodeGetFreeMemory (connect) / 1024;
    }
}

static char *
read_host_uuid (const char *capabilities)
{
  g_autoptr(xmlDoc) document = lodge_xml_parse (capabilities);
  xmlNode *root = document != NULL ? xmlDocGetRootElement (document) : NULL;

  return lodge_xml_dup_text (lodge_xml_child (lodge_xml_child (root, "host"), "uuid"));
}

static void
read_identity (virConnectPtr  connect,
               LodgeSample   *sample)
{
  char *name = virConnectGetHostname (connect);
  char *capabilities = virConnectGetCapabilities (connect);

  sample->node_name = g_utf8_make_valid (name != NULL ? name : "", -1);
  sample->node_id = capabilities != NULL ? read_host_uuid (capabilities) : NULL;

  free (capabilities);
  free (name);
}

static LodgeFigures *
figures_new (virDomainPtr domain)
{
  char uuid[VIR_UUID_STRING_BUFLEN];
  const char *name = virDomainGetName (domain);
  LodgeFigures *figures;

  if (virDomainGetUUIDString (domain, uuid) < 0 || name == NULL ||
      g_str_has_prefix (name, LODGE_PROBE_PREFIX))
    return NULL;

  figures = g_new0 (LodgeFigures, 1);
  figures->id = g_strdup (uuid);
  figures->name = g_utf8_make_valid (name, -1);
  figures->run = virDomainGetID (domain);
  figures->cpu_time = G_MAXUINT64;

  return figures;
}

static guint64
number_of (const virTypedParameter *parameter)
{
  switch (parameter->type)
    {
    case VIR_TYPED_PARAM_UINT:
      return parameter->value.ui;

    case VIR_TYPED_PARAM_INT:
      return MAX (parameter->value.i, 0);

    case VIR_TYPED_PARAM_LLONG:
      return MAX (parameter->value.l, 0);

    case VIR_TYPED_PARAM_ULLONG:
      return parameter->value.ul;

    default:
      return 0;
    }
}

/* What the balloon itself tells, and not QEMU, is at its last known values while nobody asks it. */
static void
read_balloon (LodgeFigures            *figures,
              const char              *name,
              const virTypedParameter *parameter)
{
  guint64 number = number_of (parameter);

  if (g_str_equal (name, "current"))
    figures->actual = number;
  else if (g_str_equal (name, "maximum"))
    figures->maximum = number;
  else if (g_str_equal (name, "available"))
    figures->available = number;
  else if (g_str_equal (name, "unused"))
    figures->unused = number;
  else if (g_str_equal (name, "usable"))
    figures->usable = number;
  else if (g_str_equal (name, "disk_caches"))
    figures->caches = number;
  else if (g_str_equal (name, "rss"))
    figures->resident = number;
  else if (g_str_equal (name, "swap_in") || g_str_equal (name, "swap_out"))
    figures->swapped += number;
  else if (g_str_equal (name, "major_fault"))
    figures->major_faults = number;
  else if (g_str_equal (name, "last-update"))
    figures->guest_time = number;
}

/* "vcpu.3.time": without control groups, libvirt has no time of the whole guest. */
static guint64
read_vcpu_time (const virTypedParameter *parameter)
{
  return g_str_has_suffix (parameter->field, ".time") ? number_of (parameter) : 0;
}

static void
read_record (LodgeFigures            *figures,
             virDomainStatsRecordPtr  record)
{
  guint64 vcpu_time = 0;

  for (int i = 0; i < record->nparams; i++)
    {
      const virTypedParameter *each = &record->params[i];

      if (g_str_has_prefix (each->field, "balloon."))
        read_balloon (figures, each->field + strlen ("balloon."), each);
      else if (g_str_equal (each->field, "cpu.time"))
        figures->cpu_time = number_of (each);
      else if (g_str_equal (each->field, "vcpu.current"))
        figures->vcpus = number_of (each);
      else if (g_str_has_prefix (each->field, "vcpu."))
        vcpu_time += read_vcpu_time (each);
    }

  if (figures->cpu_time == G_MAXUINT64 && vcpu_time != 0)
    figures->cpu_time = vcpu_time;
}

/* For what statistics do not tell. A container's maximum is what it may have, and the rest what it uses;
 * of a machine's the one is what it could have and the other what it has.
 */
static gboolean
read_info (LodgeFigures *figures,
           virDomainPtr  domain,
           gboolean      container)
{
  virDomainInfo info;

  if (virDomainGetInfo (domain, &info) < 0)
    return FALSE;

  figures->cpu_time = info.cpuTime;
  figures->vcpus = info.nrVirtCpu;
  figures->maximum = info.maxMem;
  if (container)
    figures->resident = info.memory;
  else
    figures->actual = info.memory;

  return TRUE;
}

/* Everything in one call. */
static gboolean
read_by_statistics (virConnectPtr  connect,
                    LodgeSample   *sample)
{
  virDomainStatsRecordPtr *records = NULL;
  int n;

  n = virConnectGetAllDomainStats (connect,
                                   (VIR_DOMAIN_STATS_STATE | VIR_DOMAIN_STATS_CPU_TOTAL |
                                    VIR_DOMAIN_STATS_BALLOON | VIR_DOMAIN_STATS_VCPU),
                                   &records,
                                   (VIR_CONNECT_GET_ALL_DOMAINS_STATS_ACTIVE |
                                    VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT));
  if (n < 0)
    return FALSE;

  for (int i = 0; i < n; i++)
    {
      LodgeFigures *figures = figures_new (records[i]->dom);

      if (figures == NULL)
        continue;

      read_record (figures, records[i]);
      if (figures->actual == 0)
        read_info (figures, records[i]->dom, sample->containers);
      g_ptr_array_add (sample->machines, figures);
    }

  virDomainStatsRecordListFree (records);

  return TRUE;
}

/* For drivers without statistics. */
static gboolean
read_one_by_one (virConnectPtr   connect,
                 LodgeSample    *sample,
                 GError        **error)
{
  virDomainPtr *domains = NULL;
  int n = virConnectListAllDomains (connect, &domains, VIR_CONNECT_LIST_DOMAINS_ACTIVE);

  if (n < 0)
    return lodge_libvirt_fail (error);

  for (int i = 0; i < n; i++)
    {
      LodgeFigures *figures = figures_new (domains[i]);

      if (figures != NULL && read_info (figures, domains[i], sample->containers))
        g_ptr_array_add (sample->machines, g_steal_pointer (&figures));

      g_clear_pointer (&figures, lodge_figures_free);
      virDomainFree (domains[i]);
    }

  free (domains);

  return TRUE;
}

static gpointer
read_sample_work (gpointer       source_object,
                  gpointer       task_data,
                  GCancellable  *cancellable,
                  GError       **error)
{
  Question *question = task_data;
  virConnectPtr connect = lodge_link_get_connect (question->link);
  const char *driver = lodge_link_get_driver (question->link);
  g_autoptr(LodgeSample) sample = lodge_sample_new ();

  sample->containers = g_str_equal (driver, "LXC");
  sample->time = g_get_monotonic_time ();

  if (!read_by_statistics (connect, sample) && !read_one_by_one (connect, sample, error))
    return NULL;

  read_node (connect, sample);
  if (question->identity)
    read_identity (connect, sample);

  return g_steal_pointer (&sample);
}

void
lodge_libvirt_host_read_sample_async (LodgeHost           *host,
                                      gboolean             identity,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  LodgeLibvirtHost *self = LODGE_LIBVIRT_HOST (host);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Question *question;

  g_task_set_source_tag (task, lodge_libvirt_host_read_sample_async);

  if (self->link == NULL)
    {
      g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_DISCONNECTED, "not connected");
      return;
    }

  question = g_new0 (Question, 1);
  question->link = lodge_link_ref (self->link);
  question->identity = identity;
  g_task_set_task_data (task, question, question_free);
  lodge_worker_run (self->reader, task, read_sample_work, (GDestroyNotify)lodge_sample_free);
}

LodgeSample *
lodge_libvirt_host_read_sample_finish (LodgeHost     *host,
                                       GAsyncResult  *result,
                                       GError       **error)
{
  g_assert (g_task_is_valid (result, host));

  return g_task_propagate_pointer (G_TASK (result), error);
}
