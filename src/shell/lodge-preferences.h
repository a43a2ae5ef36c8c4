/* lodge-preferences.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "lodge-host-list.h"

G_BEGIN_DECLS

#define LODGE_TYPE_PREFERENCES (lodge_preferences_get_type ())

G_DECLARE_FINAL_TYPE (LodgePreferences, lodge_preferences, LODGE, PREFERENCES, AdwPreferencesWindow)

GtkWidget *lodge_preferences_new (LodgeHostList *hosts);

G_END_DECLS
