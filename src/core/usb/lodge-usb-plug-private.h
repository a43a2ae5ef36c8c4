/* lodge-usb-plug-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-usb-plug.h"
#include "lodge-usb-route.h"

G_BEGIN_DECLS

/* For the broker. The ids are of machines. */
struct _LodgeUsbPlug
{
  GObject                parent_instance;

  LodgeUsbDevice        *device;
  LodgeMachine          *machine;
  LodgeUsbRoute         *route;
  LodgeUsbHolding       *holding;      /* while a guest has it */
  GError                *error;
  LodgeMachine          *error_machine;
  GPtrArray             *contenders;   /* of LodgeMachine, ended by NULL; or NULL */
  LodgeUsbPlugState      state;
  LodgeUsbSafety        *safety;       /* NULL: nothing of the computer is known to use it */
  LodgeUsbCustody       *custody;      /* NULL: this computer has what is its own */

  /* What the user and the past say of it */
  char                  *wanted_by;
  char                  *returned_to;
  char                  *asked_about;
  char                  *failed_for;
  GPtrArray             *waiters;      /* tasks of the user's wishes */
  guint                  n_attempts;
  guint                  retry_id;
  guint                  custody_id;   /* the time after which it is asked who holds it */
  guint                  holder_id;    /* the end of the program that holds it */
  guint                  is_kept : 1;
  guint                  is_busy : 1;
  guint                  is_checking : 1;
  guint                  was_released : 1;  /* by a guest; its drivers should take it up */
  guint                  is_conflict_noted : 1;
  guint                  is_held_up_noted : 1;
};

LodgeUsbPlug *_lodge_usb_plug_new            (LodgeUsbDevice        *device);
void          _lodge_usb_plug_place          (LodgeUsbPlug          *self,
                                              LodgeUsbPlugState      state,
                                              LodgeMachine          *machine,
                                              LodgeUsbRoute         *route);
void          _lodge_usb_plug_set_holding    (LodgeUsbPlug          *self,
                                              LodgeUsbRoute         *route,
                                              const LodgeUsbHolding *holding);
void          _lodge_usb_plug_set_error      (LodgeUsbPlug          *self,
                                              LodgeMachine          *machine,
                                              const GError          *error);
void          _lodge_usb_plug_set_contenders (LodgeUsbPlug          *self,
                                              GPtrArray             *contenders);
void          _lodge_usb_plug_set_safety     (LodgeUsbPlug          *self,
                                              const LodgeUsbSafety  *safety);
void          _lodge_usb_plug_set_custody    (LodgeUsbPlug          *self,
                                              const LodgeUsbCustody *custody);
void          _lodge_usb_plug_add_waiter     (LodgeUsbPlug          *self,
                                              GTask                 *task);
void          _lodge_usb_plug_answer         (LodgeUsbPlug          *self,
                                              const GError          *error);

G_END_DECLS
