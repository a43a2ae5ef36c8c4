/* lodge-release-keys.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-display-types.h"

G_BEGIN_DECLS

#define LODGE_RELEASE_KEYS_DEFAULT "Control_L+Alt_L"

typedef struct _LodgeReleaseKeys LodgeReleaseKeys;

LodgeReleaseKeys *lodge_release_keys_new     (const char       *keys);
void              lodge_release_keys_free    (LodgeReleaseKeys *self);
gboolean          lodge_release_keys_press   (LodgeReleaseKeys *self,
                                              guint             keyval);
gboolean          lodge_release_keys_release (LodgeReleaseKeys *self,
                                              guint             keyval);
void              lodge_release_keys_spoil   (LodgeReleaseKeys *self);
void              lodge_release_keys_reset   (LodgeReleaseKeys *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LodgeReleaseKeys, lodge_release_keys_free)

G_END_DECLS
