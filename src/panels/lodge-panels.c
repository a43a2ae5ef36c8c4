/* lodge-panels.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-console-panel.h"
#include "lodge-host-panel.h"
#include "lodge-panels.h"
#include "lodge-resources-panel.h"
#include "lodge-serial-panel.h"
#include "lodge-usb-panel.h"

/**
 * lodge_panels_create:
 *
 * Creates one of each panel, in the order the shell shows them. A new panel
 * adds its line here.
 *
 * Returns: (transfer full) (element-type LodgePanel): the panels
 */
GPtrArray *
lodge_panels_create (void)
{
  const GType types[] = {
    LODGE_TYPE_CONSOLE_PANEL,
    LODGE_TYPE_SERIAL_PANEL,
    LODGE_TYPE_HOST_PANEL,
    LODGE_TYPE_RESOURCES_PANEL,
    LODGE_TYPE_USB_PANEL,
  };
  GPtrArray *panels = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    g_ptr_array_add (panels, g_object_ref_sink (g_object_new (types[i], NULL)));

  return panels;
}
