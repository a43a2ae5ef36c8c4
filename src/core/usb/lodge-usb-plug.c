/* lodge-usb-plug.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "lodge-core-enums.h"
#include "lodge-usb-plug-private.h"

/**
 * LodgeUsbPlug:
 *
 * A device that is plugged in, and where it is. Plugged in again, it is another object.
 */

enum {
  PROP_0,
  PROP_CONTENDERS,
  PROP_CUSTODY,
  PROP_DEVICE,
  PROP_ERROR,
  PROP_ERROR_MACHINE,
  PROP_FOREIGN,
  PROP_MACHINE,
  PROP_ROUTE,
  PROP_SAFETY,
  PROP_STATE,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LodgeUsbPlug, lodge_usb_plug, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void
lodge_usb_plug_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  LodgeUsbPlug *self = LODGE_USB_PLUG (object);

  switch (prop_id)
    {
    case PROP_CONTENDERS:
      g_value_set_pointer (value, (gpointer)lodge_usb_plug_get_contenders (self));
      break;

    case PROP_CUSTODY:
      g_value_set_boxed (value, self->custody);
      break;

    case PROP_DEVICE:
      g_value_set_object (value, self->device);
      break;

    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;

    case PROP_ERROR_MACHINE:
      g_value_set_object (value, self->error_machine);
      break;

    case PROP_FOREIGN:
      g_value_set_boolean (value, lodge_usb_plug_is_foreign (self));
      break;

    case PROP_MACHINE:
      g_value_set_object (value, self->machine);
      break;

    case PROP_ROUTE:
      g_value_set_enum (value, lodge_usb_plug_get_route (self));
      break;

    case PROP_SAFETY:
      g_value_set_enum (value, lodge_usb_plug_get_safety (self));
      break;

    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_usb_plug_dispose (GObject *object)
{
  LodgeUsbPlug *self = (LodgeUsbPlug *)object;

  g_clear_handle_id (&self->retry_id, g_source_remove);
  g_clear_handle_id (&self->custody_id, g_source_remove);
  g_clear_handle_id (&self->holder_id, g_source_remove);
  g_clear_object (&self->machine);
  g_clear_object (&self->route);
  g_clear_object (&self->error_machine);
  g_clear_pointer (&self->holding, lodge_usb_holding_free);

  G_OBJECT_CLASS (lodge_usb_plug_parent_class)->dispose (object);
}

static void
lodge_usb_plug_finalize (GObject *object)
{
  LodgeUsbPlug *self = (LodgeUsbPlug *)object;

  g_clear_object (&self->device);
  g_clear_error (&self->error);
  g_clear_pointer (&self->contenders, g_ptr_array_unref);
  g_clear_pointer (&self->custody, lodge_usb_custody_free);
  g_clear_pointer (&self->safety, lodge_usb_safety_free);
  g_clear_pointer (&self->wanted_by, g_free);
  g_clear_pointer (&self->returned_to, g_free);
  g_clear_pointer (&self->asked_about, g_free);
  g_clear_pointer (&self->failed_for, g_free);
  g_clear_pointer (&self->waiters, g_ptr_array_unref);

  G_OBJECT_CLASS (lodge_usb_plug_parent_class)->finalize (object);
}

static void
lodge_usb_plug_class_init (LodgeUsbPlugClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = lodge_usb_plug_dispose;
  object_class->finalize = lodge_usb_plug_finalize;
  object_class->get_property = lodge_usb_plug_get_property;

  properties[PROP_CONTENDERS] = g_param_spec_pointer ("contenders", NULL, NULL, flags);
  properties[PROP_CUSTODY] = g_param_spec_boxed ("custody", NULL, NULL, LODGE_TYPE_USB_CUSTODY, flags);
  properties[PROP_DEVICE] = g_param_spec_object ("device", NULL, NULL, LODGE_TYPE_USB_DEVICE, flags);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  properties[PROP_ERROR_MACHINE] =
    g_param_spec_object ("error-machine", NULL, NULL, LODGE_TYPE_MACHINE, flags);
  properties[PROP_FOREIGN] = g_param_spec_boolean ("foreign", NULL, NULL, FALSE, flags);
  properties[PROP_MACHINE] = g_param_spec_object ("machine", NULL, NULL, LODGE_TYPE_MACHINE, flags);
  properties[PROP_ROUTE] = g_param_spec_enum ("route", NULL, NULL, LODGE_TYPE_USB_ROUTE_KIND,
                                              LODGE_USB_ROUTE_HOSTDEV, flags);
  properties[PROP_SAFETY] = g_param_spec_enum ("safety", NULL, NULL, LODGE_TYPE_USB_SAFETY_VERDICT,
                                               LODGE_USB_SAFETY_FREE, flags);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, LODGE_TYPE_USB_PLUG_STATE,
                                              LODGE_USB_PLUG_HERE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
lodge_usb_plug_init (LodgeUsbPlug *self)
{
  self->waiters = g_ptr_array_new_with_free_func (g_object_unref);
}

LodgeUsbPlug *
_lodge_usb_plug_new (LodgeUsbDevice *device)
{
  LodgeUsbPlug *self = g_object_new (LODGE_TYPE_USB_PLUG, NULL);

  self->device = g_object_ref (device);

  return self;
}

void
_lodge_usb_plug_place (LodgeUsbPlug      *self,
                       LodgeUsbPlugState  state,
                       LodgeMachine      *machine,
                       LodgeUsbRoute     *route)
{
  g_object_freeze_notify (G_OBJECT (self));

  if (self->state != state)
    {
      self->state = state;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    }

  if (g_set_object (&self->machine, machine))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MACHINE]);

  if (g_set_object (&self->route, route))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROUTE]);

  g_object_thaw_notify (G_OBJECT (self));
}

/* @holding is %NULL where no guest has it. */
void
_lodge_usb_plug_set_holding (LodgeUsbPlug          *self,
                             LodgeUsbRoute         *route,
                             const LodgeUsbHolding *holding)
{
  gboolean was_foreign = lodge_usb_plug_is_foreign (self);

  g_clear_pointer (&self->holding, lodge_usb_holding_free);
  self->holding = lodge_usb_holding_copy ((LodgeUsbHolding *)holding);

  if (lodge_usb_plug_is_foreign (self) != was_foreign)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOREIGN]);

  /* On its way it is until the call has ended. */
  if (!self->is_busy)
    _lodge_usb_plug_place (self, holding != NULL ? LODGE_USB_PLUG_GIVEN : LODGE_USB_PLUG_HERE,
                           holding != NULL ? holding->machine : NULL, holding != NULL ? route : NULL);
}

void
_lodge_usb_plug_set_error (LodgeUsbPlug *self,
                           LodgeMachine *machine,
                           const GError *error)
{
  if (self->error == NULL && error == NULL)
    return;

  g_clear_error (&self->error);
  self->error = error != NULL ? g_error_copy (error) : NULL;
  g_set_object (&self->error_machine, machine);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR_MACHINE]);
}

static gboolean
is_same_list (const GPtrArray *one,
              const GPtrArray *other)
{
  if (one == NULL || other == NULL || one->len != other->len)
    return one == other;

  return memcmp (one->pdata, other->pdata, one->len * sizeof *one->pdata) == 0;
}

/* @contenders: (transfer full) (nullable): machines, with NULL at the end */
void
_lodge_usb_plug_set_contenders (LodgeUsbPlug *self,
                                GPtrArray    *contenders)
{
  if (is_same_list (self->contenders, contenders))
    {
      g_clear_pointer (&contenders, g_ptr_array_unref);
      return;
    }

  g_clear_pointer (&self->contenders, g_ptr_array_unref);
  self->contenders = contenders;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONTENDERS]);
}

static gboolean
is_same_safety (const LodgeUsbSafety *one,
                const LodgeUsbSafety *other)
{
  if (one == NULL || other == NULL)
    return one == other;

  return one->verdict == other->verdict && g_strcmp0 (one->detail, other->detail) == 0 &&
         g_strv_equal ((const char * const *)one->mount_points,
                       (const char * const *)other->mount_points);
}

/* @safety: (nullable): null, or one that says that it is free */
void
_lodge_usb_plug_set_safety (LodgeUsbPlug         *self,
                            const LodgeUsbSafety *safety)
{
  if (safety != NULL && safety->verdict == LODGE_USB_SAFETY_FREE)
    safety = NULL;

  if (is_same_safety (self->safety, safety))
    return;

  g_clear_pointer (&self->safety, lodge_usb_safety_free);
  self->safety = safety != NULL ? lodge_usb_safety_copy (safety) : NULL;
  self->is_held_up_noted = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SAFETY]);
}

/* @custody: (nullable): null, or one that says that it is back */
void
_lodge_usb_plug_set_custody (LodgeUsbPlug          *self,
                             const LodgeUsbCustody *custody)
{
  if (custody != NULL && custody->is_back)
    custody = NULL;

  if (self->custody == NULL && custody == NULL)
    return;

  g_clear_handle_id (&self->holder_id, g_source_remove);
  g_clear_pointer (&self->custody, lodge_usb_custody_free);
  self->custody = custody != NULL ? lodge_usb_custody_copy (custody) : NULL;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CUSTODY]);
}

void
_lodge_usb_plug_add_waiter (LodgeUsbPlug *self,
                            GTask        *task)
{
  g_ptr_array_add (self->waiters, g_object_ref (task));
}

/* Ends what the user asked for. */
void
_lodge_usb_plug_answer (LodgeUsbPlug *self,
                        const GError *error)
{
  g_autoptr(GPtrArray) waiters = g_steal_pointer (&self->waiters);

  self->waiters = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < waiters->len; i++)
    {
      GTask *task = g_ptr_array_index (waiters, i);

      if (error != NULL)
        g_task_return_error (task, g_error_copy (error));
      else
        g_task_return_boolean (task, TRUE);
    }
}

LodgeUsbDevice *
lodge_usb_plug_get_device (LodgeUsbPlug *self)
{
  g_return_val_if_fail (LODGE_IS_USB_PLUG (self), NULL);

  return self->device;
}

LodgeUsbPlugState
lodge_usb_plug_get_state (LodgeUsbPlug *self)
{
  g_return_val_if_fail (LODGE_IS_USB_PLUG (self), LODGE_USB_PLUG_HERE);

  return self->state;
}

/**
 * lodge_usb_plug_get_machine:
 *
 * Returns: (transfer none) (nullable): the guest that has it, gets it or gives it back
 */
LodgeMachine *
lodge_usb_plug_get_machine (LodgeUsbPlug *self)
{
  g_return_val_if_fail (LODGE_IS_USB_PLUG (self), NULL);

  return self->machine;
}

LodgeUsbRouteKind
lodge_usb_plug_get_route (LodgeUsbPlug *self)
{
  g_return_val_if_fail (LODGE_IS_USB_PLUG (self), LODGE_USB_ROUTE_HOSTDEV);

  return self->route != NULL ? lodge_usb_route_get_kind (self->route) : LODGE_USB_ROUTE_HOSTDEV;
}

/**
 * lodge_usb_plug_get_way:
 *
 * Returns: (transfer none) (nullable): the way by which a guest has it, gets it or gives it back
 */
LodgeUsbRoute *
lodge_usb_plug_get_way (LodgeUsbPlug *self)
{
  g_return_val_if_fail (LODGE_IS_USB_PLUG (self), NULL);

  return self->route;
}

gboolean
lodge_usb_plug_is_foreign (LodgeUsbPlug *self)
{
  g_return_val_if_fail (LODGE_IS_USB_PLUG (self), FALSE);

  return self->holding != NULL && self->holding->is_foreign;
}

LodgeUsbSafetyVerdict
lodge_usb_plug_get_safety (LodgeUsbPlug *self)
{
  g_return_val_if_fail (LODGE_IS_USB_PLUG (self), LODGE_USB_SAFETY_FREE);

  return self->safety != NULL ? self->safety->verdict : LODGE_USB_SAFETY_FREE;
}

/**
 * lodge_usb_plug_get_usage:
 *
 * Returns: (transfer none) (nullable): what of the computer uses it, which changes with
 *   #LodgeUsbPlug:safety; null if nothing is known to. It is found out when the device is to be given
 */
const LodgeUsbSafety *
lodge_usb_plug_get_usage (LodgeUsbPlug *self)
{
  g_return_val_if_fail (LODGE_IS_USB_PLUG (self), NULL);

  return self->safety;
}

/**
 * lodge_usb_plug_get_error:
 *
 * Returns: (transfer none) (nullable): why it did not go where it should
 */
const GError *
lodge_usb_plug_get_error (LodgeUsbPlug *self)
{
  g_return_val_if_fail (LODGE_IS_USB_PLUG (self), NULL);

  return self->error;
}

/**
 * lodge_usb_plug_get_error_machine:
 *
 * Returns: (transfer none) (nullable): the guest that should have got it
 */
LodgeMachine *
lodge_usb_plug_get_error_machine (LodgeUsbPlug *self)
{
  g_return_val_if_fail (LODGE_IS_USB_PLUG (self), NULL);

  return self->error_machine;
}

/**
 * lodge_usb_plug_get_contenders:
 *
 * Returns: (transfer none) (nullable): the guests that want it, too, ended by null
 */
LodgeMachine * const *
lodge_usb_plug_get_contenders (LodgeUsbPlug *self)
{
  g_return_val_if_fail (LODGE_IS_USB_PLUG (self), NULL);

  return self->contenders != NULL ? (LodgeMachine * const *)self->contenders->pdata : NULL;
}

/**
 * lodge_usb_plug_get_custody:
 *
 * Returns: (transfer none) (nullable): who holds it though no guest has it, or though a guest was to
 *   give it back; null if all is as it should be
 */
const LodgeUsbCustody *
lodge_usb_plug_get_custody (LodgeUsbPlug *self)
{
  g_return_val_if_fail (LODGE_IS_USB_PLUG (self), NULL);

  return self->custody;
}
