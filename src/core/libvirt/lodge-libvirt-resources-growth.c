/* lodge-libvirt-resources-growth.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-definition-growth-private.h"
#include "lodge-libvirt-resources-private.h"

/* What a machine can have without another restart, in its stored definition. */

typedef struct
{
  guint64 memory;
  guint   vcpus;
} Wish;

static char *
edit_growth (const char     *xml,
             gconstpointer   wish,
             GError        **error)
{
  const Wish *self = wish;

  return lodge_definition_prepare_growth (xml, self->memory, self->vcpus, error);
}

static gboolean
check_growth (const char    *xml,
              gconstpointer  wish)
{
  const Wish *self = wish;

  return lodge_definition_is_prepared (xml, self->memory, self->vcpus);
}

gboolean
lodge_libvirt_prepare_growth (LodgeLink     *link,
                              virDomainPtr   domain,
                              guint64        memory,
                              guint          vcpus,
                              GError       **error)
{
  Wish wish = { .memory = memory, .vcpus = vcpus };

  return lodge_libvirt_edit_stored (link, domain, edit_growth, check_growth, &wish, error);
}

static char *
edit_vcpus (const char     *xml,
            gconstpointer   wish,
            GError        **error)
{
  const guint *vcpus = wish;

  return lodge_definition_raise_vcpus (xml, *vcpus, error);
}

static gboolean
check_vcpus (const char    *xml,
             gconstpointer  wish)
{
  const guint *vcpus = wish;
  g_autoptr(LodgeResourceDefinition) definition = lodge_resource_definition_parse (xml, NULL);

  return definition != NULL && definition->vcpus_maximum >= *vcpus;
}

/* Lets the machine have @vcpus cores at most. */
gboolean
lodge_libvirt_raise_vcpus (LodgeLink     *link,
                           virDomainPtr   domain,
                           guint          vcpus,
                           GError       **error)
{
  return lodge_libvirt_edit_stored (link, domain, edit_vcpus, check_vcpus, &vcpus, error);
}
