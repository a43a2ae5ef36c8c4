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
 * LodgePanelPlace:
 * @LODGE_PANEL_PLACE_PAGE: the panel is the page: a screen, a console, what there is to a host
 * @LODGE_PANEL_PLACE_SHEET: the panel stands in the sheet beside the screen, which stays in sight
 *
 * Where the shell shows a panel.
 */
typedef enum
{
  LODGE_PANEL_PLACE_PAGE,
  LODGE_PANEL_PLACE_SHEET,
} LodgePanelPlace;

/**
 * LodgePanelClass:
 * @place: where the panel belongs
 * @supports: whether the panel has anything to say about @subject
 * @subject_changed: the panel shows another subject, or none
 */
struct _LodgePanelClass
{
  AdwBinClass parent_class;

  LodgePanelPlace place;

  gboolean (*supports)        (LodgePanel *self,
                               GObject    *subject);
  void     (*subject_changed) (LodgePanel *self,
                               GObject    *subject);
};

GObject    *lodge_panel_get_subject   (LodgePanel *self);
void        lodge_panel_set_subject   (LodgePanel *self,
                                       GObject    *subject);
LodgePanelPlace lodge_panel_get_place (LodgePanel *self);
const char *lodge_panel_get_title     (LodgePanel *self);
const char *lodge_panel_get_icon_name (LodgePanel *self);
gboolean    lodge_panel_supports      (LodgePanel *self,
                                       GObject    *subject);

/* What a panel adds to the header of the page that shows it. */
GtkWidget    *lodge_panel_get_tools   (LodgePanel   *self);
GMenuModel   *lodge_panel_get_menu    (LodgePanel   *self);
void          lodge_panel_set_menu    (LodgePanel   *self,
                                       GMenuModel   *menu);
GActionGroup *lodge_panel_get_actions (LodgePanel   *self);
void          lodge_panel_set_actions (LodgePanel   *self,
                                       GActionGroup *actions);

void          lodge_panel_report      (LodgePanel   *self,
                                       const GError *error);
void          lodge_panel_say         (LodgePanel   *self,
                                       const char   *text);

G_END_DECLS
