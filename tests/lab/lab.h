/* lab.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For test programs that run in the USB laboratory.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Long enough for a machine within a machine within a busy one. */
#define LAB_PATIENCE (120 * G_USEC_PER_SEC)

/* Runs the main loop until @condition, and fails after LAB_PATIENCE. */
#define lab_await(condition) \
  G_STMT_START { \
    gint64 lab_deadline_ = g_get_monotonic_time () + LAB_PATIENCE; \
    gint64 lab_asked_ = g_get_monotonic_time (); \
    while (!(condition)) \
      { \
        if (g_get_monotonic_time () > lab_deadline_) \
          lab_give_up (__FILE__, __LINE__, #condition); \
        lab_turn_for (g_get_monotonic_time () - lab_asked_); \
        lab_asked_ = g_get_monotonic_time (); \
      } \
  } G_STMT_END

/* First of all: reads the arguments of the test program. */
void    lab_init           (int        *argc,
                            char     ***argv);

void    lab_quiet          (void);
void    lab_give_up        (const char *file,
                            int         line,
                            const char *condition) G_GNUC_NORETURN;
void    lab_turn           (void);
void    lab_turn_for       (gint64      asked);

void    lab_plug           (const char *kind,
                            const char *name,
                            const char *serial);
void    lab_plug_into      (guint       port,
                            const char *kind,
                            const char *name,
                            const char *serial);
void    lab_unplug         (const char *name);

/* A camera that is unplugged when it is freed; @more: words of usbcamera.py's command line, or NULL. */
typedef struct _LabCamera LabCamera;

LabCamera *lab_camera_plug (const char *serial,
                            const char *more);
void       lab_camera_free (LabCamera  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LabCamera, lab_camera_free)

/* What a command says, here and in the guest "linux" that runs here. lab_run() must succeed. */
char   *lab_run            (const char *format,
                            ...) G_GNUC_PRINTF (1, 2);
char   *lab_linux_ask      (const char *command);
guint   lab_linux_count_frames (void);

gboolean lab_says          (const char *word,
                            const char *format,
                            ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
