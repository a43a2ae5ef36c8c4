/* screen.c: the mode of the screen, and the picture that is kept beside video memory.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * QEMU's VGA, QXL and virtio-vga all have the Bochs display interface: an index and a data port
 * (QEMU, docs/specs/standard-vga.rst). The linear framebuffer is the first memory range of the VGA
 * device.
 */

#include "demo.h"

#define CANVAS ((u32 *)0x800000)        /* 8 MiB up, far above the program */

enum { DISPI_WIDTH = 1, DISPI_HEIGHT, DISPI_DEPTH, DISPI_ENABLE, DISPI_BANK, DISPI_VIRTUAL_WIDTH,
       DISPI_VIRTUAL_HEIGHT, DISPI_X, DISPI_Y, DISPI_MEMORY };

u32 *canvas = CANVAS;
u32 W, H, depth, pages;

static u8 *video;
static u32 memory_pixels;

static void
dispi_set (u16 index,
           u16 value)
{
  out16 (0x1ce, index);
  out16 (0x1cf, value);
}

static u16
dispi_get (u16 index)
{
  out16 (0x1ce, index);
  return in16 (0x1cf);
}

/* @memory_kib: memory above the first megabyte. Returns 0 where there is no screen. */
int
screen_init (u32 memory_kib)
{
  memory_pixels = memory_kib > 7 * 1024 ? (memory_kib - 7 * 1024) * 256 : 0;

  for (u32 device = 0; device < 32 && !video; device++)
    {
      /* a VGA device, by its class code */
      u32 class = pci_read (device, 0, 8) >> 16;

      if (class != 0x0300)
        continue;
      for (u32 bar = 0x10; bar < 0x28 && !video; bar += 4)
        {
          u32 value = pci_read (device, 0, bar);

          if (value && !(value & 1))
            video = (u8 *)(value & ~15u);
        }
    }
  return video && (dispi_get (0) & 0xfff0) == 0xb0c0;
}

/* Returns 0 and changes nothing where there is not enough memory for it. */
int
screen_set_mode (u32 width,
                 u32 height,
                 u32 bits)
{
  u32 room = dispi_get (DISPI_MEMORY) * 65536u;
  u32 size = width * height * (bits / 8);

  if (width < 320 || width > 4096 || width % 8 || height < 200 || height > 2560
      || (bits != 16 && bits != 32) || width * height > memory_pixels || size > room)
    return 0;

  dispi_set (DISPI_ENABLE, 0);
  dispi_set (DISPI_WIDTH, width);
  dispi_set (DISPI_HEIGHT, height);
  dispi_set (DISPI_DEPTH, bits);
  dispi_set (DISPI_VIRTUAL_WIDTH, width);
  dispi_set (DISPI_X, 0);
  dispi_set (DISPI_Y, 0);
  dispi_set (DISPI_ENABLE, 0x41);       /* on, with a linear framebuffer */
  in8 (0x3da);
  out8 (0x3c0, 0x20);                   /* no more blanking */

  W = width;
  H = height;
  depth = bits;
  pages = room / size > 1 ? 2 : 1;
  return 1;
}

u32
screen_pixel (u32 colour)
{
  if (depth == 32)
    return colour;
  return (colour >> 8 & 0xf800) | (colour >> 5 & 0x07e0) | (colour >> 3 & 0x001f);
}

void *
screen_row (u32 page,
            u32 x,
            u32 y)
{
  return video + ((page * H + y) * W + x) * (depth / 8);
}

/* Shows one of two pictures that lie one below the other in video memory. */
void
screen_show (u32 page)
{
  dispi_set (DISPI_Y, page * H);
}

/* Brings that part of the canvas to the first page. */
void
screen_update (int x,
               int y,
               int width,
               int height)
{
  int right = MIN (x + width, (int)W), bottom = MIN (y + height, (int)H);

  x = MAX (x, 0);
  if (x >= right)
    return;
  for (y = MAX (y, 0); y < bottom; y++)
    {
      u32 *from = canvas + y * W + x;

      if (depth == 32)
        copy32 (screen_row (0, x, y), from, right - x);
      else
        {
          volatile u16 *to = screen_row (0, x, y);

          for (int i = 0; i < right - x; i++)
            to[i] = screen_pixel (from[i]);
        }
    }
}

/* A block on a page, past the canvas. */
void
screen_block (u32 page,
              int x,
              int y,
              int width,
              int height,
              u32 colour)
{
  int right = MIN (x + width, (int)W), bottom = MIN (y + height, (int)H);
  u32 pixel = screen_pixel (colour);

  x = MAX (x, 0);
  if (x >= right)
    return;
  for (y = MAX (y, 0); y < bottom; y++)
    if (depth == 32)
      fill32 (screen_row (page, x, y), pixel, right - x);
    else
      for (int i = x; i < right; i++)
        *(volatile u16 *)screen_row (page, i, y) = pixel;
}
