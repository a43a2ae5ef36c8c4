/* lodge-console-legs.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-console.h"

G_BEGIN_DECLS

/**
 * LodgeConsoleLeg:
 * @title: what it is
 * @text: that it works, or why not and what would help
 * @works: whether it works
 *
 * One of the things that a guest's screen can do beside showing a picture.
 */
typedef struct
{
  const char *title;
  char       *text;
  gboolean    works;
} LodgeConsoleLeg;

GPtrArray *lodge_console_list_legs (LodgeConsole *console);

G_END_DECLS
