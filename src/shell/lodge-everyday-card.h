/* lodge-everyday-card.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "lodge-machine.h"

G_BEGIN_DECLS

#define LODGE_TYPE_EVERYDAY_CARD (lodge_everyday_card_get_type ())

/* The everyday guest on top of the sidebar. Property machine. Signal ::open when its page is
 * wanted.
 */
G_DECLARE_FINAL_TYPE (LodgeEverydayCard, lodge_everyday_card, LODGE, EVERYDAY_CARD, GtkWidget)

LodgeMachine *lodge_everyday_card_get_machine (LodgeEverydayCard *self);
void          lodge_everyday_card_set_machine (LodgeEverydayCard *self,
                                               LodgeMachine      *machine);

G_END_DECLS
