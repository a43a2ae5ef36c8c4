/* lodge-graphics-address.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-graphics-address.h"

void
lodge_graphics_address_free (LodgeGraphicsAddress *address)
{
  g_free (address->host);
  g_free (address);
}
