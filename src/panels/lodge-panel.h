/* lodge-panel.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "lodge-types.h"

G_BEGIN_DECLS

#define LODGE_TYPE_PANEL (lodge_panel_get_type ())

G_DECLARE_DERIVABLE_TYPE (LodgePanel, lodge_panel, LODGE, PANEL, AdwBin)

/**
 * LodgePanelClass:
 * @supports: whether the panel has anything to say about @subject
 * @subject_changed: the panel shows another subject, or none
 */
struct _LodgePanelClass
{
  AdwBinClass parent_class;

  gboolean (*supports)        (LodgePanel *self,
                               GObject    *subject);
  void     (*subject_changed) (LodgePanel *self,
                               GObject    *subject);
};

GObject    *lodge_panel_get_subject   (LodgePanel *self);
void        lodge_panel_set_subject   (LodgePanel *self,
                                       GObject    *subject);
const char *lodge_panel_get_title     (LodgePanel *self);
const char *lodge_panel_get_icon_name (LodgePanel *self);
gboolean    lodge_panel_supports      (LodgePanel *self,
                                       GObject    *subject);

G_END_DECLS
