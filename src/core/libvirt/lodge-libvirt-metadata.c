/* lodge-libvirt-metadata.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <stdlib.h>

#include "lodge-libvirt-machine-private.h"

/* What Lodge keeps of a guest goes into its metadata, by this way alone. */

static gboolean
write_scope (virDomainPtr             domain,
             const LodgePreferences  *preferences,
             LodgePreferenceFlags     what,
             guint                    scope,
             GError                 **error)
{
  char *old = virDomainGetMetadata (domain, VIR_DOMAIN_METADATA_ELEMENT, LODGE_XMLNS, scope);
  g_autoptr(GError) refused = NULL;
  g_autofree char *edited = NULL;
  gboolean nothing;
  int result;

  /* What is there and was not read would be written over. */
  if (old == NULL && virGetLastErrorCode () != VIR_ERR_NO_DOMAIN_METADATA)
    return lodge_libvirt_fail (error);

  edited = lodge_preferences_edit (preferences, what, old, &refused);
  nothing = old == NULL && edited == NULL;
  free (old);

  if (refused != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&refused));
      return FALSE;
    }

  if (nothing)
    return TRUE;

  result = virDomainSetMetadata (domain, VIR_DOMAIN_METADATA_ELEMENT, edited,
                                 LODGE_XMLNS_PREFIX, LODGE_XMLNS, scope);

  return result < 0 ? lodge_libvirt_fail (error) : TRUE;
}

static gboolean
write_scopes (virDomainPtr             domain,
              const LodgePreferences  *preferences,
              LodgePreferenceFlags     what,
              GError                 **error)
{
  /* What ends with the run of a guest is not stored. */
  if ((what & ~LODGE_PREFERENCE_LOAN) != 0 && virDomainIsPersistent (domain) == 1 &&
      !write_scope (domain, preferences, what, VIR_DOMAIN_AFFECT_CONFIG, error))
    return FALSE;

  return virDomainIsActive (domain) != 1 ||
         write_scope (domain, preferences, what, VIR_DOMAIN_AFFECT_LIVE, error);
}

/* Writes those parts of @preferences that @what names. Two calls, as not every driver takes both
 * flags in one. Blocks.
 */
gboolean
lodge_libvirt_write_preferences (LodgeLink               *link,
                                 virDomainPtr             domain,
                                 const LodgePreferences  *preferences,
                                 LodgePreferenceFlags     what,
                                 GError                 **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (lodge_link_get_definition_lock (link));

  return write_scopes (domain, preferences, what, error);
}
