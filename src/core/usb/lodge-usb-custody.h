/* lodge-usb-custody.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-usb-device.h"

G_BEGIN_DECLS

/**
 * LodgeUsbCustody:
 * @is_back: this computer's drivers have the device, or no program does and it never had any
 * @driver: (nullable): the drivers that have it
 * @is_held: whether a program has claimed it
 * @program: (nullable): the name of a program that has it open, as far as may be seen, safe to show
 * @pid: of @program, or 0
 *
 * Who has a device, after it was to be given back.
 */
typedef struct
{
  gboolean  is_back;
  gboolean  is_held;
  char     *driver;
  char     *program;
  guint     pid;
} LodgeUsbCustody;

#define LODGE_TYPE_USB_CUSTODY (lodge_usb_custody_get_type ())

GType            lodge_usb_custody_get_type     (void) G_GNUC_CONST;
LodgeUsbCustody *lodge_usb_custody_copy         (const LodgeUsbCustody  *self);
void             lodge_usb_custody_free         (LodgeUsbCustody        *self);

void             lodge_usb_custody_check_async  (LodgeUsbDevice         *device,
                                                 GCancellable           *cancellable,
                                                 GAsyncReadyCallback     callback,
                                                 gpointer                user_data);
LodgeUsbCustody *lodge_usb_custody_check_finish (LodgeUsbDevice         *device,
                                                 GAsyncResult           *result,
                                                 GError                **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LodgeUsbCustody, lodge_usb_custody_free)

G_END_DECLS
