/* lodge-libvirt-resources-cores.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-libvirt-resources-private.h"

/*
 * Cores of a running guest, by what there is: plugging cores in and out, the
 * guest agent that has the kernel use fewer, and at last a cap of their time,
 * which needs nobody's help.
 */

/* µs; what libvirt and the kernel take when nothing is said. */
#define PERIOD 100000

static gboolean
set_parameter (virDomainPtr    domain,
               const char     *name,
               gint64          value,
               guint           scope,
               GError        **error)
{
  gboolean is_signed = g_str_equal (name, VIR_DOMAIN_SCHEDULER_GLOBAL_QUOTA);
  virTypedParameterPtr params = NULL;
  int n = 0, most = 0, result;

  if (is_signed)
    virTypedParamsAddLLong (&params, &n, &most, name, value);
  else
    virTypedParamsAddULLong (&params, &n, &most, name, value);

  result = virDomainSetSchedulerParametersFlags (domain, params, n, scope);
  lodge_libvirt_succeed (result, error);
  virTypedParamsFree (params, n);

  return result == 0;
}

/* Caps the time of all cores together at that of @n cores of the host; 0 lifts the cap. */
static gboolean
cap (virDomainPtr               domain,
     const LodgeResourceFacts  *facts,
     guint                      n,
     GError                   **error)
{
  guint64 period = facts->live->global_period != 0 ? facts->live->global_period : PERIOD;

  if (n == 0 && facts->live->global_quota <= 0)
    return TRUE;

  if (n != 0 && facts->tuning != LODGE_OBSTACLE_NONE)
    {
      g_set_error_literal (error, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED,
                           facts->tuning == LODGE_OBSTACLE_SESSION
                           ? "without the guest agent a guest of the session keeps its cores"
                           : "the host has no control group that could cap the guest's cores");
      return FALSE;
    }

  return set_parameter (domain, VIR_DOMAIN_SCHEDULER_GLOBAL_QUOTA,
                        n != 0 ? (gint64)(n * period) : -1, VIR_DOMAIN_AFFECT_LIVE, error);
}

/* Plugs cores in, or out where that is safe. Returns how many are there then, or 0 with @error. */
static guint
plug (virDomainPtr               domain,
      const LodgeResourceFacts  *facts,
      guint                      n,
      GError                   **error)
{
  guint there = facts->live->vcpus;
  gboolean removable = g_strcmp0 (facts->live->type, "qemu") != 0 &&
                       (facts->live->vcpus_removable + n >= there ||
                        g_strcmp0 (facts->live->type, "test") == 0);
  int now;

  if (n == there || (n < there && !removable))
    return there;

  if (virDomainSetVcpusFlags (domain, n, VIR_DOMAIN_AFFECT_LIVE) == 0)
    return n;

  if (n > there)
    {
      lodge_libvirt_fail (error);
      return 0;
    }

  /* The guest may refuse, or let go of some only; there are other ways. */
  now = virDomainGetVcpusFlags (domain, VIR_DOMAIN_AFFECT_LIVE);

  return now > 0 ? (guint)now : there;
}

static gboolean
set_live_vcpus (virDomainPtr               domain,
                const LodgeResourceFacts  *facts,
                guint                      n,
                GError                   **error)
{
  gboolean used = FALSE;
  guint there;

  if ((there = plug (domain, facts, n, error)) == 0)
    return FALSE;

  /* Also for all that are there: the kernel leaves new ones off. */
  if (facts->live->agent_connected && there > 1)
    used = lodge_libvirt_use_vcpus (domain, n, there > facts->live->vcpus, NULL);

  return cap (domain, facts, n < there && !used ? n : 0, error);
}

gboolean
lodge_libvirt_set_vcpus (LodgeLink                 *link,
                         virDomainPtr               domain,
                         const LodgeResourceFacts  *facts,
                         guint                      n,
                         GError                   **error)
{
  gboolean live = facts->live != NULL;
  GError *failure = NULL;

  if (live && n > facts->live->vcpus_maximum)
    {
      g_set_error_literal (error, LODGE_ERROR, LODGE_ERROR_INVALID,
                           "more cores than the machine can have while it runs");
      return FALSE;
    }

  if (live && !set_live_vcpus (domain, facts, n, &failure))
    {
      if (virDomainIsActive (domain) != 0)
        {
          g_propagate_error (error, failure);
          return FALSE;
        }

      g_clear_error (&failure);
      live = FALSE;
    }

  if (!lodge_libvirt_store_vcpus (link, domain, facts, n, error))
    return live ? lodge_libvirt_not_stored (error) : FALSE;

  return TRUE;
}

gboolean
lodge_libvirt_store_vcpus (LodgeLink                 *link,
                           virDomainPtr               domain,
                           const LodgeResourceFacts  *facts,
                           guint                      n,
                           GError                   **error)
{
  if (facts->stored == NULL)
    return TRUE;

  if (n > facts->stored->vcpus_maximum && !lodge_libvirt_raise_vcpus (link, domain, n, error))
    return FALSE;

  return lodge_libvirt_succeed (virDomainSetVcpusFlags (domain, n, VIR_DOMAIN_AFFECT_CONFIG),
                                error);
}

gboolean
lodge_libvirt_set_priority (virDomainPtr               domain,
                            const LodgeResourceFacts  *facts,
                            LodgePriority              priority,
                            GError                   **error)
{
  guint64 shares = lodge_priority_get_shares (priority, facts->unified);
  gboolean live = facts->live != NULL;
  GError *failure = NULL;

  if (live && !set_parameter (domain, VIR_DOMAIN_SCHEDULER_CPU_SHARES, shares,
                              VIR_DOMAIN_AFFECT_LIVE, &failure))
    {
      if (virDomainIsActive (domain) != 0)
        {
          g_propagate_error (error, failure);
          return FALSE;
        }

      g_clear_error (&failure);
      live = FALSE;
    }

  if (facts->stored != NULL &&
      !set_parameter (domain, VIR_DOMAIN_SCHEDULER_CPU_SHARES, shares,
                      VIR_DOMAIN_AFFECT_CONFIG, error))
    return live ? lodge_libvirt_not_stored (error) : FALSE;

  return TRUE;
}
