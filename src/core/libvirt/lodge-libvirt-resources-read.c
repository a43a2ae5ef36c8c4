/* lodge-libvirt-resources-read.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <stdlib.h>

#include "lodge-libvirt-resources-private.h"

/* What a domain has of memory and cores, and what it says about them. */

/* How often a guest is to tell what it uses, in seconds. */
#define STATISTICS_PERIOD 2

static LodgeResourceDefinition *
read_definition (virDomainPtr   domain,
                 guint          flags,
                 GError       **error)
{
  LodgeResourceDefinition *definition;
  char *xml = virDomainGetXMLDesc (domain, flags);

  if (xml == NULL)
    {
      lodge_libvirt_fail (error);
      return NULL;
    }

  definition = lodge_resource_definition_parse (xml, error);
  free (xml);

  return definition;
}

/* Windows says what is unused, not what is usable. */
static void
read_statistics (virDomainPtr        domain,
                 LodgeResourceFacts *facts)
{
  virDomainMemoryStatStruct stats[VIR_DOMAIN_MEMORY_STAT_NR];
  guint64 unused = LODGE_NOT_KNOWN;
  int n = virDomainMemoryStats (domain, stats, G_N_ELEMENTS (stats), 0);

  for (int i = 0; i < n; i++)
    {
      switch (stats[i].tag)
        {
        case VIR_DOMAIN_MEMORY_STAT_ACTUAL_BALLOON:
          facts->balloon = stats[i].val;
          break;

        case VIR_DOMAIN_MEMORY_STAT_AVAILABLE:
          facts->available = stats[i].val;
          break;

        case VIR_DOMAIN_MEMORY_STAT_USABLE:
          facts->usable = stats[i].val;
          break;

        case VIR_DOMAIN_MEMORY_STAT_LAST_UPDATE:
          facts->told = stats[i].val;
          break;

        case VIR_DOMAIN_MEMORY_STAT_UNUSED:
          unused = stats[i].val;
          break;

        default:
          break;
        }
    }

  if (facts->usable == LODGE_NOT_KNOWN)
    facts->usable = unused;

  /* Nobody has asked the guest yet. */
  if (n >= 0 && facts->usable == LODGE_NOT_KNOWN && facts->live->has_balloon &&
      facts->live->balloon_period == 0)
    facts->soon = virDomainSetMemoryStatsPeriod (domain, STATISTICS_PERIOD,
                                                 VIR_DOMAIN_AFFECT_LIVE) == 0;
}

static guint64
read_shares (virDomainPtr domain,
             guint        flags)
{
  virTypedParameterPtr params = NULL;
  unsigned long long shares = 0;
  int n = 0;
  char *type = virDomainGetSchedulerType (domain, &n);

  free (type);
  if (type == NULL || n <= 0)
    return 0;

  params = g_new0 (virTypedParameter, n);
  if (virDomainGetSchedulerParametersFlags (domain, params, &n, flags) == 0)
    virTypedParamsGetULLong (params, n, VIR_DOMAIN_SCHEDULER_CPU_SHARES, &shares);
  virTypedParamsClear (params, n);
  g_free (params);

  return shares;
}

static LodgeObstacle
find_tuning (virDomainPtr domain)
{
  int n = 0;
  char *type = virDomainGetSchedulerType (domain, &n);
  virErrorPtr error;

  free (type);
  if (type != NULL)
    return n > 0 ? LODGE_OBSTACLE_NONE : LODGE_OBSTACLE_NO_CGROUPS;

  error = virGetLastError ();

  return error != NULL && (error->code == VIR_ERR_OPERATION_UNSUPPORTED ||
                           error->code == VIR_ERR_CONFIG_UNSUPPORTED)
         ? LODGE_OBSTACLE_SESSION : LODGE_OBSTACLE_NO_CGROUPS;
}

/* On another computer only the numbers tell: nobody has set any, or Lodge has. */
static gboolean
is_unified (LodgeResourceFacts *facts,
            gboolean            local)
{
  if (local)
    return g_file_test ("/sys/fs/cgroup/cgroup.controllers", G_FILE_TEST_EXISTS);

  return facts->shares != lodge_priority_get_shares (LODGE_PRIORITY_NORMAL, FALSE) &&
         facts->shares != lodge_priority_get_shares (LODGE_PRIORITY_BACKGROUND, FALSE) &&
         facts->shares != lodge_priority_get_shares (LODGE_PRIORITY_FIRST, FALSE);
}

static void
read_priority (LodgeDomainCall    *call,
               LodgeResourceFacts *facts)
{
  const LodgeResourceDefinition *definition = facts->live != NULL ? facts->live : facts->stored;

  facts->tuning = find_tuning (call->domain);
  facts->shares = definition->shares;

  if (facts->tuning == LODGE_OBSTACLE_NONE && facts->live != NULL)
    facts->shares = read_shares (call->domain, VIR_DOMAIN_AFFECT_LIVE);

  facts->unified = is_unified (facts, call->local);
}

/* Whether the host lets nobody like us change the guest: there is no question for that but a change.
 * This one changes nothing, as it asks for what there is, or for nothing that a guest which is off
 * could do; and whether it may be asked for is looked at first.
 */
gboolean
lodge_libvirt_is_denied (virDomainPtr              domain,
                         const LodgeResourceFacts *facts)
{
  guint period = facts->live != NULL ? facts->live->balloon_period : 0;
  virErrorPtr error;

  if (virDomainSetMemoryStatsPeriod (domain, period != 0 ? (int)period : STATISTICS_PERIOD,
                                     VIR_DOMAIN_AFFECT_LIVE) == 0)
    return FALSE;

  error = virGetLastError ();

  return error != NULL && (error->code == VIR_ERR_ACCESS_DENIED || error->code == VIR_ERR_OPERATION_DENIED);
}

LodgeResourceFacts *
lodge_libvirt_read_resources (LodgeDomainCall  *call,
                              GError          **error)
{
  g_autoptr(LodgeResourceFacts) facts = lodge_resource_facts_new ();
  const char *driver = lodge_link_get_driver (call->link);
  gboolean qemu = g_str_equal (driver, "QEMU");

  facts->can_change = qemu || g_str_equal (driver, "TEST");

  if (virDomainIsActive (call->domain) == 1)
    facts->live = read_definition (call->domain, 0, NULL);
  if (virDomainIsPersistent (call->domain) == 1)
    facts->stored = read_definition (call->domain, VIR_DOMAIN_XML_INACTIVE, error);

  if (facts->live == NULL && facts->stored == NULL)
    {
      if (error == NULL || *error == NULL)
        lodge_libvirt_fail (error);
      return NULL;
    }

  /* The running one is enough. */
  g_clear_error (error);

  if (facts->live != NULL)
    read_statistics (call->domain, facts);
  else
    facts->saved = virDomainHasManagedSaveImage (call->domain, 0) == 1;

  if (qemu)
    read_priority (call, facts);
  else
    facts->tuning = LODGE_OBSTACLE_DRIVER;

  return g_steal_pointer (&facts);
}
