/* lodge-libvirt-read.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lodge-libvirt-private.h"

/*
 * Reads facts about domains. Everything here waits for libvirt and belongs on
 * a worker thread.
 *
 * A list of all takes a handful of calls, however many domains there are; the
 * definition of each is one more call a domain.
 */

/* Takes a new reference to @domain. */
LodgeFound *
lodge_found_new (virDomainPtr domain)
{
  LodgeFound *found = g_new0 (LodgeFound, 1);

  virDomainRef (domain);
  found->domain = domain;

  return found;
}

/* For worker threads. */
void
lodge_found_free (LodgeFound *found)
{
  g_clear_pointer (&found->domain, virDomainFree);
  g_clear_pointer (&found->facts, lodge_machine_facts_free);
  g_free (found);
}

/* For the main thread. */
void
lodge_found_array_release (GPtrArray *all)
{
  lodge_libvirt_release (all, (GDestroyNotify)g_ptr_array_unref);
}

static LodgeState
state_of (int      state,
          int      reason,
          gboolean saved)
{
  switch (state)
    {
    case VIR_DOMAIN_RUNNING:
    case VIR_DOMAIN_BLOCKED:
      return LODGE_STATE_RUNNING;

    case VIR_DOMAIN_PAUSED:
      return reason == VIR_DOMAIN_PAUSED_CRASHED ? LODGE_STATE_CRASHED : LODGE_STATE_PAUSED;

    case VIR_DOMAIN_PMSUSPENDED:
      return LODGE_STATE_ASLEEP;

    case VIR_DOMAIN_SHUTDOWN:
      return LODGE_STATE_SHUTTING_DOWN;

    case VIR_DOMAIN_CRASHED:
      return LODGE_STATE_CRASHED;

    case VIR_DOMAIN_SHUTOFF:
      if (saved)
        return LODGE_STATE_SAVED;
      return reason == VIR_DOMAIN_SHUTOFF_CRASHED ? LODGE_STATE_CRASHED : LODGE_STATE_OFF;

    case VIR_DOMAIN_NOSTATE:
    default:
      return LODGE_STATE_OFF;
    }
}

/* With on_crash=preserve what crashed is still there; only that needs a question, and a second
 * answer that may not fit the first.
 */
static gboolean
is_active (int          state,
           virDomainPtr domain)
{
  switch (state)
    {
    case VIR_DOMAIN_SHUTOFF:
      return FALSE;

    case VIR_DOMAIN_CRASHED:
    case VIR_DOMAIN_NOSTATE:
      return virDomainIsActive (domain) == 1;

    default:
      return TRUE;
    }
}

static gboolean
read_identity (LodgeFound  *found,
               GError     **error)
{
  char uuid[VIR_UUID_STRING_BUFLEN];

  if (virDomainGetUUIDString (found->domain, uuid) < 0)
    return lodge_libvirt_fail (error);

  found->facts = g_new0 (LodgeMachineFacts, 1);
  found->facts->id = g_strdup (uuid);
  found->facts->time = g_get_monotonic_time ();
  found->facts->name = g_utf8_make_valid (virDomainGetName (found->domain), -1);

  return TRUE;
}

/* Libvirt hides passwords unless it is asked for them; only their presence matters here. */
static gboolean
has_password (virDomainPtr domain)
{
  g_autoptr(LodgeDefinition) definition = NULL;
  char *xml = virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_SECURE);

  if (xml == NULL)
    return FALSE;

  definition = lodge_definition_parse (xml, NULL);
  explicit_bzero (xml, strlen (xml));
  free (xml);

  return definition != NULL && definition->graphics.has_password;
}

static gboolean
read_definition (LodgeFound  *found,
                 GError     **error)
{
  LodgeMachineFacts *facts = found->facts;
  LodgeDefinition *definition;
  char *xml = virDomainGetXMLDesc (found->domain, 0);

  if (xml == NULL)
    return lodge_libvirt_fail (error);

  definition = facts->definition = lodge_definition_parse (xml, error);
  free (xml);

  if (definition == NULL)
    return FALSE;

  /* The name in the handle may be of before a renaming. */
  if (definition->name != NULL)
    {
      g_free (facts->name);
      facts->name = g_strdup (definition->name);
    }

  if (facts->active && (definition->graphics.port != 0 || definition->graphics.tls_port != 0))
    definition->graphics.has_password = has_password (found->domain);

  return TRUE;
}

static gboolean
read_domain (LodgeFound  *found,
             GError     **error)
{
  LodgeMachineFacts *facts;
  int state, reason;

  if (!read_identity (found, error))
    return FALSE;

  if (virDomainGetState (found->domain, &state, &reason, 0) < 0)
    return lodge_libvirt_fail (error);

  facts = found->facts;
  facts->persistent = virDomainIsPersistent (found->domain) == 1;
  facts->active = is_active (state, found->domain);
  facts->state = state_of (state, reason,
                           state == VIR_DOMAIN_SHUTOFF &&
                           virDomainHasManagedSaveImage (found->domain, 0) == 1);

  return read_definition (found, error);
}

/* Reads everything. Where it fails, @found has no facts. */
gboolean
lodge_libvirt_read_domain (LodgeFound  *found,
                           GError     **error)
{
  if (found->facts == NULL && !read_domain (found, error))
    {
      g_clear_pointer (&found->facts, lodge_machine_facts_free);
      return FALSE;
    }

  return found->facts->definition != NULL || read_definition (found, error);
}

static void
apply_statistics (LodgeFound              *found,
                  virDomainStatsRecordPtr  record)
{
  LodgeMachineFacts *facts = found->facts;
  int state = VIR_DOMAIN_NOSTATE, reason = 0;

  for (int i = 0; i < record->nparams; i++)
    {
      const virTypedParameter *each = &record->params[i];

      if (g_str_equal (each->field, "state.state"))
        state = each->value.i;
      else if (g_str_equal (each->field, "state.reason"))
        reason = each->value.i;
      else if (g_str_equal (each->field, "balloon.current"))
        facts->memory = each->value.ul;
      else if (g_str_equal (each->field, "balloon.maximum"))
        facts->maximum_memory = each->value.ul;
      else if (g_str_equal (each->field, "vcpu.current"))
        facts->vcpus = each->value.ui;
    }

  facts->state = state_of (state, reason, FALSE);
  facts->active = is_active (state, found->domain);
  facts->persistent = TRUE;
}

/* Not every driver has it. */
static GPtrArray *
list_by_statistics (virConnectPtr connect)
{
  g_autoptr(GPtrArray) all = NULL;
  virDomainStatsRecordPtr *records = NULL;
  gint64 time = g_get_monotonic_time ();
  int n;

  n = virConnectGetAllDomainStats (connect,
                                   (VIR_DOMAIN_STATS_STATE | VIR_DOMAIN_STATS_BALLOON |
                                    VIR_DOMAIN_STATS_VCPU),
                                   &records,
                                   VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT);
  if (n < 0)
    n = virConnectGetAllDomainStats (connect, 0, &records, 0);
  if (n < 0)
    return NULL;

  all = g_ptr_array_new_full (n, (GDestroyNotify)lodge_found_free);

  for (int i = 0; i < n; i++)
    {
      LodgeFound *found = lodge_found_new (records[i]->dom);

      g_ptr_array_add (all, found);
      if (!read_identity (found, NULL))
        continue;

      found->facts->time = time;
      apply_statistics (found, records[i]);
    }

  virDomainStatsRecordListFree (records);

  return g_steal_pointer (&all);
}

/* One domain after the other, for drivers without statistics. */
static GPtrArray *
list_one_by_one (virConnectPtr   connect,
                 GError        **error)
{
  g_autoptr(GPtrArray) all = NULL;
  virDomainPtr *domains = NULL;
  int n;

  if ((n = virConnectListAllDomains (connect, &domains, 0)) < 0)
    {
      lodge_libvirt_fail (error);
      return NULL;
    }

  all = g_ptr_array_new_full (n, (GDestroyNotify)lodge_found_free);

  for (int i = 0; i < n; i++)
    {
      LodgeFound *found = lodge_found_new (domains[i]);
      int state, reason;

      g_ptr_array_add (all, found);
      virDomainFree (domains[i]);

      if (!read_identity (found, NULL))
        continue;

      /* A domain may go away between the list and the look. */
      if (virDomainGetState (found->domain, &state, &reason, 0) < 0)
        {
          g_clear_pointer (&found->facts, lodge_machine_facts_free);
          continue;
        }

      found->facts->state = state_of (state, reason, FALSE);
      found->facts->active = is_active (state, found->domain);
      found->facts->persistent = TRUE;
    }

  free (domains);

  return g_steal_pointer (&all);
}

/* The IDs of the domains that @flags (virConnectListAllDomainsFlags) select. */
static GHashTable *
list_ids (virConnectPtr connect,
          guint         flags)
{
  g_autoptr(GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  virDomainPtr *domains = NULL;
  int n = virConnectListAllDomains (connect, &domains, flags);

  for (int i = 0; i < n; i++)
    {
      char uuid[VIR_UUID_STRING_BUFLEN];

      if (virDomainGetUUIDString (domains[i], uuid) == 0)
        g_hash_table_add (ids, g_strdup (uuid));
      virDomainFree (domains[i]);
    }

  free (domains);

  return g_steal_pointer (&ids);
}

static void
apply_lists (virConnectPtr  connect,
             GPtrArray     *all)
{
  g_autoptr(GHashTable) saved = list_ids (connect, VIR_CONNECT_LIST_DOMAINS_MANAGEDSAVE);
  g_autoptr(GHashTable) transient = list_ids (connect, VIR_CONNECT_LIST_DOMAINS_TRANSIENT);

  for (guint i = 0; i < all->len; i++)
    {
      LodgeFound *found = g_ptr_array_index (all, i);

      if (found->facts == NULL)
        continue;

      if (!found->facts->active && g_hash_table_contains (saved, found->facts->id))
        found->facts->state = LODGE_STATE_SAVED;

      if (g_hash_table_contains (transient, found->facts->id))
        found->facts->persistent = FALSE;
    }
}

/* Lists all domains. @details_until: until when (monotonic time) definitions are read, too; those
 * that are active come first.
 */
GPtrArray *
lodge_libvirt_read_all (virConnectPtr   connect,
                        gint64          details_until,
                        GError        **error)
{
  g_autoptr(GPtrArray) all = list_by_statistics (connect);

  if (all == NULL && (all = list_one_by_one (connect, error)) == NULL)
    return NULL;

  apply_lists (connect, all);

  for (int active = 1; active >= 0; active--)
    {
      for (guint i = 0; i < all->len; i++)
        {
          LodgeFound *found = g_ptr_array_index (all, i);

          if (g_get_monotonic_time () > details_until)
            break;

          if (found->facts != NULL && found->facts->active == active)
            read_definition (found, NULL);
        }
    }

  return g_steal_pointer (&all);
}
