/* test-picture.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-display-private.h"
#include "lodge-framebuffer-private.h"
#include "test-screen.h"

G_BEGIN_DECLS

/* A guest's surface in memory, a screen that shows it, and a display widget in a window without
 * borders at the top left of the (X) screen. All sizes are in device pixels.
 */
typedef struct
{
  TestScreen       *screen;
  LodgeFramebuffer *framebuffer;
  GtkWidget        *window;
  LodgeDisplay     *display;
  guint32          *pixels;
  int               width;
  int               height;
  int               scale;
} TestPicture;

/* For a pixel that may have any colour. */
#define TEST_PIXEL_ANY 0x01000000u

typedef guint32 (*TestPixelFunc) (TestPicture *self,
                                  int          x,
                                  int          y);

/* Every pixel different from its neighbours; the top byte is 0, as guests have it. */
guint32  test_picture_pattern    (int            x,
                                  int            y);
/* A guest of @width × @height with the pattern, no window yet. */
void     test_picture_init       (TestPicture   *self,
                                  int            width,
                                  int            height);
/* Shows it in a window of that size. */
void     test_picture_show       (TestPicture   *self,
                                  int            window_width,
                                  int            window_height);
/* The same with @child in the window, which has the display in it. */
void     test_picture_show_in    (TestPicture   *self,
                                  GtkWidget     *child,
                                  int            window_width,
                                  int            window_height);
/* Destroys the window, not the display. */
void     test_picture_hide       (TestPicture   *self);
/* Frees all, and checks that nobody else has a hold on it. */
void     test_picture_clear      (TestPicture   *self);
/* The same for g_test_add(): a guest of 600 × 400. */
void     test_picture_set_up     (TestPicture   *self,
                                  gconstpointer  data);
void     test_picture_tear_down  (TestPicture   *self,
                                  gconstpointer  data);
/* Draws as the guest: fills a rectangle and tells of it. */
void     test_picture_fill       (TestPicture   *self,
                                  int            x,
                                  int            y,
                                  int            width,
                                  int            height,
                                  guint32        colour);
/* What the X server shows of the window, 0xffRRGGBB in rows without gaps. */
guint32 *test_picture_read       (TestPicture   *self,
                                  int           *width,
                                  int           *height);
/* Waits until each pixel of the window is what @func says, and fails with the first that is not.
 * @tolerance: by which a channel may be off.
 */
void     test_picture_wait       (TestPicture   *self,
                                  TestPixelFunc  func,
                                  int            tolerance);
/* Waits until GTK has painted what a new window brings with it. */
void     test_picture_settle     (TestPicture   *self);
/* Whether GTK's GL renderer draws the window. */
gboolean test_picture_is_gl      (TestPicture   *self);

G_END_DECLS
