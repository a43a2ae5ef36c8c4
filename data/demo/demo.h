/* demo.h: what the parts of the demo guest know of each other.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * There is no operating system and no C library below: the compiler, 32 bits, one processor.
 */

#pragma once

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;

#define COUNT(array) (sizeof (array) / sizeof *(array))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

static inline void
out8 (u16 port,
      u8  value)
{
  __asm__ volatile ("outb %0,%1" :: "a" (value), "Nd" (port));
}

static inline u8
in8 (u16 port)
{
  u8 value;
  __asm__ volatile ("inb %1,%0" : "=a" (value) : "Nd" (port));
  return value;
}

static inline void
out16 (u16 port,
       u16 value)
{
  __asm__ volatile ("outw %0,%1" :: "a" (value), "Nd" (port));
}

static inline u16
in16 (u16 port)
{
  u16 value;
  __asm__ volatile ("inw %1,%0" : "=a" (value) : "Nd" (port));
  return value;
}

static inline void
out32 (u16 port,
       u32 value)
{
  __asm__ volatile ("outl %0,%1" :: "a" (value), "Nd" (port));
}

static inline u32
in32 (u16 port)
{
  u32 value;
  __asm__ volatile ("inl %1,%0" : "=a" (value) : "Nd" (port));
  return value;
}

static inline void
copy32 (void       *to,
        const void *from,
        u32         words)
{
  __asm__ volatile ("rep movsl" : "+D" (to), "+S" (from), "+c" (words) :: "memory");
}

static inline void
fill32 (void *to,
        u32   value,
        u32   words)
{
  __asm__ volatile ("rep stosl" : "+D" (to), "+c" (words) : "a" (value) : "memory");
}

/* text.c: the few string functions that are needed */
void        put_text        (char       *to,
                             u32         size,
                             const char *text);
void        put_number      (char       *to,
                             u32         size,
                             int         number);
void        put_hex         (char       *to,
                             u32         size,
                             u32         number,
                             u32         digits);
u32         text_length     (const char *text);
const char *word_after      (const char *line,
                             const char *word);
u32         read_number     (const char **text);
u32         read_hex        (const char **text);

/* hardware.c: PCI, interrupts, clock, power */
extern volatile u32  clock_ticks;       /* sixtieths of a second, while the clock runs */
extern volatile u8   power_pressed;

u32         pci_read        (u32  device,
                             u32  function,
                             u32  offset);
void        pci_write       (u32  device,
                             u32  function,
                             u32  offset,
                             u32  value);
void        interrupt_allow (u32  line);
void        hardware_init   (void);
void        clock_run       (int  on);
void        power_off       (void);
void        power_reset     (void);
void        speaker_beep    (u32  hertz);

/* serial.c: COM1 is the console, COM2 and COM3 can be joined */
void        serial_init     (void);
void        serial_irq      (void);
int         serial_pump     (void);
int         serial_read     (void);
void        serial_write    (const char *text);
void        serial_drain    (void);
extern int  serial_joined;

/* input.c: keyboard and pointer */
typedef struct
{
  int x, y;                             /* where it is */
  u32 buttons;                          /* 1 left, 2 right, 4 middle, 8 back, 16 forward */
  int wheel;                            /* steps, down is positive */
  int absolute;                         /* it is told where it is, not how far it went */
} Pointer;

extern Pointer  pointer;
extern u8       keyboard_locks;         /* 1 scroll, 2 num, 4 caps */
extern u8       keyboard_modifiers;     /* 1 shift, 2 control, 4 alt */

void        input_init      (void);
void        input_irq       (void);
int         input_next_key  (u8  *scancode);
char        input_character (u8   scancode,
                             int  extended);
int         input_pointer   (void);
void        input_absolute  (int  absolute);

/* screen.c: the mode, and the picture that is kept beside video memory */
extern u32 *canvas;                     /* W × H pixels, 0xrrggbb */
extern u32  W, H, depth, pages;

int         screen_init     (u32  memory_kib);
int         screen_set_mode (u32  width,
                             u32  height,
                             u32  bits);
void        screen_update   (int  x,
                             int  y,
                             int  width,
                             int  height);
u32         screen_pixel    (u32  colour);
void       *screen_row      (u32  page,
                             u32  x,
                             u32  y);
void        screen_show     (u32  page);
void        screen_block    (u32  page,
                             int  x,
                             int  y,
                             int  width,
                             int  height,
                             u32  colour);

/* draw.c: smooth shapes on the canvas. Coordinates are sixteenths of a pixel. */
void        path_move       (int  x,
                             int  y);
void        path_line       (int  x,
                             int  y);
void        path_close      (void);
void        path_circle     (int  x,
                             int  y,
                             int  radius);
void        path_stroke     (int  x0,
                             int  y0,
                             int  x1,
                             int  y1,
                             int  radius);
void        path_rounded    (int  x,
                             int  y,
                             int  width,
                             int  height,
                             int  radius);
void        path_fill       (u32  top,
                             u32  bottom,
                             u32  opacity);
void        draw_glow       (int  x,
                             int  y,
                             int  radius,
                             u32  colour,
                             u32  opacity);
u32         mix             (u32  from,
                             u32  to,
                             u32  part);

/* font.c: letters made of strokes */
int         text_width      (const char *text,
                             int         height);
int         draw_text       (int         x,
                             int         y,
                             int         height,
                             int         weight,
                             u32         colour,
                             const char *text);

/* picture.c: the lodge at night (scene.c), and what stands on it */
void        picture_draw    (void);
void        picture_key     (void);
void        picture_type    (char character);
const char *picture_text    (void);
void        picture_locks   (void);
void        picture_pointer (int  show);
extern int  mark;               /* width of a mark in pixels */

/* virtio.c: the port to the display server's agent */
void        virtio_init     (void);
void        virtio_irq      (u32         which);
int         virtio_pending  (void);
void        virtio_work     (void);
int         virtio_send     (const void *data,
                             u32         length);

/* agent.c: what a guest's agent does */
void        agent_opened    (int         open);
void        agent_receive   (const u8   *data,
                             u32         length);
int         agent_size      (u32        *width,
                             u32        *height);
void        agent_copy      (void);
void        agent_paste     (void);

/* console.c: orders and answers */
extern int  report_events, obey_power;

void        say             (const char *text);
void        say_state       (const char *word);
void        console_byte    (u8          byte);
int         set_mode        (u32         width,
                             u32         height,
                             u32         bits);
void        beep            (u32         hertz);

/* demo.c */
void        pointer_moved   (void);

/* work.c: the modes for tests */
enum { WORK_STILL = 1, WORK_CARET, WORK_REGION, WORK_FULL, WORK_BLINK };

extern u32  work, frame, presses;
extern u8   last_scancode;

void        work_set        (u32  mode);
int         work_due        (void);
void        work_step       (void);
void        work_redraw     (void);
void        work_marks      (u32  page);
void        work_pattern    (u32  number);
