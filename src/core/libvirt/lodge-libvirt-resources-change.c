/* lodge-libvirt-resources-change.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lodge-libvirt-resources-private.h"

/* The calls that change a domain's memory, cores and weight. */

gboolean
lodge_libvirt_succeed (int      result,
                       GError **error)
{
  return result < 0 ? lodge_libvirt_fail (error) : TRUE;
}

/* Says that only storing failed. */
gboolean
lodge_libvirt_not_stored (GError **error)
{
  if (error != NULL && *error != NULL)
    {
      (*error)->domain = LODGE_ERROR;
      (*error)->code = LODGE_ERROR_NOT_STORED;
    }

  return FALSE;
}

/* Whether a call that failed for the running domain did so because it does not run any more. What
 * was wanted can still be stored.
 */
static gboolean
has_stopped (virDomainPtr domain)
{
  return virDomainIsActive (domain) == 0;
}

/* Divides @plugged KiB among the virtio-mem devices, first come, first served. */
static gboolean
request_memory (virDomainPtr                    domain,
                const LodgeResourceDefinition  *definition,
                guint64                         plugged,
                guint                           scope,
                GError                        **error)
{
  gboolean live = scope == VIR_DOMAIN_AFFECT_LIVE;
  char *xml;

  if (definition->devices->len == 0)
    return TRUE;

  if ((xml = virDomainGetXMLDesc (domain, live ? 0 : VIR_DOMAIN_XML_INACTIVE)) == NULL)
    return lodge_libvirt_fail (error);

  for (guint i = 0; i < definition->devices->len; i++)
    {
      const LodgeMemoryDevice *device = g_ptr_array_index (definition->devices, i);
      guint64 wanted = MIN (plugged, device->size) / device->block * device->block;
      g_autofree char *element = NULL;

      plugged -= wanted;
      if (device->requested == wanted)
        continue;

      element = lodge_definition_request_memory (xml, live ? device->alias : NULL, i, wanted);
      if (element != NULL &&
          !lodge_libvirt_succeed (virDomainUpdateDeviceFlags (domain, element, scope), error))
        {
          free (xml);
          return FALSE;
        }
    }

  free (xml);

  return TRUE;
}

/* Only the running domain. @live: its definition */
gboolean
lodge_libvirt_set_live_memory (virDomainPtr                    domain,
                               const LodgeResourceDefinition  *live,
                               guint64                         kib,
                               GError                        **error)
{
  guint64 balloon, plugged;

  lodge_memory_split (live, kib, &balloon, &plugged);

  if (!request_memory (domain, live, plugged, VIR_DOMAIN_AFFECT_LIVE, error))
    return FALSE;

  if (live->has_balloon)
    return lodge_libvirt_succeed (virDomainSetMemoryFlags (domain, balloon, VIR_DOMAIN_AFFECT_LIVE),
                                  error);

  if (balloon < lodge_resource_definition_get_boot (live))
    {
      g_set_error_literal (error, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED,
                           "the machine has no memory balloon");
      return FALSE;
    }

  return TRUE;
}

/* Without cells of its own and devices the most can be set by a call. */
static gboolean
can_set_maximum (const LodgeResourceDefinition *stored)
{
  return stored->cells == 0 && stored->devices->len == 0;
}

static gboolean
set_stored_maximum (virDomainPtr               domain,
                     const LodgeResourceFacts  *facts,
                     guint64                    kib,
                     GError                   **error)
{
  if (!can_set_maximum (facts->stored))
    {
      g_set_error_literal (error, LODGE_ERROR, LODGE_ERROR_INVALID,
                           "more memory than the machine is defined to have");
      return FALSE;
    }

  return lodge_libvirt_succeed (virDomainSetMemoryFlags (domain, kib, (VIR_DOMAIN_AFFECT_CONFIG |
                                                                       VIR_DOMAIN_MEM_MAXIMUM)),
                                error);
}

static gboolean
store_memory (virDomainPtr               domain,
              const LodgeResourceFacts  *facts,
              guint64                    kib,
              gboolean                   raise,
              GError                   **error)
{
  guint64 balloon, plugged;
  gboolean rigid;

  if (facts->stored == NULL)
    return TRUE;

  /* Without a balloon it starts with the most that it can have. */
  rigid = !facts->stored->has_balloon && can_set_maximum (facts->stored);

  if ((kib > facts->stored->memory || rigid) && raise)
    return set_stored_maximum (domain, facts, kib, error) &&
           lodge_libvirt_succeed (virDomainSetMemoryFlags (domain, kib, VIR_DOMAIN_AFFECT_CONFIG),
                                  error);

  lodge_memory_split (facts->stored, MIN (kib, facts->stored->memory), &balloon, &plugged);

  /* For libvirt the balloon's is the boot memory alone. */
  return request_memory (domain, facts->stored, plugged, VIR_DOMAIN_AFFECT_CONFIG, error) &&
         lodge_libvirt_succeed (virDomainSetMemoryFlags (domain, balloon, VIR_DOMAIN_AFFECT_CONFIG),
                                error);
}

/* @known: what the guest has said before: one that has just died says nothing any more */
static guint64
clamp (const LodgeResourceFacts   *facts,
       guint64                     kib,
       const LodgeResourceFigures *known)
{
  LodgeResourceFigures figures = *known;

  lodge_resource_figures_read (&figures, facts);

  return lodge_resource_figures_clamp_memory (&figures, kib);
}

static gboolean
set_memory (virDomainPtr                 domain,
            const LodgeResourceFacts    *facts,
            guint64                      kib,
            const LodgeResourceFigures  *known,
            guint64                     *sent,
            GError                     **error)
{
  gboolean live = facts->live != NULL;
  GError *failure = NULL;

  if (live && kib > facts->live->memory)
    {
      g_set_error_literal (error, LODGE_ERROR, LODGE_ERROR_INVALID,
                           "more memory than the machine can have while it runs");
      return FALSE;
    }

  if (live)
    kib = clamp (facts, kib, known);

  if (live && !lodge_libvirt_set_live_memory (domain, facts->live, kib, &failure))
    {
      if (!has_stopped (domain))
        {
          g_propagate_error (error, failure);
          return FALSE;
        }

      g_clear_error (&failure);
      live = FALSE;
    }

  if (live)
    *sent = kib;

  if (!store_memory (domain, facts, kib, !live, error))
    return live ? lodge_libvirt_not_stored (error) : FALSE;

  *sent = kib;

  return TRUE;
}

static gboolean
move_memory (virDomainPtr                 domain,
             const LodgeResourceFacts    *facts,
             guint64                      kib,
             const LodgeResourceFigures  *known,
             guint64                     *sent,
             GError                     **error)
{
  if (facts->live == NULL)
    {
      g_set_error_literal (error, LODGE_ERROR, LODGE_ERROR_INVALID, "the machine does not run");
      return FALSE;
    }

  *sent = clamp (facts, kib, known);

  return lodge_libvirt_set_live_memory (domain, facts->live, *sent, error);
}

static gboolean
bring_online (virDomainPtr               domain,
              const LodgeResourceFacts  *facts,
              GError                   **error)
{
  if (facts->live == NULL || !facts->live->agent_connected)
    {
      g_set_error_literal (error, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED,
                           "the guest agent is not connected");
      return FALSE;
    }

  if (facts->live->vcpus > 1 && !lodge_libvirt_use_vcpus (domain, facts->live->vcpus, FALSE, error))
    return FALSE;

  return facts->live->devices->len == 0 || lodge_libvirt_use_memory (domain, error);
}

/* Does what @call, of the kind that is its number, says. @sent: where the memory goes that was
 * really asked for.
 */
gboolean
lodge_libvirt_change (LodgeDomainCall           *call,
                      const LodgeResourceFacts  *facts,
                      guint64                   *sent,
                      GError                   **error)
{
  switch ((LodgeChangeKind)call->number)
    {
    case LODGE_CHANGE_MEMORY:
      return set_memory (call->domain, facts, call->value, call->known, sent, error);

    case LODGE_CHANGE_LIVE_MEMORY:
      return move_memory (call->domain, facts, call->value, call->known, sent, error);

    case LODGE_CHANGE_VCPUS:
      return lodge_libvirt_set_vcpus (call->link, call->domain, facts, call->value, error);

    case LODGE_CHANGE_PRIORITY:
      return lodge_libvirt_set_priority (call->domain, facts, call->value, error);

    case LODGE_CHANGE_STORED_MEMORY:
      return store_memory (call->domain, facts, call->value, TRUE, error);

    case LODGE_CHANGE_STORED_VCPUS:
      return lodge_libvirt_store_vcpus (call->link, call->domain, facts, call->value, error);

    case LODGE_CHANGE_GROWTH:
      return lodge_libvirt_prepare_growth (call->link, call->domain, call->value, call->second, error);

    case LODGE_CHANGE_ONLINE:
      return bring_online (call->domain, facts, error);

    default:
      g_return_val_if_reached (FALSE);
    }
}
