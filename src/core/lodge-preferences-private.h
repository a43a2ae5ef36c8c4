/* lodge-preferences-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libxml/tree.h>

#include "lodge-types.h"

G_BEGIN_DECLS

/* The namespace of all that Lodge keeps in a domain's metadata. */
#define LODGE_XMLNS        "https://lodgevm.org/xmlns/domain/1"
#define LODGE_XMLNS_PREFIX "lodge"

/* What Lodge keeps in a guest's metadata. */
typedef struct
{
  gboolean       everyday;
  gint64         everyday_since;   /* seconds since 1970, or 0 */
  gboolean       automatic_memory;
  guint64        memory_floor;     /* KiB; 0 if nobody has set it */
  guint64        memory_ceiling;   /* KiB; 0 if nobody has set it */
  LodgePriority  priority;
  char          *loan_borrower;    /* whose start it is for, by id; NULL if it gives none */
  guint64        loan_from;        /* KiB that it had before */
  guint64        loan_amount;      /* KiB that it gave */
  char          *usb_rules;        /* the <usb> element without a namespace, or NULL */
  char          *notice;           /* what is there and makes no sense, a line each, or NULL */
} LodgePreferences;

typedef enum
{
  LODGE_PREFERENCE_EVERYDAY  = 1 << 0,
  LODGE_PREFERENCE_MEMORY    = 1 << 1,   /* automatic_memory, memory_floor, memory_ceiling */
  LODGE_PREFERENCE_PRIORITY  = 1 << 2,
  LODGE_PREFERENCE_USB_RULES = 1 << 3,
  LODGE_PREFERENCE_LOAN      = 1 << 4,   /* loan_…: of a running guest alone, as it ends with that */
} LodgePreferenceFlags;

void              lodge_preferences_init  (LodgePreferences        *self);
void              lodge_preferences_read  (LodgePreferences        *self,
                                           xmlNode                 *metadata);
void              lodge_preferences_clear (LodgePreferences        *self);
LodgePreferences *lodge_preferences_copy  (const LodgePreferences  *self);
void              lodge_preferences_free  (LodgePreferences        *self);
char             *lodge_preferences_edit  (const LodgePreferences  *self,
                                           LodgePreferenceFlags     what,
                                           const char              *old,
                                           GError                 **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LodgePreferences, lodge_preferences_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LodgePreferences, lodge_preferences_free)

G_END_DECLS
