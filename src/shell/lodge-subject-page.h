/* lodge-subject-page.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "lodge-host-list.h"

G_BEGIN_DECLS

#define LODGE_TYPE_SUBJECT_PAGE (lodge_subject_page_get_type ())

/* The page of the chosen guest or host: a header, and the panels that have to do with it.
 *
 * Properties: subject (GObject, nullable), folded (boolean: alone in the window, so it leads back),
 * fullscreened (boolean: the header comes down at the edge).
 */
G_DECLARE_FINAL_TYPE (LodgeSubjectPage, lodge_subject_page, LODGE, SUBJECT_PAGE, GtkWidget)

GObject  *lodge_subject_page_get_subject     (LodgeSubjectPage *self);
void      lodge_subject_page_set_subject     (LodgeSubjectPage *self,
                                              GObject          *subject);
void      lodge_subject_page_set_hosts       (LodgeSubjectPage *self,
                                              LodgeHostList    *hosts);
gboolean  lodge_subject_page_get_fullscreened (LodgeSubjectPage *self);
void      lodge_subject_page_set_fullscreened (LodgeSubjectPage *self,
                                               gboolean          fullscreened);

G_END_DECLS
