/* spice-server-display.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <stdlib.h>
#include <string.h>

#include "spice-server.h"

/* A QXL device without the hardware: surfaces, drawing commands, heads, a cursor. */

#define MAX_DISPLAYS 4
#define MAX_HEADS 8

typedef struct
{
  QXLCommandExt command; /* first: it is handed out by address */
  QXLDrawable   drawable;
  QXLImage      image;
  guint8       *pixels;
} Drawing;

typedef struct
{
  QXLCommandExt  command;
  QXLCursorCmd   cursor;
  guint8        *shape;
} CursorChange;

typedef struct
{
  QXLInstance        qxl; /* first */
  GAsyncQueue       *drawings;
  GAsyncQueue       *cursors;
  guint8            *memory;
  QXLMonitorsConfig *heads;
  int                width;
  int                height;
  guint              format;
  guint              flood;
} Display;

static Display displays[MAX_DISPLAYS];
static guint n_displays;

static void
attached_worker (QXLInstance *qxl)
{
}

static void
set_compression_level (QXLInstance *qxl,
                       int          level)
{
}

static void
get_init_info (QXLInstance    *qxl,
               QXLDevInitInfo *info)
{
  memset (info, 0, sizeof *info);
  info->num_memslots = 1;
  info->num_memslots_groups = 1;
  info->memslot_id_bits = 1;
  info->memslot_gen_bits = 1;
  info->n_surfaces = 4;
}

static int
take_command (GAsyncQueue   *queue,
              QXLCommandExt *command)
{
  QXLCommandExt *next = g_async_queue_try_pop (queue);

  if (next == NULL)
    return FALSE;

  *command = *next;

  return TRUE;
}

static int
get_command (QXLInstance   *qxl,
             QXLCommandExt *command)
{
  return take_command (((Display *)qxl)->drawings, command);
}

static int
get_cursor_command (QXLInstance   *qxl,
                    QXLCommandExt *command)
{
  return take_command (((Display *)qxl)->cursors, command);
}

static int
req_notification (QXLInstance *qxl)
{
  return TRUE;
}

static void
release_resource (QXLInstance       *qxl,
                  QXLReleaseInfoExt  info)
{
  QXLCommandExt *command = (QXLCommandExt *)(uintptr_t)info.info->id;

  if (command->cmd.type == QXL_CMD_DRAW)
    g_free (((Drawing *)command)->pixels);
  else
    g_free (((CursorChange *)command)->shape);

  g_free (command);
}

static void
notify_update (QXLInstance *qxl,
               uint32_t     id)
{
}

static int
flush_resources (QXLInstance *qxl)
{
  return 0;
}

static void
async_complete (QXLInstance *qxl,
                uint64_t     cookie)
{
}

static void
update_area_complete (QXLInstance    *qxl,
                      uint32_t        surface,
                      struct QXLRect *rectangles,
                      uint32_t        n_rectangles)
{
}

/* With a driver that takes it the agent's message goes here: leave it to the agent. */
static int
client_monitors_config (QXLInstance           *qxl,
                        VDAgentMonitorsConfig *config)
{
  return FALSE;
}

static void
set_client_capabilities (QXLInstance *qxl,
                         uint8_t      client_present,
                         uint8_t      capabilities[SPICE_CAPABILITIES_SIZE])
{
}

static QXLInterface qxl_interface = {
  .base = {
    .type = SPICE_INTERFACE_QXL,
    .description = "test",
    .major_version = SPICE_INTERFACE_QXL_MAJOR,
    .minor_version = SPICE_INTERFACE_QXL_MINOR,
  },
  .attached_worker = attached_worker,
  .set_compression_level = set_compression_level,
  .get_init_info = get_init_info,
  .get_command = get_command,
  .req_cmd_notification = req_notification,
  .release_resource = release_resource,
  .get_cursor_command = get_cursor_command,
  .req_cursor_notification = req_notification,
  .notify_update = notify_update,
  .flush_resources = flush_resources,
  .async_complete = async_complete,
  .update_area_complete = update_area_complete,
  .client_monitors_config = client_monitors_config,
  .set_client_capabilities = set_client_capabilities,
};

void
display_add (SpiceServer *server,
             guint        n)
{
  QXLDevMemSlot slot = { .virt_end = ~(uintptr_t)0 };

  for (n_displays = 0; n_displays < MIN (n, MAX_DISPLAYS); n_displays++)
    {
      Display *display = &displays[n_displays];

      display->qxl.base.sif = &qxl_interface.base;
      display->qxl.id = (int)n_displays;
      display->drawings = g_async_queue_new ();
      display->cursors = g_async_queue_new ();
      spice_server_add_interface (server, &display->qxl.base);
      spice_qxl_set_device_info (&display->qxl, "pci/0000/02.0", n_displays, n == 1 ? MAX_HEADS : 1);
      spice_qxl_add_memslot (&display->qxl, &slot);
    }
}

static void
destroy_surface (Display *display)
{
  if (display->memory == NULL)
    return;

  g_clear_handle_id (&display->flood, g_source_remove);
  spice_qxl_destroy_primary_surface (&display->qxl, 0);
  g_clear_pointer (&display->memory, free);
}

static void
create_surface (Display    *display,
                int         width,
                int         height,
                const char *kind)
{
  QXLDevSurfaceCreate create = { 0 };

  destroy_surface (display);

  display->format = g_str_equal (kind, "555") ? SPICE_SURFACE_FMT_16_555
                  : g_str_equal (kind, "565") ? SPICE_SURFACE_FMT_16_565
                                              : SPICE_SURFACE_FMT_32_xRGB;
  display->width = width;
  display->height = height;
  /* Never g_malloc: a large surface must cost nothing until it is drawn on. */
  display->memory = calloc ((gsize)MAX (width, 1) * 4, (gsize)MAX (height, 1));

  create.format = display->format;
  create.width = (uint32_t)width;
  create.height = (uint32_t)height;
  create.stride = display->format == SPICE_SURFACE_FMT_32_xRGB ? width * 4 : (width * 2 + 3) & ~3;
  create.mouse_mode = TRUE;
  create.mem = (uintptr_t)display->memory;
  create.type = QXL_SURF_TYPE_PRIMARY;
  spice_qxl_create_primary_surface (&display->qxl, 0, &create);
}

/* 16 bit surfaces of 555 are drawn on with bitmaps of their own kind, so that a test can tell every
 * bit; those of 565 have none, and the library converts.
 */
static void
fill_pixels (Drawing *drawing,
             guint    format,
             guint    pattern,
             int      x,
             int      y,
             int      width,
             int      height)
{
  gboolean short_pixels = format == SPICE_SURFACE_FMT_16_555;
  guint32 *pixels;

  drawing->image.bitmap.format = short_pixels ? SPICE_BITMAP_FMT_16BIT : SPICE_BITMAP_FMT_32BIT;
  drawing->image.bitmap.stride = (uint32_t)(short_pixels ? (width * 2 + 3) & ~3 : width * 4);
  drawing->pixels = g_malloc0 ((gsize)drawing->image.bitmap.stride * (gsize)height);
  pixels = (guint32 *)(gpointer)drawing->pixels;

  for (int row = 0; row < height; row++)
    for (int column = 0; column < width; column++)
      {
        guint32 pixel = pattern_pixel (pattern, (guint)(x + column), (guint)(y + row));

        if (short_pixels)
          ((guint16 *)(gpointer)(drawing->pixels + (gsize)row * drawing->image.bitmap.stride))[column] =
            (guint16)((pixel >> 9 & 0x7c00) | (pixel >> 6 & 0x3e0) | (pixel >> 3 & 0x1f));
        else
          pixels[(gsize)row * (gsize)width + (gsize)column] = pixel;
      }
}

static void
draw (Display *display,
      guint    pattern,
      int      x,
      int      y,
      int      width,
      int      height)
{
  static guint unique;
  Drawing *drawing = g_new0 (Drawing, 1);
  QXLDrawable *drawable = &drawing->drawable;
  QXLImage *image = &drawing->image;

  fill_pixels (drawing, display->format, pattern, x, y, width, height);

  QXL_SET_IMAGE_ID (image, QXL_IMAGE_GROUP_DEVICE, ++unique);
  image->descriptor.type = SPICE_IMAGE_TYPE_BITMAP;
  image->descriptor.width = image->bitmap.x = (uint32_t)width;
  image->descriptor.height = image->bitmap.y = (uint32_t)height;
  image->bitmap.flags = QXL_BITMAP_DIRECT | QXL_BITMAP_TOP_DOWN;
  image->bitmap.data = (uintptr_t)drawing->pixels;

  drawable->release_info.id = (uintptr_t)drawing;
  drawable->bbox = (QXLRect) { .top = y, .left = x, .bottom = y + height, .right = x + width };
  drawable->clip.type = SPICE_CLIP_TYPE_NONE;
  drawable->effect = QXL_EFFECT_OPAQUE;
  drawable->type = QXL_DRAW_COPY;
  for (int i = 0; i < 3; i++)
    drawable->surfaces_dest[i] = -1;
  drawable->u.copy.rop_descriptor = SPICE_ROPD_OP_PUT;
  drawable->u.copy.src_bitmap = (uintptr_t)image;
  drawable->u.copy.src_area.right = width;
  drawable->u.copy.src_area.bottom = height;

  drawing->command.cmd.type = QXL_CMD_DRAW;
  drawing->command.cmd.data = (uintptr_t)drawable;
  g_async_queue_push (display->drawings, &drawing->command);
  spice_qxl_wakeup (&display->qxl);
}

static gboolean
flood_cb (gpointer data)
{
  Display *display = data;
  static guint pattern;

  if (g_async_queue_length (display->drawings) < 4)
    draw (display, ++pattern, 0, 0, display->width, display->height);

  return G_SOURCE_CONTINUE;
}

/* heads ID,WxH+X+Y … */
static void
set_heads (Display  *display,
           char    **words)
{
  guint n_heads = MIN (g_strv_length (words), MAX_HEADS);

  g_free (display->heads);
  display->heads = g_malloc0 (sizeof (QXLMonitorsConfig) + n_heads * sizeof (QXLHead));
  display->heads->count = (uint16_t)n_heads;
  display->heads->max_allowed = MAX_HEADS;

  for (guint i = 0; i < n_heads; i++)
    {
      QXLHead *head = &display->heads->heads[i];
      guint id, width, height, x, y;

      if (sscanf (words[i], "%u,%ux%u+%u+%u", &id, &width, &height, &x, &y) != 5)
        g_error ("A head: %s", words[i]);

      head->id = id;
      head->width = width;
      head->height = height;
      head->x = x;
      head->y = y;
    }

  spice_qxl_monitors_config_async (&display->qxl, (uintptr_t)display->heads, 0, 0);
}

static void
push_cursor (Display      *display,
             CursorChange *change)
{
  change->cursor.release_info.id = (uintptr_t)change;
  change->command.cmd.type = QXL_CMD_CURSOR;
  change->command.cmd.data = (uintptr_t)&change->cursor;
  g_async_queue_push (display->cursors, &change->command);
  spice_qxl_wakeup (&display->qxl);
}

/* An alpha cursor; its pixels are those of the pattern, opaque. */
static void
set_cursor (Display *display,
            guint    pattern,
            int      width,
            int      height,
            int      hot_x,
            int      hot_y)
{
  static guint64 unique;
  CursorChange *change = g_new0 (CursorChange, 1);
  gsize size = (gsize)width * (gsize)height * 4;
  QXLCursor *cursor;
  guint32 *pixels;

  change->shape = g_malloc0 (sizeof (QXLCursor) + size);
  cursor = (QXLCursor *)(gpointer)change->shape;
  cursor->header.unique = ++unique;
  cursor->header.type = SPICE_CURSOR_TYPE_ALPHA;
  cursor->header.width = (uint16_t)width;
  cursor->header.height = (uint16_t)height;
  cursor->header.hot_spot_x = (uint16_t)hot_x;
  cursor->header.hot_spot_y = (uint16_t)hot_y;
  cursor->data_size = (uint32_t)size;
  cursor->chunk.data_size = (uint32_t)size;
  pixels = g_malloc (MAX (size, 1));
  for (int i = 0; i < width * height; i++)
    pixels[i] = 0xff000000 | pattern_pixel (pattern, (guint)(i % width), (guint)(i / width));
  memcpy (cursor->chunk.data, pixels, size);
  g_free (pixels);

  change->cursor.type = QXL_CURSOR_SET;
  change->cursor.u.set.visible = TRUE;
  change->cursor.u.set.shape = (uintptr_t)cursor;
  push_cursor (display, change);
}

static gboolean
cursor_command (Display  *display,
                char    **words)
{
  CursorChange *change;

  if (g_str_equal (words[0], "cursor"))
    {
      set_cursor (display, (guint)atoi (words[2]), atoi (words[3]), atoi (words[4]),
                  atoi (words[5]), atoi (words[6]));
      return TRUE;
    }

  if (!g_str_equal (words[0], "cursor-hide") && !g_str_equal (words[0], "cursor-move"))
    return FALSE;

  change = g_new0 (CursorChange, 1);
  change->cursor.type = QXL_CURSOR_HIDE;

  if (g_str_equal (words[0], "cursor-move"))
    {
      change->cursor.type = QXL_CURSOR_MOVE;
      change->cursor.u.position.x = (int16_t)atoi (words[2]);
      change->cursor.u.position.y = (int16_t)atoi (words[3]);
    }

  push_cursor (display, change);

  return TRUE;
}

/* The second word is always the display. */
gboolean
display_command (SpiceServer  *server,
                 char        **words,
                 char        **problem)
{
  guint n_words = g_strv_length (words);
  Display *display = &displays[n_words > 1 ? CLAMP (atoi (words[1]), 0, MAX_DISPLAYS - 1) : 0];

  if (g_str_equal (words[0], "surface") && n_words == 5)
    create_surface (display, atoi (words[2]), atoi (words[3]), words[4]);
  else if (g_str_equal (words[0], "no-surface"))
    destroy_surface (display);
  else if (g_str_equal (words[0], "draw") && n_words == 7)
    draw (display, (guint)atoi (words[2]), atoi (words[3]), atoi (words[4]), atoi (words[5]),
          atoi (words[6]));
  else if (g_str_equal (words[0], "flood"))
    display->flood = g_timeout_add (2, flood_cb, display);
  else if (g_str_equal (words[0], "heads") && n_words > 2)
    set_heads (display, words + 2);
  else if (g_str_equal (words[0], "cursor-reset"))
    spice_qxl_reset_cursor (&display->qxl);
  else
    return cursor_command (display, words);

  return TRUE;
}
