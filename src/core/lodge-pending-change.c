/* lodge-pending-change.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-core-enums.h"
#include "lodge-pending-change.h"

/**
 * LodgePendingChange:
 *
 * Something of a running guest that will be different after its next start.
 */

struct _LodgePendingChange
{
  GObject           parent_instance;
  LodgePendingKind  kind;
  guint64           now;
  guint64           later;
};

enum {
  PROP_0,
  PROP_KIND,
  PROP_LATER,
  PROP_NOW,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LodgePendingChange, lodge_pending_change, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void
lodge_pending_change_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  LodgePendingChange *self = LODGE_PENDING_CHANGE (object);

  switch (prop_id)
    {
    case PROP_KIND:
      g_value_set_enum (value, self->kind);
      break;

    case PROP_LATER:
      g_value_set_uint64 (value, self->later);
      break;

    case PROP_NOW:
      g_value_set_uint64 (value, self->now);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_pending_change_class_init (LodgePendingChangeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lodge_pending_change_get_property;

  properties[PROP_KIND] =
    g_param_spec_enum ("kind", NULL, NULL,
                       LODGE_TYPE_PENDING_KIND, LODGE_PENDING_MEMORY,
                       (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  properties[PROP_LATER] =
    g_param_spec_uint64 ("later", NULL, NULL,
                         0, G_MAXUINT64, 0,
                         (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  properties[PROP_NOW] =
    g_param_spec_uint64 ("now", NULL, NULL,
                         0, G_MAXUINT64, 0,
                         (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
lodge_pending_change_init (LodgePendingChange *self)
{
}

LodgePendingChange *
lodge_pending_change_new (LodgePendingKind kind,
                          guint64          now,
                          guint64          later)
{
  LodgePendingChange *self = g_object_new (LODGE_TYPE_PENDING_CHANGE, NULL);

  self->kind = kind;
  self->now = now;
  self->later = later;

  return self;
}

LodgePendingKind
lodge_pending_change_get_kind (LodgePendingChange *self)
{
  g_return_val_if_fail (LODGE_IS_PENDING_CHANGE (self), LODGE_PENDING_MEMORY);

  return self->kind;
}

guint64
lodge_pending_change_get_now (LodgePendingChange *self)
{
  g_return_val_if_fail (LODGE_IS_PENDING_CHANGE (self), 0);

  return self->now;
}

guint64
lodge_pending_change_get_later (LodgePendingChange *self)
{
  g_return_val_if_fail (LODGE_IS_PENDING_CHANGE (self), 0);

  return self->later;
}
