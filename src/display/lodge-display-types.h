/* lodge-display-types.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LodgePixelFormat:
 * @LODGE_PIXEL_FORMAT_XRGB32: 32 bits, native-endian 0x??RRGGBB, the top byte is undefined
 * @LODGE_PIXEL_FORMAT_RGB555: 16 bits, 0x0RRRRRGGGGGBBBBB
 * @LODGE_PIXEL_FORMAT_RGB565: 16 bits
 */
typedef enum
{
  LODGE_PIXEL_FORMAT_XRGB32,
  LODGE_PIXEL_FORMAT_RGB555,
  LODGE_PIXEL_FORMAT_RGB565,
} LodgePixelFormat;

/**
 * LodgeScaling:
 * @LODGE_SCALING_FIT: as large as fits, aspect kept; exact integer factors are drawn crisp
 * @LODGE_SCALING_FIT_DOWN: shrunk if too large, never enlarged
 * @LODGE_SCALING_NATIVE: one guest pixel is one device pixel (times the zoom); the widget asks
 *   for that size and is put into a scrolled window
 */
typedef enum
{
  LODGE_SCALING_FIT,
  LODGE_SCALING_FIT_DOWN,
  LODGE_SCALING_NATIVE,
} LodgeScaling;

/**
 * LodgeMouseMode:
 * @LODGE_MOUSE_MODE_SERVER: the guest has a relative mouse; it needs a pointer lock
 * @LODGE_MOUSE_MODE_CLIENT: the guest has a tablet or the agent; positions are absolute
 */
typedef enum
{
  LODGE_MOUSE_MODE_SERVER,
  LODGE_MOUSE_MODE_CLIENT,
} LodgeMouseMode;

/**
 * LodgeMouseButton:
 *
 * Numbers as in SPICE's protocol (spice/enums.h, SpiceMouseButton); a mask has the bit 1 << (n - 1).
 */
typedef enum
{
  LODGE_MOUSE_BUTTON_LEFT   = 1,
  LODGE_MOUSE_BUTTON_MIDDLE = 2,
  LODGE_MOUSE_BUTTON_RIGHT  = 3,
  LODGE_MOUSE_BUTTON_UP     = 4,
  LODGE_MOUSE_BUTTON_DOWN   = 5,
  LODGE_MOUSE_BUTTON_SIDE   = 6,
  LODGE_MOUSE_BUTTON_EXTRA  = 7,
} LodgeMouseButton;

/**
 * LodgeLockKeys:
 *
 * Bits as in SPICE's protocol (SpiceKeyboardModifierFlags).
 */
typedef enum /*< flags >*/
{
  LODGE_LOCK_KEY_SCROLL = 1 << 0,
  LODGE_LOCK_KEY_NUM    = 1 << 1,
  LODGE_LOCK_KEY_CAPS   = 1 << 2,
} LodgeLockKeys;

/**
 * LodgeGrab:
 * @LODGE_GRAB_KEYBOARD: key events go to the guest, the system's shortcuts are inhibited
 * @LODGE_GRAB_POINTER: the pointer is locked to the display
 */
typedef enum /*< flags >*/
{
  LODGE_GRAB_NONE     = 0,
  LODGE_GRAB_KEYBOARD = 1 << 0,
  LODGE_GRAB_POINTER  = 1 << 1,
} LodgeGrab;

typedef struct _LodgeDisplay        LodgeDisplay;
typedef struct _LodgeDisplaySession LodgeDisplaySession;
typedef struct _LodgeFramebuffer    LodgeFramebuffer;
typedef struct _LodgeScanout        LodgeScanout;
typedef struct _LodgeScreen         LodgeScreen;

G_END_DECLS
