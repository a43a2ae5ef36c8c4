/* lodge-amount-field.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LODGE_TYPE_AMOUNT_FIELD (lodge_amount_field_get_type ())

/* A title and a field for an amount with its unit; what is wrong with an entry is said below it.
 *
 * Properties: title (string), heading (boolean: the title is that of a section).
 *
 * Signal "entered" (string text): the user has written something and is done with it; the answer is
 * lodge_amount_field_accept() or lodge_amount_field_refuse().
 */
G_DECLARE_FINAL_TYPE (LodgeAmountField, lodge_amount_field, LODGE, AMOUNT_FIELD, GtkWidget)

void lodge_amount_field_set_text  (LodgeAmountField *self,
                                  const char       *text);
void lodge_amount_field_show_text (LodgeAmountField *self,
                                  const char       *text);
void lodge_amount_field_set_obstacle
                                 (LodgeAmountField *self,
                                  const char       *reason);
void lodge_amount_field_accept    (LodgeAmountField *self);
void lodge_amount_field_refuse    (LodgeAmountField *self,
                                  const char       *reason);

G_END_DECLS
