/* lodge-settings.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GSettings *lodge_settings_get     (void);
gboolean   lodge_settings_forgets (void);

G_END_DECLS
