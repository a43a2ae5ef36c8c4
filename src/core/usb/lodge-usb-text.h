/* lodge-usb-text.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *lodge_usb_text_dup_shown   (const char *raw);
char *lodge_usb_text_dup_escaped (const char *raw);

G_END_DECLS
